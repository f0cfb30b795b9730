"""The tab 算分 in a real browser. Every test also fails on a request to another host or an error on the console."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import HOSTILE, FakeAdvisor
from parks import CECA, ENTRIES, RULES, answered_park, national
from windows import Visit, free_port, open_windows

from assistant.conversations import FILE_NAME, Conversations
from corpus.library import Library
from scoring.park import Entry
from scoring.template import write_template
from ui.app import open_page
from ui.texts import read_texts

pytestmark = pytest.mark.browser
TEXTS = read_texts().grade


@pytest.fixture(scope="module")
def address(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    opened = open_page(FakeAdvisor(library, legs="fused"), host="127.0.0.1", port=free_port(), home=home)
    yield opened.local_url
    opened.close(verbose=False)
    assert {one.name.split("-")[0] for one in home.rglob("*") if one.is_file()} <= {FILE_NAME}
    assert Conversations(home).all() == ()  # nothing of any visitor is kept


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    def open_one(**options: Any) -> Any:
        page = opened(address, **options)
        page.get_by_role("tab", name=TEXTS.tab).click()
        page.wait_for_selector(".park-form")
        return page

    with open_windows(browser) as opened:
        yield open_one


def fill(page: Any, key: str, text: str) -> None:
    """Put a text into a field, folded away or not."""
    page.evaluate(
        """([key, text]) => {
          const box = [...document.querySelectorAll('.park-form [name]')].find((b) => b.name === key);
          box.value = text;
          box.dispatchEvent(new Event('input', { bubbles: true }));
        }""",
        [key, text],
    )


def value(page: Any, key: str) -> str:
    return page.evaluate(
        "k => [...document.querySelectorAll('.park-form [name]')].find((b) => b.name === k).value", key
    )


def fill_park(page: Any, name: str = "临港示范园区") -> None:
    page.fill(".park-form [name=name]", name)
    page.fill(".park-form [name=year]", "2025")
    for key, one in ENTRIES.items():
        fill(page, key, one.text if isinstance(one, Entry) else one)
        if isinstance(one, Entry):
            fill(page, f"source:{key}", one.source)


def grade(page: Any) -> Any:
    page.click(".park-form .primary")
    page.wait_for_selector(".outcome")
    return page.locator("#grade-result")


def test_a_park_filled_in_by_hand_is_graded_with_charts(visit: Visit) -> None:
    page = visit()
    assert TEXTS.start in page.locator("#grade-result").inner_text()
    fill_park(page)
    shown = grade(page)
    assessment = national()
    assert assessment.grades is not None
    text = shown.inner_text()
    assert assessment.grades[0].label in text
    assert [one.reason for one in assessment.results if one.reason not in text] == []
    assert shown.locator(".chart").count() == 2
    assert shown.locator(".verdict.met").first.inner_text().startswith(TEXTS.verdicts["met"])
    shown.locator("summary", has_text=TEXTS.details_trace).click()
    assert "(430000 − 0) × 0.8325 = 357975" in shown.locator(".workings").inner_text()


def test_a_clause_of_the_result_opens_beside_it(visit: Visit, library: Library) -> None:
    page = visit()
    fill_park(page)
    grade(page)
    button = page.locator("#grade-result button.ref").first
    button.click()
    panel = page.locator("#grade-source article")
    panel.wait_for()
    assert panel.locator("mark").inner_text() == library.passages[button.get_attribute("data-passage")].text
    page.keyboard.press("Escape")
    panel.wait_for(state="detached")


def test_a_bad_figure_is_told_and_nothing_is_lost(visit: Visit) -> None:
    page = visit()
    fill_park(page)
    before = grade(page).inner_text()
    fill(page, "grid_power_in_mwh", "约三千万度")
    page.click(".park-form .primary")
    told = page.locator("#grade-remark .notice")
    told.wait_for()
    assert told.get_by_role("button").count() == 1
    told.get_by_role("button").click()
    assert page.evaluate("document.activeElement.name") == "grid_power_in_mwh"
    assert value(page, "grid_power_in_mwh") == "约三千万度"
    assert value(page, "traded_green_mwh") == "8 亿kWh"
    assert page.locator("#grade-result").inner_text() == before
    page.click(".park-form [data-do=reset]")
    page.wait_for_function("() => !document.querySelector('#grade-remark .notice')")
    assert value(page, "grid_power_in_mwh") == "12.5 亿kWh"


def test_a_trial_shows_what_moves_and_the_next_datum_leads_to_its_field(visit: Visit) -> None:
    page = visit()
    fill_park(page)
    grade(page)
    fill(page, "traded_green_mwh", "12.4 亿kWh")
    fill(page, "fossil_heat_in_gj", "5 万GJ")
    page.click(".park-form [data-do=try]")
    moved = page.locator(".moved")
    moved.wait_for()
    assert "单位能耗碳排放" in moved.inner_text()
    assert moved.locator(".verdict.not_met").count() == moved.locator(".verdict.met").count() == 2
    page.locator(".next [data-do=jump]").click()
    assert page.evaluate("document.activeElement.name") == "reused_water_m3"
    page.locator("[data-do=route]").click()
    page.locator(".way").wait_for()
    assert "单位能耗碳排放" in page.locator(".way").inner_text()


def test_the_filled_template_can_be_uploaded_and_the_reports_downloaded(visit: Visit, tmp_path: Path) -> None:
    write_template(tmp_path / "park.xlsx", RULES, filled=True)
    page = visit(accept_downloads=True)
    page.set_input_files(".park-form [type=file]", tmp_path / "park.xlsx")
    page.locator("#grade-remark .notice").wait_for()
    assert "park.xlsx" in page.locator("#grade-remark").inner_text()
    name = page.input_value(".park-form [name=name]")
    assert name
    saved: dict[str, bytes] = {}
    for kind in ("docx", "xlsx", "html", "json"):
        with page.expect_download() as download:
            page.locator(f"[data-kind={kind}]").click()
        download.value.save_as(tmp_path / kind)
        assert download.value.suggested_filename.endswith(f".{kind}")
        saved[kind] = (tmp_path / kind).read_bytes()
    data = json.loads(saved["json"])
    assert data["park"] == name
    words = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(saved["docx"])).paragraphs)
    assert data["level"]["low"] in words
    assert name in saved["html"].decode()
    with page.expect_download() as download:
        page.locator(".park-form [data-do=template]").click()
    assert download.value.suggested_filename == TEXTS.template_file


def test_a_file_that_is_no_sheet_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "park.xlsx").write_bytes(b"no workbook")
    page = visit()
    fill_park(page)
    page.set_input_files(".park-form [type=file]", tmp_path / "park.xlsx")
    page.locator("#grade-remark .notice").wait_for()
    assert value(page, "traded_green_mwh") == "8 亿kWh"
    assert grade(page).locator(".outcome").count() == 1
    page.wait_for_function("() => !document.querySelector('#grade-remark .notice')")


def test_two_visitors_never_see_each_other_s_park(visit: Visit) -> None:
    first, second = visit(), visit()
    fill_park(first, "甲园区")
    grade(first)
    assert TEXTS.start in second.locator("#grade-result").inner_text()
    assert second.input_value(".park-form [name=name]") == ""
    fill_park(second, "乙园区")
    grade(second)
    assert "乙" not in first.locator("#grade-result").inner_text()
    assert "甲" not in second.locator("#grade-result").inner_text()
    third = visit()
    assert TEXTS.start in third.locator("#grade-result").inner_text()


def test_what_users_type_is_shown_and_never_run(visit: Visit) -> None:
    page = visit()
    fill_park(page, HOSTILE[:80])
    shown = grade(page)
    assert HOSTILE[:40] in shown.inner_text()
    assert page.evaluate("window.hit") is None
    assert shown.locator("img, script").count() == 0


def test_the_rule_set_decides_which_fields_are_there(visit: Visit) -> None:
    page = visit()
    own = f"[data-section^='{CECA}']"
    assert page.locator(f"{own}:visible").count() == 0
    page.select_option(".park-form [name=rules]", CECA)
    assert page.locator(f"{own}:visible").count() == 8
    assert page.locator("[data-section=eligibility]:visible").count() == 0
    page.fill(".park-form [name=name]", "临港示范园区")
    page.fill(".park-form [name=year]", "2025")
    for key, fact in answered_park().facts.items():
        if key.startswith(f"{CECA}/"):
            fill(page, key, str(fact.value))
    shown = grade(page)
    assert shown.locator(".radar").count() == 1
    assert RULES.rubric(CECA).notice in shown.inner_text()
    assert "～" in shown.locator(".outcome h2").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit: Visit, scheme: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    fill_park(page)
    grade(page)
    page.evaluate("document.querySelectorAll('.grade-desk details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("[...document.querySelectorAll('.chapter')].every((e) => e.scrollWidth <= e.clientWidth + 1)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    fill_park(page)
    grade(page)
    fill(page, "fresh_water_m3", "-1")
    page.click(".park-form .primary")
    page.locator("#grade-remark .notice").wait_for()
    ratios = page.evaluate(
        """() => {
          const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
          const linear = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
          const light = (c) => { const [r, g, b] = rgb(c).map(linear);
            return .2126 * r + .7152 * g + .0722 * b; };
          const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (rgb(c)[3] !== 0) return c; } return 'rgb(255,255,255)'; };
          const found = {};
          for (const css of ['.verdict.met', '.verdict.not_met', '.verdict.missing', '.outcome h2', '.outcome .own',
                             '.outcome dt', '.next span', '.rows .said', '.rows .name', 'figcaption', '.indicators th',
                             '.indicators td', '.indicators .role', '.indicators .ref', '.chapter summary',
                             '.after-result button', '.notice li', '.notice p', '.park-form label', '.park-form .hint',
                             '.park-form summary', '.park-form .filled', '.park-form .primary', '.upload span']) {
            const e = document.querySelector(`.grade-desk ${css}`);
            if (!e) continue;
            const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
            found[css] = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          }
          return found;
        }"""
    )
    assert len(ratios) > 20
    assert {css: round(r, 2) for css, r in ratios.items() if r < 4.5} == {}  # WCAG 2.2 AA
