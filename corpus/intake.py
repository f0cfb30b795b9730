"""A file -> a record and its passages, kept where the library may take them in once a person has seen the facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.clauses import QUOTABLE, Clause, clauses_of, passages_of
from corpus.document_facts import DocumentFacts, facts_of
from corpus.errors import CorpusError, Duplicate
from corpus.model import Document
from corpus.own import OwnLibrary, Record
from corpus.own_text import OwnText
from corpus.pages_kept import KeptPages
from corpus.reading import Reading, read
from corpus.reading.archive import files_of_folder, files_of_zip
from corpus.reading.files import sha256_of
from corpus.reading.model import Progress, Stop
from corpus.reading.sniff import format_of
from corpus.words import is_clause, references

UNKNOWN = "未查明"
_QUOTED = re.compile("《([^《》]{4,})》")


def bring_in(
    path: Path,
    own: OwnLibrary,
    *,
    name: str = "",
    progress: Progress | None = None,
    stop: Stop | None = None,
    fetched_from: str = "",
) -> Record:
    """Read a file and keep it with its passages; return what was recognized, not yet in the library's list.

    A file whose reading was stopped or killed is gone on with at the page where it was left.

    Args:
        path: the file.
        own: the library it is for.
        name: what its user calls it.
        progress: hears of pages done and pages in all.
        stop: asked after each page.
        fetched_from: the address it was downloaded from.

    Raises:
        Duplicate: when the library has this content already.
        CorpusError: when it cannot be read; one sentence of what to do.
    """
    name = name or path.name
    sha256 = _sha256(path)
    there = own.same_content(sha256)
    if there is not None:
        raise Duplicate(name, there.file_name, there.document.title)
    pages = KeptPages(own.folder / "pages" / f"{sha256}.jsonl")
    reading = read(path, name=name, progress=progress, stop=stop, pages=pages)
    identity = f"own-{sha256[:12]}"
    clauses = clauses_of(reading)
    text = _text(identity, clauses)
    if not text.passages:
        raise CorpusError(f"{name} 里没有读到条文（{'；'.join(reading.notes) or '没有文字'}），没有加入。")
    record = _record(identity, reading, facts_of(reading), added=own.today(), size=path.stat().st_size)
    record = record.model_copy(update={"fetched_from": fetched_from})
    own.keep(path, record, text)
    return record


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to bring in, and what its user calls it."""

    path: Path
    name: str


def incoming(paths: Iterable[Path], *, names: Mapping[Path, str] | None = None) -> Iterator[Incoming | CorpusError]:
    """Yield the files of the paths: a file itself, those of a folder, those of a ZIP; each lies there until the next.

    Args:
        paths: files, folders and ZIPs.
        names: what their user calls them, where that is not the file's own name.
    """
    for path in paths:
        name = (names or {}).get(path, path.name)
        try:
            if path.is_dir():
                found = files_of_folder(path)
            elif path.is_file() and format_of(path, name) == "zip":
                found = files_of_zip(path, name)
            else:
                found = iter([(name, path)])
            for one in found:
                yield one if isinstance(one, CorpusError) else Incoming(one[1], one[0])
        except CorpusError as error:
            yield error


def replaced(record: Record, documents: Iterable[Document]) -> list[Document]:
    """Return the documents at hand that the record's text says it repeals or replaces, by number or title."""
    said = record.replaces
    numbers = {r for text in said for r in references(text) if not is_clause(r)}
    quoted = {title for text in said for title in _QUOTED.findall(text)}
    numbered: list[Document] = []
    titled: list[Document] = []
    for document in documents:
        later = bool(record.document.since) and document.since > record.document.since
        if document.id == record.id or later:
            continue
        own_numbers = {r for r in references(document.number) if not is_clause(r)}
        if own_numbers & numbers:
            numbered.append(document)
        elif document.title in quoted and not (own_numbers and numbers):
            titled.append(document)
    # annexes share their notice's number: where one is named by its title, the others stay
    named = [d for d in numbered if any(title in d.title for title in quoted)]
    return [*(named or numbered), *titled]


def supersede(
    own: OwnLibrary, added: Record, documents: Iterable[Document], *, asked: bool = False
) -> list[tuple[Record, Document]]:
    """Keep which documents an added one replaces by its own words, and which of the user's replace it by theirs.

    What the user has corrected stays as it is. Return the newly found ones: the record that replaces, what it replaces.

    Args:
        own: the library that has it.
        added: the added one.
        documents: all at hand.
        asked: whether its user was asked what it replaces.
    """
    at_hand = list(documents)
    found: list[tuple[Record, Document]] = []
    for record in own.records():
        if asked and record.id == added.id:
            continue
        known = record.document.supersedes
        others = [
            d
            for d in replaced(record, at_hand)
            if d.id not in known and added.id in (record.id, d.id) and "supersedes" not in record.fixed
        ]
        if others:
            kept = own.fix(record.id, {"supersedes": (*known, *(d.id for d in others))}, recognized=True)
            found += [(kept, d) for d in others]
    return found


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise CorpusError(f"{path.name} 打不开（{error.strerror or error}）。请检查路径和权限。") from error


def _text(identity: str, clauses: tuple[Clause, ...]) -> OwnText:
    quotable = {f"{identity}#{c.key}": c for c in clauses if c.kind in QUOTABLE}
    return OwnText(
        passages_of(identity, clauses),
        {i: c.page for i, c in quotable.items()},
        {i: c.spans for i, c in quotable.items() if c.spans},
    )


def _record(identity: str, reading: Reading, facts: DocumentFacts, *, added: datetime, size: int) -> Record:
    made: dict[str, Any] = {
        "id": identity,
        "realm": "own",
        "title": facts.title if len(facts.title) > 1 else reading.name,
        "number": facts.number,
        "kind": facts.kind or "其他",
        "issuers": facts.issuers or (UNKNOWN,),
        "issued": facts.issued,
        "published": facts.published,
        "in_force": facts.in_force,
        "status": facts.status or UNKNOWN,
        "region": facts.region or "全国",
        "url": "无",
        "url_note": reading.name,
        "checked": f"{added:%Y-%m-%d}",
    }
    return Record(
        document=Document.model_validate(made),
        sha256=reading.sha256,
        file_name=reading.name,
        format=reading.format,
        size=size,
        added=added.isoformat(timespec="seconds"),
        pages=dict(Counter(page.how for page in reading.pages)),
        found={name: spot.quote or spot.where for name, spot in facts.found.items()},
        replaces=facts.supersedes,
        notes=(*reading.notes, *dict.fromkeys(f"第{p.number}页：{p.note}" for p in reading.pages if p.note)),
    )
