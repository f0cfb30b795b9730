"""A page of a PDF, or of a scan in a picture file, as a picture with boxes drawn around what is cited."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from corpus.errors import CorpusError
from corpus.reading.model import Box

PAGED = ("pdf", "image")
"""Formats whose pages can be drawn."""
_INK = (196, 74, 20)
_FILL = (255, 214, 102, 70)
_EDGE = 3
_A4 = (595.0, 842.0)
"""Points; a picture file is taken to show such a page, upright or lying, as corpus.reading.pictures takes it."""
_DOOR = threading.Lock()  # PDFium is not made for several threads at once


def page_image(path: Path, page: int, boxes: Sequence[Box] = (), *, width: int = 1100) -> bytes:
    """Return page `page` (from 1) as PNG, `width` pixels wide, the boxes outlined and tinted.

    Raises:
        CorpusError: when the file or page cannot be shown.
    """
    picture, scale = _scan(path, page, width) if path.suffix == ".image" else _pdf_page(path, page, width)
    return _drawn(picture, boxes, scale)


def _pdf_page(path: Path, page: int, width: int) -> tuple[Any, float]:
    """The page as a picture, and its pixels a point."""
    import pypdfium2

    with _DOOR:
        try:
            document: Any = cast(Any, pypdfium2).PdfDocument(str(path))
        except (pypdfium2.PdfiumError, FileNotFoundError) as error:
            raise CorpusError(f"原件打不开，画不出第 {page} 页（{error}）。") from error
        try:
            if not 1 <= page <= len(document):
                raise CorpusError(f"原件没有第 {page} 页。")
            sheet = document[page - 1]
            scale = width / sheet.get_width()
            return sheet.render(scale=scale).to_pil().convert("RGB"), scale
        finally:
            document.close()


def _scan(path: Path, page: int, width: int) -> tuple[Any, float]:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as scan:
            scan.seek(page - 1)
            shown = ImageOps.exif_transpose(scan).convert("RGB")
    except (OSError, EOFError, ValueError) as error:
        raise CorpusError(f"原件打不开，画不出第 {page} 页（{error}）。") from error
    shown = shown.resize((width, round(shown.height * width / shown.width)))
    return shown, width / _A4[shown.width > shown.height]


def _drawn(picture: Any, boxes: Sequence[Box], scale: float) -> bytes:
    from PIL import Image, ImageDraw

    tint = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(tint)
    for box in merged(boxes):
        corners = [v * scale for v in (box.left, box.top, box.right, box.bottom)]
        around = (corners[0] - 5, corners[1] - 4, corners[2] + 5, corners[3] + 4)
        pen.rectangle(around, fill=_FILL, outline=_INK, width=_EDGE)
    made = Image.alpha_composite(picture.convert("RGBA"), tint).convert("RGB")
    kept = io.BytesIO()
    made.quantize(colors=64).save(kept, "PNG")
    return kept.getvalue()


def merged(boxes: Sequence[Box]) -> list[Box]:
    """Return one box for lines that stand under each other, so that a sentence is framed once a column.

    >>> merged([Box(0, 0, 9, 10), Box(0, 12, 5, 22), Box(0, 90, 9, 99)])
    [Box(left=0, top=0, right=9, bottom=22), Box(left=0, top=90, right=9, bottom=99)]
    """
    found: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.top, b.left)):
        last = found[-1] if found else None
        beside = last is not None and box.left < last.right and last.left < box.right
        if last is not None and beside and box.top - last.bottom <= (box.bottom - box.top):
            found[-1] = Box(
                min(last.left, box.left), last.top, max(last.right, box.right), max(last.bottom, box.bottom)
            )
        else:
            found.append(box)
    return found
