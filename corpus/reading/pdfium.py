"""What pdfium knows of a page: characters with their boxes, drawn rulings, pictures, and how it looks."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corpus.reading.grid import Ruling
from corpus.reading.model import Box
from corpus.reading.printed import Char

PDFIUM = threading.RLock()
"""pdfium is not made for threads: whoever calls it, here or elsewhere, holds this."""

_PATH, _IMAGE = 2, 3
_MOST_OBJECTS = 20_000
_MOST_RULINGS = 3000
_SAMPLED = 5
_ODD = re.compile("[\x00\x02\ud800-\udfff\ufffe\uffff]")
_THIN = 2.5
_SHORTEST = 6.0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF with the way from its own coordinates to points from the shown page's top left."""

    raw: Any
    width: float
    height: float
    origin: tuple[float, float, float, float]
    turned: int

    @staticmethod
    def of(document: Any, number: int) -> Page | None:
        """Return a page, from 1; None where pdfium cannot load it."""
        import pypdfium2

        if document is None:
            return None
        try:
            raw = document[number - 1]
            width, height = raw.get_size()
            return Page(raw, width, height, tuple(raw.get_bbox()), raw.get_rotation())
        except (pypdfium2.PdfiumError, IndexError):
            return None

    def close(self) -> None:
        """Let go of the page."""
        self.raw.close()

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of the PDF's coordinates as it is shown."""
        x1, y1 = self.point(left, bottom)
        x2, y2 = self.point(right, top)
        return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the PDF's coordinates as it is shown, from the top left."""
        left, bottom, right, top = self.origin
        match self.turned:
            case 90:
                return y - bottom, x - left
            case 180:
                return right - x, y - bottom
            case 270:
                return top - y, right - x
            case _:
                return x - left, top - y


def page_chars(page: Page) -> tuple[list[Char], float]:
    """Return the characters of a page in the order they were drawn, and the share that has no known meaning."""
    import pypdfium2.raw as pdfium_raw

    pdfium = cast(Any, pdfium_raw)
    text = page.raw.get_textpage()
    try:
        return _chars(pdfium, page, text), _unmapped(pdfium, text)
    finally:
        text.close()


def _chars(pdfium: Any, page: Page, text: Any) -> list[Char]:
    rect = pdfium.FS_RECTF()
    box_of, straight, (x, _, _, y) = pdfium.FPDFText_GetLooseCharBox, not page.turned, page.origin
    found: list[Char] = []
    seen: set[tuple[str, int, int]] = set()
    spaced = False
    for i, character in enumerate(_characters(pdfium, text)):
        if not character or character.isspace():
            spaced = True
            continue
        if not box_of(text, i, rect):
            continue
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        box = Box(left - x, y - top, right - x, y - bottom) if straight else page.box(left, bottom, right, top)
        place = (character, round(box.left), round(box.top))
        if place in seen:  # drawn twice for bold
            continue
        seen.add(place)
        found.append(Char(character, box, max(1.0, box.bottom - box.top) * 0.85, spaced))
        spaced = False
    return found


def _characters(pdfium: Any, text: Any) -> Sequence[str]:
    """Return what each place on the page says; nothing where it says nothing."""
    count = text.count_chars()
    whole = str(text.get_text_range()) if count else ""
    if len(whole) == count and not _ODD.search(whole):
        return whole
    return [_character(pdfium, text, i, pdfium.FPDFText_GetUnicode(text, i)) for i in range(count)]


def _unmapped(pdfium: Any, text: Any) -> float:
    places = range(0, text.count_chars(), _SAMPLED)
    return sum(pdfium.FPDFText_HasUnicodeMapError(text, i) == 1 for i in places) / max(1, len(places))


def _character(pdfium: Any, text: Any, index: int, code: int) -> str:
    if code in (0, 0xFFFE, 0xFFFF, 2):
        return ""
    if 0xD800 <= code < 0xDC00:  # the upper half of a pair
        low = pdfium.FPDFText_GetUnicode(text, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    return "" if 0xDC00 <= code < 0xE000 else chr(code)


def page_rulings(page: Page) -> tuple[list[Ruling], list[Ruling]]:
    """Return the lines drawn on a page: across and down. A page with thousands, a drawing, has none."""
    across: list[Ruling] = []
    down: list[Ruling] = []
    for (x1, y1), (x2, y2) in _segments(page):
        if abs(y1 - y2) <= _THIN and abs(x1 - x2) >= _SHORTEST:
            across.append(Ruling((y1 + y2) / 2, min(x1, x2), max(x1, x2)))
        elif abs(x1 - x2) <= _THIN and abs(y1 - y2) >= _SHORTEST:
            down.append(Ruling((x1 + x2) / 2, min(y1, y2), max(y1, y2)))
        if len(across) + len(down) > _MOST_RULINGS:
            return [], []
    return across, down


Point = tuple[float, float]


def _segments(page: Page) -> Iterator[tuple[Point, Point]]:
    import pypdfium2.raw as pdfium_raw

    pdfium = cast(Any, pdfium_raw)
    for count, thing in enumerate(page.raw.get_objects(filter=[_PATH])):
        if count > _MOST_OBJECTS:
            return
        matrix = thing.get_matrix()
        start = last = (0.0, 0.0)
        x, y = ctypes.c_float(), ctypes.c_float()
        for i in range(pdfium.FPDFPath_CountSegments(thing)):
            segment = pdfium.FPDFPath_GetPathSegment(thing, i)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            here = page.point(*matrix.on_point(x.value, y.value))
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = here
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                yield last, here
            last = here
            if pdfium.FPDFPathSegment_GetClose(segment):
                yield last, start
                last = start


def picture_share(page: Page) -> float:
    """Return the share of the page that its largest picture covers."""
    largest = 0.0
    for count, thing in enumerate(page.raw.get_objects(filter=[_IMAGE])):
        left, bottom, right, top = thing.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
        if count > 200:
            break
    return largest / max(1.0, page.width * page.height)


def rendered(page: Page, scale: float) -> NDArray[np.uint8]:
    """Return the page as RGB pixels."""
    bitmap = page.raw.render(scale=scale, rev_byteorder=True)
    pixels = cast("NDArray[np.uint8]", bitmap.to_numpy())
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    copied = np.ascontiguousarray(pixels[:, :, :3])
    bitmap.close()
    return copied
