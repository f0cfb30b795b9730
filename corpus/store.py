"""What lies on disk of an index: BM25 tables and the Chroma store, and what of each passage goes into them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corpus.embed import Embedder
from corpus.errors import IndexUnusable
from corpus.library import Library
from corpus.model import Passage
from corpus.spelling import Spelling
from corpus.words import Words

Report = Callable[[str, int, int], None]
"""Called with (what is being done, done, total)."""

_WINDOW = 450
_ADD_AT_ONCE = 2000
_LETTER = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(r"(?<=[。！？；;\n])")


def lexical_text(library: Library, passage: Passage) -> str:
    """Return what the lexical leg reads of a passage."""
    document = library.document_of(passage)
    head = (document.title, document.number, *document.aliases, *passage.path, passage.place)
    return "\n".join([" ".join(head), passage.text, *passage.questions])


def dense_texts(library: Library, passage: Passage) -> list[str]:
    """Return the statements that the dense leg embeds for a passage: the whole, and windows of a long one."""
    title = library.document_of(passage).title
    head = f"{title}\n" if _LETTER.search(title) else ""
    whole = f"{head}{passage.text}"
    if len(passage.text) <= _WINDOW:
        return [whole]
    windows: list[str] = []
    for sentence in _SENTENCE_END.split(passage.text):
        if windows and len(windows[-1]) + len(sentence) <= _WINDOW:
            windows[-1] += sentence
        else:
            windows += [sentence[i : i + _WINDOW] for i in range(0, len(sentence), _WINDOW)]
    return [whole, *(f"{head}{w}" for w in windows)]


def write_generation(
    made: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None
) -> dict[str, Any]:
    """Write both stores into the folder `made`; return the hashes of its files and the number of vectors."""
    import bm25s

    passages = list(library.passages.values())
    (made / "passages.json").write_text(json.dumps([p.id for p in passages]), encoding="utf-8")
    tokens = [words.tokens(lexical_text(library, p)) or ["∅"] for p in passages]
    bm25 = cast(Any, bm25s.BM25)(method="lucene")
    bm25.index(tokens, show_progress=False)
    bm25.save(str(made / "bm25"))
    Spelling.of(library, words).write(made / "spelling.json")
    vectors = 0
    if embedder is not None:
        vectors = _write_vectors(made, library, passages, embedder, report)
    kept = [p for p in sorted(made.rglob("*")) if p.is_file() and "chroma" not in p.relative_to(made).parts]
    return {"files": {str(p.relative_to(made)): sha256(p) for p in kept}, "vectors": vectors}


def _write_vectors(
    folder: Path, library: Library, passages: Sequence[Passage], embedder: Embedder, report: Report | None
) -> int:
    statements = [(p, text) for p in passages for text in dense_texts(library, p)]
    questions = [(p, text) for p in passages for text in p.questions]

    def tell(what: str) -> Callable[[int, int], None]:
        return lambda done, total: report(what, done, total) if report is not None else None

    vectors: list[NDArray[np.float32]] = [
        *embedder.embed_passages([t for _, t in statements], tell("计算条文向量")),
        *(embedder.embed_questions([t for _, t in questions], tell("计算问法向量")) if questions else []),
    ]
    owners = [p for p, _ in (*statements, *questions)]
    add_vectors(folder / "chroma", vectors, [_metadata(library, p) for p in owners], report)
    position = {p.id: i for i, p in enumerate(passages)}
    np.save(folder / "owners.npy", np.array([position[p.id] for p in owners], np.int32))
    return len(owners)


def add_vectors(
    folder: Path,
    vectors: Sequence[NDArray[np.float32]],
    records: Sequence[dict[str, str | int]],
    report: Report | None = None,
) -> None:
    """Write vectors with their records into a new Chroma collection in `folder`."""
    collection = _chroma(folder).create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 400}}
    )
    for start in range(0, len(vectors), _ADD_AT_ONCE):
        stop = min(start + _ADD_AT_ONCE, len(vectors))
        collection.add(
            ids=[str(i) for i in range(start, stop)],
            embeddings=[v.tolist() for v in vectors[start:stop]],
            metadatas=list(records[start:stop]),
        )
        if report is not None:
            report("写入向量库", stop, len(vectors))


def _metadata(library: Library, passage: Passage) -> dict[str, str | int]:
    document = library.document_of(passage)
    return {
        "passage": passage.id,
        "region": document.region,
        "realm": document.realm,
        "status": document.status,
        "since": day(document.since),
    }


def day(date: str) -> int:
    """Return a date as a number: 20250630 for 2025-06-30; 0 for an unknown date, 20250000 for a bare year."""
    return int(date.replace("-", "").ljust(8, "0")) if date else 0


def _chroma(folder: Path) -> Any:
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


def open_vectors(folder: Path) -> Any:
    """Return the collection of vectors in a folder.

    Raises:
        IndexUnusable: when there is none.
    """
    if not folder.is_dir():
        raise IndexUnusable("向量库缺失。")
    return _chroma(folder).get_collection("passages", embedding_function=None)


def open_bm25(folder: Path) -> Any:
    """Return the BM25 tables of a folder."""
    import bm25s

    return cast(Any, bm25s.BM25).load(str(folder))


def inverse_frequencies(bm25: Any, count: int) -> dict[str, float]:
    """Return token -> how rare it is among `count` passages."""
    pointers = np.asarray(bm25.scores["indptr"])
    frequency = np.diff(pointers)
    vocabulary = cast("dict[str, int]", bm25.vocab_dict)
    return {
        token: float(np.log((count + 1) / (frequency[i] + 0.5)))
        for token, i in vocabulary.items()
        if i < len(frequency) and frequency[i] > 0
    }


def sha256(path: Path) -> str:
    """Return the hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
