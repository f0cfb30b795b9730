"""Values that smell wrong are asked about in words that help, and never changed; evidence that does not add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring.cells import Given
from scoring.checks import take_one, taken, year_on_year
from scoring.filled import Filled
from scoring.model import Fact, ParkData, Rules
from scoring.smells import questions
from scoring.template import write_template


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> ParkData:
    path = tmp_path_factory.mktemp("example") / "示例.xlsx"
    write_template(path, rules, filled=True)
    return take_one(Given.of(path), rules).data()


def changed(park: ParkData, key: str, times: str) -> ParkData:
    fact = park.facts[key]
    assert isinstance(fact.value, Decimal)
    return replace(park, facts={**park.facts, key: replace(fact, value=fact.value * Decimal(times))})


def test_a_park_that_agrees_with_itself_is_asked_nothing(example: ParkData, rules: Rules) -> None:
    assert questions(example, rules) == []


@pytest.mark.parametrize("times", ["10", "1000", "10000", "0.1", "0.001", "0.0001", "3.6"])
@pytest.mark.parametrize("key", ["energy_tce", "grid_power_in_mwh", "direct_green_mwh"])
def test_a_slip_in_a_figure_that_matters_is_asked_about_at_that_figure(
    key: str, times: str, example: ParkData, rules: Rules
) -> None:
    assert [one.key for one in questions(changed(example, key, times), rules)] == [key]


def test_kwh_written_for_ten_thousand_kwh_is_asked_back_and_not_converted(rules: Rules) -> None:
    entries: dict[str, Any] = {
        "energy_tce": "40 万吨标准煤",
        "grid_power_in_mwh": "1200 kWh",
        "direct_green_mwh": "60000 万kWh",
        "power_complete": "是",
    }
    from scoring.park import Entry

    filled = Filled(
        "p.xlsx", "甲", 2025, {key: Entry(text, place=f"填报!C{i}") for i, (key, text) in enumerate(entries.items())}
    )
    filled.places = {key: f"填报!C{i}" for i, key in enumerate(entries)}
    filled.entries["direct_green_mwh"] = Entry("0", place="填报!C2")
    found = taken(filled, rules)
    assert found.data().facts["grid_power_in_mwh"].value == Decimal("1.2")
    (asked,) = found.questions
    assert asked.where == "填报!C1"
    assert "是否应为 1200 万kWh？" in asked.what


def test_a_grid_figure_far_too_small_is_asked_about_even_where_all_else_is_missing(rules: Rules) -> None:
    figures = {
        "energy_tce": Fact("energy_tce", Decimal(453500)),
        "grid_power_in_mwh": Fact("grid_power_in_mwh", Decimal("1.2")),
    }

    assert [one.key for one in questions(ParkData("甲", 2025, figures), rules)] == ["grid_power_in_mwh"]


def test_a_confirmed_figure_is_not_asked_about_again(rules: Rules) -> None:
    facts = {"fresh_water_m3": "1 m3", "reused_water_m3": "5000 m3"}
    filled = Filled("p", "甲", 2025, dict(facts))
    assert taken(filled, rules).questions
    key = taken(filled, rules).questions[0].key
    filled.confirmed = {key}
    assert not taken(filled, rules).questions


def test_reused_water_far_above_intake_is_asked_about(rules: Rules) -> None:
    filled = Filled("p", "甲", 2025, {"fresh_water_m3": "420 m3", "reused_water_m3": "3800 万m3"})
    assert taken(filled, rules).questions


def test_a_measured_heat_value_in_kcal_is_asked_about(example: ParkData, rules: Rules) -> None:
    key = "fuel_ncv_gj_per_unit/diesel"
    park = replace(example, facts={**example.facts, key: Fact(key, Decimal("10.2"))})
    assert key in [one.key for one in questions(park, rules)]


def test_power_written_in_a_heat_unit_is_asked_about(rules: Rules) -> None:
    (asked,) = taken(Filled("p", "甲", 2025, {"grid_power_in_mwh": "36 万GJ"}), rules).questions
    assert "热量单位" in asked.what


def test_a_figure_of_the_year_before_that_is_far_off_is_asked_about(example: ParkData, rules: Rules) -> None:
    assert year_on_year(example, example, rules) == []
    (asked,) = year_on_year(changed(example, "fresh_water_m3", "0.01"), example, rules)
    assert asked.key == "fresh_water_m3"
    assert "100 倍" in asked.what


def test_the_fast_check_names_what_is_odd_without_searching(example: ParkData, rules: Rules) -> None:
    assert questions(changed(example, "grid_power_in_mwh", "1000"), rules, search=False)


def test_bands_have_a_reason_each() -> None:
    from scoring.smells import smells

    assert all(rule["reason"] for kind in ("parts", "ratios") for rule in smells()[kind])


def test_the_same_file_gives_the_same_report(tmp_path: Path, rules: Rules) -> None:
    from tests.scoring.workbooks import faulty

    case = faulty("text", 1, rules)
    assert case is not None
    from scoring.checks import take

    first, second = ([str(fault) for one in take(case[0], rules) for fault in one.faults] for _ in (1, 2))
    assert first == second
