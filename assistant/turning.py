"""An amount and what it is of -> the figure, in the unit of its fact, with the year and the part that it is of."""

from __future__ import annotations

from decimal import Decimal

from assistant.amounts import Amount
from assistant.fitting import Bound
from assistant.plain import Moment, signs
from assistant.reading import SENTENCE, Clause, Reading, Said
from scoring.units import convert, plain

OF_OTHER_YEARS = "certificate_other_year_count"
"""The fact whose figure is never that of a part of the year: the time beside it says of which it is."""


def figure_of(reading: Reading, amount: Amount, bound: Bound, clause: Clause) -> Said:
    """Return the figure in the unit of its facts."""
    clear = len(bound.facts) == 1 and bool(bound.unit) and not bound.share and not bound.loose
    fact = bound.facts[0] if clear else reading.asked if reading.asked in bound.facts and not bound.share else ""
    unit = reading.unit_of(fact) if fact else bound.unit

    def turned(number: Decimal | None) -> Decimal | None:
        return None if number is None else in_unit(number, amount, bound, unit)

    start, end = amount.wide
    if bound.name is not None:
        start, end = min(start, bound.name.start), max(end, bound.name.end)
    raw, first, last = reading.text.raw(start, end)
    year, part = _when(reading, amount, clause)
    part = part if fact != OF_OTHER_YEARS else ""  # 1500张是2023年10月的
    value = turned(amount.number)
    return Said(
        fact,
        () if fact else bound.facts,
        value,
        unit,
        raw,
        first,
        last,
        about=amount.about,
        low=turned(amount.low),
        high=turned(amount.high),
        year=year,
        part=part,
        bare=bound.bare,
        every=not fact and value == 0 and len(bound.facts) > 1 and not bound.share,
    )


def in_unit(number: Decimal, amount: Amount, bound: Bound, unit: str) -> Decimal:
    """Return a number of an amount in a unit; as said where it has no unit of its own or is of no fact."""
    if bound.bare or (not bound.facts and not bound.share):
        return number
    said = bound.taken or amount.unit
    return convert(number, said, unit) if said else plain(number)


def _when(reading: Reading, amount: Amount, clause: Clause) -> tuple[int | None, str]:
    """Return the year and the part of a year that the amount is of."""
    sentence = max([m.end() for m in SENTENCE.finditer(reading.text.plain[: amount.start])], default=0)
    before = [one for one in reading.moments if one.end <= amount.start]
    behind = [one for one in reading.moments if amount.end <= one.start < clause.end]
    before = [one for one in before if _reaches(reading, one, clause)]
    if several := signs()["years"].search(reading.text.plain[clause.start : amount.wide[0]]):
        return None, several[0]
    years = [one.year for one in before if one.year] or [one.year for one in behind if one.year]
    near: list[Moment] = [one for one in before if one.start >= sentence] or behind
    last = near[-1] if near else None
    part = reading.text.raw(last.start, last.end)[0] if last is not None and last.part else amount.part
    if len({one.part for one in near} - {""}) > 1 and signs()["total"].search(
        reading.text.plain[clause.start : amount.wide[0]]
    ):
        part = ""  # 1-6月318万方，7-12月352万方，合计670万方
    return (years[-1] if years else None), part or _company(reading, amount)


def _company(reading: Reading, amount: Amount) -> str:
    """Return the company that a figure is of, where those of the others are still to come; empty otherwise."""
    clause = reading.clauses[reading.clause_at(amount.start)]
    others = signs()["others"].search(reading.text.plain, amount.end)
    one = signs()["only_one"].search(reading.text.plain[: amount.start])
    if one is not None and not signs()["of_all_park"].search(reading.words_of(clause)):
        return reading.text.raw(*one.span("who" if one["who"] else "alone"))[0]
    if others is None:
        return ""
    lead = reading.text.plain[: amount.start]
    each = list(signs()["share_of_park"].finditer(lead))
    named = each[-1] if each else signs()["company"].search(lead)
    start, end = named.span() if named else others.span()
    return reading.text.raw(start, end)[0]


def _reaches(reading: Reading, moment: Moment, clause: Clause) -> bool:
    """Whether a part of a year in an earlier clause is of this one too: that clause reports, or is nothing else."""
    if not moment.part or moment.start >= clause.start:
        return True
    own = reading.clauses[reading.clause_at(moment.start)]
    reports = any(own.start <= one.start < own.end for one in reading.amounts)
    reports = reports or bool(signs()["only_part"].search(reading.words_of(own)))  # 我手上只有12月的，640万度
    return reports or own.end - own.start - (moment.end - moment.start) <= 2
