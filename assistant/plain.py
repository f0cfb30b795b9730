"""A message in one plain form, its words of time found, and the numbers that are names set apart.

text = plain_text("２０２４年用電三億度")      half width, simplified, each character with its original place
rest, moments = without_names(text.plain)    dates, documents and clauses blanked; years and parts of years found
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from assistant.understand import read_yaml
from corpus.figures import normal, read_figures
from corpus.words import simplified
from scoring.units import read_number

_LONGEST = 1000
_DIGIT = "零〇一二三四五六七八九"
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}[日号]?|([-/.])\d{1,2}\1\d{1,2})(?!\d)|(?<!\d)\d{1,2}月\d{1,2}[日号]"
    r"|\d{1,2}[:点]\d{2}(?=[分,，。 ]|$)|1\d{10}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}"
)
_NUMBERED = re.compile(
    r"(?<![\d.,])0\d{2,}(?![\d.,])"  # 团标0344
    r"|(?:annex|clause|article|table|chapter|section|no\.?) ?\d+(?![\d.])"
    r"|(?<![\d.,a-z])(?:19|20)\d\d(?= ?(?:grid|emission|version|edition|target|年版))"
    r"|(?:from|since|until|by|before|after|of) (?:19|20)\d\d(?![\d.,])"
)
_ITEM = re.compile(r"(?:^|(?<=[\s;；。]))(?:\d{1,2}[.、)](?!\d)|\(\d{1,2}\))")  # 1. 下网2.4亿度 2. 天然气900万方
_METER = re.compile(r"表\s*\d[\d,.]*\s*[万亿度吨方kmg]")  # 关口表7860万度 is no table of a document
_POWER = re.compile(r"\d\.?\d*e\+?\d{1,2}$")
_YEAR = re.compile(
    r"(?<![\d.])(?:(?P<long>(?:19|20)\d\d)(?!\s*年?版)|(?P<short>2\d)(?=年(?![内间以前后限])))"
    r"(?:\s*(?:财|自然)?年度?|(?=[\s,，:]*(?:用|全年|共|our|we|total)))"
    rf"|(?P<han>二[{_DIGIT}]{{3}})年|(?<![\w.])(?:in|for) (?P<english>(?:19|20)\d\d)(?![\d.])"
)

_TRIM = re.compile(
    r"^(?:[\s,，.。!！?？~、:：]|嗯+(?=.)|哦|噢|啊|呃|那就|那|请|麻烦)+"
    r"|(?:[\s,，.。!！?？~、]|了|啊|哦|呀|呢|吧|哈|嘛|啦|哟|的话|please)+$"
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


def asks(text: str) -> bool:
    """Whether a plain text asks something; 没多少, 不管怎么, 具体多少我再核 do not."""
    known = signs()
    return bool(known["question"].search(known["indefinite"].sub(" ", text)))


def trimmed(text: str) -> str:
    """Return a plain text without the words and marks of politeness around it."""
    return _TRIM.sub("", _TRIM.sub("", text))


def blank(text: str, start: int, end: int) -> str:
    """Return the text with a span of it made blank, so that nothing reads it again."""
    return text[:start] + "\x00" * (end - start) + text[end:]


def without_names(text: str) -> tuple[str, tuple[Moment, ...]]:
    """Return the text with dates and the numbers of documents and clauses blanked, and the words of time in it."""
    moments: list[Moment] = []
    for figure in read_figures(text):
        fraction = figure.kind == "name" and ("/" in figure.key or text[figure.span[1] :][:1] in ("万", "亿"))
        fraction = fraction or bool(_POWER.search(text[: figure.span[1]]))
        fraction = fraction or bool(_METER.match(text, figure.span[0]))
        if figure.kind in ("document", "standard", "clause", "ordinal", "name") and not fraction:
            is_part = signs()["part"].match(figure.text)
            text = text if is_part else blank(text, *figure.span)
    for m in (*_ITEM.finditer(text), *_NUMBERED.finditer(text), *_DATE.finditer(text)):
        text = blank(text, *m.span())
    for m in _YEAR.finditer(text):
        year = m["long"] or m["english"] or ("20" + m["short"] if m["short"] else "")
        if m["han"]:
            year = "".join(str(read_number(digit)) for digit in m["han"])
        moments.append(Moment(*m.span(), year=int(year) if year else None))
        text = blank(text, *m.span())
    for m in signs()["part"].finditer(text):
        moments.append(Moment(*m.span(), part=m[0]))
        text = blank(text, *m.span())
    moments += [Moment(*m.span()) for m in signs()["whole"].finditer(text)]
    return text, tuple(sorted(moments, key=lambda one: one.start))
