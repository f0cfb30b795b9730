"""The tab 问政策: a question, its answer sentence by sentence, its sources opened beside it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import gradio as gr

from assistant.advisor import LONGEST_QUESTION
from assistant.answer import Answer
from corpus.index import Filters, Found
from corpus.library import Library
from corpus.own import OwnLibrary
from corpus.store import Report
from ui.export import exported
from ui.feedback import append_feedback, feedback_on
from ui.library_texts import read_library_texts
from ui.render import conversation, footnote, notice
from ui.session import Session
from ui.source_view import SourceView
from ui.texts import Texts

_log = logging.getLogger(__name__)
_SAVE_FILE = """(name, text) => {
  if (!text) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""


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
    """What the tab's buttons do. It holds nothing of any user: the conversation travels through `gr.State`."""

    def __init__(self, advisor: Asks, texts: Texts, *, home: Path, pause: float) -> None:
        self.advisor = advisor
        self.texts = texts
        self.home = home
        self.pause = pause
        self.sources = SourceView(OwnLibrary(home), texts, read_library_texts())

    def ask(self, session: Session, question: str, region: str | None) -> Iterator[tuple[Any, ...]]:
        """Yield (session, conversation, notice, box) after each sentence of the answer."""
        # Half of a surrogate pair cannot be sent back to the browser.
        question = question.encode("utf-8", "replace").decode().strip()
        problem = self._problem(question)
        if problem or session.busy:
            yield session, _same(), notice(problem), _same()
            return
        session = session.with_question(question, region or "")
        yield *self._screen(session), self._box(busy=True, value="")
        for step in self._answered(session):
            session = step
            yield *self._screen(session), _same()
            if session.busy:
                time.sleep(self.pause)
        yield *self._screen(session), self._box(busy=False)

    def retry(self, session: Session) -> Iterator[tuple[Any, ...]]:
        """Ask the last question once more."""
        if not session.turns or session.busy:
            yield session, _same(), "", _same()
            return
        last = session.turns[-1]
        yield from self.ask(session.without_last(), last.question, last.region)

    def undo(self, session: Session) -> tuple[Any, ...]:
        """Take the last question back into the box."""
        if not session.turns:
            return session, _same(), "", _same()
        question = session.turns[-1].question
        return *self._screen(session.without_last()), self._box(busy=False, value=question)

    def clear(self) -> tuple[Any, ...]:
        """Start afresh."""
        return *self._screen(Session()), self._box(busy=False, value="")

    def stop(self, session: Session) -> tuple[Any, ...]:
        """Cut the coming answer off."""
        return *self._screen(session.stopped()), self._box(busy=False)

    def vote(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Keep a 👍; open or close the box for the reason of a 👎."""
        turn, vote = self._named_turn(session, event), getattr(event, "vote", "")
        if turn is None or vote not in ("up", "down", ""):
            return session, _same(), _same()
        if vote == "up":
            return self._record(session, turn, "up", "")
        opened = replace(session.turns[turn], explaining=vote == "down" and not session.turns[turn].explaining)
        return self._screen(session.with_turn(turn, opened))

    def reason(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """Keep a 👎 with its reason."""
        turn = self._named_turn(session, event)
        if turn is None:
            return session, _same(), _same()
        return self._record(session, turn, "down", str(getattr(event, "text", "")))

    def example(self, event: gr.EventData) -> str:
        """Return the question of an example button."""
        return str(getattr(event, "text", ""))

    def open_source(self, event: gr.EventData) -> Any:
        """Show the document of a cited passage in the panel, where it is at hand the original at page and sentence."""
        return self.sources.open(self.advisor.library, event) or _same()

    def close_source(self) -> str:
        """Put the panel away; an empty one hides itself."""
        return ""

    def export(self, session: Session) -> tuple[str, str, str]:
        """Return (file name, file, notice) of the conversation."""
        if not session.turns or session.busy:
            return "", "", notice(self.texts.nothing_to_export)
        now = datetime.now().astimezone()
        name = f"{self.texts.export_file}-{now:%Y%m%d-%H%M}.html"
        return name, exported(session, self.texts, now=now), ""

    def _answered(self, session: Session) -> Iterator[Session]:
        question, earlier = session.turns[-1], session.answers
        try:
            answer = self.advisor.ask(question.question, region=question.region, history=earlier)
        except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
            _log.exception("no answer to %r", question.question)
            yield session.failed()
            return
        for shown in range(min(1, len(answer.lines)), len(answer.lines) + 1):
            yield session.with_answer(answer, shown)

    def _problem(self, question: str) -> str:
        if not question:
            return self.texts.empty_question
        if len(question) > LONGEST_QUESTION:
            return self.texts.long_question.format(length=f"{len(question):,}", limit=f"{LONGEST_QUESTION:,}")
        return ""

    def _record(self, session: Session, number: int, vote: Any, reason: str) -> tuple[Any, ...]:
        turn = session.turns[number]
        assert turn.answer is not None
        now = datetime.now().astimezone()
        try:
            append_feedback(self.home, feedback_on(turn.answer, vote, reason=reason, region=turn.region, now=now))
        except OSError:
            _log.exception("feedback was not kept")
            return session, _same(), notice(self.texts.vote_failed.format(folder=self.home))
        return self._screen(session.with_turn(number, replace(turn, vote=vote, explaining=False)))

    def _named_turn(self, session: Session, event: gr.EventData) -> int | None:
        """Return the number of the turn that the browser names, if it is one that can be voted on."""
        number = getattr(event, "turn", None)
        if not isinstance(number, int) or not 0 <= number < len(session.turns):
            return None
        turn = session.turns[number]
        return number if turn.answer is not None and not turn.busy and not turn.vote else None

    def _screen(self, session: Session) -> tuple[Session, str, str]:
        return session, conversation(session, self.texts), ""

    def _box(self, *, busy: bool, value: str | None = None) -> Any:
        """Return the change of the question box: while an answer comes, 停止 stands in place of 发送."""
        send, stop = (False, self.texts.stop) if busy else (self.texts.send, False)
        buttons: dict[str, Any] = {"submit_btn": send, "stop_btn": stop}
        return gr.update(**buttons) if value is None else gr.update(value=value, **buttons)


def lay_out(chat: Chat) -> None:
    """Place the tab's parts in the open `gr.Blocks` and wire them."""
    texts = chat.texts
    session: Any = gr.State(Session())
    with gr.Row(elem_classes="desk", equal_height=False):
        with gr.Column(elem_classes="conversation", scale=3, min_width=320):
            talk: Any = gr.HTML(conversation(Session(), texts), js_on_load=_script("talk"), elem_classes="talk-box")
            with gr.Column(elem_classes="composer"):
                remark = gr.HTML("", elem_classes="remark", js_on_load=None)
                box = gr.Textbox(
                    lines=1, max_lines=6, show_label=False, label=texts.box_label, placeholder=texts.box_hint,
                    submit_btn=texts.send, autofocus=True, elem_id="question",
                )  # fmt: skip
                with gr.Row(elem_classes="tools"):
                    region = gr.Dropdown(
                        regions(chat.advisor.library, texts), value="", label=texts.region_label,
                        container=False, elem_id="region", min_width=120,
                    )  # fmt: skip
                    retry, undo, clear, export = (
                        gr.Button(name, size="sm", variant="secondary", min_width=0, scale=0)
                        for name in (texts.retry, texts.undo, texts.clear, texts.export)
                    )
                gr.HTML(footnote(texts), js_on_load=None)
        with gr.Column(elem_classes="source-panel", scale=2, min_width=320):
            document: Any = gr.HTML("", js_on_load=_script("source"), elem_id="source")
    file_name, file_text = gr.Textbox(visible=False), gr.Textbox(visible=False)

    said = [session, talk, remark, box]
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    asking: Any = [
        box.submit(chat.ask, [session, box, region], said, **quiet),
        retry.click(chat.retry, session, said, **quiet),
        talk.example(chat.example, None, box, **quiet).then(chat.ask, [session, box, region], said, **quiet),
    ]
    box.stop(chat.stop, session, said, cancels=asking, **quiet)
    undo.click(chat.undo, session, said, cancels=asking, **quiet)
    clear.click(chat.clear, None, said, cancels=asking, **quiet)
    talk.vote(chat.vote, session, said[:3], **quiet)
    talk.reason(chat.reason, session, said[:3], **quiet)
    talk.cite(chat.open_source, None, document, **quiet)
    document.turn(chat.open_source, None, document, **quiet)
    document.close(chat.close_source, None, document, **quiet)
    clear.click(chat.close_source, None, document, **quiet)
    export.click(chat.export, session, [file_name, file_text, remark], **quiet).then(
        None, [file_name, file_text], None, js=_SAVE_FILE, **quiet
    )


def _same() -> Any:
    """Return what leaves a component as it is."""
    return gr.update()


def _script(name: str) -> str:
    return files("ui").joinpath(f"{name}.js").read_text(encoding="utf-8")
