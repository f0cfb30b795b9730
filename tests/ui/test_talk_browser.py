"""The tab 问顾问 in a real browser: a whole self-assessment by chat, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import FakeAdvisor
from windows import Visit, ask, free_port, open_windows, replied

from corpus.library import Library
from scoring.load import load_rules
from scoring.template import write_template
from ui.app import open_page
from ui.library_texts import read_library_texts
from ui.talk_texts import read_talk_texts
from ui.texts import read_texts

pytestmark = pytest.mark.browser
MORE, TEXTS = read_talk_texts(), read_texts()
QUESTION = "园区的限值是多少？"
WATER = "reused_water_m3"


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
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    with open_windows(browser, console=False) as opened:  # a window whose server is shut says so on its console
        yield lambda **options: opened(server.page.local_url, accept_downloads=True, **options)


def shown(page: Any, fact: str) -> Any:
    """Return what the table of values shows of a fact, as (value, state)."""
    row = page.locator(f'.value[data-fact="{fact}"] summary')
    return row.locator("b").inner_text(), row.locator(".chip").inner_text()


def change(page: Any, fact: str, text: str) -> Any:
    """Type a value into the table and return the turn that it makes."""
    number = page.locator(".turn").count()
    row = page.locator(f'.value[data-fact="{fact}"]')
    row.locator("summary").click()
    row.locator("input[name=text]").fill(text)
    row.get_by_role("button", name=MORE.change).click()
    return replied(page, number)


def saved(page: Any, button: Any, folder: Path) -> Path:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(folder / download.value.suggested_filename)
    return folder / download.value.suggested_filename


def document_rows(file: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in docx.Document(str(file)).tables for row in table.rows]


def document_text(file: Path) -> str:
    paragraphs = [one.text for one in docx.Document(str(file)).paragraphs]
    return "\n".join([*paragraphs, *("\n".join(row) for row in document_rows(file))])


def test_a_whole_self_assessment_by_chat_to_the_report(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit()
    ask(page, "开始自评，下网电量大概3.2亿度，柴油100吨")
    assert shown(page, "grid_power_in_mwh") == ("320,000 MWh", MORE.states["doubtful"])

    # A value typed into the table is taken while another one is in doubt.
    turn = change(page, "fuel_burned/diesel", "1000吨")
    assert "1000吨" in turn.locator(".dropped").inner_text()
    assert shown(page, "fuel_burned/diesel") == ("1,000 t", MORE.states["corrected"])
    change(page, "grid_power_in_mwh", "65000万kWh")
    assert shown(page, "grid_power_in_mwh") == ("650,000 MWh", MORE.states["confirmed"])

    sheet = tmp_path / "park.xlsx"
    write_template(sheet, load_rules(), rubric="national-2025", filled=True)
    number = page.locator(".turn").count()
    page.set_input_files("#attach input[type=file]", sheet)
    assert "park.xlsx" in replied(page, number).locator(".dropped").inner_text()
    page.get_by_role("button", name=MORE.confirm_all).click()
    replied(page, number + 1)

    turn = ask(page, "工业重复用水量改成3900万立方米")
    assert "39,000,000" in turn.inner_text()
    result = ask(page, "看结果").inner_text()
    verdict = page.locator(".interval").inner_text()
    assert MORE.final in verdict
    assert MORE.verdicts["met"] in verdict

    server.close()
    server.open()
    other = visit()  # another browser: it knows nothing of the first
    other.locator(".talks-card .title").first.click()
    other.locator(".resumed").wait_for()
    assert shown(other, WATER)[0] == "39,000,000 m3"
    assert other.locator(".interval").inner_text() == verdict
    assert ask(other, "看结果").inner_text() == result

    report = saved(other, other.locator(".reports button", has_text=TEXTS.grade.download_kinds["docx"]), tmp_path)
    words = document_text(report)
    for total in other.locator(".interval dd").all_inner_texts():
        assert total in words
    listed = other.locator(".interview details > ul:not(.values) > li")
    settled = dict(listed.evaluate_all("all => all.map((one) => [...one.children].map((part) => part.textContent))"))
    assert len(settled) == len(load_rules().rubric("national-2025").indicators)
    verdicts = set(TEXTS.grade.verdicts.values())
    told = {row[0].rpartition("（")[0]: row[1] for row in document_rows(report) if row[1:2] and row[1] in verdicts}
    assert {name: told.get(name) for name in settled} == settled
    assert "39,000,000" in words or "39000000" in words
    emissions = re.search(r"([\d,.]+) tCO2", ask(other, "我们园区碳排放总量是多少").inner_text())
    assert emissions is not None
    assert f"{emissions[1].replace(',', '')} tCO2" in words


def test_a_document_dropped_into_the_chat_is_offered_to_the_library(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    paper = tmp_path / "通知.txt"
    paper.write_text("关于开展零碳园区建设的通知\n\n一、各园区应当保存台账五年。\n", encoding="utf-8")
    page.set_input_files("#attach input[type=file]", paper)
    page.get_by_role("button", name=MORE.offer_take).click()
    page.get_by_role("tab", name=read_library_texts().tab, selected=True).wait_for()
    page.locator(".recognized form").wait_for()
    assert page.locator(".recognized form .file").inner_text().startswith("通知.txt")


def test_a_conversation_is_renamed_saved_and_deleted_from_the_list(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    ask(page, QUESTION)
    row = page.locator(".talks-card li.current")
    row.get_by_text(MORE.more, exact=True).click()
    row.locator("input[name=title]").fill("<b>甲园区</b>")
    row.get_by_role("button", name=MORE.rename).click()
    page.locator(".talks-card .title", has_text="<b>甲园区</b>").wait_for()
    row.get_by_text(MORE.more, exact=True).click()
    markdown = saved(page, row.get_by_role("button", name=MORE.markdown), tmp_path)
    assert QUESTION in markdown.read_text(encoding="utf-8")
    word = saved(page, row.get_by_role("button", name=MORE.word), tmp_path)
    assert QUESTION in document_text(word)
    row.get_by_text(MORE.delete, exact=True).click()
    row.get_by_role("button", name=MORE.delete_sure).click()
    page.locator(".welcome").wait_for()
    assert page.locator(".talks-card li").count() == 0
