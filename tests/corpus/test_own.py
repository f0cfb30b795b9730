"""The user's own documents: whole after any kill, one adder at a time, nothing twice, nothing lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import document, small_documents, small_library
from own_files import LEDGER, NUMBER, TITLE, write_pdf, write_text

from corpus.errors import CorpusError, Duplicate, ReadingStopped
from corpus.index import ensure_index
from corpus.intake import bring_in, incoming, replaced, supersede
from corpus.library import Library
from corpus.lock import alone
from corpus.own import OwnLibrary, Record, corrected, whole_library
from corpus.own_text import OwnText
from corpus.pages_kept import KeptPages
from corpus.reading.model import Box
from corpus.words import Words

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("ADVISOR_TEST_KILLS", "4"))
FILES = 24  # more than any machine takes in before the kill
"""How often a process that adds files is killed; `make measure` takes 30."""
ADDS = """
import sys
from pathlib import Path
from corpus.intake import bring_in
from corpus.index import ensure_index
from corpus.own import OwnLibrary, whole_library
from corpus.words import Words
from fakes import small_library

home = Path(sys.argv[1])
own, words = OwnLibrary(home), Words()
ensure_index(home / "index", whole_library(home, small_library()), None, words)
print("begin", flush=True)
for name in sys.argv[2:]:
    own.take(bring_in(Path(name), own))
    print("in", flush=True)
    ensure_index(home / "index", whole_library(home, small_library()), None, words)
print("end", flush=True)
"""


@pytest.fixture
def own(tmp_path: Path) -> OwnLibrary:
    return OwnLibrary(tmp_path / "home", now=lambda: datetime(2026, 1, 2, tzinfo=UTC))


def added(own: OwnLibrary, path: Path, **changes: object) -> Record:
    return own.take(corrected(bring_in(path, own), changes))


def test_a_file_comes_in_with_its_facts_its_clauses_and_itself(own: OwnLibrary, tmp_path: Path) -> None:
    record = added(own, write_text(tmp_path / "办法.txt"))
    d = record.document
    assert (d.title, d.number, d.issued, d.in_force, d.realm) == (TITLE, NUMBER, "2025-06-10", "2025-07-01", "own")
    assert (record.file_name, record.added) == ("办法.txt", "2026-01-02T00:00:00+00:00")
    assert own.original(record).read_bytes() == (tmp_path / "办法.txt").read_bytes()
    [document] = own.documents()
    assert [p.place for p in document.passages] == ["第一条", "第二条", "第三条", "第四条", "第五条"]
    assert LEDGER in document.passages[2].text


def test_a_read_file_is_not_in_the_library_before_it_is_taken(own: OwnLibrary, tmp_path: Path) -> None:
    record = bring_in(write_text(tmp_path / "办法.txt"), own)
    assert own.records() == ()
    own.take(record)
    assert [r.id for r in own.records()] == [record.id]


def test_the_same_content_under_another_name_is_said_and_not_added_twice(own: OwnLibrary, tmp_path: Path) -> None:
    added(own, write_text(tmp_path / "办法.txt"))
    with pytest.raises(Duplicate, match=r"副本\.txt.*办法\.txt.*没有重复加入"):
        bring_in(write_text(tmp_path / "副本.txt"), own)
    assert len(own.records()) == 1


def test_what_was_removed_comes_back_whole_the_last_first(own: OwnLibrary, tmp_path: Path) -> None:
    one = added(own, write_text(tmp_path / "一.txt"))
    two = added(own, write_text(tmp_path / "二.txt", years=6))
    before = own.documents()
    own.remove(one.id)
    own.remove(two.id)
    assert own.documents() == []
    assert [own.restore().id, own.restore().id] == [two.id, one.id]
    assert sorted(own.documents(), key=lambda d: d.id) == sorted(before, key=lambda d: d.id)
    with pytest.raises(CorpusError, match="没有可以恢复"):
        own.restore()


def test_facts_are_corrected_and_the_corrected_ones_are_known(own: OwnLibrary, tmp_path: Path) -> None:
    record = added(own, write_text(tmp_path / "办法.txt"))
    fixed = own.fix(record.id, {"status": "废止", "region": "江苏", "title": record.document.title})
    assert (fixed.document.status, fixed.document.region, fixed.fixed) == ("废止", "江苏", ("status", "region"))
    assert own.record(record.id) == fixed


@pytest.mark.parametrize(
    "changes", [{"status": "有效"}, {"issued": "2025年"}, {"title": ""}, {"kind": "草稿"}, {"sha256": "0"}]
)
def test_a_value_that_cannot_be_is_refused_by_name_and_nothing_changes(
    own: OwnLibrary, tmp_path: Path, changes: dict[str, str]
) -> None:
    record = added(own, write_text(tmp_path / "办法.txt"))
    with pytest.raises(CorpusError, match=next(iter(changes))):
        own.fix(record.id, changes)
    assert own.records() == (record,)


def test_a_new_edition_names_what_it_replaces(own: OwnLibrary, tmp_path: Path) -> None:
    old = added(own, write_text(tmp_path / "旧.txt"))
    more = f"第六条 《{TITLE}》（{NUMBER}）同时废止。\n"
    new = bring_in(write_text(tmp_path / "新.txt", years=8, number="某发改环资〔2026〕3号", more=more), own)
    assert [d.id for d in replaced(new, own.documents())] == [old.id]


def test_of_annexes_with_one_number_only_the_named_one_is_replaced(own: OwnLibrary, tmp_path: Path) -> None:
    number, notice = "某改〔2024〕9号", "《关于建设样板园区的通知》"
    annexes = [document(f"annex{n}", [], title=f"{notice}附件{n}：{name}", number=number)
               for n, name in ((1, "基本条件"), (2, "样板指标体系"))]  # fmt: skip
    for text, wanted in (
        (f"《样板指标体系》（{number}）", ["annex2"]),
        (f"{notice}（{number}）", ["annex1", "annex2"]),
    ):
        more = f"第六条 {text}同时废止。\n"
        new = bring_in(write_text(tmp_path / "新.txt", number="某改〔2026〕3号", more=more), own)
        assert [d.id for d in replaced(new, annexes)] == wanted


def test_what_a_text_repeals_is_kept_whichever_came_in_first_and_corrections_stay(
    own: OwnLibrary, tmp_path: Path
) -> None:
    more = f"第六条 《{TITLE}》（{NUMBER}）同时废止。\n"
    new = added(own, write_text(tmp_path / "新.txt", years=8, number="某发改环资〔2026〕3号", more=more))
    old = added(own, write_text(tmp_path / "旧.txt"))
    newest = added(own, write_text(tmp_path / "另.txt", years=9, number="某发改环资〔2027〕5号"))
    found = supersede(own, old, own.documents())
    assert [(r.id, d.id) for r, d in found] == [(new.id, old.id)]
    assert own.record(new.id).document.supersedes == (old.id,)
    assert own.record(new.id).fixed == ()
    assert supersede(own, newest, own.documents()) == []  # of the same title, but of a number that is not named
    assert supersede(own, old, own.documents()) == []
    own.fix(new.id, {"supersedes": ()})
    assert supersede(own, old, own.documents()) == []
    assert own.record(new.id).document.supersedes == ()


def test_while_another_one_writes_the_library_stays_and_it_is_said(own: OwnLibrary, tmp_path: Path) -> None:
    record = bring_in(write_text(tmp_path / "办法.txt"), own)
    with alone(own.folder / "LOCK"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.own._PATIENCE", 0.2)
        with pytest.raises(CorpusError, match="另一个窗口或命令"):
            own.take(record)
    assert own.records() == ()
    assert own.take(record) == record


def test_two_adders_at_once_both_get_in(own: OwnLibrary, tmp_path: Path) -> None:
    paths = [write_text(tmp_path / f"{n}.txt", years=n) for n in range(2, 8)]
    threads = [threading.Thread(target=added, args=(own, path)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {r.file_name for r in own.records()} == {p.name for p in paths}


def test_a_damaged_list_is_one_sentence(own: OwnLibrary, tmp_path: Path) -> None:
    added(own, write_text(tmp_path / "办法.txt"))
    (own.folder / "library.json").write_text('{"documents": [{', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"library\.json.*备份"):
        own.records()


def test_leftovers_of_a_day_ago_are_cleared_and_what_is_listed_stays(own: OwnLibrary, tmp_path: Path) -> None:
    kept = added(own, write_text(tmp_path / "一.txt"))
    left = bring_in(write_text(tmp_path / "二.txt", years=6), own)
    recent = bring_in(write_text(tmp_path / "三.txt", years=7), own)
    old = time.time() - 2 * 24 * 3600
    for record in (kept, left):
        os.utime(own.original(record), (old, old))
    own.fix(kept.id, {"region": "江苏"})
    assert [own.original(r).is_file() for r in (kept, left, recent)] == [True, False, True]


def test_the_text_is_kept_as_it_was_read_with_page_and_box(own: OwnLibrary, tmp_path: Path) -> None:
    record = added(own, write_pdf(tmp_path / "办法.pdf", pages=3))
    text = own.text(record.sha256)
    assert OwnText.from_json(text.to_json()) == text
    third = next(p for p in text.passages if p.place == "第三条")
    start = third.text.index(LEDGER)
    boxes = text.boxes(third.id, start, start + len(LEDGER))
    assert (list(boxes), text.pages[third.id]) == ([3], 3)
    assert all(isinstance(box, Box) and box.top < box.bottom for box in boxes[3])
    assert len(boxes[3]) < len(text.boxes(third.id)[3]), "the sentence has fewer printed lines than its clause"


def test_reading_stopped_half_way_goes_on_at_the_next_page(own: OwnLibrary, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "办法.pdf", pages=4)
    done: list[int] = []
    with pytest.raises(ReadingStopped):
        bring_in(path, own, progress=lambda page, _: done.append(page), stop=lambda: len(done) == 2)
    [file] = (own.folder / "pages").iterdir()
    assert sorted(KeptPages(file)) == [1, 2]
    with file.open("ab") as cut:
        cut.write(b'{"number": 3, "how"')  # a kill while the third page was being written
    assert sorted(KeptPages(file)) == [1, 2]
    record = own.take(bring_in(path, own))
    assert record.pages == {"text layer": 4}
    assert not file.exists()


def test_a_folder_and_a_zip_give_their_files_and_bad_ones_a_sentence(own: OwnLibrary, tmp_path: Path) -> None:
    import zipfile

    folder = tmp_path / "来件"
    folder.mkdir()
    write_text(folder / "一.txt")
    (folder / "空.pdf").write_bytes(b"")
    with zipfile.ZipFile(folder / "包.zip", "w") as packed:
        packed.writestr("里面/二.txt", (tmp_path / "来件" / "一.txt").read_text(encoding="utf-8").replace("5年", "6年"))
    faults: list[str] = []
    for one in incoming([folder, folder / "包.zip", tmp_path / "没有.txt"]):
        try:
            if isinstance(one, CorpusError):
                raise one
            own.take(bring_in(one.path, own, name=one.name))
        except CorpusError as error:
            faults.append(str(error))
    assert [r.file_name for r in own.records()] == ["一.txt", "包.zip/里面/二.txt"]
    assert len(faults) == 3
    assert all("\n" not in fault for fault in faults)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_kill_at_any_moment_leaves_the_library_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    chance = random.Random(7)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    number = least = 0
    for _ in range(KILLS):
        paths = [write_text(tmp_path / f"{number + n}.txt", years=10 + number + n) for n in range(FILES)]
        number += FILES
        known = {r.id for r in OwnLibrary(home).records()}
        with subprocess.Popen(
            [sys.executable, "-c", ADDS, str(home), *map(str, paths)], stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"begin"
            for _ in range(chance.randint(0, 3)):
                assert process.stdout.readline().strip() == b"in"
                least += 1
            time.sleep(chance.uniform(0.0, 0.2))
            process.kill()
        own = OwnLibrary(home)
        assert known <= {r.id for r in own.records()}, "what was in before is in"
        assert least <= len(own.records()) < number
        for record in own.records():
            assert own.original(record).stat().st_size == record.size
        assert all(len(d.passages) == 5 for d in own.documents())
        index = ensure_index(home / "index", whole_library(home, small_library()), None, Words())
        found = {h.document.id for h in index.search("台账保存期限", limit=100).hits}
        assert found >= {r.id for r in own.records()}


def test_the_built_in_library_and_the_users_are_one(own: OwnLibrary, tmp_path: Path) -> None:
    record = added(own, write_text(tmp_path / "办法.txt"))
    library = whole_library(tmp_path / "home", Library(small_documents()))
    assert list(library.documents) == [*(d.id for d in small_documents()), record.id]
    assert sum(p.document_id == record.id for p in library.passages.values()) == 5
