"""What the first question needs is loaded while the first screen is read: models, word lists, patterns."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Protocol

from ui.texts import read_texts

if TYPE_CHECKING:
    from assistant.understand import Reader

_log = logging.getLogger(__name__)


class Answers(Protocol):
    """What is made warm: an advisor."""

    @property
    def index(self) -> object:
        """The index that it searches, with its embedder where it has one."""
        ...

    @property
    def reader(self) -> Reader:
        """What reads a message against the library."""
        ...

    def ask(self, question: str) -> object:
        """Answer a question."""
        ...


def warm(advisor: Answers) -> threading.Thread:
    """Begin to load what the first question needs, and return the thread that does it.

    What goes wrong is left to that question, which runs into it again and says it.
    """
    thread = threading.Thread(target=_load, args=(advisor,), name="warming", daemon=True)
    thread.start()
    return thread


def _load(advisor: Answers) -> None:
    from assistant.intent import understand
    from corpus.embed import KeptEmbedder
    from scoring.load import load_rules

    question = read_texts().examples[0]
    try:
        embedder = getattr(advisor.index, "embedder", None)
        if isinstance(embedder, KeptEmbedder):  # past the vectors that are kept, which need no model
            embedder.embedder.embed_questions([question])
        understand(question, rules=load_rules(), reader=advisor.reader, before=None)
        advisor.ask(question)
    except Exception:  # noqa: BLE001 - the outermost edge of the thread
        _log.debug("not warm", exc_info=True)
