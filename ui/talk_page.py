"""The parts of the tab 问顾问 on the page, and what each of them sets off."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from corpus.library import Library
from ui.chat import SHEET_MB, SHEETS, Chat
from ui.library_texts import read_library_texts
from ui.render import footnote, safe
from ui.session import Session
from ui.texts import Texts

# The state of a window that is loaded anew is new; the browser still knows its conversation.
_KEPT_FIRST = "(session) => [session, sessionStorage.getItem('advisor-conversation') || '']"
SAVE_FILE = """(name, coded) => {
  if (!coded) return;
  const bytes = Uint8Array.from(atob(coded), (c) => c.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""


def lay_out(chat: Chat, page: gr.Blocks) -> None:
    """Place the tab's parts in the open `gr.Blocks` and wire them."""
    texts = chat.texts
    session: Any = gr.State(Session())
    with gr.Row(elem_classes="desk talk-desk", equal_height=False):
        with gr.Column(elem_classes="conversation", scale=3, min_width=320):
            talk: Any = gr.HTML(chat.screen.view.page(Session()), js_on_load=script("talk"), elem_classes="talk-box")
            with gr.Column(elem_classes="composer"):
                remark: Any = gr.HTML("", elem_classes="remark", js_on_load=None)
                box = gr.Textbox(
                    lines=1, max_lines=6, show_label=False, label=texts.box_label, placeholder=chat.more.box_hint,
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
                drop: Any = gr.HTML(drop_zone(chat), js_on_load=script("attach"), elem_id="attach")
                gr.HTML(footnote(texts), js_on_load=None)
        with gr.Column(elem_classes="talk-side", scale=2, min_width=300):
            side: Any = gr.HTML(chat.screen.side.interview(None, ()), js_on_load=script("side"), elem_id="interview")
            shelf: Any = gr.HTML("", js_on_load=script("side"), elem_id="conversations")
        with gr.Column(elem_classes="source-panel", scale=2, min_width=320):
            document: Any = gr.HTML("", js_on_load=script("source"), elem_id="source")
    key, name, coded = (gr.Textbox(visible=False) for _ in range(3))

    shown = [session, talk, remark, box, side, shelf, key]
    again = [session, region, key]
    quiet: Any = {"api_visibility": "private", "show_progress": "hidden"}
    asking: Any = [
        box.submit(chat.ask, [session, box, region, key], shown, **quiet),
        retry.click(chat.retry, again, shown, **quiet),
        undo.click(chat.undo, again, shown, **quiet),
        talk.say(chat.say, again, shown, **quiet),
        side.say(chat.say, again, shown, **quiet),
        drop.bring(chat.bring, again, shown, **quiet),
    ]
    box.stop(chat.stop, session, shown, cancels=asking, **quiet)
    clear.click(chat.clear, None, shown, cancels=asking, **quiet)
    clear.click(chat.reading.close_source, None, document, **quiet)
    page.load(chat.load, [session, key], shown, js=_KEPT_FIRST, **quiet)
    side.edit(chat.edit, [session, key], shown, **quiet)
    shelf.open(chat.open, session, shown, **quiet)
    shelf.rename(chat.rename, session, shown, **quiet)
    shelf.delete(chat.delete, session, shown, **quiet)
    talk.vote(chat.reading.vote, session, shown[:3], **quiet)
    talk.reason(chat.reading.reason, session, shown[:3], **quiet)
    talk.cite(chat.reading.open_source, None, document, **quiet)
    document.turn(chat.reading.open_source, None, document, **quiet)
    document.close(chat.reading.close_source, None, document, **quiet)
    for made in (
        export.click(chat.files.export, session, [name, coded, remark], **quiet),
        shelf.save(chat.files.save, session, [name, coded, remark], **quiet),
        talk.report(chat.files.report, session, [name, coded, remark], **quiet),
        side.report(chat.files.report, session, [name, coded, remark], **quiet),
    ):
        made.then(None, [name, coded], None, js=SAVE_FILE, **quiet)


def regions(library: Library, texts: Texts) -> list[tuple[str, str]]:
    """Return the choices of regions as (label, value): 全国 first, provinces in the usual order, their cities below."""
    known = {d.region for d in library.documents.values()} - {"全国", "国际"}
    known |= {region.split("/")[0] for region in known}
    order = {province: at for at, province in enumerate(texts.provinces)}

    def place(region: str) -> tuple[int, str]:
        return order.get(region.split("/")[0], len(order)), region

    return [(texts.region_any, ""), *((r.replace("/", " · "), r) for r in sorted(known, key=place))]


def drop_zone(chat: Chat) -> str:
    """Return the place to hand files in, and the offer that a document gets."""
    more, library = chat.more, read_library_texts()
    return (
        f'<div class="attach" data-limit="{SHEET_MB}" data-sheets="{safe(" ".join(SHEETS))}"'
        f' data-tab="{safe(library.tab)}" data-offer="{safe(more.offer)}" data-sending="{safe(more.sending)}">'
        f'<label><input type="file" multiple class="unseen"><span>{safe(more.attach)}</span></label>'
        f'<small>{safe(more.attach_hint)}</small><a class="to-side" href="#interview">{safe(more.to_side)}</a>'
        '<p class="told" role="status" hidden></p>'
        f'<p class="offer" role="status" hidden><span></span><button type="button" data-do="take" class="primary">'
        f'{safe(more.offer_take)}</button><button type="button" data-do="leave">{safe(more.offer_leave)}</button></p>'
        "</div>"
    )


def script(name: str) -> str:
    """Return the script of a part."""
    return files("ui").joinpath(f"{name}.js").read_text(encoding="utf-8")
