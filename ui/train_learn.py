"""Lessons, exercises, the daily review, and mastery by topic."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.training.lessons import Lesson, exercises, lesson, lessons, why_line
from assistant.training.marking import mark
from assistant.training.topics import topics
from assistant.training.tutor import HINTS, hint
from ui.errors import PageError
from ui.render import notice, safe
from ui.train_html import bar, button, cards, choice, marked, said, word
from ui.train_items import Last, feedback, question, topic_title, unfinished
from ui.train_room import Done, Room, Told, View

if TYPE_CHECKING:
    from assistant.training.model import Item

_COUNT = 20
_RECALL = {"yes": Decimal(1), "half": Decimal("0.6"), "no": Decimal(0)}


# Lessons -------------------------------------------------------------------------------------------------------------


def lesson_list(room: Room, view: View) -> str:
    """Return the syllabus, each lesson with how far the trainee has come."""
    done: set[str] = set()
    held: dict[str, Any] = {}
    if view.name:
        progress = room.progress
        answers = progress.answers(trainee=view.name)
        done = {one.sitting.partition(":")[2] for one in answers if one.sitting.startswith("lesson:")}
        held = {one.topic: one for one in progress.mastery(view.name, room.now())}
    rows: list[str] = []
    for one in lessons():
        mastery = held.get(one.id)
        state = word("lesson_done" if one.id in done else "lesson_new")
        share = "" if mastery is None else said("lesson_mastery", share=f"{mastery.share:.0%}")
        rows.append(
            f'<li><button type="button" class="lesson" data-do="go" data-place="lesson" data-ref="{safe(one.id)}">'
            f'<b>{one.number}</b><span class="title">{safe(one.title)}<small>{safe(one.goal)}</small></span>'
            f'<span class="state{" done" if one.id in done else ""}">{safe(state)}<small>{share}</small></span>'
            "</button></li>"
        )
    return f'<h2>{said("lessons_title")}</h2>{_resume(room, view)}<ol class="lessons">{"".join(rows)}</ol>'


def _resume(room: Room, view: View) -> str:
    """Return the way back into a round that was left."""
    seat = room.seat(view.name) if view.name else {}
    if not seat or seat["at"] >= len(seat["items"]):
        return ""
    text = word("resume_quiz", at=seat["at"], count=len(seat["items"]))
    return f'<p class="notice">{button("go", text, css="step", place="quiz")}</p>'


def read_lesson(room: Room, view: View) -> str:
    """Return a lesson to read: marks open their sources, every sentence can be asked why."""
    one = lesson(view.ref)
    citations = one.citations(room.library)
    parts: list[str] = []
    heading = ""
    for at, (under, text) in enumerate(one.numbered()):
        if under != heading:
            heading = under
            parts.append(f"<h3>{safe(heading)}</h3>")
        ask = button("why", word("why"), css="why", line=at)
        answer = _why(room, one, at) if view.last == at else ""
        parts.append(f'<p class="line">{marked(text, citations)} {ask}</p>{answer}')
    return (
        f'<p>{button("go", word("back_lessons"), css="step", place="lessons")}</p><article class="reading">'
        f'<h2>{one.number}　{safe(one.title)}</h2><p class="goal">{safe(one.goal)}</p>{"".join(parts)}</article>'
        f'<p class="actions">{button("exercise", word("exercises"), css="primary", ref=one.id)}</p>'
        f'<details class="sources"><summary>{said("sources", count=len(citations))}</summary>'
        f"{cards(citations)}</details>"
    )


def _why(room: Room, one: Lesson, at: int) -> str:
    answer = why_line(one, at, room.library)
    lines = "".join(f"<p>{marked(line, answer.citations)}</p>" for line in answer.lines)
    return f'<aside class="because" role="status"><b>{said("because")}</b>{lines}{cards(answer.citations)}</aside>'


def why(_room: Room, view: View, told: Told) -> Done:
    """Open or close the answer to 为什么 at a sentence."""
    at = told.whole("line", 0, 0, len(lesson(view.ref).lines) - 1)
    return Done(replace(view, last=None if view.last == at else at))


def exercise(room: Room, view: View, told: Told) -> Done:
    """Begin the exercises that close a lesson."""
    one = lesson(told.text("ref"))
    name = _named(view)
    times = len(room.progress.answers(trainee=name, sitting=f"lesson:{one.id}"))
    seed = int(hashlib.sha256(f"{name} {one.id} {times}".encode()).hexdigest()[:8], 16)
    room.take_seat(name, exercises(one, room.pool, seed=seed), f"lesson:{one.id}")
    return Done(replace(view, place="quiz", ref="", hints=0, last=None))


# Exercises -----------------------------------------------------------------------------------------------------------


def quiz(room: Room, view: View) -> str:
    """Return the exercise at hand, what the last one was worth, or the choice of a new round."""
    seat = room.seat(view.name) if view.name else {}
    last = view.last if isinstance(view.last, Last) else None
    if last is not None:
        more = seat["at"] < len(seat["items"])
        label = word("next_item") if more else word("to_summary")
        number = min(seat["at"], len(seat["items"]))
        head = said("item_head", number=number, count=len(seat["items"]), topic=topic_title(last.item.topic),
                    kind=word(f"kinds.{last.item.kind}"))  # fmt: skip
        return (
            f'{_meter(seat)}<p class="item-head">{head}</p><p class="stem">{safe(last.item.stem)}</p>{feedback(last)}'
            f'<p class="actions">{button("next", label, css="primary")}</p>'
        )
    item = _current(room, seat)
    if item is None:
        return _summary(seat) + _new_round()
    hints = "".join(f"<li>{safe(hint(item, step, room.library))}</li>" for step in range(1, min(view.hints, HINTS) + 1))
    ask = button("hint", word("hint", step=view.hints + 1)) if view.hints < HINTS else ""
    shown = f'<ol class="hints" role="status">{hints}</ol>' if hints else ""
    return (
        f'{_meter(seat)}<form class="item">{question(item, seat["at"] + 1, len(seat["items"]))}{shown}'
        f'<p class="actions">'
        f"{button('answer', word('submit'), css='primary', item=item.id)}{ask}"
        f"{button('skip', word('skip'), item=item.id)}</p></form>"
    )


def _meter(seat: dict[str, Any]) -> str:
    at, count = seat["at"], len(seat["items"])
    words = said("meter", at=at, count=count, points=f"{Decimal(seat['points']).normalize():f}")
    return f'<div class="meter"><progress max="{count}" value="{at}"></progress><span>{words}</span></div>'


def _summary(seat: dict[str, Any]) -> str:
    if not seat or not seat["items"]:
        return ""
    points, count = Decimal(seat["points"]), len(seat["items"])
    row = bar(
        word("round_points"), float(points) / count, word("points_of", points=f"{points.normalize():f}", count=count)
    )
    return f'<section class="panel done-round"><h2>{said("round_done")}</h2><div class="rows">{row}</div></section>'


def _new_round() -> str:
    topic = [("", word("all_topics")), *((one.id, one.title) for one in topics())]
    kinds = [("", word("all_kinds")), *((one, word(f"kinds.{one}")) for one in _kinds())]
    return (
        f'<form class="panel"><h2>{said("new_round")}</h2><div class="grid">{choice("topic", word("topic"), topic)}'
        f"{choice('kind', word('kind'), kinds)}"
        f"{choice('count', word('count'), [(n, n) for n in ('5', '10', '20', '40')], value=str(_COUNT // 2))}</div>"
        f'<p class="actions">{button("round", word("begin"), css="primary")}</p></form>'
    )


def _kinds() -> tuple[str, ...]:
    from assistant.training.model import ITEM_KINDS

    return ITEM_KINDS


def _current(room: Room, seat: dict[str, Any]) -> Item | None:
    """Return the exercise at hand; those that have retired since, or are in an open exam, are passed over."""
    known = room.pool.by_id if seat else {}
    closed = room.progress.being_examined(seat["trainee"]) if seat else set[str]()
    while seat and seat["at"] < len(seat["items"]):
        item = known.get(seat["items"][seat["at"]])
        if item is not None and item.id not in closed:
            return item
        seat["at"] += 1
    return None


def start_round(room: Room, view: View, told: Told) -> Done:
    """Begin a round of exercises by topic and kind."""
    name = _named(view)
    topic, kind = told.text("topic"), told.text("kind")
    seed = int(room.now().timestamp())
    count = told.whole("count", _COUNT, 1, 100)
    items = room.pool.quiz(count, seed, topics=[topic] if topic else [], kinds=[kind] if kind else [])
    if not items:
        raise PageError(word("no_items"))
    room.take_seat(name, items, f"lesson:{topic}" if topic else "quiz")
    return Done(replace(view, place="quiz", hints=0, last=None))


def answer(room: Room, view: View, told: Told) -> Done:
    """Mark and save the answer to the exercise at hand; what cannot be read is asked again."""
    seat = room.seat(_named(view))
    item = _current(room, seat)
    if item is None or item.id != told.text("item"):  # sent twice, or from an old page
        return Done(replace(view, place="quiz"))
    given = told.answer()
    if lacks := unfinished(item, given):
        return Done(view, notice(lacks), stay=True)
    marked = mark(item, given)
    if marked.fared == "unreadable":
        return Done(view, notice(marked.says), stay=True)
    return _saved(room, view, seat, Last(item, given if isinstance(given, str) else tuple(given), marked))


def skip(room: Room, view: View, told: Told) -> Done:
    """Leave the exercise at hand blank."""
    seat = room.seat(_named(view))
    item = _current(room, seat)
    if item is None or item.id != told.text("item"):
        return Done(replace(view, place="quiz"))
    return _saved(room, view, seat, Last(item, "", mark(item, "")))


def _saved(room: Room, view: View, seat: dict[str, Any], last: Last) -> Done:
    given = last.given if isinstance(last.given, str) else list(last.given)
    room.progress.save(view.name, last.item, given, last.marked, now=room.now(), sitting=seat["sitting"])
    points = Decimal(seat["points"]) + last.marked.points
    room.keep_seat(view.name, {**seat, "at": seat["at"] + 1, "points": str(points)})
    return Done(replace(view, place="quiz", hints=0, last=last))


def next_item(_room: Room, view: View, _told: Told) -> Done:
    """Go on to the next exercise."""
    return Done(replace(view, last=None, hints=0))


def give_hint(_room: Room, view: View, _told: Told) -> Done:
    """Show one more hint."""
    return Done(replace(view, hints=min(view.hints + 1, HINTS)))


def _named(view: View) -> str:
    if not view.name:
        raise PageError(word("name_first"))
    return view.name


# Review and mastery --------------------------------------------------------------------------------------------------


def review(room: Room, view: View) -> str:
    """Return what is due today: exercises as a round, then what was missed in cases, card by card."""
    name, progress, now = _named(view), room.progress, room.now()
    items = [one for one in progress.due_items(name, now, limit=1000) if one in room.pool.by_id]
    misses = progress.due_misses(name, now, limit=1000)
    parts = [f"<h2>{said('review_title')}</h2><p>{said('review_due', items=len(items), misses=len(misses))}</p>"]
    if items:
        parts.append(f'<p class="actions">{button("review", word("review_items"), css="primary")}</p>')
    if misses:
        one = misses[0]
        shown = view.last == one.id
        clause = button("cite", word("open_clause", n=1), css="step", passage=one.source) if "#" in one.source else ""
        back = f'<p>{safe(one.back)}</p><p class="opens">{clause}</p>' if shown else ""
        ask = (
            "".join(button("recall", word(f"recall.{how}"), how=how, card=one.id) for how in _RECALL)
            if shown
            else button("turn", word("turn_card"), css="primary", card=one.id)
        )
        parts.append(
            f'<section class="panel flip"><p class="hint">{said("missed_in_case")}</p>'
            f'<p class="stem">{safe(one.front)}</p>{back}<p class="actions">{ask}</p></section>'
        )
    if not items and not misses and (following := progress.next_due(name)):
        parts.append(f"<p>{said('review_next', when=following.astimezone().strftime('%Y-%m-%d %H:%M'))}</p>")
    return "".join(parts)


def start_review(room: Room, view: View, _told: Told) -> Done:
    """Begin a round of what is due."""
    name = _named(view)
    due = room.progress.due_items(name, room.now(), limit=1000)
    items = [room.pool.by_id[one] for one in due if one in room.pool.by_id][:_COUNT]
    room.take_seat(name, items, "review")
    return Done(replace(view, place="quiz", hints=0, last=None))


def turn_card(_room: Room, view: View, told: Told) -> Done:
    """Show the back of a card."""
    return Done(replace(view, last=told.text("card")))


def recall(room: Room, view: View, told: Told) -> Done:
    """Move a card by how well it was remembered."""
    points = _RECALL.get(told.text("how"), Decimal(0))
    room.progress.review_miss(_named(view), told.text("card"), points, now=room.now())
    return Done(replace(view, last=None))


def mastery(room: Room, view: View) -> str:
    """Return mastery by topic as a chart, weakest marked."""
    held = {one.topic: one for one in room.progress.mastery(_named(view), room.now())}
    rows: list[str] = []
    for topic in topics():
        one = held.get(topic.id)
        if one is None:
            rows.append(bar(topic.title, 0, word("not_yet"), css="none"))
            continue
        text = word("mastery_of", share=f"{one.share:.0%}", answers=one.answers, points=f"{one.points:.0%}")
        rows.append(bar(topic.title, one.share, text, css="low" if one.share < 0.6 else "high"))
    return (
        f'<h2>{said("mastery_title")}</h2><figure class="chart"><div class="rows">{"".join(rows)}</div>'
        f"<figcaption>{said('mastery_note')}</figcaption></figure>"
    )
