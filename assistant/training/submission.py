"""What a trainee hands in for a case: verdicts, points, and faults marked with place, kind and clauses.

Blank verdicts are left out and compared as blank. All that cannot be read is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from assistant.training.case_key import Key, case_texts
from assistant.training.errors import TrainingError
from assistant.training.faults import kinds
from scoring.errors import RuleError
from scoring.model import Verdict
from scoring.source import read_yaml


class SubmissionFault(TrainingError):
    """A submission cannot be read; the message lists everything that is wrong, one a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault as a trainee marks it: where, what (an id, a name or own words), and the clauses cited."""

    where: str
    what: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One trainee's answer to one case."""

    case: str
    name: str
    fingerprint: str
    verdicts: Mapping[str, Verdict]
    marks: tuple[Mark, ...] = ()
    levels: Mapping[str, int] = field(default_factory=dict[str, int])
    points: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])

    def record(self) -> dict[str, Any]:
        """Return the submission as JSON holds it."""
        return {**asdict(self), "points": {key: f"{value:f}" for key, value in self.points.items()}}


def form_text(key: Key) -> str:
    """Return the empty answer sheet of a case, in YAML, with all that may be filled in."""
    say = case_texts()["form"]
    lines = [say["head"].format(case=key.case, park=key.park), f"case: {key.case}", "verdicts:"]
    lines += [f"  {line.indicator}:   # {line.label}" for line in key.lines]
    if any(line.top for line in key.lines):
        lines += [
            say["levels"],
            "levels:",
            *(f"  {line.indicator}:   # {line.label}" for line in key.lines if line.top),
        ]
    lines += [say["faults"], say["kinds"], *(f"#   {one.id}  {one.label}" for one in kinds().values())]
    return "\n".join([*lines, "faults: []", say["example"]])


def read_submission(text: str, key: Key, *, name: str, file: str = "") -> Submission:
    """Return the submission of an answer sheet in YAML or JSON.

    Raises:
        SubmissionFault: something in it cannot be used; the message names all of it.
    """
    say = case_texts()["faults"]
    try:
        given: Any = read_yaml(file or key.case, text).data
    except RuleError as error:
        raise SubmissionFault(say["not_yaml"].format(file=file or key.case, why=error)) from None
    faults: list[str] = []
    known = {"case", "verdicts", "levels", "points", "faults"}
    if not isinstance(given, Mapping) or not {"case", "verdicts"} <= set(cast("Mapping[str, Any]", given)) <= known:
        keys = "、".join(map(str, cast("Mapping[str, Any]", given))) if isinstance(given, Mapping) else ""
        raise SubmissionFault(say["keys"].format(keys=keys))
    data = cast("Mapping[str, Any]", given)
    if data["case"] != key.case:
        faults.append(say["case"].format(given=data["case"], wanted=key.case))
    verdicts = dict(_verdicts(data["verdicts"], key, faults))
    levels = dict(_levels(data.get("levels"), key, faults))
    points = dict(_points(data.get("points"), key, faults))
    marks = tuple(_marks(data.get("faults"), faults))
    if faults:
        raise SubmissionFault("\n".join(faults))
    return Submission(key.case, name, key.fingerprint, verdicts, marks, levels, points)


def _section(given: object, name: str, faults: list[str]) -> Iterator[tuple[str, str]]:
    if given in (None, ""):
        return
    if not isinstance(given, Mapping):
        faults.append(case_texts()["faults"]["shape"].format(key=name))
        return
    for key, value in cast("Mapping[str, object]", given).items():
        if value not in (None, "") and not isinstance(value, Mapping | list):
            yield str(key), str(value).strip()


def _indicator(name: str, key: Key, faults: list[str]) -> str | None:
    for line in key.lines:
        if name in (line.indicator, line.label):
            return line.indicator
    known = "、".join(line.indicator for line in key.lines)
    faults.append(case_texts()["faults"]["indicator"].format(name=name, known=known))
    return None


def _verdicts(given: object, key: Key, faults: list[str]) -> Iterator[tuple[str, Verdict]]:
    words: Mapping[str, str] = case_texts()["verdicts"]
    for name, said in _section(given, "verdicts", faults):
        indicator = _indicator(name, key, faults)
        verdict = next((one for one, word in words.items() if said in (one, word)), None)
        if verdict is None:
            known = "、".join(words.values())
            faults.append(case_texts()["faults"]["verdict"].format(name=name, given=said, known=known))
        elif indicator is not None:
            yield indicator, cast(Verdict, verdict)


def _levels(given: object, key: Key, faults: list[str]) -> Iterator[tuple[str, int]]:
    for name, said in _section(given, "levels", faults):
        indicator = _indicator(name, key, faults)
        if indicator is None:
            continue
        top = key.line(indicator).top
        if not said.isdecimal() or int(said) > top:
            faults.append(case_texts()["faults"]["level"].format(name=name, given=said, top=top))
        else:
            yield indicator, int(said)


def _points(given: object, key: Key, faults: list[str]) -> Iterator[tuple[str, Decimal]]:
    for name, said in _section(given, "points", faults):
        indicator = _indicator(name, key, faults)
        try:
            value = Decimal(said)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            faults.append(case_texts()["faults"]["points"].format(name=name, given=said))
        elif indicator is not None:
            yield indicator, value


def _marks(given: object, faults: list[str]) -> Iterator[Mark]:
    say = case_texts()["faults"]
    if given in (None, ""):
        return
    if not isinstance(given, list):
        faults.append(say["shape"].format(key="faults"))
        return
    for i, one in enumerate(cast("list[object]", given), 1):
        fields: Mapping[str, Any] = cast("Mapping[str, Any]", one) if isinstance(one, Mapping) else dict[str, Any]()
        if not set(fields) <= {"where", "what", "clauses"}:
            faults.append(say["mark_keys"].format(i=i))
        elif not fields.get("where") or not fields.get("what"):
            faults.append(say["mark"].format(i=i))
        else:
            yield Mark(str(fields["where"]), str(fields["what"]), _clauses(fields.get("clauses")))


def _clauses(given: object) -> tuple[str, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(str(one) for one in cast("Sequence[object]", given))
    return (str(given),) if given else ()
