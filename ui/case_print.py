"""Comparisons, reconciliations and calibrations as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.training.calibration import Calibration, Reconciliation
from assistant.training.case_key import case_texts
from assistant.training.comparing import ComparedFault, ComparedLine, Comparison
from scoring.model import Rules
from scoring.wording import label_of
from ui.case_texts import case_words


def share(value: float | None) -> str:
    """Return a share in percent, or that it cannot be said."""
    return case_words().compare.unknown if value is None else f"{value:.0%}"


def figure(value: float | None) -> str:
    """Return a coefficient with two places, or that it cannot be said."""
    return case_words().compare.unknown if value is None else f"{value:+.2f}"


def _verdict(verdict: str | None) -> str:
    return case_words().compare.blank if verdict is None else case_texts()["verdicts"][verdict]


def comparison_lines(found: Comparison, park: str, rules: Rules) -> Iterator[str]:
    """Yield the comparison, own against key, line by line, then the summary."""
    words, key = case_words().compare, found.key
    yield words.head.format(case=key.case, park=park, name=found.submission.name)
    yield words.grade.format(true=key.true_grade, reported=key.reported_grade or key.reported_refusal)
    for line in found.lines:
        yield from _line(line)
    for fault in found.faults:
        yield from _fault(fault, rules)
    for mark in found.invented:
        yield words.invented.format(where=mark.where, what=mark.what)
    agreed = found.agreement
    yield words.summary.format(
        exact=share(agreed.exact),
        kappa=figure(agreed.kappa),
        bias=figure(agreed.bias),
        recall=share(found.recall),
        precision=share(found.precision),
        clause=share(found.clause_share),
    )


def _line(one: ComparedLine) -> Iterator[str]:
    words, line = case_words().compare, one.line
    told = {"mark": words.marks[one.judged], "label": line.label, "own": _verdict(one.own)}
    yield words.line.format(**told, key=_verdict(line.verdict), reason=line.reason)
    if one.own_level is not None and line.level is not None:
        yield words.level.format(own=one.own_level, key=line.level)
    if one.points_right is not None:
        yield words.points.format(own=one.own_points, key=line.points)


def _fault(one: ComparedFault, rules: Rules) -> Iterator[str]:
    words, fault = case_words().compare, one.fault
    yield words.fault.format(mark=words.found[one.found], label=fault.kind.label, why=fault.kind.why)
    if one.mark is not None:
        yield words.own.format(what=one.mark.what)
    for key, true in fault.true.items():
        yield words.figures.format(label=label_of(key, rules), true=true, reported=fault.reported[key])
    for spot in fault.spots[: 1 + 2]:
        yield words.where.format(place=spot.place, text=spot.text or case_texts()["unreported"])
    for effect in fault.effects:
        yield words.effect.format(effect=effect)
    clauses = "；".join(f"{one.shown}（{one.fact}）" for one in fault.kind.clauses)
    yield words.clause.format(clauses=clauses, judged=words.clause_right if one.clause_right else words.clause_wrong)


def reconciliation_lines(found: Reconciliation) -> Iterator[str]:
    """Yield where two part; the key is not shown."""
    words = case_words().reconcile
    first, second = found.names
    yield words.head.format(case=found.case, first=first, second=second)
    for one in found.apart:
        own, other = (_verdict(verdict) for verdict in one.verdicts)
        yield words.apart.format(label=one.label, first_name=first, second_name=second, first=own, second=other)
    if not found.apart:
        yield words.same
    for name, marks in zip(found.names, found.only, strict=True):
        for mark in marks:
            yield words.only.format(name=name, where=mark.where, what=mark.what)
    yield words.summary.format(kappa=figure(found.agreement.kappa), alpha=figure(found.alpha))


def calibration_lines(found: Calibration) -> Iterator[str]:
    """Yield how a group did: alpha, each trainee, where they part, which faults were found by how many."""
    words = case_words().group
    yield words.head.format(case=found.case, count=len(found.comparisons), alpha=figure(found.alpha))
    for one in found.comparisons:
        yield words.trainee.format(
            name=one.submission.name,
            kappa=figure(one.agreement.kappa),
            bias=figure(one.agreement.bias),
            recall=share(one.recall),
            clause=share(one.clause_share),
        )
    for label, counts in found.split:
        told = "，".join(words.count.format(verdict=_verdict(key), count=count) for key, count in counts.items())
        yield words.split.format(label=label, counts=told)
    if found.comparisons:
        for fault in found.comparisons[0].key.faults:
            yield words.fault.format(label=fault.kind.label, count=found.found[fault.id])
