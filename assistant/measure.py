"""Answers measured on labelled questions, and the relevance weights fitted on one half of them.

A question file is a YAML list of {id, question, kind, must, must_not, cite, style, note}. Halves are told apart by a
hash of the id, so that adding a question moves no other; ids that begin with `tune-` or `blind-` say their half.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assistant.advisor import Advisor
from assistant.answer import Answer, Kind
from corpus.errors import CorpusError
from corpus.model import Document, Passage
from corpus.words import fold

Half = Literal["tune", "report", "all"]


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} 不是有效的模式") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class Labelled(BaseModel):
    """A question with what a right answer shows: patterns it must (not) match and what it must cite."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    kind: Kind
    must: tuple[Pattern, ...] = ()
    must_not: tuple[Pattern, ...] = ()
    cite: tuple[Pattern, ...] = ()
    region: str = ""
    style: str = ""
    note: str = ""

    @property
    def half(self) -> str:
        """The half that the question belongs to."""
        if self.id.startswith(("tune-", "blind-")):
            return "tune" if self.id.startswith("tune-") else "report"
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "report"


_ENTRIES = TypeAdapter(list[Labelled])


def _in_one_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return f"{'.'.join(str(part) for part in fault['loc'])}：{fault['msg']}"
    return str(error).splitlines()[0]


@dataclass
class Outcome:
    """Counts over a set, and what went wrong."""

    covered: int = 0
    right: int = 0
    refused_wrongly: int = 0
    uncovered: int = 0
    refused_rightly: int = 0
    unsupported: int = 0
    seconds: list[float] = field(default_factory=list[float])
    wrong: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    by_kind: Counter[str] = field(default_factory=Counter[str])

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        times = sorted(self.seconds) or [0.0]
        return {
            "covered": self.covered,
            "right_share": round(self.right / max(1, self.covered), 4),
            "refused_wrongly_share": round(self.refused_wrongly / max(1, self.covered), 4),
            "uncovered": self.uncovered,
            "refused_rightly_share": round(self.refused_rightly / max(1, self.uncovered), 4),
            "unsupported_figures": self.unsupported,
            "median_ms": round(times[len(times) // 2] * 1000, 1),
            "wrong": self.wrong,
        }


def read_questions(path: Path) -> list[Labelled]:
    """Return the questions of a file, or of every .yaml file of a folder.

    Raises:
        CorpusError: naming file and fault.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found: list[Labelled] = []
    for file in files:
        try:
            entries: Any = YAML(typ="base").load(io.StringIO(file.read_text(encoding="utf-8")))  # pyright: ignore[reportUnknownMemberType]
            found += _ENTRIES.validate_python(entries)
        except (OSError, UnicodeDecodeError, YAMLError, ValidationError) as error:
            raise CorpusError(
                f"{file}: 问题集读不出来（{_in_one_line(error)}）。每题要有 id、question、kind。"
            ) from error
    if not found:
        raise CorpusError(f"{path}: 没有问题。请给一个 .yaml 文件或装有它们的文件夹。")
    return found


def matches(patterns: Sequence[str], text: str) -> list[bool]:
    """Return for each pattern whether it is found in the text, as written or folded."""
    forms = (text, fold(text))
    return [any(re.search(p, form, re.IGNORECASE) for form in forms) for p in patterns]


def source_line(passage: Passage, document: Document) -> str:
    """What a citation shows of its source; a compilation names the source in the passage itself."""
    line = f"{document.title} {document.number} {passage.place}"
    return f"{line} {passage.text}" if document.kind == "汇编" else line


def judge(item: Labelled, answer: Answer) -> str:
    """Return "" for a right answer, else what is wrong with it."""
    if item.kind == "refused":
        return "" if answer.kind == "refused" else f"应拒答而答（{answer.kind}）"
    if answer.kind == "refused":
        return "应答而拒"
    if item.kind == "silent" and answer.kind != "silent" and not re.search(r"没有|未|不|无", answer.text):
        return "应说来源没有写"
    missing = [p for p, there in zip(item.must, matches(item.must, answer.text), strict=True) if not there]
    if missing:
        return f"缺 {missing}"
    banned = [p for p, there in zip(item.must_not, matches(item.must_not, answer.text), strict=True) if there]
    if banned:
        return f"多了 {banned}"
    cited = "\n".join(source_line(c.passage, c.document) for c in answer.citations)
    if item.cite and not any(matches(item.cite, cited)):
        return f"引用不对：{cited[:120]}"
    return ""


def evaluate_answers(
    advisor: Advisor,
    items: Sequence[Labelled],
    *,
    half: Half = "report",
    faults: Callable[[Answer], int] | None = None,
) -> Outcome:
    """Ask every question of the half and count.

    Args:
        advisor: answers the questions.
        items: the labelled questions.
        half: which half to ask.
        faults: counts unsupported figures in an answer; none are counted without it.
    """
    outcome = Outcome()
    for item in items:
        if half not in ("all", item.half):
            continue
        answer = advisor.ask(item.question, region=item.region)
        fault = judge(item, answer)
        outcome.seconds.append(answer.seconds)
        outcome.unsupported += faults(answer) if faults is not None else 0
        outcome.by_kind[f"{item.kind}->{answer.kind}"] += 1
        if item.kind == "refused":
            outcome.uncovered += 1
            outcome.refused_rightly += not fault
        else:
            outcome.covered += 1
            outcome.right += not fault
            outcome.refused_wrongly += answer.kind == "refused"
        if fault:
            outcome.wrong.append(
                {"id": item.id, "question": item.question, "fault": fault, "answer": answer.text[:300]}
            )
    return outcome
