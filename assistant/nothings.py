"""What a message says there is none of: 没有煤, 天然气早就不用了, 煤、焦炭都没有 -> zeros."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from assistant.kinds import Near, kind_of, of_one_kind, told
from assistant.naming import Name
from assistant.plain import signs, words
from assistant.reading import Clause, Reading, Said

_TWO = 2
_MANY = 5


def nothings_in(reading: Reading) -> Iterator[Said]:
    """Yield a zero for what the message says there is none of: 没有煤, 天然气早就不用了."""
    never = signs()["never"]
    text = never.sub(lambda m: "\x00" * len(m[0]), reading.rest)
    done: set[Name] = set()
    for at, clause in enumerate(reading.clauses):
        said = reading.text.plain[clause.start : clause.end]
        inside = [one for one in reading.names if clause.start <= one.start < clause.end and one not in reading.used]
        alone = signs()["none_alone"].match(text[clause.start : clause.end].replace("0", ""))
        if alone and not inside and at and not clause.asks:
            last = reading.clauses[at - 1]
            inside = [one for one in reading.names if last.start <= one.start < last.end and one not in reading.used]
            for name in inside if alone["all"] else inside[-1:]:
                yield from _nothing(reading, name, clause.end, done)
            continue
        if reading.taken_back(clause):
            continue
        asks = clause.asks and not signs()["if_none"].search(said)  # 煤全停了结果能好多少
        if asks or (not clause.own and re.search("的(?:园区|企业|项目)", said)) or signs()["goal"].search(said):
            continue
        if len(reading.amounts) > 1 and signs()["share_of_park"].search(said):
            continue  # 甲公司210万方，丙公司没用气: one company's, not the park's
        weak = [one for one in inside if _is_weak(reading, one, inside)]
        for name in [one for one in inside if one not in weak]:
            if (span := _negated(reading, name, inside, text, clause)) is not None:
                yield from _nothing(reading, name, span, done)


def _is_weak(reading: Reading, name: Name, inside: list[Name]) -> bool:
    """Whether a name says nothing without another one: 外送 does where no other of power or heat stands beside it."""
    said = reading.rest[name.start : name.end]
    if said not in words()["weak"] or reading.asked in name.of:
        return False
    others = [one for one in inside if one is not name]
    return said not in words()["sent_out"] or any(kind_of(one.of) in ("power", "heat") for one in others)


def _negated(reading: Reading, name: Name, inside: list[Name], text: str, clause: Clause) -> int | None:
    """Return the other end of the words that say there is none of it, or None."""
    if signs()["survey"].match(text[name.end : clause.end]):  # 没做过余热普查
        return None
    if _is_rest(reading, name) and not _rest_of(reading, name):
        return None
    if signs()["almost_none"].search(text[clause.start : name.start]) or signs()["almost"].match(
        text[name.end : clause.end]
    ):
        return None
    start, end = name.start, name.end
    for other in reversed(inside):  # 没有煤、焦炭和石油焦
        if other.end == start or (other.end < start and signs()["joined"].match(text[other.end : start])):
            start = other.start
    for other in inside:
        if other.start == end or (other.start > end and signs()["joined"].match(text[end : other.start])):
            end = other.end
    if (m := signs()["none_before"].search(text[clause.start : start])) is not None:
        return clause.start + m.start()
    m = signs()["none_after"].match(text[end : clause.end])
    return end + m.end() if m is not None else None


def _nothing(reading: Reading, name: Name, other: int, done: set[Name]) -> Iterator[Said]:
    clause = reading.clauses[reading.clause_at(name.start)]
    said = reading.words_of(clause)
    facts = of_one_kind(reading, name)
    far = reading.text.plain if reading.told and _fed_in(reading, name) else ""  # else none of whatever source
    rest = _rest_of(reading, name)
    if not rest and len(facts) > 1 and reading.told & set(facts):
        return  # 蒸汽外购50万GJ，园内不产汽
    own = re.split("[、和与及跟]", said[: name.end - clause.start])[-1]  # 直供和自发的绿电都没有
    beside = told(reading, facts, Near(own, own, "", ""))
    facts = rest or (beside if len(beside) == 1 < len(facts) else told(reading, facts, Near(said, said, far, "")))
    facts = tuple(fact for fact in facts if reading.may_be_zero(fact))
    if name in done or not facts:
        return
    done.add(name)
    asked = reading.asked if reading.asked in facts and len(facts) < _MANY else ""  # 一吨煤都没有 is of every coal
    fact = facts[0] if len(facts) == 1 else asked
    raw, first, last = reading.text.raw(min(name.start, other), max(name.end, other))
    unit = reading.unit_of(fact or facts[0])
    yield Said(fact, () if fact else facts, Decimal(0), unit, raw, first, last, every=not fact)


def _fed_in(reading: Reading, name: Name) -> bool:
    """Whether a name is of power that what was just said generates: 光伏自用1200万度，没上网."""
    return bool(re.search("上网|余电|返送|fed back|feed", reading.rest[name.start : name.end]))


def _rest_of(reading: Reading, name: Name) -> tuple[str, ...]:
    """Return the one fact that is left of two where the other has a figure: 燃煤机组送了3600万度，别的没往外送."""
    facts = of_one_kind(reading, name)
    left = tuple(fact for fact in facts if fact not in reading.told)
    return left if _is_rest(reading, name) and len(left) == 1 and len(facts) == _TWO else ()


def _is_rest(reading: Reading, name: Name) -> bool:
    """Whether a name is said of the rest alone: 别的没往外送, 除了煤."""
    clause = reading.clauses[reading.clause_at(name.start)]
    return bool(signs()["except"].search(reading.text.plain[max(clause.start, name.start - 4) : name.start]))
