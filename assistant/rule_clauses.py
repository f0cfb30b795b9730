"""Clause fingerprints under the rules: the very words that each indicator was written from, in `rule_clauses.yaml`.

If the library's words differ from them by one character, exactly the indicators that rest on them await review.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from assistant.understand import read_yaml
from corpus.library import Library
from scoring.model import Indicator, Rubric, Rules


@dataclass(frozen=True, slots=True)
class Review:
    """An indicator that awaits review, because words that it rests on are not what they were.

    Attributes:
        rules: id of its rule set.
        indicator: its id; `label` its name.
        passage: the passage whose words differ.
        was: the words that the rule was written from.
        now: the words of the library; empty where the passage is gone.
    """

    rules: str
    indicator: str
    label: str
    passage: str
    was: str
    now: str

    @property
    def why(self) -> Literal["changed", "gone"]:
        """Whether the words changed or are gone."""
        return "changed" if self.now else "gone"


def awaiting_review(library: Library, rules: Rules) -> tuple[Review, ...]:
    """Return the indicators whose clauses in the library are no longer what the rules were written from."""
    found: list[Review] = []
    for rubric, one in _published(rules):
        for passage, was in quotes().get(rubric.id, {}).get(one.id, {}).items():
            at_hand = library.passages.get(passage)
            now = at_hand.text if at_hand else ""
            if now != was:
                found.append(Review(rubric.id, one.id, one.label, passage, was, now))
    return tuple(found)


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
