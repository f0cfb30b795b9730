"""Names and units typed by sound are put right, words that are words are not."""

from __future__ import annotations

import pytest

from assistant.naming import as_heard
from assistant.plain import plain_text
from assistant.said import said_in
from scoring.load import load_rules

RULES = load_rules()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("绿店2600万度", "绿电2600万度"),
        ("一亿三千六百万渡", "一亿三千六百万度"),
        ("天然汽150万方才油60顿", "天然气150万方柴油60吨"),
        ("鱼热能用的有5万吉交", "余热能用的有5万吉焦"),
        ("300张没合销", "300张没核销"),
    ],
)
def test_what_was_typed_by_sound_is_put_right(typed: str, meant: str) -> None:
    assert as_heard(plain_text(typed), RULES).plain == meant


@pytest.mark.parametrize(
    "typed",
    ["店里用电3万度", "提交一份材料", "园区已全面禁煤", "第5章内容", "煤汽不外送", "食堂一顿饭3元", "均为核算年度内的"],
)
def test_words_stay_as_they_are(typed: str) -> None:
    assert as_heard(plain_text(typed), RULES).plain == typed


def test_the_words_as_typed_are_kept_with_the_figure() -> None:
    (one,) = said_in("外够电8600万肚", RULES)
    assert (one.fact, str(one.value), one.raw) == ("grid_power_in_mwh", "86000", "外够电8600万肚")


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("外购电力 | 万kWh | 8923.6", "grid_power_in_mwh", "89236"),
        ("光伏自用三百六 单位万度", "self_green_mwh", "3600"),
        ("4.4亿元，这是去年园区工业增加值", "value_added_cny", "440000000"),
        ("光伏余电上网，供电所的数是367.5万度", "green_power_out_mwh", "3675"),
        ("天然气 1 234.5 万m3", "fuel_burned/natural_gas", "1234.5"),
        ("汽油大概半吨", "fuel_burned/gasoline", "0.5"),
    ],
)
def test_a_figure_is_read_however_it_is_laid_out(message: str, fact: str, value: str) -> None:
    (one,) = said_in(message, RULES)
    assert (one.fact, str(one.value)) == (fact, value)
