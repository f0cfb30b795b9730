"""What the reranker reads: a fact whole; of a long clause of a user's document its likeliest parts, the best counts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.relevance import judged_text
from corpus.model import Document, Hit
from corpus.rerank import Reranker
from corpus.words import fold

_LONG = 110
_PARTS = 2
_SENTENCE = re.compile(r"[^。！？；;\n]+[。！？；;]?")


def judge_hits(reranker: Reranker, question: str, hits: Sequence[Hit]) -> NDArray[np.float32]:
    """Return for each hit the log-odds that it, or a part of it, answers the question."""
    texts = [judged_texts(question, hit) for hit in hits]
    odds = reranker.judge(question, [text for some in texts for text in some])
    ends = np.cumsum([len(some) for some in texts])
    return np.array([part.max() for part in np.split(odds, ends[:-1])], np.float32)


def judged_texts(question: str, hit: Hit) -> list[str]:
    """Return what the reranker reads of a hit."""
    passage, document = hit.passage, hit.document
    if document.realm != "own" or len(passage.text) <= _LONG:
        return [judged_text(passage, document)]
    return [_headed(document, part) for part in likeliest_parts(question, passage.text)]


def _headed(document: Document, part: str) -> str:
    return fold(f"{document.title}\n{part}")


def likeliest_parts(question: str, text: str) -> list[str]:
    """Return the runs of whole sentences, each short enough to be read whole, that share most with the question."""
    sentences = [m[0].strip() for m in _SENTENCE.finditer(text) if m[0].strip()]
    parts: list[str] = []
    for at in range(len(sentences)):
        part = sentences[at]
        for following in sentences[at + 1 :]:
            if len(part) + len(following) > _LONG:
                break
            part += following
        if not parts or part not in parts[-1]:
            parts.append(part)
    asked = _pairs(question)
    parts.sort(key=lambda part: -len(asked & _pairs(part)))
    return parts[:_PARTS] or [text]


def _pairs(text: str) -> set[str]:
    folded = re.sub(r"[\W_]", "", fold(text))
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
