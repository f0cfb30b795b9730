"""Bytes -> text: which encoding a Chinese file is in."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)|<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_-]+)""")


def decoded(raw: bytes, *, markup: bool = False) -> str:
    """Return the text of bytes: by their mark, by what the page says, as UTF-8, else as GB18030.

    What fits no encoding is replaced by the sign for that (U+FFFD), which readers of the text count.

    >>> decoded("园区".encode("gb18030")), decoded("园区".encode("utf-16"))
    ('园区', '园区')
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace")
    names = ["utf-8", "gb18030"]
    if markup and (said := _CHARSET.search(raw[:4096])):
        name = (said[1] or said[2]).decode("ascii").lower()
        names.insert(1, "gb18030" if name in ("gb2312", "gbk", "gb18030", "x-gbk") else name)
    elif unmarked := _utf16(raw):
        names.insert(0, unmarked)
    for name in names:
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return min((raw.decode(n, errors="replace") for n in ("utf-8", "gb18030")), key=lambda t: t.count("\ufffd"))


def _utf16(raw: bytes) -> str:
    """Return UTF-16 where a file without a mark has a zero beside each line break."""
    head = raw[:4000]
    for name, feed in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
        if feed in head and head.count(0) > len(head) // 100 and len(raw) % 2 == 0:
            return name
    return ""
