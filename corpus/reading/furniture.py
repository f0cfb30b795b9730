"""What stands on every page and belongs to none: running heads, page numbers, tables of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.reading.model import PageText, Printed

_ZONE = 0.13
"""Of the page's height, at the top and at the bottom."""
_SAME_HEIGHT = 12.0
_OFTEN = 0.3
_PAGE_NUMBER = re.compile(
    r"^[-—–·•~\s|]*(?:\d{1,4}|[IVXivx]{1,6}|[Il1])[-—–·•~\s|]*$|^[-—\s]*第\s*[\d一二三四五六七八九十百]+\s*页"
    r"(?:[,，/\s]*共\s*[\d一二三四五六七八九十百]+\s*页)?[-—\s]*$|^\d{1,4}\s*/\s*\d{1,4}$|^[Pp]age\s*\d+(?:\s*of\s*\d+)?$"
)
_OWN = re.compile(r"^(?:附\s*[件录表图]|[表图]\s*[A-Z\d]|第.{1,6}[章条节部])")
_CONTENTS = re.compile(r"(?:\.\s?){5,}\s*|[…⋯]{2,}\s*|(?:·\s?){5,}\s*")
_CONTENTS_END = re.compile(r"(?:[\dIVXivx]{1,4}|[-—(（]\s*\d{1,4}\s*[-—)）])?$")
_CONTENTS_HEAD = re.compile(r"^目\s*[次录]$")


def furniture_of(pages: Sequence[PageText]) -> set[tuple[int, int]]:
    """Return (page, line) of all lines that are furniture, as places in `pages` and in their lines."""
    found: set[tuple[int, int]] = set()
    seen: dict[tuple[str, bool], list[tuple[int, int, float]]] = defaultdict(list)
    for p, page in enumerate(pages):
        for i, line in _edges(page):
            if _PAGE_NUMBER.match(line.text.strip()):
                found.add((p, i))
            elif not _OWN.match(line.text):
                upper = line.box.top < page.height / 2
                seen[re.sub(r"\d+", "#", line.text), upper].append((p, i, line.box.top))
    for places in seen.values():
        found |= _running(places, len(pages))
    return found | _contents(pages)


def _edges(page: PageText) -> list[tuple[int, Printed]]:
    """Return the lines at the top and the bottom of a page."""
    if not page.height:
        last = len(page.lines) - 1
        return [(i, line) for i, line in enumerate(page.lines) if i in (0, last)]
    zone = _ZONE * page.height
    return [
        (i, line)
        for i, line in enumerate(page.lines)
        if not line.cells and (line.box.bottom < zone or line.box.top > page.height - zone)
    ]


def _running(places: list[tuple[int, int, float]], pages: int) -> set[tuple[int, int]]:
    """Return those of one text that stand at one height on many pages."""
    if pages < 2:
        return set()
    enough = 2 if pages == 2 else max(3, _OFTEN * pages)
    found: set[tuple[int, int]] = set()
    for _, _, height in places:
        same = {(p, i) for p, i, h in places if abs(h - height) <= _SAME_HEIGHT}
        if len({p for p, _ in same}) >= enough:
            found |= same
    return found


def _contents(pages: Sequence[PageText]) -> set[tuple[int, int]]:
    """Return the lines of a table of contents: they say again what the headings say."""
    found: set[tuple[int, int]] = set()
    heads: list[tuple[int, int]] = []
    for p, page in enumerate(pages):
        for i, line in enumerate(page.lines):
            leader = _CONTENTS.search(line.text)
            if leader and _CONTENTS_END.fullmatch(line.text[leader.end() :].strip()):
                found.add((p, i))
            elif _CONTENTS_HEAD.match(line.text):
                heads.append((p, i))
    return found | set(heads) if found else set()
