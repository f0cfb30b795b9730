"""What the buttons of the tab 问顾问 do, without a browser."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from conftest import HOSTILE, LIMIT, FakeAdvisor

from assistant.dialogue import LONGEST_MESSAGE, Dialogue
from scoring.load import load_rules
from ui.chat import Chat
from ui.session import Session
from ui.talk_page import regions
from ui.talk_texts import read_talk_texts
from ui.texts import read_texts

TEXTS, MORE = read_texts(), read_talk_texts()
RULES = load_rules()
FIGURES = "开始自评，下网电量3.2亿度，柴油100吨"
LIMIT_ASKED, SUBSIDY_ASKED = "国家级零碳园区的限值是多少？", "国家级零碳园区有补贴吗？"


@pytest.fixture
def dialogue(advisor: FakeAdvisor, tmp_path: Path) -> Iterator[Dialogue]:
    made = Dialogue(advisor, RULES, tmp_path)  # type: ignore[arg-type]
    yield made
    made.close()


@pytest.fixture
def chat(advisor: FakeAdvisor, dialogue: Dialogue, tmp_path: Path) -> Chat:
    return Chat(advisor, dialogue, TEXTS, MORE, home=tmp_path, pause=0)


def said(chat: Chat, *messages: str, region: str = "", session: Session | None = None) -> Session:
    session = session or Session()
    for message in messages:
        *_, (session, *_rest) = chat.ask(session, message, region)
    return session


def clicked(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def test_an_answer_comes_sentence_by_sentence_and_is_kept(chat: Chat, dialogue: Dialogue) -> None:
    steps = [session for session, *_ in chat.ask(Session(), LIMIT_ASKED, "")]
    assert [s.busy for s in steps] == [True, True, False, False]
    assert steps[1].shown == 1
    assert dialogue.turns(steps[-1].key) == steps[-1].turns


def test_the_region_reaches_the_advisor_and_stays_with_the_turn(chat: Chat, advisor: FakeAdvisor) -> None:
    session = said(chat, LIMIT_ASKED, SUBSIDY_ASKED, region="江苏")
    assert [one[:2] for one in advisor.asked] == [(LIMIT_ASKED, "江苏"), (SUBSIDY_ASKED, "江苏")]
    assert [one.region for one in session.turns] == ["江苏", "江苏"]


def test_retry_asks_the_last_question_again(chat: Chat, advisor: FakeAdvisor) -> None:
    session = said(chat, LIMIT_ASKED)
    *_, (session, *_rest) = chat.retry(session, "")
    assert [one.user for one in session.turns] == [LIMIT_ASKED, LIMIT_ASKED]
    assert advisor.asked[-1][0] == LIMIT_ASKED


def test_a_new_conversation_leaves_the_old_one_in_the_list(chat: Chat, dialogue: Dialogue) -> None:
    old = said(chat, LIMIT_ASKED)
    assert chat.clear()[0] == Session()
    new = said(chat, SUBSIDY_ASKED)
    assert [one.id for one in dialogue.list()] == [new.key, old.key]
    assert [one.user for one in new.turns] == [SUBSIDY_ASKED]


@pytest.mark.parametrize("message", ["", "  \n "])
def test_an_empty_message_gets_one_sentence_and_makes_no_conversation(
    chat: Chat, dialogue: Dialogue, message: str
) -> None:
    [(session, _, remark, *_)] = chat.ask(Session(), message, "")
    assert TEXTS.empty_question in remark
    assert session == Session()
    assert not dialogue.list()


def test_a_message_one_character_too_long_is_not_taken(chat: Chat, dialogue: Dialogue) -> None:
    [(_, _, remark, *_)] = chat.ask(Session(), "问" * (LONGEST_MESSAGE + 1), "")
    assert f"{LONGEST_MESSAGE + 1:,}" in remark
    assert not dialogue.list()


def test_a_fault_becomes_one_sentence_and_the_talk_goes_on(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    session = said(chat, "国家级零碳园区的指标坏了吗？")
    assert session.coming is not None
    assert session.coming.progress == "failed"
    assert "broken on purpose" in caplog.text
    session = said(chat, LIMIT_ASKED, session=session)
    assert [one.user for one in session.turns] == [LIMIT_ASKED]


def test_a_second_message_waits_for_the_first(chat: Chat, advisor: FakeAdvisor) -> None:
    busy = Session().asking("", LIMIT_ASKED)
    [(session, *_)] = chat.ask(busy, SUBSIDY_ASKED, "")
    assert session == busy
    assert not advisor.asked


def test_stop_keeps_the_part_that_came(chat: Chat) -> None:
    steps = [s for s, *_ in chat.ask(Session(), LIMIT_ASKED, "")]
    session, *_ = chat.stop(steps[1])
    assert not session.busy
    assert session.turns[-1].reply == steps[-1].turns[-1].reply.split("\n")[0]
    assert session.cut == {1}


def test_figures_stand_in_the_table_and_can_be_confirmed_changed_and_withdrawn(chat: Chat) -> None:
    session = said(chat, FIGURES)
    markup = chat.screen.side.interview(chat.dialogue.interview(session.key), session.turns)
    assert "320,000 MWh" in markup
    assert MORE.states["said"] in markup
    step = chat.edit(session, "", clicked(kind="confirm", fact=""))
    assert MORE.states["confirmed"] in step[4]
    step = chat.edit(step[0], "", clicked(kind="set", fact="fuel_burned/diesel", text="120吨", evidence="台账"))
    interview = chat.dialogue.interview(session.key)
    assert interview is not None
    assert str(interview.standing()["fuel_burned/diesel"].value) == "120"
    assert MORE.states["corrected"] in step[4]
    step = chat.edit(step[0], "", clicked(kind="withdraw", fact="grid_power_in_mwh"))
    interview = chat.dialogue.interview(session.key)
    assert interview is not None
    assert set(interview.standing()) == {"fuel_burned/diesel"}
    assert "320,000" not in step[4]


@pytest.mark.parametrize("event", [{"kind": "drop"}, {"kind": "set", "fact": "no_such", "text": "1"}, {"kind": None}])
def test_what_a_browser_makes_up_changes_nothing(chat: Chat, event: dict[str, Any]) -> None:
    session = said(chat, FIGURES, "对")
    before = chat.dialogue.interview(session.key)
    chat.edit(session, "", clicked(**event))
    assert chat.dialogue.interview(session.key) == before


def test_the_report_is_made_of_confirmed_values_and_refused_without_any(chat: Chat) -> None:
    name, coded, remark = chat.files.report(said(chat, LIMIT_ASKED), clicked(kind="docx"))
    assert (name, coded) == ("", "")
    assert MORE.report_none in remark
    session = said(chat, FIGURES, "对")
    name, coded, remark = chat.files.report(session, clicked(kind="html"))
    assert name.endswith(".html")
    assert not remark
    assert RULES.rubric("national-2025").title in base64.b64decode(coded).decode("utf-8")
    assert chat.files.report(session, clicked(kind="exe"))[0] == ""


def test_a_window_that_lost_its_state_goes_on_with_its_conversation(chat: Chat, dialogue: Dialogue) -> None:
    key = said(chat, FIGURES, "对").key
    session, markup, *_ = chat.load(Session(), key)
    assert [one.number for one in session.turns] == [1, 2]
    assert MORE.resumed in markup
    *_, (session, *_rest) = chat.ask(Session(), SUBSIDY_ASKED, "", key)
    assert (session.key, [one.number for one in session.turns]) == (key, [1, 2, 3])
    assert len(dialogue.list()) == 1


def test_a_deleted_conversation_is_gone_and_the_screen_begins_afresh(chat: Chat, dialogue: Dialogue) -> None:
    other = said(chat, SUBSIDY_ASKED)
    session = said(chat, LIMIT_ASKED)
    assert chat.rename(session, clicked(id=other.key, title="<b>甲"))[2] == ""
    assert {one.title for one in dialogue.list()} >= {"<b>甲"}
    assert chat.delete(session, clicked(id=other.key))[0] == session
    assert chat.delete(session, clicked(id=session.key))[0] == Session()
    assert not dialogue.list()
    assert chat.load(Session(), session.key)[0] == gr.update()
    assert session.key in chat.rename(session, clicked(id=session.key, title="x"))[2]


@pytest.mark.parametrize("kind", ["docx", "md"])
def test_a_conversation_goes_out_whole_with_hostile_words_as_text(chat: Chat, kind: str) -> None:
    session = said(chat, f"{HOSTILE}\x07 限值是多少？", SUBSIDY_ASKED)
    name, coded, remark = chat.files.save(session, clicked(id=session.key, kind=kind))
    assert name.endswith(f".{kind}")
    assert not remark
    content = base64.b64decode(coded)
    if kind == "docx":
        import docx

        text = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
        assert HOSTILE in text
    else:
        text = content.decode("utf-8")
        assert "<script>" not in text
    assert session.turns[1].citations[0]["title"] in text


def test_nothing_said_is_nothing_to_export(chat: Chat) -> None:
    name, coded, remark = chat.files.export(Session())
    assert (name, coded) == ("", "")
    assert TEXTS.nothing_to_export in remark


def test_a_thumb_up_is_kept_once(chat: Chat, tmp_path: Path) -> None:
    session, *_ = chat.reading.vote(said(chat, LIMIT_ASKED), clicked(turn=1, vote="up"))
    assert session.vote_on(1) == "up"
    chat.reading.vote(session, clicked(turn=1, vote="up"))
    assert len((tmp_path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("turn", [-1, 0, 2, "1", None, True])
def test_a_vote_on_no_turn_of_the_talk_is_ignored(chat: Chat, tmp_path: Path, turn: object) -> None:
    session = said(chat, LIMIT_ASKED)
    assert chat.reading.vote(session, clicked(turn=turn, vote="up"))[0] == session
    assert chat.reading.reason(session, clicked(turn=turn, text="x"))[0] == session
    assert not (tmp_path / "feedback.jsonl").exists()


def test_feedback_that_cannot_be_kept_is_said_and_can_be_tried_again(
    advisor: FakeAdvisor, dialogue: Dialogue, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    chat = Chat(advisor, dialogue, TEXTS, MORE, home=blocked, pause=0)
    session, _, remark = chat.reading.vote(said(chat, LIMIT_ASKED), clicked(turn=1, vote="up"))
    assert "a file" in remark
    assert session.vote_on(1) == ""


def test_a_source_opens_by_passage_and_by_clause_and_nothing_else_does(chat: Chat) -> None:
    assert "<mark" in chat.reading.open_source(clicked(passage=LIMIT))
    assert "<mark" in chat.reading.open_source(clicked(document="ndrc-2025-910", place="no such clause"))
    assert chat.reading.open_source(clicked(passage="no-such#thing")) == gr.update()


def test_regions_begin_with_the_whole_country_and_put_cities_below_their_province(advisor: FakeAdvisor) -> None:
    choices = regions(advisor.library, TEXTS)
    values = [value for _, value in choices]
    assert choices[0] == (TEXTS.region_any, "")
    assert len(values) == len(set(values))
    assert "国际" not in values
    for value in values:
        if "/" in value:
            assert values.index(value) > values.index(value.split("/")[0])
