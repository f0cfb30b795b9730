"""What read_figures makes of the ways in which figures are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from corpus.figures import Figure, canonical_unit, read_figures


def one(text: str) -> Figure:
    (figure,) = read_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("20万吨标准煤", "200000", "tce"),
        ("二十万吨标煤", "200000", "tce"),
        ("200,000 tce", "200000", "tce"),
        ("１．５亿千瓦时", "150000000", "kWh"),
        ("三亿二千万度", "320000000", "kWh"),
        ("0.20吨/吨标准煤", "0.2", "tCO2/tce"),
        ("0.2吨二氧化碳/吨标准煤", "0.2", "tCO2/tce"),
        ("0.8325 kgCO2/kWh", "0.8325", "kgCO2/kWh"),
        ("0.8325千克二氧化碳/千瓦时", "0.8325", "kgCO2/kWh"),
        ("0.8325吨二氧化碳/兆瓦时", "0.8325", "kgCO2/kWh"),
        ("389.31 GJ/万Nm3", "389.31", "GJ/万Nm3"),
        ("8０％", "80", "%"),
        ("百分之八十", "80", "%"),
        ("八成五", "85", "%"),
        ("2000万元", "20000000", "元"),
        ("800元/kW", "800", "元/kW"),
        ("3259万千瓦", "32590000", "kW"),
        ("52個園區", "52", "个"),
        ("五部门", "5", "部门"),
        ("-5℃", "-5", "℃"),
    ],
)
def test_an_amount_is_read_with_scale_and_canonical_unit(text: str, value: str, unit: str) -> None:
    figure = one(text)
    assert (figure.kind, figure.value, figure.unit) == ("number", Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("不低于60%", "ge"), ("不得少于60%", "ge"), ("至少60%", "ge"), ("≥60%", "ge"), (">= 60%", "ge"),
        ("60%以上", "ge"), ("60%及以上", "ge"), ("达到或超过60%", "ge"), ("at least 60%", "ge"),
        ("不高于60%", "le"), ("不应超过60%", "le"), ("≤60%", "le"), ("至多60%", "le"),
        ("60%以内", "le"), ("60%以下", "le"),
        ("不足60%", "lt"), ("低于60%", "lt"), ("＜60%", "lt"), ("超过60%", "gt"), ("高于60%", "gt"), (">60%", "gt"),
        ("约60%", "approx"), ("60%左右", "approx"), ("大致为60%", "approx"), ("为60%", ""),
    ],
)  # fmt: skip
def test_the_words_around_a_value_give_its_comparator(text: str, comparator: str) -> None:
    assert one(text).comparator == comparator


def test_in_principle_is_kept_beside_the_comparator() -> None:
    assert one("原则上不低于60%").in_principle
    assert one("原则上直接供应比例不低于50%").in_principle
    assert not one("不低于60%").in_principle


def test_about_is_kept_beside_another_comparator() -> None:
    figure = one("最高约2元")
    assert (figure.comparator, figure.rough) == ("le", True)


def test_a_range_gives_two_figures_in_the_unit_and_scale_at_its_end() -> None:
    for text in ("20万—100万吨标准煤", "20～100万吨标准煤", "20万吨至100万吨标准煤"):
        assert [(f.value, f.unit) for f in read_figures(text)] == [(200000, "tce"), (1000000, "tce")]


def test_a_list_shares_the_comparator_at_its_start() -> None:
    figures = read_figures("分别不高于1.0、0.7、0.3吨二氧化碳/吨标准煤")
    assert [(f.key, f.unit, f.comparator, f.shared) for f in figures] == [
        ("1", "tCO2/tce", "le", False), ("0.7", "tCO2/tce", "le", True), ("0.3", "tCO2/tce", "le", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("2025-08-22", ["2025-08-22"]),
        ("2025年8月22日", ["2025-08-22"]),
        ("二〇二五年八月二十二日", ["2025-08-22"]),
        ("2025年8月", ["2025-08"]),
        ("2026年底", ["2026-end"]),
        ("2025—2030年", ["2025", "2030"]),
        ("2027、2030、2035年", ["2027", "2030", "2035"]),
        ("2026年6月17日至9月9日", ["2026-06-17", "2026-09-09"]),
        ("2026年1月16日至23日", ["2026-01-16", "2026-01-23"]),
    ],
)
def test_dates_have_one_normal_form(text: str, keys: list[str]) -> None:
    assert [(f.kind, f.key) for f in read_figures(text)] == [("date", key) for key in keys]


def test_before_and_after_a_date_are_comparators() -> None:
    assert [one(t).comparator for t in ("2026年底前", "2024年1月1日之后", "2026年9月前后", "2026年底")] == [
        "le", "ge", "approx", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("发改环资〔2025〕910号", "document", "[2025]910"),
        ("发改环资[2025] 910号", "document", "[2025]910"),
        ("公告2024年第12号", "document", "[2024]12"),
        ("910号文", "document", "910"),
        ("T/CECA-G 0344-2025", "standard", "t/ceca-g0344-2025"),
        ("GB/T 2589—2020", "standard", "gb/t2589-2020"),
        ("ISO 14064-1:2018", "standard", "iso14064-1-2018"),
        ("20231975-T-469", "standard", "20231975-t-469"),
        ("附件三", "clause", "附件3"),
        ("第五条", "clause", "第5条"),
        ("表C.1", "clause", "表c.1"),
        ("第二批", "ordinal", "第2批"),
        ("首批", "ordinal", "第1批"),
        ("“十五五”", "name", "十五五"),
        ("三分之一", "name", "1/3"),
        ("HFC-134a", "name", "hfc-134a"),
    ],
)
def test_numbers_that_are_names_are_not_amounts(text: str, kind: str, key: str) -> None:
    figure = one(text)
    assert (figure.kind, figure.key, figure.value) == (kind, key, None)


def test_the_issuer_of_a_document_number_is_read_without_the_words_that_lead_in() -> None:
    assert one("根据发改办环资〔2025〕1082号").issuer == "发改办环资"


def test_words_that_only_look_like_numerals_are_no_figures() -> None:
    assert read_figures("四川省一般工业固废、二氧化碳、万元、十分重要、百色、千瓦") == ()


def test_a_span_names_the_figure_in_the_original_text() -> None:
    text = "园区（㎡ 级）用能 ２０万吨標準煤以上"
    (figure,) = (f for f in read_figures(text) if f.unit == "tce")
    assert text[slice(*figure.span)] == figure.text == "２０万吨標準煤以上"


def test_each_unit_name_reads_back_as_itself() -> None:
    for name in ("tCO2/tce", "kgCO2/kWh", "tce", "kgce/t", "tC/GJ", "GJ/t", "MWh", "Nm3", "元/kWh", "个"):
        assert canonical_unit(name.lower()) == name
