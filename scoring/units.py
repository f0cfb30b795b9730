"""Amounts as people write them, and the only door to pint: "12.5 万kWh" becomes exactly 125 MWh.

Conversion is by exact ratios of Decimal, rounded at most once. Units are those of `rules/units.txt`; tce, tCO2 and
tC are dimensions of their own, so that GJ never turns into tce without a named coefficient.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any, cast

from scoring.errors import ParkDataError
from scoring.source import read_yaml

RULES = files("scoring") / "rules"
EXACT = Context()
"""The arithmetic of all scoring, whatever the caller's own context is."""
ZERO = Decimal(0)
ONE = Decimal(1)
_NUMBER = re.compile(r"[+-]?(?:\d[\d,_ ]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and its unit as written; the unit is empty where none was written."""

    number: Decimal
    unit: str = ""


class UnknownUnit(ParkDataError):
    """A unit that `rules/units.txt` does not define, or one that measures something else than asked."""


@cache
def _words() -> Mapping[str, Any]:
    text = (RULES / "words.yaml").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], read_yaml("words.yaml", text).data)


@cache
def _registry() -> Any:
    import pint  # heavy: only when the first unit is converted

    text = (RULES / "units.txt").read_text(encoding="utf-8").splitlines()
    return cast(Any, pint.UnitRegistry)(text, non_int_type=Decimal, cache_folder=None)


def spelled(unit: str) -> str:
    """Return the unit in the spelling that the registry knows: half width, ³ as 3, % as percent."""
    text = unicodedata.normalize("NFKC", unit).strip()
    text = text.removeprefix("(").removesuffix(")") if text.count("(") == text.count(")") else text
    for written, known in _words()["spellings"].items():
        text = text.replace(unicodedata.normalize("NFKC", written), known)
    text = text.replace(" ", "")
    return "one" if text in ("", "1") else text


@cache
def _ratio(unit: str) -> tuple[Decimal, Decimal, str]:
    """Return numerator and denominator of the unit in base units, and what it measures."""
    try:
        parsed = _registry().Quantity(ONE, spelled(unit))
        above, below = Decimal(parsed.magnitude), ONE
        for name, power in parsed.unit_items():
            base = Decimal(_registry().Quantity(ONE, name).to_root_units().magnitude)
            above, below = (above * base, below) if power > 0 else (above, below * base)
            if abs(power) != 1:
                raise ValueError(name)
        return above, below, str(parsed.dimensionality)
    except Exception as fault:
        raise UnknownUnit(f"不认识单位 {unit!r}。请用 {_examples()} 这样的单位。") from fault


def _examples() -> str:
    return "吨标准煤、万kWh、MWh、GJ、t、万m³、%"


def measures(unit: str) -> str:
    """Return what the unit measures, to compare with another's: energy, mass, standard coal ..."""
    return _ratio(unit)[2]


def convert(number: Decimal, unit: str, to: str) -> Decimal:
    """Return the number in another unit of the same kind, exact wherever decimals can be.

    >>> convert(Decimal("12.5"), "万kWh", "MWh")
    Decimal('125')

    Raises:
        UnknownUnit: a unit is not defined, or the two measure different things.
    """
    if unit == to:
        return number
    (a, b, kind), (c, d, wanted) = _ratio(unit), _ratio(to)
    if kind != wanted:
        raise UnknownUnit(f"{unit!r} 不能换算成 {to!r}：两者量的不是同一种东西。请换成以 {to!r} 或其倍数为单位的数。")
    above, below = EXACT.multiply(a, d), EXACT.multiply(b, c)
    return plain(EXACT.divide(EXACT.multiply(number, above), below))


def plain(number: Decimal) -> Decimal:
    """Return the same number without exponent or closing zeros, so that equal numbers print alike.

    >>> plain(Decimal("1.2500E+2"))
    Decimal('125')
    """
    short = number.normalize(EXACT)
    return short.quantize(ONE, context=EXACT) if cast(int, short.as_tuple().exponent) > 0 else short


def read_number(text: str) -> Decimal:
    """Return the number that the text is: digits with separators, or Chinese numerals.

    >>> read_number("1,200"), read_number("二十万"), read_number("三千五百")
    (Decimal('1200'), Decimal('200000'), Decimal('3500'))
    """
    amount = read_amount(text)
    scales = {**_words()["large_scales"], **_words()["small_scales"]}
    if amount.unit in scales:
        return amount.number * Decimal(scales[amount.unit])
    if amount.unit:
        raise ParkDataError(f"{text!r} 不是一个数。请只写数字，例如 1200 或 1,200。")
    return amount.number


def read_amount(text: str) -> Amount:
    """Return the number and the unit of a text such as "12.5 万kWh", "1,200 t" or "二十万吨标准煤".

    Raises:
        ParkDataError: it holds no number, more than one, or a guess (约, 多, 左右).
    """
    line = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    vague = [word for word in _words()["vague"] if word in line]
    if vague:
        raise ParkDataError(f"{text!r} 里有{vague[0]!r}，不是一个确定的数。请写计量或统计的准确数。")
    found = _NUMBER.match(line)
    if found:
        return Amount(_digits(found.group(), text), line[found.end() :].strip())
    han = _han(line)
    if han is None:
        raise ParkDataError(f"{text!r} 里没有数。请写数字和单位，例如 12.5 万kWh。")
    return han


def _digits(written: str, text: str) -> Decimal:
    compact = written.strip().replace(" ", "").replace("_", "")
    if "," in compact and not _GROUPED.match(compact):
        raise ParkDataError(f"{text!r} 里的逗号不在千位上，看不出是小数点还是分节号。请写成 1200 或 1,200。")
    try:
        number = Decimal(compact.replace(",", ""))
    except InvalidOperation:
        raise ParkDataError(f"{text!r} 不是一个数。请写成 1200 或 1,200。") from None
    if len(number.as_tuple().digits) > EXACT.prec or abs(number.adjusted()) >= EXACT.prec // 2:
        raise ParkDataError(f"{text!r} 的位数太多，不像计量或统计的数。请核对。")
    return number


def _han(line: str) -> Amount | None:
    """Return an amount in Chinese numerals: 二十万吨标准煤, 三点五亿千瓦时, 百分之八十; None where there is none."""
    if line.startswith("百分之"):
        inner = read_amount(line.removeprefix("百分之"))
        return Amount(inner.number, "percent")
    words = _words()
    numerals = {**words["digits"], **words["small_scales"], **words["large_scales"], "点": 0}
    length = next((i for i, letter in enumerate(line) if letter not in numerals), len(line))
    if length == 0 or not any(letter in words["digits"] or letter in "十拾" for letter in line[:length]):
        return None
    # 三点五亿千瓦时: the 千 belongs to the unit, not to the numeral
    ends = [cut for cut in range(length, 0, -1) if cut == length or (line[cut] in numerals and _known(line[cut:]))]
    cut = next((cut for cut in ends if not line[cut:].strip() or _known(line[cut:])), length)
    return Amount(_han_value(line[:cut]), line[cut:].strip())


def _known(unit: str) -> bool:
    try:
        _ratio(unit.strip())
    except UnknownUnit:
        return False
    return True


def _han_value(numeral: str) -> Decimal:
    words = _words()
    total = section = digit = ZERO
    place: Decimal | None = None
    for letter in numeral:
        if letter == "点":
            place = ONE
        elif letter in words["digits"]:
            value = Decimal(words["digits"][letter])
            if place is None:
                digit = value
            else:
                place = place / Decimal(words["small_scales"]["十"])
                digit += value * place
        elif letter in words["small_scales"]:
            section += (digit or ONE) * Decimal(words["small_scales"][letter])
            digit, place = ZERO, None
        else:
            scale, below = Decimal(words["large_scales"][letter]), section + digit
            total = total + below * scale if total >= scale and below else (total + below) * scale  # 三亿二千万
            section, digit, place = ZERO, ZERO, None
    return plain(total + section + digit)


def read_quantity(text: str, unit: str) -> Decimal:
    """Return the amount in the unit asked for; a bare number is taken to be in it already.

    >>> read_quantity("二十万吨标准煤", "tce"), read_quantity("85%", "1"), read_quantity("1,200", "t")
    (Decimal('200000'), Decimal('0.85'), Decimal('1200'))
    """
    amount = read_amount(text)
    if not amount.unit:
        return plain(amount.number)
    scales = {**_words()["large_scales"], **_words()["small_scales"]}
    if amount.unit in scales:
        return plain(amount.number * Decimal(scales[amount.unit]))
    return convert(amount.number, amount.unit, unit)


def read_yes_no(text: str) -> bool:
    """Return whether the text says yes (是, 有, 符合, yes) or no (否, 无, no)."""
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if word in _lowered(_words()["yes"]):
        return True
    if word in _lowered(_words()["no"]):
        return False
    raise ParkDataError(f"{text!r} 既不是“是”也不是“否”。请写 是 或 否；不知道就空着。")


def _lowered(words: Iterable[str]) -> set[str]:
    return {word.lower() for word in words}
