"""The exam: drawn by blueprint and candidate, timed, resumed, fair to the late; its certificate cannot be changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from items_at_hand import NOW, pool_at_hand

from assistant.training.blueprint import blueprint, blueprints
from assistant.training.certificate import issue, verify_code, verify_record
from assistant.training.errors import ExamClosed, TrainingError
from assistant.training.exam import (
    GRACE,
    Exam,
    answer,
    answered,
    begin,
    extend,
    find_exam,
    finish,
    open_exam,
)
from assistant.training.marking import mark
from assistant.training.progress import Progress

MINUTE = timedelta(minutes=1)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress(tmp_path) as held:
        yield held


def begun(progress: Progress, name: str = "甲", plan: str = "quick", **more: object) -> Exam:
    return begin(progress, pool_at_hand(), name, blueprint(plan), **{"seed": 1, "now": NOW, **more})  # pyright: ignore


def answer_all(progress: Progress, exam: Exam, *, right: int, now: object = NOW + MINUTE) -> None:
    for at, item in enumerate(exam.sheet):
        answer(progress, exam, item.id, (item.figure or item.chosen) if at < right else "", now=now)  # pyright: ignore


@pytest.mark.parametrize("plan", blueprints())
def test_the_sheet_has_the_topics_and_about_the_difficulties_of_the_blueprint(progress: Progress, plan: str) -> None:
    exam, asked = begun(progress, plan=plan), blueprint(plan)
    assert Counter(one.topic for one in exam.sheet) == Counter(asked.topics)
    levels = Counter(one.difficulty for one in exam.sheet)
    for level, share in asked.difficulty.items():
        assert abs(levels[level] / len(exam.sheet) - float(share)) < 0.2
    assert sum(one.measured for one in exam.sheet) >= 0.3 * len(exam.sheet)
    clauses = [source.passage for one in exam.sheet for source in one.sources[:1]]
    assert len(set(clauses)) > 0.9 * len(clauses)


def test_every_candidate_gets_an_own_sheet_and_the_same_one_again_from_the_same_seed(tmp_path: Path) -> None:
    sheets: list[tuple[str, ...]] = []
    for n, name in enumerate(("甲", "乙", "甲")):
        with Progress(tmp_path / str(n)) as progress:
            sheets.append(tuple(one.id for one in begun(progress, name).sheet))
    assert sheets[0] == sheets[2] != sheets[1]


def test_no_item_is_seen_twice_within_a_month(progress: Progress) -> None:
    practiced = pool_at_hand().quiz(200, 5)
    for one in practiced:
        progress.save("甲", one, "", mark(one, ""), now=NOW - timedelta(days=29))
    first = begun(progress)
    finish(progress, first, now=NOW + MINUTE)
    second = begun(progress, now=NOW + timedelta(days=20))
    assert not {one.id for one in first.sheet} & {one.id for one in practiced}
    assert not {one.id for one in second.sheet} & {one.id for one in first.sheet}


def test_too_few_items_left_is_said_by_topic(progress: Progress) -> None:
    for one in pool_at_hand().of("boundary"):
        progress.save("甲", one, "", mark(one, ""), now=NOW)
    with pytest.raises(TrainingError, match="划定边界"):
        begun(progress)


def test_an_exam_is_resumed_where_it_was_left(tmp_path: Path) -> None:
    with Progress(tmp_path) as progress:
        exam = begun(progress)
        answer(progress, exam, exam.sheet[0].id, "", now=NOW)
        with pytest.raises(TrainingError, match=exam.id):
            begun(progress)
    with Progress(tmp_path) as progress:
        again = open_exam(progress, "甲")
        assert again == exam
        assert set(answered(progress, exam)) == {exam.sheet[0].id}


def test_the_last_answer_in_time_counts(progress: Progress) -> None:
    exam = begun(progress)
    one = next(item for item in exam.sheet if item.kind == "single")
    answer(progress, exam, one.id, ((one.chosen[0] + 1) % len(one.options),), now=NOW)
    answer(progress, exam, one.id, one.chosen, now=NOW + MINUTE)
    assert finish(progress, exam, now=NOW + 2 * MINUTE).points == 1


def test_what_comes_late_is_kept_told_and_not_counted(progress: Progress) -> None:
    exam = begun(progress)
    first, second, third = exam.sheet[:3]
    answer(progress, exam, first.id, first.figure or first.chosen, now=exam.deadline)
    answer(progress, exam, second.id, second.figure or second.chosen, now=exam.deadline + GRACE)
    late = answer(progress, exam, third.id, third.figure or third.chosen, now=exam.deadline + GRACE + MINUTE)
    assert "不计分" in late.says
    result = finish(progress, exam, now=exam.deadline + timedelta(hours=3))
    assert (result.points, result.late, result.unanswered) == (2, 1, len(exam.sheet) - 2)
    assert result.finished == exam.deadline
    assert len(progress.answers(trainee="甲")) == 3


def test_the_trainer_may_give_more_time_with_a_reason(progress: Progress) -> None:
    exam = begun(progress)
    with pytest.raises(TrainingError):
        extend(progress, exam, 10, reason=" ")
    longer = extend(progress, exam, 10, reason="停电")
    assert longer.deadline == exam.deadline + 10 * MINUTE
    answer(
        progress, longer, exam.sheet[0].id, exam.sheet[0].figure or exam.sheet[0].chosen, now=exam.deadline + 5 * MINUTE
    )
    assert finish(progress, longer, now=longer.deadline).points == 1
    with pytest.raises(ExamClosed):
        extend(progress, longer, 10, reason="停电")
    assert find_exam(progress, exam.id).extra == 10


def test_a_finished_exam_takes_no_more_answers_and_keeps_its_result(progress: Progress) -> None:
    exam = begun(progress)
    result = finish(progress, exam, now=NOW + MINUTE)
    with pytest.raises(ExamClosed):
        answer(progress, exam, exam.sheet[0].id, "A", now=NOW + MINUTE)
    assert finish(progress, exam, now=NOW + timedelta(days=1)) == result
    with pytest.raises(ExamClosed):
        answer(progress, begun(progress, "乙"), "nothing", "A", now=NOW)
    with pytest.raises(ExamClosed):
        find_exam(progress, "nothing")


def test_what_cannot_be_read_leaves_the_earlier_answer(progress: Progress) -> None:
    exam = begun(progress)
    item = next(one for one in exam.sheet if one.figure)
    answer(progress, exam, item.id, item.figure, now=NOW + MINUTE)
    assert answer(progress, exam, item.id, "不好说", now=NOW + MINUTE).fared == "unreadable"
    assert finish(progress, exam, now=NOW + 2 * MINUTE).points == 1


def test_an_item_of_an_open_exam_is_not_reviewed_before_it_is_handed_in(progress: Progress) -> None:
    exam = begun(progress)
    answer_all(progress, exam, right=0)
    later = NOW + timedelta(days=2)
    assert progress.due_items("甲", later) == []
    finish(progress, exam, now=NOW + 2 * MINUTE)
    assert set(progress.due_items("甲", later)) == {one.id for one in exam.sheet}


def test_the_pass_mark_is_the_trainers_and_exactly_on_it_passes(progress: Progress) -> None:
    for name, right, passed in (("甲", 10, True), ("乙", 9, False)):
        exam = begun(progress, name, pass_share=Decimal("0.5"))
        answer_all(progress, exam, right=right)
        result = finish(progress, exam, now=NOW + 2 * MINUTE)
        assert (result.share, result.passed) == (Decimal(right) / 20, passed)
    for bad in ({"pass_share": Decimal(0)}, {"pass_share": Decimal("1.2")}, {"minutes": 0}):
        with pytest.raises(TrainingError):
            begun(progress, "丙", **bad)
    for name in ("", "  ", "长" * 41):
        with pytest.raises(TrainingError, match="姓名"):
            begun(progress, name)


def test_a_certificate_is_issued_once_for_a_passed_exam_only(progress: Progress) -> None:
    failed = begun(progress)
    with pytest.raises(TrainingError, match="及格线"):
        issue(progress, finish(progress, failed, now=NOW + MINUTE), now=NOW)
    exam = begun(progress, "乙")
    answer_all(progress, exam, right=20)
    result = finish(progress, exam, now=NOW + 2 * MINUTE)
    made = issue(progress, result, now=NOW)
    assert issue(progress, result, now=NOW + timedelta(days=9)) == made
    assert (made.name, made.score, made.needed, made.items) == ("乙", "100.0%", "70%", 20)
    assert verify_record(made.record(), progress.key).status == "genuine"
    assert verify_code(progress, made.code.lower().replace("-", " ")).certificate == made
    assert verify_code(progress, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF").status == "unknown"


def test_any_change_of_a_certificate_is_named(progress: Progress, tmp_path: Path) -> None:
    exam = begun(progress)
    answer_all(progress, exam, right=20)
    made = issue(progress, finish(progress, exam, now=NOW + 2 * MINUTE), now=NOW)
    for name, value in made.record().items():
        other = value + 1 if isinstance(value, int) else f"{value}1"
        found = verify_record({**made.record(), name: other}, progress.key)
        assert found.status == "changed", name
    with Progress(tmp_path / "elsewhere") as elsewhere:
        assert verify_record(made.record(), elsewhere.key).status == "foreign"
        assert verify_record(replace(made, score="99%").record(), elsewhere.key).status == "changed"
    for name in ("digest", "code", "issuer"):
        assert verify_record({**made.record(), name: "另写的"}, progress.key).status == "changed"
    for shape in (
        None,
        {},
        [1],
        {**made.record(), "extra": 1},
        {**made.record(), "name": 3},
        {**made.record(), "name": "\ud800"},
    ):
        assert verify_record(shape, progress.key).status == "unknown"
