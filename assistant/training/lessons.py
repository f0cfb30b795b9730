"""Lessons: Markdown beside this module, every statement with a figure cited, each closing with exercises by topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from assistant.answer import Answer, Citation
from assistant.guard import check
from assistant.training.errors import TrainingError
from assistant.training.model import Item
from assistant.training.pool import Pool
from assistant.training.reading import FOLDER, phrase, read_text
from assistant.training.topics import topics
from assistant.training.tutor import why
from corpus.figures import read_figures
from corpus.library import Library

EXERCISES = 10
_MARK = re.compile(r"\[([a-z0-9-]+#[a-z0-9-]+)\]")
_HAN = re.compile(r"[一-鿿]")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a lesson, the heading that it stands under, and the ids of the facts that it cites."""

    heading: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: its place in the syllabus, what it teaches, and its sentences in reading order."""

    id: str
    number: int
    title: str
    goal: str
    lines: tuple[Line, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all facts cited, each once, in reading order."""
        return tuple(dict.fromkeys(one for line in self.lines for one in line.sources))

    @property
    def length(self) -> int:
        """How many Chinese characters it has."""
        return sum(len(_HAN.findall(line.text)) for line in self.lines)

    def numbered(self) -> list[tuple[str, str]]:
        """Return (heading, sentence with [1] marks) for every sentence; marks count through `sources`."""
        number = {one: n for n, one in enumerate(self.sources, 1)}
        return [(one.heading, one.text + "".join(f"[{number[s]}]" for s in one.sources)) for one in self.lines]

    def citations(self, library: Library) -> tuple[Citation, ...]:
        """Return the facts behind the marks of `numbered`; those gone from the library are left out."""
        found = [(n, library.passages[one]) for n, one in enumerate(self.sources, 1) if one in library.passages]
        return tuple(Citation(n, one, library.document_of(one)) for n, one in found)


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return the lessons in the order of the syllabus."""
    return tuple(
        read_lesson(topic.id, n, topic.title, (FOLDER / "lessons" / f"{topic.id}.md").read_text(encoding="utf-8"))
        for n, topic in enumerate(topics(), 1)
    )


def lesson(name: str) -> Lesson:
    """Return a lesson by its id or number.

    Raises:
        TrainingError: there is none.
    """
    for one in lessons():
        if name in (one.id, str(one.number)):
            return one
    raise TrainingError(phrase("lesson.unknown", name=name, last=len(lessons())))


def read_lesson(identity: str, number: int, title: str, text: str) -> Lesson:
    """Return the lesson of a Markdown text: front matter with goal and short names of documents, then sentences."""
    _, head, body = text.split("---\n", 2)
    data = cast("Mapping[str, Any]", read_text(head))
    short: Mapping[str, str] = data["documents"]
    return Lesson(identity, number, title, data["goal"], tuple(_lines(body, short)))


def _lines(body: str, short: Mapping[str, str]) -> Iterator[Line]:
    heading = ""
    for paragraph in body.splitlines():
        if paragraph.startswith("#"):
            heading = paragraph.lstrip("# ").strip()
            continue
        for part in re.findall(r"[^\[\]]+(?:\[[^\]]+\])*", paragraph):
            marks = tuple(_full(m, short) for m in _MARK.findall(part))
            said = _MARK.sub("", part).strip()
            if said:
                yield Line(heading, said, marks)


def _full(mark: str, short: Mapping[str, str]) -> str:
    document, _, fact = mark.partition("#")
    return f"{short.get(document, document)}#{fact}"


def lesson_faults(one: Lesson, library: Library) -> list[str]:
    """Return what of a lesson its citations do not bear out, and the figures without any citation."""
    faults = [phrase("lesson.gone", id=one.id, source=s) for s in one.sources if s not in library.passages]
    evidence = {citation.mark: citation for citation in one.citations(library)}
    lines = [text for _, text in one.numbered()]
    faults += [phrase("lesson.fault", id=one.id, fault=fault.message) for fault in check(lines, evidence)]
    faults += [
        phrase("lesson.uncited", id=one.id, text=line.text)
        for line in one.lines
        if not line.sources and any(f.kind == "date" or (f.value or 0) > 1 for f in read_figures(line.text))
    ]
    return faults


def exercises(one: Lesson, pool: Pool, *, seed: int, count: int = EXERCISES) -> list[Item]:
    """Return the exercises that close a lesson: items of its topic, the same for the same seed."""
    return pool.quiz(count, seed, topics=(one.id,))


def why_line(one: Lesson, line: int, library: Library) -> Answer:
    """Return the cited answer to 为什么 at a sentence of a lesson (from 0)."""
    said = one.lines[line]
    return why(said.sources or one.sources[:1], library, question=f"{phrase('tutor.why')} {said.text}")
