"""Whether a statement that was made wrong is false: nothing in the library bears it out.

A statement counts as borne out where some fact has all its figures, the words put in, and most of its characters in
pairs. One that is borne out, or that its own clause bears out, is no distractor.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from assistant.answer import Citation
from assistant.guard import check
from assistant.training.statements import Altered
from corpus.figures import read_figures
from corpus.library import Library
from corpus.model import Passage
from scoring.units import UnknownUnit, convert

_LIKE = 0.6
_FIGURE_RULES = ("digit", "unit", "comparator", "neighbour_figure", "edition_figure")


class Truth:
    """What the facts of one library bear out."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def is_false(self, made: Altered, own: Passage) -> bool:
        """Whether neither its own clause nor any other fact bears the statement out."""
        return self.borne_out_by(made, own) is None and self._own_clause_denies(made, own)

    def borne_out_by(self, made: Altered, own: Passage) -> Passage | None:
        """Return a fact, not the own one, that says the same as the statement; None where there is none."""
        pairs, figures, new = _pairs(made.text), _figures(made.text), _pairs(made.now)
        bounds = _bounds(made.text if made.rule == "comparator" else "")
        for other in self._with(figures, new if made.rule not in _FIGURE_RULES else frozenset()):
            if other.id == own.id or not bounds <= _bounds(other.text):
                continue
            theirs = _pairs(other.text)
            if len(pairs & theirs) >= _LIKE * min(len(pairs), len(theirs)) and (
                made.rule in _FIGURE_RULES or new <= theirs
            ):
                return other
        return None

    def _own_clause_denies(self, made: Altered, own: Passage) -> bool:
        """Whether the own clause differs: by the guard for figures, by the words exchanged for others."""
        if made.rule in _FIGURE_RULES:
            citation = Citation(1, own, self.library.document_of(own))
            return bool(check((f"{made.text}[1]",), {1: citation})) and not _same_amount(made.was, made.now)
        return made.now not in own.text

    @cached_property
    def at_place(self) -> dict[str, list[Passage]]:
        """Document number and place -> the facts that stand there."""
        found: dict[str, list[Passage]] = {}
        for passage in self.library.passages.values():
            found.setdefault(f"{self.library.document_of(passage).number} {passage.place}", []).append(passage)
        return found

    def _with(self, figures: frozenset[tuple[str, str]], new: frozenset[str]) -> list[Passage]:
        """Return the facts that have all of the figures and of the new words, as far as an index tells."""
        if figures:
            rarest = min(figures, key=lambda figure: len(self._by_figure.get(figure, ())))
            return [one for one in self._by_figure.get(rarest, ()) if figures <= _figures(one.text)]
        if new:
            return min((self._by_pair.get(one, []) for one in new), key=len)
        return list(self.library.passages.values())

    @cached_property
    def _by_pair(self) -> dict[str, list[Passage]]:
        found: dict[str, list[Passage]] = {}
        for passage in self.library.passages.values():
            for pair in _pairs(passage.text):
                found.setdefault(pair, []).append(passage)
        return found

    @cached_property
    def _by_figure(self) -> dict[tuple[str, str], list[Passage]]:
        found: dict[tuple[str, str], list[Passage]] = {}
        for passage in self.library.passages.values():
            for figure in _figures(passage.text):
                found.setdefault(figure, []).append(passage)
        return found


@lru_cache(maxsize=16384)
def _pairs(text: str) -> frozenset[str]:
    tight = re.sub(r"[\s，。；：、“”‘’《》（）]", "", text)
    return frozenset(tight[n : n + 2] for n in range(len(tight) - 1))


@lru_cache(maxsize=16384)
def _figures(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((f.key, f.unit) for f in read_figures(text) if f.kind == "number" and f.unit)


@lru_cache(maxsize=16384)
def _bounds(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((f.key, f.comparator) for f in read_figures(text) if f.kind == "number" and f.comparator)


def alike(one: str, other: str) -> float:
    """Return how much of the shorter of two statements stands in the other, 0 to 1."""
    mine, theirs = _pairs(one), _pairs(other)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _same_amount(one: str, other: str) -> bool:
    """Whether two figures are one amount in two units: 0.83 kgCO2/kWh and 0.83 tCO2/MWh."""
    figures = [f for text in (one, other) for f in read_figures(text) if f.value is not None]
    if len(figures) != 2 or figures[0].comparator != figures[1].comparator:
        return False
    first, second = figures
    if first.value == second.value and first.unit == second.unit:
        return True
    try:
        assert first.value is not None
        return convert(first.value, first.unit, second.unit) == second.value
    except UnknownUnit:
        return False
