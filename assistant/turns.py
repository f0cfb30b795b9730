"""One turn of a conversation as it is kept, shown and exported: plain data through and through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from assistant.act import texts

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said, and what came of it.

    Attributes:
        number: from 1.
        user: the message as typed; names of files dropped with it are in `files`.
        intent: what it was taken for; `edit` for a change in the table of values.
        understood: each value taken from it: fact, label, value, unit, raw, state.
        reply: the answer, without the question that follows it.
        citations: the sources; mark 0 where the reply rests on it without a mark.
        question: what is asked next; empty where nothing is.
        score: low, high and full points so far, by confirmed values; None where the rule set gives no points.
        level: the grade, or the two it lies between.
        buttons: short messages for the usual next steps.
        notes: remarks beside the answer.
        progress: of the interview: done, of, verdict, settled, open, unconfirmed.
        working: the steps of a computation, to redo by hand.
        kind: of an answer from the library: answer, silent, refused; else empty.
        region: what the answer is about, or the region chosen beside the message.
    """

    number: int
    user: str
    intent: str
    understood: Sequence[Record] = ()
    reply: str = ""
    citations: Sequence[Record] = ()
    question: str = ""
    score: Record | None = None
    level: str = ""
    buttons: Sequence[str] = ()
    notes: Sequence[str] = ()
    files: Sequence[str] = ()
    progress: Record | None = None
    working: Sequence[str] = ()
    kind: str = ""
    region: str = ""

    @property
    def text(self) -> str:
        """The whole reply as plain text."""
        return "\n".join(part for part in (self.reply, *self.notes, self.question) if part)

    def record(self) -> dict[str, Any]:
        """Return the turn as it is kept and as `advisor chat --json` prints it."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Record) -> Turn:
        """Return the turn that a record holds."""
        return cls(**record)


def markdown(title: str, turns: Sequence[Turn], *, time: str) -> str:
    """Return a conversation as Markdown in which no words of the user or of a source can become markup."""
    return "\n".join(_lines(title, turns, time, texts())) + "\n"


def _lines(title: str, turns: Sequence[Turn], time: str, words: dict[str, Any]) -> Iterator[str]:
    say = cast(dict[str, str], words["export"])
    yield say["title"].format(title=plain(title))
    yield ""
    yield say["time"].format(time=time)
    for turn in turns:
        yield ""
        yield say["turn"].format(number=turn.number, user=plain("，".join((turn.user, *turn.files)).strip("，")))
        for part in (turn.reply, *turn.notes, turn.question):
            for line in part.split("\n") if part else ():
                yield ""
                yield plain(line)
        if turn.understood:
            yield from ("", say["understood"])
        for one in turn.understood:
            shown = {key: plain(str(value)) for key, value in one.items()}
            yield say["value"].format(**{**shown, "state": words["states"].get(one["state"], one["state"])})
        if turn.citations:
            yield from ("", say["sources"])
        for one in turn.citations:
            yield say["source"].format(**{key: plain(str(value)) for key, value in one.items()})


def plain(text: str) -> str:
    """Return a text on one line in which nothing is Markdown or HTML.

    >>> plain("<b># *粗*")
    '&lt;b&gt;\\\\# \\\\*粗\\\\*'
    """
    tight = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_{}[]#|!~" else c for c in tight)
