"""Characters on a page -> printed lines, rows of ruled tables and formulas, in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.reading.formula import whole_formulas
from corpus.reading.grid import Grid, around
from corpus.reading.model import Box, Printed
from corpus.reading.tidy import glue, tidy

_SPREAD = 2
_GAP = 2.2
"""Of the character size: a wider gap parts two pieces of a line."""


@dataclass(slots=True)
class Char:
    """A character or word with its box; `spaced` where a space stands before it."""

    text: str
    box: Box
    size: float
    spaced: bool = False


@dataclass(slots=True)
class Run:
    """Characters that follow one another on one line."""

    chars: list[Char]
    box: Box

    @property
    def size(self) -> float:
        """The usual size of its characters."""
        return median(c.size for c in self.chars)

    @property
    def text(self) -> str:
        """What it says."""
        parts: list[str] = []
        for before, char in zip([None, *self.chars], self.chars, strict=False):
            gap = before is not None and char.box.left - before.box.right > 0.25 * char.size
            parts += [" ", char.text] if char.spaced or gap else [char.text]
        return tidy("".join(parts))


def printed_lines(chars: Sequence[Char], tables: Sequence[Grid], width: float) -> list[Printed]:
    """Return the lines of a page: what stands in a table as its rows, the rest as lines, top to bottom."""
    inside: list[list[Char]] = [[] for _ in tables]
    outside: list[Char] = []
    for char in chars:
        x, y = _centre(char.box)
        at = next((i for i, t in enumerate(tables) if _holds(t.box, x, y)), None)
        (outside if at is None else inside[at]).append(char)
    lines = [_printed(runs) for runs in _ordered(_lines(_runs(outside)), width)]
    lines = whole_formulas(lines)
    for table, its in zip(tables, inside, strict=True):
        rows = _rows(table, its)
        at = next((i for i, line in enumerate(lines) if line.box.top >= table.box.bottom - 1), len(lines))
        lines[at:at] = rows
    return [line for line in lines if line.text or line.cells]


def _centre(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _holds(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _runs(chars: Sequence[Char]) -> list[Run]:
    """Return characters as they were drawn one after the other along a line."""
    runs: list[Run] = []
    taken: list[Char] = []
    top = bottom = 0.0

    def close() -> None:
        if taken:
            left, right = min(c.box.left for c in taken), max(c.box.right for c in taken)
            runs.append(Run(list(taken), Box(left, top, right, bottom)))
            taken.clear()

    for char in chars:
        box = char.box
        if taken:
            last = taken[-1]
            size = max(char.size, last.size)
            shared = min(bottom, box.bottom) - max(top, box.top)
            level = shared > 0.4 * min(bottom - top, box.bottom - box.top)
            if not (level and -0.6 * size < box.left - last.box.right < _GAP * size):
                close()
        top, bottom = (min(top, box.top), max(bottom, box.bottom)) if taken else (box.top, box.bottom)
        taken.append(char)
    close()
    return runs


def _overlap(one: Box, other: Box) -> float:
    """Return how much two boxes share of the lower one's height, 0 to 1."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(0.1, min(one.bottom - one.top, other.bottom - other.top))


def _lines(runs: list[Run]) -> list[list[Run]]:
    """Return runs that stand on one line together, from left to right."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.box.top + r.box.bottom) / 2):
        for line in reversed(lines[-6:]):
            if all(_overlap(r.box, run.box) > 0.5 for r in line):
                line.append(run)
                break
        else:
            lines.append([run])
    return [sorted(line, key=lambda r: r.box.left) for line in lines]


def _ordered(lines: list[list[Run]], width: float) -> list[list[Run]]:
    """Return lines in reading order: two columns of text one after the other."""
    middle = width / 2
    parted = [
        line
        for line in lines
        if len(line) == 2 and line[0].box.right < middle < line[1].box.left and _wide(line[0], line[1], width)
    ]
    if len(parted) < max(5, 0.5 * len(lines)):
        return lines
    left: list[list[Run]] = []
    right: list[list[Run]] = []
    for line in lines:
        for run in line:
            (left if run.box.left < middle else right).append([run])
    return left + right


def _wide(one: Run, other: Run, width: float) -> bool:
    return one.box.right - one.box.left > 0.3 * width and other.box.right - other.box.left > 0.15 * width


def _printed(runs: list[Run]) -> Printed:
    text, box = runs[0].text, runs[0].box
    for before, run in pairwise(runs):
        apart = run.box.left - before.box.right > run.size
        text += (" " if apart else glue(text, run.text)) + run.text
        box = around(box, run.box)
    if all(len(run.text) <= _SPREAD for run in runs):  # characters spread out, not texts set apart
        text = tidy(text)
    return Printed(text, box, median(c.size for run in runs for c in run.chars))


def _rows(table: Grid, chars: Sequence[Char]) -> list[Printed]:
    texts: dict[Box, str] = {}
    by_cell: dict[Box, list[Char]] = {}
    boxes = list(dict.fromkeys(box for row in table.rows for box in row))
    for char in chars:
        x, y = _centre(char.box)
        holder = next((b for b in boxes if _holds(b, x, y)), None)
        if holder is not None:
            by_cell.setdefault(holder, []).append(char)
    for box, its in by_cell.items():
        text = ""
        for runs in _lines(_runs(its)):
            line = _printed(runs).text
            text += glue(text, line) + line
        texts[box] = tidy(text)
    rows: list[Printed] = []
    for row in table.rows:
        cells = tuple((texts.get(box, ""), box) for box in row)
        if any(text for text, _ in cells):
            top = max(box.top for box in row)
            bottom = min(box.bottom for box in row)
            rows.append(Printed("", Box(table.box.left, top, table.box.right, max(bottom, top)), 0.0, cells))
    return rows
