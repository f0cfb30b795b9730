"""What the words of a sheet mean: a header's column, a label's fact, the unit in a header's brackets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache

from scoring.cells import Raw, Unread, manner
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.units import measures, read_amount
from scoring.wording import label_of

_BRACKETS = re.compile(r"^(.*?)[(\[]([^()\[\]]*(?:\([^()]*\))?[^()\[\]]*)[)\]]$")
_SOURCE = "来源"
_PART = re.compile(r"^其中[:：]?")


def folded(text: str) -> str:
    """Return the text as names are compared: half width, no spaces, small letters, no closing colon or star."""
    plain_text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", "", plain_text).strip("*:")


@cache
def columns() -> Mapping[str, str]:
    """Return what each folded header means: id, label, value, unit ..."""
    return {folded(word): name for name, written in manner()["columns"].items() for word in written}


@cache
def months() -> Mapping[str, int]:
    """Return the place of each month's folded header, from 0."""
    found: dict[str, int] = {}
    for i, word in enumerate(manner()["months"]):
        number = word.removesuffix("月")
        written = (word, number, f"{number}月份", f"{number.zfill(2)}月", f"{number.zfill(2)}")
        found |= {folded(one): i for one in written}
    return found


@cache
def _ignored() -> tuple[str, ...]:
    return tuple(folded(word) for word in manner()["ignored"])


def is_ignored(header: str) -> bool:
    """Whether a column of that header is not read."""
    text = folded(header)
    return text in _ignored() or text.startswith("备注")


def text_of(raw: Raw) -> str:
    """Return what a cell says, empty for an empty one."""
    if raw is None:
        return ""
    if isinstance(raw, Unread):
        return raw.what
    if isinstance(raw, bool):
        return "是" if raw else "否"
    return raw.strip() if isinstance(raw, str) else f"{raw:f}"


def amount_text(raw: Raw, unit: str) -> str:
    """Return what a cell says together with its unit; a unit written in the cell itself goes before that beside it."""
    text = text_of(raw)
    if not unit or not isinstance(raw, Decimal | str):
        return text
    try:
        written = read_amount(text).unit
    except ParkDataError:
        return text
    if written and (is_unit(written) or is_unit(unit) is False):
        return text
    return f"{text}{unit}" if written else f"{text} {unit}"


def is_unit(text: str) -> bool:
    """Whether the text is a unit that is known."""
    try:
        measures(text)
    except ParkDataError:
        return False
    return bool(text.strip())


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column of a wide table holds: a fact, in a unit where the header names one; or where it comes from."""

    key: str
    unit: str = ""
    is_source: bool = False


class Names:
    """Finds a fact, a member and an indicator by id or by Chinese label, whatever the spaces and width."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._facts: dict[str, str] = {}
        self._doubtful: set[str] = set()
        for key, definition in rules.facts.items():
            if definition.per is None:
                self._add(key, key, definition.label)
                continue
            self._add(key, key, definition.label)
            for member in rules.families[definition.per].members:
                one = f"{key}/{member}"
                self._add(one, one, label_of(one, rules))
        self._members = {
            family: {folded(word): member for member, kind in one.members.items() for word in (member, kind.label)}
            for family, one in rules.families.items()
        }
        self._excusable = {
            folded(word): one.id
            for rubric in rules.rubrics.values()
            for one in rubric.indicators
            if one.excusable
            for word in (one.id, one.label)
        }

    def _add(self, key: str, *words: str) -> None:
        for word in words:
            for text in {folded(word), folded(_PART.sub("", word))}:
                if self._facts.setdefault(text, key) != key:
                    self._doubtful.add(text)

    def fact(self, text: str) -> str | None:
        """Return the fact that the text names, None where it names none."""
        name = folded(text)
        if name in self._doubtful and name not in self.rules.facts:
            return None
        return self._facts.get(name) or self._facts.get(_PART.sub("", name))

    def member(self, fact: str, text: str) -> str | None:
        """Return the member of the fact's family that the text names."""
        family = self.rules.facts[fact].per
        return self._members[family].get(folded(text)) if family else None

    def indicator(self, text: str) -> str | None:
        """Return the excusable indicator that the text names."""
        return self._excusable.get(folded(text))

    def near(self, text: str) -> str:
        """Return a hint at the nearest name, empty where nothing is near."""
        name = folded(text)
        same = [one for one in self._facts if one.partition("(")[0] == name]
        found = same or get_close_matches(name, self._facts, n=1)
        if not found:
            return ""
        key = self._facts[found[0]]
        return f"是不是“{label_of(key, self.rules)}”（{key}）？"

    def heading(self, text: str) -> Heading | None:
        """Return what a header of a wide table means: 公共电网受入电量（万kWh）."""
        if (key := self.fact(text)) is not None:
            return Heading(key)
        found = _BRACKETS.match(unicodedata.normalize("NFKC", text).strip())
        if found and (key := self.fact(found.group(1))) is not None:
            return Heading(key, found.group(2).removeprefix("单位:").strip())
        cut = folded(text)
        if cut.endswith(_SOURCE) and (key := self.fact(cut.removesuffix(_SOURCE))) is not None:
            return Heading(key, is_source=True)
        return None


@dataclass(frozen=True)
class Header:
    """The header row of a table: its number, and which column holds what."""

    row: int
    columns: Mapping[str, int]
    facts: Mapping[int, Heading]
    months: Mapping[int, int]
    unknown: Sequence[int]
    repeated: Sequence[tuple[int, int]]

    @property
    def kind(self) -> str:
        """What the table is: wide, months, certificates, meters, excuses, or long; empty if none of them."""
        have = self.columns
        named = "id" in have or "label" in have
        if named and self.months:
            return "months"
        if "serial" in have or ("pieces" in have and "state" in have):
            return "certificates"
        if named and "metered" in have and "billed" in have:
            return "meters"
        if named and "reason" in have:
            return "excuses"
        if named and "value" in have:
            return "long"
        named_facts = {heading.key for heading in self.facts.values()}
        return "wide" if named_facts and len(named_facts) + ("park" in have) > 1 else ""

    @property
    def meanings(self) -> int:
        """How many different things its columns hold."""
        return len(self.columns) + len({heading.key for heading in self.facts.values()}) + len(self.months)


def header_of(row: int, cells: Sequence[Raw], names: Names) -> Header:
    """Return the row read as a header."""
    known: dict[str, int] = {}
    facts: dict[int, Heading] = {}
    found_months: dict[int, int] = {}
    unknown: list[int] = []
    repeated: list[tuple[int, int]] = []
    first: dict[str, int] = {}
    for i, cell in enumerate(cells):
        if cell is None or isinstance(cell, Unread):
            continue
        text = text_of(cell)
        name = folded(text)
        meaning = columns().get(name) or columns().get(name.partition("(")[0])
        if name in months():
            meaning = f"month {months()[name]}"
            found_months.setdefault(i, months()[name])
        elif meaning is not None:
            known.setdefault(meaning, i)
        elif (heading := names.heading(text)) is not None:
            meaning = f"fact {heading.key} {heading.is_source}"
            facts[i] = heading
        elif is_ignored(text):
            continue
        else:
            unknown.append(i)
            continue
        if meaning in first:
            repeated.append((first[meaning], i))
        first.setdefault(meaning, i)
    return Header(row, known, facts, found_months, unknown, repeated)
