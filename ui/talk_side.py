"""Beside the conversation, as HTML: how the self-assessment stands, its table of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.entries import Entry, Interview
from assistant.interview_words import short_label, value_text
from assistant.turns import Turn
from scoring.model import Rules
from scoring.park import definition_of
from ui.render import keyed, safe
from ui.report import KINDS
from ui.talk_texts import TalkTexts
from ui.texts import Texts

_LONGEST = 300


class SideView:
    """Draws what stands beside a conversation."""

    def __init__(self, rules: Rules, texts: Texts, more: TalkTexts) -> None:
        self.rules, self.texts, self.more = rules, texts, more

    # The self-assessment ---------------------------------------------------------------------------------------------

    def interview(self, interview: Interview | None, turns: Sequence[Turn]) -> str:
        """Return the self-assessment as it stands: progress, interval, what is settled, what is asked, the values."""
        more = self.more
        if interview is None:
            return (
                f'<section class="side-card"><h2>{safe(more.interview_none)}</h2>'
                f'<p class="hint">{safe(more.interview_none_hint)}</p>'
                f'<button type="button" data-do="say" data-text="{safe(more.begin)}">{safe(more.begin)}</button>'
                "</section>"
            )
        rubric = self.rules.rubric(interview.rules_id)
        last = next((one for one in reversed(turns) if one.progress), None)
        question = turns[-1].question if turns else ""
        parts = [
            f"<h2>{safe(interview.name or more.interview)}</h2>",
            f'<p class="hint">{safe(more.rules.format(title=rubric.title, edition=rubric.edition))}</p>',
            *(self._standing(last) if last is not None else ()),
            self._asking(turns[-1]) if question else "",
            *(self._lines(last) if last is not None else ()),
            *self._values(interview),
            self._reports(bool(interview.standing())),
        ]
        return f'<section class="side-card interview">{"".join(parts)}</section>'

    def _asking(self, turn: Turn) -> str:
        """Return the open question with its short answers: under a long reply it is out of sight."""
        said = "".join(
            f'<button type="button" data-do="say" data-text="{safe(one)}">{safe(one)}</button>' for one in turn.buttons
        )
        return f'<p class="now"><b>{safe(self.more.asked)}</b>{safe(turn.question)}</p><div class="row">{said}</div>'

    def _standing(self, turn: Turn) -> Iterator[str]:
        more, found = self.more, dict[str, Any](turn.progress or {})
        done, of = found["done"], found["of"]
        waiting = len(found["unconfirmed"])
        form = more.done_waiting if waiting else more.done
        told = form.format(done=done, waiting=waiting, left=of - done - waiting)
        label = safe(more.progress_label)
        yield f'<progress max="{max(of, 1)}" value="{done}" aria-label="{label}"></progress>'
        yield f'<p class="hint">{safe(told)}</p>'
        rows = [(more.verdict, more.verdicts.get(found["verdict"], ""))]
        if turn.level:
            rows.append((more.grade, turn.level))
        if turn.score is not None:
            low, high, full = (turn.score[key] for key in ("low", "high", "full"))
            form = more.points_one if low == high else more.points_span
            rows.append((more.points, form.format(low=low, high=high, full=full)))
        body = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in rows if value)
        word = more.final if found["final"] else more.so_far
        yield f'<dl class="interval {found["verdict"]}"><div><dt class="chip">{safe(word)}</dt></div>{body}</dl>'

    def _lines(self, turn: Turn) -> Iterator[str]:
        more, found = self.more, dict[str, Any](turn.progress or {})
        settled = "".join(
            f'<li><span>{safe(label)}</span><span class="verdict {safe(verdict)}">'
            f"{safe(more.verdicts[verdict])}</span></li>"
            for label, verdict in found["settled"]
        )
        for form, count, body in (
            (more.settled, len(found["settled"]), settled),
            (more.open, len(found["open"]), "".join(f"<li><span>{safe(one)}</span></li>" for one in found["open"])),
        ):
            if count:
                yield f"<details><summary>{safe(form.format(count=count))}</summary><ul>{body}</ul></details>"

    def _values(self, interview: Interview) -> Iterator[str]:
        more = self.more
        doubtful = {one.entry.fact: one.entry for one in interview.pending if one.entry.fact}
        known = {**interview.known(), **doubtful}
        order = list(self.rules.facts)

        def rank(one: tuple[str, Entry]) -> tuple[bool, bool, int]:  # what needs a look stands first
            key, entry = one
            return key not in doubtful, entry.state != "said", order.index(definition_of(key, self.rules)[0].id)

        rows = dict(sorted(known.items(), key=rank))
        body = "".join(self._value(entry, entry.fact in doubtful) for entry in rows.values())
        yield f"<h3>{safe(more.values.format(count=len(rows)) if rows else more.values_none)}</h3>"
        if interview.waiting():
            yield (
                '<button type="button" class="primary" data-do="edit" data-kind="confirm" data-fact="">'
                f"{safe(more.confirm_all)}</button>"
            )
        yield f'<ul class="values">{body}</ul>' if rows else ""

    def _value(self, entry: Entry, doubtful: bool) -> str:
        """Return one row: folded, what and how much; opened, where it comes from, and what can be done with it."""
        more, fact = self.more, entry.fact
        state = "doubtful" if doubtful else entry.state
        label, value = short_label(fact, self.rules), value_text(fact, entry.value, self.rules)
        turn = entry.said_in
        origin = more.origin_turn.format(number=turn) if turn is not None else entry.origin
        about = [(more.origin, origin), (more.raw, entry.raw), (more.evidence, entry.evidence)]
        told = "".join(
            f"<div><dt>{safe(name)}</dt><dd>{safe(text[:_LONGEST])}</dd></div>" for name, text in about if text
        )
        confirm = self._button("confirm", fact, more.confirm) if state == "said" else ""
        return (
            f'<li><details class="value" data-fact="{safe(fact)}"><summary><span class="name">{safe(label)}</span>'
            f'<b>{safe(value)}</b><span class="chip {state}">{safe(more.states[state])}</span></summary>'
            f'<dl>{told}</dl><form data-fact="{safe(fact)}">{self._inputs(entry, value)}'
            f'<div class="row"><button type="submit" class="primary">{safe(more.change)}</button>'
            f"{confirm}{self._button('withdraw', fact, more.withdraw)}</div></form></details></li>"
        )

    def _inputs(self, entry: Entry, value: str) -> str:
        more = self.more
        definition, _ = definition_of(entry.fact, self.rules)
        made = (
            f'<label>{safe(more.value)}<input name="text" maxlength="{_LONGEST}" value="{safe(value)}"'
            f' placeholder="{safe(more.value_hint)}"></label>'
        )
        if definition.needs_source:
            made += (
                f'<label>{safe(more.evidence)}<input name="evidence" maxlength="{_LONGEST}"'
                f' value="{safe(entry.evidence[:_LONGEST])}"></label>'
            )
        return keyed(f"{entry.fact} {value}", made)

    def _button(self, kind: str, fact: str, word: str) -> str:
        return f'<button type="button" data-do="edit" data-kind="{kind}" data-fact="{safe(fact)}">{safe(word)}</button>'

    def _reports(self, ready: bool) -> str:
        if not ready:
            return ""
        words = self.texts.grade.download_kinds
        made = "".join(
            f'<button type="button" data-do="report" data-kind="{kind}">{safe(words[kind])}</button>' for kind in KINDS
        )
        return f'<div class="row reports"><span>{safe(self.more.report)}</span>{made}</div>'
