"""The tab 问顾问 in a real browser: a self-assessment by chat, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import FakeAdvisor
from test_browser import ARGUMENTS, CHROMIUM, ask, free_port

from corpus.library import Library
from scoring.load import load_rules
from scoring.template import write_template
from ui.app import open_page
from ui.library_texts import read_library_texts
from ui.talk_texts import read_talk_texts

playwright = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")

pytestmark = pytest.mark.browser
MORE = read_talk_texts()
FIGURES = "开始自评，下网电量3.2亿度，柴油100吨"
Opened = Callable[[], Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Server:
    """A page that can be shut and opened again at the same address over the same folder."""

    def __init__(self, library: Library, home: Path) -> None:
        self.library, self.home, self.port = library, home, free_port()
        self.open()

    def open(self) -> None:
        self.page = open_page(FakeAdvisor(self.library), host="127.0.0.1", port=self.port, home=self.home, pause=0)

    def close(self) -> None:
        self.page.close(verbose=False)


@pytest.fixture
def server(library: Library, tmp_path: Path) -> Iterator[Server]:
    made = Server(library, tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def window(browser: Any, server: Server) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    hosts: set[str] = set()
    faults: list[str] = []
    page = context.new_page()
    page.on("request", lambda r: hosts.add(urlsplit(r.url).hostname or urlsplit(r.url).scheme))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto(server.page.local_url)
    page.wait_for_selector(".welcome")
    yield page
    context.close()
    assert hosts <= {"127.0.0.1", "data", "blob"}
    assert not faults


def value(page: Any, fact: str) -> Any:
    return page.locator(f'.value[data-fact="{fact}"]')


def test_figures_a_correction_a_restart_and_a_sheet_by_chat(window: Any, server: Server, tmp_path: Path) -> None:
    page = window
    ask(page, FIGURES)
    row = value(page, "fuel_burned/diesel")
    row.locator(".chip.said").wait_for()
    ask(page, "柴油是120吨")
    page.locator('.value[data-fact="fuel_burned/diesel"] summary b', has_text="120 t").wait_for()

    server.close()
    server.open()
    page.reload()
    page.locator(".resumed").wait_for()
    assert page.locator(".turn").count() == 2

    sheet = tmp_path / "park.xlsx"
    write_template(sheet, load_rules(), rubric="national-2025", filled=True)
    page.set_input_files("#attach input[type=file]", sheet)
    page.locator(".turn.done .dropped", has_text="park.xlsx").wait_for()
    page.get_by_role("button", name=MORE.confirm_all).click()
    page.locator(".turn .dropped", has_text=MORE.edited).wait_for()


def test_a_document_dropped_into_the_chat_is_offered_to_the_library(window: Any, tmp_path: Path) -> None:
    page = window
    paper = tmp_path / "通知.txt"
    paper.write_text("关于开展零碳园区建设的通知\n\n一、各园区应当保存台账五年。\n", encoding="utf-8")
    page.set_input_files("#attach input[type=file]", paper)
    page.get_by_role("button", name=MORE.offer_take).click()
    page.get_by_role("tab", name=read_library_texts().tab, selected=True).wait_for()
    page.locator(".recognized form").wait_for()
    assert page.locator(".recognized form .file").inner_text().startswith("通知.txt")


def test_a_conversation_is_renamed_saved_and_deleted_from_the_list(window: Any) -> None:
    page = window
    ask(page, "园区的限值是多少？")
    row = page.locator(".talks-card li.current")
    row.wait_for()
    row.get_by_text(MORE.more, exact=True).click()
    row.locator("input[name=title]").fill("<b>甲园区</b>")
    row.get_by_role("button", name=MORE.rename).click()
    page.locator(".talks-card .title", has_text="<b>甲园区</b>").wait_for()
    row.get_by_text(MORE.more, exact=True).click()
    with page.expect_download() as download:
        row.get_by_role("button", name=MORE.markdown).click()
    assert download.value.suggested_filename.endswith(".md")
    row.get_by_text(MORE.delete, exact=True).click()
    row.get_by_role("button", name=MORE.delete_sure).click()
    page.locator(".welcome").wait_for()
    assert page.locator(".talks-card li").count() == 0
