"""The interview: one question at a time; said, confirmed, corrected; doubtful values wait; nothing is ever lost."""

from __future__ import annotations

import pytest

from assistant.entries import Interview
from assistant.interview import Heard
from assistant.interview_words import question, texts
from assistant.said import said_in
from scoring.agenda import covered
from scoring.checks import Taken
from scoring.errors import Fault
from scoring.park import definition_of
from tests.assistant.interviewing import CONDITIONS, INTERVIEWER, RULES, Talk, number
from tests.parks import park as made_park

# Questions -----------------------------------------------------------------------------------------------------------


def test_every_fact_is_asked_for_in_words_with_where_to_find_it() -> None:
    plain = Interview("national-2025", year=2025)
    for key, definition in RULES.facts.items():
        members = RULES.families[definition.per].members if definition.per else {}
        for name in [f"{key}/{member}" for member in members] or [key]:
            asked = question(name, plain, RULES)
            assert len(asked) > len("多少？")
            assert "{" not in asked
            assert not definition.holder or definition.holder in asked
    own = [key for key, one in RULES.facts.items() if one.section not in RULES.rubrics]
    assert set(own) == set(texts()["facts"]), "each fact of facts.yaml has its own question, and no other has"
    assert all({"ask", "where", "example"} <= set(one) for one in texts()["facts"].values())


def test_every_declaration_is_asked_for_its_rest_and_has_a_short_name() -> None:
    for key, definition in RULES.facts.items():
        if definition.kind == "declaration":
            assert {"rest", "short"} <= set(texts()["facts"][key])
            assert covered(key, RULES)


def test_one_question_at_a_time_and_the_conditions_first() -> None:
    talk = Talk()
    asked = [talk.reply.asked]
    for answer in ("是", "是", "有"):
        talk.say(answer)
        asked.append(talk.reply.asked)
    assert tuple(asked) == CONDITIONS
    assert talk.reply.question.count("？") == 1
    assert talk.reply.options == ("是", "否", "不知道")


def test_a_question_asked_the_other_way_is_read_the_other_way() -> None:
    talk = Talk().eligible()
    assert talk.known("no_major_accident_3y") is True
    talk = Talk()
    talk.say("是", "是", "有", "发生过一次")
    assert talk.known("no_major_accident_3y") is False


@pytest.mark.parametrize("message", ["嗯我想想", "是什么意思", "已经去问了", "好难说"])
def test_a_first_character_of_yes_or_no_is_no_answer(message: str) -> None:
    for before in ((), ("是", "是", "有")):
        talk = Talk()
        talk.say(*before)
        asked = talk.reply.asked
        talk.say(message)
        assert asked not in talk.interview.known()


@pytest.mark.parametrize("rules_id", sorted(RULES.rubrics))
def test_every_rule_set_can_be_asked_to_the_end(rules_id: str) -> None:
    talk = Talk(rules_id)
    for _ in range(200):
        if talk.reply.done:
            break
        talk.say("对" if not talk.reply.asked else "不知道")
    assert talk.reply.done
    assert RULES.rubric(rules_id).title in talk.reply.text
    assert not talk.scored()


# Said and confirmed --------------------------------------------------------------------------------------------------


def test_all_figures_of_a_message_are_taken_and_said_back_in_their_unit() -> None:
    talk = Talk()
    reply = talk.say("下网8亿度，绿电交易6亿度，柴油1200吨")
    values = {one.fact: (one.value, one.unit, one.state) for one in reply.understood}
    assert values == {
        "grid_power_in_mwh": ("800000", "MWh", "said"),
        "traded_green_mwh": ("600000", "MWh", "said"),
        "fuel_burned/diesel": ("1200", "t", "said"),
    }
    assert "800,000 MWh（您说的“下网8亿度”）" in reply.text
    assert "接着答就算确认" in reply.text


def test_only_confirmed_values_score_and_going_on_confirms() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    assert talk.scored() == {}
    talk.say("是")
    assert talk.scored() == {"grid_power_in_mwh": number("800000")}
    entries = [(one.fact, one.state, one.turn) for one in talk.interview.entries]
    assert ("grid_power_in_mwh", "confirmed", 2) in entries
    assert INTERVIEWER.park(talk.interview).facts["grid_power_in_mwh"].place == "turn 1"


def test_stopping_confirms_nothing_and_says_what_waits() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    reply = talk.say("先到这里")
    assert talk.scored() == {}
    assert "没有确认" in reply.text
    assert not reply.question


def test_coming_back_tells_what_there_is_and_asks_on() -> None:
    talk = Talk().eligible()
    talk.say("没有", "先到这里")
    later = Interview.from_record(talk.interview.record())
    _, reply = INTERVIEWER.resume(later)
    assert "接着来" in reply.lines[0]
    assert reply.asked == "power_equivalent_tce_per_mwh"


def test_not_known_is_put_off_and_asked_for_once_more_at_the_end() -> None:
    talk = Talk("hj274-review")
    first = talk.reply.asked
    reply = talk.say("不知道")
    assert "最后再问一次" in reply.lines[0]
    assert reply.asked == first, "nothing else is left, so that it is asked for again"
    reply = talk.say("不知道")
    assert reply.done
    assert "不知道、没有算进去的" in reply.text


def test_nothing_is_zero_and_is_said_back() -> None:
    talk = Talk()
    talk.say("固废产生12万吨，综合利用10万吨")
    talk.interview = Interview.from_record(talk.interview.record() | {"asked": "solid_waste_from_stock_t"})
    reply = talk.say("没有")
    assert talk.known("solid_waste_from_stock_t") == 0
    assert "利用往年贮存量 0 t" in reply.text


def test_no_total_is_not_zero() -> None:
    talk = Talk().eligible()
    assert talk.reply.asked == "energy_tce"
    reply = talk.say("没有")
    assert "没有合计" in reply.text
    assert talk.known("energy_tce") is None
    assert reply.asked != "energy_tce"


def test_the_rest_of_a_section_is_one_question() -> None:
    talk = Talk().eligible()
    talk.say("没有", "0.3024 kgce/kWh，统计局口径", "下网8亿度")
    assert talk.reply.asked == "power_complete"
    talk.say("绿电交易6亿度，光伏自发自用1.2亿度")
    assert talk.reply.asked == "power_complete"
    assert "绿电直供" in talk.reply.question
    assert "绿电交易" not in talk.reply.question
    talk.say("其余没有")
    assert talk.known("power_complete") is True
    assert talk.reply.asked == "fuel_complete"


def test_an_unknown_rest_is_no_declaration() -> None:
    talk = Talk().eligible()
    talk.say("没有", "0.3024 kgce/kWh，统计局口径", "下网8亿度", "绿电交易6亿度，其他的不清楚")
    assert talk.known("traded_green_mwh") == number("600000")
    assert talk.known("power_complete") is None
    assert talk.reply.asked != "power_complete"


def test_none_of_many_kinds_is_said_back_once() -> None:
    reply = Talk().say("煤已经没有了")
    assert "等 10 项都记 0" in reply.text
    assert sum(one.fact.startswith("fuel_burned/") for one in reply.understood) == 10


def test_a_table_pasted_in_is_taken_row_by_row() -> None:
    talk = Talk()
    talk.say("项目,数值,单位\n公共电网受入电量,80000,万kWh\n天然气,1500,万Nm3\n一般工业固体废物产生量,12,万t")
    assert talk.known("grid_power_in_mwh") == number("800000")
    assert talk.known("fuel_burned/natural_gas") == number("1500")
    assert talk.known("solid_waste_generated_t") == number("120000")
    entry = talk.interview.waiting()["grid_power_in_mwh"]
    assert entry.raw == "公共电网受入电量,80000,万kWh"


def test_units_may_change_midway() -> None:
    talk = Talk()
    talk.say("下网8亿度", "不对，下网是9000万kWh")
    assert talk.known("grid_power_in_mwh") == number("90000")
    talk.say("不对，下网95000兆瓦时")
    assert talk.known("grid_power_in_mwh") == number("95000")


# Correcting and going back -------------------------------------------------------------------------------------------


def test_a_correction_loses_nothing_else() -> None:
    talk = Talk()
    talk.say("下网8亿度，柴油1200吨", "是")
    before = talk.scored()
    reply = talk.say("不对，柴油是1300吨")
    assert "1,200 t 改为 1,300 t" in reply.text
    assert talk.scored() == before | {"fuel_burned/diesel": number("1300")}
    assert talk.known("subject_qualified") is True
    states = [one.state for one in talk.interview.entries if one.fact == "fuel_burned/diesel"]
    assert states == ["said", "confirmed", "corrected"]


def test_an_objection_without_a_figure_asks_for_it() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    reply = talk.say("不对")
    assert talk.scored() == {}
    assert "公共电网受入电量 应该是多少" in reply.question
    talk.say("9亿度", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("900000")


def test_an_objection_to_one_of_several_asks_which() -> None:
    talk = Talk()
    talk.say("下网8亿度，柴油1200吨")
    reply = talk.say("不对")
    assert "哪一个不对" in reply.question
    talk.say("柴油1300吨")
    assert talk.known("fuel_burned/diesel") == number("1300")
    assert talk.known("grid_power_in_mwh") == number("800000")


def test_two_figures_for_one_fact_are_asked_about() -> None:
    talk = Talk()
    talk.say("下网8亿度", "是")
    reply = talk.say("下网7亿度")
    assert "到底是哪一个" in reply.question
    assert reply.options == ("①", "②")
    assert talk.scored()["grid_power_in_mwh"] == number("800000")
    talk.say("②")
    assert talk.scored()["grid_power_in_mwh"] == number("700000")
    talk.say("下网6亿度", "①")
    assert talk.scored()["grid_power_in_mwh"] == number("700000")


def test_two_figures_in_one_message_are_asked_about() -> None:
    talk = Talk()
    reply = talk.say("柴油1200吨，哦柴油1300吨")
    assert "到底是哪一个" in reply.question
    talk.say("1300吨", "是")
    assert talk.scored()["fuel_burned/diesel"] == number("1300")


def test_the_same_figure_again_is_no_contradiction() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    reply = talk.say("下网80000万kWh")
    assert not talk.interview.pending
    assert "一样" in reply.text
    assert talk.scored()["grid_power_in_mwh"] == number("800000")


def test_undo_takes_back_turn_by_turn_and_keeps_the_log() -> None:
    talk = Talk()
    talk.say("下网8亿度", "是", "柴油1200吨")
    reply = talk.say("撤回")
    assert "柴油 燃烧消费量 不再算数" in reply.text
    assert talk.known("fuel_burned/diesel") is None
    talk.say("撤回")
    assert talk.known("subject_qualified") is None
    assert talk.known("grid_power_in_mwh") == number("800000")
    talk.say("撤回")
    assert talk.known("grid_power_in_mwh") is None
    assert "没有可以撤回的" in talk.say("撤回").text


def test_undo_of_a_correction_brings_the_old_value_back() -> None:
    talk = Talk()
    talk.say("下网8亿度", "是", "不对，下网9亿度", "撤回")
    assert talk.scored()["grid_power_in_mwh"] == number("800000")


def test_undo_of_not_known_asks_again() -> None:
    talk = Talk().eligible()
    talk.say("没有")
    asked = talk.reply.asked
    talk.say("不知道")
    assert talk.reply.asked != asked
    talk.say("撤回")
    assert talk.reply.asked == asked


def test_undo_never_confirms_what_was_doubtful() -> None:
    talk = Talk()
    talk.say("下网大概8亿度", "不知道", "撤回", "是")
    assert "grid_power_in_mwh" not in talk.scored()


def test_a_blank_erases_nothing_and_confirms_nothing() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    reply = talk.say("  ")
    assert talk.scored() == {}
    assert talk.known("grid_power_in_mwh") == number("800000")
    assert reply.asked == "subject_qualified"
    talk.set("grid_power_in_mwh", " ")
    assert talk.known("grid_power_in_mwh") == number("800000")


# Doubtful values -----------------------------------------------------------------------------------------------------


def test_a_guess_needs_a_yes_and_is_marked() -> None:
    talk = Talk()
    reply = talk.say("下网大概8亿度")
    assert "约数" in reply.question
    talk.say("柴油1200吨")
    assert "约数" in talk.reply.question, "what else is said does not make a guess sure"
    talk.say("行")
    assert talk.scored()["grid_power_in_mwh"] == number("800000")
    assert "约数" in INTERVIEWER.park(talk.interview).facts["grid_power_in_mwh"].source


def test_the_exact_figure_takes_the_place_of_a_guess() -> None:
    talk = Talk()
    talk.say("下网大概8亿度", "8.13亿度", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("813000")


def test_a_range_is_no_figure() -> None:
    talk = Talk()
    assert "范围" in talk.say("下网3到4亿度").question
    assert talk.known("grid_power_in_mwh") is None
    talk.say("3.5亿度", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("350000")


def test_a_part_of_a_year_is_not_the_year() -> None:
    talk = Talk()
    assert "全年合计是多少" in talk.say("天然气一季度用了300万方").question
    talk.say("不知道", "是")
    assert "fuel_burned/natural_gas" not in talk.scored()


def test_parts_of_the_park_are_added_up_and_count_after_a_yes_alone() -> None:
    talk = Talk()
    question = talk.say("A片区下网3200万度，B片区1750万度").question
    assert "32,000 + 17,500 = 49,500 MWh" in question
    assert talk.known("grid_power_in_mwh") is None
    talk.say("对", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("49500")


def test_a_part_said_later_joins_the_sum() -> None:
    talk = Talk()
    talk.say("A厂柴油20吨，B厂柴油35吨")
    assert "20 + 35 + 12.5 = 67.5 t" in talk.say("C厂柴油12.5吨，D厂还没报").question


def test_parts_that_are_not_all_give_no_figure_but_the_total_does() -> None:
    talk = Talk()
    talk.say("A厂柴油20吨，B厂柴油35吨")
    assert "全年合计是多少" in talk.say("不是").question
    assert talk.known("fuel_burned/diesel") is None
    talk.say("一共80吨", "是")
    assert talk.scored()["fuel_burned/diesel"] == number("80")


def test_the_same_part_said_again_is_not_added() -> None:
    talk = Talk()
    talk.say("天然气一季度用了300万方")
    question = talk.say("不对，天然气一季度用了320万方").question
    assert "+" not in question


def test_parts_of_the_year_are_not_added() -> None:
    question = Talk().say("天然气一季度300万方，上半年620万方").question
    assert "+" not in question
    assert "全年合计是多少" in question


def test_a_yes_with_one_more_part_asks_again_with_all() -> None:
    talk = Talk()
    talk.say("A厂柴油20吨，B厂柴油35吨")
    assert "20 + 35 + 12 = 67 t" in talk.say("对，还有C厂柴油12吨").question
    assert talk.known("fuel_burned/diesel") is None


def test_a_part_that_is_put_right_changes_the_sum() -> None:
    talk = Talk()
    talk.say("甲厂柴油100吨，乙厂150吨，丙厂50吨")
    assert "100 + 180 + 50 = 330 t" in talk.say("乙厂说错了，是180吨").question
    assert talk.known("fuel_burned/diesel") is None


def test_other_data_answer_no_waiting_question() -> None:
    talk = Talk()
    talk.say("柴油350吨，汽油20吨")
    assert talk.known("subject_qualified") is None


def test_what_is_left_over_is_not_taken_from_store() -> None:
    talk = Talk()
    talk.say("固废产生12万吨，综合利用10万吨，剩下堆存2万吨")
    assert talk.known("solid_waste_from_stock_t") is None
    assert talk.known("solid_waste_used_t") == number("100000")


def test_a_sum_of_guesses_is_a_guess() -> None:
    talk = Talk()
    talk.say("A厂柴油大概20吨，B厂柴油35吨")
    assert "约数" in talk.say("对").question


def test_a_sum_does_not_silently_take_the_place_of_what_is_known() -> None:
    talk = Talk()
    talk.say("柴油80吨", "是", "A厂柴油20吨，B厂柴油35吨")
    assert "两个数" in talk.say("对").question


def test_a_part_whose_fact_is_open_stays_a_part_when_that_is_clear() -> None:
    talk = Talk()
    talk.say("A厂用电5000万度，B厂用电8000万度", "公共电网受入电量")
    assert "只是B厂的" in talk.say("公共电网受入电量").question
    assert talk.known("grid_power_in_mwh") is None


def test_none_is_no_level_that_says_there_is_something() -> None:
    talk = Talk("ceca-0344-2025")
    reply = talk.say("没有")
    assert talk.known(reply.asked) is None
    assert "0 级 有未整改的重大违法行为" in reply.text


def test_a_share_and_a_change_are_no_amounts() -> None:
    reply = Talk().say("八成五是绿电")
    assert "比例" in reply.text
    assert not reply.understood


def test_an_unclear_figure_is_asked_about() -> None:
    talk = Talk()
    reply = talk.say("去年用电3.2亿度")
    assert "是哪一项" in reply.question
    assert talk.known("grid_power_in_mwh") is None
    talk.say("公共电网受入电量", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("320000")


def test_what_smells_wrong_is_asked_about_and_kept_when_it_is_right() -> None:
    talk = Talk().eligible()
    talk.say("40万吨标准煤")
    reply = talk.say("下网1200度")
    assert "看起来不对" in reply.question or "漏写" in reply.question
    talk.say("对")
    assert talk.interview.pending, "a bare yes could mean both"
    talk.say("没错", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("1.2")
    assert "grid_power_in_mwh" in talk.interview.sound


def test_what_smells_wrong_can_be_put_right_as_suggested() -> None:
    talk = Talk().eligible()
    talk.say("40万吨标准煤", "下网1200度")
    suggested = talk.interview.pending[0].other
    assert suggested is not None
    talk.say("改", "是")
    assert talk.scored()["grid_power_in_mwh"] == suggested


def test_what_smells_wrong_and_is_not_known_no_longer_scores() -> None:
    talk = Talk().eligible()
    talk.say("下网1200度", "40万吨标准煤")
    assert talk.interview.pending
    smelling = talk.interview.pending[0].entry.fact
    talk.say("不知道", "是")
    assert smelling not in talk.scored()
    assert smelling in talk.interview.not_known()


def test_what_cannot_be_true_together_becomes_a_question() -> None:
    talk = Talk()
    talk.say("下网1亿度", "是")
    before = talk.scored()
    reply = talk.say("绿电交易2亿度")
    assert "对不上" in reply.question
    assert talk.scored().items() >= before.items()
    talk.say("绿电交易8000万度", "是")
    assert talk.scored()["traded_green_mwh"] == number("80000")
    assert not talk.interview.pending


def test_the_other_one_of_a_contradiction_can_be_put_right() -> None:
    talk = Talk()
    talk.say("下网1亿度", "是", "绿电交易2亿度", "下网是5亿度", "是")
    assert talk.scored()["grid_power_in_mwh"] == number("500000")
    assert talk.scored()["traded_green_mwh"] == number("200000")


def test_a_figure_the_rules_refuse_is_said_and_asked_again() -> None:
    talk = Talk()
    talk.interview = Interview.from_record(talk.interview.record() | {"asked": "worst_product_level"})
    reply = talk.say("9级")
    assert "超出可接受的范围" in reply.text
    assert talk.known("worst_product_level") is None


def test_a_figure_that_needs_a_source_is_asked_for_it() -> None:
    talk = Talk().eligible()
    talk.say("没有")
    assert "谁给的" in talk.say("0.3024 kgce/kWh").question
    talk.say("统计局电话答复")
    fact = INTERVIEWER.park(talk.interview).facts["power_equivalent_tce_per_mwh"]
    assert (fact.value, fact.source) == (number("0.3024"), "统计局电话答复")
    other = Talk().eligible()
    other.say("没有", "0.3024 kgce/kWh，统计局口径")
    assert not other.interview.pending


def test_no_source_no_value() -> None:
    talk = Talk().eligible()
    talk.say("没有", "0.3024 kgce/kWh", "不知道", "是")
    assert "power_equivalent_tce_per_mwh" not in talk.scored()


def test_a_figure_of_another_year_is_not_taken() -> None:
    talk = Talk(year=2025)
    assert "没有记" in talk.say("2024年下网8亿度").text
    assert talk.known("grid_power_in_mwh") is None
    unsaid = Talk(year=0)
    unsaid.say("2024年下网8亿度")
    assert unsaid.interview.year == 2024


# The table and files -------------------------------------------------------------------------------------------------


def test_the_table_sets_corrects_and_withdraws() -> None:
    talk = Talk()
    talk.set("grid_power_in_mwh", "8 亿kWh")
    assert talk.scored() == {"grid_power_in_mwh": number("800000")}
    talk.set("grid_power_in_mwh", "7 亿kWh")
    assert talk.scored() == {"grid_power_in_mwh": number("700000")}
    assert talk.interview.entries[-1].state == "corrected"
    assert "不能用" in talk.set("grid_power_in_mwh", "很多").text
    assert talk.scored() == {"grid_power_in_mwh": number("700000")}
    interview, _ = INTERVIEWER.withdraw(talk.interview, "grid_power_in_mwh", turn=9)
    assert not INTERVIEWER.park(interview).facts
    assert INTERVIEWER.withdraw(interview, "grid_power_in_mwh", turn=10)[0].entries == interview.entries


def test_the_table_asks_for_a_source_where_one_is_needed() -> None:
    talk = Talk()
    assert "写明来源" in talk.set("gas_counts_as_clean", "否").text
    talk.set("gas_counts_as_clean", "否", evidence="省发展改革委")
    assert talk.scored() == {"gas_counts_as_clean": False}


def test_one_waiting_value_can_be_confirmed_by_itself() -> None:
    talk = Talk()
    talk.say("下网8亿度，柴油1200吨")
    interview, _ = INTERVIEWER.confirm(talk.interview, "fuel_burned/diesel", turn=2)
    assert set(INTERVIEWER.park(interview).facts) == {"fuel_burned/diesel"}


def test_a_file_is_taken_with_its_cells_and_waits_like_all_else() -> None:
    talk = Talk()
    park = made_park()
    reply = talk.upload(Taken("park.xlsx", park.name, park))
    assert f"读到 {len(park.facts)} 项" in reply.text
    assert talk.scored() == {}
    talk.say("对")
    assert talk.scored().items() >= {"grid_power_in_mwh": number("1250000")}.items()
    assert talk.interview.standing()["grid_power_in_mwh"].origin.startswith("park.xlsx")


def test_a_file_against_what_was_said_is_asked_about() -> None:
    talk = Talk()
    talk.say("下网8亿度")
    park = made_park()
    talk.upload(Taken("park.xlsx", park.name, park))
    assert "到底是哪一个" in talk.reply.question
    talk.say("②")
    assert talk.scored()["grid_power_in_mwh"] == number("1250000")


def test_of_a_file_with_faults_nothing_is_taken() -> None:
    talk = Talk()
    before = talk.interview
    reply = talk.upload(Taken("park.xlsx", "", None, (Fault("用能!C7", "不是一个数。"),)))
    assert "用能!C7：不是一个数。" in reply.text
    assert talk.interview.entries == before.entries


def test_last_years_file_is_read_out_and_taken_over_on_request() -> None:
    talk = Talk(year=2026)
    park = made_park()
    reply = talk.upload(Taken("去年.xlsx", park.name, park))
    assert "当作去年的数" in reply.text
    assert talk.scored() == {}
    talk.eligible()
    talk.say("没有")
    assert "去年（2025年）是 0.3024 tce/MWh" in talk.reply.question
    talk.say("一样", "是")
    assert talk.scored()["power_equivalent_tce_per_mwh"] == number("0.3024")


# Settled and done ----------------------------------------------------------------------------------------------------


def test_a_settled_outcome_is_said_and_going_on_is_offered() -> None:
    talk = Talk()
    reply = talk.say("是", "没有")
    assert "结论已经定了" in reply.question
    assert not reply.asked
    reply = talk.say("对")
    assert "再怎么填也不会变" in reply.question
    assert reply.progress is not None
    assert reply.progress.final
    assert talk.say("继续").asked == "data_basis_sound"


def test_a_changed_outcome_is_said_again() -> None:
    talk = Talk()
    talk.say("是", "没有", "对", "继续")
    talk.set("boundary_clear", "是")
    assert talk.reply.progress is not None
    assert not talk.reply.progress.final
    talk.set("boundary_clear", "否")
    assert talk.reply.progress.final


def test_progress_counts_confirmed_values_and_names_what_is_open() -> None:
    talk = Talk().eligible()
    talk.say("没有")
    progress = INTERVIEWER.progress(talk.interview)
    assert progress.done == len(CONDITIONS)
    assert progress.of > progress.done
    assert "单位能耗碳排放" in progress.open
    assert ("建设范围明确", "met") in progress.settled
    assert progress.grades == ("核心指标未达到，原则上不得申请验收", "可以申请验收；引导指标全部达到或已说明原因")


def test_the_result_has_gaps_route_clauses_and_what_was_left_out() -> None:
    talk = Talk()
    park = made_park()
    talk.upload(Taken("park.xlsx", park.name, park))
    talk.say("对", "工业取水量大概400万立方米")
    result = INTERVIEWER.result(talk.interview)
    assert "没有达到" in result.text or "缺数据" in result.text
    assert "附件3" in result.text
    assert "没有确认、没有算进去的" in result.text
    assert any(one.document == "ndrc-2025-910-annex3" for one in result.references)
    assert "最近的路" in result.text


def test_a_guiding_indicator_can_be_excused_and_a_core_one_cannot() -> None:
    talk = Talk()
    interview, reply = INTERVIEWER.excuse(talk.interview, "waste_energy", "没有余热资源", turn=1)
    assert reply.progress is not None
    assert ("余热/余冷/余压综合利用率", "excused") in reply.progress.settled
    assert INTERVIEWER.excuse(interview, "carbon_per_energy", "难", turn=2)[0].excuses == interview.excuses
    assert not INTERVIEWER.excuse(interview, "waste_energy", "", turn=3)[0].excuses


def test_labels_and_units_come_from_the_rules() -> None:
    for key in ("grid_power_in_mwh", "fuel_burned/natural_gas", "product_output_t/clinker"):
        definition, unit = definition_of(key, RULES)
        assert definition.label
        assert unit


def test_by_other_rules_nothing_doubtful_slips_in() -> None:
    talk = Talk()
    talk.say("下网8亿度", "柴油大概1200吨")
    talk.interview, _ = INTERVIEWER.excuse(talk.interview, "waste_energy", "没有余热资源", turn=2)
    interview, reply = INTERVIEWER.by_other_rules(talk.interview, "jiangsu-2024", turn=3)
    assert interview.rules_id == "jiangsu-2024"
    assert set(interview.known()) == {"grid_power_in_mwh"}
    assert not interview.excuses
    assert reply.asked
    with pytest.raises(KeyError):
        INTERVIEWER.by_other_rules(talk.interview, "no-such-rules", turn=3)


# What nobody said ----------------------------------------------------------------------------------------------------


def test_another_figure_leaves_a_choice_open_and_loses_nothing() -> None:
    talk = Talk()
    talk.say("用电3.2亿度", "光伏自发自用800万度")
    assert [one.kind for one in talk.interview.pending] == ["choice"]
    assert "800万度" in talk.reply.text
    talk.say("第一个")
    known = talk.interview.known()
    assert known["grid_power_in_mwh"].value == 320000
    assert known["self_green_mwh"].value == 8000


def test_the_words_of_another_figure_answer_no_question() -> None:
    talk = Talk()
    talk.say("能耗 30万tce")
    assert set(talk.interview.known()) == {"energy_tce"}
    talk.say("全年用电3亿度", "第一个")
    assert "subject_qualified" not in talk.interview.known()
    talk.say("是的，天然气1500万方")
    assert talk.interview.known()["subject_qualified"].value is True


def test_agreeing_to_go_on_is_no_answer() -> None:
    talk = Talk()
    talk.say("好的，开始吧")
    assert not talk.interview.known()
    assert talk.reply.asked == "subject_qualified"
    talk.say("好的，是省级开发区")
    assert talk.interview.known()["subject_qualified"].value is True


def test_a_no_is_no_source() -> None:
    coefficient = "power_equivalent_tce_per_mwh"
    for answer in ("没有", "没有来源"):
        talk = Talk()
        talk.say("电力等价值折标系数0.3024 kgce/kWh")
        assert talk.interview.pending[0].kind == "evidence"
        assert "没有来源的" in talk.say(answer).text
        assert coefficient not in talk.interview.known()
    talk = Talk()
    talk.say("电力等价值折标系数0.3024 kgce/kWh", "不对", "对")
    assert talk.interview.pending
    assert coefficient not in talk.interview.standing()
    talk.say("统计局的口径")
    assert talk.interview.standing()[coefficient].evidence == "统计局的口径"


def test_no_total_is_taken_back_in_one_word() -> None:
    talk = Talk().eligible()
    assert talk.reply.asked == "energy_tce"
    talk.say("没有")
    assert talk.say("撤回").text.count("重新来问") == 1


def test_what_waits_for_an_answer_is_taken_back_first() -> None:
    talk = Talk()
    talk.say("天然气1500万方", "全年用电3亿度")
    assert talk.interview.pending
    talk.say("撤回")
    assert not talk.interview.pending
    assert "“用电3亿度”不再记" in talk.reply.text
    assert "fuel_burned/natural_gas" in talk.interview.known()
    talk.say("撤回")
    assert not talk.interview.known()


def test_a_no_of_a_file_is_not_told_as_zero() -> None:
    talk = Talk()
    park = made_park()  # two of its answers are 否, and neither is a zero
    talk.upload(Taken("park.xlsx", park.name, park))
    assert talk.reply.text.count("：否") == 2
    assert "“否”" not in talk.reply.text


def test_the_year_alone_is_taken_and_may_be_changed() -> None:
    talk = Talk(year=0)
    talk.say("2025年")
    assert talk.interview.year == 2025
    talk.say("下网电量5亿度", "改成2024年的数据")
    assert talk.interview.year == 2024
    assert "改按 2024 年" in talk.reply.text
    assert talk.interview.known()["grid_power_in_mwh"].value == 500000


def test_a_second_doubt_is_said_to_come_later() -> None:
    talk = Talk()
    talk.say("用电3.2亿度", "煤炭5万吨")
    assert "“煤炭5万吨”" in talk.reply.text
    assert len(talk.interview.pending) == 2


def test_a_message_that_changes_nothing_is_answered() -> None:
    talk = Talk()
    talk.say("能耗25万吨标煤")
    assert talk.say("国家级").lines
    assert talk.reply.asked == "subject_qualified"


def test_zeros_of_the_same_words_are_told_once_on_coming_back() -> None:
    talk = Talk()
    talk.say("没有煤")
    assert INTERVIEWER.resume(talk.interview)[1].text.count("没有煤") == 1


def test_an_objection_with_a_figure_is_no_answer_to_what_is_asked() -> None:
    talk = Talk()
    talk.say("是", "是", "有", "能耗25万吨标煤")
    assert talk.reply.asked == "no_major_accident_3y"
    talk.say("不对，26万")
    assert talk.known("no_major_accident_3y") is None
    assert talk.reply.question.startswith("年综合能源消费量")
    talk.say("26万吨标煤")
    assert talk.known("energy_tce") == 260000
    talk = Talk()
    talk.say("下网电量 5亿度", "不，是50万度")
    assert talk.known("subject_qualified") is None
    assert talk.interview.pending[0].kind == "choice"


def test_the_rest_of_another_section_is_not_the_rest_that_is_asked_for() -> None:
    talk = Talk().eligible()
    talk.say("能耗25万吨标煤")
    while talk.reply.asked != "waste_energy_complete":
        talk.say("不知道")
    talk.say("天然气1500万方，别的燃料没有")
    assert talk.known("fuel_complete") is True
    assert talk.known("waste_energy_complete") is None


def test_a_choice_of_one_is_taken_by_a_yes() -> None:
    talk = Talk()
    reply = talk.say("取水量320万")
    assert "3,200,000 m3" in reply.question
    assert len(talk.interview.pending[0].candidates) == 1
    talk.say("对")
    assert talk.known("fresh_water_m3") == 3200000
    talk.say("综合能耗35万", "不是")
    assert talk.known("energy_tce") is None
    assert not talk.interview.pending


def test_an_objection_with_the_figure_that_is_asked_for_gives_it() -> None:
    talk = Talk().eligible()
    assert talk.reply.asked == "energy_tce"
    talk.say("不，是26万吨标煤")
    assert talk.known("energy_tce") == 260000


# A talk that goes astray ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "value"), [("度", "320000"), ("①", "320000"), ("第二个", "320000000"), ("3.2亿kWh", "320000")]
)
def test_a_figure_without_a_unit_is_asked_for_it_where_a_thousand_lies_between(answer: str, value: str) -> None:
    talk = Talk()
    reply = talk.say("下网电量3.2亿")
    assert "没有说单位" in reply.question
    assert not talk.interview.known()
    talk.say(answer)
    assert talk.known("grid_power_in_mwh") == number(value)


def test_a_figure_without_a_unit_needs_none_where_only_one_is_in_use() -> None:
    talk = Talk().eligible()
    talk.say("35万")
    assert talk.known("energy_tce") == number("350000")


def test_a_choice_is_answered_by_any_name_and_a_guess_stays_one() -> None:
    talk = Talk()
    talk.say("我们去年用电大概3亿度")
    reply = talk.say("外购的")
    assert "约数" in reply.question
    talk.say("行")
    assert talk.scored() == {"grid_power_in_mwh": number("300000")}


def test_whose_figure_it_is_is_not_asked_a_third_time() -> None:
    talk = Talk()
    talk.say("用电3.2亿度")
    reply = talk.say("哦")
    assert "请说第几个" in reply.text
    assert talk.interview.pending
    reply = talk.say("哦哦")
    assert "先不记" in reply.text
    assert not talk.interview.pending
    assert reply.asked == "subject_qualified"


def test_what_is_put_right_before_it_is_clear_takes_the_place_of_the_first() -> None:
    talk = Talk()
    talk.say("用电3.2亿度", "不对，用电是3.5亿度")
    assert [one.entry.value for one in talk.interview.pending] == [number("350000")]


def test_something_else_that_is_not_known_leaves_the_doubt_open() -> None:
    talk = Talk()
    talk.say("柴油大概1200吨", "余热的不知道")
    assert [one.kind for one in talk.interview.pending] == ["about"]
    assert "waste_heat_used_gj" in talk.interview.not_known()


def test_much_that_is_taken_back_is_counted() -> None:
    talk = Talk()
    talk.say("煤没有")
    assert "等 10 项不再算数" in talk.say("撤回").text
    assert not talk.interview.known()


def test_the_same_question_is_asked_again_without_its_hints() -> None:
    talk = Talk().eligible()
    assert "在哪里找" in talk.reply.question
    reply = talk.say("柴油1000吨")
    assert reply.asked == "energy_tce"
    assert "在哪里找" not in reply.question
    assert reply.question.startswith("2025年园区一共消费了多少能源")


def test_that_going_on_confirms_is_said_once() -> None:
    talk = Talk()
    said = [talk.say(one).text.count("接着答就算确认") for one in ("是", "是", "柴油1000吨")]
    assert said == [1, 0, 0]


def test_what_waits_is_counted_apart_from_what_is_left() -> None:
    talk = Talk()
    park = made_park()
    progress = talk.upload(Taken("park.xlsx", park.name, park)).progress
    assert progress is not None
    left = progress.of - progress.done - len(progress.unconfirmed)
    assert (progress.done, len(progress.unconfirmed)) == (0, len(park.facts))
    assert f"等确认 {len(park.facts)} 项" in progress.text
    after = talk.say("对").progress
    assert after is not None
    assert (after.done, after.of - after.done) == (len(park.facts), left)


def test_an_objection_finds_the_value_by_a_piece_of_its_name() -> None:
    talk = Talk()
    talk.say("是", "是")
    reply = talk.say("不对，开发区那个说错了")
    assert "省级及以上开发区" in reply.question
    assert "是还是否" in reply.question
    talk.say("否")
    assert talk.known("subject_qualified") is False
    assert talk.known("boundary_clear") is True


def test_a_year_is_put_right_in_a_sentence_about_the_year() -> None:
    talk = Talk(year=2024)
    assert "2025" in talk.say("刚才那个年份错了，是2025").text
    assert talk.interview.year == 2025


@pytest.mark.parametrize("message", ["没有煤", "no coal", "没有用煤，柴油100吨"])
def test_nothing_of_something_else_is_no_answer_to_a_question_of_yes_or_no(message: str) -> None:
    talk = Talk()
    reply = talk.say(message)
    assert reply.asked == "subject_qualified"
    assert talk.known("subject_qualified") is None
    assert talk.known("fuel_burned/raw_coal") == 0


def test_nothing_of_something_else_is_no_missing_total() -> None:
    talk = Talk().eligible()
    assert talk.reply.asked == "energy_tce"
    assert talk.say("没有煤").asked == "energy_tce"
    assert "energy_tce" not in talk.interview.not_known()


def test_not_knowing_whether_all_is_right_confirms_nothing() -> None:
    talk = Talk()
    talk.say("否")
    assert "对就说" in talk.reply.question
    talk.say("不知道")
    assert not talk.scored()


@pytest.mark.parametrize("message", ["上一题改成2", "改成2级", "刚才那个改成2"])
def test_a_change_without_a_name_is_of_the_value_said_last(message: str) -> None:
    talk = Talk("ceca-0344-2025")
    talk.say("3")
    first, second = talk.interview.entries[-1].fact, talk.reply.asked
    figures = said_in(message, RULES, asked=second)
    talk.interview, _ = INTERVIEWER.take(talk.interview, Heard(message, "correct", figures), turn=9)
    assert talk.known(first) == 2
    assert talk.known(second) is None


def test_a_result_with_much_missing_stays_short() -> None:
    talk = Talk("ceca-0344-2025")
    lines = INTERVIEWER.result(talk.interview).lines
    assert sum(one.startswith("【缺数据】") for one in lines) == 11
    assert any("另外 28 项" in one for one in lines)
