"""The tab 练评审 in a real browser: from the first lesson to a checked certificate, and the trainer's desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSTILE, FakeAdvisor
from windows import Visit, free_port, open_windows

from assistant.training.case_key import key_of
from assistant.training.case_store import dossier_of
from assistant.training.model import Item
from assistant.training.pool import open_pool
from assistant.training.progress import Progress
from corpus.library import Library
from scoring.load import load_rules
from ui.app import open_page
from ui.train_html import word

pytestmark = pytest.mark.browser
NAME, CASE = "周敏", "case-1-7"
FILLED = """() => [...document.querySelectorAll('.item [name=answer]')].filter(
    (box) => ['radio', 'checkbox'].includes(box.type) ? box.checked : box.value).length"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def items(home: Path) -> dict[str, Item]:
    return dict(open_pool(home).by_id)


@pytest.fixture(scope="module")
def address(library: Library, home: Path) -> Iterator[str]:
    opened = open_page(FakeAdvisor(library, legs="fused"), host="127.0.0.1", port=free_port(), home=home)
    yield opened.local_url
    opened.close(verbose=False)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    def open_one(name: str = "", **options: Any) -> Any:
        page = opened(address, **options)
        page.get_by_role("tab", name=word("tab")).click()
        page.wait_for_selector(".train .lessons")
        if name:
            page.fill("[name=trainee]", name)
            page.click("[data-do=name]")
            page.wait_for_selector(f".train[data-trainee='{name}']")
        return page

    with open_windows(browser) as opened:
        yield open_one


def go(page: Any, place: str) -> None:
    page.click(f".menu [data-place={place}]")
    page.wait_for_selector(f".menu .here[data-place={place}]")


def give(page: Any, item: Item) -> None:
    """Answer an item rightly, in the way of its kind."""
    if item.figure:
        page.fill(".item [name=answer]", item.figure)
    elif item.kind == "match":
        for at, chosen in enumerate(item.chosen):
            page.locator(".item select[name=answer]").nth(at).select_option(str(chosen))
    elif item.kind == "order":
        for place, chosen in enumerate(item.chosen):
            step = page.locator(f".order [data-answer='{chosen}']")
            while step.evaluate("li => [...li.parentElement.children].indexOf(li)") > place:
                step.locator("[data-move='-1']").click()
    else:
        for chosen in item.chosen:
            page.check(f".item [name=answer][value='{chosen}']")


def test_a_lesson_leads_to_exercises_and_each_answer_is_kept(visit: Visit, items: dict[str, Item], home: Path) -> None:
    page = visit(NAME)
    page.click(".lesson[data-ref=accounting]")
    page.wait_for_selector(".reading")
    page.locator(".why").first.click()
    page.locator(".because .card .open").first.click()
    page.wait_for_selector("#train-source mark")
    page.keyboard.press("Escape")
    page.click("[data-do=exercise]")
    button = page.locator(".item [data-do=answer]")
    button.wait_for()
    page.click("[data-do=hint]")
    page.wait_for_selector(".hints li")
    item = items[button.get_attribute("data-item")]
    give(page, item)
    button.click()
    page.wait_for_selector(".feedback.right")
    page.reload()
    page.get_by_role("tab", name=word("tab")).click()
    page.get_by_role("button", name=word("resume_quiz", at=1, count=10)).click()
    page.wait_for_selector(".item [data-do=skip]")
    page.click("[data-do=skip]")
    page.wait_for_selector(".feedback.wrong")
    with Progress(home) as progress:
        kept = progress.answers(trainee=NAME, sitting="lesson:accounting")
    assert kept[0].item == item.id
    assert [one.fared for one in kept] == ["right", "blank"]
    go(page, "mastery")
    assert page.locator(".chart .row.none").count() < page.locator(".chart .row").count()


@pytest.mark.parametrize("kind", ["match", "order", "multiple"])
def test_every_way_of_answering_works_in_the_page(visit: Visit, items: dict[str, Item], kind: str) -> None:
    page = visit("吴桐")
    go(page, "quiz")
    page.select_option("[name=kind]", kind)
    page.select_option("[name=count]", "5")
    page.click("[data-do=round]")
    button = page.locator(".item [data-do=answer]")
    button.wait_for()
    if kind != "order":
        button.click()
        page.locator("#train-remark .notice").wait_for()
    give(page, items[button.get_attribute("data-item")])
    button.click()
    page.wait_for_selector(".feedback.right")
    while page.locator("[data-do=round]").count() == 0:
        page.locator("[data-do=next], [data-do=skip]").first.click()
        page.wait_for_timeout(150)


def test_a_case_is_looked_at_questioned_handed_in_and_compared(visit: Visit, tmp_path: Path) -> None:
    rules = load_rules()
    key = key_of(dossier_of(CASE, rules), rules)
    page = visit(NAME, accept_downloads=True)
    go(page, "cases")
    page.fill("[name=seed]", "7")
    page.click("[data-do=case]")
    page.wait_for_selector(".papers")
    with page.expect_download() as download:
        page.click("[data-do=files]")
    assert download.value.suggested_filename == f"{CASE}.zip"
    page.locator(".talk summary").click()
    page.fill("[name=question]", "外购电量是多少？")
    page.click("[data-do=talk]")
    page.wait_for_selector(".talk .told")
    for line in key.lines:
        page.select_option(f"[name='v:{line.indicator}']", line.verdict)
    for n, fault in enumerate(key.faults):
        page.locator("[name=where]").nth(n).fill(fault.spots[0].place)
        page.locator("[name=what]").nth(n).select_option(fault.kind.id)
    page.click("[data-do=submit]")
    page.click("[data-do=compare]")
    shown = page.locator(".comparison")
    shown.wait_for()
    assert key.faults
    assert shown.locator(".judged.bad").count() == 0
    assert "100%" in shown.locator(".tiles").inner_text()


def test_an_exam_ends_in_a_certificate_that_can_be_checked(
    visit: Visit, items: dict[str, Item], tmp_path: Path
) -> None:
    page = visit(NAME, accept_downloads=True)
    go(page, "exam")
    page.select_option("[name=plan]", "quick")
    page.click(".panel [data-do=exam]")
    page.wait_for_selector(".clock[data-deadline]")
    count = page.locator(".numbers button").count()
    for n in range(count):
        page.wait_for_selector(f".item [data-do=reply][data-at='{n}']")
        assert page.evaluate(FILLED) == 0
        button = page.locator(".item [data-do=reply]")
        give(page, items[button.get_attribute("data-item")])
        if n == 3:  # turned to by its number: what was filled in is kept all the same
            page.click(f".numbers [data-at='{n + 1}']")
        elif n < count - 1:
            button.click()
    page.locator(".exam details summary").click()
    page.click("[data-do=finish]")
    page.wait_for_selector(".result-sheet")
    assert word("exam.passed") in page.locator(".result-sheet h2").inner_text()
    assert "100.0%" in page.locator(".result-sheet").inner_text()
    with page.expect_download() as download:
        page.click("[data-ending='.docx']")
    path = tmp_path / "certificate.docx"
    download.value.save_as(path)
    page.set_input_files("[data-file=verify]", path)
    page.wait_for_selector(".verified[data-status=genuine]")
    path.write_bytes(path.read_bytes()[:-40])
    page.set_input_files("[data-file=verify]", path)
    page.wait_for_selector(".verified[data-status=unknown]")


def test_a_trainer_sees_how_a_group_gets_on(visit: Visit) -> None:
    page = visit(accept_downloads=True)
    go(page, "desk")
    page.fill("[name=group]", "一期")
    page.fill("[name=members]", f"{NAME}、吴桐")
    page.click(".panel [data-do=group]")
    page.fill("[name=due]", "2026-12-31")
    page.click("[data-do=assign]")
    page.get_by_text("2026-12-31").wait_for()
    shown = page.locator(".stage").inner_text()
    assert NAME in shown
    assert page.locator(".calibration table tbody tr").count() == 1
    with page.expect_download() as download:
        page.click("[data-do=xlsx]")
    assert download.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling_and_nothing_typed_is_run(visit: Visit, scheme: str) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page.fill("[name=trainee]", HOSTILE[:40])
    page.click("[data-do=name]")
    for place in ("quiz", "cases", "exam", "mastery", "desk"):
        go(page, place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    page.fill("[name=group]", HOSTILE[:40])
    page.click(".panel [data-do=group]")
    page.locator("#train-remark .notice").wait_for()
    assert page.locator(".train img, .train script").count() == 0
    assert page.evaluate("window.hit") is None
