"""Which fact an amount is of: by the names around it, the unit, what was asked for, and the clause before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from assistant.amounts import Amount
from assistant.kinds import Near, facts_of, kind_of, near_words, of_one_kind, told
from assistant.naming import Name
from assistant.plain import signs, words
from assistant.reading import Clause, Reading
from scoring.errors import ParkDataError
from scoring.units import measures

_SENTENCE = re.compile(r"[。;；!?\n]")
_NEAR = re.compile(
    r"^(?:[的是为来自用于在\s()]{0,4}(?:of )?|\s*(?:of (?:it|that|which|this|them) )?(?:was|were|is|are|more) )$"
)
_FEW = 4


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


def bind(reading: Reading, amount: Amount, clause: Clause) -> Bound | None:
    """Return what the amount is of; None where a bare number is of nothing."""
    if amount.unit == "percent" and reading.asked and re.match(r"\s*占", reading.text.plain[clause.start : clause.end]):
        return _fit(reading, (reading.asked,), amount, None)
    inside = _former(reading, amount, clause) or _respective(reading, amount, clause)
    names = _nearby(reading, amount, clause) if inside is None else inside[0]
    near = near_words(reading, amount, clause, None)
    near = near if inside is None else replace(near, own=inside[1], more=inside[1])
    bound = _of_names(reading, amount, clause, [one for one in names if one not in reading.used])
    bound = bound or _kindred(reading, amount, near)
    bound = bound or _of_names(reading, amount, clause, [one for one in names if one in reading.used])
    bound = bound or _alone(reading, amount, near, sure=True)
    bound = bound or _of_names(reading, amount, clause, _carried(reading, amount, clause))
    if bound is None and reading.asked:
        bound = _fit(reading, told(reading, (reading.asked,), near), amount, None)
    return bound or _alone(reading, amount, near) or _unknown(reading, amount, None)


def _of_names(reading: Reading, amount: Amount, clause: Clause, names: Sequence[Name]) -> Bound | None:
    """Return what the first fitting name makes of an amount."""
    for name in names:
        if reading.rest[name.start : name.end] in words()["through"]:
            continue
        if amount.unit != "piece" and reading.rest[name.start : name.end] in words()["of_sheets"]:
            continue
        if name.apart and not (name.has_share and amount.unit == "percent"):
            if amount.unit in words()["factors"] and re.search("[热汽]", reading.words_of(clause)):
                return _fit(reading, (words()["factors"][amount.unit],), amount, name)
            return _unknown(reading, amount, name) or Bound((), "", name)
        if (bound := _named(reading, amount, clause, name)) is not None:
            return replace(bound, loose=bound.loose or _of_several(reading, amount, clause, bound))
    return None


def _former(reading: Reading, amount: Amount, clause: Clause) -> tuple[list[Name], str] | None:
    """Return the one of two names before that 前者 or 后者 means."""
    said = reading.text.plain[clause.start : amount.start]
    turns = signs()["turn"].findall(said)
    two = [one for one in reading.names if one.end <= clause.start + said.find("者") and one.of][-2:]
    return ([two[0] if turns[-1] == "前者" else two[1]], said) if turns and len(two) > 1 else None


def _respective(reading: Reading, amount: Amount, clause: Clause) -> tuple[list[Name], str] | None:
    """Return the names and the words that one of several amounts is of: 余热可利用量和已利用量分别为120、93TJ."""
    text = reading.rest[clause.start : clause.end]
    place = next((m.start() for m in re.finditer("分别|依次|各自", text)), -1)
    peers = [one for one in reading.amounts if clause.start <= one.start < clause.end]
    if place < 0 or len(peers) < 2:
        return None
    cuts = [m.end() for m in re.finditer("以及|[和与及跟、]", text[:place])]
    parts = list(pairwise([0, *cuts, place]))
    spans = [(clause.start + first, clause.start + last) for first, last in parts]
    names = [[one for one in reading.names if first <= one.start and one.end <= last] for first, last in spans]
    if len(spans) != len(peers) or not all(names):
        return None
    at = peers.index(amount)
    return names[at][::-1], reading.rest[slice(*spans[at])]


def _alone(reading: Reading, amount: Amount, near: Near, *, sure: bool = False) -> Bound | None:
    """Return the facts that an amount without a name may be of by its unit; where `sure`, one that its words say."""
    kind = words()["energy_units"].get(amount.unit, "certificates" if _is_sheets(reading, amount) else "")
    if amount.unit == "grade" and re.search(words()["worst"], near.more):
        kind = "grade"
    facts: tuple[str, ...] = tuple(words()["unit_alone"].get(kind, ()))
    left = told(reading, facts, near)
    if sure and (len(left) != 1 or len(facts) == 1):
        return None
    return _fit(reading, left, amount, None) if facts else None


def _named(reading: Reading, amount: Amount, clause: Clause, name: Name) -> Bound | None:
    """Return the facts that a name and the words beside the amount leave, and None where none of them fits."""
    if name.has_share and amount.unit == "percent":
        return _fit(reading, name.share, amount, name)
    near = near_words(reading, amount, clause, name)
    if (coefficient := _coefficient(reading, name.of, near, amount)) is not None:
        return replace(coefficient, name=name)
    named = of_one_kind(reading, name)
    fitting = _fit(reading, named, amount, name)
    named = fitting.facts if fitting is not None else named
    facts = told(reading, named, near)
    if facts == named and (whole := _whole(reading, facts, near)):
        facts = whole
    bound = (_fit(reading, facts, amount, name) if facts != named else None) or fitting
    return bound and _narrowed(reading, bound, amount, clause)


def _coefficient(reading: Reading, facts: tuple[str, ...], near: Near, amount: Amount) -> Bound | None:
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


def _whole(reading: Reading, facts: tuple[str, ...], near: Near) -> tuple[str, ...]:
    """Return the whole of two facts where what is used of it is said behind: 固废8640吨，其中九成二综合利用."""
    partner: Mapping[str, str] = words()["partners"]
    part = told(reading, facts, replace(near, own=near.later, more=near.later)) if near.later else ()
    return tuple(fact for fact in facts if len(facts) == 2 and part == (partner.get(fact),))


def _kindred(reading: Reading, amount: Amount, near: Near) -> Bound | None:
    """Return another fact of the kind that was spoken of last: 综合利用33万吨，包括往年堆存的4.5万吨."""
    past = [one for one in reversed(reading.names) if one.end <= amount.start and one.of]
    spoken = [*(one.of for one in past), *((reading.asked,),) * bool(reading.asked)]
    for kind in dict.fromkeys(filter(None, (kind_of(of) for of in spoken if amount.unit or amount.number != 0))):
        facts = told(reading, facts_of(reading, kind), near)
        if len(facts) == 1 and (bound := _fit(reading, facts, amount, None)) is not None:
            return bound
    return _coefficient(reading, past[0].of, near, amount) if past else None


def _of_several(reading: Reading, amount: Amount, clause: Clause, bound: Bound) -> bool:
    """Whether a clause gives several amounts of one name (近三年取水分别是310、305万方), or one of several together.

    None of them is the figure of the name: LNG和管道气加起来1300万方.
    """
    free = [one for one in reading.names_of(clause) if one.of and one.end <= amount.start and one not in reading.used]
    apart = [one for one in free if not set(one.of) & set(bound.facts)]
    if apart and re.search(words()["together"], reading.text.plain[apart[0].end : amount.start]):
        return True
    peers = [one for one in reading.amounts if clause.start <= one.start < clause.end]
    return "分别" in reading.rest[clause.start : clause.end] and len(peers) > 1 == len(reading.names_of(clause))


def _narrowed(reading: Reading, bound: Bound, amount: Amount, clause: Clause) -> Bound:
    """Return the one of several facts that another name in the clause is of: 直连的风电, 光伏绿电."""
    if len(bound.facts) < 2 or bound.share:
        return bound
    for name in reading.names:  # 煤3万吨，是褐煤
        one = name.of[0] if len(name.of) == 1 else ""
        if one in bound.facts and amount.end <= name.start and _says_more(reading, amount, name):
            return _fit(reading, (one,), amount, bound.name) or bound
    if (carried := _continued(reading, bound, clause)) is not None:
        return _fit(reading, carried.of, amount, carried) or bound
    said = reading.words_of(clause)
    far = re.match(r"\s*自用", said) or signs()["total"].search(reading.text.plain[clause.start : amount.wide[0]])
    for name in reading.names:
        one = name.of[0] if len(name.of) == 1 else ""
        near = clause.start <= name.start and name not in reading.used
        if (near or far) and name.end <= amount.start and one in bound.facts:
            return _fit(reading, (one,), amount, name) or bound
    return bound


def _continued(reading: Reading, bound: Bound, clause: Clause) -> Name | None:
    """Return the name of the clause before, which a bare 电量 goes on with: 买绿电花了800万元，电量9000万度."""
    at, name = reading.clauses.index(clause), bound.name
    if not at or name is None or not signs()["carries"].match(reading.rest[name.start : name.end]):
        return None
    last = reading.clauses[at - 1]
    if re.search("[用耗]$", reading.rest[: name.start]) or signs()["lacking"].search(reading.words_of(last)):
        return None
    names = [one for one in reading.names_of(last) if one not in reading.used]
    return names[-1] if names and names[-1].of in (("direct_green_mwh",), ("traded_green_mwh",)) else None


def _says_more(reading: Reading, amount: Amount, name: Name) -> bool:
    """Whether a name behind an amount only says which it is: in a clause with no amount, 是一般烟煤."""
    clause = reading.clauses[reading.clause_at(name.start)]
    if any(amount.end <= one.start < name.start for one in reading.names):
        return False
    short = clause.end - clause.start <= name.end - name.start + _FEW and clause.start > amount.end
    if short or re.match(r"\s*\([^()]{0,6}$", reading.text.plain[amount.end : name.start]):
        return True
    own = any(clause.start <= one.start < clause.end for one in reading.amounts)
    return not own and bool(signs()["tail"].match(reading.words_of(clause)))


def _is_sheets(reading: Reading, amount: Amount) -> bool:
    return amount.unit == "piece" and "张" in reading.text.plain[amount.start : amount.end]


def _nearby(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the names that the amount may be of, the likeliest first."""
    inside = [one for one in reading.names if clause.start <= one.start < clause.end]
    before = [one for one in reversed(inside) if one.end <= amount.start]
    after = [one for one in inside if one.start >= amount.end][:1]
    after = [one for one in after if _NEAR.match(reading.rest[amount.wide[1] : one.start]) and one not in reading.used]
    if amount.unit == "percent" and before and re.match(r"\s*的\s*$", reading.rest[before[0].end : amount.start]):
        before = before[1:] or before  # 绿电交易提到下网电量的七成: of the other one
    if amount.unit == "percent" and (shares := _shares(reading, amount, inside, before)):
        return shares
    fresh = [one for one in before if one not in reading.used]
    used = [one for one in before if one in reading.used]
    return [*fresh, *after, *used]


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
    said = reading.text.plain[clause.start : clause.end]
    if amount.unit == "tce" and signs()["same"].search(reading.text.plain[clause.start : amount.start]):
        turned = [one for one in reading.names if one.end <= clause.start and one in reading.used]
        return [one for one in turned[-1:] if set(one.of) & set(words()["loose"])]
    again = signs()["again"].search(reading.text.plain[reading.clauses[at - 1].start : clause.end])
    timed = any(clause.start <= one.start < clause.end for one in reading.moments)
    named = any(clause.start <= one.start < clause.end for one in reading.names)
    if not named and re.match(words()["quantity"], said):
        return [one for one in reading.names if one.end <= clause.start and one.of][-1:]
    if not named and (again or timed or said[:1] == "是"):
        past = [one for one in reading.names if one.end <= clause.start]
        near = reading.names_of(reading.clauses[at - 1])[::-1]
        dropped = [reading.dropped] if reading.dropped is not None else []
        return [*(one for one in near if one != reading.dropped), *dropped] or past[-1:]
    while at > 1 and not (reading.names_of(reading.clauses[at - 1]) or _has_amount(reading, reading.clauses[at - 1])):
        at -= 1  # 柴油嘛，叉车用的，四五十吨
    last = reading.clauses[at - 1]
    whole_of = any(signs()[one].search(said) for one in ("total", "share_of_park"))
    if whole_of and not reading.names_of(clause) and all(one in reading.used for one in reading.names_of(last)):
        return [one for one in reading.names if one.end <= clause.start and one in reading.used][-1:]
    names = [one for one in reading.names_of(last) if one not in reading.used and (not one.apart or one.has_share)]
    past = [one for one in reading.names if one.end <= clause.start and one in reading.used]
    share = re.match(r"\s*(?:占比?|比例|利用率|其中)", said) and amount.unit == "percent"
    if not names and past and (share or "/" in amount.unit):
        return past[-1:]
    return names[::-1] if not _SENTENCE.match(reading.text.plain[last.end : last.end + 1]) or not last.asks else []


def _has_amount(reading: Reading, clause: Clause) -> bool:
    return any(clause.start <= one.start < clause.end for one in reading.amounts)


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
        units = {fact: unit for fact, unit in units.items() if unit != "元"}
        shares = tuple(fact for fact, unit in units.items() if unit == "1")
        named = units or (name and name.has_share)
        return Bound(shares, "1", name) if shares else Bound(tuple(units), "1", name, share=True) if named else None
    if not amount.unit:
        return _bare(reading, facts, units, amount, name)
    if amount.unit == "t" and units and set(units) <= set(words()["water"]):  # a tonne of water is 1 m³
        return Bound(tuple(units), next(iter(units.values())), name, bare=True)
    same = _measured(reading, units, amount.unit, reading.clauses[reading.clause_at(amount.start)])
    if same:
        return Bound(tuple(same), next(iter(same.values())), name)
    loose = tuple(fact for fact in units if words()["loose"].get(fact) == amount.unit)
    if not loose:
        return None
    sure = loose[0] in words()["tonnes_of_co2"] or _before(reading, amount) == units[loose[0]]
    return Bound(loose, units[loose[0]], name, bare=not sure, loose=not sure, taken=units[loose[0]] if sure else "")


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
    if own == "元" and number is not None and number >= Decimal(words()["least_money"]):
        return Bound(tuple(units), own, name, taken="CNY")
    before = _before(reading, amount)
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
