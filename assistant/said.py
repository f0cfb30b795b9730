"""A message -> every figure that it says, with the fact that it belongs to; nothing is computed and nothing guessed.

    said_in("去年下网3.2亿度，煤已经没有了，绿证两万张", rules)

A figure keeps the words that hold it (`raw`). Where the fact is not clear it has candidates instead. What is no
reported figure is left out: dates, numbers of documents and clauses, limits that are asked about, plans, what was
corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from assistant.amounts import Amount, Moment, Plain, amounts_in, plain_text, signs, without_names, words
from assistant.naming import Name, names_in
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.park import definition_of
from scoring.units import convert, measures, plain

_CUT = re.compile(r"[，;；。!?\n]|(?<!\d),|,(?!\d)|\.(?=\s|$)")
_SENTENCE = re.compile(r"[。;；!?\n]")
_NEAR = re.compile(r"^[的是为来自用于在\s()]{0,4}(?:of )?$")


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
        part: the part of a year that it is of (一季度, 每月), so that it must not be taken for the year's.
        change: a change (同比降了5%), never the value of a fact.
        bare: no unit was said, or not the whole of it (35万吨 for 吨标准煤): the fact's own is only assumed.
        every: it holds for each of the candidates (没有煤: 0 of each kind of coal).
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


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message between commas: its span, whether it asks, and whether it speaks of the own park."""

    start: int
    end: int
    asks: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Bound:
    """What an amount is of: the facts that fit it and the unit of its value."""

    facts: tuple[str, ...]
    unit: str
    name: Name | None = None
    share: bool = False
    bare: bool = False
    loose: bool = False


def said_in(message: str, rules: Rules, *, asked: str = "", mended: tuple[str, ...] = ()) -> tuple[Said, ...]:
    """Return the figures that a message says, in order.

    Args:
        message: as typed.
        rules: they define the facts.
        asked: the fact that was just asked for; a bare "3.2亿", "85%", "没有" then belongs to it.
        mended: spelling mended by `Reader`, as "绿正→绿证".
    """
    from assistant.answers import reply_in, stated_in

    reading = Reading(plain_text(message, mended=mended), rules, asked)
    figures, stated = list(reading.figures()), list(stated_in(reading))
    covered = [(one.start, one.end) for one in stated]
    nothings = [one for one in reading.nothings() if not any(a < one.end and one.start < b for a, b in covered)]
    found = [*figures, *nothings, *stated]
    if reading.asked and not stated:
        found += reply_in(reading, taken=bool(found))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.start, one.end)))


class Reading:
    """One message being read: its amounts, names, words of time and clauses."""

    def __init__(self, text: Plain, rules: Rules, asked: str = "") -> None:
        self.text, self.rules = text, rules
        self.asked = asked if asked and self._defined(asked) else ""
        rest, self.moments = without_names(text.plain)
        self.amounts: list[Amount] = amounts_in(rest)
        for one in self.amounts:
            rest = rest[: one.start] + "0" * (one.end - one.start) + rest[one.end :]
        self.rest = rest
        self.names = names_in(rest, rules)
        self.used: dict[Name, Amount] = {}
        self.dropped: Name | None = None
        self.supposed = bool(signs()["supposing"].search(text.plain))

    def _defined(self, fact: str) -> bool:
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
                found.append(
                    Clause(start, end, bool(signs()["question"].search(said)), bool(signs()["own"].search(said)))
                )
            start = m.end() if m else end
        return found

    def clause_at(self, place: int) -> int:
        """Return the number of the clause that a place is in."""
        return next((i for i, one in enumerate(self.clauses) if one.start <= place <= one.end), len(self.clauses) - 1)

    def unit_of(self, fact: str) -> str:
        """Return the unit in which a fact is kept."""
        return definition_of(fact, self.rules)[1]

    def figures(self) -> Iterator[Said]:
        """Yield the amounts that are reported."""
        for at, amount in enumerate(self.amounts):
            clause = self.clauses[self.clause_at(amount.start)]
            before = self.text.plain[clause.start : amount.wide[0]]
            after = self.text.plain[amount.wide[1] : clause.end]
            bound = self._bind(amount, clause)
            if self._corrected(at, amount, before):
                self.dropped = bound.name if bound is not None else None
                continue
            change = self._change(amount, before, after)
            if bound is None or (not change and self._not_reported(amount, clause, before, after, bound)):
                continue
            if bound.name is not None and not change:
                self.used[bound.name] = amount
            said = self._said(amount, bound, clause)
            yield replace(said, fact="", candidates=bound.facts, change=True) if change else said

    def _corrected(self, at: int, amount: Amount, before: str) -> bool:
        """Whether the amount is named as wrong, with the right one after it."""
        if signs()["wrong_before"].search(before):
            return True
        rest = self.text.plain[amount.wide[1] :]
        return at + 1 < len(self.amounts) and bool(signs()["wrong_after"].search(rest))

    def _change(self, amount: Amount, before: str, after: str) -> bool:
        known = signs()
        if amount.points or known["change_after"].search(after):
            return True
        return bool(known["change"].search(before)) and not known["change_not"].search(before)

    def _not_reported(self, amount: Amount, clause: Clause, before: str, after: str, bound: Bound) -> bool:
        """Whether the amount is a limit, a plan, an equivalence or an example rather than the park's own figure."""
        known = signs()
        if known["baseline"].search(before) or known["theirs"].search(before):
            return True
        if self.supposed:
            return False
        if any(known[one].search(before) for one in ("limit", "goal")) or known["same_after"].search(after):
            return True
        if known["same"].search(before) and not (bound.name is not None and bound.unit == "tce"):
            return True
        if not clause.own and known["limit_after"].search(after):
            return True
        named_before = bound.name is not None and bound.name.end <= amount.start
        told = clause.own or bool(known["own"].search(self.text.plain)) or bool(self.asked)
        if amount.number == 1 and (clause.asks or known["price"].search(before)):
            return True
        return clause.asks and not told and not named_before

    def _bind(self, amount: Amount, clause: Clause) -> Bound | None:
        """Return what the amount is of; None where a bare number is of nothing."""
        if amount.unit == "percent" and self.asked and re.match(r"\s*占", self.text.plain[clause.start : clause.end]):
            return self._fit((self.asked,), amount, None)
        for name in self._nearby(amount, clause):
            if name.apart and not (name.has_share and amount.unit == "percent"):
                return self._unknown(amount, name)
            bound = self._fit(name.share if name.has_share and amount.unit == "percent" else name.of, amount, name)
            if bound is not None:
                return self._narrowed(bound, amount, clause)
        if self.asked and (bound := self._fit((self.asked,), amount, None)):
            return bound
        kind = words()["energy_units"].get(amount.unit, "certificates" if self._is_sheets(amount) else "")
        alone = self._fit(tuple(words()["unit_alone"][kind]), amount, None) if kind else None
        return alone or self._unknown(amount, None)

    def _narrowed(self, bound: Bound, amount: Amount, clause: Clause) -> Bound:
        """Return the one of several facts that another name in the clause is of: 直连的风电, 光伏绿电."""
        if len(bound.facts) < 2 or bound.share:
            return bound
        for name in self.names:
            one = name.of[0] if len(name.of) == 1 else ""
            if clause.start <= name.start and name.end <= amount.start and name not in self.used and one in bound.facts:
                return self._fit((one,), amount, name) or bound
        return bound

    def _is_sheets(self, amount: Amount) -> bool:
        return amount.unit == "piece" and "张" in self.text.plain[amount.start : amount.end]

    def _nearby(self, amount: Amount, clause: Clause) -> list[Name]:
        """Return the names that the amount may be of, the likeliest first."""
        inside = [one for one in self.names if clause.start <= one.start < clause.end]
        before = [one for one in reversed(inside) if one.end <= amount.start]
        after = [one for one in inside if one.start >= amount.end][:1]
        after = [one for one in after if _NEAR.match(self.rest[amount.wide[1] : one.start]) and one not in self.used]
        if "分别" in self.rest[clause.start : clause.end] and len(before) > 1:
            peers = [one for one in self.amounts if clause.start <= one.start < clause.end]
            at = peers.index(amount)
            return before[::-1][at : at + 1] if len(peers) == len(before) else []
        if amount.unit == "percent" and (shares := self._shares(amount, inside, before)):
            return shares
        fresh = [one for one in before if one not in self.used]
        used = [one for one in before if one in self.used]
        return [*fresh, *after, *used, *self._carried(amount, clause)]

    def _shares(self, amount: Amount, inside: list[Name], before: list[Name]) -> list[Name]:
        """Return the name that a percentage is the share of: 85%的电是绿电, 绿电占下网的80%."""
        told = [one for one in before if one.has_share and one not in self.used]
        later = [one for one in inside if one.has_share and one.start >= amount.end and one not in self.used]
        peers = [one for one in self.amounts if inside and amount.end <= one.start < inside[-1].start]
        return told[:1] or ([] if peers else later[:1])

    def _carried(self, amount: Amount, clause: Clause) -> list[Name]:
        """Return the last name of the clause before, where it has no figure of its own."""
        at = self.clauses.index(clause)
        if not at:
            return []
        said = self.text.plain[clause.start : clause.end]
        again = signs()["again"].search(self.text.plain[self.clauses[at - 1].start : clause.end])
        timed = any(clause.start <= one.start < clause.end for one in self.moments)
        if not any(clause.start <= one.start < clause.end for one in self.names) and (
            again or timed or said[:1] == "是"
        ):
            past = [one for one in self.names if one.end <= clause.start]
            return [self.dropped] if self.dropped is not None else past[-1:]
        last = self.clauses[at - 1]
        if (partner := self._partner(clause)) is not None:
            return [partner]
        names = [one for one in self.names if last.start <= one.start < last.end and one not in self.used]
        past = [one for one in self.names if one.end <= clause.start and one in self.used]
        share = re.match(r"\s*(?:占比?|比例|利用率|其中)", said) and amount.unit == "percent"
        if not names and past and (share or "/" in amount.unit):
            return past[-1:]
        return names[-1:] if not _SENTENCE.match(self.text.plain[last.end : last.end + 1]) or not last.asks else []

    def _partner(self, clause: Clause) -> Name | None:
        """Return the other half of the total that was just said: 余热可利用80万GJ，用了52万GJ."""
        past = [one for one in self.names if one.end <= clause.start]
        inside = any(clause.start <= one.start < clause.end for one in self.names)
        of = past[-1].of if past else ()
        partner = words()["partners"].get(of[0], "") if of and of[1:] in ((), (words()["partners"].get(of[0]),)) else ""
        if inside or not partner or not re.search(words()["partner_verbs"], self.text.plain[clause.start : clause.end]):
            return None
        return Name(clause.start, clause.start + 1, (partner,), (partner,), has_share=True)

    def _unknown(self, amount: Amount, name: Name | None) -> Bound | None:
        measured = amount.unit and amount.unit not in ("percent", "piece", "grade", "point", "个")
        return Bound((), amount.unit, name) if measured else None

    def _fit(self, facts: tuple[str, ...], amount: Amount, name: Name | None) -> Bound | None:
        """Return the facts that the amount can be of by its unit, or None."""
        units = {fact: self.unit_of(fact) for fact in facts if self.is_number(fact)}
        if not amount.known or (not units and not (name and name.has_share)):
            return None
        if amount.unit == "percent":
            shares = tuple(fact for fact, unit in units.items() if unit == "1")
            return Bound(shares, "1", name) if shares else Bound(tuple(units), "1", name, share=True)
        if not amount.unit:
            own = next(iter(units.values()), "")
            alone = len(units) == 1 and (facts == (self.asked,) or own in ("级", "张", "分", "1"))
            return Bound(tuple(units), own if alone else "", name, bare=True) if units else None
        same = self._measured(units, amount.unit, self.clauses[self.clause_at(amount.start)])
        if same:
            return Bound(tuple(same), next(iter(same.values())), name)
        loose = tuple(fact for fact in units if words()["loose"].get(fact) == amount.unit)
        return Bound(loose, units[loose[0]], name, bare=True, loose=True) if loose else None

    def is_number(self, fact: str) -> bool:
        """Whether the fact is a number."""
        return definition_of(fact, self.rules)[0].kind == "number"

    def _measured(self, units: dict[str, str], unit: str, clause: Clause) -> dict[str, str]:
        """Return the facts measured in units like the one said; of a family's member the fact that fits."""
        fitting: dict[str, str] = {}
        for fact, own in units.items():
            base, _, member = fact.partition("/")
            family = self.rules.facts[base].per if member and base in self.rules.facts else None
            others = [f"{one}/{member}" for one, d in self.rules.facts.items() if family and d.per == family]
            alike = {one: self.unit_of(one) for one in others if _alike(unit, self.unit_of(one))}
            turned = [one for one in alike if one.partition("/")[0] in self._side(clause)]
            if turned:
                fitting |= {one: alike[one] for one in turned}
            elif _alike(unit, own):
                fitting[fact] = own
            else:
                fitting |= dict(list(alike.items())[:1])
        return fitting

    def _side(self, clause: Clause) -> list[str]:
        """Return the facts of conversion that a clause speaks of: what goes in, or what comes out."""
        if not re.search(words()["conversion"], self.text.plain):
            return []
        said = self.text.plain[clause.start : clause.end]
        sides = words()["conversion_side"].items()
        return [fact for fact, sign in sides if re.search(sign, said) and fact in self.rules.facts][:1]

    def _said(self, amount: Amount, bound: Bound, clause: Clause) -> Said:
        """Return the figure in the unit of its facts."""
        clear = len(bound.facts) == 1 and bool(bound.unit) and not bound.share and not bound.loose
        fact = bound.facts[0] if clear else self.asked if self.asked in bound.facts and not bound.share else ""
        unit = self.unit_of(fact) if fact else bound.unit

        def turned(number: Decimal | None) -> Decimal | None:
            if number is None or bound.bare or (not bound.facts and not bound.share):
                return number
            return convert(number, amount.unit, unit) if amount.unit else plain(number)

        start, end = amount.wide
        if bound.name is not None:
            start, end = min(start, bound.name.start), max(end, bound.name.end)
        raw, first, last = self.text.raw(start, end)
        year, part = self._when(amount, clause)
        value = turned(amount.number)
        return Said(
            fact,
            () if fact else bound.facts,
            value,
            unit,
            raw,
            first,
            last,
            about=amount.about,
            low=turned(amount.low),
            high=turned(amount.high),
            year=year,
            part=part,
            bare=bound.bare,
            every=not fact and value == 0 and len(bound.facts) > 1 and not bound.share,
        )

    def _when(self, amount: Amount, clause: Clause) -> tuple[int | None, str]:
        """Return the year and the part of a year that the amount is of."""
        sentence = max([m.end() for m in _SENTENCE.finditer(self.text.plain[: amount.start])], default=0)
        before = [one for one in self.moments if one.end <= amount.start]
        behind = [one for one in self.moments if amount.end <= one.start < clause.end]
        before = [one for one in before if self._reaches(one, clause)]
        years = [one.year for one in before if one.year] or [one.year for one in behind if one.year]
        near: list[Moment] = [one for one in before if one.start >= sentence] or behind
        last = near[-1] if near else None
        part = self.text.raw(last.start, last.end)[0] if last is not None and last.part else amount.part
        return (years[-1] if years else None), part

    def _reaches(self, moment: Moment, clause: Clause) -> bool:
        """Whether a part of a year in an earlier clause is of this one too: that clause reports, or is nothing else."""
        if not moment.part or moment.start >= clause.start:
            return True
        own = self.clauses[self.clause_at(moment.start)]
        reports = any(own.start <= one.start < own.end for one in self.amounts)
        return reports or own.end - own.start - (moment.end - moment.start) <= 2

    def nothings(self) -> Iterator[Said]:
        """Yield a zero for what the message says there is none of: 没有煤, 天然气早就不用了."""
        never = signs()["never"]
        text = never.sub(lambda m: "\x00" * len(m[0]), self.rest)
        done: set[Name] = set()
        for at, clause in enumerate(self.clauses):
            said = self.text.plain[clause.start : clause.end]
            inside = [one for one in self.names if clause.start <= one.start < clause.end and one not in self.used]
            alone = signs()["none_alone"].match(text[clause.start : clause.end].replace("0", ""))
            if alone and not inside and at and not clause.asks:
                last = self.clauses[at - 1]
                inside = [one for one in self.names if last.start <= one.start < last.end and one not in self.used]
                for name in inside if alone["all"] else inside[-1:]:
                    yield from self._nothing(name, clause.end, done)
                continue
            if (
                clause.asks
                or (not clause.own and re.search("的(?:园区|企业|项目)", said))
                or signs()["goal"].search(said)
            ):
                continue
            for name in inside:
                if (span := self._negated(name, inside, text, clause)) is not None:
                    yield from self._nothing(name, span, done)

    def _negated(self, name: Name, inside: list[Name], text: str, clause: Clause) -> int | None:
        """Return the other end of the words that say there is none of it, or None."""
        if signs()["except"].search(text[max(clause.start, name.start - 4) : name.start]):
            return None
        start, end = name.start, name.end
        for other in reversed(inside):  # 没有煤、焦炭和石油焦
            if other.end <= start and signs()["joined"].match(text[other.end : start]):
                start = other.start
        for other in inside:
            if other.start >= end and signs()["joined"].match(text[end : other.start]):
                end = other.end
        if (m := signs()["none_before"].search(text[clause.start : start])) is not None:
            return clause.start + m.start()
        m = signs()["none_after"].match(text[end : clause.end])
        return end + m.end() if m is not None else None

    def _nothing(self, name: Name, other: int, done: set[Name]) -> Iterator[Said]:
        facts = tuple(fact for fact in name.of if self.may_be_zero(fact))
        if name in done or not facts:
            return
        done.add(name)
        fact = facts[0] if len(facts) == 1 else self.asked if self.asked in facts else ""
        raw, first, last = self.text.raw(min(name.start, other), max(name.end, other))
        unit = self.unit_of(fact or facts[0])
        yield Said(fact, () if fact else facts, Decimal(0), unit, raw, first, last, every=not fact)

    def may_be_zero(self, fact: str) -> bool:
        """Whether there can be none of a fact, so that 没有 means zero: an amount, not a level or a share."""
        definition, unit = definition_of(fact, self.rules)
        return definition.kind == "number" and definition.low <= 0 and unit not in words()["no_zero_units"]


def _alike(unit: str, other: str) -> bool:
    """Whether two units measure the same, and of energy the same kind: power or heat."""
    kinds: Any = words()["energy_units"]
    try:
        return measures(unit) == measures(other) and kinds.get(unit, "") == kinds.get(other, "")
    except ParkDataError:
        return False
