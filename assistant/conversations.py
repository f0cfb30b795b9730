"""The conversations of one home folder in one SQLite file: their list, and the state of each after every turn.

LangGraph's checkpointer writes the state as plain JSON, one record a turn in one transaction: what a killed process
had under way is not there, and every turn that was answered is there once. The records together are the transcript.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from filelock import Timeout as LockedElsewhere

from assistant.act import texts
from assistant.errors import DialogueError

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

FILE_NAME = "conversations.sqlite"
_LONGEST_TITLE = 40
_WAIT_SECONDS = 30
_TABLE = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the list.

    Attributes:
        id: its key, never shown.
        title: as the user named it, else the beginning of the first message.
        created, changed: ISO times, UTC.
    """

    id: str
    title: str
    created: str
    changed: str


class PlainJson:
    """Writes checkpoints as JSON: reading one can run nothing."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """Return the kind of the text, and the text."""
        return "json", json.dumps(obj, ensure_ascii=False, default=repr).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Return the data of the text."""
        return json.loads(data[1])


class Conversations:
    """The file of the conversations; several threads and several processes may use it at once.

    Args:
        home: the folder of what the program keeps.
    """

    def __init__(self, home: Path) -> None:
        from langgraph.checkpoint.sqlite import SqliteSaver

        home.mkdir(parents=True, exist_ok=True)
        self._locks = home / "locks"
        self._at_work: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        path = home / FILE_NAME
        try:
            connection = sqlite3.connect(path, check_same_thread=False, timeout=_WAIT_SECONDS)
            self.saver: SqliteSaver = SqliteSaver(connection, serde=PlainJson())
            with self.saver.cursor() as cursor:
                cursor.execute("PRAGMA synchronous=NORMAL")
                cursor.execute(_TABLE)
        except sqlite3.DatabaseError as error:
            raise DialogueError(f"对话文件 {path} 读不了（{error}）。请把它移到别处，再重新打开。") from error

    def new(self, title: str = "") -> str:
        """Return the id of a new conversation."""
        key, now = uuid.uuid4().hex, _now()
        with self.saver.cursor() as cursor:
            cursor.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (key, _shortened(title), now, now))
        return key

    def all(self) -> tuple[Conversation, ...]:
        """Return the conversations, the one used last first."""
        return self._found("ORDER BY changed DESC, rowid DESC")

    def get(self, key: str) -> Conversation:
        """Return the conversation of that id.

        Raises:
            DialogueError: there is none.
        """
        found = self._found("WHERE id = ?", key)
        if not found:
            raise DialogueError(f"没有编号为 {key!r} 的对话，可能已经删除。请新建一个，或从列表里另选。")
        return found[0]

    def _found(self, which: str, *values: str) -> tuple[Conversation, ...]:
        query = f"SELECT id, title, created, changed FROM conversations {which}"  # noqa: S608 - `which` is ours
        with self.saver.cursor(transaction=False) as cursor:
            rows = cursor.execute(query, values).fetchall()
        return tuple(Conversation(key, title or texts()["untitled"], made, used) for key, title, made, used in rows)

    def rename(self, key: str, title: str) -> None:
        """Give a conversation another title; an empty one changes nothing."""
        self.get(key)
        if _shortened(title):
            with self.saver.cursor() as cursor:
                cursor.execute("UPDATE conversations SET title = ? WHERE id = ?", (_shortened(title), key))

    def delete(self, key: str) -> None:
        """Remove a conversation with all that was said in it."""
        with self.at_work(key):
            self.get(key)
            self.saver.delete_thread(key)
            with self.saver.cursor() as cursor:
                cursor.execute("DELETE FROM conversations WHERE id = ?", (key,))
        self._lock_file(key).unlink(missing_ok=True)

    def touch(self, key: str, message: str) -> None:
        """Note that a turn was taken; the first message gives a conversation without a title its title."""
        with self.saver.cursor() as cursor:
            cursor.execute(
                "UPDATE conversations SET changed = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
                (_now(), _shortened(message), key),
            )

    def turns(self, key: str) -> tuple[Mapping[str, Any], ...]:
        """Return the records of the turns, oldest first, each once."""
        found: dict[int, Mapping[str, Any]] = {}
        for one in self.saver.list({"configurable": {"thread_id": key}}):
            turn = one.checkpoint["channel_values"].get("turn")
            if turn is not None:
                found.setdefault(turn["number"], turn)
        return tuple(found[number] for number in sorted(found))

    @contextmanager
    def at_work(self, key: str) -> Generator[None]:
        """Hold one conversation for one turn: its turns come one after the other, from whatever thread or process."""
        with self._guard:
            lock = self._at_work.setdefault(key, threading.Lock())
            self._locks.mkdir(exist_ok=True)
        try:
            with lock, FileLock(self._lock_file(key), timeout=_WAIT_SECONDS, thread_local=False):
                yield
        except LockedElsewhere as error:
            raise DialogueError("这个对话正在别处处理上一句，请稍后再试。") from error

    def _lock_file(self, key: str) -> Path:
        return self._locks / f"{uuid.uuid5(uuid.NAMESPACE_OID, key).hex}.lock"

    def close(self) -> None:
        """Close the file."""
        self.saver.conn.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _shortened(title: str) -> str:
    tight = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return tight if len(tight) <= _LONGEST_TITLE else f"{tight[: _LONGEST_TITLE - 1]}…"
