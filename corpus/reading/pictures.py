"""Photographs and scans of pages as picture files, a TIFF with several pages too."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpus.errors import Unreadable
from corpus.reading.limits import LIMITS
from corpus.reading.model import PageText

_PAGE_WIDTH, _PAGE_HEIGHT = 595.0, 842.0
"""Of an A4 page, which a picture is taken to show across its width, upright or lying."""
_BLURRED = 1.1
_FAULTS = (OSError, ValueError, SyntaxError, EOFError)


class Pictures:
    """A picture file that is read page by page."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the file.

        Raises:
            Unreadable: when it is damaged or too large.
        """
        from PIL import Image

        self._path, self._name = path, name
        try:
            with Image.open(path) as picture:
                self.count = int(getattr(picture, "n_frames", 1))
                pixels = picture.size[0] * picture.size[1]
        except (*_FAULTS, Image.DecompressionBombError) as error:
            raise self._damaged() from error
        if pixels > LIMITS.picture_pixels:
            raise Unreadable(
                name,
                "too-large",
                f"{name!r} 有 {pixels // 10_000} 万像素，最多 {LIMITS.picture_pixels // 10_000} 万。请缩小再放进来。",
            )
        if self.count > LIMITS.pages:
            raise Unreadable(
                name, "too-many-pages", f"{name!r} 有 {self.count} 页，一份最多读 {LIMITS.pages} 页。请拆成几份。"
            )

    def page(self, number: int) -> PageText:
        """Read one page, from 1."""
        from PIL import Image, ImageOps

        from corpus.reading.scan import scanned_page

        try:
            with Image.open(self._path) as picture:
                picture.seek(number - 1)
                shown = ImageOps.exif_transpose(picture).convert("RGB")
        except (*_FAULTS, Image.DecompressionBombError) as error:
            raise self._damaged() from error
        scale = shown.width / (_PAGE_WIDTH if shown.width <= shown.height else _PAGE_HEIGHT)
        if scale > LIMITS.ocr_scale * 1.25:
            shown = shown.resize(
                (round(shown.width * LIMITS.ocr_scale / scale), round(shown.height * LIMITS.ocr_scale / scale))
            )
            scale = LIMITS.ocr_scale
        why = "图片分辨率低，认得可能不准" if scale < _BLURRED else ""
        return scanned_page(np.asarray(shown), number, scale=scale, why=why)

    def _damaged(self) -> Unreadable:
        return Unreadable(self._name, "damaged", f"{self._name!r} 是图片，但已损坏或不完整，打不开。请重新取一份。")
