"""A rule rests on the very words of its clause: one character changed, and exactly the rules on it await review."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import document

from assistant.rule_clauses import awaiting_review, documents_of, quotes, without_quote
from corpus.library import Library
from scoring.load import load_rules

RULES = load_rules()
PASSAGES = sorted({passage for kept in quotes().values() for own in kept.values() for passage in own})


def changed(library: Library, passage_id: str, text: str | None) -> Library:
    """The library with another text of one passage, or without it."""
    passage = library.passages[passage_id]
    document = library.document_of(passage)
    others = tuple(
        replace(p, text=text) if text is not None and p is passage else p
        for p in document.passages
        if text is not None or p is not passage
    )
    documents = {**library.documents, document.id: document.model_copy(update={"passages": others})}
    return Library(documents.values())


def test_no_rule_awaits_review_as_the_library_stands(library: Library) -> None:
    assert awaiting_review(library, RULES) == ()


def test_every_indicator_that_refers_to_the_library_keeps_the_words_it_was_written_from() -> None:
    assert without_quote(RULES) == ()


def test_the_words_are_of_a_document_that_the_indicator_refers_to() -> None:
    strangers = [
        (rubric, indicator, passage)
        for rubric, kept in quotes().items()
        for indicator, own in kept.items()
        for passage in own
        if passage.split("#")[0] not in documents_of(RULES.rubric(rubric).indicator(indicator))
    ]
    assert strangers == []


@pytest.mark.parametrize("passage", PASSAGES)
def test_one_character_turns_exactly_the_rules_that_rest_on_it(library: Library, passage: str) -> None:
    text = library.passages[passage].text
    dependent = {(r, i) for r, kept in quotes().items() for i, own in kept.items() if passage in own}
    for mutant in (f"{text[:-2]}口{text[-1]}", f" {text}", text[:-1]):
        found = awaiting_review(changed(library, passage, mutant), RULES)
        assert {(one.rules, one.indicator) for one in found} == dependent
        assert {(one.source, one.was, one.now, one.why) for one in found} == {(passage, text, mutant, "changed")}


def test_a_clause_that_is_gone_turns_its_rules_too(library: Library) -> None:
    found = awaiting_review(changed(library, "ndrc-2025-910-annex3#water-80", None), RULES)
    assert {(one.rules, one.indicator, one.why) for one in found} == {
        ("national-2025", "water_reuse", "gone"),
        ("ceca-0344-2025", "water_reuse", "gone"),
    }


def test_other_passages_turn_nothing(library: Library) -> None:
    assert awaiting_review(changed(library, "ndrc-2025-910-annex3#indicators-six", "改写过的说明。"), RULES) == ()


def test_a_new_edition_at_hand_turns_the_rules_of_the_old_one_from_its_day_on(library: Library) -> None:
    new = document("own-new", [], title="新的指标体系", in_force="2027-01-01", supersedes=("ndrc-2025-910-annex3",))
    both = Library([*library.documents.values(), new])
    expected = {(r.id, one.id) for r in RULES.rubrics.values() for one in r.indicators
                if "ndrc-2025-910-annex3" in documents_of(one)}  # fmt: skip
    found = awaiting_review(both, RULES, on="2027-01-01")
    assert {(one.rules, one.indicator) for one in found} == expected
    assert {(one.why, one.now) for one in found} == {("superseded", "《新的指标体系》")}
    assert awaiting_review(both, RULES, on="2026-12-31") == awaiting_review(both, RULES) == ()
