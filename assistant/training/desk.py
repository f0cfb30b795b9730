"""The trainer's desk: groups, what is assigned to them, how they get on, and how the items fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import StatisticsError, correlation, mean
from typing import Any, Literal, cast, get_args

from assistant.training.errors import TrainingError
from assistant.training.exam import ExamResult, exams, result
from assistant.training.marking import read_choice
from assistant.training.model import Item
from assistant.training.progress import Progress
from assistant.training.reading import phrase, read_file
from assistant.training.records import Answered, Mastery

AssignmentKind = Literal["lesson", "case", "exam"]
_EASY, _HARD, _LEAST_DISCRIMINATION, _ENOUGH = 0.95, 0.2, 0.1, 20
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a group is to do by a day; `pass_share` is the trainer's pass mark of an exam, None for the plan's own."""

    kind: AssignmentKind
    ref: str
    due: date
    pass_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of trainees by name, and what is assigned to it."""

    name: str
    members: tuple[str, ...]
    assignments: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """How one trainee gets on: answers, mean points, mastery by topic, cards due, exams, what is done."""

    name: str
    answers: int
    points: Decimal
    mastery: tuple[Mastery, ...]
    due: int
    exams: tuple[ExamResult, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """How an item fares.

    Attributes:
        difficulty: mean points, 0 to 1; the higher the easier.
        discrimination: correlation of the item's points with those of the rest, None where there is too little.
        chosen: option -> how often it was chosen.
        flags: what is wrong with the item, in words; empty where nothing is or answers are too few.
    """

    item: str
    answers: int
    difficulty: float
    discrimination: float | None
    chosen: Mapping[str, int]
    flags: tuple[str, ...]


def save_group(progress: Progress, name: str, members: Iterable[str]) -> Group:
    """Return the group with these members, kept; assignments stay."""
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST:
        raise TrainingError(phrase("desk.group"))
    held = groups(progress).get(plain)
    names = tuple(dict.fromkeys(" ".join(one.split()) for one in members if one.strip()))
    return _keep(progress, Group(plain, names, held.assignments if held else ()))


def groups(progress: Progress) -> dict[str, Group]:
    """Return the groups by name."""
    return {
        name: Group(
            name,
            tuple(data["members"]),
            tuple(_assignment(one) for one in data["assignments"]),
        )
        for name, data in progress.records("group").items()
    }


def _assignment(record: Mapping[str, Any]) -> Assignment:
    share = record.get("pass_share")
    due = date.fromisoformat(record["due"])
    return Assignment(record["kind"], record["ref"], due, None if share is None else Decimal(share))


def assign(
    progress: Progress, group: str, kind: str, ref: str, due: date, *, pass_share: Decimal | None = None
) -> Group:
    """Return the group with one more assignment, kept; the same one only changes its day and pass mark.

    Raises:
        TrainingError: there is no such group or kind, or the pass mark is none.
    """
    known = groups(progress)
    if group not in known:
        raise TrainingError(phrase("desk.no_group", group=group))
    if kind not in get_args(AssignmentKind):
        kinds = phrase("marks.join").join(get_args(AssignmentKind))
        raise TrainingError(phrase("desk.kind", kind=kind, kinds=kinds))
    if pass_share is not None and not (kind == "exam" and 0 < pass_share <= 1):
        raise TrainingError(phrase("exam.share"))
    held = known[group]
    others = tuple(one for one in held.assignments if (one.kind, one.ref) != (kind, ref))
    made = Assignment(cast(AssignmentKind, kind), ref, due, pass_share)
    return _keep(progress, Group(group, held.members, (*others, made)))


def pass_mark(progress: Progress, trainee: str, plan: str) -> Decimal | None:
    """Return the pass mark that a trainer set for a candidate's exam, the highest of several; None where none did."""
    name = " ".join(trainee.split())
    shares = [
        one.pass_share
        for group in groups(progress).values()
        if name in group.members
        for one in group.assignments
        if one.kind == "exam" and one.ref == plan and one.pass_share is not None
    ]
    return max(shares, default=None)


def done(progress: Progress, member: str, assignment: Assignment) -> bool:
    """Whether a trainee has done what was assigned: an exam finished, a lesson's exercises, a case submitted."""
    if assignment.kind == "exam":
        return any(one.finished is not None and one.plan == assignment.ref for one in exams(progress, member))
    return bool(progress.answers(trainee=member, sitting=f"{assignment.kind}:{assignment.ref}")) or (
        progress.get(assignment.kind, f"{member}/{assignment.ref}") is not None
    )


def member_progress(progress: Progress, name: str, *, now: datetime) -> MemberProgress:
    """Return how one trainee gets on."""
    answers = progress.answers(trainee=name)
    total = sum((one.points for one in answers), Decimal(0))
    lessons = dict.fromkeys(one.sitting.partition(":")[2] for one in answers if one.sitting.startswith("lesson:"))
    return MemberProgress(
        name,
        len(answers),
        total / len(answers) if answers else Decimal(0),
        tuple(progress.mastery(name, now)),
        len(progress.due_items(name, now, limit=1000)) + len(progress.due_misses(name, now, limit=1000)),
        tuple(result(progress, one) for one in exams(progress, name) if one.finished is not None),
        tuple(lessons),
    )


def item_statistics(progress: Progress, items: Iterable[Item], members: Sequence[str] = ()) -> list[ItemStatistics]:
    """Return how the items fare that were answered, by the first answer of each trainee; worst first."""
    first: dict[tuple[str, str], Answered] = {}
    for one in progress.answers():
        if not members or one.trainee in members:
            first.setdefault((one.trainee, one.item), one)
    by_item: dict[str, list[Answered]] = {}
    totals: dict[str, tuple[Decimal, int]] = {}
    for (trainee, item), one in first.items():
        by_item.setdefault(item, []).append(one)
        got, count = totals.get(trainee, (Decimal(0), 0))
        totals[trainee] = (got + one.points, count + 1)
    found = [_statistics(one, by_item[one.id], totals) for one in items if one.id in by_item]
    return sorted(found, key=lambda one: (-len(one.flags), one.discrimination if one.discrimination is not None else 1))


def _statistics(item: Item, answers: list[Answered], totals: Mapping[str, tuple[Decimal, int]]) -> ItemStatistics:
    own = [float(one.points) for one in answers]
    rest = [_rest(totals[one.trainee], one.points) for one in answers]
    chosen: Counter[str] = Counter()
    if item.kind in ("single", "true_false", "multiple", "clause"):
        chosen.update(dict.fromkeys(item.options, 0))
        for one in answers:
            chosen.update(item.options[at] for at in _indexes(one.answer, item) if at < len(item.options))
    try:
        pairs = [(a, b) for a, b in zip(own, rest, strict=True) if b is not None]
        discrimination = correlation([a for a, _ in pairs], [b for _, b in pairs]) if len(pairs) > 2 else None
    except StatisticsError:  # all answered alike
        discrimination = None
    difficulty = mean(own)
    flags = tuple(_flags(item, difficulty, discrimination, chosen)) if len(answers) >= _ENOUGH else ()
    return ItemStatistics(item.id, len(answers), difficulty, discrimination, dict(chosen), flags)


def _rest(total: tuple[Decimal, int], points: Decimal) -> float | None:
    return float((total[0] - points) / (total[1] - 1)) if total[1] > 1 else None


def _indexes(answer: str, item: Item) -> Sequence[int]:
    return read_choice(answer, item) if not answer.startswith("[") else [int(n) for n in answer[1:-1].split(",") if n]


def _flags(item: Item, difficulty: float, discrimination: float | None, chosen: Mapping[str, int]) -> Iterable[str]:
    if difficulty > _EASY:
        yield phrase("desk.too_easy", value=f"{difficulty:.2f}")
    if difficulty < _HARD:
        yield phrase("desk.too_hard", value=f"{difficulty:.2f}")
    if discrimination is not None and discrimination < _LEAST_DISCRIMINATION:
        name = "desk.negative" if discrimination < -_LEAST_DISCRIMINATION else "desk.no_discrimination"
        yield phrase(name, value=f"{discrimination:.2f}")
    right = [item.options[at] for at in item.chosen]
    for option, count in chosen.items():
        if option not in right and count == 0:
            yield phrase("desk.dead", option=option)
        if option not in right and item.kind != "multiple" and count > max(chosen[one] for one in right):
            yield phrase("desk.stronger", option=option)


def kind_name(kind: AssignmentKind) -> str:
    """Return what is assigned, in the words of the screen."""
    return str(read_file("phrases.yaml")["desk"]["kinds"][kind])


def _keep(progress: Progress, group: Group) -> Group:
    progress.put(
        "group",
        group.name,
        {
            "members": list(group.members),
            "assignments": [
                {
                    "kind": one.kind,
                    "ref": one.ref,
                    "due": one.due.isoformat(),
                    "pass_share": None if one.pass_share is None else str(one.pass_share),
                }
                for one in group.assignments
            ],
        },
    )
    return group
