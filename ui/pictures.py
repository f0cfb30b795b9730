"""The same charts as pictures for DOCX and XLSX, drawn by matplotlib without a screen; one door to it.

Chinese needs a font that has it. Where none is found the labels are Latin ids, and the report says so.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import pi
from pathlib import Path
from typing import Any, cast

from ui.charts import FULL_SCALE, Gap, Spoke, Waterfall
from ui.findings import Findings
from ui.grade_texts import GradeTexts

_SAMPLE = "零碳园区顾问限值"
_KNOWN = ("notosanscjk", "notosanssc", "sourcehansans", "wqy-microhei", "wqy-zenhei", "msyh", "simhei", "pingfang",
          "notoserifcjk", "simsun", "droidsansfallback")  # fmt: skip
# Colors that stay apart for color-blind readers and in gray (Okabe-Ito, darkened); hatches say the same again.
_COLORS = {"met": "#007a5e", "not_met": "#c1440e", "missing": "#8a8f98", "no_limit": "#8a8f98", "excused": "#5b7fa6"}
_INK, _GRID, _DOTS = "#1d2724", "#c9d1cb", 160


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG, with its title and the sentence that says how to read it."""

    name: str
    title: str
    note: str
    png: bytes


def chinese_font(candidates: Iterable[Path] | None = None) -> Path | None:
    """Return a font file that has Chinese; the well-known ones first, None where there is none.

    `candidates` are the font files to look through; those of this machine where not given.
    """
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    found = (
        [Path(name) for name in cast(Any, font_manager).findSystemFonts()] if candidates is None else list(candidates)
    )

    def known(path: Path) -> tuple[int, str]:
        name = path.name.lower().replace(" ", "")
        rank = next((i for i, part in enumerate(_KNOWN) if name.startswith(part)), len(_KNOWN))
        return rank + ("bold" in name), str(path)

    for path in sorted(found, key=known):
        try:
            font: Any = FT2Font(str(path))
        except (OSError, RuntimeError):
            continue
        if all(font.get_char_index(ord(letter)) for letter in _SAMPLE):
            return path
    return None


def pictures(found: Findings, texts: GradeTexts, *, font: Path | None) -> tuple[Picture, ...]:
    """Return the charts that there are figures for, in the order of the report."""
    drawn: list[Picture] = []
    if found.gaps:
        drawn.append(Picture("gaps", texts.gap_title, texts.gap_note, _gaps(found, found.gaps, font)))
    if found.waterfall is not None:
        png = _waterfall(found.waterfall, texts, font)
        drawn.append(Picture("waterfall", texts.waterfall_title, texts.waterfall_note, png))
    if found.spokes:
        drawn.append(Picture("radar", texts.radar_title, texts.radar_note, _radar(found.spokes, font)))
    return tuple(drawn)


def _figure(width: float, height: float, *, polar: bool = False) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(width, height), dpi=_DOTS)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(projection="polar") if polar else figure.add_subplot()
    return figure, axes


def _saved(figure: Any) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None}, bbox_inches="tight", pad_inches=0.08)
    return held.getvalue()


def _font(path: Path | None, size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(path), size=size) if path else FontProperties(size=size)


def _radar(spokes: Sequence[Spoke], font: Path | None) -> bytes:
    figure, axes = _figure(6.2, 4.6, polar=True)
    angles = [2 * pi * i / len(spokes) for i in range(len(spokes))]
    closed = [*angles, angles[0]]
    lows, highs = [float(one.low) for one in spokes], [float(one.high) for one in spokes]
    axes.set_theta_offset(pi / 2)
    axes.set_theta_direction(-1)
    axes.plot(closed, [*highs, highs[0]], color=_COLORS["met"], linestyle="--", linewidth=1.2)
    axes.plot(closed, [*lows, lows[0]], color=_COLORS["met"], linewidth=1.8)
    axes.fill(closed, [*lows, lows[0]], color=_COLORS["met"], alpha=0.25)
    axes.set_ylim(0, 1)
    axes.set_yticks([0.25, 0.5, 0.75, 1], ["", "50%", "", "100%"], fontsize=8, color=_INK)
    names = [f"{one.label if font else f'B{i}'}\n{_percent(one)}" for i, one in enumerate(spokes, 1)]
    axes.set_xticks(angles, names, fontproperties=_font(font, 10), color=_INK)
    for angle, label in zip(angles, axes.get_xticklabels(), strict=True):
        right = 0 < angle < pi
        label.set_horizontalalignment("center" if angle in (0.0, pi) else "left" if right else "right")
    axes.grid(color=_GRID)
    axes.spines["polar"].set_color(_GRID)
    return _saved(figure)


def _percent(spoke: Spoke) -> str:
    low, high = float(spoke.low * 100), float(spoke.high * 100)
    return f"{low:.0f}%" if low == high else f"{low:.0f}%~{high:.0f}%"


def _waterfall(chart: Waterfall, texts: GradeTexts, font: Path | None) -> bytes:
    figure, axes = _figure(7.4, 0.55 * len(chart.bars) + 0.5)
    low, high = float(chart.low), float(chart.high)
    room = (high - low) / 100
    for row, bar in enumerate(chart.bars):
        left, width = float(min(bar.start, bar.end)), float(abs(bar.end - bar.start))
        color = _INK if bar.kind == "total" else _COLORS["excused"] if bar.end < bar.start else _COLORS["not_met"]
        hatch = "////" if bar.kind == "open" else None
        axes.barh(
            row, width or room / 3, left=left, height=0.56, color=color, hatch=hatch, edgecolor="white", linewidth=0
        )
        word = bar.text if bar.kind != "open" else texts.bar_open if font else "?"
        axes.text(left + width + room, row, word, va="center", fontproperties=_font(font, 9.5), color=_INK)
        if row:
            start = float(chart.bars[row - 1].end)
            if bar.kind != "total":
                axes.plot([start, start], [row - 0.72, row - 0.28], color=_GRID, linewidth=1)
    names = [bar.label if font else f"E{i}" for i, bar in enumerate(chart.bars, 1)]
    axes.set_yticks(range(len(names)), names, fontproperties=_font(font, 10), color=_INK)
    axes.set_xlim(low, high + (high - low) * 0.24)
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.invert_yaxis()
    _bare(axes)
    axes.set_xticks([])
    return _saved(figure)


def _gaps(found: Findings, rows: Sequence[Gap], font: Path | None) -> bytes:
    figure, axes = _figure(7.4, 0.62 * len(rows) + 0.6)
    top = float(FULL_SCALE)
    for row, gap in enumerate(rows):
        low = min(float(gap.low), top)
        high = top if gap.high is None else min(float(gap.high), top)
        if high > low:
            axes.barh(
                row,
                high - low,
                left=low,
                height=0.42,
                color="white",
                hatch="////",
                edgecolor=_COLORS["missing"],
                linewidth=0.6,
            )
        axes.barh(row, max(low, 0.006), height=0.42, color=_COLORS[gap.verdict])
        if gap.high is None or gap.high > FULL_SCALE:
            axes.plot(top + 0.03, row, marker=">", color=_COLORS[gap.verdict], markersize=7, clip_on=False)
        word = f"{gap.value}（{gap.limit}）" if font else gap.value.replace("～", "~").replace("不限", "inf")
        axes.text(0, row - 0.3, _latin(word, font), va="bottom", fontproperties=_font(font, 8.5), color=_INK)
    by_label = {line.label: line.id for line in found.lines}
    names = [gap.label if font else by_label.get(gap.label, "") for gap in rows]
    axes.set_yticks(range(len(names)), names, fontproperties=_font(font, 10), color=_INK)
    axes.axvline(1, color=_INK, linewidth=1.4)
    axes.set_xlim(0, top + 0.06)
    axes.set_ylim(len(rows) - 0.5, -0.8)
    axes.set_xticks([0, 0.5, 1, 1.5, 2], ["0", "50%", "100%", "150%", "200%"], fontsize=8, color=_INK)
    _bare(axes)
    return _saved(figure)


def _latin(word: str, font: Path | None) -> str:
    """Return the word as it is where it can be drawn, else only the letters that any font has."""
    return word if font else "".join(_plain_letters(word)).strip()


def _plain_letters(word: str) -> Iterator[str]:
    yield from (letter for letter in word if letter.isascii())


def _bare(axes: Any) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GRID)
    axes.tick_params(length=0)
