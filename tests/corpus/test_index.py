"""The index: what may be found, what is embedded again, and what serves after a fault."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chromadb.errors import ChromaError
from fakes import FakeEmbedder, document, small_library

from corpus.embed import KeptEmbedder
from corpus.errors import CorpusError, IndexUnusable
from corpus.index import Filters, Index, build_index, ensure_index, open_index
from corpus.library import Library
from corpus.words import Words

QUESTION = "园区补贴怎么安排"
ROOT = Path(__file__).parents[2]
HALF_BUILT = """
import sys, time
from pathlib import Path
from fakes import FakeEmbedder, document, small_library
from corpus.index import build_index
from corpus.words import Words

class Stalls(FakeEmbedder):
    def embed_questions(self, texts, progress=None):
        print("half", flush=True)
        time.sleep(120)

more = document("later", [("一", "后来增加的一条园区规定，写明报送时间。")])
build_index(Path(sys.argv[1]), small_library(more), Stalls(), Words())
"""


class Breaks(FakeEmbedder):
    """Embeds statements and fails at the questions: half way through a build."""

    def embed_questions(self, texts: Sequence[str], progress: object = None) -> object:
        raise RuntimeError("broken on purpose")


@pytest.fixture(scope="module")
def fused(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build_index(tmp_path_factory.mktemp("fused"), small_library(), FakeEmbedder(), Words())


def ids(index: Index, question: str = QUESTION, **options: object) -> list[str]:
    return [h.passage.id for h in index.search(question, **options).hits]


@pytest.mark.parametrize("legs", ["fused", "lexical", "dense"])
@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(regions=frozenset({"江苏"})), {"jiangsu-plan"}),
        (Filters(regions=frozenset({"全国", "浙江"})), {"park-notice", "saving-law", "zhejiang-draft"}),
        (Filters(statuses=frozenset({"征求意见"})), {"zhejiang-draft"}),
        (Filters(statuses=frozenset({"试行"})), {"park-notice"}),
        (Filters(realms=frozenset({"local"})), {"jiangsu-plan", "zhejiang-draft"}),
        (Filters(on="2025-06-30"), {"park-notice", "saving-law"}),
        (Filters(on="2025-06-29"), {"saving-law"}),
        (Filters(realms=frozenset({"local"}), on="2026-01-01"), {"jiangsu-plan"}),
    ],
)
def test_filters_bound_what_every_leg_finds(fused: Index, legs: str, filters: Filters, documents: set[str]) -> None:
    found = fused.search(QUESTION, filters=filters, legs=legs, limit=1)
    assert len(found.hits) == 1, "filters come before the ranking, so the best of what is allowed is found"
    everything = fused.search(QUESTION, filters=filters, legs=legs, limit=50).hits
    assert {h.document.id for h in everything} <= documents


def test_a_filter_that_allows_nothing_finds_nothing(fused: Index) -> None:
    assert fused.search(QUESTION, filters=Filters(regions=frozenset({"火星"}))).hits == ()


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_finds_nothing(fused: Index, question: str) -> None:
    found = fused.search(question)
    assert (found.hits, found.support) == ((), 0.0)


def test_a_repeated_question_gives_the_same_outcome(fused: Index) -> None:
    assert fused.search(QUESTION) == fused.search(QUESTION)


def test_both_legs_serve_and_each_can_be_had_alone(fused: Index) -> None:
    assert fused.legs == "fused"
    lexical = fused.search(QUESTION, legs="lexical").hits
    dense = fused.search(QUESTION, legs="dense").hits
    assert all(h.lexical > 0 and h.dense == 0 for h in lexical)
    assert all(h.dense > 0 for h in dense)
    assert any(h.lexical > 0 and h.dense > 0 for h in fused.search(QUESTION).hits)


def test_the_whole_text_of_a_passage_finds_it_first(fused: Index) -> None:
    for passage in fused.library.passages.values():
        for legs in ("fused", "lexical", "dense"):
            assert ids(fused, passage.text, legs=legs)[0] == passage.id, legs


def test_no_more_hits_than_the_limit_and_the_best_first(fused: Index) -> None:
    hits = fused.search(QUESTION, limit=2).hits
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_a_named_clause_comes_first_and_is_sure(fused: Index) -> None:
    found = fused.search("样板节能管理办法第三十三条怎么规定")
    assert found.hits[0].passage.id == "saving-law#fact-1"
    assert found.support == 1.0


def test_a_clause_that_is_not_there_has_no_support(fused: Index) -> None:
    found = fused.search("样板节能管理办法第九十九条怎么规定")
    assert found.missing_clause
    assert found.support == 0.0


def test_without_a_model_the_words_alone_serve(tmp_path: Path) -> None:
    index = build_index(tmp_path, small_library(), None, Words())
    assert index.legs == "lexical"
    assert ids(index, "江苏省园区一次性奖励")[0] == "jiangsu-plan#fact-1"
    assert all(h.dense == 0 for h in index.search(QUESTION).hits)


def test_an_update_embeds_only_the_new_texts(tmp_path: Path) -> None:
    fake = FakeEmbedder()
    kept = KeptEmbedder(fake, tmp_path / "embeddings.sqlite")
    ensure_index(tmp_path / "index", small_library(), kept, Words())
    assert len(fake.asked) == len(set(fake.asked)) == 12  # a statement and a question of each of the six facts
    fake.asked.clear()
    more = document("later", [("一", "后来增加的一条园区规定，写明报送时间。")])
    index = ensure_index(tmp_path / "index", small_library(more), kept, Words())
    assert len(fake.asked) == 2
    assert all("后来增加的" in text for text in fake.asked)
    assert "later#fact-1" in ids(index, "后来增加的园区规定报送时间")


def test_a_removed_document_is_not_found_again(tmp_path: Path) -> None:
    kept = KeptEmbedder(FakeEmbedder(), tmp_path / "embeddings.sqlite")
    ensure_index(tmp_path / "index", small_library(), kept, Words())
    fewer = Library([d for d in small_library().documents.values() if d.id != "jiangsu-plan"])
    index = ensure_index(tmp_path / "index", fewer, kept, Words())
    assert not any(i.startswith("jiangsu-plan") for i in ids(index, limit=50))


def test_kept_vectors_are_those_of_the_model_and_of_that_model_only(tmp_path: Path) -> None:
    file, texts = tmp_path / "embeddings.sqlite", ["绿证", "绿电", "绿证"]
    first, second = FakeEmbedder("one"), FakeEmbedder("two")
    made = KeptEmbedder(first, file).embed_passages(texts)
    again = KeptEmbedder(first, file).embed_passages(texts)
    assert first.asked == ["绿证", "绿电"]
    assert made.tolist() == again.tolist() == FakeEmbedder().embed_passages(texts).tolist()
    KeptEmbedder(second, file).embed_passages(texts)
    assert second.asked == ["绿证", "绿电"]


def test_an_unchanged_library_is_opened_not_built(tmp_path: Path) -> None:
    fake, said = FakeEmbedder(), []
    build_index(tmp_path, small_library(), fake, Words())
    fake.asked.clear()
    ensure_index(tmp_path, small_library(), fake, Words(), lambda *step: said.append(step))
    assert (fake.asked, said) == ([], [])


@pytest.mark.parametrize("change", ["library", "model", "words"])
def test_an_index_of_other_documents_model_or_words_is_not_opened(tmp_path: Path, change: str) -> None:
    build_index(tmp_path, small_library(), None, Words())
    more = document("later", [("一", "后来增加的一条园区规定。")])
    library = small_library(more) if change == "library" else small_library()
    embedder = FakeEmbedder() if change == "model" else None
    with pytest.raises(IndexUnusable, match="更新"):
        open_index(tmp_path, library, embedder, Words(("样板",) if change == "words" else ()))


def serves_the_old(folder: Path, embedder: FakeEmbedder) -> bool:
    index = open_index(folder, small_library(), embedder, Words())
    return ids(index, "江苏省园区一次性奖励")[0] == "jiangsu-plan#fact-1"


def test_a_build_that_fails_half_way_leaves_the_old_index_serving(tmp_path: Path) -> None:
    build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    before = sorted(p.name for p in tmp_path.iterdir())
    more = document("later", [("一", "后来增加的一条园区规定。")])
    with pytest.raises(RuntimeError, match="on purpose"):
        build_index(tmp_path, small_library(more), Breaks(), Words())
    assert serves_the_old(tmp_path, FakeEmbedder())
    assert sorted(p.name for p in tmp_path.iterdir()) == before, "nothing half built stays"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_build_that_is_killed_half_way_leaves_the_old_index_serving(tmp_path: Path) -> None:
    build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    with subprocess.Popen(
        [sys.executable, "-c", HALF_BUILT, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("generation-*"))) == 2, "the killed build had begun"
    assert serves_the_old(tmp_path, FakeEmbedder())
    more = document("later", [("一", "后来增加的一条园区规定。")])
    ensure_index(tmp_path, small_library(more), FakeEmbedder(), Words())
    left = list(tmp_path.glob("generation-*"))
    assert len(left) == 2, "the next build clears what the killed one left, and keeps the one before for its readers"


def generation(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text(encoding="utf-8")


def damage(folder: Path, what: str) -> None:
    current = generation(folder)
    if what == "pointer":
        (folder / "CURRENT").write_text("generation-none", encoding="utf-8")
    elif what == "manifest":
        (current / "manifest.json").write_text("{", encoding="utf-8")
    elif what == "another manifest":
        (current / "manifest.json").write_text('["fingerprint", "files"]', encoding="utf-8")
    elif what == "half a manifest":
        whole = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
        (current / "manifest.json").write_text(json.dumps({**whole, "files": None}), encoding="utf-8")
    elif what == "passages":
        (current / "passages.json").write_text("[]", encoding="utf-8")
    elif what == "tables":
        largest = max((current / "bm25").iterdir(), key=lambda p: p.stat().st_size)
        largest.write_bytes(largest.read_bytes()[:-10])
    elif what == "missing table":
        next((current / "bm25").iterdir()).unlink()
    else:
        (current / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 100)


@pytest.mark.parametrize(
    "what", [
        "pointer", "manifest", "another manifest", "half a manifest", "passages", "tables", "missing table", "vectors",
    ],
)  # fmt: skip
def test_a_damaged_index_is_noticed_rebuilt_and_said(tmp_path: Path, what: str) -> None:
    made = tmp_path / "made"
    build_index(made, small_library(), FakeEmbedder(), Words())
    folder = tmp_path / "moved"  # the store keeps opened folders in memory, and a damage comes between two runs
    made.rename(folder)
    damage(folder, what)
    said: list[str] = []
    with pytest.raises(IndexUnusable):
        open_index(folder, small_library(), FakeEmbedder(), Words())
    index = ensure_index(folder, small_library(), FakeEmbedder(), Words(), lambda text, *_: said.append(text))
    assert said[0].startswith(("索引", "向量库"))
    assert ids(index, "江苏省园区一次性奖励")[0] == "jiangsu-plan#fact-1"
    assert serves_the_old(folder, FakeEmbedder())


def many_facts() -> Library:
    """So many facts that Chroma saves the graph of their vectors, which it does at 1,000."""
    return Library([document("many", [(f"第{n}条", f"第{n}号园区的规定。") for n in range(600)])])


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "index"
    build_index(folder, many_facts(), FakeEmbedder(), Words())
    return folder


@pytest.mark.parametrize("damage_graph", [lambda b: b[: len(b) // 2], lambda b: b"\xff" * len(b)])
@pytest.mark.parametrize("file", ["data_level0.bin", "link_lists.bin", "length.bin", "header.bin"])
def test_a_damaged_graph_of_vectors_is_noticed_before_chroma_falls_over_it(
    many: Path, tmp_path: Path, file: str, damage_graph: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "index"
    shutil.copytree(many, folder)
    (graph,) = generation(folder).glob(f"chroma/*/{file}")
    graph.write_bytes(damage_graph(graph.read_bytes()))
    with pytest.raises(IndexUnusable, match=file):
        open_index(folder, many_facts(), FakeEmbedder(), Words())


def test_nothing_is_taken_over_from_a_damaged_generation(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(many, folder)
    damaged = generation(folder)
    tokens = json.loads((damaged / "tokens.json").read_text(encoding="utf-8"))
    (damaged / "tokens.json").write_text(json.dumps({key: ["别的"] for key in tokens}), encoding="utf-8")
    fake = FakeEmbedder()
    index = build_index(folder, many_facts(), fake, Words())
    assert len(fake.asked) == 1200
    assert not index.knows("别的")
    assert index.knows("园区")
    assert not damaged.exists()


def test_opening_and_asking_leaves_the_graph_as_it_was(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    shutil.copytree(many, folder)
    for _ in range(2):
        index = open_index(folder, many_facts(), FakeEmbedder(), Words())
        assert index.search("第17号园区的规定", legs="dense").hits


def test_a_folder_that_cannot_be_written_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        ensure_index(tmp_path / "file" / "index", small_library(), None, Words())
    said = str(caught.value)
    assert str(tmp_path / "file" / "index") in said
    assert "ADVISOR_HOME" in said
    assert "\n" not in said


class FillsTheDisk(FakeEmbedder):
    """Embeds, and lets this process write no file beyond a few pages from then on, as a full disk would."""

    def embed_questions(self, texts: Sequence[str], progress: object = None) -> object:
        made = super().embed_questions(texts)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        return made


def test_a_disk_that_fills_while_vectors_are_written_is_one_sentence(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(CorpusError, match="磁盘空间") as caught:
            build_index(tmp_path / "index", many_facts(), FillsTheDisk(), Words())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert isinstance(caught.value.__cause__, OSError)
    assert isinstance(caught.value.__cause__.__cause__, ChromaError), "it was Chroma that could not write"
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "index").glob("generation-*")), "nothing half built stays"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_sentence_with_a_remedy(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CorpusError, match="ADVISOR_HOME"):
        build_index(tmp_path / "index", small_library(), None, Words())


def test_a_build_reports_its_progress_up_to_the_end(tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []
    build_index(tmp_path, small_library(), FakeEmbedder(), Words(), lambda *step: said.append(step))
    assert said
    assert all(any(w == what and done == total for w, done, total in said) for what in {w for w, _, _ in said})


def test_an_update_goes_on_from_the_vectors_of_the_generation_before(tmp_path: Path) -> None:
    build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    more = document("later", [("一", "后来增加的一条园区规定，写明报送时间。")])
    fake = FakeEmbedder()
    index = build_index(tmp_path, small_library(more), fake, Words())
    assert len(fake.asked) == 2, "nothing but the new texts is asked for, even without a cache of vectors"
    fresh = build_index(tmp_path / "fresh", small_library(more), FakeEmbedder(), Words())
    for question in (QUESTION, "后来增加的园区规定报送时间"):
        assert ids(index, question, limit=50) == ids(fresh, question, limit=50)
    fake.asked.clear()
    fewer = build_index(tmp_path, small_library(), fake, Words())
    assert not fake.asked
    assert ids(fewer, limit=50) == ids(build_index(tmp_path / "a", small_library(), fake, Words()), limit=50)


def test_a_changed_status_is_what_filters_see(tmp_path: Path) -> None:
    build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    changed = [
        d.model_copy(update={"status": "废止"}) if d.id == "saving-law" else d
        for d in small_library().documents.values()
    ]
    index = build_index(tmp_path, Library(changed), FakeEmbedder(), Words())
    found = index.search(QUESTION, filters=Filters(statuses=frozenset({"废止"})), legs="dense", limit=50).hits
    assert {h.document.id for h in found} == {"saving-law"}


def test_a_users_clause_is_found_by_meaning_among_facts_with_questions_and_goes_with_its_document(
    tmp_path: Path,
) -> None:
    clause = "申报园区应当单独划定核算边界，不得与所在园区重复计算。"
    mine = document("own-1", [("第二条", clause)], realm="own", region="江苏")
    mine = mine.model_copy(update={"passages": tuple(replace(p, questions=()) for p in mine.passages)})
    build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    fake = FakeEmbedder()
    index = build_index(tmp_path, small_library(mine), fake, Words())
    assert len(fake.asked) == 1
    question = "园区的核算边界要不要单独划定"
    assert ids(index, question, legs="dense")[0] == "own-1#fact-1"
    for filters in (Filters(realms=frozenset({"own"})), Filters(regions=frozenset({"江苏"}))):
        assert "own-1#fact-1" in ids(index, question, filters=filters, legs="dense")
    assert "own-1#fact-1" not in ids(index, question, filters=Filters(realms=frozenset({"local"})), limit=50)
    fewer = build_index(tmp_path, small_library(), FakeEmbedder(), Words())
    assert "own-1#fact-1" not in ids(fewer, question, limit=50)
    assert fewer.vectors == index.vectors - 1
