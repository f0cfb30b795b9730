"""A message -> every figure that it says, with the fact that it belongs to; nothing is computed and nothing guessed.

    said_in("去年下网3.2亿度，煤已经没有了，绿证两万张", rules)

A figure keeps the words that hold it (`raw`). Where the fact is not clear it has candidates instead. What is no
reported figure is left out: dates, numbers of documents and clauses, limits that are asked about, plans, what was
corrected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.amounts import Amount
from assistant.answers import reply_in, stated_in
from assistant.binding import bind
from assistant.fitting import Bound
from assistant.naming import as_heard
from assistant.nothings import nothings_in
from assistant.partial import in_parts
from assistant.plain import plain_text, signs, words
from assistant.preferring import preferred
from assistant.reading import Clause, Reading, Said
from assistant.reported import corrected, is_change, not_reported, of_before
from assistant.settling import settled
from assistant.tagger import Tagger
from assistant.turning import figure_of
from scoring.model import Rules

__all__ = ["Said", "said_in"]
_WASTE = ("solid_waste_generated_t", "solid_waste_used_t")


def said_in(
    message: str, rules: Rules, *, asked: str = "", mended: tuple[str, ...] = (), tagger: Tagger | None = None
) -> tuple[Said, ...]:
    """Return the figures that a message says, in order.

    Args:
        message: as typed.
        rules: they define the facts.
        asked: the fact that was just asked for; a bare "3.2亿", "85%", "没有" then belongs to it.
        mended: spelling mended by `Reader`, as "绿正→绿证".
        tagger: hears what the rules heard once more; without one the rules decide.
    """
    typed = plain_text(message, mended=(*mended, *words()["mistyped"]))
    reading = Reading(as_heard(typed, rules), rules, asked)
    figures, stated = list(_figures(reading)), list(stated_in(reading))
    figures = [one for one in figures if not _within(one, [s for s in stated if isinstance(s.value, Decimal)])]
    nothings = [one for one in nothings_in(reading) if one.fact == reading.asked or not _within(one, stated)]
    found = [*in_parts(reading, preferred(reading, _without_turned(figures))), *nothings, *stated]
    if reading.asked and not any(one.fact == reading.asked or _answers_first(reading, one) for one in stated):
        found += reply_in(reading, taken=bool(found))
    heard = _once_each(found)
    return heard if tagger is None else _once_each(settled(reading, heard, tagger))


def _answers_first(reading: Reading, one: Said) -> bool:
    """Whether a yes or no of another question is said in the first clause, which then is no reply: 边界还没定."""
    first = reading.clauses[0] if reading.clauses else None
    return isinstance(one.value, bool) and first is not None and one.start <= reading.text.places[first.end - 1]


def _within(one: Said, others: list[Said]) -> bool:
    """Whether a figure shares words with one of others."""
    return any(other.start < one.end and one.start < other.end for other in others)


def _once_each(found: Sequence[Said]) -> tuple[Said, ...]:
    """Return the figures in order, what is said twice once, and no zero of what there is some of."""
    some = {one.fact for one in found if one.fact and one.value and not isinstance(one.value, bool)}
    kept: dict[tuple[object, ...], Said] = {}
    for one in sorted(found, key=lambda one: (one.start, one.bare, one.end)):
        if one.value == 0 and not isinstance(one.value, bool) and one.fact in some:
            continue
        kept.setdefault((one.fact, one.candidates, one.value, one.low, one.high, one.year, one.part, one.change), one)
    return tuple(sorted(kept.values(), key=lambda one: (one.start, one.end)))


def _figures(reading: Reading) -> Iterator[Said]:
    """Yield the amounts that are reported."""
    told: list[Said] = []
    for at, amount in enumerate(reading.amounts):
        clause = reading.clauses[reading.clause_at(amount.start)]
        before = reading.text.plain[clause.start : amount.wide[0]]
        after = reading.text.plain[amount.wide[1] : clause.end]
        bound = bind(reading, amount, clause)
        if corrected(reading, at, amount, before, after) or signs()["capacity"].search(before):
            reading.dropped = bound.name if bound is not None else None
            reading.put_right.append(amount)
            continue
        if amount.about and signs()["objects"].search(reading.text.plain) and before.endswith("应该是"):
            amount = replace(amount, about=False)  # 应该是 puts right here, and guesses elsewhere
        change = is_change(amount, before, after)
        if bound is None or (not change and not_reported(reading, amount, clause, before, after, bound)):
            continue
        if bound.name is not None and not change and not _is_coefficient(bound):
            reading.used[bound.name] = amount
        if set(bound.facts) & set(_WASTE) and not bound.share and _all_used(reading, amount):
            bound = replace(bound, facts=_WASTE[:1])
        doubted = not reading.asked and _unverified(reading, clause)
        said = figure_of(reading, amount, replace(bound, loose=bound.loose or doubted), clause)
        said = replace(said, doubted=doubted)
        if of_before(reading, said, before, clause, told):
            continue
        if change:
            more = reading.supposed and amount.unit != "percent" and not signs()["less"].search(before)
            yield replace(said, fact="", candidates=bound.facts, change=not more)
        else:
            told.append(said)
            reading.told |= {said.fact} - {""}
            yield said
            yield from _of_each(reading, amount, bound, clause, before)
            if said.fact == _WASTE[0] and _all_used(reading, amount):
                yield replace(said, fact=_WASTE[1])


def _is_coefficient(bound: Bound) -> bool:
    """Whether a figure is a coefficient of what it names, which may still have its amount: 热值22GJ/t，5万吨."""
    members = {fact.partition("/")[2] for fact in bound.name.of} if bound.name is not None else set[str]()
    return any("/" in fact and fact.partition("/")[2] in members for fact in bound.facts) and not (
        bound.name is not None and set(bound.facts) & set(bound.name.of)
    )


def _of_each(reading: Reading, amount: Amount, bound: Bound, clause: Clause, before: str) -> Iterator[Said]:
    """Yield the amount for the other names that it is of each: 汽油柴油各30吨."""
    if bound.name is None or not signs()["each"].search(before):
        return
    for name in reading.names_of(clause):
        if name.end <= bound.name.start and name not in reading.used and len(name.of) == 1:
            reading.used[name] = amount
            yield figure_of(reading, amount, replace(bound, name=name, facts=name.of), clause)


def _unverified(reading: Reading, clause: Clause) -> bool:
    """Whether a figure is yet to be checked, as its clause or the one before says: 利用量待核，大概8.5万吨."""
    at = reading.clauses.index(clause)
    before = reading.clauses[max(at - 1, 0)]
    told = any(before.start <= one.start < before.end for one in reading.amounts)
    start = clause.start if told else before.start
    return bool(signs()["unverified"].search(reading.text.plain[start : clause.end]))


def _all_used(reading: Reading, amount: Amount) -> bool:
    """Whether all of the solid waste just said is used: 固废36700吨全部综合利用."""
    return bool(signs()["all_used"].match(reading.text.plain[amount.wide[1] :]))


def _without_turned(figures: list[Said]) -> list[Said]:
    """Return the figures without tonnes that are said in tonnes of coal equivalent as well: 氢气300吨，折标1200tce."""
    clear = {one.fact for one in figures if one.fact and not one.bare}
    return [one for one in figures if not (one.bare and one.unit == "tce" and set(one.candidates) & clear)]
