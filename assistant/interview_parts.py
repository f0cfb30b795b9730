"""Figures of parts of the park or the year (A片区3200万度，B片区1750万度): added up, and asked whether that is all.

A part is never the park's figure. Of one part the total is asked for; several are added up with the sum written out,
and count only after an explicit yes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.entries import Entry, Pending
from assistant.interview_words import buttons, folded, is_one_of, name_of, say, texts, value_text
from scoring.model import Rules

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn


def take_part(turn: Turn, entry: Entry, part: str) -> None:
    """Set a figure of a part aside, together with the parts of the same fact that wait already."""
    before = next((one for one in turn.interview.pending if one.entry.fact == entry.fact), None)
    value = entry.value if isinstance(entry.value, Decimal) else None
    parts = () if before is None or before.kind not in ("part", "sum") else before.parts
    if value is None or any(one == part for one, _ in parts):
        parts = ()
    parts = (*parts, (part, value)) if value is not None else ()
    raws = [before.entry.raw] if before is not None and len(parts) > 1 and before.entry.raw not in entry.raw else []
    entry = replace(entry, value=None, raw="；".join([*raws, entry.raw]))
    turn.pend("sum" if len(parts) > 1 else "part", entry, text=part, parts=parts)


def sum_question(pending: Pending, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return the question whether some parts are all there is, with their sum written out, and short answers."""
    fact = pending.entry.fact
    told = say("comma").join(f"{part} {value_text(fact, value, rules)}" for part, value in pending.parts)
    working = " + ".join(f"{value:,f}" for _, value in pending.parts)
    total = value_text(fact, _total(pending), rules)
    question = say("sum", parts=told, working=f"{working} = {total}", label=name_of(fact, rules))
    return question, buttons("sum")


def resolve_sum(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Return whether a message says that the parts are all there is, or that they are not."""
    text = folded(heard.message)
    if heard.intent == "confirm" or is_one_of(text, "yes"):
        turn.settle(pending)
        turn.offer(replace(pending.entry, value=_total(pending)), correcting=True)
        return True
    if not heard.figures and re.match(texts()["plain_no"], text):
        turn.settle(pending)
        turn.pend("part", pending.entry, text=say("some_parts"))
        return True
    return False


def _total(pending: Pending) -> Decimal:
    return sum((value for _, value in pending.parts), Decimal(0))
