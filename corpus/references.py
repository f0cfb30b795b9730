"""Questions that name a document or clause: a look-up first, a search second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.library import Library
from corpus.model import Document
from corpus.words import bare_numbers, fold, is_clause, references

_SHORTEST_NAME = 4
_BARE = re.compile(r"\d+号")
_NOISE = re.compile(r"[《》〈〉\s]|\(.*?\)|中华人民共和国")
_LAW = "(?<![方做说看想])法|法典|条例|规定|办法|细则|解释"
_TEXT = f"{_LAW}|通知|意见|方案|规则|决定|公告|规范|导则|指南|规程|章程|准则|标准"
_SPOKEN_FOR = re.compile(rf"([一-鿿、]*?)(?:{_LAW})的?第\d+条|《([^》]+?)(?:{_TEXT})》的?第\d+条")
_AS_GROUND = re.compile(r"(?:依据|根据|按照|依照)《?[^《》]*$")
_POINTING = re.compile(r"(?:^|[该本这那此其]|上述|前述|哪[个部]?)(?:个|部|项|份)?(?:管理|实施|暂行|试行|具体)*$")
_LEADS_IN = frozenset("问据照按看读查找阅说释解讲道和与及或对的了在从把将合反守循违用是懂讨析下、")
_PART_OF_A_NAME = re.compile(r"^.{0,4}(?:法|条例|办法|规定)$")


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names.

    Attributes:
        passages: passage id -> weight: 1 its document, up to 2 its very clause.
        missing_clause: a clause is named that its document does not have.
        missing_document: a clause is named of a document that is not at hand.
    """

    passages: dict[str, float] = field(default_factory=dict[str, float])
    missing_clause: bool = False
    missing_document: bool = False


class ReferenceTable:
    """Names, numbers and clause marks of a library's documents."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._by_name: dict[str, list[str]] = {}
        self._clauses: dict[str, dict[str, set[str]]] = {}
        for document in library.documents.values():
            for name in set(_names(document)):
                self._by_name.setdefault(name, []).append(document.id)
            self._clauses[document.id] = _clauses_of(document)
        self._first_characters: dict[str, list[str]] = {}
        for name in self._by_name:
            if _BARE.fullmatch(name):
                continue  # 910号 counts only where it stands alone, not inside 〔2024〕910号
            self._first_characters.setdefault(name[:2], []).append(name)

    def documents(self, question: str, *, with_clause: bool = False) -> list[str]:
        """Return the ids of the documents that `question` names by number, title or usual name."""
        folded = _NOISE.sub("", fold(question))
        wanted = [r for r in references(question) if not is_clause(r)]
        wanted += [f"{n}号" for n in bare_numbers(question)]
        names = [name for name in wanted if name in self._by_name]
        shortest = 2 if with_clause else _SHORTEST_NAME
        quoted = re.sub(r"\s", "", fold(question))
        titles = [n for n in self._contained(folded) if len(n) >= shortest or f"《{n}》" in quoted]
        titles = [n for n in titles if f"《{n}" in quoted or _stands_alone(n, folded)]
        names += [n for n in titles if not any(n != other and n in other for other in titles)]
        return list(dict.fromkeys(i for name in names for i in self._by_name[name]))

    def named(self, question: str) -> Named:
        """Return what `question` names; a clause counts only within a named document."""
        clauses = list(dict.fromkeys(r for r in references(question) if is_clause(r)))
        documents = self.documents(question, with_clause=bool(clauses))
        weights: dict[str, float] = {}
        for identity in documents:
            marks = self._clauses[identity]
            for passage in self._library.documents[identity].passages:
                meant = sum(passage.id in marks.get(clause, ()) for clause in clauses)
                weights[passage.id] = 1.0 + (meant / len(clauses) if meant else 0.0)
        exact = any(weight > 1 for weight in weights.values())
        return Named(
            weights,
            missing_clause=bool(documents and clauses and not exact),
            missing_document=bool(clauses and not documents and _names_unknown(question)),
        )

    def _contained(self, folded: str) -> Iterator[str]:
        for at in range(len(folded) - 1):
            for name in self._first_characters.get(folded[at : at + 2], ()):
                if folded.startswith(name, at):
                    yield name


def _stands_alone(name: str, folded: str) -> bool:
    """Whether a name is not just the end of another one: 保险法 is in 社会保险法, which may be another law."""
    if not _PART_OF_A_NAME.match(name):
        return True
    before = [folded[m.start() - 1] if m.start() else "" for m in re.finditer(re.escape(name), folded)]
    return any(not re.match(r"[一-鿿]", c) or c in _LEADS_IN for c in before)


def _names_unknown(question: str) -> bool:
    """Whether a clause is asked of a document by name (商业银行法第五条).

    Not when it is pointed to (该办法第五条) or given as the ground of something else (依据某条例第五条，为什么…).
    """
    folded = re.sub(r"\s", "", fold(question))
    found = _SPOKEN_FOR.search(folded)
    if found is None or _AS_GROUND.search(folded[: found.end(1) if found[1] else found.start()]):
        return False
    name = found[1] or found[2] or ""
    return bool(name) and not _POINTING.search(name)


def _clauses_of(document: Document) -> dict[str, set[str]]:
    """Return clause mark -> ids of the passages that stand there."""
    of_all = {r for r in references(document.title) if is_clause(r)}
    marks: dict[str, set[str]] = {}
    for passage in document.passages:
        for mark in of_all | {r for r in references(passage.place) if is_clause(r)}:
            marks.setdefault(mark, set()).add(passage.id)
    return marks


def _names(document: Document) -> Iterator[str]:
    for text in (document.title, *document.aliases):
        name = _NOISE.sub("", fold(text))
        if len(name) >= 2 and not name.isdigit():
            yield name
    for reference in references(document.number):
        yield reference
        if reference.startswith("["):
            yield reference.split("]")[1] + "号"
