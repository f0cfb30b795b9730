"""The log of an interview: what was said, confirmed, corrected, withdrawn; plain data that goes through JSON.

Nothing is ever taken out of the log. The park's data are what reading it from the first entry to the last leaves
standing; only confirmed values do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal, cast

from scoring.errors import ParkDataError
from scoring.model import Fact, ParkData
from scoring.units import plain, read_amount

_ORIGIN = re.compile(r"turn (\d+)")
Value = Decimal | bool | str
State = Literal["said", "confirmed", "corrected", "withdrawn"]
Doubt = Literal[
    "about", "range", "part", "sum", "unit", "smell", "choice", "conflict", "evidence", "impossible", "again"
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the log.

    Attributes:
        value: in the fact's own unit; None where it was withdrawn, or is not known yet.
        raw: the words that hold it, as typed, or the text of the cell.
        origin: the turn or the cell: "turn 3", "park.xlsx 用能!C7".
        evidence: who or what it comes from, as far as was said.
    """

    fact: str
    value: Value | None
    unit: str
    raw: str
    origin: str
    evidence: str
    state: State
    turn: int

    @property
    def said_in(self) -> int | None:
        """The turn in which it was said; None where it comes from a file or the table."""
        turn = _ORIGIN.fullmatch(self.origin)
        return int(turn[1]) if turn else None


@dataclass(frozen=True, slots=True)
class Pending:
    """A value that needs an explicit yes, a choice, or another value, and why.

    Attributes:
        candidates: the facts it may belong to, where that is not clear.
        other: the earlier value of a conflict; the value that a smell suggests.
        text: what scoring says is wrong with it, or the words that made it doubtful.
        tries: how many messages did not answer the question about it.
        parts: of the park, what each is called and its value in the fact's unit.
        part: what the figure is of, where that is no whole; its total is asked for when its fact or unit is clear.
        about: it was said as a guess.
    """

    kind: Doubt
    entry: Entry
    candidates: tuple[str, ...] = ()
    other: Value | None = None
    text: str = ""
    tries: int = 0
    parts: tuple[tuple[str, Decimal], ...] = ()
    part: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """One guided self-assessment, after some turn. Each step returns a new one.

    Attributes:
        year: the accounting year; 0 where it was not said.
        asked: the fact, or the declaration for several, that the last question asks for; empty for none.
        pending: doubtful values, the first of them being asked about.
        skipped: what was not known, with the turn, each as often as it was asked for.
        sound: the values kept although they smell wrong.
        excuses: guiding indicators left out, with the reason given.
        previous, previous_year: an earlier year's values, to be said again or changed.
        told: the outcomes that were announced as settled.
        undone: the turns that were taken back, and those that took back.
    """

    rules_id: str
    name: str = ""
    year: int = 0
    region: str = ""
    entries: tuple[Entry, ...] = ()
    asked: str = ""
    pending: tuple[Pending, ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    sound: tuple[str, ...] = ()
    excuses: tuple[tuple[str, str], ...] = ()
    previous: tuple[Entry, ...] = ()
    previous_year: int = 0
    told: tuple[str, ...] = ()
    undone: tuple[int, ...] = ()

    def record(self) -> dict[str, Any]:
        """Return the interview as plain data for JSON."""
        return cast(dict[str, Any], _plain(self))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Interview:
        """Return the interview that the record holds."""
        found = dict(record)
        found["entries"] = tuple(_entry(one) for one in record["entries"])
        found["previous"] = tuple(_entry(one) for one in record["previous"])
        found["pending"] = tuple(_pending(one) for one in record["pending"])
        for key in ("excuses", "skipped"):
            found[key] = tuple(tuple(pair) for pair in record[key])
        for key in ("sound", "told", "undone"):
            found[key] = tuple(record[key])
        return cls(**found)

    def standing(self) -> dict[str, Entry]:
        """Return the entry of each value that scores, by fact."""
        found: dict[str, Entry] = {}
        for entry in self.entries:
            if entry.state == "withdrawn":
                found.pop(entry.fact, None)
            elif entry.state != "said":
                found[entry.fact] = entry
        return found

    def waiting(self) -> dict[str, Entry]:
        """Return the values said and not objected to so far, which going on confirms."""
        doubtful = {one.entry.fact for one in self.pending}
        doubtful |= {key for one in self.pending if one.kind == "again" for key in one.candidates}
        last = {entry.fact: entry for entry in self.entries}
        return {key: entry for key, entry in last.items() if entry.state == "said" and key not in doubtful}

    def known(self) -> dict[str, Entry]:
        """Return the values that score and those that wait to be confirmed."""
        return {**self.standing(), **self.waiting()}

    def park(self, entries: Mapping[str, Entry] | None = None) -> ParkData:
        """Return the park's data: the confirmed values, or those of the entries given."""
        chosen = self.standing() if entries is None else entries
        facts = {key: _fact(chosen[key]) for key in sorted(chosen)}
        return ParkData(self.name, self.year, facts, dict(self.excuses))

    def not_known(self) -> dict[str, int]:
        """Return what was not known and was not said since, with how often it was asked for."""
        known = self.known()
        keys = [key for key, _ in self.skipped if key not in known]
        return {key: keys.count(key) for key in keys}

    def logged(self, entries: Iterable[Entry], **changes: Any) -> Interview:
        """Return the interview with more entries, and with the fields changed."""
        return replace(self, entries=(*self.entries, *entries), **changes)


def _fact(entry: Entry) -> Fact:
    assert entry.value is not None
    return Fact(entry.fact, entry.value, _written(entry), entry.evidence, entry.origin)


def _written(entry: Entry) -> str:
    """Return the amount as it was said, or in the fact's unit where the words around it do not let it be read."""
    if not isinstance(entry.value, Decimal):
        return entry.raw
    try:
        read_amount(entry.raw)
    except ParkDataError:
        return f"{plain(entry.value):f} {entry.unit}".removesuffix(" 1")
    return entry.raw


def _plain(value: object) -> Any:
    if isinstance(value, Interview | Entry | Pending):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in cast(tuple[object, ...], value)]
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _value(found: Mapping[str, str] | bool | str | None) -> Value | None:
    return Decimal(found["number"]) if isinstance(found, Mapping) else found


def _entry(record: Mapping[str, Any]) -> Entry:
    found: dict[str, Any] = {**record, "value": _value(record["value"])}
    return Entry(**found)


def _pending(record: Mapping[str, Any]) -> Pending:
    found: dict[str, Any] = {
        **record,
        "entry": _entry(record["entry"]),
        "candidates": tuple(record["candidates"]),
        "other": _value(record["other"]),
        "parts": tuple((part, _value(value)) for part, value in record.get("parts", ())),
    }
    return Pending(**found)
