"""The park's staff in an interview: they know the dossier only, evade as told, and never invent a figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.training.dossier import make
from assistant.training.dossier_model import Dossier
from assistant.training.role_play import Reply, Statement, answer, play_texts, topic_of, untraced
from scoring.load import load_rules
from scoring.model import Rules
from scoring.wording import label_of
from ui.measure_cases import interview

INTERVIEWS = 10


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def with_fault(kind: str, difficulty: int, rules: Rules) -> Dossier:
    return make(f"play-{kind}", rules=rules, difficulty=difficulty, faults=1, only=[kind])


def test_in_ten_interviews_every_statement_is_traced_and_no_stray_question_answered(rules: Rules) -> None:
    """A hundred are measured by `advisor evaluate cases`."""
    answered = evaded = 0
    for seed in range(INTERVIEWS):
        told, dodged, faults = interview(seed, rules)
        assert faults == []
        answered, evaded = answered + told, evaded + dodged
    assert answered > 100 * INTERVIEWS
    assert evaded > 0


def test_a_figure_that_the_dossier_does_not_hold_is_found_out(rules: Rules) -> None:
    dossier = make("trace", rules=rules)
    cells = dossier.cells(rules)
    reply = answer("柴油用了多少？", dossier, rules)
    assert reply.statements
    assert untraced(reply, cells, rules) == []
    one = reply.statements[0]
    invented = replace(reply, statements=(replace(one, text=one.text + "约99887吨。"),))
    assert len(untraced(invented, cells, rules)) == 1
    changed = replace(reply, statements=(Statement("", (replace(one.read[0], text="1"),)),))
    assert len(untraced(changed, cells, rules)) == 1
    assert len(untraced(Reply((), "大约5000吨"), cells, rules)) == 1


def test_staff_say_what_the_sheet_says_even_where_it_is_wrong(rules: Rules) -> None:
    dossier = with_fault("water_total", 1, rules)
    reply = answer("重复利用水量是多少？", dossier, rules)
    assert dossier.reported["facts"]["reused_water_m3"]["value"] in reply.text
    assert dossier.truth["facts"]["reused_water_m3"]["value"] not in reply.text


def test_what_the_sheet_leaves_empty_is_said_to_be_empty(rules: Rules) -> None:
    dossier = with_fault("stock_left_out", 1, rules)
    assert "没有填" in answer("利用了多少往年贮存的固废？", dossier, rules).text


@pytest.mark.parametrize("question", [*play_texts()["strays"], "", "？？？"])
def test_what_the_dossier_does_not_hold_they_do_not_know(question: str, rules: Rules) -> None:
    reply = answer(question, make("stray", rules=rules), rules)
    assert not reply.known
    assert reply.statements == ()
    assert reply.text == play_texts()["say"]["unknown"]


def test_at_the_first_difficulty_they_are_open_and_show_the_paper(rules: Rules) -> None:
    dossier = with_fault("expired_certificate", 1, rules)
    assert not answer("绿证核销了吗？", dossier, rules).evaded
    shown = answer("请出示绿证平台的导出清单", dossier, rules)
    assert any("2022-" in spot.text for one in shown.statements for spot in one.read)


def test_the_harder_the_case_the_longer_they_evade_where_something_is_wrong(rules: Rules) -> None:
    question = "绿证核销了吗？"
    for difficulty in (1, 2, 3):
        dossier = with_fault("expired_certificate", difficulty, rules)
        asked: list[str] = []
        evaded: list[bool] = []
        for _ in range(4):
            evaded.append(answer(question, dossier, rules, asked=asked).evaded)
            asked.append(question)
        assert evaded.count(True) == difficulty - 1
        assert evaded == sorted(evaded, reverse=True)


def test_they_do_not_evade_where_nothing_is_wrong(rules: Rules) -> None:
    dossier = with_fault("expired_certificate", 3, rules)
    assert not answer("柴油用了多少？", dossier, rules).evaded


def test_pressed_once_they_name_the_paper_and_no_figure(rules: Rules) -> None:
    reply = answer("请出示绿证清单", with_fault("expired_certificate", 3, rules), rules)
    assert reply.evaded
    assert "绿证平台导出.xlsx" in reply.text
    assert not any(character.isdigit() for character in reply.text)


def test_a_month_is_answered_from_its_own_cell_and_bill(rules: Rules) -> None:
    dossier = make("month", rules=rules, faults=0)
    reply = answer("3月下网电量是多少？请出示账单", dossier, rules)
    value = dossier.reported["months"]["grid_power_in_mwh"]["values"][2]
    assert f"3月是{value}万kWh" in reply.text
    bills = [one for one in reply.statements if "电力账单" in one.text]
    assert bills
    assert all("月份 3月" in one.text for one in bills)


def test_questions_are_understood_by_the_longest_word_in_them() -> None:
    cases = {
        "你们一年用多少度电？": "grid",
        "四至边界在哪里": "boundary",
        "天然气算不算清洁能源？": "gas_clean",
        "拟抵用的绿证张数是多少": "certificate",
        "近三年内出过事故没有": "accident",
        "综合能耗合计是多少": "energy",
        "其中有多少？": "",
    }
    assert {question: topic_of(question) for question in cases} == cases


def test_the_label_of_a_fact_asks_for_its_own_topic(rules: Rules) -> None:
    topics = play_texts()["topics"]
    wrong = [
        (fact, topic_of(label_of(fact, rules)))
        for topic in topics
        for fact in topic["facts"]
        if fact not in ("name", "year")
        and topic_of(label_of(fact, rules)) not in {one["id"] for one in topics if fact in one["facts"]}
    ]
    assert wrong == []
