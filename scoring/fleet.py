"""Many parks by one rubric, one after the other: what they share is read once, and none stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.model import Assessment, ParkData, Rubric, Rules


@dataclass(frozen=True, slots=True)
class Refused:
    """A park that could not be graded, and why."""

    park: ParkData
    error: ParkDataError


def assess_many(parks: Iterable[ParkData], rubric: Rubric, rules: Rules) -> Iterator[Assessment | Refused]:
    """Yield the assessment of each park, or why it could not be graded; memory holds one park at a time."""
    for park in parks:
        try:
            yield assess(park, rubric, rules, edges=False, suggest=False)
        except ParkDataError as error:
            yield Refused(park, error)
