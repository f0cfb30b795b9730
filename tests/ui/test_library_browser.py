"""The tab 资料库 in a real browser: a file dropped, read, taken in, asked about, its sentence opened in its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSTILE
from fakes import small_documents
from own_files import LEDGER, NUMBER, TITLE, notice_text, write_pdf, write_text
from windows import Visit, ask, free_port, open_windows

from assistant.advisor import Advisor
from assistant.understand import domain_words
from corpus.index import build_index
from corpus.library import Library
from corpus.own import OwnLibrary, whole_library
from corpus.words import Words
from ui.app import open_page
from ui.library_texts import read_library_texts
from ui.live import LiveAdvisor
from ui.talk_texts import read_talk_texts

pytestmark = pytest.mark.browser
TEXTS = read_library_texts()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def address(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    words = Words(domain_words())

    def opened(report: object) -> Advisor:
        return Advisor(build_index(home / "index", whole_library(home, Library(small_documents())), None, words))

    advisor = LiveAdvisor(opened, lambda: OwnLibrary(home).stamp)
    page = open_page(advisor, host="127.0.0.1", port=free_port(), home=home, pause=0.02)
    yield page.local_url
    page.close(verbose=False)
    assert not [p for p in (tmp_path / "uploads").rglob("*") if p.is_file()], "no upload stays beside the library"


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    def open_one(**options: Any) -> Any:
        page = opened(address, **options)
        page.get_by_role("tab", name=TEXTS.tab).click()
        page.locator("#library-list .empty, #library-list .shelf-list").first.wait_for()
        return page

    with open_windows(browser) as opened:
        yield open_one


def bring(page: Any, *paths: Path) -> None:
    page.set_input_files("#library-drop input[type=file]", [str(p) for p in paths])


def take(page: Any) -> None:
    page.get_by_role("button", name=TEXTS.take, exact=True).click()
    page.locator(".shelf-card [data-do=open]").first.wait_for()  # there once it is indexed


def test_a_pdf_is_dropped_read_asked_about_and_opened_at_the_boxed_sentence(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    bring(page, write_pdf(tmp_path / "办法.pdf", pages=3))
    form = page.locator(".recognized form")
    form.wait_for()
    assert form.locator("[name=title]").input_value() == TITLE
    assert form.locator("[name=number]").input_value() == NUMBER
    assert form.locator("[name=in_force]").input_value() == "2025-07-01"
    form.locator("[name=region]").fill("江苏")
    take(page)
    assert TITLE in page.locator(".shelf-card").inner_text()

    page.get_by_role("tab", name=read_talk_texts().tab).click()
    turn = ask(page, "试点园区的原始台账保存期限不少于几年")
    assert LEDGER in turn.locator(".lines").inner_text()
    turn.locator(".cite").first.click()
    panel = page.locator("#source .source.original")
    panel.wait_for()
    assert LEDGER in panel.locator("mark").inner_text()
    sheet = panel.locator(".sheet.boxed")
    assert sheet.get_attribute("data-page") == "3"
    assert sheet.locator("img").evaluate("i => i.complete && i.naturalWidth > 500")
    panel.get_by_role("button", name=TEXTS.previous_page).click()
    page.locator("#source .sheet[data-page='2']").wait_for()
    assert page.locator("#source .sheet.boxed").count() == 0
    page.keyboard.press("Escape")
    page.locator(".source-panel").first.wait_for(state="hidden")


def test_what_is_typed_for_one_file_does_not_stay_in_the_form_of_the_next(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    bring(page, write_text(tmp_path / "甲.txt", years=11), write_text(tmp_path / "乙.txt", years=12))
    forms = page.locator(".recognized form")
    forms.nth(1).wait_for()
    second = forms.nth(1).get_attribute("data-id")
    forms.nth(0).locator("[name=number]").fill("只属于第一份〔2026〕1号")
    forms.nth(0).locator("[name=status]").select_option("在编")
    forms.nth(0).get_by_role("button", name=TEXTS.leave, exact=True).click()
    page.wait_for_function("document.querySelectorAll('.recognized form').length === 1")
    assert forms.first.get_attribute("data-id") == second
    assert forms.first.locator("[name=number]").input_value() == NUMBER
    assert forms.first.locator("[name=status]").input_value() != "在编"
    forms.first.get_by_role("button", name=TEXTS.leave, exact=True).click()
    page.wait_for_function("document.querySelectorAll('.recognized form').length === 0")


def test_remove_undo_filter_search_and_correct(visit: Visit, home: Path, tmp_path: Path) -> None:
    page = visit()
    bring(page, write_text(tmp_path / "办法.txt"))
    take(page)
    page.fill(".within [name=words]", "台账保存期限")
    page.press(".within [name=words]", "Enter")
    page.locator(".within-found button").first.click()
    page.locator("#library-source mark", has_text=LEDGER).wait_for()
    page.keyboard.press("Escape")
    page.click("#library-list .shelf-list [data-do=fix]")
    page.locator(".shelf-card [name=status]").select_option("废止")
    page.click("#library-list .shelf-list [data-do=save]")
    page.locator(".shelf-card .chip.废止").wait_for()
    page.locator("[data-filter]").select_option("废止")
    page.click("#library-list .shelf-list [data-do=remove]")
    page.click("#library-list [data-do=undo]")
    page.locator(".shelf-card").wait_for()
    assert [r.document.status for r in OwnLibrary(home).records()] == ["废止"]


def test_bad_files_get_a_sentence_and_nothing_in_a_document_becomes_part_of_the_page(
    visit: Visit, home: Path, tmp_path: Path
) -> None:
    page = visit()
    (tmp_path / "空.pdf").write_bytes(b"")
    hostile = tmp_path / "坏.txt"
    hostile.write_text(notice_text(more=f"第六条 {HOSTILE}\n"), encoding="utf-8")
    bring(page, tmp_path / "空.pdf", hostile)
    page.locator(".recognized form").wait_for()
    assert "空.pdf" in page.locator("#library-remark .notice").inner_text()
    page.locator(".recognized [name=title]").fill(HOSTILE[:200])
    take(page)
    page.click("#library-list .shelf-list [data-do=open]")
    page.locator("#library-source .source").wait_for()
    assert "onerror" in page.locator("#library-source").inner_text()
    assert page.evaluate("window.hit") is None
    bring(page, hostile)
    page.locator("#library-remark .notice", has_text="没有重复加入").wait_for()
    assert len(OwnLibrary(home).records()) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_runs_over_the_edge(visit: Visit, tmp_path: Path, scheme: str) -> None:
    page = visit(viewport={"width": 390, "height": 800}, color_scheme=scheme)
    bring(page, write_pdf(tmp_path / "办法.pdf"))
    page.locator(".recognized form").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take(page)
    page.click("#library-list .shelf-list [data-do=open]")
    page.locator("#library-source .sheet img").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
