"""A question that names a document or a clause goes straight to it."""

from __future__ import annotations

import pytest
from fakes import small_library

from corpus.library import Library
from corpus.references import ReferenceTable


@pytest.fixture(scope="module")
def table() -> ReferenceTable:
    return ReferenceTable(small_library())


@pytest.fixture(scope="module")
def real(library: Library) -> ReferenceTable:
    return ReferenceTable(library)


@pytest.mark.parametrize(
    "question",
    [
        "国样〔2025〕910号讲了什么",
        "国样[2025]910号",
        "910号文的要求",
        "看看910号",
        "《关于建设样板园区的通知》什么时候生效",
        "关于建设样板园区的通知什么时候生效",
    ],
)
def test_a_document_is_found_by_number_bare_number_and_title(table: ReferenceTable, question: str) -> None:
    assert table.documents(question) == ["park-notice"]


@pytest.mark.parametrize("question", ["补贴有多少", "2025年的能耗", "国样〔2024〕911号", "777号文"])
def test_a_question_that_names_no_document_at_hand_finds_none(table: ReferenceTable, question: str) -> None:
    assert table.documents(question) == []


def test_the_same_number_of_another_year_is_another_document(table: ReferenceTable) -> None:
    assert table.documents("国样〔2024〕910号讲了什么") == []


@pytest.mark.parametrize("question", ["样板节能管理办法第三十三条", "《样板节能管理办法》第33条怎么说"])
def test_a_named_clause_outweighs_the_rest_of_its_document(table: ReferenceTable, question: str) -> None:
    named = table.named(question)
    assert max(named.passages, key=named.passages.__getitem__) == "saving-law#fact-1"
    assert named.passages["saving-law#fact-1"] > named.passages["saving-law#fact-2"]
    assert not named.missing_clause


def test_a_clause_that_the_document_does_not_have_is_flagged(table: ReferenceTable) -> None:
    named = table.named("样板节能管理办法第九十九条怎么说")
    assert named.missing_clause
    assert set(named.passages) == {"saving-law#fact-1", "saving-law#fact-2"}


def test_a_clause_of_a_document_that_is_not_at_hand_is_flagged(table: ReferenceTable) -> None:
    named = table.named("商业银行法第五条怎么规定")
    assert named.missing_document
    assert not named.passages


@pytest.mark.parametrize("question", ["该办法第五条是什么意思", "第五条怎么理解"])
def test_a_clause_of_no_named_document_is_no_unknown_document(table: ReferenceTable, question: str) -> None:
    named = table.named(question)
    assert (named.missing_document, named.missing_clause, named.passages) == (False, False, {})


@pytest.mark.parametrize(
    "question", ["发改环资〔2025〕910号", "发改环资[2025]910號", "910号文", "《关于开展零碳园区建设的通知》"]
)
def test_the_national_notice_is_found_by_all_its_names(real: ReferenceTable, question: str) -> None:
    assert "ndrc-2025-910" in real.documents(question)


def test_every_document_with_a_number_is_found_by_it(library: Library, real: ReferenceTable) -> None:
    numbered = [d for d in library.documents.values() if "〔" in d.number]
    assert len(numbered) > 20
    assert [d.number for d in numbered if d.id not in real.documents(f"{d.number}说了什么")] == []
