"""Where a conversation stands, what came of a message, and the sentences for both (`dialogue.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assistant.answer import Answer
from assistant.entries import Interview
from assistant.interview_reply import Progress
from assistant.rewriting import Grounded
from assistant.understand import read_yaml

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands when a message comes.

    Attributes:
        number: of the turn under way.
        interview: the self-assessment, if one was begun.
        question, options: what was asked last and is open.
        paused: the user has put the interview off.
        subject: what a follow-up question inherits.
        region: the region chosen beside the message.
    """

    number: int
    interview: Interview | None = None
    question: str = ""
    options: tuple[str, ...] = ()
    paused: bool = False
    subject: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What came of a message.

    Attributes:
        lines: what is said; a model may phrase it where `phrased` holds what it rests on.
        answer: the library's answer, if it is one.
        place: where the conversation stands after it.
    """

    place: Place
    lines: tuple[str, ...] = ()
    answer: Answer | None = None
    phrased: Grounded | None = None
    notes: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    understood: tuple[Record, ...] = ()
    citations: tuple[Record, ...] = ()
    progress: Progress | None = None
    working: tuple[str, ...] = ()
    data: Record = field(default_factory=dict[str, Any])


@cache
def texts() -> dict[str, Any]:
    """Return `dialogue.yaml`."""
    return read_yaml("assistant", "dialogue.yaml")


def say(name: str, **values: object) -> str:
    """Return a sentence of `dialogue.yaml`, filled in."""
    return texts()["say"][name].format(**values)


def buttons(name: str) -> tuple[str, ...]:
    """Return the buttons for a kind of moment."""
    return tuple(texts()["buttons"][name])
