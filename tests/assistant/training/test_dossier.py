"""Dossiers: the same from a seed, in agreement with themselves, and read by the reader of park sheets as they are."""

from __future__ import annotations

import pytest

from assistant.training.case_key import key_of
from assistant.training.dossier import make, park_sheet
from assistant.training.dossier_model import park_of
from scoring.cells import Given
from scoring.load import load_rules
from scoring.model import Rules
from scoring.sheet import read_filled
from ui.case_files import case_files, zipped
from ui.measure_cases import alarms_of, read_back

CLEAN = 12


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def test_a_dossier_is_the_same_for_the_same_seed_and_another_for_another(rules: Rules) -> None:
    one = make("A7", rules=rules, difficulty=3)
    assert one == make("A7", rules=rules, difficulty=3)
    assert one.reported != make("A8", rules=rules, difficulty=3).reported
    assert one.reported != make("A7", rules=rules, difficulty=2).reported


def test_dossiers_without_faults_grade_clean_and_raise_no_check(rules: Rules) -> None:
    """300 of them are measured by `advisor evaluate cases`."""
    alarms: list[str] = []
    for seed in range(CLEAN):
        series = "ceca" if seed % 4 == 3 else "case"
        dossier = make(f"clean{seed}", rules=rules, difficulty=seed % 3 + 1, faults=0, series=series)
        assert dossier.faults == ()
        assert dossier.truth == dossier.reported
        alarms += alarms_of(dossier, park_sheet(dossier, rules), rules)
    assert alarms == []


def test_a_check_would_be_raised_by_a_figure_that_is_off(rules: Rules) -> None:
    dossier = make("off", rules=rules, faults=0)
    dossier.reported["facts"]["grid_power_in_mwh"]["value"] = "1"
    assert any("公共电网受入电量" in alarm for alarm in alarms_of(dossier, park_sheet(dossier, rules), rules))


def test_clean_dossiers_differ_in_their_verdicts(rules: Rules) -> None:
    seen: dict[str, set[str]] = {}
    for seed in range(40):
        for line in key_of(make(f"vary{seed}", rules=rules, faults=0), rules).lines:
            seen.setdefault(line.indicator, set()).add(line.verdict)
    for indicator in ("carbon_per_energy", "clean_energy", "solid_waste", "waste_energy", "water_reuse"):
        assert {"met", "not_met"} <= seen[indicator], indicator
    assert "no_limit" in seen["carbon_per_energy"]
    assert "missing" in seen["solid_waste"] | seen["water_reuse"] | seen["waste_energy"]


def test_the_places_that_a_dossier_names_are_those_that_the_reader_finds(rules: Rules) -> None:
    dossier = make("places", rules=rules, faults=0)
    (filled,) = read_filled(Given(dossier.sheet_name, park_sheet(dossier, rules)), rules)
    assert filled.places
    for key, place in filled.places.items():
        assert dossier.spot(f"sheet:{key}", "value", rules).place == f"{dossier.sheet_name} {place}"
    for months in filled.months:
        spots = [dossier.spot(f"sheet:month:{months.key}:{i}", "", rules).place for i in range(12)]
        assert spots == [f"{dossier.sheet_name} {place}" for place in months.places]


def test_every_cell_of_a_dossier_stands_in_its_files(rules: Rules) -> None:
    dossier = make("files", rules=rules, difficulty=3)
    key = key_of(dossier, rules)
    files = case_files(dossier, key, rules)
    told = dict(read_back(files))
    cells = dossier.cells(rules)
    missing = [place for place, text in cells.items() if text and not told.get(place)]
    assert len(cells) > 500
    assert missing == []
    assert zipped(files) == zipped(files)


def test_text_that_looks_like_a_formula_stays_text_in_the_files(rules: Rules) -> None:
    dossier = make("formula", rules=rules, faults=0)
    line = dossier.papers[0].sheets[0].lines[0]
    object.__setattr__(line, "cells", ("=1+1", *line.cells[1:]))
    told = dict(read_back(case_files(dossier, key_of(dossier, rules), rules)))
    assert told["月度账单.xlsx 电力账单!A2"] == "=1+1"


def test_the_true_park_is_graded_by_the_engine_without_the_faults(rules: Rules) -> None:
    dossier = make("true", rules=rules, difficulty=3)
    wrong = {fact for one in dossier.faults for fact in one.facts}
    true, reported = park_of(dossier.truth, rules).facts, park_of(dossier.reported, rules).facts
    differing = {key for key in {*true, *reported} if true.get(key) != reported.get(key)}
    assert wrong
    assert differing == wrong


def test_a_difficulty_that_there_is_not_is_refused(rules: Rules) -> None:
    with pytest.raises(ValueError, match="难度"):
        make(1, rules=rules, difficulty=4)
    with pytest.raises(ValueError, match="没有难度 1 或系列"):
        make(1, rules=rules, series="x")


def test_a_rule_set_with_levels_has_each_level_shown_in_the_site_record(rules: Rules) -> None:
    dossier = make("levels", rules=rules, series="ceca")
    key = key_of(dossier, rules)
    own = [line for line in key.lines if f"{dossier.rubric}/{line.indicator}" in rules.facts]
    assert len(own) == 31
    for line in own:
        assert line.level is not None
        seen = dossier.spot(f"site:{line.indicator}", "看到的", rules).text
        assert seen == rules.rubric(dossier.rubric).indicator(line.indicator).levels[line.level].see
    assert any(line.points is not None for line in key.lines)
    assert len([one for one in dossier.faults if one.kind == "level_raised"]) == 3


def test_a_hard_case_has_what_looks_like_a_fault_and_is_none(rules: Rules) -> None:
    dossier = make("decoy", rules=rules, difficulty=3, faults=0)
    states = [
        line.cells[5]
        for paper in dossier.papers
        for sheet in paper.sheets
        if sheet.key == "gec"
        for line in sheet.lines
    ]
    assert "未核销" in states
    assert {one["state"] for one in dossier.reported["certificates"]} == {"已核销"}
