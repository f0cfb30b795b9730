"""An answer that holds no figure for what was asked: yes, no, nothing, the rest, not known, an option, as last year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.entries import Entry, Value
from assistant.interview_words import folded, holds_one_of, is_begun, is_one_of, name_of, say, texts
from assistant.said import Said, said_in
from scoring.model import FactDefinition, Rules
from scoring.park import definition_of

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.interview_turn import Heard, Turn


def answer(turn: Turn, key: str, heard: Heard | Understood) -> None:
    """Take an answer that holds no figure for what was asked: yes, no, nothing, not known, an option."""
    definition, _ = definition_of(key, turn.rules)
    entry = Entry(key, None, "", heard.message.strip(), f"turn {turn.turn}", "", "said", turn.turn)
    rest = definition.kind == "declaration" and re.search(texts()["rest_none"], folded(heard.message))
    unknown = heard.intent in ("unknown_value", "skip") and not rest
    if unknown or re.search(texts()["rest_unknown"], heard.message):
        _unknown(turn, key)
        return
    named = without_label(key, heard, turn.rules)
    if named:
        turn.take(named[0], heard.message)
        return
    if _begins_with_another(key, heard):
        return
    value = _read(turn, definition, heard)
    if value is not None:
        turn.offer(replace(entry, value=value), heard.message)
    elif (before := _before(turn, key)) is not None and holds_one_of(heard.message, "same_as_before"):
        turn.offer(replace(before, raw=heard.message.strip(), origin=entry.origin, state="said"), heard.message)
    elif definition.derived and folded(heard.message).startswith(tuple(texts()["no_starts"])):
        turn.not_available(key)
    elif heard.intent == "none_of_it" and definition.kind == "number":
        levels = _levels(key, turn.rules)
        if levels and not re.match(texts()["says_none"], levels[0]):  # 0 级：有未整改的重大违法行为
            told = say("comma").join(f"{number} 级 {see}" for number, see in enumerate(levels))
            turn.lines.append(say("which_level", levels=told))
        else:
            turn.offer(replace(entry, value=Decimal(0)), heard.message)
    elif definition.kind == "declaration" and (heard.intent == "confirm" or is_one_of(heard.message, "yes")):
        turn.lines.append(say("ask_how_much"))
    elif not heard.figures and heard.message.strip() and heard.intent not in ("confirm", "resume", "assess"):
        turn.lines.append(say("not_understood"))


def _levels(key: str, rules: Rules) -> list[str]:
    """Return what is seen at each level of a rule set's own line; none where it has no levels."""
    rubric, _, indicator = key.partition("/")
    lines = rules.rubrics[rubric].indicators if rubric in rules.rubrics else ()
    return [level.see for one in lines if one.id == indicator for level in one.levels]


def _begins_with_another(key: str, heard: Heard | Understood) -> bool:
    """Whether the first words are a figure of something else: 没有煤 is no "没有" to what was asked."""
    words = heard.message.lstrip()
    end = len(heard.message) - len(words) + len(re.split(r"[,，。;；\s]", words, maxsplit=1)[0])
    return any(one.fact != key and one.facts and one.start < end for one in heard.figures)


def without_label(key: str, heard: Heard | Understood, rules: Rules) -> Sequence[Said]:
    """Return the figures of a message that has none because of a word in the fact's own name (碳目标和路线图3级)."""
    definition, _ = definition_of(key, rules)
    bare = heard.message.replace(definition.label, "")
    if heard.figures or definition.kind != "number" or bare == heard.message:
        return ()
    return [one for one in said_in(bare, rules, asked=key) if one.fact == key]


def _read(turn: Turn, definition: FactDefinition, heard: Heard | Understood) -> Value | None:
    """Return the answer that the words hold, to a question of yes or no, of the rest, or of options."""
    text = folded(heard.message)
    if definition.kind == "choice":
        found = [one for one in definition.options if folded(one) in text or (text and text in folded(one))]
        return found[0] if len(found) == 1 else None
    if definition.kind == "declaration":
        if re.search(texts()["rest_none"], text) or (heard.intent == "none_of_it" and not heard.figures):
            return True
        begun = is_begun(definition.id, turn.interview, turn.rules)
        return True if begun and (heard.intent == "confirm" or is_one_of(text, "yes")) else None
    if definition.kind != "yes_no" or any(one.fact not in ("", definition.id) for one in heard.figures):
        return None
    return is_one_of(text, "yes") or None  # any other yes or no is among the figures


def _before(turn: Turn, key: str) -> Entry | None:
    return next((one for one in turn.interview.previous if one.fact == key), None)


def _unknown(turn: Turn, key: str) -> None:
    turn.skip(key)
    times = turn.interview.not_known().get(key, 0)
    turn.lines.append(say("skipped_twice" if times > 1 else "skipped", label=name_of(key, turn.rules)))
