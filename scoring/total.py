"""The whole of an assessment: points and grade from the results of the indicators, as lowest and highest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.interval import ZERO
from scoring.model import Grade, Need, Outcome, Result, Rubric

Points = tuple[Decimal, Decimal, Decimal]


def counts_points(result: Result) -> bool:
    """Whether the result takes part in the points: it has a weight and is not excused."""
    return result.indicator.weight is not None and result.verdict != "excused"


def is_open(result: Result) -> bool:
    """Whether data still to come can change the verdict."""
    return result.verdict == "missing" or len(result.possible) > 1


def points(results: Iterable[Result]) -> Points | None:
    """Return the lowest and highest points and the full mark; None where the rubric gives no points."""
    counted = [result for result in results if counts_points(result)]
    if not counted:
        return None
    return (
        sum((result.low for result in counted), ZERO),
        sum((result.high for result in counted), ZERO),
        sum((result.full for result in counted), ZERO),
    )


def concerned(need: Need, results: Sequence[Result]) -> Iterator[int]:
    """Yield the places of the results that a need asks verdicts of."""
    if need.points_share is None:
        for i, result in enumerate(results):
            one = result.indicator
            if one.role in need.roles or one.block in need.blocks or one.id in need.indicators:
                yield i


def _fails(need: Need, result: Result) -> tuple[int, int]:
    """Return whether the result may fail the need, and whether it must."""
    accepted = frozenset(need.verdicts)
    return int(not result.possible <= accepted), int(not result.possible & accepted)


@dataclass(frozen=True)
class Tally:
    """Points and failed needs of a set of results, from which those of a set that differs in a few are quickly had."""

    rubric: Rubric
    results: Sequence[Result]
    points: Points | None
    places: Mapping[tuple[int, int], frozenset[int]]
    failures: Mapping[tuple[int, int], tuple[int, int]]
    undecided: int

    def span(self, changed: Mapping[int, Result]) -> tuple[int, int, Points | None]:
        """Return the lowest and highest grade, by place, and the points, with some results changed."""
        total = self.points
        for i, new in changed.items():
            if total is not None and counts_points(new):
                old = self.results[i]
                total = (total[0] + new.low - old.low, total[1] + new.high - old.high, total[2])
        sure = open_ = 0
        climbing = climbing_open = True
        for g, grade in enumerate(self.rubric.grades):
            for n, need in enumerate(grade.needs):
                may, must = self._failed((g, n), need, changed, total)
                climbing, climbing_open = climbing and not may, climbing_open and not must
            sure, open_ = (g if climbing else sure), (g if climbing_open else open_)
        return sure, open_, total

    def _failed(
        self, spot: tuple[int, int], need: Need, changed: Mapping[int, Result], total: Points | None
    ) -> tuple[bool, bool]:
        if need.points_share is not None:
            if total is None:
                return True, True
            wanted = need.points_share * total[2]
            return total[0] < wanted, total[1] < wanted
        may, must = self.failures[spot]
        for i in self.places[spot] & changed.keys():
            before, after = _fails(need, self.results[i]), _fails(need, changed[i])
            may, must = may - before[0] + after[0], must - before[1] + after[1]
        return may > 0, must > 0


def tally(rubric: Rubric, results: Sequence[Result]) -> Tally:
    """Return the tally of the results."""
    places: dict[tuple[int, int], frozenset[int]] = {}
    failures: dict[tuple[int, int], tuple[int, int]] = {}
    for g, grade in enumerate(rubric.grades):
        for n, need in enumerate(grade.needs):
            places[g, n] = frozenset(concerned(need, results))
            failed = [_fails(need, results[i]) for i in places[g, n]]
            failures[g, n] = sum(may for may, _ in failed), sum(must for _, must in failed)
    undecided = sum(is_open(result) for result in results)
    return Tally(rubric, results, points(results), places, failures, undecided)


def grade_span(rubric: Rubric, results: Sequence[Result]) -> tuple[Grade, Grade] | None:
    """Return the lowest and the highest grade still possible; None where the rubric has none."""
    if not rubric.grades:
        return None
    sure, open_, _ = tally(rubric, results).span({})
    return rubric.grades[sure], rubric.grades[open_]


def outcome(grades: tuple[Grade, Grade] | None, results: Sequence[Result]) -> Outcome:
    """Return the verdict on the whole: the grade's own where it is certain; without grades, what the lines say."""
    if grades is not None:
        low, high = grades
        certain = low.verdict == high.verdict
        if certain and low.verdict == "met" and _passes_unreported(results):
            return "missing"
        return low.verdict if certain else "missing"
    verdicts = {result.verdict for result in results} - {"excused"}
    for verdict in ("not_met", "missing", "met"):
        if verdict in verdicts:
            return verdict
    return "no_limit"


def _passes_unreported(results: Sequence[Result]) -> bool:
    """Whether a core indicator, a condition or a gate is only met on figures not reported."""
    roles = ("core", "condition", "gate")
    return any(result.verdict == "missing" and result.indicator.role in roles for result in results)
