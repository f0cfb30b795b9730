"""Tables whose columns are only set apart by spaces, as text taken out of a PDF has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.tables import looks_like_header, row_text
from corpus.reading.tidy import glue, shown_width, tidy

_PIECE = re.compile(r"\S+(?: {1,2}\S+)*")
_LIMIT = re.compile(r"^[≤≥<>＜＞不达优]|^\d")
_WIDEST_PIECE = 60


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text in a line, and the columns on the screen at which it begins and ends."""

    text: str
    start: int
    end: int


def column_table(lines: Sequence[str], at: int) -> tuple[list[str], int] | None:
    """Return the rows of a table that begins at a line, and the line after it; None where none begins.

    A row is given only what stands on its line, and, where a value has lines of its own above and below the
    one name beside it, that value. A label that stands in the middle of several rows goes with its own row
    only: where it ends above and below, the text does not say.
    """
    header = _pieces(lines[at])
    if len(header) < 3 or not looks_like_header([p.text for p in header]) or lines[at].strip() != lines[at].rstrip():
        return None
    body: list[list[_Piece]] = []
    end = at + 1
    for line in lines[at + 1 :]:
        pieces = _pieces(line)
        if pieces and _is_prose(line, pieces):
            break
        end += 1
        if pieces:
            body.append(pieces)
    rows = _rows(header, body)
    return (rows, end) if len(rows) >= 2 else None


def _pieces(line: str) -> list[_Piece]:
    """Return what stands in a line, parted at three spaces."""
    found: list[_Piece] = []
    for match in _PIECE.finditer(line.expandtabs(8).replace("\u3000", "  ")):
        start = shown_width(line[: match.start()])
        found.append(_Piece(tidy(match[0]), start, start + shown_width(match[0])))
    return found


def _is_prose(line: str, pieces: Sequence[_Piece]) -> bool:
    """Whether a line is no part of a table: text at the left edge, or as long as a line of text."""
    piece = pieces[0]
    return len(pieces) == 1 and (piece.start <= 4 or piece.end - piece.start > _WIDEST_PIECE)


def _rows(header: Sequence[_Piece], body: Sequence[Sequence[_Piece]]) -> list[str]:
    placed = [_placed(header, pieces) for pieces in body]
    last = len(header) - 1
    made: list[dict[int, str]] = []
    loose: list[str] = []
    hungry: dict[int, str] | None = None
    for cells in placed:
        name = cells.get(last - 1, "")
        if name and cells.get(last):
            hungry = _fed(hungry, loose, last)
            made.append(cells)
        elif name:
            hungry = _fed(hungry, loose, last) if hungry is not None else None
            hungry = cells
            made.append(cells)
        elif cells.get(last):
            loose.append(cells[last])
    _fed(hungry, loose, last)
    names = [p.text for p in header]
    return [row_text(names, [cells.get(j, "") for j in range(len(names))]) for cells in made]


def _fed(hungry: dict[int, str] | None, loose: list[str], last: int) -> None:
    """Give the name without a value on its line the lines that stand around it; each limit is said by itself."""
    if hungry is not None and loose:
        text = ""
        for part in loose:
            text += ("，" if text and _LIMIT.match(part) else glue(text, part)) + part
        hungry[last] = text
    loose.clear()


def _placed(header: Sequence[_Piece], pieces: Sequence[_Piece]) -> dict[int, str]:
    """Return the pieces of a line by column: the nearest by their middles, in order."""
    cells: dict[int, str] = {}
    for piece in pieces:
        middle = (piece.start + piece.end) / 2
        free = [j for j in range(len(header)) if j > max(cells, default=-1)]
        if free:
            nearest = min(free, key=lambda j: abs((header[j].start + header[j].end) / 2 - middle))
            cells[nearest] = piece.text
    return cells
