"""Which fact an amount is of: by the names around it, the unit, what was asked for, and the clause before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.amounts import Amount
from assistant.naming import Name
from assistant.plain import signs, words
from assistant.reading import Clause, Reading
from scoring.errors import ParkDataError
from scoring.units import measures

_SENTENCE = re.compile(r"[。;；!?\n]")
_NEAR = re.compile(r"^(?:[的是为来自用于在\s()]{0,4}(?:of )?|\s*(?:was|were|is|are) )$")


@dataclass(frozen=True, slots=True)
class Bound:
    """What an amount is of: the facts that fit it and the unit of its value."""

    facts: tuple[str, ...]
    unit: str
    name: Name | None = None
    share: bool = False
    bare: bool = False
    loose: bool = False


def bind(reading: Reading, amount: Amount, clause: Clause) -> Bound | None:
    """Return what the amount is of; None where a bare number is of nothing."""
    if amount.unit == "percent" and reading.asked and re.match(r"\s*占", reading.text.plain[clause.start : clause.end]):
        return _fit(reading, (reading.asked,), amount, None)
    for name in _nearby(reading, amount, clause):
        if reading.rest[name.start : name.end] in words()["through"]:
            continue
        if name.apart and not (name.has_share and amount.unit == "percent"):
            return _unknown(reading, amount, name)
        bound = _fit(reading, name.share if name.has_share and amount.unit == "percent" else name.of, amount, name)
        if bound is not None:
            bound = _refined(reading, _narrowed(reading, bound, amount, clause), amount, clause)
            return replace(bound, loose=bound.loose or _of_several(reading, clause))
    if reading.asked and (bound := _fit(reading, (reading.asked,), amount, None)):
        return bound
    kind = words()["energy_units"].get(amount.unit, "certificates" if _is_sheets(reading, amount) else "")
    alone = _fit(reading, tuple(words()["unit_alone"][kind]), amount, None) if kind else None
    return alone or _unknown(reading, amount, None)


def _of_several(reading: Reading, clause: Clause) -> bool:
    """Whether a clause gives several amounts of one name (近三年取水分别是310、305万方), or one of several together.

    None of them is the figure of the name: LNG和管道气加起来1300万方.
    """
    said, facts = reading.words_of(clause), {one.of for one in reading.names_of(clause) if one.of}
    if len(facts) > 1 and re.search(words()["together"], said):
        return True
    peers = [one for one in reading.amounts if clause.start <= one.start < clause.end]
    return "分别" in reading.rest[clause.start : clause.end] and len(peers) > 1 == len(reading.names_of(clause))


def _narrowed(reading: Reading, bound: Bound, amount: Amount, clause: Clause) -> Bound:
    """Return the one of several facts that another name in the clause is of: 直连的风电, 光伏绿电."""
    if len(bound.facts) < 2 or bound.share:
        return bound
    said = reading.words_of(clause)
    far = re.match(r"\s*自用", said) or signs()["total"].search(reading.text.plain[clause.start : amount.wide[0]])
    for name in reading.names:
        one = name.of[0] if len(name.of) == 1 else ""
        near = clause.start <= name.start and name not in reading.used
        if (near or far) and name.end <= amount.start and one in bound.facts:
            return _fit(reading, (one,), amount, name) or bound
    return bound


def _refined(reading: Reading, bound: Bound, amount: Amount, clause: Clause) -> Bound:
    """Return the fact that the words behind the amount make of it: 3000张绿证没核销."""
    after = reading.rest[amount.wide[1] : clause.end]
    refined: Mapping[str, Mapping[str, str]] = words()["refined"]
    ways = refined.get(bound.facts[0], dict[str, str]()) if bound.facts and not bound.share else dict[str, str]()
    before = reading.text.plain[: amount.wide[0]]
    sources: Mapping[str, str] = words()["heat_sources"]
    if set(bound.facts) == set(sources):
        told = [one for one, way in sources.items() if re.search(way, _SENTENCE.split(before)[-1])]
        return replace(bound, facts=tuple(told)) if len(told) == 1 else bound
    fact = next((one for one, way in ways.items() if re.search(way, after)), "")
    return replace(bound, facts=(fact,)) if fact in reading.rules.facts else bound


def _is_sheets(reading: Reading, amount: Amount) -> bool:
    return amount.unit == "piece" and "张" in reading.text.plain[amount.start : amount.end]


def _nearby(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the names that the amount may be of, the likeliest first."""
    inside = [one for one in reading.names if clause.start <= one.start < clause.end]
    before = [one for one in reversed(inside) if one.end <= amount.start]
    after = [one for one in inside if one.start >= amount.end][:1]
    after = [one for one in after if _NEAR.match(reading.rest[amount.wide[1] : one.start]) and one not in reading.used]
    if "分别" in reading.rest[clause.start : clause.end] and len(before) > 1:
        peers = [one for one in reading.amounts if clause.start <= one.start < clause.end]
        at = peers.index(amount)
        return before[::-1][at : at + 1] if len(peers) == len(before) else []
    if amount.unit == "percent" and (shares := _shares(reading, amount, inside, before)):
        return shares
    fresh = [one for one in before if one not in reading.used]
    used = [one for one in before if one in reading.used]
    return [*fresh, *after, *used, *_carried(reading, amount, clause)]


def _shares(reading: Reading, amount: Amount, inside: list[Name], before: list[Name]) -> list[Name]:
    """Return the name that a percentage is the share of: 85%的电是绿电, 绿电占下网的80%."""
    told = [one for one in before if one.has_share and one not in reading.used]
    later = [one for one in inside if one.has_share and one.start >= amount.end and one not in reading.used]
    peers = [one for one in reading.amounts if inside and amount.end <= one.start < inside[-1].start]
    return told[:1] or ([] if peers else later[:1])


def _carried(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the last name of the clause before, where it has no figure of its own."""
    at = reading.clauses.index(clause)
    if not at:
        return []
    if (partner := _partner(reading, clause)) is not None:
        return [partner]
    said = reading.text.plain[clause.start : clause.end]
    if amount.unit == "tce" and signs()["same"].search(reading.text.plain[clause.start : amount.start]):
        turned = [one for one in reading.names if one.end <= clause.start and one in reading.used]
        return [one for one in turned[-1:] if set(one.of) & set(words()["loose"])]
    again = signs()["again"].search(reading.text.plain[reading.clauses[at - 1].start : clause.end])
    timed = any(clause.start <= one.start < clause.end for one in reading.moments)
    if not any(clause.start <= one.start < clause.end for one in reading.names) and (
        again or timed or said[:1] == "是"
    ):
        past = [one for one in reading.names if one.end <= clause.start]
        return [reading.dropped] if reading.dropped is not None else past[-1:]
    last = reading.clauses[at - 1]
    whole_of = any(signs()[one].search(said) for one in ("total", "share_of_park"))
    if whole_of and not reading.names_of(clause) and all(one in reading.used for one in reading.names_of(last)):
        return [one for one in reading.names if one.end <= clause.start and one in reading.used][-1:]
    names = [one for one in reading.names_of(last) if one not in reading.used and (not one.apart or one.has_share)]
    past = [one for one in reading.names if one.end <= clause.start and one in reading.used]
    share = re.match(r"\s*(?:占比?|比例|利用率|其中)", said) and amount.unit == "percent"
    if not names and past and (share or "/" in amount.unit):
        return past[-1:]
    return names[-1:] if not _SENTENCE.match(reading.text.plain[last.end : last.end + 1]) or not last.asks else []


def _partner(reading: Reading, clause: Clause) -> Name | None:
    """Return the other half of the total that was just said: 余热可利用80万GJ，用了52万GJ."""
    past = [one for one in reading.names if one.end <= clause.start]
    inside = any(clause.start <= one.start < clause.end for one in reading.names)
    of = past[-1].of if past else ()
    partner = words()["partners"].get(of[0], "") if of and of[1:] in ((), (words()["partners"].get(of[0]),)) else ""
    if inside or not partner or not re.search(words()["partner_verbs"], reading.text.plain[clause.start : clause.end]):
        return None
    return Name(clause.start, clause.start + 1, (partner,), (partner,), has_share=True)


def _unknown(reading: Reading, amount: Amount, name: Name | None) -> Bound | None:
    """Return that an amount is of something else than a fact, where it is reported at all: 产值300亿, 企业120家."""
    measured = amount.unit and amount.unit not in ("percent", "piece", "grade", "point", "个")
    measured = measured or (name is not None and name.apart and not name.has_share and not amount.unit)
    measured = measured or reading.text.plain[amount.end - 1] in "家户"
    return Bound((), amount.unit, name) if measured else None


def _fit(reading: Reading, facts: tuple[str, ...], amount: Amount, name: Name | None) -> Bound | None:
    """Return the facts that the amount can be of by its unit, or None."""
    units = {fact: reading.unit_of(fact) for fact in facts if reading.is_number(fact)}
    if not amount.known or (not units and not (name and name.has_share)):
        return None
    if amount.unit == "percent":
        shares = tuple(fact for fact, unit in units.items() if unit == "1")
        return Bound(shares, "1", name) if shares else Bound(tuple(units), "1", name, share=True)
    if not amount.unit:
        own = next(iter(units.values()), "")
        alone = len(units) == 1 and (facts == (reading.asked,) or own in ("级", "张", "分", "1"))
        return Bound(tuple(units), own if alone else "", name, bare=True) if units else None
    if amount.unit == "t" and len(units) == 1 and set(units) <= set(words()["water"]):  # a tonne of water is 1 m³
        return Bound(tuple(units), next(iter(units.values())), name, bare=True)
    same = _measured(reading, units, amount.unit, reading.clauses[reading.clause_at(amount.start)])
    if same:
        return Bound(tuple(same), next(iter(same.values())), name)
    loose = tuple(fact for fact in units if words()["loose"].get(fact) == amount.unit)
    return Bound(loose, units[loose[0]], name, bare=True, loose=True) if loose else None


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
