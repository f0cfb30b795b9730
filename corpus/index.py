"""The search index: BM25 (bm25s) over words and character pairs, vectors in Chroma, one fusion, filters before ranking.

A build writes a new generation folder and then points the file CURRENT at it, in one step; until that moment, and
when a build is killed, the old generation serves. One builds at a time; the generation before the newest stays, for
those who have it open.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from corpus.embed import Embedder
from corpus.errors import CorpusError, IndexUnusable
from corpus.filters import Filters, Found, where
from corpus.fusion import asked_tokens, fuse, scaled, support
from corpus.library import Library
from corpus.lock import alone
from corpus.model import Hit
from corpus.references import Named, ReferenceTable
from corpus.spelling import Spelling
from corpus.store import (
    SHELVES,
    Report,
    inverse_frequencies,
    open_bm25,
    open_vectors,
    sha256,
    write_generation,
)
from corpus.words import Words

Legs = Literal["fused", "lexical", "dense"]
FORMAT = 9
_DEPTH = 200
_WEIGHED = 10
_UNASKED = 0.045
"""How much nearer a question is to the 问 of a fact that answers it than to its text (median of 115 questions of the
tuning half); a user's clause has no 问, and is taken to be so much nearer than its text is."""


class _Manifest(BaseModel):
    """What a generation was made of and with, and the hashes of its files."""

    model_config = ConfigDict(frozen=True, strict=True)

    fingerprint: str
    made: str
    files: dict[str, str]
    vectors: int


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
        self.spelling = Spelling.read(folder / "spelling.json")
        self._bm25 = open_bm25(folder / "bm25")
        self._inverse_frequency = inverse_frequencies(self._bm25, len(self._ids))
        self._vectors, self._own_vectors = (
            [open_vectors(folder / "chroma", shelf) for shelf in SHELVES] if embedder else (None, None)
        )
        self._owners: NDArray[np.int32] = np.load(folder / "owners.npy") if embedder else np.zeros(0, np.int32)

    @property
    def legs(self) -> str:
        """The legs that serve: fused, or lexical where there is no model."""
        return "fused" if self._vectors is not None else "lexical"

    @property
    def vectors(self) -> int:
        """How many vectors there are."""
        return sum(shelf.count() for shelf in (self._vectors, self._own_vectors) if shelf is not None)

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10, legs: Legs = "fused") -> Found:
        """Return the passages that fit `question` best, of those that the filters allow."""
        allowed = self._allowed(filters or Filters())
        if not allowed.any() or not question.strip():
            return Found((), 0.0)
        tokens = self.words.tokens(question)
        lexical = self.lexical_scores(asked_tokens(tokens)) * allowed
        dense = np.zeros_like(lexical)
        if legs != "lexical" and self._vectors is not None:
            dense = self._dense(question, filters or Filters()) * allowed
        score = self._score(legs, lexical, dense, allowed > 0, tokens)
        named = self._references.named(question)
        weights = {i: w for i, w in named.passages.items() if allowed[self._position[i]]}
        if legs != "dense":
            for identity, weight in weights.items():
                score[self._position[identity]] += weight
        ranked = np.argsort(-score, kind="stable")[: max(limit, _WEIGHED)]
        order: list[int] = [i for i in ranked.tolist() if score[i] > 0]
        hits = tuple(
            Hit(self._passages[i], self._documents[i], float(score[i]), float(lexical[i]), float(dense[i]))
            for i in order[:limit]
        )
        sure = self._support(self._coverage(tokens)[order], dense[order], weights, named)
        return Found(hits, sure, frozenset(named.passages), named.missing_clause, named.missing_document)

    def _score(
        self,
        legs: Legs,
        lexical: NDArray[np.float64],
        dense: NDArray[np.float64],
        allowed: NDArray[np.bool_],
        tokens: Sequence[str],
    ) -> NDArray[np.float64]:
        if legs == "lexical" or self._vectors is None:
            return scaled(lexical)
        if legs == "dense":
            return scaled(dense)
        score = np.zeros_like(lexical)
        by_reference = any(t.startswith("=") for t in tokens)
        score[allowed] = fuse(lexical[allowed], dense[allowed], by_reference=by_reference)
        return score

    def inverse_frequency(self, token: str) -> float:
        """How rare a token is in the library: ln(passages / passages with it); the maximum for an unknown one."""
        return self._inverse_frequency.get(token, float(np.log(len(self._ids) + 1)))

    def knows(self, token: str) -> bool:
        """Whether any passage has the token."""
        return token in self._inverse_frequency

    def _allowed(self, filters: Filters) -> NDArray[np.float64]:
        def fits(i: int) -> bool:
            document = self._documents[i]
            return (
                (not filters.regions or document.region in filters.regions)
                and (not filters.realms or document.realm in filters.realms)
                and (not filters.statuses or document.status in filters.statuses)
                and (not filters.on or document.since <= filters.on)
            )

        if filters == Filters():
            return np.ones(len(self._ids))
        return np.array([float(fits(i)) for i in range(len(self._ids))])

    def lexical_scores(self, tokens: Sequence[str]) -> NDArray[np.float64]:
        """Return the BM25 score of every passage, in the library's order, for search tokens."""
        known = [t for t in tokens if t in self._bm25.vocab_dict]
        if not known:
            return np.zeros(len(self._ids))
        return np.asarray(self._bm25.get_scores(known), np.float64)

    def _dense(self, question: str, filters: Filters) -> NDArray[np.float64]:
        assert self.embedder is not None
        assert self._vectors is not None
        vector = self.embedder.embed_questions([question])[0]
        near = np.zeros(len(self._ids))
        for shelf, nearer in ((self._vectors, 0.0), (self._own_vectors, _UNASKED)):
            if shelf is None or not (count := min(3 * _DEPTH, shelf.count())):
                continue
            answer = shelf.query(
                query_embeddings=[vector.tolist()], n_results=count, where=where(filters), include=["distances"]
            )
            owners = self._owners[np.array(answer["ids"][0], np.int64)]
            np.maximum.at(near, owners, 1.0 + nearer - np.array(answer["distances"][0], np.float64))
        return near

    def _coverage(self, tokens: Sequence[str]) -> NDArray[np.float64]:
        """Return the share of the weight of the question's tokens that each passage has."""
        wanted = {t: self.inverse_frequency(t) for t in tokens}
        there = np.zeros(len(self._ids))
        for token, weight in wanted.items():
            if token in self._bm25.vocab_dict:
                there[self._with_token(token)] += weight
        return there / (sum(wanted.values()) or 1.0)

    def _with_token(self, token: str) -> NDArray[np.int64]:
        at = self._bm25.vocab_dict[token]
        pointers = self._bm25.scores["indptr"]
        if at + 1 >= len(pointers):  # bm25s keeps a place for the empty token without a column
            return np.zeros(0, np.int64)
        return np.asarray(self._bm25.scores["indices"][pointers[at] : pointers[at + 1]], np.int64)

    def _support(
        self, coverage: NDArray[np.float64], dense: NDArray[np.float64], weights: dict[str, float], named: Named
    ) -> float:
        if named.missing_clause or named.missing_document:
            return 0.0
        if any(weight > 1 for weight in weights.values()):
            return 1.0
        return support(coverage[:_WEIGHED], dense[:_WEIGHED])


def fingerprint(library: Library, embedder: Embedder | None, words: Words) -> str:
    """Return a hash of everything that the index depends on."""
    made_of = [FORMAT, embedder.name if embedder else "", words.domain]
    for document in library.documents.values():
        made_of += [document.model_dump(exclude={"passages"}), [asdict(p) for p in document.passages]]
    return hashlib.sha256(json.dumps(made_of, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def open_index(folder: Path, library: Library, embedder: Embedder | None, words: Words) -> Index:
    """Open the current generation in `folder`.

    Raises:
        IndexUnusable: when there is none, it is damaged, or it is of other documents, model or version.
    """
    try:
        current, manifest = _current(folder)
    except OSError as error:
        raise IndexUnusable(f"索引还没有建立，或清单读不出来（{error}）。") from error
    except ValueError as error:
        raise IndexUnusable("索引清单损坏。") from error
    if manifest.fingerprint != fingerprint(library, embedder, words):
        raise IndexUnusable("文库、模型或程序有更新，索引需要更新。")
    if name := _damaged(current, manifest):
        raise IndexUnusable(f"索引文件 {name} 缺失或损坏。")
    try:
        index = Index(library, current, embedder, words)
        if index.vectors != manifest.vectors:
            raise IndexUnusable("向量库不完整。")
    except IndexUnusable:
        raise
    except Exception as error:  # whatever a damaged store makes the libraries raise, it is rebuilt
        raise IndexUnusable(f"索引打不开（{type(error).__name__}: {error}）。") from error
    return index


def build_index(
    folder: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None = None
) -> Index:
    """Build a new generation in `folder`, point CURRENT at it, remove older ones, and return it opened.

    What it shares with the generation before is taken over from there.

    Raises:
        CorpusError: when the folder cannot be written; what was there still serves.
    """
    try:
        with alone(folder / "LOCK"):
            return _build(folder, library, embedder, words, report)
    except OSError as error:
        raise _unwritable(folder, error) from error


def ensure_index(
    folder: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None = None
) -> Index:
    """Open the index, or build it when it is missing, damaged or out of date; `report` hears why."""
    try:
        return open_index(folder, library, embedder, words)
    except IndexUnusable as reason:
        if report is not None:
            report(str(reason), 0, 0)
    try:
        with alone(folder / "LOCK"):
            with contextlib.suppress(IndexUnusable):  # another one may have built it in the meantime
                return open_index(folder, library, embedder, words)
            return _build(folder, library, embedder, words, report)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _build(folder: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None) -> Index:
    base = _base(folder, embedder, words)
    made = _new(folder)
    try:
        try:
            kept = write_generation(made, library, embedder, words, report, base)
        except IndexUnusable:  # cannot go on from the one before: once more, from nothing
            shutil.rmtree(made, ignore_errors=True)
            made = _new(folder)
            kept = write_generation(made, library, embedder, words, report, None)
        manifest = {"fingerprint": fingerprint(library, embedder, words), "made": _made_of(embedder, words), **kept}
        (made / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        pointer = folder / f"CURRENT.{made.name}"
        pointer.write_text(made.name, encoding="utf-8")
        pointer.replace(folder / "CURRENT")
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    for old in folder.glob("generation-*"):
        if old not in (made, base):
            shutil.rmtree(old, ignore_errors=True)
    return Index(library, made, embedder, words)


def _new(folder: Path) -> Path:
    made = folder / f"generation-{uuid.uuid4().hex[:12]}"
    made.mkdir(parents=True)
    return made


def _base(folder: Path, embedder: Embedder | None, words: Words) -> Path | None:
    """Return the current generation where a new one may go on from it: of the same make, and undamaged."""
    try:
        current, manifest = _current(folder)
    except (OSError, ValueError):
        return None
    return current if manifest.made == _made_of(embedder, words) and not _damaged(current, manifest) else None


def _current(folder: Path) -> tuple[Path, _Manifest]:
    current = folder / (folder / "CURRENT").read_text(encoding="utf-8").strip()
    return current, _Manifest.model_validate_json((current / "manifest.json").read_bytes())


def _damaged(current: Path, manifest: _Manifest) -> str:
    """Return the name of a file that is not what it was when the generation was made; "" where all are."""
    for name, digest in manifest.files.items():
        path = current / name
        if not path.is_file() or sha256(path) != digest:
            return name
    return ""


def _made_of(embedder: Embedder | None, words: Words) -> str:
    made_of = json.dumps([FORMAT, embedder.name if embedder else "", words.domain], ensure_ascii=False)
    return hashlib.sha256(made_of.encode()).hexdigest()[:32]


def _unwritable(folder: Path, error: OSError) -> CorpusError:
    return CorpusError(
        f"索引写不进 {str(folder)!r}（{error.strerror or error}）。"
        "请检查磁盘空间和写权限，或用 ADVISOR_HOME 另指文件夹。"
    )
