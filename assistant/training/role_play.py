"""The park's staff in an interview, played from the hidden dossier: they know what it says and nothing else.

    reply = answer("绿证都核销了吗？", dossier, rules)
    reply.text, reply.statements      each statement with the cell or paragraph that it is read from

At difficulty 2 and 3 they evade where something is wrong, until pressed for a paper or asked again. No figure is ever
made up: what the dossier does not hold, they do not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

from assistant.training.dossier_model import SHEET, Dossier, Paper, Sheet, Spot
from assistant.understand import read_yaml
from scoring.cells import manner
from scoring.model import Rules
from scoring.park import definition_of
from scoring.wording import label_of

_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OPENLY = 1


@cache
def play_texts() -> dict[str, Any]:
    """Return the words of the role-play: `role_play.yaml`, read once."""
    return cast(dict[str, Any], read_yaml("assistant.training", "role_play.yaml"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said, and the cells that it is read from; `left` is how many rows it says are not read out."""

    text: str
    read: tuple[Spot, ...]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the staff say. `evaded`: they know and do not say; `known`: the question is about something they know."""

    statements: tuple[Statement, ...]
    said: str
    topic: str = ""
    evaded: bool = False
    known: bool = True

    @property
    def text(self) -> str:
        """The reply as it is spoken."""
        return "".join(one.text for one in self.statements) or self.said

    def record(self) -> dict[str, Any]:
        """Return the reply as JSON holds it."""
        read = [{"place": spot.place, "text": spot.text} for one in self.statements for spot in one.read]
        return {"text": self.text, "topic": self.topic, "evaded": self.evaded, "known": self.known, "read": read}


@lru_cache(maxsize=4096)
def topic_of(question: str) -> str:
    """Return the id of what the question is about, by the longest word of a topic in it; empty where none is."""
    best, most = "", 0
    for topic in play_texts()["topics"]:
        score = max((len(word) for word in topic["words"] if word in question), default=0)
        if score > most:
            best, most = topic["id"], score
    return best


@cache
def _topics() -> Mapping[str, Mapping[str, Any]]:
    return {one["id"]: one for one in play_texts()["topics"]}


def answer(question: str, dossier: Dossier, rules: Rules, *, asked: Sequence[str] = ()) -> Reply:
    """Return what the staff answer; `asked` are the questions that came before, the oldest first."""
    say = play_texts()
    about = topic_of(question)
    if not about:
        return Reply((), say["say"]["unknown"], known=False)
    topic = _topics()[about]
    pressed = any(word in question for word in say["press_words"])
    before = [one for one in asked if topic_of(one) == about]
    again, sore = len(before) + pressed, _sore(topic, dossier)
    if sore and again < dossier.difficulty - _OPENLY:
        return _evaded(topic, dossier, again)
    found = list(_spoken(question, topic, dossier, rules, papers=pressed or (sore and again > 0)))
    if not found:
        return Reply((), say["say"]["unknown"], topic["id"], known=False)
    return Reply(tuple(found), "", topic["id"])


def _sore(topic: Mapping[str, Any], dossier: Dossier) -> bool:
    """Whether something of the topic is wrong in the park sheet."""
    wrong = {fact for one in dossier.faults for fact in one.facts}
    seen = [tag for one in dossier.faults for tag, _ in one.spots if not tag.startswith((f"{SHEET}:", "talk:"))]
    return bool(wrong & set(topic["facts"])) or any(
        tag.startswith(tuple(topic["rows"])) for tag in seen if topic["rows"]
    )


def _evaded(topic: Mapping[str, Any], dossier: Dossier, again: int) -> Reply:
    """Return an evasion; pressed once, they name the paper and no figure."""
    say = play_texts()
    if again:
        for paper, _, _ in _rows(topic, dossier):
            return Reply((), say["say"]["pointer"].format(paper=paper.name), topic["id"], evaded=True)
    turn = sum(map(ord, topic["id"] + dossier.id)) % len(say["evade"])
    return Reply((), say["evade"][turn], topic["id"], evaded=True)


def _spoken(
    question: str, topic: Mapping[str, Any], dossier: Dossier, rules: Rules, *, papers: bool
) -> Iterator[Statement]:
    """Yield what is said: figures of the park sheet, a month, sources; then the papers, where they are asked for."""
    month = _MONTH.search(question)
    sourced = any(word in question for word in play_texts()["source_words"])
    for fact in topic["facts"]:
        if month is not None:
            yield _month(fact, int(month.group(1)), dossier, rules)
            continue
        if len(topic["facts"]) > 1 and fact not in dossier.reported["facts"] and definition_of(fact, rules)[0].derived:
            continue  # the rules work it out: nobody fills it in
        yield _value(fact, dossier, rules)
        if sourced and (told := _source(fact, dossier, rules)) is not None:
            yield told
    if papers or dossier.difficulty == _OPENLY:
        yield from _told_before(topic, dossier)
    if papers or not topic["facts"] or (dossier.difficulty == _OPENLY and sourced):
        yield from _from_papers(topic, dossier, manner()["months"][int(month.group(1)) - 1] if month else "")


def _told_before(topic: Mapping[str, Any], dossier: Dossier) -> Iterator[Statement]:
    """Yield what they have said of it in the interview notes, where something of the topic is wrong."""
    facts = set(topic["facts"])
    tags = {f"talk:{one.kind}" for one in dossier.faults if facts & set(one.facts)}
    for paper, sheet, row in _all_rows(dossier):
        if sheet.lines[row].tag in tags:
            yield _line(paper, dossier.row_spots(paper, sheet, row))


def _line(paper: Paper, spots: tuple[Spot, ...]) -> Statement:
    return Statement(play_texts()["say"]["line"].format(paper=paper.name, text=spots[0].text), spots)


def _value(fact: str, dossier: Dossier, rules: Rules) -> Statement:
    say, label = play_texts()["say"], _label(fact, rules)
    value = dossier.spot(f"{SHEET}:{fact}", "value", rules)
    if not value.text:
        return Statement(say["empty"].format(label=label), (value,))
    if fact in ("name", "year"):
        return Statement(say["value"].format(label=label, value=value.text), (value,))
    if definition_of(fact, rules)[0].kind != "number":
        return Statement(say["answer"].format(label=label, value=value.text), (value,))
    unit = dossier.spot(f"{SHEET}:{fact}", "unit", rules)
    return Statement(say["value"].format(label=label, value=f"{value.text}{unit.text}"), (value, unit))


def _label(fact: str, rules: Rules) -> str:
    heads = {"name": manner()["columns"]["park"][0], "year": manner()["columns"]["year"][0]}
    return heads.get(fact) or label_of(fact, rules)


def _source(fact: str, dossier: Dossier, rules: Rules) -> Statement | None:
    say = play_texts()["say"]
    if fact in ("name", "year") or not isinstance(dossier.reported["facts"].get(fact), dict):
        return None
    source = dossier.spot(f"{SHEET}:{fact}", "source", rules)
    return Statement(say["source"].format(source=source.text) if source.text else say["no_source"], (source,))


def _month(fact: str, month: int, dossier: Dossier, rules: Rules) -> Statement:
    say, label = play_texts()["say"], _label(fact, rules)
    given = dossier.reported["months"].get(fact)
    if given is None:
        return Statement(say["no_month"].format(label=label), ())
    spot = dossier.spot(f"{SHEET}:month:{fact}:{month - 1}", "", rules)
    head, unit = dossier.month_head(month), dossier.month_unit(fact)
    text = say["month"].format(label=label, month=head.text, value=f"{spot.text}{unit.text}")
    return Statement(text, (head, spot, unit))


def _all_rows(dossier: Dossier) -> Iterator[tuple[Paper, Sheet, int]]:
    for paper in dossier.papers:
        for sheet in paper.sheets:
            for row in range(len(sheet.lines)):
                yield paper, sheet, row


def _rows(topic: Mapping[str, Any], dossier: Dossier) -> Iterator[tuple[Paper, Sheet, int]]:
    tags = tuple(topic["rows"])
    return (one for one in _all_rows(dossier) if tags and one[1].lines[one[2]].tag.startswith(tags))


def _is_of(month: str, place: tuple[Paper, Sheet, int]) -> bool:
    _, sheet, row = place
    return bool(sheet.heads) and sheet.lines[row].cells[0] == month


def _from_papers(topic: Mapping[str, Any], dossier: Dossier, month: str) -> Iterator[Statement]:
    say, most = play_texts()["say"], int(play_texts()["rows_at_once"])
    rows = list(_rows(topic, dossier))
    sheets = {sheet.key for _, sheet, _ in rows}
    monthly = [one for one in _all_rows(dossier) if month and one[1].key in sheets and _is_of(month, one)]
    rows = monthly or rows
    for paper, sheet, row in rows[:most]:
        spots = dossier.row_spots(paper, sheet, row)
        if not sheet.heads:
            yield _line(paper, spots)
            continue
        told = [(head, spot) for head, spot in zip(sheet.heads, spots, strict=True) if spot.text]
        cells = "，".join(say["cell"].format(head=head, text=spot.text) for head, spot in told)
        text = say["row"].format(paper=paper.name, sheet=sheet.title, cells=cells)
        yield Statement(text, tuple(spot for _, spot in told))
    if len(rows) > most:
        paper, sheet, _ = rows[most]
        yield Statement(
            say["more"].format(paper=paper.name, sheet=sheet.title, count=len(rows) - most), (), len(rows) - most
        )


def untraced(reply: Reply, cells: Mapping[str, str], rules: Rules) -> list[str]:
    """Return what in a reply the files do not hold: cells that say something else, and figures read from none.

    `cells` is what the files say by place (`Dossier.cells`). A label may hold a figure of its own (3年内).
    """
    read = [spot for one in reply.statements for spot in one.read]
    found = [f"{spot.place}：{spot.text}" for spot in read if cells.get(spot.place) != spot.text]
    for one in reply.statements:
        said = one.text
        for label in _labels(reply.topic, rules):
            said = said.replace(label, "")
        known = set(_NUMBER.findall(" ".join(spot.text for spot in one.read)))
        known |= {str(one.left)} if one.left else set()
        found += [f"{number}：{one.text}" for number in _NUMBER.findall(said) if number not in known]
    found += [f"{number}：{reply.said}" for number in _NUMBER.findall(reply.said)]
    return found


def _labels(about: str, rules: Rules) -> list[str]:
    return [_label(fact, rules) for fact in _topics()[about]["facts"]] if about else []
