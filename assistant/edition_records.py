"""What is printed of two editions: clauses that differ, rules concerned, what an assessment would become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import cast

from assistant import grading
from assistant.editions import Applied, Concern, Impact
from assistant.understand import read_yaml
from corpus.editions import ClauseChange, Comparison, Quoted
from scoring.model import Rules
from scoring.units import plain
from scoring.wording import shown


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the words for what happened to a clause: `edition_words.yaml`."""
    return cast("Mapping[str, Mapping[str, str]]", read_yaml("assistant", "edition_words.yaml"))


def comparison_record(comparison: Comparison) -> dict[str, object]:
    """Return a comparison as it is printed: counts in words, and every clause that is not as it was."""
    said = words()["kinds"]
    return {
        "counts": {said[kind]: count for kind, count in comparison.counts.items() if count},
        "changes": [_change_record(c) for c in comparison.changes if c.kinds != ("unchanged",)],
    }


def _change_record(change: ClauseChange) -> dict[str, object]:
    said = words()
    return {
        "kinds": [said["kinds"][kind] for kind in change.kinds],
        "old": [_quote(q) for q in change.old],
        "new": [_quote(q) for q in change.new],
        "limits": move_records(change),
    }


def move_records(change: ClauseChange) -> list[dict[str, str]]:
    """Return the figures that differ between the wordings of a clause, as they are printed."""
    said = words()
    return [
        {
            "about": move.about.strip(),
            "before": move.old.text if move.old else "",
            "after": move.new.text if move.new else "",
            "direction": said["scope" if move.scope else "directions"][move.direction],
        }
        for move in change.moves
    ]


def _quote(quoted: Quoted) -> dict[str, object]:
    return {"place": quoted.place, "path": list(quoted.path), "text": quoted.text}


def concern_records(found: Iterable[Concern]) -> list[dict[str, object]]:
    """Return the concerned indicators as they are printed, one record for an indicator and a change."""
    return list(_concern_records(found))


def _concern_records(found: Iterable[Concern]) -> Iterator[dict[str, object]]:
    said = words()
    for one in found:
        yield {
            "rules": one.rubric.id,
            "title": one.rubric.title,
            "indicator": one.indicator.id,
            "label": one.indicator.label,
            "state": said["states"][one.why],
            "clauses": [q.place for q in one.change.old or one.change.new],
            "kinds": [said["kinds"][kind] for kind in one.change.kinds],
        }


def impact_record(made: Impact, rules: Rules) -> dict[str, object]:
    """Return a park under a rule set as it is and as it would be, as it is printed."""
    said = grading.words()
    before, after = made.before, made.after
    return {
        "rules": before.rubric.id,
        "title": before.rubric.title,
        "park": before.park.name,
        "year": before.park.year,
        "applied": [_applied(one, made, rules) for one in made.revised.applied],
        "left": list(dict.fromkeys(one.indicator.label for one in made.revised.left)),
        "outcome": {"before": said["outcomes"][before.verdict], "after": said["outcomes"][after.verdict]},
        "level": {"before": grading.level(before), "after": grading.level(after)},
        "moved": [
            {
                "id": new.indicator.id,
                "label": new.indicator.label,
                "before": said["verdicts"][old.verdict],
                "after": said["verdicts"][new.verdict],
            }
            for old, new in made.moved
        ],
    }


def _applied(one: Applied, made: Impact, rules: Rules) -> dict[str, object]:
    unit = made.before.rubric.indicator(one.indicator).unit
    figures = (one.before, one.after)
    texts = [str(plain(f)) for f in figures] if one.scope else [shown(f, unit, rules) for f in figures]
    return {"id": one.indicator, "label": one.label, "scope": one.scope, "before": texts[0], "after": texts[1]}
