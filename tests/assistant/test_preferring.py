"""Which of several figures of one fact counts, and which figure is only of a part or of nobody here."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.said import said_in
from scoring.load import load_rules

RULES = load_rules()
GRID, GAS, WASTE = "grid_power_in_mwh", "fuel_burned/natural_gas", "solid_waste_generated_t"


def values(message: str, asked: str = "") -> list[tuple[str, Decimal | bool | str | None]]:
    return [(one.fact, one.value) for one in said_in(message, RULES, asked=asked) if one.fact and not one.change]


@pytest.mark.parametrize(
    ("message", "asked", "value"),
    [
        ("供电局给的是26510万度，企业汇总的是26380万度，以供电局为准", GRID, 265100),
        ("供电局说是2.35亿度，不过我们统计只有2.3亿度，按供电局吧", GRID, 235000),
        ("燃气公司说620万方，我们表上是633万方，用我们表的数", GAS, 633),
        ("2023年下网2.9亿度，2024年3.05亿度，按2024年计", "", 305000),
        ("下网那个3.5亿度作废，用3.38亿度", "", 338000),
        ("年报写的是2.1亿度，那是前年，去年的下网数是1.97亿度", GRID, 197000),
    ],
)
def test_the_figure_of_the_source_that_counts_is_taken(message: str, asked: str, value: int) -> None:
    assert [found for _, found in values(message, asked)] == [value]


def test_of_two_years_without_a_preference_both_are_told() -> None:
    assert values("2023年下网2.9亿度，2024年3.05亿度") == [(GRID, 290000), (GRID, 305000)]


@pytest.mark.parametrize(
    ("message", "asked", "part"),
    [
        ("我手上只有12月的，640万度", GRID, "12月"),
        ("上半年的先给你，9120万度", GRID, "上半年"),
        ("只收到龙头企业恒达的表，外购电7800万度", "", "龙头企业恒达的表"),
        ("一期的表出来了，下网8000万度，二期的还没有", "", "一期"),
        ("下网3亿度", "", ""),
    ],
)
def test_what_is_only_a_part_says_of_what(message: str, asked: str, part: str) -> None:
    assert [one.part for one in said_in(message, RULES, asked=asked)] == [part]


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("今年压到11万吨以内", "fuel_burned/bituminous"),
        ("另外外运填埋了3600吨", "solid_waste_used_t"),
        ("听说内蒙那个园区绿电直供5亿度", ""),
        ("能评批的是年用电4.2亿度", ""),
        ("光伏铺满能发3000万度", ""),
    ],
)
def test_limits_approvals_and_others_are_no_reported_figures(message: str, asked: str) -> None:
    assert [one for one in said_in(message, RULES, asked=asked) if one.fact or one.candidates] == []


def test_all_of_the_waste_is_used() -> None:
    found = values("一般工业固废36700吨全部综合利用")
    assert found == [(WASTE, 36700), ("solid_waste_used_t", 36700)]


def test_what_is_yet_to_be_checked_is_a_candidate() -> None:
    found = said_in("固废产生9万吨，利用量待核，大概8.5万吨", RULES)
    assert [(one.fact, one.candidates) for one in found] == [(WASTE, ()), ("", ("solid_waste_used_t",))]
