"""Two wordings of a clause -> which of their figures moved, and whether they became stricter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from corpus.figures import Figure, normal, read_figures

Direction = Literal["tightened", "loosened", "changed"]

_AROUND = 14
_SCOPE = re.compile(r"[^。；;：:，,（(]{0,24}?的(?:[一-鿿]{0,6}(?:园区|企业|项目|单位|用户|地区|城市|机组|产品|装置))")
_UNLIKE = 0.75
_FAR = 0.3
_UPPER = ("le", "lt")
_LOWER = ("ge", "gt")


@dataclass(frozen=True, slots=True)
class Move:
    """One figure that differs between two wordings.

    Attributes:
        old: as it was; None where it is new.
        new: as it is; None where it is gone.
        direction: tightened or loosened where both bound the same side, or the bound came or went; else changed.
        about: the words before it, that say what it is a figure of.
        scope: whether it says to whom a rule applies (年用能20万吨以上的园区), and so has no direction.
    """

    old: Figure | None
    new: Figure | None
    direction: Direction
    about: str
    scope: bool = False


@dataclass(frozen=True, slots=True)
class _Stated:
    figure: Figure
    about: str
    at: float
    scope: bool


def moves(old: str, new: str) -> tuple[Move, ...]:
    """Return the figures that moved from the old wording to the new one, in the order of the new.

    >>> [(m.old.text, m.new.text, m.direction) for m in moves("占比不低于90%。", "占比不低于95%。")]
    [('不低于90%', '不低于95%', 'tightened')]
    """
    before, after = _stated(old), _stated(new)
    pairs = _paired(before, after)
    found: list[tuple[float, Move]] = []
    for i, j in pairs:
        one, other = before[i], after[j]
        if not _same(one.figure, other.figure):
            scope = one.scope or other.scope
            way: Direction = "changed" if scope else _direction(one.figure, other.figure)
            found.append((other.at, Move(one.figure, other.figure, way, other.about, scope)))
    kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, one in enumerate(before):
        if i not in kept_old:
            way = "loosened" if _bounds(one) else "changed"
            found.append((one.at, Move(one.figure, None, way, one.about, one.scope)))
    for j, other in enumerate(after):
        if j not in kept_new:
            way = "tightened" if _bounds(other) else "changed"
            found.append((other.at, Move(None, other.figure, way, other.about, other.scope)))
    return tuple(move for _, move in sorted(found, key=lambda pair: pair[0]))


def says_to_whom(text: str, end: int) -> bool:
    """Whether a figure that ends there says to whom a rule applies: 20万吨标准煤以上的园区."""
    return bool(_SCOPE.match(text, end))


def _bounds(stated: _Stated) -> bool:
    return stated.figure.comparator in (*_UPPER, *_LOWER) and stated.figure.kind == "number" and not stated.scope


def _stated(text: str) -> list[_Stated]:
    folded = normal(text)[0]
    figures = [f for f in read_figures(text) if f.kind in ("number", "date")]
    found: list[_Stated] = []
    for at, figure in enumerate(figures):
        start, end = figure.span
        last = figures[at - 1].span[1] if at else 0
        about = re.split(r"[。；;\n]", text[max(last, start - _AROUND) : start])[-1]
        until = figures[at + 1].span[0] if at + 1 < len(figures) else len(text)
        joined = bool(re.fullmatch(r"\s*[、~～—\-至到]*\s*", text[end:until])) and at + 1 < len(figures)
        behind = figures[at + 1].span[1] if joined else end
        found.append(_Stated(figure, about, start / max(len(folded), 1), says_to_whom(text, behind)))
    return found


def _paired(before: Sequence[_Stated], after: Sequence[_Stated]) -> list[tuple[int, int]]:
    """Pair the figures of two wordings by unit, by the words before them and by their place."""
    import numpy as np
    from rapidfuzz import fuzz
    from scipy import optimize

    if not before or not after:
        return []
    cost = np.full((len(before), len(after)), 9.0)
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            if one.figure.kind == other.figure.kind and one.figure.unit == other.figure.unit:
                alike = fuzz.ratio(one.about, other.about) / 100 if one.about or other.about else 1.0
                cost[i, j] = 1 - alike + _FAR * abs(one.at - other.at) - 0.05 * _same(one.figure, other.figure)
    rows, columns = cast(Any, optimize).linear_sum_assignment(cost)
    pairs: list[tuple[int, int]] = list(zip(rows.tolist(), columns.tolist(), strict=True))
    return [(i, j) for i, j in pairs if cost[i, j] <= _UNLIKE]


def _same(one: Figure, other: Figure) -> bool:
    return (one.key, one.comparator, one.in_principle) == (other.key, other.comparator, other.in_principle)


def _direction(old: Figure, new: Figure) -> Direction:
    """Whether a bound became stricter: higher where it is a floor, lower where it is a ceiling."""
    side = _side(old)
    if not side or side != _side(new):
        return "changed"
    before, after = _measure(old), _measure(new)
    if before is None or after is None:
        return "changed"
    if before != after:
        return "tightened" if (after > before) == (side == "floor") else "loosened"
    strict = (new.comparator in ("gt", "lt")) - (old.comparator in ("gt", "lt"))
    firm = old.in_principle - new.in_principle
    return "changed" if not (strict or firm) else "tightened" if strict + firm > 0 else "loosened"


def _side(figure: Figure) -> str:
    return "floor" if figure.comparator in _LOWER else "ceiling" if figure.comparator in _UPPER else ""


def _measure(figure: Figure) -> Decimal | None:
    """Return what bounds are compared by: the value, or the day a date means at the latest."""
    if figure.value is not None:
        return figure.value
    m = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:-(end|start|h1|h2))?", figure.key)
    if figure.kind != "date" or m is None:
        return None
    month = int(m[2] or 0) or {"h1": 6, "start": 1}.get(m[4] or "", 12)
    day = int(m[3] or 0) or (1 if m[4] == "start" else 31)
    return Decimal(f"{m[1]}{month:02d}{day:02d}")
