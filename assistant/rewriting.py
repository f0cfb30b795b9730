"""A model's wording of a grounded answer, checked as it comes: what its sources do not bear out never gets through.

Each sentence is checked once it is whole, each clause of the one under way once it is closed. A sentence that fails
gives way to the line of the grounded answer that it should have said; at the end every line whose figures or sources
are not said yet is added word for word. So the wording has the citations and the figures of the grounded answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from assistant.answer import Citation
from assistant.guard import check
from assistant.understand import read_yaml
from corpus.figures import read_figures
from corpus.model import Document, Passage
from corpus.words import fold

_MARK = re.compile(r"[\[［【]\^?(\d{1,3})[\]］】]")
_MARK_LIST = re.compile(r"[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})+)\s*[\]］】]")
_SENTENCE = re.compile(
    r".*?(?:(?:[。！？!?]+|\.(?=[\s\[【]))[”」』)）]*(?:\s*[\[［【]\^?[\d,，、 ]+[\]］】])*|\n)", re.DOTALL
)
_CLAUSE = re.compile(r"[，,；;：:、]")
_ORNAMENT = re.compile(r"\*+|`+|^\s*(?:#{1,6}\s+|[-•·>]\s+)|\r")
_THINKING = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.S)
_NEGATION = re.compile(
    r"没有|没|未|不(?![高低超少大小多晚早到足满断仅同]|得[高低超少])|无(?![锡线])|别|勿|非(?!化石)|严禁|禁止"
)
_RISKY = re.compile(r"零(?!碳)|[\d〇一二两三四五六七八九十百千万亿第不未没无非高低超至最大小少多约≥≤<>\[［【“「『]")
_ENDED = re.compile(r"[。！？!?\n\]］】]\s*\Z")
_NEAR = 0.3
_FEWEST_WORDS = 4
_LONGEST_SHOWN = 300  # characters of a sentence that has no end yet


@dataclass(frozen=True, slots=True)
class Grounded:
    """What is to be put in other words.

    Attributes:
        question: what the user said, with the subject it inherits: its figures may be repeated as the user's own.
        lines: the answer, each line with its marks; without citations the lines are the evidence themselves.
        citations: the sources that the marks name.
    """

    question: str
    lines: tuple[str, ...]
    citations: tuple[Citation, ...] = ()


@cache
def signs() -> dict[str, Any]:
    """Return the words of this module: `rewriting.yaml`."""
    return read_yaml("assistant", "rewriting.yaml")


@cache
def _instruction() -> re.Pattern[str]:
    # (?i) may stand only at the start of a pattern: each is compiled as a group of its own.
    parts = (p.removeprefix("(?i)") if p.startswith("(?i)") else p for p in signs()["instructions"])
    return re.compile("|".join(f"(?:{p})" for p in parts), re.IGNORECASE)


@cache
def _connective() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(signs()["connectives"], key=len, reverse=True))))


def without_instructions(text: str) -> str:
    """Return a text without the sentences that tell a reader what to do or to say: data is never instruction."""
    sentences = re.findall(r"[^。；;！!\n]*[。；;！!\n]?", text)
    kept = "".join(s for s in sentences if not _instruction().search(s))
    return kept if kept == text or not _instruction().search(kept) else ""


class Rewriting:
    """One answer's wording as it comes in, piece by piece; `text` is what may be shown at any moment."""

    def __init__(self, grounded: Grounded) -> None:
        self._question = grounded.question
        cleaned = [Citation(c.mark, replace(c.passage, text=without_instructions(c.passage.text)), c.document)
                   for c in grounded.citations]  # fmt: skip
        self.lines = tuple(line for line in map(_cleaned, grounded.lines) if _MARK.sub("", line).strip())
        self.evidence = {c.mark: c for c in cleaned} or {
            n: Citation(n, _passage(n, line), _BLANK) for n, line in enumerate(self.lines, 1)
        }
        self._cited = bool(cleaned)
        self._figures = frozenset(_figures(" ".join((*self.lines, self._question))))
        sources = [*self.lines, *(c.passage.text for c in cleaned), self._question]
        self._titles = "".join(c.document.title + c.document.number for c in cleaned)
        self._clauses = [(part, _pairs(fold(part))) for text in sources for part in _parts(text)]
        self._stood: dict[str, bool] = {}
        self._pairs = {pair for text in (*sources, self._titles) for pair in _pairs(fold(_MARK.sub("", text)))}
        self._folded = fold(" ".join((*sources, self._titles)))
        self._raw = ""
        self._at = 0
        self._said: list[str] = []
        self._part: str = ""
        self._part_shown: str = ""
        self.own = 0

    def feed(self, piece: str) -> None:
        """Take in what the model has written next."""
        self._raw += piece
        self._take(final=False)

    def finish(self) -> tuple[str, ...]:
        """Return the lines once the model has ended: every figure and every source of the grounded answer is said."""
        self._take(final=True)
        for line in self.lines:
            said = " ".join(self._said)
            marks = set(_marks(line)) <= set(_marks(said))
            if line not in self._said and not (marks and set(_figures(line)) <= set(_figures(said))):
                self._said.append(line)
        return tuple(self._said)

    @property
    def length(self) -> int:
        """How many characters the model has written."""
        return len(self._raw)

    @property
    def text(self) -> str:
        """The sentences that passed, and of the one under way the closed clauses where they pass.

        An answer's very first words are shown before their clause closes, up to anything like a figure or a denial.
        """
        rest = _ORNAMENT.sub("", _THINKING.sub("", self._raw)[self._at :]).lstrip()
        end = max((m.end() for m in _CLAUSE.finditer(rest)), default=0)
        if not self._said and not end:
            risky = _RISKY.search(rest)
            end = risky.start() if risky else len(rest)
        part = rest[:end]
        if not part.startswith(self._part_shown):
            self._part_shown = ""
        if part != self._part and len(part) <= _LONGEST_SHOWN:
            passes = len(part) >= _FEWEST_WORDS and not _MARK.search(part) and self._passes(part, self._all_marks())
            self._part, self._part_shown = part, part if passes else ""
        return "\n".join((*self._said, self._part_shown) if self._part_shown else self._said)

    def _take(self, *, final: bool) -> None:
        text = _THINKING.sub("", self._raw)
        while self._at < len(text):
            match = _SENTENCE.match(text, self._at)
            if match is None or (match.end() >= len(text) and not final) or _opens_mark(text, match.end(), final):
                break
            self._add(match[0])
            self._at = match.end()
        if final and text[self._at :].strip():
            self._add(text[self._at :], whole=bool(_ENDED.search(text)))
            self._at = len(text)

    def _add(self, sentence: str, *, whole: bool = True) -> None:
        sentence = _ORNAMENT.sub("", _MARK_LIST.sub(_spread, sentence)).strip()
        sentence = _MARK.sub(lambda m: f"[{m[1]}]" if int(m[1]) in self.evidence and self._cited else "", sentence)
        if not re.search(r"\w", _MARK.sub("", sentence)):
            return
        marked = sentence if _marks(sentence) else sentence + self._nearest_marks(sentence)
        if whole and self._passes(_MARK.sub("", marked), _shown(_marks(marked))):
            if marked not in self._said:
                self._said.append(marked)
                self.own += 1
            return
        line = self._meant(sentence)
        if line and line not in self._said:
            self._said.append(line)

    def _passes(self, bare: str, marks: str) -> bool:
        """Whether the words stand in the sources that the marks name."""
        said = bare + (marks if self._cited else self._all_marks())
        if not set(_figures(bare)) <= self._figures or check((said,), self.evidence, question=self._question):
            return False
        if any(word in bare and word not in self._folded for word in signs()["strong"]):
            return False
        short = _core(bare)
        if len(short) < int(signs()["shortest_clause"]) and short not in self._folded:
            return False
        return all(self._stands(part) for part in _parts(bare))

    def _stands(self, clause: str) -> bool:
        """Whether a clause is made of the sources' words, and denies where they deny; one is looked at once."""
        if clause not in self._stood:
            self._stood[clause] = self._is_of_sources(clause)
        return self._stood[clause]

    def _is_of_sources(self, clause: str) -> bool:
        bare = _core(clause)
        if len(bare) < int(signs()["shortest_clause"]):
            return True
        covered = [False] * len(bare)
        for n in range(len(bare) - 1):
            if bare[n : n + 2] in self._pairs:
                covered[n] = covered[n + 1] = True
        strange = max((len(run) for run in "".join("x" if one else " " for one in covered).split("x")), default=0)
        share = sum(covered) / len(covered)
        if share < float(signs()["covered_share"]) or strange > int(signs()["longest_strange"]):
            return False
        own = _pairs(fold(clause))
        nearest, _ = max(self._clauses, key=lambda other: _likeness(own, other[1]), default=("", set[str]()))
        return bool(_NEGATION.search(_without_figures(clause))) == bool(_NEGATION.search(_without_figures(nearest)))

    def _meant(self, sentence: str) -> str:
        """The line of the grounded answer that a sentence should have said; empty where it is near none."""
        marks = set(_marks(sentence))
        own = _pairs(fold(_MARK.sub("", sentence)))
        scored = [(bool(marks & set(_marks(line))), _likeness(own, _pairs(fold(line))), line) for line in self.lines]
        marked, near, line = max(scored, default=(False, 0.0, ""))
        return line if marked or near >= _NEAR else ""

    def _nearest_marks(self, sentence: str) -> str:
        line = self._meant(sentence) if self._cited else ""
        return _shown(_marks(line))

    def _all_marks(self) -> str:
        return _shown(self.evidence)


def _core(text: str) -> str:
    """Return the words that say something: no figures, signs or connecting words."""
    return re.sub(r"\W|\d", "", _connective().sub("", fold(_without_figures(text))))


def _cleaned(line: str) -> str:
    marks = re.search(r"(?:\[\d+\])*\Z", line)
    assert marks is not None
    return without_instructions(line[: marks.start()]) + marks[0]


def _passage(number: int, line: str) -> Passage:
    return Passage(f"line-{number}", "", line, "", "A")


_BLANK = Document.model_construct(title="", number="", aliases=(), issued="", published="", in_force="", checked="")


def _opens_mark(text: str, end: int, final: bool) -> bool:
    """Whether a mark has begun behind the sentence and is not whole yet."""
    return not final and re.match(r"\s*[\[［【][^\]］】]*\Z", text[end:]) is not None


def _spread(match: re.Match[str]) -> str:
    return "".join(f"[{number}]" for number in re.findall(r"\d+", match[1]))


def _shown(marks: Iterable[int]) -> str:
    return "".join(f"[{mark}]" for mark in marks)


def _marks(text: str) -> list[int]:
    return list(dict.fromkeys(int(m[1]) for m in _MARK.finditer(text)))


def _figures(text: str) -> list[tuple[str, str, str, str]]:
    return [(f.kind, f.key, f.unit, f.comparator) for f in read_figures(_MARK.sub("", text))]


def _without_figures(text: str) -> str:
    for figure in reversed(read_figures(text)):
        text = text[: figure.span[0]] + " " + text[figure.span[1] :]
    return text


def _parts(text: str) -> Sequence[str]:
    return [part for part in re.split(r"[，,；;：:。！？!?\n]", _MARK.sub("", text)) if part.strip()]


def _pairs(text: str) -> set[str]:
    tight = re.sub(r"\W", "", text)
    return {tight[n : n + 2] for n in range(len(tight) - 1)}


def _likeness(own: set[str], other: set[str]) -> float:
    return len(own & other) / max(1, min(len(own), len(other)))
