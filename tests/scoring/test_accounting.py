"""The annex-4 accounting: a whole park redone by hand, certificates, offsets, factor sets, energy bases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from full_park import C1, Park

from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.interval import Interval
from scoring.model import ParkData, Rules
from scoring.park import Entry
from scoring.resolve import resolve


def value(name: str, park: ParkData, rules: Rules) -> Decimal:
    found = resolve(name, park, rules).value
    assert isinstance(found, Decimal), (name, found)
    return found


def test_the_full_park_comes_out_as_worked_by_hand(rules: Rules, park: Park) -> None:
    figures = park(full=True)
    diesel = Decimal(1200) * Decimal("42.652") * Decimal("0.0202") * Decimal("0.98") * 44 / 12
    gas = Decimal(800) * Decimal("389.31") * Decimal("0.0153") * Decimal("0.99") * 44 / 12
    power = (Decimal(800_000 - 600_000) - 170_000) * Decimal("0.8325")
    heat = Decimal(120_000) * Decimal("0.11")
    process = Decimal(3000) * Decimal("0.440")
    emissions = diesel + gas + power + heat + process
    fuel_tce = Decimal(1200) * Decimal("1.4571") + Decimal(800) * (Decimal("389.31") / Decimal("29.307"))
    heat_tce = Decimal(520_000) * Decimal("0.03412")
    energy = fuel_tce + heat_tce + Decimal(800_000 + 900_000 + 120_000) * Decimal("0.3024")

    assert value("park_910_tco2", figures, rules) == emissions
    assert value("energy_tce", figures, rules) == energy
    assert value("carbon_per_energy_910_tco2_per_tce", figures, rules) == emissions / energy
    assert value("location_based_tco2", figures, rules) == emissions - power + 800_000 * Decimal("0.5827")
    sensitive = emissions - power + power / Decimal("0.8325") * Decimal("0.8273")
    assert value("park_fossil_factor_2023_tco2", figures, rules) == sensitive
    calorific = fuel_tce + heat_tce + Decimal(1_820_000) * Decimal("0.1229")
    assert value("energy_calorific_tce", figures, rules) == calorific


def test_the_annex_total_and_the_location_based_one_never_mix(rules: Rules, park: Park) -> None:
    figures = park(full=True)
    elsewhere = park({"grid_area": "内蒙古"}, full=True)

    assert value("park_910_tco2", figures, rules) == value("park_910_tco2", elsewhere, rules)
    assert value("location_based_tco2", figures, rules) != value("location_based_tco2", elsewhere, rules)


@pytest.mark.parametrize("year", ["2021", "2022", "2023"])
def test_every_published_grid_factor_can_be_named(year: str, rules: Rules, park: Park) -> None:
    for area, key in rules.facts["grid_area"].options.items():
        step = resolve("grid_factor_tco2_per_mwh", park({"grid_area": area, "grid_factor_year": year}), rules)

        assert step.value == rules.parameters["grid/electricity"][f"{key}/{year}"].value


CERTIFICATES = {"grid_power_in_mwh": "1000 MWh", "traded_green_mwh": "400 MWh", "power_complete": "是"}


@pytest.mark.parametrize(
    ("certificates", "counted", "warning"),
    [
        ({"certificate_count": "500"}, "500", None),
        ({"certificate_count": "600"}, "600", None),
        ({"certificate_count": "700"}, "600", "超出部分不计"),
        ({"certificate_count": "500", "certificate_uncancelled_count": "100"}, "400", "尚未核销"),
        ({"certificate_count": "500", "certificate_other_year_count": "100"}, "400", "不是核算年度"),
        ({"certificate_count": "500", "certificate_double_count": "100"}, "400", "只能主张一次"),
    ],
)
def test_certificates_count_when_cancelled_of_the_year_claimed_once_and_within_the_off_take(
    certificates: dict[str, str], counted: str, warning: str | None, rules: Rules, park: Park
) -> None:
    figures = park({**CERTIFICATES, **certificates})
    assessment = assess(figures, rules.rubric("national-2025"), rules, suggest=False)

    assert value("certificate_mwh", figures, rules) == Decimal(counted)
    assert value("power_910_tco2", figures, rules) == (600 - Decimal(counted)) * Decimal("0.8325")
    found = [text for text in assessment.warnings if "绿证" in text]
    assert (found == []) if warning is None else any(warning in text for text in found)


def test_green_power_sent_out_is_no_credit(rules: Rules, park: Park) -> None:
    figures = park({**CERTIFICATES, "green_power_out_mwh": "5000 MWh"})

    assert value("power_910_tco2", figures, rules) == 600 * Decimal("0.8325")


def test_offsets_stand_on_a_line_of_their_own(rules: Rules, park: Park) -> None:
    plain, offset = park(full=True), park({"offsets_tco2": "5000 tCO2"}, full=True)

    assert value("park_910_tco2", offset, rules) == value("park_910_tco2", plain, rules)
    assert value("after_offsets_tco2", offset, rules) == value("park_910_tco2", plain, rules) - 5000
    assert "附件4没有抵消项" in " ".join(assess(offset, rules.rubric("national-2025"), rules).warnings)


def test_raw_coal_needs_its_rank_or_measured_values(rules: Rules, park: Park) -> None:
    coal = {"fuel_burned/raw_coal": "1000 t", "fuel_factor_set": C1, "fuel_complete": "是"}
    measured = {
        "fuel_ncv_gj_per_unit/raw_coal": "20 GJ/t",
        "fuel_carbon_tc_per_gj/raw_coal": "0.026 tC/GJ",
        "fuel_oxidation_share/raw_coal": "94%",
    }

    assert resolve("fuel_tco2", park(coal), rules).missing == ("raw_coal_rank",)
    lignite = Decimal(1000) * Decimal("11.9") * Decimal("0.028") * Decimal("0.96") * 44 / 12
    assert value("fuel_tco2", park({**coal, "raw_coal_rank": "褐煤"}), rules) == lignite
    own = Decimal(1000) * 20 * Decimal("0.026") * Decimal("0.94") * 44 / 12
    assert value("fuel_tco2", park({**coal, **measured}), rules) == own


def test_a_fuel_that_the_chosen_set_lacks_is_asked_for_and_never_borrowed(rules: Rules, park: Park) -> None:
    figures = park({"fuel_burned/lng": "10 t", "fuel_factor_set": "2011 口径汇编", "fuel_complete": "是"})

    step = resolve("fuel_tco2", figures, rules)

    assert step.missing == tuple(
        f"{name}/lng" for name in ("fuel_ncv_gj_per_unit", "fuel_carbon_tc_per_gj", "fuel_oxidation_share")
    )


def test_without_a_named_factor_set_the_set_is_missing(rules: Rules, park: Park) -> None:
    assert (
        "fuel_factor_set"
        in resolve("fuel_tco2", park({"fuel_burned/lng": "10 t", "fuel_complete": "是"}), rules).missing
    )


def test_a_measured_heat_value_takes_the_place_of_the_printed_coal_equivalent(rules: Rules, park: Park) -> None:
    diesel = {"fuel_burned/diesel": "1 t", "fuel_factor_set": C1, "fuel_complete": "是"}

    assert value("fuel_energy_tce/diesel", park(diesel), rules) == Decimal("1.4571")
    own = value("fuel_energy_tce/diesel", park({**diesel, "fuel_ncv_gj_per_unit/diesel": "29.307 GJ/t"}), rules)
    assert own == 1


def test_the_equivalent_value_coefficient_must_name_its_source(park: Park) -> None:
    with pytest.raises(ParkDataError, match="要写明来源"):
        park({"power_equivalent_tce_per_mwh": "0.3024 kgce/kWh"})


def test_feedstock_matters_only_as_the_authority_answered(rules: Rules, park: Park) -> None:
    feed = {"feedstock_tce": "1000 tce"}
    unsaid = resolve("energy_tce", park(feed, full=True), rules)
    no = park({**feed, "feedstock_in_energy": Entry("否", "答复")}, full=True)
    yes = park({**feed, "feedstock_in_energy": Entry("是", "答复")}, full=True)

    assert unsaid.missing == ("feedstock_in_energy",)
    assert unsaid.value == Interval(value("energy_tce", no, rules), value("energy_tce", yes, rules))
    assert value("energy_tce", yes, rules) - value("energy_tce", no, rules) == 1000


def test_whether_gas_is_clean_is_asked_and_both_figures_are_shown(rules: Rules, park: Park) -> None:
    unsaid = park({"gas_counts_as_clean": None}, full=True)
    result = assess(unsaid, rules.rubric("national-2025"), rules).result("clean_energy")

    assert result.missing == ("gas_counts_as_clean",)
    low, high = (value(f"clean_share_{kind}_gas", unsaid, rules) for kind in ("without", "with"))
    assert result.step is not None
    assert result.step.value == Interval(low, high)


def test_a_share_above_one_is_refused(rules: Rules, park: Park) -> None:
    with pytest.raises(ParkDataError, match="超出了可能的范围"):
        resolve("solid_waste_utilization_share", park({"solid_waste_used_t": "20 万t"}, full=True), rules)


def test_conversion_takes_oxidation_as_one_and_is_never_negative(rules: Rules, park: Park) -> None:
    coking = {
        "conversion_input/washed_coal": "1000 t",
        "conversion_output/coke": "700 t",
        "conversion_complete": "是",
        "fuel_factor_set": C1,
    }
    coal = Decimal(1000) * Decimal("26.334") * Decimal("0.02541") * 44 / 12
    coke = Decimal(-700) * Decimal("28.435") * Decimal("0.0295") * 44 / 12

    assert value("conversion_tco2", park(coking), rules) == coal + coke
    assert value("conversion_tco2", park({**coking, "conversion_output/coke": "900 t"}), rules) == 0


def test_a_reported_total_that_differs_from_its_parts_is_used_and_said(rules: Rules, park: Park) -> None:
    assessment = assess(park({"energy_tce": "90 万吨标准煤"}, full=True), rules.rubric("national-2025"), rules)

    assert assessment.totals["energy_tce"].value == 900_000
    assert any("两者不一致" in text for text in assessment.warnings)


def test_an_unreported_figure_is_missing_not_zero(rules: Rules, park: Park) -> None:
    for name in ("grid_power_in_mwh", "fuel_complete", "heat_complete", "process_complete", "conversion_complete"):
        assessment = assess(park({name: None}, full=True), rules.rubric("national-2025"), rules, suggest=False)

        assert assessment.totals["carbon_per_energy_tco2_per_tce"].missing, name
        assert assessment.result("carbon_per_energy").verdict != "met", name


def test_a_sure_failure_needs_no_more_data(rules: Rules, park: Park) -> None:
    figures = park(
        {"energy_tce": "30 万吨标准煤", "fuel_tco2": "20 万吨二氧化碳", "power_complete": "是", "heat_complete": "是"}
    )
    result = assess(figures, rules.rubric("national-2025"), rules).result("carbon_per_energy")

    # conversion, power and processes are open, but none of them can be negative without power sent out
    assert result.verdict == "not_met"
    assert "grid_power_in_mwh" in result.missing
    assert "不论缺的是什么都达不到" in result.reason
