"""What the page needs of an advisor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.answer import Answer
from assistant.understand import Reader
from corpus.index import Filters, Found
from corpus.library import Library
from corpus.store import Report


class Searches(Protocol):
    """An index that says which legs serve, and can be searched."""

    @property
    def legs(self) -> str:
        """fused, or lexical where there is no embedding model."""
        ...

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10) -> Found:
        """Return the passages that fit best, of those that the filters allow."""
        ...


class Asks(Protocol):
    """What the page needs of an advisor."""

    @property
    def library(self) -> Library:
        """The documents that it answers from."""
        ...

    @property
    def index(self) -> Searches:
        """The index that it searches."""
        ...

    @property
    def reader(self) -> Reader:
        """What reads a message against the library."""
        ...

    def ask(self, question: str, *, region: str = "", history: Sequence[Answer] = ()) -> Answer:
        """Answer a question; `history` holds the earlier answers of the same conversation."""
        ...

    def refresh(self, report: Report | None = None) -> None:
        """Take up the library as it is now; `report` hears of the indexing."""
        ...
