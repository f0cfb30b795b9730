"""The marks that number a text: 第三条, 一、, （一）, 1., ①, 4.1.2, 附件3, 附录A, 表1."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.words import han_value

_FLAT = str.maketrans(
    "０１２３４５６７８９．（）　：ＡＢＣＤ\xa0條節編錄規稱與給", "0123456789.() :ABCD 条节编录规称与给"
)
_HAN = "[一二三四五六七八九十百]"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_REFERS = re.compile(
    r"[的和及与或至到等、~～\-—,，。；;第]|中[的所规明列要]|所[称列指规述]|规定|[条款项](?![件])|以[上下外内前后]|给出|列出"
    r"|要求[的进执编，,]|之[规间一]|另有|同时|相关规定|有关规定"
)
"""What goes on from a mark that is only referred to (11.5.14.2的试验, 第三条规定的)."""
_MEASURED = re.compile(
    r"\s*[十百千]?[万亿]?(?:吨|元|千瓦|兆瓦|立方米|平方|公里|公顷|标方|度(?!量)|[kKMG]Wh?|GJ|tce|tCO|t(?![a-z])|%|％|℃)|\s*倍|\s*个百分点"
)
_SENTENCE = re.compile(r"[。；;！？!?]")
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark that a paragraph begins with.

    Attributes:
        style: annex, appendix, part, chapter, section, article, han (一、), han-bracket (（一）), digit (1.),
            digit-bracket, digit-paren, circled, letter, named (方向一：), decimal, table.
        number: as it is cited: 附件3, 第三条, 一, （一）, 3, （3）, ①, 4.1.2, 附录A, 表1.
        order: its place among its like; 0 where it has none.
        end: where what follows it begins.
        parts: of a decimal number, its parts.
        listed: an annex followed by a colon, as in the list of annexes at the end of a notice.
    """

    style: str
    number: str
    order: int
    end: int
    parts: tuple[str, ...] = ()
    listed: bool = False


def flat(text: str) -> str:
    """Return the text in half width where marks need it, of the same length."""
    return text.translate(_FLAT)


def mark_of(text: str) -> Mark | None:
    """Return the mark that a paragraph begins with, or None; a mark that the sentence only refers to is none.

    >>> mark_of("（二）核算方法。园区能源活动碳排放为").number
    '（二）'
    >>> mark_of("11.5.14.2的试验适用于本条") is None
    True
    """
    plain = flat(text)
    start = len(plain) - len(plain.lstrip())
    for pattern, make in _PATTERNS:
        if m := pattern.match(plain, start):
            return make(m)
    return None


def _count(text: str) -> int:
    """Return the number that a numeral says, in Arabic or Chinese."""
    return int(text) if text.isdigit() else int(han_value(text) or 0)


def _title_follows(rest: str) -> bool:
    """Whether what follows a mark on its line is nothing, or a title and no sentence."""
    spaced = rest[:1].isspace() or rest[:1] in ("", ":", "(", "《")
    rest = rest.strip(" :")
    return len(rest) <= _SHORT and not _SENTENCE.search(rest) and (spaced or not _REFERS.match(rest))


def _annex(m: re.Match[str]) -> Mark | None:
    rest = m.string[m.end() :]
    if not _title_follows(rest):
        return None
    listed = rest.lstrip().startswith(":")
    order = _count(m[1]) if m[1] else 1
    return Mark("annex", f"附件{order if m[1] else ''}", order, m.end(), listed=listed)


def _appendix(m: re.Match[str]) -> Mark | None:
    letter = m[1].isascii() and m[1].isalpha()
    order = ord(m[1]) - 64 if letter else _count(m[1])
    return Mark("appendix", f"附录{m[1]}", order, m.end()) if _title_follows(m.string[m.end() :]) else None


def _structural(m: re.Match[str]) -> Mark | None:
    if _REFERS.match(m.string, m.end()):
        return None
    style = {"编": "part", "篇": "part", "部分": "part", "章": "chapter", "节": "section", "条": "article"}[m[2]]
    numeral = "".join(m[1].split())
    return Mark(style, f"第{numeral}{m[2]}{m[3] or ''}", _count(numeral), m.end())


def _table(m: re.Match[str]) -> Mark | None:
    rest = m.string[m.end() :]
    if not _title_follows(rest) or _REFERS.match(rest.lstrip()) or rest.rstrip().endswith(("，", ",", ":")):
        return None
    return Mark("table", f"表{m[1]}", 0, m.end())


def _decimal(m: re.Match[str]) -> Mark | None:
    rest = m.string[m.end() :]
    parts = tuple(m[1].split("."))
    if parts[0] == "0" or _MEASURED.match(rest) or _REFERS.match(rest):
        return None
    if len(parts) == 1 and not (_title_follows(rest) and rest[:1] == " "):
        return None
    return Mark("decimal", m[1], int(parts[-1]), m.end(), parts)


def _counted(style: str, shape: str) -> Callable[[re.Match[str]], Mark]:
    def make(m: re.Match[str]) -> Mark:
        return Mark(style, shape.format(m[1]), _count(m[1]), m.end())

    return make


def _circle(m: re.Match[str]) -> Mark:
    return Mark("circled", m[0][0], _CIRCLED.index(m[0][0]) + 1, m.end())


def _letter(m: re.Match[str]) -> Mark:
    return Mark("letter", f"{m[1]}）", ord(m[1]) - 96, m.end())


def _name(m: re.Match[str]) -> Mark:
    return Mark("named", f"{m[1]}{m[2]}", _count(m[2]), m.end())


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Mark | None]], ...] = (
    (re.compile(rf"附\s*件\s*(\d{{1,2}}|{_HAN}{{1,3}})?"), _annex),
    (re.compile(rf"附\s*录\s*([A-Z]|\d{{1,2}}|{_HAN}{{1,2}})"), _appendix),
    (re.compile(rf"第\s*(\d+|{_HAN}(?:\s*{_HAN})*)\s*(部分|[编篇章节条])(之{_HAN}{{1,2}})?"), _structural),
    (re.compile(rf"({_HAN}{{1,3}})[、.](?!{_HAN}{{1,2}}[类级、期批])"), _counted("han", "{}")),
    (re.compile(rf"\(\s*({_HAN}{{1,3}})\s*\)"), _counted("han-bracket", "（{}）")),
    (re.compile(r"\(\s*(\d{1,2})\s*\)"), _counted("digit-bracket", "（{}）")),
    (re.compile(rf"[{_CIRCLED}]"), _circle),
    (re.compile(r"(\d{1,3})(?:[.、])(?!\s*\d)(?=\s*\S)"), _counted("digit", "{}")),
    (re.compile(r"(\d{1,2})\)"), _counted("digit-paren", "{}）")),
    (re.compile(r"([a-z])[).、](?!\s*\d)"), _letter),
    (re.compile(rf"(方向|专栏|任务|情形|类型|方式|步骤|案例|示例)\s*({_HAN}{{1,2}}|\d{{1,2}})(?=[:\s])"), _name),
    (re.compile(r"(?:续)?表\s*((?:[A-Z]\.?)?\d+(?:[.-]\d+)*)"), _table),
    (re.compile(r"((?:[A-Z]\.)?\d{1,3}(?:\.\d{1,3}){0,5})(?![\d.])"), _decimal),
)
