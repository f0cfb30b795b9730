"""Labelled utterances as examples: which amount or name each label is of."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.fit_tagger import example
from corpus.tagging_training import Example
from scoring.load import load_rules

RULES = load_rules()


def made(text: str, *figures: dict[str, str], asked: str = "", known: bool = False) -> Example:
    item: dict[str, Any] = {"text": text, "asked": asked, "figures": list(figures)}
    return example(item, RULES, known_to_rules=known)


def told(one: Example) -> list[tuple[str, str, str, tuple[bool, ...] | None]]:
    mentions = zip(one.bare.mentions, one.mentions, strict=True)
    return [
        (one.bare.text[m.start : m.end], right.of, right.standing, right.flags) for m, right in mentions if right.of
    ]


def test_a_label_is_of_the_amount_that_says_it_in_another_unit() -> None:
    one = made(
        "去年下网3.2亿度，八成是绿电交易，柴油140吨，单价0.6元",
        {"fact": "grid_power_in_mwh", "value": "320000"},
        {"fact": "traded_green_mwh", "value": "0.8", "as": "share"},
        {"fact": "fuel_burned/diesel", "value": "140", "as": "candidate"},
    )
    assert told(one) == [
        ("3.2亿度", "grid_power_in_mwh", "clear", (False,)),
        ("八成", "traded_green_mwh", "", (False,)),
        ("140吨", "fuel_burned/diesel", "open", (False,)),
    ]


def test_of_like_amounts_the_label_is_of_the_one_that_the_rules_see_it_in() -> None:
    one = made("汽油20吨，柴油20吨", {"fact": "fuel_burned/diesel", "value": "20"})
    (right,) = [(m.start, r.of) for m, r in zip(one.bare.mentions, one.mentions, strict=True) if r.of]
    assert right == (8, "fuel_burned/diesel")


def test_a_range_a_part_and_a_bare_reply_find_their_amount() -> None:
    (right,) = told(
        made("一季度下网3到4亿度", {"fact": "grid_power_in_mwh", "low": "300000", "high": "400000", "part": "一季度"})
    )
    assert right[1:] == ("grid_power_in_mwh", "clear", (True,))
    (bare,) = told(
        made("640万", {"fact": "fuel_burned/natural_gas", "value": "6400000"}, asked="fuel_burned/natural_gas")
    )
    assert bare[1] == "fuel_burned/natural_gas"


def test_a_zero_is_of_its_name_and_a_reply_of_what_was_asked() -> None:
    every = {"fact": "fuel_burned/anthracite", "value": "0", "as": "every"}
    assert told(made("煤早就不烧了", every)) == [("煤", "fuel_burned/anthracite", "every", None)]
    assert made("没有", {"fact": "offsets_tco2", "value": "0"}, asked="offsets_tco2").reply == "zero"
    clear = made("有四至图", {"fact": "boundary_clear", "value": "true"}, asked="boundary_clear")
    assert (clear.reply, clear.stated) == ("yes", (("boundary_clear", True),))


@pytest.mark.parametrize("known", [True, False])
def test_what_the_rules_heard_is_shown_only_where_they_were_not_written_after_it(*, known: bool) -> None:
    one = made("下网3亿度", {"fact": "grid_power_in_mwh", "value": "300000"}, known=known)
    assert (one.told is None) is known
    assert one.bare.mentions[0].classes == ()
