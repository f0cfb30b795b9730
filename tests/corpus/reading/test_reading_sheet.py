from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from corpus.reading import Unreadable, read


def _saved(rows: list[list[object]], path: Path, merged: str = "") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "限值"
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
    return path


def test_a_row_with_its_header_is_one_line(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["零碳园区指标限值"],
        ["类型", "指标", "限值", "日期"],
        ["核心", "单位能耗碳排放", 0.2, datetime.datetime(2025, 7, 1)],
        [None, "清洁能源消费占比", 0.9, None],
    ]
    reading = read(_saved(rows, tmp_path / "表.xlsx", "A3:A4"))
    assert [(line.text, line.kind) for line in reading.lines] == [
        ("限值", "heading"),
        ("零碳园区指标限值", "text"),
        ("类型：核心；指标：单位能耗碳排放；限值：0.2；日期：2025-07-01", "row"),
        ("类型：核心；指标：清洁能源消费占比；限值：0.9", "row"),
    ]
    assert reading.pages[0].note == "工作表“限值”"


def test_figures_are_read_as_they_are_kept(tmp_path: Path) -> None:
    rows: list[list[object]] = [["煤种", "系数"], ["原煤", 0.7143], ["某煤", 1e-05], ["褐煤", 12000000.0]]
    texts = [line.text for line in read(_saved(rows, tmp_path / "f.xlsx")).lines if line.kind == "row"]
    assert texts == ["煤种：原煤；系数：0.7143", "煤种：某煤；系数：0.00001", "煤种：褐煤；系数：12000000"]


def test_a_formula_without_a_saved_value_is_refused_and_no_zero(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="B3") as refused:
        read(_saved([["项", "值"], ["甲", 1], ["合计", "=B2*2"]], tmp_path / "公式.xlsx"))
    assert refused.value.reason == "no-values"


def test_a_hidden_sheet_is_not_read_and_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("草稿").sheet_state = "hidden"
    assert book.active is not None
    book.active.append(["公开的内容"])
    book.save(tmp_path / "h.xlsx")
    assert read(tmp_path / "h.xlsx").notes == ("隐藏的工作表没有读：草稿",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_csv_of_any_encoding_and_separator(tmp_path: Path, encoding: str, comma: str) -> None:
    rows = [("燃料", "系数", "单位"), ("原煤", "0.7143", "kgce/kg"), ("柴油", "1.4571", "kgce/kg")]
    (tmp_path / "系数.csv").write_text("\n".join(comma.join(r) for r in rows), encoding=encoding)
    assert [line.text for line in read(tmp_path / "系数.csv").lines] == [
        "燃料：原煤；系数：0.7143；单位：kgce/kg",
        "燃料：柴油；系数：1.4571；单位：kgce/kg",
    ]


def test_a_workbook_with_macros_is_read_without_them(tmp_path: Path) -> None:
    path = _saved([["指标", "限值"], ["碳排放", "≤0.2"]], tmp_path / "宏.xlsm")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"never run")
    reading = read(path)
    assert [line.text for line in reading.lines if line.kind == "row"] == ["指标：碳排放；限值：≤0.2"]
    assert reading.notes == ("文件里有宏，没有读也没有运行",)
