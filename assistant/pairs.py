"""Training pairs for the reranker: the library's own questions with their facts, with near facts, and with none."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.advisor import alike
from assistant.measure import Labelled
from assistant.relevance import judged_text
from corpus.embed import Embedder
from corpus.fusion import asked_tokens, fuse
from corpus.index import Index
from corpus.model import Passage
from corpus.rerank_training import Pair
from corpus.store import dense_texts
from corpus.words import fold

_SAME = 0.975
"""Cosine of two statements from which they may say the same."""
_DEEP = 30
_FAR_SHARE = 0.25
"""How often a fact from further down is taken as a wrong one as well."""
_UNANSWERED_DEPTH = 4
_UNANSWERED_WEIGHT = 2.0
_SEED = 11


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a fact, or of none (`passage` is None)."""

    question: str
    passage: Passage | None


def held_out(question: str) -> bool:
    """Whether a question of the library is kept from the reranker, for fitting and measuring what it has not seen."""
    return hashlib.sha256(question.encode()).digest()[0] % 10 == 0


def is_near_miss(item: Labelled) -> bool:
    """Whether a labelled question was made from a fact so that it just misses it; staff ask few of those."""
    return item.id.startswith("tune-m")


def trains_reranker(item: Labelled) -> bool:
    """Whether a labelled question is one of the near misses that the reranker learns from."""
    return is_near_miss(item) and hashlib.sha256(item.id.encode()).digest()[1] % 5 != 0


def training_questions(index: Index, items: Sequence[Labelled]) -> list[Asked]:
    """Return what the reranker learns from: the questions of the library's facts, and near misses that none answers."""
    own = [Asked(fold(q), p) for p in index.library.passages.values() for q in p.questions if not held_out(q)]
    return [*own, *(Asked(fold(item.question), None) for item in items if trains_reranker(item))]


def pairs_of(index: Index, embedder: Embedder, asked: Sequence[Asked], *, draw: int = 0) -> list[Pair]:
    """Return labelled pairs: each question with its fact, and with facts that the search would offer instead.

    A fact that may say the same as the right one is never taken for a wrong one. Another `draw` takes others of them.
    """
    chance = random.Random(_SEED + draw)  # noqa: S311 # a fixed choice, nothing secret
    passages = list(index.library.passages.values())
    position = {p.id: i for i, p in enumerate(passages)}
    texts = [judged_text(p, index.library.document_of(p)) for p in passages]
    statements = embedder.embed_passages([dense_texts(index.library, p)[0] for p in passages])
    owned = [(i, q) for i, p in enumerate(passages) for q in p.questions]
    owners = np.array([i for i, _ in owned])
    known = embedder.embed_questions([q for _, q in owned])
    vectors = embedder.embed_questions([a.question for a in asked])
    made: list[Pair] = []

    def far() -> int:
        return int(chance.random() < _FAR_SHARE)

    for at, item in enumerate(asked):
        own = position[item.passage.id] if item.passage is not None else -1
        near = _nearest(index, item.question, vectors[at], statements, known, owners)
        if own >= 0:
            made.append(Pair(item.question, texts[own], 1.0))
            cosines = dict(zip(near, statements[near] @ statements[own], strict=True))
            near = [i for i in near if i != own and not _same(passages[i], passages[own], cosines[i])]
            picked = [*chance.sample(near[:4], min(1, len(near))), *chance.sample(near[4:], len(near) > 4 and far())]
            made += [Pair(item.question, texts[i], 0.0) for i in picked]
        else:
            made += [Pair(item.question, texts[i], 0.0, _UNANSWERED_WEIGHT) for i in near[:_UNANSWERED_DEPTH]]
    return made


def _same(one: Passage, other: Passage, cosine: float) -> bool:
    """Whether two statements may say the same."""
    return cosine > _SAME or alike(one.text, other.text)


def _nearest(
    index: Index,
    question: str,
    vector: NDArray[np.float32],
    statements: NDArray[np.float32],
    known: NDArray[np.float32],
    owners: NDArray[np.int64],
) -> list[int]:
    """Return the positions of the passages that a search finds, best first."""
    dense = (statements @ vector).astype(np.float64)
    closeness = (known @ vector).astype(np.float64)
    closeness[closeness > 0.999] = 0.0  # the question itself
    np.maximum.at(dense, owners, closeness)
    tokens = index.words.tokens(question)
    lexical = index.lexical_scores(asked_tokens(tokens))
    score = fuse(lexical, dense, by_reference=any(t.startswith("=") for t in tokens))
    return [int(i) for i in np.argsort(-score)[:_DEEP]]
