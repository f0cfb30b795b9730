"""A new edition: which rules it concerns, and what an assessment would become."""

from __future__ import annotations

from decimal import Decimal

import pytest
from editions_text import NEW, OLD, edition
from fakes import document, small_library
from parks import RULES, park

from assistant.edition_records import comparison_record, concern_records, impact_record
from assistant.editions import Concern, clause_spots, concerns, impact, revised, same_text, touches
from assistant.rule_clauses import Review, awaiting_review, reviewed
from corpus.clauses import clauses_of, passages_of
from corpus.editions import compare
from corpus.model import Document, Passage
from corpus.reading.model import Line, Reading
from scoring.assess import assess
from scoring.load import read_rubric
from scoring.model import Rules

RUBRIC = """
id: sample-2024
title: 样板园区指标
edition: "2024"
status: 试行
region: 全国
reference: {document: sample, clause: 第二章, confidence: A}
blocks: [{id: all, label: 全部}]
indicators:
  - {id: scope, label: 适用于省级以上开发区, block: all, role: condition, test: holds, value: subject_qualified, reference: {document: sample, clause: 第二条, confidence: A}}
  - {id: principle, label: 建设原则, block: all, role: condition, test: holds, value: boundary_clear, reference: {document: sample, clause: 第三条, confidence: A}}
  - {id: purpose, label: 目的, block: all, role: condition, test: holds, value: data_basis_sound, reference: {document: sample, clause: 第一条, confidence: A}}
  - id: carbon
    label: 单位能耗碳排放
    block: all
    role: core
    test: at_most
    value: carbon_per_energy_910_tco2_per_tce
    unit: tCO2/tce
    limits: [{value: 0.9, reference: {document: sample, clause: 第四条, confidence: A}}]
    reference: {document: sample, clause: 第四条, confidence: A}
  - {id: clean, label: 清洁能源消费占比, block: all, role: guiding, test: at_least, value: clean_energy_share, limits: [{value: 0.6, reference: {document: sample, clause: 第五条, confidence: A}}], reference: {document: sample, clause: 第五条, confidence: A}}
  - {id: water, label: 工业用水重复利用率, block: all, role: guiding, test: at_least, value: water_reuse_share, limits: [{value: 0.8, reference: {document: sample, clause: 第五条, confidence: A}}], reference: {document: sample, clause: 第五条, confidence: A}}
  - {id: waste, label: 工业固体废弃物综合利用率, block: all, role: guiding, test: at_least, value: solid_waste_utilization_share, limits: [{value: 0.85, reference: {document: sample, clause: 第六条, confidence: A}}], reference: {document: sample, clause: 第六条, confidence: A}}
  - {id: platform, label: 能碳管理平台, block: all, role: guiding, test: holds, value: no_major_accident_3y, reference: {document: sample, clause: 第七条, confidence: A}}
  - {id: other, label: 另一份文件的指标, block: all, role: guiding, test: at_least, value: direct_supply_share, limits: [{value: 0.1, reference: {document: elsewhere, clause: 第四条, confidence: A}}], reference: {document: elsewhere, clause: 第四条, confidence: A}}
grades:
  - {id: failed, label: 不合格, verdict: not_met}
  - {id: passed, label: 合格, verdict: met, needs: [{roles: [core]}]}
"""  # noqa: E501
SAMPLE = read_rubric("sample.yaml", RUBRIC, RULES)
BOTH = Rules(**{**vars(RULES), "rubrics": {**RULES.rubrics, "sample-2024": SAMPLE}})


@pytest.fixture(scope="module")
def found() -> tuple[Concern, ...]:
    return concerns(compare(edition(OLD), edition(NEW)), BOTH, ["sample"])


def test_exactly_the_rules_on_changed_clauses_await_review(found: tuple[Concern, ...]) -> None:
    awaiting = {(c.rubric.id, c.indicator.id) for c in found if c.why == "words"}
    assert awaiting == {("sample-2024", one) for one in ("scope", "carbon", "clean", "water", "waste", "platform")}


def test_a_rule_on_a_clause_that_only_stands_elsewhere_has_its_reference_to_follow(found: tuple[Concern, ...]) -> None:
    assert {c.indicator.id for c in found if c.why == "place"} == {"principle"}


def test_an_unchanged_edition_concerns_no_rule() -> None:
    assert concerns(compare(edition(OLD), edition(OLD)), BOTH, ["sample"]) == ()


def test_the_moved_limits_are_put_in_and_nothing_else(found: tuple[Concern, ...]) -> None:
    trial = revised(SAMPLE, found)
    assert {(one.indicator, one.before, one.after) for one in trial.applied} == {
        ("carbon", Decimal("0.9"), Decimal("0.8")),
        ("clean", Decimal("0.6"), Decimal("0.65")),
        ("waste", Decimal("0.85"), Decimal("0.8")),
    }
    limits = {one.id: [case.value for case in one.limits] for one in trial.rubric.indicators}
    assert limits["water"] == [Decimal("0.8")]
    assert limits["other"] == [Decimal("0.1")]
    assert {c.indicator.id for c in trial.left} == {"scope", "water", "platform"}


def test_the_park_is_graded_under_both_and_the_moved_lines_are_shown(found: tuple[Concern, ...]) -> None:
    made = impact(park(), SAMPLE, BOTH, found)
    grades = [one.grades[0].label if one.grades else "" for one in (made.before, made.after)]
    assert grades == ["合格", "不合格"]
    lines = {new.indicator.id: (old.verdict, new.verdict) for old, new in made.moved}
    assert lines == {"carbon": ("met", "not_met"), "waste": ("not_met", "met")}
    assert SAMPLE.indicator("carbon").limits[0].value == Decimal("0.9")


def own_edition(identity: str, text: str, title: str, **record: object) -> Document:
    made = document(identity, [], realm="own", title=title, **record)
    return made.model_copy(update={"passages": edition(text, identity)})


OLD_EDITION = own_edition("own-old", OLD, "样板园区建设管理办法（试行）", in_force="2024-01-01")
NEW_EDITION = own_edition(
    "own-new", NEW, "样板园区建设管理办法", number="国样〔2026〕1号", in_force="2026-01-01", supersedes=("own-old",)
)
DIGEST = document("sample", [("第四条", "不高于0.9。")], title="样板园区建设管理办法（试行）")


def mine(found: tuple[Review, ...]) -> set[str]:
    return {one.indicator for one in found if one.rules == "sample-2024"}


def test_with_both_texts_at_hand_only_rules_on_clauses_that_read_otherwise_await_review() -> None:
    at_hand = small_library(DIGEST, OLD_EDITION, NEW_EDITION)
    changed = {"scope", "carbon", "clean", "water", "waste", "platform"}
    assert mine(awaiting_review(at_hand, BOTH)) == changed
    assert mine(awaiting_review(at_hand, BOTH, "2025-06-30")) == set()


def test_with_a_digest_of_the_old_text_alone_all_its_rules_await_review() -> None:
    new = NEW_EDITION.model_copy(update={"supersedes": ("sample",)})
    everything = {one.id for one in SAMPLE.indicators if one.id != "other"}
    assert mine(awaiting_review(small_library(DIGEST, new), BOTH)) == everything
    draft = new.model_copy(update={"status": "征求意见"})
    assert mine(awaiting_review(small_library(DIGEST, draft), BOTH)) == set()


def test_an_assessment_says_which_of_its_results_await_review_and_keeps_its_verdicts() -> None:
    before = assess(park(), SAMPLE, BOTH)
    after = reviewed(before, awaiting_review(small_library(DIGEST, OLD_EDITION, NEW_EDITION), BOTH))
    marked = {one.indicator.id for one in after.results if one.reason.startswith("【待复核】")}
    assert marked == {"scope", "carbon", "clean", "water", "waste", "platform"}
    assert "《样板园区建设管理办法》" in after.result("carbon").reason
    assert after.result("carbon").reason.endswith(before.result("carbon").reason)
    assert after.warnings[-1].startswith("待复核 6 项")
    assert [one.verdict for one in after.results] == [one.verdict for one in before.results]
    assert reviewed(before, ()) is before


def table(limit_small: str, limit_large: str, size: str) -> tuple[Passage, ...]:
    head, size_is = "指标名称：单位能耗碳排放；目标要求：", "年综合能源消费量"
    rows = [
        f"{head}≤{limit_small} 吨/吨标准煤（{size_is}{size}万吨标准煤及以上、不足100万吨标准煤的园区）",
        f"{head}≤{limit_large} 吨/吨标准煤（{size_is}100万吨标准煤及以上的园区）",
        "指标名称：工业用水重复利用率；目标要求：≥80%",
    ]
    lines = (Line("附件3"), Line("指标体系（试行）"), *(Line(row, kind="row") for row in rows))
    return passages_of("own", clauses_of(Reading("x", "txt", lines, (), "0")))


def test_a_row_of_the_national_table_concerns_its_own_indicator_only() -> None:
    made = compare(table("0.2", "0.3", "20"), table("0.2", "0.25", "20"))
    found = concerns(made, RULES, ["ndrc-2025-910-annex3"])
    assert {(c.rubric.id, c.indicator.id) for c in found} == {
        ("national-2025", "carbon_per_energy"),
        ("ceca-0344-2025", "carbon_per_energy"),
    }
    trial = revised(RULES.rubric("national-2025"), found)
    limits = trial.rubric.indicator("carbon_per_energy").limits
    assert [case.value for case in limits] == [Decimal("0.2"), Decimal("0.25")]


def test_the_size_from_which_a_limit_holds_moves_with_the_edition() -> None:
    made = compare(table("0.2", "0.3", "20"), table("0.2", "0.3", "10"))
    trial = revised(RULES.rubric("national-2025"), concerns(made, RULES, ["ndrc-2025-910-annex3"]))
    limits = trial.rubric.indicator("carbon_per_energy").limits
    spans = [limits[0].when["energy_tce"], limits[1].when["energy_tce"]]
    assert not isinstance(spans[0], str)
    assert (spans[0].from_, spans[0].below) == (Decimal(100000), Decimal(1000000))
    assert [(one.before, one.after, one.scope) for one in trial.applied] == [(Decimal(200000), Decimal(100000), True)]


def test_a_text_is_known_by_its_number_or_title() -> None:
    library = small_library()
    mine = document("mine", [], title="关于建设样板园区的通知", number="国样〔2025〕910号")
    assert same_text(mine, library) == ("mine", "park-notice")
    assert same_text(document("mine", [], title="样板节能管理办法"), library) == ("mine", "saving-law")
    assert same_text(document("mine", [], title="别的"), library) == ("mine",)


@pytest.mark.parametrize(
    ("clause", "spots"),
    [
        ("附件3 一、二2", ("附件3一", "附件3二2")),
        ("附件3 指标表、二", ("附件3指标表", "附件3二")),
        ("附件4 二（二）3①", ("附件4二（二）3①",)),
        ("第四条", ("第四条",)),
        ("附件3 二（全文比对）", ("附件3二",)),
        ("附件1；附件3 一", ("附件1", "附件3一")),
    ],
)
def test_the_places_that_a_reference_names(clause: str, spots: tuple[str, ...]) -> None:
    assert clause_spots(clause) == spots


@pytest.mark.parametrize(
    ("spot", "place", "expected"),
    [
        ("第四条", "第四条", True),
        ("第四条", "第四条第二款", True),
        ("第四条", "第四条（一）", True),
        ("第四条", "第十四条", False),
        ("第二章", "第二章", True),
        ("附件3二2", "附件3 二2", True),
        ("附件3二", "附件3 二（一）", True),
        ("附件3二", "附件3 二十", False),
        ("附件3二2", "附件3 二21", False),
        ("附件1", "附件10 一", False),
        ("4.1", "4.1.2", True),
        ("4.1", "4.10", False),
        ("附件3指标表", "附件3 表第2行", True),
        ("附件3指标表", "附件4 表第2行", False),
        ("附件3一", "附件3 一 第2段", True),
    ],
)
def test_a_place_is_at_a_spot_or_not(spot: str, place: str, expected: bool) -> None:
    assert touches(spot, place) is expected


def test_what_is_printed_says_what_happened_in_words(found: tuple[Concern, ...]) -> None:
    record = comparison_record(compare(edition(OLD), edition(NEW)))
    assert record["counts"] == {
        "未变": 1, "编号变了": 4, "改写": 3, "收紧": 2, "放宽": 1, "新增": 1, "删除": 1, "拆开": 1, "合并": 1,
    }  # fmt: skip
    lines = {str(one["indicator"]): one for one in concern_records(found)}
    assert lines["carbon"]["state"] == "待复核"
    assert lines["carbon"]["kinds"] == ["收紧", "编号变了"]
    assert lines["principle"]["state"] == "出处要跟着改"


def test_what_an_assessment_would_become_is_printed_with_its_figures(found: tuple[Concern, ...]) -> None:
    record = impact_record(impact(park(), SAMPLE, BOTH, found), BOTH)
    assert record["level"] == {"before": "合格", "after": "不合格"}
    assert record["outcome"] == {"before": "达到", "after": "没有达到"}
    assert record["applied"] == [
        {"id": "carbon", "label": "单位能耗碳排放", "scope": False, "before": "0.9 tCO2/tce", "after": "0.8 tCO2/tce"},
        {"id": "clean", "label": "清洁能源消费占比", "scope": False, "before": "60%", "after": "65%"},
        {"id": "waste", "label": "工业固体废弃物综合利用率", "scope": False, "before": "85%", "after": "80%"},
    ]
    assert record["moved"] == [
        {"id": "carbon", "label": "单位能耗碳排放", "before": "达到", "after": "没有达到"},
        {"id": "waste", "label": "工业固体废弃物综合利用率", "before": "没有达到", "after": "达到"},
    ]
