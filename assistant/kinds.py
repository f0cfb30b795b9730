"""Which fact of a kind (power, heat, water, certificates) the words beside an amount make it: 公网只补了2.1亿度.

    told(reading, facts, near, far="")      the facts that are left, one where the words say which

The name of an amount often leaves several facts (电, 蒸汽, 余热) or says another side of it (3000张绿证没核销). The
words of `said_kinds.yaml` beside it then decide; where they do not, several facts stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from assistant.amounts import Amount
from assistant.naming import Name
from assistant.plain import signs, words
from assistant.reading import SENTENCE, Clause, Reading
from assistant.understand import read_yaml


@dataclass(frozen=True)
class Group:
    """One group of the facts of a kind: what `said_kinds.yaml` says of it, compiled."""

    of: Mapping[str, re.Pattern[str]]
    when: re.Pattern[str] | None = None
    far: bool = False
    turns: bool = False
    lent: bool = False
    broad: str = ""
    only: tuple[str, ...] = ()


@cache
def kinds() -> Mapping[str, Sequence[Group]]:
    """Return the kinds of `said_kinds.yaml`."""
    read = cast(Mapping[str, Sequence[Mapping[str, Any]]], read_yaml("assistant", "said_kinds.yaml"))
    return {kind: [_group(one) for one in groups] for kind, groups in read.items()}


def _group(written: Mapping[str, Any]) -> Group:
    return Group(
        {fact: re.compile(way) for fact, way in written["of"].items()},
        re.compile(written["when"]) if "when" in written else None,
        far="far" in written,
        turns="turns" in written,
        lent="lent" in written,
        broad=written.get("broad", ""),
        only=tuple(written.get("only", ())),
    )


def kind_of(facts: Sequence[str]) -> str:
    """Return the kind that all of some facts are of; empty where there is none."""
    own = ((kind, {fact for one in groups if not one.lent for fact in one.of}) for kind, groups in kinds().items())
    return next((kind for kind, known in own if facts and known.issuperset(facts)), "")


def of_one_kind(reading: Reading, name: Name) -> tuple[str, ...]:
    """Return the facts of a name; of 往外送, 已利用量 those of the kind that was spoken of last: of heat, of power."""
    own = {kind_of((fact,)) for fact in name.of} - {""}
    if len(own) < 2:
        return name.of
    before = [one for one in reversed(reading.names) if one.end <= name.start]
    spoken = (kind_of(one.of or one.share) for one in before)
    kind = next((one for one in spoken if one in own), "")
    return tuple(fact for fact in name.of if kind_of((fact,)) == kind) if kind else name.of


def facts_of(reading: Reading, kind: str) -> tuple[str, ...]:
    """Return the facts of a kind that the rules have."""
    groups = kinds()[kind] if kind else ()
    return tuple(
        fact for one in groups if not one.lent for fact in one.of if fact in reading.rules.facts or "/" in fact
    )


@dataclass(frozen=True, slots=True)
class Near:
    """The words beside an amount: `own` from its name or the amount before it to the next one; `more` in clauses that
    only say more of it (都是燃煤热电来的); `far` the whole message; `later` what follows up to the next amount."""

    own: str
    more: str
    far: str
    later: str


def told(reading: Reading, facts: tuple[str, ...], near: Near) -> tuple[str, ...]:
    """Return the facts that the words beside an amount leave of those that its name may mean."""
    clear = len(facts) == 1
    beside = near.own if clear else near.more
    for group in kinds().get(kind_of(facts), ()):
        if group.when is not None and not group.when.search(near.far if group.only else near.own):
            continue
        if group.only and not set(facts) <= set(group.only):
            continue
        own = tuple(fact for fact in group.of if fact in reading.rules.facts or "/" in fact)
        if clear and (not group.turns or (group.when is not None and facts[0] in own)):
            return facts
        said = [fact for fact in own if group.of[fact].search(beside)]
        if group.when is None and not clear and group.broad not in facts:
            said = [fact for fact in said if fact in facts]
        if not said and group.far and len(found := [fact for fact in own if group.of[fact].search(near.far)]) == 1:
            said = found
        if said or (clear and group.when is None):
            return tuple(said[:1]) or facts
        return tuple(fact for fact in facts if fact in own) or own
    return facts


def near_words(reading: Reading, amount: Amount, clause: Clause, name: Name | None) -> Near:
    """Return the words beside an amount."""
    plain, amounts = reading.text.plain, reading.amounts
    at = amounts.index(amount)
    before = amounts[at - 1].wide[1] if at else 0
    start = max(clause.start, before)
    at_clause = reading.clauses.index(clause)
    if name is None and at_clause and not reading.names_of(clause):
        start = max(before, reading.clauses[at_clause - 1].start)
    if name is not None and before <= name.start < clause.start:
        start = max(before, reading.clauses[reading.clause_at(name.start)].start)
    after = plain[amount.wide[1] : clause.end]
    if at + 1 < len(amounts) and amounts[at + 1].wide[0] < clause.end:  # what is of the next amount is not of this one
        after = re.split(r"[、和及与\s(里减扣]|其中|含", plain[amount.wide[1] : amounts[at + 1].wide[0]])[0]
    own = plain[start : amount.wide[0]] + " " + after
    following = amounts[at + 1 : at + 2]
    last = reading.clauses[reading.clause_at(following[0].end)].end if following else 0
    later = plain[amount.wide[1] : last]
    own = _head(plain[: amount.wide[0]]) + signs()["minus"].sub(" ", own)
    return Near(own, " ".join([own, *_tails(reading, clause)]), plain, later)


def _tails(reading: Reading, clause: Clause) -> list[str]:
    """Return the clauses after one that say more of its amount and have none of their own: 都是燃煤热电来的."""
    found: list[str] = []
    between = False
    for one in reading.clauses[reading.clauses.index(clause) + 1 :]:
        said = reading.words_of(one)
        if any(one.start <= amount.start < one.end for amount in reading.amounts):
            if reading.names_of(one):
                break
            between = True
        elif one.asks or not (signs()["tail_of_all" if between else "tail"].match(said) or _says_from(said, between)):
            break
        else:
            found.append(said)
    return found


def _head(before: str) -> str:
    """Return the word of sending out that 其中 goes on from: 外供热力11.2万GJ，其中燃煤热力8万GJ; empty otherwise."""
    head = re.search(words()["sent_head"], SENTENCE.split(before)[-1])
    return head[1] if head else ""


def _says_from(said: str, between: bool) -> bool:
    """Whether a clause only says who gave what was said right before: 煤电厂供的."""
    return not between and bool(re.search(words()["given_by"], said))
