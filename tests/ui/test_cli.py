"""The `advisor` command: what it prints, which code it ends with, and one sentence for each wrong use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from ui.cli import main
from ui.output import region

QUESTION = "我们园区一年用能35万吨标煤，碳强度要压到多少"
ANSWER_KEYS = ["question", "kind", "answer", "citations", "seconds"]
CITATION_KEYS = {"document", "title", "number", "place", "quote", "status", "confidence", "url"}

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ADVISOR_HOME", str(shared_home))
    monkeypatch.setenv("ADVISOR_LEGS", "lexical")
    return shared_home


def check_record(record: dict[str, Any]) -> None:
    assert list(record) == ANSWER_KEYS
    assert record["kind"] in ("answer", "silent", "refused")
    assert isinstance(record["seconds"], float)
    assert all(set(c) >= CITATION_KEYS for c in record["citations"])


def test_ask_prints_the_answer_with_its_sources(capsys: Printed) -> None:
    assert main(["ask", QUESTION]) == 0
    out = capsys.readouterr().out
    assert out.startswith("【答复】")
    assert "不高于0.2吨二氧化碳" in out
    assert "来源：" in out
    assert "发改环资〔2025〕910号" in out


def test_ask_json_prints_one_record(capsys: Printed, library: Library) -> None:
    assert main(["ask", QUESTION, "--json", "--region", "江苏"]) == 0
    record = json.loads(capsys.readouterr().out)
    check_record(record)
    assert record["question"] == QUESTION
    texts = {p.text for p in library.passages.values()}
    assert record["citations"]
    assert all(c["quote"] in texts for c in record["citations"])


def test_a_refusal_is_an_answer_and_not_a_fault(capsys: Printed) -> None:
    assert main(["ask", "今天天气怎么样"]) == 0
    assert capsys.readouterr().out.startswith("【文库没有覆盖】")


def test_a_batch_gives_one_record_a_line_in_order(tmp_path: Path, capsys: Printed) -> None:
    questions = [QUESTION, "今天天气怎么样", "什么是绿证", 'quote " and \\ back'] * 3
    batch, output = tmp_path / "questions.txt", tmp_path / "answers.jsonl"
    batch.write_text("\ufeff" + "\n\n".join(questions) + "\n  \n", encoding="utf-8")
    assert main(["ask", "--batch", str(batch), "--output", str(output)]) == 0
    assert capsys.readouterr().out == ""
    records = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    for record in records:
        check_record(record)
    assert [r["question"] for r in records] == questions
    assert {r["kind"] for r in records} >= {"answer", "refused"}


def test_a_batch_without_an_output_file_prints_only_records(tmp_path: Path, capsys: Printed) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_text("什么是绿证\r\n今天天气怎么样\r\n", encoding="utf-8")
    assert main(["ask", "--batch", str(batch)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["question"] for line in lines] == ["什么是绿证", "今天天气怎么样"]


def test_an_empty_batch_gives_no_record(tmp_path: Path, capsys: Printed) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_text("\n\n", encoding="utf-8")
    assert main(["ask", "--batch", str(batch)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("more", [[], ["问题", "--batch", "file.txt"]])
def test_a_question_and_a_batch_exclude_each_other(more: list[str], capsys: Printed) -> None:
    assert main(["ask", *more]) == 2
    assert capsys.readouterr().err.startswith("错误：")


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["ask", "--nonsense"], ["library"], ["search"], ["search", "a", "--limit", "x"]]
)
def test_wrong_usage_ends_with_2_and_says_how(arguments: list[str], capsys: Printed) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: advisor" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["search", "--help"], ["library", "--help"]])
def test_help_needs_no_library(arguments: list[str], capsys: Printed) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "advisor" in capsys.readouterr().out


def told_once(capsys: Printed) -> str:
    err = capsys.readouterr().err
    assert "Traceback" not in err
    (line,) = [line for line in err.splitlines() if line.startswith("错误：")]
    return line


def test_a_missing_batch_file_is_named(tmp_path: Path, capsys: Printed) -> None:
    assert main(["ask", "--batch", str(tmp_path / "none.txt")]) == 1
    assert "none.txt" in told_once(capsys)


def test_a_batch_file_that_is_not_utf_8_is_named_with_the_remedy(tmp_path: Path, capsys: Printed) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_bytes("零碳园区补贴多少".encode("gb18030"))
    assert main(["ask", "--batch", str(batch)]) == 1
    said = told_once(capsys)
    assert "questions.txt" in said
    assert "UTF-8" in said


def test_an_output_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: Printed) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_text("什么是绿证\n", encoding="utf-8")
    assert main(["ask", "--batch", str(batch), "--output", str(tmp_path / "none" / "out.jsonl")]) == 1
    assert "out.jsonl" in told_once(capsys)


def test_a_home_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("ADVISOR_HOME", str(tmp_path / "file"))
    assert main(["ask", "什么是绿证"]) == 1
    assert "ADVISOR_HOME" in told_once(capsys)


@pytest.mark.parametrize(("name", "value"), [("ADVISOR_LEGS", "both"), ("ADVISOR_THREADS", "many")])
def test_a_wrong_setting_is_named(name: str, value: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert main(["ask", "什么是绿证"]) in (1, 2)
    assert name in told_once(capsys)


def rows(capsys: Printed, *arguments: str) -> list[dict[str, Any]]:
    assert main(["search", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_search_prints_numbered_passages(capsys: Printed) -> None:
    assert main(["search", "绿证", "--limit", "3"]) == 0
    out = capsys.readouterr().out
    assert [line[:2] for line in out.splitlines()[::2]] == ["1.", "2.", "3."]


def test_search_json_gives_the_parts_of_each_passage(capsys: Printed, library: Library) -> None:
    found = rows(capsys, "绿证", "--limit", "4")
    assert len(found) == 4
    for row in found:
        assert set(row) == {"passage", "title", "number", "place", "text", "status", "region", "confidence", "score"}
        assert library.passages[row["passage"]].text == row["text"]
    assert [r["score"] for r in found] == sorted((r["score"] for r in found), reverse=True)


def test_search_is_bounded_by_region_realm_status_and_date(capsys: Printed, library: Library) -> None:
    def documents(*arguments: str) -> list[Any]:
        found = rows(capsys, "零碳园区", "--limit", "500", *arguments)
        assert found
        return [library.document_of(library.passages[r["passage"]]) for r in found]

    assert {d.province for d in documents("--region", "江苏")} <= {"江苏", "全国"}
    assert documents("--region", "江苏省") == documents("--region", "江苏")
    assert {d.realm for d in documents("--realm", "local")} == {"local"}
    assert {d.realm for d in documents("--realm", "local", "--realm", "standards")} == {"local", "standards"}
    assert {d.status for d in documents("--status", "征求意见")} == {"征求意见"}
    assert all((d.in_force or d.issued or d.published) <= "2024-12-31" for d in documents("--on", "2024-12-31"))


def test_search_without_a_hit_says_so(capsys: Printed) -> None:
    assert main(["search", "qqqqzzzz"]) == 0
    assert capsys.readouterr().out == "没有找到。\n"
    assert rows(capsys, "qqqqzzzz") == []


@pytest.mark.parametrize("command", ["ask", "chat"])
def test_a_region_that_there_is_not_is_refused_with_those_there_are(capsys: Printed, command: str) -> None:
    with pytest.raises(SystemExit):
        main([command, *([QUESTION] if command == "ask" else []), "--region", "火星"])
    said = capsys.readouterr().err
    assert "'火星'" in said
    assert "江苏" in said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("江苏省", "江苏"),
        ("苏州市", "江苏/苏州"),
        ("江苏/苏州", "江苏/苏州"),
        ("Jiangsu", "江苏"),
        ("内蒙古自治区", "内蒙古"),
    ],
)
def test_a_region_may_be_typed_as_people_do(typed: str, meant: str) -> None:
    assert region(typed) == meant


def test_search_in_an_unknown_region_is_refused(capsys: Printed) -> None:
    assert main(["search", "绿证", "--region", "火星"]) == 1
    assert "'火星'" in told_once(capsys)


@pytest.mark.parametrize(
    "arguments",
    [["--on", "昨天"], ["--limit", "-1"], ["--realm", "nonsense"], ["--status", "有效"]],
    ids=lambda a: a[0],
)
def test_search_refuses_an_option_that_means_nothing(arguments: list[str], capsys: Printed) -> None:
    try:
        code = main(["search", "绿证", *arguments])
    except SystemExit as end:
        code = end.code
    assert code in (1, 2)
    assert arguments[1] in capsys.readouterr().err


def test_library_list_has_a_line_for_every_document(capsys: Printed, library: Library) -> None:
    assert main(["library", "list"]) == 0
    printed = capsys.readouterr()
    assert [line.split("\t")[0] for line in printed.out.splitlines()] == list(library.documents)
    assert str(len(library.passages)) in printed.err


def test_library_list_json_counts_the_facts(capsys: Printed, library: Library) -> None:
    assert main(["library", "list", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [r["id"] for r in records] == list(library.documents)
    assert sum(r["facts"] for r in records) == len(library.passages)


def test_library_show_prints_every_fact_of_a_document(capsys: Printed, library: Library) -> None:
    passages = library.documents["ndrc-2025-910"].passages
    assert main(["library", "show", "ndrc-2025-910"]) == 0
    out = capsys.readouterr().out
    assert all(p.text in out for p in passages)
    assert main(["library", "show", "ndrc-2025-910", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["passages"]) == len(passages)


def test_library_show_of_an_unknown_document_is_refused(capsys: Printed) -> None:
    assert main(["library", "show", "no-such-document"]) == 1
    assert "'no-such-document'" in told_once(capsys)


def test_library_check_finds_nothing_wrong_in_the_built_in_library(capsys: Printed) -> None:
    assert main(["library", "check"]) == 0
    assert "0 处毛病" in capsys.readouterr().out


def test_prepare_says_which_search_is_ready(capsys: Printed) -> None:
    assert main(["prepare"]) == 0
    assert "只有字词检索" in capsys.readouterr().err
