"""Reasons and warnings in words. The sentences stand in `rules/phrases.yaml`; figures are rounded here, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from scoring.interval import Interval, Number, ends
from scoring.model import Case, Indicator, Result, Rubric, Rules, Step
from scoring.resolve import Resolver
from scoring.units import EXACT, convert, plain


def shown(value: Decimal, unit: str, rules: Rules) -> str:
    """Return the figure to be read by people: shares in percent, rounded half to even (GB/T 8170), with its unit.

    A bound that only stands for "no bound known" is said to be open.
    """
    if value.is_infinite() or value >= rules.settings["answer_high"]:
        return rules.phrases["no_upper"] if value > 0 else rules.phrases["no_lower"]
    if unit == "1":
        return f"{plain(_rounded(convert(value, '1', 'percent'), rules))}%"
    return f"{plain(_rounded(value, rules)):f} {unit}".rstrip()


def _rounded(value: Decimal, rules: Rules) -> Decimal:
    """Return the value to the significant digits shown, and never fewer than its whole places."""
    digits = int(rules.settings["shown_digits"])
    if not value or not value.is_finite():
        return value
    places = min(value.adjusted() - digits + 1, 0)
    return value.quantize(Decimal(1).scaleb(places), context=EXACT)


def span(value: Number | str, unit: str, rules: Rules) -> str:
    """Return the figure, or the two ends it lies between."""
    if isinstance(value, str):
        return value
    low, high = ends(value)
    if low == high:
        return shown(low, unit, rules)
    return f"{shown(low, unit, rules)} ～ {shown(high, unit, rules)}"


def label_of(name: str, rules: Rules) -> str:
    """Return the Chinese label of a fact, with its member's before it; the name itself where there is none."""
    base, _, member = name.partition("/")
    if (own := rules.facts.get(name)) is not None:
        return own.label
    definition = rules.facts.get(base)
    if definition is None:
        return rules.quantities[base].label if base in rules.quantities else name
    if definition.per and member in rules.families[definition.per].members:
        return f"{rules.families[definition.per].members[member].label} {definition.label}"
    return definition.label


def names_of(missing: Iterable[str], rules: Rules) -> str:
    """Return the labels of what is missing, one after the other."""
    return rules.phrases["joint"].join(label_of(name, rules) for name in missing)


def limit_text(one: Indicator, limits: Sequence[Case], rules: Rules) -> str:
    """Return the limit in words; several while it is open which applies."""
    values = rules.phrases["joint"].join(shown(case.value, one.unit, rules) for case in limits)
    if len(limits) > 1:
        return rules.phrases["limits_several"].format(limits=values)
    return rules.phrases[f"limit_{one.test}"].format(limit=values) if values else ""


def reason(result: Result, rules: Rules) -> str:
    """Return why the indicator has its verdict, in one sentence."""
    one, step, say = result.indicator, result.step, rules.phrases
    missing = names_of(result.missing, rules)
    if step is not None and step.undefined and not result.missing:
        return say["undefined"]
    if result.possible == frozenset({"no_limit"}) and one.test != "points":
        why = one.no_limit_reason or say["no_limit"]
        if step is None or result.missing:
            return why
        return say["no_limit_value"].format(value=span(step.value, one.unit, rules), reason=why)
    assert step is not None
    if one.test == "points":
        return _pointed(result, step, rules)
    if result.levels is not None:
        low, high = result.levels
        if result.missing and low != high:
            return say["level_missing"].format(missing=missing, low=low, high=high)
        return say["level"].format(level=low, top=len(one.levels) - 1, see=one.levels[low].see)
    if one.test == "holds":
        return say["missing_answer"] if result.missing else say["holds" if result.verdict == "met" else "fails"]
    values = {"value": span(step.value, one.unit, rules), "limit": limit_text(one, result.limits, rules)}
    if not result.missing:
        return say[result.verdict].format(**values)
    surely = {frozenset({"met"}): "missing_surely_met", frozenset({"not_met"}): "not_met_anyway"}
    open_ = "missing_limit" if isinstance(step.value, Decimal) and len(result.limits) > 1 else "missing"
    return say[surely.get(result.possible, open_)].format(missing=missing, **values)  # type: ignore[arg-type]


def _pointed(result: Result, step: Step, rules: Rules) -> str:
    if result.missing:
        return rules.phrases["missing_answer"]
    return rules.phrases["points"].format(value=span(step.value, "", rules).strip())


def warnings_of(
    resolver: Resolver, rubric: Rubric, results: Sequence[Result], totals: Mapping[str, Step]
) -> tuple[str, ...]:
    """Return what a reader must know besides the verdicts: cautions, excuses, single-source numbers, odd totals."""
    rules = resolver.rules
    found = [caution.text for caution in rubric.cautions if _applies(caution.value, caution.above, resolver)]
    for result in results:
        if result.verdict == "excused":
            why = resolver.park.excuses[result.indicator.id]
            found.append(rules.phrases["warning_excused"].format(label=result.indicator.label, reason=why))
    steps = [*(result.step for result in results if result.step is not None), *totals.values()]
    found += _different_totals(resolver)
    weak = dict.fromkeys(one.label for one in leaves(steps) if one.reference and one.reference.confidence == "B")
    if weak:
        found.append(rules.phrases["warning_single_source"].format(labels=rules.phrases["joint"].join(weak)))
    return tuple(found)


def _applies(name: str, above: str | None, resolver: Resolver) -> bool:
    value = resolver.step(name).value
    bound = resolver.step(above).value if above else Decimal(0)
    if isinstance(value, Interval | str) or isinstance(bound, Interval | str):
        return False
    return value > bound


def leaves(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield every parameter under the steps, once."""
    seen: set[int] = set()
    stack = list(steps)
    while stack:
        step = stack.pop()
        if id(step) not in seen:
            seen.add(id(step))
            if step.origin == "parameter":
                yield step
            if step.value != 0:  # what is multiplied by zero does not bear on the result
                stack += reversed(step.inputs)


def _different_totals(resolver: Resolver) -> Iterator[str]:
    """Yield a sentence for each total that is reported and, worked out from its parts, comes out differently."""
    rules = resolver.rules
    for name in resolver.park.facts:
        definition = rules.facts.get(name)
        if definition is None or not definition.derived or definition.per is not None or name not in rules.quantities:
            continue
        reported, computed = resolver.step(name).value, resolver.formula_step(name).value
        if isinstance(reported, str) or isinstance(computed, str):
            continue
        low, high = ends(computed)
        room = rules.settings["total_tolerance_share"] * abs(ends(reported)[0])
        if not low - room <= ends(reported)[0] <= high + room:
            yield rules.phrases["warning_total_differs"].format(
                label=definition.label,
                reported=span(reported, definition.unit, rules),
                computed=span(computed, definition.unit, rules),
            )
