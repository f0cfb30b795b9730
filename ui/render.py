"""Records in, HTML out. Every text from a user or the library passes `safe`; nothing here decides anything."""

from __future__ import annotations

import hashlib
import html
from urllib.parse import urlsplit

from corpus.library import Library
from corpus.model import Document, Passage
from ui.texts import Texts

# The page's HTML component runs its content through JavaScript and Handlebars templates: ${...} and {{...}}.
_TEMPLATE_SIGNS = str.maketrans({c: f"&#{ord(c)};" for c in "{}$`\\"})


def safe(text: str) -> str:
    """Return text as HTML that shows it literally, also inside an attribute or a template."""
    return html.escape(text, quote=True).translate(_TEMPLATE_SIGNS)


def keyed(key: str, body: str) -> str:
    """Return fields in a tag of their own key.

    The page is changed in place: without it what was typed or chosen would stay in the fields of what comes next.
    """
    tag = f"of-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return f'<{tag} class="keyed">{body}</{tag}>'


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


def official(address: str, texts: Texts) -> str:
    """Return a link to the official page, where the address is one of the web."""
    target = link(address)
    if not target:
        return ""
    return f'<a href="{safe(target)}" target="_blank" rel="noopener noreferrer">{safe(texts.official)}</a>'


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
    digest = f'<p class="note">{safe(texts.digest_note)} {official(document.url, texts)} {safe(document.url_note)}</p>'
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
