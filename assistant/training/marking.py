"""What an answer is worth: choices, matches and orders in part, figures with their unit through scoring.units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from assistant.training.model import Item, Marked
from assistant.training.reading import phrase
from corpus.figures import Figure, read_figures
from scoring.errors import ParkDataError
from scoring.units import UnknownUnit, convert, plain, read_amount

NONE, HALF, ALL = Decimal(0), Decimal("0.5"), Decimal(1)
_NEAR = Decimal("0.005")
"""How far a worked figure may be off: rounding on the way, as a share of the key."""
_LETTERS = "ABCDEFGHIJ"

Answer = str | Sequence[int]
"""A figure as typed, or the indexes chosen, matched or ordered."""


def mark(item: Item, answer: Answer) -> Marked:
    """Return what the answer is worth.

    >>> from assistant.training.model import Item
    >>> mark(Item("x", "number", "energy", 1, "", (), "0.2 tCO2/tce", "", (), unit="tCO2/tce"), "0.2").fared
    'unit'
    """
    if isinstance(answer, str) and not item.figure:
        typed, answer = answer, read_choice(answer, item)
        if typed.strip() and not answer:
            return Marked(NONE, "unreadable", phrase("marks.no_choice", given=typed.strip()))
    if not answer or (isinstance(answer, str) and not answer.strip()):
        return Marked(NONE, "blank", phrase("marks.blank"))
    if isinstance(answer, str):
        return _figure(item, answer)
    strange = [at for at in answer if not 0 <= at < len(item.options)]
    if strange:
        return Marked(NONE, "unreadable", phrase("marks.unknown_option", given=strange[0] + 1, count=len(item.options)))
    return _BY_KIND.get(item.kind, _one)(item, tuple(answer))


def read_choice(text: str, item: Item) -> tuple[int, ...]:
    """Return the indexes of a typed choice: A, AC, 1 3, an option's words, or B,A,D for what is matched and ordered.

    What is no option is given back as an index beyond the last one.
    """
    if text.strip() in item.options:
        return (item.options.index(text.strip()),)
    tokens = re.findall(r"[A-Za-z]|\d+", unicodedata.normalize("NFKC", text))
    found = [_LETTERS.find(t.upper()) if t.isalpha() else int(t) - 1 for t in tokens]
    return tuple(at if at >= 0 else len(item.options) for at in found)


def shown_key(item: Item) -> str:
    """Return the right answer in words."""
    if item.figure:
        return item.figure
    if item.kind == "match":
        pairs = [
            phrase("marks.pair", left=a, right=item.options[at]) for a, at in zip(item.left, item.chosen, strict=True)
        ]
        return "；".join(pairs)
    join = phrase("marks.arrow") if item.kind == "order" else phrase("marks.join")
    return join.join(f"{_LETTERS[at]} {item.options[at]}" for at in item.chosen)


def _right() -> Marked:
    return Marked(ALL, "right", phrase("marks.right"))


def _wrong() -> Marked:
    return Marked(NONE, "wrong", phrase("marks.wrong"))


def _one(item: Item, answer: tuple[int, ...]) -> Marked:
    if len(set(answer)) > 1:
        return Marked(NONE, "unreadable", phrase("marks.choose_one", count=len(set(answer))))
    return _right() if answer[0] == item.chosen[0] else _wrong()


def _judged(item: Item, answer: tuple[int, ...]) -> Marked:
    """A statement found wrong for another reason is worth half."""
    marked = _one(item, answer)
    if marked.fared == "wrong" and answer[0] != 0 and item.chosen[0] != 0:
        return Marked(HALF, "partly", phrase("marks.reason_only", given=item.options[answer[0]]))
    return marked


def _several(item: Item, answer: tuple[int, ...]) -> Marked:
    """Each right one counts, each wrong one takes one off; nothing below zero."""
    chosen, key = set(answer), set(item.chosen)
    if chosen == key:
        return _right()
    return _share(max(0, len(chosen & key) - len(chosen - key)), len(key))


def _matched(item: Item, answer: tuple[int, ...]) -> Marked:
    right = sum(a == b for a, b in zip(answer, item.chosen, strict=False))
    return _right() if right == len(item.chosen) == len(answer) else _share(right, len(item.chosen))


def _ordered(item: Item, answer: tuple[int, ...]) -> Marked:
    """The share of pairs in the right order."""
    place = {at: n for n, at in enumerate(answer)}
    pairs = list(combinations(item.chosen, 2))
    if len(answer) != len(place):
        return _wrong()
    right = sum(a in place and b in place and place[a] < place[b] for a, b in pairs)
    return _right() if right == len(pairs) and len(answer) == len(item.chosen) else _share(right, len(pairs))


def _share(got: int, whole: int) -> Marked:
    if got <= 0:
        return _wrong()
    points = (Decimal(min(got, whole)) / whole).quantize(Decimal("0.01"))
    return Marked(points, "partly", phrase("marks.partly", got=got, all=whole))


_BY_KIND = {"true_false": _judged, "multiple": _several, "match": _matched, "order": _ordered}


# Figures -------------------------------------------------------------------------------------------------------------


def _figure(item: Item, answer: str) -> Marked:
    try:
        amount = read_amount(answer)
    except ParkDataError as fault:
        return Marked(NONE, "unreadable", phrase("marks.vague", why=fault.faults[0].what))
    key = _read(item.figure)
    given = _read(answer)
    assert key is not None
    assert key.value is not None
    value = given.value if given is not None and given.value is not None else amount.number
    unit = given.unit if given is not None and given.unit else amount.unit
    if not unit:
        return _unitless(item, key, value)
    converted = _converted(value, unit, key.unit)
    if converted is None:
        return Marked(NONE, "unit", phrase("marks.unit_wrong", unit=_unit_shown(item, key), given=amount.unit))
    if _near(item, converted, key.value):
        return _right()
    times = converted / key.value if key.value else NONE
    if times and times.normalize().as_tuple().digits == (1,) and times != 1:
        shown = plain(times if times >= 1 else 1 / times)
        return Marked(NONE, "unit", phrase("marks.unit_scale", times=f"{shown:f}", key=item.figure))
    return Marked(NONE, "wrong", phrase("marks.number_wrong"))


def _unitless(item: Item, key: Figure, value: Decimal) -> Marked:
    assert key.value is not None
    written = read_amount(_comparable(item.figure)).number
    if not (_near(item, value, key.value) or _near(item, value, written)):
        return Marked(NONE, "wrong", phrase("marks.number_wrong"))
    return Marked(HALF, "unit", phrase("marks.unit_missing", key=item.figure))


def _comparable(text: str) -> str:
    m = re.search(r"\d.*", text)
    return m[0] if m else text


def _near(item: Item, value: Decimal, key: Decimal) -> bool:
    if item.kind == "work":
        return abs(value - key) <= abs(key) * _NEAR
    return value == key


def _converted(value: Decimal, unit: str, to: str) -> Decimal | None:
    if unit == to or {unit, to} <= {"个", "家", "项", "条", "类", "种"}:
        return value
    try:
        return convert(value, unit, to)
    except UnknownUnit:
        return None


def _unit_shown(item: Item, key: Figure) -> str:
    m = re.search(r"\d[\d,.]*\s*(.*)$", item.figure)
    return m[1] if m and m[1] else key.unit


def _read(text: str) -> Figure | None:
    return next((f for f in read_figures(text) if f.kind == "number" and f.value is not None), None)
