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
    questions = _Questions(assessment, rules, closed)
    lines = _lines(assessment, questions)
    if not lines:
        return next(iter(questions.of(_informative(assessment))), None)
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


class _Questions:
    """What can be asked for of what an assessment misses."""

    def __init__(self, assessment: Assessment, rules: Rules, closed: Collection[str]) -> None:
        self.rules = rules
        self.closed = closed
        self._facts = assessment.park.facts
        self._places = {key: i for i, key in enumerate(rules.facts)}
        self._covered: dict[str, list[str]] = {}
        for key, one in rules.facts.items():
            if one.zeroed_by is not None:
                self._covered.setdefault(one.zeroed_by, []).append(key)
        self._told = {one.section for one in rules.facts.values() if one.kind == "declaration"}

    def of(self, names: Sequence[str]) -> Sequence[str]:
        """Return the questions for these names, each once, in the order of the facts."""
        found = {self._asked_as(name) for name in names if name not in self.closed} - set(self.closed)
        return sorted(found, key=self._place)

    def _place(self, key: str) -> tuple[int, str]:
        """Return where a question stands: a declaration as the first that it covers."""
        own = definition_of(key, self.rules)[0].id
        return min(self._places[one] for one in (own, *self._covered.get(own, ()))), key

    def _asked_as(self, name: str) -> str:
        """Return the declaration that covers the fact and others that are not reported, or the fact itself."""
        declaration = definition_of(name, self.rules)[0].zeroed_by
        left = [key for key in self._covered.get(declaration or "", ()) if key not in self._facts]
        return declaration if declaration and len(left) > 1 else name

    def totals(self, result: Result) -> Iterator[str]:
        """Yield the totals that a line rests on and that a park may report instead of their parts.

        Those of a section with a declaration are said when that is asked for.
        """
        stack: list[Step] = [result.step] if result.step is not None else []
        seen: set[str] = set()
        while stack:
            step = stack.pop()
            if step.name in seen or not step.missing:
                continue
            seen.add(step.name)
            definition = self.rules.facts.get(step.name)
            if definition is not None and definition.derived and definition.section not in self._told:
                yield step.name
            stack += step.inputs


def _lines(assessment: Assessment, questions: _Questions) -> Mapping[int, tuple[Sequence[str], bool]]:
    """Return the questions of each open line, by its place, and whether it waits for something closed as well."""
    found: dict[int, tuple[Sequence[str], bool]] = {}
    for i, result in enumerate(assessment.results):
        if is_open(result) and result.missing:
            asks = questions.of([*questions.totals(result), *result.missing])
            if asks:
                found[i] = (asks, any(name in questions.closed for name in result.missing))
    return found


def covered(declaration: str, rules: Rules) -> set[str]:
    """Return the facts that the declaration makes zero where they are not reported; of kinds, the fact without one."""
    return {key for key, one in rules.facts.items() if one.zeroed_by == declaration}


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
