"""`advisor train`: lessons, quiz, exam to certificate, review, report, verify, as a person types them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.training.pool import open_pool
from ui.cli import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    open_pool(folder)
    return folder


@pytest.fixture(autouse=True)
def _here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_HOME", str(home))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["train", *arguments]) == status
    output = capsys.readouterr()
    return output.out + output.err


def test_a_lesson_is_listed_read_and_asked_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert "电力与绿证" in said(capsys, "lesson")
    shown = said(capsys, "lesson", "power")
    assert "0.8325千克二氧化碳/千瓦时" in shown
    assert "附件4 二（二）3①" in shown
    assert "[1]" in said(capsys, "lesson", "5", "--why", "1")
    assert json.loads(said(capsys, "lesson", "power", "--json"))["citations"]
    assert "没有名为" in said(capsys, "lesson", "nothing", status=1)
    assert "没有第 999 句" in said(capsys, "lesson", "5", "--why", "999", status=1)


def test_a_quiz_is_marked_and_hinted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    items = json.loads(said(capsys, "quiz", "--count", "3", "--seed", "5", "--kind", "single", "--json"))
    keys = ["ABCD"[one["key"][0]] for one in items]
    typed(monkeypatch, "?", "?", keys[0], "", "q")
    shown = said(capsys, "quiz", "--count", "3", "--seed", "5", "--kind", "single", "--name", "甲")
    assert "提示2" in shown
    assert "正确。" in shown
    assert "没有作答" in shown
    assert "本次 2 题，得 1 分" in shown
    assert "没有符合条件的题" in said(capsys, "quiz", "--topic", "nothing", status=1)


def test_what_was_wrong_comes_up_for_review(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "先做几道题" in said(capsys, "review", "--name", "新人")
    cards = tmp_path / "cards.json"
    card = {"id": "case-1:a", "topic": "power", "front": "绿证计了两次", "back": "证书清单第3行", "source": "某条"}
    cards.write_text(json.dumps([card]), encoding="utf-8")
    assert "收下 1 张" in said(capsys, "review", "--name", "新人", "--cards", str(cards))
    typed(monkeypatch, "y")
    assert "证书清单第3行" in said(capsys, "review", "--name", "新人")
    assert "没有要复习的" in said(capsys, "review", "--name", "新人")
    cards.write_text("[1]", encoding="utf-8")
    assert "复习卡文件" in said(capsys, "review", "--cards", str(cards), status=1)


def test_an_exam_is_left_resumed_passed_and_its_certificate_verified(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path
) -> None:
    from assistant.training.exam import open_exam
    from assistant.training.progress import Progress

    typed(monkeypatch, "")
    shown = said(capsys, "exam", "--plan", "quick", "--name", "考生")
    assert "时间照走" in shown
    with Progress(home) as progress:
        exam = open_exam(progress, "考生")
    assert exam is not None
    letters = "ABCDEFGHIJ"
    assert "加了 5 分钟" in said(capsys, "extend", exam.id, "5", "--reason", "停电")
    keys = [one.figure or "".join(letters[at] for at in one.chosen) for one in exam.sheet]
    typed(monkeypatch, *keys[1:], "1", keys[0], "1 2", "", "", "交卷")
    certificate = tmp_path / "certificate.docx"
    shown = said(capsys, "exam", "--name", "考生", "--certificate", str(certificate))
    assert "接着考" in shown
    assert "还剩 19 题" in shown
    assert "及格" in shown
    assert "20/20（100.0%）" in shown
    assert "证书有效" in said(capsys, "verify", str(certificate))
    code = json.loads(said(capsys, "verify", str(certificate), "--json"))["certificate"]["code"]
    assert "考生" in said(capsys, "verify", code)
    assert "没有签发过" in said(capsys, "verify", "A" * 24, status=1)
    assert "不像核验编码" in said(capsys, "verify", "nothing", status=1)
    certificate.write_bytes(b"nothing")
    assert "没有核验数据" in said(capsys, "verify", str(certificate), status=1)


def test_an_exam_that_cannot_be_is_refused_and_its_pass_mark_is_the_trainers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "没有名为" in said(capsys, "exam", "--plan", "nothing", status=1)
    said(capsys, "group", "严组", "严格")
    strict = ("assign", "严组", "exam", "quick", "--due", "2026-12-31", "--pass-percent")
    assert "及格线" in said(capsys, *strict, "0", status=1)
    assert "95%" in said(capsys, *strict, "95")
    typed(monkeypatch, "")
    assert "及格线 95%" in said(capsys, "exam", "--plan", "quick", "--name", "严格")
    assert "姓名" in said(capsys, "exam", "--name", " ", status=1)


def test_the_trainers_desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "=甲" in said(capsys, "group", "一组", "=甲", "乙")
    assert "2026-12-31" in said(capsys, "assign", "一组", "lesson", "5", "--due", "2026-12-31")
    assert "没有名为" in said(capsys, "assign", "二组", "exam", "quick", "--due", "2026-12-31", status=1)
    typed(monkeypatch, "A", "A", "q")
    said(capsys, "quiz", "--topic", "power", "--seed", "2", "--name", "=甲")
    shown = said(capsys, "report", "--group", "一组", "--items")
    assert "已完成" in shown
    assert "未完成" in shown
    assert "各题统计" in shown
    assert json.loads(said(capsys, "report", "--name", "=甲", "--json"))["people"][0]["lessons"] == ["power"]
    file = tmp_path / "record.xlsx"
    said(capsys, "report", "--group", "一组", "--output", str(file))
    book = load_workbook(file)
    assert book["学员"]["A2"].value == "=甲"
    assert book["学员"]["A2"].data_type == "s"
    assert book["题目统计"].max_row > 1
    assert "xlsx" in said(capsys, "report", "--output", str(tmp_path / "record.txt"), status=1)
    assert "没有名为" in said(capsys, "report", "--group", "三组", status=1)


def test_own_items_with_faults_are_refused_line_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("- {kind: essay}\n- {kind: single, stem: 问}\n", encoding="utf-8")
    shown = said(capsys, "add", str(file), status=1)
    assert "第1题" in shown
    assert "第2题" in shown


def test_a_damaged_file_of_progress_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "key").write_text("00" * 32, encoding="ascii")
    (tmp_path / "training" / "progress.sqlite").write_bytes(b"nonsense" * 500)
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path))
    shown = said(capsys, "report", status=1)
    assert "已损坏" in shown
    assert "已保留为" in shown
