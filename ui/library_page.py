"""The tab 资料库: files in, facts confirmed, the list with filter and search, remove and undo, originals opened.

What one visitor has on the desk travels through `gr.State`; the library itself is the machine's and the same for all.
"""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import gradio as gr

from corpus.errors import CorpusError
from corpus.index import Filters
from corpus.intake import Incoming, bring_in, incoming, replaced, supersede
from corpus.originals import differences, originals
from corpus.own import OwnLibrary, Record, corrected
from corpus.reading.limits import LIMITS
from ui.asks import Asks
from ui.library_events import MOST_FILES, changes_of, list_of, mapping, text_of, uploads
from ui.library_html import Desk, drop_zone, listing, pending, told
from ui.library_texts import LibraryTexts
from ui.render import notice
from ui.source_view import SourceView
from ui.texts import Texts
from ui.workings import clean

_log = logging.getLogger(__name__)
LIMIT_MB = LIMITS.file_bytes >> 20
_TICK = 0.2
Report = Callable[[str, int, int], None]
Step = tuple[Any, ...]


class LibraryPage:
    """What the tab's buttons do."""

    def __init__(self, advisor: Asks, texts: Texts, more: LibraryTexts, *, home: Path) -> None:
        self.advisor = advisor
        self.texts = more
        self.own = OwnLibrary(home)
        self.sources = SourceView(self.own, texts, more)
        self._stops: dict[str, threading.Event] = {}

    def load(self, desk: Desk) -> tuple[str, str]:
        """Return (pending, list) as the library is now."""
        return self._shown(desk)

    def bring(self, desk: Desk, event: gr.EventData) -> Iterator[Step]:
        """Read what was uploaded, page by page; yield (desk, remark, pending, list)."""
        brought = uploads(event)
        faults = [self.texts.unsent.format(file=clean(str(name)), limit=LIMIT_MB) for name in list_of(event, "unsent")]
        if not brought and not faults:
            faults = [self.texts.foreign_file]
        desk = replace(desk, job=uuid.uuid4().hex)
        yield desk, _same(), _same(), _same()
        try:
            for one in incoming(brought, names=brought):
                if isinstance(one, CorpusError):
                    faults.append(str(one))
                    continue

                def work(report: Report, stop: threading.Event, one: Incoming = one) -> Record:
                    return self._read(one, report, stop)

                for step in self._working(desk.job, work):
                    if isinstance(step, str):
                        yield desk, step, _same(), _same()
                    elif isinstance(step, CorpusError):
                        faults.append(str(step))
                    elif step.id not in {r.id for r in desk.pending}:
                        desk = self._with(desk, step)
        finally:
            for path in brought:
                path.unlink(missing_ok=True)
        if not faults and not desk.pending:
            faults = [self.texts.nothing_read]
        yield desk, notice("\n".join(faults)), *self._shown(desk)

    def _read(self, one: Incoming, report: Report, stop: threading.Event) -> Record:
        name, progress = one.name, self.texts.reading_pages
        report(self.texts.reading.format(file=name), 0, 0)
        return bring_in(
            one.path,
            self.own,
            name=name,
            progress=lambda done, total: report(progress.format(file=name, done=done, total=total), done, total),
            stop=stop.is_set,
        )

    def _working(self, job: str, work: Callable[[Report, threading.Event], Record | None]) -> Iterator[Any]:
        """Do `work` beside; yield its progress as HTML, then what it returns or the fault that it raises.

        Args:
            job: the name by which it can be stopped.
            work: is given what hears of its progress and what stops it.
        """
        said: queue.SimpleQueue[tuple[str, int, int]] = queue.SimpleQueue()
        stop, out = threading.Event(), list[Any]()

        def run() -> None:
            try:
                out.append(work(lambda what, done, total: said.put((what, done, total)), stop))
            except CorpusError as error:
                out.append(error)
            except Exception:  # noqa: BLE001 - the outermost edge: the user gets a sentence, the log the fault
                _log.exception("the library could not do it")
                out.append(CorpusError(self.texts.failed))

        worker = threading.Thread(target=run, daemon=True)
        self._stops[job] = stop
        worker.start()
        try:
            while worker.is_alive():
                worker.join(_TICK)
                last = None
                while not said.empty():
                    last = said.get()
                if last is not None:
                    yield told(last[0], busy=True, done=last[1], total=last[2], texts=self.texts)
        finally:
            stop.set()
            self._stops.pop(job, None)
        yield from [one for one in out if one is not None]

    def stop(self, desk: Desk) -> str:
        """Stop what is being read for this tab; the pages read stay."""
        stop = self._stops.get(desk.job)
        if stop is not None:
            stop.set()
        return notice(self.texts.stopped)

    def take(self, desk: Desk, event: gr.EventData) -> Iterator[Step]:
        """Take files in with their facts as corrected; yield (desk, remark, pending, list)."""
        said: list[str] = []
        for one in list_of(event, "all")[:MOST_FILES]:
            asked = mapping(one)
            record = next((r for r in desk.pending if r.id == asked.get("id")), None)
            if record is None:
                continue
            try:
                taken = self._take(record, mapping(asked.get("facts")), said)
            except CorpusError as error:
                said.append(str(error))
                continue
            desk = replace(desk, pending=tuple(r for r in desk.pending if r.id != taken.id), gone=None, hits=None)
        yield from self._follow(desk, said)

    def _take(self, record: Record, facts: Mapping[str, object], said: list[str]) -> Record:
        changes = changes_of(facts)
        old = next(iter(changes.get("supersedes", ())), "")
        by_its_words = [d.id for d in replaced(record, self.advisor.library.documents.values())]
        if old in by_its_words:  # the form shows one of several
            changes["supersedes"] = (old, *(i for i in by_its_words if i != old))
        taken = self.own.take(corrected(record, changes))
        count = len(self.own.text(taken.sha256).passages)
        said.append(self.texts.taken.format(title=taken.document.title, count=count))
        if old in {r.id for r in self.own.records()}:
            gone = self.own.fix(old, {"status": "废止"})
            said.append(self.texts.taken_supersedes.format(old=gone.document.title))
        for by, _ in supersede(self.own, taken, [taken.document], asked=True):
            said.append(self.texts.is_replaced.format(old=taken.document.title, by=by.document.title_in_marks))
        return taken

    def _follow(self, desk: Desk, said: Sequence[str]) -> Iterator[Step]:
        """Let the advisor take up the library as it is; yield the desk, then progress, which leaves the desk alone."""
        yield desk, notice("\n".join(said)), *self._shown(desk)
        faults: list[str] = []

        def work(report: Report, _stop: threading.Event) -> None:
            def tell(what: str, done: int, total: int) -> None:
                said = self.texts.indexing.format(what=what, done=done, total=total) if total else what
                report(said, done, total)

            self.advisor.refresh(tell)

        for step in self._working(uuid.uuid4().hex, work):
            if isinstance(step, str):
                yield _same(), step, _same(), _same()
            else:
                faults.append(str(step))
        yield _same(), notice("\n".join((*said, *faults))), _same(), _same()

    def leave(self, desk: Desk, event: gr.EventData) -> Step:
        """Put a read file away without taking it in."""
        gone = next((r for r in desk.pending if r.id == text_of(event, "id")), None)
        if gone is None:
            return desk, "", *self._shown(desk)
        desk = replace(desk, pending=tuple(r for r in desk.pending if r is not gone))
        return desk, notice(self.texts.left.format(title=gone.document.title)), *self._shown(desk)

    def remove(self, desk: Desk, event: gr.EventData) -> Iterator[Step]:
        """Take a document out; it can be had back."""
        try:
            gone = self.own.remove(text_of(event, "id"))
        except CorpusError as error:
            yield desk, notice(str(error)), *self._shown(desk)
            return
        yield from self._follow(replace(desk, gone=gone, editing="", hits=None), ())

    def undo(self, desk: Desk) -> Iterator[Step]:
        """Put the document that was removed last back."""
        try:
            back = self.own.restore(desk.gone.id if desk.gone is not None else "")
        except CorpusError as error:
            yield replace(desk, gone=None), notice(str(error)), *self._shown(replace(desk, gone=None))
            return
        yield from self._follow(replace(desk, gone=None), (self.texts.restored.format(title=back.document.title),))

    def fix(self, desk: Desk, event: gr.EventData) -> Step:
        """Open the facts of a document for correcting, or close them."""
        desk = replace(desk, editing=text_of(event, "id") if getattr(event, "do", "") == "fix" else "")
        return desk, "", *self._shown(desk)

    def save(self, desk: Desk, event: gr.EventData) -> Iterator[Step]:
        """Keep corrected facts."""
        identity, changes = text_of(event, "id"), changes_of(mapping(getattr(event, "facts", None)))
        try:
            known = self.own.record(identity).document.supersedes
            if changes.get("supersedes") == known[:1]:  # the form shows one of several
                del changes["supersedes"]
            made = self.own.fix(identity, changes)
        except CorpusError as error:
            yield desk, notice(str(error)), _same(), _same()
            return
        yield from self._follow(replace(desk, editing=""), (self.texts.saved.format(title=made.document.title),))

    def filter(self, desk: Desk, event: gr.EventData) -> Step:
        """Show the documents of one status."""
        desk = replace(desk, status=text_of(event, "status"))
        return desk, "", *self._shown(desk)

    def within(self, desk: Desk, event: gr.EventData) -> Step:
        """Search in the user's documents alone."""
        words = clean(text_of(event, "words"))
        hits = None
        if words:
            self.advisor.refresh()
            filters = Filters(realms=frozenset({"own"}))
            hits = self.advisor.index.search(words, filters=filters, limit=10).hits
        desk = replace(desk, words=words, hits=hits)
        return desk, "", *self._shown(desk)

    def open(self, event: gr.EventData) -> Any:
        """Show an original in the panel."""
        return self.sources.open(self.advisor.library, event) or _same()

    def close(self) -> str:
        """Put the panel away."""
        return ""

    def _with(self, desk: Desk, record: Record) -> Desk:
        old = replaced(record, self.advisor.library.documents.values())
        known = dict(desk.replaced or {})
        if old:
            known[record.id] = next((d.id for d in old if d.realm == "own"), old[0].id)
        return replace(desk, pending=(*desk.pending, record), replaced=known)

    def _shown(self, desk: Desk) -> tuple[str, str]:
        library = self.advisor.library
        try:
            records = self.own.records()
        except CorpusError as error:
            return "", notice(str(error))
        of = {own.id: library.documents[digest].title_in_marks for digest, own in originals(library).items()}
        shown = listing(desk, records, library.documents, self.texts, of=of, found=differences(library) if of else ())
        return pending(desk, list(library.documents.values()), self.texts), shown


def lay_out_library(page: LibraryPage, tab: Any) -> None:
    """Place the tab's parts in the open `gr.Blocks` and wire them; the list is made when the tab is opened."""
    desk: Any = gr.State(Desk())
    with gr.Row(elem_classes="desk library-desk", equal_height=False):
        with gr.Column(elem_classes="library-main", scale=3, min_width=320):
            drop: Any = gr.HTML(drop_zone(page.texts, LIMIT_MB), js_on_load=_script("library"), elem_id="library-drop")
            remark: Any = gr.HTML("", js_on_load=_script("library"), elem_classes="remark", elem_id="library-remark")
            waiting: Any = gr.HTML("", js_on_load=_script("library"), elem_id="library-pending")
            shelf: Any = gr.HTML("", js_on_load=_script("library"), elem_id="library-list")
        with gr.Column(elem_classes="source-panel", scale=2, min_width=320):
            panel: Any = gr.HTML("", js_on_load=_script("source"), elem_id="library-source")
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    shown = [desk, remark, waiting, shelf]
    tab.select(page.load, desk, [waiting, shelf], **quiet)
    drop.bring(page.bring, desk, shown, **quiet)
    remark.stop(page.stop, desk, remark, **quiet)
    for changing in (
        waiting.take(page.take, desk, shown, **quiet),
        shelf.remove(page.remove, desk, shown, **quiet),
        shelf.undo(page.undo, desk, shown, **quiet),
        shelf.save(page.save, desk, shown, **quiet),
    ):  # the list once more as the library then is, with what was searched meanwhile
        changing.then(page.load, desk, [waiting, shelf], **quiet)
    waiting.leave(page.leave, desk, shown, **quiet)
    shelf.fix(page.fix, desk, shown, **quiet)
    shelf.cancel(page.fix, desk, shown, **quiet)
    shelf.filter(page.filter, desk, shown, **quiet)
    shelf.within(page.within, desk, shown, **quiet)
    shelf.open(page.open, None, panel, **quiet)
    panel.turn(page.open, None, panel, **quiet)
    panel.close(page.close, None, panel, **quiet)


def _same() -> Any:
    """Return what leaves a component, or the state, as it is."""
    return cast(Any, gr).skip()


def _script(name: str) -> str:
    return files("ui").joinpath(f"{name}.js").read_text(encoding="utf-8")
