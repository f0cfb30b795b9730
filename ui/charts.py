"""What the charts show, worked out from an assessment: spokes, steps and gaps. Drawn by `svg` and by `pictures`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.interval import Interval, ends
from scoring.model import Assessment, Result, Rules, Step, Verdict
from scoring.wording import limit_text, span

FEWEST_SPOKES = 3
FULL_SCALE = Decimal(2)
"""A gap bar reaches to twice its limit; what lies beyond is cut off and marked."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """How far a block has come: lowest and highest share of its points, or of its levels where it has no points."""

    label: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the waterfall, from where the last one ended; `open`: it or a part of it is not reported yet."""

    label: str
    kind: Literal["part", "open", "total"]
    start: Decimal
    end: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The emissions and what they are made of, on one scale."""

    bars: tuple[Bar, ...]
    low: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure as a multiple of its limit; `high` is None where it has no known upper end."""

    label: str
    verdict: Verdict
    compare: str
    low: Decimal
    high: Decimal | None
    value: str
    limit: str


def radar(assessment: Assessment) -> tuple[Spoke, ...]:
    """Return a spoke for each block that is judged by levels; nothing where there are too few to draw."""
    spokes: list[Spoke] = []
    for block in assessment.rubric.blocks:
        results = [
            one
            for one in assessment.results
            if one.indicator.block == block.id and one.levels is not None and one.verdict != "excused"
        ]
        if results:
            spokes.append(Spoke(block.label, *_reached(results)))
    return tuple(spokes) if len(spokes) >= FEWEST_SPOKES else ()


def _reached(results: Sequence[Result]) -> tuple[Decimal, Decimal]:
    full = sum((one.full for one in results), Decimal(0))
    if full:
        low = sum((one.low for one in results), Decimal(0))
        return low / full, sum((one.high for one in results), Decimal(0)) / full
    tops = sum(len(one.indicator.levels) - 1 for one in results)
    levels = [one.levels for one in results if one.levels is not None]
    return Decimal(sum(low for low, _ in levels)) / tops, Decimal(sum(high for _, high in levels)) / tops


def waterfall(assessment: Assessment, rules: Rules) -> Waterfall | None:
    """Return the steps from nothing to the park's emissions; None where no part of them is known."""
    total = assessment.totals.get("emissions_tco2")
    if total is None or not any(isinstance(part.value, Decimal) for part in total.inputs):
        return None
    bars: list[Bar] = []
    at = Decimal(0)
    for part in total.inputs:
        start, at = at, at + _known(part)
        kind: Literal["part", "open"] = "part" if isinstance(part.value, Decimal) else "open"
        bars.append(Bar(part.label, kind, start, at, span(part.value, part.unit, rules)))
    kind_of_total: Literal["open", "total"] = "total" if isinstance(total.value, Decimal) else "open"
    bars.append(Bar(total.label, kind_of_total, Decimal(0), at, span(total.value, total.unit, rules)))
    reach = [Decimal(0), *(bar.start for bar in bars), *(bar.end for bar in bars)]
    low, high = min(reach), max(reach)
    return Waterfall(tuple(bars), low, high, total.unit) if low < high else None


def _known(step: Step) -> Decimal:
    """Return the figure where it is known; of one that is not, what is certain of it."""
    if isinstance(step.value, Decimal):
        return step.value
    if isinstance(step.value, Interval) and step.value.low.is_finite() and step.value.low > 0:
        return step.value.low
    return Decimal(0)


def gaps(assessment: Assessment, rules: Rules) -> tuple[Gap, ...]:
    """Return each figure against its one limit."""
    found: list[Gap] = []
    for result in assessment.results:
        one, step = result.indicator, result.step
        if one.test not in ("at_most", "at_least") or len(result.limits) != 1 or step is None:
            continue
        limit = result.limits[0].value
        if limit <= 0 or isinstance(step.value, str):
            continue
        low, high = ends(step.value)
        found.append(
            Gap(
                one.label,
                result.verdict,
                one.test,
                low / limit if low.is_finite() else Decimal(0),
                high / limit if high.is_finite() else None,
                span(step.value, one.unit, rules),
                limit_text(one, result.limits, rules),
            )
        )
    return tuple(found)
