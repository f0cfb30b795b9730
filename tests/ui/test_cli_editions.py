"""`advisor library compare` with the rules and a park, `advisor limits`, and `advisor ask --on`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.intake import bring_in
from ui.cli import main
from ui.settings import Settings
from ui.start import own_library

OLD = """关于开展样板园区建设的通知
样发改环资〔2025〕77号
附件3
样板园区建设指标体系（试行）
一、核心指标
年综合能源消费量20万吨标准煤以上、不足100万吨标准煤的园区，单位能耗碳排放不高于0.2吨二氧化碳/吨标准煤。
二、引导指标
（一）清洁能源消费占比不低于90%。
（二）工业用水重复利用率不低于80%。"""
NEW = OLD.replace("不高于0.2吨", "不高于0.1吨").replace("占比不低于90%", "占比不低于95%").replace("77号", "78号")
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_HOME", str(shared_home))
    monkeypatch.setenv("ADVISOR_LEGS", "lexical")
    return shared_home


@pytest.fixture(scope="module")
def editions(shared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The ids of the two editions, taken in as the notice 910 that the national rules refer to."""
    folder = tmp_path_factory.mktemp("files")
    own = own_library(Settings(home=shared_home))
    for name, text in (("old", OLD), ("new", NEW)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        record = bring_in(folder / f"{name}.txt", own)
        document = record.document.model_copy(update={"number": "发改环资〔2025〕910号"})
        own.take(record.model_copy(update={"document": document}))
    ids = {record.file_name: record.id for record in own.records()}
    return ids["old.txt"], ids["new.txt"]


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("park") / "park.xlsx"
    assert main(["template", str(path), "--example"]) == 0
    return path


def printed(capsys: Printed, *arguments: str) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_rules_on_changed_clauses_are_named(capsys: Printed, editions: tuple[str, str]) -> None:
    out = printed(capsys, "library", "compare", *editions)
    assert "收紧：不高于0.2吨二氧化碳/吨标准煤 → 不高于0.1吨二氧化碳/吨标准煤" in out
    assert "【待复核】国家级零碳园区建设指标体系（试行）（national-2025）：单位能耗碳排放（收紧：附件3 一）" in out
    assert (
        "【待复核】国家级零碳园区建设指标体系（试行）（national-2025）：清洁能源消费占比（收紧：附件3 二（一））" in out
    )
    assert "工业用水重复利用率" not in out


def test_a_park_is_graded_under_both(capsys: Printed, editions: tuple[str, str], park: Path) -> None:
    out = printed(capsys, "library", "compare", *editions, "--park", str(park))
    assert "换成新版限值后" in out
    assert "限值：单位能耗碳排放 0.2 tCO2/tce → 0.1 tCO2/tce" in out
    assert "限值：清洁能源消费占比 90% → 95%" in out
    assert "结论：" in out
    record: dict[str, Any] = json.loads(printed(capsys, "library", "compare", *editions, "--park", str(park), "--json"))
    impact = record["rules"]["impact"]
    assert [one["id"] for one in impact["applied"]] == ["carbon_per_energy", "clean_energy"]
    assert set(impact) >= {"outcome", "level", "moved", "left"}


def test_an_edition_against_itself_concerns_no_rule(capsys: Printed, editions: tuple[str, str]) -> None:
    out = printed(capsys, "library", "compare", editions[0], editions[0])
    assert "没有规则引用改动过的条文" in out


def test_each_texts_limit_and_which_applies(capsys: Printed) -> None:
    arguments = ("limits", "单位能耗碳排放", "--region", "湖南", "--energy", "35万吨标准煤", "--level", "省级")
    out = printed(capsys, *arguments)
    assert "【适用】不高于1.0、0.7、0.3吨/吨标准煤" in out
    assert "各文件的限值不一样" in out
    record = json.loads(printed(capsys, *arguments, "--json"))
    assert [row["state"] for row in record["rows"]].count("适用") == 1
    assert "没有文件给出" in printed(capsys, "limits", "停车位充电桩占比")


def test_a_level_that_is_none_is_refused_in_words(capsys: Printed) -> None:
    assert main(["limits", "单位能耗碳排放", "--level", "五星"]) == 2
    assert "级别写 国家级、省级" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["ask", "问题", "--on", "去年"])


def test_the_check_names_the_rules_whose_document_is_superseded(capsys: Printed, editions: tuple[str, str]) -> None:
    own = own_library(Settings())
    assert json.loads(printed(capsys, "library", "check", "--json"))["reviews"] == []
    own.fix(editions[1], {"supersedes": ("ndrc-2025-910-annex3",)})
    record = json.loads(printed(capsys, "library", "check", "--json"))
    assert {"carbon_per_energy", "water_reuse"} <= {one["indicator"] for one in record["reviews"]}
    assert "【待复核】国家级零碳园区建设指标体系（试行）（national-2025）：单位能耗碳排放，依据的" in printed(
        capsys, "library", "check"
    )
