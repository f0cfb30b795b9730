"""Routes to the next grade: as exhaustive search finds them, proved by grading, and nothing in them can be left out."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from full_park import Park

from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.load import answers, load_rules, read_rubric
from scoring.model import Grade, ParkData, Rubric, Rules
from scoring.park import read_park
from scoring.routes import NoRoute, moved, route, what_if

SMALL = """id: small
title: 小表
edition: 一
status: 自拟
region: 本园
source: user
notice: 测试用。
reference: {source: user}
blocks: [{id: gates, label: 门槛}, {id: items, label: 计分}]
indicators:
  - {id: gate, label: 门槛, block: gates, role: gate, test: holds, reference: {source: user}}
ITEMS
grades:
  - {id: none, label: 无, verdict: not_met}
  - {id: entry, label: 入门, verdict: not_met, needs: [{blocks: [gates]}]}
  - {id: half, label: 过半, verdict: met, needs: [{points_share: 0.5}]}
  - {id: most, label: 八成, verdict: met, needs: [{points_share: 0.8}]}
"""
WEIGHTS = (7, 5, 4, 2)


def small(rules: Rules) -> tuple[Rubric, Rules]:
    levels = "[{see: 零}, {see: 一}, {see: 二}, {see: 三}]"
    items = "\n".join(
        f"  - {{id: item{i}, label: 第{i}项, block: items, role: scored, test: scale, met_at: 2, weight: {weight}, "
        f"levels: {levels}, reference: {{source: user}}}}"
        for i, weight in enumerate(WEIGHTS)
    )
    rubric = read_rubric("small.yaml", SMALL.replace("ITEMS", items), rules)
    return rubric, replace(rules, facts={**rules.facts, **answers([rubric], rules.settings["answer_high"])})


def answered(levels: tuple[int, ...], gate: bool, rules: Rules) -> ParkData:
    facts = {f"small/item{i}": Decimal(level) for i, level in enumerate(levels)}
    return read_park("试园", 2025, {**facts, "small/gate": gate}, rules)


def grade_of(park: ParkData, rubric: Rubric, rules: Rules) -> Grade:
    grades = assess(park, rubric, rules, suggest=False).grades
    assert grades is not None
    return grades[0]


def exhaustive(
    levels: tuple[int, ...], gate: bool, goal: str, prices: tuple[int, ...] | None, rubric: Rubric, rules: Rules
) -> Decimal | None:
    """Return the least cost of all ways to raise items that reach the goal."""
    place = rubric.grades.index(next(one for one in rubric.grades if one.id == goal))
    best: Decimal | None = None
    for raised in product(*(range(level, 4) for level in levels), [gate, True]):
        *new, open_ = raised
        if prices is None:
            cost = Decimal(sum(a != b for a, b in zip(levels, new, strict=True)) + (open_ and not gate))
        else:
            steps = zip(levels, new, prices[1:], strict=True)
            cost = Decimal(sum((b - a) * price for a, b, price in steps) + prices[0] * (open_ and not gate))
        if best is not None and cost >= best:
            continue
        reached = grade_of(answered(tuple(map(int, new)), bool(open_), rules), rubric, rules)
        if rubric.grades.index(reached) >= place:
            best = cost
    return best


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("priced", [False, True])
def test_a_route_costs_what_exhaustive_search_finds(seed: int, priced: bool, rules: Rules) -> None:
    rubric, known = small(rules)
    chance = random.Random(seed)
    levels = tuple(chance.randint(0, 2) for _ in WEIGHTS)
    gate = chance.random() < 0.5
    prices = tuple(chance.randint(1, 9) for _ in range(5)) if priced else None
    costs = {
        name: Decimal(price)
        for name, price in zip(["gate", *(f"item{i}" for i in range(4))], prices or (), strict=False)
    }
    park = answered(levels, gate, known)
    for goal in ("entry", "half", "most"):
        try:
            found = route(park, rubric, known, goal=goal, costs=costs or None)
        except NoRoute:
            reached = [one.id for one in rubric.grades].index(grade_of(park, rubric, known).id)
            assert [one.id for one in rubric.grades].index(goal) <= reached
            continue
        assert found.cost == exhaustive(levels, gate, goal, prices, rubric, known)


def test_a_route_graded_again_reaches_its_goal_and_no_part_can_be_left_out(rules: Rules) -> None:
    rubric, known = small(rules)
    park = answered((0, 1, 0, 0), False, known)
    found = route(park, rubric, known, goal="half")
    changes = {
        f"small/{one.indicator}": Decimal(one.level) if one.level is not None else True for one in found.improvements
    }
    order = [one.id for one in rubric.grades]

    assert order.index(grade_of(what_if(park, changes, known), rubric, known).id) >= order.index("half")
    for left_out in changes:
        fewer = {name: value for name, value in changes.items() if name != left_out}
        assert order.index(grade_of(what_if(park, fewer, known), rubric, known).id) < order.index("half")


def test_the_national_route_to_acceptance_is_the_core_and_shows_the_gap(rules: Rules, park: Park) -> None:
    figures = park({"fuel_burned/bituminous": "20 万t"}, full=True)
    found = route(figures, rules.rubric("national-2025"), rules)

    assert found.goal.id == "core_met"
    assert [one.indicator for one in found.improvements] == ["carbon_per_energy"]
    assert found.improvements[0].gap is not None
    assert found.improvements[0].gap > 0


def test_gates_are_part_of_every_route(rules: Rules, park: Park) -> None:
    figures = park({"no_major_accident_3y": "否", "reused_water_m3": "0"}, full=True)
    found = route(figures, rules.rubric("national-2025"), rules, goal="core_met")

    assert [one.indicator for one in found.improvements] == ["no_accident"]


def test_where_no_limit_is_published_there_is_no_route(rules: Rules, park: Park) -> None:
    small_park = park(
        {"direct_green_mwh": "0", "traded_green_mwh": "0", "grid_power_in_mwh": "1 亿kWh", "self_green_mwh": "0"},
        full=True,
    )

    with pytest.raises(NoRoute, match="没有公布限值"):
        route(small_park, rules.rubric("national-2025"), rules, goal="core_met")


def test_before_a_route_the_size_has_to_be_known(rules: Rules, park: Park) -> None:
    with pytest.raises(NoRoute, match="请先补报"):
        route(park(), rules.rubric("national-2025"), rules, goal="core_met")


@pytest.mark.parametrize(("goal", "message"), [("nirvana", "没有等级"), ("not_eligible", "已经达到")])
def test_a_goal_that_cannot_be_is_named(goal: str, message: str, rules: Rules, park: Park) -> None:
    with pytest.raises(NoRoute, match=message):
        route(park(full=True), rules.rubric("national-2025"), rules, goal=goal)


def test_an_indicator_without_a_cost_is_not_touched(rules: Rules, park: Park) -> None:
    figures = park({"no_major_accident_3y": "否"}, full=True)

    with pytest.raises(NoRoute, match="没有给出成本"):
        route(figures, rules.rubric("national-2025"), rules, goal="core_met", costs={"water_reuse": Decimal(1)})


def test_a_negative_cost_and_an_unknown_indicator_are_refused(rules: Rules, park: Park) -> None:
    with pytest.raises(ParkDataError) as caught:
        route(park(), rules.rubric("national-2025"), rules, costs={"water_reuse": Decimal(-1), "nothing": Decimal(1)})

    assert len(caught.value.faults) == 2


def test_what_if_shows_the_lines_that_move(rules: Rules, park: Park) -> None:
    national = rules.rubric("national-2025")
    before = park(full=True)
    after = what_if(before, {"reused_water_m3": "100 万m³", "worst_product_level": None}, rules)
    lines = moved(assess(before, national, rules), assess(after, national, rules))

    assert [(old.indicator.id, old.verdict, new.verdict) for old, new in lines] == [
        ("product_energy", "met", "missing"),
        ("water_reuse", "met", "not_met"),
    ]
    assert before.facts["reused_water_m3"].value == 2_000_000


def test_what_if_refuses_a_figure_that_cannot_be(rules: Rules, park: Park) -> None:
    with pytest.raises(ParkDataError):
        what_if(park(full=True), {"reused_water_m3": "-1"}, rules)


def test_the_rules_are_read_once() -> None:
    assert load_rules() is load_rules()
