"""Records in, HTML out. Every text from a user or the library passes `safe`; nothing here decides anything."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from assistant.answer import Answer, Citation
from corpus.library import Library
from corpus.model import Document, Passage
from ui.session import Session, Turn
from ui.texts import Texts

_MARK = re.compile(r"\[(\d{1,3})\]")
_SHOWN_SOURCES = 4
# Drawn, not typed: many office machines have no font for 👍.
_THUMB = (
    '<svg class="thumb {vote}" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 '
    '2.5V9H19c1 0 1.8 1 1.6 2l-1.3 7.4c-.2.9-1 1.6-1.9 1.6H7"/></svg>'
)
# The page's HTML component runs its content through JavaScript and Handlebars templates: ${...} and {{...}}.
_TEMPLATE_SIGNS = str.maketrans({c: f"&#{ord(c)};" for c in "{}$`\\"})


def safe(text: str) -> str:
    """Return text as HTML that shows it literally, also inside an attribute or a template."""
    return html.escape(text, quote=True).translate(_TEMPLATE_SIGNS)


def link(address: str) -> str:
    """Return the address where it is a web address, else nothing: javascript: and the like never become links."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def header(library: Library, texts: Texts) -> str:
    """Return the title, its one-line explanation and the size of the library."""
    checked = max((d.checked for d in library.documents.values()), default="")
    shelf = texts.shelf.format(
        documents=f"{len(library.documents):,}", passages=f"{len(library.passages):,}", checked=checked
    )
    return (
        f'<header class="masthead"><h1>{safe(texts.title)}</h1>'
        f'<p class="tagline">{safe(texts.tagline)}</p><p class="shelf">{safe(shelf)}</p></header>'
    )


def notice(text: str) -> str:
    """Return one remark to the user above the question box, or nothing."""
    return f'<p class="notice" role="status">{safe(text)}</p>' if text else ""


def footnote(texts: Texts) -> str:
    """Return the line below the question box."""
    return f'<p class="footnote"><span class="keys">{safe(texts.keys)}</span>{safe(texts.disclaimer)}</p>'


def conversation(session: Session, texts: Texts) -> str:
    """Return the whole conversation; before the first question, a welcome with examples."""
    if not session.turns:
        return _welcome(texts)
    turns = "".join(_turn(turn, number, texts) for number, turn in enumerate(session.turns))
    return f'<div class="talk" role="log" aria-live="polite" aria-busy="{str(session.busy).lower()}">{turns}</div>'


def source(document: Document, cited: Passage, texts: Texts, *, above: str = "") -> str:
    """Return a whole document under its headings, with the cited passage in `<mark>`; `above` is HTML before it."""
    parts = [source_head(document, texts), above]
    path: tuple[str, ...] = ()
    for passage in document.passages:
        parts += [
            f"<h{3 + depth}>{safe(heading)}</h{3 + depth}>"
            for depth, heading in enumerate(passage.path[:3])
            if passage.path[: depth + 1] != path[: depth + 1]
        ]
        path = passage.path
        whole = (0, len(passage.text)) if passage.id == cited.id else None
        parts.append(source_passage(passage, texts, cited=whole))
    return f'<article class="source" aria-label="{safe(texts.source_label)}">{"".join(parts)}</article>'


def _welcome(texts: Texts) -> str:
    examples = "".join(
        f'<button type="button" class="example" data-do="example" data-text="{safe(e)}">{safe(e)}</button>'
        for e in texts.examples
    )
    return (
        f'<div class="welcome"><h2>{safe(texts.welcome)}</h2><p>{safe(texts.welcome_more)}</p>'
        f'<div class="examples" role="group" aria-label="{safe(texts.examples_label)}">{examples}</div></div>'
    )


def _turn(turn: Turn, number: int, texts: Texts) -> str:
    state = "busy" if turn.busy else turn.progress
    return (
        f'<article class="turn {state}" data-turn="{number}">'
        f'<div class="asked"><span class="unseen">{safe(texts.you)}</span><p>{safe(turn.question)}</p></div>'
        f'<div class="answered"><span class="unseen">{safe(texts.advisor)}</span>{_reply(turn, number, texts)}</div>'
        "</article>"
    )


def _reply(turn: Turn, number: int, texts: Texts) -> str:
    stopped = f'<p class="stopped">{safe(texts.stopped)}</p>' if turn.progress == "stopped" else ""
    if turn.progress == "failed":
        return f'<p class="problem" role="alert">{safe(texts.failed)}</p>'
    if turn.answer is None:
        waiting = f'<p class="thinking"><i></i><i></i><i></i>{safe(texts.thinking)}</p>'
        return stopped or waiting
    answer = turn.answer
    lines = "".join(_line(line, answer, texts) for line in answer.lines[: turn.shown])
    parts = [_kind(answer, turn.region, texts), f'<div class="lines">{lines}</div>']
    if turn.progress == "done":
        parts += [f'<p class="note">{safe(note)}</p>' for note in answer.notes]
    if not turn.busy:
        parts += [stopped, _sources(answer, texts), _after(turn, answer, number, texts)]
    return "".join(parts)


def _kind(answer: Answer, region: str, texts: Texts) -> str:
    place = answer.region or region
    where = f'<span class="chip">{safe(place)}</span>' if place else ""
    return (
        f'<p class="kind {answer.kind}"><span class="badge">{safe(texts.kinds[answer.kind])}</span>{where}'
        f'<span class="hint">{safe(texts.kind_hints[answer.kind])}</span></p>'
    )


def _line(line: str, answer: Answer, texts: Texts) -> str:
    cited = {str(c.mark): c for c in answer.citations}

    def button(match: re.Match[str]) -> str:
        citation = cited.get(match[1])
        if citation is None:
            return match[0]
        label = f"{texts.open_mark.format(mark=match[1])}：{citation.document.title}"
        return (
            f'<button type="button" class="cite" data-do="cite" data-passage="{safe(citation.passage.id)}"'
            f'{_said(citation, answer)} title="{safe(label)}" aria-label="{safe(label)}">[{match[1]}]</button>'
        )

    return f"<p>{_MARK.sub(button, safe(line))}</p>"


def _sources(answer: Answer, texts: Texts) -> str:
    if not answer.citations:
        return ""
    heading = texts.sources_near if answer.kind == "refused" else texts.sources
    cards = [_card(c, answer, texts) for c in answer.citations]
    body = "".join(cards[:_SHOWN_SOURCES])
    rest = cards[_SHOWN_SOURCES:]
    if rest:
        more = safe(texts.more_sources.format(count=len(rest)))
        body += f"<details><summary>{more}</summary>{''.join(rest)}</details>"
    return f'<section class="sources"><h3>{safe(heading)}</h3>{body}</section>'


def _said(citation: Citation, answer: Answer) -> str:
    """What chooses the sentence to be marked in a clause of an original: the question."""
    return f' data-said="{safe(answer.question)}"' if citation.document.realm == "own" else ""


def _card(citation: Citation, answer: Answer, texts: Texts) -> str:
    document, passage = citation.document, citation.passage
    number = f'<span class="number">{safe(document.number)}</span>' if document.number else ""
    kind = "" if passage.kind == "规定" else f'<span class="chip">{safe(passage.kind)}</span>'
    return (
        '<div class="card">'
        f'<button type="button" class="open" data-do="cite" data-passage="{safe(passage.id)}"'
        f'{_said(citation, answer)} title="{safe(texts.open_source)}">'
        f'<span class="card-title"><b>[{citation.mark}]</b> {safe(document.title)}</span>{number}'
        f'<span class="quote">{safe(passage.text)}</span></button>'
        f'<p class="facts"><span>{safe(passage.place)}</span><span class="chip {safe(document.status)}">'
        f"{safe(document.status)}</span>{kind}<span>{safe(texts.confidences[passage.confidence])}</span>"
        f"{_official(citation.url, texts)}</p></div>"
    )


def _official(address: str, texts: Texts) -> str:
    target = link(address)
    if not target:
        return ""
    return f'<a href="{safe(target)}" target="_blank" rel="noopener noreferrer">{safe(texts.official)}</a>'


def _after(turn: Turn, answer: Answer, number: int, texts: Texts) -> str:
    copy = (
        f'<button type="button" data-do="copy" data-text="{safe(plain(answer, texts))}"'
        f' data-done="{safe(texts.copied)}">{safe(texts.copy_)}</button>'
    )
    if turn.vote:
        thanks = texts.voted_up if turn.vote == "up" else texts.voted_down
        return f'<div class="after">{copy}<span class="voted">{safe(thanks)}</span></div>'
    votes = "".join(
        f'<button type="button" data-do="vote" data-turn="{number}" data-vote="{vote}"'
        f' aria-label="{safe(label)}" title="{safe(label)}"'
        f' aria-expanded="{str(vote == "down" and turn.explaining).lower()}">{_THUMB.format(vote=vote)}</button>'
        for vote, label in (("up", texts.up), ("down", texts.down))
    )
    form = _reason_form(number, texts) if turn.explaining else ""
    return f'<div class="after">{copy}{votes}</div>{form}'


def _reason_form(number: int, texts: Texts) -> str:
    return (
        f'<div class="reason"><label for="reason-{number}">{safe(texts.reason_label)}</label>'
        f'<textarea id="reason-{number}" rows="2" maxlength="2000" placeholder="{safe(texts.reason_hint)}"></textarea>'
        f'<div><button type="button" class="primary" data-do="reason" data-turn="{number}">'
        f'{safe(texts.reason_send)}</button><button type="button" data-do="cancel" data-turn="{number}">'
        f"{safe(texts.reason_cancel)}</button></div></div>"
    )


def plain(answer: Answer, texts: Texts) -> str:
    """Return the answer with its sources as plain text, as it is copied."""
    lines = [answer.text]
    if answer.citations:
        lines += ["", f"{texts.sources_near if answer.kind == 'refused' else texts.sources}："]
    for c in answer.citations:
        name = " ".join(p for p in (c.document.title, c.document.number, c.passage.place) if p)
        lines.append(f"[{c.mark}] {name}（{c.document.status}）{link(c.url)}".rstrip())
    return "\n".join(lines)


def source_head(document: Document, texts: Texts, *, note: str | None = None) -> str:
    """Return the title and the facts of record of a document; `note` is HTML in place of the remark on digests."""
    facts = (
        (texts.number, document.number),
        (texts.issuers, "、".join(document.issuers)),
        (texts.issued, document.issued),
        (texts.published, document.published),
        (texts.in_force, document.in_force),
        (texts.status, document.status),
        (texts.region, document.region),
        (texts.checked, document.checked),
    )
    rows = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in facts if value)
    digest = f'<p class="note">{safe(texts.digest_note)} {_official(document.url, texts)} {safe(document.url_note)}</p>'
    return (
        '<div class="source-bar">'
        f'<h2>{safe(document.title)}</h2><button type="button" class="close" data-do="close"'
        f' aria-label="{safe(texts.close)}" title="{safe(texts.close)}">×</button></div>'
        f"<dl>{rows}</dl>{digest if note is None else note}"
    )


def source_passage(passage: Passage, texts: Texts, *, cited: tuple[int, int] | None) -> str:
    """Return a passage with its place; of a cited one text[start:end] is marked."""
    text = passage.text
    body = safe(text)
    if cited is not None:
        start, end = cited
        marked = f'<mark tabindex="-1" aria-label="{safe(texts.cited_here)}">{safe(text[start:end])}</mark>'
        body = f"{safe(text[:start])}{marked}{safe(text[end:])}"
    kind = "" if passage.kind == "规定" else f'<span class="chip">{safe(passage.kind)}</span>'
    return (
        f'<div class="passage{" cited" if cited is not None else ""}"><p>{body}</p>'
        f'<p class="facts"><span>{safe(texts.place)}：{safe(passage.place)}</span>'
        f"{kind}<span>{safe(texts.confidences[passage.confidence])}</span></p></div>"
    )
