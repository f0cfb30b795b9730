"""The trainer's commands: `advisor train report | group | assign | add | audit`, `advisor evaluate training`."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.errors import PageError
from ui.output import print_json
from ui.train_texts import say

if TYPE_CHECKING:
    from assistant.training.desk import ItemStatistics, MemberProgress
    from assistant.training.progress import Progress
    from ui.settings import Settings


def add_desk(actions: Any) -> None:
    """Add the trainer's actions to `advisor train`."""
    report = actions.add_parser("report", help="学员或小组的进度，各题统计")
    report.add_argument("--name", default="", help="只看这名学员")
    report.add_argument("--group", default="", help="只看这个小组")
    report.add_argument("--items", action="store_true", help="各题的难度、区分度、干扰项")
    report.add_argument("--output", type=Path, default=None, metavar="文件", help="写到 .xlsx")
    report.add_argument("--json", action="store_true", help="以 JSON 输出")
    report.set_defaults(run=_report)

    group = actions.add_parser("group", help="建小组或改成员")
    group.add_argument("group", help="组名")
    group.add_argument("members", nargs="*", help="成员姓名")
    group.set_defaults(run=_group)

    assign = actions.add_parser("assign", help="给小组布置课、案例或考试")
    assign.add_argument("group", help="组名")
    assign.add_argument("kind", choices=("lesson", "case", "exam"), help="布置什么")
    assign.add_argument("ref", help="课、案例或考试方案的编号")
    assign.add_argument("--due", type=_day, required=True, metavar="日期", help="完成日期，例如 2026-12-31")
    assign.add_argument(
        "--pass-percent", type=int, default=None, metavar="百分数", help="这个小组考试的及格线，不写按方案"
    )
    assign.set_defaults(run=_assign)

    more = actions.add_parser("extend", help="给一场没有交卷的考试加时，写明原因")
    more.add_argument("exam", help="考试编号")
    more.add_argument("minutes", type=int, help="加几分钟")
    more.add_argument("--reason", required=True, help="原因，例如 停电")
    more.set_defaults(run=_extend)

    add = actions.add_parser("add", help="收下自编的题（YAML），先检查")
    add.add_argument("file", type=Path, help="题目文件")
    add.set_defaults(run=_add)

    audit = actions.add_parser("audit", help="审题：答案由引擎或条文核实，干扰项不真，不重复")
    audit.add_argument("--seeds", type=int, default=1, help="审几个种子，默认 1")
    audit.add_argument("--json", action="store_true", help="以 JSON 输出")
    audit.set_defaults(run=_audit)


def add_training_measuring(kinds: Any) -> None:
    """Add `training` to what `advisor evaluate` measures."""
    training = kinds.add_parser("training", help="模拟学员考试落在哪里，出题和作答的速度")
    training.add_argument("--trainees", type=int, default=1000, help="多少名，默认 1000")
    training.add_argument("--json", action="store_true", help="以 JSON 输出")
    training.set_defaults(run=_evaluate)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期写成 2026-12-31 这样，不能是 {text!r}") from error


def _progress(settings: Settings) -> Progress:
    from assistant.training.progress import Progress

    return Progress(settings.home)


def _report(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.desk import groups, item_statistics, member_progress
    from assistant.training.errors import TrainingError
    from assistant.training.pool import open_pool
    from assistant.training.reading import phrase

    now = datetime.now(UTC)
    with _progress(settings) as progress:
        if options.group and options.group not in groups(progress):
            raise TrainingError(phrase("desk.no_group", group=options.group))
        names = list(groups(progress)[options.group].members) if options.group else progress.trainees()
        names = [one for one in names if not options.name or one == options.name]
        people = [member_progress(progress, one, now=now) for one in names]
        pool = open_pool(settings.home)
        statistics = item_statistics(progress, pool.items, names) if options.items or options.output else []
        if options.output is not None:
            _write(options.output, people, statistics, pool.items)
        elif options.json:
            print_json({"people": [_person(one) for one in people], "items": [_statistic(one) for one in statistics]})
        elif not people:
            print(say("report_nobody"))
        else:
            _print_people(progress, people, options.group)
            if options.items:
                _print_items(statistics)
    return 0


def _write(path: Path, people: Any, statistics: Any, items: Any) -> None:
    from ui.training_xlsx import training_xlsx

    if path.suffix.lower() != ".xlsx":
        raise PageError(say("report_ending", ending=path.suffix or path.name))
    path.write_bytes(training_xlsx(people, statistics, items))
    print(say("report_written", path=path))


def _print_people(progress: Progress, people: list[MemberProgress], group: str) -> None:
    from assistant.training.desk import done, groups, kind_name
    from assistant.training.topics import topics

    titles = {one.id: one.title for one in topics()}
    assignments = groups(progress)[group].assignments if group else ()
    for one in people:
        print(say("report_person", name=one.name, answers=one.answers,
                  points=f"{one.points:.0%}" if one.answers else say("report_nothing"), due=one.due))  # fmt: skip
        for held in one.mastery:
            print(say("report_topic", topic=titles.get(held.topic, held.topic), share=f"{held.share:.0%}",
                      answers=held.answers, points=f"{held.points:.0%}"))  # fmt: skip
        for exam in one.exams:
            print(say("report_exam", title=exam.title, day=f"{exam.began.astimezone():%Y-%m-%d}",
                      share=f"{exam.share:.1%}", outcome=say("passed" if exam.passed else "failed")))  # fmt: skip
        for assigned in assignments:
            state = say("report_done" if done(progress, one.name, assigned) else "report_open")
            print(say("report_assignment", kind=kind_name(assigned.kind), ref=assigned.ref, due=assigned.due,
                      state=state))  # fmt: skip


def _print_items(statistics: list[ItemStatistics]) -> None:
    flagged = sum(bool(one.flags) for one in statistics)
    print(say("report_items", count=len(statistics), flagged=flagged))
    for one in statistics[:50]:
        print(say("report_item", item=one.item, answers=one.answers, difficulty=f"{one.difficulty:.2f}",
                  discrimination="" if one.discrimination is None else f"{one.discrimination:.2f}",
                  flags="；".join(one.flags)))  # fmt: skip


def _person(one: MemberProgress) -> dict[str, Any]:
    return {
        "name": one.name,
        "answers": one.answers,
        "points": str(one.points) if one.answers else None,
        "due": one.due,
        "lessons": list(one.lessons),
        "mastery": {held.topic: round(held.share, 4) for held in one.mastery},
        "exams": [{"exam": e.exam, "share": str(e.share), "passed": e.passed} for e in one.exams],
    }


def _statistic(one: ItemStatistics) -> dict[str, Any]:
    return {
        "item": one.item,
        "answers": one.answers,
        "difficulty": round(one.difficulty, 4),
        "discrimination": None if one.discrimination is None else round(one.discrimination, 4),
        "chosen": dict(one.chosen),
        "flags": list(one.flags),
    }


def _group(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.desk import save_group

    with _progress(settings) as progress:
        made = save_group(progress, options.group, options.members)
    print(say("group_saved", group=made.name, members="、".join(made.members)))
    return 0


def _assign(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.blueprint import blueprint
    from assistant.training.desk import assign, kind_name
    from assistant.training.lessons import lesson

    ref = options.ref
    if options.kind == "lesson":
        ref = lesson(ref).id
    elif options.kind == "exam":
        ref = blueprint(ref).id
    share = None if options.pass_percent is None else Decimal(options.pass_percent) / 100
    with _progress(settings) as progress:
        made = assign(progress, options.group, options.kind, ref, options.due, pass_share=share)
    print(say("assigned", group=made.name, kind=kind_name(options.kind), ref=ref, due=options.due))
    if share is not None:
        print(say("assigned_mark", needed=f"{share:.0%}"))
    return 0


def _extend(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.exam import extend, find_exam

    with _progress(settings) as progress:
        exam = extend(progress, find_exam(progress, options.exam), options.minutes, reason=options.reason)
    clock = exam.deadline.astimezone().strftime("%H:%M")
    print(say("extended", id=exam.id, minutes=options.minutes, deadline=clock))
    return 0


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.pool import add_items
    from corpus.library import read_library

    print(say("added", count=len(add_items(settings.home, options.file, read_library()))))
    return 0


def _audit(options: argparse.Namespace, _settings: Settings) -> int:
    from assistant.training.audit import audit
    from assistant.training.pool import DEFAULT_SEED, build_items
    from corpus.library import read_library

    library = read_library()
    rows: list[dict[str, Any]] = []
    for seed in range(DEFAULT_SEED, DEFAULT_SEED + max(1, options.seeds)):
        items = build_items(library, seed)
        found = audit(items, library)
        faults = list(found.faults)
        if seed == DEFAULT_SEED and build_items(library, seed) != items:
            faults.append(say("audit_differs", seed=seed))
        rows.append({"seed": seed, "items": found.items, "kinds": dict(found.kinds), "faults": faults})
        if not options.json:
            kinds = "，".join(f"{kind} {count}" for kind, count in found.kinds.items())
            print(say("audit_line", seed=seed, items=found.items, kinds=kinds, faults=len(faults)), flush=True)
            for fault in faults:
                print(fault)
    if options.json:
        print_json(rows)
    return 1 if any(row["faults"] for row in rows) else 0


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    import tempfile
    import time

    from assistant.training.pool import open_pool
    from assistant.training.progress import Progress
    from assistant.training.simulated import timed

    open_pool(settings.home)
    started = time.perf_counter()
    pool = open_pool(settings.home)
    pool.quiz(20, 1)
    quiz = (time.perf_counter() - started) * 1000
    with tempfile.TemporaryDirectory() as folder, Progress(Path(folder)) as progress:
        landings, seconds, worked = timed(progress, pool, options.trainees)
    if options.json:
        rows = [{"habit": x.habit, "trainees": x.trainees, "share": x.share, "passed": x.passed,
                 "mastery": list(x.mastery)} for x in landings]  # fmt: skip
        print_json({"landings": rows, "seconds": seconds, "processor": worked, "quiz_ms": quiz})
        return 0
    for one in landings:
        mastery = ""
        if one.mastery:
            mastery = say("evaluate_mastery", first=f"{one.mastery[0]:.0%}", last=f"{one.mastery[1]:.0%}")
        print(say("evaluate_line", habit=one.habit, trainees=one.trainees, share=f"{one.share:.1%}",
                  passed=f"{one.passed:.1%}", mastery=mastery))  # fmt: skip
    print(
        say(
            "evaluate_time",
            trainees=options.trainees,
            seconds=f"{seconds:.1f}",
            worked=f"{worked:.1f}",
            quiz=f"{quiz:.0f}",
        )
    )
    return 0
