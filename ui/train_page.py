"""The tab 练评审: lessons, exercises, review, cases, exam, and the trainer's desk, on this machine alone."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from assistant.training.errors import TrainingError
from corpus.own import OwnLibrary
from scoring.errors import ParkDataError
from scoring.model import Rules
from ui import train_case as lab
from ui import train_compare as compared
from ui import train_desk as trainer
from ui import train_exam as sat
from ui import train_learn as learn
from ui import train_sheet as sheet
from ui.errors import PageError
from ui.library_texts import LibraryTexts
from ui.render import notice, safe
from ui.source_view import SourceView
from ui.texts import Texts
from ui.train_html import button, said, word
from ui.train_room import Done, Room, Told, View, plain_name

if TYPE_CHECKING:
    from ui.asks import Asks

_log = logging.getLogger(__name__)
_KEPT_NAME = "(view) => [view, localStorage.getItem('advisor-trainee') || '']"
_SAVE_FILE = """(name, coded) => {
  if (!coded) return;
  const bytes = Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
Place = Callable[[Room, View], str]
Action = Callable[[Room, View, Told], Done]
PLACES: Mapping[str, Place] = {
    "lessons": learn.lesson_list,
    "lesson": learn.read_lesson,
    "quiz": learn.quiz,
    "review": learn.review,
    "cases": lab.cases,
    "case": lab.case,
    "exam": sat.exam,
    "mastery": learn.mastery,
    "desk": trainer.desk,
}
ACTIONS: Mapping[str, Action] = {
    "why": learn.why,
    "exercise": learn.exercise,
    "round": learn.start_round,
    "answer": learn.answer,
    "skip": learn.skip,
    "next": learn.next_item,
    "hint": learn.give_hint,
    "review": learn.start_review,
    "turn": learn.turn_card,
    "recall": learn.recall,
    "case": lab.open_case,
    "talk": lab.talk,
    "files": lab.files,
    "submit": sheet.submit,
    "compare": sheet.show_key,
    "reconcile": compared.reconcile_with,
    "agree": compared.agree,
    "exam": sat.begin_exam,
    "item": sat.show_item,
    "reply": sat.reply,
    "finish": sat.hand_in,
    "certificate": sat.certificate,
    "verify": sat.verify,
    "group": trainer.save_group,
    "assign": trainer.assign,
    "calibrate": trainer.calibrate_on,
    "xlsx": trainer.export,
    "extend": trainer.extend,
    "items": trainer.add_items,
    "dossier": trainer.add_dossier,
    "sample": trainer.sample,
}
_MENU = tuple(one for one in PLACES if one not in ("lesson", "case"))
_FAULTS = (TrainingError, PageError, ParkDataError)


class TrainPage:
    """What the tab's buttons do."""

    def __init__(
        self, advisor: Asks, texts: Texts, more: LibraryTexts, *, home: Path, rules: Callable[[], Rules]
    ) -> None:
        self.advisor = advisor
        self.room = Room(lambda: advisor.library, rules, home=home)
        self.sources = SourceView(OwnLibrary(home), texts, more)

    def load(self, view: View, name: str) -> tuple[Any, ...]:
        """Return (view, remark, stage) when the tab is opened; the browser still knows the name."""
        kept = replace(view, name=view.name or plain_name(name))
        return self._shown(Done(kept))[:3]

    def act(self, view: View, event: gr.EventData) -> tuple[Any, ...]:
        """Return (view, remark, stage, file name, file) after a button; on a fault all stays but the remark."""
        told = Told(getattr(event, "told", ""))
        do = str(getattr(event, "do", ""))
        try:
            done = self._go(view, told) if do in ("go", "name") else ACTIONS[do](self.room, view, told)
        except _FAULTS as error:
            return view, notice(str(error)), _same(), "", ""
        except Exception:  # noqa: BLE001 the outermost edge
            _log.exception("training: %s", do)
            return view, notice(word("broken")), _same(), "", ""
        return self._shown(done)

    def _go(self, view: View, told: Told) -> Done:
        place = told.text("place")
        name = plain_name(told.text("trainee")) if told.text("do") == "name" else view.name
        if told.text("do") == "name" and not name:
            raise PageError(word("name_first"))
        if told.text("do") == "name":  # another's answer sheet may be filled in on the page of a case
            return Done(View(name, "cases" if view.place == "case" else view.place, view.ref))
        return Done(View(name, place if place in PLACES else view.place, told.text("ref")))

    def _shown(self, done: Done) -> tuple[Any, ...]:
        name, coded = "", ""
        if done.file is not None:
            name, coded = done.file[0], base64.b64encode(done.file[1]).decode("ascii")
        if done.stay:
            return done.view, done.remark, _same(), name, coded
        try:
            body = PLACES[done.view.place](self.room, done.view)
        except _FAULTS as error:
            body = notice(str(error))
        return done.view, done.remark, self._frame(done.view, body), name, coded

    def _frame(self, view: View, body: str) -> str:
        menu = "".join(
            button("go", word(f"menu.{one}"), css="here" if one.startswith(view.place) else "", place=one)
            for one in _MENU
        )
        known = "".join(f'<option value="{safe(one)}"></option>' for one in self._names(view))
        who = (
            f'<form class="who"><label><span>{said("name")}</span><input name="trainee" maxlength="40" list="trainees"'
            f' autocomplete="off" value="{safe(view.name)}" placeholder="{said("name_hint")}"></label>'
            f'<datalist id="trainees">{known}</datalist>{button("name", word("name_take"))}</form>'
        )
        return (
            f'<div class="train" data-trainee="{safe(view.name)}">{who}'
            f'<nav class="menu" aria-label="{said("tab")}">{menu}</nav><div class="stage">{body}</div></div>'
        )

    def _names(self, view: View) -> list[str]:
        """Return the names that trained here; before anyone has, no file is made."""
        if not view.name and not (self.room.home / "training" / "progress.sqlite").exists():
            return []
        try:
            return self.room.progress.trainees()[:200]
        except TrainingError:
            return []

    def open(self, event: gr.EventData) -> Any:
        """Show a source in the panel."""
        return self.sources.open(self.advisor.library, event) or _same()

    def close(self) -> str:
        """Put the panel away."""
        return ""


def lay_out_training(page: TrainPage, tab: Any) -> None:
    """Place the tab's parts in the open `gr.Blocks` and wire them; the view is made when the tab is opened."""
    view: Any = gr.State(View())
    with gr.Row(elem_classes="desk train-desk", equal_height=False):
        with gr.Column(elem_classes="train-main", scale=3, min_width=320):
            remark: Any = gr.HTML("", js_on_load=None, elem_classes="remark", elem_id="train-remark")
            stage: Any = gr.HTML("", js_on_load=_script("train"), elem_id="train-stage")
        with gr.Column(elem_classes="source-panel", scale=2, min_width=320):
            panel: Any = gr.HTML("", js_on_load=_script("source"), elem_id="train-source")
    key, name, coded = (gr.Textbox(visible=False) for _ in range(3))
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    tab.select(page.load, [view, key], [view, remark, stage], js=_KEPT_NAME, **quiet)
    made = stage.act(page.act, view, [view, remark, stage, name, coded], **quiet)
    made.then(None, [name, coded], None, js=_SAVE_FILE, **quiet)
    stage.cite(page.open, None, panel, **quiet)
    panel.turn(page.open, None, panel, **quiet)
    panel.close(page.close, None, panel, **quiet)


def _same() -> Any:
    return cast(Any, gr).skip()


def _script(name: str) -> str:
    return files("ui").joinpath(f"{name}.js").read_text(encoding="utf-8")
