"""The trainer's desk: groups and what they are to do, progress, and items that fare badly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from items_at_hand import NOW, item, pool_at_hand

from assistant.training.blueprint import blueprint
from assistant.training.desk import assign, done, groups, item_statistics, member_progress, pass_mark, save_group
from assistant.training.errors import TrainingError
from assistant.training.exam import begin, finish
from assistant.training.marking import mark
from assistant.training.model import Item
from assistant.training.progress import Progress

DUE = date(2026, 12, 31)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress(tmp_path) as held:
        yield held


def gives(progress: Progress, name: str, one: Item, at: int, sitting: str = "quiz") -> None:
    progress.save(name, one, (at,), mark(one, (at,)), now=NOW, sitting=sitting)


def test_a_group_keeps_its_assignments_when_its_members_change(progress: Progress) -> None:
    save_group(progress, "一组", ["甲", "乙", "甲", " "])
    assign(progress, "一组", "lesson", "power", DUE)
    assign(progress, "一组", "lesson", "power", DUE + timedelta(days=1))
    assign(progress, "一组", "exam", "quick", DUE)
    held = save_group(progress, "一组", ["甲", "丙"])
    assert held == groups(progress)["一组"]
    assert held.members == ("甲", "丙")
    assert [(one.kind, one.ref, one.due.day) for one in held.assignments] == [
        ("lesson", "power", 1), ("exam", "quick", 31),
    ]  # fmt: skip


def test_the_pass_mark_of_an_exam_is_what_the_trainer_set_the_highest_of_several(progress: Progress) -> None:
    due = date(2026, 12, 31)
    for group, share in (("一组", "0.8"), ("二组", "0.9"), ("三组", None)):
        save_group(progress, group, ["甲", "乙"] if group == "一组" else ["乙"])
        assign(progress, group, "exam", "quick", due, pass_share=None if share is None else Decimal(share))
    marks = [pass_mark(progress, name, "quick") for name in ("甲", "乙", "丙")]
    assert marks == [Decimal("0.8"), Decimal("0.9"), None]
    assert pass_mark(progress, "甲", "assessor") is None
    for kind, ref, share in (("exam", "quick", "0"), ("exam", "quick", "1.1"), ("lesson", "power", "0.7")):
        with pytest.raises(TrainingError, match="及格线"):
            assign(progress, "一组", kind, ref, due, pass_share=Decimal(share))


def test_what_cannot_be_assigned_is_said(progress: Progress) -> None:
    for bad in ("", "长" * 41):
        with pytest.raises(TrainingError, match="组名"):
            save_group(progress, bad, [])
    with pytest.raises(TrainingError, match="二组"):
        assign(progress, "二组", "lesson", "power", DUE)
    save_group(progress, "一组", [])
    with pytest.raises(TrainingError, match="song"):
        assign(progress, "一组", "song", "power", DUE)


def test_lessons_and_exams_are_done_when_their_answers_are_in(progress: Progress) -> None:
    save_group(progress, "一组", ["甲"])
    assign(progress, "一组", "lesson", "power", DUE)
    lesson, exam = assign(progress, "一组", "exam", "quick", DUE).assignments
    assert not done(progress, "甲", lesson)
    gives(progress, "甲", item(topic="power"), 1, "lesson:power")
    begun = begin(progress, pool_at_hand(), "甲", blueprint("quick"), seed=1, now=NOW)
    assert done(progress, "甲", lesson)
    assert not done(progress, "甲", exam)
    finish(progress, begun, now=NOW)
    assert done(progress, "甲", exam)
    held = member_progress(progress, "甲", now=NOW + timedelta(days=9))
    assert (held.answers, held.lessons, held.due, len(held.exams)) == (1, ("power",), 1, 1)


def test_items_are_weighed_by_first_answers(progress: Progress) -> None:
    good, turned, easy = (item(id=one) for one in ("good", "turned", "easy"))
    for n in range(24):
        name, able = f"人{n:02}", n % 2 == 0
        for other in range(4):
            gives(progress, name, item(id=f"o{other}"), 1 if able else 0)
        gives(progress, name, good, 1 if able else n % 3)
        gives(progress, name, good, 1)
        gives(progress, name, turned, 0 if able else 1)
        gives(progress, name, easy, 1)
    found = {one.item: one for one in item_statistics(progress, [good, turned, easy])}
    assert found["good"].answers == 24
    assert found["good"].discrimination is not None
    assert found["good"].discrimination > 0.5
    assert sum(found["good"].chosen.values()) == 24
    assert found["turned"].discrimination == pytest.approx(-1, abs=0.1)
    assert any("负" in flag for flag in found["turned"].flags)
    assert (found["easy"].difficulty, found["easy"].discrimination) == (1, None)
    assert any("太容易" in flag for flag in found["easy"].flags)
    assert any("没有人选" in flag for flag in found["easy"].flags)
    assert [one.item for one in item_statistics(progress, [good], ["人00"])] == ["good"]


def test_a_few_answers_flag_nothing(progress: Progress) -> None:
    for n in range(5):
        gives(progress, f"人{n}", item(), 0)
    (one,) = item_statistics(progress, [item()])
    assert one.flags == ()
    assert one.difficulty == 0


def test_simulated_trainees_land_where_their_habit_puts_them(progress: Progress) -> None:
    from assistant.training.simulated import simulate

    found = {one.habit: one for one in simulate(progress, pool_at_hand(), 60)}
    assert found["perfect"].share == 1
    assert found["perfect"].passed == 1
    assert found["learning"].passed > 0.8
    assert found["random"].passed == found["lenient"].passed == found["strict"].passed == 0
    assert found["random"].share < 0.4
    assert found["random"].share < found["unit-blind"].share < found["learning"].share
    assert found["unit-blind"].passed < 0.5
    first, last = found["learning"].mastery
    assert last > first
