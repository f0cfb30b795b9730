"""The comparison of indexing runs both sides on the same texts and reports medians."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.indexing import PlainEmbeddings, compare
from corpus.embed import Progress
from corpus.errors import CorpusError


class Recorder:
    """Embeds anything to the same vector and remembers how many texts it was given."""

    name = "recorder"

    def __init__(self) -> None:
        self.given: list[int] = []

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.given.append(len(texts))
        return np.ones((len(texts), 4), np.float32)

    embed_questions = embed_passages


def test_both_sides_index_all_texts_in_every_run_after_a_warm_up() -> None:
    ours, plain = Recorder(), Recorder()
    made = compare(
        ["一", "二", "三"], ours, PlainEmbeddings(lambda texts: plain.embed_passages(texts).tolist()), runs=2
    )
    assert ours.given == plain.given == [2, 3, 3]
    assert (made.texts, made.runs) == (3, 2)
    assert made.ratio > 0
    assert set(made.record()) == {"texts", "runs", "passages_per_second", "plain_passages_per_second", "ratio"}


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(CorpusError, match="至少"):
        compare([], Recorder(), PlainEmbeddings(lambda texts: []))
