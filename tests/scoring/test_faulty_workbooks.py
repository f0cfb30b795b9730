"""Done-when 4: planted faults are named at the right cell, clean workbooks raise no alarm. In memory, from seeds."""

from __future__ import annotations

from collections import Counter

import pytest

from scoring.checks import Taken, take
from scoring.model import Rules
from tests.scoring.workbooks import KINDS, clean, faulty

SEEDS = 6
CLEAN = 110


def named(found: list[Taken]) -> set[str]:
    return {one.where for taken in found for one in (*taken.faults, *taken.questions)}


def test_of_more_than_200_faulty_workbooks_95_percent_are_named_at_the_right_cell(rules: Rules) -> None:
    planted: Counter[str] = Counter()
    missed: list[str] = []
    for kind in KINDS:
        for seed in range(SEEDS):
            case = faulty(kind, seed, rules)
            if case is None:
                continue
            planted[kind] += 1
            given, cells = case
            if not named(list(take(given, rules))) & cells:
                missed.append(f"{kind} {seed}: {sorted(cells)}")
    total = sum(planted.values())
    assert total >= 200
    assert set(planted) == set(KINDS)
    assert len(missed) <= total * 0.05, missed


def test_of_100_clean_workbooks_no_more_than_2_percent_raise_an_alarm(rules: Rules) -> None:
    alarms: list[str] = []
    for seed in range(CLEAN):
        found = list(take(clean(seed, rules), rules))
        assert len(found) == 1
        if named(found):
            alarms.append(f"{seed}: {[str(one) for one in (*found[0].faults, *found[0].questions)]}")
    assert len(alarms) <= CLEAN * 0.02, alarms


@pytest.mark.parametrize("kind", ["text", "formula without value", "broken file", "same serial"])
def test_of_a_file_with_a_fault_nothing_is_taken(kind: str, rules: Rules) -> None:
    case = next(case for seed in range(20) if (case := faulty(kind, seed, rules)) is not None)
    assert [one.park for one in take(case[0], rules)] == [None]


def test_all_faults_of_a_file_are_reported_at_once(rules: Rules) -> None:
    from random import Random

    from tests.scoring.workbooks import laid_out, made

    park = made(7)
    book = laid_out(park, rules, 7)
    random = Random(7)
    wanted = [
        KINDS[kind](book, park, random) for kind in ("percent", "bad year", "bad choice", "month text", "no source")
    ]
    (one,) = take(book.given(), rules)
    found = {fault.where for fault in one.faults}
    assert all(cells is not None and cells & found for cells in wanted)
