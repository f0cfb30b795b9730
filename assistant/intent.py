"""A message -> what is wanted, of which rules, place, document, indicator and year, and the figures that it says.

    understood = understand("按团标打个分", rules=rules, reader=reader, before=None)

By signs (`intents.yaml`) and a small fitted model (`guessing.py`), no language model. What a follow-up leaves out is
inherited from the turn before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from assistant.answers import whole_reply
from assistant.guessing import Heard, guessed, is_declaration, is_yes_or_no, replied
from assistant.inquiries import TOPICS
from assistant.plain import plain_text, trimmed
from assistant.said import Said, said_in
from assistant.understand import Question, Reader
from assistant.wanted import INTENTS, Context, Intent, Wanted, held, park_intent, rules_named, said_whole, signs, wanted
from corpus.embed import Embedder
from corpus.words import bare_numbers, is_clause, references
from scoring.model import Rules
from scoring.park import definition_of

__all__ = ["INTENTS", "Context", "Intent", "Understood", "park_intent", "rules_named", "signs", "understand"]
_KEEPS = frozenset(("grade", "assess", "what_if", "compare_rules", "report", "resume", "correct", "confirm", "skip",
                    "unknown_value", "none_of_it", "stop", "undo"))  # fmt: skip


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
    figures = said_in(message, rules, asked=last.asked, mended=question.mended, tagger=reader.tagger)
    told = wanted(typed, figures, last, question, reader)
    if told.intent == "ask" and typed != plain:  # mending may spoil what is no word of the library (回上一题)
        told = wanted(plain, figures, last, question, reader)
    if typed and not said_whole(typed):
        heard = Heard.of(typed, figures, asked=last.asked, held=held(last))
        told = _settled(told, guessed(heard, rules, signed=told.intent, sure=told.sure, embedder=reader.embedder))
        figures = _with_reply(message, heard, told.intent, figures, rules, reader.embedder)
    intent, tool, _ = told
    found = _found(plain, message, intent, figures, question, reader, rules)
    inherited = _inherited(found, last, intent, question.follows_up)
    return Understood(message, intent, figures, question, tool, **{**found, **inherited}, inherited=tuple(inherited))


def _settled(told: Wanted, intent: str) -> Wanted:
    """Return what is wanted, with the intent that was guessed; a question of the own assessment asks of no text."""
    if intent == told.intent or (told.tool in TOPICS and intent == "ask"):
        return told
    return Wanted(cast(Intent, intent), intent if intent in ("grade", "what_if") else "")


def _with_reply(
    message: str, heard: Heard, intent: str, figures: tuple[Said, ...], rules: Rules, embedder: Embedder | None
) -> tuple[Said, ...]:
    """Return the figures, with what the message says of what was asked where no sign says it: none, yes or no."""
    if heard.asked and intent in ("unknown_value", "skip"):
        return tuple(one for one in figures if one.fact != heard.asked or not _is_in_words(one))
    if not heard.asked or intent not in ("assess", "none_of_it"):
        return figures
    if not is_yes_or_no(heard.asked, rules):
        return figures or (tuple(whole_reply(message, heard.asked, rules)) if intent == "none_of_it" else ())
    if signs()["switch"].search(trimmed(heard.plain)) and rules_named(heard.plain, rules):
        return figures  # 换国家标准 answers nothing
    signed = next((one.value for one in figures if one.fact == heard.asked and isinstance(one.value, bool)), None)
    if signed is not None and definition_of(heard.asked, rules)[0].needs_source and _is_plain(heard.plain, signed):
        return figures
    whole = is_declaration(heard.asked, rules)  # 熟料30万吨，其他都没有 is of what was asked too
    if signed is None and any(isinstance(one.value, bool) or (one.facts and not whole) for one in figures):
        return figures  # 边界还在扯皮, 余热利用率70% answer no other question
    value = replied(heard, rules, signed=signed, embedder=embedder)
    if value is signed and (value is not None or intent == "assess"):
        return figures
    others = tuple(one for one in figures if one.fact != heard.asked)
    said = whole_reply(message, heard.asked, rules, value=value)
    return others if value is None and intent == "assess" else (*others, *said)


def _is_in_words(one: Said) -> bool:
    """Whether a figure is a yes, a no or a zero that was said without a number."""
    return isinstance(one.value, bool) or (one.value == 0 and not re.search(r"[\d零〇]", one.raw))


def _is_plain(plain: str, value: bool) -> bool:
    """Whether a reply begins with a plain yes or no, its source behind it: 没有，省发展改革委答复."""
    first, *more = re.split("[,，]", plain, maxsplit=1)
    return bool(more) and signs()["plain_yes" if value else "plain_no"].fullmatch(first.strip()) is not None


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


@lru_cache(maxsize=4)
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
