"""The conversation as HTML: turns, their sources, the next steps. Every text passes `safe`; nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.turns import Turn
from ui.render import link, official, safe
from ui.session import Coming, Session
from ui.talk_texts import TalkTexts
from ui.texts import Texts

_MARK = re.compile(r"\[(\d{1,3})\]")
_PAUSE = re.compile("[、，：；。]")
_SHOWN_SOURCES = 4
_LONG, _HEAD = 240, 60
_MOST_EDITED = 3
# Drawn, not typed: many office machines have no font for 👍.
_THUMB = (
    '<svg class="thumb {vote}" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 '
    '2.5V9H19c1 0 1.8 1 1.6 2l-1.3 7.4c-.2.9-1 1.6-1.9 1.6H7"/></svg>'
)
Record = Mapping[str, Any]


class TalkView:
    """Draws a conversation in the words of the screen."""

    def __init__(self, texts: Texts, more: TalkTexts) -> None:
        self.texts, self.more = texts, more

    def page(self, session: Session) -> str:
        """Return the whole conversation; before the first message, a welcome with examples."""
        if not session.turns and session.coming is None:
            return self._welcome()
        parts = [self._turn(turn, session) for turn in session.turns]
        if session.coming is not None:
            parts.append(self._coming(session.coming))
        parts += self._resumed(session)
        busy = str(session.busy).lower()
        return (
            f'<div class="talk" role="log" aria-live="polite" aria-busy="{busy}"'
            f' data-conversation="{safe(session.key)}">{"".join(parts)}</div>'
        )

    def _welcome(self) -> str:
        texts = self.texts
        examples = "".join(self._say(one, "example") for one in texts.examples)
        return (
            f'<div class="welcome"><h2>{safe(texts.welcome)}</h2><p>{safe(texts.welcome_more)}</p>'
            f'<div class="examples" role="group" aria-label="{safe(texts.examples_label)}">{examples}</div></div>'
        )

    def _say(self, text: str, css: str) -> str:
        return f'<button type="button" class="{css}" data-do="say" data-text="{safe(text)}">{safe(text)}</button>'

    def _resumed(self, session: Session) -> Iterator[str]:
        if session.resumed and session.coming is None:
            lines = "".join(f"<p>{safe(line)}</p>" for line in "\n".join(session.resumed).split("\n"))
            yield f'<aside class="resumed"><h3>{safe(self.more.resumed)}</h3>{lines}</aside>'

    def _asked(self, message: str, files: tuple[str, ...], *, edited: str = "") -> str:
        parts = [f"<p>{safe(message)}</p>"] if message else []
        if files:
            parts.append(f'<p class="dropped">{safe(self.more.dropped.format(files="、".join(files)))}</p>')
        if edited:
            parts.append(f'<p class="dropped">{safe(edited)}</p>')
        return f'<div class="asked"><span class="unseen">{safe(self.texts.you)}</span>{"".join(parts)}</div>'

    def _edited(self, turn: Turn) -> str:
        """Return what a change in the table of values came to, each value with its state."""
        more = self.more
        if turn.intent != "edit":
            return ""
        last = {str(one["fact"]): one for one in turn.understood}  # a value may pass through two states in a turn
        told = [
            more.edited_one.format(
                label=one["label"],
                value=one["raw"],
                state=more.states["doubtful" if one["state"] == "said" else one["state"]],
            )
            for one in last.values()
        ]
        if len(told) > _MOST_EDITED:
            told = [*told[:_MOST_EDITED], more.edited_more.format(count=len(told))]
        return "：".join(part for part in (more.edited, "；".join(told)) if part)

    def _coming(self, coming: Coming) -> str:
        texts = self.texts
        lines = "".join(f"<p>{safe(line)}</p>" for line in coming.text.split("\n")) if coming.text else ""
        said = f'<div class="lines">{lines}</div>' if lines else ""
        if coming.progress == "failed":
            body = f'<p class="problem" role="alert">{safe(coming.problem or texts.failed)}</p>'
        elif coming.progress == "stopped":
            body = f'{said}<p class="stopped">{safe(texts.stopped)}</p>'
        else:
            body = said or f'<p class="thinking"><i></i><i></i><i></i>{safe(texts.thinking)}</p>'
        state = "busy" if coming.progress == "asked" else coming.progress
        return self._article(state, 0, self._asked(coming.message, coming.files), body)

    def _article(self, state: str, number: int, asked: str, body: str) -> str:
        return (
            f'<article class="turn {state}" data-turn="{number}">{asked}'
            f'<div class="answered"><span class="unseen">{safe(self.texts.advisor)}</span>{body}</div></article>'
        )

    def _turn(self, turn: Turn, session: Session) -> str:
        last = session.coming is None and turn is session.turns[-1]
        coming = last and session.shown is not None
        cut = turn.number in session.cut
        shown = turn.reply.split("\n")[: session.shown if coming else None] if turn.reply else []
        lines = "".join(self._line(line, turn) for line in shown)
        parts = [self._kind(turn), f'<div class="lines">{lines}</div>' if lines else ""]
        if not coming:
            parts += [f'<p class="note">{safe(note)}</p>' for note in turn.notes]
            parts += [f'<p class="stopped">{safe(self.texts.stopped)}</p>'] if cut else []
            parts += [self._working(turn), self._sources(turn)]
            parts += [f'<p class="question">{safe(turn.question)}</p>'] if turn.question and not cut else []
            parts += [self._steps(turn)] if last else []
            parts.append(self._after(turn, session))
        state = "busy" if coming else "stopped" if cut else "done"
        asked = self._asked(turn.user, tuple(turn.files), edited=self._edited(turn))
        return self._article(state, turn.number, asked, "".join(parts))

    def _kind(self, turn: Turn) -> str:
        texts = self.texts
        if turn.kind not in texts.kinds:
            return ""
        where = f'<span class="chip">{safe(turn.region)}</span>' if turn.region else ""
        return (
            f'<p class="kind {turn.kind}"><span class="badge">{safe(texts.kinds[turn.kind])}</span>{where}'
            f'<span class="hint">{safe(texts.kind_hints[turn.kind])}</span></p>'
        )

    def _line(self, line: str, turn: Turn) -> str:
        cited = {str(c["mark"]): c for c in turn.citations}

        def button(match: re.Match[str]) -> str:
            citation = cited.get(match[1])
            if citation is None:
                return match[0]
            label = f"{self.texts.open_mark.format(mark=match[1])}：{citation['title']}"
            return (
                f'<button type="button" class="cite" data-do="cite" {_opens(citation, turn)} title="{safe(label)}"'
                f' aria-label="{safe(label)}">[{match[1]}]</button>'
            )

        if not turn.kind and len(line) > _LONG:  # a list of values, or of what is missing
            found = _PAUSE.search(line, _HEAD, 2 * _HEAD)
            at = found.end() if found else _HEAD
            rest = safe(line[at:])
            return f'<details class="long"><summary>{safe(line[:at])}</summary><p>{rest}</p></details>'
        return f"<p>{_MARK.sub(button, safe(line))}</p>"

    def _working(self, turn: Turn) -> str:
        if not turn.working:
            return ""
        lines = "".join(f"<p>{safe(line)}</p>" for line in turn.working)
        return f'<details class="steps-of"><summary>{safe(self.more.working)}</summary>{lines}</details>'

    def _sources(self, turn: Turn) -> str:
        if not turn.citations:
            return ""
        texts = self.texts
        heading = texts.sources_near if turn.kind == "refused" else texts.sources
        cards = [self._card(c, turn) for c in turn.citations]
        # Of an answer each source carries a mark in the text; clauses behind a result are many and none is marked.
        first = _SHOWN_SOURCES if any(c["mark"] for c in turn.citations) else 0
        body, rest = "".join(cards[:first]), cards[first:]
        if rest:
            more = safe((texts.more_sources if first else texts.clauses).format(count=len(rest)))
            body += f"<details><summary>{more}</summary>{''.join(rest)}</details>"
        return f'<section class="sources"><h3>{safe(heading)}</h3>{body}</section>'

    def _card(self, one: Record, turn: Turn) -> str:
        texts = self.texts
        number = f'<span class="number">{safe(one["number"])}</span>' if one.get("number") else ""
        mark = f"<b>[{one['mark']}]</b> " if one["mark"] else ""
        status, confidence = one.get("status", ""), texts.confidences.get(one.get("confidence", ""), "")
        chip = f'<span class="chip {safe(status)}">{safe(status)}</span>' if status else ""
        grade = f"<span>{safe(confidence)}</span>" if confidence else ""
        return (
            '<div class="card">'
            f'<button type="button" class="open" data-do="cite" {_opens(one, turn)} title="{safe(texts.open_source)}">'
            f'<span class="card-title">{mark}{safe(one["title"])}</span>{number}'
            f'<span class="quote">{safe(one["quote"])}</span></button>'
            f'<p class="facts"><span>{safe(one["place"])}</span>{chip}{grade}'
            f"{official(one.get('url', ''), texts)}</p></div>"
        )

    def _steps(self, turn: Turn) -> str:
        if not turn.buttons:
            return ""
        made = "".join(
            f'<button type="button" class="step" data-do="report" data-kind="docx">{safe(one)}</button>'
            if one == self.more.report
            else self._say(one, "step")
            for one in turn.buttons
        )
        return f'<div class="steps" role="group" aria-label="{safe(self.more.next_steps)}">{made}</div>'

    def _after(self, turn: Turn, session: Session) -> str:
        texts, number = self.texts, turn.number
        copy = (
            f'<button type="button" data-do="copy" data-text="{safe(plain(turn, texts))}"'
            f' data-done="{safe(texts.copied)}">{safe(texts.copy_)}</button>'
        )
        vote, explaining = session.vote_on(number), session.explaining == number
        if vote:
            thanks = texts.voted_up if vote == "up" else texts.voted_down
            return f'<div class="after">{copy}<span class="voted">{safe(thanks)}</span></div>'
        votes = "".join(
            f'<button type="button" data-do="vote" data-turn="{number}" data-vote="{one}"'
            f' aria-label="{safe(label)}" title="{safe(label)}"'
            f' aria-expanded="{str(one == "down" and explaining).lower()}">{_THUMB.format(vote=one)}</button>'
            for one, label in (("up", texts.up), ("down", texts.down))
        )
        return f'<div class="after">{copy}{votes}</div>{self._reason_form(number) if explaining else ""}'

    def _reason_form(self, number: int) -> str:
        texts = self.texts
        return (
            f'<div class="reason"><label for="reason-{number}">{safe(texts.reason_label)}</label><textarea'
            f' id="reason-{number}" rows="2" maxlength="2000" placeholder="{safe(texts.reason_hint)}"></textarea>'
            f'<div><button type="button" class="primary" data-do="reason" data-turn="{number}">'
            f'{safe(texts.reason_send)}</button><button type="button" data-do="cancel" data-turn="{number}">'
            f"{safe(texts.reason_cancel)}</button></div></div>"
        )


def plain(turn: Turn, texts: Texts) -> str:
    """Return a reply with its sources as plain text, as it is copied and exported."""
    lines = [turn.text]
    if turn.citations:
        lines += ["", f"{texts.sources_near if turn.kind == 'refused' else texts.sources}："]
    for c in turn.citations:
        name = " ".join(p for p in (c["title"], c.get("number", ""), c["place"]) if p)
        status = f"（{c['status']}）" if c.get("status") else ""
        mark = f"[{c['mark']}] " if c["mark"] else ""
        lines.append(f"{mark}{name}{status}{link(c.get('url', ''))}".rstrip())
    return "\n".join(lines)


def _opens(citation: Record, turn: Turn) -> str:
    """Return what tells the panel which source to open; the question chooses the sentence that is marked."""
    named = citation.get("passage", "")
    where = f'data-passage="{safe(named)}"' if named else (
        f'data-document="{safe(citation["document"])}" data-place="{safe(citation["place"])}"'
    )  # fmt: skip
    return f'{where} data-said="{safe(turn.user)}"'
