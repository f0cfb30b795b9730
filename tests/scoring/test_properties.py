"""What has to hold for every park: intervals only shrink, emitting more never helps, units and order do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from full_park import C1, Park
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.interval import Interval, ends
from scoring.load import load_rules
from scoring.model import Assessment, ParkData
from scoring.park import Entry, read_park
from scoring.write import to_json

RULES = load_rules()
NATIONAL, CECA, HUNAN = (RULES.rubric(name) for name in ("national-2025", "ceca-0344-2025", "hunan-2025"))
DECLARATIONS = sorted(name for name, fact in RULES.facts.items() if fact.kind == "declaration")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def amount(top: int) -> st.SearchStrategy[Decimal]:
    """Amounts as meters give them: zero, whole, and with three places."""
    return st.integers(0, top * 1000).map(lambda thousandths: Decimal(thousandths) / 1000)


NUMBERS: Mapping[str, int] = {
    "grid_power_in_mwh": 3_000_000,
    "direct_green_mwh": 3_000_000,
    "self_green_mwh": 500_000,
    "certificate_count": 900_000,
    "certificate_uncancelled_count": 1000,
    "fossil_power_out_mwh": 1000,
    "fuel_burned/diesel": 50_000,
    "fuel_burned/bituminous": 90_000,
    "fuel_burned/natural_gas": 9_000,
    "fossil_heat_in_gj": 900_000,
    "nonfossil_heat_in_gj": 900_000,
    "carbonate_used_t/caco3": 20_000,
    "renewable_energy_tce": 50_000,
    "solid_waste_generated_t": 90_000,
    "fresh_water_m3": 900_000,
    "reused_water_m3": 900_000,
    "waste_heat_available_gj": 90_000,
}


@st.composite
def parks(draw: st.DrawFn) -> ParkData:
    """A whole park: everything that the three rubrics ask is reported."""
    entries: dict[str, Entry | str | Decimal | bool] = {name: draw(amount(top)) for name, top in NUMBERS.items()}
    entries["solid_waste_used_t"] = entries["solid_waste_generated_t"]
    entries["waste_heat_used_gj"] = entries["waste_heat_available_gj"]
    entries |= {"traded_green_mwh": Decimal(0), "worst_product_level": Decimal(draw(st.integers(1, 4)))}
    entries |= dict.fromkeys(("subject_qualified", "boundary_clear", "data_basis_sound"), True)
    entries["no_major_accident_3y"] = draw(st.booleans())
    entries["gas_counts_as_clean"] = Entry(draw(st.sampled_from(["是", "否"])), "答复")
    entries["power_equivalent_tce_per_mwh"] = Entry(draw(st.sampled_from(["0.3024", "0.3055"])), "公报")
    entries |= {"fuel_factor_set": C1, "grid_area": "江苏", "grid_factor_year": "2023"}
    entries["target_year"] = draw(st.sampled_from(["2027", "2030", "2035"]))
    entries |= dict.fromkeys(DECLARATIONS, True)
    for one in CECA.indicators:
        if one.value is None:
            entries[f"{CECA.id}/{one.id}"] = Decimal(draw(st.integers(0, 4)))
    return read_park("试园", 2025, entries, RULES)


def graded(park: ParkData, rubric: object) -> Assessment:
    return assess(park, rubric, RULES, edges=False, suggest=False)  # type: ignore[arg-type]


def assert_inside(later: Assessment, earlier: Assessment) -> None:
    """The later assessment says nothing that the earlier one had ruled out."""
    for new, old in zip(later.results, earlier.results, strict=True):
        assert new.possible <= old.possible, new.indicator.id
        assert old.low <= new.low <= new.high <= old.high
        if new.step is not None and old.step is not None and not isinstance(new.step.value, str):
            (a, b), (c, d) = ends(new.step.value), ends(old.step.value)  # type: ignore[arg-type]
            assert c <= a <= b <= d, new.indicator.id
    if later.low is not None:
        assert earlier.low is not None
        assert earlier.high is not None
        assert later.high is not None
        assert earlier.low <= later.low <= later.high <= earlier.high
    if later.grades is not None:
        assert earlier.grades is not None
        place = later.rubric.grades.index
        assert place(earlier.grades[0]) <= place(later.grades[0]) <= place(later.grades[1]) <= place(earlier.grades[1])


@pytest.mark.parametrize("rubric", [NATIONAL, CECA, HUNAN], ids=lambda one: one.id)
@QUICK
@given(data=st.data())
def test_an_added_datum_never_widens_and_the_last_is_inside_every_earlier(rubric: object, data: st.DataObject) -> None:
    try:
        whole = data.draw(parks())
        last = graded(whole, rubric)
    except ParkDataError:
        return  # a park that cannot be: more clean energy than energy
    figures = [name for name in whole.facts if name not in DECLARATIONS]
    # a declaration says that all is reported, so it comes after what it speaks of
    order = [*data.draw(st.permutations(figures)), *data.draw(st.permutations(DECLARATIONS))]
    kept = data.draw(st.integers(0, len(order)))
    start = {name: whole.facts[name] for name in order[:kept]}
    earlier = graded(replace(whole, facts=start), rubric)
    for name in order[kept : kept + 12]:
        start = {**start, name: whole.facts[name]}
        later = graded(replace(whole, facts=start), rubric)
        assert_inside(later, earlier)
        earlier = later
    assert_inside(last, earlier)


EMITTERS = ["fuel_burned/diesel", "fuel_burned/bituminous", "fossil_heat_in_gj", "carbonate_used_t/caco3"]


@QUICK
@given(park=parks(), name=st.sampled_from(EMITTERS), more=amount(100_000), energy=amount(2_000_000))
def test_emitting_more_never_helps(park: ParkData, name: str, more: Decimal, energy: Decimal) -> None:
    given_energy = read_park("试园", 2025, {"energy_tce": energy + 200_000}, RULES).facts
    less = replace(park, facts={**park.facts, **given_energy})
    fact = less.facts[name]
    assert isinstance(fact.value, Decimal)
    worse = replace(less, facts={**less.facts, name: replace(fact, value=fact.value + more)})
    try:
        before, after = graded(less, NATIONAL), graded(worse, NATIONAL)
    except ParkDataError:
        return

    emissions = before.totals["emissions_tco2"].value, after.totals["emissions_tco2"].value
    assert emissions[0] <= emissions[1]  # type: ignore[operator]
    core = before.result("carbon_per_energy").verdict, after.result("carbon_per_energy").verdict
    assert core != ("not_met", "met")
    assert before.grades is not None
    assert after.grades is not None
    assert NATIONAL.grades.index(after.grades[1]) <= NATIONAL.grades.index(before.grades[1])


@QUICK
@given(data=st.data())
def test_the_order_of_facts_does_not_matter(data: st.DataObject) -> None:
    park = data.draw(parks())
    shuffled = {name: park.facts[name] for name in data.draw(st.permutations(list(park.facts)))}
    try:
        expected = to_json(assess(park, NATIONAL, RULES), RULES)
    except ParkDataError:
        return

    assert to_json(assess(replace(park, facts=shuffled), NATIONAL, RULES), RULES) == expected


UNITS = {
    "grid_power_in_mwh": ["MWh", "kWh", "万kWh", "亿千瓦时", "GWh", "万度"],
    "fuel_burned/diesel": ["t", "kg", "万吨", "公斤"],
    "fuel_burned/natural_gas": ["万Nm3", "m³", "万立方米", "亿m3"],
    "fossil_heat_in_gj": ["GJ", "MJ", "百万千焦", "万吉焦", "TJ"],
    "energy_tce": ["tce", "吨标准煤", "万吨标煤", "kgce"],
    "fresh_water_m3": ["m3", "万m³", "立方米", "方"],
}


@QUICK
@given(name=st.sampled_from(sorted(UNITS)), value=amount(900_000), data=st.data())
def test_unit_converted_input_gives_the_same_figure(name: str, value: Decimal, data: st.DataObject) -> None:
    from scoring.units import convert

    own, *others = UNITS[name]
    figure = value + 100
    other = data.draw(st.sampled_from(others))
    written = f"{convert(figure, own, other):f} {other}"

    assert read_park("试园", 2025, {name: written}, RULES).facts[name].value == figure.normalize()


@pytest.mark.parametrize(
    ("rubric", "one"),
    [
        (rubric, one.id)
        for rubric in RULES.rubrics.values()
        for one in rubric.indicators
        if one.role in ("core", "condition", "gate")
    ],
)
def test_excusing_a_core_indicator_condition_or_gate_is_impossible(rubric: object, one: str, park: Park) -> None:
    with pytest.raises(ParkDataError, match="不能说明原因后不纳入"):
        graded(park(excuses={one: "客观条件不具备"}), rubric)


def test_excusing_without_a_reason_is_refused(park: Park) -> None:
    with pytest.raises(ParkDataError, match="没有写原因"):
        park(excuses={"water_reuse": " "})


@given(st.lists(st.tuples(amount(1000), amount(1000)), min_size=2, max_size=2), st.sampled_from("+-*/"))
def test_interval_arithmetic_holds_every_pair(pairs: list[tuple[Decimal, Decimal]], sign: str) -> None:
    left, right = (Interval(min(pair), max(pair)) for pair in pairs)
    work = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}[sign]
    whole = work(left, right)
    for a in (left.low, left.high):
        for b in (right.low, right.high):
            if sign == "/" and b == 0:
                continue
            assert whole.low <= work(a, b) <= whole.high


def test_the_full_park_reports_all_that_the_national_rubric_asks(park: Park) -> None:
    assert graded(park(full=True), NATIONAL).missing == ()
