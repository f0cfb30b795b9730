"""From settings to a ready advisor: library, model, index, with progress on standard error."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.errors import PageError
from ui.settings import Settings

if TYPE_CHECKING:
    from assistant.advisor import Advisor
    from assistant.conversations import Conversations
    from assistant.dialogue import Dialogue
    from assistant.writer import Writer
    from corpus.embed import Embedder, KeptEmbedder
    from corpus.index import Index
    from corpus.library import Library
    from corpus.own import OwnLibrary
    from corpus.rerank import CrossEncoder
    from corpus.store import Report
    from corpus.words import Words
    from ui.live import LiveAdvisor


def tell(message: str) -> None:
    """Say something to the person at the terminal, beside the output."""
    print(message, file=sys.stderr, flush=True)


class Progress:
    """Draws the progress of a long task on standard error, a bar for each step."""

    def __init__(self) -> None:
        self._what = ""
        self._bar = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` of `what` are done; a total of 0 is a message alone."""
        from tqdm import tqdm

        if total == 0:
            tell(what)
            return
        if what != self._what:
            self._what, self._bar = what, tqdm(total=total, desc=what, file=sys.stderr, unit="条")
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
            if done >= total:
                self._bar.close()


def open_model(settings: Settings) -> KeptEmbedder | None:
    """Return the embedding model, or None (said on standard error) where lexical search serves alone."""
    from corpus.embed import open_embedder
    from corpus.errors import ModelMissing

    if settings.legs == "lexical":
        return None
    try:
        return open_embedder(
            settings.embedding_model,
            models=settings.home / "models",
            cache=settings.home / "embeddings.sqlite",
            threads=settings.threads or None,
            tell=tell,
        )
    except ModelMissing as error:
        tell(str(error))
        return None


def built_in_model(settings: Settings) -> Path:
    """Return the folder of the built-in embedding model, there or not."""
    from corpus.e5 import FOLDER_NAME

    return settings.home / "models" / FOLDER_NAME


def open_reranker(settings: Settings, embedder: Embedder | None = None) -> CrossEncoder | None:
    """Return the reranker, or None where its embedding model cannot be had; it shares the one inside `embedder`."""
    from corpus.e5 import is_whole
    from corpus.embed import KeptEmbedder, SentenceModel
    from corpus.rerank import WEIGHTS_FILE, CrossEncoder

    if settings.legs == "lexical" or not WEIGHTS_FILE.is_file():
        return None
    shared = embedder.embedder if isinstance(embedder, KeptEmbedder) and not settings.embedding_model else None
    if isinstance(shared, SentenceModel):
        return CrossEncoder(shared)
    folder = built_in_model(settings)
    return CrossEncoder(SentenceModel(str(folder), threads=settings.threads or None)) if is_whole(folder) else None


def library_and_words() -> tuple[Library, Words]:
    """Return the built-in library and what cuts its texts into words."""
    from assistant.understand import domain_words
    from corpus.library import read_library
    from corpus.words import Words

    return read_library(), Words(domain_words())


def own_library(settings: Settings) -> OwnLibrary:
    """Return the store of the user's own documents."""
    from corpus.own import OwnLibrary

    return OwnLibrary(settings.home)


def with_own_documents(library: Library, settings: Settings) -> Library:
    """Return the library with the user's own documents; where those cannot be read, that is said and they stay out."""
    from corpus.errors import CorpusError
    from corpus.library import Library

    try:
        mine = own_library(settings).documents()
    except CorpusError as error:
        tell(f"{error} 现在只用内置文库。")
        return library
    return Library([*library.documents.values(), *mine]) if mine else library


def open_library_index(
    settings: Settings, *, own: bool = True, embedder: KeptEmbedder | None = None, report: Report | None = None
) -> Index:
    """Return the opened index of the library, building what is missing.

    Args:
        settings: where things lie.
        own: whether the user's own documents belong to it.
        embedder: an opened model to go on with; opened here by default.
        report: hears of the building; standard error by default.
    """
    from corpus.errors import ModelMissing
    from corpus.index import ensure_index

    library, words = library_and_words()
    if own:
        library = with_own_documents(library, settings)
    report = report or Progress()
    embedder = embedder or open_model(settings)
    try:
        return ensure_index(settings.home / "index", library, embedder, words, report)
    except ModelMissing as error:
        tell(f"{error} 现在只用字词检索。")
        return ensure_index(settings.home / "index-lexical", library, None, words, report)


def open_advisor(settings: Settings) -> Advisor:
    """Return the advisor over the built-in library and the user's own documents."""
    from assistant.advisor import Advisor

    index = open_library_index(settings)
    return Advisor(index, reranker=open_reranker(settings, index.embedder) if index.embedder is not None else None)


def open_live_advisor(settings: Settings) -> LiveAdvisor:
    """Return the advisor of a page that stays open: it follows every change of the user's documents."""
    from assistant.advisor import Advisor
    from ui.live import LiveAdvisor

    kept: list[Advisor] = []

    def opened(report: Report | None) -> Advisor:
        if not kept:
            kept.append(open_advisor(settings))
        else:  # the models stay; only the index is another
            before = kept[0]
            model: Any = before.index.embedder
            index = open_library_index(settings, embedder=model, report=report)
            kept[0] = Advisor(index, reranker=before.reranker)
        return kept[0]

    return LiveAdvisor(opened, lambda: own_library(settings).stamp)


def open_writer(settings: Settings) -> Writer | None:
    """Return the language model that phrases answers, or None where none is configured.

    Raises:
        PageError: only half of what it needs is set.
    """
    if not settings.llm_base_url and not settings.llm_model:
        return None
    if not settings.llm_base_url or not settings.llm_model:
        raise PageError("ADVISOR_LLM_BASE_URL 和 ADVISOR_LLM_MODEL 要一起设置。")
    from assistant.writer import open_writer

    key = settings.llm_api_key.get_secret_value()
    return open_writer(settings.llm_base_url, settings.llm_model, api_key=key, timeout=settings.llm_timeout)


def open_conversations(settings: Settings) -> Conversations:
    """Return the file of the conversations."""
    from assistant.conversations import Conversations

    return Conversations(settings.home)


def open_dialogue(settings: Settings, advisor: Advisor | None = None) -> Dialogue:
    """Return all conversations, with the rules in use; `advisor` where one is open already."""
    from assistant.dialogue import Dialogue
    from ui.grading import rules_in_use

    writer = open_writer(settings)
    return Dialogue(advisor or open_advisor(settings), rules_in_use(settings), settings.home, writer)


def factor_values() -> Mapping[str, str]:
    """Return `set/table/key` -> printed value of every factor table."""
    root = Path(str(files("scoring") / "rules" / "factors"))
    values: dict[str, str] = {}
    for table in sorted(root.glob("*/*.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                values[f"{table.parent.name}/{table.stem}/{row['key']}"] = row["value"]
    return values


def check_library() -> tuple[Library, list[str]]:
    """Return the built-in library and the faults of its numbers against the factor tables."""
    from corpus.library import check_factors, read_library

    library = read_library()
    return library, check_factors(library, factor_values())
