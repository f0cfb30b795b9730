"""Amounts in a message as people say them: 3亿2千万度, 三千多万, 八成五, 3到4亿kWh; dates and document numbers apart.

text = plain_text("２０２４年用電三億度")   the message in one plain form, each character with its original place
found = amounts_in(text.plain)          amounts with number, unit, range and guess; nothing is converted here
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, cast

from assistant.understand import read_yaml
from corpus.figures import normal, read_figures
from corpus.words import simplified
from scoring.units import plain, read_number

_LONGEST = 1000
_TIMES = frozenset(("年", "天", "小时", "分钟", "个月", "次"))
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_SMALL = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_HAN = rf"(?:[{_SMALL}十拾佰仟亿]|百(?!分)|千(?![瓦克焦米卡])|万(?![瓦]))"
_HAN_NUMBER = rf"{_HAN}+(?:点[{_SMALL}]+(?:[十百千]?[万亿]|[百千](?![分瓦克焦米卡]))?)?"
_NEXT = {"亿": "千万", "万": "千", "千": "百", "仟": "百", "百": "十", "佰": "十"}
_PAIR = re.compile(
    r"(?<![一二两三四五六七八九十百千万亿点.\d])([一二两三四五六七八九])([一二三四五六七八九])(?=[十百千万亿成])"
)
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}[日号]?|([-/.])\d{1,2}\1\d{1,2})(?!\d)|(?<!\d)\d{1,2}月\d{1,2}[日号]"
    r"|\d{1,2}[:点]\d{2}(?=[分,，。 ]|$)|1\d{10}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}"
)
_YEAR = re.compile(
    rf"(?<![\d.])(?:(?P<long>(?:19|20)\d\d)|(?P<short>2\d)(?=年(?![内间以前后限])))(?:\s*(?:财|自然)?年度?|(?=[\s,，:]*(?:用|全年|共|our|we|total)))"
    rf"|(?P<han>二[{_SMALL}]{{3}})年|(?<![\w.])(?:in|for) (?P<english>(?:19|20)\d\d)(?![\d.])"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """A message in plain form, and for each of its characters the original place (one more at the end)."""

    original: str
    plain: str
    places: tuple[int, ...]

    def raw(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the original characters of a span of the plain form, without blanks around, and their place."""
        first, last = self.places[start], self.places[end - 1] + 1
        while first < last and self.original[first].isspace():
            first += 1
        while last > first and self.original[last - 1].isspace():
            last -= 1
        return self.original[first:last], first, last


def plain_text(message: str, *, mended: tuple[str, ...] = ()) -> Plain:
    """Return the message in half width, small letters, simplified characters; `mended` pairs (绿正→绿证) are put in."""
    message = message[:_LONGEST]
    folded, places = normal(message)
    folded = simplified(folded)
    marks = {"，": "，", "、": "、", "；": ";"}  # a full-width comma never groups digits
    folded = "".join(marks.get(message[places[i]], c) for i, c in enumerate(folded))
    for pair in mended:
        wrong, _, right = pair.partition("→")
        folded = folded.replace(wrong, right) if len(wrong) == len(right) else folded
    return Plain(message, folded, tuple(places))


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a plain text.

    Attributes:
        start, end: where it stands.
        number: exact, scaled (3.2亿 is 320000000); None for a range and where no number was said (几百吨).
        unit: as scoring writes it (kWh, tce/MWh, percent), as said where scoring has no such unit, or empty.
        known: whether scoring has the unit.
        about: a guess (大概, 多, 左右).
        low, high: of a range.
        points: it counts points of percent, and so is always a change.
        wide: the span with the words of guessing around it.
        part: of a rate, the time that it is for (/天), where that is no year.
    """

    start: int
    end: int
    number: Decimal | None
    unit: str = ""
    known: bool = True
    about: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    points: bool = False
    wide: tuple[int, int] = (0, 0)
    part: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A word of time in a plain text: a year, or a part of a year, or (both empty) the whole year."""

    start: int
    end: int
    year: int | None = None
    part: str = ""


@cache
def words() -> Mapping[str, Any]:
    """Return how people write units and facts: `said_words.yaml`."""
    return cast(Mapping[str, Any], read_yaml("assistant", "said_words.yaml"))


@cache
def signs() -> Mapping[str, re.Pattern[str]]:
    """Return the signs of `said_signs.yaml`, compiled."""
    return {name: re.compile(pattern) for name, pattern in read_yaml("assistant", "said_signs.yaml").items()}


@cache
def _units() -> tuple[str, Mapping[str, str], re.Pattern[str]]:
    """Return the pattern of a unit, group name -> the unit of scoring, and the pattern of one unit alone."""
    known = words()
    listed = [(unit, spelling) for unit, spellings in known["units"].items() for spelling in spellings]
    listed += [("", one) for one in known["other_units"]] + [("points", one) for one in known["points_of_percent"]]
    listed.sort(key=lambda pair: len(re.sub(r"\(\?.*?\)", "", pair[1])), reverse=True)
    closed = [
        f"{s}(?![a-z\\d])" if re.search(r"[a-z\d?)]$", s) and s[0].isascii() and s[0] != "%" else s for _, s in listed
    ]
    names = {f"u{i}": unit for i, (unit, _) in enumerate(listed)}
    single = re.compile("|".join(f"(?P<u{i}>{s})" for i, s in enumerate(closed)))
    atom = "(?:" + "|".join(closed) + ")"
    below = "(?:" + "|".join(s for s in closed if s not in _TIMES) + ")"
    return rf"(?:{atom}(?:\s*(?:/|每|per )\s*(?:万|亿|千)?{below})?)", names, single


@cache
def _scale() -> str:
    named = sorted(words()["scales"], key=len, reverse=True)
    guard = {"千": "千(?![瓦克焦米卡])", "百": "百(?!分)", "w": "w(?=[度吨方张元块])"}
    return "(?:" + "|".join(guard.get(s, f"{s}(?![a-z])" if s.isascii() else s) for s in named) + ")"


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    unit, scale = _units()[0], _scale()
    per = r"(?P<per>\s*(?:/|每)\s*(?:年|天|日|月|小时|h(?![a-z])|d(?![a-z])|a(?![a-z])|year|day|month))?"
    digits = rf"(?:{_DIGITS}(?:[十百千]?[万亿]|千(?![瓦克焦米卡])|百(?!分))(?=\d))*{_DIGITS}"
    number = rf"(?:{digits}|{_HAN_NUMBER})"
    more = "[多余来几]"
    join = r"\s*(?:到|至|~|-|或者?|to)\s*"
    return {
        "range": re.compile(
            rf"(?<![\d.a-z])(?P<a>{number})\s*(?P<as>{scale})?\s*(?:{unit})?{join}"
            rf"(?P<b>{number})\s*(?P<bs>{scale})?\s*(?P<unit>{unit})?"
        ),
        "share": re.compile(
            rf"百分之(?P<of100>{digits}|{_HAN_NUMBER}|百)|(?P<tenths>[一二三四五六七八九1-9])成(?P<half>[一二三四五六七八九1-9半])?(?![立为功交本果员效熟品套])"
            rf"|(?P<part_of>[{_SMALL}十]+|\d+)分之(?P<part>[{_SMALL}十]+|\d+)|(?P<hundred>百分百)|(?P<half_of>一半|half)(?!导)"
        ),
        "headed": re.compile(
            rf"(?:\(\s*(?P<hs>{scale})?\s*(?P<unit>{unit})\s*\)"
            rf"|(?<=[\t ,:])(?P<hs2>{scale})?(?P<unit2>{unit})(?=[\t :]))"
            rf"\s*[:=是为]?\s*(?P<a>{digits})(?!\s*(?:{scale}|{unit}))(?![\d.]*\d)"
        ),
        "amount": re.compile(
            rf"(?<![\d.])(?<![a-z\s:,=]-)(?<!^-)(?P<a>{number})\s*(?P<more>{more}|个(?=[万亿]))?\s*(?P<as>{scale})?"
            rf"(?:\s*[×x*]\s*10\^?(?P<exp>\d{{1,2}}))?(?P<more2>{more})?\s*(?P<unit>{unit})?{per}"
        ),
        "few": re.compile(rf"(?P<few>[几数][十百千万亿]+)\s*(?P<unit>{unit})"),
    }


def _unit(text: str) -> tuple[str, bool, bool]:
    """Return the unit as scoring writes it, whether scoring knows it, and whether it is points of percent."""
    text = text.strip()
    if not text:
        return "", True, False
    parts: list[str] = []
    _, names, single = _units()
    for part in re.split(r"\s*(?:/|每|per )\s*", text):
        scale = re.match(r"万|亿|千(?![瓦克焦])", part)
        match = single.fullmatch(part[scale.end() if scale else 0 :]) or single.match(part)
        name = names[cast(str, match.lastgroup)] if match else ""
        if name == "points":
            return "percent", True, True
        if not name:
            return text, False, False
        parts.append((scale[0] if scale else "") + name)
    return "/".join(parts), True, False


def _value(number: str, scale: str) -> Decimal:
    """Return the number that digits, Chinese numerals or both say, with the scale behind them.

    >>> _value("3亿2千", "万"), _value("三亿二", ""), _value("1.2", "万")
    (Decimal('320000000'), Decimal('320000000'), Decimal('12000'))
    """
    number = number.replace(" ", "")
    if not number[0].isdigit():
        tail = re.search(r"([亿万千百仟佰])([一二三四五六七八九])$", number)
        number += _NEXT[tail[1]] if tail and not scale else ""  # 三亿二 is 三亿二千万
        return plain(read_number(number) * Decimal(words()["scales"].get(scale, 1)))
    if number.replace(",", "").replace(".", "").isdigit():
        return plain(Decimal(number.replace(",", "")) * Decimal(words()["scales"].get(scale, 1)))
    whole = number + scale
    tail = re.search(r"([亿万千百])(\d)$", whole)
    return _mixed(whole + (_NEXT[tail[1]] if tail else ""))


def _mixed(text: str) -> Decimal:
    """Return the value of digits among scales: 2亿8千6百万."""
    scales: Mapping[str, Any] = words()["scales"]
    total = section = digit = Decimal(0)
    for piece in re.findall(rf"{_DIGITS}|[十百千万亿]", text):
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


def _share_value(m: re.Match[str]) -> Decimal | None:
    """Return the percentage that 百分之三十, 八成五, 四分之三, 一半 says; None where it is not exact."""
    if m["of100"]:
        return Decimal(100) if m["of100"] == "百" else _value(m["of100"], "")
    if m["tenths"]:
        half = "5" if m["half"] == "半" else m["half"] or "0"
        return Decimal(int(read_number(m["tenths"])) * 10 + int(read_number(half)))
    if m["part_of"]:
        whole = read_number(m["part_of"])
        share = read_number(m["part"]) * 100 / whole if whole else None
        return plain(share) if share is not None and len(share.as_tuple().digits) < 9 else None
    return Decimal(100) if m["hundred"] else Decimal(50)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "\x00" * (end - start) + text[end:]


def without_names(text: str) -> tuple[str, tuple[Moment, ...]]:
    """Return the text with dates and the numbers of documents and clauses blanked, and the words of time in it."""
    moments: list[Moment] = []
    for figure in read_figures(text):
        fraction = figure.kind == "name" and "/" in figure.key
        if figure.kind in ("document", "standard", "clause", "ordinal", "name") and not fraction:
            is_part = signs()["part"].match(figure.text)
            text = text if is_part else _blank(text, *figure.span)
    for m in _DATE.finditer(text):
        text = _blank(text, *m.span())
    for m in _YEAR.finditer(text):
        year = m["long"] or m["english"] or ("20" + m["short"] if m["short"] else "")
        if m["han"]:
            year = "".join(str(read_number(digit)) for digit in m["han"])
        moments.append(Moment(*m.span(), year=int(year) if year else None))
        text = _blank(text, *m.span())
    for m in signs()["part"].finditer(text):
        moments.append(Moment(*m.span(), part=m[0]))
        text = _blank(text, *m.span())
    moments += [Moment(*m.span()) for m in signs()["whole"].finditer(text)]
    return text, tuple(sorted(moments, key=lambda one: one.start))


def amounts_in(text: str) -> list[Amount]:
    """Return the amounts of a plain text in order; bare numbers too, of Chinese numerals only the longer ones."""
    found: list[Amount] = []
    rest = text
    for kind, pattern in _patterns().items():
        for m in list(pattern.finditer(rest)):
            amount = _amount(kind, m)
            if amount is not None:
                found.append(amount)
                rest = _blank(rest, *m.span())
        if kind == "share":
            found += _pairs(rest)
            for one in found:
                rest = _blank(rest, one.start, one.end)
    return [_guessed(text, one) for one in sorted(found, key=lambda one: one.start)]


def _pairs(rest: str) -> Iterator[Amount]:
    """Yield what 三四千万 and 两三百吨 say: a range."""
    for m in _PAIR.finditer(rest):
        tail = re.compile(rf"\s*(?P<as>{_scale()}|十|成)\s*(?P<unit>{_units()[0]})?").match(rest, m.end())
        if tail is None:
            continue
        unit, known, points = ("percent", True, False) if tail["as"] == "成" else _unit(tail["unit"] or "")
        scale = "十" if tail["as"] in "成十" else tail["as"]
        low, high = (
            Decimal(read_number(d)) * (10 if scale == "十" else Decimal(words()["scales"][scale])) for d in m.groups()
        )
        yield Amount(m.start(), tail.end(), None, unit, known, True, plain(low), plain(high), points)


def _amount(kind: str, m: re.Match[str]) -> Amount | None:
    if kind == "share":
        value = _share_value(m)
        return Amount(*m.span(), value, "percent", about=value is None)
    named = m["unit"] or (kind == "headed" and m["unit2"]) or ""
    unit, known, points = _unit(named)
    if kind == "few":
        return Amount(*m.span(), None, unit, known, True, points=points)
    if kind == "headed":
        return Amount(*m.span(), _value(m["a"], m["hs"] or m["hs2"] or ""), unit, known, points=points)
    if kind == "range":
        return _range(m, unit, known, points)
    han = not m["a"][0].isdigit()
    scaled = bool(m["as"]) or (any(c in m["a"] for c in "十百千万亿点") and len(m["a"]) > 1)
    if han and not scaled and (not unit or unit in ("个", "year", "piece") or not known):
        return None
    if han and (not unit or not known) and len(m["a"]) < 2 and not m["as"]:
        return None
    if han and not any(c in m["a"] for c in f"{_SMALL}十拾"):
        return None
    per = (m["per"] or "").strip() if unit else ""
    end = max(m.end(name) for name in ("a", "more", "as", "exp", "more2", "unit", *(("per",) if per else ())))
    more = {m["more"], m["more2"]} - {None, "个"}
    number = None if "几" in more else _value(m["a"], m["as"] or "")
    if number is not None and m["exp"]:
        number = plain(number.scaleb(int(m["exp"])))
    part = "" if per.lstrip("/每 ") in ("", "年", "a", "year") else per
    return Amount(m.start(), end, number, unit, known, bool(more), points=points, part=part)


def _range(m: re.Match[str], unit: str, known: bool, points: bool) -> Amount | None:
    if any(not m[name][0].isdigit() and len(m[name]) < 2 and not m["unit"] for name in ("a", "b")):
        return None
    if not (m["unit"] or m["bs"]):
        return None
    high = _value(m["b"], m["bs"] or "")
    low = _value(m["a"], m["as"] or m["bs"] or "")
    if low >= high:
        return None
    return Amount(*m.span(), None, unit, known, True, low, high, points)


def _guessed(text: str, one: Amount) -> Amount:
    """Return the amount with the words of guessing around it taken in."""
    before = "|".join(map(re.escape, words()["about_before"]))
    after = "|".join(map(re.escape, words()["about_after"]))
    head = re.compile(rf"(?:{before})[的有是在为]?\s*$").search(text, max(0, one.start - 8), one.start)
    tail = re.compile(rf"\s*(?:{after})").match(text, one.end)
    start, end = (head.start() if head else one.start), (tail.end() if tail else one.end)
    return replace(one, about=one.about or bool(head or tail), wide=(start, end))
