"""Indexing measured against a plain LangChain + Chroma loop over the same model: passages a second."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from langchain_core.embeddings import Embeddings

from corpus.embed import Embedder, SentenceModel
from corpus.errors import CorpusError
from corpus.plain import plain_encoder, plain_store
from corpus.store import add_vectors

Encode = Callable[[Sequence[str]], list[list[float]]]
Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class IndexingComparison:
    """Two ways to index the same texts, in alternating runs; medians.

    Attributes:
        texts: how many texts a run indexes.
        runs: how many runs each had.
        passages_per_second: ours, nothing cached: embedding and writing to Chroma.
        plain_passages_per_second: LangChain embeddings over the float32 model, written to Chroma.
        ratio: median of ours / plain, run by run.
    """

    texts: int
    runs: int
    passages_per_second: float
    plain_passages_per_second: float
    ratio: float

    def record(self) -> dict[str, int | float]:
        """Return the figures as the command prints them."""
        return {k: round(v, 2) if isinstance(v, float) else v for k, v in asdict(self).items()}


class PlainEmbeddings(Embeddings):
    """LangChain's door to a function that embeds statements."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of statements."""
        return self._encode(texts)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one statement; questions are not measured here."""
        return self._encode([text])[0]


def compare_indexing(
    texts: Sequence[str], model: Path, *, runs: int = 3, threads: int | None = None, report: Report | None = None
) -> IndexingComparison:
    """Index `texts` both ways, in turn, `runs` times each in this process.

    Raises:
        CorpusError: when there are no texts.
        ModelMissing: when the model cannot be opened.
    """
    ours = SentenceModel(str(model), threads=threads)
    ours.embed_passages(["开"])  # first, because it sets the number of threads that both then use
    return compare(texts, ours, PlainEmbeddings(plain_encoder(model)), runs=runs, report=report)


def compare(
    texts: Sequence[str], ours: Embedder, plain: Embeddings, *, runs: int = 3, report: Report | None = None
) -> IndexingComparison:
    """Index `texts` with both embedders, in turn, so that whatever else the machine does falls on both."""
    if not texts or runs < 1:
        raise CorpusError("没有可以比较的文本或次数，请至少给一段文本、跑一次。")
    ours.embed_passages(list(texts[:2]))
    plain.embed_documents(list(texts[:2]))
    rates: list[tuple[float, float]] = []
    for run in range(runs):
        rates.append((_rate(texts, lambda folder: _index(texts, ours, folder)),
                      _rate(texts, lambda folder: _index_plainly(texts, plain, folder))))  # fmt: skip
        if report is not None:
            report("对比建索引", run + 1, runs)
    return IndexingComparison(
        texts=len(texts),
        runs=runs,
        passages_per_second=statistics.median(a for a, _ in rates),
        plain_passages_per_second=statistics.median(b for _, b in rates),
        ratio=statistics.median(a / b for a, b in rates),
    )


def _rate(texts: Sequence[str], index: Callable[[Path], None]) -> float:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        began = time.perf_counter()
        index(Path(folder))
        return len(texts) / (time.perf_counter() - began)


def _index(texts: Sequence[str], embedder: Embedder, folder: Path) -> None:
    vectors = embedder.embed_passages(texts)
    add_vectors(folder, list(vectors), [{"passage": str(i)} for i in range(len(texts))])


def _index_plainly(texts: Sequence[str], embeddings: Embeddings, folder: Path) -> None:
    plain_store(folder)(texts, embeddings.embed_documents(list(texts)))
