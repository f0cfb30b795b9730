"""Plain text and Markdown -> paragraphs; lines that were broken at a fixed width are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, cast

from corpus.reading.columns import column_table
from corpus.reading.encoding import decoded
from corpus.reading.formula import is_formula
from corpus.reading.model import Line
from corpus.reading.tidy import continued, glue, shown_width, tidy

_PAGE_NUMBER = re.compile(r"^[-—–\s]*\d{1,4}[-—–\s]*$|^第\s*\d+\s*页(?:\s*共\s*\d+\s*页)?$")
_INDENTED = re.compile(r"^(?:\u3000| {2}|\t)")
_MARKER = re.compile(
    r"^(?:第[一二三四五六七八九十百零〇\d]+[章节条部分款]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+[.．、]|\d+(?:\.\d+)+\s|[①-⑳]|附[件录]|[表图]\s*[A-Z\d])"
)
_LEADING_PUNCTUATION = re.compile(r"^[，。；：、！？）》”’%]")
_COLUMNS = re.compile(r"\S {3,}\S")
_NARROWEST = 36
_LONGEST_SIGNATURE = 20
_AFTER = re.compile(r"^(?:相关(?:信息|新闻|链接|阅读|文章|稿件|报道|推荐)|推荐阅读|延伸阅读|热门推荐|猜你喜欢)[:：]?$")
_MORE = re.compile(r"^(?:MORE|更多)\s*(?:>>)?[->＞»\s]*$|^[-·•]$", re.IGNORECASE)
_BUTTON = re.compile(r"^(?:标签|编辑|责任编辑|来源|分享|上一篇|下一篇|点赞|收藏)[:：]?.{0,30}$")


def text_lines(raw: bytes) -> list[Line]:
    """Return the lines of a plain text file; a form feed begins a new page."""
    lines: list[Line] = []
    for number, page in enumerate(decoded(raw).replace("\r\n", "\n").replace("\r", "\n").split("\f"), 1):
        printed = [p for p in page.split("\n") if not _PAGE_NUMBER.match(p.strip())]
        lines += _page_lines(printed, number)
    return lines[: _end_of_article([line.text for line in lines])]


def _page_lines(printed: Sequence[str], number: int) -> Iterator[Line]:
    begun = 0
    at = 0
    while at < len(printed):
        if table := column_table(printed, at):
            yield from _paragraphs(printed[begun:at], number)
            yield from (Line(row, number, kind="row") for row in table[0])
            begun = at = table[1]
        else:
            at += 1
    yield from _paragraphs(printed[begun:], number)


def _paragraphs(printed: Sequence[str], number: int) -> Iterator[Line]:
    for text in joined(printed):
        yield Line(text, number, kind="formula" if is_formula(text) else "text")


def _end_of_article(texts: Sequence[str]) -> int:
    """Return where the text of a page copied from the web ends and its site's other news begin."""
    for at, text in enumerate(texts):
        if _AFTER.match(text) and at > 5 and any(_MORE.match(t) for t in texts[at + 1 : at + 4]):
            while at and _BUTTON.match(texts[at - 1]):
                at -= 1
            return at
    return len(texts)


def joined(printed: Sequence[str]) -> list[str]:
    """Return paragraphs from printed lines; where they were not broken at a width, each line is one.

    >>> joined(["  园区碳排放的核算边界为一个自然年内园区内能源活动和工业生产过程", "产生的碳排放之和。"])
    ['园区碳排放的核算边界为一个自然年内园区内能源活动和工业生产过程产生的碳排放之和。']
    """
    width = _broken_at(printed)
    found: list[str] = []
    full = False
    for raw in printed:
        text = tidy(raw)
        if not text:
            full = False if not width else full and _width(raw) == 0 and bool(found) and not _ended(found[-1])
            continue
        if found and (_LEADING_PUNCTUATION.match(text) or (width and full and _goes_on(raw, text, found[-1]))):
            found[-1] += glue(found[-1], text) + continued(text)
        else:
            found.append(text)
        full = bool(width) and _width(raw) >= width - 4 and not _COLUMNS.search(raw.strip())
    return found


def _goes_on(raw: str, text: str, before: str) -> bool:
    if _INDENTED.match(raw) or is_formula(text) or is_formula(before):
        return False
    signs = len(text) <= _LONGEST_SIGNATURE and text[-1].isalnum()
    return not (_ended(before) and (_MARKER.match(text) or signs))


def _ended(text: str) -> bool:
    return text.endswith(("。", "；", "：", "！", "？", ";", ":"))


def _width(line: str) -> int:
    return shown_width(line.rstrip())


def _broken_at(printed: Sequence[str]) -> int:
    """Return the width at which lines were broken; 0 where they were not."""
    widths = [w for p in printed if (w := _width(p)) >= _NARROWEST]
    if len(widths) < 2:
        return max(widths, default=0) if len([p for p in printed if p.strip()]) > 1 else 0
    common = Counter(w // 4 for w in widths)
    widest, count = max(common.items(), key=lambda item: (item[1], item[0]))
    beyond = sum(n for w, n in common.items() if w > widest + 1)
    return widest * 4 if count * 4 >= len(widths) and beyond * 5 <= len(widths) and widest * 4 <= 130 else 0


def markdown_lines(raw: bytes) -> list[Line]:
    """Return the lines of a Markdown file: its headings, paragraphs and tables."""
    from lxml import html
    from markdown_it import MarkdownIt

    from corpus.reading.markup import blocks_of, lines_of

    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(decoded(raw))
    return lines_of(blocks_of(cast(Any, html).fragment_fromstring(made, create_parent="div")))
