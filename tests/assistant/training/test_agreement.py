"""Agreement: weighted kappa, Krippendorff's alpha against the package of that name, bias with its sign."""

from __future__ import annotations

from random import Random
from typing import Any

import krippendorff
import numpy as np
import pytest

from assistant.training.agreement import agreement, alpha, codes, level_agreement, weighted_kappa
from scoring.model import Verdict


def theirs(ratings: list[list[int | None]]) -> float:
    data: Any = np.array([[np.nan if one is None else one for one in row] for row in ratings], dtype=float)
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="ordinal"))


def test_alpha_is_that_of_the_package_on_random_ratings_with_gaps() -> None:
    random = Random(5)
    compared = 0
    for _ in range(200):
        raters, lines, values = random.randint(2, 6), random.randint(3, 15), random.randint(2, 4)
        ratings = [
            [None if random.random() < 0.2 else random.randrange(values) for _ in range(lines)] for _ in range(raters)
        ]
        own = alpha(ratings)
        if own is None:
            continue
        assert own == pytest.approx(theirs(ratings), abs=1e-9)
        compared += 1
    assert compared > 150


def test_alpha_is_one_in_full_agreement_and_unknown_where_nothing_varies() -> None:
    assert alpha([[0, 1, 2], [0, 1, 2]]) == pytest.approx(1)
    assert alpha([[2, 2, 2], [2, 2, 2]]) is None
    assert alpha([[2, None], [None, 1]]) is None
    assert alpha([]) is None


def test_kappa_weighs_a_wide_miss_more_than_a_narrow_one() -> None:
    key = [0, 1, 2, 0, 1, 2]
    narrow, wide = weighted_kappa(key, [1, 1, 2, 0, 1, 2], top=2), weighted_kappa(key, [2, 1, 2, 0, 1, 2], top=2)
    assert narrow is not None
    assert wide is not None
    assert 1 > narrow > wide
    assert weighted_kappa(key, key, top=2) == pytest.approx(1)


def test_kappa_is_unknown_and_not_one_where_neither_varies() -> None:
    assert weighted_kappa([2, 2, 2], [2, 2, 2], top=2) is None


def test_bias_is_above_zero_for_the_lenient_and_below_for_the_strict() -> None:
    key: list[Verdict] = ["met", "not_met", "missing", "no_limit"]
    lenient = agreement([(verdict, "met") for verdict in key])
    strict = agreement([(verdict, "not_met") for verdict in key])
    assert lenient.bias == pytest.approx((0 + 2 + 1 + 1) / 4 / 2)
    assert strict.bias == pytest.approx(-(2 + 0 + 1 + 1) / 4 / 2)


def test_blank_lines_are_left_out_and_another_verdict_of_the_same_rank_is_not_exact() -> None:
    found = agreement([("met", None), ("missing", "no_limit"), ("met", "met")])
    assert found.count == 2
    assert found.exact == pytest.approx(0.5)
    assert found.bias == 0
    assert agreement([("met", None)]).exact is None


def test_levels_agree_on_their_own_scale() -> None:
    found = level_agreement([(0, 1), (2, 2), (4, 4), (3, None)], top=4)
    assert found.count == 3
    assert found.bias == pytest.approx(1 / 3 / 4)
    assert found.exact == pytest.approx(2 / 3)
    assert found.kappa is not None
    assert 0.5 < found.kappa < 1


def test_every_verdict_has_a_place_on_the_scale() -> None:
    assert codes() == {"not_met": 0, "missing": 1, "no_limit": 1, "excused": 1, "met": 2}
