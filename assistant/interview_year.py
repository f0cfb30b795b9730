"""The year of an interview: the first that is said becomes its own, and figures of another year do not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.interview_words import folded, say, texts
from scoring.park import definition_of

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn
    from assistant.said import Said


def hear_years(turn: Turn, figures: Sequence[Said]) -> None:
    """Take the latest of several years as that of the interview, where none was said yet."""
    years = {one.year for one in figures if one.year}
    if len(years) > 1 and not turn.interview.year:
        turn.interview = replace(turn.interview, year=max(years))
        turn.lines.append(say("years", year=max(years)))


def is_of_another_year(turn: Turn, figure: Said) -> bool:
    """Whether a figure is of another year than the interview; the first year that is said becomes its own."""
    if figure.year and not turn.interview.year:
        turn.interview = replace(turn.interview, year=figure.year)
        turn.lines.append(say("year_set", year=figure.year))
    return bool(figure.year) and figure.year != turn.interview.year


def hear_year(turn: Turn, heard: Heard | Understood) -> bool:
    """Return whether a message says the year of the interview and no figure; then it is that year."""
    text = folded(heard.message)
    found = None if heard.figures else re.match(texts()["year_alone"], text) or re.search(texts()["year_named"], text)
    asked, pending = turn.interview.asked, turn.interview.pending
    if found is None or (pending and pending[0].kind == "evidence"):
        return False
    if asked and definition_of(asked, turn.rules)[0].kind == "choice":
        return False
    year, before = int(found[1]), turn.interview.year
    turn.interview = replace(turn.interview, year=year)
    turn.lines.append(say("year_changed" if before and before != year else "year_set", year=year))
    return True
