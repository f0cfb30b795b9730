"""Published examples, recomputed to their printed digits.

Not possible, and why:
- P02 (1284.5 tce): its own inputs give 1284.354 tce, and 1284.3 by rounded lines; the printed figure is not theirs.
- G-东北 (-8.0 %): the two tables give -7.94 %, which is -7.9 to one place; the press rounded further.
- R01 (376836.57 and 772170.93 t): no activity data are published.
P01 prints the sum of its rounded lines (2946.8); the exact sum is 2946.7494, and both are checked.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from full_park import Park

from scoring.assess import assess
from scoring.formulas import FORMULAS
from scoring.model import Rules
from scoring.resolve import resolve
from scoring.source import read_yaml
from scoring.units import convert

CASES = cast(
    dict[str, list[dict[str, Any]]],
    read_yaml(
        "worked_examples.yaml",
        (Path(__file__).parents[1] / "cases" / "scoring" / "worked_examples.yaml").read_text(encoding="utf-8"),
    ).data,
)
CO2, CARBON = Decimal(44), Decimal(12)


def cases(kind: str) -> Any:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["id"])


def same(value: Decimal, printed: str) -> bool:
    """Whether the value, rounded half to even to the places printed, is the printed one."""
    return value.quantize(Decimal(printed)) == Decimal(printed)


@cases("fuel_factors")
def test_a_fuel_factor_comes_out_as_printed(case: dict[str, str]) -> None:
    factors = [Decimal(case[key]) for key in ("ncv", "carbon", "oxidation")]

    assert same(FORMULAS["fuel_co2_tco2"](Decimal(1), *factors, CO2, CARBON), case["printed"])


def test_f11_a_tonne_of_standard_coal_as_raw_coal(rules: Rules) -> None:
    table = rules.parameters["fuels/PROV2011_COMPILED"]
    factors = [table[f"原煤/{key}"].value for key in ("ncv", "carbon_content", "oxidation")]
    coal_equivalent = rules.parameters["coal_equivalents/gbt2589_2020"]["原煤/coal_equivalent"].value

    assert same(FORMULAS["fuel_co2_tco2"](Decimal(1), *factors, CO2, CARBON) / coal_equivalent, "2.66")


def test_f12_a_factor_per_unit_of_heat() -> None:
    carbon = Decimal("74.1") / 1000 * CARBON / CO2

    assert same(FORMULAS["fuel_co2_tco2"](Decimal(1), Decimal(43), carbon, Decimal(1), CO2, CARBON), "3.1863")


@cases("fuel_lines")
def test_a_measured_fuel_line_comes_out_as_printed(case: dict[str, str], rules: Rules, park: Park) -> None:
    member = case["member"]
    measured = park(
        {
            f"fuel_burned/{member}": case["amount"],
            f"fuel_ncv_gj_per_unit/{member}": case["ncv"],
            f"fuel_carbon_tc_per_gj/{member}": case["carbon"],
            f"fuel_oxidation_share/{member}": "1",
            "fuel_complete": "是",
        }
    )

    assert same(cast(Decimal, resolve("fuel_tco2", measured, rules).value), case["printed"])


def test_p01_a_site_inventory() -> None:
    lines = [
        Decimal(3840) * Decimal("0.5703"),
        Decimal("19.7") * Decimal("21.622"),
        Decimal(4280) * Decimal("0.0773"),
    ]
    total = FORMULAS["location_based_tco2"](
        lines[1], Decimal(0), Decimal(3840), Decimal(0), Decimal("0.5703"), lines[2], Decimal(0)
    )

    assert total == sum(lines) == Decimal("2946.7494")
    assert sum(line.quantize(Decimal("0.1")) for line in lines) == Decimal("2946.8")


def test_p02_the_printed_energy_is_not_that_of_its_inputs() -> None:
    zero = Decimal(0)
    steam, gas = Decimal(4280) * Decimal("0.1286"), Decimal("197") * Decimal("1.33")
    total = FORMULAS["energy_calorific_tce"](steam + gas + zero, Decimal(3840), Decimal("0.1229"))

    assert total == Decimal("1284.354")


@cases("intensities")
def test_an_intensity_comes_out_as_printed(case: dict[str, str]) -> None:
    value = FORMULAS["carbon_per_energy_910_tco2_per_tce"](Decimal(case["emissions"]), Decimal(case["energy"]))

    assert same(value, case["printed"])


def test_p05_a_park_that_misses_the_core_limit(rules: Rules, park: Park) -> None:
    figures = park(
        {
            "energy_tce": "50 万吨标准煤",
            "fuel_tco2": "40000 tCO2",
            "fossil_heat_in_gj": "70000 GJ",
            "fossil_heat_factor_tco2_per_gj": None,
            "conversion_complete": "是",
            "grid_power_in_mwh": "0",
            "power_complete": "是",
            "heat_complete": "是",
            "process_tco2": "62300 tCO2",
        }
    )  # 40,000 direct and 70,000 others, here 7,700 of heat and 62,300 of processes

    result = assess(figures, rules.rubric("national-2025"), rules).result("carbon_per_energy")

    assert result.step is not None
    assert result.step.value == Decimal("0.22")
    assert result.verdict == "not_met"
    assert (result.step.value - result.limits[0].value) * 500000 == 10000  # tCO2 to cut


@cases("shares")
def test_a_share_comes_out_as_printed(case: dict[str, Any], rules: Rules, park: Park) -> None:
    value = cast(Decimal, resolve(case["value"], park(case["facts"]), rules).value)

    assert same(convert(value, "1", "percent") if "percent" in case else value, case["printed"])


def change(rules: Rules, new: str, old: str) -> Decimal:
    table = rules.parameters["grid/electricity"]
    return (table[new].value - table[old].value) / table[old].value * 100


@cases("grid_changes")
def test_a_change_of_grid_factors_comes_out_as_printed(case: dict[str, str], rules: Rules) -> None:
    assert same(change(rules, case["new"], case["old"]), case["printed"])


def test_g_northeast_is_7_9_and_not_8_0(rules: Rules) -> None:
    assert same(change(rules, "region/东北/2023", "region/东北/2022"), "-7.9")


def test_g01_twenty_provinces_fell_and_ten_rose(rules: Rules) -> None:
    table = rules.parameters["grid/electricity"]
    provinces = [key.split("/")[1] for key in table if key.startswith("province/") and key.endswith("/2023")]
    falls = [table[f"province/{one}/2023"].value < table[f"province/{one}/2022"].value for one in provinces]

    assert (falls.count(True), falls.count(False)) == (20, 10)
