"""Figures of several companies or stages of a park: with a total the total alone, without one each is of a part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.plain import signs, words
from assistant.reading import Reading, Said


def in_parts(reading: Reading, figures: Sequence[Said]) -> list[Said]:
    """Return the figures without those that a total has in it (A厂20吨，B厂35吨，合计55吨; 共4亿度，一期3亿).

    Without a total none of several parts is the park's own: each is one of a part, and the total is asked for.
    """
    kept: list[Said] = []
    for one in figures:
        if not one.change and _called(reading, one, "total"):
            kept = [other for other in kept if not _within(replace(other, part=one.part), one)]
        if any(_inside(reading, one, other) for other in kept):
            continue
        part = _called(reading, one, "share_of_park")
        if not part or not any(_within(one, other) and not _called(reading, other, "share_of_park") for other in kept):
            kept.append(one)
    kept = [one for one in kept if not (_generated(reading, one, kept) or _of_all(reading, one, kept))]
    return [_parted(reading, one, kept) for one in kept]


def _within(part: Said, total: Said) -> bool:
    """Whether a figure may be a part of a total: of the same fact, and no more than it."""
    same = bool(part.facts & total.facts) and not part.change and (part.year, part.part) == (total.year, total.part)
    if part.bare or total.bare or not isinstance(part.value, Decimal) or not isinstance(total.value, Decimal):
        return same
    return same and part.value <= total.value


def _inside(reading: Reading, one: Said, whole: Said) -> bool:
    """Whether a figure is said to be a part of one before: 新水320万方，其中自来水210万方."""
    if signs()["generated"].search(whole.raw) and _called(reading, one, "self_used"):
        return False
    return bool(one.fact) and one.fact == whole.fact and _within(one, whole) and _called(reading, one, "of_it")


def _called(reading: Reading, one: Said, sign: str) -> bool:
    """Whether the words before the figure in its clause call it a total, or that of a company or a stage."""
    start, end = _lead(reading, one)
    return bool(signs()[sign].search(reading.text.plain[start:end]))


def _lead(reading: Reading, one: Said) -> tuple[int, int]:
    """Return the span from the beginning of its clause to the number of a figure; an empty one where it has none."""
    amount = next((a for a in reversed(reading.amounts) if reading.text.places[a.start] < one.end), None)
    if amount is None:
        return 0, 0
    return reading.clauses[reading.clause_at(amount.start)].start, amount.wide[0]


def _parted(reading: Reading, one: Said, figures: Sequence[Said]) -> Said:
    """Return a figure, as one of a part where it is of a company, a works or a stage beside others of theirs.

    Of several sources (自来水210万方，地下水30万方) it is a candidate.
    """
    peers = [
        other
        for other in figures
        if other.facts & one.facts and (other.year, other.part) == (one.year, one.part) and not other.change
    ]
    if len(peers) > 1 and all(_called(reading, other, "share_of_park") for other in peers):
        start, end = _lead(reading, one)
        whose = signs()["share_of_park"].search(reading.text.plain[start:end])
        own = reading.text.raw(start + whose.start(), start + whose.end())[0] if whose else one.raw
        return replace(one, part=one.part or own)
    if one.fact in words()["sums"] and len({other.value for other in peers if other.fact}) > 1:
        return replace(one, fact="", candidates=(one.fact,), several=True)
    return one


def _generated(reading: Reading, one: Said, figures: Sequence[Said]) -> bool:
    """Whether a figure is what was generated, with what was used of it said apart: 光伏发了1800万度，自用1500万."""
    if not one.facts & {"self_green_mwh", "self_fossil_mwh"} or not signs()["generated"].search(one.raw):
        return False
    later = (other for other in figures if other.end > one.end and one.facts & other.facts)
    return any(_called(reading, other, "self_used") for other in later)


def _of_all(reading: Reading, one: Said, figures: Sequence[Said]) -> bool:
    """Whether a figure is of several names together, and each is said apart: 硅锰和锰铁一共21万吨，锰铁5万吨."""
    clause = reading.words_of(reading.clauses[reading.clause_at(reading.text.places.index(one.start))])
    later = any(other.fact in one.candidates and other.start >= one.end for other in figures)
    return len(one.candidates) == 1 and later and one.unit != "1" and bool(re.search(words()["together"], clause))
