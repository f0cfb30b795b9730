"""Done-when 3: a spreadsheet with the formulas of annex 4 in its cells, built here and recomputed by another engine.

The sheet knows nothing of our code: quantities, printed factors and the annex's own arithmetic. Emissions, energy at
the equivalent value that the park names, and carbon per energy are rounded to the gram of CO2, the gram of standard
coal and twelve decimals, beyond every printed digit; so are ours, and the two must be the same figure. The engine works
in floats: a test sees to it that no figure lies so near to a rounding boundary that they could blur it.
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from scoring.model import Rules
from scoring.park import Entry, read_park
from scoring.resolve import Resolver
from scoring.wording import shown

FACTORS = Path(__file__).parents[2] / "scoring" / "rules" / "factors"
SEEDS = (1, 2, 3, 4, 6, 7, 8, 9, 10, 11)
FUELS = {"bituminous": "烟煤", "diesel": "柴油", "natural_gas": "天然气", "fuel_oil": "燃料油", "coke": "焦炭"}
CARBONATES = {"caco3": "CaCO3", "mgco3": "MgCO3", "dolomite": "白云石"}


def table(path: str) -> dict[str, str]:
    with (FACTORS / path).open(encoding="utf-8", newline="") as lines:
        return {row["key"]: row["value"] for row in csv.DictReader(lines)}


def reported(seed: int) -> dict[str, Entry | str]:
    """Return figures with at most four decimals, so that they are the same in both."""
    random = Random(seed)

    def figure(low: float, high: float) -> str:
        return str(round(random.uniform(low, high), random.choice([0, 1, 2])))

    facts: dict[str, Entry | str] = {f"fuel_burned/{name}": figure(0, 90000) for name in FUELS}
    facts |= {f"carbonate_used_t/{name}": figure(0, 50000) for name in CARBONATES}
    facts |= {"conversion_input/bituminous": figure(10000, 90000), "conversion_output/coke": figure(0, 5000)}
    facts |= {"product_output_t/clinker": figure(0, 900000)}
    facts["product_factor_tco2_per_t/clinker"] = Entry(str(round(random.uniform(0.4, 0.6), 3)), "省级清单")
    facts["grid_power_in_mwh"] = figure(100000, 2000000)
    facts["traded_green_mwh"] = figure(0, 90000)
    facts["fossil_power_out_mwh"] = figure(0, 90000)
    facts |= {"certificate_count": str(random.randrange(0, 200000)), "certificate_uncancelled_count": "120"}
    facts |= {"certificate_other_year_count": "30", "certificate_double_count": "7"}
    facts |= {"fossil_heat_in_gj": figure(0, 900000), "fossil_heat_out_gj": figure(0, 100000)}
    facts["mass_balance_tco2"] = figure(0, 3000)
    facts["fuel_factor_set"] = "GB/T 32151 系列（2024）附录C 表C.1"
    facts |= dict.fromkeys(
        ("power_complete", "fuel_complete", "conversion_complete", "heat_complete", "process_complete"), "是"
    )
    facts |= {"direct_green_mwh": figure(0, 300000), "self_green_mwh": figure(0, 90000)}
    facts |= {"nonfossil_heat_in_gj": figure(0, 200000), "nonfossil_heat_out_gj": figure(0, 50000)}
    facts |= {"renewable_energy_tce": figure(0, 9000), "other_energy_tce": figure(0, 9000)}
    facts["power_equivalent_tce_per_mwh"] = Entry(random.choice(["0.3024", "0.2983", "0.305"]), "中电联年度报告")
    facts["feedstock_tce"] = figure(0, 20000)
    facts["feedstock_in_energy"] = Entry(random.choice(["是", "否"]), "省发展改革委答复")
    return facts


def energy_lines(park: dict[str, Entry | str], line: Callable[[str, Any], None], at: Callable[[str], str]) -> None:
    """Write the energy consumption, power at the equivalent value that the park names and at the calorific one."""
    coal_equivalents = table("coal_equivalents/gbt2589_2020.csv")
    line("standard coal", float(coal_equivalents["标准煤/ncv"]))
    for name, label in FUELS.items():
        printed = coal_equivalents.get(f"{label}/coal_equivalent")
        # GB/T 2589 prints none, or a range only, for the others: by their calorific value, kJ/kgce -> GJ/tce
        line(f"{name} tce", float(printed) if printed else f"={at(f'{name} ncv')}/({at('standard coal')}/1000)")
    burned = "+".join(f"{at(f'fuel_burned/{name}')}*{at(f'{name} tce')}" for name in FUELS)
    went_in = f"{at('conversion_input/bituminous')}*{at('bituminous tce')}"
    line("conversion tce", f"=MAX({went_in}-{at('conversion_output/coke')}*{at('coke tce')},0)")
    line("heat coefficient", float(coal_equivalents["热力/calorific"]))
    flows = f"{at('fossil_heat_in_gj')}+{at('nonfossil_heat_in_gj')}"
    line("net heat", f"={flows}-{at('fossil_heat_out_gj')}-{at('nonfossil_heat_out_gj')}")
    answer = park["feedstock_in_energy"]
    line("feedstock share", 1.0 if isinstance(answer, Entry) and answer.text == "是" else 0.0)
    others = f"{at('renewable_energy_tce')}+{at('other_energy_tce')}+{at('feedstock_tce')}*{at('feedstock share')}"
    heat_tce = f"{at('net heat')}*{at('heat coefficient')}"
    line("besides power", f"={burned}+{at('conversion tce')}+{heat_tce}+{others}")
    green = f"{at('direct_green_mwh')}+{at('self_green_mwh')}"
    line("power used", f"={at('grid_power_in_mwh')}+{green}-{at('fossil_power_out_mwh')}")
    line("energy", f"={at('besides power')}+{at('power used')}*{at('power_equivalent_tce_per_mwh')}")
    line("calorific coefficient", float(coal_equivalents["电力/calorific"]))
    line("energy, calorific", f"={at('besides power')}+{at('power used')}*{at('calorific coefficient')}")


def sheet_of(parks: list[dict[str, Entry | str]], path: Path) -> None:
    """Write one column a park; each line is a quantity, a printed factor or a formula of lines above."""
    fuels, process = table("fuels/GBT32151_2024_C1.csv"), table("process/process.csv")
    grid, heat = table("grid/electricity.csv"), table("heat/heat.csv")
    book: Any = openpyxl.Workbook()
    sheet = book.active
    for column, park in enumerate(parks, 2):
        letter = sheet.cell(1, column).column_letter
        rows: dict[str, int] = {}

        def line(name: str, value: Any, rows: dict[str, int] = rows, column: int = column) -> None:
            rows[name] = len(rows) + 1
            sheet.cell(rows[name], 1, name)
            sheet.cell(rows[name], column, value)

        def at(name: str, rows: dict[str, int] = rows, letter: str = letter) -> str:
            return f"{letter}{rows[name]}"

        for key, entry in park.items():
            text = entry.text if isinstance(entry, Entry) else entry
            if text.replace(".", "").isdigit():
                line(key, float(text))
        for name, label in FUELS.items():
            for part in ("ncv", "carbon_content", "oxidation"):
                line(f"{name} {part}", float(fuels[f"{label}/{part}"]))
            heat_value = f"{at(f'{name} ncv')}*{at(f'{name} carbon_content')}"
            line(f"{name} co2", f"={at(f'fuel_burned/{name}')}*{heat_value}*{at(f'{name} oxidation')}*44/12")
        line("fuel", "=" + "+".join(at(f"{name} co2") for name in FUELS))
        carbon = {name: f"{at(f'{name} ncv')}*{at(f'{name} carbon_content')}*44/12" for name in ("bituminous", "coke")}
        coal, coke = at("conversion_input/bituminous"), at("conversion_output/coke")
        lost = f"{coal}*{carbon['bituminous']}-{coke}*{carbon['coke']}"
        line("conversion", f"=MAX({lost},0)")
        line("valid certificates", "=MAX(" + "-".join(at(f"certificate_{part}count") for part in PARTS) + ",0)")
        line("room", f"=MAX({at('grid_power_in_mwh')}-{at('traded_green_mwh')},0)")
        line("other power", f"=MAX({at('room')}-{at('valid certificates')},0)")
        line("power factor", float(grid["scheme/910/other_power"]))
        line("power", f"=({at('other power')}-{at('fossil_power_out_mwh')})*{at('power factor')}")
        line("heat factor", float(heat["scheme/910/fossil_heat_default"]))
        line("heat", f"=({at('fossil_heat_in_gj')}-{at('fossil_heat_out_gj')})*{at('heat factor')}")
        for name, key in CARBONATES.items():
            line(f"{name} factor", float(process[f"carbonate/{key}"]))
        made = f"{at('product_output_t/clinker')}*{at('product_factor_tco2_per_t/clinker')}"
        used = "+".join(f"{at(f'carbonate_used_t/{name}')}*{at(f'{name} factor')}" for name in CARBONATES)
        line("process", f"={made}+{used}+{at('mass_balance_tco2')}")
        line("total", "=" + "+".join(at(name) for name in ("fuel", "conversion", "power", "heat", "process")))
        energy_lines(park, line, at)
        line("carbon per energy", f"={at('total')}/{at('energy')}")
        line("carbon per energy, calorific", f"={at('total')}/{at('energy, calorific')}")
        for name in RESULTS:
            line(f"{name} rounded", f"=ROUND({at(name)},{places(name)})")
    book.save(path)


PARTS = ("", "uncancelled_", "other_year_", "double_")
RESULTS = {
    "fuel": "fuel_tco2",
    "conversion": "conversion_tco2",
    "power": "power_910_tco2",
    "heat": "heat_910_tco2",
    "process": "process_tco2",
    "total": "park_910_tco2",
    "besides power": "energy_besides_power_tce",
    "energy": "energy_tce",
    "energy, calorific": "energy_calorific_tce",
    "carbon per energy": "carbon_per_energy_910_tco2_per_tce",
    "carbon per energy, calorific": "carbon_per_energy_calorific_tco2_per_tce",
}


def places(name: str) -> int:
    """Return how many decimals are compared: the gram of a tonne, and more of a ratio."""
    return 12 if name.startswith("carbon per energy") else 6


def rounded(name: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places(name)), ROUND_HALF_EVEN)


@pytest.fixture(scope="module")
def recomputed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Decimal]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import formulas

        path = tmp_path_factory.mktemp("sheet") / "annex4.xlsx"
        sheet_of([reported(seed) for seed in SEEDS], path)
        model: Any = formulas.ExcelModel().loads(str(path)).finish()
        solution = model.calculate()
    cells = {str(key).rpartition("!")[2]: ranges.value[0, 0] for key, ranges in solution.items() if "!" in str(key)}
    names = {str(value): int(cell[1:]) for cell, value in cells.items() if cell[0] == "A" and cell[1:].isdigit()}
    letters = "BCDEFGHIJK"
    return {
        seed: {name: Decimal(repr(float(cells[f"{letter}{names[f'{name} rounded']}"]))) for name in RESULTS}
        for seed, letter in zip(SEEDS, letters, strict=True)
    }


def ours(seed: int, rules: Rules) -> dict[str, Decimal]:
    """Return the figures as graded, exact, with nothing missing."""
    resolver = Resolver(read_park("甲", 2025, reported(seed), rules), rules)
    found: dict[str, Decimal] = {}
    for name, quantity in RESULTS.items():
        value = resolver.step(quantity).value
        assert isinstance(value, Decimal), quantity
        found[name] = value
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_annex_4_accounting_is_what_an_independent_spreadsheet_says(
    seed: int, recomputed: dict[int, dict[str, Decimal]], rules: Rules
) -> None:
    exact = ours(seed, rules)
    assert {name: rounded(name, value) for name, value in exact.items()} == {
        name: rounded(name, value) for name, value in recomputed[seed].items()
    }
    units = {name: rules.quantities[quantity].unit for name, quantity in RESULTS.items()}
    assert {name: shown(value, units[name], rules) for name, value in exact.items()} == {
        name: shown(value, units[name], rules) for name, value in recomputed[seed].items()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_no_compared_figure_is_blurred_by_floats(seed: int, rules: Rules) -> None:
    # a handful of operations on doubles is off by far less than this part of the figure
    reach = Decimal("1e-14")
    for name, value in ours(seed, rules).items():
        assert rounded(name, value * (1 - reach)) == rounded(name, value * (1 + reach)), name
