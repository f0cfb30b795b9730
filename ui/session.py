"""What one open page shows: a conversation and the message under way. Each step makes a new record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from assistant.turns import Turn

Vote = Literal["", "up", "down"]
Progress = Literal["asked", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Coming:
    """A message that has no turn yet.

    Attributes:
        message: as typed.
        files: the names of the files dropped with it.
        text: the reply as far as it has come.
        progress: asked, stopped by the user, or failed.
        problem: why it failed, where that can be said.
    """

    message: str
    files: tuple[str, ...] = ()
    text: str = ""
    progress: Progress = "asked"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """The conversation of one open page.

    Attributes:
        key: of the conversation; empty before the first message.
        turns: as kept, oldest first.
        coming: the message under way, or the last one where it was stopped or failed.
        shown: how many lines of the last reply the screen has reached; None for all.
        cut: numbers of the turns whose reply was cut off on the screen.
        votes: number of a turn and what the user thinks of it.
        explaining: number of the turn whose box for the reason of a 👎 is open, 0 for none.
        resumed: what is said on coming back to a self-assessment.
    """

    key: str = ""
    turns: tuple[Turn, ...] = ()
    coming: Coming | None = None
    shown: int | None = None
    cut: frozenset[int] = frozenset()
    votes: tuple[tuple[int, Vote], ...] = ()
    explaining: int = 0
    resumed: tuple[str, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether a reply is still coming."""
        return self.shown is not None or (self.coming is not None and self.coming.progress == "asked")

    @property
    def last(self) -> str:
        """The last message in words, as it can be sent again."""
        return self.coming.message if self.coming is not None else self.turns[-1].user if self.turns else ""

    def vote_on(self, number: int) -> Vote:
        """Return the vote on a turn."""
        return dict(self.votes).get(number, "")

    def turn(self, number: object) -> Turn | None:
        """Return the turn of that number."""
        return next((one for one in self.turns if isinstance(number, int) and one.number == number), None)

    def asking(self, key: str, message: str, files: tuple[str, ...] = ()) -> Session:
        """Return the session after a new message."""
        return replace(self, key=key, coming=Coming(message, files), explaining=0, resumed=())

    def told(self, turn: Turn, *, shown: int | None = None) -> Session:
        """Return the session with the turn that came of the message, its reply shown up to a line."""
        kept = tuple(one for one in self.turns if one.number != turn.number)
        return replace(self, turns=(*kept, turn), coming=None, shown=shown)

    def stopped(self) -> Session:
        """Return the session with the coming reply cut off where it is."""
        if self.shown is not None and self.turns:
            turn = self.turns[-1]
            shorter = replace(turn, reply="\n".join(turn.reply.split("\n")[: self.shown]), notes=())
            return replace(self, turns=(*self.turns[:-1], shorter), shown=None, cut=self.cut | {turn.number})
        return self._with_coming("stopped") if self.busy else self

    def failed(self, problem: str) -> Session:
        """Return the session with the last message marked as one that could not be answered."""
        return self._with_coming("failed", problem)

    def _with_coming(self, progress: Progress, problem: str = "") -> Session:
        assert self.coming is not None
        return replace(self, coming=replace(self.coming, progress=progress, problem=problem))
