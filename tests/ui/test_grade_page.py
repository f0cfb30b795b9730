"""The tab 算分 without a browser: forms, faults, trials, files in memory, downloads."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from parks import CECA, ENTRIES, RULES, answered_park, national, park
from test_report import text_of

from assistant.rule_clauses import Review
from scoring.errors import ParkDataError
from scoring.model import ParkData, Rules
from scoring.park import Entry, read_park
from scoring.template import write_template
from scoring.write import to_json
from ui.grade_form import Filling, filling_of, form, needed
from ui.grade_page import GradePage
from ui.grade_result import Graded
from ui.texts import read_texts

TEXTS = read_texts().grade


def page() -> GradePage:
    return GradePage(TEXTS, rules=lambda: RULES, today=lambda: date(2026, 11, 25))


def typed(**changes: Any) -> Any:
    facts = {
        key: {"text": one.text, "source": one.source} if isinstance(one, Entry) else {"text": one, "source": ""}
        for key, one in ENTRIES.items()
    }
    sent = {"rules": "national-2025", "name": "临港示范园区", "year": "2025", "facts": facts, "excuses": {}}
    return SimpleNamespace(**{**sent, **changes})


def with_fact(key: str, text: str) -> Any:
    event = typed()
    event.facts[key] = {"text": text, "source": ""}
    return event


def graded() -> Graded:
    state, told, _ = page().grade(None, typed())
    assert told == ""
    return state


def sent_file(name: str, content: bytes) -> Any:
    coded = base64.b64encode(content).decode()
    return SimpleNamespace(name=name, content=coded, size=len(content), rules="national-2025", year="")


def test_what_is_typed_is_graded_as_it_is_elsewhere() -> None:
    assert to_json(graded().assessment, RULES) == to_json(national(), RULES)


@pytest.mark.parametrize(
    ("event", "part"),
    [
        (with_fact("grid_power_in_mwh", "约三千万度"), "公共电网受入电量"),
        (with_fact("fresh_water_m3", "-5"), "工业取水量"),
        (with_fact("grid_power_in_mwh", "12 GJ/t"), "公共电网受入电量"),
        (with_fact("no_such_fact", "1"), "no_such_fact"),
        (typed(name=""), TEXTS.no_name),
        (typed(year="25"), "25"),
        (typed(year="２０２５"), "２０２５"),
        (typed(rules="none"), "none"),
        (typed(facts="all"), ""),
        (typed(facts={"fresh_water_m3": "1"}), ""),
    ],
)
def test_bad_input_gets_one_sentence_and_the_last_result_stays(event: Any, part: str) -> None:
    before = graded()
    state, told, shown = page().grade(before, event)
    if part:
        assert state is before
        assert part in told
        assert 'role="alert"' in told
        assert "Traceback" not in told
        assert shown.get("value") is None
    else:  # nonsense from a browser is nothing reported
        assert state.assessment.counts["missing"] > 0


def test_several_faults_are_told_at_once_each_with_its_field() -> None:
    event = with_fact("grid_power_in_mwh", "许多")
    event.facts["fresh_water_m3"] = {"text": "-1", "source": ""}
    _, told, _ = page().grade(None, event)
    assert told.count('data-do="jump"') == 2
    assert 'data-field="fresh_water_m3"' in told


def test_a_trial_shows_what_moves_and_leaves_the_result() -> None:
    before = graded()
    state, _, shown = page().try_(before, with_fact("traded_green_mwh", "12 亿kWh"))
    assert state.assessment == before.assessment
    assert state.trial.totals["emissions_tco2"].value < before.assessment.totals["emissions_tco2"].value
    assert TEXTS.moved_title in shown
    _, _, same = page().try_(before, typed())
    assert TEXTS.moved_none in same


def test_the_way_to_the_next_level_is_shown() -> None:
    state, _, shown = page().find_way(graded())
    assert "单位能耗碳排放" in shown
    assert state.way.goal.id == "core_met"


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "json"])
def test_a_report_is_named_after_park_year_and_day(kind: str) -> None:
    name, coded = page().report(graded(), SimpleNamespace(kind=kind))
    assert name == f"{TEXTS.report_file}-临港示范园区-2025-2026-11-25.{kind}"
    content = base64.b64decode(coded)
    assert content[:2] == {"docx": b"PK", "xlsx": b"PK", "html": b"<!", "json": b"{\n"}[kind]
    if kind == "json":
        assert json.loads(content)["park"] == "临港示范园区"


def test_there_is_no_report_before_a_result_and_of_no_other_kind() -> None:
    assert page().report(None, SimpleNamespace(kind="docx")) == ("", "")
    assert page().report(graded(), SimpleNamespace(kind="../../etc/passwd")) == ("", "")


def test_the_filled_template_is_read_in_memory_and_fills_the_form(tmp_path: Path) -> None:
    write_template(tmp_path / "park.xlsx", RULES, filled=True)
    state, told, shown, filled = page().upload(
        None, sent_file("C:\\报表\\park.xlsx", (tmp_path / "park.xlsx").read_bytes())
    )
    assert "park.xlsx" in told
    assert state.inputs[0].name == "park.xlsx"
    assert 'class="graded"' in shown
    name = state.assessment.park.name
    assert f'value="{name}"' in filled


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("park.xlsx", b"no workbook"),
        ("park.pdf", b"%PDF"),
        ("park.json", b"{"),
        ("park.csv", "甲,乙\n1,2\n".encode()),
        ("", b""),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(name: str, content: bytes) -> None:
    before = graded()
    state, told, shown, filled = page().upload(before, sent_file(name, content))
    assert state is before
    assert 'role="alert"' in told
    assert shown.get("value") is None
    assert filled.get("value") is None


def test_a_fault_of_ours_is_one_sentence() -> None:
    def broken(name: str, content: bytes, rules: Rules, year: int | None) -> tuple[ParkData, tuple[str, ...]]:
        raise RuntimeError("broken on purpose")

    failing = GradePage(TEXTS, rules=lambda: RULES, read=broken)
    _, told, *_ = failing.upload(None, sent_file("park.xlsx", b"x"))
    assert TEXTS.failed in told
    assert "broken" not in told


def test_an_oversized_file_is_refused() -> None:
    event = SimpleNamespace(name="a.xlsx", content="", size=10**9, rules="", year="")
    assert "20" in page().upload(None, event)[1]


@pytest.mark.parametrize("made", [park(), answered_park()], ids=["park", "answered"])
def test_a_form_filled_from_a_park_reads_back_to_the_same_park(made: ParkData) -> None:
    filling = filling_of(made, "national-2025", RULES, TEXTS)
    again = read_park(made.name, made.year, {k: Entry(e.text, e.source) for k, e in filling.facts.items()}, RULES)
    assert {key: fact.value for key, fact in again.facts.items()} == {k: f.value for k, f in made.facts.items()}


def test_a_figure_whose_unit_stood_beside_it_keeps_its_size_in_the_form() -> None:
    made = read_park("甲", 2025, {"grid_power_in_mwh": "1250"}, RULES)
    fact = made.facts["grid_power_in_mwh"]
    beside = ParkData("甲", 2025, {fact.id: type(fact)(fact.id, fact.value * 1000, "1250", "", "填报!C7")})
    assert filling_of(beside, "national-2025", RULES, TEXTS).facts[fact.id].text == "1250000 MWh"


def test_every_fact_of_a_rule_set_has_its_field_and_what_is_typed_is_escaped() -> None:
    hostile = '"><script>${1}{{x}}'
    text = form(Filling(name=hostile, facts={"grid_power_in_mwh": Entry(hostile)}), RULES, TEXTS)
    assert "<script>" not in text
    assert "${" not in text
    for name in needed(RULES.rubric(CECA), RULES):
        assert f'name="{name}"' in text or f'name="{name}/' in text


def test_reset_brings_the_last_figures_back() -> None:
    told, filled = page().reset(graded())
    assert told == ""
    assert "12.5 亿kWh" in filled
    assert TEXTS.nothing_graded in page().reset(None)[0]


def test_a_reader_that_finds_faults_names_their_cells() -> None:
    def faulty(name: str, content: bytes, rules: Rules, year: int | None) -> tuple[ParkData, tuple[str, ...]]:
        raise ParkDataError("填报!C7：不是一个数")

    _, told, *_ = GradePage(TEXTS, rules=lambda: RULES, read=faulty).upload(None, sent_file("park.xlsx", b"x"))
    assert "填报!C7" in told


def test_what_awaits_review_is_said_on_the_page_and_in_every_report() -> None:
    review = Review("national-2025", "water_reuse", "工业用水重复利用率", "annex", "superseded", "旧指标", "新指标")
    desk = GradePage(TEXTS, rules=lambda: RULES, today=lambda: date(2026, 11, 25), reviews=lambda _rules: [review])
    state, _, shown = desk.grade(None, typed())
    assert "【待复核】" in shown
    assert "待复核 1 项（工业用水重复利用率）" in shown
    said = desk.report(state, SimpleNamespace(kind="json"))[1]
    results = json.loads(base64.b64decode(said))["indicators"]
    assert [one["id"] for one in results if "【待复核】" in one["reason"]] == ["water_reuse"]
    for kind in ("html", "docx", "xlsx"):
        content = base64.b64decode(desk.report(state, SimpleNamespace(kind=kind))[1])
        assert "【待复核】" in text_of(kind, content)


def test_a_clause_of_the_result_opens_where_it_stands() -> None:
    _, _, shown = page().grade(None, typed())
    assert 'data-do="open" data-passage="ndrc-2025-910-annex3#core-limit-200k"' in shown
    desk = GradePage(TEXTS, rules=lambda: RULES, source=lambda event: f"<article>{event.passage}</article>")
    assert desk.open(SimpleNamespace(passage="annex#one")) == "<article>annex#one</article>"
