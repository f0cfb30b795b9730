"""What is said not to be known, by its name: it is noted, and nothing that was declared may make it zero."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.interview_words import joined, say
from assistant.unknowns import unknowns_in
from scoring.agenda import covered

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn


def not_known_by_name(turn: Turn, heard: Heard | Understood, *, asked: str, named: Collection[str]) -> bool:
    """Note the facts that a message says are not known, by name; return whether there are any but what is asked for.

    `named`: the facts that the message gives a figure of.
    """
    labels: list[str] = []
    for raw, facts in unknowns_in(heard.message, turn.rules):
        known = turn.interview.known()
        fresh = [one for one in facts if one not in known and one not in named]
        if asked in facts or not fresh:
            continue
        labels.append(say("quoted", raw=raw))
        for key in fresh:
            turn.skip(key)
            _reopen(turn, key)
    if labels:
        turn.lines.append(say("skipped_named", labels=joined(labels)))
    return bool(labels)


def open_in(turn: Turn, declaration: str) -> list[str]:
    """Return what was said not to be known of what a declaration would make zero."""
    inside = covered(declaration, turn.rules)
    return [key for key in turn.interview.not_known() if key.partition("/")[0] in inside]


def _reopen(turn: Turn, key: str) -> None:
    """Take back that there is nothing else in a section, where something of it turns out not to be known."""
    for one, entry in turn.interview.known().items():
        if entry.value is True and key.partition("/")[0] in covered(one, turn.rules):
            turn.log(replace(entry, value=None, state="withdrawn"))
