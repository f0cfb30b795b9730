"""How quickly and how well files are read: pages a second beside pypdf alone, and OCR of scans made from them."""

from __future__ import annotations

import resource
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from corpus.errors import Unreadable
from corpus.measure_scans import roughened
from corpus.reading import Reading, read, readings
from corpus.reading.limits import LIMITS
from corpus.reading.model import PageText
from corpus.reading.pdf import PdfFile
from corpus.reading.pdfium import PDFIUM, Page, rendered


@dataclass(frozen=True, slots=True)
class FileMeasure:
    """What reading one file took, in processor time of this machine; the ratio is what can be compared."""

    name: str
    format: str
    pages: int
    lines: int
    seconds: float
    pages_per_second: float
    pypdf_seconds: float | None
    ratio: float | None
    how: dict[str, int]
    fault: str = ""

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them."""
        return {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class ScanMeasure:
    """OCR on scans made from the pages of a PDF: characters right, 0 to 1, widths and spaces folded."""

    name: str
    kind: str
    pages: int
    characters: int
    accuracy: float
    worst_page: float
    pages_per_second: float

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def measured_files(path: Path) -> Iterator[FileMeasure]:
    """Read a file, or those of a folder, and say what it took; text layers again, once libraries are loaded."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        began = time.process_time()
        for found in readings(file):
            seconds = time.process_time() - began
            yield _failed(found, seconds) if isinstance(found, Unreadable) else _measured(found, file, seconds)
            began = time.process_time()


def measured_scans(path: Path, *, most: int = 10) -> Iterator[ScanMeasure]:
    """Make scans of a PDF's pages, at most so many, and say how well OCR reads them: clean, then rough."""
    read_pages = [p for p in _pages(path) if p.how == "text layer" and sum(len(x.text) for x in p.lines) > 100][:most]
    for kind in ("clean", "rough") if read_pages else ():
        yield _scanned(path, kind, read_pages)


def peak_memory_mb() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(reading: Reading, file: Path, seconds: float) -> FileMeasure:
    alone, ratio = None, None
    pages = len(reading.pages)
    how = dict(Counter(p.how for p in reading.pages))
    if reading.format == "pdf" and file.suffix == ".pdf":
        alone = min(_pypdf_alone(file) for _ in range(2))
        if not how.get("ocr"):
            seconds = min(_again(file) for _ in range(2))
            ratio = seconds / alone if alone else None
    rate = pages / seconds if seconds else 0.0
    return FileMeasure(reading.name, reading.format, pages, len(reading.lines), seconds, rate, alone, ratio, dict(how))


def _again(file: Path) -> float:
    began = time.process_time()
    read(file)
    return time.process_time() - began


def _failed(fault: Unreadable, seconds: float) -> FileMeasure:
    return FileMeasure(fault.name, "", 0, 0, seconds, 0.0, None, None, {}, str(fault))


def _pypdf_alone(file: Path) -> float:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    began = time.process_time()
    try:
        for page in PdfReader(file).pages:
            page.extract_text()
    except (PyPdfError, ValueError, KeyError, TypeError):
        return 0.0
    return time.process_time() - began


def _pages(path: Path) -> Sequence[PageText]:
    pages: dict[int, PageText] = {}
    read(path, pages=pages)
    return [pages[n] for n in sorted(pages)]


def _scanned(path: Path, kind: str, pages: Sequence[PageText]) -> ScanMeasure:
    from PIL import Image
    from rapidfuzz.distance import Levenshtein

    from corpus.reading.scan import scanned_page

    wrong = total = 0
    worst, seconds = 1.0, 0.0
    file = PdfFile(path, path.name)
    for page in pages:
        with PDFIUM:
            shown = Page.of(file.document, page.number)
            assert shown is not None
            pixels = rendered(shown, LIMITS.ocr_scale)
            shown.close()
        if kind == "rough":
            turn = 1.5 if page.number % 2 else -1.5
            pixels = np.asarray(roughened(Image.fromarray(pixels), degrees=turn, seed=page.number))
        began = time.process_time()
        said = scanned_page(pixels, page.number, scale=LIMITS.ocr_scale)
        seconds += time.process_time() - began
        wanted = _folded(page)
        distance = Levenshtein.distance(wanted, _folded(said))
        wrong, total = wrong + distance, total + len(wanted)
        worst = min(worst, 1 - distance / len(wanted))
    file.close()
    return ScanMeasure(path.name, kind, len(pages), total, 1 - wrong / total, worst, len(pages) / seconds)


def _folded(page: PageText) -> str:
    texts = [x.text or "".join(dict.fromkeys(t for t, _ in x.cells)) for x in page.lines]
    return "".join(unicodedata.normalize("NFKC", "".join(texts)).split())
