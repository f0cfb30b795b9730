"""The way up: which indicators to improve, and to what, for the next grade; the least of them, or the cheapest.

    route(park, rubric, rules)                 the fewest improvements
    route(park, rubric, rules, costs={...})    the cheapest by the user's own costs for each indicator
    what_if(park, {"grid_power_in_mwh": ...})  the park with other figures, to be assessed again

A route is found by an exact solver over the rubric's own needs and then proved: the results with the improvements put
in are graded again, and nothing can be left out of a smallest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any, cast

from scoring.assess import assess
from scoring.errors import Fault, ParkDataError
from scoring.interval import INFINITY, ONE, ZERO
from scoring.model import Assessment, Case, Fact, Grade, ParkData, Result, Rubric, Rules
from scoring.park import Entry, read_park
from scoring.total import concerned, counts_points, grade_span
from scoring.units import EXACT
from scoring.wording import names_of


@dataclass(frozen=True, slots=True)
class Improvement:
    """One indicator to bring to a level or over its limit.

    `level` is the maturity level to reach, None for a limit or a yes; `case` the limit to meet, None otherwise.
    `gap` is how far the figure is from the limit, in its unit, where both are known.
    """

    indicator: str
    label: str
    level: int | None
    case: Case | None
    gap: Decimal | None
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Route:
    """What leads from the grade a park surely has to a higher one, and what it costs."""

    start: Grade
    goal: Grade
    improvements: tuple[Improvement, ...]
    cost: Decimal


class NoRoute(ParkDataError):
    """No set of improvements leads to the grade: it is reached already, or a limit it needs is not published."""


@dataclass(frozen=True, slots=True)
class _Option:
    """A result after an improvement of its indicator; the first of an indicator's options is to leave it."""

    improvement: Improvement | None
    result: Result


def what_if(park: ParkData, changes: Mapping[str, Entry | str | Decimal | bool | None], rules: Rules) -> ParkData:
    """Return the park with some figures changed; None takes a figure away.

    Raises:
        ParkDataError: a changed figure cannot be used.
    """
    set_ = {key: value for key, value in changes.items() if value is not None}
    changed = read_park(park.name, park.year, set_, rules).facts
    kept = {key: fact for key, fact in park.facts.items() if key not in changes}
    facts: dict[str, Fact] = {**kept, **changed}
    return replace(park, facts={key: facts[key] for key in sorted(facts)})


def moved(before: Assessment, after: Assessment) -> tuple[tuple[Result, Result], ...]:
    """Return the lines that differ between two assessments by one rubric: verdict, figure or points."""
    pairs = ((before.result(one.indicator.id), one) for one in after.results)
    return tuple((old, new) for old, new in pairs if _shown(old) != _shown(new))


def _shown(result: Result) -> tuple[object, ...]:
    return result.verdict, None if result.step is None else result.step.value, result.low, result.high


def route(
    park: ParkData,
    rubric: Rubric,
    rules: Rules,
    *,
    goal: str | None = None,
    costs: Mapping[str, Decimal] | None = None,
) -> Route:
    """Return the smallest set of improvements that surely leads to the goal, the next grade if none is named.

    With `costs` (by indicator; for a scale, of each level gained), the cheapest set; an indicator without a cost is
    not touched. Only what is certain counts: an indicator not reported has to be brought up like one that failed.

    Raises:
        NoRoute: the grade cannot be reached by improving indicators.
        ParkDataError: a cost is negative, or names no indicator.
    """
    _check_costs(costs, rubric)
    with localcontext(EXACT):
        results = assess(park, rubric, rules, edges=False, suggest=False).results
        span = grade_span(rubric, results)
        if span is None:
            raise NoRoute(f"《{rubric.title}》没有等级，谈不上升级。可以逐项看差距。")
        at = rubric.grades.index(span[0])
        target = _target(rubric, at, goal)
        options = [_options(result, costs) for result in results]
        chosen = _solve(_constraints(rubric, target, options, rules), options)
        best = [options[i][j] for i, j in enumerate(chosen)]
        proved = grade_span(rubric, [option.result for option in best])
        assert proved is not None
        assert rubric.grades.index(proved[0]) >= target
        improvements = tuple(option.improvement for option in best if option.improvement is not None)
        total = sum((one.cost for one in improvements), ZERO)
        return Route(rubric.grades[at], rubric.grades[target], improvements, total)


def _check_costs(costs: Mapping[str, Decimal] | None, rubric: Rubric) -> None:
    faults = [Fault(key, "没有这一项指标，请检查编号。") for key in costs or {} if key not in rubric]
    faults += [Fault(key, f"成本 {cost} 是负数。") for key, cost in (costs or {}).items() if cost < 0]
    if faults:
        raise ParkDataError(faults)


def _target(rubric: Rubric, at: int, goal: str | None) -> int:
    ids = [grade.id for grade in rubric.grades]
    if goal is None:
        # a grade that only says "no limit is published" is no goal
        higher = [i for i in range(at + 1, len(ids)) if rubric.grades[i].verdict != "no_limit"]
        if not higher:
            raise NoRoute(f"已经是最高一级：{rubric.grades[at].label}。")
        return higher[0]
    if goal not in ids:
        raise NoRoute(f"没有等级 {goal!r}。可选：{'、'.join(ids)}。")
    if ids.index(goal) <= at:
        raise NoRoute(f"已经达到：{rubric.grades[ids.index(goal)].label}。")
    return ids.index(goal)


def _options(result: Result, costs: Mapping[str, Decimal] | None) -> list[_Option]:
    """Return what can be made of an indicator: leave it, bring it over its limit, or to each higher level."""
    one = result.indicator
    found = [_Option(None, result)]
    if (costs is not None and one.id not in costs) or result.verdict == "excused":
        return found
    price = ONE if costs is None else costs[one.id]
    if result.levels is not None:
        low, top = result.levels[0], len(one.levels) - 1
        for level in range(low + 1, top + 1):
            cost = ONE if costs is None else price * (level - low)
            made = Improvement(one.id, one.label, level, None, None, cost)
            found.append(_Option(made, _raised(result, level)))
    elif result.verdict != "met" and one.test != "points" and "no_limit" not in result.possible:
        strictest = min if one.test == "at_most" else max
        case = strictest(result.limits, key=lambda case: case.value) if result.limits else None
        made = Improvement(one.id, one.label, None, case, _gap(result, case), price)
        found.append(_Option(made, replace(result, verdict="met", possible=frozenset({"met"}))))
    return found


def _gap(result: Result, case: Case | None) -> Decimal | None:
    if case is None or result.step is None or not isinstance(result.step.value, Decimal):
        return None
    return abs(result.step.value - case.value)


def _raised(result: Result, level: int) -> Result:
    top = len(result.indicator.levels) - 1
    reached = result.full * level / top
    met = level >= result.indicator.met_at
    high = max(result.levels[1], level) if result.levels else level
    return replace(
        result,
        levels=(level, high),
        low=reached,
        high=max(result.high, reached),
        possible=frozenset({"met"}) if met else result.possible | {"not_met"},
        verdict="met" if met else result.verdict,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One linear constraint on the choice: of each option (indicator, place) its weight, and what they add up to."""

    weights: Mapping[tuple[int, int], Decimal]
    least: Decimal
    most: Decimal = INFINITY


def _constraints(rubric: Rubric, target: int, options: Sequence[Sequence[_Option]], rules: Rules) -> Sequence[_Row]:
    """Return what the needs of the grades up to the target ask of the choice.

    Raises:
        NoRoute: an indicator has no option that satisfies a need; it says which, and what to report first.
    """
    rows: list[_Row] = []
    blocked: list[str] = []
    results = [ones[0].result for ones in options]
    for need in (need for grade in rubric.grades[: target + 1] for need in grade.needs):
        if need.points_share is not None:
            counted = [i for i, result in enumerate(results) if counts_points(result)]
            full = sum((results[i].full for i in counted), ZERO)
            low = {(i, j): option.result.low for i in counted for j, option in enumerate(options[i])}
            rows.append(_Row(low, need.points_share * full))
            if sum((max(option.result.low for option in options[i]) for i in counted), ZERO) < rows[-1].least:
                blocked.append("可改进的各项合起来分数不够")
        accepted = frozenset(need.verdicts)
        for i in concerned(need, results):
            good = {(i, j): ONE for j, option in enumerate(options[i]) if option.result.possible <= accepted}
            rows.append(_Row(good, ONE))
            if not good:
                blocked.append(_why(results[i], rules))
    if blocked:
        raise NoRoute(f"到不了“{rubric.grades[target].label}”：{'；'.join(dict.fromkeys(blocked))}。")
    return rows


def _why(result: Result, rules: Rules) -> str:
    label = result.indicator.label
    if result.missing:
        return f"“{label}”适用哪个限值还不知道，请先补报{names_of(result.missing, rules)}"
    if "no_limit" in result.possible:
        return f"“{label}”没有公布限值"
    return f"“{label}”没有给出成本，或不在可改进之列"


def _solve(rows: Sequence[_Row], options: Sequence[Sequence[_Option]]) -> list[int]:
    """Return which option of each indicator to take: at the least cost, and then by the fewest, smallest steps."""
    flat = [(i, j) for i, ones in enumerate(options) for j in range(len(ones))]
    one_each = [_Row({(i, j): ONE for j in range(len(ones))}, ONE, ONE) for i, ones in enumerate(options)]
    costs = {(i, j): _cost(options[i][j]) for i, j in flat}
    cheapest = _minimal(costs, [*rows, *one_each], flat)
    bound = _Row({spot: -cost for spot, cost in costs.items()}, -sum((costs[spot] for spot in cheapest), ZERO))
    steps = {(i, j): _steps(options[i]) + Decimal(_gain(options[i][j])) if j else ZERO for i, j in flat}
    finest = _minimal(steps, [*rows, *one_each, bound], flat)
    same = sum((costs[spot] for spot in finest), ZERO) <= sum((costs[spot] for spot in cheapest), ZERO)
    return [j for _, j in sorted(finest if same else cheapest)]


def _cost(option: _Option) -> Decimal:
    return ZERO if option.improvement is None else option.improvement.cost


def _gain(option: _Option) -> int:
    """Return how many levels an improvement gains; meeting a limit counts as one."""
    if option.improvement is None or option.improvement.level is None:
        return 1
    return option.improvement.level


def _steps(ones: Sequence[_Option]) -> Decimal:
    """Return a weight for touching an indicator at all that outweighs any level gained."""
    return Decimal(len(ones) * len(ones))


def _minimal(
    costs: Mapping[tuple[int, int], Decimal], rows: Sequence[_Row], flat: Sequence[tuple[int, int]]
) -> Sequence[tuple[int, int]]:
    """Return the choice of least cost that keeps all the rows, by mixed-integer programming."""
    from scipy import optimize  # heavy: only when a route is asked for

    scipy = cast(Any, optimize)
    table = [[float(row.weights.get(spot, ZERO)) for spot in flat] for row in rows]
    # the solver's own tolerance is far below the steps in which points and costs move
    solved = scipy.milp(
        [float(costs[spot]) for spot in flat],
        constraints=scipy.LinearConstraint(
            table, [float(row.least) for row in rows], [float(row.most) for row in rows]
        ),
        integrality=[1] * len(flat),
        bounds=scipy.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    if solved.x is None:
        raise NoRoute("改进指标到不了这一级：各项要求不能同时满足。")
    return [spot for spot, share in zip(flat, solved.x, strict=True) if share * 2 > 1]
