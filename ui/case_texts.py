"""The words of the case commands: `case_text.yaml`, checked as they are read."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML


class _Texts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CompareTexts(_Texts):
    """How a comparison is printed."""

    head: str
    grade: str
    line: str
    blank: str
    marks: dict[str, str]
    level: str
    points: str
    fault: str
    found: dict[str, str]
    own: str
    figures: str
    where: str
    effect: str
    clause: str
    clause_right: str
    clause_wrong: str
    invented: str
    summary: str
    unknown: str


class ReconcileTexts(_Texts):
    """How two blind submissions are printed."""

    head: str
    apart: str
    only: str
    same: str
    summary: str
    decided: str


class GroupTexts(_Texts):
    """How a group is printed."""

    head: str
    trainee: str
    split: str
    count: str
    fault: str
    none: str


class TalkTexts(_Texts):
    """How an interview is printed."""

    read: str
    span: str
    evaded: str


class CaseTexts(_Texts):
    """Every Chinese sentence of the case commands, by name."""

    readme: str
    answer_sheet: str
    line: str
    readme_text: str
    made: str
    exists: str
    no_faults_told: str
    papers: str
    paper: str
    no_paper: str
    submitted: str
    unreadable: str
    compare: CompareTexts
    cards: str
    reconcile: ReconcileTexts
    group: GroupTexts
    talk: TalkTexts


@cache
def case_words() -> CaseTexts:
    """Return the words, read once."""
    text = (files("ui") / "case_text.yaml").read_text(encoding="utf-8")
    return CaseTexts.model_validate(YAML(typ="safe").load(text))  # pyright: ignore[reportUnknownMemberType]
