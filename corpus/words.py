"""Chinese text -> tokens for lexical search: words, character pairs, numbers, document and clause numbers.

One folding for library and question alike, so that 〔2025〕910号 = [2025]910号, 20万 = 200000, ％ = %,
第三十三条 = 第33条 and 園區 = 园区 meet in the index.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, cast

_HAN = "零〇一二两三四五六七八九十百千万亿"
_BRACKETS = str.maketrans("〔［【〕］】（）“”‘’—–－−～〜", "[[[]]]()\"\"''-----~"[:18])
_KEEP = re.compile(
    r"十[一二三四五]五|二〇三〇|一带一路|百分之|千瓦|千克|千米|万元|亿元|百货|万吨|一[般定些次样起致直共体]"
)
_HAN_NUMBER = re.compile(rf"第?[{_HAN}]+(?:点[{_HAN}]+)?(?=成|%|[一-鿿]|$|\W)")
_SCALED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*([十百千]?[万亿])(?=[^\d]|$)")
_SCALES = {"万": 10**4, "亿": 10**8, "十万": 10**5, "百万": 10**6, "千万": 10**7, "十亿": 10**9, "百亿": 10**10,
           "千亿": 10**11}  # fmt: skip
_TENTHS = re.compile(r"(?<![\d第])([一二三四五六七八九\d])成([一二三四五六七八九半])?(?![立为功交本果员效熟])")
_PERCENT = re.compile(rf"百分之([{_HAN}]+(?:点[{_HAN}]+)?|\d+(?:\.\d+)?)")
_ORDINAL = re.compile(rf"(第|附件|附录|附表|表|条款)([{_HAN}]+)")
_SYNONYMS = [
    (re.compile(r"二氧化碳当量|co2\s*eq?\b|co₂e"), "co2e"),
    (re.compile(r"二氧化碳|co₂"), "co2"),
    (re.compile(r"吨标准?煤|t\s*ce\b|标准煤吨"), "tce"),
    (re.compile(r"千克标准?煤|公斤标准?煤|kg\s*ce\b"), "kgce"),
    (re.compile(r"(?:千瓦·?时|kw·?h\b|(?<=\d)度(?=电|$|[^\w]))"), "kwh"),
    (re.compile(r"兆瓦·?时|mw·?h\b"), "mwh"),
    (re.compile(r"吉焦|百万千焦"), "gj"),
]
_DOCUMENT_NUMBER = re.compile(r"([一-鿿]{0,12})\[(\d{4})\]\s*(?:第)?(\d+)\s*号?")
_ROUND = re.compile(r"(?<=[一-鿿])\((20\d\d)\)(?=\s*第?\d+\s*号)")
_BARE_NUMBER = re.compile(r"(?<![\d.\]\[])(\d{2,4})\s*号(?:文|令|公告|通知|办法)?")
_STANDARD = re.compile(
    r"\b((?:gb|db|hj|iso|dl|t(?=/)|nb|jb|yd|hg)[a-z0-9]*(?:/[a-z]+)?(?:-[a-z]+)?)[ /]*(\d{3,6})"
    r"(?:[.\-](\d{1,4}))*(?:-(\d{4}))?"
)
_CLAUSE = re.compile(rf"第(\d+)([章节条款项])(?:之([{_HAN}\d]+))?|附(件|录|表)\s*([\da-z]+)|表\s*([a-z]?\.?\d+)")
_CLAUSE_REFERENCE = re.compile(r"(第\d|附|表)")
_LATIN = re.compile(r"[a-z][a-z0-9+]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CONTENT_TAGS = frozenset("navjlibez")
_NAME_TAGS = frozenset(("ns", "nr", "nt", "nrt", "nrfg"))
_RUN = re.compile(r"[一-鿿]+")


@cache
def _to_simplified() -> Any:
    from opencc import OpenCC

    return cast(Any, OpenCC)("t2s")


def simplified(text: str) -> str:
    """Return `text` in simplified characters, each in its place.

    >>> simplified("園區用電")
    '园区用电'
    """
    if text.isascii():
        return text
    whole = _to_simplified().convert(text)
    return whole if len(whole) == len(text) else "".join(_to_simplified().convert(c)[:1] or c for c in text)


def han_value(text: str) -> Decimal | None:
    """Return the value of a numeral in Chinese characters, or None when it is none.

    >>> han_value("三亿二千万"), han_value("三十三"), han_value("零点二")
    (Decimal('320000000'), Decimal('33'), Decimal('0.2'))
    """
    whole, _, part = text.partition("点")
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    if not whole or any(c not in _HAN for c in whole + part):
        return None
    if not any(c in "十百千万亿" for c in whole):
        value = Decimal("".join(str(digits[c]) for c in whole))
    else:
        total = section = current = 0
        for c in whole:
            if c in digits:
                current = digits[c]
            elif c in "十百千":
                section += (current or 1) * {"十": 10, "百": 100, "千": 1000}[c]
                current = 0
            else:
                below = section + current
                total = (total + below) * 10**8 if c == "亿" else total + below * 10**4
                section = current = 0
        value = Decimal(total + section + current)
    try:
        return value + Decimal("0." + "".join(str(digits[c]) for c in part)) if part else value
    except (InvalidOperation, KeyError):
        return None


def plain(value: Decimal) -> str:
    """Return a number without exponent and without trailing zeros behind the point.

    >>> plain(Decimal("2E+5")), plain(Decimal("0.20"))
    ('200000', '0.2')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _han_to_digits(match: re.Match[str]) -> str:
    text = match[0]
    ordinal = text.startswith("第")
    body = text.removeprefix("第")
    if len(body) < 2 and not ordinal:
        return text
    if not ordinal and not any(c in "十百千万亿点" for c in body):
        return text
    value = han_value(body)
    return text if value is None else ("第" if ordinal else "") + plain(value)


def fold(text: str) -> str:
    """Return `text` in the one form that library and question share: simplified, half width, plain numbers.

    >>> fold("发改环资〔2025〕910號，年綜合能耗二十万吨标准煤，≥８０％")
    '发改环资[2025]910号,年综合能耗200000tce,≥80%'
    """
    text = unicodedata.normalize("NFKC", text.translate(_BRACKETS)).lower().translate(_BRACKETS)
    text = "".join(c for c in text if c >= " " or c in "\n\t")
    if not text.isascii():
        text = _to_simplified().convert(text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = text.replace("，", ",").replace("。", ".") if "，" in text else text
    text = _PERCENT.sub(lambda m: f"{plain(han_value(m[1]) or Decimal(m[1] if m[1][0].isdigit() else 0))}%", text)
    text = _TENTHS.sub(_tenths, text)
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    text = _KEEP.sub(hide, text)
    text = _ORDINAL.sub(lambda m: f"{m[1]}{plain(han_value(m[2]) or Decimal(0))}" if han_value(m[2]) else m[0], text)
    text = _HAN_NUMBER.sub(_han_to_digits, text)
    text = re.sub("\x00(\\d+)\x00", lambda m: kept[int(m[1])], text)
    text = _SCALED.sub(lambda m: plain(Decimal(m[1]) * _SCALES[m[2]]), text)
    for pattern, name in _SYNONYMS:
        text = pattern.sub(name, text)
    return text


def _tenths(match: re.Match[str]) -> str:
    def digit(c: str) -> int:
        return int(c) if c.isdigit() else int(han_value(c) or 0)

    extra = 0 if not match[2] else 5 if match[2] == "半" else digit(match[2])
    return f"{digit(match[1]) * 10 + extra}%"


def is_clause(reference: str) -> bool:
    """Whether one of `references` names a place within a document (第5条, 附件3), not a document."""
    return bool(_CLAUSE_REFERENCE.match(reference))


def references(text: str) -> list[str]:
    """Return the document and clause numbers in `text`, in one spelling: `[2025]910`, `gb/t2589`, `第33条`, `附件3`.

    >>> references("发改环资〔2025〕910号附件三，GB/T 2589-2020第五条")
    ['[2025]910', 'gb/t2589', '附件3', '第5条']
    """
    folded = fold(text)
    folded = _ROUND.sub(r"[\1]", folded)  # 国发(2026)22号
    found = [f"[{m[2]}]{m[3]}" for m in _DOCUMENT_NUMBER.finditer(folded)]
    found += [f"{m[1].replace(' ', '')}{m[2]}" for m in _STANDARD.finditer(folded)]
    for m in _CLAUSE.finditer(folded):
        inserted = f"之{han_value(m[3]) or m[3]}" if m[3] else ""  # 第133条之一 is an article of its own
        found.append(f"第{m[1]}{m[2]}{inserted}" if m[1] else f"附{m[4]}{m[5]}" if m[4] else f"表{m[6]}")
    return found


def bare_numbers(text: str) -> list[str]:
    """Return document numbers named by their number alone: 910 for 910号文."""
    return [m[1] for m in _BARE_NUMBER.finditer(fold(text))]


class Words:
    """Cuts folded text into tokens, with the domain's own words kept whole.

    Args:
        domain: words that the general dictionary does not know or breaks (碳排放, 等价值, park names).
    """

    def __init__(self, domain: tuple[str, ...] = ()) -> None:
        self.domain = domain
        self._jieba: Any = None

    @property
    def _cutter(self) -> Any:
        if self._jieba is None:
            from rjieba import Jieba

            self._jieba = Jieba()
            for word in self.domain:
                self._jieba.add_word(word, 10**6, "n")
        return self._jieba

    def cut(self, folded: str) -> list[str]:
        """Return folded text as words without overlap: joined they are the text again."""
        return list(self._cutter.cut(folded))

    def knows(self, word: str) -> bool:
        """Whether the dictionary has a word."""
        return bool(self._cutter.has_word(word))

    def content(self, folded: str) -> list[tuple[str, bool]]:
        """Return the words of folded text that carry content, each with whether it is a proper name.

        Nouns, verbs and qualities count, and of single characters the nouns (税, 煤); pronouns, numbers and the
        like do not.
        """
        tagged = self._cutter.tag(folded)
        kept = [(w, t) for w, t in tagged if (t[0] in _CONTENT_TAGS if len(w) > 1 else t == "n")]
        return [(word, tag in _NAME_TAGS) for word, tag in kept]

    def words(self, text: str) -> list[str]:
        """Return the words of `text` in reading order, long ones and the shorter ones inside them."""
        return [w for w in self._cutter.cut_for_search(fold(text)) if w.strip()]

    def tokens(self, text: str) -> list[str]:
        """Return the search tokens of `text`: words, character pairs, numbers, references."""
        folded = fold(text)
        found = [f"={r}" for r in references(text)]
        found += _LATIN.findall(folded)
        found += [f"#{plain(Decimal(n))}" for n in _NUMBER.findall(folded)]
        for run in _RUN.findall(folded):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        found += [f"w{w}" for w in self.words(folded) if len(w) > 1 and _RUN.fullmatch(w)]
        return found


def read_word_list(path: Path) -> tuple[str, ...]:
    """Return the words of a list file: one a line, `#` starts a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if (word := line.partition("#")[0].strip()))
