"""The network that reads marked texts: what goes in, what comes out, and what a damaged file does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from corpus.embed import SentenceModel
from corpus.errors import CorpusError
from corpus.rerank_training import pack
from corpus.tagging import LONGEST, Kinds, Marked, Mention, SpanNetwork, encoded, kinds_in, network_over

KINDS = Kinds(
    classes=("", "power", "gas"),
    standings=("clear", "open"),
    flags=("part",),
    replies=("", "yes"),
    stated=("sound", "clear"),
    marks=("", "amount", "name", "asked"),
    seldom=("gas",),
    embedder="multilingual-e5-small",
)
TEXT = Marked(
    "下网电量", "asked", "去年下网3亿度，天然气没有", (Mention(4, 7, "amount", ("power",)), Mention(8, 11, "name"))
)

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def model(model_folder: Path) -> SentenceModel:
    return SentenceModel(str(model_folder), precision="fp32")


@pytest.fixture(scope="module")
def weights(model: SentenceModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch as _torch

    torch: Any = _torch
    torch.manual_seed(1)
    network = network_over(model.transformer, KINDS, torch.randn(len(KINDS.classes), 384))
    file = tmp_path_factory.mktemp("tagging") / "weights.safetensors"
    pack(network, file, KINDS.written())
    return file


def test_the_kinds_are_kept_beside_the_weights(weights: Path) -> None:
    assert kinds_in(weights) == KINDS


def test_each_mention_gets_chances_and_the_text_as_a_whole(model: SentenceModel, weights: Path) -> None:
    read = SpanNetwork(model, weights).read(TEXT)
    assert read.classes.shape == (2, 3)
    assert read.classes.sum(1) == pytest.approx([1, 1], abs=1e-4)
    assert read.standings.shape == (2, 2)
    assert read.flags.shape == (2, 1)
    assert read.replies.sum() == pytest.approx(1, abs=1e-4)
    assert read.stated.shape == (2, 2)
    assert read.whole


def test_marks_and_what_is_seen_stand_at_the_tokens_of_their_mention(model: SentenceModel) -> None:
    inputs, places = encoded(model.tokenizer, [TEXT], KINDS)
    assert places == [(0, 0), (0, 1)]
    marks: list[int] = inputs["marks"][0].tolist()
    (_, first, last), (_, start, end) = inputs["spans"]
    assert set(marks[first:last]) == {1}
    assert set(marks[start:end]) <= {1, 2}
    assert 3 in marks
    seen: Any = inputs["seen"][0]
    assert seen[first].tolist() == [0, 1, 0]
    assert seen[:first].sum() == 0


def test_a_mention_past_the_end_or_cut_in_two_is_not_judged(model: SentenceModel, weights: Path) -> None:
    text = "下网3亿度，" + "园区能源统计说明" * 60
    late = Mention(len(text) - 4, len(text), "amount")
    read = SpanNetwork(model, weights).read(Marked("", "", text, (Mention(2, 5, "amount"), late)))
    assert read.classes[0].sum() == pytest.approx(1, abs=1e-4)
    assert not read.classes[1].any()
    assert not read.whole
    assert len(text) > LONGEST


def test_a_text_without_mentions_is_read_too(model: SentenceModel, weights: Path) -> None:
    read = SpanNetwork(model, weights).read(Marked("下网电量", "asked", "没有", ()))
    assert read.classes.shape == (0, 3)
    assert read.replies.sum() == pytest.approx(1, abs=1e-4)


def test_damaged_weights_are_said_in_one_sentence(model: SentenceModel, weights: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.safetensors"
    torn.write_bytes(weights.read_bytes()[:-1000])
    network = SpanNetwork(model, torn)
    network.__dict__["kinds"] = KINDS
    with pytest.raises(CorpusError, match="读不出来"):
        network.read(TEXT)


def test_two_threads_read_and_embed_at_once(model: SentenceModel, weights: Path) -> None:
    network, faults = SpanNetwork(model, weights), list[BaseException]()

    def again(act: Any) -> None:
        try:
            for _ in range(20):
                act()
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    acts = (lambda: network.read(TEXT), lambda: model.embed_questions(["园区下网电量", "绿证"]))
    threads = [threading.Thread(target=again, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not faults
