"""Passages -> an answer with citations that can be checked, or a refusal that helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.model import Document, Passage

Kind = Literal["answer", "silent", "refused"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A source of an answer: `[mark]` in its text.

    Attributes:
        mark: the number in square brackets, from 1.
        passage: the passage; its text is the quote, word for word.
        document: the document that it belongs to.
    """

    mark: int
    passage: Passage
    document: Document

    @property
    def url(self) -> str:
        """The passage's own address, or the document's; empty where none was kept."""
        address = self.passage.url or self.document.url
        return "" if address == "无" else address

    def record(self) -> dict[str, str | int]:
        """Return the citation as the command prints it."""
        return {
            "mark": self.mark,
            "document": self.document.id,
            "passage": self.passage.id,
            "title": self.document.title,
            "number": self.document.number,
            "place": self.passage.place,
            "quote": self.passage.text,
            "status": self.document.status,
            "confidence": self.passage.confidence,
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the advisor says to one question.

    Attributes:
        question: as asked.
        kind: answer; silent, the sources say that they do not say it; refused, the library does not cover it.
        lines: sentences of the answer, the direct one first; each ends with its marks, like [1] or [1][2].
        citations: the sources, by mark.
        notes: remarks about scope that are not from a source (the province may add to it ...).
        subject: what a follow-up inherits: the question in full, after what it inherited itself.
        region: the region that the answer is about, empty for the whole country.
        seconds: how long it took.
    """

    question: str
    kind: Kind
    lines: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str = ""
    region: str = ""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The answer and its notes as plain text, one paragraph a line."""
        return "\n".join((*self.lines, *self.notes))

    def record(self) -> dict[str, object]:
        """Return the answer as the command prints it in JSON."""
        return {
            "question": self.question,
            "kind": self.kind,
            "answer": self.text,
            "citations": [c.record() for c in self.citations],
            "seconds": round(self.seconds, 4),
        }
