"""A submission is read with all its faults at once and compared with the key line by line."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from assistant.training.calibration import calibrate, reconcile
from assistant.training.case_key import Key, key_of
from assistant.training.comparing import cards, cites, compare, same_place
from assistant.training.dossier import make
from assistant.training.faults import kinds
from assistant.training.submission import Mark, Submission, SubmissionFault, form_text, read_submission
from scoring.load import load_rules


@pytest.fixture(scope="module")
def key() -> Key:
    rules = load_rules()
    return key_of(make("compare", rules=rules, difficulty=3), rules)


def submitted(key: Key, name: str = "甲", **changes: object) -> Submission:
    """Return the perfect submission with some changes."""
    marks = tuple(Mark(one.spots[0].place, one.kind.id, (one.kind.clauses[0].fact,)) for one in key.faults)
    verdicts = {line.indicator: line.verdict for line in key.lines}
    return replace(Submission(key.case, name, key.fingerprint, verdicts, marks), **changes)  # type: ignore[arg-type]


def test_the_perfect_submission_agrees_in_all(key: Key) -> None:
    found = compare(key, submitted(key))
    assert {line.judged for line in found.lines} == {"right"}
    assert {fault.found for fault in found.faults} == {"found"}
    assert (found.recall, found.precision, found.clause_share) == (1, 1, 1)
    assert found.agreement.kappa == pytest.approx(1)
    assert cards(found) == []
    json.dumps(found.record())


def test_verdicts_are_lenient_strict_or_blank(key: Key) -> None:
    met = next(line for line in key.lines if line.verdict == "met")
    not_met = next(line for line in key.lines if line.verdict == "not_met")
    verdicts = {met.indicator: "not_met", not_met.indicator: "met"}
    found = {line.line.indicator: line.judged for line in compare(key, submitted(key, verdicts=verdicts)).lines}
    assert found.pop(met.indicator) == "strict"
    assert found.pop(not_met.indicator) == "lenient"
    assert set(found.values()) == {"blank"}


def test_a_mark_at_any_place_of_a_fault_finds_it_by_id_name_or_word(key: Key) -> None:
    for fault in key.faults:
        for spot in fault.spots:
            for what in (fault.kind.id, fault.kind.label, f"我看是{fault.kind.words[0]}有问题"):
                found = compare(key, submitted(key, marks=(Mark(spot.place, what),)))
                hit = next(one for one in found.faults if one.fault is fault)
                assert hit.found == "found", (spot.place, what)
                assert not hit.clause_right


def test_a_mark_of_another_name_is_misnamed_and_one_at_no_fault_is_invented(key: Key) -> None:
    there = key.faults[0]
    other = next(one.id for one in kinds().values() if one.id not in {fault.kind.id for fault in key.faults})
    marks = (Mark(there.spots[0].place, other), Mark("园区数据填报表.xlsx 填报!D999", other))
    found = compare(key, submitted(key, marks=marks))
    assert found.faults[0].found == "misnamed"
    assert found.invented == marks[1:]
    assert found.recall == 0
    assert found.precision == 0


def test_the_same_fault_marked_twice_is_neither_invented_nor_counted_twice(key: Key) -> None:
    one = key.faults[0]
    marks = tuple(Mark(spot.place, one.kind.id) for spot in one.spots[:2])
    found = compare(key, submitted(key, marks=marks))
    assert found.invented == ()
    assert len(found.again) == 1
    assert found.precision == 1


def test_places_are_matched_by_file_or_sheet_and_row() -> None:
    place = "月度账单.xlsx 电力账单!E7"
    assert same_place("电力账单 E7", place)
    assert same_place("月度账单.xlsx 电力账单!C7", place)
    assert same_place("电力账单", place)
    assert not same_place("电力账单!E77", place)
    assert not same_place("天然气账单!E7", place)
    assert same_place("访谈记录 第 3 条", "访谈记录.docx 第3条")
    assert not same_place("访谈记录", "访谈记录.docx 第3条")


def test_a_clause_is_cited_by_fact_or_by_document_and_place() -> None:
    clause = kinds()["accident_hidden"].clauses[0]
    assert cites(clause.fact, clause)
    assert cites("910号文 附件1 四", clause)
    assert not cites("附件1", clause)
    assert not cites("附件3 四", clause)
    other = kinds()["uncancelled_certificate"].clauses[0]
    assert not cites("附件", other)
    assert cites("nonfossil-consumption-622 附件", other)
    assert cites("发改能源[2026]622号", other)


@pytest.mark.parametrize(
    ("kind", "cited", "right"),
    [
        ("feedstock_burned", "发改环资〔2025〕910号 附件4 二（二）1", True),
        ("traded_as_direct", "附件4 二（二）3①", True),
        ("traded_as_direct", "附件4 三（二）3①", False),
        ("expired_certificate", "国能发新能规〔2024〕67号", True),
        ("expired_certificate", "湘工信节能〔2025〕467号", False),
        ("wrong_year_coefficient", "GB/T 2589-2020 附录A 表A.2", True),
        ("wrong_year_coefficient", "附录A 表A.2", False),
        ("water_total", "GB/T 36132-2025", True),
        ("green_twice", "绿证、绿电与抵销怎样计入核算", True),
    ],
)
def test_a_clause_is_cited_as_an_assessor_writes_it(kind: str, cited: str, right: bool) -> None:
    assert any(cites(cited, clause) for clause in kinds()[kind].clauses) is right


def test_every_clause_is_cited_by_what_is_shown_of_it() -> None:
    missed = [clause for kind in kinds().values() for clause in kind.clauses if not cites(clause.shown, clause)]
    assert missed == []


def test_what_was_missed_becomes_plain_cards_with_a_source(key: Key) -> None:
    found = cards(compare(key, submitted(key, marks=(), verdicts={})))
    assert len(found) == len(key.faults) + len(key.lines)
    assert len({one["id"] for one in found}) == len(found)
    for one in found:
        assert set(one) == {"id", "kind", "topic", "front", "back", "source"}
        assert one["kind"] == "miss"
        assert all(one.values())
    labels = [fault.kind.label for fault in key.faults]
    assert not any(label in one["front"] for one in found for label in labels)


def test_points_are_compared_where_the_rule_set_has_them(key: Key) -> None:
    line = replace(key.lines[0], points=Decimal(3))
    scored = replace(key, lines=(line, *key.lines[1:]))
    right = compare(scored, submitted(key, points={line.indicator: Decimal("3.0")}))
    wrong = compare(scored, submitted(key, points={line.indicator: Decimal(2)}))
    assert [one.points_right for one in right.lines[:2]] == [True, None]
    assert wrong.lines[0].points_right is False


def test_levels_are_compared_where_the_rule_set_has_them() -> None:
    rules = load_rules()
    leveled = key_of(make("levels", rules=rules, series="ceca"), rules)
    levels = {line.indicator: line.level for line in leveled.lines if line.level is not None}
    right = compare(leveled, submitted(leveled, levels=levels))
    assert right.agreement.kappa == pytest.approx(1)
    assert right.agreement.count == len(levels)
    high = compare(leveled, submitted(leveled, levels={key: min(level + 1, 4) for key, level in levels.items()}))
    assert high.agreement.bias is not None
    assert high.agreement.bias > 0.1
    assert {line.judged for line in high.lines} <= {"lenient", "right"}
    text = f"case: {leveled.case}\nverdicts: {{}}\nlevels: {{{next(iter(levels))}: 2, training: 9}}"
    with pytest.raises(SubmissionFault, match="0 到 4"):
        read_submission(text, leveled, name="甲")
    read = read_submission(text.replace(", training: 9", ""), leveled, name="甲")
    assert list(read.levels.values()) == [2]


def test_the_empty_form_can_be_handed_in_and_counts_as_blank(key: Key) -> None:
    read = read_submission(form_text(key), key, name="甲")
    assert read.verdicts == {}
    assert read.marks == ()


def test_a_filled_form_is_read_with_words_or_ids(key: Key) -> None:
    first, second = key.lines[0], key.lines[1]
    text = (
        f"case: {key.case}\nverdicts:\n  {first.indicator}: 未达到\n  {second.label}: met\n"
        "faults:\n  - {where: 填报!D5, what: 单位写错, clauses: 附件1 四}\n"
    )
    read = read_submission(text, key, name="甲")
    assert read.verdicts == {first.indicator: "not_met", second.indicator: "met"}
    assert read.marks == (Mark("填报!D5", "单位写错", ("附件1 四",)),)


def test_all_that_is_wrong_with_a_submission_is_told_at_once(key: Key) -> None:
    text = (
        "case: case-1-x\nverdicts: {nonsense: 达到, scope: 也许}\npoints: {scope: 三分}\n"
        "faults:\n  - {where: 填报!D5}\n  - {where: a, what: b, who: c}\n"
    )
    with pytest.raises(SubmissionFault) as error:
        read_submission(text, key, name="甲")
    for part in ("case-1-x", "nonsense", "也许", "三分", "第 1 处", "第 2 处"):
        assert part in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "case: x", "a: [", "case: x\nverdicts: {}\nother: 1"])
def test_what_is_no_submission_is_refused_in_words(key: Key, text: str) -> None:
    with pytest.raises(SubmissionFault, match=r"答卷|读不出来"):
        read_submission(text, key, name="甲")


def test_two_blind_submissions_are_set_side_by_side_without_the_key(key: Key) -> None:
    line = next(line for line in key.lines if line.verdict == "met")
    other = submitted(
        key, "乙", verdicts={one.indicator: one.verdict for one in key.lines} | {line.indicator: "not_met"}
    )
    other = replace(other, marks=other.marks[1:])
    found = reconcile(key, submitted(key), other)
    assert [(one.indicator, one.verdicts) for one in found.apart] == [(line.indicator, ("met", "not_met"))]
    assert found.only[0] == (submitted(key).marks[0],)
    assert found.only[1] == ()
    assert found.alpha is not None
    assert "reason" not in json.dumps(found.record())


def test_a_group_is_calibrated_on_one_case(key: Key) -> None:
    strict = submitted(key, "严", verdicts={line.indicator: "not_met" for line in key.lines}, marks=())
    found = calibrate(key, [submitted(key, "甲"), submitted(key, "乙"), strict])
    assert found.alpha is not None
    assert found.alpha < 1
    assert [one.submission.name for one in found.comparisons] == ["甲", "乙", "严"]
    assert set(found.found.values()) == {2}
    assert {label for label, _ in found.split} == {line.label for line in key.lines if line.verdict != "not_met"}
    json.dumps(found.record())
