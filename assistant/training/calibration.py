"""Several trainees on one case: two blind and then reconciled, or a whole group calibrated against the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.training.agreement import Agreement, agreement, alpha, codes
from assistant.training.case_key import Key
from assistant.training.comparing import Comparison, compare, same_place
from assistant.training.submission import Mark, Submission
from scoring.model import Verdict


@dataclass(frozen=True, slots=True)
class Apart:
    """One indicator that two trainees judged differently; None where one left it blank."""

    indicator: str
    label: str
    verdicts: tuple[Verdict | None, Verdict | None]


@dataclass(frozen=True)
class Reconciliation:
    """Two blind submissions side by side, before the key is shown: where they part, and what only one marked."""

    case: str
    names: tuple[str, str]
    apart: tuple[Apart, ...]
    only: tuple[tuple[Mark, ...], tuple[Mark, ...]]
    agreement: Agreement
    alpha: float | None

    def record(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "case": self.case,
            "names": list(self.names),
            "apart": [{"id": one.indicator, "label": one.label, "verdicts": list(one.verdicts)} for one in self.apart],
            "only": [[{"where": mark.where, "what": mark.what} for mark in marks] for marks in self.only],
            "agreement": self.agreement.record(),
            "alpha": self.alpha,
        }


def reconcile(key: Key, first: Submission, second: Submission) -> Reconciliation:
    """Return where two blind submissions part; nothing of the key's verdicts is in it."""
    apart = tuple(
        Apart(line.indicator, line.label, pair)
        for line in key.lines
        if (pair := (first.verdicts.get(line.indicator), second.verdicts.get(line.indicator)))[0] != pair[1]
    )
    both: list[tuple[Verdict, Verdict | None]] = [
        (own, second.verdicts.get(line.indicator))
        for line in key.lines
        if (own := first.verdicts.get(line.indicator)) is not None
    ]
    only = (_only(first.marks, second.marks), _only(second.marks, first.marks))
    return Reconciliation(
        key.case, (first.name, second.name), apart, only, agreement(both), alpha(ratings(key, (first, second)))
    )


def _only(own: Sequence[Mark], others: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple(mark for mark in own if not any(_same(mark, other) for other in others))


def _same(mark: Mark, other: Mark) -> bool:
    return mark.where == other.where or same_place(mark.where, other.where)


def ratings(key: Key, submissions: Sequence[Submission]) -> list[list[int | None]]:
    """Return the judgments as ordered values: a row a trainee, a column an indicator.

    They are levels where every trainee gives some, else the verdicts' places on their scale.
    """
    rows: list[list[int | None]] = []
    by_level = all(one.levels for one in submissions)
    for one in submissions:
        if by_level:
            rows.append([one.levels.get(line.indicator) for line in key.lines])
            continue
        said = [one.verdicts.get(line.indicator) for line in key.lines]
        rows.append([None if verdict is None else codes()[verdict] for verdict in said])
    return rows


@dataclass(frozen=True)
class Calibration:
    """A group on one case: how far they agree with each other and each with the key, and where they part most."""

    case: str
    alpha: float | None
    comparisons: tuple[Comparison, ...]
    split: tuple[tuple[str, Mapping[str, int]], ...]
    found: Mapping[str, int]

    def record(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "case": self.case,
            "alpha": self.alpha,
            "trainees": [
                {
                    "name": one.submission.name,
                    **one.agreement.record(),
                    "recall": one.recall,
                    "precision": one.precision,
                    "clause_share": one.clause_share,
                }
                for one in self.comparisons
            ],
            "split": [{"label": label, "verdicts": dict(counts)} for label, counts in self.split],
            "found": dict(self.found),
        }


def calibrate(key: Key, submissions: Sequence[Submission]) -> Calibration:
    """Return how a group did on one case; the lines they part on come first, the widest first."""
    comparisons = tuple(compare(key, one) for one in submissions)
    split: list[tuple[str, Mapping[str, int]]] = []
    for line in key.lines:
        counts: dict[str, int] = {}
        for one in submissions:
            verdict = one.verdicts.get(line.indicator)
            if verdict is not None:
                counts[verdict] = counts.get(verdict, 0) + 1
        if len(counts) > 1:
            split.append((line.label, counts))
    split.sort(key=lambda one: max(one[1].values()) / sum(one[1].values()))
    found = {fault.id: sum(one.faults[i].found == "found" for one in comparisons) for i, fault in enumerate(key.faults)}
    return Calibration(key.case, alpha(ratings(key, submissions)), comparisons, tuple(split), found)
