"""Labelled questions: which answers are right, which half a question is in, and faults of a question file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import small_library

from assistant.answer import Answer, Citation, Kind
from assistant.measure import Labelled, evaluate_answers, judge, matches, read_questions
from corpus.errors import CorpusError
from corpus.words import fold

QUESTIONS = Path(__file__).parents[1] / "questions"
LIMIT = "园区单位能耗碳排放不高于0.2吨二氧化碳每吨标准煤"


def answer(kind: Kind, text: str = LIMIT, passage: str = "park-notice#fact-1") -> Answer:
    library = small_library()
    found = library.passages[passage]
    return Answer("问", kind, (f"{text}[1]",), (Citation(1, found, library.document_of(found)),))


def item(kind: str = "answer", **labels: tuple[str, ...]) -> Labelled:
    return Labelled(id="q1", question="问", kind=kind, **labels)


@pytest.mark.parametrize(
    ("labelled", "given"),
    [
        (item(must=(r"0\.2(?!\d)",), cite=("910",)), answer("answer")),
        (item(must=("0\\.2吨co2",)), answer("answer", "不高于０.２吨二氧化碳")),
        (item(must_not=(r"0\.3",)), answer("answer")),
        (item(cite=("没有这份", "样板园区")), answer("answer")),
        (item("refused"), answer("refused")),
        (item("silent"), answer("silent", "附件没有写。")),
        (item("silent"), answer("answer", "附件没有规定补贴金额。")),
    ],
)
def test_a_right_answer_has_no_fault(labelled: Labelled, given: Answer) -> None:
    assert judge(labelled, given) == ""


@pytest.mark.parametrize(
    ("labelled", "given", "said"),
    [
        (item(must=(r"0\.3",)), answer("answer"), "缺"),
        (item(must=(r"0\.2", "0\\.3")), answer("answer"), "缺"),
        (item(must_not=(r"0\.2",)), answer("answer"), "多了"),
        (item(cite=("2589",)), answer("answer"), "引用不对"),
        (item(), answer("refused"), "应答而拒"),
        (item("refused"), answer("answer"), "应拒答而答"),
        (item("silent"), answer("answer", "补贴100万元。"), "应说来源没有写"),
    ],
)
def test_a_wrong_answer_is_told_why(labelled: Labelled, given: Answer, said: str) -> None:
    assert said in judge(labelled, given)


def test_a_pattern_matches_the_text_as_written_or_folded() -> None:
    assert matches(["二十万吨", "200000", "三十万吨"], "二十万吨标准煤") == [True, True, False]


def test_a_question_stays_in_its_half_when_others_are_added() -> None:
    halves = {i: Labelled(id=f"q-{i}", question="问", kind="answer").half for i in range(200)}
    assert 60 < sum(half == "tune" for half in halves.values()) < 140
    assert all(Labelled(id=f"q-{i}", question="另问", kind="refused").half == half for i, half in halves.items())
    assert Labelled(id="tune-1", question="问", kind="answer").half == "tune"


class Fixed:
    """Gives one answer to every question and keeps what it was asked."""

    def __init__(self, given: Answer) -> None:
        self.given = given
        self.asked: list[str] = []

    def ask(self, question: str, *, region: str = "", history: tuple[Answer, ...] = ()) -> Answer:
        self.asked.append(question)
        return self.given


def test_only_the_asked_half_is_counted() -> None:
    items = [Labelled(id=f"{half}-{i}", question=half, kind="answer") for i in range(20) for half in ("tune", "q")]
    fixed = Fixed(answer("answer"))
    outcome = evaluate_answers(fixed, items, half="tune")  # pyright: ignore[reportArgumentType]
    assert outcome.covered == len(fixed.asked) == sum(i.half == "tune" for i in items)
    report = evaluate_answers(fixed, items, half="report")  # pyright: ignore[reportArgumentType]
    assert outcome.covered + report.covered == len(items)


def test_wrong_refusals_and_unsupported_figures_are_counted() -> None:
    items = [item(), item("refused")]
    outcome = evaluate_answers(Fixed(answer("refused")), items, half="all", faults=lambda _: 3)  # pyright: ignore[reportArgumentType]
    assert (outcome.covered, outcome.right, outcome.refused_wrongly) == (1, 0, 1)
    assert (outcome.uncovered, outcome.refused_rightly, outcome.unsupported) == (1, 1, 6)
    assert outcome.record()["refused_wrongly_share"] == 1.0


def test_the_questions_of_a_folder_are_read_with_all_labels(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("- {id: q2, question: 问二, kind: refused}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(
        "- id: q1\n  question: 问一\n  kind: answer\n  must: ['0\\.2']\n  cite: ['910']\n  region: 江苏\n",
        encoding="utf-8",
    )
    first, second = read_questions(tmp_path)
    assert first == Labelled(id="q1", question="问一", kind="answer", must=(r"0\.2",), cite=("910",), region="江苏")
    assert second == Labelled(id="q2", question="问二", kind="refused")


def test_the_recorded_question_sets_are_readable_and_have_unique_ids() -> None:
    items = read_questions(Path(__file__).parents[1] / "questions")
    assert len(items) > 100
    assert len({i.id for i in items}) == len(items)
    assert {i.kind for i in items} == {"answer", "silent", "refused"}


@pytest.mark.parametrize(
    "text",
    [
        "- {question: 问, kind: answer}\n",
        "- {id: q1, kind: answer}\n",
        "- {id: q1, question: 问}\n",
        "- {id: q1, question: 问, kind: answer, must: ['(']}\n",
        "- 只是一句话\n",
        "- {id: q1\n",
        "- {id: q1, id: q2, question: 问, kind: answer}\n",
        "5\n",
        "",
        "[]\n",
    ],
)
def test_a_broken_question_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"(?s)broken\.yaml: .+。$"):
        read_questions(path)


def test_a_missing_question_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(CorpusError):
            read_questions(path)


def test_a_broken_question_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("- {id: q1, id: q2, question: 问, kind: answer}\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        read_questions(path)
    assert "\n" not in str(caught.value)


def test_a_question_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes("- {id: q1, question: 补贴多少, kind: answer}\n".encode("gb18030"))
    with pytest.raises(CorpusError, match=r"broken\.yaml"):
        read_questions(path)


@pytest.mark.parametrize(
    "fields", ["kind: anwser", "kind: answer, must: '0.2'"], ids=["an unknown kind", "text in place of a list"]
)
def test_a_label_that_would_count_wrongly_is_refused(tmp_path: Path, fields: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(f"- {{id: q1, question: 问, {fields}}}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"broken\.yaml"):
        read_questions(path)


def test_no_question_stands_in_both_halves_and_no_id_twice() -> None:
    items = read_questions(QUESTIONS)
    assert len({item.id for item in items}) == len(items)
    halves = {half: {fold(item.question) for item in items if item.half == half} for half in ("tune", "report")}
    assert halves["report"]
    assert not halves["tune"] & halves["report"]
