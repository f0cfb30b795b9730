"""The local feedback file."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from conftest import LIMIT, NO_SUBSIDY, FakeAdvisor

from assistant.turns import Turn
from ui.feedback import FILE, LONGEST_REASON, append_feedback, feedback_on

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def turn(advisor: FakeAdvisor, question: str) -> Turn:
    found = advisor.ask(question)
    cited = [one.record() for one in found.citations]
    reply = "\n".join(found.lines)
    return Turn(1, question, "ask", reply=reply, citations=cited, notes=found.notes, kind=found.kind, region="江苏")


def records(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / FILE).read_text(encoding="utf-8").splitlines()]


def test_a_record_says_when_what_was_asked_answered_cited_and_why(advisor: FakeAdvisor, tmp_path: Path) -> None:
    answer = turn(advisor, "限值")
    append_feedback(tmp_path / "new", feedback_on(answer, "down", reason=" 数字不对\n第二行 ", now=NOW))
    assert records(tmp_path / "new") == [
        {
            "time": "2026-11-22T09:30:00+00:00",
            "question": "限值",
            "region": "江苏",
            "kind": "answer",
            "answer": answer.text,
            "passages": [LIMIT, NO_SUBSIDY],
            "vote": "down",
            "reason": "数字不对\n第二行",
        }
    ]


def test_votes_given_at_the_same_time_are_all_kept_whole(advisor: FakeAdvisor, tmp_path: Path) -> None:
    given = [feedback_on(turn(advisor, f"限值{n}"), "up", reason="长" * 500, now=NOW) for n in range(200)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda f: append_feedback(tmp_path, f), given))
    assert {r["question"] for r in records(tmp_path)} == {f.question for f in given}


def test_a_line_cut_off_by_a_power_failure_does_not_swallow_the_next(advisor: FakeAdvisor, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"time": "2026', encoding="utf-8")
    append_feedback(tmp_path, feedback_on(turn(advisor, "限值"), "up", now=NOW))
    last = (tmp_path / FILE).read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["question"] == "限值"


def test_an_unwritable_character_does_not_lose_the_record(advisor: FakeAdvisor, tmp_path: Path) -> None:
    append_feedback(tmp_path, feedback_on(turn(advisor, "限值"), "down", reason="坏\ud83d字", now=NOW))
    assert records(tmp_path)[0]["reason"] == "坏?字"


def test_a_reason_is_cut_at_its_limit(advisor: FakeAdvisor) -> None:
    assert len(feedback_on(turn(advisor, "限值"), "down", reason="长" * 9999, now=NOW).reason) == LONGEST_REASON
