"""Where cases are kept: answers handed in, questions asked in interviews, what two trainees agreed on.

A case itself is not kept: it is made anew from its id (`case-2-17`: difficulty, seed; `-f3`: with three faults).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from assistant.training.calibration import Reconciliation
from assistant.training.case_key import Key, case_texts
from assistant.training.dossier import make
from assistant.training.dossier_model import Dossier
from assistant.training.dossier_park import texts
from assistant.training.errors import TrainingError
from assistant.training.own_dossier import read_own
from assistant.training.submission import Mark, Submission
from scoring.model import Rules

_OWN = "own-"
_CASE = re.compile(r"own-[0-9A-Za-z]{1,24}|([a-z]+)-([123])-([0-9A-Za-z]{1,24})(?:-f(\d{1,2}))?")
_NAME = re.compile(r"[\w \-]{1,40}")
_JOINT = "+"


class CaseFault(TrainingError):
    """Something asked of a case cannot be done; the message says why and what to do."""


def dossier_of(case: str, rules: Rules) -> Dossier:
    """Return the dossier of a case id.

    Raises:
        CaseFault: the id is none.
    """
    found = _CASE.fullmatch(case)
    if found is None or found.group(1) not in texts()["rubrics"]:
        raise CaseFault(_say("no_case", case=case))
    series, difficulty, seed, faults = found.groups()
    count = None if faults is None else int(faults)
    return make(seed, rules=rules, difficulty=int(difficulty), faults=count, series=series)


def _say(sentence: str, /, **given: object) -> str:
    return str(case_texts()["faults"][sentence]).format(**given)


@dataclass(frozen=True, slots=True)
class CaseStore:
    """The folder of one installation's cases: a folder a case, a file a trainee; own dossiers in `own`."""

    folder: Path

    def dossier(self, case: str, rules: Rules) -> Dossier:
        """Return the dossier of a case id, made from its seed or kept by the trainer.

        Raises:
            CaseFault: there is none.
        """
        path = self.folder / "own" / f"{case}.yaml"
        if case.startswith(_OWN) and _CASE.fullmatch(case) and path.exists():
            return read_own(path.name, path.read_text(encoding="utf-8"), rules)
        return dossier_of(case, rules)

    def add(self, text: str, rules: Rules, *, file: str) -> Dossier:
        """Check a dossier of the trainer's own and keep it.

        Raises:
            CaseFault: there is one of that id.
            DossierFault: it cannot be used.
        """
        dossier = read_own(file, text, rules)
        path = self.folder / "own" / f"{dossier.id}.yaml"
        if path.exists():
            raise CaseFault(str(case_texts()["own"]["exists"]).format(case=dossier.id))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return dossier

    def submit(self, submission: Submission) -> None:
        """Keep a submission; a later one takes its place until the key has been shown.

        Raises:
            CaseFault: the name cannot be kept, or the trainee has seen the key.
        """
        if self._seen(submission.case, submission.name).exists():
            raise CaseFault(_say("seen", name=submission.name, case=submission.case))
        self._write(self._file(submission.case, submission.name), submission.record())

    def submission(self, key: Key, name: str) -> Submission:
        """Return what the trainee handed in for the case.

        Raises:
            CaseFault: nothing was handed in, the file is broken, or the case has changed since.
        """
        data = self._read(self._file(key.case, name))
        if data is None:
            raise CaseFault(_say("none", name=name, case=key.case))
        if data["fingerprint"] != key.fingerprint:
            raise CaseFault(_say("changed", name=name, case=key.case))
        marks = tuple(Mark(one["where"], one["what"], tuple(one["clauses"])) for one in data["marks"])
        points = {one: Decimal(value) for one, value in data["points"].items()}
        return Submission(
            data["case"], data["name"], data["fingerprint"], data["verdicts"], marks, data["levels"], points
        )

    def pair(self, key: Key, names: tuple[str, str]) -> tuple[Submission, Submission]:
        """Return two trainees' submissions, once both have handed in and not before.

        Raises:
            CaseFault: one has not.
        """
        for name in names:
            if not self._file(key.case, name).exists():
                raise CaseFault(_say("blind", name=name))
        return self.submission(key, names[0]), self.submission(key, names[1])

    def names(self, case: str) -> list[str]:
        """Return who has handed in alone, by name; what two agreed on is not another trainee's."""
        return sorted(one.stem for one in self._case(case).glob("*.json") if _JOINT not in one.stem)

    def show_key(self, case: str, name: str) -> bool:
        """Note that the trainee has seen the key, after which no submission counts; return whether first now."""
        path = self._seen(case, name)
        first = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return first

    def agree(self, found: Reconciliation, joint: Submission) -> None:
        """Keep what two trainees agreed on as a submission under both names, with where they had parted."""
        self.submit(joint)
        record = {**found.record(), "agreed": joint.record()}
        self._write(self._case(found.case) / "reconciled" / f"{joint.name}.json", record)

    def asked(self, case: str, name: str) -> list[str]:
        """Return the questions the trainee has asked in the interview, the oldest first."""
        path = self._talk(case, name)
        if not path.exists():
            return []
        lines = path.read_text(encoding="utf-8").splitlines()
        return [one for line in lines if (one := _question(line)) is not None]

    def ask(self, case: str, name: str, question: str) -> None:
        """Keep a question of the interview."""
        path = self._talk(case, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(question, ensure_ascii=False) + "\n")

    def _case(self, case: str) -> Path:
        if _CASE.fullmatch(case) is None:
            raise CaseFault(_say("no_case", case=case))
        return self.folder / case

    def _file(self, case: str, name: str) -> Path:
        parts = name.split(_JOINT)  # two who have agreed: 甲+乙
        if len(parts) > 1 + 1 or any(_NAME.fullmatch(one) is None or one != one.strip() for one in parts):
            raise CaseFault(_say("name", name=name))
        return self._case(case) / f"{name}.json"

    def _seen(self, case: str, name: str) -> Path:
        return self._case(case) / "seen" / self._file(case, name).stem

    def _talk(self, case: str, name: str) -> Path:
        return self._case(case) / "talk" / f"{self._file(case, name).stem}.jsonl"

    @staticmethod
    def _write(path: Path, record: Mapping[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)  # whole or not at all

    @staticmethod
    def _read(path: Path) -> Mapping[str, Any] | None:
        if not path.exists():
            return None
        try:
            data: Any = json.loads(path.read_text(encoding="utf-8"))
            whole = isinstance(data, dict) and {
                "case",
                "name",
                "fingerprint",
                "verdicts",
                "marks",
                "levels",
                "points",
            } <= set(cast("dict[str, Any]", data))
        except ValueError:
            whole, data = False, None
        if not whole:
            kept = path.with_suffix(".broken")
            path.replace(kept)
            raise CaseFault(_say("broken", file=path.name, kept=kept.name))
        return cast("Mapping[str, Any]", data)


def _question(line: str) -> str | None:
    """Return the question of a line; None where the line was cut short."""
    try:
        return str(json.loads(line))
    except ValueError:
        return None
