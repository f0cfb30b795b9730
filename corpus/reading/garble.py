"""Whether the text that a PDF gives for a page can be what is printed there."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from corpus.reading.tidy import han_count, han_of

_CID = re.compile(r"\(cid:\d+\)|/[CGg]\d{2,5}\b|\\u[0-9a-f]{4}")
_UNUSUAL = re.compile(r"[^\x20-\x7e\u2000-\u206f\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_STRANGE = re.compile(r"[\u0590-\u1fff\u2c00-\u2dff\ua000-\ud7ff\ufb00-\ufe2f]")
"""Scripts that no Chinese document is written in: what Chinese bytes look like in the wrong table."""
_NO_TEXT = ("Co", "Cn", "Cc", "Cs")
_LATIN_RUN = re.compile(r"[\u00a1-\u00ff]{3,}")
_WRONG_SHARE = 0.03
_SIGNS = 4
"""So many different private characters may be check boxes and bullets."""
_LATIN_SHARE = 0.15
_COMMON_SHARE = 0.35  # running Chinese text has 0.65 to 0.83 of the 400 commonest
_ENOUGH_HAN = 40
_FEW = 25


@cache
def _common() -> frozenset[str]:
    return frozenset((files("corpus") / "common_characters.txt").read_text(encoding="utf-8").strip())


def fault_of(text: str) -> str:
    """Return why a page's text is no text, as a short Chinese clause; empty where it reads well.

    >>> fault_of("(cid:12)(cid:40)(cid:7)(cid:99)")
    '字形没有对应的文字'
    >>> fault_of("园区碳排放核算方法适用于开展建设的园区。")
    ''
    """
    solid = "".join(text.split())
    if not solid:
        return ""
    if sum(map(len, _CID.findall(text))) > _WRONG_SHARE * len(solid):
        return "字形没有对应的文字"
    wrong = [c for c in _UNUSUAL.findall(solid) if c == "\ufffd" or unicodedata.category(c) in _NO_TEXT]
    if len(wrong) > _WRONG_SHARE * len(solid) and (len(set(wrong)) > _SIGNS or len(wrong) * 2 > len(solid)):
        return "文字编码损坏"
    if sum(map(len, _LATIN_RUN.findall(solid))) > _LATIN_SHARE * len(solid):
        return "文字是乱码"
    if len(_STRANGE.findall(solid)) > _LATIN_SHARE * len(solid):
        return "文字是乱码"
    han = han_of(solid)
    if len(han) >= _ENOUGH_HAN and len(set(han)) >= _ENOUGH_HAN // 2:
        common = _common()
        if sum(c in common for c in han) < _COMMON_SHARE * len(han):
            return "文字不成句"
    return ""


def too_little(text: str, ink: Callable[[], float]) -> bool:
    """Whether a page shows much more than its text says, so that the rest must be a picture.

    Args:
        text: what the text layer says.
        ink: gives the share of dark pixels; only asked where there is little text.
    """
    solid = "".join(text.split())
    if len(solid) >= 4 * _FEW or han_count(solid) >= _FEW:
        return False
    return ink() > 0.01 + 0.0003 * len(solid)  # a full page of text is about 0.05


def agreement(one: str, other: str) -> float:
    """Return the share of characters that two readings of a page have in common, 0 to 1, whatever their order."""
    first, second = (Counter("".join(t.split())) for t in (one, other))
    total = max(first.total(), second.total())
    return 1.0 if total == 0 else (first & second).total() / total
