"""What reading a file gives: lines in reading order, each with its page and the boxes it was printed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal["text", "heading", "row", "formula"]
How = Literal["text layer", "pdfium", "ocr", "markup", "sheet"]

Progress = Callable[[int, int], None]
"""Hears of pages done and pages in all."""

Stop = Callable[[], bool]
"""Asked after each page; true stops the reading."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the page's top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph joined from printed lines, a heading, a row of a table or a formula.

    Attributes:
        text: the paragraph; a row reads `列名：值；列名：值`.
        page: where it begins, from 1; a sheet's number in a workbook; 1 where the format has no pages.
        box: around its part on `page`; None where the format has no positions.
        kind: heading only where the format itself says so.
        level: of a heading, from 1; 0 otherwise.
        spans: (start, end, page, box) of the printed lines it was joined from; text[start:end] stands in box.
    """

    text: str
    page: int = 1
    box: Box | None = None
    kind: LineKind = "text"
    level: int = 0
    spans: tuple[tuple[int, int, int, Box], ...] = ()


@dataclass(frozen=True, slots=True)
class PageRead:
    """How one page was read, and what is to be known of it (a Chinese sentence, or nothing)."""

    number: int
    how: How
    note: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line of a page, before joining.

    Attributes:
        text: what it says.
        box: where it stands.
        size: of its characters, in points; 0 where not known.
        cells: where it is a row of a table: text and box of each column, a merged cell in each that it covers.
        formula: whether it is a formula put together from its pieces.
    """

    text: str
    box: Box
    size: float = 0.0
    cells: tuple[tuple[str, Box], ...] = ()
    formula: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as it was read: what is kept to go on with a long file later (see `read(pages=...)`).

    `skew` is how many degrees a scan was turned; the lines' boxes are those of the page set straight.
    """

    number: int
    how: How
    note: str
    width: float
    height: float
    lines: tuple[Printed, ...]
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read.

    Attributes:
        name: the file's name as the user knows it.
        format: what it is by its content: pdf, docx, doc, html, xlsx, csv, txt, md ...
        lines: in reading order, without repeated headers, footers and page numbers.
        pages: how each page was read.
        sha256: of the file's bytes.
        head: what the file itself says of title, author, date (html meta, docx core properties, PDF information).
        notes: what the reader should know of the whole file (macros left out, sheets hidden), in Chinese.
    """

    name: str
    format: str
    lines: tuple[Line, ...]
    pages: tuple[PageRead, ...]
    sha256: str
    head: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
