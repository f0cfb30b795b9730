"""Retrieval on small tasks made here: reading, fusion, look-ups, support, figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.embed import KeptEmbedder, Progress
from corpus.errors import CorpusError, ModelMissing
from corpus.evaluate import evaluate_retrieval
from corpus.fusion import asked_tokens, fuse, support
from corpus.references import ReferenceTable
from corpus.task import read_task

RECORDS = {
    "a1": ("节能法 第一条", "为了推动全社会节约能源，制定本法。"),
    "a2": ("节能法 第二条", "能源是指煤炭、石油、电力和热力。"),
    "b1": ("社会保险法 第一条", "为了规范社会保险关系，制定本法。"),
    "b2": ("社会保险法 第二条之一", "缴费人应当按月缴纳保险费。"),
}
QUESTIONS = {"q1": "节能法第二条的内容是什么？", "q2": "怎样缴纳保险费？"}
JUDGED = [("q1", "a2", "1"), ("q2", "b2", "1")]


class CharacterEmbedder:
    """A vector counts characters, folded into 64 places; it remembers what it was asked."""

    name = "characters"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.embedded += texts
        return self.embed_questions(texts)

    def embed_questions(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        vectors = np.full((len(texts), 64), 0.01, np.float32)
        for i, text in enumerate(texts):
            for c in text:
                vectors[i, ord(c) % 64] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write_task(folder: Path, *, unanswerable: Sequence[str] = ("商业银行法第五条的内容是什么？",)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)

    def lines(name: str, records: list[dict[str, str]]) -> None:
        (folder / name).write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")

    lines("corpus.jsonl", [{"id": i, "title": t, "text": x} for i, (t, x) in RECORDS.items()])
    lines("queries.jsonl", [{"id": i, "text": x} for i, x in QUESTIONS.items()])
    (folder / "qrels.tsv").write_text("\n".join("\t".join(row) for row in JUDGED), encoding="utf-8")
    if unanswerable:
        lines("queries_noanswer.jsonl", [{"id": f"n{i}", "text": x} for i, x in enumerate(unanswerable)])
    return folder


def test_a_clause_mark_at_the_end_of_a_title_is_the_place_and_the_rest_the_document(tmp_path: Path) -> None:
    task = read_task(write_task(tmp_path / "laws"))
    found = {(d.title, p.place, task.record_of(p)) for d in task.library.documents.values() for p in d.passages}
    assert found == {
        ("节能法", "第一条", "a1"),
        ("节能法", "第二条", "a2"),
        ("社会保险法", "第一条", "b1"),
        ("社会保险法", "第二条之一", "b2"),
    }


def test_each_leg_finds_the_named_article_and_the_figures_add_up(tmp_path: Path) -> None:
    folder = write_task(tmp_path / "laws")
    results = evaluate_retrieval(folder, home=tmp_path / "home", embedder=CharacterEmbedder())
    assert {r.legs for r in results} == {"fused", "lexical", "dense"}
    for result in results:
        assert result.questions == 2
        assert result.passages == 4
        assert result.recall_10 == 1.0
        if result.legs != "dense":
            assert (result.ndcg_10, result.recall_1, result.mrr_10) == (1.0, 1.0, 1.0)
        assert json.loads(json.dumps(result.record()))["legs"] == result.legs


def test_support_is_none_without_unanswerable_questions_and_a_share_with_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with_them = evaluate_retrieval(write_task(tmp_path / "x"), home=home, embedder=None, legs=["lexical"])
    without = evaluate_retrieval(
        write_task(tmp_path / "y", unanswerable=()), home=home, embedder=None, legs=["lexical"]
    )
    assert with_them[0].support_auroc == 1.0
    assert without[0].support_auroc is None


def test_a_second_run_embeds_no_passage_and_says_that_the_vectors_came_from_the_cache(tmp_path: Path) -> None:
    folder, model = write_task(tmp_path / "laws"), CharacterEmbedder()

    def run(home: str) -> dict[str, object]:
        kept = KeptEmbedder(model, tmp_path / "vectors.sqlite")
        record = evaluate_retrieval(folder, home=tmp_path / home, embedder=kept, legs=["dense"])[0].record()
        return record["indexing"]  # type: ignore[return-value]

    first, again = run("one"), run("two")
    assert first["embedded_in_this_run"] == len(model.embedded) == 4
    assert first["passages_per_second"] is not None
    assert again == {"statements": 4, "embedded_in_this_run": 0, "from_cache": True, "passages_per_second": None}


def test_a_leg_that_needs_the_model_is_refused_without_one(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="lexical"):
        evaluate_retrieval(write_task(tmp_path / "t"), home=tmp_path, embedder=None, legs=["fused"])
    with pytest.raises(CorpusError, match="nearest"):
        evaluate_retrieval(write_task(tmp_path / "t"), home=tmp_path, embedder=None, legs=["nearest"])


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("corpus.jsonl", "{", r"corpus.jsonl:1.*JSON"),
        ("corpus.jsonl", '{"id": "a1"}', r"corpus.jsonl:1.*text"),
        ("corpus.jsonl", '{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}', r"corpus.jsonl:2.*重复"),
        ("queries.jsonl", "", r"queries.jsonl.*空"),
        ("qrels.tsv", "q1 a2 1", r"qrels.tsv:1.*制表符"),
        ("qrels.tsv", "q9\ta2\t1", r"qrels.tsv:1.*'q9'"),
        ("qrels.tsv", "q1\ta9\t1", r"qrels.tsv:1.*'a9'"),
        ("qrels.tsv", "query\tdocument\tgrade\nq1\ta2\t0", r"qrels.tsv.*大于 0"),
    ],
)
def test_a_broken_task_is_refused_with_file_and_line(tmp_path: Path, file: str, content: str, says: str) -> None:
    folder = write_task(tmp_path / "t")
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        read_task(folder)


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere"):
        read_task(tmp_path / "nowhere")
    folder = write_task(tmp_path / "t")
    (folder / "qrels.tsv").unlink()
    with pytest.raises(CorpusError, match=r"qrels\.tsv"):
        read_task(folder)


@pytest.fixture
def table(tmp_path: Path) -> ReferenceTable:
    return ReferenceTable(read_task(write_task(tmp_path / "laws")).library)


def exact(table: ReferenceTable, question: str) -> list[str]:
    return [i.partition("#")[2] for i, weight in table.named(question).passages.items() if weight > 1]


def test_an_inserted_article_is_not_the_article_it_follows(table: ReferenceTable) -> None:
    assert exact(table, "社会保险法第二条之一") == ["b2"]
    assert exact(table, "社会保险法第二条") == []
    assert table.named("社会保险法第二条").missing_clause


@pytest.mark.parametrize("question", ["节能法第九条怎么写", "《节能法》第二十条"])
def test_a_clause_that_its_document_lacks_is_missing(table: ReferenceTable, question: str) -> None:
    assert table.named(question).missing_clause


@pytest.mark.parametrize("question", ["商业银行法第五条的内容是什么？", "《绿电方案》第三条", "请问碳法第二条"])
def test_a_clause_of_a_document_that_is_not_at_hand_is_told(table: ReferenceTable, question: str) -> None:
    assert table.named(question).missing_document


@pytest.mark.parametrize(
    "question", ["该办法第三条怎么说", "核算方法第3条", "依据《停车条例》第三十九条，为什么收费？", "附件3固废率"]
)
def test_pointing_or_giving_a_ground_names_no_missing_document(table: ReferenceTable, question: str) -> None:
    assert not table.named(question).missing_document


def test_a_law_is_not_found_at_the_end_of_another_laws_name(table: ReferenceTable) -> None:
    assert exact(table, "建筑节能法第二条") == []
    assert exact(table, "请看节能法第二条") == ["a2"]


def test_fusion_follows_the_words_where_the_vectors_see_no_difference() -> None:
    lexical = np.array([9.0, 3.0, 2.0, 1.0])
    assert fuse(lexical, np.array([0.850, 0.851, 0.850, 0.849])).argmax() == 0
    assert fuse(lexical, np.array([0.80, 0.92, 0.80, 0.80])).argmax() == 1


def test_fusion_is_the_other_leg_where_one_finds_nothing() -> None:
    some, none = np.array([0.0, 2.0, 1.0]), np.zeros(3)
    assert fuse(some, none).argmax() == fuse(none, some).argmax() == 1
    assert fuse(none, none).max() == 0.0


def test_a_passage_that_no_leg_found_scores_nothing_and_every_other_something() -> None:
    score = fuse(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.9, 0.0]))
    assert (score > 0).tolist() == [True, True, False]


def test_a_question_by_number_trusts_the_words_more_than_another_question() -> None:
    lexical, dense = np.array([9.0, 3.0, 2.0, 1.0]), np.array([0.80, 0.83, 0.80, 0.80])
    assert fuse(lexical, dense).argmax() == 1
    assert fuse(lexical, dense, by_reference=True).argmax() == 0


def test_support_wants_words_and_meaning_in_one_passage() -> None:
    together = support(np.array([0.9, 0.1]), np.array([0.95, 0.85]))
    apart = support(np.array([0.9, 0.1]), np.array([0.85, 0.95]))
    assert 0 < apart < together < 1
    assert support(np.array([]), np.array([])) == 0.0


def test_a_question_of_frame_words_alone_is_still_searched() -> None:
    assert asked_tokens(["是什", "什么"]) == ["是什", "什么"]
