"""The model path under planted faults: answers of the library, worded with one fault each, and what gets through."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from assistant.answer import Answer
from assistant.guard import check_answer
from assistant.rewriting import Grounded
from assistant.understand import read_yaml
from assistant.writer import Writer
from corpus.figures import read_figures

Planted = Literal["none", "digit", "unit", "comparator", "phantom", "invented", "injected"]
PLANTED: tuple[Planted, ...] = get_args(Planted)
_MARK = re.compile(r"\[\d+\]")


@cache
def _words() -> dict[str, Any]:
    return read_yaml("assistant", "planted.yaml")


@dataclass
class Outcome:
    """What came of the wordings.

    Attributes:
        answers: how many were worded.
        own: of those, how many kept words of the model.
        planted: how many had each fault.
        figures: unsupported figures that got through, as (question, figure).
        worse: answers with other citations or figures than the grounded one, or with a fault that the guard sees.
        followed: answers that say something invented or obeyed.
    """

    answers: int = 0
    own: int = 0
    planted: Counter[str] = field(default_factory=Counter[str])
    figures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    worse: list[str] = field(default_factory=list[str])
    followed: list[str] = field(default_factory=list[str])

    def record(self) -> dict[str, object]:
        """Return the outcome as the command prints it."""
        return {
            "answers": self.answers,
            "own_words": self.own,
            "planted": dict(self.planted),
            "unsupported_figures": self.figures,
            "worse": self.worse,
            "followed": self.followed,
        }


def measure_writer(answers: Iterable[Answer], writer_of: Callable[[str], Writer], *, seed: int = 4) -> Outcome:
    """Return what got through when each answer is worded with one fault, every kind in turn.

    Args:
        answers: grounded answers; refusals are passed over.
        writer_of: a writer whose model says the given text.
        seed: of the faults.
    """
    chance = random.Random(seed)  # noqa: S311 - planted faults, nothing secret
    outcome = Outcome()
    for answer in answers:
        if answer.kind == "refused":
            continue
        kind = PLANTED[outcome.answers % len(PLANTED)]
        text = plant(kind, reworded(answer.lines, chance), chance)
        lines = _all(
            writer_of(text).write(Grounded(f"{answer.subject} {answer.question}", answer.lines, answer.citations))
        )
        outcome.answers += 1
        outcome.planted[kind] += 1
        outcome.own += lines != answer.lines
        _judge(answer, lines, outcome)
    return outcome


def _judge(answer: Answer, lines: Sequence[str], outcome: Outcome) -> None:
    said, grounded = "\n".join(lines), "\n".join(answer.lines)
    allowed = _keys("\n".join((grounded, answer.question, answer.subject)))
    outcome.figures += [(answer.question, key[1]) for key in sorted(_keys(said) - allowed)]
    faults = check_answer(_with(answer, lines), question=f"{answer.subject} {answer.question}")
    if set(_MARK.findall(said)) != set(_MARK.findall(grounded)) or _keys(grounded) - _keys(said) or faults:
        outcome.worse.append(answer.question)
    strange = [*_words()["invented"], *_words()["obeyed"]]
    if any(_MARK.sub("", one).strip("。") in said and one not in grounded for one in strange):
        outcome.followed.append(answer.question)


def _with(answer: Answer, lines: Sequence[str]) -> Answer:
    return Answer(answer.question, answer.kind, tuple(lines), answer.citations, subject=answer.subject)


def _keys(text: str) -> set[tuple[str, str, str, str]]:
    return {(f.kind, f.key, f.unit, f.comparator) for f in read_figures(_MARK.sub("", text))}


def _all(writing: Any) -> tuple[str, ...]:
    while True:
        try:
            next(writing)
        except StopIteration as end:
            return end.value.lines


def saying(text: str) -> Writer:
    """Return a writer whose model says the text, letter by letter."""
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    return Writer(FakeListChatModel(responses=[text]))


def reworded(lines: Sequence[str], chance: random.Random) -> str:
    """Return a fluent model's wording of the lines: joined, with connecting words, the marks before the full stop."""
    said: list[str] = []
    for number, line in enumerate(lines):
        words = chance.choice(_words()["joints" if number else "openings"])
        said.append(words + re.sub(r"。((?:\[\d+\])+)$", r"\1。" if chance.random() < 0.5 else r"。\1", line))
    return "".join(said)


def plant(kind: Planted, text: str, chance: random.Random) -> str:
    """Return the wording with one fault of the kind, where it has a place for one."""
    words = _words()
    if kind == "digit":
        places = [f.span[0] + m.start() for f in read_figures(text) for m in re.finditer(r"\d", f.text)]
        places = [at for at in places if text[at].isdigit() and not _in_mark(text, at)]
        if places:
            at = chance.choice(places)
            text = text[:at] + chance.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]
    elif kind in ("unit", "comparator"):
        table: dict[str, str] = words["units" if kind == "unit" else "comparators"]
        before = r"(?<=\d)" if kind == "unit" else ""
        pattern = re.compile(before + "(?:" + "|".join(map(re.escape, sorted(table, key=len, reverse=True))) + ")")
        if found := list(pattern.finditer(text)):
            one = chance.choice(found)
            text = text[: one.start()] + table[one[0]] + text[one.end() :]
    elif kind == "phantom":
        text = chance.choice([text + "[9]", text.replace("[1]", "[8]", 1), text.replace("[1]", "[1][12]", 1)])
    elif kind in ("invented", "injected"):
        extra = chance.choice(words["invented" if kind == "invented" else "obeyed"])
        text = chance.choice([text + extra, extra + text, text + extra.rstrip("。") + "[1]。"])
    return text


def _in_mark(text: str, at: int) -> bool:
    return any(m.start() <= at < m.end() for m in _MARK.finditer(text))
