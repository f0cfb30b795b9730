"""Rule files and park files: all faults at once, each with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.assess import assess
from scoring.errors import ParkDataError, RuleError
from scoring.load import check_rules, load_rules
from scoring.model import Rules
from scoring.park import load_park, read_park
from scoring.source import read_rows, read_yaml

OWN = """id: own-rules
title: 自定规则
edition: 一
status: 自拟
region: 本园
source: user
notice: 本园自定。
reference: {source: user}
blocks:
  - {id: all, label: 全部}
indicators:
  - id: intensity
    label: 单位能耗碳排放
    block: all
    role: core
    test: at_most
    value: carbon_per_energy_910_tco2_per_tce
    unit: tCO2/tce
    reference: {source: user}
    limits:
      - {value: 0.35, reference: {source: user}}
"""


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return [str(fault) for fault in check_rules(path)]


def test_a_rule_set_is_added_without_python(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    rules = load_rules([path])

    assert faults_of(tmp_path, OWN) == []
    park = read_park("试园", 2025, {"energy_tce": "100000"}, rules)
    assert assess(park, rules.rubric("own-rules"), rules).result("intensity").verdict == "missing"


def test_the_users_rule_set_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    path = tmp_path / "ceca.yaml"
    path.write_text(OWN.replace("own-rules", "ceca-0344-2025"), encoding="utf-8")

    assert load_rules([path]).rubric("ceca-0344-2025").source == "user"
    assert load_rules().rubric("ceca-0344-2025").source == "project"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    unit: tCO2/tce", "    unit: tCO2/tce\n    colour: red", 19, "不认识的键"),
        ("    unit: tCO2/tce", "    unit: GJ", 18, "不是同一种量"),
        ("    value: carbon", "    value: carbn", 17, "没有 'carbn_per_energy_910"),
        ("    block: all", "    block: other", 14, "没有 'other' 这一部分"),
        ("    role: core", "    role: core\n    excusable: true", 16, "不能说明原因后不纳入"),
        ("value: 0.35,", "value: 零点三,", 21, "写的是 '零点三'"),
        ("value: 0.35, reference", "value: 0.35, when: {target_year: '2028'}, reference", 20, "没有 '2028' 这个选项"),
        ("    label: 单位能耗碳排放", "    label: 一\n    label: 二", 14, "键 'label' 重复"),
        ("value: 0.35,", "value: 三五,", 21, "应是一个数"),
        ("    role: core", "    role: cor", 15, "应是 'condition'、'core'"),
        ("id: own-rules", "id: 自定", 1, "编号只能用小写字母"),
        ("blocks:\n  - {id: all, label: 全部}", "blocks: 全部", 9, "应是一个列表"),
        ("title: 自定规则\n", "", 1, "缺少这一项"),
        ("notice: 本园自定。\n", "", 1, "必须写一句 notice"),
        ("source: user\nnotice", "source: published\nnotice", 19, "不能有本项目或用户自定的数"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in OWN
    found = faults_of(tmp_path, OWN.replace(old, new))

    assert any(message in fault and f"第{line}行" in fault for fault in found), found


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = OWN.replace("unit: tCO2/tce", "unit: GJ").replace("block: all", "block: other")
    text += "  - {id: intensity, label: 又一项, block: all, role: scored, test: scale, reference: {source: user}}\n"

    assert len(faults_of(tmp_path, text)) >= 5


def test_a_scale_names_the_level_from_which_it_is_met_and_the_unit_of_its_cuts(tmp_path: Path) -> None:
    scale = """    test: scale
    value: carbon_per_energy_910_tco2_per_tce
    unit: GJ
    weight: 1
    better: at_most
    levels: [{see: 多}, {see: 少, value: 0.2}]
    reference: {source: user}
"""
    found = faults_of(tmp_path, OWN[: OWN.index("    test: at_most")].replace("role: core", "role: scored") + scale)

    assert any("第几级起算达标" in fault for fault in found)
    assert any("不是同一种量" in fault for fault in found)


def test_a_rule_file_that_is_not_there_or_no_text_is_a_fault_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_bytes(b"\xff\xfe\x00\xd8")

    assert [fault.what for fault in check_rules(tmp_path / "none.yaml")] == ["没有这个文件。请检查路径。"]
    assert "UTF-8" in check_rules(tmp_path / "book.yaml")[0].what


def test_overlapping_limits_are_refused(tmp_path: Path) -> None:
    both = """      - {value: 0.2, when: {energy_tce: {from: 1, up_to: 10}}, reference: {source: user}}
      - {value: 0.3, when: {energy_tce: {from: 10}}, reference: {source: user}}
"""
    text = OWN[: OWN.index("      - {value: 0.35")] + both

    assert any("重叠" in fault for fault in faults_of(tmp_path, text))
    assert faults_of(tmp_path, text.replace("up_to: 10", "below: 10")) == []


def test_what_is_no_yaml_is_one_fault_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "id: x\n  title: [1\n")

    assert "不是合法的 YAML" in fault


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(RuleError, match=r"第2行：键 'a' 重复"):
        read_yaml("x.yaml", "a: 1\na: 2\n")


def test_scalars_stay_text() -> None:
    assert read_yaml("x.yaml", "a: 0.10\nb: yes\nc: 2025-01-01\n").data == {"a": "0.10", "b": "yes", "c": "2025-01-01"}


def test_a_row_with_a_cell_too_many_is_refused() -> None:
    with pytest.raises(RuleError, match="格数与表头不一致"):
        read_rows("x.csv", "a,b\n1,2,3\n")


@pytest.mark.parametrize(
    ("name", "written", "message"),
    [
        ("energy_tce", "25", "超出可接受的范围"),
        ("energy_tce", "50 万GJ", "不能换算"),
        ("energy_tce", "", "是空的"),
        ("grid_power_in_mwh", "-3 MWh", "超出可接受的范围"),
        ("fuel_oxidation_share/diesel", "120%", "超出可接受的范围"),
        ("grid_power_in", "3", "是不是 'grid_power_in_mwh'"),
        ("fuel_burned/disel", "3", "fuel_burned/diesel"),
        ("fuel_burned", "3", "没有品种"),
        ("energy_tce/diesel", "3", "没有 'energy_tce/diesel' 这一项"),
        ("grid_area", "西藏", "没有 '西藏' 这个选项"),
        ("boundary_clear", "也许", "既不是"),
        ("worst_product_level", "5", "超出可接受的范围"),
    ],
)
def test_a_figure_that_cannot_be_used_says_why(name: str, written: str, message: str, rules: Rules) -> None:
    with pytest.raises(ParkDataError, match=message):
        read_park("试园", 2025, {name: written}, rules)


def test_all_faulty_figures_of_a_park_come_at_once(rules: Rules) -> None:
    with pytest.raises(ParkDataError) as caught:
        read_park("试园", 2025, {"energy_tce": "25", "nonsense": "1", "grid_area": "西藏"}, rules)

    assert len(caught.value.faults) == 3


def test_a_park_file_is_read(tmp_path: Path, rules: Rules) -> None:
    path = tmp_path / "park.yaml"
    path.write_text(
        "name: 试园\nyear: 2025\nfacts:\n  energy_tce: 50 万吨标准煤\n"
        "  power_equivalent_tce_per_mwh: {value: 0.3024 kgce/kWh, source: 统计局}\n"
        "excuses: {waste_energy: 没有余能}\n",
        encoding="utf-8",
    )
    park = load_park(path, rules)

    assert (park.name, park.year, park.excuses) == ("试园", 2025, {"waste_energy": "没有余能"})
    assert park.facts["power_equivalent_tce_per_mwh"].source == "统计局"


def test_a_fault_in_a_park_file_names_its_line(tmp_path: Path, rules: Rules) -> None:
    path = tmp_path / "park.yaml"
    path.write_text("name: 试园\nyear: 2025\nfacts:\n  energy_tce: 25\n", encoding="utf-8")

    with pytest.raises(ParkDataError, match="第4行"):
        load_park(path, rules)
