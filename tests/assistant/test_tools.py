"""The tools over a park's data, and questions answered by them without a language model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from typing import Any

import pytest
from parks import CECA, RULES, answered_park, national, park

from assistant.grading import exact, words
from assistant.park_talk import intent_of, park_answer
from assistant.supposing import changes_of, fact_of
from assistant.tools import park_tools
from scoring.write import as_data

NAMES = ["grade_park", "what_is_missing", "explain_indicator", "what_if", "route_to_next_level"]


@pytest.fixture(scope="module")
def tools() -> dict[str, Any]:
    return {one.name: one for one in park_tools(park(), RULES)}


def test_the_tools_are_the_five_and_none_takes_the_park(tools: dict[str, Any]) -> None:
    assert list(tools) == NAMES
    assert all("park" not in one.args for one in tools.values())
    assert all(one.description for one in tools.values())


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_argument_is_refused_and_named(tools: dict[str, Any], name: str) -> None:
    answer = tools[name].invoke({"park_name": "x", "figures": 3})
    assert list(answer) == ["refused"]
    assert "'park_name'" in answer["refused"]
    assert "'figures'" in answer["refused"]
    assert "rules" in answer["refused"]


@pytest.mark.parametrize(
    ("name", "arguments", "part"),
    [
        ("grade_park", {"rules": "national-2026"}, "national-2025"),
        ("grade_park", {"rules": 2025}, "rules"),
        ("explain_indicator", {}, "indicator"),
        ("explain_indicator", {"indicator": "绿化率"}, "carbon_per_energy"),
        ("what_if", {"changes": {}}, "changes"),
        ("what_if", {"changes": {"traded_green": "1"}}, "traded_green_mwh"),
        ("what_if", {"changes": {"grid_power_in_mwh": "约三千万度"}}, "约"),
        ("what_if", {"changes": {"grid_power_in_mwh": 3}}, "changes.grid_power_in_mwh"),
        ("route_to_next_level", {"costs": {"carbon_per_energy": "贵"}}, "costs.carbon_per_energy"),
        ("route_to_next_level", {"goal": "五星"}, "五星"),
        ("route_to_next_level", {"rules": "jiangxi-2025"}, ""),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    tools: dict[str, Any], name: str, arguments: dict[str, Any], part: str
) -> None:
    answer = tools[name].invoke(arguments)
    assert list(answer) == ["refused"]
    assert part in answer["refused"]


def test_grade_park_gives_the_assessment_exactly(tools: dict[str, Any]) -> None:
    answer = tools["grade_park"].invoke({})
    assert answer == exact(as_data(national(), RULES, trace=False))
    assert json.loads(json.dumps(answer)) == answer
    assert answer["totals"]["emissions_tco2"] == "435514.7429744666666666666667"


def test_a_tool_call_gets_json(tools: dict[str, Any]) -> None:
    call = {"type": "tool_call", "id": "1", "name": "grade_park", "args": {"rules": CECA}}
    assert json.loads(tools["grade_park"].invoke(call).content)["rules"] == CECA


def test_what_is_missing_names_holder_and_what_waits(tools: dict[str, Any]) -> None:
    answer = tools["what_is_missing"].invoke({})
    water = next(one for one in answer["missing"] if one["id"] == "reused_water_m3")
    assert water == {
        "id": "reused_water_m3",
        "label": "工业重复用水量（含循环水）",
        "holder": "企业、水务局",
        "waiting": ["工业用水重复利用率"],
    }
    assert answer["next_datum"]["id"] in {one["id"] for one in answer["missing"]}


@pytest.mark.parametrize("named", ["carbon_per_energy", "单位能耗碳排放"])
def test_explain_indicator_works_down_to_facts_and_factors(tools: dict[str, Any], named: str) -> None:
    answer = tools["explain_indicator"].invoke({"indicator": named})
    assert answer["verdict"] == "not_met"
    assert "(430000 - 0) * 0.8325 = 357975" in answer["working"]
    assert "12.5 亿kWh" in answer["working"]
    assert "附件4 二（二）3①" in answer["working"]


def test_what_if_moves_the_lines_and_leaves_the_park(tools: dict[str, Any]) -> None:
    answer = tools["what_if"].invoke({"changes": {"traded_green_mwh": "12.4 亿kWh", "fossil_heat_in_gj": "5 万GJ"}})
    assert answer["verdict"] == {"before": "not_met", "after": "met"}
    assert {one["id"] for one in answer["moved"]} == {"carbon_per_energy", "clean_energy"}
    assert tools["grade_park"].invoke({}) == exact(as_data(national(), RULES, trace=False))
    taken_away = tools["what_if"].invoke({"changes": {"worst_product_level": None}})
    assert [(one["id"], one["verdict"]["after"]) for one in taken_away["moved"]] == [("product_energy", "missing")]


def test_the_route_is_the_core_indicator(tools: dict[str, Any]) -> None:
    answer = tools["route_to_next_level"].invoke({})
    assert [one["id"] for one in answer["improvements"]] == ["carbon_per_energy"]
    assert answer["goal"]["id"] == "core_met"


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("把这个园区按国家级指标打分", "grade"),
        ("我们园区能不能申请验收", "grade"),
        ("还缺哪些数据", "missing"),
        ("如果绿电交易电量改成12亿kWh会怎样", "what_if"),
        ("怎样才能到下一级", "route"),
        ("单位能耗碳排放是怎么算出来的", "explain"),
        ("国家级零碳园区建设要报哪些材料", None),
        ("如果领导不同意怎么办", None),
        ("江苏对零碳园区有什么支持政策", None),
    ],
)
def test_what_a_question_asks_for(question: str, intent: str | None) -> None:
    assert intent_of(question) == intent
    answer = park_answer(question, park(), RULES)
    assert (answer is None) == (intent is None)


def test_a_park_is_graded_on_request_with_its_working() -> None:
    answer = park_answer("把这个园区按国家级指标打分", park(), RULES)
    assert answer is not None
    assert answer.tool == "grade_park"
    assert "临港示范园区" in answer.lines[0]
    assert words()["outcomes"]["not_met"] in answer.lines[0]
    assert [one.reason for one in national().results if not any(one.reason in line for line in answer.lines)] == []
    assert any("= 435514.7429744666666666666667" in line for line in answer.trace)
    assert json.loads(json.dumps(answer.record()))["data"]["verdict"] == "not_met"


def test_the_rule_set_is_the_one_named_and_else_the_national_which_is_said() -> None:
    own = park_answer("按0344团标给这个园区评分", answered_park(), RULES)
    assert own is not None
    assert own.data["rules"] == CECA
    assert RULES.rubric(CECA).notice in own.lines
    plain = park_answer("给这个园区打分", park(), RULES)
    assert plain is not None
    assert words()["say"]["default_rules"] in plain.lines[0]
    assert plain.data["rules"] == "national-2025"


@pytest.mark.parametrize(
    ("question", "changes"),
    [
        (
            "如果绿电交易电量改成12亿kWh，柴油用量降到1000吨",
            {"traded_green_mwh": "12亿kWh", "fuel_burned/diesel": "1000吨"},
        ),
        ("假如取水量变为 300 万m³会怎样", {"fresh_water_m3": "300 万m3"}),
        ("要是明年的天气变成 30 度", {}),
    ],
)
def test_a_supposition_is_read_as_written_and_nothing_is_guessed(question: str, changes: dict[str, str]) -> None:
    assert changes_of(unicodedata.normalize("NFKC", question), RULES, words()) == changes


@pytest.mark.parametrize(
    ("question", "changes"),
    [
        ("如果外购电量增加 10%，还够吗", {"grid_power_in_mwh": "1375000 MWh"}),
        ("如果柴油少用20%", {"fuel_burned/diesel": "2560 t"}),
        ("如果外购电量增加到 10%", {"grid_power_in_mwh": "10%"}),
        ("要是余热利用量涨了5%", {}),  # not reported: nothing to take five percent of
    ],
)
def test_so_many_percent_more_is_of_what_was_reported(question: str, changes: dict[str, str]) -> None:
    assert changes_of(question, RULES, words(), park()) == changes


def test_a_percentage_of_what_was_not_reported_is_refused_by_name() -> None:
    answer = park_answer("要是已利用余热量增加 5%，结论会变吗", park(), RULES)
    assert answer is not None
    assert "已利用余热量" in answer.lines[-1]
    assert "refused" in answer.data


def test_a_supposition_that_names_no_figure_is_not_answered_with_one() -> None:
    answer = park_answer("如果绿化率提高到 40%，结论会变吗", park(), RULES)
    assert answer is not None
    assert answer.data == {"refused": words()["say"]["not_understood"]}
    assert fact_of("绿化率", RULES, words()) is None


@pytest.mark.parametrize(
    "question",
    ["给这个园区打分", "还缺哪些数据", "如果柴油用量降到 1000 吨", "怎样才能到下一级", "单位能耗碳排放怎么算的"],
)
def test_every_long_figure_of_an_answer_stands_in_its_record(question: str) -> None:
    answer = park_answer(question, park(), RULES)
    assert answer is not None
    told = json.dumps(answer.data, ensure_ascii=False)
    for line in answer.lines:
        for figure in re.findall(r"\d+\.\d{2,}", line):
            assert figure in told or any(kept.startswith(figure[:4]) for kept in re.findall(r"\d+\.\d+", told))


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("给这个园区打分", {}),
        ("还缺哪些数据", {}),
        ("如果柴油用量降到 1000 吨", {"changes": {"fuel_burned/diesel": "1000 吨"}}),
        ("如果柴油用量降到 99999999999 吨", {"changes": {"fuel_burned/diesel": "99999999999 吨"}}),
        ("怎样才能到下一级", {}),
        ("按江西的指标怎样才能到下一级", {"rules": "jiangxi-2025"}),
        ("单位能耗碳排放怎么算的", {"indicator": "carbon_per_energy"}),
    ],
)
def test_an_answer_is_made_of_what_the_tool_gives(
    tools: dict[str, Any], question: str, arguments: dict[str, Any]
) -> None:
    answer = park_answer(question, park(), RULES)
    assert answer is not None
    assert answer.data == tools[answer.tool].invoke(arguments)
    if "refused" in answer.data:
        assert "\n".join(answer.lines).endswith(answer.data["refused"])


def test_langchain_is_not_read_before_a_tool_is_called() -> None:
    look = "import sys, assistant.park_talk; sys.exit('langchain_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
