"""A message -> what is wanted, of which rules, place, document, indicator and year, and the figures that it says.

    understood = understand("按团标打个分", rules=rules, reader=reader, before=None)

Rules and signs only (`intents.yaml`), no model. What a follow-up leaves out is inherited from the turn before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast, get_args

from assistant.plain import plain_text
from assistant.plain import signs as said_signs
from assistant.said import Said, said_in
from assistant.supposing import supposes
from assistant.understand import Question, Reader, read_yaml
from corpus.words import bare_numbers, is_clause, references
from scoring.model import Rules

Intent = Literal[
    "ask", "grade", "assess", "resume", "what_if", "compare_rules", "show_clause", "train", "confirm", "correct",
    "undo", "skip", "unknown_value", "none_of_it", "stop", "report", "small_talk", "off_subject",
]  # fmt: skip
INTENTS: tuple[str, ...] = get_args(Intent)
_TRIM = re.compile(
    r"^(?:[\s,，.。!！?？~、:：]|嗯+(?=.)|哦|噢|啊|呃|那就|那|请|麻烦)+"
    r"|(?:[\s,，.。!！?？~、]|了|啊|哦|呀|呢|吧|哈|嘛|啦|哟|的话|please)+$"
)
_KEEPS = frozenset(("grade", "assess", "what_if", "compare_rules", "report", "resume", "correct", "confirm", "skip",
                    "unknown_value", "none_of_it", "stop", "undo"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What the turns before leave to the next message.

    Attributes:
        intent: of the turn before.
        rules_id, region, document, indicator, year, energy_tce: what the conversation is about.
        asked: the fact that the assistant has just asked for.
        confirming: the assistant has just asked whether something is right.
        subject: the text of the question before (`Question.text`), for `Reader.read`.
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


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message wants and says.

    Attributes:
        message: as typed.
        intent: what is wanted.
        figures: every figure said, changes (同比) among them.
        question: the message as the library is asked.
        tool: for grade and what_if, which question about a park's data it is: grade, missing, explain, route, what_if.
        rules_id: the rule set named, or inherited.
        compared: all the rule sets named.
        region: the province named, or inherited; with the city behind a slash.
        document: the document named: its id in the library, or its number where the library has nothing on it.
        clause: the place within a document that is named (附件3, 第5条).
        indicator: id of the indicator named.
        year: the year named.
        energy_tce: the size named: yearly energy consumption.
        inherited: what of these was taken from the turn before.
    """

    message: str
    intent: Intent
    figures: tuple[Said, ...]
    question: Question
    tool: str = ""
    rules_id: str = ""
    compared: tuple[str, ...] = ()
    region: str = ""
    document: str = ""
    clause: str = ""
    indicator: str = ""
    year: int | None = None
    energy_tce: Decimal | None = None
    inherited: tuple[str, ...] = ()

    def context(self, *, asked: str = "", confirming: bool = False) -> Context:
        """Return what this turn leaves to the next; `asked`: the fact that is asked for in reply."""
        return Context(
            self.intent, self.rules_id, self.region, self.document, self.indicator, self.year, self.energy_tce,
            asked, confirming, self.question.text,
        )  # fmt: skip


@cache
def signs() -> Mapping[str, Any]:
    """Return `intents.yaml`, its patterns compiled."""
    known = cast(dict[str, Any], read_yaml("assistant", "intents.yaml"))
    for kind in ("whole", "signs"):
        known[kind] = {name: re.compile("|".join(patterns)) for name, patterns in known[kind].items()}
    known["whole"]["none_of_it"] = said_signs()["reply_none"]
    for one in ("own", "supposing", "knowledge", "effect", "policy", "field", "of_rules", "differs", "lacking"):
        known[one] = re.compile(known[one])
    return known


def understand(message: str, *, rules: Rules, reader: Reader, before: Context | None) -> Understood:
    """Return what a message wants and says.

    Args:
        message: as typed.
        rules: they define the facts and rule sets.
        reader: reads the message against the library.
        before: what the turn before leaves; None at the start.
    """
    last = before or Context()
    question = reader.read(message, before=last.subject)
    typed, plain = plain_text(message).plain.strip(), plain_text(message, mended=question.mended).plain.strip()
    figures = said_in(message, rules, asked=last.asked, mended=question.mended)
    intent, tool = _intent(typed, figures, last, question, reader)
    if intent == "ask" and typed != plain:  # mending may spoil what is no word of the library (回上一题)
        intent, tool = _intent(plain, figures, last, question, reader)
    found = _found(plain, message, intent, figures, question, reader, rules)
    inherited = _inherited(found, last, intent, question.follows_up)
    return Understood(message, intent, figures, question, tool, **{**found, **inherited}, inherited=tuple(inherited))


def _found(
    plain: str, message: str, intent: str, figures: tuple[Said, ...], question: Question, reader: Reader, rules: Rules
) -> dict[str, Any]:
    """Return what the message names itself."""
    known = signs()
    compared = rules_named(plain, rules, places=intent != "ask")
    named = [one for one in references(message) if not is_clause(one)]
    numbers = [f"]{one}" for one in bare_numbers(message)]
    said_year = next((one.year for one in figures if one.year), None)
    size = next((one.value for one in figures if one.fact == "energy_tce" and isinstance(one.value, Decimal)), None)
    found: dict[str, Any] = {
        "rules_id": compared[0] if compared else "",
        "compared": compared,
        "region": _region(question, plain),
        "document": _document(named, numbers, reader),
        "clause": next((one for one in references(message) if is_clause(one)), ""),
        "indicator": next((key for key, ways in known["indicators"].items() if any(w in plain for w in ways)), ""),
        "year": said_year or (int(question.years[0]) if question.years else None),
        "energy_tce": size if size is not None else question.energy_tce,
    }
    if question.follows_up:  # the reader mixes the subject before in; what is inherited is told apart here
        own = reader.read(message)
        found["region"] = _region(own, plain)
        found["year"] = said_year or (int(own.years[0]) if own.years else None)
        found["energy_tce"] = size if size is not None else own.energy_tce
    return found


def _region(question: Question, plain: str) -> str:
    short = (name for way, name in signs()["regions"].items() if way in plain)
    province = question.provinces[0] if question.provinces else next(short, "")
    return "/".join((province, *question.cities[:1])) if province else ""


def _inherited(found: Mapping[str, Any], last: Context, intent: str, follows_up: bool) -> dict[str, Any]:
    """Return what is taken from the turn before: all of it by a follow-up and in the run of an assessment."""
    if not follows_up and intent not in _KEEPS:
        return {}
    old = {name: getattr(last, name) for name in ("rules_id", "region", "document", "indicator", "year", "energy_tce")}
    taken = {name: value for name, value in old.items() if value and not found[name]}
    if found["document"]:
        taken.pop("rules_id", None)
    return taken


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


@cache
def _documents(reader: Reader) -> Mapping[str, str]:
    """Return number of a document -> its id, for the documents that the library has a digest of."""
    found: dict[str, str] = {}
    for key, document in reader.library.documents.items():
        for number in references(" ".join((document.number, document.title, *document.aliases))):
            if not is_clause(number):
                found.setdefault(number, key)
    return found


def _document(named: list[str], numbers: list[str], reader: Reader) -> str:
    known = _documents(reader)
    for one in named:
        return known.get(one, one)
    for tail in numbers:
        if at := next((key for number, key in known.items() if number.endswith(tail)), ""):
            return at
    return ""


def _intent(
    plain: str, figures: tuple[Said, ...], last: Context, question: Question, reader: Reader
) -> tuple[Intent, str]:
    """Return the intent and, of a question about the park's data, which of the tools answers it."""
    known, pattern = signs(), signs()["signs"]
    whole = _whole(plain)
    if whole or not _TRIM.sub("", _TRIM.sub("", plain)):
        return _replied(whole or "small_talk", plain, last)
    told = [one for one in figures if not one.change and (one.fact or one.candidates)]
    asks = bool(said_signs()["question"].search(plain))
    graded = _graded(plain)
    if known["supposing"].search(plain):
        effect = known["effect"].search(plain) or supposes(plain) or any(one.change for one in figures)
        if told or (effect and not known["policy"].search(plain)):
            return "what_if", "what_if"
    if told:
        answered = any(isinstance(one.value, bool) and one.fact == last.asked for one in told)
        correcting = pattern["correct"].search(plain) and not asks and not answered
        return ("correct" if correcting else "ask" if asks and not graded else "assess"), ""
    if figures and not asks:
        return ("correct" if pattern["correct"].search(plain) else "assess"), ""
    for one in ("undo", "stop", "resume", "report", "train", "compare_rules", "show_clause", "off_subject"):
        if pattern[one].search(plain) and (one != "compare_rules" or _compares(plain)):
            return cast(Intent, one), ""
    for one in ("correct", "unknown_value", "skip"):
        if pattern[one].search(plain) and not asks and not graded:
            return cast(Intent, one), ""
    return _of_the_park(plain, graded, asks, last, question, reader)


def _graded(plain: str) -> bool:
    """Whether a grade of the own data is asked for, and not how grading goes."""
    known = signs()
    own = known["own"].search(plain)
    rest = known["signs"]["grade"].sub(" ", plain)
    rest = known["signs"]["grade_own"].sub(" ", rest) if own else rest
    return rest != plain and not known["knowledge"].search(rest)


def _compares(plain: str) -> bool:
    """Whether a comparison is one of rule sets."""
    known = signs()
    two = sum(any(way in plain for way in ways) for ways in known["rubrics"].values()) > 1
    return two or bool(known["of_rules"].search(plain) and not known["differs"].search(plain))


def _whole(plain: str) -> str:
    """Return the intent that the message is nothing but; of several parts (可以，没问题) that of the first."""
    found: list[str] = []
    for part in [plain, *re.split(r"[,，。.;；!！~～\s]+", plain.strip(" ,，。.;；!！?？~～"))]:
        forms = (part.strip(" ,，。.!！?？~～、"), _TRIM.sub("", _TRIM.sub("", part)))
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


def _replied(whole: str, plain: str, last: Context) -> tuple[Intent, str]:
    if last.confirming and whole == "none_of_it":
        return "correct", ""
    return cast(Intent, whole), "grade" if whole == "grade" else ""


def _of_the_park(
    plain: str, graded: bool, asks: bool, last: Context, question: Question, reader: Reader
) -> tuple[Intent, str]:
    """Return the intent of a message without figures of its own."""
    known = signs()
    tool = park_intent(plain)
    if tool == "missing" or (tool in known["park_needs_own"] and known["own"].search(plain)):
        return "grade", cast(str, tool)
    if known["signs"]["assess"].search(plain) and not asks:
        return "assess", ""
    if graded:
        return "grade", "grade"
    if known["signs"]["small_talk"].search(plain):
        return "small_talk", ""
    follows = question.follows_up or (len(plain) <= 12 and plain.endswith(("呢", "呢?")))
    if follows and last.intent in ("grade", "compare_rules", "what_if", "show_clause"):
        return cast(Intent, last.intent), "grade" if last.intent == "grade" else ""
    if last.asked and not asks and known["lacking"].search(plain):
        return "unknown_value", ""
    return ("off_subject" if _strange(question, reader) else "ask"), ""


def _strange(question: Question, reader: Reader) -> bool:
    """Whether nothing in a question is of the library's field."""
    if question.follows_up or question.provinces:
        return False
    if question.english:
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
