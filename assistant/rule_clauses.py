"""Clause fingerprints under the rules: the very words that each indicator was written from, in `rule_clauses.yaml`.

If the library's words differ from them by one character, exactly the indicators that rest on them await review; so do
those whose document another one at hand supersedes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from assistant.understand import read_yaml
from corpus.editions import standing
from corpus.library import Library
from scoring.model import Indicator, Rubric, Rules


@dataclass(frozen=True, slots=True)
class Review:
    """An indicator that awaits review, because what it rests on is not what it was.

    Attributes:
        rules: id of its rule set.
        indicator: its id; `label` its name.
        source: id of the passage whose words differ or are gone, or of the document that was superseded.
        why: the words changed, are gone, or another document at hand supersedes theirs.
        was: the words that the rule was written from, or the title of the document.
        now: the words of the library, or the title of the document that supersedes.
    """

    rules: str
    indicator: str
    label: str
    source: str
    why: Literal["changed", "gone", "superseded"]
    was: str
    now: str


def awaiting_review(library: Library, rules: Rules, on: str = "") -> tuple[Review, ...]:
    """Return the indicators whose clauses are not what the rules were written from, on an ISO day or as checked."""
    return tuple(found for rubric, one in _published(rules) for found in _reviews(library, rubric, one, on))


def _reviews(library: Library, rubric: Rubric, one: Indicator, on: str) -> Iterator[Review]:
    for passage, was in quotes().get(rubric.id, {}).get(one.id, {}).items():
        now = library.passages[passage].text if passage in library.passages else ""
        if now != was:
            yield Review(rubric.id, one.id, one.label, passage, "changed" if now else "gone", was, now)
    for identity in sorted(documents_of(one) & library.documents.keys()):
        document = library.documents[identity]
        by = standing(document, library.documents.values(), on).by
        if by:
            later = library.documents[by].title
            yield Review(rubric.id, one.id, one.label, identity, "superseded", document.title, later)


def without_quote(rules: Rules) -> tuple[tuple[str, str], ...]:
    """Return (rule set, indicator) of those that refer to a document of the library and have no words kept here."""
    return tuple(
        (rubric.id, one.id) for rubric, one in _published(rules) if not quotes().get(rubric.id, {}).get(one.id)
    )


def documents_of(one: Indicator) -> frozenset[str]:
    """Return the ids of the documents that an indicator, its limits and its levels refer to."""
    levels = (level.reference for level in one.levels if level.reference is not None)
    references = (one.reference, *(case.reference for case in one.limits), *levels)
    return frozenset(r.document for r in references if r.document)


@cache
def quotes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return rule set -> indicator -> passage -> the words that the indicator was written from."""
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", read_yaml("assistant", "rule_clauses.yaml"))


def _published(rules: Rules) -> Iterator[tuple[Rubric, Indicator]]:
    for rubric in rules.rubrics.values():
        if rubric.source == "user":
            continue
        for one in rubric.indicators:
            if documents_of(one):
                yield rubric, one
