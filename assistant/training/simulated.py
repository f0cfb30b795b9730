"""Simulated trainees on exercises and exams: they must land where their habit puts them."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from statistics import mean
from typing import Literal, get_args

from assistant.training.blueprint import blueprint
from assistant.training.exam import answer, begin, finish
from assistant.training.marking import Answer, mark
from assistant.training.model import Item
from assistant.training.pool import Pool
from assistant.training.progress import Progress
from assistant.training.reading import seeded

Habit = Literal["perfect", "lenient", "strict", "random", "unit-blind", "learning"]
HABITS: tuple[Habit, ...] = get_args(Habit)
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
_DAYS, _A_DAY = 12, 10
_GUESS, _LEARNED = 0.35, 5.0
_MIXED_UP = {"kg": "t", "t": "kg", "k": "M", "M": "k"}


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the trainees of one habit landed.

    Attributes:
        share: mean share of the points in the exam, 0 to 1.
        passed: share of the trainees who passed.
        mastery: mean mastery after the first and after the last day of practice; empty without practice.
    """

    habit: Habit
    trainees: int
    share: float
    passed: float
    mastery: tuple[float, ...] = ()


def simulate(progress: Progress, pool: Pool, trainees: int, *, seed: int = 1, plan: str = "quick") -> list[Landing]:
    """Return where simulated trainees land in an exam, habits taking turns; those who learn practice for days first."""
    shares: dict[Habit, list[float]] = {habit: [] for habit in HABITS}
    passed: dict[Habit, int] = dict.fromkeys(HABITS, 0)
    mastery: list[tuple[float, float]] = []
    for number in range(trainees):
        habit = HABITS[number % len(HABITS)]
        name, random = f"{habit}-{number}", seeded("trainee", seed, number)
        now, known = START, dict[str, int]()
        if habit == "learning":
            mastery.append(_practice(progress, pool, name, known, random, seed=seed * trainees + number))
            now = START + timedelta(days=_DAYS)
        exam = begin(progress, pool, name, blueprint(plan), seed=seed, now=now)
        for at, item in enumerate(exam.sheet):
            given = respond(habit, item, random, known)
            answer(progress, exam, item.id, given, now=now + timedelta(seconds=30 * at))
        result = finish(progress, exam, now=now + timedelta(minutes=20))
        shares[habit].append(float(result.share))
        passed[habit] += result.passed
    return [
        Landing(
            habit,
            len(shares[habit]),
            mean(shares[habit]),
            passed[habit] / len(shares[habit]),
            (mean(a for a, _ in mastery), mean(b for _, b in mastery)) if habit == "learning" else (),
        )
        for habit in HABITS
        if shares[habit]
    ]


def _practice(
    progress: Progress, pool: Pool, name: str, known: dict[str, int], random: Random, *, seed: int
) -> tuple[float, float]:
    """Practice a few items a day, what is due first; return the mean mastery after the first and the last day."""
    levels: list[float] = []
    for day in range(_DAYS):
        now = START + timedelta(days=day)
        due = [pool.by_id[one] for one in progress.due_items(name, now, limit=_A_DAY // 2) if one in pool.by_id]
        fresh = pool.quiz(_A_DAY - len(due), seed * _DAYS + day, without=[one.id for one in due])
        for item in (*due, *fresh):
            given = respond("learning", item, random, known)
            progress.save(name, item, given, mark(item, given), now=now)
            known[item.topic] = known.get(item.topic, 0) + 1
        if day in (0, _DAYS - 1):
            levels.append(mean(one.share for one in progress.mastery(name, now, last=_A_DAY)))
    return levels[0], levels[-1]


def respond(habit: Habit, item: Item, random: Random, known: Mapping[str, int]) -> Answer:
    """Return what a trainee of a habit answers; `known` counts what a learning one practiced by topic."""
    right: Answer = item.figure or item.chosen
    if habit == "perfect":
        return right
    if habit == "learning":
        chance = 1 - (1 - _GUESS) * exp(-known.get(item.topic, 0) / _LEARNED)
        return right if random.random() < chance else _guess(item, random)
    if habit == "unit-blind":
        return _blind_to_units(item, right)
    if habit == "random":
        return _guess(item, random)
    return _biased(habit, item, random)


def _biased(habit: Habit, item: Item, random: Random) -> Answer:
    """A lenient one finds everything right, a strict one everything wrong."""
    if item.kind == "true_false":
        return (0,) if habit == "lenient" else (1,)
    if item.kind == "multiple":
        return tuple(range(len(item.options))) if habit == "lenient" else (random.choice(item.chosen),)
    return _guess(item, random)


def _blind_to_units(item: Item, right: Answer) -> Answer:
    """The right number with kilo, mega and tonnes mixed up; the option with the wrong unit where there is one."""
    if item.figure:
        number = re.search(r"\d[\d,.]*\s*[万亿]*", item.figure)
        for unit, other in _MIXED_UP.items():
            if number is not None and item.unit.startswith(unit):
                return f"{number[0].strip()} {other}{item.unit.removeprefix(unit)}"
        return item.figure
    for at, rule in enumerate(item.rules):
        if rule == "unit" and item.kind != "multiple":
            return (at,)
    return right


def _guess(item: Item, random: Random) -> Answer:
    if item.figure:
        return f"{random.randrange(1, 1000)} {item.unit}"
    places: Sequence[int] = range(len(item.options))
    if item.kind in ("match", "order"):
        return tuple(random.sample(places, len(places)))
    if item.kind == "multiple":
        return tuple(one for one in places if random.random() < 0.5) or (0,)
    return (random.choice(places),)


def timed(progress: Progress, pool: Pool, trainees: int) -> tuple[list[Landing], float, float]:
    """Return where the trainees land, and how many seconds it took: by the clock and of the processor."""
    started, worked = time.perf_counter(), time.process_time()
    landings = simulate(progress, pool, trainees)
    return landings, time.perf_counter() - started, time.process_time() - worked
