"""`advisor chat` and `advisor assess`: scripted turns, one JSON object a turn, resumed, listed, exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ui.start
from assistant.advisor import Advisor
from corpus.index import Index
from ui.cli import main
from ui.cli_chat import KEYS, VALUE_KEYS


@pytest.fixture(autouse=True)
def quick(lexical_index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index that the tests share, and a home of its own."""
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(ui.start, "open_advisor", lambda settings: Advisor(lexical_index))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def script(folder: Path, *lines: str) -> str:
    path = folder / "turns.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def turns(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_script_gives_one_json_object_a_turn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(tmp_path, "清洁能源消费占比要达到多少", "", "开始自评，下网电量3.2亿度，柴油大概100吨", "行")
    code, out, _ = run(capsys, "chat", "--script", path, "--json")
    assert code == 0
    found = turns(out)
    assert [list(one) for one in found] == [list(KEYS)] * 3
    assert found[0]["intent"] == "ask"
    assert "90%" in found[0]["reply"]
    assert found[0]["citations"]
    assert [list(one) for one in found[1]["understood"]] == [list(VALUE_KEYS)] * 2
    assert found[1]["understood"][0] == {
        "fact": "grid_power_in_mwh",
        "value": "320000",
        "unit": "MWh",
        "raw": "下网电量3.2亿度",
        "state": "said",
    }
    assert "confirmed" in {one["state"] for one in found[2]["understood"]}


def test_a_turn_that_only_asks_prints_no_empty_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "chat", "--script", script(tmp_path, "开始自评", "柴油大概100吨"))
    first, second = out.split("通常在")
    assert "\n\n" in first, "what is said and what is asked stand apart"
    assert "约数" in second
    assert "\n\n" not in second


def test_an_assessment_begins_by_a_rule_set_and_is_resumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "assess", "--rules", "ceca-0344-2025", "--script", script(tmp_path, "3", "2"), "--json")
    assert code == 0
    first = turns(out)
    assert "守法合规" in first[0]["question"]
    assert first[0]["score"] == {"low": "0", "high": "100", "full": "100"}
    _, listed, _ = run(capsys, "chat", "--list")
    key = listed.split("\t")[0]
    code, out, _ = run(capsys, "assess", "--resume", key, "--script", script(tmp_path, "先到这里"), "--json")
    assert code == 0
    back = turns(out)
    assert back[0]["intent"] == "resume"
    assert back[0]["question"] == first[-1]["question"]


def test_a_sheet_is_handed_in_and_the_report_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "park.yaml"
    sheet.write_text("name: 临港\nyear: 2025\nfacts:\n  fuel_burned/diesel: 3200 t\n", encoding="utf-8")
    report = tmp_path / "report.html"
    path = script(tmp_path, f"@{sheet}", "是", f":导出 {tmp_path / 'talk.md'}", ":没有这个", ":退出", "不会读到")
    code, out, told = run(capsys, "assess", "--script", path, "--report", str(report))
    assert code == 0
    assert "临港" in report.read_text(encoding="utf-8")
    assert "park.yaml" in (tmp_path / "talk.md").read_text(encoding="utf-8")
    assert "不会读到" not in out
    assert "没有“:没有这个”这个命令" in out
    assert "advisor chat --resume" in told


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("chat", "--resume", "x"), "没有编号为 'x' 的对话"),
        (("assess", "--rules", "national-2099"), "没有规则“national-2099”"),
        (("assess", "--rules", "national-2025", "--resume", "x"), "--resume"),
        (("chat", "--script", "nowhere.txt"), "nowhere.txt"),
    ],
)
def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], part: str) -> None:
    code, _, told = run(capsys, *arguments)
    assert code == 1
    assert part in told


def test_half_a_model_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ADVISOR_LLM_MODEL", "m")
    code, _, told = run(capsys, "chat", "--script", script(tmp_path, "你好"))
    assert code == 1
    assert "ADVISOR_LLM_BASE_URL" in told
