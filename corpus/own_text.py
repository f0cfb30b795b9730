"""What was read from one of the user's files: its passages, and where on which page each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from corpus.model import Passage
from corpus.reading.model import Box

Span = tuple[int, int, int, Box]
"""text[start:end] of the passage is printed in a box of a page: (start, end, page, box)."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """The passages of a document in reading order, and the places of those that have one.

    Attributes:
        passages: clauses, word for word.
        pages: passage id -> the page where it begins, where the format has pages.
        spans: passage id -> the printed lines that it was joined from.
    """

    passages: tuple[Passage, ...] = ()
    pages: Mapping[str, int] = field(default_factory=dict[str, int])
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict[str, tuple[Span, ...]])

    def boxes(self, passage: str, start: int = 0, end: int | None = None) -> dict[int, list[Box]]:
        """Return page -> boxes of the printed lines that hold text[start:end] of a passage."""
        found: dict[int, list[Box]] = {}
        for begin, stop, page, box in self.spans.get(passage, ()):
            if stop > start and (end is None or begin < end):
                found.setdefault(page, []).append(box)
        return found

    def to_json(self) -> bytes:
        """Return it as text to keep."""
        return _KEPT.dump_json(self)

    @classmethod
    def from_json(cls, text: bytes) -> OwnText:
        """Return what `to_json` has kept.

        Raises:
            ValueError: when it is something else.
        """
        return _KEPT.validate_json(text)


_KEPT = TypeAdapter(OwnText)
