"""What people call the facts that a park reports: 下网电量, 绿证, 煤, 循环水 -> fact ids, one or several.

    named = names_in(text, rules)      the names in a plain text, longest first, without overlap

A name of one fact is clear; one of several (煤, 绿电, 用电) has to be asked about. A name of none (装机, 投资) has a
figure of its own that is no fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.hearing import Spelled, by_sound, heard
from assistant.plain import Plain, words
from corpus.words import simplified
from scoring.model import Rules

_BRACKETS = re.compile(r"[（(].*?[)）]")
_AFTER_ONE = (
    r"\d\s\x00,，;；。.!?:：=、/()约"
    r"同比在于自花从烧消向目现暂折送买大冇没不无零是占已早都也就还有和跟与及用量的总一二两三四五六七八九十百几呢啊吧嘛了这那年共全"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text.

    Attributes:
        start, end: where it stands.
        of: the facts that it may mean.
        share: the facts that a percentage beside it is a ratio of.
        has_share: whether it names such a ratio.
        apart: it names something that is no fact.
    """

    start: int
    end: int
    of: tuple[str, ...]
    share: tuple[str, ...] = ()
    has_share: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Naming:
    """The names of the facts of some rules, and the pattern that finds them."""

    of: Mapping[str, tuple[str, ...]]
    share: Mapping[str, tuple[str, ...]]
    apart: frozenset[str]
    pattern: re.Pattern[str]
    spelled: Spelled


class _Same:
    """Rules as a key by identity: they are read once and shared, and too large to hash."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rules is self.rules


def naming(rules: Rules) -> Naming:
    """Return the names of the facts of these rules: those of `said_words.yaml`, and the labels."""
    return _naming(_Same(rules))


@lru_cache(maxsize=8)
def _naming(key: _Same) -> Naming:
    rules, known = key.rules, words()
    of: dict[str, list[str]] = {}
    for name, fact in _labels(rules):
        of.setdefault(name, []).append(fact)
    listed: dict[str, tuple[str, ...]] = {}
    for entry in known["names"]:
        facts = tuple(one for fact in entry["of"] for one in _members(fact, rules))
        if facts:
            listed |= dict.fromkeys(_forms(entry["as"]), facts)
    shares = {name: tuple(entry["of"]) for entry in known["shares"] for name in _forms(entry["as"])}
    named = {name: tuple(dict.fromkeys(facts)) for name, facts in of.items()} | listed
    every = {*named, *shares, *known["apart"]}
    return Naming(named, shares, frozenset(known["apart"]) - set(named), _pattern(every), by_sound(every))


def _labels(rules: Rules) -> Iterable[tuple[str, str]]:
    """Yield label and fact: of facts, and of the members of families for the first fact that is kept by member."""
    first: dict[str, str] = {}
    for fact, definition in rules.facts.items():
        if definition.per is not None:
            first.setdefault(definition.per, fact)
        elif definition.kind == "number":
            yield from ((name, fact) for name in _spoken(definition.label) if len(name) > 2)
    for family, fact in first.items():
        for member, kind in rules.families[family].members.items():
            yield from ((name, f"{fact}/{member}") for name in _spoken(kind.label) if len(name) > 1)


def _spoken(label: str) -> set[str]:
    """Return how a label is said: without its brackets, and what stands in them where that is a name."""
    text = simplified(unicodedata.normalize("NFKC", label)).lower()
    core = _BRACKETS.sub("", text).removeprefix("其中:").strip()
    return {core, *(part.strip() for part in core.split("/") if len(part.strip()) > 3)}


def _members(fact: str, rules: Rules) -> Iterable[str]:
    """Yield the fact where the rules have it; of `fuel_burned/*` that of each member."""
    base, _, member = fact.partition("/")
    definition = rules.facts.get(base)
    if member == "*" and definition is not None and definition.per is not None:
        yield from (f"{base}/{one}" for one in rules.families[definition.per].members)
    elif definition is not None or fact in rules.facts:
        yield fact


def _forms(names: Iterable[str]) -> Iterable[str]:
    """Yield names, those on `s?` with and without s."""
    for name in names:
        yield from (name[:-2], name[:-1]) if name.endswith("s?") else (name,)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    def one(name: str) -> str:
        if len(name) == 1:
            return f"{name}(?=[{_AFTER_ONE}]|分别|$)"
        if name.endswith("汽"):
            return f"{name}(?![油车轮])"
        return rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)

    return re.compile("|".join(one(name) for name in sorted(names, key=len, reverse=True)))


def as_heard(text: Plain, rules: Rules) -> Plain:
    """Return a message with names and units that were typed by sound put right, each character in its place."""
    return replace(text, plain=heard(text.plain, naming(rules).spelled))


def names_in(text: str, rules: Rules) -> list[Name]:
    """Return the names in a plain text, in order."""
    known = naming(rules)
    found = [
        Name(
            *m.span(),
            of=known.of.get(m[0], ()),
            share=known.share.get(m[0], ()),
            has_share=m[0] in known.share,
            apart=m[0] not in known.of,
        )
        for m in known.pattern.finditer(text)
    ]
    return [one for at, one in enumerate(found) if not (at and _goes_with(found[at - 1], one, text))]


def _goes_with(before: Name, name: Name, text: str) -> bool:
    """Whether a name only says that the one before is an amount: 绿电长协电量."""
    return before.end == name.start and len(before.of) == 1 and text[name.start : name.end] in words()["amount_words"]
