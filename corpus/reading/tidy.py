"""Text as it was printed -> text as it is meant: spacing, widths and radicals, the same for every format."""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_WIDE = rf"{HAN}\u3000-\u303f\uff00-\uffef“”‘’…—·"
_HAN = re.compile(f"[{HAN}]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[^\S\n]+")
_SPREAD = re.compile(rf"(?<!\S)(?:[{HAN}] )+[{HAN}](?!\S)")
_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}]) (?=[^\s{HAN}])|(?<=[^\s{HAN}]) (?=[{_WIDE}])")
_NUMBERED = re.compile(r"^((?:\d+(?:\.\d+)+|\d{1,2}|[A-Z](?:\.\d+)+)[.、．]?) (?![年月日个项万亿家台座号]|%)(?=\S)")
_SYMBOLS = str.maketrans({
    "\uf0a8": "□", "\uf0a3": "□", "\uf06f": "□", "\uf052": "☑", "\uf0fe": "☑", "\uf0fc": "√", "\uf0b7": "•",
    "\uf06c": "●", "\uf06e": "■", "\uf0d8": "➢", "\uf075": "◆", "\uf0b2": "□", "\uf03d": "=", "\uf02b": "+",
    "\uf0b4": "×", "\uf02d": "−", "\uf0e5": "∑",
})  # fmt: skip
"""Signs of the fonts Wingdings and Symbol, which Word keeps at places of its own."""
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_LEADING = re.compile(rf"^([\d.]+) (?=[{HAN}])")
_RADICALS = re.compile("[\u2e80-\u2fdf]")
_TO_ASCII = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}


def han_of(text: str) -> list[str]:
    """Return the Chinese characters of a text."""
    return _HAN.findall(text)


def han_count(text: str) -> int:
    """How many Chinese characters a text has."""
    return len(_HAN.findall(text))


def tidy(text: str) -> str:
    """Return one line of text with its spacing put right.

    Spaces that only spread Chinese characters out, or stand between Chinese and other characters, go; one
    stays after a leading number and between Chinese names. Wide digits and letters become narrow ones,
    radicals become the characters they stand for; punctuation stays as it is.

    >>> tidy("国 家 能 源 局")
    '国家能源局'
    >>> tidy("4.1.2  第 ３ 类，共 20 MW")
    '4.1.2 第3类，共20 MW'
    >>> tidy("国家发展改革委 国家能源局")
    '国家发展改革委 国家能源局'
    """
    text = _INVISIBLE.sub("", text.replace("\u00a0", " ")).translate(_TO_ASCII)
    text = _PRIVATE.sub("", text.translate(_SYMBOLS))
    text = _RADICALS.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = _SPACES.sub(" ", text).strip()
    if " " not in text:
        return text
    text = _SPREAD.sub(lambda m: m[0].replace(" ", ""), text)
    numbered = _NUMBERED.match(text)
    if numbered is None:
        return _BESIDE_WIDE.sub("", text)
    return f"{numbered[1]} {_BESIDE_WIDE.sub('', text[numbered.end() :])}"


def shown_width(text: str) -> int:
    """Return how many columns a text takes on a screen, a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def continued(text: str) -> str:
    """Return a printed line that goes on with a paragraph: a figure at its start numbers nothing.

    >>> continued("30 万吨"), continued("12 个月")
    ('30万吨', '12个月')
    """
    return _LEADING.sub(r"\1", text)


def glue(before: str, after: str) -> str:
    """Return what stands between two printed lines of one paragraph: nothing between Chinese, else a space.

    >>> glue("发展", "改革"), glue("total", "energy"), glue("GB/T", "2589")
    ('', ' ', ' ')
    """
    if not before or not after:
        return ""
    latin = before[-1].isascii() and after[0].isascii()
    return " " if latin and (before[-1].isalnum() or before[-1] in ",.;:)%") and after[0].isalnum() else ""
