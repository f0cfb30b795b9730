"""The key of a case: what the engine says of the true park, what it says of the park as reported, and each fault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast

from assistant.training.dossier_model import Dossier, Planted, Spot, changes_of, entry_of, park_of
from assistant.training.faults import Kind, kinds
from assistant.understand import read_yaml
from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.model import Assessment, ParkData, Result, Rubric, Rules, Verdict
from scoring.wording import span


@cache
def case_texts() -> dict[str, Any]:
    """Return the words of the case lab: `cases.yaml`, read once."""
    return cast(dict[str, Any], read_yaml("assistant.training", "cases.yaml"))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One indicator: the verdict on the true figures with its reason, and what the reported figures would give."""

    indicator: str
    label: str
    verdict: Verdict
    value: str
    reason: str
    points: Decimal | None
    reported: Verdict | None
    reported_value: str
    level: int | None = None
    top: int = 0


@dataclass(frozen=True, slots=True)
class KeyFault:
    """One planted fault: where it shows, the true and the reported figures, what it offends, what it does."""

    kind: Kind
    spots: tuple[Spot, ...]
    true: Mapping[str, str]
    reported: Mapping[str, str]
    effects: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name within the case: the kind and the figure."""
        return f"{self.kind.id}:{next(iter(self.true))}"


@dataclass(frozen=True)
class Key:
    """The key of one case by one rule set."""

    case: str
    park: str
    rubric: str
    fingerprint: str
    lines: tuple[KeyLine, ...]
    faults: tuple[KeyFault, ...]
    true_grade: str
    reported_grade: str
    reported_refusal: str = ""

    def line(self, indicator: str) -> KeyLine:
        """Return the line of that indicator; KeyError if there is none."""
        for line in self.lines:
            if line.indicator == indicator:
                return line
        raise KeyError(indicator)


def key_of(dossier: Dossier, rules: Rules) -> Key:
    """Return the key of the dossier, as the engine grades it by the dossier's rule set."""
    home = rules.rubric(dossier.rubric)
    true = _assessed(park_of(dossier.truth, rules), home, rules)
    assert isinstance(true, Assessment)
    reported = _assessed(park_of(dossier.reported, rules), home, rules)
    lines = tuple(_line(result, reported, rules) for result in true.results)
    return Key(
        case=dossier.id,
        park=dossier.park_name,
        rubric=dossier.rubric,
        fingerprint=_fingerprint(dossier, lines),
        lines=lines,
        faults=tuple(_fault(one, dossier, true, rules) for one in dossier.faults),
        true_grade=_grade(true),
        reported_grade=_grade(reported) if isinstance(reported, Assessment) else "",
        reported_refusal="" if isinstance(reported, Assessment) else reported,
    )


def _assessed(park: ParkData, rubric: Rubric, rules: Rules) -> Assessment | str:
    """Return the assessment, or why the engine refuses the figures."""
    try:
        return assess(park, rubric, rules, edges=False, suggest=False)
    except ParkDataError as error:
        return str(error)


def _grade(assessment: Assessment) -> str:
    if assessment.grades is None:
        return ""
    low, high = assessment.grades
    return low.label if low.id == high.id else f"{low.label} ～ {high.label}"


def _line(result: Result, reported: Assessment | str, rules: Rules) -> KeyLine:
    one = result.indicator
    other = reported.result(one.id) if isinstance(reported, Assessment) else None
    return KeyLine(
        indicator=one.id,
        label=one.label,
        verdict=result.verdict,
        value=_value(result, rules),
        reason=result.reason,
        points=result.low if one.weight is not None and result.low == result.high else None,
        reported=other.verdict if other is not None else None,
        reported_value=_value(other, rules) if other is not None else "",
        level=result.levels[0] if result.levels is not None and result.levels[0] == result.levels[1] else None,
        top=max(len(one.levels) - 1, 0),
    )


def _value(result: Result, rules: Rules) -> str:
    step = result.step
    if step is None or result.indicator.test == "holds" or step.missing:
        return ""
    return span(step.value, step.unit if result.indicator.test == "scale" else result.indicator.unit, rules)


def _fault(planted: Planted, dossier: Dossier, true: Assessment, rules: Rules) -> KeyFault:
    alone = park_of(dossier.truth, rules, changes=changes_of(dossier, planted.facts))
    wrong = _assessed(alone, true.rubric, rules)
    return KeyFault(
        kind=kinds()[planted.kind],
        spots=tuple(dossier.spot(tag, column, rules) for tag, column in planted.spots),
        true=_written(dossier.truth, planted.facts),
        reported=_written(dossier.reported, planted.facts),
        effects=tuple(_effects(true, wrong, rules)),
    )


def _written(values: Mapping[str, Any], facts: tuple[str, ...]) -> Mapping[str, str]:
    unreported = case_texts()["unreported"]
    return {key: entry_of(values["facts"][key]).text if key in values["facts"] else unreported for key in facts}


def _effects(true: Assessment, wrong: Assessment | str, rules: Rules) -> list[str]:
    """Return what the fault alone does to totals, indicators and the grade, in words with both figures."""
    say = case_texts()
    if isinstance(wrong, str):
        return [say["refused"].format(label=_grade(true), why=wrong)]
    judged = {result.step.name for result in true.results if result.step is not None}
    found = [
        say["effect"].format(
            label=step.label,
            before=span(step.value, step.unit, rules),
            after=span(wrong.totals[key].value, step.unit, rules),
        )
        for key, step in true.totals.items()
        if step.value != wrong.totals[key].value and step.name not in judged
    ]
    for old, new in zip(true.results, wrong.results, strict=True):
        before, after = (_said(one, rules) for one in (old, new))
        if before != after:
            found.append(say["effect"].format(label=old.indicator.label, before=before, after=after))
    if _grade(true) != _grade(wrong):
        found.append(say["effect"].format(label=true.rubric.title, before=_grade(true), after=_grade(wrong)))
    for (beside, old), (_, new) in zip(true.besides, wrong.besides, strict=True):
        if not found and old.value != new.value:
            before, after = (span(one.value, one.unit, rules) for one in (old, new))
            found.append(say["effect"].format(label=f"{old.label}（{beside.note}）", before=before, after=after))
    return found


def _said(result: Result, rules: Rules) -> str:
    verdict = case_texts()["verdicts"][result.verdict]
    value = _value(result, rules)
    return f"{value}（{verdict}）" if value else verdict


def _fingerprint(dossier: Dossier, lines: tuple[KeyLine, ...]) -> str:
    """Return the hash of what the trainee sees and of the key: an answer to another edition is not compared."""
    told = [dossier.reported, [[line.indicator, line.verdict] for line in lines], [one.kind for one in dossier.faults]]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True) + repr(dossier.papers)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
