"""The tab 问顾问: one chat for everything; beside it the self-assessment, its values, the list of conversations."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast, get_args

import gradio as gr

from assistant.dialogue import LONGEST_MESSAGE, Dialogue, Edit
from assistant.errors import DialogueError
from assistant.turns import Turn
from scoring.cells import Given
from ui.asks import Asks
from ui.chat_files import ChatFiles
from ui.chat_screen import Screen, Step, same
from ui.chat_votes import Reading
from ui.library_events import list_of, text_of, uploads
from ui.session import Session
from ui.talk_texts import TalkTexts
from ui.texts import Texts
from ui.workings import clean

_log = logging.getLogger(__name__)
SHEET_MB = 20
SHEETS = (".xlsx", ".csv", ".json", ".yaml", ".yml")


class Chat:
    """What the tab's buttons do. It holds nothing of any visitor: what is shown travels through `gr.State`.

    The browser tells the conversation's key with each message, so that it goes on with it after a restart.
    """

    def __init__(
        self, advisor: Asks, dialogue: Dialogue, texts: Texts, more: TalkTexts, *, home: Path, pause: float
    ) -> None:
        self.advisor, self.dialogue = advisor, dialogue
        self.texts, self.more = texts, more
        self.pause = pause
        self.screen = Screen(dialogue, texts, more)
        self.files = ChatFiles(dialogue, texts, more)
        self.reading = Reading(advisor, self.screen, texts, home=home)

    # Turns -----------------------------------------------------------------------------------------------------------

    def ask(
        self, session: Session, message: str, region: str | None, key: str = "", given: Sequence[Given] = ()
    ) -> Iterator[Step]:
        """Yield the screen as the reply to a message grows."""
        # Half of a surrogate pair cannot be sent back to the browser.
        message = message.encode("utf-8", "replace").decode().strip()
        problem = "" if given else self._problem(message)
        if problem or session.busy:
            yield self.screen.remark(session, problem)
            return
        session = self.screen.found(session, key)
        try:
            session = session.asking(session.key or self.dialogue.new(), message, tuple(one.name for one in given))
            yield self.screen.screen(session, box=self.screen.box(busy=True, value=""))
            for step in self._answered(session, message, region or "", given):
                session = step
                yield self.screen.screen(session)
                if session.shown is not None:
                    time.sleep(self.pause)
        except DialogueError as error:
            session = session.failed(str(error))
        except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
            _log.exception("no reply to %r", message)
            session = session.failed("")
        yield self.screen.whole(session, box=self.screen.box(busy=False))

    def _answered(self, session: Session, message: str, region: str, given: Sequence[Given]) -> Iterator[Session]:
        streamed = False
        for event in self.dialogue.stream(session.key, message, files=given, region=region):
            if not isinstance(event, Turn):
                assert session.coming is not None
                streamed, session = True, replace(session, coming=replace(session.coming, text=event))
                yield session
                continue
            # What the library says comes sentence by sentence; what a model wrote has come already.
            steps = len(event.reply.split("\n")) if event.kind and not streamed else 1
            for shown in range(1, steps):
                yield session.told(event, shown=shown)
            yield session.told(event)

    def say(self, session: Session, region: str | None, key: str, event: gr.EventData) -> Iterator[Step]:
        """Take the words of a button as a message."""
        yield from self.ask(session, str(getattr(event, "text", ""))[:LONGEST_MESSAGE], region, key)

    def retry(self, session: Session, region: str | None, key: str = "") -> Iterator[Step]:
        """Ask the last question once more."""
        session = self.screen.found(session, key)
        if not session.last or session.busy:
            yield self.screen.remark(session, "")
            return
        yield from self.ask(session, session.last, region, key)

    def undo(self, session: Session, region: str | None, key: str = "") -> Iterator[Step]:
        """Take back what the last message put into the self-assessment."""
        yield from self.ask(session, self.more.again, region, key)

    def bring(self, session: Session, region: str | None, key: str, event: gr.EventData) -> Iterator[Step]:
        """Take in the sheets dropped into the chat."""
        brought = uploads(event)
        unsent = [self.more.unsent.format(file=clean(str(name)), limit=SHEET_MB) for name in list_of(event, "unsent")]
        try:
            given = [Given(name, path) for path, name in brought.items()]
            if given:
                yield from self.ask(session, "", region, key, given)
            elif unsent:
                yield self.screen.remark(session, "\n".join(unsent))
        finally:
            for path in brought:
                path.unlink(missing_ok=True)

    def edit(self, session: Session, key: str, event: gr.EventData) -> Step:
        """Change, confirm or withdraw a value of the table."""
        kind, fact = text_of(event, "kind"), text_of(event, "fact")
        session = self.screen.found(session, key)
        if kind not in get_args(Edit) or not session.key or session.busy:
            return self.screen.remark(session, "")
        try:
            turn = self.dialogue.edit(
                session.key, cast(Edit, kind), fact, text_of(event, "text"), evidence=text_of(event, "evidence")
            )
        except (DialogueError, KeyError) as error:
            _log.warning("not changed: %r", error)
            return self.screen.remark(session, str(error) if isinstance(error, DialogueError) else self.texts.failed)
        return self.screen.whole(replace(session.told(turn), resumed=()))

    def stop(self, session: Session) -> Step:
        """Cut the coming reply off."""
        return self.screen.whole(session.stopped(), box=self.screen.box(busy=False))

    def _problem(self, message: str) -> str:
        if not message:
            return self.texts.empty_question
        if len(message) > LONGEST_MESSAGE:
            return self.texts.long_question.format(length=f"{len(message):,}", limit=f"{LONGEST_MESSAGE:,}")
        return ""

    # Conversations ---------------------------------------------------------------------------------------------------

    def load(self, session: Session, key: str) -> Step:
        """Show the conversation that this window had before it was loaded anew."""
        if session.key or session.busy:  # who was quick has written before the window was loaded: that stays
            return (same(),) * 7
        found = self.screen.found(session, key)
        if found.key:
            return self.screen.whole(found)
        return same(), same(), same(), same(), same(), self.screen.kept(session)[0], same()

    def open(self, session: Session, event: gr.EventData) -> Step:
        """Open a conversation of the list."""
        if session.busy:
            return self.screen.remark(session, "")
        return self.screen.whole(self.screen.found(Session(), text_of(event, "id")), box=self.screen.box(busy=False))

    def clear(self) -> Step:
        """Begin a new conversation; the old one stays in the list."""
        return self.screen.whole(Session(), box=self.screen.box(busy=False, value=""))

    def rename(self, session: Session, event: gr.EventData) -> Step:
        """Give a conversation another title."""
        title = clean(text_of(event, "title"))
        return self._changed(session, partial(self.dialogue.rename, title=title), event)

    def delete(self, session: Session, event: gr.EventData) -> Step:
        """Remove a conversation with all that was said in it."""
        step = self._changed(session, self.dialogue.delete, event)
        return self.clear() if text_of(event, "id") == session.key and not step[2] else step

    def _changed(self, session: Session, change: Callable[[str], None], event: gr.EventData) -> Step:
        try:
            change(text_of(event, "id"))
            told = ""
        except DialogueError as error:
            told = str(error)
        return self._listed(session, told)

    def _listed(self, session: Session, told: str) -> Step:
        return (*self.screen.remark(session, told)[:5], *self.screen.kept(session))
