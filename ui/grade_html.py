"""Findings in, HTML out, for the tab and for the report alike. Every text passes `safe`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.model import Verdict
from ui.findings import Figure, Findings, Lack, Line
from ui.grade_texts import GradeTexts
from ui.render import safe
from ui.svg import gap_chart, radar_chart, waterfall_chart
from ui.workings import Working, readable

# A shape beside the word, so that no verdict is told by its color alone.
_SIGNS: dict[Verdict, str] = {
    "met": '<path d="M3 8.5l3.5 3.5L13 4.5"/>',
    "not_met": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "missing": '<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.1"/>',
    "no_limit": '<path d="M3.5 8h9"/>',
    "excused": '<circle cx="8" cy="8" r="4.5"/>',
}


def verdict_chip(verdict: Verdict, word: str, more: str = "") -> str:
    """Return a verdict as a chip: shape, word, color."""
    sign = f'<svg viewBox="0 0 16 16" aria-hidden="true">{_SIGNS[verdict]}</svg>'
    return f'<span class="verdict {verdict}">{sign}{safe(word)}{more}</span>'


def head(found: Findings, texts: GradeTexts) -> str:
    """Return the result first: verdict, level, score, and the counts that no total may hide."""
    facts = [f"<span>{safe(part)}</span>" for part in (found.level, found.score) if part]
    counts = "".join(verdict_chip(verdict, word, f" <b>{count}</b>") for verdict, word, count in found.counts if count)
    totals = "".join(f"<div><dt>{safe(one.label)}</dt><dd>{safe(one.value)}</dd></div>" for one in found.totals)
    notice = f'<p class="own">{safe(found.notice)}</p>' if found.notice else ""
    park = texts.park_line.format(park=found.park, year=found.year)
    return (
        f'<section class="outcome {found.verdict}"><p class="about">{safe(park)}　{safe(found.title)}</p>'
        f"<h2>{verdict_chip(found.verdict, found.word)} {' '.join(facts)}</h2>"
        f'<p class="counts">{counts}</p><dl class="totals">{totals}</dl>{notice}</section>'
    )


def next_step(lack: Lack | None, texts: GradeTexts, *, jump: bool = False) -> str:
    """Return the one figure to get next, and who has it; `jump` adds the way to its field."""
    if lack is None:
        return ""
    who = texts.next_holder.format(holder=lack.holder) if lack.holder else ""
    button = (
        f' <button type="button" data-do="jump" data-field="{safe(lack.id)}">{safe(texts.jump)}</button>'
        if jump
        else ""
    )
    return f'<p class="next"><b>{safe(texts.next_title)}</b> {safe(lack.label)} <span>{safe(who)}</span>{button}</p>'


def charts(found: Findings, texts: GradeTexts) -> str:
    """Return the charts that there are figures for."""
    drawn = [
        gap_chart(found.gaps, texts),
        waterfall_chart(found.waterfall, texts),
        radar_chart(found.spokes, texts),
    ]
    return f'<section class="charts">{"".join(drawn)}</section>' if any(drawn) else ""


def table(names: Sequence[str], rows: Sequence[Sequence[str]], css: str) -> str:
    """Return a table whose cells carry their column's name, so that a phone can stack them. Cells are HTML."""
    top = "".join(f'<th scope="col">{safe(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(map(_cell, names, row))}</tr>" for row in rows)
    return f'<table class="{css}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _cell(name: str, content: str) -> str:
    void = "" if content else ' class="void"'
    return f'<td data-name="{safe(name)}"{void}>{content}</td>'


def indicators(lines: Sequence[Line], texts: GradeTexts, opens: Mapping[str, str] | None = None) -> str:
    """Return the table of indicators with verdicts and reasons, a heading for each block.

    Args:
        lines: the indicators.
        texts: the words of the page.
        opens: indicator -> the passage that its clause opens; on the page only.
    """
    parts: list[str] = []
    scored = any(line.points for line in lines)
    limited = any(line.limit for line in lines)
    names = [texts.column_indicator, texts.column_verdict, texts.column_value]
    names += [texts.column_limit] if limited else []
    names += [texts.column_points] if scored else []
    names += [texts.column_reason]
    for block in dict.fromkeys(line.block for line in lines):
        rows = [
            _cells(line, texts, opens or {}, scored=scored, limited=limited) for line in lines if line.block == block
        ]
        css = f"indicators{' limited' if limited else ''}{' scored' if scored else ''}"
        parts.append(f"<h4>{safe(block)}</h4>{table(names, rows, css)}")
    return "".join(parts)


def _cells(line: Line, texts: GradeTexts, opens: Mapping[str, str], *, scored: bool, limited: bool) -> list[str]:
    edges = "".join(f'<span class="edge"><b>{safe(texts.edge)}</b> {safe(edge)}</span>' for edge in line.edges)
    step = f'<span class="ref">{safe(texts.see_step.format(number=line.step))}</span>' if line.step else ""
    cells = [
        f'{safe(line.label)} <span class="role">{safe(line.role)}</span>',
        verdict_chip(line.verdict, line.word),
        safe(line.value),
    ]
    cells += [safe(line.limit)] if limited else []
    cells += [safe(line.points)] if scored else []
    clause = f'<span class="ref">{safe(line.clause)}</span>'
    if passage := opens.get(line.id):
        opener = f'data-do="open" data-passage="{safe(passage)}"'
        clause = f'<button type="button" class="ref" {opener}>{safe(line.clause)}</button>'
    return [*cells, f"{safe(line.reason)}{edges}{clause}{step}"]


def workings(rows: Sequence[Working], texts: GradeTexts) -> str:
    """Return the working of every figure, numbered, indented as deep as it lies."""
    names = [texts.column_number, texts.column_name, texts.column_working, texts.column_result, texts.column_source]
    cells = [
        [
            str(row.number),
            f'<span class="depth" style="padding-left:{min(row.depth, 6)}em">{safe(row.label)}</span>',
            f'<span title="{safe(row.working)}">{safe(readable(row.working))}</span>' if row.working else "",
            f'<span title="{safe(row.exact)}">{safe(readable(row.exact))}</span> {safe(row.unit)}',
            _origin(row, texts),
        ]
        for row in rows
    ]
    return f'<p class="note">{safe(texts.working_note)}</p>{table(names, cells, "workings")}'


def _origin(row: Working, texts: GradeTexts) -> str:
    if row.see:
        return safe(texts.see_line.format(number=row.see))
    return f'<span class="role">{safe(row.origin)}</span> {safe(row.source)}'


def figures(rows: Sequence[Figure], texts: GradeTexts) -> str:
    """Return the figures shown beside the result."""
    names = [texts.column_name, texts.column_value, texts.column_note]
    return table(names, [[safe(one.label), safe(one.value), safe(one.note)] for one in rows], "figures")


def missing(rows: Sequence[Lack], texts: GradeTexts) -> str:
    """Return what is not reported, who usually holds it, and what waits for it."""
    if not rows:
        return f'<p class="note">{safe(texts.nothing_missing)}</p>'
    names = [texts.column_datum, texts.column_holder, texts.column_waiting]
    return table(names, [[safe(one.label), safe(one.holder), safe(one.waiting)] for one in rows], "missing-table")


def sources(found: Findings, texts: GradeTexts) -> str:
    """Return the documents and clauses that the result rests on."""
    names = [texts.column_document, texts.column_clause, texts.column_confidence, texts.column_used]
    rows = [[safe(s.document), safe(s.clause), safe(s.confidence), safe(s.used)] for s in found.sources]
    return table(names, rows, "sources-table") + f'<p class="note">{safe(texts.confidence_note)}</p>'


def warnings(found: Findings, texts: GradeTexts) -> str:
    """Return what a reader must know besides the verdicts, 临界 first."""
    edges = [(line.label, edge) for line in found.lines for edge in line.edges]
    items = "".join(f"<li><b>{safe(texts.edge)}</b> {safe(label)}：{safe(edge)}</li>" for label, edge in edges)
    items += "".join(f"<li>{safe(one)}</li>" for one in found.warnings)
    return f'<ul class="warnings">{items}</ul>' if items else f'<p class="note">{safe(texts.no_warnings)}</p>'


def edition(found: Findings, texts: GradeTexts) -> str:
    """Return the rule set's edition, the factor sets, and the hash of every file that the result was made from."""
    rows = [
        (texts.rule_set, f"{found.title}（{found.edition}，{found.status}）"),
        (texts.factor_sets, texts.joint.join(found.factor_sets) or texts.none),
    ]
    words = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(value)}</dd></div>" for name, value in rows)
    hashes = [[safe(one.name), f"<code>{safe(one.sha256)}</code>"] for one in found.files]
    return f'<dl class="edition">{words}</dl>{table([texts.column_file, "SHA-256"], hashes, "files")}'
