"""`advisor evaluate own`: a folder's files brought into a library of their own, and questions asked on them."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from ui.settings import Settings

if TYPE_CHECKING:
    from assistant.measure_own import OwnOutcome


def measure(folder: Path, questions: Path, settings: Settings) -> OwnOutcome:
    """Bring in what lies in `folder` and ask; the user's own library is not touched.

    Raises:
        CorpusError: when the questions cannot be read.
    """
    from assistant.advisor import Advisor
    from assistant.measure_own import evaluate_own, read_own_questions
    from corpus.errors import CorpusError, Duplicate
    from corpus.index import ensure_index
    from corpus.intake import bring_in, incoming
    from corpus.own import OwnLibrary, whole_library
    from ui.start import Progress, library_and_words, open_model, open_reranker, tell

    items = read_own_questions(questions)
    home = settings.home / "evaluate-own"
    own = OwnLibrary(home)
    for one in incoming([folder]):
        if isinstance(one, CorpusError):
            tell(str(one))
            continue
        try:
            with contextlib.suppress(Duplicate):
                own.take(bring_in(one.path, own, name=one.name))
        except CorpusError as error:
            tell(str(error))
    built_in, words = library_and_words()
    embedder = open_model(settings)
    index = ensure_index(home / "index", whole_library(home, built_in), embedder, words, Progress())
    reranker = open_reranker(settings, embedder) if embedder is not None else None
    return evaluate_own(Advisor(index, reranker=reranker), own, items)
