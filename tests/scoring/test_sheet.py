"""The template and what is read back: by header, whatever the order, the names, the units and the file."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scoring.cells import Given, Unread, read_tables
from scoring.checks import Taken, take, take_one
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.template import example, write_template, write_wide_template


def workbook(rows: list[list[Any]], **more: list[list[Any]]) -> Given:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, others in more.items():
        sheet = book.create_sheet(title)
        for row in others:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return Given("park.xlsx", stream.getvalue())


HEAD = ["填报项", "数值", "单位", "来源"]
WHO = [["园区名称", "甲园"], ["核算年度", 2025]]


def one(given: Given, rules: Rules) -> Taken:
    (found,) = take(given, rules)
    return found


def value(given: Given, key: str, rules: Rules) -> Any:
    return one(given, rules).data().facts[key].value


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, rules: Rules) -> Path:
    path = tmp_path_factory.mktemp("template") / "示例.xlsx"
    write_template(path, rules, filled=True)
    return path


def test_the_example_of_the_template_is_read_back_without_fault_or_question(filled: Path, rules: Rules) -> None:
    found = take_one(Given.of(filled), rules)
    assert not found.faults
    assert not found.questions
    assert set(found.data().facts) == set(example()["facts"])
    assert found.data().facts["grid_power_in_mwh"].value == Decimal(650000)


def test_every_fact_can_be_filled_in(filled: Path, rules: Rules) -> None:
    book: Any = openpyxl.load_workbook(filled)
    ids = {row[0] for sheet in book for row in sheet.iter_rows(min_col=2, max_col=2, values_only=True)}
    families = {key for key, fact in rules.facts.items() if fact.per}
    own = {key for key, fact in rules.facts.items() if fact.section not in rules.sections}
    assert set(rules.facts) - families - own <= ids


def test_the_empty_template_says_what_is_missing_and_does_not_read_its_example(tmp_path: Path, rules: Rules) -> None:
    write_template(tmp_path / "空.xlsx", rules)
    found = one(Given.of(tmp_path / "空.xlsx"), rules)
    assert found.park is None
    assert all(fault.where.startswith("填报!") for fault in found.faults)


def test_the_wide_template_holds_the_same_park(tmp_path: Path, filled: Path, rules: Rules) -> None:
    write_wide_template(tmp_path / "多园区.xlsx", rules)
    assert list(take(Given.of(tmp_path / "多园区.xlsx"), rules)) == [], "the example is no park of the user's"
    with pytest.raises(ParkDataError, match="里面没有园区"):
        take_one(Given.of(tmp_path / "多园区.xlsx"), rules)
    book: Any = openpyxl.load_workbook(tmp_path / "多园区.xlsx")
    del book["多园区"]
    book["示例-多园区"].title = "多园区"
    book.save(tmp_path / "多园区.xlsx")
    wide = one(Given.of(tmp_path / "多园区.xlsx"), rules).data()
    long = take_one(Given.of(filled), rules).data()
    assert {key: fact.value for key, fact in wide.facts.items()} == {
        key: fact.value for key, fact in long.facts.items()
    }


def test_a_label_without_its_brackets_is_asked_back_with_the_right_name(rules: Rules) -> None:
    (fault,) = one(workbook([HEAD, *WHO, ["年综合能源消费量", 50, "万吨标准煤", "统计局"]]), rules).faults
    assert "年综合能源消费量（电力按等价值）" in fault.what


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.json", b"[]", "里面没有园区"),
        ("list.json", '{"name": "甲", "year": 2025, "facts": [1]}'.encode(), "facts 要写成一组"),
        ("why.json", '{"name": "甲", "year": 2025, "facts": {}, "excuses": "无"}'.encode(), "excuses 要写成一组"),
        ("noise.yaml", b"\xff\xfe\x00\xd8", "不是 UTF-8 文本"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_in_words(name: str, content: bytes, said: str, rules: Rules) -> None:
    with pytest.raises(ParkDataError, match=said):
        take_one(Given(name, content), rules)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
def test_columns_are_found_by_header_in_any_order(order: list[int], rules: Rules) -> None:
    rows = [HEAD, *[[*row, None, None] for row in WHO], ["公共电网受入电量", 12.5, "亿kWh", "供电公司"]]
    given = workbook([[row[i] for i in order] for row in rows])
    assert value(given, "grid_power_in_mwh", rules) == Decimal(1250000)


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (1200, "万kWh", 12000),
        ("1200", "万kWh", 12000),
        ("1,200 万千瓦时", "", 12000),
        ("1200万度", "MWh", 12000),
        ("1.2", "亿kWh", 120000),
        ("十二万", "MWh", 120000),
        (12000, "", 12000),
    ],
)
def test_the_unit_may_stand_in_its_column_or_with_the_figure(cell: Any, unit: str, expected: int, rules: Rules) -> None:
    given = workbook([HEAD, *WHO, ["grid_power_in_mwh", cell, unit]])
    assert value(given, "grid_power_in_mwh", rules) == expected


def test_a_cell_shown_as_percent_is_a_share_whatever_its_unit_says(rules: Rules) -> None:
    book: Any = openpyxl.Workbook()
    for row in [HEAD, *WHO, ["fuel_oxidation_share/diesel", 0.98, "%"]]:
        book.active.append(row)
    book.active["B4"].number_format = "0.0%"
    stream = io.BytesIO()
    book.save(stream)
    assert value(Given("p.xlsx", stream.getvalue()), "fuel_oxidation_share/diesel", rules) == Decimal("0.98")


def test_a_figure_keeps_the_digits_that_were_typed(rules: Rules) -> None:
    given = workbook([HEAD, *WHO, ["grid_power_in_mwh", 0.1 + 0.2, "万kWh"]])
    assert value(given, "grid_power_in_mwh", rules) == Decimal(3)


def test_one_row_a_park_with_units_in_headers_or_below(rules: Rules) -> None:
    rows = [
        ["园区名称", "年度", "公共电网受入电量（亿kWh）", "工业取水量（新水）", "电力各项已填全，没有填的都是零"],
        ["单位", None, None, "万m3", None],
        ["甲", 2025, 1.5, 300, "是"],
        ["乙", 2024, "坏", 200, "是"],
        ["丙", 2025, 2, None, None],
    ]
    found = list(take(workbook(rows), rules))
    assert [(each.name, each.park is not None) for each in found] == [("甲", True), ("乙", False), ("丙", True)]
    assert found[0].data().facts["grid_power_in_mwh"].value == Decimal(150000)
    assert found[0].data().facts["fresh_water_m3"].value == Decimal(3000000)
    assert found[1].faults[0].where == "Sheet!C4"
    assert "fresh_water_m3" not in found[2].data().facts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_usual_encodings(encoding: str, rules: Rules) -> None:
    text = "填报项,数值,单位\n园区名称,甲,\n核算年度,2025,\n公共电网受入电量,1200,万kWh\n"
    assert value(Given("park.csv", text.encode(encoding)), "grid_power_in_mwh", rules) == Decimal(12000)


def test_json_keeps_every_digit_and_refuses_a_key_twice(rules: Rules) -> None:
    data = '{"name": "甲", "year": 2025, "facts": {"grid_power_in_mwh": 0.1000000000000000055}}'
    assert value(Given("p.json", data.encode()), "grid_power_in_mwh", rules) == Decimal("0.1000000000000000055")
    twice = '{"name": "甲", "year": 2025, "facts": {"grid_power_in_mwh": 1, "grid_power_in_mwh": 2}}'
    assert "重复" in str(one(Given("p.json", twice.encode()), rules).faults[0])


def test_json_of_several_parks_names_the_park_at_fault(rules: Rules) -> None:
    parks = [{"name": "甲", "year": 2025, "facts": {"fresh_water_m3": "1 t"}}, {"name": "乙", "year": 2025, "nix": 1}]
    found = list(take(Given("p.json", json.dumps(parks).encode()), rules))
    assert [each.park for each in found] == [None, None]
    assert found[0].faults[0].where == "p.json 第1个园区 fresh_water_m3"


def test_a_member_may_stand_in_a_column_of_its_own(rules: Rules) -> None:
    given = workbook(
        [
            ["填报项", "品种", "数值", "单位"],
            ["园区名称", None, "甲"],
            ["年度", None, 2025],
            ["燃烧消费量", "柴油", 3, "万t"],
        ]
    )
    assert value(given, "fuel_burned/diesel", rules) == Decimal(30000)


def test_text_that_begins_like_a_formula_is_text(rules: Rules) -> None:
    given = workbook([HEAD, ["园区名称", "@SUM(1+1)"], WHO[1], ["grid_power_in_mwh", 5, "MWh"]])
    assert one(given, rules).name == "@SUM(1+1)"


def test_a_formula_with_its_value_is_taken_and_one_without_is_not(rules: Rules) -> None:
    book: Any = openpyxl.Workbook()
    for row in [HEAD, *WHO, ["grid_power_in_mwh", "=1+1", "MWh"]]:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    without = stream.getvalue()
    rows = dict(read_tables(Given("p.xlsx", without))[0].rows())
    assert isinstance(rows[4][1], Unread)
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(without)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = (
                    content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
                    .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                    .replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
                )
            new.writestr(name, content)
    assert value(Given("p.xlsx", out.getvalue()), "grid_power_in_mwh", rules) == Decimal(2)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.xlsx", b"", "损坏"),
        ("p.xlsx", b"PK\x03\x04 cut", "损坏"),
        ("p.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 99, "旧版"),
        ("p.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"), "密码"),
        ("p.pdf", b"%PDF", "不是能读的"),
        ("p.csv", b"PK\x03\x04", "却是 Excel"),
        ("p.json", b"{", "读不出来"),
        ("p.csv", "随便,写写\n1,2\n".encode(), "没有找到填报的表"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(name: str, content: bytes, said: str, rules: Rules) -> None:
    (fault,) = one(Given(name, content), rules).faults
    assert fault.where == name
    assert said in fault.what


def test_several_parks_are_not_taken_for_one(rules: Rules) -> None:
    given = workbook([["园区名称", "年度", "grid_power_in_mwh"], ["甲", 2025, 1], ["乙", 2025, 2]])
    with pytest.raises(ParkDataError, match="多个园区"):
        take_one(given, rules)


def test_a_label_that_is_nearly_right_is_asked_back(rules: Rules) -> None:
    (fault,) = one(workbook([HEAD, *WHO, ["公共电网受入电", 5, "MWh"]]), rules).faults
    assert fault.where == "Sheet!A4"
    assert "公共电网受入电量" in fault.what


def test_a_reason_excuses_a_guiding_indicator_only(rules: Rules) -> None:
    base = [HEAD, *WHO, ["fresh_water_m3", 5, "m3"]]
    good = workbook(base, 原因=[["指标", "原因"], ["工业用水重复利用率", "没有工业用水"]])
    assert one(good, rules).data().excuses == {"water_reuse": "没有工业用水"}
    bad = workbook(base, 原因=[["指标", "原因"], ["没有的指标", "太难"]])
    assert one(bad, rules).faults[0].where == "原因!A2"


def test_a_park_twice_in_one_table_is_refused_the_second_time(rules: Rules) -> None:
    rows = [["园区名称", "年度", "grid_power_in_mwh"], ["甲", 2025, 1], ["甲", 2024, 2], ["甲", 2025, 3]]
    found = list(take(workbook(rows), rules))
    assert [each.park is None for each in found] == [False, False, True]
    assert found[2].faults[0].where == "Sheet!A4"


def test_a_year_in_the_command_that_is_not_the_files_is_refused(rules: Rules) -> None:
    given = workbook([HEAD, *WHO, ["grid_power_in_mwh", 5, "MWh"]])
    assert [each.park is None for each in take(given, rules, year=2024)] == [True]
    assert [each.park is None for each in take(given, rules, year=2025)] == [False]


def test_a_row_moved_by_one_column_is_named(rules: Rules) -> None:
    rows = [["园区名称", "年度", "grid_power_in_mwh", "fresh_water_m3"], [None, "甲", 2025, 1, 2]]
    (found,) = take(workbook(rows), rules)
    assert {"Sheet!A2", "Sheet!E2"} <= {fault.where for fault in found.faults}


def test_a_file_with_nothing_but_faults_lists_no_more_than_can_be_read(rules: Rules) -> None:
    given = workbook([HEAD, *WHO, *[[f"没有的项{i}", i] for i in range(999)]])
    (found,) = take(given, rules)
    assert len(found.faults) < 300
    assert "另有" in found.faults[-1].what


def test_a_workbook_of_nested_entities_is_refused_or_harmless(rules: Rules) -> None:
    import zipfile

    book: Any = openpyxl.Workbook()
    book.active.append(HEAD)
    stream = io.BytesIO()
    book.save(stream)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(9)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = (
                    bomb + b"]>" + content.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&j;</v></c></row>")
                )
            new.writestr(name, content)
    found = list(take(Given("p.xlsx", out.getvalue()), rules))
    assert [each.park for each in found] == [None]
