"""Doubtful values: the question about each, and what an answer makes of it.

Each resolver returns whether the message answered the doubt. What it says besides is then heard like any other message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.entries import Doubt, Entry, Interview, Pending
from assistant.interview_answers import without_label
from assistant.interview_parts import resolve_sum, sum_question
from assistant.interview_turn import Heard, Turn
from assistant.interview_unit import lacks_unit, resolve_unit, unit_question
from assistant.interview_words import buttons, folded, holds_one_of, is_one_of, joined, name_of, say, texts, value_text
from assistant.naming import names_in
from assistant.plain import plain_text
from assistant.said import said_in
from assistant.unknowns import unknowns_in
from scoring.model import Rules
from scoring.park import definition_of

if TYPE_CHECKING:
    from assistant.intent import Understood
    from assistant.said import Said

_SHORTEST_EVIDENCE = 2


def doubt_question(pending: Pending, interview: Interview, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """Return the question about a doubtful value, and the short answers that it offers."""
    entry, kind = pending.entry, pending.kind
    label = name_of(entry.fact, rules) if entry.fact else ""
    value = value_text(entry.fact, entry.value, rules) if entry.fact else ""
    other = value_text(entry.fact, pending.other, rules) if entry.fact else ""
    if kind == "smell":
        if pending.other is None:
            return say("smell_bare", what=pending.text), buttons("smell_bare")
        return say("smell", what=pending.text, value=other), buttons("smell")
    if kind == "conflict":
        old = _earlier(pending, interview)
        told = say(
            "conflict",
            label=label,
            old=other,
            old_raw=old.raw,
            old_origin=_origin(old.origin),
            new=value,
            new_raw=entry.raw,
        )
        return told, buttons("conflict")
    if kind == "unit":
        return unit_question(pending, rules)
    if kind == "sum":
        return sum_question(pending, rules)
    if kind == "choice":
        labels = [name_of(one, rules) for one in pending.candidates]
        if len(labels) == 1:
            value = value_text(pending.candidates[0], entry.value, rules)
            return say("choice_only", raw=entry.raw, label=labels[0], value=value), buttons("choice_only")
        numbered = [say("choice_one", number=i + 1, label=one) for i, one in enumerate(labels)]
        return say("choice", raw=entry.raw, options=say("comma").join(numbered)), (*labels, *buttons("choice"))
    if kind == "again" and not entry.fact:
        kept = [interview.standing().get(key) or _last(key, interview) for key in pending.candidates]
        return say("objected_which", values=joined(value_text(one.fact, one.value, rules) for one in kept)), ()
    if kind == "again" and definition_of(entry.fact, rules)[0].kind in ("yes_no", "declaration"):
        return say("again_yes_no", label=label, value=value), buttons("yes_no")
    if kind == "impossible":
        return say("impossible", what=pending.text, values=f"{label} {value}"), buttons(kind)
    return say(kind, raw=entry.raw, label=label, value=value, part=pending.text), buttons(kind)


def _origin(origin: str) -> str:
    return say("in_turn", turn=origin.removeprefix("turn ")) if origin.startswith("turn ") else origin


def _last(key: str, interview: Interview) -> Entry:
    return next(one for one in reversed(interview.entries) if one.fact == key)


def _earlier(pending: Pending, interview: Interview) -> Entry:
    """Return the entry of the earlier value of a conflict."""
    found = (one for one in reversed(interview.entries) if one.fact == pending.entry.fact)
    return next((one for one in found if one.value == pending.other), pending.entry)


def resolve(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Return whether the message answers the doubt; what it makes of the value goes into the log."""
    entry = pending.entry
    heard = _addressed(turn, pending, heard)
    own = next((one for one in heard.figures if _is_of(one, pending)), None)
    put_off = heard.intent in ("unknown_value", "skip") and own is None and not _points(heard)
    if put_off and not _of_others(turn, pending, heard):
        _not_known(turn, pending)
        return True
    resolver = _RESOLVERS.get(pending.kind)
    if resolver is not None and resolver(turn, pending, heard):
        return True
    if own is None or own.value is None or own.part:
        return False
    if pending.kind == "choice" and own.value != entry.value and heard.intent != "correct":
        return False  # another figure of one of the candidates says nothing of this one
    turn.settle(pending)
    if entry.fact and pending.kind in ("about", "conflict", "evidence"):
        turn.drop(entry)
    turn.hear(heard, correcting=True)
    return True


def _points(heard: Heard | Understood) -> bool:
    """Whether a message is the place of one of several and nothing else (第二个, ②)."""
    return folded(heard.message) in texts()["ordinals"] or any(
        is_one_of(heard.message, one) for one in ("first", "second")
    )


def _of_others(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Whether a message names something else that is not known (余热那个没统计)."""
    named = {fact for _, facts in unknowns_in(heard.message, turn.rules) for fact in facts}
    return bool(named) and not named & {pending.entry.fact, *pending.candidates}


def _addressed(turn: Turn, pending: Pending, heard: Heard | Understood) -> Heard | Understood:
    """Return the message with its only figure, if it is of no other fact, as one of the fact that is asked about."""
    key = pending.entry.fact
    if not key:
        return heard
    figures = heard.figures or without_label(key, heard, turn.rules)
    if len(figures) != 1 or figures[0].fact not in ("", key) or figures[0].unit != definition_of(key, turn.rules)[1]:
        return heard
    return Heard(heard.message, heard.intent, (replace(figures[0], fact=key, candidates=()),))


def _is_of(figure: Said, pending: Pending) -> bool:
    """Whether a figure can answer the doubt: one of the same fact, of a candidate, of anything that does not add up."""
    wanted = {pending.entry.fact, *pending.candidates} - {""}
    return bool(figure.fact) and (pending.kind == "impossible" or figure.fact in wanted)


def _not_known(turn: Turn, pending: Pending) -> None:
    entry = pending.entry
    turn.settle(pending)
    if not entry.fact:
        turn.lines.append(say("choice_none", raw=entry.raw))
        return
    label = name_of(entry.fact, turn.rules)
    if pending.kind in ("range", "part", "unit"):
        turn.skip(entry.fact)
        turn.lines.append(say("skipped", label=label))
        return
    standing = turn.interview.standing().get(entry.fact)
    if standing is not None and standing.value == entry.value:
        turn.log(replace(entry, value=None, state="withdrawn"))
    else:
        turn.drop(entry)
    if entry.fact not in turn.interview.standing():
        turn.skip(entry.fact)
        turn.lines.append(say("no_evidence" if pending.kind == "evidence" else "skipped", label=label))
    else:
        turn.lines.append(say("objected", labels=entry.raw))


def _about(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    first = is_one_of(heard.message, "first")  # the first of the answers offered
    if not (first or heard.intent == "confirm" or is_one_of(heard.message, "yes")):
        return False
    _accept(turn, pending, f"{pending.entry.evidence} {say('about_note')}".strip())
    return True


def _accept(turn: Turn, pending: Pending, evidence: str) -> None:
    """Let a doubtful value stand, with what was said for it."""
    turn.settle(pending)
    entry = replace(pending.entry, evidence=evidence)
    standing = turn.interview.standing().get(entry.fact)
    turn.log(replace(entry, state="corrected" if standing and standing.value != entry.value else "confirmed"))
    turn.lines.append(say("confirmed", labels=turn.values([entry])))


def _smell(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    same = any(one.fact == pending.entry.fact and one.value == pending.entry.value for one in heard.figures)
    if same or holds_one_of(heard.message, "keep"):
        turn.interview = replace(turn.interview, sound=(*turn.interview.sound, pending.entry.fact))
        _accept(turn, pending, f"{pending.entry.evidence} {say('smell_note')}".strip())
        return True
    if pending.other is not None and not heard.figures and holds_one_of(heard.message, "adopt"):
        turn.settle(pending)
        turn.drop(pending.entry) if pending.entry.state == "said" else None
        entry = replace(pending.entry, value=pending.other, origin=f"turn {turn.turn}", state="said")
        turn.offer(entry, correcting=True)
        return True
    return False


def _choice(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    text = folded(heard.message)
    labels = [folded(name_of(one, turn.rules)) for one in pending.candidates]
    no = len(labels) == 1 and re.match(texts()["plain_no"], text)
    if heard.intent == "none_of_it" or no or is_one_of(text, "none"):
        turn.settle(pending)
        turn.lines.append(say("choice_none", raw=pending.entry.raw))
        return True
    ordinals = enumerate(texts()["ordinals"])
    numbers = {str(i + 1): i for i in range(len(labels))} | {one: i for i, one in ordinals}
    if len(labels) == 1 and (heard.intent == "confirm" or is_one_of(text, "yes")):
        text = labels[0]
    found = [numbers[text]] if text in numbers else [i for i, one in enumerate(labels) if text and text in one]
    found = found or [i for i, one in enumerate(labels) if one in text]
    if not found and not heard.figures:
        found = _called(heard.message, pending.candidates, turn.rules)
    if len(found) != 1 or found[0] >= len(labels):
        return False
    turn.settle(pending)
    entry = replace(pending.entry, fact=pending.candidates[found[0]])
    if pending.part:
        turn.pend("part", replace(entry, value=None), text=pending.part)
    elif entry.unit or not lacks_unit(turn, entry):
        about = any(one.about for one in said_in(entry.raw, turn.rules))
        turn.offer(entry, pending.text, about=about)
    return True


def _called(message: str, candidates: Sequence[str], rules: Rules) -> list[int]:
    """Return the places of the candidates that a message calls by any of their names (外购的, 光伏的)."""
    named = {fact for name in names_in(plain_text(message).plain, rules) for fact in name.of}
    return [i for i, one in enumerate(candidates) if one in named]


def lost(before: Interview, now: Turn) -> None:
    """Help where a message said nothing to the question whose figure it is, and ask no third time."""
    if not before.pending or before.pending != now.interview.pending or before.pending[0].kind != "choice":
        return
    if len(before.entries) < len(now.interview.entries) or before.skipped != now.interview.skipped:
        return
    pending = before.pending[0]
    now.settle(pending)
    if pending.tries:
        now.lines.append(say("choice_given_up", raw=pending.entry.raw))
    else:
        now.lines = [say("choice_how")]
        again = replace(pending, tries=1)
        now.interview = replace(now.interview, pending=(again, *now.interview.pending))


def _conflict(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    values = [one.value for one in heard.figures if one.fact == pending.entry.fact]
    short = folded(heard.message)
    first = is_one_of(short, "first") or pending.other in values or (not values and holds_one_of(short, "first_words"))
    second = is_one_of(short, "second") or (not values and holds_one_of(short, "second_words"))
    second = second or pending.entry.value in values
    if first == second:
        return False
    turn.settle(pending)
    if second:
        _accept_new(turn, pending)
    else:
        old = _earlier(pending, turn.interview)
        turn.log(replace(old, state="confirmed"))
        turn.lines.append(say("confirmed", labels=turn.values([old])))
    return True


def _accept_new(turn: Turn, pending: Pending) -> None:
    turn.log(replace(pending.entry, state="corrected"))
    ends = {
        "old": turn.shown(pending.entry.fact, pending.other),
        "new": turn.shown(pending.entry.fact, pending.entry.value),
    }
    turn.lines.append(say("corrected", label=name_of(pending.entry.fact, turn.rules), **ends))
    turn.changed.add(pending.entry.fact)


def _evidence(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    text = heard.message.strip()
    named = holds_one_of(text, "evidence")
    if heard.intent == "confirm" or is_one_of(text, "yes") or len(text) < _SHORTEST_EVIDENCE:
        return False
    if not named and (heard.intent == "none_of_it" or re.match(texts()["plain_no"], folded(text))):
        _not_known(turn, pending)
        return True
    if not named and (heard.figures or heard.intent in ("correct", "small_talk")):
        return False
    _accept(turn, pending, text[:80])
    turn.lines[-1] += say("evidence_note", evidence=text[:80])
    return True


def _again(turn: Turn, pending: Pending, heard: Heard | Understood) -> bool:
    """Take the fact that is named as the wrong one, where several may be."""
    named = [
        one for one in pending.candidates if folded(heard.message) and folded(heard.message) in name_of(one, turn.rules)
    ]
    if heard.figures or len(named) != 1:
        return False
    turn.settle(pending)
    turn.pend("again", _last(named[0], turn.interview))
    return True


_RESOLVERS: Mapping[Doubt, Callable[..., bool]] = {
    "about": _about,
    "smell": _smell,
    "choice": _choice,
    "unit": resolve_unit,
    "sum": resolve_sum,
    "conflict": _conflict,
    "evidence": _evidence,
    "again": _again,
}
