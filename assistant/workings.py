"""The user's own figure times a coefficient of a cited fact, step by step, so that a pocket calculator can follow.

A working is a chain like `200000kWh × 0.8325kgCO2/kWh = 166500kgCO2 = 166.5tCO2`: the first figure is the user's, the
second the source's, and the guard walks the chain again before it is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from assistant.answer import Citation
from corpus.figures import Figure, read_figures
from corpus.words import plain
from scoring.units import UnknownUnit, convert

_LARGER = {"kg": "t", "kgce": "tce", "kgCO2": "tCO2", "kgCO2e": "tCO2e", "gce": "tce", "kWh": "万kWh", "元": "万元"}
_NEAR = 6
_BOUND = {"le": "不超过", "lt": "低于", "ge": "不低于", "gt": "高于", "approx": "约", "": ""}
_ASKS_FOR_A_PART = re.compile(
    r"(?:最多|至少|最少|可以|能)[^,，。?？]{0,8}(?:几|多少)\s*[万亿]?\s*(?:度|千瓦时|kWh|吨|方)"
)
_BOUNDING = re.compile(r"最[高低多少大小]|[上下]限|不超过|至[多少]")
_MEASURED = frozenset({"t", "kg", "kWh", "MWh", "GWh", "kW", "MW", "GJ", "m3", "Nm3", "m2", "km2", "tce", "kgce"})
_ASKS = re.compile(r"多少|几|怎么?算|折算?|相当|合计|换算|how m(?:uch|any)", re.IGNORECASE)
_WANTED = (
    (re.compile(r"绿证|证书|certificate|GEC", re.IGNORECASE), "个"),
    (re.compile(r"折标|标准?煤|tce", re.IGNORECASE), "ce"),
    (re.compile(r"排|二氧化碳|CO2|碳|emi(?:t|ssion)", re.IGNORECASE), "CO2"),
    (re.compile(r"钱|元|补|奖|费|cost|subsid", re.IGNORECASE), "元"),
    (re.compile(r"热|GJ|heat", re.IGNORECASE), "GJ"),
)


@dataclass(frozen=True, slots=True)
class Working:
    """A product and how it came about.

    Attributes:
        own: the user's figure, as said.
        chain: the steps from the user's figure to the result.
        mark: the citation that the coefficient is from.
    """

    own: str
    chain: str
    mark: int


def working(asked: str, citations: Sequence[Citation]) -> Working | None:
    """Return the working that a question asks for, None where it gives no figure or no cited coefficient fits alone.

    Args:
        asked: the question as typed.
        citations: the answer's sources, the answering one first.
    """
    own = [f for f in read_figures(asked) if f.value and f.key != "1" and f.unit in _MEASURED]
    wanted = [unit for words, unit in _WANTED if words.search(asked)]
    if len(own) != 1 or not _ASKS.search(asked) or not (wanted or _ASKS_FOR_A_PART.search(asked)):
        return None
    for citation in citations[:2]:
        share = _only_share(citation) if _ASKS_FOR_A_PART.search(asked) else None
        if share is not None:
            return Working(re.sub(r"\s", "", own[0].text), _chain(own[0], share), citation.mark)
        fitting = list(_coefficients(own[0], citation))
        chosen = [pair for unit in wanted[:1] for pair in fitting if pair[1].endswith(unit)]
        if len({pair[0].key for pair in chosen}) == 1:
            coefficient = chosen[0][0]
            said = re.sub(r"\s", "", own[0].text)
            return Working(said, _chain(own[0], coefficient), citation.mark)
    return None


def _only_share(citation: Citation) -> Figure | None:
    """The one percentage of a fact: a part of what the user has is computed with it."""
    shares = [f for f in read_figures(citation.passage.text) if f.unit == "%"]
    return shares[0] if len(shares) == 1 else None


def _coefficients(own: Figure, citation: Citation) -> Iterator[tuple[Figure, str]]:
    """The figures of a fact that the user's figure can be multiplied with (or divided by), and what comes out."""
    figures = read_figures(citation.passage.text)
    for figure in figures:
        before = citation.passage.text[max(0, figure.span[0] - _NEAR) : figure.span[0]]
        bounded = figure.comparator or _BOUNDING.search(before)
        if figure.value is None or bounded or not _converts(own, figure):
            continue
        if "/" in figure.unit:
            yield figure, figure.unit.split("/")[0]
        elif figure.unit == "kWh" and any(f.key == "1" and f.unit in ("个", "张") for f in figures):
            yield figure, "个"


def _converts(own: Figure, figure: Figure) -> bool:
    return _step(own, "×" if "/" in figure.unit else "÷", figure) is not None


def _step(left: Figure, sign: str, right: Figure) -> tuple[Decimal, str] | None:
    """Return the product (or quotient) of two figures and its unit, None where they do not go together."""
    if left.value is None or right.value is None:
        return None
    if sign == "×" and right.unit == "%":
        return left.value * right.value / 100, left.unit
    if (sign == "×") != ("/" in right.unit):
        return None
    above, _, below = right.unit.partition("/")
    try:
        if sign == "×":
            return convert(left.value, left.unit, below) * right.value, above
        return convert(left.value, left.unit, right.unit) / right.value, "个"
    except UnknownUnit:
        return None


def _chain(own: Figure, coefficient: Figure) -> str:
    sign = "×" if "/" in coefficient.unit or coefficient.unit == "%" else "÷"
    made = _step(own, sign, coefficient)
    assert made is not None
    assert own.value is not None
    assert coefficient.value is not None
    value, unit = made
    bound = _BOUND[coefficient.comparator]
    factor = f"{bound}{plain(coefficient.value)}{coefficient.unit}"
    chain = f"{plain(own.value)}{own.unit} {sign} {factor} = {bound}{plain(value)}{unit}"
    larger = _LARGER.get(unit)
    if larger and convert(value, unit, larger) >= 1:
        chain += f" = {bound}{plain(convert(value, unit, larger))}{larger}"
    return chain


def proven(line: str, given: Callable[[Figure], bool]) -> set[tuple[int, int]]:
    """Return the spans of the figures of a line that follow, step by step, from figures that are given.

    Args:
        line: a line with chains such as `100t × 1.4571tce/t = 145.71tce`.
        given: whether a figure is the user's own or stands in the sources.
    """
    figures = [f for f in read_figures(line) if f.kind == "number"]
    found: set[tuple[int, int]] = set()
    made: tuple[Decimal, str] | None = None
    for left, right in pairwise(figures):
        sign = line[left.span[1] : right.span[0]].strip()
        if sign in ("×", "÷"):
            made = _step(left, sign, right) if given(left) and given(right) else None
        elif sign == "=" and made is not None and _same_amount(made, right):
            found.add(right.span)
        else:
            made = None
    return found


def _same_amount(made: tuple[Decimal, str], figure: Figure) -> bool:
    try:
        return convert(*made, figure.unit) == figure.value
    except UnknownUnit:
        return False
