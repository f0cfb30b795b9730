"""What the views of the tab 练评审 work with: who is training, where they are, the file of progress, the exercises.

Nothing is written before a trainee gives a name; the file of progress is opened once and kept.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scoring.model import Rules

if TYPE_CHECKING:
    from assistant.training.model import Item
    from assistant.training.pool import Pool
    from assistant.training.progress import Progress
    from corpus.library import Library

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class View:
    """Where a trainee is: the view, what it is about, the step of hints, and what was just marked."""

    name: str = ""
    place: str = "lessons"
    ref: str = ""
    hints: int = 0
    last: Any = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an action leads to: the view, a remark, a file to save, and whether what is shown and typed stays."""

    view: View
    remark: str = ""
    file: tuple[str, bytes] | None = None
    stay: bool = False


class Told:
    """What a browser sent; it may send anything."""

    def __init__(self, sent: object) -> None:
        try:
            given: Any = json.loads(sent) if isinstance(sent, str) and len(sent) < 30_000_000 else {}
        except ValueError:
            given = {}
        self._given: Mapping[str, Any] = cast("Mapping[str, Any]", given) if isinstance(given, dict) else {}

    def text(self, name: str, most: int = 300) -> str:
        """Return a text, at most so long."""
        value = self._given.get(name, "")
        return value[:most].strip() if isinstance(value, str) else ""

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """Return a whole number within its bounds."""
        text = self.text(name)
        return min(max(int(text), low), high) if text.isdecimal() and len(text) < 10 else default

    def many(self, name: str) -> list[str]:
        """Return a list of texts."""
        value = self._given.get(name, [])
        found = cast("list[object]", value) if isinstance(value, list) else []
        return [one[:1000].strip() for one in found[:200] if isinstance(one, str)]

    def answer(self) -> str | list[int]:
        """Return an answer: a figure as typed, or indexes; -1 where nothing is chosen."""
        if isinstance(self._given.get("answer"), str):
            return self.text("answer")
        return [int(one) if one.isdecimal() else -1 for one in self.many("answer")]


class Room:
    """One installation's training.

    Args:
        library: says what documents are at hand.
        rules: says the rules of grading.
        home: the user's folder.
        clock: says what time it is.
    """

    def __init__(
        self,
        library: Callable[[], Library],
        rules: Callable[[], Rules],
        *,
        home: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._library, self.rules, self.home, self.now = library, rules, home, clock
        self._lock = threading.RLock()
        self._progress: Progress | None = None
        self._pool: Pool | None = None

    @property
    def library(self) -> Library:
        """The documents at hand."""
        return self._library()

    @property
    def progress(self) -> Progress:
        """The file of progress, opened when first needed."""
        from assistant.training.progress import Progress

        with self._lock:
            if self._progress is None:
                self._progress = Progress(self.home)
            return self._progress

    @property
    def pool(self) -> Pool:
        """The exercises, read when first needed."""
        from assistant.training.pool import open_pool

        with self._lock:
            if self._pool is None:
                self._pool = open_pool(self.home)
            return self._pool

    def forget_pool(self) -> None:
        """Read the exercises anew when they are needed next."""
        self._pool = None

    @property
    def own_cases(self) -> Path:
        """Where the trainer's own dossiers lie."""
        return self.home / "training" / "own_cases"

    def seat(self, name: str) -> dict[str, Any]:
        """Return the round of exercises that a trainee is in; empty where there is none."""
        return self.progress.get("seat", name) or {}

    def take_seat(self, name: str, items: list[Item], sitting: str) -> None:
        """Begin a round of exercises."""
        self.keep_seat(name, {"items": [one.id for one in items], "at": 0, "points": "0", "sitting": sitting})

    def keep_seat(self, name: str, seat: Mapping[str, Any]) -> None:
        """Keep how far a round has come, so that it goes on after the page was closed."""
        self.progress.put("seat", name, {**seat, "trainee": name})


def plain_name(text: str) -> str:
    """Return a name as it is kept: one line, at most so long, only what may stand in a name."""
    kept = "".join(c for c in " ".join(text.split()) if c.isalnum() or c in "_- ·")
    return kept[:_LONGEST].strip()
