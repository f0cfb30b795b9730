"""One person's conversation: turns, oldest first. Records never change; each step makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer import Answer

Vote = Literal["", "up", "down"]
Progress = Literal["asked", "answering", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it.

    Attributes:
        question: as typed.
        region: the region chosen when it was asked, empty for the whole country.
        answer: the answer, once there is one.
        shown: how many lines of the answer the screen has reached.
        progress: asked, answering line by line, done, stopped by the user, or failed.
        vote: what the user thinks of the answer.
        explaining: whether the box for the reason of a 👎 is open.
    """

    question: str
    region: str = ""
    answer: Answer | None = None
    shown: int = 0
    progress: Progress = "asked"
    vote: Vote = ""
    explaining: bool = False

    @property
    def busy(self) -> bool:
        """Whether the answer is still coming."""
        return self.progress in ("asked", "answering")


@dataclass(frozen=True, slots=True)
class Session:
    """The conversation of one open page."""

    turns: tuple[Turn, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether an answer is still coming."""
        return bool(self.turns) and self.turns[-1].busy

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far, oldest first: what a follow-up question refers to."""
        return tuple(t.answer for t in self.turns if t.answer is not None)

    def with_question(self, question: str, region: str) -> Session:
        """Return the session after a new question."""
        return Session((*self.turns, Turn(question, region)))

    def with_answer(self, answer: Answer, shown: int) -> Session:
        """Return the session with the first `shown` lines of the answer to the last question."""
        done = shown >= len(answer.lines)
        return self._with_last(
            replace(self.turns[-1], answer=answer, shown=shown, progress="done" if done else "answering")
        )

    def stopped(self) -> Session:
        """Return the session with the coming answer cut off where it is."""
        return self._with_last(replace(self.turns[-1], progress="stopped")) if self.busy else self

    def failed(self) -> Session:
        """Return the session with the last question marked as one that could not be answered."""
        return self._with_last(replace(self.turns[-1], progress="failed"))

    def without_last(self) -> Session:
        """Return the session before the last question."""
        return Session(self.turns[:-1])

    def with_turn(self, number: int, turn: Turn) -> Session:
        """Return the session with turn `number` (from 0) replaced."""
        return Session((*self.turns[:number], turn, *self.turns[number + 1 :]))

    def _with_last(self, turn: Turn) -> Session:
        return Session((*self.turns[:-1], turn))
