"""What trainees did with cases, kept in the file of progress: answers handed in, interviews, what two agreed on.

A made-up case is not kept: it is made anew from its id (`case-2-17`: series, difficulty, seed; `-f3`: three faults).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.training.calibration import Reconciliation
from assistant.training.case_key import Key, case_texts
from assistant.training.dossier import make
from assistant.training.dossier_model import Dossier
from assistant.training.dossier_park import texts
from assistant.training.errors import TrainingError
from assistant.training.own_dossier import read_own
from assistant.training.submission import Mark, Submission
from scoring.model import Rules

if TYPE_CHECKING:
    from assistant.training.progress import Progress

_OWN = re.compile(r"own-[0-9A-Za-z]{1,24}")
_MADE = re.compile(r"([a-z]+)-([123])-([0-9A-Za-z]{1,24})(?:-f(\d{1,2}))?")
_NAME = re.compile(r"[\w ·\-]{1,40}")
_JOINT = "+"


class CaseFault(TrainingError):
    """Something asked of a case cannot be done; the message says why and what to do."""


def _say(sentence: str, /, **given: object) -> str:
    return str(case_texts()["faults"][sentence]).format(**given)


def dossier_of(case: str, rules: Rules, *, own: Path | None = None) -> Dossier:
    """Return the dossier of a case id, made from its seed, or kept by the trainer in the folder `own`.

    Raises:
        CaseFault: there is none.
    """
    if own is not None and _OWN.fullmatch(case) and (path := own / f"{case}.yaml").exists():
        return read_own(path.name, path.read_text(encoding="utf-8"), rules)
    found = _MADE.fullmatch(case)
    if found is None or found.group(1) not in texts()["rubrics"]:
        raise CaseFault(_say("no_case", case=case))
    series, difficulty, seed, faults = found.groups()
    count = None if faults is None else int(faults)
    return make(seed, rules=rules, difficulty=int(difficulty), faults=count, series=series)


def keep_dossier(text: str, rules: Rules, *, own: Path, file: str) -> Dossier:
    """Check a dossier of the trainer's own and keep it in the folder.

    Raises:
        CaseFault: there is one of that id.
        DossierFault: it cannot be used.
    """
    dossier = read_own(file, text, rules)
    path = own / f"{dossier.id}.yaml"
    if path.exists():
        raise CaseFault(str(case_texts()["own"]["exists"]).format(case=dossier.id))
    own.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return dossier


@dataclass(frozen=True, slots=True)
class CaseStore:
    """The cases of one installation, in its file of progress, where what was changed by other hands shows."""

    progress: Progress

    def submit(self, submission: Submission) -> None:
        """Keep a submission; a later one takes its place until the key has been shown.

        Raises:
            CaseFault: the name cannot be kept, the trainee (one of the two who agreed) has seen the key, or has
                seen another's submission and would no longer judge alone.
        """
        identity = _identity(submission.case, submission.name)
        for one in people(submission.name):
            if self.progress.get("case_seen", _identity(submission.case, one)) is not None:
                raise CaseFault(_say("seen", name=one, case=submission.case))
        if self.progress.get("case_looked", identity) is not None:
            raise CaseFault(_say("looked", name=submission.name))
        self.progress.put("case", identity, {"trainee": submission.name, **submission.record()})

    def submission(self, key: Key, name: str) -> Submission:
        """Return what the trainee handed in for the case.

        Raises:
            CaseFault: nothing was handed in, or the case has changed since.
        """
        data = self.progress.get("case", _identity(key.case, name))
        if data is None:
            raise CaseFault(_say("none", name=name, case=key.case))
        if data["fingerprint"] != key.fingerprint:
            raise CaseFault(_say("changed", name=name, case=key.case))
        return _submission(data)

    def pair(self, key: Key, names: tuple[str, str]) -> tuple[Submission, Submission]:
        """Return two trainees' submissions, once both have handed in and not before.

        Raises:
            CaseFault: one has not, or both are the same.
        """
        if names[0] == names[1]:
            raise CaseFault(_say("alone", name=names[0]))
        for name in names:
            if self.progress.get("case", _identity(key.case, name)) is None:
                raise CaseFault(_say("blind", name=name))
        return self.submission(key, names[0]), self.submission(key, names[1])

    def looked(self, case: str, name: str) -> None:
        """Note that the trainee has seen another's submission, after which the own one stays as it is."""
        self.progress.put("case_looked", _identity(case, name), {"trainee": name})

    def names(self, case: str) -> list[str]:
        """Return who has handed in alone, by name; what two agreed on is not another trainee's."""
        handed_in = self.progress.records("case").values()
        return sorted(one["name"] for one in handed_in if one["case"] == case and _JOINT not in one["name"])

    def show_key(self, case: str, name: str) -> bool:
        """Note that the trainee has seen the key, after which no submission counts; return whether first now."""
        first = self.progress.get("case_seen", _identity(case, name)) is None
        for one in {name, *people(name)}:
            self.progress.put("case_seen", _identity(case, one), {"trainee": one})
        return first

    def agree(self, found: Reconciliation, joint: Submission) -> None:
        """Keep what two trainees agreed on as a submission under both names, with where they had parted."""
        self.submit(joint)
        record = {"trainee": joint.name, **found.record(), "agreed": joint.record()}
        self.progress.put("case_reconciled", _identity(found.case, joint.name), record)

    def asked(self, case: str, name: str) -> list[str]:
        """Return the questions the trainee has asked in the interview, the oldest first."""
        data = self.progress.get("case_talk", _identity(case, name))
        return [] if data is None else [str(one) for one in data["questions"]]

    def ask(self, case: str, name: str, question: str) -> None:
        """Keep a question of the interview."""
        questions = [*self.asked(case, name), question]
        self.progress.put("case_talk", _identity(case, name), {"trainee": name, "questions": questions})


def people(name: str) -> list[str]:
    """Return who stands behind a name: two where they have agreed (甲+乙)."""
    return name.split(_JOINT)


def _identity(case: str, name: str) -> str:
    parts = people(name)
    if len(parts) > 1 + 1 or any(_NAME.fullmatch(one) is None or one != one.strip() for one in parts):
        raise CaseFault(_say("name", name=name))
    return f"{name}/{case}"


def _submission(data: Mapping[str, Any]) -> Submission:
    marks = tuple(Mark(one["where"], one["what"], tuple(one["clauses"])) for one in data["marks"])
    points = {one: Decimal(value) for one, value in data["points"].items()}
    return Submission(data["case"], data["name"], data["fingerprint"], data["verdicts"], marks, data["levels"], points)
