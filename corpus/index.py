"""The search index: BM25 (bm25s) over words and character pairs, vectors in Chroma, one fusion, filters before ranking.

A build writes a new generation folder and then points the file CURRENT at it, in one step; until that moment, and
when a build is killed, the old generation serves. Vectors of unchanged texts come from the embedder's cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from corpus.embed import Embedder
from corpus.errors import CorpusError, IndexUnusable
from corpus.library import Library
from corpus.model import Hit, Passage
from corpus.references import ReferenceTable
from corpus.words import Words

Legs = Literal["fused", "lexical", "dense"]
Report = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""

FORMAT = 3
_DEPTH = 200
_WINDOW = 450
_SENTENCE_END = re.compile(r"(?<=[。！？；;\n])")


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found at all. Empty means everything.

    Attributes:
        regions: regions whose documents may be found (全国 is not implied).
        realms: realms of the library.
        statuses: 现行, 试行 ...
        on: ISO date; documents that came into force later are left out.
    """

    regions: frozenset[str] = frozenset()
    realms: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    on: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search: hits, best first, and how well the library supports the question.

    Attributes:
        hits: passages, best first.
        support: 0 to 1, how sure it is that some passage answers; comparable between questions of one library.
        named: ids of the passages that the question names by document number, title or clause.
        missing_clause: whether the question names a clause of a document at hand that is not there.
    """

    hits: tuple[Hit, ...]
    support: float
    named: frozenset[str] = field(default_factory=frozenset[str])
    missing_clause: bool = False


def lexical_text(library: Library, passage: Passage) -> str:
    """Return what the lexical leg reads of a passage."""
    document = library.document_of(passage)
    head = (document.title, document.number, *document.aliases, *passage.path, passage.place)
    return "\n".join([" ".join(head), passage.text, *passage.questions])


def dense_texts(library: Library, passage: Passage) -> list[str]:
    """Return the statements that the dense leg embeds for a passage: the whole, and windows of a long one."""
    title = library.document_of(passage).title
    whole = f"{title}\n{passage.text}"
    if len(passage.text) <= _WINDOW:
        return [whole]
    windows: list[str] = []
    for sentence in _SENTENCE_END.split(passage.text):
        if windows and len(windows[-1]) + len(sentence) <= _WINDOW:
            windows[-1] += sentence
        else:
            windows += [sentence[i : i + _WINDOW] for i in range(0, len(sentence), _WINDOW)]
    return [whole, *(f"{title}\n{w}" for w in windows)]


class Index:
    """A whole, opened index of one library."""

    def __init__(self, library: Library, folder: Path, embedder: Embedder | None, words: Words) -> None:
        self.library = library
        self.embedder = embedder
        self.words = words
        self._ids: list[str] = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        self._position = {identity: i for i, identity in enumerate(self._ids)}
        self._passages = [library.passages[i] for i in self._ids]
        self._documents = [library.document_of(p) for p in self._passages]
        self._references = ReferenceTable(library)
        self._bm25 = _open_bm25(folder / "bm25")
        self._inverse_frequency = _inverse_frequencies(self._bm25, len(self._ids))
        self._vectors = _open_chroma(folder / "chroma") if embedder else None

    @property
    def legs(self) -> str:
        """The legs that serve: fused, or lexical where there is no model."""
        return "fused" if self._vectors is not None else "lexical"

    def search(
        self, question: str, *, filters: Filters | None = None, limit: int = 10, legs: Legs = "fused"
    ) -> Found:
        """Return the passages that fit `question` best, of those that the filters allow."""
        allowed = self._allowed(filters or Filters())
        if not allowed.any() or not question.strip():
            return Found((), 0.0)
        tokens = self.words.tokens(question)
        lexical = self._lexical(tokens) * allowed
        dense = np.zeros_like(lexical)
        if legs != "lexical" and self._vectors is not None:
            dense = self._dense(question, filters or Filters()) * allowed
        coverage = self._coverage(tokens, lexical)
        score = {
            "lexical": lambda: _scaled(lexical),
            "dense": lambda: _scaled(dense),
            "fused": lambda: self._fuse(lexical, dense),
        }[legs if self._vectors is not None else "lexical"]()
        named = self._references.named(question)
        if legs != "dense":
            for identity, weight in named.passages.items():
                at = self._position[identity]
                score[at] += weight * allowed[at]
        order = np.argsort(-score, kind="stable")[:limit]
        hits = tuple(
            Hit(self._passages[i], self._documents[i], float(score[i]), float(lexical[i]), float(dense[i]))
            for i in order
            if score[i] > 0
        )
        support = self._support(coverage, dense, named.passages, named.missing_clause)
        return Found(hits, support, frozenset(named.passages), named.missing_clause)

    def inverse_frequency(self, token: str) -> float:
        """How rare a token is in the library: ln(passages / passages with it); the maximum for an unknown one."""
        return self._inverse_frequency.get(token, float(np.log(len(self._ids) + 1)))

    def knows(self, token: str) -> bool:
        """Whether any passage has the token."""
        return token in self._inverse_frequency

    def _allowed(self, filters: Filters) -> NDArray[np.float64]:
        def fits(i: int) -> bool:
            document = self._documents[i]
            since = document.in_force or document.issued or document.published
            return (
                (not filters.regions or document.region in filters.regions)
                and (not filters.realms or document.realm in filters.realms)
                and (not filters.statuses or document.status in filters.statuses)
                and (not filters.on or since <= filters.on)
            )

        if filters == Filters():
            return np.ones(len(self._ids))
        return np.array([float(fits(i)) for i in range(len(self._ids))])

    def _lexical(self, tokens: Sequence[str]) -> NDArray[np.float64]:
        known = [t for t in tokens if t in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self._ids))
        return np.asarray(self._bm25.get_scores(known), np.float64)

    def _dense(self, question: str, filters: Filters) -> NDArray[np.float64]:
        assert self.embedder is not None
        assert self._vectors is not None
        vector = self.embedder.embed_questions([question])[0]
        answer = self._vectors.query(
            query_embeddings=[vector.tolist()],
            n_results=min(3 * _DEPTH, self._vectors.count()),
            where=_where(filters),
            include=["metadatas", "distances"],
        )
        near = np.zeros(len(self._ids))
        for record, distance in zip(answer["metadatas"][0], answer["distances"][0], strict=True):
            at = self._position[record["passage"]]
            near[at] = max(near[at], 1.0 - float(distance))
        return near

    def _fuse(self, lexical: NDArray[np.float64], dense: NDArray[np.float64]) -> NDArray[np.float64]:
        return fuse(lexical, dense)

    def _coverage(self, tokens: Sequence[str], lexical: NDArray[np.float64]) -> float:
        wanted = {t: self.inverse_frequency(t) for t in tokens}
        total = sum(wanted.values())
        if not total or not lexical.any():
            return 0.0
        best = self._passages[int(np.argmax(lexical))]
        there = set(self.words.tokens(lexical_text(self.library, best)))
        return sum(w for t, w in wanted.items() if t in there) / total

    def _support(
        self, coverage: float, dense: NDArray[np.float64], named: dict[str, float], missing_clause: bool
    ) -> float:
        if missing_clause:
            return 0.0
        if any(weight > 1 for weight in named.values()):
            return 1.0
        top = float(dense.max()) if dense.any() else 0.0
        return min(0.99, 0.4 * coverage + 0.6 * max(0.0, (top - 0.7) / 0.3))


def fuse(lexical: NDArray[np.float64], dense: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return one score a passage from both legs."""
    if not dense.any():
        return _scaled(lexical)
    if not lexical.any():
        return _scaled(dense)
    return 0.3 * _scaled(lexical) + 0.7 * _scaled(dense)


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores between 0 and 1; what was not found stays 0."""
    found = scores > 0
    if not found.any():
        return scores
    low, high = scores[found].min(), scores[found].max()
    return np.where(found, (scores - low + 1e-6) / (high - low + 1e-6), 0.0)


def fingerprint(library: Library, embedder: Embedder | None, words: Words) -> str:
    """Return a hash of everything that the index depends on."""
    made_of = [FORMAT, embedder.name if embedder else "", words.domain]
    made_of += [[asdict(p), library.document_of(p).model_dump(exclude={"passages"})] for p in library.passages.values()]
    return hashlib.sha256(json.dumps(made_of, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def open_index(folder: Path, library: Library, embedder: Embedder | None, words: Words) -> Index:
    """Open the current generation in `folder`.

    Raises:
        IndexUnusable: when there is none, it is damaged, or it is of other documents, model or version.
    """
    try:
        current = folder / (folder / "CURRENT").read_text(encoding="utf-8").strip()
        manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"索引还没有建立，或清单读不出来（{error}）。") from error
    if manifest.get("fingerprint") != fingerprint(library, embedder, words):
        raise IndexUnusable("文库、模型或程序有更新，索引需要更新。")
    for name, digest in manifest["files"].items():
        path = current / name
        if not path.is_file() or _sha256(path) != digest:
            raise IndexUnusable(f"索引文件 {name} 缺失或损坏。")
    try:
        index = Index(library, current, embedder, words)
        if index._vectors is not None and index._vectors.count() != manifest["vectors"]:  # pyright: ignore[reportPrivateUsage]
            raise IndexUnusable("向量库不完整。")
    except IndexUnusable:
        raise
    except Exception as error:  # noqa: BLE001 # whatever a damaged store makes the libraries raise, it is rebuilt
        raise IndexUnusable(f"索引打不开（{type(error).__name__}: {error}）。") from error
    return index


def build_index(
    folder: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None = None
) -> Index:
    """Build a new generation in `folder`, point CURRENT at it, remove older ones, and return it opened.

    Raises:
        CorpusError: when the folder cannot be written; what was there still serves.
    """
    name = f"generation-{uuid.uuid4().hex[:12]}"
    made = folder / name
    try:
        made.mkdir(parents=True)
        files = _write_generation(made, library, embedder, words, report)
        manifest = {"fingerprint": fingerprint(library, embedder, words), **files}
        (made / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        pointer = folder / f"CURRENT.{name}"
        pointer.write_text(name, encoding="utf-8")
        os.replace(pointer, folder / "CURRENT")
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        raise CorpusError(
            f"索引写不进 {str(folder)!r}（{error.strerror or error}）。请检查磁盘空间和写权限，或用 ADVISOR_HOME 另指文件夹。"
        ) from error
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    for old in folder.glob("generation-*"):
        if old != made:
            shutil.rmtree(old, ignore_errors=True)
    return Index(library, made, embedder, words)


def ensure_index(
    folder: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None = None
) -> Index:
    """Open the index, or build it when it is missing, damaged or out of date; `report` hears why."""
    try:
        return open_index(folder, library, embedder, words)
    except IndexUnusable as reason:
        if report is not None:
            report(str(reason), 0, 0)
        return build_index(folder, library, embedder, words, report)


def _write_generation(
    made: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None
) -> dict[str, Any]:
    import bm25s  # noqa: PLC0415

    passages = list(library.passages.values())
    (made / "passages.json").write_text(json.dumps([p.id for p in passages]), encoding="utf-8")
    tokens = [words.tokens(lexical_text(library, p)) or ["∅"] for p in passages]
    bm25 = bm25s.BM25(method="lucene")
    bm25.index(tokens, show_progress=False)
    bm25.save(str(made / "bm25"))
    vectors = 0
    if embedder is not None:
        vectors = _write_vectors(made / "chroma", library, passages, embedder, report)
    kept = [p for p in sorted(made.rglob("*")) if p.is_file() and "chroma" not in p.relative_to(made).parts]
    return {"files": {str(p.relative_to(made)): _sha256(p) for p in kept}, "vectors": vectors}


def _write_vectors(
    folder: Path, library: Library, passages: Sequence[Passage], embedder: Embedder, report: Report | None
) -> int:
    statements = [(p, text) for p in passages for text in dense_texts(library, p)]
    questions = [(p, text) for p in passages for text in p.questions]

    def tell(what: str) -> Callable[[int, int], None]:
        return lambda done, total: report(what, done, total) if report is not None else None

    vectors = [
        *embedder.embed_passages([t for _, t in statements], tell("计算条文向量")),
        *(embedder.embed_questions([t for _, t in questions], tell("计算问法向量")) if questions else []),
    ]
    owners = [p for p, _ in (*statements, *questions)]
    collection = _chroma(folder).create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 400}}
    )
    for start in range(0, len(owners), 2000):
        part = owners[start : start + 2000]
        collection.add(
            ids=[f"{start + i}" for i in range(len(part))],
            embeddings=[v.tolist() for v in vectors[start : start + 2000]],
            metadatas=[_metadata(library, p) for p in part],
        )
        if report is not None:
            report("写入向量库", min(start + 2000, len(owners)), len(owners))
    return len(owners)


def _metadata(library: Library, passage: Passage) -> dict[str, str | int]:
    document = library.document_of(passage)
    since = document.in_force or document.issued or document.published
    return {
        "passage": passage.id,
        "region": document.region,
        "realm": document.realm,
        "status": document.status,
        "since": _day(since),
    }


def _day(date: str) -> int:
    """20250630 for 2025-06-30; 0 for an unknown date, 20250000 for a bare year."""
    return int(date.replace("-", "").ljust(8, "0")) if date else 0


def _where(filters: Filters) -> dict[str, Any] | None:
    terms: list[dict[str, Any]] = []
    for key, values in (("region", filters.regions), ("realm", filters.realms), ("status", filters.statuses)):
        if values:
            terms.append({key: {"$in": sorted(values)}})
    if filters.on:
        terms.append({"since": {"$lte": _day(filters.on)}})
    return None if not terms else terms[0] if len(terms) == 1 else {"$and": terms}


def _chroma(folder: Path) -> Any:
    from chromadb import PersistentClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    return PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def _open_chroma(folder: Path) -> Any:
    if not folder.is_dir():
        raise IndexUnusable("向量库缺失。")
    return _chroma(folder).get_collection("passages", embedding_function=None)


def _open_bm25(folder: Path) -> Any:
    import bm25s  # noqa: PLC0415

    return bm25s.BM25.load(str(folder))


def _inverse_frequencies(bm25: Any, count: int) -> dict[str, float]:
    pointers = np.asarray(bm25.scores["indptr"])
    frequency = np.diff(pointers)
    vocabulary = cast("dict[str, int]", bm25.vocab_dict)
    return {
        token: float(np.log((count + 1) / (frequency[i] + 0.5)))
        for token, i in vocabulary.items()
        if i < len(frequency) and frequency[i] > 0
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def close(index: Index) -> None:
    """Let go of the store's files."""
    with contextlib.suppress(AttributeError):
        index._vectors = None  # pyright: ignore[reportPrivateUsage]


def hits_by_document(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """Return the hits grouped by document, best document first."""
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.document.id, []).append(hit)
    return grouped
