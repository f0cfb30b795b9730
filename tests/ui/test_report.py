"""Reports: the same figures as the JSON in every kind of file, nothing run, the same bytes each time."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from parks import RULES, ceca, national

from scoring.model import Assessment
from scoring.write import to_json
from ui.charts import gaps, radar, waterfall
from ui.errors import PageError
from ui.findings import File, findings
from ui.report import KINDS, Kind, report_bytes, write_report
from ui.texts import read_texts
from ui.workings import readable, spoken

TEXTS = read_texts().grade
DAY = "2026-11-25"
HOSTILE = '=HYPERLINK("http://x.invalid","a")<script>alert(1)</script>{{x}}${y}\x00\ud800'


class Words(HTMLParser):
    """The words of an HTML file, with the full figures that stand in titles, and what would be loaded or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.found += [value for name, value in attrs if name == "title" and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def html_words(content: bytes) -> Words:
    words = Words()
    words.feed(content.decode("utf-8"))
    return words


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def xlsx_cells(content: bytes) -> Iterator[Any]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def text_of(kind: Kind, content: bytes) -> str:
    if kind == "html":
        return "\n".join(html_words(content).found)
    if kind == "docx":
        return docx_text(content)
    return "\n".join(str(cell.value) for cell in xlsx_cells(content))


def traced(node: Any) -> Iterator[Any]:
    if node is not None:
        yield node
        for one in node.get("inputs", ()):
            yield from traced(one)


def figures(assessment: Assessment) -> set[str]:
    """Every figure of the JSON's traces that is one number, as the JSON writes it."""
    data = json.loads(to_json(assessment, RULES), parse_float=str, parse_int=str)
    nodes = [node for one in data["indicators"] for node in traced(one["trace"])]
    return {str(n["value"]["low"]) for n in nodes if n["value"]["low"] == n["value"]["high"] and n["value"]["low"]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("made", [national, ceca], ids=["national", "ceca"])
def test_every_figure_of_the_json_stands_in_the_report(kind: Kind, made: Any) -> None:
    assessment = made()
    text = text_of(kind, report_bytes(assessment, RULES, kind, on=DAY))
    wanted = {readable(one) for one in figures(assessment)} if kind == "docx" else figures(assessment)
    assert len(wanted) > 30
    assert {one for one in wanted if one not in text} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_result_counts_reasons_and_the_way_to_more_data_stand_in_the_report(kind: Kind) -> None:
    assessment = national()
    text = text_of(kind, report_bytes(assessment, RULES, kind, on=DAY, inputs=[File("填报.xlsx", "ab" * 32)]))
    assert assessment.grades is not None
    wanted = [TEXTS.outcomes[assessment.verdict], assessment.grades[0].label, assessment.rubric.notice, "ab" * 32, DAY]
    wanted += [one.reason for one in assessment.results]
    wanted += [one.indicator.label for one in assessment.results]
    wanted += [TEXTS.verdicts["missing"], "工业重复用水量", "水务局", "附件3 指标表", "fuels/GBT32151_2024_C1"]
    assert [one for one in wanted if one not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_project_s_own_values_are_said_to_be_its_own(kind: Kind) -> None:
    assessment = ceca()
    text = text_of(kind, report_bytes(assessment, RULES, kind, on=DAY))
    assert assessment.rubric.notice in text
    assert TEXTS.own_value in text
    found = findings(assessment, RULES, TEXTS)
    assert "～" in found.score
    assert found.score in text
    assert found.level in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_result_gives_the_same_bytes(kind: Kind) -> None:
    assert report_bytes(national(), RULES, kind, on=DAY) == report_bytes(national(), RULES, kind, on=DAY)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_no_clock_time_is_in_the_package(kind: Kind) -> None:
    with zipfile.ZipFile(io.BytesIO(report_bytes(national(), RULES, kind, on=DAY))) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {DAY}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_reporter_wrote_is_shown_and_never_run(kind: Kind) -> None:
    hostile = national(HOSTILE)
    content = report_bytes(hostile, RULES, kind, on=DAY, inputs=[File(HOSTILE, "0" * 64)])
    text = text_of(kind, content)
    assert '=HYPERLINK("http://x.invalid","a")<script>alert(1)</script>{{x}}${y}' in text
    assert "\x00" not in text
    if kind == "html":
        assert not {"script", "img", "link", "iframe", "a", "object"} & {tag for tag, _ in html_words(content).tags}
    if kind == "xlsx":
        assert {cell.data_type for cell in xlsx_cells(content)} <= {"s", "n"}
        assert all(cell.hyperlink is None for cell in xlsx_cells(content))


def test_the_html_loads_nothing_and_forbids_loading() -> None:
    words = html_words(report_bytes(ceca(), RULES, "html", on=DAY))
    assert [attrs for _, attrs in words.tags if {"src", "href", "srcset", "onclick", "onload"} & set(attrs)] == []
    policies = [attrs["content"] for tag, attrs in words.tags if tag == "meta" and "http-equiv" in attrs]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert "url(" not in report_bytes(ceca(), RULES, "html").decode()
    assert {"svg", "polygon"} <= {tag for tag, _ in words.tags}


def test_without_a_chinese_font_the_report_says_so_and_still_has_its_charts() -> None:
    for kind in ("docx", "xlsx"):
        content = report_bytes(national(), RULES, kind, on=DAY, fonts=[])
        assert TEXTS.no_font in text_of(kind, content)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert sum(name.endswith(".png") for name in package.namelist()) == 2


def test_a_font_without_chinese_is_not_taken_for_one(tmp_path: Path) -> None:
    import matplotlib

    from ui.pictures import chinese_font

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert chinese_font([broken, latin]) is None


def test_charts_show_what_the_result_holds() -> None:
    assessment = national()
    chart = waterfall(assessment, RULES)
    assert chart is not None
    total = assessment.totals["emissions_tco2"].value
    assert (chart.bars[-1].kind, chart.bars[-1].end) == ("total", total)
    assert [left.end for left in chart.bars[:-2]] == [right.start for right in chart.bars[1:-1]]
    assert {gap.label for gap in gaps(assessment, RULES)} >= {"单位能耗碳排放", "清洁能源消费占比"}
    assert radar(assessment) == ()
    spokes = radar(ceca())
    assert len(spokes) == 8
    assert all(0 <= one.low <= one.high <= 1 for one in spokes)
    assert any(one.low < one.high for one in spokes)


def test_a_working_can_be_keyed_into_a_calculator() -> None:
    assert spoken("sum([2, 3], 0) = 5", TEXTS) == "2 + 3 = 5"
    assert spoken("greatest(sum([], 0), 0) = 0", TEXTS) == "取大(0, 0) = 0"
    assert readable("0.1 * 2 / 3 = 0.0666666666666666667") == "0.1 × 2 ÷ 3 = 0.0666666666666…"
    lines = findings(national(), RULES, TEXTS).workings
    first = lines[0]
    terms = first.working.partition(" = ")[0].split(" + ")
    assert sum(Decimal(term) for term in terms) == Decimal(first.exact)


def test_a_figure_is_worked_out_once_and_referred_to_after() -> None:
    lines = findings(national(), RULES, TEXTS).workings
    for line in lines:
        if line.see:
            assert lines[line.see - 1].label == line.label
            assert lines[line.see - 1].see == 0
            assert not line.working
    assert sum(bool(line.see) for line in lines) > 10


def test_another_suffix_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"\.docx"):
        write_report(national(), RULES, tmp_path / "report.pdf")
    write_report(national(), RULES, tmp_path / "report.HTML", on=DAY)
    assert (tmp_path / "report.HTML").read_bytes().startswith(b"<!doctype html>")
