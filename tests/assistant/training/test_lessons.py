"""Lessons: every one long enough, every figure cited and borne out, closing with exercises of its topic."""

from __future__ import annotations

import re

import pytest
from items_at_hand import library_at_hand, pool_at_hand

from assistant.training.errors import TrainingError
from assistant.training.lessons import EXERCISES, exercises, lesson, lesson_faults, lessons, read_lesson, why_line
from assistant.training.topics import topics
from corpus.library import Library

IDS = [one.id for one in topics()]
SMALL = """---
goal: 练习
documents: {a4: ndrc-2025-910-annex4}
---
# 电

其余网电按0.8325千克二氧化碳/千瓦时计算。[a4#elec-08325]先查台账。
"""


def test_there_are_fourteen_lessons_one_for_each_topic() -> None:
    assert [one.id for one in lessons()] == IDS
    assert len(IDS) == 14


@pytest.mark.parametrize("name", IDS)
def test_a_lesson_has_the_length_asked_for_and_cites_its_sources(name: str) -> None:
    one = lesson(name)
    assert 400 <= one.length <= 900
    assert len(one.sources) >= 10
    assert one.goal


@pytest.mark.parametrize("name", IDS)
def test_every_citation_of_a_lesson_resolves_and_bears_out_its_figures(name: str) -> None:
    assert lesson_faults(lesson(name), library_at_hand()) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.8325千克", "0.8273千克", "0.8273"),
        ("千克二氧化碳/千瓦时", "吨二氧化碳/千瓦时", "单位"),
        ("[a4#elec-08325]", "", "没有标出处"),
        ("a4#elec-08325", "a4#nothing", "不在文库里"),
    ],
)
def test_a_lesson_that_says_what_its_sources_do_not_is_found_out(old: str, new: str, said: str) -> None:
    assert lesson_faults(read_lesson("power", 5, "电", SMALL), library_at_hand()) == []
    faults = lesson_faults(read_lesson("power", 5, "电", SMALL.replace(old, new)), library_at_hand())
    assert any(said in fault for fault in faults)


@pytest.mark.parametrize("name", IDS)
def test_a_lesson_closes_with_exercises_of_its_topic(name: str) -> None:
    found = exercises(lesson(name), pool_at_hand(), seed=1)
    assert len(found) == EXERCISES
    assert {one.topic for one in found} == {name}
    assert len({one.kind for one in found}) >= 3
    assert found == exercises(lesson(name), pool_at_hand(), seed=1)


def test_why_is_answered_at_every_sentence_from_the_facts_it_cites() -> None:
    for one in lessons():
        for at, line in enumerate(one.lines):
            answer = why_line(one, at, library_at_hand())
            assert answer.citations
            if line.sources:
                assert [c.passage.id for c in answer.citations] == list(dict.fromkeys(line.sources))
    assert why_line(lesson("1"), 0, Library([])).kind == "refused"


def test_marks_are_numbered_through_and_a_lesson_is_found_by_number() -> None:
    one = lesson("4")
    assert one.id == IDS[3]
    shown = " ".join(text for _, text in one.numbered())
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", shown)}
    assert numbers == set(range(1, len(one.sources) + 1)) == {c.mark for c in one.citations(library_at_hand())}
    with pytest.raises(TrainingError, match="14"):
        lesson("99")
