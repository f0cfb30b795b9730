"""An uploaded sheet in an interview: all of its values are said at once, or none where it has faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assistant.entries import Entry
from assistant.interview_turn import Turn
from assistant.interview_words import say
from scoring.checks import Taken
from scoring.model import ParkData, Rules
from scoring.park import definition_of


def hear_sheet(now: Turn, taken: Taken, file_name: str) -> None:
    """Take what a sheet says; one of an earlier year is kept beside, to be read out when its values are asked for."""
    if taken.park is None:
        now.lines.append(say("sheet_faults", file=file_name, count=len(taken.faults)))
        now.lines += [str(fault) for fault in taken.faults]
        return
    park, interview = taken.park, now.interview
    entries = list(_entries(now, park, file_name))
    if interview.year and park.year and park.year < interview.year:
        now.interview = replace(interview, previous=tuple(entries), previous_year=park.year)
        now.lines.append(say("sheet_previous", file=file_name, count=len(entries), year=park.year))
        return
    now.confirm()
    excuses = excused({**dict(interview.excuses), **park.excuses}, interview.rules_id, now.rules)
    now.interview = replace(
        now.interview,
        name=interview.name or park.name,
        year=interview.year or park.year,
        excuses=tuple(excuses),
    )
    _hear_all(now, entries, file_name)


def excused(excuses: Mapping[str, str], rules_id: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """Yield the excuses that a rule set knows and allows."""
    rubric = rules.rubric(rules_id)
    return ((key, why) for key, why in excuses.items() if key in rubric and rubric.indicator(key).excusable)


def _entries(now: Turn, park: ParkData, file_name: str) -> Iterator[Entry]:
    for key, fact in park.facts.items():
        unit = definition_of(key, now.rules)[1]
        origin = f"{file_name} {fact.place}".strip()
        yield Entry(key, fact.value, unit, fact.written, origin, fact.source, "said", now.turn)


def _hear_all(now: Turn, entries: Iterable[Entry], file_name: str) -> None:
    known = now.interview.known()
    entries = list(entries)
    fresh = [one for one in entries if one.fact not in known or known[one.fact].value != one.value]
    for entry in fresh:
        now.offer(entry)
    now.lines.append(say("sheet", file=file_name, count=len(entries)))
    if len(fresh) < len(entries):
        now.lines.append(say("sheet_same", count=len(entries) - len(fresh)))
