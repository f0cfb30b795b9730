"""Questions that name a document or clause: a look-up first, a search second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.library import Library
from corpus.model import Document
from corpus.words import bare_numbers, fold, references

_CLAUSE = re.compile(r"^(第\d|附|表)")
_SHORTEST_NAME = 4
_NOISE = re.compile(r"[《》〈〉\s]|\(.*?\)|中华人民共和国")


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names: passage id -> weight (1 its document, 2 its very clause)."""

    passages: dict[str, float] = field(default_factory=dict[str, float])
    missing_clause: bool = False


class ReferenceTable:
    """Names, numbers and clause marks of a library's documents."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._by_name: dict[str, list[str]] = {}
        self._clauses: dict[str, dict[str, set[str]]] = {}
        for document in library.documents.values():
            for name in set(_names(document)):
                self._by_name.setdefault(name, []).append(document.id)
            marks: dict[str, set[str]] = {}
            for passage in document.passages:
                found = {r for r in references(passage.place) if _CLAUSE.match(r)}
                found |= {r for r in references(document.title) if _CLAUSE.match(r)}
                for mark in found:
                    marks.setdefault(mark, set()).add(passage.id)
            self._clauses[document.id] = marks
        self._first_characters: dict[str, list[str]] = {}
        for name in self._by_name:
            self._first_characters.setdefault(name[:2], []).append(name)

    def documents(self, question: str, *, with_clause: bool = False) -> list[str]:
        """Return the ids of the documents that `question` names by number, title or usual name."""
        folded = _NOISE.sub("", fold(question))
        wanted = [r for r in references(question) if not _CLAUSE.match(r)]
        wanted += [f"{n}号" for n in bare_numbers(question)]
        names = [name for name in wanted if name in self._by_name]
        shortest = 2 if with_clause else _SHORTEST_NAME
        titles = [n for n in self._contained(folded) if len(n) >= shortest]
        names += [n for n in titles if not any(n != other and n in other for other in titles)]
        return list(dict.fromkeys(i for name in names for i in self._by_name[name]))

    def named(self, question: str) -> Named:
        """Return what `question` names; a clause counts only within a named document."""
        clauses = [r for r in references(question) if _CLAUSE.match(r)]
        documents = self.documents(question, with_clause=bool(clauses))
        weights: dict[str, float] = {}
        exact = False
        for identity in documents:
            marks = self._clauses[identity]
            for passage in self._library.documents[identity].passages:
                weights[passage.id] = 1.0
            for clause in clauses:
                for passage_id in marks.get(clause, ()):
                    weights[passage_id] = 2.0
                    exact = True
        return Named(weights, missing_clause=bool(documents and clauses and not exact))

    def _contained(self, folded: str) -> Iterator[str]:
        for at in range(len(folded) - 1):
            for name in self._first_characters.get(folded[at : at + 2], ()):
                if folded.startswith(name, at):
                    yield name


def _names(document: Document) -> Iterator[str]:
    for text in (document.title, *document.aliases):
        name = _NOISE.sub("", fold(text))
        if len(name) >= 2 and not name.isdigit():
            yield name
    for reference in references(document.number):
        yield reference
        if reference.startswith("["):
            yield reference.split("]")[1] + "号"
