"""Scans made from documents, to measure on what a scanner gives: pictures of the pages in a PDF, clean or rough."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from corpus.pages_kept import KeptPages
from corpus.reading import read
from corpus.reading.files import sha256_of
from corpus.reading.limits import LIMITS
from corpus.reading.model import Progress
from corpus.reading.pdf import PdfFile
from corpus.reading.pdfium import PDFIUM, Page, rendered

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["clean", "rough"]
_STAMP = (200, 20, 20, 140)
_DEGREES = (1.0, -1.5, 2.0)
_PAGE_READERS = ("pdf", "pdfium", "scan", "printed", "grid", "tidy", "formula", "garble", "limits")


def roughened(picture: Image, *, degrees: float = 1.5, blur: float = 1.1, seed: int = 1) -> Image:
    """Return a page as a bad scanner gives it: turned, blurred, noisy, a red stamp over its text."""
    from PIL import Image, ImageDraw, ImageFilter

    stamped = picture.copy()
    drawing = ImageDraw.Draw(stamped, "RGBA")
    x, y, radius = picture.width * 0.4, picture.height * 0.63, picture.width * 0.135
    for inset in range(8):
        around = (x - radius + inset, y - radius + inset, x + radius - inset, y + radius - inset)
        drawing.ellipse(around, outline=_STAMP)
    drawing.rectangle((x - radius / 2, y - 18, x + radius / 2, y + 18), fill=_STAMP)
    turned = stamped.rotate(degrees, fillcolor=(250, 250, 248), resample=Image.Resampling.BICUBIC)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(blur))).astype(np.float64)
    noise = np.random.default_rng(seed).normal(0, 10, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def scan_of(source: Path, folder: Path, kind: Kind) -> Path:
    """Return a PDF of pictures of a PDF's pages, kept in `folder`; rough ones are turned by 1, 1.5 or 2 degrees."""
    from PIL import Image

    made = folder / f"{sha256_of(source)[:16]}-{kind}.pdf"
    if made.is_file():
        return made
    pages: list[Any] = []
    file = PdfFile(source, source.name)
    for number in range(1, file.count + 1):
        with PDFIUM:
            shown = Page.of(file.document, number)
            assert shown is not None
            picture = Image.fromarray(rendered(shown, LIMITS.ocr_scale))
            shown.close()
        rough = kind == "rough"
        pages.append(roughened(picture, degrees=_DEGREES[number % 3], seed=number) if rough else picture)
    file.close()
    folder.mkdir(parents=True, exist_ok=True)
    beside = made.with_suffix(".part")
    pages[0].save(beside, "PDF", save_all=True, append_images=pages[1:], resolution=72 * LIMITS.ocr_scale)
    beside.replace(made)
    return made


def recognized(scan: Path, folder: Path, *, name: str, progress: Progress | None = None) -> Path:
    """Read a scan and return where its pages are kept; those read before by the same program are not read again."""
    kept = folder / f"{sha256_of(scan)[:32]}-{_program()}.jsonl"
    read(scan, name=name, progress=progress, pages=KeptPages(kept))
    return kept


def _program() -> str:
    """Return a short name of how pages are read: another program reads them anew."""
    texts = (files("corpus.reading").joinpath(f"{name}.py").read_bytes() for name in _PAGE_READERS)
    return hashlib.sha256(b"\n".join(texts)).hexdigest()[:8]
