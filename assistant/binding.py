"""Which fact an amount is of: by the names around it, the unit, what was asked for, and the clause before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.amounts import Amount
from assistant.fitting import Bound, coefficient, fit
from assistant.kinds import Near, facts_of, kind_of, near_words, of_one_kind, told
from assistant.naming import Name
from assistant.nearby import carried, former, named_behind, nearby, respective
from assistant.plain import signs, words
from assistant.reading import Clause, Reading

_FEW = 4


def bind(reading: Reading, amount: Amount, clause: Clause) -> Bound | None:
    """Return what the amount is of; None where a bare number is of nothing."""
    if amount.unit == "percent" and reading.asked and re.match(r"\s*占", reading.text.plain[clause.start : clause.end]):
        return fit(reading, (reading.asked,), amount, None)
    inside = former(reading, amount, clause) or respective(reading, amount, clause)
    names = nearby(reading, amount, clause) if inside is None else inside[0]
    near = near_words(reading, amount, clause, None)
    said = inside[1] if inside is not None else ""
    near = replace(near, own=said, more=said) if said else near
    bound = _of_source(reading, amount, clause, names)
    bound = bound or _of_names(reading, amount, clause, [one for one in names if one not in reading.used], said=said)
    bound = bound or _of_names(reading, amount, clause, [] if names else named_behind(reading, amount, clause))
    bound = bound or _kindred(reading, amount, near)
    bound = bound or _of_names(reading, amount, clause, [one for one in names if _goes_on(reading, amount, one)])
    bound = bound or _alone(reading, amount, near, sure=True)
    bound = bound or _of_names(reading, amount, clause, carried(reading, amount, clause))
    if bound is None and reading.asked:
        bound = fit(reading, told(reading, (reading.asked,), near), amount, None)
    return bound or _alone(reading, amount, near) or _unknown(reading, amount, None)


def _of_source(reading: Reading, amount: Amount, clause: Clause, names: Sequence[Name]) -> Bound | None:
    """Return the fact of the clause before, where this one says only who gave it: 光伏余电上网，供电所的数是."""
    sources = words()["sources"]
    if not names or any(reading.rest[one.start : one.end] not in sources for one in names):
        return None
    return _of_names(reading, amount, clause, [one for one in carried(reading, amount, clause) if one.of])


def _goes_on(reading: Reading, amount: Amount, name: Name) -> bool:
    """Whether a name that has an amount may have another: no other noun stands between (粗钢512万吨、生铁460万吨)."""
    last = max((one.wide[1] for one in reading.amounts if one.wide[1] <= amount.wide[0]), default=0)
    between = reading.text.plain[max(last, name.end) : amount.wide[0]]
    return name in reading.used and bool(signs()["goes_on"].fullmatch(between))


def _of_names(
    reading: Reading, amount: Amount, clause: Clause, names: Sequence[Name], *, said: str = ""
) -> Bound | None:
    """Return what the first fitting name makes of an amount; `said`: the words that it is told by."""
    for name in names:
        if reading.rest[name.start : name.end] in words()["through"]:
            continue
        if amount.unit != "piece" and reading.rest[name.start : name.end] in words()["of_sheets"]:
            continue
        if name.apart and not (name.has_share and amount.unit == "percent"):
            if amount.unit in words()["factors"] and re.search("[热汽]", reading.words_of(clause)):
                return fit(reading, (words()["factors"][amount.unit],), amount, name)
            if "/" in amount.unit or (amount.unit == "tCO2" and _emits(names)):
                continue  # 石灰的排放因子0.72tCO2/t
            return _unknown(reading, amount, name) or Bound((), "", name)
        if (bound := _named(reading, amount, clause, name, said)) is not None:
            return replace(bound, loose=bound.loose or _of_several(reading, amount, clause, bound))
    return None


def _emits(names: Sequence[Name]) -> bool:
    """Whether one of some names is of emissions: 国际航班的排放1.2万吨二氧化碳."""
    return any(kind_of(one.of) in ("process", "emissions") for one in names)


def _alone(reading: Reading, amount: Amount, near: Near, *, sure: bool = False) -> Bound | None:
    """Return the facts that an amount without a name may be of by its unit; where `sure`, one that its words say."""
    kind = words()["energy_units"].get(amount.unit, "certificates" if _is_sheets(reading, amount) else "")
    if amount.unit == "grade" and re.search(words()["worst"], near.more):
        kind = "grade"
    facts: tuple[str, ...] = tuple(words()["unit_alone"].get(kind, ()))
    left = told(reading, facts, near)
    if sure and (len(left) != 1 or len(facts) == 1):
        return None
    return fit(reading, left, amount, None) if facts else None


def _named(reading: Reading, amount: Amount, clause: Clause, name: Name, said: str = "") -> Bound | None:
    """Return the facts that a name and the words beside the amount leave, and None where none of them fits."""
    if name.has_share and amount.unit == "percent":
        return fit(reading, name.share, amount, name)
    near = near_words(reading, amount, clause, name)
    near = replace(near, own=said, more=said) if said else near
    if (own := coefficient(reading, name.of, near, amount)) is not None:
        return replace(own, name=name)
    named = of_one_kind(reading, name)
    fitting = fit(reading, named, amount, name)
    named = fitting.facts if fitting is not None else named
    facts = told(reading, named, near)
    if facts == named and (whole := _whole(reading, facts, near)):
        facts = whole
    bound = (fit(reading, facts, amount, name) if facts != named else None) or fitting
    if bound is not None and kind_of(bound.facts) == "solid_waste" and re.search(words()["one_waste"], near.own):
        bound = replace(bound, loose=True)  # 粉煤灰产生12万吨: of several wastes one
    return bound and _narrowed(reading, bound, amount, clause)


def _whole(reading: Reading, facts: tuple[str, ...], near: Near) -> tuple[str, ...]:
    """Return the whole of two facts where what is used of it is said behind: 固废8640吨，其中九成二综合利用."""
    partner: Mapping[str, str] = words()["partners"]
    part = told(reading, facts, replace(near, own=near.later, more=near.later)) if near.later else ()
    return tuple(fact for fact in facts if len(facts) == 2 and part == (partner.get(fact),))


def _kindred(reading: Reading, amount: Amount, near: Near) -> Bound | None:
    """Return another fact of the kind that was spoken of last: 综合利用33万吨，包括往年堆存的4.5万吨."""
    past = [one for one in reversed(reading.names) if one.end <= amount.start and one.of]
    told_by = (one for one in past if not (reading.asked and reading.rest[one.start : one.end] in words()["weak"]))
    spoken = [*(one.of for one in told_by), *((reading.asked,),) * bool(reading.asked)]
    for kind in dict.fromkeys(filter(None, (kind_of(of) for of in spoken if amount.unit or amount.number != 0))):
        facts = told(reading, facts_of(reading, kind), near)
        if len(facts) == 1 and (bound := fit(reading, facts, amount, None)) is not None:
            return bound
    return coefficient(reading, past[0].of, near, amount) if past else None


def _of_several(reading: Reading, amount: Amount, clause: Clause, bound: Bound) -> bool:
    """Whether a clause gives several amounts of one name (近三年取水分别是310、305万方), or one of several together.

    None of them is the figure of the name: LNG和管道气加起来1300万方.
    """
    free = [one for one in reading.names_of(clause) if one.of and one.end <= amount.start and one not in reading.used]
    apart = [one for one in free if not set(one.of) & set(bound.facts)]
    if apart and re.search(words()["together"], reading.text.plain[apart[0].end : amount.start]):
        return True
    if not reading.names_of(clause) and signs()["total"].search(reading.text.plain[clause.start : amount.wide[0]]):
        earlier = {one.of for one in reading.names if one.end <= clause.start and len(one.of) == 1}
        return len(earlier) > 1  # 柴油30吨，汽油12吨，合计42吨
    peers = [one for one in reading.amounts if clause.start <= one.start < clause.end]
    return "分别" in reading.rest[clause.start : clause.end] and len(peers) > 1 == len(reading.names_of(clause))


def _narrowed(reading: Reading, bound: Bound, amount: Amount, clause: Clause) -> Bound:
    """Return the one of several facts that another name in the clause is of: 直连的风电, 光伏绿电."""
    if len(bound.facts) < 2 or bound.share:
        return bound
    for name in reading.names:  # 煤3万吨，是褐煤
        one = name.of[0] if len(name.of) == 1 else ""
        if one in bound.facts and amount.end <= name.start and _says_more(reading, amount, name):
            return fit(reading, (one,), amount, bound.name) or bound
    if (carried := _continued(reading, bound, clause)) is not None:
        return fit(reading, carried.of, amount, carried) or bound
    if len(sent := _sent_of(reading, bound)) == 1 and (one := fit(reading, sent, amount, bound.name)) is not None:
        return one
    used = bound.name is not None and "自用" in reading.rest[bound.name.start : bound.name.end]
    far = used or signs()["total"].search(reading.text.plain[clause.start : amount.wide[0]])
    for name in reversed(reading.names):
        one = name.of[0] if len(name.of) == 1 else ""
        near = clause.start <= name.start and name not in reading.used
        if (near or far) and name.end <= amount.start and one in bound.facts:
            return fit(reading, (one,), amount, name) or bound
    return bound


def _sent_of(reading: Reading, bound: Bound) -> tuple[str, ...]:
    """Return what is sent out of the own power that was spoken of: 光伏自用2750万度，余电上网410万度."""
    told_of = {reading.asked, *reading.told}
    pairs: Mapping[str, str] = words()["sent_of"]
    return tuple(out for own, out in pairs.items() if own in told_of and set(bound.facts) == set(pairs.values()))


def _continued(reading: Reading, bound: Bound, clause: Clause) -> Name | None:
    """Return the name of the clause before, which a bare 电量 goes on with: 买绿电花了800万元，电量9000万度."""
    at, name = reading.clauses.index(clause), bound.name
    if not at or name is None or not signs()["carries"].match(reading.rest[name.start : name.end]):
        return None
    last = reading.clauses[at - 1]
    if re.search("[用耗]$", reading.rest[: name.start]) or signs()["lacking"].search(reading.words_of(last)):
        return None
    names = [one for one in reading.names_of(last) if one not in reading.used]
    return names[-1] if names and len(names[-1].of) == 1 and names[-1].of[0] in words()["bought"] else None


def _says_more(reading: Reading, amount: Amount, name: Name) -> bool:
    """Whether a name behind an amount only says which it is: in a clause with no amount, 是一般烟煤."""
    clause = reading.clauses[reading.clause_at(name.start)]
    between = any(amount.end <= one.start < name.start for one in reading.names)
    if between or signs()["mostly"].search(reading.words_of(clause)):
        return False
    own = any(clause.start <= one.start < clause.end for one in reading.amounts)
    short = clause.end - clause.start <= name.end - name.start + _FEW and clause.start > amount.end
    if (short and not own) or re.match(r"\s*\([^()]{0,6}$", reading.text.plain[amount.end : name.start]):
        return True
    return not own and bool(signs()["tail"].match(reading.words_of(clause)))


def _is_sheets(reading: Reading, amount: Amount) -> bool:
    return amount.unit == "piece" and "张" in reading.text.plain[amount.start : amount.end]


def _unknown(reading: Reading, amount: Amount, name: Name | None) -> Bound | None:
    """Return that an amount is of something else than a fact, where it is reported at all: 产值300亿, 企业120家."""
    measured = amount.unit and amount.unit not in ("percent", "piece", "grade", "point", "个", "年", "个月", "天", "岁")
    measured = measured or (name is not None and name.apart and not name.has_share and not amount.unit)
    measured = measured or reading.text.plain[amount.end - 1] in "家户"
    return Bound((), amount.unit, name) if measured else None
