"""What is said not to be known, by name."""

from __future__ import annotations

import pytest
from interviewing import RULES, Talk

from assistant.unknowns import unknowns_in


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("煤的量不知道", ["煤"]),
        ("天然气嘛，还没统计上来", ["天然气"]),
        ("柴油、汽油都没统计", ["柴油", "汽油"]),
        ("下网3.2亿度，天然气不清楚", ["天然气"]),
        ("下网3.2亿度，不知道对不对", []),
        ("天然气800万方", []),
    ],
)
def test_what_is_not_known_is_found_by_name(message: str, names: list[str]) -> None:
    assert [raw for raw, _ in unknowns_in(message, RULES)] == names


def test_nothing_else_never_makes_zero_of_what_is_not_known() -> None:
    talk = Talk().eligible()
    talk.say("柴油不清楚", "其他燃料没有", "下网3亿度")
    assert "fuel_complete" not in talk.scored()
    assert "fuel_burned/diesel" in talk.interview.not_known()


def test_what_turns_out_not_to_be_known_takes_the_declaration_back() -> None:
    talk = Talk().eligible()
    talk.say("其他燃料没有", "下网3亿度")
    assert talk.scored()["fuel_complete"] is True
    talk.say("柴油还没统计", "绿证2万张")
    assert "fuel_complete" not in talk.scored()
