"""Tables ruled only across, as standards print them: a line above, one below the header, one at the end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corpus.reading.grid import Ruling
from corpus.reading.printed import Char

_NARROWEST = 150.0
_SAME = 6.0
_TALLEST_HEADER = 70.0
_GAP = 9.0
"""Points of empty space, through the whole table, that part two columns."""


def implied_rulings(
    across: Sequence[Ruling], down: Sequence[Ruling], chars: Sequence[Char]
) -> tuple[list[Ruling], list[Ruling]]:
    """Return the rulings that such tables leave out: between their columns, and between their rows."""
    rows: list[Ruling] = []
    columns: list[Ruling] = []
    for group in _groups(across, down):
        at = 0
        while at + 2 < len(group):
            gaps = _parted(group[at], group[at + 1], group[at + 2], chars)
            end = at + 2
            while gaps and end + 1 < len(group):
                more = _parted(group[at], group[at + 1], group[end + 1], chars)
                if len(more) != len(gaps):
                    break
                gaps, end = more, end + 1
            if not gaps:
                at += 1
                continue
            top, left, right = group[at].at, group[at].start, group[at].end
            columns += [Ruling(x, top, group[end].at) for x in (left, *gaps, right)]
            body = _within(chars, group[at + 1], group[end])
            rows += [Ruling(y, left, right) for y in _row_breaks(body, gaps)]
            at = end + 1
    return rows, columns


def _parted(top: Ruling, header: Ruling, bottom: Ruling, chars: Sequence[Char]) -> list[float]:
    """Return where the columns of a table are parted; nothing where what stands there is no table."""
    head = _within(chars, top, header)
    gaps = _gaps(_within(chars, top, bottom), top.start, top.end)
    in_all = {_column(c, gaps) for c in head} == set(range(len(gaps) + 1))
    return gaps if in_all and header.at - top.at < _TALLEST_HEADER and len(gaps) else []


def _within(chars: Sequence[Char], top: Ruling, bottom: Ruling) -> list[Char]:
    left, right = top.start - 5, top.end + 5
    return [c for c in chars if top.at < _middle(c) < bottom.at and left <= c.box.left and c.box.right <= right]


def _groups(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[list[Ruling]]:
    """Return sets of three or more lines one below the other with nothing drawn down between them."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(across, key=lambda r: r.at):
        if ruling.end - ruling.start < _NARROWEST:
            continue
        for group in groups:
            last = group[-1]
            alike = abs(last.start - ruling.start) < _SAME and abs(last.end - ruling.end) < _SAME
            if alike and ruling.at - last.at > 4:
                group.append(ruling)
                break
        else:
            groups.append([ruling])
    return [g for g in groups if len(g) >= 3 and not any(_crosses(d, g) for d in down)]


def _crosses(down: Ruling, group: Sequence[Ruling]) -> bool:
    return (
        group[0].start - _SAME <= down.at <= group[0].end + _SAME
        and down.start < group[-1].at
        and down.end > group[0].at
    )


def _middle(char: Char) -> float:
    return (char.box.top + char.box.bottom) / 2


def _gaps(chars: Sequence[Char], left: float, right: float) -> list[float]:
    """Return the middles of the stretches that no character reaches into."""
    gaps: list[float] = []
    reached = left
    for char in sorted(chars, key=lambda c: c.box.left):
        if char.box.left - reached > _GAP and reached > left:
            gaps.append((reached + char.box.left) / 2)
        reached = max(reached, char.box.right)
    return [x for x in gaps if x < right]


def _column(char: Char, gaps: Sequence[float]) -> int:
    return sum(1 for x in gaps if char.box.left > x)


def _row_breaks(chars: Sequence[Char], gaps: Sequence[float]) -> list[float]:
    """Return the heights between rows: a line that fills only one column goes on with the row above."""
    lines: list[tuple[float, float, set[int]]] = []
    for char in sorted(chars, key=_middle):
        column = _column(char, gaps)
        if lines and _middle(char) < lines[-1][1]:
            top, bottom, columns = lines[-1]
            lines[-1] = (min(top, char.box.top), max(bottom, char.box.bottom), columns | {column})
        else:
            lines.append((char.box.top, char.box.bottom, {column}))
    return [(above[1] + below[0]) / 2 for above, below in pairwise(lines) if len(below[2]) > 1]
