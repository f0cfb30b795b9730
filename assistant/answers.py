"""Yes and no, choices, and bare replies to what was asked, as `Said`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from assistant.amounts import signs, words
from corpus.words import fold
from scoring.errors import ParkDataError
from scoring.park import definition_of
from scoring.units import read_number

if TYPE_CHECKING:
    from assistant.said import Reading, Said

_TRIM = re.compile(r"^[\s,，.。!！?？~～、嗯哦噢啊呃]+|[\s,，.。!！~～、了啊哦呀呢吧的]+$")


def stated_in(reading: Reading) -> Iterator[Said]:
    """Yield the yes-or-no facts and the choices that a message states."""
    yield from _stated(reading)
    yield from _chosen(reading)


def _stated(reading: Reading) -> Iterator[Said]:
    plain = reading.text.plain
    for fact, answers in words()["yes_no"].items():
        if fact not in reading.rules.facts:
            continue
        for clause in reading.clauses:
            said = plain[clause.start : clause.end]
            matches = ((answer, re.search(one, said)) for answer, ways in answers.items() for one in ways)
            first = next(((answer, m) for answer, m in matches if m), None)
            if first is not None and not clause.asks:
                answer, m = first
                yield _one(reading, fact, answer == "yes", clause.start + m.start(), clause.start + m.end())
                break


def _chosen(reading: Reading) -> Iterator[Said]:
    """Yield the options of choices that are named beside their word, or anywhere where the choice was asked for."""
    plain = reading.text.plain
    for fact, sign in words()["choices"].items():
        definition = reading.rules.facts.get(fact)
        if definition is None:
            continue
        for clause in reading.clauses:
            said = plain[clause.start : clause.end]
            if clause.asks or not (reading.asked == fact or re.search(sign, said)):
                continue
            named = [one for one in definition.options if fold(one) in said]
            if named:
                best = max(named, key=len)
                start = clause.start + said.index(fold(best))
                yield _one(reading, fact, best, start, start + len(fold(best)))
                break


def reply_in(reading: Reading, *, taken: bool) -> Iterator[Said]:
    """Yield what a bare reply says of the fact asked for.

    Args:
        reading: the message.
        taken: figures were found in it already.
    """
    definition, unit = definition_of(reading.asked, reading.rules)
    plain = reading.text.plain
    whole = plain.strip(" ,，。.!！?？~～")
    reply = whole if whole in words()["replies"]["yes"] else _TRIM.sub("", _TRIM.sub("", plain)).strip()
    start = plain.find(reply) if reply else 0
    first = re.split(r"[,，。;；\s]", reply)[0]
    if not reply:
        return
    if definition.kind in ("yes_no", "declaration"):
        value = _yes_or_no(reading.asked, reply, first, definition.kind)
        if value is not None:
            yield _one(reading, reading.asked, value, start, start + len(reply))
    elif definition.kind in ("choice", "text"):
        named = [one for one in definition.options if fold(one) in plain]
        if named and reading.asked not in words()["choices"]:
            best = max(named, key=len)
            at = plain.index(fold(best))
            yield _one(reading, reading.asked, best, at, at + len(fold(best)))
    elif not taken:
        number = _number(reply)
        if signs()["reply_none"].fullmatch(reply) and reading.may_be_zero(reading.asked):
            yield _one(reading, reading.asked, Decimal(0), start, start + len(reply), unit)
        elif number is not None:
            yield _one(reading, reading.asked, number, start, start + len(reply), unit, bare=True)


def _yes_or_no(asked: str, reply: str, first: str, kind: str) -> bool | None:
    replies = words()["replies"]
    said = next((a for a in ("yes", "no") if reply in replies[a]), None)
    said = said or next((a for a in ("yes", "no") if first in replies[a]), None)
    lacking = first in replies["lacking"]
    if said is None or (kind == "declaration" and said == "no" and lacking):
        return None  # 没有 to “都填全了，没有的都是零” may mean either
    turned = asked in words()["upside_down"] and (lacking or first in replies["having"])
    return (said == "yes") != turned


def _number(reply: str) -> Decimal | None:
    """Return the number of a reply that is a Chinese numeral and nothing else: 三, 零."""
    try:
        return read_number(reply) if len(reply) <= 2 and not reply[0].isascii() else None
    except (ParkDataError, IndexError):
        return None


def _one(
    reading: Reading,
    fact: str,
    value: Decimal | bool | str,
    start: int,
    end: int,
    unit: str = "",
    *,
    bare: bool = False,
) -> Said:
    from assistant.said import Said

    raw, first, last = reading.text.raw(start, end)
    return Said(fact, (), value, unit or definition_of(fact, reading.rules)[1], raw, first, last, bare=bare)
