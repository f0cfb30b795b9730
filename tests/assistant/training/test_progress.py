"""Progress: saved after each answer, only added to, reviewed by FSRS; damage and tampering are said."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from items_at_hand import NOW, item

from assistant.training.errors import ProgressDamaged, TrainingError
from assistant.training.marking import mark
from assistant.training.progress import Progress
from assistant.training.records import Miss
from assistant.training.schedule import due, first_card, reviewed

ANSWERING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.training.marking import mark
from assistant.training.model import Item
from assistant.training.progress import Progress
item = Item("x", "single", "energy", 1, "问", ("甲", "乙"), (1,), "因为", ())
with Progress(Path(sys.argv[1])) as progress:
    while True:
        progress.save("甲", item, (1,), mark(item, (1,)), now=datetime.now(UTC))
        print("saved", flush=True)
"""


def answered(progress: Progress, name: str = "甲", *, right: bool = True, days: int = 0, **changes: object) -> None:
    one = item(**changes)
    given = one.chosen if right else (0,)
    progress.save(name, one, given, mark(one, given), now=NOW + timedelta(days=days))


def test_an_answer_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        answered(progress)
        assert progress._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with Progress(tmp_path) as progress:
        (one,) = progress.answers()
    assert (one.trainee, one.item, one.points, one.at, one.answer) == ("甲", "x", 1, NOW, "[1]")


def test_a_process_killed_while_answering_loses_at_most_the_answer_under_way(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ANSWERING, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(40)]
    for _ in range(15):  # it may be opened, and found sound, while another process is answering
        Progress(tmp_path).close()
    os.kill(process.pid, signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    told = sum(line == "saved\n" for line in said)
    with Progress(tmp_path) as progress:
        assert told <= len(progress.answers()) <= told + 1


def test_answers_cannot_be_changed_or_deleted(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        answered(progress, right=False)
        for change in ("UPDATE answers SET points = '1'", "DELETE FROM answers"):
            with pytest.raises(sqlite3.IntegrityError, match="answers stay"):
                progress._db.execute(change)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answers SET points = '1' WHERE number = 2",
        "UPDATE answers SET trainee = '乙' WHERE number = 1",
        "DELETE FROM answers WHERE number = 2",
        "DELETE FROM answers WHERE number = 3",
        "INSERT INTO answers SELECT 4, trainee, item, topic, at, answer, points, fared, sitting, seal FROM answers"
        " LIMIT 1",
    ],
)
def test_a_tampered_file_is_told_and_a_copy_kept(tmp_path: Path, change: str) -> None:
    with Progress(tmp_path) as progress:
        for _ in range(3):
            answered(progress, right=False)
    with sqlite3.connect(tmp_path / "training" / "progress.sqlite") as db:
        db.executescript("DROP TRIGGER answers_stay; DROP TRIGGER answers_remain;")
        db.execute(change)
    db.close()
    with pytest.raises(ProgressDamaged, match="改动过"):
        Progress(tmp_path)
    (copy,) = (tmp_path / "training").glob("progress-*.sqlite")
    assert sqlite3.connect(copy).execute("SELECT COUNT(*) FROM answers").fetchone()[0] >= 2
    with Progress(tmp_path) as progress:
        assert progress.answers() == []


def test_a_file_that_is_no_database_is_told_and_a_copy_kept(tmp_path: Path) -> None:
    Progress(tmp_path).close()
    (tmp_path / "training" / "progress.sqlite").write_bytes(b"nonsense" * 500)
    with pytest.raises(ProgressDamaged, match="已损坏"):
        Progress(tmp_path)
    assert b"nonsense" in next((tmp_path / "training").glob("progress-*.sqlite")).read_bytes()


def test_a_file_that_another_program_holds_is_left_alone(tmp_path: Path) -> None:
    Progress(tmp_path).close()
    with sqlite3.connect(tmp_path / "training" / "progress.sqlite") as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TrainingError, match="打不开") as caught:
            Progress(tmp_path, patience=0.1)
        db.rollback()
    assert not isinstance(caught.value, ProgressDamaged)
    assert not list((tmp_path / "training").glob("progress-*"))
    Progress(tmp_path).close()


def test_a_changed_record_and_a_lost_key_are_told(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        progress.put("group", "一组", {"members": ["甲"]})
        progress._db.execute("""UPDATE records SET data = '{"members": ["乙"]}' WHERE kind = 'group'""")
        with pytest.raises(ProgressDamaged, match="一组"):
            progress.get("group", "一组")
    (tmp_path / "training" / "key").unlink()
    with pytest.raises(ProgressDamaged, match="密钥"):
        Progress(tmp_path)
    assert (tmp_path / "training" / "progress.sqlite").exists()
    for spoiled in ("", "00", "no hex"):
        (tmp_path / "training" / "key").write_text(spoiled, encoding="ascii")
        with pytest.raises(ProgressDamaged, match="密钥"):
            Progress(tmp_path)


def test_the_key_is_the_owners_alone(tmp_path: Path) -> None:
    Progress(tmp_path).close()
    assert (tmp_path / "training" / "key").stat().st_mode & 0o077 == 0


def test_the_schedule_has_no_chance_in_it_and_spaces_out_what_is_known() -> None:
    card = again = first_card(NOW)
    days: list[int] = []
    now = NOW
    for _ in range(5):
        card, again = reviewed(card, Decimal(1), now), reviewed(again, Decimal(1), now)
        assert card == again
        days.append((due(card) - now).days)
        now = due(card)
    assert days == sorted(days)
    assert days[-1] > 10
    assert due(card).utcoffset() == timedelta(0)
    forgotten = reviewed(card, Decimal(0), now)
    assert due(forgotten) - now < timedelta(days=1)


def test_what_was_wrong_is_due_before_what_was_right(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        answered(progress, id="right")
        answered(progress, id="wrong", right=False)
        soon = NOW + timedelta(minutes=5)
        assert progress.due_items("甲", NOW) == []
        assert progress.due_items("甲", soon) == ["wrong"]
        assert progress.due_items("甲", NOW + timedelta(days=1)) == ["wrong", "right"]
        assert progress.due_items("乙", soon) == []
        assert progress.next_due("甲") == NOW + timedelta(minutes=1)


def test_misses_become_cards_that_are_reviewed(tmp_path: Path) -> None:
    miss = Miss("case-1-7:double", "power", "绿证计了两次，在哪里？", "证书清单第3行", "offsets-certificates")
    with Progress(tmp_path) as progress:
        progress.add_miss("甲", miss, now=NOW)
        assert progress.due_misses("甲", NOW) == [miss]
        assert progress.due_items("甲", NOW) == []
        progress.review_miss("甲", miss.id, Decimal(1), now=NOW)
        assert progress.due_misses("甲", NOW) == []
        assert progress.due_misses("甲", NOW + timedelta(days=3)) == [miss]
        progress.add_miss("甲", miss, now=NOW + timedelta(hours=1))
        assert progress.due_misses("甲", NOW + timedelta(hours=1)) == [miss]


def test_mastery_is_by_topic_rises_with_right_answers_and_fades_with_time(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        for n in range(4):
            answered(progress, id=f"e{n}", right=n > 1, days=n)
            answered(progress, id=f"p{n}", topic="power", days=n)
        later = NOW + timedelta(days=4)
        held = {one.topic: one for one in progress.mastery("甲", later)}
        assert (held["energy"].points, held["power"].points) == (Decimal("0.5"), 1)
        assert held["energy"].share < held["power"].share
        faded = {one.topic: one for one in progress.mastery("甲", later + timedelta(days=200))}
        assert faded["power"].share < held["power"].share


def test_two_processes_may_answer_at_once(tmp_path: Path) -> None:
    with Progress(tmp_path) as one, Progress(tmp_path) as other:
        for n in range(10):
            answered(one, "甲", id=f"a{n}")
            answered(other, "乙", id=f"b{n}")
    with Progress(tmp_path) as progress:
        assert progress.trainees() == ["乙", "甲"]
        assert len(progress.answers()) == 20
