"""Ruled tables: the lines drawn on a page -> cells, merged ones included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.model import Box

_NEAR = 3.0
"""Points within which two rulings are one and a crossing is a crossing."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A drawn line: across at height `at` from `start` to `end`, or down at `at` from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's rows from the top, each with one box a column; a merged cell's box stands in every place it covers."""

    box: Box
    rows: tuple[tuple[Box, ...], ...]


def grids(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[Grid]:
    """Return the tables that rulings draw: at least two columns, at least two cells, from the top of the page."""
    across, down = _merged(across), _merged(down)
    found: list[Grid] = []
    for rows, columns in _connected(across, down):
        heights = _positions([r.at for r in rows])
        lefts = _positions([c.at for c in columns])
        if len(heights) < 2 or len(lefts) < 3:
            continue
        grid = _grid(heights, lefts, rows, columns)
        if len({box for row in grid.rows for box in row}) > 1:
            found.append(grid)
    return sorted(found, key=lambda g: (g.box.top, g.box.left))


def _merged(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Return rulings with pieces of one line put together."""
    found: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda r: (round(r.at / _NEAR), r.start)):
        last = found[-1] if found else None
        if last and abs(last.at - ruling.at) <= _NEAR and ruling.start <= last.end + _NEAR:
            found[-1] = Ruling(last.at, min(last.start, ruling.start), max(last.end, ruling.end))
        else:
            found.append(ruling)
    return found


def _crossing(across: Ruling, down: Ruling) -> bool:
    return across.start - _NEAR <= down.at <= across.end + _NEAR and down.start - _NEAR <= across.at <= down.end + _NEAR


def _connected(across: list[Ruling], down: list[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Return groups of rulings that cross one another."""
    left_across, left_down = set(range(len(across))), set(range(len(down)))
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    while left_across:
        rows, columns = {left_across.pop()}, set[int]()
        todo: list[tuple[bool, int]] = [(True, next(iter(rows)))]
        while todo:
            is_row, at = todo.pop()
            if is_row:
                new = {j for j in left_down if _crossing(across[at], down[j])}
                left_down -= new
                columns |= new
            else:
                new = {i for i in left_across if _crossing(across[i], down[at])}
                left_across -= new
                rows |= new
            todo += [(not is_row, i) for i in new]
        groups.append(([across[i] for i in rows], [down[j] for j in columns]))
    return groups


def _positions(values: list[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _grid(heights: list[float], lefts: list[float], rows: list[Ruling], columns: list[Ruling]) -> Grid:
    """Return the grid whose elementary cells are put together where no ruling parts them."""
    width, height = len(lefts) - 1, len(heights) - 1
    parent = list(range(width * height))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            cell = parent[cell]
        return cell

    for i in range(height):
        middle = (heights[i] + heights[i + 1]) / 2
        for j in range(width):
            centre = (lefts[j] + lefts[j + 1]) / 2
            cell = i * width + j
            if j + 1 < width and not _ruled(columns, lefts[j + 1], middle):
                parent[root(cell + 1)] = root(cell)
            if i + 1 < height and not _ruled(rows, heights[i + 1], centre):
                parent[root(cell + width)] = root(cell)
    boxes: dict[int, Box] = {}
    for cell in range(width * height):
        i, j = divmod(cell, width)
        box, own = boxes.get(root(cell)), Box(lefts[j], heights[i], lefts[j + 1], heights[i + 1])
        boxes[root(cell)] = own if box is None else around(box, own)
    made = tuple(tuple(boxes[root(i * width + j)] for j in range(width)) for i in range(height))
    return Grid(Box(lefts[0], heights[0], lefts[-1], heights[-1]), made)


def _ruled(rulings: list[Ruling], at: float, across: float) -> bool:
    return any(abs(r.at - at) <= _NEAR and r.start - _NEAR <= across <= r.end + _NEAR for r in rulings)


def around(one: Box, other: Box) -> Box:
    """Return the smallest box around two."""
    return Box(
        min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom)
    )
