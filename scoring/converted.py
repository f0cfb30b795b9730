"""A figure in the unit of the indicator that judges it: 0.0000132 tce/元 is 0.132 tce/万元, and is compared as that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from scoring.interval import Interval
from scoring.model import Step
from scoring.units import convert


def in_unit(step: Step, unit: str) -> Step:
    """Return the step in another unit of the same kind, with the step itself as its working.

    A step that is in the unit already, or that holds words, is returned as it is.
    """
    if step.unit == unit or isinstance(step.value, str):
        return step
    value = (
        Interval(_end(step.value.low, step.unit, unit), _end(step.value.high, step.unit, unit))
        if isinstance(step.value, Interval)
        else convert(step.value, step.unit, unit)
    )
    return replace(step, name=f"{step.name} [{unit}]", origin="converted", value=value, unit=unit, inputs=(step,))


def _end(value: Decimal, unit: str, to: str) -> Decimal:
    return convert(value, unit, to) if value.is_finite() else value
