"""One folding for library and question: what is written differently and means the same meets in the index."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand import domain_words
from corpus.index import Index
from corpus.words import Words, bare_numbers, fold, read_word_list, references

SAMPLE = 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("〔2025〕910号", "[2025]910号"),
        ("［2025］910号", "【2025】910号"),
        ("20万", "200000"),
        ("二十万", "200000"),
        ("200,000", "200000"),
        ("三亿二千万", "320000000"),
        ("80％", "80%"),
        ("百分之八十", "80%"),
        ("八成", "80%"),
        ("８０", "80"),
        ("第三十三条", "第33条"),
        ("附件三", "附件3"),
        ("0.2吨/吨标准煤", "0.2吨/吨标煤"),
        ("0.2吨/吨标准煤", "0.2吨/tce"),
        ("20万吨标准煤", "200000tce"),
        ("0.5千瓦时", "0.5kWh"),
        ("零碳園區", "零碳园区"),
        ("綜合能源消費量", "综合能源消费量"),
        ("ＣＯ₂", "co2"),
        ("GB／T 2589", "gb/t 2589"),
    ],
)
def test_two_ways_of_writing_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("limit", ["0.2吨/吨标准煤", "0.2吨二氧化碳/吨标煤", "0.20 tCO2/tce", "０.２吨每吨标准煤"])
def test_a_carbon_intensity_is_found_by_number_and_unit_however_it_is_written(words: Words, limit: str) -> None:
    assert {"#0.2", "tce"} <= set(words.tokens(limit))


@pytest.mark.parametrize("word", ["统一", "一带一路", "十四五", "万吨线", "千瓦", "一般工业固体废物"])
def test_a_numeral_inside_a_word_stays_a_word(word: str) -> None:
    assert fold(word) == word


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=60)
def test_any_text_folds_and_none_of_the_foldings_own_marks_stays(text: str) -> None:
    assert "\x00" not in fold(text)
    assert isinstance(references(text), list)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("发改环资〔2025〕910号", "[2025]910"),
        ("发改环资[2025]910號", "[2025]910"),
        ("国发（2026）22号", "[2026]22"),
        ("GB/T 2589-2020", "gb/t2589"),
        ("第三十三条", "第33条"),
        ("第33条", "第33条"),
        ("附件三", "附件3"),
        ("附录C", "附录c"),
    ],
)
def test_document_and_clause_numbers_have_one_spelling(text: str, mark: str) -> None:
    assert mark in references(text)


@pytest.mark.parametrize("text", ["910号文怎么说", "910号令", "看下910号"])
def test_a_document_can_be_named_by_its_number_alone(text: str) -> None:
    assert bare_numbers(text) == ["910"]


def test_the_domains_words_are_kept_whole(words: Words) -> None:
    broken = [
        word
        for word in domain_words()
        if re.fullmatch(r"[一-鿿]{2,8}", word) and fold(word) == word and words.cut(word) != [word]
    ]
    assert broken == []


def test_cut_words_joined_are_the_text_again(words: Words) -> None:
    text = fold("园区年综合能源消费量20万吨标准煤以上，单位能耗碳排放应不高于0.2。")
    assert "".join(words.cut(text)) == text


def test_a_verbatim_phrase_of_a_passage_always_scores(lexical_index: Index) -> None:
    chance = random.Random(910)
    missed: list[tuple[str, str]] = []
    everything = len(lexical_index.library.passages)
    for passage in chance.sample(sorted(lexical_index.library.passages.values(), key=lambda p: p.id), SAMPLE):
        phrase = chance.choice(re.findall(r"[一-鿿]{4,10}", passage.text))
        hits = lexical_index.search(phrase, legs="lexical", limit=everything).hits
        if not any(h.passage.id == passage.id and h.lexical > 0 and h.score > 0 for h in hits):
            missed.append((passage.id, phrase))
    assert missed == []


def test_a_word_list_leaves_out_comments_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# 名词\n零碳园区\n\n绿证 # 证书\n", encoding="utf-8")
    assert read_word_list(path) == ("零碳园区", "绿证")
