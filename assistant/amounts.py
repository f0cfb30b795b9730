"""Amounts in a plain text as people say them: 3亿2千万度, 三千多万, 八成五, 3到4亿kWh. Nothing is converted here.

rest, _ = without_names(plain_text(message).plain)
found = amounts_in(rest)      number, unit, range, guess
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import cast

from assistant.numerals import DIGITS, NINE, SMALL, is_faithful, low_of, share_of, value_of
from assistant.plain import blank, words
from assistant.plain import signs as signs  # for those who took it from here
from scoring.units import plain, read_number

_TIMES = frozenset(("年", "天", "小时", "分钟", "个月", "次"))
_HAN = rf"(?:[{SMALL}十拾佰仟亿]|百(?!分|万千焦)|千(?![瓦克焦米卡帕])|万(?![瓦]))"
_HEADS = rf"(?:[{SMALL}][十百千万亿]+)+"  # 八千3百万: numerals before digits
_HAN_NUMBER = rf"(?=[{SMALL}十拾]){_HAN}+(?:点[{SMALL}]+(?:[十百千]?[万亿]|[百千](?![分瓦克焦米卡]))?)?"
_HALF = re.compile(r"半(?![年月天数自导])")  # 八十六吨半: how much of it, is not guessed
_WHOLE = 1000  # 三万吨半 is no number
_TWO_THREE = str.maketrans("俩仨", "两三")
_LETTERS = re.compile(r"(?<=\d)[a-z]{1,3}(?:/[a-z]{1,4})?(?![a-z])")
_TENTH = re.compile("[一二三四五六七八九](?![十百千万亿成个级号月年季次项家张]|分之)")
_NO_NUMBER = (  # what looks like the head of a number and is none
    r"(?<![\d几])(?<!\d\.)(?<!序号)(?<!序号 )(?<!co)(?<!ch)(?<!pm)(?<![a-z\s:,=]-)(?<!^-)(?!(?<=数)[十百千万])"
    r"(?!零(?:排放|碳|增长|事故|投诉|库存|配件|部件|售|星))(?!一[度吨张方点个](?:[电煤气水油])?(?:也|都)?(?:[没未]|不(?![到足])))"
)
_LISTED = re.compile("\\s*[、和与及跟]\\s*")
_PAIR = re.compile(
    rf"(?<![两{NINE}十百千万亿点.\d])(?P<head>[两{NINE}十百千]+[亿万])?"
    rf"(?P<hundreds>(?:[两{NINE}]千)?(?:[两{NINE}]百)?)(?P<tens>[二三四五六七八九]?十)?(?P<one>[两{NINE}])(?P<two>[{NINE}])"
    r"(?=[十百千万亿成吨度方张]|(?<=万..)(?:的样子|左右|上下|[,，。 ]|$))"
)


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
    below = "(?:" + "|".join(s for s in closed if s.partition("(")[0] not in _TIMES) + ")"
    return rf"(?:{atom}(?:\s*(?:/|每|per )\s*(?:万|亿|千)?{below})?)", names, single


@cache
def _scale() -> str:
    named = sorted(words()["scales"], key=len, reverse=True)
    guard = {
        "千": "千(?![瓦克焦米卡帕])",
        "百": "百(?!分|万千焦)",
        "百万": "百万(?!千焦)",
        "k": "k(?=t(?:ce|co2e?)?(?![a-z]))",
        "w": "w(?=[多来]?[度吨张方元块吉标顿]| ?(?:n?m3|kwh|gj|tce|t)(?![a-z]))",
    }
    return "(?:" + "|".join(guard.get(s, f"{s}(?![a-z])" if s.isascii() else s) for s in named) + ")"


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    unit, scale = _units()[0], _scale()
    per = r"(?P<per>\s*(?:/|每)\s*(?:年|天|日|月|小时|h(?![a-z])|d(?![a-z])|a(?![a-z])|year|day|month))?"
    digits = rf"(?:{DIGITS}(?:[十百千]?[万亿]|千(?![瓦克焦米卡])|百(?!分))零?(?=\d))*{DIGITS}"
    number = rf"(?:{digits}|{_HEADS}{digits}|{_HAN_NUMBER})"
    more = "[多余来几]"
    join = r"\s*(?:到|至|~|-|或者?|to)\s*"
    return {
        "range": re.compile(
            rf"(?<![\d.a-z])(?P<a>{number})\s*(?P<as>{scale})?\s*(?:{unit})?{join}"
            rf"(?P<b>{number})\s*(?P<bs>{scale})?\s*(?P<unit>{unit})?"
        ),
        "between": re.compile(
            rf"(?<![\d.a-z])(?P<a>{number})\s*(?P<as>{scale})?\s*(?:{unit})?\s*(?:和|与|跟|、)\s*"
            rf"(?P<b>{number})\s*(?P<bs>{scale})?\s*(?P<unit>{unit})?\s*(?:之间|中间)"
        ),
        "both": re.compile(
            rf"between\s+(?P<a>{digits})\s*(?P<as>{scale})?\s*(?:{unit})?\s*and\s*"
            rf"(?P<b>{digits})\s*(?P<bs>{scale})?\s*(?P<unit>{unit})?"
        ),
        "share": re.compile(
            rf"百分之(?P<of100>{digits}|{_HAN_NUMBER}|百)"
            rf"|(?<![两{NINE}])(?P<tenths>[两{NINE}1-9])成(?P<half>[{NINE}1-9半])?(?![立为功交本果员效熟品套])"
            rf"|(?P<part_of>[{SMALL}十]+|\d+)分之(?P<part>[{SMALL}十]+|\d+)|(?P<hundred>百分百)|(?P<half_of>一半|half)(?!导)"
        ),
        "headed": re.compile(
            rf"(?:\(\s*(?P<hs>{scale})?\s*(?P<unit>{unit})\s*\)"
            rf"|(?<=[\t ,，、:|/])(?<![\d万亿] )(?P<hs2>{scale})?(?P<unit2>{unit})(?=[\t ,，:|]))"
            rf"\s*[:=是为|,，]?\s*(?P<a>{digits})(?!\s*(?:{scale}|{unit}))(?![\d.]*\d)"
        ),
        "amount": re.compile(
            rf"{_NO_NUMBER}(?P<a>{number})\s*(?!\s*[×x*]\s*(?!10)\d)"
            rf"(?P<more>{more}个?(?=[万亿])|{more}|个[多来]?(?=[万亿]))?\s*(?P<as>[十百千][多余来][万亿]|{scale})?"
            rf"(?:(?:\s*[×x*]\s*10\^?|(?<=\d)e\+?)(?P<exp>\d{{1,2}})(?!\d))?(?P<more2>{more})?\s*(?P<unit>{unit})?{per}"
        ),
        "common": re.compile(rf"单位(?:都|均|一律|统一|全)?(?:是|为|:)?\s*(?P<as>{scale})?(?P<unit>{unit})"),
        "half": re.compile(rf"(?<![{SMALL}十百千万亿\d吨])(?P<few>半)个?(?P<unit>吨|t(?![a-z]))"),
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


def amounts_in(text: str) -> list[Amount]:
    """Return the amounts of a plain text in order; bare numbers too, of Chinese numerals only the longer ones."""
    found: list[Amount] = []
    rest = text = text.translate(_TWO_THREE)
    for kind, pattern in _patterns().items():
        if kind == "common":
            continue
        for m in list(pattern.finditer(rest)):
            amount = _amount(kind, m)
            if amount is not None:
                found.append(amount)
                rest = blank(rest, *m.span())
        if kind == "share":
            found += _pairs(rest)
            for one in found:
                rest = blank(rest, one.start, one.end)
    found = _shared(text, _joined(sorted(found, key=lambda one: one.start)))
    return [_guessed(text, one) for one in found]


def _shared(text: str, found: list[Amount]) -> list[Amount]:
    """Return the amounts, bare ones with the unit said for all (单位万度) or behind the last of a list: 120、93万GJ."""
    common = _patterns()["common"].search(text)
    kept: list[Amount] = []
    for one in reversed(found):
        last = kept[-1] if kept else None
        if one.unit or one.number is None:
            kept.append(one)
        elif common is not None and common.start() >= one.end:
            kept.append(_in_unit(text, one, common["as"] or "", *_unit(common["unit"])[:2]))
        elif last is not None and last.unit and _LISTED.fullmatch(text[one.end : last.start]):
            scale = re.match(r"[\d,. ]+([万亿])", text[last.start : last.end])
            kept.append(_in_unit(text, one, scale[1] if scale else "", last.unit, last.known))
        else:
            kept.append(one)
    return kept[::-1]


def _in_unit(text: str, one: Amount, scale: str, unit: str, known: bool) -> Amount:
    """Return an amount in a unit, and of a scale where it was said in digits without one."""
    times = Decimal(1 if re.search("[万亿]", text[one.start : one.end]) else words()["scales"].get(scale, 1))
    return replace(one, unit=unit, known=known, number=plain(one.number * times) if one.number is not None else None)


def _joined(found: list[Amount]) -> list[Amount]:
    """Return the amounts, tonnes and kilograms together as one: 12吨600公斤."""
    kept: list[Amount] = []
    for one in found:
        last = kept[-1] if kept else None
        together = last is not None and last.end == one.start and (last.unit, one.unit) == ("t", "kg")
        if last is None or not together or last.number is None or one.number is None:
            kept.append(one)
        else:
            kept[-1] = replace(last, end=one.end, number=plain(last.number + one.number / 1000))
    return kept


def _pairs(rest: str) -> Iterator[Amount]:
    """Yield what 三四千万 and 两三百吨 say: a range."""
    behind = re.compile(rf"\s*(?:(?P<as>{_scale()}|十|成)\s*(?P<unit>{_units()[0]})?|(?P<alone>{_units()[0]}|))")
    for m in _PAIR.finditer(rest):
        tail = behind.match(rest, m.end())
        if tail is None or (m["head"] and m["head"][-1] in (tail["as"] or "")):  # 十亿两三亿 is no number
            continue
        unit, known, points = (
            ("percent", True, False) if tail["as"] == "成" else _unit(tail["unit"] or tail["alone"] or "")
        )
        scale = "十" if tail["as"] and tail["as"] in "成十" else tail["as"]
        scales = words()["scales"]
        times = Decimal(10) if scale == "十" else Decimal(scales.get(scale, 1))
        head = read_number(m["head"]) if m["head"] else Decimal(0)
        if m["head"] and not scale:  # 四万七八吨
            times = Decimal(scales[m["head"][-1]]) / 10
        if m["hundreds"] and not (scale or m["head"]):  # 三千五六吨
            times = Decimal(scales[m["hundreds"][-1]]) / 10
        if m["hundreds"]:  # 三百七八十万方
            head += read_number(m["hundreds"]) * next((Decimal(scales[c]) for c in "亿万" if c in (scale or "")), 1)
        tens = read_number(m["tens"]) if m["tens"] else Decimal(0)  # 十八九亿
        low, high = (head + (tens + read_number(m[digit])) * times for digit in ("one", "two"))
        yield Amount(m.start(), tail.end(), None, unit, known, True, plain(low), plain(high), points)


def _amount(kind: str, m: re.Match[str]) -> Amount | None:
    if re.search(r"\d{20}", m[0]):  # more digits than any figure has
        return None
    if kind == "share":
        value = share_of(m)
        return Amount(*m.span(), value, "percent", about=value is None)
    named = m["unit"] or (kind == "headed" and m["unit2"]) or ""
    unit, known, points = _unit(named)
    if kind == "half":
        return Amount(*m.span(), Decimal("0.5"), unit, known)
    if kind == "few":
        return Amount(*m.span(), None, unit, known, True, points=points)
    if kind == "headed":
        return Amount(*m.span(), value_of(m["a"], m["hs"] or m["hs2"] or ""), unit, known, points=points)
    if kind in ("range", "between", "both"):
        return _range(m, unit, known, points)
    if not named and (letters := _LETTERS.match(m.string, m.end())) is not None:
        unit, known = letters[0], False  # 302.4g/kWh: a unit that nobody knows
    han = not m["a"][0].isdigit()
    scaled = bool(m["as"]) or (any(c in m["a"] for c in "十百千万亿点") and len(m["a"]) > 1)
    if han and not scaled and (not unit or unit in ("个", "year", "piece") or not known):
        return None
    if han and (not unit or not known) and len(m["a"]) < 2 and not m["as"]:
        return None
    per = (m["per"] or "").strip() if unit else ""
    end = max(m.end(name) for name in ("a", "more", "as", "exp", "more2", "unit", *(("per",) if per else ())))
    scale = re.sub("[多余来]", "", m["as"] or "")  # 3千多万
    more = {m["more"], m["more2"], "多" if scale != (m["as"] or "") else None} - {None, "个"}
    number = None if "几" in more else value_of(m["a"], scale)
    if number is not None and not is_faithful(number, m["a"]):
        number = None
    if number is not None and m["unit"] and (half := _HALF.match(m.string, end)):
        whole = unit == "t" and number < _WHOLE and not m["as"] and number == number.to_integral_value()
        number, end = (number + Decimal("0.5"), half.end()) if whole else (None, end)  # 六吨半
    if number is not None and unit == "t" and not m["as"] and han and (tenth := _TENTH.match(m.string, end)):
        number, end = number + read_number(tenth[0]) / 10, tenth.end()  # 一百二十六吨三
    if number is not None and m["exp"]:
        number = plain(number.scaleb(int(m["exp"])))
    part = "" if per.lstrip("/每 ") in ("", "年", "a", "year") else per
    return Amount(m.start(), end, number, unit, known, bool(more) or number is None, points=points, part=part)


def _range(m: re.Match[str], unit: str, known: bool, points: bool) -> Amount | None:
    scaled = bool(m["bs"]) or m["b"][-1] in "万亿"
    if any(not m[name][0].isdigit() and len(m[name]) < 2 and not (m["unit"] or scaled) for name in ("a", "b")):
        return None
    if not (m["unit"] or scaled):
        return None
    high = value_of(m["b"], m["bs"] or "")
    low = low_of(m, high)
    if low >= high or not (is_faithful(low, m["a"]) and is_faithful(high, m["b"])):
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
