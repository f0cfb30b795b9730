"""Numbers as people write and say them: 3亿2千万, 三亿二, 八三零零万, 八成五, 百分之三十."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assistant.plain import words
from scoring.units import plain, read_number

DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?!\d)(?:\.[0-9]+)?"
    r"|[0-9]{1,3}(?: [0-9]{3})+\.[0-9]+(?![\d,.])|[0-9]{1,3}(?: [0-9]{3})+(?![\d,.万亿])|[0-9]+(?:\.[0-9]+)?)"
)
SMALL = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_NEXT = {"亿": "千万", "万": "千", "千": "百", "仟": "百", "百": "十", "佰": "十"}
NINE = "一二三四五六七八九"


def value_of(number: str, scale: str) -> Decimal:
    """Return the number that digits, Chinese numerals or both say, with the scale behind them.

    >>> value_of("3亿2千", "万"), value_of("三亿二", ""), value_of("1.2", "万")
    (Decimal('320000000'), Decimal('320000000'), Decimal('12000'))
    """
    number = number.replace(" ", "")
    if re.search(r"\d", number) and not number[0].isdigit():
        number = re.sub(f"[{SMALL}]", lambda m: str(read_number(m[0])), number)
    if not number[0].isdigit():
        if (read := re.fullmatch(rf"([零〇{NINE}]{{3,}})([万亿]?)", number)) is not None:  # 八三零零万
            times = Decimal(words()["scales"].get(read[2], 1)) * Decimal(words()["scales"].get(scale, 1))
            return plain(Decimal("".join(str(read_number(digit)) for digit in read[1])) * times)
        if not scale and re.search("亿[^万]*千[^万]*$", number):  # 一亿八千六 is 一亿八千六百万
            number += ("百" if re.search("千[一二三四五六七八九]$", number) else "") + "万"
        tail = re.search(r"([亿万千百仟佰])([一二三四五六七八九])$", number)
        number += _NEXT[tail[1]] if tail and not scale else ""  # 三亿二 is 三亿二千万
        if scale and not scale.isascii():  # 一亿九千三百多万: the scale is of its last part
            return plain(read_number(number + scale))
        return plain(read_number(number) * Decimal(words()["scales"].get(scale, 1)))
    if number.replace(",", "").replace(".", "").isdigit():
        return plain(Decimal(number.replace(",", "")) * Decimal(words()["scales"].get(scale, 1)))
    whole = number + scale
    tail = re.search(r"([亿万千百])(\d)$", whole)
    return _mixed(whole + (_NEXT[tail[1]] if tail else ""))


def low_of(m: re.Match[str], high: Decimal) -> Decimal:
    """Return the lower end of a range; the scale of the upper one is its own too: 一百八到两百万, 三到四亿."""
    shared = m["bs"] or (scale[0] if (scale := re.search("[万亿]$", m["b"])) else "")
    alone = value_of(m["a"], m["as"] or "")
    if m["as"] or not shared or re.search("[万亿]", m["a"]):
        return alone
    low = plain(alone * Decimal(words()["scales"][shared]))
    return low if low < high or m["bs"] else alone


def _mixed(text: str) -> Decimal:
    """Return the value of digits among scales: 2亿8千6百万."""
    scales: Mapping[str, Any] = words()["scales"]
    total = section = digit = Decimal(0)
    for piece in re.findall(rf"{DIGITS}|[十百千万亿]", text):
        if piece[0].isdigit():
            digit = Decimal(piece.replace(",", ""))
            continue
        times = Decimal(10) if piece == "十" else Decimal(scales[piece])
        if piece in "万亿":
            below = section + digit
            total = total + below * times if total >= times and below else (total + below) * times
            section = digit = Decimal(0)
        else:
            section, digit = section + (digit or 1) * times, Decimal(0)
    return plain(total + section + digit)


def is_faithful(number: Decimal, text: str) -> bool:
    """Whether a number has the digits that the text says, in their order: 三亿三亿 is no number."""
    spoken = re.sub(rf"(?<![{SMALL}])[十拾]", "一", text)
    said = "".join(str(read_number(c)) if c in SMALL else c for c in spoken if c in SMALL or c.isdigit())
    return format(number, "f").replace("0", "").replace(".", "") == said.replace("0", "")


def share_of(m: re.Match[str]) -> Decimal | None:
    """Return the percentage that 百分之三十, 八成五, 四分之三, 一半 says; None where it is not exact."""
    if m["of100"]:
        share = Decimal(100) if m["of100"] == "百" else value_of(m["of100"], "")
        return share if m["of100"] == "百" or is_faithful(share, m["of100"]) else None
    if m["tenths"]:
        half = "5" if m["half"] == "半" else m["half"] or "0"
        return Decimal(int(read_number(m["tenths"])) * 10 + int(read_number(half)))
    if m["part_of"]:
        whole = read_number(m["part_of"])
        share = read_number(m["part"]) * 100 / whole if whole else None
        return plain(share) if share is not None and len(share.as_tuple().digits) < 9 else None
    return Decimal(100) if m["hundred"] else Decimal(50)
