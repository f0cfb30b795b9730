"""What the interviewer answers: lines, the next question, what was understood, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.entries import Entry, Interview, State
from assistant.interview_turn import tried
from assistant.interview_words import say
from scoring.agenda import is_settled
from scoring.model import Assessment, Reference, Rules
from scoring.units import plain
from scoring.wording import label_of


@dataclass(frozen=True, slots=True)
class Understood:
    """One value as it was taken: in the fact's unit, with the words that hold it and its state."""

    fact: str
    label: str
    value: str
    unit: str
    raw: str
    state: State

    def record(self) -> dict[str, str]:
        """Return the keys of `advisor chat --json`."""
        keys = ("fact", "value", "unit", "raw", "state")
        return {key: str(getattr(self, key)) for key in keys}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the interview has come, by the confirmed values alone.

    Attributes:
        done: how many values are confirmed.
        of: those, what was said and waits, and what the rule set still misses once that is confirmed.
        verdict, grades, points: the outcome so far; grades lowest and highest, points lowest, highest, full.
        settled, open: the labels of the lines that are decided, with their verdict, and of those that are not.
        unconfirmed: what was said and not confirmed yet.
        final: whether no figure still to come can change the grade.
    """

    done: int
    of: int
    verdict: str
    grades: tuple[str, str] | None
    points: tuple[str, str, str] | None
    settled: tuple[tuple[str, str], ...]
    open: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    final: bool

    @property
    def text(self) -> str:
        """The progress in two short sentences."""
        return "".join(_progress_lines(self))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the interviewer says after one step.

    Attributes:
        lines: what was understood, and what was not.
        question: the next question; empty where none is left.
        asked: the fact or declaration that it asks for.
        options: the short answers that it offers.
        references: the clauses behind what is said.
        done: whether everything has been asked.
    """

    lines: tuple[str, ...]
    question: str = ""
    asked: str = ""
    understood: tuple[Understood, ...] = ()
    options: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    progress: Progress | None = None
    done: bool = False

    @property
    def text(self) -> str:
        """The whole reply as plain text, the question last."""
        return "\n".join((*self.lines, *((self.question,) if self.question else ())))

    def record(self) -> dict[str, Any]:
        """Return the reply as plain data."""
        return {
            "reply": self.text,
            "question": self.question,
            "asked": self.asked,
            "understood": [one.record() for one in self.understood],
            "options": list(self.options),
            "done": self.done,
        }


def understood(entry: Entry, rules: Rules) -> Understood:
    """Return the entry as the reply tells it."""
    value = (
        str(entry.value) if entry.value is None or isinstance(entry.value, bool | str) else f"{plain(entry.value):f}"
    )
    return Understood(entry.fact, label_of(entry.fact, rules), value, entry.unit, entry.raw, entry.state)


def progress_of(interview: Interview, assessment: Assessment, rules: Rules) -> Progress:
    """Return the progress; `assessment` is that of the confirmed values."""
    known = interview.known()
    grades, low, high, full = assessment.grades, assessment.low, assessment.high, assessment.full
    waiting = interview.waiting()
    whole = tried(interview, known, rules)[0] if waiting else None
    left = [name for name in (whole or assessment).missing if name not in known]
    verdicts = [(one.indicator.label, one.verdict) for one in assessment.results]
    return Progress(
        done=len(interview.standing()),
        of=len(interview.standing()) + len(left) + len(waiting),
        verdict=assessment.verdict,
        grades=None if grades is None else (grades[0].label, grades[1].label),
        points=None
        if low is None or high is None or full is None
        else (f"{plain(low):f}", f"{plain(high):f}", f"{plain(full):f}"),
        settled=tuple((label, verdict) for label, verdict in verdicts if verdict != "missing"),
        open=tuple(label for label, verdict in verdicts if verdict == "missing"),
        unconfirmed=tuple(label_of(key, rules) for key in waiting),
        final=is_settled(assessment),
    )


def _progress_lines(progress: Progress) -> Iterator[str]:
    waiting = len(progress.unconfirmed)
    left = progress.of - progress.done - waiting
    yield say("progress_waiting" if waiting else "progress", done=progress.done, waiting=waiting, left=left)
    if progress.grades is not None:
        low, high = progress.grades
        yield say("interval_one", grade=low) if low == high else say("interval_grade", low=low, high=high)
    if progress.points is not None:
        low, high, full = progress.points
        form = "interval_points_one" if low == high else "interval_points"
        yield say(form, low=low, high=high, full=full)
