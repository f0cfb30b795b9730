"""What is offered after a result: the way to the next level, or at the top what else makes sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from assistant.act import buttons, say, texts
from assistant.interview_words import short_label
from scoring.model import Assessment, Rules


def next_steps(moment: Literal["graded", "done"], assessment: Assessment, rules: Rules) -> tuple[str, ...]:
    """Return the buttons: with no level above the one reached, comparing and supposing in place of the way up."""
    if _climbs(assessment):
        return buttons(moment)
    missing = buttons("missing") if moment == "graded" and assessment.missing else ()
    return (*missing, *buttons(f"{moment}_top"), *_supposed(assessment, rules))


def _climbs(assessment: Assessment) -> bool:
    """Whether there is a level above the one that is surely reached."""
    return assessment.grades is not None and assessment.grades[0].id != assessment.rubric.grades[-1].id


def _supposed(assessment: Assessment, rules: Rules) -> Iterator[str]:
    """Yield a supposition about the first of the weighty figures that was reported."""
    facts = assessment.park.facts
    known = next((one for one in texts()["suppose"] if one in facts and facts[one].value), None)
    if known is not None:
        yield say("suppose", label=short_label(known, rules))
