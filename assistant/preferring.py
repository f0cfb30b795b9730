"""Of several figures of one fact the one that a message says counts: 以供电局为准, 按2024年计."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.plain import signs
from assistant.reading import Reading, Said

_FEW = 2


def preferred(reading: Reading, figures: Sequence[Said]) -> list[Said]:
    """Return the figures without those of a source or a year that another one is said to count before."""
    source = _source(reading)
    if len(figures) < _FEW or not source:
        return list(figures)
    return [one for one in figures if not any(_counts_before(reading, other, one, source) for other in figures)]


def _source(reading: Reading) -> str:
    """Return the source or the year whose figure counts; empty where none is said."""
    for clause in reading.clauses:
        if any(clause.start <= one.start < clause.end for one in reading.amounts):
            continue
        said = reading.words_of(clause)
        m = signs()["preferred"].search(said) if signs()["prefers"].match(said) else None
        if m is not None and not clause.asks:
            return m["source"]
    return ""


def _counts_before(reading: Reading, one: Said, other: Said, source: str) -> bool:
    """Whether a figure is of the source that counts, where another one of the same fact is not."""
    if one.change or other.change or other.part or not one.facts & other.facts:
        return False
    return _told_by(reading, one, source) and not _told_by(reading, other, source)


def _told_by(reading: Reading, one: Said, source: str) -> bool:
    """Whether a figure is of a source or a year: it stands before it in the clause."""
    year = re.match(r"(20\d\d)", source)
    if year is not None:
        return one.year == int(year[1])
    end = next(i for i, place in enumerate(reading.text.places) if place >= one.end)
    clause = reading.clauses[reading.clause_at(end - 1)]
    return source in reading.text.plain[clause.start : end]
