"""Two rankings of the same passages -> one; and how well one passage carries a whole question.

The legs speak in different units. A BM25 score grows with the length of the question, so it is measured against the
best few of its own list. A cosine of a contrastive model does not: the model is trained with a fixed temperature
(0.01), so a difference of one hundredth means the same in every question. Where the vectors see little difference
between passages, as in a library of one subject, words therefore decide by themselves, and no weight has to be set.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

_PEERS = 50
_PER_COSINE = 220.0
_PER_COSINE_OF_REFERENCES = 40.0
_UNRELATED_COSINE = 0.7
_ASKING = frozenset("的了是吗呢吧啊么什哪怎")
_REFERENCE_COUNTS = 5


def asked_tokens(tokens: Sequence[str]) -> list[str]:
    """Return what BM25 looks for of a question: nothing of its frame (是什, 么时), references counted five times.

    >>> asked_tokens(["=第3条", "税率", "率是", "是多"])
    ['=第3条', '=第3条', '=第3条', '=第3条', '=第3条', '税率']
    """
    carrying = [t for t in tokens if not _ASKING & set(t)] or list(tokens)
    return [t for t in carrying for _ in range(_REFERENCE_COUNTS if t.startswith("=") else 1)]


def fuse(lexical: Scores, dense: Scores, *, by_reference: bool = False) -> Scores:
    """Return one score a passage, 0 to 1, from both legs; 0 is not found.

    Args:
        lexical: BM25 scores, 0 where no word fits.
        dense: cosines, 0 where the passage is not among the nearest.
        by_reference: whether the question names a number of a document or clause, which vectors do not tell apart.
    """
    if not dense.any():
        return scaled(lexical)
    if not lexical.any():
        return scaled(dense)
    weight = _PER_COSINE_OF_REFERENCES if by_reference else _PER_COSINE
    best = np.sort(lexical)[-_PEERS:]
    spread = float(best.std()) or 1.0
    floor = dense[dense > 0].min()
    mixed = lexical / spread + weight * np.where(dense > 0, dense, floor)
    return scaled(mixed, (lexical > 0) | (dense > 0))


def scaled(scores: Scores, found: NDArray[np.bool_] | None = None) -> Scores:
    """Return scores between 0 and 1; what was not found is 0, what was found is more."""
    found = scores > 0 if found is None else found
    if not found.any():
        return np.zeros_like(scores)
    low, high = scores[found].min(), scores[found].max()
    return np.where(found, (scores - low + 1e-6) / (high - low + 1e-6), 0.0)


def support(coverage: Scores, dense: Scores) -> float:
    """Return how well the best of a few passages carries the question, 0 to 0.99.

    One passage has to have both, the question's words and its meaning: the best words of one and the best meaning of
    another do not add up to an answer.

    Args:
        coverage: share of the weight of the question's words that each passage has.
        dense: cosine of each passage; all 0 where there are no vectors.
    """
    if not coverage.size:
        return 0.0
    if not dense.any():
        return float(min(0.99, coverage.max()))
    meaning = np.maximum(0.0, (dense - _UNRELATED_COSINE) / (1 - _UNRELATED_COSINE))
    return float(min(0.99, (0.3 * coverage + 0.7 * meaning).max()))
