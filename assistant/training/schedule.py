"""When an exercise or a miss comes up again: FSRS without fuzz, in UTC, at a clock that is passed in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

_EASY_ENOUGH = Decimal("0.5")


def first_card(now: datetime) -> str:
    """Return a new card, due at once, as JSON."""
    from fsrs import Card

    # an id of its own keeps the package from waiting for a free millisecond
    return Card(card_id=0, due=now.astimezone(UTC)).to_json()


def reviewed(card: str, points: Decimal, now: datetime) -> str:
    """Return the card after an answer worth so many points (0 to 1)."""
    from fsrs import Card

    moved, _ = _scheduler().review_card(Card.from_json(card), _rating(points), review_datetime=now.astimezone(UTC))
    return moved.to_json()


def due(card: str) -> datetime:
    """Return when a card comes up again."""
    return datetime.fromisoformat(json.loads(card)["due"])


def retrievability(card: str, now: datetime) -> float:
    """Return how likely the answer is still known, 0 to 1."""
    from fsrs import Card

    return float(_scheduler().get_card_retrievability(Card.from_json(card), current_datetime=now.astimezone(UTC)))


@cache
def _scheduler() -> Any:
    from fsrs import Scheduler

    return Scheduler(enable_fuzzing=False)


def _rating(points: Decimal) -> Any:
    from fsrs import Rating

    if points >= 1:
        return Rating.Good
    return Rating.Hard if points > _EASY_ENOUGH else Rating.Again
