"""assess(park, rubric, rules) -> Assessment: every indicator judged, points and grade as an interval, nothing hidden.

With data missing, each indicator has the set of verdicts that are still possible and a lowest and highest number of
points. Points and grade of the whole follow from those. All of them only shrink as data arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from scoring.cases import applicable
from scoring.converted import in_unit
from scoring.edge import flips
from scoring.errors import Fault, ParkDataError
from scoring.interval import ONE, ZERO, Number, ends
from scoring.load import answer_id
from scoring.model import (
    Assessment,
    Case,
    Indicator,
    ParkData,
    Result,
    Rubric,
    Rules,
    Step,
    Verdict,
)
from scoring.resolve import Resolver
from scoring.soundness import IN_UNIT
from scoring.total import grade_span, outcome, points
from scoring.units import EXACT
from scoring.wording import reason, warnings_of


def assess(park: ParkData, rubric: Rubric, rules: Rules, *, edges: bool = True, suggest: bool = True) -> Assessment:
    """Return the park judged by the rubric, with all the working.

    `edges` looks for what would turn a verdict near its limit; `suggest` looks for the datum to ask for next.
    Leave both out to grade many parks fast.

    Raises:
        ParkDataError: a core indicator, condition or gate is excused, or figures contradict what is possible.
    """
    with localcontext(EXACT):
        _refuse_excuses(park, rubric)
        resolver = Resolver(park, rules)
        results = [judge(one, resolver, rubric) for one in rubric.indicators]
        if edges:
            results = [replace(one, flips=flips(one, resolver)) for one in results]
        assessment = whole(resolver, rubric, results)
        if suggest:
            from scoring.ask import next_datum  # it grades trial answers, and so imports this module

            assessment = replace(assessment, next_datum=next_datum(assessment, resolver))
        return assessment


def _refuse_excuses(park: ParkData, rubric: Rubric) -> None:
    faults: list[Fault] = []
    for name in park.excuses:
        if name not in rubric:
            faults.append(Fault(name, f"《{rubric.title}》没有 {name!r} 这一项，无从说明原因。请检查编号。"))
        elif not rubric.indicator(name).excusable:
            label = rubric.indicator(name).label
            faults.append(Fault(name, f"“{label}”不能说明原因后不纳入：只有引导指标可以。请补报数据。"))
    if faults:
        raise ParkDataError(faults)


def whole(resolver: Resolver, rubric: Rubric, results: Sequence[Result]) -> Assessment:
    """Return the assessment made of the indicators' results."""
    low, high, full = points(results) or (None, None, None)
    grades = grade_span(rubric, results)
    totals = {key: resolver.step(name) for key, name in rubric.totals.items()}
    steps = ((beside, resolver.step(beside.value)) for beside in rubric.besides)
    # a ratio of nothing to nothing says nothing: the park has none of it
    besides = tuple((beside, step) for beside, step in steps if not step.undefined or step.missing)
    missing = tuple(dict.fromkeys(name for result in results for name in result.missing))
    return Assessment(
        resolver.park,
        rubric,
        outcome(grades, results),
        tuple(results),
        low,
        high,
        full,
        grades,
        totals,
        besides,
        missing,
        warnings_of(resolver, rubric, results, totals),
    )


# One indicator -------------------------------------------------------------------------------------------------------


def judge(one: Indicator, resolver: Resolver, rubric: Rubric) -> Result:
    """Return the indicator judged: its verdict, the verdicts still possible, its points, and the reason in words."""
    result = judged(one, resolver, rubric)
    return result if result.reason else replace(result, reason=reason(result, resolver.rules))


def judged(one: Indicator, resolver: Resolver, rubric: Rubric) -> Result:
    """Return the indicator judged, without the reason in words, for trials by the thousand."""
    if one.id in resolver.park.excuses:
        why = resolver.rules.phrases["excused"].format(reason=resolver.park.excuses[one.id])
        return Result(one, "excused", frozenset({"excused"}), None, (), why, (), ZERO, ZERO, ZERO)
    name = one.value or answer_id(rubric.id, one.id)
    silent = one.test in ("at_most", "at_least") and not one.limits
    step = resolver.step(name) if not silent or one.value is not None else None
    if step is not None and one.value is not None and one.test in IN_UNIT:
        step = in_unit(step, one.unit)
    if silent:
        possible: frozenset[Verdict] = frozenset({"no_limit"})
        return _result(one, resolver, possible, step, (), step.missing if step else ())
    assert step is not None
    if one.test == "scale":
        return _scaled(one, resolver, step)
    if one.test == "points":
        return _pointed(one, resolver, step)
    if one.test == "holds":
        return _result(one, resolver, _against(step.value, ONE, "at_least"), step, (), step.missing)
    return _limited(one, resolver, step)


def _limited(one: Indicator, resolver: Resolver, step: Step) -> Result:
    cases, asked = applicable(one, resolver)
    possible: set[Verdict] = set()
    for case in cases:
        possible |= {"no_limit"} if case is None else _against(step.value, case.value, one.test)
    missing = tuple(dict.fromkeys((*step.missing, *asked)))
    limits = tuple(case for case in cases if case is not None)
    return _result(one, resolver, frozenset(possible), step, limits, missing)


def _against(value: Number | str, limit: Decimal, test: str) -> frozenset[Verdict]:
    """Return the verdicts possible for a figure, compared in full and never rounded first."""
    assert not isinstance(value, str)
    low, high = ends(value)
    met, failed = (low <= limit, high > limit) if test == "at_most" else (high >= limit, low < limit)
    verdicts: set[Verdict] = set()
    if met:
        verdicts.add("met")
    if failed:
        verdicts.add("not_met")
    return frozenset(verdicts)


def _verdict(possible: frozenset[Verdict], missing: Sequence[str], undefined: bool) -> Verdict:
    """Return the verdict: nobody passes on a figure never reported, but a sure failure is one."""
    if len(possible) == 1:
        (only,) = possible
        if only != "met" or not (missing or undefined):
            return only
    return "missing"


def _result(
    one: Indicator,
    resolver: Resolver,
    possible: frozenset[Verdict],
    step: Step | None,
    limits: tuple[Case, ...],
    missing: tuple[str, ...],
    **more: object,
) -> Result:
    undefined = step is not None and step.undefined
    verdict = _verdict(possible, missing, undefined)
    result = Result(one, verdict, possible, step, limits, "", missing, ZERO, ZERO, ZERO)
    return replace(result, **more) if more else result  # type: ignore[arg-type]


def _scaled(one: Indicator, resolver: Resolver, step: Step) -> Result:
    top = len(one.levels) - 1
    low, high = ends(step.value) if not isinstance(step.value, str) else (ZERO, Decimal(top))
    if one.value is None:
        lowest, highest = int(low), int(high)
        if not step.missing and low != lowest:
            raise ParkDataError(Fault(step.name, f"{one.label} 的级别是 {low}，应是 0 到 {top} 的整数。"))
    else:
        lowest, highest = sorted((_level(one, low), _level(one, high)))
    verdicts: set[Verdict] = {"met"} if highest >= one.met_at else set()
    if lowest < one.met_at:
        verdicts.add("not_met")
    full = one.weight or ZERO
    return _result(
        one,
        resolver,
        frozenset(verdicts),
        step,
        (),
        step.missing,
        levels=(lowest, highest),
        low=full * lowest / top,
        high=full * highest / top,
        full=full,
    )


def _level(one: Indicator, value: Decimal) -> int:
    """Return the level that a figure reaches: the number of cuts it has passed."""
    cuts = [level.value for level in one.levels[1:] if level.value is not None]
    return sum(value <= cut if one.better == "at_most" else value >= cut for cut in cuts)


def _pointed(one: Indicator, resolver: Resolver, step: Step) -> Result:
    assert not isinstance(step.value, str)
    low, high = ends(step.value)
    possible: frozenset[Verdict] = frozenset({"no_limit"})
    full = one.weight or ZERO
    result = _result(one, resolver, possible, step, (), step.missing, low=low, high=high, full=full)
    return replace(result, verdict="missing") if step.missing else result
