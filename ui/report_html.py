"""The report as one HTML file: no script, no address to load, everything escaped; reads on a phone and prints."""

from __future__ import annotations

from importlib.resources import files

from ui import grade_html as part
from ui.findings import Findings
from ui.grade_texts import GradeTexts
from ui.render import safe

_BASE = (
    'body{font:16px/1.7 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",'
    "sans-serif;max-width:64em;margin:0 auto;padding:1.5em 1em 3em;background:var(--a-page);color:var(--a-ink)}"
    "h1{font-size:1.45em;margin:0}main>h2,h3{font-size:1.15em}main>h2{margin:2em 0 .6em;padding-top:.6em;"
    "border-top:1px solid var(--a-line)}.meta{color:var(--a-soft);font-size:.875em;margin:.3em 0 1.2em}"
    "@page{margin:16mm 14mm}"
)


def report_html(found: Findings, texts: GradeTexts) -> str:
    """Return the report as an HTML document."""
    chapters = (
        ("", part.head(found, texts) + part.next_step(found.next_datum, texts)),
        (texts.heading_charts, part.charts(found, texts)),
        (texts.heading_indicators, part.indicators(found.lines, texts)),
        (texts.heading_warnings, part.warnings(found, texts)),
        (texts.heading_missing, part.missing(found.lacks, texts)),
        (texts.heading_besides, part.figures(found.besides, texts) if found.besides else ""),
        (texts.heading_working, part.workings(found.workings, texts)),
        (texts.heading_sources, part.sources(found, texts)),
        (texts.heading_files, part.edition(found, texts)),
    )
    body = "".join((f"<h2>{safe(name)}</h2>" if name else "") + text for name, text in chapters if text)
    title = f"{texts.report_title} {found.park} {found.year}"
    date = f"{texts.report_date.format(on=found.on)}　" if found.on else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{safe(title)}</title><style>{_colors()}{_css('grade.css')}{_BASE}</style></head>"
        f'<body class="graded report"><main><h1>{safe(texts.report_title)}</h1>'
        f'<p class="meta">{safe(date)}{safe(texts.report_note)}</p>{body}</main></body></html>'
    )


def _css(name: str) -> str:
    return files("ui").joinpath(name).read_text(encoding="utf-8")


def _colors() -> str:
    """Return the page's colors, light, and dark where the reader's machine is; paper is always light."""
    sheet = _css("style.css")
    light = sheet[sheet.index("{", sheet.index(":root")) : sheet.index("}", sheet.index(":root")) + 1]
    dark = sheet[sheet.index("{", sheet.index(".dark {")) : sheet.index("}", sheet.index(".dark {")) + 1]
    own = _css("grade.css")
    own_dark = own[own.index("{", own.index(".dark {")) : own.index("}", own.index(".dark {")) + 1]
    return f":root{light}@media screen and (prefers-color-scheme:dark){{:root{dark}:root body{own_dark}}}"
