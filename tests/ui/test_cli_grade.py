"""The grading commands, run as a person runs them; nothing but the folder of the test is written to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ui.cli import main
from ui.grading import plain_cell


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def park() -> Path:
    assert main(["template", "park.xlsx", "--example"]) == 0
    return Path("park.xlsx")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def wide(path: str, rows: list[list[Any]]) -> None:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for row in book.active:
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(path)


def test_the_example_of_the_template_may_apply_for_acceptance(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "grade", str(park))
    assert code == 0
    assert "可以申请验收；引导指标全部达到" in out


def test_json_has_the_keys_of_the_interface_and_the_same_bytes_each_time(
    park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (run(capsys, "grade", str(park), "--json")[1] for _ in (1, 2))
    assert first == second
    data = json.loads(first)
    wanted = {"rules", "park", "year", "verdict", "score", "level", "indicators", "totals", "next_datum", "warnings"}
    assert wanted <= set(data)
    lines = {"id", "label", "verdict", "value", "limit", "reason", "missing", "trace"}
    assert all(lines <= set(one) for one in data["indicators"])
    assert set(data["totals"]) == {"emissions_tco2", "energy_tce", "carbon_per_energy_tco2_per_tce"}


def test_a_template_never_overwrites(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "template", str(park))
    assert code == 1
    assert "没有覆盖" in err


def test_the_faults_of_a_file_are_listed_with_their_cells_and_nothing_is_graded(
    park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book: Any = openpyxl.load_workbook(park)
    sheet = book["填报"]
    cells = {row[1].value: row[3] for row in sheet.iter_rows(min_row=2)}
    cells["grid_power_in_mwh"].value = "约六亿"
    cells["worst_product_level"].value = 9
    places = [cells[key].coordinate for key in ("grid_power_in_mwh", "worst_product_level")]
    book.save("bad.xlsx")
    code, out, err = run(capsys, "grade", "bad.xlsx")
    assert (code, out) == (1, "")
    assert all(f"填报!{place}：" in err for place in places)


def test_a_value_that_smells_wrong_stands_first_among_the_warnings(
    park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book: Any = openpyxl.load_workbook(park)
    cells = {row[1].value: row[3] for row in book["填报"].iter_rows(min_row=2)}
    cells["reused_water_m3"].value = 380000
    book.save("odd.xlsx")
    _, out, _ = run(capsys, "grade", "odd.xlsx")
    assert "有 1 个数看起来不对" in out
    data = json.loads(run(capsys, "grade", "odd.xlsx", "--json")[1])
    assert "是否应为" in data["warnings"][0]


def test_figures_that_contradict_each_other_are_refused_with_what_smells_wrong(
    park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book: Any = openpyxl.load_workbook(park)
    cells = {row[1].value: row[3] for row in book["填报"].iter_rows(min_row=2)}
    cells["energy_tce"].value = 15
    book.save("odd.xlsx")
    code, _, err = run(capsys, "grade", "odd.xlsx")
    assert code == 1
    assert "清洁能源消费占比：算出来是 281.5%，超出了可能的范围（0% ～ 100%）" in err
    assert "填报!D8" in err


def test_two_years_are_compared_line_by_line(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book: Any = openpyxl.load_workbook(park)
    cells = {row[1].value: row[3] for row in book["填报"].iter_rows(min_row=2)}
    cells["year"].value = "2024"
    cells["solid_waste_used_t"].value = 5
    del book["绿证台账"]
    book.save("before.xlsx")
    code, out, _ = run(capsys, "grade", str(park), "--against", "before.xlsx")
    assert code == 0
    assert "与 2024 年相比" in out
    assert "工业固体废弃物综合利用率：没有达到（41.67%） → 达到（90%）" in out
    data = json.loads(run(capsys, "grade", str(park), "--against", "before.xlsx", "--json")[1])
    assert data["against"]["year"] == 2024


def test_many_parks_are_graded_and_a_bad_one_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    head = ["园区名称", "年度", "年综合能源消费量（电力按等价值）（万吨标准煤）", "公共电网受入电量（亿kWh）"]
    wide("many.xlsx", [head, ["甲", 2025, 40, 5], ["乙", 2025, "坏", 5], ["=1+1", 2025, 30, 4]])
    code, out, err = run(capsys, "grade", "--many", "many.xlsx", "--output", "out.csv")
    assert code == 1
    assert "共 3 个园区，评出 2 个，1 个的数据不能用" in out
    assert "评分" in err
    assert "要核对的数" in out
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["园区"] for row in rows] == ["甲", "乙", "'=1+1"]
    assert "Sheet!C3" in rows[1]["不能用的原因"]


def test_a_park_whose_figures_contradict_each_other_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = ["园区名称", "年度", "energy_tce", "renewable_energy_tce", "heat_complete"]
    wide("many.xlsx", [head, ["甲", 2025, 1000, 9, "是"], ["乙", 2025, 1000, 2000, "是"], ["丙", 2025, 1000, 8, "是"]])
    assert run(capsys, "grade", "--many", "many.xlsx", "--output", "out.csv")[0] == 1
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as lines:
        reasons = {row["园区"]: row["不能用的原因"] for row in csv.DictReader(lines)}
    assert (reasons["甲"], reasons["丙"]) == ("", "")
    assert "超出了可能的范围" in reasons["乙"]


def test_many_parks_go_to_a_workbook_without_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    wide("many.xlsx", [["园区名称", "年度", "energy_tce"], ["=1+1", 2025, 300000]])
    assert run(capsys, "grade", "--many", "many.xlsx", "--output", "out.xlsx")[0] == 0
    book: Any = openpyxl.load_workbook("out.xlsx")
    cell = book.active["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_folder_of_files_is_graded_in_order_of_name(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("parks")
    folder.mkdir()
    (folder / "b.xlsx").write_bytes(park.read_bytes())
    (folder / "a.json").write_text('{"name": "甲", "year": 2025, "facts": {"energy_tce": "30万吨标准煤"}}', "utf-8")
    (folder / "c.xlsx").write_bytes(b"broken")
    code, out, _ = run(capsys, "grade", "--many", str(folder), "--json")
    data = json.loads(out)
    assert (code, data["graded"], data["refused"]) == (1, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grade"], "二者选一"),
        (["grade", "none.xlsx"], "none.xlsx 读写失败（没有这个文件或文件夹）"),
        (["grade", "park.xlsx", "--rules", "nix"], "没有规则“nix”"),
        (["grade", "--many", "park.xlsx", "--output", "out.pdf"], ".csv 或 .xlsx"),
        (["grade", "--many", "park.xlsx", "--output", "park.xlsx"], "会盖掉数据"),
        (["what-if", "park.xlsx", "--set", "nonsense"], "编号=数"),
        (["what-if", "park.xlsx", "--set", "公共电网受入电=3"], "公共电网受入电量"),
        (["what-if", "park.xlsx", "--set", "energy_tce=3 t"], "不能换算"),
        (["route", "park.xlsx", "--cost", "water_reuse=x"], "指标编号=数"),
        (["route", "park.xlsx"], "已经是最高一级"),
        (["rules", "show", "nix"], "没有规则“nix”"),
        (["template", "nowhere/a.xlsx"], "没有这个文件或文件夹"),
        (["template", "a.txt"], ".xlsx 结尾"),
        (["rules", "import", "park.xlsx"], "缺少工作表"),
    ],
)
def test_a_wrong_wish_is_answered_with_what_to_do(
    arguments: list[str], said: str, park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 1
    assert said in err


def test_what_if_shows_what_moves(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "what-if", str(park), "--set", "工业重复用水量（含循环水）=400万m³")
    assert code == 0
    assert "工业用水重复利用率：达到（90.05%） → 没有达到（48.78%）" in out


def test_a_route_names_the_improvements(park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "route", str(park), "--rules", "ceca-0344-2025", "--json")
    assert code == 0
    assert json.loads(out)["improvements"]


def test_rules_are_listed_shown_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "national-2025" in run(capsys, "rules", "list")[1]
    shown = run(capsys, "rules", "show", "national-2025")[1]
    assert "限值 0.2 tCO2/tce" in shown
    assert json.loads(run(capsys, "rules", "show", "national-2025", "--json")[1])["id"] == "national-2025"
    Path("mine.yaml").write_text("id: mine\ntitle: x\n", "utf-8")
    code, out, _ = run(capsys, "rules", "check", "mine.yaml")
    assert code == 1
    assert "缺少这一项" in out


def test_a_users_own_table_takes_the_place_of_the_built_in_one(
    park: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "rules", "template", "ceca-0344-2025", "table.xlsx")[0] == 0
    book: Any = openpyxl.load_workbook("table.xlsx")
    sheet = book["指标"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["指标"]).value = "按原文改过的名称"
    book.save("table.xlsx")
    assert run(capsys, "rules", "import", "table.xlsx")[0] == 0
    assert (home / "rules" / "ceca-0344-2025.yaml").is_file()
    assert "用户录入" in run(capsys, "rules", "list")[1].splitlines()[0]
    data = json.loads(run(capsys, "grade", str(park), "--rules", "ceca-0344-2025", "--json")[1])
    assert data["rules_source"] == "user"
    assert data["indicators"][0]["label"] == "按原文改过的名称"


@pytest.mark.parametrize("rules", ["ceca-0344-2025", "jiangsu-2024"])
def test_a_table_that_equals_the_built_in_one_is_refused(
    rules: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "rules", "template", rules, "table.xlsx")[0] == 0
    code, out, err = run(capsys, "rules", "import", "table.xlsx")
    assert code == 1
    assert out == ""
    assert f"table.xlsx：表里的数与内置的“{rules}”完全一样" in err
    assert not (home / "rules").exists()


def test_a_rule_file_of_ones_own_must_say_that_it_is_the_users(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built_in = Path(__file__).parents[2] / "scoring" / "rules" / "rubrics" / "jiangsu-2024.yaml"
    code, _, err = run(capsys, "rules", "import", str(built_in))
    assert code == 1
    assert "source user" in err
    Path("book.yaml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in run(capsys, "rules", "import", "book.yaml")[2]
    assert not (home / "rules").exists()


def test_a_users_table_with_faults_is_refused_with_its_cells(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "rules", "template", "ceca-0344-2025", "table.xlsx")
    book: Any = openpyxl.load_workbook("table.xlsx")
    sheet = book["指标"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, heads["判法"]).value = "随意"
    sheet.cell(12, heads["权重"]).value = "很多"
    wanted = [f"指标!{sheet.cell(3, heads['判法']).coordinate}", f"指标!{sheet.cell(12, heads['权重']).coordinate}"]
    book.save("table.xlsx")
    code, _, err = run(capsys, "rules", "import", "table.xlsx")
    assert code == 1
    assert all(place in err for place in wanted)
    assert not (home / "rules").exists()


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "html"])
def test_a_report_is_written(suffix: str, park: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "grade", str(park), "--report", f"out.{suffix}")
    assert code == 0
    assert "报告已写入" in err
    assert Path(f"out.{suffix}").stat().st_size > 1000


def test_a_report_of_an_unknown_kind_is_refused_before_anything_is_graded(
    park: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "grade", str(park), "--report", "out.pdf")
    assert code == 1
    assert ".docx、.xlsx 或 .html" in err
    assert out == ""
    assert not Path("out.pdf").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_begins_like_a_formula_is_written_as_text(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


def test_the_speed_of_grading_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "evaluate", "grading", "--parks", "20", "--json")
    assert code == 0
    assert json.loads(out)["graded"] == 20
