"""Which of some facts an amount fits by its unit: fit(reading, facts, amount, name)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistant.amounts import Amount
from assistant.kinds import Near, kind_of
from assistant.naming import Name
from assistant.plain import words
from assistant.reading import Clause, Reading
from scoring.errors import ParkDataError
from scoring.units import measures

_FIRST_YEAR, _LAST_YEAR = 2015, 2035
_FEW = 3


@dataclass(frozen=True, slots=True)
class Bound:
    """What an amount is of: the facts that fit it and the unit of its value; `taken`: a unit it has from before."""

    facts: tuple[str, ...]
    unit: str
    name: Name | None = None
    share: bool = False
    bare: bool = False
    loose: bool = False
    taken: str = ""


def fit(reading: Reading, facts: tuple[str, ...], amount: Amount, name: Name | None) -> Bound | None:
    """Return the facts that the amount can be of by its unit, or None."""
    units = {fact: reading.unit_of(fact) for fact in facts if reading.is_number(fact)}
    if not amount.known or (not units and not (name and name.has_share)):
        return None
    if amount.unit == "percent":
        return _share(units, name)
    if not amount.unit:
        return _bare(reading, facts, units, amount, name)
    if amount.unit == "t" and units and set(units) <= set(words()["water"]):  # a tonne of water is 1 m³
        return Bound(tuple(units), next(iter(units.values())), name, bare=True)
    same = _measured(reading, units, amount.unit, reading.clauses[reading.clause_at(amount.start)])
    if same:  # 燃气20吨 is not yet LNG
        class_of = len(same) == 1 < len(facts) and all(one.startswith("fuel_burned/") for one in facts)
        return Bound(tuple(same), next(iter(same.values())), name, loose=class_of)
    loose = tuple(fact for fact in units if words()["loose"].get(fact) == amount.unit)
    if not loose:
        return None
    sure = loose[0] in words()["tonnes_of_co2"] or _before(reading, amount) == units[loose[0]]
    return Bound(loose, units[loose[0]], name, bare=not sure, loose=not sure, taken=units[loose[0]] if sure else "")


def _share(units: Mapping[str, str], name: Name | None) -> Bound | None:
    """Return the facts that a percentage may be a share of; of a fuel only where it is named (煤占5%)."""
    if name is not None and len(name.of) > 1 and "grid_power_in_mwh" in units:
        return None  # 电占六成: of all energy
    kept = tuple(
        one
        for one, unit in units.items()
        if unit == "1" or (unit != "元" and kind_of((one,)) != "heat" and (name is not None or "/" not in one))
    )
    shares = tuple(one for one in kept if units[one] == "1")
    if shares:
        return Bound(shares, "1", name)
    return Bound(kept, "1", name, share=True) if kept or (name and name.has_share) else None


def _bare(
    reading: Reading, facts: tuple[str, ...], units: dict[str, str], amount: Amount, name: Name | None
) -> Bound | None:
    """Return the facts of a number without a unit: it may have that of the amount before (可利用31万吉焦，用了26万)."""
    own = next(iter(units.values()), "")
    alone = len(units) == 1 and (facts == (reading.asked,) or own in ("级", "张", "分", "1") or amount.number == 0)
    factor = len(units) == 1 and "/" in own
    if not units or (amount.number == 0 and name and reading.rest[name.start : name.end] in words()["weak"]):
        return None  # 焦炭外购为0
    number = amount.number if amount.number is not None else amount.low
    alone_said = len(reading.text.plain) - (amount.end - amount.start) <= _FEW
    if number is not None and _FIRST_YEAR <= number <= _LAST_YEAR and not (reading.asked and alone_said):
        return None  # a year: 搞错年份了，前面那几个全是2023的
    if own == "元" and number is not None and number >= Decimal(words()["least_money"]):
        return Bound(tuple(units), own, name, taken="CNY")
    before = _before(reading, amount)
    behind = name is not None and name.start >= amount.end  # 12,000 certificates
    if own == "张" and not behind and before in words()["energy_units"]:
        return None  # 绿证8000万度，其中2000万是往年的: no certificates by the piece
    if before and (fitting := tuple(fact for fact, unit in units.items() if _alike(before, unit))):
        return Bound(fitting, units[fitting[0]], name, taken=before)
    return Bound(tuple(units), own if alone or factor else "", name, bare=not factor)


def _before(reading: Reading, amount: Amount) -> str:
    """Return the unit of the amount before, where it is one that a bare number may share; empty otherwise."""
    past = (one.unit for one in reversed(reading.amounts) if one.end <= amount.start and one.unit and one.known)
    unit = next(past, "")
    return "" if "/" in unit or unit in ("percent", "piece", "grade", "point", "个") else unit


def _measured(reading: Reading, units: dict[str, str], unit: str, clause: Clause) -> dict[str, str]:
    """Return the facts measured in units like the one said; of a family's member the fact that fits."""
    fitting: dict[str, str] = {}
    for fact, own in units.items():
        base, _, member = fact.partition("/")
        family = reading.rules.facts[base].per if member and base in reading.rules.facts else None
        others = [f"{one}/{member}" for one, d in reading.rules.facts.items() if family and d.per == family]
        alike = {one: reading.unit_of(one) for one in others if _alike(unit, reading.unit_of(one))}
        turned = [one for one in alike if one.partition("/")[0] in _side(reading, clause)]
        if turned:
            fitting |= {one: alike[one] for one in turned}
        elif _alike(unit, own):
            fitting[fact] = own
        else:
            fitting |= dict(list(alike.items())[:1])
    return fitting


def _side(reading: Reading, clause: Clause) -> list[str]:
    """Return the facts of conversion that a clause speaks of: what goes in, or what comes out."""
    if not re.search(words()["conversion"], reading.text.plain):
        return []
    said = reading.text.plain[clause.start : clause.end]
    sides = words()["conversion_side"].items()
    return [fact for fact, sign in sides if re.search(sign, said) and fact in reading.rules.facts][:1]


def _alike(unit: str, other: str) -> bool:
    """Whether two units measure the same, and of energy the same kind: power or heat."""
    kinds: Any = words()["energy_units"]
    try:
        return measures(unit) == measures(other) and kinds.get(unit, "") == kinds.get(other, "")
    except ParkDataError:
        return False


def coefficient(reading: Reading, facts: tuple[str, ...], near: Near, amount: Amount) -> Bound | None:
    """Return a coefficient of a fuel that is said without its unit: 无烟煤折标系数0.9428, 氧化率98%."""
    base, _, member = facts[0].partition("/") if len(facts) == 1 else ("", "", "")
    if base != "fuel_burned" or amount.unit not in ("", "percent"):
        return None
    ways: Mapping[str, str] = words()["coefficients"]
    for one, way in ways.items():
        fact, unit = f"{one}/{member}", "1" if one.endswith("_share") else ""
        if one in reading.rules.facts and (unit or not amount.unit) and re.search(way, near.own):
            return Bound((fact,), reading.unit_of(fact))
    return None
