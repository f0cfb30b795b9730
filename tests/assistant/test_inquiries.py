"""Questions about the own assessment: heard in many wordings, answered from it, and the interview goes on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from parks import national, park
from ruamel.yaml import YAML

from assistant.advisor import Advisor
from assistant.dialogue import Dialogue
from assistant.entries import Entry, Interview
from assistant.inquiries import TOPICS
from assistant.inquiry_answers import Inquiry
from assistant.intent import Context, understand
from assistant.understand import Reader
from corpus.library import Library
from corpus.spelling import Spelling
from corpus.words import Words
from scoring.load import load_rules
from scoring.park import definition_of
from scoring.wording import span
from scoring.write import trace_text

RULES = load_rules()
_FILE = Path(__file__).with_name("inquiry_wordings.yaml")
WORDINGS = cast(dict[str, list[str]], YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))  # pyright: ignore[reportUnknownMemberType]
FIGURES = "按国家级自评，公共电网下网3.2亿度，天然气800万方，柴油100吨"


@pytest.fixture(scope="module")
def reader(library: Library, words: Words) -> Reader:
    return Reader(library, words, Spelling.of(library, words))


@pytest.fixture
def dialogue(advisor: Advisor, tmp_path: Path) -> Iterator[Dialogue]:
    made = Dialogue(advisor, RULES, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("asked", ["subject_qualified", "grid_power_in_mwh", "power_complete"])
def test_a_question_about_the_own_assessment_is_heard_in_many_wordings(reader: Reader, asked: str) -> None:
    assert set(WORDINGS) < set(TOPICS)
    before = Context(asked=asked, held=True)
    heard = {
        (topic, said): understand(said, rules=RULES, reader=reader, before=before)
        for topic, ways in WORDINGS.items()
        for said in ways
    }
    assert {key: one.tool for key, one in heard.items() if one.tool != key[0]} == {}
    assert {key: one.figures for key, one in heard.items() if one.figures} == {}


@pytest.mark.parametrize(
    "message",
    [
        "单位能耗碳排放的限值是多少",
        "清洁能源占比要达到多少",
        "西藏的电网排放因子是多少",
        "柴油的排放因子是多少",
        "什么叫等价值？",
        "申报要交什么材料",
        "首批名单有哪些园区",
        "水重复利用率怎么算",
        "余热利用率一般能做到多少",
        "绿证能不能抵外购电",
        "还有哪些省出了方案",
        "国家补贴能拿多少",
    ],
)
def test_a_question_of_the_library_stays_one(reader: Reader, message: str) -> None:
    heard = understand(message, rules=RULES, reader=reader, before=Context(asked="grid_power_in_mwh", held=True))
    assert heard.intent == "ask"
    assert heard.tool == ""


def test_every_topic_is_answered_and_the_question_stands(dialogue: Dialogue) -> None:
    key = dialogue.new()
    asked = dialogue.turn(key, FIGURES).question
    before = dialogue.interview(key)
    assert asked
    for ways in WORDINGS.values():
        turn = dialogue.turn(key, ways[0])
        assert turn.reply, ways[0]
        assert turn.kind == "", f"{ways[0]} went to the library"
        assert turn.question == asked
    assert dialogue.interview(key) == before, "a question confirms and changes nothing"


def test_where_it_stands_names_what_is_settled_and_what_is_not_confirmed(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    dialogue.turn(key, "不是")
    reply = dialogue.turn(key, "能不能过").reply
    assert "没有达到的 1 项" in reply
    assert "建设主体" in reply
    assert "附件1" in reply
    assert "还没有确认" in reply


def test_what_was_reported_is_listed_confirmed_and_not(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    assert "320,000 MWh" in dialogue.turn(key, "已经报了哪些").reply
    assert "说过、还没有确认的" in dialogue.turn(key, "我都报了什么").reply
    dialogue.turn(key, "是")
    assert "已确认 3 项" in dialogue.turn(key, "已经报了哪些").reply


def interview_of_the_full_park() -> Interview:
    """The interview of a park whose figures were all confirmed."""
    given = park()
    entries = (
        Entry(key, fact.value, definition_of(key, RULES)[1], fact.written, "turn 1", fact.source, "confirmed", 1)
        for key, fact in given.facts.items()
    )
    return Interview("national-2025", given.name, given.year).logged(entries)


def test_emissions_are_said_with_their_working_once_the_figures_are_there() -> None:
    made = Inquiry(interview_of_the_full_park(), RULES).answer("emissions")
    total = national().totals["emissions_tco2"]
    assert isinstance(total.value, Decimal)
    assert made.lines == (f"碳排放量：{span(total.value, 'tCO2', RULES)}。",)
    assert made.working[0] == trace_text(total, RULES).split("\n")[0]


def test_what_is_short_is_said_by_how_much_with_its_clause() -> None:
    made = Inquiry(interview_of_the_full_park(), RULES).answer("gap")
    short = [one for one in national().results if one.verdict == "not_met"]
    assert short
    for one in short:
        assert any(one.reason in line and one.indicator.reference.clause in line for line in made.lines)


def test_no_cost_is_known_so_the_cheapest_way_is_the_one_with_the_fewest_changes() -> None:
    made = Inquiry(interview_of_the_full_park(), RULES).answer("route")
    assert any("最近的路" in line for line in made.lines)
    assert any("没有数据" in line for line in made.lines)


def test_why_and_basis_name_the_clause(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, "开始自评")
    why, basis = dialogue.turn(key, "为什么问这个"), dialogue.turn(key, "依据哪一条")
    assert "附件1" in why.reply
    assert any(one["place"] for one in basis.citations)


def test_without_an_assessment_it_says_how_to_begin(dialogue: Dialogue) -> None:
    for message in ("我们的排放量是多少", "已经报了哪些", "我们差在哪", "为什么问这个"):
        turn = dialogue.turn(dialogue.new(), message)
        assert "开始自评" in turn.reply, message
        assert turn.buttons
    for message in ("Can you assess us?", "where do we stand?", "能不能过"):
        assert "开发区" in dialogue.turn(dialogue.new(), message).question, message
