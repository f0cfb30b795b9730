"""The page in a real browser. Every test also fails on a request to another host or an error on the console."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docx
import pytest
from conftest import HOSTILE, LIMIT, NO_SUBSIDY, FakeAdvisor
from windows import BOX, Visit, ask, free_port, open_windows

from corpus.library import Library
from ui.app import open_page
from ui.texts import read_texts

pytestmark = pytest.mark.browser
TEXTS = read_texts()


class Site:
    """An opened page over the stand-in advisor, and the folder where it keeps feedback."""

    def __init__(self, library: Library, home: Path, pause: float = 0.02) -> None:
        self.advisor = FakeAdvisor(library)
        self.home = home
        self.page = open_page(self.advisor, host="127.0.0.1", port=free_port(), home=home, pause=pause)


@pytest.fixture(scope="module")
def site(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = Site(library, tmp_path_factory.mktemp("home"))
    yield opened
    opened.page.close(verbose=False)


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Visit]:
    with open_windows(browser) as opened:
        yield lambda address="", **options: opened(address or site.page.local_url, **options)


def test_a_question_is_answered_and_its_source_opens_at_the_cited_words(visit: Visit, library: Library) -> None:
    page = visit()
    turn = ask(page, "园区的限值是多少")
    assert library.passages[LIMIT].text in turn.locator(".lines").inner_text()
    assert TEXTS.kinds["answer"] in turn.locator(".kind").inner_text()
    for opener, passage in ((turn.locator(".card .open").nth(1), NO_SUBSIDY), (turn.locator(".cite").first, LIMIT)):
        opener.click()
        mark = page.locator(".source mark", has_text=library.passages[passage].text)
        mark.wait_for()
        page.wait_for_function("document.activeElement.tagName === 'MARK'")
        assert mark.inner_text() == library.passages[passage].text
        assert mark.evaluate(
            """m => { const r = m.getBoundingClientRect(), p = m.closest('.source-panel').getBoundingClientRect();
                 return r.top >= p.top && r.bottom <= p.bottom && r.bottom <= innerHeight }"""
        )
    document = library.documents["ndrc-2025-910"]
    assert page.locator(".source .passage").count() == len(document.passages)
    page.keyboard.press("Escape")
    page.locator(".source-panel").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "cite"


def test_sentences_appear_one_after_the_other_and_stop_cuts_them_off(
    visit: Visit, library: Library, tmp_path: Path
) -> None:
    slow = Site(library, tmp_path, pause=3)
    try:
        page = visit(slow.page.local_url)
        page.fill(BOX, "园区的限值是多少")
        page.press(BOX, "Enter")
        page.locator(".turn.busy .lines p").wait_for()
        assert page.locator(".turn.busy .lines p").count() == 1
        page.get_by_role("button", name=TEXTS.stop).click()
        page.locator(".turn.stopped").wait_for()
        page.get_by_role("button", name=TEXTS.send).wait_for()
        page.wait_for_timeout(3500)  # the moment when the second sentence would have come
        assert page.locator(".turn.stopped .lines p").count() == 1
        assert TEXTS.stopped in page.locator(".turn").inner_text()
    finally:
        slow.page.close(verbose=False)


def test_a_thumb_down_with_its_reason_lands_in_the_local_file(visit: Visit, site: Site) -> None:
    page = visit()
    turn = ask(page, "有补贴吗")
    turn.get_by_role("button", name=TEXTS.down).click()
    turn.locator("textarea").fill("应当先说地方规定，=1+1")
    turn.get_by_role("button", name=TEXTS.reason_send).click()
    turn.locator(".voted").wait_for()
    last = json.loads((site.home / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["question"], last["vote"], last["reason"]) == ("有补贴吗", "down", "应当先说地方规定，=1+1")
    assert last["passages"] == [NO_SUBSIDY]


def test_two_visitors_never_see_each_other(visit: Visit, site: Site) -> None:
    first, second = visit(), visit()
    ask(first, "甲园区的限值是多少？")
    assert second.locator(".turn").count() == 0
    ask(second, "乙园区的限值是多少？")
    ask(first, "甲园区有补贴吗？")
    assert "乙" not in first.locator(".talk").inner_text()
    assert "甲" not in second.locator(".talk").inner_text()
    first.locator(".talks-card .title", has_text="乙园区").click()  # the list is the machine's, and says so
    first.locator(".asked", has_text="乙园区").wait_for()
    assert "甲" not in first.locator(".talk").inner_text()
    assert visit().locator(".turn").count() == 0


def test_what_users_type_is_shown_and_never_run(visit: Visit) -> None:
    page = visit()
    turn = ask(page, HOSTILE)
    assert turn.locator(".asked p").inner_text() == HOSTILE
    turn.get_by_role("button", name=TEXTS.down).click()
    turn.locator(".reason textarea").wait_for()
    assert page.evaluate("window.hit") is None
    assert page.locator(".turn img, .turn script, .turn table, .turn .katex, .turn strong").count() == 0


def test_enter_sends_and_shift_enter_begins_a_line(visit: Visit, site: Site) -> None:
    page = visit()
    page.click(BOX)
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    assert page.input_value(BOX) == "第一行\n第二行"
    page.keyboard.press("Enter")
    page.locator(".turn.done").wait_for()
    assert site.advisor.asked[-1][0] == "第一行\n第二行"
    assert page.input_value(BOX) == ""


@pytest.mark.parametrize(("question", "part"), [("  ", TEXTS.empty_question), ("长" * 20_001, "20,001")])
def test_an_empty_and_a_huge_question_get_one_clear_sentence(visit: Visit, question: str, part: str) -> None:
    page = visit()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.locator(".remark .notice", has_text=part).wait_for()
    assert page.locator(".turn").count() == 0
    ask(page, "限值是多少？")
    assert page.locator(".remark .notice").count() == 0


def test_a_fault_is_said_and_the_page_stays_usable(visit: Visit) -> None:
    page = visit()
    assert TEXTS.failed in ask(page, "国家级零碳园区的指标坏了吗？").inner_text()
    assert "broken on purpose" not in page.content()
    page.fill(BOX, "限值是多少？")
    page.press(BOX, "Enter")
    page.locator(".turn.done").wait_for()


def test_an_example_a_region_and_retry_reach_the_advisor(visit: Visit, site: Site) -> None:
    page = visit()
    page.click("#region input")
    page.get_by_role("option", name="江苏", exact=True).click()
    page.get_by_role("button", name=TEXTS.examples[0]).click()
    page.locator(".turn.done").wait_for()
    assert site.advisor.asked[-1] == (TEXTS.examples[0], "江苏", ())
    before = len(site.advisor.asked)
    page.get_by_role("button", name=TEXTS.retry).click()
    page.wait_for_function("document.querySelectorAll('.turn.done').length === 2")
    assert [one[:2] for one in site.advisor.asked[before:]] == [(TEXTS.examples[0], "江苏")]


def test_clear_empties_the_talk_and_puts_the_source_away(visit: Visit) -> None:
    page = visit()
    ask(page, "限值是多少？").locator(".cite").first.click()
    page.locator(".source mark").wait_for()
    page.get_by_role("button", name=TEXTS.clear, exact=True).click()
    page.locator(".welcome").wait_for()
    page.locator(".source-panel").wait_for(state="hidden")


def test_the_export_is_a_file_with_the_whole_conversation(visit: Visit, tmp_path: Path, library: Library) -> None:
    page = visit(accept_downloads=True)
    ask(page, "限值一是多少？")
    ask(page, "有补贴吗")
    with page.expect_download() as download:
        page.get_by_role("button", name=TEXTS.export).click()
    assert download.value.suggested_filename.endswith(".docx")
    download.value.save_as(tmp_path / "talk.docx")
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / "talk.docx")).paragraphs)
    assert "限值一是多少？" in text
    assert library.passages[NO_SUBSIDY].text in text


def test_an_answer_can_be_copied_with_its_sources(visit: Visit, library: Library) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, "有补贴吗")
    turn.get_by_role("button", name=TEXTS.copy_).click()
    turn.get_by_role("button", name=TEXTS.copied).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert library.passages[NO_SUBSIDY].text in copied
    assert "发改环资〔2025〕910号" in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit: Visit, scheme: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    turn = ask(page, "国家级零碳园区的限值是多少？" + "长" * 1500 + "a" * 400)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    turn.locator(".card .open").first.click()
    page.locator(".source mark").wait_for()
    assert page.evaluate(fits)
    assert page.evaluate("(p => p.scrollWidth <= p.clientWidth)(document.querySelector('.source-panel'))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    ask(page, "有补贴吗").locator(".cite").first.click()
    page.locator(".source mark").wait_for()
    ratios = page.evaluate(
        """() => {
          const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
          const linear = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
          const light = (c) => { const [r, g, b] = rgb(c).map(linear);
            return .2126 * r + .7152 * g + .0722 * b; };
          const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (rgb(c)[3] !== 0) return c; } return 'rgb(255,255,255)'; };
          const found = {};
          for (const css of ['.asked p', '.lines p', '.badge', '.hint', '.cite', '.card-title', '.quote', '.facts span',
                             '.facts a', '.after button', 'mark', '.source h2', '.source dt', '.tagline', '.footnote',
                             '.tools button', '.notice', '.tab-container button']) {
            const e = document.querySelector(css); const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
            found[css] = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          }
          return found;
        }"""
    )
    assert {css: round(r, 2) for css, r in ratios.items() if r < 4.5} == {}  # WCAG 2.2 AA


def test_a_page_without_the_semantic_model_says_so(visit: Visit) -> None:
    assert TEXTS.lexical_only in visit().locator(".legs .notice").inner_text()


def test_the_page_may_load_from_its_own_host_only(visit: Visit, site: Site) -> None:
    page = visit()
    policy = page.request.get(site.page.local_url).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_a_taken_port_is_said_in_a_sentence(site: Site, library: Library, tmp_path: Path) -> None:
    from ui.errors import PageError

    port = urlsplit(site.page.local_url).port
    with pytest.raises(PageError, match=str(port)):
        open_page(FakeAdvisor(library), host="127.0.0.1", port=port or 0, home=tmp_path)


def test_the_real_advisor_answers_on_the_page(visit: Visit, library: Library, tmp_path: Path) -> None:
    from assistant.advisor import Advisor
    from corpus.index import build_index
    from corpus.words import Words

    advisor = Advisor(build_index(tmp_path / "index", library, None, Words()))
    page = open_page(advisor, host="127.0.0.1", port=free_port(), home=tmp_path)
    try:
        window = visit(page.local_url)
        turn = ask(window, "910号文是哪几个部门一起发的")
        turn.locator(".card .open").first.click()
        window.locator(".source mark").wait_for()
        cited = turn.locator(".card .open").first.get_attribute("data-passage")
        assert window.locator(".source mark").inner_text() == library.passages[cited].text
    finally:
        page.close(verbose=False)
