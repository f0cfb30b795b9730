"""Typing errors by sound are mended from the library's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import document, small_library

from corpus.spelling import Spelling
from corpus.words import Words

TEXTS = ["园区购买绿证要注销。", "绿证可以交易。", "申报绿证要有账户。"]


@pytest.fixture
def spelling(words: Words) -> Spelling:
    return Spelling.of(small_library(document("more", [("一", text) for text in TEXTS])), words)


def test_a_word_of_the_same_sound_is_mended(spelling: Spelling, words: Words) -> None:
    assert spelling.mend("绿正怎么买", words) == ("绿证怎么买", ("绿正→绿证",))


def test_words_that_the_library_has_stay_as_they_are(spelling: Spelling, words: Words) -> None:
    assert spelling.mend("绿证怎么买", words) == ("绿证怎么买", ())


def test_what_is_kept_reads_back_the_same(spelling: Spelling, tmp_path: Path) -> None:
    spelling.write(tmp_path / "spelling.json")
    assert Spelling.read(tmp_path / "spelling.json") == spelling
