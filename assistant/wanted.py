"""Which of the intents a message has, and which question about a park's data: signs only (`intents.yaml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, cast, get_args

from assistant.inquiries import inquiry
from assistant.plain import asks as questions
from assistant.plain import signs as said_signs
from assistant.plain import trimmed
from assistant.reading import Said
from assistant.supposing import supposes
from assistant.understand import Question, Reader, read_yaml
from scoring.model import Rules

Intent = Literal[
    "ask", "grade", "assess", "resume", "what_if", "compare_rules", "show_clause", "train", "confirm", "correct",
    "undo", "skip", "unknown_value", "none_of_it", "stop", "report", "small_talk", "off_subject",
]  # fmt: skip
INTENTS: tuple[str, ...] = get_args(Intent)
_SINGLE = (
    "own",
    "supposing",
    "knowledge",
    "effect",
    "policy",
    "field",
    "of_rules",
    "differs",
    "lacking",
    "guide",
    "handing_in",
    "restart",
    "switch",
    "plain_yes",
    "plain_no",
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the turns before leave to the next message.

    Attributes:
        intent: of the turn before.
        rules_id, region, document, indicator, year, energy_tce: what the conversation is about.
        asked: the fact that the assistant has just asked for.
        confirming: the assistant has just asked whether something is right.
        subject: the text of the question before (`Question.text`), for `Reader.read`.
        held: a self-assessment was begun.
        answered: the turn before was answered by the library.
    """

    intent: str = ""
    rules_id: str = ""
    region: str = ""
    document: str = ""
    indicator: str = ""
    year: int | None = None
    energy_tce: Decimal | None = None
    asked: str = ""
    confirming: bool = False
    subject: str = ""
    held: bool = False
    answered: bool = False


class Wanted(NamedTuple):
    """What a message wants: the intent, which question about a park's data, and whether any sign says so."""

    intent: Intent
    tool: str = ""
    sure: bool = True


@cache
def signs() -> Mapping[str, Any]:
    """Return `intents.yaml`, its patterns compiled."""
    known = cast(dict[str, Any], read_yaml("assistant", "intents.yaml"))
    for kind in ("whole", "signs"):
        known[kind] = {name: re.compile("|".join(patterns)) for name, patterns in known[kind].items()}
    known["whole"]["none_of_it"] = said_signs()["reply_none"]
    for one in _SINGLE:
        known[one] = re.compile(known[one])
    return known


def rules_named(plain: str, rules: Rules, *, places: bool = True) -> tuple[str, ...]:
    """Return the rule sets that a text names; a place alone (江苏) counts only with `places`."""
    known = signs()
    low = plain.lower()
    found: list[tuple[int, str]] = []
    for one, ways in known["rubrics"].items():
        usable = (way.lower() for way in ways if places or way not in known["rubric_places"])
        at = [low.find(way) for way in usable if way in low]
        if at and one in rules.rubrics:
            found.append((min(at), one))
    return tuple(one for _, one in sorted(found))


def wanted(plain: str, figures: tuple[Said, ...], last: Context, question: Question, reader: Reader) -> Wanted:
    """Return what a message wants."""
    known, pattern = signs(), signs()["signs"]
    whole = _whole(plain)
    if whole or not trimmed(plain):
        return _replied(whole or "small_talk", plain, last)
    if not held(last) and all(isinstance(one.value, str) for one in figures):
        figures = ()  # a place or a year alone begins no report: 2022年全国电网因子
    told = [one for one in figures if not one.change and one.facts]
    asks = questions(plain)
    graded = _graded(plain)
    if known["supposing"].search(plain):
        effect = known["effect"].search(plain) or supposes(plain) or any(one.change for one in figures)
        if told or (effect and not known["policy"].search(plain)):
            return Wanted("what_if", "what_if")
    if told:
        answered = all(isinstance(one.value, bool) for one in told)
        hedged = bool(last.asked) and plain.startswith("应该是")
        correcting = pattern["correct"].search(plain) and not (asks or answered or hedged)
        return Wanted("correct" if correcting else "ask" if asks and not (graded or _handed_in(plain)) else "assess")
    if figures and not asks:
        return Wanted("correct" if pattern["correct"].search(plain) else "assess")
    if topic := _inquiry(plain, last):
        return Wanted(cast(Intent, {"why": "ask", "basis": "show_clause"}.get(topic, "grade")), topic)
    for one in ("undo", "stop", "resume", "report", "train", "compare_rules", "show_clause", "off_subject"):
        if pattern[one].search(plain) and (one != "compare_rules" or _compares(plain)):
            return Wanted(cast(Intent, one))
    for one in ("correct", "unknown_value", "skip"):
        if pattern[one].search(plain) and not asks and not graded:
            return Wanted(cast(Intent, one))
    return _of_the_park(plain, graded, asks, last, question, reader)


def held(last: Context) -> bool:
    """Whether a self-assessment is under way."""
    return last.held or bool(last.asked) or last.confirming


def _inquiry(plain: str, last: Context) -> str:
    """Return which question about the own assessment a message is; empty for another."""
    named = any(way in plain for ways in signs()["indicators"].values() for way in ways)
    return inquiry(plain, held=held(last), answered=last.answered, named=named)


def _graded(plain: str) -> bool:
    """Whether a grade of the own data is asked for, and not how grading goes."""
    known = signs()
    own = known["own"].search(plain)
    rest = known["signs"]["grade"].sub(" ", plain)
    rest = known["signs"]["grade_own"].sub(" ", rest) if own else rest
    return rest != plain and not known["knowledge"].search(rest)


def _handed_in(plain: str) -> bool:
    """Whether what is asked beside figures is only how the assessment goes on: 这样填对吗, 还差什么."""
    known = said_signs()
    return not known["question"].search(signs()["handing_in"].sub(" ", known["indefinite"].sub(" ", plain)))


def _compares(plain: str) -> bool:
    """Whether a comparison is one of rule sets."""
    known = signs()
    if known["differs"].search(plain) and not known["own"].search(plain):
        return False  # 团标跟910号文有什么区别 is a question of knowledge
    two = sum(any(way in plain for way in ways) for ways in known["rubrics"].values()) > 1
    return two or bool(known["of_rules"].search(plain) and not known["differs"].search(plain))


def _whole(plain: str) -> str:
    """Return the intent that the message is nothing but; of several parts (可以，没问题) that of the first."""
    found: list[str] = []
    for part in [plain, *re.split(r"[,，。.;；!！~～\s]+", plain.strip(" ,，。.;；!！?？~～"))]:
        forms = (part.strip(" ,，。.!！?？~～、"), trimmed(part))
        patterns = signs()["whole"].items()
        one = next((one for one, pattern in patterns if any(pattern.fullmatch(form) for form in forms)), "")
        if one and part is plain:
            return one
        found.append(one)
    parts = [one for one in found[1:] if one]
    if len(parts) < len(found) - 1 or not parts:
        return ""
    others = [one for one in parts if one not in ("confirm", "skip", "resume", "small_talk")]
    return others[0] if others else parts[0]  # 好，下一个 confirms; 好，先到这里 stops


def said_whole(plain: str) -> bool:
    """Whether the message as one piece is a fixed saying (是, 没有, 先到这里), so that nothing is to be guessed."""
    forms = (plain.strip(" ,，。.!！?？~～、"), trimmed(plain))
    return any(pattern.fullmatch(form) for pattern in signs()["whole"].values() for form in forms)


def _replied(whole: str, plain: str, last: Context) -> Wanted:
    if last.confirming and whole == "none_of_it":
        return Wanted("correct")
    return Wanted(cast(Intent, whole), "grade" if whole == "grade" else "")


def _of_the_park(plain: str, graded: bool, asks: bool, last: Context, question: Question, reader: Reader) -> Wanted:
    """Return the intent of a message without figures of its own."""
    known = signs()
    tool = park_intent(plain)
    if tool == "missing" or (tool in known["park_needs_own"] and known["own"].search(plain)):
        return Wanted("grade", cast(str, tool))
    if known["signs"]["assess"].search(plain) and (not asks or known["guide"].search(plain)):
        return Wanted("assess")
    if graded:
        return Wanted("grade", "grade")
    if known["signs"]["small_talk"].search(plain):
        return Wanted("small_talk")
    follows = question.follows_up or (len(plain) <= 12 and plain.endswith(("呢", "呢?")))
    if follows and last.intent in ("grade", "compare_rules", "what_if", "show_clause"):
        return Wanted(cast(Intent, last.intent), "grade" if last.intent == "grade" else "")
    if last.asked and not asks and known["lacking"].search(plain):
        return Wanted("unknown_value", sure=False)
    if last.asked and not asks and not question.english:
        return Wanted("assess", sure=False)  # whatever it says, it is a reply
    return Wanted("off_subject" if _strange(question, reader) else "ask", sure=False)


def _strange(question: Question, reader: Reader) -> bool:
    """Whether nothing in a question is of the library's field."""
    if question.follows_up or question.provinces:
        return False
    if question.english or signs()["field"].search(question.text):
        return not signs()["field"].search(question.text)
    pairs = [word[i : i + 2] for word in question.words for i in range(len(word) - 1)]
    return bool(pairs) and not any(pair in reader.spelling.pairs for pair in pairs)


def park_intent(question: str) -> str | None:
    """Return what is asked of the park's data: what_if, route, missing, explain or grade; None for another question."""
    known = signs()
    for intent, ways in known["park"].items():
        if any(way in question for way in ways) and (intent != "what_if" or supposes(question)):
            return str(intent)
    about = any(way in question for way in known["this_park"])
    return "grade" if about and any(way in question for way in known["grade_with_park"]) else None
