"""Answers marked: blank, wrong unit, in part; a person's own ways of writing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from items_at_hand import item, pool_at_hand

from assistant.training.marking import ALL, mark, read_choice

LIMIT = item(kind="number", options=(), key="0.2吨二氧化碳/吨标准煤", unit="tCO2/tce")
POWER = item(kind="number", options=(), key="1000千瓦时", unit="kWh")
SHARE = item(kind="number", options=(), key="90%", unit="%")
COUNT = item(kind="number", options=(), key="52个", unit="个")
WORKED = item(kind="work", options=(), key="91575 tCO2", unit="tCO2")
STATEMENT = item(kind="true_false", options=("对", "错：数字", "错：单位"), key=(1,))
SEVERAL = item(kind="multiple", options=("a", "b", "c", "d"), key=(0, 1, 3))
PAIRS = item(kind="match", options=("a", "b", "c", "d"), key=(2, 0, 3, 1), left=("1", "2", "3", "4"))
STEPS = item(kind="order", options=("a", "b", "c", "d"), key=(3, 1, 0, 2))


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (LIMIT, "0.2吨/吨标准煤"), (LIMIT, "0.20 tCO2/tce"), (LIMIT, "200 kgCO2/tce"),
        (POWER, "1 MWh"), (POWER, "1000度"), (POWER, "0.1万千瓦时"), (POWER, "1000 kWh"),
        (SHARE, "90%"), (SHARE, "百分之九十"), (COUNT, "52家"),
        (WORKED, "91575吨二氧化碳"), (WORKED, "9.16万吨二氧化碳"), (WORKED, "91600 tCO2"),
    ],
)  # fmt: skip
def test_a_figure_is_right_in_any_unit_of_its_kind(asked: object, given: str) -> None:
    assert mark(asked, given).right, mark(asked, given)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("asked", "given", "fared", "points"),
    [
        (LIMIT, "0.2", "unit", "0.5"),
        (LIMIT, "0.2吨", "unit", "0"),
        (LIMIT, "0.2 kgCO2/tce", "unit", "0"),
        (LIMIT, "0.3吨/吨标准煤", "wrong", "0"),
        (POWER, "1000 MWh", "unit", "0"),
        (POWER, "1000吨", "unit", "0"),
        (LIMIT, "大约0.2", "unreadable", "0"),
        (LIMIT, "很小", "unreadable", "0"),
        (WORKED, "92500 tCO2", "wrong", "0"),
        (LIMIT, "", "blank", "0"),
        (LIMIT, "   ", "blank", "0"),
    ],
)
def test_a_figure_that_is_not_right_is_told_why(asked: object, given: str, fared: str, points: str) -> None:
    marked = mark(asked, given)  # pyright: ignore[reportArgumentType]
    assert (marked.fared, marked.points) == (fared, Decimal(points))
    assert marked.says


def test_a_thousandfold_is_said_to_be_a_unit_error() -> None:
    assert "1000" in mark(LIMIT, "0.2 kgCO2/tce").says
    assert "MWh" in mark(POWER, "1000 MWh").says or "1000" in mark(POWER, "1000 MWh").says


@pytest.mark.parametrize(
    ("asked", "given", "points"),
    [
        (STATEMENT, (1,), "1"), (STATEMENT, (2,), "0.5"), (STATEMENT, (0,), "0"),
        (SEVERAL, (0, 1, 3), "1"), (SEVERAL, (0, 1), "0.67"), (SEVERAL, (0, 1, 2, 3), "0.67"), (SEVERAL, (2,), "0"),
        (PAIRS, (2, 0, 3, 1), "1"), (PAIRS, (2, 0, 1, 3), "0.5"), (PAIRS, (2,), "0.25"), (PAIRS, (0, 1, 2, 3), "0"),
        (STEPS, (3, 1, 0, 2), "1"), (STEPS, (3, 0, 1, 2), "0.83"), (STEPS, (2, 0, 1, 3), "0"), (STEPS, (3, 3), "0"),
    ],
)  # fmt: skip
def test_choices_count_in_part(asked: object, given: tuple[int, ...], points: str) -> None:
    assert mark(asked, given).points == Decimal(points)  # pyright: ignore[reportArgumentType]


def test_a_true_statement_called_false_is_worth_nothing() -> None:
    true = item(kind="true_false", options=("对", "错：数字", "错：单位"), key=(0,))
    assert mark(true, (1,)).points == 0


def test_nothing_chosen_is_blank_and_what_is_no_option_is_said() -> None:
    assert mark(SEVERAL, ()).fared == "blank"
    assert mark(SEVERAL, "").fared == "blank"
    assert mark(SEVERAL, "Z").fared == "unreadable"
    assert mark(item(), "AB").fared == "unreadable"
    assert mark(item(), "0").fared == "unreadable"


def test_an_options_own_words_are_a_choice_and_other_words_are_not_taken_for_blank() -> None:
    assert mark(STATEMENT, "错：数字").right
    assert mark(STATEMENT, "Ｂ").right
    assert mark(STATEMENT, "错").fared == "unreadable"


def test_letters_and_numbers_are_read_alike() -> None:
    assert read_choice("A C d", SEVERAL) == read_choice("1,3,4", SEVERAL) == (0, 2, 3)


def test_every_key_of_the_pool_earns_all_points_and_a_blank_none() -> None:
    for one in pool_at_hand().items:
        assert mark(one, one.figure or one.chosen).points == ALL, one.stem
        assert mark(one, "").points == 0
