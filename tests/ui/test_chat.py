"""What the buttons of the tab 问政策 do, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from conftest import LIMIT, FakeAdvisor

from assistant.advisor import LONGEST_QUESTION
from ui.chat import Chat, regions
from ui.session import Session
from ui.texts import read_texts

TEXTS = read_texts()


@pytest.fixture
def chat(advisor: FakeAdvisor, tmp_path: Path) -> Chat:
    return Chat(advisor, TEXTS, home=tmp_path, pause=0)


def said(chat: Chat, *questions: str, region: str = "") -> Session:
    session = Session()
    for question in questions:
        *_, (session, *_rest) = chat.ask(session, question, region)
    return session


def clicked(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def test_an_answer_comes_sentence_by_sentence(chat: Chat) -> None:
    steps = [session for session, *_ in chat.ask(Session(), "限值", "")]
    assert [s.turns[-1].shown for s in steps] == [0, 1, 2, 2]
    assert [s.busy for s in steps] == [True, True, False, False]


def test_a_follow_up_hands_the_earlier_answers_over(chat: Chat, advisor: FakeAdvisor) -> None:
    said(chat, "限值", "补贴", region="江苏")
    assert advisor.asked == [("限值", "江苏", ()), ("补贴", "江苏", ("限值",))]


def test_retry_asks_the_last_question_again_with_the_same_past(chat: Chat, advisor: FakeAdvisor) -> None:
    session = said(chat, "限值", "补贴", region="江苏")
    *_, (session, *_rest) = chat.retry(session)
    assert advisor.asked[-1] == advisor.asked[-2]
    assert [t.question for t in session.turns] == ["限值", "补贴"]


def test_undo_gives_the_question_back_to_the_box(chat: Chat) -> None:
    session, _, _, box = chat.undo(said(chat, "限值", "补贴"))
    assert [t.question for t in session.turns] == ["限值"]
    assert box["value"] == "补贴"


def test_clear_forgets_everything(chat: Chat) -> None:
    assert chat.clear()[0] == Session()


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_gets_one_sentence_and_is_not_asked(chat: Chat, advisor: FakeAdvisor, question: str) -> None:
    [(session, _, remark, _)] = chat.ask(Session(), question, "")
    assert TEXTS.empty_question in remark
    assert not session.turns
    assert not advisor.asked


def test_a_question_at_the_limit_is_asked_and_one_character_more_is_not(chat: Chat, advisor: FakeAdvisor) -> None:
    said(chat, "问" * LONGEST_QUESTION)
    assert len(advisor.asked) == 1
    [(_, _, remark, _)] = chat.ask(Session(), "问" * (LONGEST_QUESTION + 1), "")
    assert f"{LONGEST_QUESTION + 1:,}" in remark
    assert len(advisor.asked) == 1


def test_a_fault_of_the_advisor_becomes_one_sentence_and_the_talk_goes_on(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    session = said(chat, "坏", "限值")
    assert [t.progress for t in session.turns] == ["failed", "done"]
    assert "broken on purpose" in caplog.text


def test_a_second_question_waits_for_the_first(chat: Chat, advisor: FakeAdvisor) -> None:
    busy = Session().with_question("限值", "")
    [(session, *_)] = chat.ask(busy, "补贴", "")
    assert session == busy
    assert not advisor.asked


def test_stop_keeps_the_part_that_came(chat: Chat) -> None:
    answering = [s for s, *_ in chat.ask(Session(), "限值", "")][1]
    session, *_ = chat.stop(answering)
    assert (session.turns[-1].progress, session.turns[-1].shown) == ("stopped", 1)


def test_a_thumb_up_is_kept_once(chat: Chat, tmp_path: Path) -> None:
    session, *_ = chat.vote(said(chat, "限值"), clicked(turn=0, vote="up"))
    assert session.turns[0].vote == "up"
    chat.vote(session, clicked(turn=0, vote="up"))
    assert len((tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("turn", [-1, 1, "0", None, True])
def test_a_vote_on_no_turn_of_the_talk_is_ignored(chat: Chat, tmp_path: Path, turn: object) -> None:
    session = said(chat, "限值")
    assert chat.vote(session, clicked(turn=turn, vote="up"))[0] == session
    assert chat.reason(session, clicked(turn=turn, text="x"))[0] == session
    assert not (tmp_path / "feedback.jsonl").exists()


def test_feedback_that_cannot_be_kept_is_said_and_can_be_tried_again(advisor: FakeAdvisor, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    chat = Chat(advisor, TEXTS, home=blocked, pause=0)
    session, _, remark = chat.vote(said(chat, "限值"), clicked(turn=0, vote="up"))
    assert "a file" in remark
    assert session.turns[0].vote == ""


def test_a_passage_that_is_not_in_the_library_opens_nothing(chat: Chat) -> None:
    assert "<mark" in chat.open_source(clicked(passage=LIMIT))
    assert chat.open_source(clicked(passage="no-such#thing")) == gr.update()


def test_nothing_said_is_nothing_to_export(chat: Chat) -> None:
    name, text, remark = chat.export(Session())
    assert (name, text) == ("", "")
    assert TEXTS.nothing_to_export in remark


def test_regions_begin_with_the_whole_country_and_put_cities_below_their_province(advisor: FakeAdvisor) -> None:
    choices = regions(advisor.library, TEXTS)
    values = [value for _, value in choices]
    assert choices[0] == (TEXTS.region_any, "")
    assert len(values) == len(set(values))
    assert "国际" not in values
    for value in values:
        if "/" in value:
            assert values.index(value) > values.index(value.split("/")[0])
