"""Several texts, one indicator: which limit applies to this park, and why; a draft never binds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import document
from ruamel.yaml import YAML

from assistant.conflicts import Applicant, limits_of, table_record
from corpus.library import Library
from corpus.model import Document

CASES: list[dict[str, Any]] = cast(Any, YAML(typ="safe")).load(
    (Path(__file__).parent / "conflict_cases.yaml").read_text(encoding="utf-8")
)
TIERS = ("national", "province", "city", "association")


def text_of(line: str) -> Document:
    identity, region, kind, status, since, sentence, *old = (part.strip() for part in line.split("|"))
    return document(
        identity, [("一", sentence)], region=region, kind=kind, status=status, in_force=since, supersedes=tuple(old),
        title=f"{region}{identity}的{kind}",
    )  # fmt: skip


def shelf(case: dict[str, Any]) -> Library:
    return Library([text_of(line) for line in case["texts"]])


def park_of(case: dict[str, Any]) -> Applicant:
    known = dict(case["park"])
    if "energy_tce" in known:
        known["energy_tce"] = Decimal(known["energy_tce"])
    return Applicant(**known)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_the_text_that_applies_is_named_and_the_others_with_their_reason(case: dict[str, Any]) -> None:
    table = limits_of(case["indicator"], shelf(case), park_of(case), on=case.get("on", ""))
    assert [row.document.id for row in table.applies] == case["applies"]
    states = {row.document.id: row.state for row in table.rows if row.state != "applies"}
    assert states == case["states"]
    assert all(row.why for row in table.rows)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_draft_is_never_binding_whatever_the_park(case: dict[str, Any]) -> None:
    library = shelf(case)
    for tier in (*TIERS, None):
        for region in ("", "江苏", "江苏/无锡", "浙江", "山东", "全国"):
            for size in (None, Decimal(350000)):
                table = limits_of(case["indicator"], library, Applicant(region, size, cast(Any, tier)))
                assert not [r for r in table.applies if r.document.status in ("征求意见", "在编", "废止")]
                assert all(r.greyed for r in table.rows if r.document.status in ("征求意见", "在编", "废止"))


def test_the_seeded_conflicts_are_enough() -> None:
    assert len(CASES) >= 20


def test_whether_the_texts_differ_is_said() -> None:
    alike = [
        "a | 全国 | 通知 | 现行 | 2025-01-01 | 绿电占比不低于50%。",
        "b | 全国 | 办法 | 现行 | 2024-01-01 | 绿电占比应≥50%。",
    ]
    assert not limits_of("绿电占比", Library([text_of(line) for line in alike])).conflict
    other = [alike[0], alike[1].replace("50", "60")]
    assert limits_of("绿电占比", Library([text_of(line) for line in other])).conflict


def test_the_real_library_by_region_size_and_title(library: Library) -> None:
    def applies(region: str, size: int, tier: str) -> list[str]:
        table = limits_of("碳排放强度", library, Applicant(region, Decimal(size), cast(Any, tier)))
        return [row.passage.id for row in table.applies]

    assert applies("湖南", 350000, "national") == ["ndrc-2025-910-annex3#core-limit-200k"]
    assert applies("湖南", 350000, "province") == ["hunan-park-limits#hunan-core-small"]
    assert applies("湖南", 1200000, "national") == ["ndrc-2025-910-annex3#core-limit-1m"]
    assert applies("江苏", 80000, "national") == []


def test_what_is_printed_has_scope_status_date_and_reason(library: Library) -> None:
    record = table_record(limits_of("工业用水重复利用率", library, Applicant("江苏", Decimal(350000), "province")))
    rows = cast("list[dict[str, object]]", record["rows"])
    assert (rows[0]["limit"], rows[0]["scope"], rows[0]["region"], rows[0]["state"]) == (
        "不低于85%",
        "省级",
        "江苏",
        "适用",
    )
    assert record["conflict"] is True
    assert {"status", "since", "title", "place", "quote", "why", "greyed"} <= set(rows[0])
    assert "试行" in str(rows[0]["why"])


def test_a_limit_of_another_indicator_in_the_same_sentence_is_not_taken() -> None:
    limits = "清洁能源消费占比不低于90%，工业用水重复利用率不低于80%，余热利用率原则上不低于50%。"
    library = Library([text_of(f"a | 全国 | 通知 | 现行 | 2025-01-01 | {limits}")])
    found = {
        name: [f.text for f in limits_of(name, library).rows[0].limits]
        for name in ("清洁能源消费占比", "工业用水重复利用率", "余热利用率")
    }
    assert found == {
        "清洁能源消费占比": ["不低于90%"],
        "工业用水重复利用率": ["不低于80%"],
        "余热利用率": ["原则上不低于50%"],
    }


def test_an_indicator_that_no_text_limits_has_no_rows(library: Library) -> None:
    assert limits_of("停车位充电桩占比", library).rows == ()
