"""Asking exercises at the terminal: one after another, each answer saved, hints on ?."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.training.marking import mark, shown_key
from assistant.training.topics import topics
from ui.train_texts import say

if TYPE_CHECKING:
    from assistant.training.exam import Exam
    from assistant.training.model import Item, Marked
    from assistant.training.progress import Progress
    from assistant.training.records import Miss
    from corpus.library import Library

_LETTERS = "ABCDEFGHIJ"
_STOP, _HINT = ("q", "Q"), ("?", "？")
_RECALL = {"y": Decimal(1), "h": Decimal("0.6")}


class Sitting:
    """One trainee at the terminal.

    Args:
        progress: where answers are saved.
        name: the trainee.
        sitting: what the answers belong to.
        library: read when the first hint is asked for.
        clock: says what time it is.
    """

    def __init__(
        self,
        progress: Progress,
        name: str,
        sitting: str,
        library: Callable[[], Library],
        clock: Callable[[], datetime],
    ) -> None:
        self.progress, self.name, self.sitting, self.clock = progress, name, sitting, clock
        self.points = Decimal(0)
        self._read, self._library = library, None

    def practice(self, items: Sequence[Item]) -> int:
        """Ask items, mark each at once and show its clause; return how many were answered or skipped."""
        for number, item in enumerate(items, 1):
            given = self._ask(item, number, len(items), hints=True)
            if given is None:
                return number - 1
            marked = mark(item, given)
            self.progress.save(self.name, item, given, marked, now=self.clock(), sitting=self.sitting)
            self.points += marked.points
            self._show(item, marked)
        return len(items)

    def examine(self, exam: Exam) -> bool:
        """Ask what of an exam has no answer yet; return whether the candidate hands in."""
        from assistant.training.exam import answered

        given = answered(self.progress, exam)
        waiting = [(n, one) for n, one in enumerate(exam.sheet, 1) if one.id not in given]
        while True:
            for number, item in waiting:
                if not self._reply(exam, item, number):
                    return False
            said = _line(say("exam_finish") + " ")
            if said is None:
                return False
            if said == say("exam_submit"):
                return True
            numbers = [int(one) for one in said.split() if one.isdigit() and 0 < int(one) <= len(exam.sheet)]
            waiting = [(n, exam.sheet[n - 1]) for n in numbers]

    def _reply(self, exam: Exam, item: Item, number: int) -> bool:
        """Ask an item of an exam until it is answered or skipped; skipping leaves an earlier answer as it is."""
        from assistant.training.exam import GRACE, answer, answered

        while True:
            text = self._ask(item, number, len(exam.sheet), hints=False)
            if text is None:
                return False
            if not text and item.id in answered(self.progress, exam):
                return True
            marked = answer(self.progress, exam, item.id, text, now=self.clock())
            told = self.clock() > exam.deadline + GRACE or marked.fared in ("blank", "unreadable")
            print(say("marked", says=marked.says if told else say("exam_saved")))
            if marked.fared != "unreadable":
                return True

    def misses(self, misses: Sequence[Miss]) -> None:
        """Show what was missed, ask whether it is remembered, and move its card."""
        for one in misses:
            print(say("review_miss", front=one.front))
            said = _line(say("review_ask"))
            if said is None:
                return
            points = _RECALL.get(said.lower(), Decimal(0))
            self.progress.review_miss(self.name, one.id, points, now=self.clock())
            print(say("review_back", back=one.back, source=one.source))

    def _ask(self, item: Item, number: int, count: int, *, hints: bool) -> str | None:
        from assistant.training.tutor import HINTS, hint

        topic = next((one.title for one in topics() if one.id == item.topic), item.topic)
        print("\n" + say("item", number=number, all=count, topic=topic, difficulty=item.difficulty, stem=item.stem))
        for at, text in enumerate(item.left, 1):
            print(say("left", number=at, text=text))
        for letter, text in zip(_LETTERS, item.options, strict=False):
            print(say("option", letter=letter, text=text))
        how = say("how.work_choice" if item.kind == "work" and item.options else f"how.{item.kind}")
        step = 0
        while True:
            said = _line(f"{how}。{say('prompt')}")
            if said is None or said in _STOP:
                return None
            if not hints or said not in _HINT:
                return said
            step += 1
            print(say("hint", step=min(step, HINTS + 1), text=hint(item, step, self._known())))

    def _known(self) -> Library:
        if self._library is None:
            self._library = self._read()
        return self._library

    def _show(self, item: Item, marked: Marked) -> None:
        print(say("marked", says=marked.says))
        if not marked.right:
            print(say("solution", key=shown_key(item)))
        for line in item.explanation.splitlines():
            print(say("explanation", text=line))


def _line(prompt: str) -> str | None:
    """Return a line typed, None at the end of the input."""
    try:
        return input(prompt).strip()
    except EOFError:
        return None
