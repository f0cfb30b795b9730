"""One function a kind of fault: it makes the park sheet wrong, leaves the papers right, and says where it shows.

Each takes the draft and returns the facts made wrong and the spots, or None where the park gives no occasion.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, cast

from assistant.training.dossier_model import park_of
from assistant.training.dossier_park import TEN, Draft, between, certificate, months, rounded, text, texts
from assistant.understand import read_yaml
from scoring.interval import Number, ends
from scoring.resolve import Resolver

Spots = tuple[tuple[str, str], ...]
Plant = Callable[[Draft], tuple[tuple[str, ...], Spots] | None]
NONE = Decimal(0)


@cache
def fault_texts() -> dict[str, Any]:
    """Return the kinds of faults and their words: `faults.yaml`, read once."""
    return cast(dict[str, Any], read_yaml("assistant.training", "faults.yaml"))


def _seen(*spots: tuple[str, str]) -> Spots:
    """Return the spots with the heads of the tables in the place of their short names."""
    found: list[tuple[str, str]] = []
    for tag, column in spots:
        sheet = texts()["sheets"].get(tag.partition(":")[0])
        found.append((tag, column if sheet is None else sheet["columns"].get(column, "")))
    return tuple(found)


def _computed(draft: Draft, name: str) -> Decimal:
    return ends(cast(Number, Resolver(park_of(draft.truth, draft.rules), draft.rules).formula_step(name).value))[0]


def _unit_slip(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "self_green_mwh"
    draft.report(key, draft.truth["facts"][key]["value"], unit="MWh")
    return (key,), _seen((f"sheet:{key}", "unit"), ("green:self", "unit"))


def _outside_boundary(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key, unit, where = "grid_power_in_mwh", "万kWh", fault_texts()["outside"]
    ones = months(draft, draft.fact(key) * between(draft.random, "0.1", "0.25"), "swing", 1)
    rows = draft.tables["power"]
    total = rows.pop()
    for month, one in enumerate(ones, 1):
        cells = {"month": f"{month}月", "account": "03", "firm": where["firm"], "amount": text(one, 1), "unit": unit}
        draft.add("power", f"3:{month}", **cells)
    extra = sum(ones, NONE)
    rows.append({**total, "amount": text(Decimal(total["amount"]) + extra, 1)})
    number = f"DB-{draft.random.randint(1000, 9999)}"
    cells = {**draft.row("meters:grid1"), "meter": number, "at": where["at"], "reading": text(extra, 1)}
    cells.pop("tag")
    draft.add("meters", "outside", **{**cells, "boundary": texts()["words"]["outside"]})
    sides = {"metered": text(extra, 1), "billed": text(extra, 1), "unit": unit}
    draft.reported["meters"].append({"key": key, "meter": where["at"], **sides})
    given = draft.reported["months"][key]
    given["values"] = [text(Decimal(a) + b, 1) for a, b in zip(given["values"], ones, strict=True)]
    draft.report(key, text(draft.fact(key) + extra, 1))
    spots = (
        ("meters:outside", "boundary"),
        ("scope:accounts", ""),
        ("power:total", "amount"),
        *((f"power:3:{month}", "firm") for month in range(1, 13)),
    )
    return (key,), _seen((f"sheet:{key}", "value"), *spots)


def _bad_certificate(draft: Draft, column: str, made: str, **others: str) -> tuple[tuple[str, ...], Spots]:
    words, ledger = texts()["words"], draft.reported["certificates"]
    room = int((draft.fact("grid_power_in_mwh") - draft.fact("traded_green_mwh")) * TEN)
    pieces = max(1, int(room * between(draft.random, "0.08", "0.2")))
    start = int(ledger[-1]["serial_to"][3:]) + draft.random.randint(10, 5000)
    others = {"origin": words["alone"], **others}
    tag = certificate(draft, ledger, start, pieces, claim=words["offset"], made=made, **others)
    draft.report("certificate_count", str(int(draft.fact("certificate_count")) + pieces))
    row = f"sheet:certificate:{len(ledger) - 1}"
    in_sheet = {"made": "made", "valid": "made", "state": "state"}.get(column, "serial")
    return ("certificate_count",), _seen((row, in_sheet), (tag, column), ("sheet:certificate_count", "value"))


def _expired(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _bad_certificate(draft, "valid", f"2022-{draft.random.randint(1, 12):02d}")


def _other_year(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _bad_certificate(draft, "made", f"2024-{draft.random.randint(7, 12):02d}")


def _uncancelled(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _bad_certificate(draft, "state", "2025-08", state=texts()["words"]["uncancelled"], cancelled="")


def _other_park(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _bad_certificate(draft, "holder", "2025-08", holder=fault_texts()["other_park"])


def _green_twice(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    words, ledger = texts()["words"], draft.reported["certificates"]
    at = next(i for i, one in enumerate(ledger) if one["claim"] == words["traded"])
    ledger[at]["claim"] = words["offset"]
    draft.report("certificate_count", str(int(draft.fact("certificate_count")) + int(ledger[at]["pieces"])))
    spots = ((f"gec:{ledger[at]['serial']}", "origin"), ("sheet:certificate_count", "value"))
    return ("certificate_count",), _seen((f"sheet:certificate:{at}", "claim"), *spots)


def _wrong_year_coefficient(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "power_equivalent_tce_per_mwh"
    draft.report(key, texts()["coefficients"]["2020"]["value"], source=fault_texts()["stated_2024"])
    return (key,), _seen((f"sheet:{key}", "value"), (f"sheet:{key}", "source"), ("scope:coefficient", ""))


def _calorific(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key, given = "power_equivalent_tce_per_mwh", fault_texts()["calorific"]
    draft.report(key, given["value"], source=given["source"])
    return (key,), _seen((f"sheet:{key}", "value"), (f"sheet:{key}", "source"), ("scope:coefficient", ""))


def _feedstock_burned(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "fuel_burned/lpg"
    draft.report(key, draft.row("fuels:lpg")["bought"])
    return (key,), _seen((f"sheet:{key}", "value"), ("fuels:lpg", "burned"), ("fuels:lpg", "feedstock"))


def _estimated(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    key, words = "waste_heat_used_gj", texts()["words"]
    if key not in draft.truth["facts"]:
        return None
    most = draft.fact("waste_heat_available_gj") * Decimal("0.95")
    value = text(rounded(min(most, draft.fact(key) * between(draft.random, "1.15", "1.35"))))
    draft.add("waste_heat", "designed", item=words["recovered_design"], amount=value, unit="GJ", how=words["designed"])
    draft.report(key, value)
    spots = (("waste_heat:designed", "how"), ("waste_heat:designed", "amount"), ("waste_heat:used", "amount"))
    return (key,), _seen((f"sheet:{key}", "value"), (f"sheet:{key}", "source"), *spots)


def _months_missing(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key, missing = "fuel_burned/natural_gas", fault_texts()["missing_months"]
    kept = [row for row in draft.tables["gas"] if row["month"] not in missing]
    total = sum((Decimal(row["amount"]) for row in kept[:-1]), NONE)
    kept[-1] = {**kept[-1], "amount": text(total, 2)}
    draft.tables["gas"] = kept
    draft.reported["months"].pop(key)
    draft.report(key, text(total, 2))
    spots = (("gas:total", "amount"), ("gas:10", "month"), ("meters:gas", "reading"), ("fuels:natural_gas", "burned"))
    return (key,), _seen((f"sheet:{key}", "value"), *spots)


def _gas_as_clean(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "gas_counts_as_clean"
    draft.report(key, texts()["yes"], source=fault_texts()["park_decided"])
    return (key,), _seen((f"sheet:{key}", "value"), (f"sheet:{key}", "source"), ("scope:gas", ""))


def _bill_total(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "fossil_heat_in_gj"
    value = text(draft.fact(key) * between(draft.random, "0.7", "0.9"), 3)
    draft.row("heat:total")["amount"] = value
    draft.reported["months"].pop(key)
    draft.report(key, value)
    return (key,), _seen((f"sheet:{key}", "value"), ("heat:total", "amount"), ("meters:heat", "reading"))


def _traded_as_direct(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    key = "direct_green_mwh"
    extra = draft.fact("traded_green_mwh") * between(draft.random, "0.1", "0.3")
    draft.report(key, text(draft.fact(key) + extra, 1))
    return (key,), _seen(
        (f"sheet:{key}", "value"), ("green:direct", "amount"), ("trade:total", "amount"), ("trade:1", "way")
    )


def _offsets_netted(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    offsets = draft.truth["facts"]["offsets_tco2"]["value"]
    left = _computed(draft, "fuel_tco2") - Decimal(offsets)
    if left <= 0:
        return None
    source = fault_texts()["netted_source"].format(offsets=offsets)
    draft.report("fuel_tco2", text(left, 1), unit="tCO2", source=source)
    return ("fuel_tco2",), _seen(("sheet:fuel_tco2", "value"), ("sheet:fuel_tco2", "source"), ("scope:offsets", ""))


def _stock_left_out(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    key = "solid_waste_from_stock_t"
    if key not in draft.truth["facts"]:
        return None
    draft.reported["facts"].pop(key)
    return (key,), _seen((f"sheet:{key}", "value"), ("waste:from_stock", "amount"))


def _water_total(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    key = "reused_water_m3"
    if key not in draft.truth["facts"]:
        return None
    draft.report(key, draft.row("water:total_water")["amount"])
    return (key,), _seen((f"sheet:{key}", "value"), ("water:total_water", "amount"), ("water:reused", "amount"))


def _best_product_level(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    key, rows = "worst_product_level", draft.tables["products"]
    worst = draft.truth["facts"][key]["value"]
    if worst == "1":
        return None
    for row in rows[1:]:
        row["level"] = "1"
    draft.report(key, "1")
    tag = next(row["tag"] for row in rows if row["level"] == worst)
    return (key,), _seen((f"sheet:{key}", "value"), (tag, "level"))


def _answered_wrongly(draft: Draft, key: str, tag: str, said: str) -> tuple[tuple[str, ...], Spots]:
    draft.truth["facts"][key] = texts()["no"]
    draft.row(tag)["text"] = said
    return (key,), _seen((f"sheet:{key}", "value"), (tag, ""))


def _accident_hidden(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _answered_wrongly(draft, "no_major_accident_3y", "scope:accident", fault_texts()["accident"])


def _county_park(draft: Draft) -> tuple[tuple[str, ...], Spots]:
    return _answered_wrongly(draft, "subject_qualified", "scope:subject", fault_texts()["county"])


def _level_raised(draft: Draft) -> tuple[tuple[str, ...], Spots] | None:
    """Report a level above what was seen; only where the rule set has items with levels."""
    facts = draft.truth["facts"]
    top = max((int(facts[key]["value"]) for key in facts if key.startswith(f"{draft.rubric}/")), default=0)
    low = [
        key
        for key, given in facts.items()
        if key.startswith(f"{draft.rubric}/") and int(given["value"]) < top and draft.reported["facts"][key] == given
    ]
    if not low:
        return None
    key = draft.random.choice(low)
    level = int(facts[key]["value"])
    draft.report(key, str(draft.random.randint(level + 1, min(level + 2, top))))
    return (key,), _seen((f"sheet:{key}", "value"), (f"{LEVELS}:{key.partition('/')[2]}", "seen"))


LEVELS, RAISED = "site", "level_raised"
"""The sheet of what was seen on site, which only rule sets with levels have, and the fault that it shows."""
KINDS: dict[str, Plant] = {
    "unit_slip": _unit_slip,
    "outside_boundary": _outside_boundary,
    "green_twice": _green_twice,
    "expired_certificate": _expired,
    "other_year_certificate": _other_year,
    "uncancelled_certificate": _uncancelled,
    "other_park_certificate": _other_park,
    "wrong_year_coefficient": _wrong_year_coefficient,
    "calorific_power": _calorific,
    "feedstock_burned": _feedstock_burned,
    "estimated_as_measured": _estimated,
    "months_missing": _months_missing,
    "gas_as_clean": _gas_as_clean,
    "bill_total": _bill_total,
    "traded_as_direct": _traded_as_direct,
    "offsets_netted": _offsets_netted,
    "stock_left_out": _stock_left_out,
    "water_total": _water_total,
    "best_product_level": _best_product_level,
    "accident_hidden": _accident_hidden,
    "county_park": _county_park,
    "level_raised": _level_raised,
}
