"""The parts of the tab 练评审 that all its views share: words, buttons, fields, bars, citation cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from assistant.answer import Citation
from assistant.understand import read_yaml
from ui.render import safe


@cache
def train_words() -> dict[str, Any]:
    """Return the words of the tab: train.yaml, read once."""
    return read_yaml("ui", "train.yaml")


def word(name: str, /, **values: object) -> str:
    """Return the sentence of that name, filled in; `a.b` is the entry b of the group a."""
    found: Any = train_words()
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)


def said(name: str, /, **values: object) -> str:
    """Return the sentence of that name as HTML."""
    return safe(word(name, **values))


def button(do: str, label: str, *, css: str = "", **data: object) -> str:
    """Return a button that sends `do` with its data and what its form holds."""
    held = "".join(f' data-{name}="{safe(str(value))}"' for name, value in data.items())
    look = f' class="{css}"' if css else ""
    return f'<button type="button" data-do="{safe(do)}"{look}{held}>{safe(label)}</button>'


def box(name: str, label: str, *, value: str = "", hint: str = "", kind: str = "text", most: int = 300) -> str:
    """Return a labeled field to type in."""
    return (
        f'<label class="field">{safe(label)}<input name="{safe(name)}" type="{kind}" maxlength="{most}"'
        f' placeholder="{safe(hint)}" value="{safe(value)}"></label>'
    )


def choice(name: str, label: str, options: Iterable[tuple[str, str]], *, value: str = "") -> str:
    """Return a labeled list to choose from."""
    given = "".join(
        f'<option value="{safe(one)}"{" selected" if one == value else ""}>{safe(text)}</option>'
        for one, text in options
    )
    return f'<label class="field">{safe(label)}<select name="{safe(name)}">{given}</select></label>'


def text_area(name: str, label: str, *, value: str = "", hint: str = "") -> str:
    """Return a labeled field of several lines."""
    return (
        f'<label class="field">{safe(label)}<textarea name="{safe(name)}" rows="3" maxlength="4000"'
        f' placeholder="{safe(hint)}">{safe(value)}</textarea></label>'
    )


def upload(do: str, label: str, accept: str) -> str:
    """Return a button that sends one file."""
    return (
        f'<label class="upload"><input type="file" class="unseen" data-file="{safe(do)}" accept="{safe(accept)}">'
        f"<span>{safe(label)}</span></label>"
    )


def bar(label: str, share: float, text: str, *, css: str = "", mark: float | None = None) -> str:
    """Return one row of a bar chart; `mark` is where a limit stands."""
    line = "" if mark is None else f'<line class="limit" x1="{mark * 100:.1f}" y1="0" x2="{mark * 100:.1f}" y2="10"/>'
    return (
        f'<div class="row {css}"><span class="name">{safe(label)}</span><span class="said">{safe(text)}</span>'
        f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" x="0" y="1" width="100" height="8"/>'
        f'<rect class="bar" x="0" y="1" width="{max(0.0, min(share, 1.0)) * 100:.1f}" height="8"/>{line}</svg></div>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, css: str = "") -> str:
    """Return a table of cells that are HTML already; it scrolls by itself where it is wide."""
    top = "".join(f'<th scope="col">{safe(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table class="{css}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def marked(text: str, citations: Sequence[Citation]) -> str:
    """Return a text whose [1] marks open their sources."""
    made = safe(text)
    for one in citations:
        sign = f"[{one.mark}]"
        made = made.replace(sign, button("cite", sign, css="cite", passage=one.passage.id))
    return made


def cards(citations: Sequence[Citation]) -> str:
    """Return the sources as cards that open them."""
    return "".join(
        f'<div class="card"><button type="button" class="open" data-do="cite" data-passage="{safe(one.passage.id)}">'
        f'<span class="card-title">[{one.mark}] {safe(one.document.title_in_marks)}</span>'
        f'<span class="number">{safe(one.document.number)}　{safe(one.passage.place)}</span>'
        f'<span class="quote">{safe(one.passage.text)}</span></button></div>'
        for one in citations
    )
