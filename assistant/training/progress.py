"""What trainees have answered: one SQLite file under the user's home, saved after each answer, never rewritten.

Answers are only added; each carries a seal over itself and the one before it, made with a key file of the
installation, so that a changed or missing answer shows. Cards of the schedule follow from the answers and are kept
beside them in the same transaction.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Self

from assistant.training.errors import ProgressDamaged, TrainingError
from assistant.training.marking import Answer
from assistant.training.model import Item, Marked
from assistant.training.reading import phrase
from assistant.training.records import Answered, Mastery, Miss
from assistant.training.schedule import due, first_card, retrievability, reviewed
from assistant.training.sealing import installation_key, same, seal

MONTH = timedelta(days=30)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY, trainee TEXT NOT NULL, item TEXT NOT NULL, topic TEXT NOT NULL, at TEXT NOT NULL,
    answer TEXT NOT NULL, points TEXT NOT NULL, fared TEXT NOT NULL, sitting TEXT NOT NULL, seal TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS answers_by_trainee ON answers (trainee, at);
CREATE INDEX IF NOT EXISTS answers_by_sitting ON answers (sitting);
CREATE TABLE IF NOT EXISTS cards (
    trainee TEXT NOT NULL, card TEXT NOT NULL, topic TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
    front TEXT NOT NULL DEFAULT '', back TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (trainee, card));
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TRIGGER IF NOT EXISTS answers_stay BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'answers stay'); END;
CREATE TRIGGER IF NOT EXISTS answers_remain BEFORE DELETE ON answers BEGIN SELECT RAISE(ABORT, 'answers stay'); END;
"""


class Progress:
    """The file of progress of one installation.

    Args:
        home: the user's folder; the file is `training/progress.sqlite` in it.
        patience: how many seconds to wait for another process that is writing.

    Raises:
        ProgressDamaged: the file is no database, or its answers were changed; a copy was kept and is named.
    """

    def __init__(self, home: Path, *, patience: float = 20) -> None:
        self.folder = home / "training"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / "progress.sqlite"
        if self.path.exists() and not (self.folder / "key").exists():
            raise ProgressDamaged(phrase("progress.no_key", file=self.folder / "key"))
        self.key = installation_key(home)
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(self.path, timeout=patience, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            if self._db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError
            self._db.executescript(_SCHEMA)
            broken = self._first_broken()
        except sqlite3.OperationalError as error:  # locked, read-only, no room: the file itself is sound
            raise TrainingError(phrase("progress.busy", file=self.path, why=str(error))) from error
        except sqlite3.DatabaseError as error:
            self._give_up("progress.unreadable", error)
        if broken:
            self._give_up("progress.changed", None, number=broken)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Answers ---------------------------------------------------------------------------------------------------------

    def save(
        self, trainee: str, item: Item, answer: Answer, marked: Marked, *, now: datetime, sitting: str = "quiz"
    ) -> None:
        """Save one answer and move its card, in one transaction."""
        with self._transaction():
            self._add(trainee, item, answer, marked, now, sitting)
            self._move(trainee, item.id, item.topic, marked.points, now)

    def _add(self, trainee: str, item: Item, answer: Answer, marked: Marked, now: datetime, sitting: str) -> None:
        last = self._db.execute("SELECT number, seal FROM answers ORDER BY number DESC LIMIT 1").fetchone()
        number, before = (last[0] + 1, last[1]) if last else (1, "")
        text = answer if isinstance(answer, str) else json.dumps(list(answer))
        values = (
            number, trainee, item.id, item.topic, _moment(now), text, str(marked.points), marked.fared, sitting,
        )  # fmt: skip
        sealed = self._seal(before, values)
        self._db.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, sealed))
        self._put("head", "answers", f"{number} {sealed}")

    def answers(self, *, trainee: str = "", sitting: str = "", since: datetime | None = None) -> list[Answered]:
        """Return answers, oldest first."""
        wheres, given = ["1"], list[str]()
        for column, value in (("trainee", trainee), ("sitting", sitting)):
            if value:
                wheres.append(f"{column} = ?")
                given.append(value)
        if since is not None:
            wheres.append("at >= ?")
            given.append(_moment(since))
        rows = self._db.execute(
            f"SELECT number, trainee, item, topic, at, answer, points, fared, sitting FROM answers "  # noqa: S608
            f"WHERE {' AND '.join(wheres)} ORDER BY number",
            given,
        )
        return [
            Answered(a, b, c, d, datetime.fromisoformat(at), text, Decimal(points), fared, where)
            for a, b, c, d, at, text, points, fared, where in rows
        ]

    def seen_since(self, trainee: str, since: datetime) -> set[str]:
        """Return the ids of the items that a trainee was shown since then: answered, or part of an exam begun."""
        seen = {one.item for one in self.answers(trainee=trainee, since=since)}
        for data in self.records("exam", trainee=trainee).values():
            if datetime.fromisoformat(data["began"]) >= since:
                seen.update(data["items"])
        return seen

    def being_examined(self, trainee: str) -> set[str]:
        """Return the ids of the items of a trainee's open exam: practice would show their answers."""
        exams = self.records("exam", trainee=trainee).values()
        return {item for data in exams if data["finished"] is None for item in data["items"]}

    def trainees(self) -> list[str]:
        """Return the names of those who answered, in order of name."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT trainee FROM answers ORDER BY trainee")]

    # Cards -----------------------------------------------------------------------------------------------------------

    def add_miss(self, trainee: str, miss: Miss, *, now: datetime) -> None:
        """Make a card of something missed, due at once; one that is there already comes up again."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (trainee, card) DO UPDATE SET due = excluded.due",
                (trainee, miss.id, miss.topic, _moment(now), first_card(now), miss.front, miss.back, miss.source),
            )

    def review_miss(self, trainee: str, miss_id: str, points: Decimal, *, now: datetime) -> None:
        """Move the card of a miss after its review, worth so many points by the trainee's own judgment."""
        row = self._db.execute("SELECT topic FROM cards WHERE trainee = ? AND card = ?", (trainee, miss_id)).fetchone()
        if row is not None:
            with self._transaction():
                self._move(trainee, miss_id, row[0], points, now)

    def due_items(self, trainee: str, now: datetime, *, limit: int = 20) -> list[str]:
        """Return the ids of the exercises due for review, longest due first; none of an exam that is still open."""
        rows = self._db.execute(
            "SELECT card FROM cards WHERE trainee = ? AND due <= ? AND front = '' ORDER BY due, card",
            (trainee, _moment(now)),
        )
        closed = self.being_examined(trainee)
        return [row[0] for row in rows if row[0] not in closed][:limit]

    def due_misses(self, trainee: str, now: datetime, *, limit: int = 20) -> list[Miss]:
        """Return the misses due for review, longest due first."""
        rows = self._db.execute(
            "SELECT card, topic, front, back, source FROM cards WHERE trainee = ? AND due <= ? AND front <> '' "
            "ORDER BY due, card LIMIT ?",
            (trainee, _moment(now), limit),
        )
        return [Miss(*row) for row in rows]

    def next_due(self, trainee: str) -> datetime | None:
        """Return when the next card comes up, None where there is none."""
        row = self._db.execute("SELECT MIN(due) FROM cards WHERE trainee = ?", (trainee,)).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def mastery(self, trainee: str, now: datetime, *, last: int = 20) -> list[Mastery]:
        """Return the mastery of every topic answered, from the last answers of each."""
        by_topic: dict[str, list[Answered]] = {}
        for one in self.answers(trainee=trainee):
            by_topic.setdefault(one.topic, []).append(one)
        rows = self._db.execute("SELECT card, state FROM cards WHERE trainee = ?", (trainee,))
        recall = {card: retrievability(state, now) for card, state in rows}
        found: list[Mastery] = []
        for topic, ones in by_topic.items():
            latest = ones[-last:]
            points = sum((one.points for one in latest), Decimal(0)) / len(latest)
            known = [recall[one.item] for one in latest if one.item in recall]
            found.append(Mastery(topic, len(ones), points, sum(known) / len(known) if known else 0.0))
        return found

    def _move(self, trainee: str, card: str, topic: str, points: Decimal, now: datetime) -> None:
        row = self._db.execute("SELECT state FROM cards WHERE trainee = ? AND card = ?", (trainee, card)).fetchone()
        state = reviewed(row[0] if row else first_card(now), points, now)
        self._db.execute(
            "INSERT INTO cards (trainee, card, topic, due, state) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (trainee, card) DO UPDATE SET due = excluded.due, state = excluded.state",
            (trainee, card, topic, _moment(due(state)), state),
        )

    # Records of exams, certificates, groups --------------------------------------------------------------------------

    def put(self, kind: str, identity: str, data: Mapping[str, Any]) -> None:
        """Keep a record of a kind under an id, in place of the one before."""
        text = json.dumps(data, ensure_ascii=False, sort_keys=True)
        with self._transaction():
            self._put(kind, identity, text)

    def _put(self, kind: str, identity: str, text: str) -> None:
        sealed = self._seal("record", (kind, identity, text))
        self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", (kind, identity, text, sealed))

    def _sound(self, kind: str, identity: str, text: str, sealed: str) -> dict[str, Any]:
        if not same(sealed, self._seal("record", (kind, identity, text))):
            raise ProgressDamaged(phrase("progress.record", file=self.path, kind=kind, id=identity))
        return json.loads(text)

    def get(self, kind: str, identity: str) -> dict[str, Any] | None:
        """Return a record, None where there is none."""
        row = self._db.execute("SELECT data, seal FROM records WHERE kind = ? AND id = ?", (kind, identity)).fetchone()
        return None if row is None else self._sound(kind, identity, row[0], row[1])

    def records(self, kind: str, *, trainee: str = "") -> dict[str, dict[str, Any]]:
        """Return the records of a kind by id, of one trainee or all."""
        rows = self._db.execute(
            "SELECT id, data, seal FROM records "
            "WHERE kind = ?1 AND (?2 = '' OR json_extract(data, '$.trainee') = ?2) ORDER BY id",
            (kind, trainee),
        )
        return {row[0]: self._sound(kind, row[0], row[1], row[2]) for row in rows}

    def count(self, kind: str) -> int:
        """Return how many records of a kind there are."""
        return int(self._db.execute("SELECT COUNT(*) FROM records WHERE kind = ?", (kind,)).fetchone()[0])

    # The seal --------------------------------------------------------------------------------------------------------

    def _seal(self, before: str, values: Sequence[object]) -> str:
        return seal(self.key, before, values)

    def _first_broken(self) -> int:
        """Return the number of the first answer whose seal does not fit, 0 where all fit."""
        self._db.execute("BEGIN")  # one view of the file, while others may be answering
        try:
            rows = self._db.execute("SELECT * FROM answers ORDER BY number").fetchall()
            head = self._db.execute("SELECT data FROM records WHERE kind = 'head'").fetchone()
        finally:
            self._db.execute("COMMIT")
        before, expected = "", 1
        for row in rows:
            if row[0] != expected or not same(row[9], self._seal(before, row[:9])):
                return expected
            before, expected = row[9], expected + 1
        return 0 if (head[0] if head else "0 ") == f"{expected - 1} {before}" else expected

    def _give_up(self, why: str, error: Exception | None, **values: object) -> NoReturn:
        """Keep a copy of the file, move it out of the way, and say so."""
        self._db.close()
        copy = self.path.with_name(f"progress-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.sqlite")
        for ending in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + ending)
            if part.exists():
                shutil.move(part, copy.with_name(copy.name + ending))
        raise ProgressDamaged(phrase(why, file=self.path, copy=copy, **values)) from error

    @contextmanager
    def _transaction(self) -> Generator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
