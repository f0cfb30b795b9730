"""PDF, page by page: pypdf first, pdfium where its text is no text or stands elsewhere, OCR where neither can read."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from corpus.errors import Unreadable
from corpus.reading.garble import agreement, fault_of, too_little
from corpus.reading.grid import Grid, grids
from corpus.reading.limits import LIMITS
from corpus.reading.model import Box, How, PageText
from corpus.reading.open_tables import implied_rulings
from corpus.reading.pdfium import PDFIUM, Page, page_chars, page_rulings, picture_share, rendered
from corpus.reading.printed import Char, printed_lines

_TAIL = 65536
_SAME = 0.9
_DARKER = 50
_ANY_INK = 0.0008
_UNMAPPED = 0.03
_PICTURES = "页上有图片，图片里的文字没有读"
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_PYPDF_FAULTS = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError,
    ArithmeticError, RecursionError, NotImplementedError, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Picture:
    """A page that is to be read by OCR, and what its text layer gave, which stands where OCR finds less."""

    pixels: Any
    scale: float
    why: str
    otherwise: PageText | None

    @staticmethod
    def of(page: Page, why: str, otherwise: PageText | None) -> _Picture:
        scale = LIMITS.ocr_scale
        while page.width * page.height * scale * scale > LIMITS.picture_pixels:
            scale /= 2
        return _Picture(rendered(page, scale), scale, why, otherwise)

    def recognised(self, number: int) -> PageText:
        from corpus.reading.scan import scanned_page

        found = scanned_page(self.pixels, number, scale=self.scale, why=self.why)
        return self.otherwise if self.otherwise is not None and _size(found) < _size(self.otherwise) else found


def _size(page: PageText) -> int:
    return sum(len(line.text) + sum(len(t) for t, _ in line.cells) for line in page.lines)


def _lost(first: str, second: str) -> float:
    """Return the share of one reading's characters that the other has nowhere."""
    solid = "".join(first.split())
    there = set(second)
    return sum(c not in there for c in solid) / max(1, len(solid))


class PdfFile:
    """A PDF that can be read page by page, and what it says of itself."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the file.

        Raises:
            Unreadable: when it is encrypted, damaged, cut off or too long.
        """
        self.name = name
        _whole(path, name)
        self._pypdf, locked = _opened_by_pypdf(path)
        with PDFIUM:
            self._pdfium, locked_too = _opened_by_pdfium(path)
        if self._pypdf is None and self._pdfium is None:
            if locked or locked_too:
                raise Unreadable(
                    name, "encrypted", f"{name!r} 有打开密码。请用密码打开后另存一份没有密码的 PDF，再放进来。"
                )
            raise Unreadable(name, "damaged", f"{name!r} 是 PDF，但已损坏，读不出页。请重新下载或另存一份再试。")
        self.count: int = len(self._pdfium) if self._pdfium is not None else len(cast(Any, self._pypdf).pages)
        if self.count > LIMITS.pages:
            raise Unreadable(
                name, "too-many-pages",
                f"{name!r} 有 {self.count} 页，一份最多读 {LIMITS.pages} 页。请拆成几份再放进来。",
            )  # fmt: skip
        if self.count == 0:
            raise Unreadable(name, "damaged", f"{name!r} 里一页也没有。请换一份完整的文件。")

    @property
    def head(self) -> Mapping[str, str]:
        """What the file says of its title, author and dates."""
        found: dict[str, str] = {}
        try:
            about = self._pypdf.metadata if self._pypdf is not None else None
            for key in ("title", "author", "subject", "creator"):
                if about and (value := getattr(about, key)):
                    found[key] = str(value).strip()
            for key, field in (("created", "/CreationDate"), ("modified", "/ModDate")):
                if about and (day := _DATE.match(str(about.get(field, "")))):
                    found[key] = "-".join(day.groups())
        except (*_PYPDF_FAULTS, *_pypdf_errors()):
            return found
        return {k: v for k, v in found.items() if v}

    def page(self, number: int) -> PageText:
        """Read one page, from 1."""
        first = self._pypdf_text(number)
        with PDFIUM:
            page = Page.of(self._pdfium, number)
            if page is None:
                return self._without_pdfium(number, first)
            try:
                best = self._best(number, first, page)
            finally:
                page.close()
        return best if isinstance(best, PageText) else best.recognised(number)  # OCR keeps nobody waiting for pdfium

    @property
    def document(self) -> Any:
        """Return pdfium's document, for whoever holds `PDFIUM`; None where it cannot open the file."""
        return self._pdfium

    def close(self) -> None:
        """Let go of the file."""
        with PDFIUM:
            if self._pdfium is not None:
                self._pdfium.close()
        if self._pypdf is not None:
            self._pypdf.close()

    def _pypdf_text(self, number: int) -> str:
        if self._pypdf is None:
            return ""
        try:
            return str(self._pypdf.pages[number - 1].extract_text())
        except (*_PYPDF_FAULTS, *_pypdf_errors()):
            return ""

    def _best(self, number: int, first: str, page: Page) -> PageText | _Picture:
        chars, unmapped = page_chars(page)
        second = "".join(c.text for c in chars)
        fault = fault_of(second) or ("字形没有对应的文字" if unmapped > _UNMAPPED else "")
        fault_of_first = fault_of(first)
        if first.strip() and not fault_of_first and (fault or _lost(first, second) > 1 - _SAME):
            return self._without_pdfium(number, first)
        if fault:
            return _Picture.of(page, f"文字层{fault}，改用文字识别", None)
        if too_little(second, lambda: rendered_ink(page)) or (not second and _is_scan(page)):
            return _Picture.of(page, "", self._laid_out(number, page, chars, "text layer", _PICTURES))
        how: How = "text layer"
        note = ""
        if fault_of_first or agreement(first, second) < _SAME:
            how = "pdfium"
            note = f"第一种读法{fault_of_first or '读不全'}，改用第二种读法"
        share = picture_share(page)
        if share > 0.8:
            note = note or "扫描件自带的文字层，可能有错字，请对照原件"
        elif share > 0.1:
            note = note or _PICTURES
        return self._laid_out(number, page, chars, how, note if second else "空白页")

    def _laid_out(self, number: int, page: Page, chars: list[Char], how: How, note: str) -> PageText:
        across, down = page_rulings(page)
        if len(across) >= 3:
            rows, columns = implied_rulings(across, down, chars)
            across, down = [*across, *rows], [*down, *columns]
        tables: list[Grid] = grids(across, down) if across and down else []
        lines = printed_lines(chars, tables, page.width)
        return PageText(number, how, note, page.width, page.height, tuple(lines))

    def _without_pdfium(self, number: int, text: str) -> PageText:
        """Return pypdf's lines where pdfium cannot read the page; their places are not known."""
        from corpus.reading.model import Printed
        from corpus.reading.tidy import tidy

        fault = fault_of(text)
        if fault or not text.strip():
            note = f"这一页读不出文字（{fault or '没有文字层，也画不出来'}），没有收进来"
            return PageText(number, "text layer", note, 0.0, 0.0, ())
        lines = [Printed(tidy(t), Box(0, 0, 0, 0)) for t in text.splitlines() if t.strip()]
        return PageText(number, "text layer", "只有一种读法读得出，位置不详", 0.0, 0.0, tuple(lines))


def _is_scan(page: Page) -> bool:
    """Whether a page without text is a picture with anything on it, be it one line."""
    return picture_share(page) > 0.5 and rendered_ink(page) > _ANY_INK


def rendered_ink(page: Page) -> float:
    """Return the share of pixels that are clearly darker than a page's ground; faint scans have gray letters."""
    small = rendered(page, 0.4).min(axis=2)
    return float((small < np.median(small) - _DARKER).mean())


def _whole(path: Path, name: str) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        if b"%%EOF" not in file.read():
            raise Unreadable(
                name, "truncated", f"{name!r} 不完整，缺了结尾，多半是下载或拷贝中断。请重新取一份完整的。"
            )


def _pypdf_errors() -> tuple[type[Exception], ...]:
    from pypdf.errors import DependencyError, PyPdfError

    return (PyPdfError, DependencyError)


def _opened_by_pypdf(path: Path) -> tuple[Any, bool]:
    """Return pypdf's reader, or None and whether a password is what is missing."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity; the notes do
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return None, True
        len(reader.pages)
    except (*_PYPDF_FAULTS, *_pypdf_errors()):
        return None, False
    return reader, False


def _opened_by_pdfium(path: Path) -> tuple[Any, bool]:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path), False
    except pypdfium2.PdfiumError as error:
        return None, "password" in str(error).lower()
