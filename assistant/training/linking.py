"""Matching, ordering and finding the clause, from facts that stand side by side in the library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from assistant.training.choice import askable, explanation, sources
from assistant.training.model import Item, item_id, source_of
from assistant.training.reading import phrase, quoted, read_file
from assistant.training.statements import asked_figures, bare
from assistant.training.truth import Truth, alike
from corpus.figures import read_figures
from corpus.library import Library
from corpus.model import Document, Passage

_EVIDENCE = re.compile(r"^做?(.{2,24}?)考评时应留：?([^：].{3,39})。$")
_DATED = re.compile(r"^(\d{4}年\d{1,2}月(?:\d{1,2}日)?)(?:公布的|的)?[，]?(.{8,90})。$")
_CLAUSE = re.compile(
    r"^(?:附件\d ?)?(?:[一二三四五六七八九十]+(?:（[一二三四五六七八九十]+）)? ?\d?[①②]?|第[一二三四五六七八九十]+条"
    r"|附录[AB] 表[AB]\.\d|表[A-C]\.\d|指标表)$"
)
_ISSUER = re.compile(
    r"^(?:按|根据)?[^，：。]{0,12}?〔\d{4}〕\d+号(?:附件\d)?(?:规定|要求|提出|允许|支持|明确|写明|把|对|的)?[，：]?"
)
_PAIRS = 4


class Pair(NamedTuple):
    """What is matched, what it matches, and the fact that says so."""

    left: str
    right: str
    passage: Passage


def matching(stem: str, pairs: Sequence[Pair], topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item that matches what is left to what is right; None where two would fit one."""
    lefts, rights = [one.left for one in pairs], [one.right for one in pairs]
    if len(set(lefts)) < len(pairs) or len(set(rights)) < len(pairs):
        return None
    options = tuple(random.sample(rights, len(rights)))
    key = tuple(options.index(one.right) for one in pairs)
    identity = item_id("match", stem, tuple(sorted(rights)), sorted((one.left, one.right) for one in pairs))
    return Item(
        identity, "match", topic, 2, stem, options, key, "\n".join(explanation(one.passage, truth) for one in pairs),
        tuple(source_of(one.passage, truth.library.document_of(one.passage)) for one in pairs), left=tuple(lefts),
    )  # fmt: skip


def evidence_pairs(facts: Sequence[Passage]) -> list[Pair]:
    """Return measure and evidence, where a fact says what is to be kept for its assessment."""
    return [Pair(m[1], m[2], one) for one in facts if (m := _EVIDENCE.match(one.text))]


def number_pairs(documents: Sequence[Document]) -> list[Pair]:
    """Return title and number of documents, where a fact of the document names the number."""
    found: list[Pair] = []
    for document in documents:
        named = [p for p in document.passages if document.number and document.number in p.text and p.kind == "规定"]
        if not named or document.kind == "汇编" or "附件" in document.title:
            continue
        if re.split(r"[.—〔-]", document.number)[0] not in document.title:
            found.append(Pair(document.title_in_marks, document.number, named[0]))
    return found


def value_groups(library: Library, facts: Sequence[Passage]) -> Iterator[tuple[str, str, list[Pair]]]:
    """Yield (what, where, pairs) for facts of one document that repeat one column of a factor table."""
    groups: dict[tuple[str, str, str], list[Pair]] = {}
    for one in facts:
        path = one.factor.partition("=")[0].strip().split("/")
        figures = [f for f in asked_figures(one) if f.unit and one.factor.endswith(f.text.split(" ")[0])]
        if len(path) < 4 or not figures or not re.search(r"[一-鿿]", path[-2]):
            continue
        member, column = path[-2], path[-1]
        where = library.document_of(one).title_in_marks
        unit = figures[0].text.partition(" ")[2]
        names = read_file("phrases.yaml")["columns"]
        what = names["year"].format(year=column) if column.isdigit() else names.get(column, "")
        if what and unit:
            groups.setdefault((what, where, unit), []).append(Pair(member, figures[0].text, one))
    for (what, where, _), pairs in groups.items():
        yield what, where, pairs


def dated(facts: Sequence[Passage]) -> list[tuple[str, str, Passage]]:
    """Return (ISO date, what happened, fact) for facts that begin with their only date and give no year away."""
    found: list[tuple[str, str, Passage]] = []
    for one in facts:
        m = _DATED.match(one.text)
        if m is None or not askable(one) or re.search(r"20\d\d|\d+月", m[2]):
            continue
        day = next((f.key for f in read_figures(m[1]) if f.kind == "date"), "")
        if day:
            found.append((day, m[2], one))
    return found


def ordering(events: Sequence[tuple[str, str, Passage]], topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item that orders events by time; None where two are not surely apart."""
    months = [day[:7] for day, _, _ in events]
    if len(set(months)) < len(events) or len({text for _, text, _ in events}) < len(events):
        return None
    shown = random.sample(list(events), len(events))
    options = tuple(text for _, text, _ in shown)
    key = tuple(sorted(range(len(shown)), key=lambda at: shown[at][0]))
    stem = phrase("order_time")
    return Item(
        item_id("order", stem, tuple(sorted(options)), ""), "order", topic, 2, stem, options, key,
        "\n".join(explanation(one, truth) for _, _, one in sorted(events)),
        tuple(source_of(one, truth.library.document_of(one)) for _, _, one in events),
    )  # fmt: skip


def find_clause(passage: Passage, topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item that asks where a statement stands; None where another place could be argued."""
    document = truth.library.document_of(passage)
    text = _ISSUER.sub("", bare(passage.text))
    if not _CLAUSE.match(passage.place) or not askable(passage) or not 14 <= len(text) <= 90 or document.kind == "汇编":
        return None
    if passage.place in text or re.search(r"附件\d|附录|表[AB]", text):
        return None
    others = [
        one
        for one in _nearby(document, truth.library)
        if _CLAUSE.match(one.place) and not _within(one.place, passage.place)
    ]
    places: dict[str, list[Passage]] = {}
    for one in others:
        places.setdefault(_cite(truth.library.document_of(one), one.place), []).append(one)
    free = [place for place, ones in places.items() if max(alike(one.text, text) for one in ones) < 0.5]
    own = _cite(document, passage.place)
    free = [place for place in free if place != own]
    if len(free) < 3:
        return None
    near = [place for place in free if any(one.document_id == document.id for one in places[place])]
    far = [place for place in free if place not in near]
    chosen = random.sample(near, min(len(near), 3 if not far else 2))
    chosen += random.sample(far or near, 3 - len(chosen)) if len(far) >= 3 - len(chosen) else []
    if len(chosen) < 3:
        return None
    options = tuple(random.sample([own, *chosen], 4))
    stem = phrase("clause", text=quoted(text))
    return Item(
        item_id("clause", stem, tuple(sorted(options)), own), "clause", topic, 3, stem, options, (options.index(own),),
        explanation(passage, truth), sources(passage, truth),
        rules=tuple("" if one == own else "edition" for one in options),
    )  # fmt: skip


def _nearby(document: Document, library: Library) -> list[Passage]:
    family = re.sub(r"-annex\d$", "", document.id)
    return [p for d in library.documents.values() if d.id.startswith(family) and d.number for p in d.passages]


def _within(one: str, other: str) -> bool:
    first, second = (place.replace(" ", "") for place in (one, other))
    return first.startswith(second) or second.startswith(first)


def _cite(document: Document, place: str) -> str:
    return f"{document.number} {place}" if document.number else f"{document.title_in_marks} {place}"
