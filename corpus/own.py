"""The user's own documents: the files themselves, what was read from them, and one list that says which are in.

    library/originals/<sha256>.<format>   the file as it was brought in
    library/texts/<sha256>.json           its passages with page and boxes
    library/pages/<sha256>.jsonl          pages read so far, while a file is being read
    library/library.json                  the list: replaced whole, in one step

Files are named by their content and written before the list points at them, so whenever a process is killed the list
is the old one or the new one, and what it names is there. One adds at a time; reading needs no turn.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import CorpusError, Duplicate
from corpus.library import Library, read_library
from corpus.lock import alone
from corpus.model import Document
from corpus.own_text import OwnText

_BUSY = "另一个窗口或命令正在改资料库，请过一会儿再试；资料库没有变。"
_PATIENCE = 20.0
_REMEMBERED = 20
_ORPHAN_SECONDS = 24 * 3600
FIXABLE = ("title", "number", "kind", "issuers", "issued", "published", "in_force", "status", "region", "supersedes",
           "url")  # fmt: skip


class Record(BaseModel):
    """What the library knows of one of the user's documents.

    Attributes:
        document: the facts of record as they are shown and searched; its passages are kept apart.
        sha256: of the file.
        file_name: as the user called it.
        format: what the file is by its content.
        size: bytes.
        added: when it came in.
        pages: how many, by how they were read, for instance {"text layer": 28}.
        found: name of a fact -> where it stands in the text.
        fixed: facts that the user corrected.
        replaces: what its text says it repeals or replaces, as named there.
        notes: what is to be known of the reading.
        fetched_from: the address it was downloaded from; empty for an upload.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    document: Document
    sha256: str
    file_name: str
    format: str
    size: int
    added: str
    pages: dict[str, int] = {}
    found: dict[str, str] = {}
    fixed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fetched_from: str = ""

    @property
    def id(self) -> str:
        """The id of its document."""
        return self.document.id


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    documents: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()


class OwnLibrary:
    """The store in one folder. It keeps nothing in memory: every call sees what is on disk.

    Args:
        home: the folder that holds `library/`.
        now: the clock, for the day of adding.
    """

    def __init__(self, home: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = home / "library"
        self._now = now

    @property
    def stamp(self) -> str:
        """Changes whenever the list changes."""
        try:
            found = (self.folder / "library.json").stat()
        except OSError:
            return ""
        return f"{found.st_mtime_ns}-{found.st_ino}-{found.st_size}"

    def today(self) -> datetime:
        """Return the moment by the library's clock."""
        return self._now()

    def records(self) -> tuple[Record, ...]:
        """Return the documents in the library, in the order they came in.

        Raises:
            CorpusError: when the list cannot be read.
        """
        return self._state().documents

    def record(self, identity: str) -> Record:
        """Return one document's record.

        Raises:
            CorpusError: when it is not in the library.
        """
        for record in self.records():
            if record.id == identity:
                return record
        raise CorpusError(f"资料库里没有 {identity!r}。advisor library list 列出全部。")

    def removed(self) -> tuple[Record, ...]:
        """Return what was removed and can be had back, the last first."""
        return tuple(reversed(self._state().removed))

    def documents(self) -> list[Document]:
        """Return the documents with their passages."""
        return [r.document.model_copy(update={"passages": self.text(r.sha256).passages}) for r in self.records()]

    def text(self, sha256: str) -> OwnText:
        """Return what was read from a file.

        Raises:
            CorpusError: when it is missing or damaged.
        """
        path = self.folder / "texts" / f"{sha256}.json"
        try:
            return OwnText.from_json(path.read_bytes())
        except (OSError, ValueError) as error:
            why = str(error).splitlines()[0]
            raise CorpusError(
                f"资料库里的文字 {path.name} 缺失或损坏（{why}）。请移除这份文件，再重新加入。"
            ) from error

    def original(self, record: Record) -> Path:
        """Return where the file itself lies."""
        return self.folder / "originals" / f"{record.sha256}.{record.format}"

    def same_content(self, sha256: str) -> Record | None:
        """Return the document that has this very content, if it is in the library."""
        return next((r for r in self.records() if r.sha256 == sha256), None)

    def keep(self, path: Path, record: Record, text: OwnText) -> None:
        """Put the file and its text where a list may point at them; the list stays as it is."""
        self._write(self.folder / "texts" / f"{record.sha256}.json", text.to_json())
        home = self.original(record)
        if not (home.is_file() and home.stat().st_size == record.size):
            self._write(home, path)
        (self.folder / "pages" / f"{record.sha256}.jsonl").unlink(missing_ok=True)

    def take(self, record: Record) -> Record:
        """Put a kept document into the list.

        Raises:
            Duplicate: when its content is there already.
            CorpusError: when another one holds the library, or the file is not kept.
        """

        def change(state: _State) -> _State:
            for other in state.documents:
                if other.sha256 == record.sha256:
                    raise Duplicate(record.file_name, other.file_name, other.document.title)
            if not self.original(record).is_file():
                raise CorpusError(f"{record.file_name} 的原件没有存好，请重新加入。")
            left = tuple(r for r in state.removed if r.sha256 != record.sha256)
            return _State(documents=(*state.documents, record), removed=left)

        self._change(change)
        return record

    def remove(self, identity: str) -> Record:
        """Take a document out of the list; it can be had back with `restore`."""
        gone = self.record(identity)

        def change(state: _State) -> _State:
            left = tuple(r for r in state.documents if r.id != identity)
            return _State(documents=left, removed=(*state.removed, gone)[-_REMEMBERED:])

        self._change(change)
        return gone

    def restore(self, identity: str = "") -> Record:
        """Put back what was removed: the one named, or the last.

        Raises:
            CorpusError: when there is nothing to put back.
        """
        back: list[Record] = []

        def change(state: _State) -> _State:
            found = [r for r in state.removed if identity in ("", r.id)]
            if not found:
                raise CorpusError("没有可以恢复的文件。")
            back.append(found[-1])
            left = tuple(r for r in state.removed if r is not found[-1])
            return _State(documents=(*state.documents, found[-1]), removed=left)

        self._change(change)
        return back[0]

    def fix(self, identity: str, changes: Mapping[str, Any], *, recognized: bool = False) -> Record:
        """Correct facts of record, for instance title, number, issued, status, region.

        Args:
            identity: the document.
            changes: fact -> value.
            recognized: whether the program found them in the texts; they are then no corrections of the user.

        Raises:
            CorpusError: saying which value cannot be used.
        """
        made: list[Record] = []

        def change(state: _State) -> _State:
            known = {r.id for r in state.documents}
            if identity not in known:
                raise CorpusError(f"资料库里没有 {identity!r}。advisor library list 列出全部。")
            old = next(r for r in state.documents if r.id == identity)
            new = corrected(old, changes)
            made.append(new.model_copy(update={"fixed": old.fixed}) if recognized else new)
            return state.model_copy(
                update={"documents": tuple(made[0] if r.id == identity else r for r in state.documents)}
            )

        self._change(change)
        return made[0]

    def _state(self) -> _State:
        path = self.folder / "library.json"
        try:
            return _State.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return _State()
        except (OSError, ValidationError) as error:
            why = str(error).splitlines()[0]
            raise CorpusError(f"资料库清单 {str(path)!r} 读不出来（{why}）。请从备份恢复这个文件。") from error

    def _change(self, change: Callable[[_State], _State]) -> None:
        try:
            with alone(self.folder / "LOCK", patience=_PATIENCE, busy=_BUSY):
                state = change(self._state())
                record = json.dumps(state.model_dump(mode="json"), ensure_ascii=False, indent=1)
                self._write(self.folder / "library.json", record.encode())
                self._tidy(state)
        except OSError as error:
            raise self._unwritable(error) from error

    def _write(self, target: Path, content: bytes | Path) -> None:
        """Write beside, make it last, then put it in place in one step."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.{os.getpid()}.{time.monotonic_ns()}")
            try:
                with beside.open("wb") as file:
                    if isinstance(content, Path):
                        with content.open("rb") as source:
                            shutil.copyfileobj(source, file, 1 << 20)
                    else:
                        file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> CorpusError:
        return CorpusError(
            f"资料库写不进 {str(self.folder)!r}（{error.strerror or error}）。请检查磁盘空间和写权限；资料库没有变。"
        )

    def _tidy(self, state: _State) -> None:
        """Delete what no list has pointed at for a day: uploads never confirmed, leftovers of a kill."""
        named = {r.sha256 for r in (*state.documents, *state.removed)}
        oldest = time.time() - _ORPHAN_SECONDS
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # another adder has put its copy in place meanwhile
                if path.name.lstrip(".").split(".")[0] not in named and path.stat().st_mtime < oldest:
                    path.unlink()


def corrected(record: Record, changes: Mapping[str, Any]) -> Record:
    """Return the record with facts corrected.

    Raises:
        CorpusError: naming the fact whose value cannot be used.
    """
    strange = [name for name in changes if name not in FIXABLE]
    if strange:
        raise CorpusError(f"不能改 {strange[0]!r}，可改：{'、'.join(FIXABLE)}。")
    try:
        document = Document.model_validate(
            {**record.document.model_dump(exclude={"passages"}), **changes, "passages": record.document.passages}
        )
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise CorpusError(f"{name} 不能是 {changes.get(name)!r}。日期写成 2025-06-30，状态用文库的状态名。") from error
    fixed = tuple(dict.fromkeys((*record.fixed, *(n for n in changes if changes[n] != getattr(record.document, n)))))
    return record.model_copy(update={"document": document, "fixed": fixed})


def whole_library(home: Path, built_in: Library | None = None) -> Library:
    """Return the built-in documents and the user's own as one library."""
    base = built_in or read_library()
    return Library([*base.documents.values(), *OwnLibrary(home).documents()])
