"""What holds of every interview: confirmed data only narrow the outcome, a correction touches nothing else, the log
alone gives the data, and staff who answer from a hidden file come out with the grade of that file."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.entries import Interview
from assistant.measure_interview import hearing
from assistant.simulated_staff import Run, hidden_park, interviewed
from assistant.understand import Reader
from corpus.library import Library
from corpus.spelling import Spelling
from corpus.words import Words
from scoring.assess import assess
from scoring.model import Assessment, Fact
from tests.assistant.interviewing import INTERVIEWER, RULES, Talk

QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HIDDEN = {seed: hidden_park(seed, "ceca-0344-2025", RULES) for seed in range(6)}
RULE_SETS = st.sampled_from(["national-2025", "ceca-0344-2025"])
SEEDS = st.sampled_from(sorted(HIDDEN))


def told(fact: Fact) -> str:
    """Return a value as it is typed into the table."""
    if isinstance(fact.value, bool):
        return "是" if fact.value else "否"
    return f"{fact.value:f}" if isinstance(fact.value, Decimal) else fact.value


def span(assessment: Assessment) -> tuple[int, int, Decimal, Decimal]:
    """Return the places of the lowest and highest grade, and the lowest and highest points."""
    ids = [grade.id for grade in assessment.rubric.grades]
    assert assessment.grades is not None
    low, high = (ids.index(grade.id) for grade in assessment.grades)
    return low, high, assessment.low or Decimal(0), assessment.high or Decimal(0)


@QUICK
@given(
    seed=SEEDS, order=st.randoms(use_true_random=False), rules_id=st.sampled_from(["national-2025", "ceca-0344-2025"])
)
def test_a_confirmed_datum_never_widens_the_interval(seed: int, order: Random, rules_id: str) -> None:
    facts = list(HIDDEN[seed].facts.values())
    talk = Talk(rules_id)
    before = span(INTERVIEWER.assessment(talk.interview))
    for fact in order.sample(facts, 12):
        talk.set(fact.id, told(fact), evidence=fact.source or "台账")
        if talk.interview.pending:  # a slip that only the missing figures would explain
            talk.say("没错" if talk.interview.pending[0].kind == "smell" else "不知道")
        after = span(INTERVIEWER.assessment(talk.interview))
        assert before[0] <= after[0] <= after[1] <= before[1]
        assert before[2] <= after[2] <= after[3] <= before[3]
        before = after


@QUICK
@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_correcting_one_value_loses_no_other(seed: int, order: Random) -> None:
    numbers = [one for one in HIDDEN[seed].facts.values() if one.id.startswith("ceca-0344-2025/")]
    chosen = order.sample(numbers, 6)
    talk = Talk("ceca-0344-2025")
    for fact in chosen:
        talk.set(fact.id, told(fact))
    before = talk.scored()
    wrong = order.choice(chosen)
    talk.set(wrong.id, "1" if told(wrong) != "1" else "2")
    after = talk.scored()
    assert after.keys() == before.keys()
    assert [key for key in before if after[key] != before[key]] == [wrong.id]


@QUICK
@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_log_alone_gives_the_data(seed: int, order: Random) -> None:
    talk = Talk("ceca-0344-2025")
    for fact in order.sample(list(HIDDEN[seed].facts.values()), 8):
        talk.set(fact.id, told(fact), evidence=fact.source or "台账")
        if order.random() < 1 / 4:
            talk.say("撤回")
    replayed = Interview(talk.interview.rules_id, "试园", 2025, entries=talk.interview.entries)
    assert replayed.park() == talk.interview.park()
    half = Interview(talk.interview.rules_id, entries=talk.interview.entries[: len(talk.interview.entries) // 2])
    assert half.park() == Interview(half.rules_id, entries=half.entries).park()


ANYTHING = (
    "是", "否", "对", "不对", "没有", "不知道", "撤回", "继续", "跳过", "行", "改", "没错", "①", "②", "2",
    "3级", "都不是", "abc", " ", "下网8亿度", "下网80万度", "不对，下网7亿度", "下网大概6亿度",
    "绿电交易9亿度", "绿电交易6亿度", "用电3.2亿度", "柴油-5吨", "柴油1200吨，柴油1300吨",
    "天然气一季度300万方", "下网3到4亿度", "煤已经没有了", "八成五是绿电", "其余没有", "其他的不清楚",
    "0.3024 kgce/kWh", "省发展改革委答复", "40万吨标准煤", "4000吨标准煤", "2019年下网1亿度", "固废9吨",
    "GB/T 32151", "去掉", "固废产生10万吨，综合利用12万吨", "工业取水9亿方", "<b>1</b>", "=1+1", "第一个",
    "不是，是柴油", "一样", "没有合计",
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages=st.lists(st.sampled_from(ANYTHING), min_size=4, max_size=14))
def test_whatever_is_said_nothing_breaks_and_what_scores_can_be_graded(messages: list[str]) -> None:
    talk = Talk()
    for message in messages:
        reply = talk.say(message)
        assert reply.question or reply.done
        doubtful = {one.entry.fact for one in talk.interview.pending}
        assert not doubtful & talk.interview.waiting().keys()
        assert INTERVIEWER.assessment(talk.interview).park == INTERVIEWER.park(talk.interview)


def test_the_same_turns_give_the_same_interview() -> None:
    turns = ("是", "下网8亿度，绿电交易6亿度", "不对，下网是9亿度", "不知道", "撤回", "柴油大概1200吨", "行", "没有")
    first, second = Talk(), Talk()
    first.say(*turns)
    second.say(*turns)
    assert first.interview == second.interview
    assert first.reply == second.reply


# Made-up staff -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(library: Library, words: Words) -> Reader:
    return Reader(library, words, Spelling.of(library, words))


@pytest.fixture(scope="module", params=["national-2025", "ceca-0344-2025"])
def runs(request: pytest.FixtureRequest, reader: Reader) -> list[Run]:
    """Six parks interviewed by a rule set."""
    rules_id: str = request.param
    parks = {seed: hidden_park(seed, rules_id, RULES) for seed in range(100, 106)}
    return [interviewed(park, rules_id, RULES, hearing(RULES, reader), seed) for seed, park in parks.items()]


def test_the_interview_ends_with_the_assessment_of_the_hidden_file(runs: list[Run]) -> None:
    assert [run.wrong for run in runs if not run.same] == []


def test_the_outcome_is_settled_with_a_third_fewer_questions_than_in_order(runs: list[Run]) -> None:
    asked = [run.verdict_at for run in runs if run.verdict_at is not None]
    in_order = [run.fixed_verdict_at for run in runs if run.fixed_verdict_at is not None]
    assert len(asked) == len(in_order)
    assert median(asked) <= Decimal("0.7") * Decimal(str(median(in_order)))


def test_hidden_parks_are_whole_and_differ() -> None:
    verdicts = {
        assess(hidden_park(seed, "national-2025", RULES), RULES.rubric("national-2025"), RULES, edges=False).verdict
        for seed in range(30)
    }
    assert {"met", "not_met"} <= verdicts
