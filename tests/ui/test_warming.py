"""What the first question needs is loaded before it is asked."""

from __future__ import annotations

import threading
import time
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import FakeAdvisor

from corpus.embed import KeptEmbedder, SentenceModel
from ui.warming import warm


class Counting:
    """An embedder that counts what it embeds."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_questions(self, texts: list[str], progress: object = None) -> Any:
        self.asked += texts
        return np.zeros((len(texts), 2), np.float32)


def test_the_model_is_loaded_even_for_a_question_whose_vector_is_kept(advisor: FakeAdvisor, tmp_path: Path) -> None:
    counting = Counting()
    kept = KeptEmbedder(counting, tmp_path / "kept.sqlite")  # type: ignore[arg-type]
    warmed = SimpleNamespace(index=SimpleNamespace(embedder=kept), reader=advisor.reader, ask=advisor.ask)
    for times in (1, 2):
        warm(warmed).join(10)  # type: ignore[arg-type]
        assert (len(counting.asked), len(advisor.asked)) == (times, times)


def test_a_fault_is_left_to_the_question_that_is_asked(
    advisor: FakeAdvisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)

    def broken(question: str) -> None:
        raise RuntimeError(question)

    warm(SimpleNamespace(index=advisor.index, reader=advisor.reader, ask=broken)).join(10)  # type: ignore[arg-type]
    assert not faults
    assert capsys.readouterr() == ("", "")


def test_two_questions_at_once_load_a_model_once() -> None:
    loads: list[int] = []

    class Slow(SentenceModel):
        @cached_property
        def _loaded(self) -> Any:
            time.sleep(0.05)
            loads.append(1)
            return [SimpleNamespace(auto_model=object())]

    model = Slow("nowhere")
    threads = [threading.Thread(target=lambda: model.transformer) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(loads) == 1
