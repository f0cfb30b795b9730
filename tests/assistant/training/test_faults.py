"""Planted faults: each kind is visible in the files, named in the key, cites the library and moves a figure."""

from __future__ import annotations

import pytest

from assistant.training.case_key import Key, key_of
from assistant.training.dossier import make
from assistant.training.dossier_model import Dossier
from assistant.training.fault_kinds import KINDS, fault_texts
from assistant.training.faults import kinds, settings
from corpus.library import Library
from scoring.load import load_rules
from scoring.model import Rules
from ui.case_files import case_files
from ui.measure_cases import unseen


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def planted(kind: str, rules: Rules) -> tuple[Dossier, Key]:
    """Return a dossier with that one fault: some parks give no occasion for some faults."""
    series = "ceca" if kind == "level_raised" else "case"
    for seed in range(30):
        dossier = make(f"{kind}{seed}", rules=rules, difficulty=2, faults=1, only=[kind], series=series)
        if dossier.faults:
            return dossier, key_of(dossier, rules)
    raise AssertionError(kind)


def test_there_are_more_than_fourteen_kinds_and_each_is_described() -> None:
    assert len(KINDS) >= 14
    assert set(KINDS) == set(kinds()) == set(settings()["touches"])
    assert set(settings()["moves_energy"]) <= set(KINDS)
    assert set(fault_texts()["trainees"]["unit_kinds"]) <= set(KINDS)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_planted_fault_shows_in_the_files_and_is_named_in_the_key(kind: str, rules: Rules) -> None:
    dossier, key = planted(kind, rules)
    (fault,) = key.faults
    assert fault.kind.id == kind
    assert fault.true != fault.reported
    assert fault.effects, "it moves no figure"
    assert fault.spots[0].place.startswith(dossier.sheet_name)
    papers = {spot.place.partition(" ")[0] for spot in fault.spots} - {dossier.sheet_name, "访谈记录.docx"}
    assert papers, "no paper besides the interview shows it"
    assert unseen(key, case_files(dossier, key, rules)) == []


def test_a_spot_that_does_not_stand_in_the_files_is_found_out(rules: Rules) -> None:
    dossier, key = planted("unit_slip", rules)
    other = make("another", rules=rules, difficulty=2)
    assert unseen(key, case_files(other, key, rules)) != []
    assert unseen(key, case_files(dossier, key, rules)) == []


def test_every_clause_of_a_fault_is_a_fact_of_the_library_at_that_place(library: Library) -> None:
    wrong = [
        (kind.id, clause)
        for kind in kinds().values()
        for clause in kind.clauses
        if clause.fact not in library.passages or library.passages[clause.fact].place != clause.place
    ]
    assert wrong == []
    assert all(kind.clauses for kind in kinds().values())
    misnamed = [
        clause
        for kind in kinds().values()
        for clause in kind.clauses
        if (document := library.documents[clause.document]) and clause.names[0] != document.number
        and (document.number or clause.names[0] not in document.title)
    ]  # fmt: skip
    assert misnamed == []


def test_no_two_faults_of_a_dossier_touch_the_same_figure(rules: Rules) -> None:
    for seed in range(30):
        dossier = make(f"touch{seed}", rules=rules, difficulty=3)
        facts = [fact for one in dossier.faults for fact in one.facts]
        assert len(facts) == len(set(facts))
        assert len(dossier.faults) == int(settings()["faults"]["3"])


def test_every_fault_moves_a_figure_by_the_rule_set_with_levels_too(rules: Rules) -> None:
    for seed in range(8):
        key = key_of(make(f"moves{seed}", rules=rules, difficulty=3, series="ceca"), rules)
        assert [fault.id for fault in key.faults if not fault.effects] == []


def test_staff_say_less_of_a_fault_as_the_difficulty_rises(rules: Rules) -> None:
    said = {}
    for difficulty in (1, 2, 3):
        dossier = make("hint", rules=rules, difficulty=difficulty, faults=1, only=["green_twice"])
        said[difficulty] = [tag for one in dossier.faults for tag, _ in one.spots if tag.startswith("talk:")]
    assert said[1]
    assert said[2]
    assert said[3] == []


def test_figures_of_an_impossible_sheet_are_told_with_the_reason_of_the_refusal(rules: Rules) -> None:
    dossier, _ = planted("stock_left_out", rules)
    dossier.reported["facts"]["solid_waste_used_t"]["value"] = "9" * 8
    key = key_of(dossier, rules)
    assert "综合利用" in key.reported_refusal
    assert all(line.reported is None for line in key.lines)
    assert all(line.verdict for line in key.lines)


def test_the_key_changes_with_the_dossier(rules: Rules) -> None:
    prints = {key_of(make(seed, rules=rules), rules).fingerprint for seed in range(5)}
    assert len(prints) == 5
