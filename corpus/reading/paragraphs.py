"""Printed lines -> paragraphs, rows and formulas, joined over lines and pages, each with where it was printed."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from corpus.reading.furniture import furniture_of
from corpus.reading.grid import around
from corpus.reading.model import Box, Line, PageText, Printed
from corpus.reading.tables import Row, table_lines
from corpus.reading.tidy import continued, glue

_MARKER = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇\d]+[章节条部分款]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+[.．、]|\d+(?:\.\d+)+\s|[①-⑳]|[a-zA-Z][)）]|附[件录]|[表图]\s*[A-Z\d]|注\d*[:：]|——|—)"
)
_ENDED = re.compile("[。；：！？;:!?]$")
_NUMBER_OF_LETTER = re.compile(r"[〔\[（(]\d{4}[〕\])）].*号$")


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where the text of a page begins and ends, its usual size, and the usual gap between its lines."""

    left: float
    right: float
    size: float
    gap: float
    loose: float = 1.15


def assembled(pages: Sequence[PageText]) -> tuple[Line, ...]:
    """Return the lines of a document from its pages."""
    dropped = furniture_of(pages)
    body = median([x.size for p in pages for x in p.lines if x.size for _ in x.text] or [0.0])
    lines: list[Line] = []
    open_lines: list[tuple[PageText, _Margins, Printed]] = []
    rows: list[Row] = []

    def close_text() -> None:
        if open_lines:
            lines.append(_joined(open_lines))
            open_lines.clear()

    def close_rows() -> None:
        if rows:
            lines.extend(table_lines(rows))
            rows.clear()

    for p, page in enumerate(pages):
        kept = [line for i, line in enumerate(page.lines) if (p, i) not in dropped]
        margins = _margins(page, kept)
        for line in kept:
            if line.cells:
                close_text()
                if rows and not _continues(rows[-1], page, line):
                    close_rows()
                rows.append((page.number, line))
                continue
            close_rows()
            if open_lines and _begins(open_lines, page, margins, line, body):
                close_text()
            open_lines.append((page, margins, line))
    close_text()
    close_rows()
    skews = {page.number: page for page in pages if page.skew}
    return tuple(_turned_back(line, skews) if skews else line for line in lines)


def _margins(page: PageText, lines: Sequence[Printed]) -> _Margins:
    plain = [x for x in lines if not x.cells and x.size]
    if not plain:
        return _Margins(0, page.width, 10, 10)
    size = median([x.size for x in plain for _ in x.text])
    widest = max(x.box.right - x.box.left for x in plain)
    wide = [x for x in plain if x.box.right - x.box.left > 0.6 * widest]
    lefts = sorted(x.box.left for x in wide)
    left = next((at for at in lefts if sum(abs(at - o) < 0.7 * size for o in lefts) >= 2), lefts[0])
    rights = sorted(x.box.right for x in wide)
    right = rights[min(len(rights) - 1, math.floor(0.9 * len(rights)))]
    gaps = [b.box.top - a.box.bottom for a, b in itertools.pairwise(plain) if b.box.top > a.box.top]
    return _Margins(left, right, size, median(gaps) if gaps else size, 1.35 if page.how == "ocr" else 1.15)


def _begins(
    paragraph: list[tuple[PageText, _Margins, Printed]], page: PageText, m: _Margins, line: Printed, body: float
) -> bool:
    """Whether a line begins a new paragraph after those before."""
    before_page, bm, before = paragraph[-1]
    if line.formula or before.formula:
        return True
    if not line.size or not before.size:
        return _begins_unplaced(before.text, line.text)
    if not 1 / m.loose < line.size / before.size < m.loose:
        return True
    same_page = page.number == before_page.number
    if same_page and line.box.top - before.box.bottom > max(1.8 * m.gap, m.gap + 0.6 * m.size):
        return True
    if _centred(before, bm) or _centred(line, m):
        title = before.size > 1.12 * body and _centred(before, bm) and _centred(line, m)
        return not (same_page and title and not _NUMBER_OF_LETTER.search(before.text))
    if before.box.right < bm.right - 2 * bm.size:
        return True
    if line.box.left > m.left + 1.3 * m.size:
        hanging = same_page and len(paragraph) > 1 and abs(line.box.left - before.box.left) < 0.5 * m.size
        return not hanging or bool(_MARKER.match(line.text))
    return bool(_MARKER.match(line.text) and _ENDED.search(before.text))


def _begins_unplaced(before: str, text: str) -> bool:
    return bool(_ENDED.search(before) or _MARKER.match(text) or len(before) < 20)


def _centred(line: Printed, m: _Margins) -> bool:
    left, right = line.box.left - m.left, m.right - line.box.right
    return left > 2.6 * m.size and right > 1.5 * m.size and abs(left - right) < 2.2 * m.size


def _continues(last: Row, page: PageText, row: Printed) -> bool:
    """Whether a row goes on with the table of the row before: right below it, or at the top of the next page."""
    number, before = last
    if len(before.cells) != len(row.cells):
        one_cell = len({box for _, box in before.cells}) == 1 or len({box for _, box in row.cells}) == 1
        return number == page.number and one_cell and -2 < row.box.top - before.box.bottom < 3
    if number == page.number:
        return -2 < row.box.top - before.box.bottom < 3
    return abs(before.box.left - row.box.left) < 12 and abs(before.box.right - row.box.right) < 12


def _joined(paragraph: Sequence[tuple[PageText, _Margins, Printed]]) -> Line:
    text = ""
    spans: list[tuple[int, int, int, Box]] = []
    for page, _, line in paragraph:
        text += glue(text, line.text)
        own = continued(line.text) if text else line.text
        if line.size > 0:  # its place is known
            spans.append((len(text), len(text) + len(own), page.number, line.box))
        text += own
    first_page = paragraph[0][0].number
    box: Box | None = None
    for _, _, number, place in spans:
        if number == first_page:
            box = place if box is None else around(box, place)
    formula = paragraph[0][2].formula
    return Line(text, first_page, box, "formula" if formula else "text", spans=tuple(spans))


def _turned_back(line: Line, skews: dict[int, PageText]) -> Line:
    """Return a line with its boxes where they stand on the scan as it was put in."""

    def back(box: Box, number: int) -> Box:
        page = skews.get(number)
        if page is None:
            return box
        angle = math.radians(page.skew)
        x, y = (box.left + box.right) / 2 - page.width / 2, (box.top + box.bottom) / 2 - page.height / 2
        dx = x * math.cos(angle) - y * math.sin(angle) - x
        dy = x * math.sin(angle) + y * math.cos(angle) - y
        return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)

    spans = tuple((start, end, number, back(box, number)) for start, end, number, box in line.spans)
    box = None if line.box is None else back(line.box, line.page)
    return Line(line.text, line.page, box, line.kind, line.level, spans)
