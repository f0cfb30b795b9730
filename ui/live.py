"""The advisor of a page that stays open: when the user's library changes, the next question is asked of the new one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.advisor import Advisor
    from assistant.answer import Answer
    from assistant.understand import Reader
    from corpus.index import Index
    from corpus.library import Library

Report = Callable[[str, int, int], None]


class LiveAdvisor:
    """Stands for the newest advisor.

    Args:
        opened: returns an advisor over the library as it is now.
        stamp: returns what changes when the library does.
    """

    def __init__(self, opened: Callable[[Report | None], Advisor], stamp: Callable[[], str]) -> None:
        self._opened = opened
        self._stamp = stamp
        self._turn = threading.Lock()
        self._seen = stamp()
        self._advisor = opened(None)

    @property
    def advisor(self) -> Advisor:
        """The advisor over the library as it was last seen."""
        return self._advisor

    @property
    def library(self) -> Library:
        """The documents that it answers from."""
        return self._advisor.library

    @property
    def index(self) -> Index:
        """The index that it searches."""
        return self._advisor.index

    @property
    def reader(self) -> Reader:
        """What reads a message against the library."""
        return self._advisor.reader

    def refresh(self, report: Report | None = None) -> None:
        """Take up the library as it is now; `report` hears of the indexing. Questions meanwhile go to the old one."""
        with self._turn:
            now = self._stamp()
            if now != self._seen:
                self._advisor = self._opened(report)
                self._seen = now

    def ask(self, question: str, *, region: str = "", history: Sequence[Answer] = ()) -> Answer:
        """Answer a question from the library as it is now."""
        self.refresh()
        return self._advisor.ask(question, region=region, history=history)
