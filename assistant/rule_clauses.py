"""Clause fingerprints under the rules: the very words that each indicator was written from, in `rule_clauses.yaml`.

If the library's words differ from them by one character, exactly the indicators that rest on them await review; so do
those whose document another one at hand supersedes: all of them where only a digest of the old text is at hand, those
whose clause reads otherwise where both texts are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, cast

from assistant.edition_records import words
from assistant.editions import Concern, concerns
from assistant.understand import read_yaml
from corpus.editions import compare, standing
from corpus.library import Library
from corpus.model import Document
from corpus.originals import is_original, is_own
from scoring.model import Assessment, Indicator, Result, Rubric, Rules

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Review:
    """An indicator that awaits review, because what it rests on is not what it was.

    Attributes:
        rules: id of its rule set.
        indicator: its id; `label` its name.
        source: id of the passage whose words differ or are gone, or of the document that was superseded.
        why: the words changed, are gone, or another document at hand supersedes theirs.
        was: the words that the rule was written from, or the title of the document in its marks.
        now: the words of the library, or the title of the document that supersedes, in its marks.
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
    editions = _Editions(library, rules, on)
    return tuple(found for rubric, one in _published(rules) for found in _reviews(library, rubric, one, editions))


def reviewed(assessment: Assessment, reviews: Iterable[Review]) -> Assessment:
    """Return the assessment with what awaits review said in the reasons of its results and among its warnings."""
    said = words()["review"]
    mine = [one for one in reviews if one.rules == assessment.rubric.id]
    told = {one.indicator: said[one.why].format(was=one.was, now=one.now, source=one.source) for one in mine}
    if not told:
        return assessment

    def result(one: Result) -> Result:
        why = told.get(one.indicator.id)
        return one if why is None else replace(one, reason=said["reason"].format(why=why, reason=one.reason))

    labels = "、".join(dict.fromkeys(one.label for one in mine))
    warning = said["warning"].format(count=len(told), labels=labels)
    results = tuple(result(one) for one in assessment.results)
    return replace(assessment, results=results, warnings=(*assessment.warnings, warning))


class _Editions:
    """What superseded a document, and which indicators its clauses that read otherwise concern."""

    def __init__(self, library: Library, rules: Rules, on: str) -> None:
        self._documents = library.documents
        self._rules, self._on = rules, on
        self._replaced = {identity for d in library.documents.values() for identity in d.supersedes}
        self._known: dict[str, tuple[Document, tuple[Concern, ...] | None] | None] = {}

    def of(self, identity: str) -> tuple[Document, tuple[Concern, ...] | None] | None:
        """Return the superseding document and the concerned indicators; None for these where only a digest is there."""
        if identity not in self._known:
            self._known[identity] = self._found(identity) if self._replaced else None
        return self._known[identity]

    def _found(self, identity: str) -> tuple[Document, tuple[Concern, ...] | None] | None:
        document = self._documents[identity]
        alike = [identity, *(d.id for d in self._documents.values() if is_own(d) and is_original(d, document))]
        for other in alike:
            by = standing(self._documents[other], self._documents.values(), self._on).by
            if by:
                old, new = self._original(i for i in alike if i != by), self._documents[by]
                if old is None or not is_own(new):
                    return new, None
                return new, concerns(compare(old.passages, new.passages), self._rules, [identity])
        return None

    def _original(self, identities: Iterable[str]) -> Document | None:
        return next((self._documents[i] for i in identities if is_own(self._documents[i])), None)


def _reviews(library: Library, rubric: Rubric, one: Indicator, editions: _Editions) -> Iterator[Review]:
    for passage, was in quotes().get(rubric.id, {}).get(one.id, {}).items():
        now = library.passages[passage].text if passage in library.passages else ""
        if now != was:
            yield Review(rubric.id, one.id, one.label, passage, "changed" if now else "gone", was, now)
    for identity in sorted(documents_of(one) & library.documents.keys()):
        found = editions.of(identity)
        if found is not None and _concerned(rubric, one, found[1]):
            yield Review(
                rubric.id,
                one.id,
                one.label,
                identity,
                "superseded",
                library.documents[identity].title_in_marks,
                found[0].title_in_marks,
            )


def _concerned(rubric: Rubric, one: Indicator, found: tuple[Concern, ...] | None) -> bool:
    return found is None or any(
        c.why == "words" and (c.rubric.id, c.indicator.id) == (rubric.id, one.id) for c in found
    )


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


def clause_of(one: Result, rubric: str) -> str:
    """Return the id of the passage that an indicator rests on, of several the one with its limit; empty without."""
    kept = quotes().get(rubric, {}).get(one.indicator.id, {})
    limits = {limit for case in one.limits for limit in (f"{case.value:f}", f"{case.value * 100:f}")}
    figures = {plain_figure(limit) for limit in limits}
    return next((i for i, text in kept.items() if figures & set(_FIGURE.findall(text))), next(iter(kept), ""))


def plain_figure(figure: str) -> str:
    """Return a decimal without closing zeros.

    >>> plain_figure("50.00"), plain_figure("0.20"), plain_figure("100")
    ('50', '0.2', '100')
    """
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def _published(rules: Rules) -> Iterator[tuple[Rubric, Indicator]]:
    for rubric in rules.rubrics.values():
        if rubric.source == "user":
            continue
        for one in rubric.indicators:
            if documents_of(one):
                yield rubric, one
