"""Simulated trainees land where they should on kappa, bias and recall."""

from __future__ import annotations

import pytest

from assistant.training.case_key import Key, key_of
from assistant.training.comparing import Comparison
from assistant.training.dossier import make
from assistant.training.dossier_model import Dossier
from assistant.training.fault_kinds import fault_texts
from assistant.training.trainees import mean, simulated
from scoring.load import load_rules
from scoring.model import Rules

CASES = 15
Known = list[tuple[Dossier, Key]]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="module")
def known(rules: Rules) -> Known:
    made = [make(f"seat{seed}", rules=rules, difficulty=seed % 3 + 1) for seed in range(CASES)]
    return [(dossier, key_of(dossier, rules)) for dossier in made]


def results(manner: str, known: Known, rules: Rules, *, seed: int = 0) -> list[Comparison]:
    return [simulated(manner, dossier, key, rules, number=i, seed=seed) for i, (dossier, key) in enumerate(known)]


def kappa(ones: list[Comparison]) -> float:
    found = mean([one.agreement.kappa for one in ones])
    assert found is not None
    return found


def bias(ones: list[Comparison]) -> float:
    found = mean([one.agreement.bias for one in ones])
    assert found is not None
    return found


def recall(ones: list[Comparison]) -> float:
    found = mean([one.recall for one in ones])
    assert found is not None
    return found


def test_the_perfect_one_agrees_and_finds_all(known: Known, rules: Rules) -> None:
    ones = results("perfect", known, rules)
    assert (kappa(ones), bias(ones), recall(ones)) == (pytest.approx(1), 0, 1)
    assert all(one.clause_share == 1 and not one.invented for one in ones)


def test_the_lenient_one_is_above_and_misses_faults(known: Known, rules: Rules) -> None:
    ones = results("lenient", known, rules)
    assert bias(ones) > 0.05
    assert 0.2 < recall(ones) < 0.7
    assert 0.2 < kappa(ones) < 0.8


def test_the_strict_one_is_below_and_invents_faults(known: Known, rules: Rules) -> None:
    ones = results("strict", known, rules)
    assert bias(ones) < -0.15
    assert recall(ones) == 1
    assert all(len(one.invented) == 2 for one in ones)


def test_the_random_one_agrees_no_more_than_by_chance(known: Known, rules: Rules) -> None:
    ones = results("random", known, rules)
    assert abs(kappa(ones)) < 0.15
    assert recall(ones) < 0.1


def test_the_unit_blind_one_misses_just_the_faults_of_unit_and_conversion(known: Known, rules: Rules) -> None:
    blind = set(fault_texts()["trainees"]["unit_kinds"])
    missed = 0
    for one in results("unit_blind", known, rules):
        for fault in one.faults:
            assert (fault.found == "missed") == (fault.fault.kind.id in blind)
            missed += fault.found == "missed"
    assert missed > 0


def test_the_learning_one_gets_better_from_case_to_case(known: Known, rules: Rules) -> None:
    third = CASES // 3
    trainees = [results("learning", known, rules, seed=seed) for seed in range(6)]
    first = [one for ones in trainees for one in ones[:third]]
    last = [one for ones in trainees for one in ones[-third:]]
    assert recall(last) > recall(first) + 0.2
    assert kappa(last) > kappa(first) + 0.2
