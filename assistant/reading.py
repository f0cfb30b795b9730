"""One message being read: its amounts, the names of facts, the words of time and the clauses in it."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from assistant.amounts import Amount, amounts_in
from assistant.naming import Name, names_in
from assistant.plain import Plain, asks, signs, without_names, words
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.park import definition_of

SENTENCE = re.compile(r"[。;；!?\n]")
"""What ends a sentence of a plain text."""
_CUT = re.compile(r"[，;；。!?\n]|(?<!\d),|,(?!\d)|\.(?=\s|$)|(?<=[一-鿿])\s+(?=[一-鿿]|\d{2,4}年)")

_MOST_KCAL = 20_000
_FUEL_NAMED = 12
"""Within so many characters before its calorific value a fuel is named."""


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of a message.

    Attributes:
        fact: the fact that it belongs to; empty when that is not clear.
        candidates: which facts it could be, when not clear; none when it is of something else (投资3亿元).
        value: exact, in `unit`; None for a range and where no number was said (几百吨).
        unit: the fact's unit. "1" beside candidates of other units: a share of them (八成五是绿电). Without fact and
            candidates the unit as said.
        raw: the words as typed that hold it; start, end: their place in the message.
        about: a guess (大概, 三千多万, 左右).
        low, high: of a range.
        year: the year said with it.
        part: the part of a year or of the park that it is of (一季度, A片区): not to be taken for the whole.
        change: a change (同比降了5%), never the value of a fact.
        bare: no unit was said, or not the whole of it (35万吨 for 吨标准煤): the fact's own is only assumed.
        every: it holds for each of the candidates (没有煤: 0 of each kind of coal).
        doubted: the message itself leaves it open (待核), whatever its fact.
        several: it is one of several figures of its fact without a total (自来水210万方，地下水30万方).
    """

    fact: str
    candidates: tuple[str, ...]
    value: Decimal | bool | str | None
    unit: str
    raw: str
    start: int
    end: int
    about: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    year: int | None = None
    part: str = ""
    change: bool = False
    bare: bool = False
    every: bool = False
    doubted: bool = False
    several: bool = False

    @property
    def facts(self) -> frozenset[str]:
        """The fact that it belongs to, or those that it could be."""
        return frozenset((self.fact,) if self.fact else self.candidates)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message between commas: its span, whether it asks, and whether it speaks of the own park."""

    start: int
    end: int
    asks: bool
    own: bool


def _of_coal(amount: Amount, text: str) -> Amount:
    """Return tonnes behind 折标煤 as tonnes of coal equivalent."""
    turned = amount.unit == "t" and signs()["of_coal"].search(text[: amount.wide[0]])
    return replace(amount, unit="tce") if turned else amount


def _of_fuel(amount: Amount, text: str, asked_unit: str) -> Amount:
    """Return 5200大卡, as fuel is spoken of, as heat of a kilogram, of a gas of a cubic metre."""
    if amount.unit != "kcal":
        return amount
    if amount.number is None or amount.number > _MOST_KCAL:
        return replace(amount, unit="大卡", known=False)  # 锅炉120万大卡 is no calorific value
    named = re.findall("[气煤焦油]", text[max(amount.start - _FUEL_NAMED, 0) : amount.start])
    gas = named[-1] == "气" if named else "m3" in asked_unit
    return replace(amount, unit="kcal/m3" if gas else "kcal/kg")


class Reading:
    """One message being read: its amounts, names, words of time and clauses."""

    def __init__(self, text: Plain, rules: Rules, asked: str = "") -> None:
        self.text, self.rules = text, rules
        self.asked = asked if asked and self.knows(asked) else ""
        rest, self.moments = without_names(text.plain)
        unit = self.unit_of(self.asked) if self.asked else ""
        self.amounts = [_of_fuel(_of_coal(one, text.plain), text.plain, unit) for one in amounts_in(rest)]
        for one in self.amounts:
            rest = rest[: one.start] + "0" * (one.end - one.start) + rest[one.end :]
        self.rest = rest
        without = [m.span() for m in signs()["taken_off"].finditer(text.plain)]
        every = names_in(rest, rules)
        self.names = [one for one in every if not any(first <= one.start < last for first, last in without)]
        self.used: dict[Name, Amount] = {}
        self.dropped: Name | None = None
        self.told: set[str] = set()
        self.put_right: list[Amount] = []
        self.supposed = bool(signs()["supposing"].search(text.plain))

    def unasked(self) -> Reading:
        """Return the message as one that nothing was asked before."""
        other = copy(self)
        other.asked = ""
        return other

    def knows(self, fact: str) -> bool:
        """Whether the rules define a fact."""
        try:
            definition_of(fact, self.rules)
        except ParkDataError:
            return False
        return True

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the message, in order."""
        found: list[Clause] = []
        start, plain_ = 0, self.text.plain
        for m in [*_CUT.finditer(plain_), None]:
            end = m.start() if m else len(plain_)
            said = plain_[start : end + 1]
            if said.strip():
                found.append(Clause(start, end, asks(said), bool(signs()["own"].search(said))))
            start = m.end() if m else end
        return found

    def clause_at(self, place: int) -> int:
        """Return the number of the clause that a place is in."""
        return next((i for i, one in enumerate(self.clauses) if one.start <= place <= one.end), len(self.clauses) - 1)

    def unit_of(self, fact: str) -> str:
        """Return the unit in which a fact is kept."""
        return definition_of(fact, self.rules)[1]

    def is_number(self, fact: str) -> bool:
        """Whether the fact is a number."""
        return definition_of(fact, self.rules)[0].kind == "number"

    def may_be_zero(self, fact: str) -> bool:
        """Whether there can be none of a fact, so that 没有 means zero: an amount, not a level or a share."""
        definition, unit = definition_of(fact, self.rules)
        return definition.kind == "number" and definition.low <= 0 and unit not in words()["no_zero_units"]

    def taken_back(self, clause: Clause) -> bool:
        """Whether a clause tells what was said before, which the rest of the message takes back, or where one was."""
        known, said = signs(), self.words_of(clause)
        earlier = known["said_earlier"].search(said) and known["taken_back"].search(self.text.plain[clause.start :])
        return bool(earlier or known["went_to"].search(said))

    def names_of(self, clause: Clause) -> list[Name]:
        """Return the names in a clause."""
        return [one for one in self.names if clause.start <= one.start < clause.end]

    def words_of(self, clause: Clause) -> str:
        """Return the plain text of a clause."""
        return self.text.plain[clause.start : clause.end]
