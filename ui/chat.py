"""The tab 问顾问: one chat for everything; beside it the self-assessment, its values, the list of conversations."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, cast, get_args

import gradio as gr

from assistant.answer import Answer
from assistant.dialogue import LONGEST_MESSAGE, Dialogue, Edit
from assistant.errors import DialogueError
from assistant.turns import Turn
from assistant.understand import Reader
from corpus.index import Filters, Found
from corpus.library import Library
from corpus.own import OwnLibrary
from corpus.store import Report
from scoring.cells import Given
from ui.feedback import append_feedback, feedback_on
from ui.library_events import list_of, text_of, uploads
from ui.library_texts import read_library_texts
from ui.render import notice
from ui.report import KINDS, report_bytes
from ui.session import Session
from ui.source_view import SourceView
from ui.talk_docx import talk_docx
from ui.talk_html import TalkView
from ui.talk_side import SideView
from ui.talk_texts import TalkTexts
from ui.texts import Texts
from ui.workings import clean

_log = logging.getLogger(__name__)
SHEET_MB = 20
SHEETS = (".xlsx", ".csv", ".json", ".yaml", ".yml")
Step = tuple[Any, ...]


class Searches(Protocol):
    """An index that says which legs serve, and can be searched."""

    @property
    def legs(self) -> str:
        """fused, or lexical where there is no embedding model."""
        ...

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10) -> Found:
        """Return the passages that fit best, of those that the filters allow."""
        ...


class Asks(Protocol):
    """What the page needs of an advisor."""

    @property
    def library(self) -> Library:
        """The documents that it answers from."""
        ...

    @property
    def index(self) -> Searches:
        """The index that it searches."""
        ...

    @property
    def reader(self) -> Reader:
        """What reads a message against the library."""
        ...

    def ask(self, question: str, *, region: str = "", history: Sequence[Answer] = ()) -> Answer:
        """Answer a question; `history` holds the earlier answers of the same conversation."""
        ...

    def refresh(self, report: Report | None = None) -> None:
        """Take up the library as it is now; `report` hears of the indexing."""
        ...


def regions(library: Library, texts: Texts) -> list[tuple[str, str]]:
    """Return the choices of regions as (label, value): 全国 first, provinces in the usual order, their cities below."""
    known = {d.region for d in library.documents.values()} - {"全国", "国际"}
    known |= {region.split("/")[0] for region in known}
    order = {province: at for at, province in enumerate(texts.provinces)}

    def place(region: str) -> tuple[int, str]:
        return order.get(region.split("/")[0], len(order)), region

    return [(texts.region_any, ""), *((r.replace("/", " · "), r) for r in sorted(known, key=place))]


class Chat:
    """What the tab's buttons do. It holds nothing of any visitor: what is shown travels through `gr.State`.

    The browser tells the conversation's key with each message, so that it goes on with it after a restart.
    Each step is (session, conversation, remark, box, self-assessment, list, key).
    """

    def __init__(
        self, advisor: Asks, dialogue: Dialogue, texts: Texts, more: TalkTexts, *, home: Path, pause: float
    ) -> None:
        self.advisor, self.dialogue = advisor, dialogue
        self.texts, self.more = texts, more
        self.home, self.pause = home, pause
        self.sources = SourceView(OwnLibrary(home), texts, read_library_texts())
        self.view = TalkView(texts, more)
        self.side = SideView(dialogue.rules, texts, more)

    # Turns -----------------------------------------------------------------------------------------------------------

    def ask(
        self, session: Session, message: str, region: str | None, key: str = "", given: Sequence[Given] = ()
    ) -> Iterator[Step]:
        """Yield the screen as the reply to a message grows."""
        # Half of a surrogate pair cannot be sent back to the browser.
        message = message.encode("utf-8", "replace").decode().strip()
        problem = "" if given else self._problem(message)
        if problem or session.busy:
            yield self._remark(session, problem)
            return
        session = self._found(session, key)
        try:
            session = session.asking(session.key or self.dialogue.new(), message, tuple(one.name for one in given))
            yield self._screen(session, box=self._box(busy=True, value=""))
            for step in self._answered(session, message, region or "", given):
                session = step
                yield self._screen(session)
                if session.shown is not None:
                    time.sleep(self.pause)
        except DialogueError as error:
            session = session.failed(str(error))
        except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
            _log.exception("no reply to %r", message)
            session = session.failed("")
        yield self._whole(session, box=self._box(busy=False))

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
        session = self._found(session, key)
        if not session.last or session.busy:
            yield self._remark(session, "")
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
                yield self._remark(session, "\n".join(unsent))
        finally:
            for path in brought:
                path.unlink(missing_ok=True)

    def edit(self, session: Session, key: str, event: gr.EventData) -> Step:
        """Change, confirm or withdraw a value of the table."""
        kind, fact = text_of(event, "kind"), text_of(event, "fact")
        session = self._found(session, key)
        if kind not in get_args(Edit) or not session.key or session.busy:
            return self._remark(session, "")
        try:
            turn = self.dialogue.edit(
                session.key, cast(Edit, kind), fact, text_of(event, "text"), evidence=text_of(event, "evidence")
            )
        except (DialogueError, KeyError) as error:
            _log.warning("not changed: %r", error)
            return self._remark(session, str(error) if isinstance(error, DialogueError) else self.texts.failed)
        return self._whole(replace(session.told(turn), resumed=()))

    def stop(self, session: Session) -> Step:
        """Cut the coming reply off."""
        return self._whole(session.stopped(), box=self._box(busy=False))

    # Conversations ---------------------------------------------------------------------------------------------------

    def load(self, session: Session, key: str) -> Step:
        """Show the conversation that this window had before it was loaded anew."""
        session = self._found(session, key)
        return self._whole(session) if session.key else (*self._remark(session, "")[:5], *self._kept(session))

    def open(self, session: Session, event: gr.EventData) -> Step:
        """Open a conversation of the list."""
        if session.busy:
            return self._remark(session, "")
        return self._whole(self._found(Session(), text_of(event, "id")), box=self._box(busy=False))

    def clear(self) -> Step:
        """Begin a new conversation; the old one stays in the list."""
        return self._whole(Session(), box=self._box(busy=False, value=""))

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
        return (*self._remark(session, told)[:5], *self._kept(session))

    def _found(self, session: Session, key: str) -> Session:
        """Return the session, or where the server has none for this window, the conversation that it names."""
        if session.key or not key:
            return session
        try:
            turns = self.dialogue.turns(key)
            interview = self.dialogue.interview(key)
        except DialogueError:
            return session
        lines = self.dialogue.interviewer.resume(interview).lines if interview is not None and turns else ()
        return Session(key, turns, resumed=lines)

    # Files out -------------------------------------------------------------------------------------------------------

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

    # Votes and sources -----------------------------------------------------------------------------------------------

    def vote(self, session: Session, event: gr.EventData) -> Step:
        """Keep a 👍; open or close the box for the reason of a 👎. Return (session, conversation, remark)."""
        turn, vote = self._named(session, event), getattr(event, "vote", "")
        if turn is None or vote not in ("up", "down", ""):
            return session, _same(), _same()
        if vote == "up":
            return self._record(session, turn, "up", "")
        opened = turn.number if vote == "down" and session.explaining != turn.number else 0
        return self._screen(replace(session, explaining=opened))[:3]

    def reason(self, session: Session, event: gr.EventData) -> Step:
        """Keep a 👎 with its reason."""
        turn = self._named(session, event)
        if turn is None:
            return session, _same(), _same()
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
            return session, _same(), notice(self.texts.vote_failed.format(folder=self.home))
        return self._screen(replace(session, votes=(*session.votes, (turn.number, vote)), explaining=0))[:3]

    def open_source(self, event: gr.EventData) -> Any:
        """Show the document of a cited passage in the panel, where it is at hand the original at page and sentence."""
        library = self.advisor.library
        document = library.documents.get(text_of(event, "document"))
        if document is not None:  # the clause of a rule: the passage at its place, else where the document begins
            place = text_of(event, "place")
            at = next((p for p in document.passages if p.place == place), document.passages[0])
            return self.sources.show(library, at.id)
        return self.sources.open(library, event) or _same()

    def close_source(self) -> str:
        """Put the panel away; an empty one hides itself."""
        return ""

    # The screen ------------------------------------------------------------------------------------------------------

    def _problem(self, message: str) -> str:
        if not message:
            return self.texts.empty_question
        if len(message) > LONGEST_MESSAGE:
            return self.texts.long_question.format(length=f"{len(message):,}", limit=f"{LONGEST_MESSAGE:,}")
        return ""

    def _screen(self, session: Session, *, box: Any = None) -> Step:
        """Return the screen while a reply comes: what stands beside it stays."""
        return session, self.view.page(session), "", _same() if box is None else box, _same(), _same(), session.key

    def _whole(self, session: Session, *, box: Any = None) -> Step:
        try:
            interview = self.dialogue.interview(session.key) if session.key else None
        except DialogueError:
            interview = None
        side = self.side.interview(interview, session.turns)
        return (*self._screen(session, box=box)[:4], side, *self._kept(session))

    def _kept(self, session: Session) -> tuple[str, str]:
        return self.side.shelf(self.dialogue.list(), session.key), session.key

    def _remark(self, session: Session, text: str) -> Step:
        return session, _same(), notice(text), _same(), _same(), _same(), _same()

    def _box(self, *, busy: bool, value: str | None = None) -> Any:
        """Return the change of the message box: while a reply comes, 停止 stands in place of 发送."""
        send, stop = (False, self.texts.stop) if busy else (self.texts.send, False)
        buttons: dict[str, Any] = {"submit_btn": send, "stop_btn": stop}
        return gr.update(**buttons) if value is None else gr.update(value=value, **buttons)


def _same() -> Any:
    """Return what leaves a component as it is."""
    return gr.update()


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
