"""What is kept of trainees: answers, misses to review, mastery by topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it was saved."""

    number: int
    trainee: str
    item: str
    topic: str
    at: datetime
    answer: str
    points: Decimal
    fared: str
    sitting: str


@dataclass(frozen=True, slots=True)
class Miss:
    """Something missed elsewhere (a fault of a case) that is to be reviewed as a card."""

    id: str
    topic: str
    front: str
    back: str
    source: str


@dataclass(frozen=True, slots=True)
class Mastery:
    """How well a topic is known: answers, mean points, mean chance to still know it, 0 to 1."""

    topic: str
    answers: int
    points: Decimal
    recall: float

    @property
    def share(self) -> float:
        """The mastery of the topic: mean points of the last answers, times what is likely remembered."""
        return float(self.points) * self.recall
