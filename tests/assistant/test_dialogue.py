"""The conversation: kept after every turn, shared with no other, killed without harm; and its list and export."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from model_server import Manner, ModelServer

from assistant.advisor import Advisor
from assistant.conversations import FILE_NAME, Conversations
from assistant.dialogue import Dialogue
from assistant.errors import DialogueError
from assistant.measure_dialogue import kill_and_resume, script
from assistant.rewriting import signs
from assistant.turns import Turn
from assistant.writer import open_writer
from scoring.assess import assess
from scoring.cells import Given
from scoring.load import load_rules
from scoring.template import write_template

RULES = load_rules()
LIMIT = "国家级零碳园区的清洁能源消费占比要达到多少？"
FIGURES = "开始自评，下网电量3.2亿度，柴油100吨"


@pytest.fixture
def dialogue(advisor: Advisor, tmp_path: Path) -> Iterator[Dialogue]:
    made = Dialogue(advisor, RULES, tmp_path)
    yield made
    made.close()


def test_a_turn_is_saved_as_plain_json_and_read_back(dialogue: Dialogue, tmp_path: Path) -> None:
    key = dialogue.new()
    turns = [dialogue.turn(key, message) for message in (LIMIT, FIGURES, "是")]
    assert dialogue.turns(key) == tuple(turns)
    assert [one.number for one in turns] == [1, 2, 3]
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        rows = database.execute("SELECT type, checkpoint FROM checkpoints").fetchall()
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(rows) == 3
    assert {kind for kind, _ in rows} == {"json"}
    kept = set(json.loads(rows[-1][1])["channel_values"])
    assert kept <= {"number", "turn", "interview", "open", "context", "recent"} | {
        one for one in kept if one.startswith("branch:")
    }


def test_a_new_process_goes_on_where_the_last_one_was(advisor: Advisor, dialogue: Dialogue, tmp_path: Path) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    before = dialogue.interview(key)
    other = Dialogue(advisor, RULES, tmp_path)
    assert other.interview(key) == before
    turn = other.turn(key, "是")
    assert turn.number == 2
    interview = other.interview(key)
    assert interview is not None
    assert set(interview.standing()) == {"grid_power_in_mwh", "fuel_burned/diesel"}
    other.close()


@pytest.fixture
def top(dialogue: Dialogue, tmp_path: Path) -> tuple[Dialogue, str]:
    """A conversation with a sheet that reaches the highest level, nothing left to ask."""
    sheet = tmp_path / "park.xlsx"
    write_template(sheet, RULES, rubric="national-2025", filled=True)
    key = dialogue.new()
    dialogue.turn(key, "", files=[Given.of(sheet)])
    return dialogue, key


def test_a_sheet_is_said_back_by_section_with_its_count_first(top: tuple[Dialogue, str]) -> None:
    (turn,) = top[0].turns(top[1])
    lines = turn.reply.split("\n")
    assert lines[1] == "记下了 40 项："
    sections = [line for line in lines if line.startswith("【")]
    assert [line[1 : line.index("】")] for line in sections][:3] == ["基本条件", "能源总量", "电力"]
    assert len(sections) == 10
    told = [one for line in sections for one in line.split("；")]
    assert "“0 张”" in next(one for one in told if "等 3 项都记 0" in one)
    assert len(told) + 2 == len(turn.understood) == 40


def test_at_the_highest_level_no_next_one_is_offered(top: tuple[Dialogue, str]) -> None:
    dialogue, key = top
    done = dialogue.turn(key, "对")
    assert "已经是最高一级" in done.reply
    result = dialogue.turn(key, "看结果")
    for turn in (done, result):
        assert "怎样才能到下一级" not in turn.buttons
        assert "下载报告" in turn.buttons
    *_, compare, suppose = result.buttons
    assert dialogue.turn(key, compare).intent == "compare_rules"
    supposed = dialogue.turn(key, suppose)
    assert supposed.intent == "what_if"
    assert "715000 MWh" in supposed.reply.replace(",", "")
    assert "没有变" in dialogue.turn(key, "没有").reply


def test_below_the_highest_level_the_way_up_is_offered(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    dialogue.turn(key, "是")
    dialogue.turn(key, "先到这里")
    assert "怎样才能到下一级" in dialogue.turn(key, "看结果").buttons


def test_after_the_result_going_on_asks_and_takes_the_answer(dialogue: Dialogue) -> None:
    key = dialogue.new()
    for message in (FIGURES, "不是", "对"):
        turn = dialogue.turn(key, message)
    assert "看结果" in turn.buttons
    assert not dialogue.turn(key, "看结果").question
    assert "范围明确" in dialogue.turn(key, "继续").question
    dialogue.turn(key, "是")
    interview = dialogue.interview(key)
    assert interview is not None
    assert interview.known()["boundary_clear"].value is True


def test_the_opening_is_said_once_in_a_conversation(dialogue: Dialogue) -> None:
    key = dialogue.new()
    begun = [dialogue.turn(key, one).reply for one in ("开始自评", "从头来", "开始自评", "换成江苏的来评", "从头来")]
    begun.append(dialogue.begin(key, "hunan-2025").reply)
    assert [one.count("知道的数一次说几个都行") for one in begun] == [1, 0, 0, 0, 0, 0]
    assert all(len(one) < 120 for one in begun[1:])


def test_the_park_of_the_interview_is_graded_like_any_other(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    turn = dialogue.turn(key, "是")
    interview = dialogue.interview(key)
    assert interview is not None
    park = dialogue.interviewer.park(interview)
    found = assess(park, RULES.rubric("national-2025"), RULES)
    assert found.grades is not None
    assert all(one.label in turn.level for one in found.grades)
    assert turn.progress is not None
    assert turn.progress["done"] == len(park.facts)


def test_two_conversations_never_see_each_other(dialogue: Dialogue) -> None:
    one, other = dialogue.new(), dialogue.new()
    dialogue.turn(one, FIGURES)
    dialogue.turn(other, LIMIT)
    dialogue.turn(one, "是")
    assert dialogue.interview(other) is None
    assert [t.number for t in dialogue.turns(other)] == [1]
    follow = dialogue.turn(one, "那水重复利用率呢")
    assert "80%" not in follow.reply or follow.citations


def test_twenty_conversations_at_once_keep_apart(dialogue: Dialogue) -> None:
    keys = [dialogue.new() for _ in range(20)]
    errors: list[BaseException] = []

    def talk(number: int, key: str) -> None:
        try:
            dialogue.turn(key, f"开始自评，柴油{number + 1}00吨")
            dialogue.turn(key, "是")
        except BaseException as error:  # noqa: BLE001 - whatever a thread raises fails the test
            errors.append(error)

    threads = [threading.Thread(target=talk, args=pair) for pair in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for number, key in enumerate(keys):
        interview = dialogue.interview(key)
        assert interview is not None
        assert interview.standing()["fuel_burned/diesel"].value == (number + 1) * 100
        assert [t.number for t in dialogue.turns(key)] == [1, 2]


def test_turns_of_one_conversation_from_two_threads_come_one_after_the_other(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, "开始自评")
    words = ["柴油100吨", "下网电量3.2亿度", "绿电交易2亿度", "工业取水量320万方"]
    threads = [threading.Thread(target=dialogue.turn, args=(key, one)) for one in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns = dialogue.turns(key)
    assert [one.number for one in turns] == [1, 2, 3, 4, 5]
    assert {one.user for one in turns[1:]} == set(words)
    interview = dialogue.interview(key)
    assert interview is not None
    assert len(interview.known()) == 4


def test_processes_killed_midway_lose_and_double_nothing(advisor: Advisor) -> None:
    early, damaged = kill_and_resume(advisor, RULES, 5, seed=random.randrange(10**6))
    assert damaged == []
    assert early >= 1
    assert len(script()) >= 20


def test_a_turn_that_fails_leaves_the_conversation_as_it_was(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = dialogue.new()
    dialogue.turn(key, FIGURES)
    before = dialogue.interview(key)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    with monkeypatch.context() as patched:
        patched.setattr(dialogue.interviewer, "take", broken)
        with pytest.raises(RuntimeError):
            dialogue.turn(key, "是")
    assert dialogue.interview(key) == before
    assert [one.number for one in dialogue.turns(key)] == [1]
    assert dialogue.turn(key, "是").number == 2


def test_an_answer_that_is_not_waited_for_is_not_kept(dialogue: Dialogue, advisor: Advisor, tmp_path: Path) -> None:
    """Whoever stops it waits no longer, and the next turn comes as if it had never been asked."""
    with ModelServer([Manner("根据规定，国家级零碳园区的清洁能源消费占比，" * 50, pause=0.05)]) as server:
        slow = Dialogue(advisor, RULES, tmp_path, open_writer(server.base_url, "m", timeout=30))
        key = slow.new()
        stream = slow.stream(key, LIMIT)
        assert isinstance(next(stream), str)
        started = time.monotonic()
        stream.close()
        assert time.monotonic() - started < 2
        assert slow.turns(key) == ()
        slow.close()
    assert dialogue.turn(key, LIMIT).number == 1


# The list -----------------------------------------------------------------------------------------------------------


def test_the_list_names_renames_and_deletes(dialogue: Dialogue, tmp_path: Path) -> None:
    first, second = dialogue.new(), dialogue.new("我的自评")
    dialogue.turn(second, FIGURES)
    dialogue.turn(first, f"{LIMIT}\n还有别的吗" + "长" * 80)
    titles = {one.id: one.title for one in dialogue.list()}
    assert next(iter(titles)) == first
    assert titles[second] == "我的自评"
    assert titles[first].startswith(LIMIT)
    assert len(titles[first]) <= 40
    dialogue.rename(first, "  问政策\x00 ")
    dialogue.rename(second, "   ")
    assert {one.title for one in dialogue.list()} == {"问政策", "我的自评"}
    dialogue.delete(second)
    assert [one.id for one in dialogue.list()] == [first]
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        for table in ("checkpoints", "writes"):
            left = database.execute(f"SELECT count(*) FROM {table} WHERE thread_id = ?", (second,)).fetchone()
            assert left == (0,)


def test_what_is_not_there_is_said(dialogue: Dialogue, tmp_path: Path) -> None:
    for call in (dialogue.turns, dialogue.delete, dialogue.interview, lambda key: dialogue.turn(key, "你好")):
        with pytest.raises(DialogueError, match="没有编号"):
            call("x")
    with pytest.raises(DialogueError, match="没有规则"):
        dialogue.begin(dialogue.new(), "national-2099")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / FILE_NAME).write_bytes(b"not a database, not even nearly" * 100)
    with pytest.raises(DialogueError, match="读不了"):
        Conversations(tmp_path / "broken")


def test_a_conversation_is_exported_as_markdown_without_markup_from_outside(dialogue: Dialogue) -> None:
    key = dialogue.new()
    dialogue.turn(key, LIMIT)
    dialogue.turn(key, "开始自评，柴油100吨 <img src=x> **粗** [点](http://x)\n# 标题")
    text = dialogue.exported(key, now=datetime(2026, 11, 25, 9, 30))
    assert text.startswith("# 国家级零碳园区的清洁能源消费占比")
    assert "2026-11-25 09:30" in text
    assert "90%" in text
    assert "柴油" in text
    assert "<img" not in text
    assert "\n# 标题" not in text
    assert "\\*\\*粗\\*\\*" in text
    assert "\\[点\\]" in text


# The table of values ------------------------------------------------------------------------------------------------


def test_values_are_set_confirmed_and_withdrawn_from_the_table(dialogue: Dialogue) -> None:
    key = dialogue.new()
    assert dialogue.begin(key, "national-2025").question
    turn = dialogue.edit(key, "set", "fuel_burned/diesel", "3200 t")
    assert turn.intent == "edit"
    assert [(one["fact"], one["value"]) for one in turn.understood][-1] == ("fuel_burned/diesel", "3200")
    assert dialogue.edit(key, "set", "fuel_burned/diesel", " ").understood == []
    interview = dialogue.interview(key)
    assert interview is not None
    assert interview.standing()["fuel_burned/diesel"].value == 3200
    dialogue.edit(key, "withdraw", "fuel_burned/diesel")
    interview = dialogue.interview(key)
    assert interview is not None
    assert "fuel_burned/diesel" not in interview.known()


# With a model -------------------------------------------------------------------------------------------------------


def talk(dialogue: Dialogue, message: str) -> tuple[Turn, list[str]]:
    events = list(dialogue.stream(dialogue.new(), message))
    *shown, turn = events
    assert isinstance(turn, Turn)
    return turn, [one for one in shown if isinstance(one, str)]


def test_a_model_phrases_the_answer_and_the_guard_reads_it(
    advisor: Advisor, dialogue: Dialogue, tmp_path: Path
) -> None:
    grounded = dialogue.turn(dialogue.new(), LIMIT)
    lines = grounded.reply.split("\n")
    with ModelServer(["具体来说，" + lines[0] + "另外，必须上交八百万元保证金。"]) as server:
        spoken = Dialogue(advisor, RULES, tmp_path, open_writer(server.base_url, "m", timeout=20))
        turn, shown = talk(spoken, LIMIT)
        spoken.close()
    assert turn.reply.startswith("具体来说，")
    assert "保证金" not in turn.reply + "".join(shown)
    assert shown
    assert turn.reply.startswith(shown[0])
    assert turn.citations == grounded.citations
    assert all(one in turn.reply for one in ("90%", *(f"[{c['mark']}]" for c in turn.citations)))


@pytest.mark.parametrize(
    ("manner", "note"), [(Manner(status=429), "busy"), (Manner(kind="hang"), "timeout"), (Manner(""), "empty")]
)
def test_without_the_model_the_grounded_answer_stands_with_a_note(
    advisor: Advisor, dialogue: Dialogue, tmp_path: Path, manner: Manner, note: str
) -> None:
    grounded = dialogue.turn(dialogue.new(), LIMIT)
    with ModelServer([manner]) as server:
        spoken = Dialogue(
            advisor, RULES, tmp_path, open_writer(server.base_url, "m", timeout=0.8 if note == "timeout" else 20)
        )
        turn, _ = talk(spoken, LIMIT)
        spoken.close()
    assert turn.reply == grounded.reply
    assert turn.citations == grounded.citations
    assert [*grounded.notes, signs()["notes"][note]] == turn.notes


def test_a_model_helps_where_the_rules_are_unsure_and_invents_no_value(advisor: Advisor, tmp_path: Path) -> None:
    def answer(request: dict[str, object]) -> str:
        return json.dumps(
            {
                "intent": "assess",
                "figures": [
                    {"fact": "grid_power_in_mwh", "raw": "四亿度"},
                    {"fact": "fresh_water_m3", "raw": "帮我们看看"},
                ],
            }
        )

    with ModelServer(answer) as server:
        spoken = Dialogue(advisor, RULES, tmp_path, open_writer(server.base_url, "m", timeout=20))
        key = spoken.new()
        turn = spoken.turn(key, "帮我们看看自己到什么程度了")
        interview = spoken.interview(key)
        spoken.close()
    assert turn.understood == []
    assert interview is None or interview.known() == {}


def test_a_conversation_held_by_another_process_is_waited_for_and_then_said(
    dialogue: Dialogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.conversations._WAIT_SECONDS", 0.2)
    key = dialogue.new()
    with Conversations(tmp_path).at_work(key), pytest.raises(DialogueError, match="正在别处"):
        dialogue.turn(key, "你好")
    assert dialogue.turn(key, "你好").number == 1


def test_thanks_between_two_answers_is_no_answer(dialogue: Dialogue) -> None:
    key = dialogue.new()
    asked = dialogue.turn(key, FIGURES).question
    turn = dialogue.turn(key, "谢谢")
    assert len(turn.reply) < 20
    assert turn.question == asked
    report = dialogue.turn(key, "下载报告")
    assert "2 个数还没有确认" in report.reply


@pytest.mark.parametrize("message", ["怎么上传", "有没有模板", "我把表发给你", "填报表在哪下载？"])
def test_how_a_sheet_is_handed_in_is_told(dialogue: Dialogue, message: str) -> None:
    assert "advisor template" in dialogue.turn(dialogue.new(), message).reply
