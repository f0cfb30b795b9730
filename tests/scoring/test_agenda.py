"""The order of asking: every question can change something, and a settled grade cannot change any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from full_park import Park

from scoring.agenda import covered, is_settled, next_ask
from scoring.assess import assess
from scoring.model import Assessment, Fact, ParkData, Rules
from scoring.park import definition_of

NOBODY = ParkData("", 2025, {})
RUBRICS = ["national-2025", "ceca-0344-2025", "jiangsu-2024", "hunan-2025", "hj274-review", "inner-mongolia-2025"]


def answered(key: str, hidden: Mapping[str, Fact], rules: Rules) -> dict[str, Fact]:
    """Return what a park says when it is asked for the fact or for all that the declaration covers."""
    section = {one.id for one in rules.facts.values() if one.section == definition_of(key, rules)[0].section}
    whole = definition_of(key, rules)[0].kind == "declaration"
    return {name: fact for name, fact in hidden.items() if name == key or (whole and name.partition("/")[0] in section)}


def assessed(facts: Mapping[str, Fact], rubric_id: str, rules: Rules) -> Assessment:
    """Return the assessment of a park that reports these facts."""
    return assess(replace(NOBODY, facts=facts), rules.rubric(rubric_id), rules, edges=False, suggest=False)


def asked_until_nothing_is_left(hidden: ParkData, rubric_id: str, rules: Rules) -> list[tuple[str, Assessment]]:
    """Return what is asked, each with the assessment before the answer."""
    facts: dict[str, Fact] = {}
    found: list[tuple[str, Assessment]] = []
    while True:
        now = assessed(facts, rubric_id, rules)
        key = next_ask(now, rules, closed={*facts, *(key for key, _ in found)})
        if key is None:
            return [*found, ("", now)]
        found.append((key, now))
        facts |= answered(key, hidden.facts, rules)


@pytest.mark.parametrize("rubric_id", RUBRICS)
def test_asking_until_nothing_is_left_gives_the_assessment_of_the_file(
    rubric_id: str, rules: Rules, park: Park
) -> None:
    hidden = park(full=True)
    asked = asked_until_nothing_is_left(hidden, rubric_id, rules)
    keys = [key for key, _ in asked]
    assert len(set(keys)) == len(keys)
    direct = assess(hidden, rules.rubric(rubric_id), rules, edges=False, suggest=False)
    said = [(one.verdict, one.low, one.high, one.missing) for one in asked[-1][1].results]
    assert said == [(one.verdict, one.low, one.high, one.missing) for one in direct.results]


def test_the_conditions_come_first_and_then_what_the_core_indicator_waits_for(rules: Rules) -> None:
    now = assessed({}, "national-2025", rules)
    conditions = ["subject_qualified", "boundary_clear", "data_basis_sound", "no_major_accident_3y"]
    assert next_ask(now, rules) == conditions[0]
    facts = {key: Fact(key, True) for key in conditions}
    assert next_ask(assessed(facts, "national-2025", rules), rules, closed=facts) == "energy_tce"
    core = assessed(facts, "national-2025", rules).result("carbon_per_energy").missing
    asked = next_ask(assessed(facts, "national-2025", rules), rules, closed={*facts, "energy_tce"})
    assert asked in core


def test_a_failed_condition_settles_the_grade(rules: Rules) -> None:
    assert not is_settled(assessed({}, "national-2025", rules))
    assert is_settled(assessed({"boundary_clear": Fact("boundary_clear", False)}, "national-2025", rules))


@pytest.mark.parametrize("seed", range(6))
def test_a_settled_grade_is_the_grade_of_the_whole_file(seed: int, rules: Rules, park: Park) -> None:
    random = Random(seed)
    hidden = park(full=True)
    gone = set(random.sample(sorted(hidden.facts), 8))
    hidden = replace(hidden, facts={key: fact for key, fact in hidden.facts.items() if key not in gone})
    for rubric_id in ("national-2025", "ceca-0344-2025"):
        asked = asked_until_nothing_is_left(hidden, rubric_id, rules)
        settled = [now.grades for _, now in asked if is_settled(now)]
        assert all(grades == asked[-1][1].grades for grades in settled)


def test_one_question_covers_what_one_declaration_covers(rules: Rules) -> None:
    assert "self_green_mwh" in covered("power_complete", rules)
    assert covered("waste_complete", rules) == {"solid_waste_from_stock_t"}
    conditions = ("subject_qualified", "boundary_clear", "data_basis_sound", "no_major_accident_3y")
    figures = {"grid_power_in_mwh": "80000", "power_equivalent_tce_per_mwh": "0.3"}
    known = {key: Fact(key, True) for key in conditions} | {key: Fact(key, Decimal(n)) for key, n in figures.items()}
    assert next_ask(assessed(known, "national-2025", rules), rules, closed=("energy_tce",)) == "power_complete"
