"""The conversation as one HTML file that opens, prints and pastes into Word without a network."""

from __future__ import annotations

import html
from datetime import datetime

from ui.render import plain
from ui.session import Session
from ui.texts import Texts

_STYLE = (
    'body{font:16px/1.75 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:46em;margin:2em auto;'
    "padding:0 1em;color:#1d2724}h1{font-size:1.4em}h2{font-size:1.05em;margin-top:2em;white-space:pre-wrap}"
    "pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}"
    ".meta{color:#5b6964;font-size:.875em}@media print{body{margin:0}h2{break-after:avoid}}"
)


def exported(session: Session, texts: Texts, *, now: datetime) -> str:
    """Return the conversation as an HTML document that holds text only: no script, no picture, no address to load."""
    parts: list[str] = []
    for turn in session.turns:
        parts.append(f"<h2>{html.escape(texts.you)}：{html.escape(turn.question)}</h2>")
        if turn.answer is None:
            parts.append(f"<p>{html.escape(texts.failed if turn.progress == 'failed' else texts.stopped)}</p>")
            continue
        place = turn.answer.region or turn.region or texts.region_all
        kind = texts.kinds[turn.answer.kind]
        parts.append(f'<p class="meta">{html.escape(kind)}　{html.escape(texts.region)}：{html.escape(place)}</p>')
        parts.append(f"<pre>{html.escape(plain(turn.answer, texts))}</pre>")
    time = texts.export_time.format(time=now.strftime("%Y-%m-%d %H:%M"))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(texts.export_title)}</title><style>{_STYLE}</style></head><body>"
        f'<h1>{html.escape(texts.export_title)}</h1><p class="meta">{html.escape(time)}　'
        f"{html.escape(texts.disclaimer)}</p>{''.join(parts)}</body></html>"
    )
