"""What a made-up park uses besides power, and the papers on it: fuels, heat, waste, water, scope, photos."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from random import Random

from assistant.training.dossier_park import (
    Draft,
    bills,
    meter,
    monthly,
    months,
    powered_draft,
    put,
    rounded,
    text,
    texts,
)
from scoring.model import Rules


def true_draft(random: Random, difficulty: int, rules: Rules, *, rubric: str) -> Draft:
    """Return a park whose figures agree, with papers that say the same; as yet it reports the truth."""
    draft, size = powered_draft(random, difficulty, rules, rubric)
    _fuels(draft, size)
    _heat(draft, size)
    _resources(draft, size)
    _water(draft, size)
    _scope(draft)
    _photos(draft)
    _levels(draft)
    draft.reported = deepcopy(draft.truth)
    return draft


def _fuels(draft: Draft, size: Decimal) -> None:
    words = texts()["words"]
    total = size * draft.span("gas_share_of_energy") / draft.equivalent("fuel_tce_per_unit/natural_gas")
    gas = _billed(
        draft, "gas", "fuel_burned/natural_gas", months(draft, total, "gas_swing", 2), 2, words["burned_only"]
    )
    _fuel(draft, "natural_gas", gas, "0", "万Nm3")
    diesel = text(size * draft.span("diesel_share_of_energy") / draft.equivalent("fuel_tce_per_unit/diesel"), 1)
    put(draft, "fuel_burned/diesel", diesel, "t")
    _fuel(draft, "diesel", diesel, "0", "t")
    lpg = draft.equivalent("fuel_tce_per_unit/lpg")
    burned = text(size * draft.span("lpg_share_of_energy") / lpg)
    raw = text(size * draft.span("feedstock_to_energy") / lpg)
    put(draft, "fuel_burned/lpg", burned, "t")
    put(draft, "feedstock_tce", text(Decimal(raw) * lpg, 1), "吨标准煤")
    _fuel(draft, "lpg", burned, raw, "t")


def _billed(draft: Draft, sheet: str, key: str, values: list[Decimal], places: int, use: str) -> str:
    """Report a figure with its bills and its meter; return the year's."""
    words, unit = texts()["words"], texts()["units"][sheet]
    bills(draft, sheet, values, places, unit, use=use)
    monthly(draft, key, values, places, unit)
    total = text(sum(values, Decimal(0)), places)
    meter(draft, sheet, words[f"{sheet}_meter"], words[f"{sheet}_at"], total, unit)
    return total


def _fuel(draft: Draft, fuel: str, burned: str, feedstock: str, unit: str) -> None:
    bought = f"{Decimal(burned) + Decimal(feedstock):f}"
    cells = {"bought": bought, "burned": burned, "feedstock": feedstock, "unit": unit}
    draft.add("fuels", fuel, fuel=texts()["words"][fuel], **cells)


def _heat(draft: Draft, size: Decimal) -> None:
    per_gj = draft.equivalent("heat_tce_per_gj")
    heat = months(draft, size * draft.span("heat_share_of_energy") / per_gj / 10000, "heat_swing", 3)
    _billed(draft, "heat", "fossil_heat_in_gj", heat, 3, texts()["words"]["fossil_heat"])
    clean = size * draft.span("clean_heat_share_of_energy") / per_gj / 10000
    put(draft, "nonfossil_heat_in_gj", text(clean, 2), "万GJ")


def _resources(draft: Draft, size: Decimal) -> None:
    words = texts()["words"]
    generated = rounded(size * draft.span("waste_t_per_tce"))
    stock = rounded(generated * draft.span("stock_to_waste"), 3)
    used = rounded(
        min((generated + stock) * draft.span("waste_used_share"), generated * draft.number("waste_used_at_most")), 3
    )
    for key, item, value in (
        ("generated", "generated", generated),
        ("used", "used", used),
        ("from_stock", "from_stock", stock),
    ):
        put(draft, f"solid_waste_{key}_t", text(value), "t")
        draft.add("waste", key, item=words[item], amount=text(value), unit="t")
    available = rounded(size * draft.span("waste_heat_gj_per_tce"))
    recovered = rounded(available * draft.span("waste_heat_used_share"))
    for key, item, value in (("available", "available", available), ("used", "recovered", recovered)):
        put(draft, f"waste_heat_{key}_gj", text(value), "GJ")
        draft.add("waste_heat", key, item=words[item], amount=text(value), unit="GJ", how=words["measured"])
    put(draft, "value_added_cny", text(size * draft.span("value_added_1000_cny_per_tce") / 10000, 1), "亿元")
    put(draft, "offsets_tco2", text(rounded(size * draft.span("offsets_t_per_tce"), 3)), "tCO2")


def _water(draft: Draft, size: Decimal) -> None:
    words = texts()["words"]
    fresh = months(draft, size * draft.span("water_m3_per_tce") / 10000, "swing", 2)
    total = sum(fresh, Decimal(0))
    bills(draft, "water_bill", fresh, 2, "万m3")
    monthly(draft, "fresh_water_m3", fresh, 2, "万m3")
    reused = total * draft.span("water_reused_to_fresh")
    put(draft, "reused_water_m3", text(reused, 2), "万m3")
    for tag, value in (
        ("fresh", total),
        ("reused", Decimal(text(reused, 2))),
        ("total_water", total + Decimal(text(reused, 2))),
    ):
        draft.add("water", tag, item=words[tag], amount=text(value, 2), unit="万m3")


def _scope(draft: Draft) -> None:
    facts = draft.truth["facts"]
    coefficient = facts["power_equivalent_tce_per_mwh"]
    firms = "、".join(dict.fromkeys(row["firm"] for row in draft.tables["power"] if row.get("firm")))
    known = {
        "firms": firms,
        "year": draft.truth["year"],
        "value": coefficient["value"],
        "source": coefficient["source"],
        "area": facts["grid_area"],
        "grid_year": facts["grid_factor_year"],
        "offsets": facts["offsets_tco2"]["value"],
    }
    for tag, sentence in texts()["scope"].items():
        draft.add("scope", tag, text=sentence.format(**known))
    for one in texts()["talk"]:
        draft.add("talk", one["tag"], text=one["text"])


def _photos(draft: Draft) -> None:
    meter = draft.row("meters:grid1")
    for one in texts()["photos"]:
        said = one["text"].format(
            meter=meter["at"], number=meter["meter"], reading=meter["reading"], unit=meter["unit"]
        )
        draft.add("photos", one["tag"], text=said)


def _levels(draft: Draft) -> None:
    """Give each item of the rule set's own a level, and put into the site record what that level must show."""
    for one in draft.rules.rubric(draft.rubric).indicators:
        key = f"{draft.rubric}/{one.id}"
        if key in draft.rules.facts and one.levels:
            choices = texts()["gate_levels" if one.role == "gate" else "levels"]
            level = min(int(draft.random.choice(choices)), len(one.levels) - 1)
            put(draft, key, str(level), "级")
            seen = one.levels[level]
            draft.add("site", one.id, item=one.label, seen=seen.see, evidence=seen.ask)
