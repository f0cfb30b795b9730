"""A conversation as DOCX: what was said as text, nothing that runs; no character that a document cannot hold."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.turns import Turn
from ui.talk_html import plain
from ui.texts import Texts
from ui.workings import clean

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"


def talk_docx(title: str, turns: Sequence[Turn], texts: Texts, *, now: datetime) -> bytes:
    """Return the conversation as the bytes of a DOCX file."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document: Any = docx.Document()
    for name, size in (("Normal", 10.5), ("Title", 18), ("Heading 2", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = _LATIN, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE)
    document.add_paragraph(clean(title), style="Title")
    document.add_paragraph(f"{texts.export_time.format(time=f'{now:%Y-%m-%d %H:%M}')}　{texts.disclaimer}")
    for turn in turns:
        asked = "，".join(part for part in (turn.user, *turn.files) if part)
        document.add_paragraph(clean(f"{turn.number}. {texts.you}：{asked}"), style="Heading 2")
        for line in clean(plain(turn, texts)).split("\n"):
            if line.strip():
                document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()
