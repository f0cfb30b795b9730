"""A figure without a unit, of a fact that people say in another unit than the rules do (3.2亿 of power: kWh or MWh).

Nothing is assumed: a factor of a thousand lies between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.entries import Entry, Pending
from assistant.interview_words import folded, is_one_of, name_of, say, texts, value_text
from assistant.said import said_in
from scoring.model import Rules
from scoring.park import definition_of
from scoring.units import convert, plain

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn


def lacks_unit(turn: Turn, entry: Entry) -> bool:
    """Set a bare figure apart where its unit is not clear, and return whether it is not."""
    usual = _usual(entry.fact, turn.rules)
    if usual is None or not isinstance(entry.value, Decimal) or not entry.value:
        return False
    unit = definition_of(entry.fact, turn.rules)[1]
    turn.pend("unit", replace(entry, unit=unit), other=convert(entry.value, usual["unit"], unit))
    return True


def unit_question(pending: Pending, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return the question which of two units is meant, and the two."""
    entry = pending.entry
    usual = _usual(entry.fact, rules)
    assert usual is not None
    assert isinstance(entry.value, Decimal)
    ends = {
        "usual": f"{plain(entry.value):,f} {usual['name']}",
        "same": value_text(entry.fact, pending.other, rules),
        "own": value_text(entry.fact, entry.value, rules),
    }
    question = say("unit", raw=entry.raw, label=name_of(entry.fact, rules), **ends)
    return question, (usual["name"], entry.unit, *texts()["buttons"]["unit"])


def resolve_unit(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Return whether a message says which of the two units it was; then the figure is offered in it."""
    usual = _usual(pending.entry.fact, turn.rules)
    assert usual is not None
    text = folded(heard.message)
    first = is_one_of(text, "first") or text in {folded(one) for one in (usual["unit"], usual["name"], *usual["also"])}
    if not first and not is_one_of(text, "second") and text != folded(pending.entry.unit):
        return False
    turn.settle(pending)
    value = pending.other if first else pending.entry.value
    about = any(one.about for one in said_in(pending.entry.raw, turn.rules))
    turn.offer(replace(pending.entry, value=value), about=about)
    return True


def _usual(fact: str, rules: Rules) -> Mapping[str, str] | None:
    """Return the unit that people say where the fact has another, larger one."""
    return texts()["usual_units"].get(definition_of(fact, rules)[1]) if fact else None
