"""Charts as inline SVG and HTML rows: they follow the page's colors, its width and its light or dark."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ui.charts import FULL_SCALE, Gap, Spoke, Waterfall
from ui.grade_texts import GradeTexts
from ui.render import safe

_WIDTH, _HEIGHT, _RADIUS = 480, 430, 128
_ROW = 6
"""Longest name of a spoke on one line."""
_RINGS = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1))


def radar_chart(spokes: Sequence[Spoke], texts: GradeTexts) -> str:
    """Return the radar of blocks: the sure part filled, the part still open outlined with dashes."""
    if not spokes:
        return ""
    rings = "".join(f'<polygon class="ring" points="{_points([ring] * len(spokes))}"/>' for ring in _RINGS)
    axes = "".join(
        '<line class="ring" x1="{}" y1="{}" x2="{}" y2="{}"/>'.format(
            *_at(0, 1, Decimal(0)), *_at(i, len(spokes), Decimal(1))
        )
        for i in range(len(spokes))
    )
    names = "".join(_name(i, spoke, len(spokes)) for i, spoke in enumerate(spokes))
    label = safe("；".join(f"{one.label} {_share(one)}" for one in spokes))
    high = f'<polygon class="high" points="{_points([one.high for one in spokes])}"/>'
    low = f'<polygon class="low" points="{_points([one.low for one in spokes])}"/>'
    return _figure(
        texts.radar_title,
        f'<svg class="radar" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">'
        f"{rings}{axes}{high}{low}{names}</svg>",
        texts.radar_note,
    )


def _figure(title: str, body: str, note: str) -> str:
    return f'<figure class="chart"><h3>{safe(title)}</h3>{body}<figcaption>{safe(note)}</figcaption></figure>'


def _at(i: int, count: int, share: Decimal) -> tuple[str, str]:
    """Return where a share of the radius lies on spoke `i`; the first spoke points up."""
    from math import cos, pi, sin

    angle = 2 * pi * i / count
    reach = _RADIUS * float(share)
    return f"{_WIDTH / 2 + reach * sin(angle):.1f}", f"{_HEIGHT / 2 - reach * cos(angle):.1f}"


def _points(shares: Sequence[Decimal]) -> str:
    return " ".join(",".join(_at(i, len(shares), share)) for i, share in enumerate(shares))


def _name(i: int, spoke: Spoke, count: int) -> str:
    x, y = (float(part) for part in _at(i, count, Decimal("1.14")))
    side = "middle" if abs(x - _WIDTH / 2) < 1 else "start" if x > _WIDTH / 2 else "end"
    half = -(-len(spoke.label) // 2)
    rows = [spoke.label] if len(spoke.label) <= _ROW else [spoke.label[:half], spoke.label[half:]]
    lines = "".join(f'<tspan x="{x:.1f}" dy="{18 if row else 0}">{safe(text)}</tspan>' for row, text in enumerate(rows))
    top = y - (20 if y < _HEIGHT / 2 - 1 else 4)
    return (
        f'<text x="{x:.1f}" y="{top:.1f}" text-anchor="{side}">{lines}'
        f'<tspan class="share" x="{x:.1f}" dy="17">{safe(_share(spoke))}</tspan></text>'
    )


def _share(spoke: Spoke) -> str:
    low, high = (f"{float(end * 100):.0f}%" for end in (spoke.low, spoke.high))
    return low if low == high else f"{low}～{high}"


def waterfall_chart(chart: Waterfall | None, texts: GradeTexts) -> str:
    """Return the waterfall of emissions, one row a step."""
    if chart is None:
        return ""
    span = chart.high - chart.low
    rows: list[str] = []
    for bar in chart.bars:
        left = (min(bar.start, bar.end) - chart.low) / span * 100
        width = abs(bar.end - bar.start) / span * 100
        down = " down" if bar.end < bar.start else ""
        word = texts.bar_open if bar.kind == "open" else bar.text
        body = (
            f'<rect class="bar {bar.kind}{down}" x="{left:.2f}" y="1" width="{max(float(width), 0.6):.2f}" height="8"/>'
        )
        zero = (-chart.low) / span * 100
        body += f'<line class="zero" x1="{zero:.2f}" y1="0" x2="{zero:.2f}" y2="10"/>'
        rows.append(_row(bar.label, word, body, bar.kind))
    return _figure(texts.waterfall_title, f'<div class="rows">{"".join(rows)}</div>', texts.waterfall_note)


def gap_chart(gaps: Sequence[Gap], texts: GradeTexts) -> str:
    """Return each figure as a bar against its limit, the limit in the middle of the track."""
    if not gaps:
        return ""
    rows: list[str] = []
    for gap in gaps:
        low = min(gap.low, FULL_SCALE)
        high = FULL_SCALE if gap.high is None else min(gap.high, FULL_SCALE)
        cut = gap.high is None or gap.high > FULL_SCALE
        unit = 100 / FULL_SCALE
        known = gap.low == gap.high
        body = (
            ""
            if known and low
            else f'<rect class="reach" x="{low * unit:.2f}" y="2" width="{(high - low) * unit:.2f}" height="6"/>'
        )
        body += f'<rect class="bar {gap.verdict}" x="0" y="2" width="{max(float(low * unit), 0.4):.2f}" height="6"/>'
        body += '<path class="cut" d="M97 0.5l2.5 4.5l-2.5 4.5"/>' if cut else ""
        body += f'<line class="limit" x1="{unit:.2f}" y1="0" x2="{unit:.2f}" y2="10"/>'
        word = texts.gap_text.format(verdict=texts.verdicts[gap.verdict], value=gap.value, limit=gap.limit)
        rows.append(_row(gap.label, word, body, gap.verdict))
    return _figure(texts.gap_title, f'<div class="rows">{"".join(rows)}</div>', texts.gap_note)


def _row(label: str, word: str, body: str, kind: str) -> str:
    return (
        f'<div class="row {kind}"><span class="name">{safe(label)}</span><span class="said">{safe(word)}</span>'
        f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{body}</svg></div>'
    )
