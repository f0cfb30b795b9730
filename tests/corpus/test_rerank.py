"""The reranker: question and passage read together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.embed import SentenceModel
from corpus.rerank import CrossEncoder
from corpus.rerank_training import Pair, judge_all, train, write

LIMIT = "年综合能源消费量200000tce以上、不足1000000tce的园区,单位能耗碳排放应不高于0.2吨二氧化碳/tce。"
WATER = "工业用水重复利用率不低于80%。"


@pytest.fixture(scope="module")
def model(model_folder: Path) -> SentenceModel:
    return SentenceModel(str(model_folder))


@pytest.mark.model
def test_the_fact_that_answers_stands_above_its_neighbor(model: SentenceModel) -> None:
    reranker = CrossEncoder(model)
    odds = reranker.judge("园区水重复利用率要到多少", [LIMIT, WATER])
    assert odds[1] > odds[0]
    odds = reranker.judge("用能350000tce,碳强度压到多少", [LIMIT, WATER])
    assert odds[0] > odds[1]


@pytest.mark.model
def test_a_question_beside_the_subject_is_answered_by_no_fact(model: SentenceModel) -> None:
    odds = CrossEncoder(model).judge("园区食堂停车位收费多少钱", [LIMIT, WATER])
    assert (odds < 0).all()


@pytest.mark.model
def test_no_text_gives_no_judgement(model: SentenceModel) -> None:
    assert CrossEncoder(model).judge("问", []).shape == (0,)


@pytest.mark.model
def test_what_is_trained_is_served_the_same(model_folder: Path, tmp_path: Path) -> None:
    model = SentenceModel(str(model_folder), precision="fp32")
    network: Any = train(model, [Pair("水重复利用率", WATER, 1.0), Pair("水重复利用率", LIMIT, 0.0)] * 4)
    write(network, tmp_path / "reranker.safetensors")
    served = CrossEncoder(model, tmp_path / "reranker.safetensors").judge("水重复利用率", [WATER, LIMIT])
    trained = judge_all(network, model, ["水重复利用率"] * 2, [WATER, LIMIT])
    assert np.allclose(served, trained, atol=0.1)
