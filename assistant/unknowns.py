"""What a message says is not known, by name: 煤的量不知道, 天然气嘛，还没统计上来."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.plain import plain_text, signs
from assistant.reading import Clause, Reading
from scoring.model import Rules


def unknowns_in(message: str, rules: Rules) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each name that a message says nothing is known of, as typed, with the facts that it may mean."""
    reading = Reading(plain_text(message), rules)
    for at, clause in enumerate(reading.clauses):
        if not signs()["unknown"].search(reading.words_of(clause)):
            continue
        own = reading.names_of(clause)
        named = own or (reading.names_of(reading.clauses[at - 1]) if at else [])
        if not own and at and _has_amount(reading, reading.clauses[at - 1]):
            continue
        if _has_amount(reading, clause):
            continue
        for name in named:
            facts = tuple(one for one in name.of if reading.is_number(one))
            if facts:
                yield reading.text.raw(name.start, name.end)[0], facts


def _has_amount(reading: Reading, clause: Clause) -> bool:
    return any(clause.start <= one.start < clause.end for one in reading.amounts)
