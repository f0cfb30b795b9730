"""The tab 资料库 as HTML: what was recognized and may be corrected, the list, what was found in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from corpus.intake import UNKNOWN
from corpus.model import STATUSES, Document, DocumentKind, Hit
from corpus.originals import Difference
from corpus.own import Record
from ui.library_texts import LibraryTexts
from ui.render import keyed, notice, safe

KINDS: tuple[str, ...] = get_args(DocumentKind)
_FIELDS = ("title", "number", "kind", "issuers", "issued", "published", "in_force", "status", "region")
_MOST_DIFFERENCES = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What one open tab has on it.

    Attributes:
        pending: files that were read and wait for their facts to be confirmed.
        replaced: pending id -> ids of documents that its text says it replaces.
        status: the filter of the list; empty for all.
        editing: the document whose facts are being corrected.
        words: what was searched.
        hits: what was found.
        gone: the document that was removed last, for the undo button.
        job: names what is being done for this tab, so that it can be stopped.
    """

    pending: tuple[Record, ...] = ()
    replaced: Mapping[str, str] | None = None
    status: str = ""
    editing: str = ""
    words: str = ""
    hits: tuple[Hit, ...] | None = None
    gone: Record | None = None
    job: str = ""


def drop_zone(texts: LibraryTexts, limit_mb: int) -> str:
    """Return the place where files are dropped or chosen."""
    return (
        f'<div class="drop" data-limit="{limit_mb}"><p>{safe(texts.drop)}<label class="choose">'
        f'<input type="file" multiple class="unseen"><span>{safe(texts.choose)}</span></label></p>'
        f'<p class="hint">{safe(texts.drop_more)}</p></div>'
    )


def told(text: str = "", *, busy: bool = False, done: int = 0, total: int = 0, texts: LibraryTexts) -> str:
    """Return one remark, while something is going on with a bar and a button to stop it."""
    if not busy:
        return notice(text)
    share = f' value="{done}" max="{total}"' if total else ""
    return (
        f'<div class="going" role="status"><p>{safe(text)}</p><progress{share}></progress>'
        f'<button type="button" data-do="stop">{safe(texts.stop)}</button></div>'
    )


def pending(desk: Desk, documents: Sequence[Document], texts: LibraryTexts) -> str:
    """Return a form for each file that waits: its facts, where they were found, take it or leave it."""
    if not desk.pending:
        return ""
    forms = "".join(_form(r, documents, texts, replaced=(desk.replaced or {}).get(r.id, "")) for r in desk.pending)
    every = (
        f'<button type="button" class="primary" data-do="take_all">{safe(texts.take_all)}</button>'
        if len(desk.pending) > 1
        else ""
    )
    return (
        f'<section class="recognized"><h3>{safe(texts.recognized)}</h3>'
        f'<p class="hint">{safe(texts.recognized_more)}</p>{forms}{every}</section>'
    )


def _form(record: Record, documents: Sequence[Document], texts: LibraryTexts, *, replaced: str) -> str:
    return keyed(
        record.id,
        f'<form class="facts-form" data-id="{safe(record.id)}"><p class="file">{safe(record.file_name)}'
        f"<span>{safe(_read_how(record, texts))}</span></p>{_inputs(record, texts)}"
        f"{_supersedes(record, documents, replaced, texts)}{_notes(record, texts)}"
        f'<p class="actions"><button type="button" class="primary" data-do="take">{safe(texts.take)}</button>'
        f'<button type="button" data-do="leave">{safe(texts.leave)}</button></p></form>',
    )


def _inputs(record: Record, texts: LibraryTexts) -> str:
    return f'<div class="grid">{"".join(_input(record, name, texts) for name in _FIELDS)}</div>'


def _input(record: Record, name: str, texts: LibraryTexts) -> str:
    shown = _issuers(record.document) if name == "issuers" else str(getattr(record.document, name))
    quote = record.found.get(name, "")
    hint = texts.found_in.format(quote=quote[:60]) if quote else texts.not_found
    choices = {"status": STATUSES, "kind": KINDS}.get(name)
    if choices:
        options = "".join(f"<option{' selected' if one == shown else ''}>{safe(one)}</option>" for one in choices)
        box = f'<select name="{name}">{options}</select>'
    else:
        box = (
            f'<input name="{name}" value="{safe(shown)}" maxlength="300" autocomplete="off"'
            f' placeholder="{safe(texts.hints.get(name, ""))}">'
        )
    wide = ' class="wide"' if name in ("title", "issuers") else ""
    return f"<label{wide}>{safe(texts.fields[name])}{box}<small>{safe(hint)}</small></label>"


def _issuers(document: Document) -> str:
    return "、".join(one for one in document.issuers if one != UNKNOWN)


def _supersedes(record: Record, documents: Sequence[Document], replaced: str, texts: LibraryTexts) -> str:
    others = [d for d in documents if d.id != record.id and (d.realm == "own" or d.id == replaced)]
    if not others:
        return ""
    options = "".join(
        f'<option value="{safe(d.id)}"{" selected" if d.id == replaced else ""}>'
        f"{safe(f'{d.title} {d.number}')}</option>"
        for d in others
    )
    return (
        f'<label>{safe(texts.supersede)}<select name="supersedes">'
        f'<option value="">{safe(texts.supersede_none)}</option>{options}</select></label>'
    )


def _notes(record: Record, texts: LibraryTexts) -> str:
    if not record.notes:
        return ""
    rows = "".join(f"<li>{safe(note)}</li>" for note in record.notes)
    return f"<details><summary>{safe(texts.notes)}</summary><ul>{rows}</ul></details>"


def _read_how(record: Record, texts: LibraryTexts) -> str:
    if set(record.pages) == {"markup"}:
        return texts.hows["markup"]
    pages = texts.pages.format(count=sum(record.pages.values()))
    return "，".join((pages, *(f"{texts.hows[how]} {count}" for how, count in record.pages.items())))


def listing(
    desk: Desk,
    records: Sequence[Record],
    library: Mapping[str, Document],
    texts: LibraryTexts,
    *,
    of: Mapping[str, str],
    found: Sequence[Difference],
) -> str:
    """Return the list under its filter, what was searched, and what of the digests differs from the originals.

    Args:
        desk: filter, search and what is being edited.
        records: the user's documents.
        library: every document by id.
        texts: the words.
        of: id of one of the user's documents -> title, in its marks, of the digest that it is the original of.
        found: figures of digests that their originals do not have.
    """
    undo = (
        f'<p class="notice undo">{safe(texts.removed.format(title=desk.gone.document.title))}'
        f' <button type="button" data-do="undo">{safe(texts.undo)}</button></p>'
        if desk.gone is not None
        else ""
    )
    if not records:
        return f'{undo}<p class="empty">{safe(texts.list_empty)}</p>'
    shown = [r for r in records if desk.status in ("", r.document.status)]
    cards = "".join(_card(r, desk, library, texts, of=of.get(r.id, "")) for r in shown)
    return (
        f"{undo}{_tools(desk, records, texts)}{_hits(desk, texts)}{_differences(found, texts, any_original=bool(of))}"
        f'<ul class="shelf-list">{cards}</ul>'
    )


def _tools(desk: Desk, records: Sequence[Record], texts: LibraryTexts) -> str:
    present = [s for s in STATUSES if any(r.document.status == s for r in records)]
    options = "".join(f"<option{' selected' if s == desk.status else ''}>{safe(s)}</option>" for s in present)
    count = texts.count.format(count=len(records))
    return (
        f'<div class="shelf-tools"><h3>{safe(texts.list_title)} <span>{safe(count)}</span></h3>'
        f'<form class="within"><input name="words" value="{safe(desk.words)}" maxlength="300" autocomplete="off"'
        f' aria-label="{safe(texts.search_label)}" placeholder="{safe(texts.search_hint)}">'
        f'<button type="submit">{safe(texts.search)}</button></form>'
        f'<select data-filter aria-label="{safe(texts.filter_label)}">'
        f'<option value="">{safe(texts.filter_all)}</option>{options}</select></div>'
    )


def _hits(desk: Desk, texts: LibraryTexts) -> str:
    if desk.hits is None:
        return ""
    if not desk.hits:
        return f'<p class="empty">{safe(texts.search_none)}</p>'
    rows = "".join(
        f'<li><button type="button" data-do="open" data-passage="{safe(h.passage.id)}" data-said="{safe(desk.words)}">'
        f'<b>{safe(h.document.title)} {safe(h.passage.place)}</b><span class="quote">{safe(h.passage.text)}</span>'
        "</button></li>"
        for h in desk.hits
    )
    count = safe(texts.search_found.format(count=len(desk.hits)))
    return f'<section class="within-found"><h4>{count}</h4><ul>{rows}</ul></section>'


def _card(record: Record, desk: Desk, library: Mapping[str, Document], texts: LibraryTexts, *, of: str) -> str:
    document = library.get(record.id, record.document)
    if desk.editing == record.id:
        return (
            f'<li class="shelf-card"><form class="facts-form" data-id="{safe(record.id)}">{_inputs(record, texts)}'
            f"{_supersedes(record, list(library.values()), next(iter(document.supersedes), ''), texts)}"
            f'<p class="actions"><button type="button" class="primary" data-do="save">{safe(texts.save)}</button>'
            f'<button type="button" data-do="cancel">{safe(texts.cancel)}</button></p></form></li>'
        )
    later = next((d for d in library.values() if record.id in d.supersedes), None)
    remarks: Iterable[str] = (
        texts.superseded_by.format(title=f"{later.title_in_marks}{later.number}") if later is not None else "",
        texts.is_original_of.format(title=of) if of else "",
    )
    opener = (
        f'<button type="button" data-do="open" data-passage="{safe(document.passages[0].id)}">'
        f"{safe(texts.open)}</button>"
        if document.passages
        else ""
    )
    count = texts.passages.format(count=len(document.passages)) if document.passages else texts.not_yet_searchable
    facts = (document.number, _issuers(document), document.since, _read_how(record, texts), count)
    return (
        f'<li class="shelf-card" data-id="{safe(record.id)}"><h4>{safe(document.title)}</h4>'
        f'<p class="facts"><span class="chip {safe(document.status)}">{safe(document.status)}</span>'
        f"{''.join(f'<span>{safe(f)}</span>' for f in facts if f)}</p>"
        f"{''.join(f'<p class=note>{safe(r)}</p>' for r in remarks if r)}{_notes(record, texts)}"
        f'<p class="actions">{opener}<button type="button" data-do="fix">{safe(texts.fix)}</button>'
        f'<button type="button" data-do="remove">{safe(texts.remove)}</button></p></li>'
    )


def _differences(found: Sequence[Difference], texts: LibraryTexts, *, any_original: bool) -> str:
    if not any_original:
        return ""
    if not found:
        return f'<p class="empty">{safe(texts.differences_none)}</p>'
    rows = "".join(
        f'<li><button type="button" data-do="open" data-passage="{safe(d.fact.id)}">'
        f"{safe(texts.difference.format(fact=d.fact.id, figure=d.figure, original=d.original.title))}</button></li>"
        for d in found[:_MOST_DIFFERENCES]
    )
    return (
        f'<details class="differences"><summary>{safe(texts.differences)}（{len(found)}）</summary>'
        f'<p class="hint">{safe(texts.differences_more)}</p><ul>{rows}</ul></details>'
    )
