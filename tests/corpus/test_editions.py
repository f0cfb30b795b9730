"""Two editions are compared clause by clause through renumbering, and a document is in force or it is not."""

from __future__ import annotations

import time

import pytest
from editions_text import NEW, OLD, edition
from fakes import document
from hypothesis import given
from hypothesis import strategies as st

from corpus.editions import compare, in_force, standing
from corpus.limits import moves
from corpus.model import Document, Passage

EXPECTED = [
    (("unchanged",), ["第一条"], ["第一条"]),
    (("reworded",), ["第二条"], ["第二条"]),
    (("added",), [], ["第三条"]),
    (("renumbered",), ["第三条"], ["第四条"]),
    (("tightened", "renumbered"), ["第四条"], ["第五条"]),
    (("tightened", "renumbered"), ["第五条"], ["第六条"]),
    (("loosened", "renumbered"), ["第六条"], ["第七条"]),
    (("split",), ["第七条"], ["第八条", "第九条"]),
    (("deleted",), ["第八条"], []),
    (("merged", "reworded"), ["第九条", "第十条"], ["第十条"]),
    (("reworded",), ["第十一条"], ["第十一条"]),
]


def test_two_editions_side_by_side() -> None:
    made = compare(edition(OLD), edition(NEW))
    assert [(c.kinds, [q.place for q in c.old], [q.place for q in c.new]) for c in made.changes] == EXPECTED
    assert made.counts["tightened"] == 2
    assert made.counts["deleted"] == made.counts["split"] == made.counts["merged"] == 1


def test_the_figures_that_moved_are_marked() -> None:
    made = compare(edition(OLD), edition(NEW))
    found = [(m.old.text, m.new.text, m.direction) for c in made.changes for m in c.moves if m.old and m.new]
    assert found == [
        ("不高于0.9吨二氧化碳/吨标准煤", "不高于0.8吨二氧化碳/吨标准煤", "tightened"),
        ("原则上不低于60%", "不低于65%", "tightened"),
        ("不低于85%", "不低于80%", "loosened"),
        ("2024年1月1日", "2026年1月1日", "changed"),
    ]


def test_an_edition_is_unchanged_against_itself_and_turns_round() -> None:
    same = compare(edition(OLD), edition(OLD))
    assert {c.kinds for c in same.changes} == {("unchanged",)}
    back = compare(edition(NEW), edition(OLD)).counts
    assert (back["loosened"], back["tightened"], back["added"], back["deleted"]) == (2, 1, 1, 1)
    assert (back["split"], back["merged"]) == (1, 1)


def test_a_clause_under_another_heading_has_moved() -> None:
    old = edition("一、能源\n（一）余热。回收余热用于供暖。\n二、产业\n（二）准入。严格项目准入。")
    new = edition(
        "一、能源\n（一）绿电。优先直供绿电给企业。\n二、产业\n（二）准入。严格项目准入。\n（三）余热。回收余热用于供暖。"
    )
    kinds = {c.new[0].place: c.kinds for c in compare(old, new).changes if c.new and c.old}
    assert kinds["二（三）"] == ("moved",)
    assert kinds["二（二）"] == ("unchanged",)


def test_three_clauses_alike_but_for_the_role_are_not_mixed_up() -> None:
    old = edition("（一）工程师的补助每天100元。\n（二）高级工程师的补助每天150元。\n（三）总工程师的补助每天200元。")
    new = edition("（一）总工程师的补助每天200元。\n（二）工程师的补助每天120元。\n（三）高级工程师的补助每天150元。")
    pairs = {
        c.old[0].text[3:8]: (c.new[0].text[3:8], [m.new.text for m in c.moves if m.new])
        for c in compare(old, new).changes
    }
    assert pairs == {
        "工程师的补": ("工程师的补", ["120元"]),
        "高级工程师": ("高级工程师", []),
        "总工程师的": ("总工程师的", []),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("占比不低于80%", "占比不低于90%", [("不低于80%", "不低于90%", "tightened")]),
        ("占比不低于90%", "占比不低于80%", [("不低于90%", "不低于80%", "loosened")]),
        ("强度不高于0.3吨/吨标准煤", "强度≤0.2吨/吨标准煤", [("不高于0.3吨/吨标准煤", "≤0.2吨/吨标准煤", "tightened")]),
        ("强度≤0.2吨/吨标准煤", "强度不高于0.2吨/吨标准煤", []),
        ("占比不低于百分之八十", "占比≥80%", []),
        ("占比不低于80%", "占比高于80%", [("不低于80%", "高于80%", "tightened")]),
        ("比例原则上不低于50%", "比例不低于50%", [("原则上不低于50%", "不低于50%", "tightened")]),
        ("比例不低于50%", "比例原则上不低于50%", [("不低于50%", "原则上不低于50%", "loosened")]),
        ("占比不低于80%", "占比不高于80%", [("不低于80%", "不高于80%", "changed")]),
        ("占比80%", "占比85%", [("80%", "85%", "changed")]),
        ("2027年底前建成", "2026年底前建成", [("2027年底前", "2026年底前", "tightened")]),
        ("用能不低于20万吨标准煤", "用能不低于200000吨标准煤", []),
        ("园区应公开信息", "园区应公开信息，占比不低于80%", [("", "不低于80%", "tightened")]),
        ("园区应公开信息，占比不低于80%", "园区应公开信息", [("不低于80%", "", "loosened")]),
        (
            "甲类不高于0.2吨，乙类不高于0.3吨",
            "甲类不高于0.3吨，乙类不高于0.2吨",
            [("不高于0.2吨", "不高于0.3吨", "loosened"), ("不高于0.3吨", "不高于0.2吨", "tightened")],
        ),
        (
            "清洁能源占比不低于80%，用水重复率不低于75%",
            "用水重复率不低于80%，清洁能源占比不低于85%",
            [("不低于75%", "不低于80%", "tightened"), ("不低于80%", "不低于85%", "tightened")],
        ),
    ],
)
def test_the_figures_of_two_wordings(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(m.old.text if m.old else "", m.new.text if m.new else "", m.direction) for m in moves(old, new)]
    assert found == expected


def test_a_figure_that_says_to_whom_a_rule_applies_is_not_stricter_or_looser() -> None:
    (move,) = moves("年用能20万吨标准煤以上的园区，应核查。", "年用能10万吨标准煤以上的园区，应核查。")
    assert (move.direction, move.scope) == ("changed", True)


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from([("不低于", 1), ("不高于", -1)]))
def test_a_bound_that_rises_is_stricter_as_a_floor_and_looser_as_a_ceiling(
    a: int, b: int, side: tuple[str, int]
) -> None:
    word, sign = side
    found = [m.direction for m in moves(f"占比应{word}{a}%。", f"占比应{word}{b}%。")]
    assert found == ([] if a == b else ["tightened" if (b - a) * sign > 0 else "loosened"])


def test_a_standard_of_a_thousand_clauses_is_compared_in_seconds() -> None:
    texts = [
        f"设备{n}的第{n * 7 % 101}项检查应在{n * 13 % 97}小时内完成，并由{n * 17 % 89}号人员签字确认。"
        for n in range(1000)
    ]

    def made(numbers: list[int], shift: int) -> list[Passage]:
        return [
            Passage(f"d#c{i}", "d", f"第{i + shift}条 {texts[n]}", f"第{i + shift}条", "原文")
            for i, n in enumerate(numbers)
        ]

    started = time.process_time()
    found = compare(made(list(range(1000)), 1), made([n for n in range(1000) if n % 100], 1)).counts
    assert time.process_time() - started < 10
    assert (found["deleted"], found["added"]) == (10, 0)


# In force ------------------------------------------------------------------------------------------------------------


def shelf() -> list[Document]:
    return [
        document("old-measure", [], in_force="2020-01-01"),
        document("new-measure", [], in_force="2025-07-01", supersedes=("old-measure",)),
        document("next-draft", [], status="征求意见", issued="2026-01-01", supersedes=("new-measure",)),
        document("gone-standard", [], status="废止", in_force="2008-06-01"),
        document("undated", []),
        document("unsure", [], status="未查明", issued="2024-01-01"),
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("", {"new-measure", "undated", "unsure"}),
        ("2019-12-31", {"undated"}),
        ("2020-01-01", {"old-measure", "undated"}),
        ("2025-06-30", {"old-measure", "undated", "unsure"}),
        ("2025-07-01", {"new-measure", "undated", "unsure"}),
        ("2026-06-01", {"new-measure", "undated", "unsure"}),
    ],
)
def test_what_is_in_force_on_a_day(on: str, expected: set[str]) -> None:
    assert {d.id for d in in_force(shelf(), on)} == expected


def test_why_a_document_is_not_in_force() -> None:
    at_hand = {d.id: d for d in shelf()}

    def why(identity: str, on: str = "") -> tuple[str, str]:
        found = standing(at_hand[identity], at_hand.values(), on)
        return found.why, found.by

    assert why("old-measure") == ("superseded", "new-measure")
    assert why("old-measure", "2024-01-01") == ("in_force", "")
    assert why("new-measure", "2024-01-01") == ("not_yet", "")
    assert why("next-draft") == ("draft", "")
    assert why("gone-standard") == ("repealed", "")
    assert why("unsure") == ("unknown", "")


def test_without_a_day_what_was_to_come_later_when_it_was_checked_is_not_in_force() -> None:
    old = document("old", [], in_force="2020-01-01")
    new = document("new", [], in_force="2027-01-01", supersedes=("old",))
    assert [standing(d, [old, new]).why for d in (old, new)] == ["in_force", "not_yet"]
    checked = new.model_copy(update={"checked": "2027-01-02"})
    assert [standing(d, [old, checked]).why for d in (old, checked)] == ["superseded", "in_force"]


def test_a_repealed_document_was_in_force_until_its_successor() -> None:
    old = document("old", [], status="废止", in_force="2008-06-01")
    new = document("new", [], in_force="2021-04-01", supersedes=("old",))
    assert [standing(old, [old, new], on).why for on in ("2020-01-01", "2021-04-01", "")] == [
        "in_force",
        "superseded",
        "superseded",
    ]
