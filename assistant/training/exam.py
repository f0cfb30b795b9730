"""The exam: drawn by a blueprint for one candidate, timed, resumable, answered item by item, finished once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from assistant.training.blueprint import Blueprint, draw
from assistant.training.errors import ExamClosed, TrainingError
from assistant.training.marking import NONE, Answer, mark
from assistant.training.model import Item, Marked, read_item
from assistant.training.pool import Pool
from assistant.training.progress import MONTH, Progress
from assistant.training.reading import phrase, seeded
from assistant.training.records import Answered

GRACE = timedelta(seconds=30)
"""How late an answer may arrive and still count: what the way takes."""
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam that was begun."""

    id: str
    trainee: str
    plan: str
    title: str
    sheet: tuple[Item, ...]
    began: datetime
    minutes: int
    extra: int
    pass_share: Decimal
    library: str
    finished: datetime | None

    @property
    def deadline(self) -> datetime:
        """When time is up, with the minutes that the trainer added."""
        return self.began + timedelta(minutes=self.minutes + self.extra)


@dataclass(frozen=True, slots=True)
class ExamResult:
    """How an exam ended: points of the last answer in time to each item."""

    exam: str
    trainee: str
    title: str
    began: datetime
    finished: datetime
    minutes: int
    extra: int
    points: Decimal
    full: int
    pass_share: Decimal
    by_topic: Mapping[str, tuple[Decimal, int]]
    unanswered: int
    late: int
    library: str

    @property
    def share(self) -> Decimal:
        """Points as a share of all, to four digits."""
        return (self.points / self.full).quantize(Decimal("0.0001")) if self.full else NONE

    @property
    def passed(self) -> bool:
        """Whether the points reach the pass mark exactly or more."""
        return self.full > 0 and self.points >= self.pass_share * self.full


def begin(
    progress: Progress,
    pool: Pool,
    trainee: str,
    plan: Blueprint,
    *,
    seed: int,
    now: datetime,
    minutes: int | None = None,
    pass_share: Decimal | None = None,
) -> Exam:
    """Return a new exam of a candidate, saved; drawn by seed and name, without what was shown within a month.

    Raises:
        TrainingError: no name, an exam still open, or too few items of a topic.
    """
    name = " ".join(trainee.split())
    if not name or len(name) > _LONGEST_NAME:
        raise TrainingError(phrase("exam.name"))
    if (still := open_exam(progress, name)) is not None:
        raise TrainingError(phrase("exam.open", id=still.id))
    length = plan.minutes if minutes is None else minutes
    needed = plan.pass_share if pass_share is None else pass_share
    if length <= 0:
        raise TrainingError(phrase("exam.minutes"))
    if not 0 < needed <= 1:
        raise TrainingError(phrase("exam.share"))
    number = progress.count("exam") + 1
    sheet = draw(pool, plan, seeded(seed, name, number), without=progress.seen_since(name, now - MONTH))
    digest = hashlib.sha256(f"{name} {seed} {now.isoformat()}".encode()).hexdigest()[:6]
    exam = Exam(
        f"{now:%Y%m%d}-{number}-{digest}", name, plan.id, plan.title, tuple(sheet), now, length, 0, needed,
        pool.library, None,
    )  # fmt: skip
    progress.put("sheet", exam.id, {"items": [one.record() for one in sheet]})
    _keep(progress, exam)
    return exam


def open_exam(progress: Progress, trainee: str) -> Exam | None:
    """Return the exam that a candidate began and has not finished, to go on with."""
    name = " ".join(trainee.split())
    for identity, data in progress.records("exam", trainee=name).items() if name else ():
        if data["finished"] is None:
            return _read(progress, identity, data)
    return None


def find_exam(progress: Progress, identity: str) -> Exam:
    """Return an exam by its id.

    Raises:
        ExamClosed: there is none.
    """
    data = progress.get("exam", identity)
    if data is None:
        raise ExamClosed(phrase("exam.unknown", id=identity))
    return _read(progress, identity, data)


def exams(progress: Progress, trainee: str = "") -> list[Exam]:
    """Return the exams, of one candidate or all, in order of id."""
    return [_read(progress, identity, data) for identity, data in progress.records("exam", trainee=trainee).items()]


def answer(progress: Progress, exam: Exam, item_id: str, given: Answer, *, now: datetime) -> Marked:
    """Save an answer, in place of an earlier one to the same item; what comes after time is saved and not counted.

    What cannot be read is not saved: the earlier answer stays, and the candidate is told.

    Raises:
        ExamClosed: the exam is finished, or the item is not in it.
    """
    if (progress.get("exam", exam.id) or {}).get("finished"):
        raise ExamClosed(phrase("exam.over"))
    item = next((one for one in exam.sheet if one.id == item_id), None)
    if item is None:
        raise ExamClosed(phrase("exam.not_in"))
    marked = mark(item, given)
    if marked.fared == "unreadable":
        return marked
    late = now > exam.deadline + GRACE
    progress.save(exam.trainee, item, given, marked, now=now, sitting=_sitting(exam, late=late))
    if late:
        return Marked(NONE, marked.fared, phrase("exam.late", deadline=f"{exam.deadline.astimezone():%H:%M}"))
    return marked


def answered(progress: Progress, exam: Exam) -> dict[str, Answered]:
    """Return item id -> the last answer in time."""
    return {one.item: one for one in progress.answers(sitting=_sitting(exam, late=False))}


def extend(progress: Progress, exam: Exam, minutes: int, *, reason: str) -> Exam:
    """Return the exam with minutes added by the trainer, who says why (the power was out ...)."""
    if minutes <= 0 or not reason.strip():
        raise TrainingError(phrase("exam.minutes"))
    data = progress.get("exam", exam.id)
    if data is None or data["finished"]:
        raise ExamClosed(phrase("exam.over"))
    data["extra"] += minutes
    data["reasons"] = [*data.get("reasons", []), reason.strip()]
    progress.put("exam", exam.id, data)
    return _read(progress, exam.id, data)


def finish(progress: Progress, exam: Exam, *, now: datetime) -> ExamResult:
    """Return the result of an exam and close it; one that is closed keeps its result."""
    held = find_exam(progress, exam.id)
    if held.finished is None:
        held = replace(held, finished=min(now, held.deadline))
        _keep(progress, held)
    return result(progress, held)


def result(progress: Progress, exam: Exam) -> ExamResult:
    """Return the result of a finished exam.

    Raises:
        ExamClosed: it is not finished.
    """
    if exam.finished is None:
        raise ExamClosed(phrase("exam.unfinished"))
    given = answered(progress, exam)
    by_topic: dict[str, tuple[Decimal, int]] = {}
    for item in exam.sheet:
        points = given[item.id].points if item.id in given else NONE
        got, full = by_topic.get(item.topic, (NONE, 0))
        by_topic[item.topic] = (got + points, full + 1)
    late = {one.item for one in progress.answers(sitting=_sitting(exam, late=True))}
    return ExamResult(
        exam.id, exam.trainee, exam.title, exam.began, exam.finished, exam.minutes, exam.extra,
        sum((points for points, _ in by_topic.values()), NONE), len(exam.sheet), exam.pass_share, by_topic,
        sum(item.id not in given or given[item.id].fared == "blank" for item in exam.sheet), len(late), exam.library,
    )  # fmt: skip


def _sitting(exam: Exam, *, late: bool) -> str:
    return f"{'late' if late else 'exam'}:{exam.id}"


def _keep(progress: Progress, exam: Exam) -> None:
    kept = progress.get("exam", exam.id) or {}
    progress.put(
        "exam",
        exam.id,
        {
            **kept,
            "trainee": exam.trainee,
            "plan": exam.plan,
            "title": exam.title,
            "items": [one.id for one in exam.sheet],
            "began": exam.began.isoformat(),
            "minutes": exam.minutes,
            "extra": exam.extra,
            "pass_share": str(exam.pass_share),
            "library": exam.library,
            "finished": exam.finished.isoformat() if exam.finished else None,
        },
    )


def _read(progress: Progress, identity: str, data: Mapping[str, Any]) -> Exam:
    sheet: Sequence[Mapping[str, Any]] = (progress.get("sheet", identity) or {})["items"]
    finished = data["finished"]
    return Exam(
        identity,
        data["trainee"],
        data["plan"],
        data["title"],
        tuple(read_item(one) for one in sheet),
        datetime.fromisoformat(data["began"]),
        data["minutes"],
        data["extra"],
        Decimal(data["pass_share"]),
        data["library"],
        datetime.fromisoformat(finished) if finished else None,
    )
