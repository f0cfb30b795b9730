"""A new edition of a text and the rules: which indicators it concerns, and what an assessment would become.

The corpus compares the texts, scoring judges the park; they meet by the documents and clauses that rules refer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.editions import ClauseChange, Comparison
from corpus.figures import Figure
from corpus.library import Library
from corpus.limits import Move
from corpus.model import Document
from corpus.words import fold
from scoring.assess import assess
from scoring.model import Assessment, Case, Indicator, Level, ParkData, Range, Reference, Result, Rubric, Rules
from scoring.routes import moved

_NAMED = 0.75
_SURELY_NAMED = 0.9
_ABOUT = 0.5
_ROW = re.compile(r"\s*表[A-Z\d.-]*\s*第\d+行$")
_LEVELS = "一二三四五六七八九十"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Concern:
    """An indicator that refers to a clause which is no longer what it was.

    Attributes:
        rubric: its rule set.
        indicator: the indicator.
        change: what became of the clause.
        why: words, the clause says something else, so the rule awaits review; place, it only stands elsewhere, so the
            rule's reference has to follow.
    """

    rubric: Rubric
    indicator: Indicator
    change: ClauseChange
    why: Literal["words", "place"]


@dataclass(frozen=True, slots=True)
class Applied:
    """A limit, or the size from which it holds, put in the place of the old one on trial."""

    indicator: str
    label: str
    before: Decimal
    after: Decimal
    scope: bool = False


@dataclass(frozen=True, slots=True)
class Revised:
    """A rule set with the new edition's limits on trial.

    Attributes:
        rubric: the rule set with those limits; its other words are as they were.
        applied: what was put in.
        left: concerned indicators with a change that a person has to put in: no limit of theirs is the old figure.
    """

    rubric: Rubric
    applied: tuple[Applied, ...]
    left: tuple[Concern, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """One park under a rule set as it is and as it would be."""

    revised: Revised
    before: Assessment
    after: Assessment
    moved: tuple[tuple[Result, Result], ...]


def same_text(document: Document, library: Library) -> tuple[str, ...]:
    """Return the ids of the documents that stand for a text: itself, and those of the same number or title."""
    alike = [
        other.id
        for other in library.documents.values()
        if other.id == document.id
        or (document.number and fold(other.number) == fold(document.number))
        or fold(other.title) == fold(document.title)
    ]
    return tuple(dict.fromkeys((document.id, *alike)))


def concerns(comparison: Comparison, rules: Rules, documents: Iterable[str]) -> tuple[Concern, ...]:
    """Return the indicators that refer to clauses of those documents which are no longer what they were."""
    wanted = frozenset(documents)
    found: list[Concern] = []
    for rubric in rules.rubrics.values():
        for one in rubric.indicators:
            references = [r for r in _references(one) if r.document in wanted]
            for change in _touching(comparison, one, references) if references else ():
                if change.changed:
                    found.append(Concern(rubric, one, change, "words"))
                elif change.kinds != ("unchanged",):
                    found.append(Concern(rubric, one, change, "place"))
    return tuple(found)


def revised(rubric: Rubric, found: Iterable[Concern]) -> Revised:
    """Return the rule set with the limits that moved put in the place of the old ones."""
    own = [c for c in found if c.rubric.id == rubric.id and c.why == "words"]
    applied: list[Applied] = []
    left: list[Concern] = []
    made: dict[str, Indicator] = {one.id: one for one in rubric.indicators}
    for concern in own:
        alone = [c.indicator for c in own if c.change is concern.change]
        put = _put(made[concern.indicator.id], concern.change.moves, alone)
        made[concern.indicator.id] = put[0]
        applied += put[1]
        if not put[1]:
            left.append(concern)
    indicators = tuple(made[one.id] for one in rubric.indicators)
    return Revised(rubric.model_copy(update={"indicators": indicators}), tuple(applied), tuple(left))


def impact(park: ParkData, rubric: Rubric, rules: Rules, found: Iterable[Concern]) -> Impact:
    """Return what the park's assessment is and would be with the limits of the new edition."""
    trial = revised(rubric, found)
    before = assess(park, rubric, rules, suggest=False)
    after = assess(park, trial.rubric, rules, suggest=False)
    return Impact(trial, before, after, moved(before, after))


# Which indicator refers to which clause ------------------------------------------------------------------------------


def _references(one: Indicator) -> list[Reference]:
    levels = [level.reference for level in one.levels if level.reference is not None]
    return [r for r in (one.reference, *(case.reference for case in one.limits), *levels) if r.document]


def _touching(comparison: Comparison, one: Indicator, references: Sequence[Reference]) -> list[ClauseChange]:
    """Return the changes of the clauses that the references name; of several, those that name the indicator."""
    spots = {spot for r in references for spot in clause_spots(r.clause)}
    naming = [c for c in comparison.changes if _named(one.label, _text(c)) >= _NAMED]
    there = [c for c in comparison.changes if any(touches(spot, q.place) for q in c.old for spot in spots)]
    theirs = [c for c in there if c in naming] or [c for c in there if not any(is_row(q.place) for q in c.old)]
    surely = [c for c in naming if _named(one.label, _text(c)) >= _SURELY_NAMED and c not in theirs]
    return [*theirs, *(c for c in surely if not c.old or not theirs)]


def _text(change: ClauseChange) -> str:
    return "\n".join(q.text for q in (*change.old, *change.new))


def _named(label: str, text: str) -> float:
    """Return how much of an indicator's name a text has, 0 to 1: the share of its pairs of characters."""
    bare = re.sub(r"\(.*?\)", "", fold(label))
    folded = fold(text)
    pairs = {bare[i : i + 2] for i in range(len(bare) - 1)}
    return sum(pair in folded for pair in pairs) / max(len(pairs), 1)


def clause_spots(clause: str) -> tuple[str, ...]:
    """Return the places that a rule's reference names, without blanks; 附件 is said once for all that follow.

    >>> clause_spots("附件3 一、二2")
    ('附件3一', '附件3二2')
    """
    spots: list[str] = []
    annex = ""
    for piece in re.split(r"[；;、]", re.sub(r"[（(]全文[^）)]*[）)]", "", clause)):
        bare = re.sub(r"\s", "", piece)
        if m := re.match(r"附[件录](?:\d+|[A-Z])", bare):
            annex = m[0]
        elif annex:
            bare = f"{annex}{bare}"
        if bare:
            spots.append(bare)
    return tuple(spots)


def touches(spot: str, place: str) -> bool:
    """Whether a place is the spot that a reference names, or stands in it, or around it.

    >>> touches("附件3二", "附件3 二（一）"), touches("附件1", "附件10 一"), touches("附件3指标表", "附件3 表第2行")
    (True, False, True)
    """
    bare = re.sub(r"\s|第\d+段$", "", place)
    if bare == spot:
        return True
    one, other = sorted((spot, bare), key=len)
    if one and other.startswith(one):
        behind = other[len(one)]
        return not any(one[-1] in digits and behind in digits for digits in (_LEVELS, "0123456789"))
    return is_row(bare) and "表" in spot and spot.startswith(_ROW.sub("", bare))


def is_row(place: str) -> bool:
    """Whether a place is a row of a table: one of many that a reference to the table means."""
    return bool(_ROW.search(place))


# The limits on trial -------------------------------------------------------------------------------------------------


def _put(one: Indicator, moves: Sequence[Move], concerned: Sequence[Indicator]) -> tuple[Indicator, list[Applied]]:
    """Return the indicator with the figures that moved, and what was put in."""
    applied: list[Applied] = []
    for move in moves:
        if move.old is None or move.new is None or move.new.value is None or not _is_about(one, move, concerned):
            continue
        before, after = _in_unit(move.old, one), _in_unit(move.new, one)
        if before is None or after is None or not (move.scope or _same_side(one, move.new)):
            continue
        cases = tuple(_case(case, before, after, scope=move.scope) for case in one.limits)
        levels = tuple(level if move.scope else _level(level, before, after) for level in one.levels)
        if (cases, levels) != (one.limits, one.levels):
            one = one.model_copy(update={"limits": cases, "levels": levels})
            applied.append(Applied(one.id, one.label, before, after, move.scope))
    return one, applied


def _is_about(one: Indicator, move: Move, concerned: Sequence[Indicator]) -> bool:
    """Whether a figure is this indicator's: the words before it name it, or its clause concerns no other."""
    share = {other.id: _named(other.label, move.about) for other in concerned}
    best = max(share.values())
    return share[one.id] == best if best >= _ABOUT else len(share) == 1


def _in_unit(figure: Figure, one: Indicator) -> Decimal | None:
    if figure.value is None:
        return None
    return figure.value / _HUNDRED if figure.unit == "%" and one.unit == "1" else figure.value


def _same_side(one: Indicator, figure: Figure) -> bool:
    """Whether the figure bounds from the side that the indicator tests."""
    floor = figure.comparator in ("ge", "gt")
    ceiling = figure.comparator in ("le", "lt")
    return not (floor and one.test == "at_most") and not (ceiling and one.test == "at_least")


def _case(case: Case, before: Decimal, after: Decimal, *, scope: bool) -> Case:
    if not scope:
        return case.model_copy(update={"value": after}) if case.value == before else case
    spans = {name: _span(span, before, after) for name, span in case.when.items()}
    return case if spans == case.when else case.model_copy(update={"when": spans})


def _level(level: Level, before: Decimal, after: Decimal) -> Level:
    """Return a level with the new figure, where its figure is a published one and the old one."""
    published = level.reference is not None and level.reference.document
    return level.model_copy(update={"value": after}) if published and level.value == before else level


def _span(span: Range | str, before: Decimal, after: Decimal) -> Range | str:
    if isinstance(span, str):
        return span
    ends = {name: after for name in ("from_", "above", "up_to", "below") if getattr(span, name) == before}
    return span.model_copy(update=ends) if ends else span
