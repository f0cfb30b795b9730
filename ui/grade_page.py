"""The tab 算分: a rule set, a park's figures by file or by hand, the result with its charts, and reports.

It holds nothing of any visitor: the last result travels through `gr.State`; an uploaded file is read in memory and
never stored; a report is made when asked for and handed to the browser that asked.
"""

from __future__ import annotations

import base64
import binascii
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import gradio as gr

from assistant.rule_clauses import Review, reviewed
from scoring.assess import assess
from scoring.errors import Fault, ParkDataError
from scoring.load import load_rules
from scoring.model import Assessment, ParkData, Rules
from scoring.park import Entry, read_park
from scoring.routes import NoRoute, route
from scoring.write import to_json
from ui.findings import File
from ui.grade_form import FIRST_RULES, Filling, filling_of, form
from ui.grade_result import Graded, remark, result
from ui.grade_texts import GradeTexts
from ui.render import notice
from ui.report import KINDS, report_bytes
from ui.workings import clean

_log = logging.getLogger(__name__)
_LARGEST_MB = 20
_LONGEST = 300
_MOST = 2000
_SUFFIXES = (".xlsx", ".json", ".csv")
_SAVE_BYTES = """(name, coded) => {
  if (!coded) return;
  const bytes = Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
Reviews = Callable[[Rules], Sequence[Review]]
Reader = Callable[[str, bytes, Rules, int | None], tuple[ParkData, tuple[str, ...]]]


def read_file(name: str, content: bytes, rules: Rules, year: int | None) -> tuple[ParkData, tuple[str, ...]]:
    """Return the park of a filled sheet and the values to ask back.

    Raises:
        ParkDataError: the file cannot be used; it names every fault with its cell.
    """
    from scoring.cells import Given  # the readers bring heavy libraries
    from scoring.checks import take_one

    taken = take_one(Given(name, content), rules, year=year)
    return taken.data(), tuple(str(one.what) for one in taken.questions)


def ask_back(park: ParkData, rules: Rules) -> tuple[str, ...]:
    """Return the figures that smell wrong, as questions."""
    from scoring.smells import questions

    return tuple(str(one.what) for one in questions(park, rules))


class GradePage:
    """What the tab's buttons do."""

    def __init__(
        self,
        texts: GradeTexts,
        *,
        rules: Callable[[], Rules] = load_rules,
        today: Callable[[], date] = date.today,
        read: Reader = read_file,
        reviews: Reviews = lambda _rules: (),
        source: Callable[[gr.EventData], str] = lambda _event: "",
    ) -> None:
        self.texts = texts
        self.rules = rules
        self.today = today
        self.read = read
        self.reviews = reviews
        self.source = source

    def blank(self) -> str:
        """Return the empty form."""
        return form(Filling(), self.rules(), self.texts)

    def grade(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        """Return (state, remark, result) of what was typed; with faults, the last result stays."""
        return self._guarded(lambda: self._grade(graded, event), graded)

    def _grade(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        rules = self.rules()
        park, rubric = self._park(event, rules)
        kept = graded.inputs if graded is not None and graded.assessment.park.name == park.name else ()
        made = Graded(self._assessed(park, rubric, rules), kept, ask_back(park, rules))
        return made, "", result(made, rules, self.texts)

    def _assessed(self, park: ParkData, rubric: str, rules: Rules) -> Assessment:
        return reviewed(assess(park, rules.rubric(rubric), rules), self.reviews(rules))

    def try_(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        """Return (state, remark, result) with what the changed figures would move; the result itself stays."""
        return self._guarded(lambda: self._try(graded, event), graded)

    def _try(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        if graded is None:
            return self._grade(None, event)
        rules = self.rules()
        park, rubric = self._park(event, rules)
        if rubric != graded.assessment.rubric.id:
            return self._grade(graded, event)
        trial = assess(park, rules.rubric(rubric), rules, edges=False, suggest=False)
        made = replace(graded, trial=trial)
        return made, "", result(made, rules, self.texts)

    def upload(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        """Return (state, remark, result, form) with the file's figures in the form; a bad file changes nothing."""
        return self._guarded(lambda: self._upload(graded, event), graded, more=1)

    def _upload(self, graded: Graded | None, event: gr.EventData) -> tuple[Any, ...]:
        texts, rules = self.texts, self.rules()
        name = clean(Path(_text(event, "name").replace("\\", "/")).name)
        if Path(name).suffix.lower() not in _SUFFIXES:
            raise ParkDataError(texts.bad_file_kind.format(file=name))
        coded = str(getattr(event, "content", ""))
        size = getattr(event, "size", 0)
        most = _LARGEST_MB * 1024 * 1024
        if not isinstance(size, int) or size > most or len(coded) > most * 2:
            raise ParkDataError(texts.file_too_big.format(file=name, limit=_LARGEST_MB))
        try:
            content = base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            raise ParkDataError(texts.bad_file_kind.format(file=name)) from None
        year = _text(event, "year")
        park, questions = self.read(name, content, rules, int(year) if year.isdigit() else None)
        rubric = _text(event, "rules")
        rubric = rubric if rubric in rules.rubrics else FIRST_RULES
        inputs = (File(name, sha256(content).hexdigest()),)
        made = Graded(self._assessed(park, rubric, rules), inputs, questions)
        told = notice(texts.uploaded.format(file=name, count=len(park.facts)))
        filled = form(filling_of(park, rubric, rules, texts), rules, texts)
        return made, told, result(made, rules, texts), filled

    def reset(self, graded: Graded | None) -> tuple[Any, ...]:
        """Return (remark, form) with the figures of the last result."""
        if graded is None:
            return notice(self.texts.nothing_graded), gr.update()
        rules = self.rules()
        park, rubric = graded.assessment.park, graded.assessment.rubric.id
        return "", form(filling_of(park, rubric, rules, self.texts), rules, self.texts)

    def find_way(self, graded: Graded | None) -> tuple[Any, ...]:
        """Return (state, remark, result) with the fewest improvements to the next level."""
        return self._guarded(lambda: self._find_way(graded), graded)

    def _find_way(self, graded: Graded | None) -> tuple[Any, ...]:
        if graded is None:
            return graded, notice(self.texts.nothing_graded), gr.update()
        rules = self.rules()
        try:
            way: Any = route(graded.assessment.park, graded.assessment.rubric, rules)
        except NoRoute as error:
            way = str(error)
        made = replace(graded, way=way)
        return made, "", result(made, rules, self.texts)

    def report(self, graded: Graded | None, event: gr.EventData) -> tuple[str, str]:
        """Return (file name, file in base64) of the report."""
        kind = str(getattr(event, "kind", ""))
        if graded is None or kind not in (*KINDS, "json"):
            return "", ""
        rules, assessment, day = self.rules(), graded.assessment, self.today().isoformat()
        name = f"{self.texts.report_file}-{_file_part(assessment.park.name)}-{assessment.park.year}-{day}.{kind}"
        if kind == "json":
            return name, _coded(to_json(assessment, rules).encode("utf-8"))
        made = report_bytes(assessment, rules, cast(Any, kind), texts=self.texts, on=day, inputs=graded.inputs)
        return name, _coded(made)

    def open(self, event: gr.EventData) -> Any:
        """Show the clause that an indicator rests on, in its original where the user's library has it."""
        return self.source(event) or gr.update()

    def close(self) -> str:
        """Put the panel away."""
        return ""

    def template(self, event: gr.EventData) -> tuple[str, str]:
        """Return (file name, file in base64) of the empty template for the chosen rule set."""
        from scoring.template import write_template

        rules = self.rules()
        rubric = _text(event, "rules")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "template.xlsx"
            write_template(path, rules, rubric=rubric if rubric in rules.rubrics else FIRST_RULES)
            return self.texts.template_file, _coded(path.read_bytes())

    def _guarded(self, work: Callable[[], tuple[Any, ...]], graded: Graded | None, *, more: int = 0) -> tuple[Any, ...]:
        """Return what the work gives; where it cannot be done, a clear sentence, and all else as it was."""
        same = [gr.update()] * (1 + more)
        try:
            return work()
        except ParkDataError as error:
            return graded, remark(error.faults, self.rules(), self.texts), *same
        except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
            _log.exception("not graded")
            return graded, notice(self.texts.failed), *same

    def _park(self, event: gr.EventData, rules: Rules) -> tuple[ParkData, str]:
        texts = self.texts
        rubric, name, year = _text(event, "rules"), clean(_text(event, "name")), _text(event, "year")
        faults: list[Fault] = []
        if rubric not in rules.rubrics:
            raise ParkDataError(texts.unknown_rules.format(rules=rubric))
        if not name:
            faults.append(Fault("", texts.no_name))
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            faults.append(Fault("", texts.bad_year.format(year=year)))
        entries = {
            key: Entry(clean(str(one.get("text", "")))[:_LONGEST], clean(str(one.get("source", "")))[:_LONGEST])
            for key, given in _items(event, "facts")
            if (one := _mapping(given))
        }
        home = rules.rubric(rubric)
        excuses = {key: clean(str(why))[:_LONGEST] for key, why in _items(event, "excuses") if key in home}
        try:
            park = read_park(name, int(year) if not faults else 0, entries, rules, excuses=excuses)
        except ParkDataError as error:
            raise ParkDataError([*faults, *error.faults]) from None
        if faults:
            raise ParkDataError(faults)
        return park, rubric


def _text(event: gr.EventData, name: str) -> str:
    return str(getattr(event, name, "") or "").strip()[:_LONGEST]


def _items(event: gr.EventData, name: str) -> list[tuple[str, Any]]:
    return [(str(key), value) for key, value in list(_mapping(getattr(event, name, None)).items())[:_MOST]]


def _mapping(given: object) -> Mapping[str, object]:
    """Return what a browser sent if it is a mapping, else an empty one: a browser may send anything."""
    return cast(Mapping[str, object], given) if isinstance(given, Mapping) else {}


def _file_part(name: str) -> str:
    return "".join(c for c in name if c.isalnum())[:40]


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def lay_out_grading(page: GradePage) -> None:
    """Place the tab's parts in the open `gr.Blocks` and wire them."""
    graded: Any = gr.State(None)
    with gr.Row(elem_classes="desk grade-desk", equal_height=False):
        with gr.Column(elem_classes="grade-form", scale=2, min_width=320):
            sheet: Any = gr.HTML(page.blank(), js_on_load=_script("grade"), elem_id="park-form")
        with gr.Column(elem_classes="grade-result", scale=3, min_width=320):
            told: Any = gr.HTML("", js_on_load=_script("graded"), elem_classes="remark", elem_id="grade-remark")
            shown: Any = gr.HTML(
                result(None, page.rules(), page.texts), js_on_load=_script("graded"), elem_id="grade-result"
            )
        with gr.Column(elem_classes="source-panel", scale=2, min_width=320):
            panel: Any = gr.HTML("", js_on_load=_script("source"), elem_id="grade-source")
    file_name, file_code = gr.Textbox(visible=False), gr.Textbox(visible=False)
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    sheet.grade(page.grade, graded, [graded, told, shown], **quiet)
    getattr(sheet, "try")(page.try_, graded, [graded, told, shown], **quiet)
    sheet.upload(page.upload, graded, [graded, told, shown, sheet], **quiet)
    sheet.reset(page.reset, graded, [told, sheet], **quiet)
    shown.open(page.open, None, panel, **quiet)
    panel.turn(page.open, None, panel, **quiet)
    panel.close(page.close, None, panel, **quiet)
    shown.route(page.find_way, graded, [graded, told, shown], **quiet)
    for event in (shown.report(page.report, graded, [file_name, file_code], **quiet),
                  sheet.template(page.template, None, [file_name, file_code], **quiet)):  # fmt: skip
        event.then(None, [file_name, file_code], None, js=_SAVE_BYTES, **quiet)


def _script(name: str) -> str:
    return files("ui").joinpath(f"{name}.js").read_text(encoding="utf-8")
