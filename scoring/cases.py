"""Which limit applies: by the park's size, by a choice it made, or both; while data are missing, all that may apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise, product

from scoring.interval import ONE, Interval
from scoring.model import Case, Indicator, Range
from scoring.resolve import Resolver

Point = Decimal | str


def applicable(one: Indicator, resolver: Resolver) -> tuple[list[Case | None], tuple[str, ...]]:
    """Return the cases that apply or may still apply (None: no limit is published), and what decides it is missing.

    A figure only known to lie in a span is tried at both ends, at each bound of a case, and between the bounds: the
    case can change nowhere else.
    """
    if len(one.limits) == 1 and not one.limits[0].when:
        return [one.limits[0]], ()
    names = list(dict.fromkeys(name for case in one.limits for name in case.when))
    missing: list[str] = []
    trials: list[list[Point]] = []
    for name in names:
        step = resolver.step(name)
        if step.missing:
            missing += step.missing
        trials.append(list(_trials(name, one.limits, resolver)))
    found: list[Case | None] = []
    for points in product(*trials):
        case = _first(one.limits, dict(zip(names, points, strict=True)))
        if case not in found:
            found.append(case)
    return found, tuple(missing) if len(found) > 1 else ()


def _first(cases: Sequence[Case], at: Mapping[str, Point]) -> Case | None:
    return next((case for case in cases if all(_holds(span, at[name]) for name, span in case.when.items())), None)


def _holds(span: Range | str, point: Point) -> bool:
    if isinstance(span, str) or isinstance(point, str):
        return span == point
    return (
        (span.from_ is None or point >= span.from_)
        and (span.above is None or point > span.above)
        and (span.up_to is None or point <= span.up_to)
        and (span.below is None or point < span.below)
    )


def _trials(name: str, cases: Sequence[Case], resolver: Resolver) -> Iterator[Point]:
    value = resolver.step(name).value
    if isinstance(value, str):
        definition = resolver.rules.facts[name]
        yield from [value] if value else definition.options
    elif isinstance(value, Interval):
        bounds = sorted({bound for case in cases for bound in _bounds(case.when.get(name))})
        inside = [value.low, *(bound for bound in bounds if value.low < bound < value.high), value.high]
        yield from inside
        for left, right in pairwise(inside):
            yield left + ONE if right.is_infinite() else (left + right) / (ONE + ONE)
    else:
        yield value


def _bounds(span: Range | str | None) -> Iterator[Decimal]:
    if isinstance(span, Range):
        yield from (one for one in (span.from_, span.above, span.up_to, span.below) if one is not None)
