"""The trainer's desk on the page: groups, what they are to do, how they get on, items, calibration, own content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ui.case_print import figure, share
from ui.errors import PageError
from ui.render import keyed, notice, safe
from ui.train_compare import verdict
from ui.train_exam import content_of
from ui.train_html import bar, box, button, choice, said, table, text_area, upload, word
from ui.train_items import topic_title
from ui.train_room import Done, Room, Told, View, plain_name
from ui.train_sheet import opened

if TYPE_CHECKING:
    from assistant.training.desk import Assignment, Group, ItemStatistics, MemberProgress

_MOST_ITEMS = 30


def desk(room: Room, view: View) -> str:
    """Return the trainer's desk; `view.ref` is the group at hand, `view.last` the case to calibrate on."""
    from assistant.training.desk import groups

    known = groups(room.progress)
    group = known.get(view.ref)
    chosen = "".join(
        button("go", one, css="here primary" if one == view.ref else "", place="desk", ref=one) for one in known
    )
    members = "、".join(group.members) if group else ""
    fields = box("group", word("desk.group"), value=view.ref, most=40) + text_area(
        "members", word("desk.members"), value=members, hint=word("desk.members_hint")
    )
    parts = [
        f'<form class="panel"><h2>{said("desk.groups")}</h2><p class="opens">{chosen}</p>'
        f"{keyed(f'group {view.ref}', fields)}"
        f'<p class="actions">{button("group", word("desk.save"), css="primary")}</p></form>'
    ]
    if group is not None:
        parts += [_assigning(room, group), _people(room, group), _calibration(room, view, group)]
    parts += [_items(room, group), _open_exams(room), _own()]
    return "".join(parts)


def _assigning(room: Room, group: Group) -> str:
    from assistant.training.blueprint import blueprints
    from assistant.training.desk import done, kind_name
    from assistant.training.lessons import lessons

    rows = [
        (
            safe(kind_name(one.kind)), safe(_ref_title(one.kind, one.ref)) + _mark_of(one), safe(one.due.isoformat()),
            said("desk.done_by", done=sum(done(room.progress, name, one) for name in group.members),
                 count=len(group.members)),
        )
        for one in group.assignments
    ]  # fmt: skip
    listed = table([word(f"desk.heads.{n}") for n in ("kind", "ref", "due", "done")], rows) if rows else ""
    refs = [
        *((f"lesson {one.id}", f"{one.number} {one.title}") for one in lessons()),
        *((f"exam {one.id}", one.title) for one in blueprints().values()),
        ("case", word("desk.a_case")),
    ]
    return (
        f'<form class="panel"><h2>{said("desk.assign", group=group.name)}</h2>{listed}<div class="grid">'
        f"{choice('what', word('desk.what'), refs)}{box('case', word('desk.case'), hint='case-2-17', most=40)}"
        f"{box('due', word('desk.due'), kind='date')}"
        f"{box('pass_percent', word('desk.pass'), hint=word('desk.by_plan'), most=3)}</div>"
        f'<p class="actions">{button("assign", word("desk.assign_do"), css="primary", group=group.name)}</p></form>'
    )


def _mark_of(one: Assignment) -> str:
    return "" if one.pass_share is None else said("desk.mark", needed=f"{one.pass_share:.0%}")


def _ref_title(kind: str, ref: str) -> str:
    from assistant.training.blueprint import blueprints

    plan = blueprints().get(ref)
    return topic_title(ref) if kind == "lesson" else plan.title if kind == "exam" and plan else ref


def _people(room: Room, group: Group) -> str:
    people = _progress_of(room, group)
    rows = [
        (
            safe(one.name), str(one.answers), f"{one.points:.0%}" if one.answers else word("desk.none"),
            str(one.due), str(len(one.lessons)),
            safe("；".join(f"{e.share:.1%} {word('exam.passed' if e.passed else 'exam.failed')}" for e in one.exams)),
        )
        for one in people
    ]  # fmt: skip
    chart = "".join(
        bar(one.name, _mean(one), word("desk.mean", share=f"{_mean(one):.0%}", topics=len(one.mastery)))
        if one.mastery
        else bar(one.name, 0, word("not_yet"), css="none")
        for one in people
    )
    heads = [word(f"desk.people.{n}") for n in ("name", "answers", "points", "due", "lessons", "exams")]
    return (
        f'<section class="panel"><h2>{said("desk.progress")}</h2>{table(heads, rows)}<div class="rows">{chart}</div>'
        f'<p class="actions">{button("xlsx", word("desk.export"), group=group.name)}</p></section>'
    )


def _mean(one: MemberProgress) -> float:
    return sum(held.share for held in one.mastery) / len(one.mastery) if one.mastery else 0.0


def _progress_of(room: Room, group: Group) -> list[MemberProgress]:
    from assistant.training.desk import member_progress

    return [member_progress(room.progress, name, now=room.now()) for name in group.members]


def _calibration(room: Room, view: View, group: Group) -> str:
    from assistant.training.calibration import calibrate
    from assistant.training.case_store import CaseStore

    held = {str(one["case"]) for one in room.progress.records("case").values() if one["name"] in group.members}
    if not held:
        return f'<section class="panel"><h2>{said("desk.calibration")}</h2><p>{said("desk.no_case")}</p></section>'
    case = view.last if isinstance(view.last, str) and view.last in held else min(held)
    _, key, _ = opened(room, case)
    store = CaseStore(room.progress)
    found = calibrate(key, [store.submission(key, one) for one in store.names(case) if one in group.members])
    rows = [
        (safe(one.submission.name), share(one.agreement.exact), figure(one.agreement.kappa),
         figure(one.agreement.bias), share(one.recall), share(one.clause_share))
        for one in found.comparisons
    ]  # fmt: skip
    split = "".join(
        f"<li>{safe(label)}：{safe('，'.join(f'{verdict(one)} {n}' for one, n in counts.items()))}</li>"
        for label, counts in found.split
    )
    count = len(found.comparisons)
    faults = "".join(
        bar(one.kind.label, found.found[one.id] / count if count else 0,
            word("desk.found_by", found=found.found[one.id], count=count))
        for one in key.faults
    )  # fmt: skip
    heads = [
        word("desk.people.name"),
        *(word(f"cases.tiles.{n}") for n in ("exact", "kappa", "bias", "recall", "clause")),
    ]
    pick = choice("case", word("desk.on_case"), [(one, one) for one in sorted(held)], value=case)
    return (
        f'<form class="panel calibration"><h2>{said("desk.calibration")}</h2><div class="grid">{pick}'
        f'<p class="actions">{button("calibrate", word("desk.show"))}</p></div>'
        f"<p>{said('desk.alpha', alpha=figure(found.alpha), count=count)}</p>{table(heads, rows)}"
        f'<ul>{split}</ul><div class="rows">{faults}</div></form>'
    )


def _statistics(room: Room, group: Group | None) -> list[ItemStatistics]:
    from assistant.training.desk import item_statistics

    if not room.progress.trainees():
        return []
    return item_statistics(room.progress, room.pool.items, group.members if group else ())


def _items(room: Room, group: Group | None) -> str:
    found = _statistics(room, group)
    rows = [
        (
            safe(room.pool.by_id[one.item].stem), str(one.answers), f"{one.difficulty:.2f}",
            "" if one.discrimination is None else f"{one.discrimination:+.2f}",
            safe("；".join(f"{option}：{n}" for option, n in one.chosen.items())),
            f'<span class="judged bad">{safe("；".join(one.flags))}</span>' if one.flags else "",
        )
        for one in found[:_MOST_ITEMS]
    ]  # fmt: skip
    heads = [word(f"desk.items.{n}") for n in ("stem", "answers", "difficulty", "discrimination", "chosen", "flags")]
    told = said("desk.item_count", count=len(found), flagged=sum(bool(one.flags) for one in found))
    return f"<details><summary>{said('desk.statistics')}　{told}</summary>{table(heads, rows)}</details>"


def _open_exams(room: Room) -> str:
    from assistant.training.exam import exams

    running = [(one.id, f"{one.trainee} {one.id}") for one in exams(room.progress) if one.finished is None]
    if not running:
        return ""
    return (
        f'<form class="panel"><h2>{said("desk.running")}</h2><div class="grid">'
        f"{choice('exam', word('exam.which'), running)}{box('minutes', word('desk.more'), most=3)}"
        f"{box('reason', word('desk.reason'), most=100)}</div>"
        f'<p class="actions">{button("extend", word("desk.extend"), css="primary")}</p></form>'
    )


def _own() -> str:
    return (
        f'<section class="panel"><h2>{said("desk.own")}</h2><p class="hint">{said("desk.own_hint")}</p>'
        f'<p class="actions">{upload("items", word("desk.own_items"), ".yaml,.yml")}'
        f"{upload('dossier', word('desk.own_case'), '.yaml,.yml')}{button('sample', word('desk.sample'))}</p></section>"
    )


# What the buttons do -------------------------------------------------------------------------------------------------


def save_group(room: Room, view: View, told: Told) -> Done:
    """Keep a group with its members, one a line or set apart by marks."""
    from assistant.training.desk import save_group

    text = told.text("members", 4000)
    for sign in "，,、；;\t":
        text = text.replace(sign, "\n")
    made = save_group(room.progress, told.text("group"), [plain_name(one) for one in text.split("\n")])
    told_to = word("desk.saved", group=made.name, count=len(made.members))
    return Done(replace(view, place="desk", ref=made.name), notice(told_to))


def assign(room: Room, view: View, told: Told) -> Done:
    """Give a group something to do by a day."""
    from assistant.training.desk import assign

    kind, _, ref = told.text("what").partition(" ")
    if kind == "case":
        ref = opened(room, told.text("case"))[0].id
    try:
        due = date.fromisoformat(told.text("due"))
    except ValueError:
        raise PageError(word("desk.no_day")) from None
    needed = told.text("pass_percent") if kind == "exam" else ""
    if needed and not needed.isdecimal():
        raise PageError(word("desk.whole_number"))
    share = Decimal(needed) / 100 if needed else None
    assign(room.progress, told.text("group"), kind, ref, due, pass_share=share)
    return Done(view, notice(word("desk.assigned")))


def calibrate_on(_room: Room, view: View, told: Told) -> Done:
    """Choose the case to calibrate on."""
    return Done(replace(view, last=told.text("case")))


def export(room: Room, view: View, told: Told) -> Done:
    """Give the record of a group as XLSX."""
    from assistant.training.desk import groups
    from ui.training_xlsx import training_xlsx

    group = groups(room.progress).get(told.text("group"))
    if group is None:
        raise PageError(word("desk.no_group"))
    content = training_xlsx(_progress_of(room, group), _statistics(room, group), room.pool.items)
    name = "".join(c for c in group.name if c.isalnum())
    return Done(view, "", (word("desk.file", group=name), content), stay=True)


def extend(room: Room, view: View, told: Told) -> Done:
    """Give an exam more minutes, with the reason."""
    from assistant.training.exam import extend, find_exam

    minutes = told.whole("minutes", 0, 0, 600)
    extend(room.progress, find_exam(room.progress, told.text("exam")), minutes, reason=told.text("reason"))
    return Done(view, notice(word("desk.extended", minutes=minutes)))


def add_items(room: Room, view: View, told: Told) -> Done:
    """Take the trainer's own exercises, once they hold against the library."""
    from assistant.training.pool import add_items

    stem = plain_name(Path(told.text("name")).stem) or "own"
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}.yaml"
        path.write_bytes(content_of(told))
        added = add_items(room.home, path, room.library)
    room.forget_pool()
    return Done(view, notice(word("desk.items_taken", count=len(added))))


def add_dossier(room: Room, view: View, told: Told) -> Done:
    """Take a dossier of the trainer's own, once it holds."""
    from assistant.training.case_store import keep_dossier

    try:
        text = content_of(told).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PageError(word("file_unread")) from None
    made = keep_dossier(text, room.rules(), own=room.own_cases, file=told.text("name"))
    return Done(view, notice(word("desk.case_taken", case=made.id)))


def sample(room: Room, view: View, _told: Told) -> Done:
    """Give a dossier as a file to change into one's own."""
    from assistant.training.dossier import make
    from assistant.training.own_dossier import own_text

    text = own_text(make(1, rules=room.rules()))
    return Done(view, "", (word("desk.sample_file"), text.encode()), stay=True)
