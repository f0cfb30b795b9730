"""Amounts as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.errors import ParkDataError
from scoring.units import UnknownUnit, convert, measures, read_number, read_quantity, read_yes_no


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12.5 万kWh", "MWh", "125"),
        ("12.5万千瓦时", "MWh", "125"),
        ("3亿千瓦时", "MWh", "300000"),
        ("三点五亿千瓦时", "MWh", "350000"),
        ("三亿二千万度", "MWh", "320000"),
        ("一百二十万度", "MWh", "1200"),
        ("1.2 GWh", "MWh", "1200"),
        ("0.5TWh", "MWh", "500000"),
        ("１２．５万ｋＷｈ", "MWh", "125"),
        ("3600 GJ", "MWh", "1000"),
        ("20万吨标准煤", "tce", "200000"),
        ("二十万吨标准煤", "tce", "200000"),
        ("20 万吨标煤", "tce", "200000"),
        ("1,200 吨", "t", "1200"),
        ("1200 kg", "t", "1.2"),
        ("100 百万千焦", "GJ", "100"),
        ("5万m³", "m3", "50000"),
        ("5 万Nm3", "万Nm3", "5"),
        ("85%", "1", "0.85"),
        ("８５％", "1", "0.85"),
        ("8‰", "1", "0.008"),
        ("百分之八十", "1", "0.8"),
        ("0.3024 kgce/kWh", "tce/MWh", "0.3024"),
        ("0.8325 kgCO2/kWh", "tCO2/MWh", "0.8325"),
        ("38931 kJ/Nm3", "GJ/万Nm3", "389.31"),
        ("0.2 吨/吨标准煤", "tCO2/tce", "0.2"),
        ("0.6 吨二氧化碳/万元", "tCO2/元", "0.00006"),
        ("120 亿元", "元", "12000000000"),
        ("两万张", "张", "20000"),
        ("3 万", "t", "30000"),
        ("1200", "t", "1200"),
        ("-5 t", "t", "-5"),
        ("1.5e3 t", "t", "1500"),
        ("0", "t", "0"),
    ],
)
def test_an_amount_is_read_exactly(text: str, unit: str, value: str) -> None:
    assert read_quantity(text, unit) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("12 GJ", "tce", "不能换算"),
        ("12 tCO2", "tce", "不能换算"),
        ("12 tce", "t", "不能换算"),
        ("12 tCO2e", "tCO2", "不能换算"),
        ("12 foo", "t", "不认识单位"),
        ("约 12 t", "t", "不是一个确定的数"),
        ("三千多万度", "MWh", "不是一个确定的数"),
        (">=12 t", "t", "不是一个确定的数"),
        ("3,5 t", "t", "逗号不在千位上"),
        ("NaN", "t", "没有数"),
        ("无", "t", "没有数"),
        ("12 t 34 t", "t", "不认识单位"),
    ],
)
def test_what_is_no_amount_of_the_kind_is_refused(text: str, unit: str, message: str) -> None:
    with pytest.raises(ParkDataError, match=message):
        read_quantity(text, unit)


def test_a_unit_that_measures_something_else_is_an_unknown_unit() -> None:
    with pytest.raises(UnknownUnit):
        convert(Decimal(1), "GJ", "tce")


def test_coal_equivalent_carbon_dioxide_carbon_and_mass_are_four_things() -> None:
    assert len({measures(unit) for unit in ("t", "tce", "tCO2", "tC", "tCO2e", "GJ")}) == 6


@pytest.mark.parametrize(("text", "value"), [("1,234,567.8", "1234567.8"), ("十二", "12"), ("三万二千", "32000")])
def test_a_number_alone_is_read(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(("text", "answer"), [("是", True), ("有", True), ("符合", True), ("否", False), ("No", False)])
def test_yes_and_no_are_read(text: str, answer: bool) -> None:
    assert read_yes_no(text) is answer


def test_an_unclear_answer_is_asked_back() -> None:
    with pytest.raises(ParkDataError, match="既不是"):
        read_yes_no("大概吧")
