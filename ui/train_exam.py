"""The exam on the page: begun by a plan, timed, gone on with, handed in; its result sheet, certificate and checking."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ui.errors import PageError
from ui.render import notice, safe
from ui.train_html import bar, box, button, choice, said, table, upload, word
from ui.train_items import question, topic_title, unfinished
from ui.train_room import Done, Room, Told, View

if TYPE_CHECKING:
    from assistant.training.certificate import Verified
    from assistant.training.exam import Exam, ExamResult
    from assistant.training.records import Answered

_ENDINGS = (".docx", ".pdf", ".json")


def exam(room: Room, view: View) -> str:
    """Return the open exam at the item at hand, or what was sat before and the choice of a new one."""
    from assistant.training.exam import open_exam

    if not view.name:
        return f"<p>{said('name_first')}</p>{_checking()}"
    sitting = open_exam(room.progress, view.name)
    return _start(room, view) if sitting is None else _paper(room, view, sitting)


def _start(room: Room, view: View) -> str:
    from assistant.training.blueprint import blueprints
    from assistant.training.desk import pass_mark
    from assistant.training.exam import exams, result

    plans = [
        (
            one.id,
            word(
                "exam.plan",
                title=one.title,
                count=sum(one.topics.values()),
                minutes=one.minutes,
                needed=f"{pass_mark(room.progress, view.name, one.id) or one.pass_share:.0%}",
            ),
        )
        for one in blueprints().values()
    ]
    held = [result(room.progress, one) for one in exams(room.progress, view.name) if one.finished is not None]
    sheets = "".join(_sheet(one) for one in reversed(held))
    return (
        f'<form class="panel"><h2>{said("exam.new")}</h2>'
        f'<div class="grid">{choice("plan", word("exam.which"), plans)}'
        f"{box('seed', word('exam.seed'), value='1', most=9)}</div>"
        f'<p class="hint">{said("exam.rules")}</p>'
        f'<p class="actions">{button("exam", word("exam.begin"), css="primary")}</p></form>{sheets}{_checking()}'
    )


def _sheet(one: ExamResult) -> str:
    """Return the result sheet of an exam."""
    rows = "".join(
        bar(topic_title(topic), float(points) / full, word("points_of", points=f"{points.normalize():f}", count=full))
        for topic, (points, full) in one.by_topic.items()
    )
    outcome = word("exam.passed" if one.passed else "exam.failed")
    saves = "".join(
        button("certificate", word("exam.save", kind=ending[1:].upper()), exam=one.exam, ending=ending)
        for ending in _ENDINGS
        if one.passed
    )
    left = f"<p>{said('exam.left', unanswered=one.unanswered, late=one.late)}</p>" if one.unanswered or one.late else ""
    whole = bar(word("exam.whole"), float(one.share), f"{one.share:.1%}", mark=float(one.pass_share))
    return (
        f'<section class="panel result-sheet"><h2>{safe(one.title)}　{safe(outcome)}</h2>'
        f"<p>{said('exam.told', name=one.trainee, day=f'{one.finished.astimezone():%Y-%m-%d %H:%M}', id=one.exam)} "
        f"{said('exam.needed', share=f'{one.share:.1%}', needed=f'{one.pass_share:.0%}')}</p>{left}"
        f'<div class="rows">{whole}</div><details><summary>{said("exam.by_topic")}</summary>'
        f'<div class="rows">{rows}</div></details><p class="actions">{saves}</p></section>'
    )


def _checking() -> str:
    return (
        f'<form class="panel verify"><h2>{said("verify.title")}</h2>{box("code", word("verify.code"), most=60)}'
        f'<p class="actions">{button("verify", word("verify.go"), css="primary")}'
        f"{upload('verify', word('verify.file'), '.docx,.pdf,.json')}</p></form>"
    )


def _paper(room: Room, view: View, sitting: Exam) -> str:
    from assistant.training.exam import answered

    given = answered(room.progress, sitting)
    at = _at(view, sitting, given)
    item = sitting.sheet[at]
    numbers = "".join(
        button("item", str(n + 1), css=f"{'given' if one.id in given else ''} {'here' if n == at else ''}", at=n)
        for n, one in enumerate(sitting.sheet)
    )
    deadline, now = (int(one.timestamp() * 1000) for one in (sitting.deadline, room.now()))
    held = _given(given[item.id].answer) if item.id in given else ()
    return (
        f'<form class="item exam"><input type="hidden" name="item" value="{safe(item.id)}">'
        f'<p class="item-head"><b>{safe(sitting.title)}</b><span>{said("exam.clock")} '
        f'<span class="clock" role="timer" data-deadline="{deadline}" data-now="{now}"></span></span></p>'
        f"{question(item, at + 1, len(sitting.sheet), held)}"
        f'<p class="actions">{button("reply", word("exam.keep"), css="primary", item=item.id, at=at)}</p>'
        f'<div class="numbers">{numbers}</div><p class="hint">'
        f"{said('exam.given', given=len(given), count=len(sitting.sheet))}</p>"
        f"<details><summary>{said('exam.hand_in')}</summary><p>"
        f"{said('exam.sure', open=len(sitting.sheet) - len(given))}</p>"
        f"{button('finish', word('exam.hand_in'))}</details></form>"
    )


def _at(view: View, sitting: Exam, given: Mapping[str, Answered]) -> int:
    """Return the place of the item at hand: the one turned to, else the first without an answer."""
    if view.ref.isdecimal():
        return min(int(view.ref), len(sitting.sheet) - 1)
    return next((n for n, one in enumerate(sitting.sheet) if one.id not in given), 0)


def _given(text: str) -> str | list[int]:
    return json.loads(text) if text.startswith("[") else text


def begin_exam(room: Room, view: View, told: Told) -> Done:
    """Begin an exam by its plan, with the trainer's pass mark."""
    from assistant.training.blueprint import blueprint
    from assistant.training.desk import pass_mark
    from assistant.training.exam import begin

    if not view.name:
        raise PageError(word("name_first"))
    plan = blueprint(told.text("plan"))
    begin(
        room.progress, room.pool, view.name, plan, seed=told.whole("seed", 1, 0, 999_999_999), now=room.now(),
        pass_share=pass_mark(room.progress, view.name, plan.id),
    )  # fmt: skip
    return Done(replace(view, place="exam", ref="0"))


def _sitting(room: Room, view: View) -> Exam:
    from assistant.training.exam import open_exam

    sitting = open_exam(room.progress, view.name) if view.name else None
    if sitting is None:
        raise PageError(word("exam.none_open"))
    return sitting


def show_item(room: Room, view: View, told: Told) -> Done:
    """Turn to an item of the paper; what was filled in at the one left is saved."""
    sitting = _sitting(room, view)
    remark = _keep_filled(room, sitting, told)
    return Done(replace(view, ref=str(told.whole("at", 0, 0, len(sitting.sheet) - 1))), remark)


def _keep_filled(room: Room, sitting: Exam, told: Told) -> str:
    """Save what is filled in at the item at hand, where it is whole and new, and return a remark if it cannot be read.

    An order not touched is no answer.
    """
    from assistant.training.exam import answer, answered

    item = next((one for one in sitting.sheet if one.id == told.text("item")), None)
    given = told.answer()
    if item is None or unfinished(item, given):
        return ""
    held = answered(room.progress, sitting).get(item.id)
    before = (list(range(len(item.options))) if item.kind == "order" else []) if held is None else _given(held.answer)
    if given == before:
        return ""
    marked = answer(room.progress, sitting, item.id, given, now=room.now())
    return notice(marked.says) if marked.fared == "unreadable" else ""


def reply(room: Room, view: View, told: Told) -> Done:
    """Save an answer of the exam and turn to the next item; what it is worth is not told."""
    from assistant.training.exam import GRACE, answer

    sitting = _sitting(room, view)
    item = next((one for one in sitting.sheet if one.id == told.text("item")), None)
    given = told.answer()
    if item is not None and (lacks := unfinished(item, given)):
        return Done(view, notice(lacks), stay=True)
    marked = answer(room.progress, sitting, told.text("item"), given, now=room.now())
    last = len(sitting.sheet) - 1
    if marked.fared == "unreadable":
        return Done(view, notice(marked.says), stay=True)
    late = room.now() > sitting.deadline + GRACE
    remark = notice(marked.says if late else word("exam.kept"))
    return Done(replace(view, ref=str(min(told.whole("at", 0, 0, last) + 1, last))), remark)


def hand_in(room: Room, view: View, told: Told) -> Done:
    """Hand the paper in, with what was filled in at the item at hand."""
    from assistant.training.exam import finish

    sitting = _sitting(room, view)
    _keep_filled(room, sitting, told)
    finish(room.progress, sitting, now=room.now())
    return Done(replace(view, place="exam", ref=""), notice(word("exam.handed_in")))


def certificate(room: Room, view: View, told: Told) -> Done:
    """Give the certificate of a passed exam as a file."""
    from assistant.training.certificate import issue
    from assistant.training.exam import find_exam, result
    from ui.certificate import certificate_file

    sat = find_exam(room.progress, told.text("exam"))
    if sat.trainee != view.name:
        raise PageError(word("exam.not_yours"))
    made = issue(room.progress, result(room.progress, sat), now=room.now())
    ending = told.text("ending")
    content = certificate_file(room.progress, made, ending)
    remark = notice(word("exam.saved", code=made.code))
    return Done(view, remark, (word("exam.file", name=made.name, ending=ending), content), stay=True)


def verify(room: Room, view: View, told: Told) -> Done:
    """Check a certificate by its code or its file."""
    from assistant.training.certificate import verify_code

    if name := told.text("name"):
        return Done(view, _verdict(_verified_file(room, name, content_of(told))), stay=True)
    code = told.text("code")
    if not code:
        raise PageError(word("verify.what"))
    return Done(view, _verdict(verify_code(room.progress, code)), stay=True)


def _verified_file(room: Room, name: str, content: bytes) -> Verified:
    from ui.certificate import verify_file

    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise PageError(word("verify.what"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"certificate{ending}"
        path.write_bytes(content)
        return verify_file(room.progress, path)


def content_of(told: Told) -> bytes:
    """Return the bytes of a file that was sent.

    Raises:
        PageError: it is empty, too large, or not sent whole.
    """
    try:
        content = base64.b64decode(told.text("content", 10_000_000), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise PageError(word("file_unread"))
    return content


def _verdict(found: Verified) -> str:
    body = ""
    if found.certificate is not None:
        record: dict[str, Any] = found.certificate.record()
        rows = [(safe(word(f"verify.fields.{one}")), safe(str(record[one])))
                for one in ("name", "title", "day", "score", "needed", "exam", "code")]  # fmt: skip
        body = table((word("verify.item"), word("verify.says")), rows)
    return (
        f'<div class="notice verified" role="status" data-status="{safe(found.status)}">'
        f"<p><b>{said('verify.status.' + found.status)}</b> {safe(found.says)}</p>{body}</div>"
    )
