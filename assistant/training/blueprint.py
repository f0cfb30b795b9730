"""Blueprints of exams, and the sheet that is drawn by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from assistant.training.errors import TrainingError
from assistant.training.marking import NONE
from assistant.training.model import Item
from assistant.training.pool import Pool
from assistant.training.reading import phrase, read_file
from assistant.training.topics import topics


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What an exam is made of.

    Attributes:
        topics: topic -> number of items.
        measured: least share of items that ask for mass or energy with its unit, as far as topics have them, 0 to 1.
        difficulty: difficulty -> share of the items, 0 to 1.
        pass_share: share of the points needed to pass, 0 to 1.
    """

    id: str
    title: str
    minutes: int
    pass_share: Decimal
    topics: Mapping[str, int]
    measured: Decimal
    difficulty: Mapping[int, Decimal]


def blueprints() -> dict[str, Blueprint]:
    """Return the exams that come with the program, by id."""
    return {one: read_blueprint(one, data) for one, data in read_file("blueprints.yaml").items()}


def blueprint(identity: str) -> Blueprint:
    """Return an exam's blueprint.

    Raises:
        TrainingError: there is none of that id.
    """
    known = blueprints()
    if identity not in known:
        raise TrainingError(phrase("exam.blueprint", id=identity, known=phrase("marks.join").join(known)))
    return known[identity]


def read_blueprint(identity: str, data: Mapping[str, Any]) -> Blueprint:
    """Return the blueprint of a record."""
    return Blueprint(
        identity,
        data["title"],
        int(data["minutes"]),
        Decimal(data["pass_share"]),
        {topic: int(count) for topic, count in data["topics"].items()},
        Decimal(data["measured"]),
        {int(level): Decimal(share) for level, share in data["difficulty"].items()},
    )


def draw(pool: Pool, plan: Blueprint, random: Random, *, without: set[str]) -> list[Item]:
    """Return the items of an exam: of each topic so many, difficulties in the shares asked for as far as they go.

    Raises:
        TrainingError: a topic has too few items left.
    """
    sheet: list[Item] = []
    wanted = {level: share * sum(plan.topics.values()) for level, share in plan.difficulty.items()}
    for topic, count in plan.topics.items():
        free = [one for one in pool.of(topic) if one.id not in without]
        if len(free) < count:
            title = next((one.title for one in topics() if one.id == topic), topic)
            raise TrainingError(phrase("exam.short", topic=title, wanted=count, found=len(free)))
        random.shuffle(free)
        for _ in range(count):
            chosen = min(free, key=_fitness(sheet, wanted, plan.measured))
            free.remove(chosen)
            sheet.append(chosen)
    random.shuffle(sheet)
    return sheet


def _fitness(
    sheet: Sequence[Item], wanted: Mapping[int, Decimal], measured: Decimal
) -> Callable[[Item], tuple[bool, bool, Decimal, int]]:
    """Return how ill an item fits beside those drawn: clause asked, too little measured, level and kind too often."""
    used = {source.passage for item in sheet for source in item.sources}
    levels, kinds = Counter(item.difficulty for item in sheet), Counter(item.kind for item in sheet)

    lacking = sum(item.measured for item in sheet) < measured * (len(sheet) + 1)

    def ill(one: Item) -> tuple[bool, bool, Decimal, int]:
        asked = any(source.passage in used for source in one.sources)
        return (
            asked,
            lacking and not one.measured,
            levels[one.difficulty] - wanted.get(one.difficulty, NONE),
            kinds[one.kind],
        )

    return ill
