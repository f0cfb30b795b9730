"""A text falls into the clauses that a reader finds in it, in whatever format it comes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from corpus.clauses import LONGEST, QUOTABLE, Clause, clauses_of, passages_of
from corpus.marks import mark_of
from corpus.reading.model import Box, Line, LineKind, Reading

CASES: list[dict[str, Any]] = cast(Any, YAML(typ="safe")).load(
    (Path(__file__).parent / "clause_cases.yaml").read_text(encoding="utf-8")
)


def reading(*lines: Line) -> Reading:
    return Reading("x", "txt", tuple(lines), (), "0")


def lines_of(text: str) -> list[Line]:
    made: list[Line] = []
    for line in text.rstrip("\n").split("\n"):
        kind, _, rest = line.partition(" ")
        named = kind in ("row", "formula", "heading")
        made.append(
            Line(rest if named else line, kind=cast(LineKind, kind if named else "text"), level=kind == "heading")
        )
    return made


def quotable(lines: list[Line]) -> list[Clause]:
    return [c for c in clauses_of(reading(*lines)) if c.kind in QUOTABLE]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_text_falls_into_its_clauses(case: dict[str, Any]) -> None:
    made = clauses_of(reading(*lines_of(case["text"])))
    found = [c for c in made if c.kind in QUOTABLE]
    expected = [[part.strip() for part in line.split("|")] for line in case["clauses"]]

    assert [c.place for c in found] == [place for place, _, _ in expected]
    assert [" > ".join(c.path) for c in found] == [path for _, path, _ in expected]
    assert [c.text.startswith(begins) for c, (_, _, begins) in zip(found, expected, strict=True)] == [True] * len(found)
    assert dict(Counter(c.kind for c in made if c.kind not in QUOTABLE)) == case.get("frame", {})


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_no_two_clauses_are_cited_alike(case: dict[str, Any]) -> None:
    places = Counter(c.place for c in quotable(lines_of(case["text"])))
    assert [place for place, count in places.items() if count > 1] == []


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_every_word_of_a_text_stands_in_one_clause(case: dict[str, Any]) -> None:
    if "contents" in case["name"] or "续表" in case["text"]:
        pytest.skip("a table of contents and a table's repeated heading are left out")
    lines = lines_of(case["text"])
    made = clauses_of(reading(*lines))
    words = Counter("".join(line.text for line in lines).replace("\n", "").replace(" ", ""))
    assert Counter("".join(c.text for c in made).replace("\n", "").replace(" ", "")) == words


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("第三条　本办法自发布之日起施行。", "第三条"),
        ("第三条本办法所称园区", "第三条"),
        ("第 三 条 本办法", "第三条"),
        ("第三條　本辦法自發布之日起施行。", "第三条"),
        ("第三條規定的園區", None),
        ("第12条 本办法", "第12条"),
        ("第三条规定的园区", None),
        ("第三条、第四条规定的园区", None),
        ("第五条第二款规定", None),
        ("第三条所称园区", None),
        ("第一章　总则", "第一章"),
        ("第一章的规定适用于", None),
        ("一、总体要求", "一"),
        ("十二、组织实施", "十二"),
        ("一、二级能耗限额", None),
        ("一是加强领导", None),
        ("（十一）绿电溯源", "（十一）"),
        ("(3)期限", "（3）"),
        ("1．年综合能源消费量", "1"),
        ("1、年综合能源消费量", "1"),
        ("1.5倍", None),
        ("100、200两档", None),
        ("12月31日前", None),
        ("2025年5月", None),
        ("4.1.2 报告应经核查", "4.1.2"),
        ("4.1.2报告应经核查", "4.1.2"),
        ("4.1.2的规定", None),
        ("4.1.2和4.1.3的规定", None),
        ("4.1.2规定的方法", None),
        ("0.2吨/吨标准煤", None),
        ("3.5 万吨标准煤", None),
        ("12.5%以上", None),
        ("2 规范性引用文件", "2"),
        ("2 台机组应当停运。", None),
        ("20 万吨标准煤", None),
        ("A.1 总则", "A.1"),
        ("附件", "附件"),
        ("附件3", "附件3"),
        ("附 件 三", "附件3"),
        ("附件3所列指标", None),
        ("附件3和附件4规定", None),
        ("附录B（资料性）示例", "附录B"),
        ("附录A给出了方法", None),
        ("表1 指标", "表1"),
        ("表A.1 指标", "表A.1"),
        ("表1中的指标", None),
        ("表1给出了指标，见下。", None),
        ("②热力方面", "②"),
        ("a）外观", "a）"),
        ("方向一：制氢", "方向一"),
        ("方向一致的园区", None),
        ("任务1 摸底", "任务1"),
        ("园区应当编制报告。", None),
        ("", None),
    ],
)
def test_a_mark_is_told_from_a_reference(line: str, number: str | None) -> None:
    mark = mark_of(line)
    assert (mark.number if mark else None) == number


LONG = "园区应当建立能源和碳排放统计制度，逐月记录各类能源的购入、消费和库存数量。"


def test_a_long_clause_is_parted_at_sentences_with_its_heading_repeated() -> None:
    whole = "（一）统计制度。" + LONG * 30
    parts = quotable([Line("一、管理要求"), Line(whole)])

    assert len(parts) > 1
    assert "".join(p.text for p in parts) == whole
    assert all(p.text.endswith("。") and len(p.text) <= LONGEST + len(LONG) for p in parts)
    assert [p.part for p in parts] == list(range(1, len(parts) + 1))
    assert parts[0].path == ("一、管理要求",)
    assert {p.path for p in parts[1:]} == {("一、管理要求", "（一）统计制度")}


def test_a_sentence_is_never_cut_however_long() -> None:
    sentence = "园区" + "应当建立统计制度，" * 80 + "并保存记录。"
    assert [c.text for c in quotable([Line(f"（一）{sentence}")])] == [f"（一）{sentence}"]


def test_a_long_article_is_parted_at_its_paragraphs_and_they_are_counted() -> None:
    parts = quotable(
        [Line(f"第三条 {LONG * 8}"), Line(LONG * 8), Line(LONG * 8), Line("第四条 本办法自发布之日起施行。")]
    )
    assert [p.place for p in parts] == ["第三条", "第三条第二款", "第三条第三款", "第四条"]


def test_a_formula_is_not_parted_from_what_announces_it_and_explains_it() -> None:
    lines = [Line(f"（一）算法。{LONG * 8}"), Line("碳排放按下式计算："), Line("E=∑(A×F)", kind="formula"),
             Line("式中："), Line("A 为活动数据；"), Line("F 为排放因子。"), Line(LONG * 9)]  # fmt: skip
    parts = quotable(lines)
    holder = [p.text for p in parts if "E=∑" in p.text]
    assert len(parts) == 2
    assert holder[0].endswith("碳排放按下式计算：\nE=∑(A×F)\n式中：\nA 为活动数据；\nF 为排放因子。")


def test_every_clause_keeps_its_page_and_the_printed_places_of_its_words() -> None:
    first, second = Box(90, 700, 500, 712), Box(90, 60, 500, 72)
    text = "（一）统计。园区应当建立统计制度，并由专人核对。"
    line = Line(text, 4, first, "text", 0, ((0, 12, 4, first), (12, len(text), 5, second)))
    after = Line("数据应可追溯。", 5, Box(90, 80, 500, 92))
    (clause,) = quotable([line, after])

    assert clause.page == 4
    assert [(clause.text[s:e], page) for s, e, page, _ in clause.spans] == [
        (text[:12], 4),
        (text[12:], 5),
        ("数据应可追溯。", 5),
    ]


def test_the_parts_of_a_long_clause_keep_only_their_own_places() -> None:
    text = f"（一）{LONG * 16}"
    boxes = [Box(90, 100 + 12 * i, 500, 110 + 12 * i) for i in range(len(text) // 30 + 1)]
    spans = tuple((30 * i, min(30 * i + 30, len(text)), 1 + i // 10, box) for i, box in enumerate(boxes))
    parts = quotable([Line(text, 1, boxes[0], "text", 0, spans)])

    assert len(parts) > 1
    for part in parts:
        assert part.spans[0][0] == 0
        assert part.spans[-1][1] == len(part.text)
        assert part.page == part.spans[0][2]
    assert parts[-1].page > 1


def test_passages_are_the_words_themselves_with_their_place_and_headings() -> None:
    made = clauses_of(reading(*lines_of("一、要求\n（一）边界。边界应清楚。\n国家发展改革委\n2025年1月2日")))
    (passage,) = passages_of("mine", made)
    assert (passage.text, passage.place, passage.path) == ("（一）边界。边界应清楚。", "一（一）", ("一、要求",))
    assert (passage.confidence, passage.document_id) == ("原文", "mine")
    assert passage.id == f"mine#{made[1].key}"


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=60), max_size=12))
def test_no_text_whatever_breaks_the_splitter(texts: list[str]) -> None:
    made = clauses_of(reading(*(Line(t) for t in texts)))
    assert [c.key for c in made] == [f"c{i}" for i in range(1, len(made) + 1)]
    assert all(c.text.strip() for c in made)
