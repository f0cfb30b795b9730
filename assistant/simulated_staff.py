"""Park staff that answer the interview from a hidden file, in varied words: to measure the interview, not to be shown.

    staff = Staff(hidden, rules, Random(7))
    run = interviewed(hidden, "national-2025", rules, hear, 7)

They slip now and then and put it right, change units, say two figures at once, and know only what their file says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, cast

from assistant.entries import Interview, Pending, Value
from assistant.intent import Understood
from assistant.interview import Interviewer
from assistant.interview_reply import Reply
from assistant.interview_words import name_of, short_label
from assistant.training.dossier import make
from assistant.training.dossier_model import park_of
from assistant.understand import read_yaml
from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.model import Assessment, Fact, ParkData, Rules
from scoring.park import definition_of
from scoring.units import convert, plain

Hear = Callable[[str, Interview, Reply], Understood]
_DIGITS = 9
_TURNS = 200
_TOTALS = ("energy_tce",)
_QUALITY_SPREAD = 1
_SMALLEST = Decimal("0.01")
_SLIPS = 0.06
_MORE = 0.15
_DIFFICULTIES = (1, 2, 3)
_FAILED_GATES = 0.04


@dataclass(frozen=True, slots=True)
class Run:
    """One park interviewed: whether it came out as its file, the questions until its outcome was settled, and times.

    Attributes:
        same: the assessment equals that of the hidden file, line by line; wrong: the facts that came out otherwise.
        verdict_at, grade_at: turns until the verdict and the grade were settled; None where they never were.
        asked: all turns; seconds: of each.
        said: the conversation, to look at.
        fixed_verdict_at, fixed_grade_at: turns until settled when asked in the order of the facts.
    """

    same: bool
    wrong: tuple[str, ...]
    verdict_at: int | None
    grade_at: int | None
    asked: int
    seconds: tuple[float, ...]
    said: tuple[tuple[str, str], ...]
    fixed_verdict_at: int | None = None
    fixed_grade_at: int | None = None


def hidden_park(seed: int, rules_id: str, rules: Rules) -> ParkData:
    """Return a made-up park whose figures agree with each other, some of them not known."""
    random = Random(f"hidden {seed}")  # noqa: S311 - made-up parks, no secret
    park = park_of(make(seed, rules=rules, difficulty=random.choice(_DIFFICULTIES), faults=0).truth, rules)
    facts, quality = dict(park.facts), random.random()
    more = {key: _level(random, quality, key, rules) for key in rules.facts if key.startswith(f"{rules_id}/")}
    more |= {"carbonate_used_t/caco3": Decimal(random.randrange(100, 3000))} if random.random() < 1 / 3 else {}
    more |= {"fuel_oxidation_share/diesel": Decimal("0.98")} if random.random() < 1 / 4 else {}
    facts |= {key: Fact(key, min(value, definition_of(key, rules)[0].high or value)) for key, value in more.items()}
    for key in random.sample(sorted(facts), random.choice((0, 0, 1, 2))):
        del facts[key]
    if random.random() < 1 / 10:
        facts["boundary_clear"] = Fact("boundary_clear", False)
    found = replace(park, facts={key: facts[key] for key in sorted(facts)})
    try:
        assess(found, rules.rubric(rules_id), rules, edges=False, suggest=False)
    except ParkDataError:
        return park
    return found


def _level(random: Random, quality: float, key: str, rules: Rules) -> Decimal:
    """Return a level for a line of the rule set's own, near the park's quality; gates are seldom failed."""
    rules_id, _, indicator = key.partition("/")
    one = rules.rubric(rules_id).indicator(indicator)
    top = max(len(one.levels) - 1, 0)
    level = round(quality * top) + random.randint(-_QUALITY_SPREAD, _QUALITY_SPREAD)
    lowest = one.met_at if one.role == "gate" and random.random() > _FAILED_GATES else 0
    return Decimal(min(max(level, lowest), top))


class Staff:
    """Answers each question from the hidden park's data."""

    def __init__(self, park: ParkData, rules: Rules, random: Random) -> None:
        self.park, self.rules, self.random = park, rules, random
        self.words = cast(Mapping[str, Any], read_yaml("assistant", "simulated_staff.yaml"))

    def answer(self, reply: Reply, interview: Interview) -> str:
        """Return what is said to the interviewer's last question."""
        if interview.pending:
            return self._doubt(interview.pending[0])
        wrong = self._wrong(interview)
        if wrong:
            known = wrong in self.park.facts
            return self._one("correction").format(said=self.named(wrong)) if known else str(self.words["undo"])
        key = reply.asked
        if not key:
            go_on = len(reply.options) > 1 and not interview.waiting()
            return str(self.words["go_on"]) if go_on else self._one("agree")
        definition, _ = definition_of(key, self.rules)
        if definition.kind == "declaration":
            return self._rest(key, interview)
        if key in self.park.facts:
            return self._told(key)
        if definition.zeroed_by and self._declared(definition.zeroed_by):
            return self._one("none")
        return self._one("no_total" if definition.derived and definition.per is None else "unknown")

    def _one(self, key: str) -> str:
        return str(self.random.choice(self.words[key]))

    def _declared(self, declaration: str) -> bool:
        fact = self.park.facts.get(declaration)
        return fact is not None and fact.value is True

    def _wrong(self, interview: Interview) -> str:
        """Return a fact that was said back otherwise than the file has it."""
        for key, entry in interview.waiting().items():
            zero = key not in self.park.facts and entry.value in (Decimal(0), True)
            if self._value(key) != entry.value and not zero:
                return key
        return ""

    def _doubt(self, pending: Pending) -> str:
        key, kind = pending.entry.fact, pending.kind
        if kind == "choice":
            right = [one for one in pending.candidates if self._value(one) == pending.entry.value]
            return name_of(right[0], self.rules) if right else str(self.words["neither"])
        if kind == "evidence":
            return self._source(key) if key in self.park.facts else self._one("unknown")
        if kind == "smell" and self._value(key) == pending.entry.value:
            return str(self.words["keep"])
        if kind == "impossible" or key not in self.park.facts:
            return self._one("unknown")
        return self.named(key)

    def _value(self, key: str) -> Value | None:
        fact = self.park.facts.get(key)
        return None if fact is None else fact.value

    def _source(self, key: str) -> str:
        return self.park.facts[key].source or self._one("sources")

    def _told(self, key: str) -> str:
        definition, _ = definition_of(key, self.rules)
        value = self.park.facts[key].value
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            said = self._one("yes" if value else "no")
            said = self._one(f"{key} {value}".lower()) if f"{key} {value}".lower() in self.words else said
        elif self.random.random() < _SLIPS and value and definition.high != definition.low and not definition.derived:
            return self.named(key, value + value)
        else:
            said = self.amount(key, value, self._one("number_forms"))
        return f"{said}，{self._source(key)}" if definition.needs_source and self.random.random() > _MORE else said

    def named(self, key: str, value: Decimal | None = None) -> str:
        """Return the figure with its name."""
        own = value if value is not None else self.park.facts[key].value
        if not isinstance(own, Decimal):
            return self._told(key)
        return self.amount(key, own, self._one("named_forms"))

    def amount(self, key: str, value: Decimal, form: str) -> str:
        """Return a figure in one of the ways that its unit is written."""
        _, unit = definition_of(key, self.rules)
        ways: dict[str, str] = self.words["written"].get(unit, {unit: unit})
        found = {way: convert(value, unit, known) for way, known in ways.items()}
        short = {
            way: one for way, one in found.items() if len(one.as_tuple().digits) <= _DIGITS and one >= Decimal("0.01")
        }
        way = self.random.choice(sorted(short or found))
        number = f"{plain(found[way]):f}"
        return form.format(name=self.random.choice(self._names(key)), amount=number + way)

    def _names(self, key: str) -> list[str]:
        return self.words["called"].get(key) or [short_label(key, self.rules)]

    def _rest(self, declaration: str, interview: Interview) -> str:
        """Return all that the file says of a section, and that there is nothing else, where it says so."""
        known = interview.known()
        told = [self.named(key) for key in self._section(declaration) if key not in known]
        rest = self._one("rest_none") if self._declared(declaration) else str(self.words["rest_unknown"])
        return self._one("cuts").join([*told, rest])

    def _section(self, declaration: str) -> Iterator[str]:
        own = definition_of(declaration, self.rules)[0].section
        for key, fact in self.park.facts.items():
            definition, _ = definition_of(key, self.rules)
            wanted = definition.zeroed_by == declaration or (definition.derived and definition.section == own)
            if wanted and isinstance(fact.value, Decimal):
                yield key


def interviewed(hidden: ParkData, rules_id: str, rules: Rules, hear: Hear, seed: int) -> Run:
    """Return how the interview of the park's staff went, beside the same staff asked in the order of the facts."""
    run = _talked(hidden, Interviewer(rules), rules_id, hear, Random(seed))  # noqa: S311 - made-up staff, no secret
    beside = Interviewer(rules, order=in_order)
    fixed = _talked(hidden, beside, rules_id, hear, Random(seed), until_settled=True)  # noqa: S311
    return replace(run, fixed_verdict_at=fixed.verdict_at, fixed_grade_at=fixed.grade_at)


def in_order(assessment: Assessment, rules: Rules, *, closed: Collection[str]) -> str | None:
    """Return the first fact, in the order of the facts, that is missing: what a form would ask next."""
    places = {key: i for i, key in enumerate(rules.facts)}
    totals = [key for key in _TOTALS if key not in assessment.park.facts]
    left = [key for key in (*totals, *assessment.missing) if key not in closed]
    return min(left, key=lambda key: (places[definition_of(key, rules)[0].id], key), default=None)


def _talked(
    hidden: ParkData,
    interviewer: Interviewer,
    rules_id: str,
    hear: Hear,
    random: Random,
    *,
    until_settled: bool = False,
) -> Run:
    rules = interviewer.rules
    staff = Staff(hidden, rules, random)
    interview, reply = interviewer.start(rules_id, name=hidden.name, year=hidden.year)
    verdict_at = grade_at = None
    seconds: list[float] = []
    said: list[tuple[str, str]] = [("", reply.text)]
    while not reply.done and len(seconds) < _TURNS and not (until_settled and grade_at):
        message = staff.answer(reply, interview)
        began = time.perf_counter()
        heard = hear(message, interview, reply)
        interview, reply = interviewer.take(interview, heard, turn=len(said))
        seconds.append(time.perf_counter() - began)
        said.append((message, reply.text))
        now = reply.progress
        verdict_at = len(seconds) if verdict_at is None and now and now.verdict != "missing" else verdict_at
        grade_at = len(seconds) if grade_at is None and now and now.final else grade_at
    facts = interviewer.park(interview).facts
    return Run(
        same=reply.done and outcome(interviewer.assessment(interview)) == outcome(_assessed(hidden, rules_id, rules)),
        wrong=tuple(key for key, fact in hidden.facts.items() if key not in facts or facts[key].value != fact.value),
        verdict_at=verdict_at,
        grade_at=grade_at,
        asked=len(seconds),
        seconds=tuple(seconds),
        said=tuple(said),
    )


def outcome(assessment: Assessment) -> tuple[object, ...]:
    """Return all that an assessment decides: verdict, grades, points, and each line with its figure."""
    lines = [(one.verdict, one.low, one.high, one.missing, one.step and one.step.value) for one in assessment.results]
    return assessment.verdict, assessment.grades, assessment.low, assessment.high, lines


def _assessed(park: ParkData, rules_id: str, rules: Rules) -> Assessment:
    return assess(park, rules.rubric(rules_id), rules, edges=False, suggest=False)
