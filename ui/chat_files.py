"""What leaves the tab 问顾问 as a file: the report on the confirmed values, a conversation."""

from __future__ import annotations

import base64
import logging
from datetime import datetime

import gradio as gr

from assistant.dialogue import Dialogue
from assistant.errors import DialogueError
from ui.library_events import text_of
from ui.render import notice
from ui.report import KINDS, report_bytes
from ui.session import Session
from ui.talk_docx import talk_docx
from ui.talk_texts import TalkTexts
from ui.texts import Texts

_log = logging.getLogger(__name__)


class ChatFiles:
    """Makes files; each is (file name, file in base64, remark)."""

    def __init__(self, dialogue: Dialogue, texts: Texts, more: TalkTexts) -> None:
        self.dialogue, self.texts, self.more = dialogue, texts, more

    def report(self, session: Session, event: gr.EventData) -> tuple[str, str, str]:
        """Return (file name, file in base64, remark) of the report on the confirmed values."""
        kind = text_of(event, "kind")
        interview = self.dialogue.interview(session.key) if session.key else None
        if interview is None or not interview.standing() or kind not in KINDS:
            return "", "", notice(self.more.report_none)
        today = datetime.now().astimezone().date().isoformat()
        try:
            assessment = self.dialogue.interviewer.assessment(interview, full=True)
            made = report_bytes(assessment, self.dialogue.rules, kind, texts=self.texts.grade, on=today)
        except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
            _log.exception("no report")
            return "", "", notice(self.more.report_failed)
        park = "".join(c for c in interview.name if c.isalnum())[:40]
        name = "-".join(part for part in (self.texts.grade.report_file, park, today) if part)
        return f"{name}.{kind}", _coded(made), ""

    def save(self, session: Session, event: gr.EventData) -> tuple[str, str, str]:
        """Return (file name, file in base64, remark) of a conversation of the list."""
        return self._saved(text_of(event, "id"), "md" if text_of(event, "kind") == "md" else "docx", session)

    def _saved(self, key: str, kind: str, session: Session) -> tuple[str, str, str]:
        now = datetime.now().astimezone()
        try:
            turns = self.dialogue.turns(key) if key else ()
            if not turns or session.busy:
                return "", "", notice(self.texts.nothing_to_export)
            title = self.dialogue.conversations.get(key).title
            made = (
                self.dialogue.exported(key, now=now).encode("utf-8")
                if kind == "md"
                else talk_docx(title, turns, self.texts, now=now)
            )
        except DialogueError as error:
            return "", "", notice(str(error))
        return f"{self.texts.export_file}-{now:%Y%m%d-%H%M}.{kind}", _coded(made), ""

    def export(self, session: Session) -> tuple[str, str, str]:
        """Return (file name, file in base64, remark) of the conversation on the screen."""
        return self._saved(session.key, "docx", session)


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
