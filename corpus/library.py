"""The documents at hand: the built-in digests, read and checked, ready to look things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from corpus.errors import DigestError
from corpus.model import REALMS, Document, Passage
from corpus.reading.digest import read_digest
from corpus.words import fold

BUILT_IN = Path(str(files("corpus") / "documents"))


class Library:
    """Documents by id and passages by id, in a fixed order (realm, then id)."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents: dict[str, Document] = {d.id: d for d in documents}
        self.passages: dict[str, Passage] = {p.id: p for d in self.documents.values() for p in d.passages}

    def document_of(self, passage: Passage) -> Document:
        """Return the document that a passage belongs to."""
        return self.documents[passage.document_id]

    @cached_property
    def regions(self) -> dict[str, str]:
        """Names of places -> region of the documents about them: 常州 -> 江苏/常州, 江苏省 -> 江苏."""
        found: dict[str, str] = {}
        for document in self.documents.values():
            if document.region in ("全国", "国际"):
                continue
            for part in document.region.split("/"):
                found.setdefault(part, document.region if part != document.province else document.province)
        return found


def read_library(folder: Path = BUILT_IN) -> Library:
    """Return the library of a folder of digests, one subfolder a realm.

    Raises:
        DigestError: with all faults of all files.
    """
    documents: list[Document] = []
    faults: list[str] = []
    for realm in REALMS:
        for path in sorted((folder / realm).glob("*.md")):
            try:
                documents.append(read_digest(path))
            except DigestError as error:
                faults += error.faults
    faults += _repeated_ids(documents)
    if faults:
        raise DigestError(faults)
    return Library(documents)


def check_factors(library: Library, values: Mapping[str, str]) -> list[str]:
    """Return a fault for each passage whose number differs from the factor table that it names.

    Args:
        library: the documents to check.
        values: `set/table/key` -> the printed value, from the factor tables.
    """
    faults: list[str] = []
    for passage in library.passages.values():
        if not passage.factor:
            continue
        key, _, value = (part.strip() for part in passage.factor.partition("="))
        where = f"{passage.document_id}.md:{passage.line}: 事实 {passage.id.split('#')[1]!r}"
        if key not in values:
            faults.append(f"{where} 指向因子表里没有的 {key!r}，请改成表中的键。")
        elif values[key] != value:
            faults.append(f"{where} 写 {value}，因子表 {key} 是 {values[key]}，请核对后改成一致。")
        elif fold(value) not in fold(passage.text):
            faults.append(f"{where} 的正文里没有它所指的数 {value}，请写进正文或去掉“因子”。")
    return faults


def _repeated_ids(documents: list[Document]) -> list[str]:
    seen: dict[str, str] = {}
    faults: list[str] = []
    for document in documents:
        if document.id in seen:
            faults.append(f"{document.realm}/{document.id}.md:2: id 与 {seen[document.id]} 里的同名，请改名。")
        seen[document.id] = f"{document.realm}/{document.id}.md"
    known = set(seen)
    for document in documents:
        faults += [
            f"{document.realm}/{document.id}.md:1: supersedes 里的 {other!r} 不在文库里，请改正或删去。"
            for other in document.supersedes
            if other not in known
        ]
    return faults
