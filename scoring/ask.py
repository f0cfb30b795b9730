"""What to ask next: the one datum that narrows points and grade most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.errors import ParkDataError
from scoring.interval import ONE, ZERO
from scoring.model import Assessment, Fact, Result, Rules, Value
from scoring.park import definition_of
from scoring.resolve import Resolver
from scoring.total import Tally, is_open, tally

Openness = tuple[Decimal, Decimal, Decimal]
"""How open an outcome is: grades between lowest and highest, points between them, lines undecided."""


def openness(sheet: Tally, changed: Mapping[int, Result]) -> Openness:
    """Return how open the outcome is with some results changed."""
    sure, open_, points = sheet.span(changed)
    width = ZERO if points is None else points[1] - points[0]
    undecided = sheet.undecided + sum(is_open(new) - is_open(sheet.results[i]) for i, new in changed.items())
    return Decimal(open_ - sure), width, Decimal(undecided)


def next_datum(assessment: Assessment, resolver: Resolver) -> str | None:
    """Return the missing fact that narrows the outcome most, or None when nothing is missing.

    Each candidate is tried at the ends of its bounds, at yes and no, at each of its options; the mean openness that is
    left decides. Where single facts leave it the same, the one that frees most points for the fewest others beside it
    comes first, then the one that most lines wait for, then the order of the rubric.
    """
    if not assessment.missing:
        return None
    sheet = tally(assessment.rubric, assessment.results)
    scores = {name: score(name, sheet, resolver) for name in assessment.missing}
    return min(assessment.missing, key=lambda name: scores[name])


def score(name: str, sheet: Tally, resolver: Resolver) -> tuple[Decimal, ...]:
    """Return the key by which candidates are ordered, the best first."""
    waiting = [result for result in sheet.results if name in result.missing]
    freed = sum(((one.high - one.low) / len(one.missing) for one in waiting), ZERO)
    lines = sum((ONE / len(one.missing) for one in waiting), ZERO)
    return (*mean_openness(name, sheet, resolver), -freed, -lines)


def mean_openness(name: str, sheet: Tally, resolver: Resolver) -> Openness:
    """Return the openness left when the fact is known, as the mean over its trial values."""
    trials: list[Openness] = []
    for value in trial_values(name, resolver.rules):
        try:
            trials.append(openness(sheet, trial(name, value, sheet, resolver)))
        except ParkDataError:  # an end of the bounds that the other figures rule out
            continue
    return _mean(trials) if trials else openness(sheet, {})


def _mean(trials: Sequence[Openness]) -> Openness:
    count = Decimal(len(trials))
    steps, width, undecided = (sum(ends, ZERO) / count for ends in zip(*trials, strict=True))
    return steps, width, undecided


def trial(name: str, value: Value, sheet: Tally, resolver: Resolver) -> Mapping[int, Result]:
    """Return the results that change when the fact has that value."""
    from scoring.assess import judged  # it suggests what to ask, and so imports this module

    park = replace(resolver.park, facts={**resolver.park.facts, name: Fact(name, value)})
    tried = Resolver(park, resolver.rules, known=resolver, changed=name)
    return {
        i: judged(result.indicator, tried, sheet.rubric)
        for i, result in enumerate(sheet.results)
        if name in result.missing
    }


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
