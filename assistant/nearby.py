"""The names that an amount may be of: beside it, in the clause before, by turns (分别, 前者)."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.amounts import Amount
from assistant.naming import Name
from assistant.plain import signs, words
from assistant.reading import SENTENCE, Clause, Reading

_FEW = 3
_NEAR = re.compile(
    r"^(?:[的是为来自用于在\s()]{0,4}(?:of )?|\s*(?:of (?:it|that|which|this|them) )?(?:was|were|is|are|more) "
    r"|\s*(?:(?:was|were|is|are|came) )?(?:(?:settl|purchas|procur|cover|generat|trad|supplied|bought)(?:ed)? )?"
    r"(?:through|via|under|by|from) (?:the )?)$"
)


def nearby(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the names that the amount may be of, the likeliest first."""
    inside = [one for one in reading.names if clause.start <= one.start < clause.end]
    before = [one for one in reversed(inside) if one.end <= amount.start]
    after = [one for one in inside if one.start >= amount.end][:1]
    after = [one for one in after if _NEAR.match(reading.rest[amount.wide[1] : one.start]) and one not in reading.used]
    if amount.unit == "percent" and before and re.match(r"\s*的\s*$", reading.rest[before[0].end : amount.start]):
        before = before[1:] or before  # 绿电交易提到下网电量的七成: of the other one
    if amount.unit == "percent" and reading.asked:
        before = [one for one in before if reading.rest[one.start : one.end] not in words()["weak"]]
    if amount.unit == "percent" and (shares := _shares(reading, amount, inside, before)):
        return shares
    fresh = [one for one in before if one not in reading.used]
    used = [one for one in before if one in reading.used]
    return [*fresh, *after, *used]


def _shares(reading: Reading, amount: Amount, inside: list[Name], before: list[Name]) -> list[Name]:
    """Return the name that a percentage is the share of: 85%的电是绿电, 绿电占下网的80%."""
    told = [one for one in before if one.has_share and one not in reading.used]
    later = [one for one in inside if one.has_share and one.start >= amount.end and one not in reading.used]
    peers = [one for one in reading.amounts if inside and amount.end <= one.start < inside[-1].start]
    return told[:1] or ([] if peers else later[:1])


def carried(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the last name of the clause before, where it has no figure of its own."""
    at = reading.clauses.index(clause)
    if not at:
        return []
    said = reading.text.plain[clause.start : clause.end]
    if signs()["same"].search(reading.text.plain[clause.start : amount.start]):  # 氢气300吨，折标1200tce
        turned = [one for one in reading.names if one.end <= clause.start and one.of]
        return [one for one in turned[::-1] if amount.unit != "tce" or set(one.of) & set(words()["loose"])]
    again = signs()["again"].search(reading.text.plain[reading.clauses[at - 1].start : clause.end])
    timed = any(clause.start <= one.start < clause.end for one in reading.moments)
    named = any(clause.start <= one.start < clause.end for one in reading.names)
    if not named and re.match(words()["quantity"], said):
        return [one for one in reading.names if one.end <= clause.start and one.of][-1:]
    if not named and (again or timed or said[:1] == "是"):
        past = [one for one in reading.names if one.end <= clause.start]
        near = reading.names_of(reading.clauses[at - 1])[::-1]
        near = sorted(near, key=lambda one: one.apart)  # 增加值填成产值了，改成33亿元
        dropped = [reading.dropped] if reading.dropped is not None else []
        return [*(one for one in near if one != reading.dropped), *dropped] or past[-1:]
    while at > 1 and not (reading.names_of(reading.clauses[at - 1]) or _has_amount(reading, reading.clauses[at - 1])):
        at -= 1  # 柴油嘛，叉车用的，四五十吨
    last = reading.clauses[at - 1]
    whole_of = any(signs()[one].search(said) for one in ("total", "share_of_park"))
    if whole_of and not reading.names_of(clause) and all(one in reading.used for one in reading.names_of(last)):
        return [one for one in reading.names if one.end <= clause.start and one in reading.used][-1:]
    names = [one for one in reading.names_of(last) if one not in reading.used and (not one.apart or one.has_share)]
    past = [one for one in reading.names if one.end <= clause.start and one in reading.used]
    share = re.match(r"\s*(?:占比?|比例|利用率|其中)", said) and amount.unit == "percent"
    if not names and past and (share or "/" in amount.unit):
        return past[-1:]
    return names[::-1] if not SENTENCE.match(reading.text.plain[last.end : last.end + 1]) or not last.asks else []


def named_behind(reading: Reading, amount: Amount, clause: Clause) -> list[Name]:
    """Return the name that the next clause says and nothing else: 4.4亿元，这是去年的工业增加值."""
    at = reading.clauses.index(clause) + 1
    if at >= len(reading.clauses) or carried(reading, amount, clause):
        return []
    behind = reading.clauses[at]
    names = [one for one in reading.names_of(behind) if one.of and one not in reading.used]
    if (
        not names
        or _has_amount(reading, behind)
        or behind.asks
        or "\n" in reading.text.plain[clause.end : behind.start]
    ):
        return []
    head, tail = reading.text.plain[behind.start : names[-1].start], reading.text.plain[names[-1].end : behind.end]
    only = re.fullmatch(words()["said_behind"], head[: names[0].start - behind.start])
    return names[-1:] if only and re.fullmatch("[的了吧啊呢数)\\s]*", tail) else []


def _has_amount(reading: Reading, clause: Clause) -> bool:
    return any(clause.start <= one.start < clause.end for one in reading.amounts)


def former(reading: Reading, amount: Amount, clause: Clause) -> tuple[list[Name], str] | None:
    """Return the one of two names before that 前者 or 后者 means."""
    said = reading.text.plain[clause.start : amount.start]
    turns = signs()["turn"].findall(said)
    two = [one for one in reading.names if one.end <= clause.start + said.find("者") and one.of][-2:]
    return ([two[0] if turns[-1] == "前者" else two[1]], said) if turns and len(two) > 1 else None


def respective(reading: Reading, amount: Amount, clause: Clause) -> tuple[list[Name], str] | None:
    """Return the names and the words that one of several amounts is of: 余热可利用量和已利用量分别为120、93TJ."""
    text = reading.rest[clause.start : clause.end]
    place = next((m.start() for m in re.finditer("分别|依次|各自?", text)), -1)
    peers = [one for one in reading.amounts if clause.start + max(place, 0) <= one.start < clause.end]
    if 0 <= place < _FEW and (at := reading.clauses.index(clause)) and not reading.names_of(clause):  # LNG和LPG，分别是
        before = reading.clauses[at - 1]
        clause = Clause(before.start, clause.end, clause.asks, clause.own)
        text, place = reading.rest[clause.start : clause.end], before.end - before.start
    if place < 0 or len(peers) < 2:
        return None
    cuts = [m.end() for m in re.finditer("以及|[和与及跟、]", text[:place])]
    parts = list(pairwise([0, *cuts, place]))
    spans = [(clause.start + first, clause.start + last) for first, last in parts]
    names = [[one for one in reading.names if first <= one.start and one.end <= last] for first, last in spans]
    if len(spans) != len(peers) or not all(names) or amount not in peers:
        return None
    at = peers.index(amount)
    more = reading.rest[slice(*spans[-1])] if len(names[at][-1].of) > 1 else ""  # 余热、余压可利用量分别为
    return names[at][::-1], reading.rest[slice(*spans[at])] + more
