"""临界: what would turn a verdict that lies near its limit: meters, rounding, another edition of a factor."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scoring.converted import in_unit
from scoring.errors import ParkDataError
from scoring.interval import ends
from scoring.model import Case, Flip, Result, Step
from scoring.resolve import Resolver
from scoring.wording import label_of, shown

VARIANTS = {"carbon_per_energy_910_tco2_per_tce": ("carbon_per_energy_2023_factor_tco2_per_tce",)}
"""Which quantities are the same figure with another edition of a factor."""


def flips(result: Result, resolver: Resolver) -> tuple[Flip, ...]:
    """Return all that would turn the verdict of an indicator within reach of its limit; nothing for the others."""
    step = result.step
    if step is None or result.verdict not in ("met", "not_met") or len(result.limits) != 1:
        return ()
    if not isinstance(step.value, Decimal) or step.origin not in ("formula", "converted", "fact"):
        return ()
    (case,) = result.limits
    found = [*_factors(result, case, resolver)]
    reach = resolver.rules.settings["edge_reach_share"] * case.value
    if abs(step.value - case.value) <= reach:
        found += [*_meters(result, step, case, resolver), *_rounding(result, step.value, case, resolver)]
    return tuple(found)


def _turns(result: Result, low: Decimal, high: Decimal, case: Case) -> bool:
    """Whether some figure between low and high has the other verdict."""
    at_most = result.indicator.test == "at_most"
    fails = high > case.value if at_most else low < case.value
    passes = low <= case.value if at_most else high >= case.value
    return fails if result.verdict == "met" else passes


def _meters(result: Result, step: Step, case: Case, resolver: Resolver) -> Iterator[Flip]:
    rules, unit = resolver.rules, result.indicator.unit
    accuracies = dict(_accuracies(step, resolver))
    if len(accuracies) > 1 and (span := _spread(step, accuracies, resolver)) and _turns(result, *span, case):
        low, high = (shown(end, unit, rules) for end in span)
        text = rules.phrases["flip_all_meters"].format(low=low, high=high)
        yield Flip("meter", text, *span, text)
    for name, accuracy in accuracies.items():
        span = _spread(step, {name: accuracy}, resolver)
        if span and _turns(result, *span, case):
            label = label_of(name, rules)
            low, high = (shown(end, unit, rules) for end in span)
            share = shown(accuracy, "1", rules)
            text = rules.phrases["flip_meter"].format(label=label, accuracy=share, low=low, high=high)
            yield Flip("meter", label, *span, text)


def _spread(step: Step, accuracies: dict[str, Decimal], resolver: Resolver) -> tuple[Decimal, Decimal] | None:
    """Return the span of the figure, in its unit, when these reported figures are off by their meters' accuracy."""
    try:
        name = step.inputs[0].name if step.origin == "converted" else step.name
        value = in_unit(Resolver(resolver.park, resolver.rules, spread=accuracies).step(name), step.unit).value
    except ParkDataError:
        return None
    return None if isinstance(value, str) else ends(value)


def _accuracies(step: Step, resolver: Resolver) -> Iterator[tuple[str, Decimal]]:
    """Yield the reported figures under a step that were metered or weighed, each with its accuracy."""
    stack, seen = [step], set[str]()
    while stack:
        one = stack.pop()
        if one.name in seen:
            continue
        seen.add(one.name)
        if one.origin == "fact":
            facts = resolver.rules.facts
            definition = facts.get(one.name) or facts[one.name.partition("/")[0]]
            if definition.accuracy_share and one.value:
                yield one.name, definition.accuracy_share
        stack += reversed(one.inputs)


def _rounding(result: Result, value: Decimal, case: Case, resolver: Resolver) -> Iterator[Flip]:
    """Yield a flip where the figure rounded to the places of the limit (GB/T 8170) has the other verdict."""
    rounded = value.quantize(case.value)
    if rounded != value and _turns(result, rounded, rounded, case):
        text = shown(rounded, result.indicator.unit, resolver.rules)
        yield Flip("rounding", text, rounded, rounded, resolver.rules.phrases["flip_rounding"].format(value=text))


def _factors(result: Result, case: Case, resolver: Resolver) -> Iterator[Flip]:
    for name in VARIANTS.get(result.indicator.value or "", ()):
        step = in_unit(resolver.step(name), result.indicator.unit)
        if isinstance(step.value, Decimal) and _turns(result, step.value, step.value, case):
            value = shown(step.value, result.indicator.unit, resolver.rules)
            text = resolver.rules.phrases["flip_factor"].format(label=step.label, value=value)
            yield Flip("factor", step.label, step.value, step.value, text)
