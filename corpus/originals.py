"""A digest beside its original: which file is the original of which digest, where a fact stands in it, what differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.figures import Figure, read_figures
from corpus.library import Library
from corpus.model import Document, Passage
from corpus.words import fold, is_clause, references

_NOISE = re.compile(r"[《》〈〉\s]|^.*?关于(?=.{6})")
_ANNEX = re.compile(r"附件\s*([\d一二三四五六七八九十]*)")
_TITLE_END = re.compile(r"的?(?:通知|意见|公告)$")
_SHORTEST_TITLE = 8
_LEAST = 0.45
_AS_GOOD = 0.7
_OTHER_SOURCE = re.compile(r"《|公告|答记者问|解读|网站|新闻|报道")
_SENTENCE = re.compile(r"[^。！？；;\n]+[。！？；;]?")
_OWN_WORDS = ("推算", "解读", "实例", "提示")
_CHECKED: frozenset[str] = frozenset(("number", "date", "document", "standard"))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a fact stands in an original: the passage and the part of its text."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of a digest that its original does not have.

    Attributes:
        fact: the digest's statement.
        figure: as the digest writes it.
        original: the original that was looked in.
        nearest: the passage of the original that says the most like it; None where nothing does.
    """

    fact: Passage
    figure: str
    original: Document
    nearest: Passage | None


def is_own(document: Document) -> bool:
    """Whether a document is one of the user's own."""
    return document.realm == "own"


def originals(library: Library) -> dict[str, Document]:
    """Return digest id -> the user's document that is its original: the same number or title, the same annex."""
    mine = [d for d in library.documents.values() if is_own(d)]
    if not mine:
        return {}
    found: dict[str, Document] = {}
    for digest in library.documents.values():
        if is_own(digest) or digest.kind == "汇编":
            continue
        fitting = [d for d in mine if is_original(d, digest)]
        if fitting:
            found[digest.id] = max(fitting, key=lambda d: d.since)
    return found


def is_original(own: Document, digest: Document) -> bool:
    """Whether a user's document is the text that a digest is made of."""
    numbers = [{r for r in references(d.number) if not is_clause(r)} for d in (own, digest)]
    if numbers[0] and numbers[1] and not numbers[0] & numbers[1]:
        return False
    annexes = [_annex(d.title) for d in (own, digest)]
    if annexes[0] and annexes[0] != annexes[1]:
        return False
    mine, theirs = _core(own.title), _core(digest.title)
    return min(len(mine), len(theirs)) >= _SHORTEST_TITLE and (mine in theirs or theirs in mine)


def _core(title: str) -> str:
    """The title alone: of an annex its own, without 关于 and 的通知."""
    annex = _ANNEX.search(title)
    own = title[annex.end() :].lstrip("：: ") if annex and len(title) - annex.end() >= _SHORTEST_TITLE else title
    return _TITLE_END.sub("", _NOISE.sub("", fold(own)))


def _annex(title: str) -> str:
    found = _ANNEX.search(title)
    return fold(f"附件{found[1]}") if found else ""


def spot_of(fact: Passage, original: Document) -> Spot | None:
    """Return where the original says what a digest's fact says; None where nothing is near enough."""
    best = max(original.passages, key=lambda p: _likeness(fact, p), default=None)
    if best is None or _likeness(fact, best) < _LEAST:
        return None
    start, end = sentence_in(fact.text, best.text)
    return Spot(best, start, end)


def sentence_in(said: str, text: str) -> tuple[int, int]:
    """Return (start, end) of the sentences of `text` that say most of what is said; the whole where none stands out."""
    sentences = [(m.start(), m.end()) for m in _SENTENCE.finditer(text) if m[0].strip()]
    if len(sentences) < 2:
        return 0, len(text)
    wanted = _pairs(said)
    scores = [len(wanted & _pairs(text[a:b])) for a, b in sentences]
    best = max(range(len(sentences)), key=lambda i: scores[i])
    first = last = best
    while first > 0 and scores[first - 1] > scores[best] * _AS_GOOD:
        first -= 1
    while last + 1 < len(sentences) and scores[last + 1] > scores[best] * _AS_GOOD:
        last += 1
    return (sentences[first][0], sentences[last][1]) if scores[best] else (0, len(text))


def differences(library: Library) -> list[Difference]:
    """Return every figure of a digest that its original, where the user has it, does not have."""
    found: list[Difference] = []
    for identity, original in originals(library).items():
        found += differences_from(library.documents[identity], original)
    return found


def differences_from(digest: Document, original: Document) -> list[Difference]:
    """Return the figures of one digest that one original does not have."""
    head = " ".join((original.title, original.number, digest.title, digest.number, *digest.aliases))
    there = _figures((head, digest.issued, digest.published, digest.in_force, *(p.text for p in original.passages)))
    there |= _figures(p.place for p in original.passages) | _figures(h for p in original.passages for h in p.path)
    found: list[Difference] = []
    for fact in digest.passages:
        if fact.silent or fact.kind in _OWN_WORDS or _elsewhere(fact, digest):
            continue
        for figure in read_figures(fact.text):
            if figure.kind in _CHECKED and not _stands_in(figure, there):
                spot = spot_of(fact, original)
                found.append(Difference(fact, figure.text, original, spot.passage if spot else None))
    return found


def _elsewhere(fact: Passage, digest: Document) -> bool:
    """Whether a fact names another source than the digest's document beside it or in its place."""
    numbers = set(references(digest.number))
    others = [r for r in references(fact.place) if not is_clause(r) and r not in numbers]
    return bool(fact.url or others or _OTHER_SOURCE.search(fact.place))


def _figures(texts: Iterable[str]) -> set[tuple[str, str]]:
    return {(f.key, f.unit) for text in texts for f in read_figures(text)}


def _stands_in(figure: Figure, there: set[tuple[str, str]]) -> bool:
    if (figure.key, figure.unit) in there:
        return True
    if figure.kind == "date":
        return any(
            key.startswith(figure.key) or figure.key.startswith(key) for key, _ in there if key[:2] == figure.key[:2]
        )
    # A count of things in the digest's own words (三个方面) is no figure of the text.
    return figure.unit in ("", "个", "项", "类", "条", "方面", "部门", "步", "种", "份")


def _likeness(fact: Passage, passage: Passage) -> float:
    """How much of a fact a passage says, 0 to 1, and a little more where it stands in the named place."""
    wanted = _fact_pairs(fact.text)
    if not wanted:
        return 0.0
    shared = len(wanted & _pairs(passage.text)) / len(wanted)
    marks = {r for r in references(fact.place) if is_clause(r)}
    in_place = bool(marks & {r for r in references(passage.place) if is_clause(r)}) or _same_place(fact, passage)
    return shared + 0.15 * in_place


def _same_place(fact: Passage, passage: Passage) -> bool:
    said, place = (re.sub(r"\s|附件\d", "", p.place) for p in (fact, passage))
    return bool(place) and any(part == place for part in re.split("[、，,；;]", said))


def _fact_pairs(text: str) -> frozenset[str]:
    """The pairs of a fact without the document's own name, with which digests begin."""
    return _pairs(re.sub(r"[一-鿿]{0,6}〔\d{4}〕\d+号", "", text))


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    folded = re.sub(r"[\W_]", "", fold(text))
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))


def linked(passages: Sequence[Passage], library: Library) -> Iterator[tuple[Passage, Spot | None]]:
    """Yield each passage with its place in the user's original, where there is one."""
    known = originals(library)
    for passage in passages:
        original = known.get(passage.document_id)
        yield passage, spot_of(passage, original) if original is not None else None
