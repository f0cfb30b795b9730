"""Yes and no, choices, and bare replies to what was asked, as `Said`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from assistant.plain import asks, plain_text, signs, words
from assistant.reading import Reading, Said
from corpus.words import fold
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.park import definition_of
from scoring.units import read_number

_TRIM = re.compile(r"^[\s,，.。!！?？~～、嗯哦噢啊呃]+|[\s,，.。!！~～、了啊哦呀呢吧的]+$")


def stated_in(reading: Reading) -> Iterator[Said]:
    """Yield the yes-or-no facts and the choices that a message states."""
    yield from _stated(reading)
    yield from _chosen(reading)
    yield from _counted(reading)


def _stated(reading: Reading) -> Iterator[Said]:
    plain = reading.text.plain
    for fact, answers in words()["yes_no"].items():
        if fact not in reading.rules.facts or (fact in words()["only_asked"] and fact != reading.asked):
            continue
        for clause in reading.clauses:
            said = plain[clause.start : clause.end]
            if (other := words()["stated_unless"].get(fact)) and fact != reading.asked and re.search(other, said):
                continue
            matches = ((answer, re.search(one, said)) for answer, ways in answers.items() for one in ways)
            first = next(((answer, m) for answer, m in matches if m), None)
            if first is not None and not (
                clause.asks or reading.taken_back(clause) or signs()["unsettled"].search(said)
            ):
                answer, m = first
                yield _one(reading, fact, answer == "yes", clause.start + m.start(), clause.start + m.end())
                break
        else:
            yield from _stated_across(reading, fact, answers)


def _stated_across(reading: Reading, fact: str, answers: Mapping[str, list[str]]) -> Iterator[Said]:
    """Yield what two clauses say together: 原料用能9万吨标煤，省里答复不计入."""
    ways = ((answer, way) for answer, each in answers.items() for way in each if "[,，]" in way)
    for answer, way in ways:
        m = re.search(way, reading.text.plain)
        if m is not None and not any(one.asks for one in reading.clauses if m.start() < one.end <= m.end() + 1):
            yield _one(reading, fact, answer == "yes", *m.span())
            return


def _counted(reading: Reading) -> Iterator[Said]:
    """Yield the numbers that a clause says in words: 都核销过了, 连三级都没够上."""
    replies = {reading.asked: words()["stated_reply"].get(reading.asked, {})} if reading.asked else {}
    for fact, ways in (*words()["stated"].items(), *replies.items()):
        found = (
            _one(reading, fact, Decimal(value), clause.start + m.start(), clause.start + m.end())
            for clause in reading.clauses
            for value, each in ways.items()
            for way in each
            if not clause.asks and (m := re.search(way, reading.words_of(clause)))
        )
        if fact in reading.rules.facts:
            yield from list(found)[:1]


def _chosen(reading: Reading) -> Iterator[Said]:
    """Yield the options of choices that are named beside their word, or anywhere where the choice was asked for."""
    plain = reading.text.plain
    for fact, definition in reading.rules.facts.items():
        sign = words()["choices"].get(fact, "")
        if definition.kind != "choice" or not (sign or reading.asked == fact):
            continue
        for clause in reading.clauses:
            said = plain[clause.start : clause.end]
            if clause.asks or not (reading.asked == fact or re.search(sign, said)):
                continue
            found = _option(fact, definition.options, said)
            if found is not None:
                option, start, end = found
                yield _one(reading, fact, option, clause.start + start, clause.start + end)
                break


def _option(fact: str, options: Iterable[str], said: str) -> tuple[str, int, int] | None:
    """Return the option that a clause names, the longest first, and its place."""
    ways = words()["options"].get(fact, {})
    for option in sorted(options, key=len, reverse=True):
        if m := re.search(ways.get(option, re.escape(fold(option))), said):
            return option, *m.span()
    return None


def reply_in(reading: Reading, *, taken: bool) -> Iterator[Said]:
    """Yield what a bare reply says of the fact asked for.

    Args:
        reading: the message.
        taken: figures were found in it already.
    """
    definition, unit = definition_of(reading.asked, reading.rules)
    plain = reading.text.plain
    reply = _TRIM.sub("", _TRIM.sub("", plain)).strip()
    if not reply:
        return
    start = plain.find(reply)
    if definition.kind in ("yes_no", "declaration"):
        value = _yes_or_no(reading.asked, plain.strip(), reply, definition.kind)
        objects = taken and re.match(words()["replies"]["objecting"], reply)  # 不对，下网电量是… is no answer
        if value is not None and not objects:
            yield _one(reading, reading.asked, value, start, start + len(reply))
    elif definition.kind == "number" and not taken:
        number = _number(reply)
        if _says_none(reply, reading) and reading.may_be_zero(reading.asked):
            yield _one(reading, reading.asked, Decimal(0), start, start + len(reply), unit)
        elif number is not None:
            yield _one(reading, reading.asked, number, start, start + len(reply), unit, bare=True)


@cache
def _none() -> re.Pattern[str]:
    """Return the pattern of a reply that there is none: 我们这边从来没用过这个."""
    part: Mapping[str, str] = words()["none_reply"]
    head = rf"(?:{part['who']}|{part['how']})*"
    said = rf"(?:(?:{part['none']})(?:{part['verb']})*|(?:{part['no_verb']})(?:{part['not_verb']})+)"
    chinese = rf"(?:{head}{said}(?:{part['end']})*(?:{part['what']})?(?:{part['end']})*){{1,2}}"
    return re.compile(f"{chinese}|{part['english']}|{signs()['reply_none'].pattern}")


def _says_none(reply: str, reading: Reading) -> bool:
    """Whether a reply, or one of its clauses, says no more than that there is none."""
    none = _none()
    first, *more = re.split(r"[,，。;；]|(?<=[一-鿿])\s+(?=[一-鿿])", reply)
    last_year = any(re.match("去年|上年", one) and none.fullmatch(one) for one in more)
    others = any(reading.asked not in one.of for one in reading.names)  # 电没有, of another, is no reply
    last = bool(more and not others and none.fullmatch(more[-1]))
    if signs()["elsewhere"].search(reply):  # 这数据在供电局，我没有
        return bool(none.fullmatch(reply))
    return bool(none.fullmatch(reply) or (more and none.fullmatch(first)) or last_year or last)


def whole_reply(message: str, asked: str, rules: Rules, *, value: bool | None = None) -> Iterator[Said]:
    """Yield what a whole message without a figure of its own says of what was asked for.

    Args:
        message: as typed.
        asked: the fact that was asked for.
        rules: they define it.
        value: yes or no; None where the message says that there is none.
    """
    reading = Reading(plain_text(message), rules, asked)
    if value is None and definition_of(asked, rules)[0].kind == "yes_no":
        value = asked in words()["upside_down"]
    if reading.text.plain.strip() and (value is not None or reading.may_be_zero(asked)):
        yield _one(reading, asked, Decimal(0) if value is None else value, 0, len(reading.text.plain))


def _yes_or_no(asked: str, typed: str, reply: str, kind: str) -> bool | None:
    """Return what a reply to a yes-or-no question says; None where it says neither, or that it is not known."""
    replies = words()["replies"]
    first, *more = re.split(r"[,，。;；\s]", reply)
    first = more[0] if more and re.search(words()["answered"], first) else first
    if asks(first) and not re.search(replies["tag"], first):  # 够不够, 能不能过 answer nothing
        return None
    unclear = words()["unclear"].get(asked)
    if re.search(replies["unsure"], reply) or (unclear and re.search(unclear, reply) and _has(asked, first)):
        return None
    if kind == "declaration":  # a bare 没有 to “都填全了，没有的都是零” may mean either
        if re.search(replies["finished"], typed):
            return True
        return True if re.search(replies["yes"], first) else None
    if asked in words()["upside_down"] and re.search(replies["lacking"], first):
        return True
    if _has(asked, first):
        return False
    if re.search(replies["no"], first):
        return False
    return True if re.search(replies["yes"], first) else None


def _has(asked: str, first: str) -> bool:
    """Whether a reply says that there is what there should be none of."""
    return asked in words()["upside_down"] and bool(re.search(words()["replies"]["having"], first))


def _number(reply: str) -> Decimal | None:
    """Return the number of a reply that is a Chinese numeral and nothing else: 三, 零."""
    try:
        return read_number(reply) if re.fullmatch("[零〇一二两三四五六七八九十]{1,2}", reply) else None
    except ParkDataError:
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
    raw, first, last = reading.text.raw(start, end)
    return Said(fact, (), value, unit or definition_of(fact, reading.rules)[1], raw, first, last, bare=bare)
