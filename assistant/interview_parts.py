"""Figures of parts of the park (A片区3200万度，B片区1750万度): added up, and asked whether that is all.

A part is never the park's figure. Of one part, and of parts of the year, the total is asked for; several of the park
are added up with the sum written out, and count only after an explicit yes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.entries import Entry, Pending
from assistant.interview_words import buttons, folded, is_one_of, name_of, say, texts, value_text
from assistant.plain import signs, words
from assistant.reading import Said
from scoring.model import Rules

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn


def take_part(turn: Turn, entry: Entry, figure: Said, *, correcting: bool = False) -> None:
    """Set a figure of a part aside, together with the parts of the same fact that wait already."""
    before = next((one for one in turn.interview.pending if one.entry.fact == entry.fact), None)
    parts = () if before is None or correcting else before.parts
    own = ((figure.part, figure.value),) if isinstance(figure.value, Decimal) and _adds_up(figure) else ()
    if not own or any(part == figure.part for part, _ in parts):
        parts = ()  # said once more, or of a month: what was added is no sum of the park any longer
    parts = (*parts, *own)
    summed = before is not None and len(parts) > 1
    raws = [before.entry.raw] if before is not None and summed and before.entry.raw not in entry.raw else []
    entry = replace(entry, value=None, raw="；".join([*raws, entry.raw]))
    about = figure.about or (before is not None and summed and before.about)
    turn.pend("sum" if summed else "part", entry, text=figure.part, parts=parts, about=about)


def _adds_up(figure: Said) -> bool:
    """Whether a figure is of a place, so that it may be added to those of others: not of a time, no average."""
    return not figure.bare and figure.part != words()["some_part"] and not signs()["part"].search(figure.part)


def sum_question(pending: Pending, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return the question whether some parts are all there is, with their sum written out, and short answers."""
    fact = pending.entry.fact
    told = say("comma").join(f"{part} {value_text(fact, value, rules)}" for part, value in pending.parts)
    working = " + ".join(f"{value:,f}" for _, value in pending.parts)
    total = value_text(fact, _total(pending), rules)
    question = say("sum", parts=told, working=f"{working} = {total}", label=name_of(fact, rules))
    return question, buttons("sum")


def resolve_sum(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Return whether a message says that the parts are all there is, that they are not, or adds another one."""
    text = folded(heard.message)
    own = [one for one in heard.figures if _is_of(one, pending)]
    named = [part for part, _ in pending.parts if folded(part) in text]
    if len(own) == 1 and len(named) == 1 and isinstance(own[0].value, Decimal):  # 乙厂说错了，是180吨
        parts = tuple((part, own[0].value if part == named[0] else value) for part, value in pending.parts)
        entry = replace(pending.entry, raw=f"{pending.entry.raw}；{own[0].raw}")
        turn.pend("sum", entry, text=pending.text, parts=parts, about=pending.about or own[0].about)
        return True
    if len(own) == 1 and not own[0].part and re.search(texts()["more_parts"], heard.message):  # 对，还有C厂12吨
        take_part(turn, replace(pending.entry, raw=own[0].raw), replace(own[0], part=own[0].raw))
        return True
    if not heard.figures and (heard.intent == "confirm" or is_one_of(text, "yes")):
        turn.settle(pending)
        turn.offer(replace(pending.entry, value=_total(pending)), about=pending.about)
        return True
    if not heard.figures and re.match(texts()["plain_no"], text):
        turn.settle(pending)
        turn.pend("part", pending.entry, text=words()["some_part"])
        return True
    return False


def _is_of(one: Said, pending: Pending) -> bool:
    """Whether a figure is an amount of the fact whose parts wait."""
    return pending.entry.fact in one.facts and isinstance(one.value, Decimal) and not one.bare


def _total(pending: Pending) -> Decimal:
    return sum((value for _, value in pending.parts), Decimal(0))
