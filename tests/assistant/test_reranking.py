"""The second look: what the reranker says decides, and only of what the search found."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEmbedder, FakeReranker, small_library

from assistant.advisor import Advisor
from assistant.measure import Labelled
from assistant.pairs import held_out, pairs_of, training_questions, trains_reranker
from assistant.relevance import Relevance
from corpus.index import Index, build_index
from corpus.words import Words

TRUSTING = {
    "lexical": {"bias": "0", "threshold": "0.5"},
    "fused": {"bias": "0", "threshold": "0.5"},
    "judged": {"bias": "0", "threshold": "0.5", "judged": "1"},
}


@pytest.fixture
def index(tmp_path: Path, words: Words) -> Index:
    return build_index(tmp_path, small_library(), FakeEmbedder(), words)


def advised(index: Index, word: str) -> Advisor:
    return Advisor(index, Relevance(index, TRUSTING), reranker=FakeReranker(word))


def test_the_passage_that_the_reranker_holds_for_right_is_said_first(index: Index) -> None:
    answer = advised(index, "清洁能源").ask("园区单位能耗碳排放不高于多少，由谁验收")
    assert answer.kind == "answer"
    assert "清洁能源消费占比不低于90%" in answer.lines[0]


def test_when_the_reranker_finds_no_answer_the_question_is_refused(index: Index) -> None:
    answer = advised(index, "食堂").ask("园区单位能耗碳排放不高于多少")
    assert answer.kind == "refused"


def test_the_reranker_reads_the_mended_question_with_what_it_inherits(index: Index) -> None:
    advisor = advised(index, "清洁能源")
    first = advisor.ask("园区清洁能源消费占比不低于多少")
    advisor.ask("那验收呢", history=[first])
    reranker = advisor.reranker
    assert isinstance(reranker, FakeReranker)
    assert "清洁能源消费占比" in reranker.asked[1]
    assert reranker.asked[1].endswith("那验收呢")


def test_a_question_is_paired_with_its_fact_and_never_with_one_that_says_the_same(index: Index) -> None:
    asked = training_questions(index, [])
    pairs = pairs_of(index, FakeEmbedder(), asked)
    for item in asked:
        right = [p.text for p in pairs if p.question == item.question and p.label == 1]
        wrong = [p.text for p in pairs if p.question == item.question and p.label == 0]
        assert len(right) == 1
        assert right[0] not in wrong


def test_no_question_both_trains_the_reranker_and_fits_the_weights(index: Index) -> None:
    asked = {a.question for a in training_questions(index, [])}
    assert asked
    kept = {q for p in index.library.passages.values() for q in p.questions if held_out(q)}
    assert not asked & kept


def test_only_near_misses_for_tuning_train_the_reranker() -> None:
    def labelled(identity: str) -> Labelled:
        return Labelled(id=identity, question="问", kind="refused")

    assert not any(trains_reranker(labelled(i)) for i in ("ref-001", "blind-u001", "tune-r001"))
    assert {trains_reranker(labelled(f"tune-m{n}")) for n in range(40)} == {True, False}
