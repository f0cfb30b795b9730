"""The interviewer's words: the question for each fact, values as they are said back. Texts: `interview.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, cast

from assistant.entries import Entry, Interview, Value
from assistant.understand import read_yaml
from scoring.agenda import covered
from scoring.model import FactDefinition, Rules
from scoring.park import definition_of
from scoring.units import convert, plain
from scoring.wording import label_of, shown

_LONGEST = 12
_BRACKETS = re.compile("（[^（）]*）")
_MOST_OPTIONS = 8
_MOST_IN_A_LINE = 8


@cache
def texts() -> Mapping[str, Any]:
    """Return the texts of the interview: `interview.yaml`."""
    return cast(Mapping[str, Any], read_yaml("assistant", "interview.yaml"))


def say(key: str, **values: object) -> str:
    """Return a sentence of the interviewer with its values put in."""
    return str(texts()["say"][key]).format(**values)


def joined(parts: Iterable[str]) -> str:
    """Return the parts as a list in a sentence."""
    return say("joint").join(parts)


def shortened(parts: Sequence[str], most: int) -> str:
    """Return the first of the parts as a list in a sentence, and how many they are in all."""
    return joined(parts) if len(parts) <= most else say("and_more", parts=joined(parts[:most]), count=len(parts))


def folded(text: str) -> str:
    """Return a short answer without what does not matter: width, case, white space, closing marks."""
    return unicodedata.normalize("NFKC", text).strip(" \t\n。.!！,，;；~…").lower()


def is_one_of(text: str, words: str) -> bool:
    """Whether a short answer is one of the words of that list."""
    return folded(text) in texts()[words]


def holds_one_of(text: str, words: str) -> bool:
    """Whether a text holds one of the words of that list."""
    return any(word in text for word in texts()[words])


def short_label(fact: str, rules: Rules) -> str:
    """Return the label of a fact without what stands in brackets."""
    return _BRACKETS.sub("", label_of(fact, rules)).removeprefix("其中：").strip()


def name_of(fact: str, rules: Rules) -> str:
    """Return how a fact is called in a sentence; a declaration by what is left of what it covers."""
    definition, _ = definition_of(fact, rules)
    if definition.kind != "declaration":
        return short_label(fact, rules)
    return str(texts()["facts"][fact]["short"])


def value_text(fact: str, value: Value | None, rules: Rules) -> str:
    """Return a value as it is said back, exact and with its unit."""
    _, unit = definition_of(fact, rules)
    if isinstance(value, bool):
        return str(texts()["answers"]["yes" if value else "no"])
    if not isinstance(value, Decimal):
        return value or ""
    number = convert(value, "1", "percent") if unit == "1" else value
    if len(plain(number).as_tuple().digits) > _LONGEST:
        return shown(value, unit, rules)
    return f"{plain(number):,f}%" if unit == "1" else f"{plain(number):,f} {unit}"


def echo(entry: Entry, rules: Rules) -> str:
    """Return what was understood: the fact, its value in its own unit, and the words where they differ."""
    definition, _ = definition_of(entry.fact, rules)
    if definition.kind == "declaration" and entry.value is True:
        return say("echo_all", label=name_of(entry.fact, rules))
    if isinstance(entry.value, bool):
        return say("echo_yes" if entry.value else "echo_no", label=short_label(entry.fact, rules))
    value = value_text(entry.fact, entry.value, rules)
    told = say("echo_one", label=short_label(entry.fact, rules), value=value)
    same = folded(entry.raw).replace(" ", "") == folded(value).replace(" ", "").replace(",", "")
    if same or not entry.raw:
        return told
    return told + say("echo_raw" if entry.said_in is not None else "echo_raw_sheet", raw=entry.raw)


def echoes(entries: Iterable[Entry], rules: Rules) -> str:
    """Return values as they are said back, one after the other; many of them by section, a line each."""
    entries = list(entries)
    if not _are_many(entries, rules):
        return joined(_told(entries, rules))
    facts, order = list(rules.facts), [*rules.sections, *rules.rubrics]
    sections: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: facts.index(definition_of(one.fact, rules)[0].id)):
        sections.setdefault(definition_of(entry.fact, rules)[0].section, []).append(entry)
    return "".join(
        say("echo_section", section=_title(one, rules), values=say("between").join(_told(sections[one], rules)))
        for one in sorted(sections, key=order.index)
    )


def echoed(entries: Sequence[Entry], rules: Rules, *, first: bool) -> Iterator[str]:
    """Yield what was taken from a message or a sheet, and the first time and of many that going on confirms it."""
    if _are_many(entries, rules):
        yield say("echo_count", count=len(entries), values=echoes(entries, rules))
        yield say("going_on")
    else:
        yield say("echo", values=echoes(entries, rules)) + (say("going_on") if first else "")


def _are_many(entries: Sequence[Entry], rules: Rules) -> bool:
    """Whether values are too many for one line."""
    return len(entries) > _MOST_IN_A_LINE and len(list(_told(entries, rules))) > _MOST_IN_A_LINE


def _title(section: str, rules: Rules) -> str:
    return _BRACKETS.sub("", rules.sections.get(section) or rules.rubric(section).title)


def _told(entries: Iterable[Entry], rules: Rules) -> Iterator[str]:
    """Yield values as they are said back; zeros that the same words say are told once."""
    groups: dict[tuple[str, Value | None], list[Entry]] = {}
    for entry in entries:
        zero = isinstance(entry.value, Decimal) and not entry.value
        groups.setdefault((entry.raw if zero else entry.fact, entry.value), []).append(entry)
    for group in groups.values():
        if len(group) == 1:
            yield echo(group[0], rules)
        else:
            yield say("echo_many", raw=group[0].raw, count=len(group), label=name_of(group[0].fact, rules))


def rest_of(key: str, interview: Interview, rules: Rules) -> tuple[str, ...]:
    """Return the labels of what a declaration covers and nothing was said of yet."""
    known = {name.partition("/")[0] for name in interview.known()} | set(interview.not_known())
    own = texts()["facts"]
    left = sorted(covered(key, rules) - known, key=list(rules.facts).index)
    return tuple(own.get(one, {}).get("short") or short_label(one, rules) for one in left)


def is_begun(key: str, interview: Interview, rules: Rules) -> bool:
    """Whether something of what a declaration covers was said or is not known: then only the rest is asked for."""
    touched = {name.partition("/")[0] for name in interview.known()}
    derived = {
        one.id for one in rules.facts.values() if one.derived and one.section == definition_of(key, rules)[0].section
    }
    return bool(touched & (covered(key, rules) | derived))


def question(key: str, interview: Interview, rules: Rules, *, again: bool = False) -> str:
    """Return the question for a fact, in plain words; first with where to find it, who holds it, one example."""
    definition, _ = definition_of(key, rules)
    texts_ = texts()
    own: Mapping[str, str] = texts_["facts"].get(definition.id) or {"ask": _own(definition)}
    begun = definition.kind == "declaration" and is_begun(key, interview, rules)
    member = key.partition("/")[2] if definition.per else ""
    ask = own["rest" if begun else "ask"].format(
        year=say("this_year", year=interview.year) if interview.year else say("last_whole_year"),
        rest=joined(rest_of(key, interview, rules)),
        member=rules.families[definition.per].members[member].label if definition.per and member else "",
    )
    if begun:
        return ask
    return "".join((ask, *(_options(definition) if again else _hints(key, definition, own, interview, rules))))


def _options(definition: FactDefinition) -> Iterable[str]:
    if 1 < len(definition.options) <= _MOST_OPTIONS:
        yield say("options", options=joined(definition.options))


def _hints(
    key: str, definition: FactDefinition, own: Mapping[str, str], interview: Interview, rules: Rules
) -> Iterable[str]:
    before = next((one for one in interview.previous if one.fact == key), None)
    if before is not None:
        yield say("previous", year=interview.previous_year, value=value_text(key, before.value, rules))
    if definition.section in rules.rubrics and definition.help:
        yield "\n" + definition.help + "\n"
    yield from _options(definition)
    example = own.get("example") or definition.example
    if example and (definition.kind != "yes_no" or definition.needs_source):
        yield say("example", example=example)
    if own.get("where"):
        yield say("where", where=own["where"])
    if definition.holder:
        yield say("holder", holder=definition.holder)


def _own(definition: FactDefinition) -> str:
    """Return the question for a line that a rule set asks for itself."""
    kind = {"级": "level", "分": "points"}.get(definition.unit, "number")
    words: Mapping[str, str] = texts()["own"]
    form = words["yes_no" if definition.kind == "yes_no" else kind]
    return form.format(label=definition.label, unit="%" if definition.unit == "1" else definition.unit)


def answers_to(key: str, rules: Rules) -> tuple[str, ...]:
    """Return the short answers that a question offers as buttons."""
    definition, _ = definition_of(key, rules)
    options = tuple(definition.options) if len(definition.options) <= _MOST_OPTIONS else ()
    return (*options, *buttons("option" if definition.kind == "choice" else definition.kind))


def buttons(kind: str) -> tuple[str, ...]:
    """Return the short answers offered to a kind of question."""
    return tuple(texts()["buttons"][kind])
