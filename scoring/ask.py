"""What to ask next: the one datum that narrows points and grade most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.errors import ParkDataError
from scoring.interval import ZERO
from scoring.model import Assessment, Fact, ParkData, Result, Rubric, Rules, Value
from scoring.park import definition_of
from scoring.resolve import Resolver

Openness = tuple[Decimal, Decimal, Decimal]


def openness(rubric: Rubric, results: Sequence[Result]) -> Openness:
    """Return how open the outcome is: grades between lowest and highest, points between them, lines undecided."""
    from scoring.assess import grade_span, points

    low, high, _ = points(results)
    span = grade_span(rubric, results)
    steps = rubric.grades.index(span[1]) - rubric.grades.index(span[0]) if span else 0
    width = ZERO if low is None or high is None else high - low
    return Decimal(steps), width, Decimal(sum(len(one.possible) > 1 or one.verdict == "missing" for one in results))


def next_datum(assessment: Assessment, resolver: Resolver) -> str | None:
    """Return the missing fact that narrows the outcome most, or None when nothing is missing.

    Each candidate is tried at the ends of its bounds, at yes and no, at each of its options; the mean openness that is
    left decides. Where single facts leave it the same, the one that more lines of the rubric wait for comes first,
    then the one with the fewest others beside it, then the order of the definitions.
    """
    if not assessment.missing:
        return None
    scores = {name: _score(name, assessment, resolver) for name in assessment.missing}
    return min(assessment.missing, key=lambda name: scores[name])


def _score(name: str, assessment: Assessment, resolver: Resolver) -> tuple[Decimal, ...]:
    left = mean_openness(name, assessment, resolver.park, resolver.rules)
    waiting = [result for result in assessment.results if name in result.missing]
    weight = sum(((one.high - one.low) / len(one.missing) for one in waiting), ZERO)
    share = sum((Decimal(1) / len(one.missing) for one in waiting), ZERO)
    return (*left, -weight, -share)


def mean_openness(name: str, assessment: Assessment, park: ParkData, rules: Rules) -> Openness:
    """Return the openness left when the fact is known, as the mean over its trial values."""
    from scoring.assess import judge

    trials: list[Openness] = []
    for value in trial_values(name, rules):
        known = replace(park, facts={**park.facts, name: Fact(name, value)})
        resolver = Resolver(known, rules)
        try:
            results = [
                judge(result.indicator, resolver, assessment.rubric) if name in result.missing else result
                for result in assessment.results
            ]
        except ParkDataError:  # an end of the bounds that the other figures rule out
            continue
        trials.append(openness(assessment.rubric, results))
    if not trials:
        return openness(assessment.rubric, assessment.results)
    count = Decimal(len(trials))
    return tuple(sum((trial[i] for trial in trials), ZERO) / count for i in range(len(trials[0])))  # type: ignore[return-value]


def trial_values(name: str, rules: Rules) -> Iterator[Value]:
    """Yield the values at which a missing fact is tried."""
    definition, _ = definition_of(name, rules)
    if definition.kind == "declaration":
        yield True
    elif definition.kind == "yes_no":
        yield from (True, False)
    elif definition.kind == "choice":
        yield from definition.options
    elif definition.high is not None:
        yield from (definition.low, definition.high)
