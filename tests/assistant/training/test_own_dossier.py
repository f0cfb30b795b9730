"""Own dossiers: a made-up one comes back the same through its file; everything wrong with a file is told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.training.case_key import key_of
from assistant.training.case_store import CaseFault, dossier_of, keep_dossier
from assistant.training.dossier import make
from assistant.training.own_dossier import DossierFault, own_text, read_own
from scoring.load import load_rules
from scoring.model import Rules
from ui.case_files import case_files
from ui.measure_cases import unseen


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="module")
def text(rules: Rules) -> str:
    return own_text(make("own", rules=rules, difficulty=2, only=["water_total", "gas_as_clean"]))


@pytest.mark.parametrize("series", ["case", "ceca"])
def test_a_dossier_comes_back_from_its_file_with_the_same_key(series: str, rules: Rules) -> None:
    made = make("round", rules=rules, difficulty=3, series=series)
    read = read_own("x.yaml", own_text(made, name="own-9"), rules)
    assert read.id == "own-9"
    assert read.papers == made.papers
    own, key = key_of(read, rules), key_of(made, rules)
    assert own.faults == key.faults
    assert own.lines == key.lines
    assert unseen(own, case_files(read, own, rules)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("id: own-1", "id: ../x"), "编号"),
        (lambda text: text.replace("difficulty: '2'", "difficulty: '7'"), "难度"),
        (lambda text: text.replace("rubric: national-2025", "rubric: x"), "规则集"),
        (lambda text: text.replace("kind: water_total", "kind: nonsense"), "第 1 处毛病"),
        (lambda text: text.replace("sheet:reused_water_m3", "sheet:nothing"), "找不到"),
        (lambda text: text.replace("- reused_water_m3\n", "- fresh_water_m3\n", 1), "没有写成毛病"),
        (lambda text: text.replace("name: 月度账单.xlsx", "name: ../账单.xlsx"), "第 1 份佐证"),
        (lambda text: text.replace("    grid_area: ", "    grid_area: 火星 #"), "用不了"),
        (lambda text: text.replace("unit: 万kWh", "unit: 三轮车", 1), "用不了"),
        (lambda text: text.replace("title: 电力账单", "title: 电力/账单"), "工作表的名字"),
        (lambda text: text.replace("title: 电力账单", "title: 天然气账单"), "同名"),
        (lambda text: text.replace("name: 月度账单.xlsx", "name: 园区数据填报表.xlsx"), "有两份"),
        (lambda text: "just words", "写法不对"),
        (lambda text: text.partition("papers:")[0], "要有且只有"),
        (lambda text: text + "\n  bad: [", "own.yaml"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(change: Callable[[str], str], said: str, text: str, rules: Rules) -> None:
    changed = change(text)
    assert changed != text
    with pytest.raises(DossierFault, match=said):
        read_own("own.yaml", changed, rules)


def test_all_that_is_wrong_is_told_at_once(text: str, rules: Rules) -> None:
    changed = text.replace("difficulty: '2'", "difficulty: '7'").replace("rubric: national-2025", "rubric: x")
    with pytest.raises(DossierFault) as error:
        read_own("own.yaml", changed, rules)
    assert "难度" in str(error.value)
    assert "规则集" in str(error.value)


def test_a_dossier_of_ones_own_is_kept_once_and_opened_by_its_id(text: str, rules: Rules, tmp_path: Path) -> None:
    kept = keep_dossier(text, rules, own=tmp_path, file="own.yaml")
    assert dossier_of("own-1", rules, own=tmp_path) == kept
    with pytest.raises(CaseFault, match="已经有了"):
        keep_dossier(text, rules, own=tmp_path, file="own.yaml")
    with pytest.raises(CaseFault, match="没有案卷"):
        dossier_of("own-2", rules, own=tmp_path)
