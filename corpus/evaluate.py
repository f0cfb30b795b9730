"""Retrieval measured on a task folder: corpus.jsonl, queries.jsonl, qrels.tsv and queries_noanswer.jsonl."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from corpus.embed import Embedder, KeptEmbedder, Progress
from corpus.errors import CorpusError, ModelMissing
from corpus.index import Index, Legs, ensure_index
from corpus.store import Report, dense_texts
from corpus.task import RetrievalTask, read_task
from corpus.words import Words

_DEEPEST = 10
LEGS: tuple[Legs, ...] = get_args(Legs)


@dataclass(frozen=True, slots=True)
class Indexing:
    """How quickly the passages of a task were indexed.

    Attributes:
        statements: vectors in the index: passages, and windows of the long ones.
        embedded: those computed in this run; the others came from the cache of vectors.
        seconds: embedding and writing of `embedded`, without opening the model; 0 when all came from the cache.
    """

    statements: int
    embedded: int
    seconds: float

    @property
    def passages_per_second(self) -> float | None:
        """Vectors computed and written a second; None where all came from the cache."""
        return self.embedded / self.seconds if self.embedded and self.seconds else None

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them."""
        rate = self.passages_per_second
        return {
            "statements": self.statements,
            "embedded_in_this_run": self.embedded,
            "from_cache": self.embedded == 0,
            "passages_per_second": None if rate is None else round(rate, 1),
        }


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What one leg reached on one task.

    Attributes:
        task: the folder's name.
        legs: lexical, dense or fused.
        questions: how many were judged.
        passages: how many there were to choose from.
        ndcg_10, recall_1, recall_5, recall_10, mrr_10: 0 to 1, means over the questions.
        support_auroc: how well `Found.support` tells answerable questions from the others; None without such questions.
        milliseconds_median, milliseconds_p95: time of a search, its question embedded anew.
    """

    task: str
    legs: str
    questions: int
    passages: int
    ndcg_10: float
    recall_1: float
    recall_5: float
    recall_10: float
    mrr_10: float
    support_auroc: float | None
    milliseconds_median: float
    milliseconds_p95: float
    indexing: Indexing

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them, four decimals."""
        plain = {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items() if k != "indexing"}
        return {**plain, "indexing": self.indexing.record()}


@dataclass(slots=True)
class _Counting:
    """An embedder that counts what really reaches the model, and for how long."""

    embedder: Embedder
    texts: int = 0
    seconds: float = 0.0
    open: bool = field(default=False)

    @property
    def name(self) -> str:
        return self.embedder.name

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        if not self.open:
            self.embedder.embed_questions(["开"])  # opens the model, which is no part of the rate
            self.open = True
        began = time.perf_counter()
        vectors = self.embedder.embed_passages(texts, progress)
        self.seconds += time.perf_counter() - began
        self.texts += len(texts)
        return vectors

    def embed_questions(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        return self.embedder.embed_questions(texts, progress)


def evaluate_retrieval(
    folder: Path,
    *,
    home: Path,
    embedder: Embedder | None,
    legs: Sequence[str] = LEGS,
    report: Report | None = None,
    words: Words | None = None,
) -> list[TaskResult]:
    """Measure the search on a task folder, one result a leg. The index is kept under `home/tasks`.

    Args:
        folder: the task.
        home: where indexes are kept.
        embedder: None where there is no model; then only the lexical leg can be measured.
        legs: of lexical, dense, fused.
        report: hears of progress.
        words: how text is cut; without domain words by default.

    Raises:
        CorpusError: when the folder cannot be read as a task, or a leg has no such name.
        ModelMissing: when a leg needs the model and there is none.
    """
    wanted = _legs(legs, embedder)
    task = read_task(folder)
    index, indexing = _index(task, home, embedder, words or Words(), report)
    if isinstance(embedder, KeptEmbedder):
        index.embedder = embedder.embedder  # a question of a user is new: its vector is not in the cache
    return [_measured(task, index, leg, indexing, report) for leg in wanted]


def _legs(legs: Sequence[str], embedder: Embedder | None) -> list[Legs]:
    unknown = [leg for leg in legs if leg not in LEGS]
    if unknown or not legs:
        raise CorpusError(f"没有名为 {'、'.join(unknown) or '（空）'} 的检索通道，请从 {'、'.join(LEGS)} 里选。")
    if embedder is None and any(leg != "lexical" for leg in legs):
        raise ModelMissing("没有向量模型，只能评测 lexical 通道；请检查 ADVISOR_EMBEDDING_MODEL，或只选 lexical。")
    return [cast("Legs", leg) for leg in dict.fromkeys(legs)]


def _index(
    task: RetrievalTask, home: Path, embedder: Embedder | None, words: Words, report: Report | None
) -> tuple[Index, Indexing]:
    counting: _Counting | None = None
    if embedder is not None:
        counting = _Counting(embedder.embedder if isinstance(embedder, KeptEmbedder) else embedder)
    using: Embedder | None = counting
    if counting is not None and isinstance(embedder, KeptEmbedder):
        using = KeptEmbedder(counting, embedder.file)
    began = time.perf_counter()
    index = ensure_index(home / "tasks" / task.name, task.library, using, words, report)
    whole = time.perf_counter() - began
    if counting is None:
        return index, Indexing(0, 0, 0.0)
    statements = sum(len(dense_texts(task.library, p)) for p in task.library.passages.values())
    share = counting.texts / statements
    seconds = counting.seconds + share * max(0.0, whole - counting.seconds) if counting.texts else 0.0
    return index, Indexing(statements, counting.texts, seconds)


def _measured(task: RetrievalTask, index: Index, leg: Legs, indexing: Indexing, report: Report | None) -> TaskResult:
    from ir_measures import RR, R, ScoredDoc, nDCG

    measures = {"ndcg_10": nDCG @ 10, "recall_1": R @ 1, "recall_5": R @ 5, "recall_10": R @ 10, "mrr_10": RR @ 10}
    run: list[Any] = []
    supports: list[float] = []
    times: list[float] = []
    asked = [*task.questions.items(), *(("", text) for text in task.unanswerable)]
    index.search(asked[0][1], limit=_DEEPEST, legs=leg)  # opens the model and the word list
    for done, (identity, text) in enumerate(asked, 1):
        began = time.perf_counter()
        found = index.search(text, limit=_DEEPEST, legs=leg)
        times.append((time.perf_counter() - began) * 1000)
        supports.append(found.support)
        if identity:
            # the place is the score: equal scores would be put in another order
            run += [ScoredDoc(identity, task.record_of(h.passage), -float(i)) for i, h in enumerate(found.hits)]
        if report is not None and (done % 50 == 0 or done == len(asked)):
            report(f"检索 {leg}", done, len(asked))
    return TaskResult(
        task=task.name,
        legs=leg,
        questions=len(task.questions),
        passages=len(task.library.passages),
        **_means(measures, task, run),
        support_auroc=_auroc(supports, len(task.questions)),
        milliseconds_median=float(np.median(times)),
        milliseconds_p95=float(np.percentile(times, 95)),
        indexing=indexing,
    )


def _means(measures: dict[str, Any], task: RetrievalTask, run: list[Any]) -> dict[str, Any]:
    import ir_measures

    judged = [ir_measures.Qrel(q, d, grade) for q, grades in task.relevant.items() for d, grade in grades.items()]
    reached: dict[Any, float] = cast(Any, ir_measures).calc_aggregate(list(measures.values()), judged, run)
    return {name: float(reached[measure]) for name, measure in measures.items()}


def _auroc(supports: Sequence[float], answerable: int) -> float | None:
    if answerable == len(supports):
        return None
    from sklearn import metrics

    return float(cast(Any, metrics).roc_auc_score([i < answerable for i in range(len(supports))], supports))
