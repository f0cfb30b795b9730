"""House rules of the built-in library, and what a folder of digests must hold together."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import DigestError
from corpus.library import Library, check_factors, read_library
from corpus.words import fold
from ui.start import factor_values

INTERNAL = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]\d{1,2}[；;]|/(?:work|tmp|home|Users)/|(?i:github|huggingface)|\.(?:md|csv|ya?ml|py|jsonl?)\b"
)
NATIONAL_INDICATORS = {
    "单位能耗碳排放": ("0.2吨", "0.3吨"),
    "清洁能源消费占比": ("90%",),
    "产品单位能耗": ("二级",),
    "工业固": ("80%",),
    "余热": ("50%",),
    "工业用水重复利用率": ("80%",),
}


def test_the_library_has_more_than_1200_facts(library: Library) -> None:
    assert len(library.passages) >= 1200


def test_every_fact_has_a_unique_id_and_none_is_lost(library: Library) -> None:
    ids = [p.id for d in library.documents.values() for p in d.passages]
    assert len(ids) == len(set(ids)) == len(library.passages)


def test_every_document_has_facts(library: Library) -> None:
    assert [d.id for d in library.documents.values() if not d.passages] == []


def test_every_fact_has_text_place_source_and_confidence(library: Library) -> None:
    offenders = [
        p.id
        for p in library.passages.values()
        if not (p.text.strip() and p.place.strip() and p.questions and p.confidence in ("A", "B"))
        or library.document_of(p).id != p.document_id
    ]
    assert offenders == []


def test_every_source_can_be_found(library: Library) -> None:
    def findable(url: str, note: str) -> bool:
        return bool(re.match(r"https?://[\w.-]+", url)) or (url == "无" and bool(note.strip()))

    offenders = [d.id for d in library.documents.values() if not findable(d.url, d.url_note)]
    offenders += [p.id for p in library.passages.values() if p.url and not findable(p.url, "-")]
    assert offenders == []


def test_every_source_says_who_issued_it_and_when_it_was_checked(library: Library) -> None:
    offenders = [d.id for d in library.documents.values() if not all(i.strip() for i in d.issuers) or not d.checked]
    assert offenders == []


def test_no_text_names_our_own_files_or_codes(library: Library) -> None:
    offenders = [
        (p.id, found[0])
        for p in library.passages.values()
        for part in (p.text, p.place, *p.questions, *p.path)
        if (found := INTERNAL.search(part))
    ]
    offenders += [
        (d.id, found[0])
        for d in library.documents.values()
        for part in (d.title, d.number, d.url_note, *d.aliases, *d.issuers)
        if (found := INTERNAL.search(part))
    ]
    assert offenders == []


def test_facts_that_say_nothing_is_written_are_marked_and_not_the_rule(library: Library) -> None:
    silent = sum(p.silent for p in library.passages.values())
    assert 0 < silent < len(library.passages) / 2


@pytest.mark.parametrize("indicator", NATIONAL_INDICATORS)
def test_each_of_the_six_national_indicators_has_its_limit(library: Library, indicator: str) -> None:
    texts = [fold(p.text) for p in library.documents["ndrc-2025-910-annex3"].passages if not p.silent]
    for limit in NATIONAL_INDICATORS[indicator]:
        assert any(fold(indicator) in t and fold(limit) in t for t in texts), limit


def test_the_numbers_of_the_library_agree_with_the_factor_tables(library: Library) -> None:
    assert sum(bool(p.factor) for p in library.passages.values()) > 0
    assert check_factors(library, factor_values()) == []


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ("grid/electricity/national/average/2021 = 0.9999", "0.5568"),
        ("grid/electricity/no-such-key = 0.5568", "没有"),
        ("grid/electricity/national/average/2021 = 0.5568", "正文里没有"),
    ],
)
def test_a_planted_wrong_number_is_found(library: Library, factor: str, said: str) -> None:
    document = library.documents["ndrc-2025-910"]
    planted = replace(document.passages[0], factor=factor)
    made = Library([document.model_copy(update={"passages": (planted,)})])
    (fault,) = check_factors(made, factor_values())
    assert said in fault
    assert f"ndrc-2025-910.md:{planted.line}" in fault


def test_places_are_known_by_their_own_name(library: Library) -> None:
    assert library.regions["江苏"] == "江苏"
    assert library.regions["常州"] == "江苏/常州"
    assert "全国" not in library.regions


def digest(folder: Path, realm: str, name: str, *, identity: str = "", more: str = "") -> None:
    path = folder / realm / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\nid: {identity or name}\ntitle: 样板通知\nkind: 通知\nissuers: [某委]\nstatus: 现行\nregion: 全国\n"
        f"url: https://example.invalid/\nchecked: 2026-11-22\n{more}---\n\n"
        "- [one] 园区每年报送一次能源利用状况。\n  - 出处：一\n  - 可信：A\n  - 问：多久报一次\n",
        encoding="utf-8",
    )


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    digest(tmp_path, "national", "same")
    digest(tmp_path, "local", "same")
    with pytest.raises(DigestError, match="同名"):
        read_library(tmp_path)


def test_a_superseded_document_must_be_in_the_library(tmp_path: Path) -> None:
    digest(tmp_path, "national", "new", more="supersedes: [old]\n")
    with pytest.raises(DigestError, match="'old' 不在文库里"):
        read_library(tmp_path)
    digest(tmp_path, "national", "old")
    assert read_library(tmp_path).documents["new"].supersedes == ("old",)


def test_the_faults_of_all_files_come_in_one_report(tmp_path: Path) -> None:
    digest(tmp_path, "national", "first", identity="other")
    digest(tmp_path, "local", "second", more="status: 试行\n")
    digest(tmp_path, "measures", "third", more="supersedes: [nowhere]\n")
    with pytest.raises(DigestError) as caught:
        read_library(tmp_path)
    said = str(caught.value)
    assert all(name in said for name in ("first.md", "second.md", "third.md")), said
