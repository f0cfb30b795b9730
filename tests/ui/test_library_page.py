"""The tab 资料库 without a browser: what a hostile browser may send, what is stopped, two visitors at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import FakeAdvisor
from own_files import TITLE, notice_text, write_pdf, write_text

from corpus.library import Library
from corpus.own import OwnLibrary
from ui.library_events import changes_of, uploads
from ui.library_html import Desk
from ui.library_page import LibraryPage
from ui.library_texts import read_library_texts
from ui.texts import read_texts

TEXTS = read_library_texts()


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that uploads come into."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "uploads" / "a").mkdir(parents=True)
    return tmp_path / "uploads" / "a"


@pytest.fixture
def page(tmp_path: Path, library: Library) -> LibraryPage:
    return LibraryPage(FakeAdvisor(library), read_texts(), TEXTS, home=tmp_path / "home")


def event(**sent: object) -> Any:
    return SimpleNamespace(**sent)


def last(steps: Iterator[Any]) -> Any:
    *_, final = steps
    return final


def brought(page: LibraryPage, path: Path, name: str = "") -> Any:
    return last(page.bring(Desk(), event(files=[{"path": str(path), "name": name or path.name}], unsent=[])))


@pytest.mark.parametrize(
    "files",
    [
        [{"path": "/etc/passwd", "name": "a.txt"}], [{"path": "../../etc/passwd"}], [{}], ["/etc/passwd"], "x", None, 7,
        [{"path": ["/etc/passwd"]}],
    ],
)  # fmt: skip
def test_only_what_was_uploaded_is_read(inbox: Path, page: LibraryPage, files: object) -> None:
    assert uploads(event(files=files)) == {}
    _, remark, _, _ = last(page.bring(Desk(), event(files=files, unsent=[])))
    assert TEXTS.foreign_file in remark
    assert Path("/etc/passwd").is_file()


def test_a_link_out_of_the_upload_folder_is_not_followed(inbox: Path, tmp_path: Path) -> None:
    secret = write_text(tmp_path / "别人的.txt")
    (inbox / "link.txt").symlink_to(secret)
    assert uploads(event(files=[{"path": str(inbox / "link.txt"), "name": "a.txt"}])) == {}
    assert secret.is_file()


def test_an_upload_is_read_then_gone_and_its_name_leads_nowhere(inbox: Path, page: LibraryPage) -> None:
    path = write_text(inbox / "blob")
    desk, _, form, _ = brought(page, path, name="../../某\\办法.txt")
    assert not path.exists()
    assert [r.file_name for r in desk.pending] == ["办法.txt"]
    assert TITLE in form
    assert OwnLibrary(page.own.folder.parent).records() == ()


def test_an_upload_that_broke_off_is_said_and_the_library_stays(page: LibraryPage) -> None:
    _, remark, _, _ = last(page.bring(Desk(), event(files=[], unsent=["大.pdf"])))
    assert "大.pdf" in remark
    assert page.own.records() == ()


def test_confirmed_files_are_taken_with_what_was_corrected(inbox: Path, page: LibraryPage) -> None:
    desk, *_ = brought(page, write_text(inbox / "办法.txt"))
    asked = {"id": desk.pending[0].id, "facts": {"region": "江苏", "issuers": "甲局、乙局", "sha256": "x"}}
    first = next(page.take(desk, event(all=[asked])))
    [record] = page.own.records()
    assert (record.document.region, record.document.issuers) == ("江苏", ("甲局", "乙局"))
    assert first[0].pending == ()
    assert TITLE in first[1]


def test_a_value_that_cannot_be_keeps_the_file_on_the_desk(inbox: Path, page: LibraryPage) -> None:
    desk, *_ = brought(page, write_text(inbox / "办法.txt"))
    asked = {"id": desk.pending[0].id, "facts": {"issued": "去年"}}
    kept, remark, *_ = next(page.take(desk, event(all=[asked])))
    assert kept.pending == desk.pending
    assert "issued" in remark
    assert page.own.records() == ()


def test_what_a_new_edition_replaces_is_marked(inbox: Path, page: LibraryPage) -> None:
    for name, years in (("旧.txt", 5), ("新.txt", 8)):
        desk, *_ = brought(page, write_text(inbox / name, years=years))
        old = next((r.id for r in page.own.records()), "")
        list(page.take(desk, event(all=[{"id": desk.pending[0].id, "facts": {"supersedes": old}}])))
    before, after = page.own.records()
    assert (before.document.status, after.document.supersedes) == ("废止", (before.id,))


def test_all_that_a_text_repeals_is_kept_though_the_form_shows_one(inbox: Path, page: LibraryPage) -> None:
    numbered = [d for d in page.advisor.library.documents.values() if d.number][:2]
    repeals = "、".join(f"《{d.title}》（{d.number}）" for d in numbered)
    text = notice_text(more=f"第六条 {repeals}同时废止。\n").replace("2025年", "2026年")
    (inbox / "新.txt").write_text(text, encoding="utf-8")
    desk, *_ = brought(page, inbox / "新.txt")
    list(page.take(desk, event(all=[{"id": desk.pending[0].id, "facts": {"supersedes": numbered[0].id}}])))
    [record] = page.own.records()
    assert set(record.document.supersedes) == {d.id for d in numbered}
    list(page.save(Desk(), event(id=record.id, facts={"title": "新题", "supersedes": record.document.supersedes[0]})))
    [saved] = page.own.records()
    assert (saved.document.title, saved.document.supersedes) == ("新题", record.document.supersedes)


def test_a_form_brings_only_facts_of_record() -> None:
    assert changes_of({"title": " 题 ", "id": "x", "supersedes": "", "issuers": "甲、、乙"}) == {
        "title": "题", "issuers": ("甲", "乙"), "supersedes": (),
    }  # fmt: skip


def test_stop_ends_the_reading_of_its_own_tab_only(inbox: Path, page: LibraryPage) -> None:
    started = threading.Event()
    seen: list[bool] = []

    def work(_report: object, stop: threading.Event) -> None:
        started.set()
        seen.append(stop.wait(0.8))

    steps = page._working("mine", work)  # pyright: ignore[reportPrivateUsage]
    thread = threading.Thread(target=lambda: list(steps))
    thread.start()
    started.wait(5)
    page.stop(Desk(job="another"))
    assert not seen
    page.stop(Desk(job="mine"))
    thread.join(5)
    assert seen == [True]


def test_two_visitors_bring_the_same_file_and_the_second_is_told(inbox: Path, page: LibraryPage) -> None:
    one, *_ = brought(page, write_pdf(inbox / "一.pdf"))
    (inbox / "二.pdf").write_bytes(page.own.original(one.pending[0]).read_bytes())
    two, *_ = brought(page, inbox / "二.pdf")
    asked = event(all=[{"id": one.pending[0].id, "facts": {}}])
    list(page.take(one, asked))
    _, remark, *_ = next(page.take(two, asked))
    assert "没有重复加入" in remark
    assert len(page.own.records()) == 1
