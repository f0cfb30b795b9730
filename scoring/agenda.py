"""In which order to ask: the line that settles most for the fewest questions, and what to ask for it.

`ask.next_datum` weighs single facts; most lines wait for a dozen, and no single one of them settles anything. Here each
line is tried at every outcome that is still possible for it, and what that settles is divided by the number of
questions it takes. What one declaration covers (the other power, the other heat) is one question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.interval import ONE, ZERO
from scoring.model import Assessment, Result, Rubric, Rules, Step, Verdict
from scoring.park import definition_of
from scoring.total import Tally, is_open, outcome, tally

Gain = tuple[Decimal, ...]


def next_ask(assessment: Assessment, rules: Rules, *, closed: Collection[str] = ()) -> str | None:
    """Return the fact, or the declaration that covers several, to ask for next; None when nothing is left.

    `closed` holds what has been answered already or is not known; a line that waits for it comes after the others.
    """
    lines = _lines(assessment, rules, closed)
    if not lines:
        return next(iter(_asks(_informative(assessment), assessment, rules, closed)), None)
    sheet = tally(assessment.rubric, assessment.results)
    now = _open(assessment.rubric, assessment.results, sheet, {})

    def order(i: int) -> tuple[object, ...]:
        asks, blocked = lines[i]
        left = [
            _open(assessment.rubric, assessment.results, sheet, {i: one}) for one in _outcomes(assessment.results[i])
        ]
        mean = [sum(parts, ZERO) / len(left) for parts in zip(*left, strict=True)]
        return (blocked, *(-(before - after) / len(asks) for before, after in zip(now, mean, strict=True)), i)

    return lines[min(lines, key=order)][0][0]


def is_settled(assessment: Assessment) -> bool:
    """Whether no figure still to come can change the grade, or, where there are no grades, any line."""
    if assessment.verdict == "missing":
        return False
    if assessment.grades is None:
        return not any(is_open(result) for result in assessment.results)
    return assessment.grades[0].id == assessment.grades[1].id


def _lines(assessment: Assessment, rules: Rules, closed: Collection[str]) -> Mapping[int, tuple[tuple[str, ...], bool]]:
    """Return the questions of each open line, by its place, and whether it waits for something closed as well."""
    found: dict[int, tuple[tuple[str, ...], bool]] = {}
    for i, result in enumerate(assessment.results):
        if is_open(result) and result.missing:
            asks = tuple(_asks([*_totals(result, rules, closed), *result.missing], assessment, rules, closed))
            if asks:
                found[i] = (asks, any(name in closed for name in result.missing))
    return found


def _asks(names: Sequence[str], assessment: Assessment, rules: Rules, closed: Collection[str]) -> Iterator[str]:
    """Yield what to ask for the names, each once, in the order of the facts; a declaration as the first it covers."""
    places = {key: i for i, key in enumerate(rules.facts)}
    found = {_asked_as(name, assessment, rules) for name in names if name not in closed} - set(closed)

    def place(key: str) -> tuple[int, str]:
        own = places[definition_of(key, rules)[0].id]
        return min([own, *(places[one] for one in covered(key, rules))]), key

    yield from sorted(found, key=place)


def _asked_as(name: str, assessment: Assessment, rules: Rules) -> str:
    """Return the declaration that covers the fact and others that are missing, or the fact itself."""
    declaration = definition_of(name, rules)[0].zeroed_by
    return declaration if declaration and len(covered(declaration, rules) - assessment.park.facts.keys()) > 1 else name


def covered(declaration: str, rules: Rules) -> set[str]:
    """Return the facts that the declaration makes zero where they are not reported; of kinds, the fact without one."""
    return {key for key, one in rules.facts.items() if one.zeroed_by == declaration}


def _totals(result: Result, rules: Rules, closed: Collection[str]) -> Iterator[str]:
    """Yield the totals that a line rests on and that a park may report instead of their parts.

    Those of a section with a declaration are said when that is asked for.
    """
    told = {one.section for one in rules.facts.values() if one.kind == "declaration"}
    stack: list[Step] = [result.step] if result.step is not None else []
    seen: set[str] = set()
    while stack:
        step = stack.pop()
        if step.name in seen or not step.missing:
            continue
        seen.add(step.name)
        definition = rules.facts.get(step.name)
        if definition is not None and definition.derived and definition.section not in told:
            yield step.name
        stack += step.inputs


def _informative(assessment: Assessment) -> Sequence[str]:
    """Return what is missing for figures that are shown beside the result and for lines without a limit."""
    steps = [*assessment.totals.values(), *(step for _, step in assessment.besides)]
    return [*assessment.missing, *(name for step in steps for name in step.missing)]


def _outcomes(result: Result) -> Sequence[Result]:
    """Return the line as it would be with each outcome that is still possible."""
    if result.levels is not None:
        low, high = result.levels
        ends = ((low, result.low), (high, result.high))
        return [_levelled(result, level, points) for level, points in dict(ends).items()]
    if result.indicator.test == "points":
        return [replace(result, verdict="no_limit", missing=(), low=end, high=end) for end in (result.low, result.high)]
    return [_decided(result, verdict) for verdict in sorted(result.possible)]


def _levelled(result: Result, level: int, points: Decimal) -> Result:
    verdict: Verdict = "met" if level >= result.indicator.met_at else "not_met"
    return replace(_decided(result, verdict), levels=(level, level), low=points, high=points)


def _decided(result: Result, verdict: Verdict) -> Result:
    return replace(result, verdict=verdict, possible=frozenset({verdict}), missing=())


def _open(rubric: Rubric, results: Sequence[Result], sheet: Tally, changed: Mapping[int, Result]) -> Gain:
    """Return how open the whole is: the verdict, grades between lowest and highest, points between, lines."""
    sure, open_, points = sheet.span(changed)
    trial = [changed.get(i, result) for i, result in enumerate(results)]
    grades = (rubric.grades[sure], rubric.grades[open_]) if rubric.grades else None
    width = ZERO if points is None else points[1] - points[0]
    undecided = Decimal(sum(is_open(one) for one in trial))
    verdict = ONE if outcome(grades, trial) == "missing" else ZERO
    return verdict, Decimal(open_ - sure), width, undecided
