"""The same text as PDF, DOCX, HTML and TXT gives one clause tree and one set of facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_documents import (
    HEADER,
    ISSUED,
    ISSUER,
    NUMBER,
    PARAGRAPHS,
    TITLE,
    Sheet,
    notice_docx,
    notice_html,
    notice_pdf,
)

from corpus.clauses import QUOTABLE, clauses_of
from corpus.document_facts import facts_of
from corpus.reading import Reading, read

CHAPTERS = (
    "某某省零碳园区评价导则",
    "一、总体要求",
    "本导则规定零碳园区评价的指标、数据和程序，适用于本省行政区域内的工业园区。评价工作坚持数据真实、方法统一、过程公开的原则，"
    "由省级主管部门统一组织，有关单位不得重复收费。",
    "（一）评价对象。省级以上开发区可以申请评价；园中园单独申请的，应当有明确的四至边界和独立的能源计量。",
    "（二）评价周期。评价每三年进行一次，评价结果自公布之日起有效，有效期届满前六个月可以申请复评。",
    "二、评价指标",
    "（三）核心指标。园区应当达到下列要求：",
    "1.年综合能源消费量20万吨标准煤以上的园区，单位能耗碳排放不高于0.5吨二氧化碳/吨标准煤；",
    "2.其他园区，单位能耗碳排放不高于0.8吨二氧化碳/吨标准煤。",
    "（四）引导指标。引导指标见表1。",
)
TABLE = (HEADER, ("清洁能源消费占比", "%", "≥60"), ("工业用水重复利用率", "%", "≥75"))
AFTER = (
    "引导指标没有达到的，应当在申报材料中说明原因，由省级主管部门组织专家论证，论证通过的不纳入验收。",
    "三、附则",
    "本导则自2026年1月1日起施行，《某某省低碳园区评价办法》（某发〔2019〕7号）同时废止。",
)
SIGNED = ("某某省发展和改革委员会", "2025年11月20日")


def guide_pdf(path: Path) -> None:
    sheet = Sheet(path, head="某某省规范性文件")
    sheet.centred(CHAPTERS[0])
    for line in CHAPTERS[1:]:
        sheet.paragraph(line)
    sheet.centred("表1 引导指标", 14)
    y = sheet.next_line()
    sheet.table(TABLE, y)
    sheet.line += 2
    for line in AFTER:
        sheet.paragraph(line)
    for line in SIGNED:
        sheet.right(line)
    sheet.save()


def guide_docx(path: Path) -> None:
    import docx

    document = docx.Document()
    for line in CHAPTERS:
        document.add_paragraph(line)
    document.add_paragraph("表1 引导指标")
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in (*AFTER, *SIGNED):
        document.add_paragraph(line)
    document.save(str(path))


def guide_html() -> str:
    before = "".join(f"<p>　　{line}</p>" for line in CHAPTERS[1:])
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    after = "".join(f"<p>　　{line}</p>" for line in AFTER)
    return f"""<html><head><meta charset="utf-8"><title>{CHAPTERS[0]}</title></head><body><div class="content">
<h1>{CHAPTERS[0]}</h1>{before}<p align="center">表1 引导指标</p><table>{rows}</table>{after}
<p align="right">{SIGNED[0]}<br>{SIGNED[1]}</p></div></body></html>"""


@pytest.fixture(scope="module")
def notices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    folder = tmp_path_factory.mktemp("notices")
    notice_pdf(folder / "notice.pdf")
    notice_docx(folder / "notice.docx")
    (folder / "notice.html").write_text(notice_html(), encoding="utf-8")
    text = "\n".join((TITLE, NUMBER, *PARAGRAPHS, ISSUER, ISSUED))
    (folder / "notice.txt").write_text(text, encoding="utf-8")
    return {path.suffix: read(path) for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    folder = tmp_path_factory.mktemp("guides")
    guide_pdf(folder / "guide.pdf")
    guide_docx(folder / "guide.docx")
    (folder / "guide.html").write_text(guide_html(), encoding="utf-8")
    return {path.suffix: read(path) for path in sorted(folder.iterdir())}


def tree(reading: Reading) -> list[tuple[str, str, tuple[str, ...], str]]:
    return [(c.kind, c.place, c.path, c.text) for c in clauses_of(reading) if c.kind in QUOTABLE or c.kind == "heading"]


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html"])
def test_a_notice_has_the_tree_of_its_plain_text(notices: dict[str, Reading], suffix: str) -> None:
    assert tree(notices[suffix]) == tree(notices[".txt"])


def test_the_tree_of_the_notice_is_what_a_reader_finds(notices: dict[str, Reading]) -> None:
    places = [place for _, place, _, _ in tree(notices[".txt"])]
    third = ["第三条", "第三条（一）", "第三条（二）", "第三条（三）"]
    assert places == ["第一条", "第二条", *third, "第四条", "第五条", "第六条", "第七条", "第八条"]


@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_a_guide_with_a_table_has_one_tree(guides: dict[str, Reading], suffix: str) -> None:
    assert tree(guides[suffix]) == tree(guides[".docx"])


def test_the_tree_of_the_guide_is_what_a_reader_finds(guides: dict[str, Reading]) -> None:
    assert [(kind, place) for kind, place, _, _ in tree(guides[".docx"])] == [
        ("clause", "一"),
        ("clause", "一（一）"),
        ("clause", "一（二）"),
        ("heading", "二"),
        ("clause", "二（三）"),
        ("clause", "二（三）1"),
        ("clause", "二（三）2"),
        ("clause", "二（四）"),
        ("heading", "二（四） 表1"),
        ("row", "二（四） 表1 第1行"),
        ("row", "二（四） 表1 第2行"),
        ("clause", "二（四） 第2段"),
        ("clause", "三"),
    ]


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html"])
def test_the_facts_of_a_guide(guides: dict[str, Reading], suffix: str) -> None:
    facts = facts_of(guides[suffix])
    assert (facts.title, facts.issuers, facts.issued, facts.in_force) == (
        CHAPTERS[0],
        (SIGNED[0],),
        "2025-11-20",
        "2026-01-01",
    )
    assert facts.supersedes == ("《某某省低碳园区评价办法》（某发〔2019〕7号）",)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html", ".txt"])
def test_the_facts_of_a_notice(notices: dict[str, Reading], suffix: str) -> None:
    facts = facts_of(notices[suffix])
    assert (facts.title, facts.number, facts.issuers, facts.kind) == (TITLE, NUMBER, (ISSUER,), "办法")
    assert (facts.issued, facts.in_force, facts.status) == ("2025-06-10", "2025-07-01", "现行")
    assert facts.found["number"].where == "text"


def test_a_clause_of_a_pdf_says_its_page_and_boxes(notices: dict[str, Reading]) -> None:
    clauses = {c.place: c for c in clauses_of(notices[".pdf"]) if c.kind in QUOTABLE}
    assert clauses["第一条"].page == 1
    assert clauses["第八条"].page > 1
    for clause in clauses.values():
        covered = "".join(clause.text[start:end] for start, end, _, _ in clause.spans)
        assert covered.replace(" ", "") == clause.text.replace("\n", "").replace(" ", "")
