"""Formulas: the pieces that a text layer shatters one into, put together again."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.reading.grid import around
from corpus.reading.model import Printed
from corpus.reading.tidy import han_count

_SENTENCE = re.compile("[。；，、！？：]|[\u4e00-\u9fff][:;,]")
_EQUALS = re.compile(r"[=＝≈]")
_OPERATOR = re.compile(r"[=＝≈+＋\-−–×÷·*/∑Σ∏∫√%^()（）\[\]]")
_NUMBER = re.compile(r"[\s.…·]*[（(]\s*[A-Z]?\.?\d+(?:[-.]\d+)?\s*[)）]$")
_REPEATED = re.compile("[∑Σ∏∫]")
_LONGEST = 90
_PIECE = 45


def is_formula(text: str) -> bool:
    """Whether a printed line is a formula by itself.

    >>> is_formula("E能源活动=E用作燃料+E加工转换"), is_formula("系数 k=2 时，按附录执行")
    (True, False)
    """
    body = _NUMBER.sub("", text)
    if not _EQUALS.search(body) or len(body) > _LONGEST or _SENTENCE.search(body.rstrip("；。，;,.")):
        return False
    left, _, right = re.split(f"({_EQUALS.pattern})", body, maxsplit=1)
    return bool(left.strip()) and bool(_OPERATOR.search(right) or han_count(right) <= len(right) // 2 or not right)


def whole_formulas(lines: list[Printed]) -> list[Printed]:
    """Return lines with each formula as one line: numerators, denominators and bounds of sums put in their places."""
    taken: set[int] = set()
    made: dict[int, Printed] = {}
    for at, line in enumerate(lines):
        if at in taken or line.cells or not is_formula(line.text):
            continue
        pieces = [i for i in range(max(0, at - 3), min(len(lines), at + 4)) if i not in taken and i != at]
        near = [i for i in pieces if _belongs(lines[i], line)]
        made[at] = _put_together(line, [lines[i] for i in near])
        taken.update(near)
    return [made.get(i, line) for i, line in enumerate(lines) if i not in taken]


def _belongs(piece: Printed, core: Printed) -> bool:
    """Whether a short line so close to a formula is a part of it."""
    if piece.cells or len(piece.text) > _PIECE or _SENTENCE.search(piece.text) or is_formula(piece.text):
        return False
    size = max(core.size, 1.0)
    apart = max(piece.box.top - core.box.bottom, core.box.top - piece.box.bottom)
    beside = core.box.left - size <= piece.box.left and piece.box.right <= core.box.right + 8 * size
    return beside and apart < 0.3 * size


def _put_together(core: Printed, pieces: list[Printed]) -> Printed:
    if not pieces:
        return replace(core, formula=True)
    middle = (core.box.top + core.box.bottom) / 2
    above = [p for p in pieces if (p.box.top + p.box.bottom) / 2 < middle]
    below = [p for p in pieces if p not in above]
    inserts: list[tuple[float, str]] = []
    for upper in above:
        lower = next((p for p in below if p.box.left < upper.box.right and upper.box.left < p.box.right), None)
        if lower is not None:
            below.remove(lower)
        inserts.append((_centre(upper), _over(core.text, upper.text, lower.text if lower else "")))
    inserts += [(_centre(lower), _over(core.text, "", lower.text)) for lower in below]
    text = core.text
    for x, insert in sorted(inserts, reverse=True):
        at = _place(core, x, insert.startswith(("_", "^")))
        text = text[:at] + insert + text[at:]
    box = core.box
    for piece in pieces:
        box = around(box, piece.box)
    return replace(core, text=text, box=box, formula=True)


def _centre(line: Printed) -> float:
    return (line.box.left + line.box.right) / 2


def _over(core: str, upper: str, lower: str) -> str:
    """Return bounds of a sum, or a fraction."""
    if _REPEATED.search(core) and len(upper) <= 5 and len(lower) <= 8:
        return (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper else "")
    if upper and lower:
        return "/".join(f"({p})" if len(p) > 1 and _OPERATOR.search(p) else p for p in (upper, lower))
    return f" {upper or lower} "


def _place(core: Printed, x: float, bounds: bool) -> int:
    """Return where in the core's text something at `x` stands, taking its characters to be spread evenly."""
    if bounds and (found := [m.end() for m in _REPEATED.finditer(core.text)]):
        share = (x - core.box.left) / max(1.0, core.box.right - core.box.left)
        return min(found, key=lambda end: abs(end / len(core.text) - share))
    share = (x - core.box.left) / max(1.0, core.box.right - core.box.left)
    at = round(share * len(core.text))
    spaces = [m.start() for m in re.finditer(r"(?<=[=＝≈×+\-−]) ?|(?=[×+])", core.text)]
    return min(spaces or [at], key=lambda s: abs(s - at))
