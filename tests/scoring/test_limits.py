"""Every limit of every rubric, on it and on both sides, and which limit applies."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from full_park import Park

from scoring.assess import assess, judge
from scoring.load import answer_id, load_rules
from scoring.model import Case, Indicator, ParkData, Range, Rubric, Rules, Step
from scoring.park import Entry
from scoring.resolve import Resolver
from scoring.units import convert
from scoring.write import trace_text

TINY = Decimal("0.0000000000000000001")


class Known:
    """A resolver of figures given, for judging alone."""

    def __init__(self, rules: Rules, values: dict[str, Decimal | str]) -> None:
        self.rules = rules
        self.park = ParkData("试园", 2025, {})
        self.values = values

    def step(self, name: str) -> Step:
        return Step(name, name, "fact", self.values[name], self.unit(name))

    def unit(self, name: str) -> str:
        """Return the unit that the rules work the figure out in."""
        return (self.rules.quantities.get(name) or self.rules.facts[name]).unit


def limits() -> Iterator[tuple[Rubric, Indicator, Case]]:
    for rubric in load_rules().rubrics.values():
        for one in rubric.indicators:
            for case in one.limits:
                yield rubric, one, case


def fitting(case: Case) -> dict[str, Decimal | str]:
    """Return a figure or choice inside each condition of the case."""
    found: dict[str, Decimal | str] = {}
    for name, span in case.when.items():
        if isinstance(span, Range):
            found[name] = span.from_ if span.from_ is not None else cast(Decimal, span.above) + 1
        else:
            found[name] = span
    return found


LIMITS = list(limits())


@pytest.mark.parametrize(
    ("rubric", "one", "case"), LIMITS, ids=[f"{rubric.id}-{one.id}-{case.value}" for rubric, one, case in LIMITS]
)
def test_a_limit_is_met_on_it_and_on_the_good_side_only(
    rubric: Rubric, one: Indicator, case: Case, rules: Rules
) -> None:
    name = one.value or answer_id(rubric.id, one.id)
    better = -TINY if one.test == "at_most" else TINY

    def verdict(value: Decimal) -> str:
        own = convert(value, one.unit, Known(rules, {}).unit(name))
        resolver = cast(Resolver, cast(Any, Known(rules, {**fitting(case), name: own})))
        return judge(one, resolver, rubric).verdict

    assert verdict(case.value) == "met"
    assert verdict(case.value + better) == "met"
    assert verdict(case.value - better) == "not_met"


def test_there_are_limits_of_four_schemes() -> None:
    found = {rubric.id for rubric, _, _ in LIMITS}

    assert found == {"national-2025", "jiangsu-2024", "hunan-2025", "inner-mongolia-2025"}
    assert len(LIMITS) == 8 + 20 + 18 + 3


INTENSITY = {
    "conversion_complete": "是",
    "grid_power_in_mwh": "0",
    "power_complete": "是",
    "heat_complete": "是",
    "process_complete": "是",
}


@pytest.mark.parametrize(
    ("energy", "emissions", "verdict", "limit"),
    [
        ("199999", "0", "no_limit", None),
        ("199999.999", "1000000", "no_limit", None),
        ("200000", "40000", "met", "0.2"),
        ("200000", "40000.00001", "not_met", "0.2"),
        ("999999", "199999.8", "met", "0.2"),
        ("999999", "199999.9", "not_met", "0.2"),
        ("999999.999", "300000", "not_met", "0.2"),
        ("1000000", "300000", "met", "0.3"),
        ("1000000", "299999.99", "met", "0.3"),
        ("1000000", "300000.01", "not_met", "0.3"),
    ],
)
def test_the_core_limit_goes_by_size(
    energy: str, emissions: str, verdict: str, limit: str | None, rules: Rules, park: Park
) -> None:
    figures = park({**INTENSITY, "energy_tce": f"{energy} tce", "fuel_tco2": f"{emissions} tCO2"})

    result = assess(figures, rules.rubric("national-2025"), rules, suggest=False).result("carbon_per_energy")

    assert result.verdict == verdict
    assert [str(case.value) for case in result.limits] == ([limit] if limit else [])


@pytest.mark.parametrize(
    ("emissions", "verdict"), [("0.19999999999999999", "met"), ("0.2", "met"), ("0.20000000000000001", "not_met")]
)
def test_the_core_figure_is_compared_in_full(emissions: str, verdict: str, rules: Rules, park: Park) -> None:
    figures = park({**INTENSITY, "energy_tce": "500000", "fuel_tco2": f"{Decimal(emissions) * 500000}"})

    assert assess(figures, rules.rubric("national-2025"), rules).result("carbon_per_energy").verdict == verdict


@pytest.mark.parametrize(
    ("energy", "year", "limit"),
    [
        ("19999.999", "2027", None),
        ("20000", "2027", "1.0"),
        ("1000000", "2027", "1.0"),
        ("1000000.001", "2027", "1.1"),
        ("50000", "2030", "0.7"),
        ("2000000", "2030", "0.8"),
        ("50000", "2035", "0.3"),
        ("2000000", "2035", "0.5"),
    ],
)
def test_the_limit_of_hunan_goes_by_size_and_year(
    energy: str, year: str, limit: str | None, rules: Rules, park: Park
) -> None:
    figures = park({**INTENSITY, "energy_tce": energy, "fuel_tco2": "0", "target_year": year})

    result = assess(figures, rules.rubric("hunan-2025"), rules, suggest=False).result("carbon_per_energy")

    assert [str(case.value) for case in result.limits] == ([limit] if limit else [])
    assert result.verdict == ("met" if limit else "no_limit")


def test_while_the_year_is_not_named_all_its_limits_are_open(rules: Rules, park: Park) -> None:
    figures = park({**INTENSITY, "energy_tce": "50000", "fuel_tco2": "40000"})

    result = assess(figures, rules.rubric("hunan-2025"), rules).result("carbon_per_energy")

    assert result.verdict == "missing"
    assert "target_year" in result.missing
    assert [str(case.value) for case in result.limits] == ["1.0", "0.7", "0.3"]


@pytest.mark.parametrize(("energy_tce", "verdict"), [("35000", "met"), ("35000.01", "not_met"), ("40000", "not_met")])
def test_a_limit_printed_per_ten_thousand_yuan_is_compared_in_that_unit(
    energy_tce: str, verdict: str, rules: Rules, park: Park
) -> None:
    figures = park(
        {
            "value_added_cny": "10 亿元", "fuel_complete": "是", "conversion_complete": "是", "power_complete": "是",
            "heat_complete": "是", "other_energy_complete": "是", "grid_power_in_mwh": "0",
            "feedstock_in_energy": Entry("否", "省发展改革委答复"), "other_energy_tce": energy_tce,
        }
    )  # fmt: skip

    result = assess(figures, rules.rubric("jiangsu-2024"), rules).result("energy_per_value_added")

    assert result.verdict == verdict
    assert result.step is not None
    assert (result.step.value, result.step.unit) == (Decimal(energy_tce) / 100000, "tce/万元")
    assert "tce/元 = " in trace_text(result.step, rules)
    assert bool(result.flips) == (energy_tce != "40000"), "临界 is looked for in the same unit"


def test_a_known_figure_without_a_limit_is_shown_all_the_same(rules: Rules, park: Park) -> None:
    result = assess(park(full=True), rules.rubric("jiangxi-2025"), rules).result("solid_waste")

    assert result.reason == "现在是 85%。数值没有查到。"


def test_a_known_figure_whose_limit_is_open_is_not_called_a_span(rules: Rules, park: Park) -> None:
    result = assess(park(full=True), rules.rubric("hunan-2025"), rules).result("solid_waste")

    assert result.reason.startswith("还缺：对照哪一年的目标。现在是 85%，适用哪个限值还不能定")


def test_jiangxi_has_names_and_no_limits(rules: Rules, park: Park) -> None:
    assessment = assess(park(full=True), rules.rubric("jiangxi-2025"), rules)

    assert {result.verdict for result in assessment.results} == {"no_limit"}
    assert len(assessment.results) == 11
    assert assessment.verdict == "no_limit"


@pytest.mark.parametrize(
    ("rubric", "points", "grade"),
    [
        ("shenzhen-near-zero", "59.99", "failed"),
        ("shenzhen-near-zero", "60", "passed"),
        ("shenzhen-near-zero", "84.99", "passed"),
        ("shenzhen-near-zero", "85", "excellent"),
        ("hj274-review", "59.9", "unqualified"),
        ("hj274-review", "60", "qualified"),
        ("hj274-review", "70", "medium"),
        ("hj274-review", "79.9", "medium"),
        ("hj274-review", "80", "good"),
        ("hj274-review", "90", "excellent"),
    ],
)
def test_points_fall_into_bands(rubric: str, points: str, grade: str, rules: Rules, park: Park) -> None:
    (indicator,) = rules.rubric(rubric).indicators
    assessment = assess(park({f"{rubric}/{indicator.id}": points}), rules.rubric(rubric), rules)

    assert assessment.grades is not None
    assert [one.id for one in assessment.grades] == [grade, grade]


def test_size_classes_leave_no_gap_between_them() -> None:
    spans = [
        case.when["energy_tce"] for case in load_rules().rubric("national-2025").indicator("carbon_per_energy").limits
    ]

    first, second = (cast(Range, span) for span in spans)
    assert first.below == second.from_
    assert SimpleNamespace(low=first.from_).low == 200000
