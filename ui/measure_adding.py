"""`advisor evaluate adding`: a long standard brought in, from the file to the last vector."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.settings import Settings

if TYPE_CHECKING:
    from corpus.library import Library

_CLAUSES_A_CHAPTER = 40
_CLAUSES_A_PAGE = 7
_TITLE = "长标准"


@dataclass(frozen=True, slots=True)
class AddingMeasure:
    """Seconds by the clock, of reading and of indexing with embedding; the load says how busy the machine was."""

    pages: int
    passages: int
    reading_seconds: float
    indexing_seconds: float
    processor_seconds: float
    load_before: float
    peak_memory_mb: int

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them."""
        return {k: round(v, 1) if isinstance(v, float) else v for k, v in asdict(self).items()}


def measure_adding(pages: int, settings: Settings) -> AddingMeasure:
    """Print about so many pages of numbered clauses, bring them in and index them in a folder of its own."""
    from corpus.index import ensure_index
    from corpus.intake import bring_in
    from corpus.measure_reading import peak_memory_mb
    from corpus.own import OwnLibrary, whole_library
    from ui.measure_own import printed_pdf
    from ui.start import Progress, library_and_words, open_model

    home = settings.home / "evaluate-adding"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    built_in, words = library_and_words()
    embedder, progress = open_model(settings), Progress()
    if embedder is not None:  # vectors of the built-in library are known, those made here are not kept
        ensure_index(home / "index", built_in, embedder, words, progress)
        embedder.file = Path(shutil.copy(embedder.file, home / "embeddings.sqlite"))
    file = home / "long.pdf"
    file.write_bytes(printed_pdf(list(_standard(built_in, pages * _CLAUSES_A_PAGE))))
    load, own = os.getloadavg()[0], OwnLibrary(home)
    began, worked = time.monotonic(), time.process_time()
    record = own.take(bring_in(file, own, progress=lambda done, total: progress(file.name, done, total)))
    read = time.monotonic()
    index = ensure_index(home / "index", whole_library(home, built_in), embedder, words, progress)
    done = time.monotonic()
    found = AddingMeasure(
        sum(record.pages.values()),
        len(index.library.documents[record.id].passages),
        read - began,
        done - read,
        time.process_time() - worked,
        load,
        round(peak_memory_mb()),
    )
    shutil.rmtree(home)
    return found


def _standard(library: Library, clauses: int) -> Iterator[str]:
    """Yield a title, then chapters of clauses whose words are those of the library's facts, each with its number."""
    yield _TITLE
    facts = [p.text for p in library.passages.values()]
    for number in range(1, clauses + 1):
        if number % _CLAUSES_A_CHAPTER == 1:
            yield f"第{number // _CLAUSES_A_CHAPTER + 1}章 总体要求"
        said = "".join(facts[(3 * number + k) % len(facts)] for k in range(3))
        yield f"第{number}条 {said}（{number}）"
