"""What the reader of a reply does with it: a vote, a reason, opening a source."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.turns import Turn
from corpus.own import OwnLibrary
from ui.asks import Asks
from ui.chat_screen import Screen, Step, same
from ui.feedback import append_feedback, feedback_on
from ui.library_events import text_of
from ui.library_texts import read_library_texts
from ui.render import notice
from ui.session import Session
from ui.source_view import SourceView
from ui.texts import Texts

_log = logging.getLogger(__name__)


class Reading:
    """Keeps votes in the home folder and shows sources; a step is (session, conversation, remark)."""

    def __init__(self, advisor: Asks, screen: Screen, texts: Texts, *, home: Path) -> None:
        self.advisor, self.screen, self.texts, self.home = advisor, screen, texts, home
        self.sources = SourceView(OwnLibrary(home), texts, read_library_texts())

    def vote(self, session: Session, event: gr.EventData) -> Step:
        """Keep a 👍; open or close the box for the reason of a 👎. Return (session, conversation, remark)."""
        turn, vote = self._named(session, event), getattr(event, "vote", "")
        if turn is None or vote not in ("up", "down", ""):
            return session, same(), same()
        if vote == "up":
            return self._record(session, turn, "up", "")
        opened = turn.number if vote == "down" and session.explaining != turn.number else 0
        return self.screen.screen(replace(session, explaining=opened))[:3]

    def reason(self, session: Session, event: gr.EventData) -> Step:
        """Keep a 👎 with its reason."""
        turn = self._named(session, event)
        if turn is None:
            return session, same(), same()
        return self._record(session, turn, "down", str(getattr(event, "text", "")))

    def _named(self, session: Session, event: gr.EventData) -> Turn | None:
        """Return the turn that the browser names, if it is one that can be voted on."""
        number = getattr(event, "turn", None)
        turn = None if isinstance(number, bool) else session.turn(number)
        return turn if turn is not None and not session.busy and not session.vote_on(turn.number) else None

    def _record(self, session: Session, turn: Turn, vote: Any, reason: str) -> Step:
        now = datetime.now().astimezone()
        try:
            append_feedback(self.home, feedback_on(turn, vote, reason=reason, now=now))
        except OSError:
            _log.exception("feedback was not kept")
            return session, same(), notice(self.texts.vote_failed.format(folder=self.home))
        return self.screen.screen(replace(session, votes=(*session.votes, (turn.number, vote)), explaining=0))[:3]

    def open_source(self, event: gr.EventData) -> Any:
        """Show the document of a cited passage in the panel, where it is at hand the original at page and sentence."""
        library = self.advisor.library
        document = library.documents.get(text_of(event, "document"))
        if document is not None:  # the clause of a rule: the passage at its place, else where the document begins
            place = text_of(event, "place")
            at = next((p for p in document.passages if p.place == place), document.passages[0])
            return self.sources.show(library, at.id)
        return self.sources.open(library, event) or same()

    def close_source(self) -> str:
        """Put the panel away; an empty one hides itself."""
        return ""
