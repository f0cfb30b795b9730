"""What lies on disk of an index: BM25 tables and the Chroma store, and what of each passage goes into them.

A generation that follows another begins with a copy of its vectors and its words: only what is new is written, and
only what is gone is taken out, so that a document is added in seconds whatever the library holds.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
_LEAST_ALIVE = 0.5
SHELVES = ("passages", "own")
"""The collections: the library's vectors, and apart from them those of the user's documents, so that each is reached
without a filter, which would cost more than the search."""
_MINE = "~"
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


@dataclass(frozen=True, slots=True)
class _Row:
    """One vector to be: its key (changes with anything in it), its passage's position, its text and its record."""

    key: str
    position: int
    text: str
    question: bool
    record: dict[str, str | int]


def write_generation(
    made: Path, library: Library, embedder: Embedder | None, words: Words, report: Report | None, before: Path | None
) -> dict[str, Any]:
    """Write both stores into the folder `made`; return the hashes of its files and the number of vectors.

    Args:
        made: the new, empty folder.
        library: what is indexed.
        embedder: makes the vectors; None for words alone.
        words: cuts the texts.
        report: hears of the progress.
        before: a generation of the same format, words and embedder to go on from, or None.

    Raises:
        IndexUnusable: when `before` cannot be gone on from.
    """
    import bm25s

    passages = list(library.passages.values())
    (made / "passages.json").write_text(json.dumps([p.id for p in passages]), encoding="utf-8")
    bm25 = cast(Any, bm25s.BM25)(method="lucene")
    bm25.index(_tokens(made, library, words, before), show_progress=False)
    bm25.save(str(made / "bm25"))
    Spelling.of(library, words).write(made / "spelling.json")
    vectors = 0
    if embedder is not None:
        vectors = _write_vectors(made, _rows(library), embedder, report, before)
    kept = [p for p in sorted(made.rglob("*")) if p.is_file() and not _changes(p, made)]
    return {"files": {str(p.relative_to(made)): sha256(p) for p in kept}, "vectors": vectors}


def _changes(path: Path, made: Path) -> bool:
    """Whether Chroma writes the file anew when it opens it: its tables, and a graph that it has not saved yet."""
    if "chroma" not in path.relative_to(made).parts:
        return False
    return not (path.parent / "index_metadata.pickle").is_file()


def _tokens(made: Path, library: Library, words: Words, before: Path | None) -> list[list[str]]:
    """Return the tokens of every passage, those of unchanged texts from the generation before."""
    known: dict[str, list[str]] = {}
    if before is not None and (before / "tokens.json").is_file():
        known = json.loads((before / "tokens.json").read_text(encoding="utf-8"))
    cut: dict[str, list[str]] = {}
    keys: list[str] = []
    for passage in library.passages.values():
        text = lexical_text(library, passage)
        keys.append(_digest(text))
        if keys[-1] not in cut:
            cut[keys[-1]] = known.get(keys[-1]) or words.tokens(text) or ["∅"]
    (made / "tokens.json").write_text(json.dumps(cut, ensure_ascii=False), encoding="utf-8")
    return [cut[key] for key in keys]


def _rows(library: Library) -> list[_Row]:
    rows: list[_Row] = []
    seen: Counter[str] = Counter()
    passages = list(enumerate(library.passages.values()))
    texts = [(at, p, text, False) for at, p in passages for text in dense_texts(library, p)]
    texts += [(at, p, text, True) for at, p in passages for text in p.questions]
    for position, passage, text, question in texts:
        record = _metadata(library, passage)
        mine = _MINE if record["realm"] == "own" else ""
        key = mine + _digest(json.dumps([text, question, record], ensure_ascii=False))
        seen[key] += 1
        rows.append(_Row(f"{key}.{seen[key]}" if seen[key] > 1 else key, position, text, question, record))
    return rows


def _write_vectors(
    made: Path, rows: Sequence[_Row], embedder: Embedder, report: Report | None, before: Path | None
) -> int:
    known = _go_on(before, made, {r.key for r in rows}) if before is not None else []
    there = {key for key in known if key}
    new = [r for r in rows if r.key not in there]

    def tell(what: str) -> Callable[[int, int], None]:
        return lambda done, total: report(what, done, total) if report is not None else None

    statements, questions = [r for r in new if not r.question], [r for r in new if r.question]
    vectors: list[NDArray[np.float32]] = [
        *(embedder.embed_passages([r.text for r in statements], tell("计算条文向量")) if statements else []),
        *(embedder.embed_questions([r.text for r in questions], tell("计算问法向量")) if questions else []),
    ]
    added = [*statements, *questions]
    for shelf in SHELVES:
        chosen = [i for i, row in enumerate(added) if shelf_of(row.key) == shelf]
        add_vectors(
            made / "chroma", [vectors[i] for i in chosen], [added[i].record for i in chosen], report,
            ids=[len(known) + i for i in chosen], shelf=shelf,
        )  # fmt: skip
    keys = [*known, *(r.key for r in added)]
    position = {r.key: r.position for r in rows}
    (made / "rows.json").write_text(json.dumps(keys), encoding="utf-8")
    np.save(made / "owners.npy", np.array([position.get(key, -1) for key in keys], np.int32))
    return len(rows)


def _go_on(before: Path, made: Path, wanted: set[str]) -> list[str]:
    """Copy the vectors of a generation, take out what is not wanted, and return the key of each row, "" where gone."""
    try:
        keys: list[str] = json.loads((before / "rows.json").read_text(encoding="utf-8"))
        gone = [i for i, key in enumerate(keys) if key and key not in wanted]
        left = sum(1 for key in keys if key) - len(gone)
        if left < len(keys) * _LEAST_ALIVE:
            raise IndexUnusable("旧的索引里大半已经不用。")
        shutil.copytree(before / "chroma", made / "chroma")
        shelves = [open_vectors(made / "chroma", shelf) for shelf in SHELVES]
        for shelf, collection in zip(SHELVES, shelves, strict=True):
            here = [i for i in gone if shelf_of(keys[i]) == shelf]
            for start in range(0, len(here), _ADD_AT_ONCE):
                collection.delete(ids=[str(i) for i in here[start : start + _ADD_AT_ONCE]])
        if sum(collection.count() for collection in shelves) != left:
            raise IndexUnusable("旧的向量库不完整。")
    except IndexUnusable:
        raise
    except Exception as error:  # whatever a damaged store makes the libraries raise, it is not gone on from
        raise IndexUnusable(f"旧的索引接不上（{type(error).__name__}: {error}）。") from error
    dead = set(gone)
    return ["" if i in dead else key for i, key in enumerate(keys)]


def add_vectors(
    folder: Path,
    vectors: Sequence[NDArray[np.float32]],
    records: Sequence[dict[str, str | int]],
    report: Report | None = None,
    *,
    ids: Sequence[int] | None = None,
    shelf: str = SHELVES[0],
) -> None:
    """Write vectors with their records into a Chroma collection in `folder`, numbered from 0 or by `ids`.

    Raises:
        OSError: when Chroma cannot write them; it tells a full disk only in its words.
    """
    from chromadb.errors import ChromaError

    numbers = range(len(vectors)) if ids is None else ids
    try:
        collection = _shelf(folder, shelf)
        for start in range(0, len(vectors), _ADD_AT_ONCE):
            stop = min(start + _ADD_AT_ONCE, len(vectors))
            collection.add(
                ids=[str(i) for i in numbers[start:stop]],
                embeddings=[v.tolist() for v in vectors[start:stop]],
                metadatas=list(records[start:stop]),
            )
            if report is not None:
                report("写入向量库", stop, len(vectors))
    except ChromaError as error:
        raise OSError(str(error)) from error


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


def open_vectors(folder: Path, shelf: str = SHELVES[0]) -> Any:
    """Return a collection of vectors in a folder.

    Raises:
        IndexUnusable: when there is none.
    """
    if not folder.is_dir():
        raise IndexUnusable("向量库缺失。")
    if shelf == SHELVES[0]:
        return _chroma(folder).get_collection(shelf, embedding_function=None)
    return _shelf(folder, shelf)  # an index from before there were users' documents has none


def _shelf(folder: Path, shelf: str) -> Any:
    return _chroma(folder).get_or_create_collection(
        shelf, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 400}}
    )


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


def shelf_of(key: str) -> str:
    """Return the collection that a row is in, by its key."""
    return SHELVES[key.startswith(_MINE)]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def sha256(path: Path) -> str:
    """Return the hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
