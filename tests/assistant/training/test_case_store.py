"""What trainees did with cases: blind until both have handed in, no answer after the key, tampering told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.training.calibration import reconcile
from assistant.training.case_key import Key, key_of
from assistant.training.case_store import CaseFault, CaseStore, dossier_of
from assistant.training.errors import ProgressDamaged
from assistant.training.progress import Progress
from assistant.training.submission import Mark, Submission
from scoring.load import load_rules
from scoring.model import Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="module")
def key(rules: Rules) -> Key:
    return key_of(dossier_of("case-2-17", rules), rules)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with Progress(tmp_path) as progress:
        yield CaseStore(progress)


def one(key: Key, name: str) -> Submission:
    return Submission(key.case, name, key.fingerprint, {"scope": "met"}, (Mark("填报!D5", "单位", ("附件1 四",)),))


def test_a_case_is_made_anew_from_its_id(rules: Rules) -> None:
    assert dossier_of("case-2-17", rules) == dossier_of("case-2-17", rules)
    assert len(dossier_of("case-3-a-f2", rules).faults) == 2
    assert dossier_of("case-1-a-f0", rules).id == "case-1-a-f0"


@pytest.mark.parametrize("case", ["case-4-1", "case-1-", "../x", "case-1-a/../../b", ""])
def test_what_is_no_case_is_refused(case: str, rules: Rules) -> None:
    with pytest.raises(CaseFault, match="没有案卷"):
        dossier_of(case, rules)


def test_a_submission_comes_back_as_it_was(store: CaseStore, key: Key) -> None:
    store.submit(one(key, "王 一"))
    assert store.submission(key, "王 一") == one(key, "王 一")
    assert store.names(key.case) == ["王 一"]


def test_neither_sees_the_other_before_both_have_handed_in(store: CaseStore, key: Key) -> None:
    store.submit(one(key, "甲"))
    with pytest.raises(CaseFault, match="乙 还没有交"):
        store.pair(key, ("甲", "乙"))
    store.submit(one(key, "乙"))
    assert [other.name for other in store.pair(key, ("甲", "乙"))] == ["甲", "乙"]
    with pytest.raises(CaseFault, match="两个人"):
        store.pair(key, ("甲", "甲"))


def test_nothing_is_taken_after_the_key_was_shown(store: CaseStore, key: Key) -> None:
    store.submit(one(key, "甲"))
    store.show_key(key.case, "甲")
    with pytest.raises(CaseFault, match="看过"):
        store.submit(one(key, "甲"))
    store.submit(one(key, "乙"))


def test_who_has_seen_the_key_alone_or_together_hands_in_no_more(store: CaseStore, key: Key) -> None:
    for name in ("甲", "乙", "甲+乙"):
        store.submit(one(key, name))
    assert store.show_key(key.case, "甲+乙")
    assert not store.show_key(key.case, "甲+乙")
    for name in ("甲", "乙", "甲+乙", "乙+丙"):
        with pytest.raises(CaseFault, match="看过"):
            store.submit(one(key, name))


def test_who_has_seen_anothers_answer_keeps_the_own_one(store: CaseStore, key: Key) -> None:
    for name in ("甲", "乙"):
        store.submit(one(key, name))
    store.looked(key.case, "甲")
    with pytest.raises(CaseFault, match="别人的答卷"):
        store.submit(one(key, "甲"))
    store.submit(one(key, "乙"))
    store.submit(one(key, "甲+乙"))


def test_what_two_agreed_on_is_kept_and_is_no_third_trainee(store: CaseStore, key: Key) -> None:
    for name in ("甲", "乙"):
        store.submit(one(key, name))
    found = reconcile(key, *store.pair(key, ("甲", "乙")))
    store.agree(found, one(key, "甲+乙"))
    assert store.submission(key, "甲+乙").name == "甲+乙"
    assert store.names(key.case) == ["乙", "甲"]


def test_an_answer_to_another_edition_of_the_case_is_not_compared(store: CaseStore, key: Key) -> None:
    store.submit(replace(one(key, "甲"), fingerprint="0" * 16))
    with pytest.raises(CaseFault, match="改版"):
        store.submission(key, "甲")


def test_a_submission_changed_by_other_hands_is_told(tmp_path: Path, key: Key) -> None:
    with Progress(tmp_path) as progress:
        CaseStore(progress).submit(one(key, "甲"))
        path = progress.path
    with sqlite3.connect(path) as db:
        db.execute("UPDATE records SET data = replace(data, '填报!D5', '填报!D6') WHERE kind = 'case'")
    db.close()
    with pytest.raises(ProgressDamaged), Progress(tmp_path) as progress:
        CaseStore(progress).submission(key, "甲")


@pytest.mark.parametrize("name", ["../甲", "a/b", "", " a", "x" * 41, "a+b+c", "甲\n"])
def test_a_name_that_cannot_be_kept_is_refused(store: CaseStore, key: Key, name: str) -> None:
    with pytest.raises(CaseFault, match="姓名"):
        store.submit(one(key, name))


def test_questions_are_kept_in_order_for_each_trainee_and_case(store: CaseStore, key: Key) -> None:
    assert store.asked(key.case, "甲") == []
    for question in ("绿证核销了吗？", "请出示"):
        store.ask(key.case, "甲", question)
    assert store.asked(key.case, "甲") == ["绿证核销了吗？", "请出示"]
    assert store.asked(key.case, "乙") == []
    assert store.asked("case-1-1", "甲") == []
