"""Exercises: enough, stable, proved, of every kind; retired with their clause and no others."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from items_at_hand import home_at_hand, library_at_hand, pool_at_hand, small_library

from assistant.training.audit import audit
from assistant.training.errors import ItemFault
from assistant.training.model import ITEM_KINDS, read_item
from assistant.training.own import checked_items, read_items
from assistant.training.pool import add_items, build_items, open_pool
from assistant.training.reading import read_file
from assistant.training.retire import retired
from assistant.training.statements import Altered
from assistant.training.topics import topics
from assistant.training.truth import Truth
from assistant.training.tutor import HINTS, hint, why_item
from assistant.training.work import engine_key
from corpus.library import Library
from corpus.model import Document, Passage

OWN = """
- kind: number
  topic: power
  difficulty: 1
  stem: 附件4对其余网电规定的因子是多少？
  figure: 0.8325 千克二氧化碳/千瓦时
  why: 其余电力按0.8325千克二氧化碳/千瓦时计算。
  sources: [ndrc-2025-910-annex4#elec-08325]
"""


def test_there_are_more_than_six_hundred_distinct_items_of_every_kind_and_topic() -> None:
    pool = pool_at_hand()
    grown = [one for one in pool.items if one.made_by != "hand"]
    assert len({one.id for one in grown}) >= 600
    assert {one.kind for one in pool.items} == set(ITEM_KINDS)
    assert {one.topic for one in pool.items} == {one.id for one in topics()}
    assert sum(one.made_by == "hand" for one in pool.items) >= 40


def test_the_audit_finds_nothing() -> None:
    assert audit(pool_at_hand().items, library_at_hand()).faults == ()


def test_the_same_seed_gives_the_same_items_and_another_gives_others() -> None:
    small = small_library()
    items = build_items(small, 1)
    assert build_items(small, 1) == items
    ids = {one.id for one in build_items(small, 2)}
    assert len(ids - {one.id for one in items}) > 60
    assert len(ids & {one.id for one in items}) > 20


def test_every_exercise_written_by_hand_is_borne_out_by_the_library() -> None:
    checked = checked_items(read_file("hand_items.yaml"), library_at_hand(), made_by="hand", name="hand_items.yaml")
    assert len(checked) == sum(one.made_by == "hand" for one in pool_at_hand().items)


def test_the_audit_names_a_wrong_key_a_true_distractor_and_a_repeated_item() -> None:
    library = library_at_hand()
    cloze = [one for one in pool_at_hand().items if one.kind == "single" and one.made_by == "library"]
    single = next(one for one in cloze if "neighbour" in one.rules)
    moved = replace(single, key=((single.chosen[0] + 1) % len(single.options),))
    assert audit([moved], library).faults
    right = single.options[single.chosen[0]]
    doubled = tuple(right if at == (single.chosen[0] + 1) % 4 else text for at, text in enumerate(single.options))
    assert audit([replace(single, options=doubled)], library).faults
    assert audit([single, single], library).faults
    worked = next(one for one in pool_at_hand().items if one.kind == "work" and one.figure)
    assert audit([replace(worked, key="1 tCO2")], library).faults
    judged = next(one for one in pool_at_hand().items if one.kind == "work" and one.options)
    assert audit([replace(judged, key=((judged.chosen[0] + 1) % 4,))], library).faults
    clause = next(one for one in pool_at_hand().items if one.kind == "clause")
    assert audit([replace(clause, key=((clause.chosen[0] + 1) % 4,))], library).faults
    stated = next(
        one for one in pool_at_hand().items if one.kind == "true_false" and one.made_by == "library" and one.chosen[0]
    )
    assert audit([replace(stated, key=(0,), rules=("", *stated.rules[1:]))], library).faults


def test_no_item_rests_on_what_was_worked_out_or_is_without_a_place() -> None:
    library = library_at_hand()
    for one in pool_at_hand().items:
        if one.made_by == "library" and one.kind in ("single", "number", "true_false", "multiple", "clause"):
            for source in one.sources:
                passage = library.passages[source.passage]
                assert passage.confidence in ("A", "B")
                assert passage.place
                assert passage.kind != "推算"
                assert passage.kind != "无来源" or passage.text[7:12] in one.stem or "材料里写着" in one.stem


def test_no_stem_gives_its_key_away() -> None:
    numbers = [one for one in pool_at_hand().items if one.kind == "number" and one.made_by == "library"]
    offenders = [one.stem for one in numbers if re.search(rf"(?<![\d.]){re.escape(one.figure)}(?!\d)", one.stem)]
    assert offenders == []


def test_what_papers_claim_is_sometimes_right_and_options_begin_with_words() -> None:
    options = read_file("phrases.yaml")["rumor_options"]
    claims = [one for one in pool_at_hand().items if set(one.options) == set(options)]
    keys = [one.options[one.chosen[0]] for one in claims]
    assert keys.count(options[0]) >= 10
    assert keys.count(options[1]) >= 10
    assert [text for one in pool_at_hand().items for text in one.options if text[0] in "，。：；、"] == []


def test_an_edition_bump_retires_exactly_the_items_of_that_document() -> None:
    library, items = library_at_hand(), pool_at_hand().items
    for changed in ("ndrc-2025-910-annex4", "grid-factors-2023", "ceca-g-0344-2025"):
        bumped = _with_document(library, library.documents[changed].model_copy(update={"number": "新文号〔2027〕1号"}))
        gone = {one.id for one in retired(items, bumped)}
        assert gone == {one.id for one in items if any(s.passage.startswith(f"{changed}#") for s in one.sources)}
        assert gone


def test_a_changed_passage_retires_exactly_the_items_that_cite_it() -> None:
    library, items = library_at_hand(), pool_at_hand().items
    for cited in ("ndrc-2025-910-annex3#core-limit-200k", "ndrc-2025-910-annex4#elec-08325"):
        for change in ({"text": "条文已经改了。"}, {"place": "附件9"}, {"confidence": "B"}):
            old = library.passages[cited]
            gone = {one.id for one in retired(items, _with_passage(library, replace(old, **change)))}
            assert gone == {one.id for one in items if cited in [s.passage for s in one.sources]}
            assert gone


def test_the_library_as_it_is_retires_nothing() -> None:
    assert retired(pool_at_hand().items, library_at_hand()) == []


def test_a_neighbors_limit_of_eighty_is_not_offered_as_false() -> None:
    truth = Truth(library_at_hand())
    own = library_at_hand().passages["ndrc-2025-910-annex3#solid-waste-80"]
    was, now = "工业固体废弃物综合利用率", "工业用水重复利用率"
    assert not truth.is_false(Altered(own.text.replace(was, now), "neighbour", was, now), own)


def test_the_same_amount_in_another_unit_is_not_offered_as_false() -> None:
    truth = Truth(library_at_hand())
    own = library_at_hand().passages["ndrc-2025-910-annex4#elec-08325"]
    was, now = "0.8325千克二氧化碳/千瓦时", "0.8325吨二氧化碳/兆瓦时"
    assert not truth.is_false(Altered(own.text.replace(was, now), "unit", was, now), own)


def test_a_worked_key_is_the_engines() -> None:
    worked = [one for one in pool_at_hand().items if one.kind == "work"]
    assert len(worked) >= 40
    assert all(one.figure in ("", engine_key(one.recipe)[0]) for one in worked)


def test_a_candidate_is_shown_nothing_of_the_key() -> None:
    for one in pool_at_hand().items:
        assert not {"key", "explanation", "rules", "recipe", "sources"} & set(one.asked())


def test_an_item_survives_json() -> None:
    assert [read_item(one.record()) for one in pool_at_hand().items[::50]] == list(pool_at_hand().items[::50])


def test_a_quiz_of_twenty_is_drawn_from_the_kept_file_without_reading_the_library() -> None:
    pool_at_hand()

    def not_again() -> Library:
        raise AssertionError("the library was read once more")

    quiz = open_pool(home_at_hand(), read=not_again).quiz(20, 7)
    assert len({one.id for one in quiz}) == 20


def test_a_damaged_pool_file_is_made_anew_and_a_quiz_keeps_to_its_seed(tmp_path: Path) -> None:
    first = open_pool(tmp_path, read=small_library)
    kept = next((tmp_path / "training").glob("items-*.json"))
    kept.write_text("[{", encoding="utf-8")
    assert open_pool(tmp_path, read=small_library).quiz(20, 3) == first.quiz(20, 3)
    assert first.quiz(20, 3) != first.quiz(20, 4)


def test_own_items_are_taken_and_join_the_pool(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OWN, encoding="utf-8")
    assert len(add_items(tmp_path, file, library_at_hand())) == 1
    assert any(one.made_by == "user" for one in open_pool(tmp_path, read=small_library).items)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: number", "kind: essay", "题型"),
        ("topic: power", "topic: cooking", "主题"),
        ("difficulty: 1", "difficulty: 9", "难度"),
        ("elec-08325]", "nothing]", "没有事实"),
        ("figure: 0.8325 千克二氧化碳/千瓦时", "figure: 很多", "没有带单位的数"),
        ("figure: 0.8325", "figure: 0.9325", "0.9325"),
        ("其余电力按0.8325", "其余电力按0.7", "0.7"),
    ],
)
def test_own_items_with_a_fault_are_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ItemFault, match=re.escape(said)):
        read_items(file, library_at_hand())


def test_a_file_that_is_no_list_of_items_is_refused(tmp_path: Path) -> None:
    for text in ("a: 1", "- 3", "{", "\xff"):
        file = tmp_path / "mine.yaml"
        file.write_bytes(text.encode("latin-1"))
        with pytest.raises(ItemFault):
            read_items(file, library_at_hand())
    record = {"kind": "single", "topic": "power", "difficulty": "1", "stem": "问", "right": ["甲"], "wrong": ["甲"],
              "why": "因为", "sources": ["ndrc-2025-910-annex4#elec-zero"]}  # fmt: skip
    with pytest.raises(ItemFault, match="重复"):
        checked_items([record], library_at_hand(), made_by="user", name="mine.yaml")


def test_hints_lead_to_the_solution_and_do_not_give_it_away_before() -> None:
    library = library_at_hand()
    item = next(one for one in pool_at_hand().items if one.kind == "number" and one.made_by == "library")
    number = re.sub(r"\D*$", "", item.figure)
    hints = [hint(item, step, library) for step in range(1, HINTS + 2)]
    assert len(set(hints)) == HINTS + 1
    assert all(number not in one for one in hints[1:HINTS])
    assert item.figure in hints[-1]


def test_why_is_answered_by_the_clause_word_for_word() -> None:
    library = library_at_hand()
    for item in pool_at_hand().items[::100]:
        answer = why_item(item, library)
        assert answer.citations
        assert all(c.passage.text in answer.text for c in answer.citations)
    gone = Library([one for one in library.documents.values() if not one.id.startswith("ndrc-2025-910")])
    item = next(one for one in pool_at_hand().items if one.sources[0].passage.startswith("ndrc-2025-910-annex4#"))
    assert why_item(item, gone).kind == "refused"


def _with_document(library: Library, changed: Document) -> Library:
    return Library([changed if one.id == changed.id else one for one in library.documents.values()])


def _with_passage(library: Library, changed: Passage) -> Library:
    document = library.documents[changed.document_id]
    passages = tuple(changed if one.id == changed.id else one for one in document.passages)
    return _with_document(library, document.model_copy(update={"passages": passages}))
