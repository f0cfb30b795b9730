"""What comes out: resolving, grades, next datum, 临界, JSON, trace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import cast

import pytest
from full_park import Park

from scoring.ask import trial_values
from scoring.assess import assess
from scoring.errors import ParkDataError, RuleError
from scoring.interval import Interval
from scoring.model import Assessment, Fact, ParkData, Rules
from scoring.resolve import Resolver, resolve
from scoring.write import as_data, formula_text, to_json, to_text, trace_text, working


def test_a_circle_of_formulas_is_spelled_out(rules: Rules, park: Park) -> None:
    def hen(egg: Decimal) -> Decimal:
        return egg

    def egg(hen: Decimal) -> Decimal:
        return hen

    label = rules.quantities["fuel_tco2"]
    made = replace(rules, quantities={**rules.quantities, "hen": label, "egg": label})

    with pytest.raises(RuleError, match="hen -> egg -> hen"):
        Resolver(park(), made, formulas={"hen": hen, "egg": egg}).step("hen")


def test_an_unknown_name_is_the_rule_authors_fault(rules: Rules, park: Park) -> None:
    with pytest.raises(RuleError, match="没有名为 'nothing'"):
        resolve("nothing", park(), rules)


def test_every_formula_runs_with_nothing_reported(rules: Rules, park: Park) -> None:
    for name, quantity in rules.quantities.items():
        if quantity.per is None:
            step = resolve(name, park(), rules)

            assert isinstance(step.value, Interval), name
            assert step.missing, name


def test_a_division_by_zero_is_no_figure(rules: Rules, park: Park) -> None:
    none = {"waste_heat_available_gj": "0", "waste_heat_used_gj": "0"}
    result = assess(park(none, full=True), rules.rubric("national-2025"), rules).result("waste_energy")

    assert result.verdict == "missing"
    assert "分母为零" in result.reason


# Grades --------------------------------------------------------------------------------------------------------------


def grades(assessment: Assessment) -> tuple[str, str]:
    assert assessment.grades is not None
    return assessment.grades[0].id, assessment.grades[1].id


@pytest.mark.parametrize(
    ("changes", "excuses", "low", "high", "verdict"),
    [
        ({}, {}, "all_met", "all_met", "met"),
        ({"reused_water_m3": "100 万m³"}, {}, "core_met", "core_met", "met"),
        ({"reused_water_m3": "100 万m³"}, {"water_reuse": "工艺不具备条件"}, "all_met", "all_met", "met"),
        ({"reused_water_m3": None}, {}, "core_met", "all_met", "met"),
        ({"no_major_accident_3y": "否"}, {}, "not_eligible", "not_eligible", "not_met"),
        ({"no_major_accident_3y": None}, {}, "not_eligible", "all_met", "missing"),
        (
            {"energy_tce": "10 万吨标准煤", "nonfossil_heat_in_gj": "0"},
            {},
            "core_no_limit",
            "core_no_limit",
            "no_limit",
        ),
        ({"fuel_burned/bituminous": "20 万t"}, {}, "core_not_met", "core_not_met", "not_met"),
        ({"certificate_count": None, "power_complete": None}, {}, "core_not_met", "all_met", "missing"),
    ],
)
def test_the_national_grade_follows_eligibility_core_and_guiding(
    changes: Mapping[str, str | None],
    excuses: Mapping[str, str],
    low: str,
    high: str,
    verdict: str,
    rules: Rules,
    park: Park,
) -> None:
    # with a clean share of 90 % in reach: much direct green power
    strong = {
        "direct_green_mwh": "20 亿kWh",
        **(
            {}
            if "energy_tce" not in changes
            else {
                "direct_green_mwh": "0",
                "self_green_mwh": "0",
                "traded_green_mwh": "0",
                "certificate_count": "0",
                "certificate_uncancelled_count": "0",
            }
        ),
    }
    assessment = assess(park({**strong, **changes}, full=True, excuses=excuses), rules.rubric("national-2025"), rules)

    assert (*grades(assessment), assessment.verdict) == (low, high, verdict)


def level_answers(rules: Rules, level: str) -> dict[str, str]:
    ceca = rules.rubric("ceca-0344-2025")
    return {f"{ceca.id}/{one.id}": level for one in ceca.indicators if one.value is None}


def test_gates_come_before_points(rules: Rules, park: Park) -> None:
    ceca = rules.rubric("ceca-0344-2025")
    answers = level_answers(rules, "4")
    passed = assess(park({**answers}, full=True), ceca, rules)
    failed = assess(park({**answers, "ceca-0344-2025/legal_compliance": "1"}, full=True), ceca, rules)

    assert grades(passed)[0] in ("qualified", "leading")
    assert grades(failed) == ("not_admitted", "not_admitted")
    assert failed.low == passed.low  # the points are the same: the gate decides


@pytest.mark.parametrize(("level", "share"), [("0", "0"), ("1", "0.25"), ("2", "0.5"), ("3", "0.75"), ("4", "1")])
def test_points_are_the_weight_by_the_level(level: str, share: str, rules: Rules, park: Park) -> None:
    assessment = assess(park(level_answers(rules, level)), rules.rubric("ceca-0344-2025"), rules)
    result = assessment.result("target_roadmap")

    assert result.low == result.high == Decimal(3) * Decimal(share)


def test_a_level_between_two_is_refused(rules: Rules, park: Park) -> None:
    with pytest.raises(ParkDataError, match="整数"):
        assess(park({"ceca-0344-2025/target_roadmap": "2.5"}), rules.rubric("ceca-0344-2025"), rules)


def test_an_excused_item_leaves_the_full_mark(rules: Rules, park: Park) -> None:
    assessment = assess(park(excuses={"footprint": "没有终端产品"}), rules.rubric("ceca-0344-2025"), rules)

    assert assessment.full == 97
    assert assessment.counts["excused"] == 1


# The next datum ------------------------------------------------------------------------------------------------------


def openness_by_brute_force(name: str, park: ParkData, rubric_id: str, rules: Rules) -> tuple[Decimal, ...]:
    """Grade the park whole with each trial value, and take the mean of what is left open."""
    rubric = rules.rubric(rubric_id)
    found: list[tuple[int, Decimal, int]] = []
    for value in trial_values(name, rules):
        try:
            tried = assess(replace(park, facts={**park.facts, name: Fact(name, value)}), rubric, rules, suggest=False)
        except ParkDataError:
            continue
        assert tried.grades is not None
        low, high = (rubric.grades.index(grade) for grade in tried.grades)
        width = Decimal(0) if tried.low is None else cast(Decimal, tried.high) - tried.low
        found.append((high - low, width, sum(r.verdict == "missing" or len(r.possible) > 1 for r in tried.results)))
    return tuple(sum((Decimal(one[i]) for one in found), Decimal(0)) / len(found) for i in range(3))


@pytest.mark.parametrize("rubric_id", ["national-2025", "ceca-0344-2025"])
@pytest.mark.parametrize(
    "gone",
    [
        ["direct_green_mwh", "power_complete"],
        ["reused_water_m3", "worst_product_level"],
        ["gas_counts_as_clean", "no_major_accident_3y", "solid_waste_used_t"],
        ["grid_power_in_mwh", "fuel_complete", "waste_heat_used_gj", "fresh_water_m3"],
    ],
)
def test_the_next_datum_is_the_one_brute_force_finds(rubric_id: str, gone: list[str], rules: Rules, park: Park) -> None:
    figures = park({**level_answers(rules, "2"), **dict.fromkeys(gone)}, full=True)
    assessment = assess(figures, rules.rubric(rubric_id), rules)
    left = {name: openness_by_brute_force(name, figures, rubric_id, rules) for name in assessment.missing}

    assert assessment.next_datum is not None
    assert left[assessment.next_datum] == min(left.values())


def test_nothing_is_asked_when_all_is_there(rules: Rules, park: Park) -> None:
    assert assess(park(full=True), rules.rubric("national-2025"), rules).next_datum is None


# 临界 ----------------------------------------------------------------------------------------------------------------

EDGE = {
    "energy_tce": "50 万吨标准煤",
    "conversion_complete": "是",
    "power_complete": "是",
    "heat_complete": "是",
    "process_complete": "是",
}


def causes(emissions: str, rules: Rules, park: Park, grid: str = "0") -> dict[str, list[str]]:
    figures = park({**EDGE, "fuel_tco2": f"{emissions} tCO2", "grid_power_in_mwh": f"{grid} MWh"})
    found: dict[str, list[str]] = {}
    for flip in assess(figures, rules.rubric("national-2025"), rules).result("carbon_per_energy").flips:
        found.setdefault(flip.cause, []).append(flip.label)
    return found


def test_a_figure_far_from_its_limit_is_not_at_the_edge(rules: Rules, park: Park) -> None:
    assert causes("50000", rules, park) == {}


def test_a_meter_that_could_turn_the_verdict_is_named(rules: Rules, park: Park) -> None:
    found = causes("99500", rules, park)

    assert "化石燃料燃烧排放合计" in found["meter"]
    assert "年综合能源消费量（电力按等价值）" in found["meter"]


def test_meters_that_turn_it_only_together_are_named_together(rules: Rules, park: Park) -> None:
    (together,) = causes("98500", rules, park)["meter"]

    assert "合在一起" in together


def test_a_verdict_that_rounding_would_turn_is_named(rules: Rules, park: Park) -> None:
    assert "rounding" in causes("102000", rules, park)  # 0.204 is 0.2 in the places of the limit
    assert "rounding" not in causes("100000", rules, park)


def test_a_verdict_that_a_newer_factor_would_turn_is_named(rules: Rules, park: Park) -> None:
    found = causes("0", rules, park, grid="120500")  # 0.20063 at 0.8325, 0.19938 at 0.8273

    assert "factor" in found


# JSON and text -------------------------------------------------------------------------------------------------------

KEYS = ["rules", "park", "year", "verdict", "score", "level", "indicators", "totals", "next_datum", "warnings"]
INDICATOR_KEYS = ["id", "label", "verdict", "value", "limit", "reason", "missing", "trace"]


@pytest.mark.parametrize("rubric_id", ["national-2025", "ceca-0344-2025", "jiangsu-2024", "hunan-2025", "jiangxi-2025"])
@pytest.mark.parametrize("full", [True, False])
def test_the_json_has_the_keys_of_the_interface(rubric_id: str, full: bool, rules: Rules, park: Park) -> None:
    data = json.loads(to_json(assess(park(full=full), rules.rubric(rubric_id), rules), rules))

    assert set(KEYS) <= set(data)
    assert set(data["score"]) == {"low", "high", "max"}
    assert set(data["level"]) == {"low", "high"}
    for indicator in data["indicators"]:
        assert set(INDICATOR_KEYS) <= set(indicator)
        assert indicator["value"] is None or set(indicator["value"]) == {"low", "high", "unit"}
    national = ("emissions_tco2", "energy_tce", "carbon_per_energy_tco2_per_tce")
    assert set(data["totals"]) == (set() if rubric_id == "jiangsu-2024" else set(national))


def test_the_same_input_gives_the_same_bytes_whatever_the_callers_context(rules: Rules, park: Park) -> None:
    expected = to_json(assess(park(full=True), rules.rubric("national-2025"), rules), rules)
    with localcontext() as context:
        context.prec = 6
        again = assess(park(full=True), rules.rubric("national-2025"), rules)

    assert to_json(again, rules) == expected


def test_numbers_in_json_are_exact(rules: Rules, park: Park) -> None:
    text = to_json(assess(park(full=True), rules.rubric("national-2025"), rules), rules)
    data = json.loads(text, parse_float=Decimal, parse_int=Decimal)

    assert data["totals"]["emissions_tco2"] == resolve("park_910_tco2", park(full=True), rules).value


def test_the_trace_leads_from_the_result_to_facts_factors_and_clauses(rules: Rules, park: Park) -> None:
    assessment = assess(park(full=True), rules.rubric("national-2025"), rules)
    text = trace_text(assessment.totals["carbon_per_energy_tco2_per_tce"], rules)

    for part in ("8 亿kWh", "0.8325 kgCO2/kWh", "附件4 二（二）3①", "附件3 二2", "附录C 表C.1", "声明为零", "中电联"):
        assert part in text, part


def test_a_working_can_be_redone(rules: Rules, park: Park) -> None:
    step = resolve("water_reuse_share", park(full=True), rules)

    assert formula_text(step) == "reused_water_m3 / (fresh_water_m3 + reused_water_m3)"
    assert working(step).startswith("2000000 / (400000 + 2000000) = 0.8333")


def test_every_leaf_of_every_trace_is_a_fact_a_declaration_or_a_sourced_number(rules: Rules, park: Park) -> None:
    data = as_data(assess(park(full=True), rules.rubric("national-2025"), rules), rules)
    stack = [one["trace"] for one in cast(list[dict[str, dict[str, object]]], data["indicators"])]
    while stack:
        step = stack.pop()
        inputs = cast(list[dict[str, object]], step.get("inputs", []))
        if step["origin"] == "parameter":
            reference = cast(dict[str, str], step["reference"])
            assert reference["document"], step
            assert reference["confidence"] in ("A", "B"), step
        assert (
            inputs
            or step["origin"] != "formula"
            or step["value"] == {"low": 0, "high": 0, "unit": "tce"}
            or "[]" in str(step["working"])
        )
        stack += inputs  # type: ignore[arg-type]


def test_the_text_says_the_notice_the_grade_and_each_reason(rules: Rules, park: Park) -> None:
    ceca = rules.rubric("ceca-0344-2025")
    text = to_text(assess(park(full=True), ceca, rules), rules)
    assert "[缺数据] " in text
    assert "[missing]" not in text

    assert ceca.notice in text
    assert all(one.label in text for one in ceca.indicators)


def test_a_share_of_what_the_park_has_none_of_is_not_shown_beside_the_result(rules: Rules, park: Park) -> None:
    national = rules.rubric("national-2025")

    def shares(figures: dict[str, str | None]) -> set[str]:
        found = assess(park(figures, full=True), national, rules).besides
        return {beside.value for beside, _ in found if beside.value.startswith("waste_")}

    assert shares({}) == {"waste_heat_utilization_share"}
    assert shares({"waste_energy_complete": None}) == {
        "waste_heat_utilization_share",
        "waste_cold_utilization_share",
        "waste_pressure_utilization_share",
    }
