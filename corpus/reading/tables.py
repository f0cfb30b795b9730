"""Rows of tables -> lines `列名：值；列名：值`, each with the table's header, over pages too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.reading.grid import around
from corpus.reading.model import Box, Line, Printed

_LONGEST_HEADING = 40
_DEEPEST = 3
_FIGURE = re.compile(r"[\d.,%±~–—\-\s/]+")
Row = tuple[int, Printed]
"""Its page and what is printed."""


def table_lines(rows: Sequence[Row]) -> list[Line]:
    """Return the lines of one table; a row of a single cell above the header, its title, is text."""
    lines: list[Line] = []
    start = 0
    while start < len(rows) and len({box for _, box in rows[start][1].cells}) == 1:
        lines.append(_title(rows[start]))
        start += 1
    body = list(rows[start:])
    if not body:
        return lines
    depth = _depth(body)
    headings = _headings([r.cells for _, r in body[:depth]]) if depth else [""] * len(body[0][1].cells)
    header = [[text for text, _ in r.cells] for _, r in body[:depth]]
    page, last = body[0][0], [""] * len(headings)
    for number, row in body[depth:]:
        texts = [text for text, _ in row.cells]
        if number != page and header and texts in header:
            continue
        filled = last[0] if number != page and not texts[0] and any(texts) else ""
        if line := _row(number, row, headings, filled):
            lines.append(line)
        if texts[0]:
            page, last = number, texts
    return lines


def row_text(headings: Sequence[str], values: Sequence[str]) -> str:
    """Return a row as one line; empty cells say nothing.

    >>> row_text(["指标", "单位", "限值"], ["水重复利用率", "", "80%"])
    '指标：水重复利用率；限值：80%'
    """
    return "；".join(_named(h, v) for h, v in zip(headings, values, strict=True) if v)


def _named(heading: str, value: str) -> str:
    heading = heading.rstrip("：: ")
    return f"{heading}：{value}" if heading else value


def looks_like_header(texts: Sequence[str]) -> bool:
    """Whether a row names columns: at least two short texts, none of them a figure."""
    filled = [t for t in texts if t]
    return (
        len(filled) >= 2
        and len(filled) * 2 > len(texts)
        and all(len(t) <= _LONGEST_HEADING and not _FIGURE.fullmatch(t) for t in filled)
        and not any(t.endswith(("。", "；", "：", ":")) for t in filled)
    )


def _title(row: Row) -> Line:
    number, printed = row
    text = printed.cells[0][0]
    return Line(text, number, printed.box, spans=((0, len(text), number, printed.box),))


def _depth(body: list[Row]) -> int:
    """Return how many rows the header has: as many as its tallest cell covers."""
    page, first = body[0]
    if len(body) < 2 or not looks_like_header([t for t, _ in dict.fromkeys(first.cells)]):
        return 0
    bottom = max(box.bottom for _, box in first.cells)
    depth = sum(1 for number, row in body if number == page and row.box.bottom <= bottom + 1)
    if depth == 1 and len({box for _, box in first.cells}) < len(first.cells) and len(body) > 2:
        depth = 2  # columns named together above, each for itself below
    return depth if depth <= _DEEPEST and depth < len(body) else 1


def _headings(rows: Sequence[tuple[tuple[str, Box], ...]]) -> list[str]:
    """Return each column's name: the names above one another, each once."""
    return [" ".join(dict.fromkeys(row[j][0] for row in rows if row[j][0])) for j in range(len(rows[0]))]


def _row(number: int, row: Printed, headings: list[str], filled: str) -> Line | None:
    values: list[tuple[str, str, Box]] = []
    for j, (text, box) in enumerate(row.cells):
        heading = headings[j] if j < len(headings) else ""
        if values and box == values[-1][2]:  # one cell over several columns
            continue
        values.append((heading, filled if j == 0 and filled else text, box))
    if not any(headings) and len(values) == 2 and all(v[1] for v in values) and len(values[0][1]) <= _LONGEST_HEADING:
        values = [(values[0][1], values[1][1], around(values[0][2], values[1][2]))]
    text, spans = "", list[tuple[int, int, int, Box]]()
    for heading, value, box in values:
        if value:
            text += "；" if text else ""
            start = len(text)
            text += _named(heading, value)
            spans.append((start, len(text), number, box))
    return Line(text, number, row.box, "row", spans=tuple(spans)) if text else None
