"""What a step of the tab 问顾问 shows: the conversation, what stands beside it, the list, the message box."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.dialogue import Dialogue
from assistant.errors import DialogueError
from ui.render import notice
from ui.session import Session
from ui.talk_html import TalkView
from ui.talk_list import TalkList
from ui.talk_side import SideView
from ui.talk_texts import TalkTexts
from ui.texts import Texts

Step = tuple[Any, ...]


class Screen:
    """Draws steps: (session, conversation, remark, box, self-assessment, list, key)."""

    def __init__(self, dialogue: Dialogue, texts: Texts, more: TalkTexts) -> None:
        self.dialogue, self.texts = dialogue, texts
        self.view = TalkView(texts, more)
        self.side = SideView(dialogue.rules, texts, more)
        self.list = TalkList(more)

    def found(self, session: Session, key: str) -> Session:
        """Return the session, or where the server has none for this window, the conversation that it names."""
        if session.key or not key:
            return session
        try:
            turns = self.dialogue.turns(key)
            interview = self.dialogue.interview(key)
        except DialogueError:
            return session
        lines = self.dialogue.interviewer.resume(interview)[1].lines if interview is not None and turns else ()
        return Session(key, turns, resumed=lines)

    def screen(self, session: Session, *, box: Any = None) -> Step:
        """Return the screen while a reply comes: what stands beside it stays."""
        return session, self.view.page(session), "", same() if box is None else box, same(), same(), session.key

    def whole(self, session: Session, *, box: Any = None) -> Step:
        """Return the screen with all that stands beside the conversation drawn anew."""
        try:
            interview = self.dialogue.interview(session.key) if session.key else None
        except DialogueError:
            interview = None
        side = self.side.interview(interview, session.turns)
        return (*self.screen(session, box=box)[:4], side, *self.kept(session))

    def kept(self, session: Session) -> tuple[str, str]:
        """Return the list and the key."""
        return self.list.shelf(self.dialogue.list(), session.key), session.key

    def remark(self, session: Session, text: str) -> Step:
        """Return the screen as it is, with one sentence above the message box."""
        return session, same(), notice(text), same(), same(), same(), same()

    def box(self, *, busy: bool, value: str | None = None) -> Any:
        """Return the change of the message box: while a reply comes, 停止 stands in place of 发送."""
        send, stop = (False, self.texts.stop) if busy else (self.texts.send, False)
        buttons: dict[str, Any] = {"submit_btn": send, "stop_btn": stop}
        return gr.update(**buttons) if value is None else gr.update(value=value, **buttons)


def same() -> Any:
    """Return what leaves a component as it is."""
    return gr.update()
