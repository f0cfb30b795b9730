"""`advisor evaluate own`: a folder's files brought into a library of their own, and questions asked on them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ui.settings import Settings

if TYPE_CHECKING:
    from assistant.measure_own import OwnOutcome
    from corpus.measure_scans import Kind
    from corpus.own import OwnLibrary


def measure(folder: Path, questions: Path, settings: Settings, *, scans: Kind | None = None) -> OwnOutcome:
    """Bring in what lies in `folder`, or scans made from it, and ask; the user's own library is not touched.

    Raises:
        CorpusError: when the questions cannot be read.
        PageError: when a text is to be printed for scanning and this machine has no font for it.
    """
    from assistant.advisor import Advisor
    from assistant.measure_own import evaluate_own, on_printed_pages, read_own_questions
    from corpus.index import ensure_index
    from corpus.own import OwnLibrary, whole_library
    from ui.start import Progress, library_and_words, open_model, open_reranker

    items = read_own_questions(questions)
    home = settings.home / "evaluate-own" / (scans or "originals")
    own = _fresh(home)
    if scans is None:
        _bring_in([folder], own)
    else:
        printed = _fresh(home / "printed")
        _bring_in(_printed([folder], home / "printed"), printed)
        items = on_printed_pages(items, printed)
        _bring_in_scans(printed, own, home, scans)
    built_in, words = library_and_words()
    embedder = open_model(settings)
    index = ensure_index(home / "index", whole_library(home, built_in), embedder, words, Progress())
    reranker = open_reranker(settings, embedder) if embedder is not None else None
    return evaluate_own(Advisor(index, reranker=reranker), OwnLibrary(home), items)


def _fresh(home: Path) -> OwnLibrary:
    """Return an empty library: what was read by an older program is not measured."""
    from corpus.own import OwnLibrary

    shutil.rmtree(home / "library", ignore_errors=True)
    return OwnLibrary(home)


def _bring_in(paths: Sequence[Path], own: OwnLibrary) -> None:
    from corpus.errors import CorpusError, Duplicate
    from corpus.intake import bring_in, incoming
    from ui.start import tell

    for one in incoming(paths):
        try:
            if isinstance(one, CorpusError):
                raise one
            with contextlib.suppress(Duplicate):
                own.take(bring_in(one.path, own, name=one.name))
        except CorpusError as error:
            tell(str(error))


def _bring_in_scans(printed: OwnLibrary, own: OwnLibrary, home: Path, kind: Kind) -> None:
    from corpus.intake import bring_in
    from corpus.measure_scans import recognized, scan_of
    from corpus.reading.files import sha256_of
    from ui.start import Progress

    for record in printed.records():
        progress, name = Progress(), record.file_name
        scan = scan_of(printed.original(record), home / "scans", kind)
        kept = recognized(scan, home / "pages", name=name, progress=lambda d, t, p=progress, n=name: p(n, d, t))
        pages = own.folder / "pages"
        pages.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, pages / f"{sha256_of(scan)}.jsonl")
        own.take(bring_in(scan, own, name=name))


# Texts without pages, printed ----------------------------------------------------------------------------------------


def _printed(paths: Iterable[Path], home: Path) -> list[Path]:
    """Return every file as a PDF: itself, or its text set on pages."""
    from corpus.errors import CorpusError
    from corpus.intake import incoming
    from corpus.reading import read
    from ui.start import tell

    folder = home / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for one in incoming(paths):
        if isinstance(one, CorpusError):
            tell(str(one))
            continue
        target = folder / f"{Path(one.name).stem}.pdf"
        reading = read(one.path, name=one.name)
        target.write_bytes(
            one.path.read_bytes() if reading.format == "pdf" else printed_pdf([line.text for line in reading.lines])
        )
        made.append(target)
    return made


def printed_pdf(lines: Sequence[str]) -> bytes:
    """Return a text as a PDF of A4 pages: its first line as the title, page numbers below."""
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    from ui.certificate import embeddable_font

    font = embeddable_font(None)
    cast(Any, pdfmetrics).registerFont(font)
    body = ParagraphStyle("body", fontName=font.fontName, fontSize=12, leading=21, firstLineIndent=24, wordWrap="CJK")
    title = ParagraphStyle("title", body, fontSize=18, leading=28, firstLineIndent=0, alignment=1, spaceAfter=14)
    story = [Paragraph(escape(line), body if at else title) for at, line in enumerate(lines)]
    held = io.BytesIO()

    def number(canvas: Any, _document: Any) -> None:
        canvas.setFont(font.fontName, 10)
        canvas.drawCentredString(A4[0] / 2, 36, f"— {canvas.getPageNumber()} —")

    document: Any = SimpleDocTemplate(
        held, pagesize=A4, leftMargin=80, rightMargin=80, topMargin=80, bottomMargin=72, invariant=1
    )
    document.build(story, onFirstPage=number, onLaterPages=number)
    return held.getvalue()
