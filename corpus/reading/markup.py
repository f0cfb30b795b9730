"""A tree of HTML -> paragraphs, headings, rows of tables and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.reading.formula import is_formula
from corpus.reading.limits import LIMITS
from corpus.reading.model import Line
from corpus.reading.tables import looks_like_header, row_text
from corpus.reading.tidy import glue, tidy

_NAMES = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
BLOCKS = frozenset(_NAMES.split(" "))
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_TITLE = 80
_TITLE_ENDS = re.compile(
    r"(?:通知|意见|方案|办法|规划|决定|公告|公示|函|条例|规定|批复|报告|规则|细则|要点|目录|标准|指南|规范|法|号|日)[)）》]?$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text between two block tags or line breaks.

    Attributes:
        element: the innermost block around it.
        linked: how much of it is links, in characters.
        level: 1 to 6 for headings.
        row: whether it is a row of a table.
        files: addresses that it links to.
    """

    text: str
    element: Any
    linked: int = 0
    level: int = 0
    centred: bool = False
    row: bool = False
    files: tuple[str, ...] = ()


def blocks_of(root: Any) -> list[Block]:
    """Return the blocks of a tree in reading order."""
    found: list[Block] = []
    for block in _walk(root):
        text = tidy(block.text.replace("\n", " "))
        if text:
            found.append(replace(block, text=text))
    return found


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Return blocks as lines; the parts of a title that stand below one another are put together."""
    lines: list[Line] = []
    for block in _whole_titles(blocks):
        if block.row:
            lines.append(Line(block.text, kind="row"))
        elif block.level:
            lines.append(Line(block.text, kind="heading", level=block.level))
        else:
            lines.append(Line(block.text, kind="formula" if is_formula(block.text) else "text"))
    return lines


@dataclass(slots=True)
class _Gathered:
    """The text read since the last block ended."""

    holder: Any
    parts: list[str] = field(default_factory=list[str])
    files: list[str] = field(default_factory=list[str])
    linked: int = 0

    def add(self, text: str, in_link: bool) -> None:
        self.parts.append(text)
        self.linked += len("".join(text.split())) if in_link else 0

    def block(self, holder: Any) -> Block:
        """Return the block that ends here; the next one stands in `holder`."""
        made = Block(
            "".join(self.parts), self.holder, self.linked, _level(self.holder), _centred(self.holder),
            files=tuple(self.files),
        )  # fmt: skip
        self.parts, self.files, self.linked, self.holder = [], [], 0, holder
        return made


def _walk(root: Any) -> Iterator[Block]:
    """Go through a tree without recursion: pages nest as deep as they like."""
    so_far = _Gathered(root)
    todo: list[tuple[str, Any]] = [("enter", root)]
    while todo:
        step, element = todo.pop()
        if step == "text":
            so_far.add(*element)
            continue
        if step == "leave":
            yield so_far.block(element.getparent() if element is not root else root)
            continue
        if element.tag == "br":
            yield so_far.block(so_far.holder)
            continue
        if element.tag in BLOCKS:
            yield so_far.block(element)
            todo.append(("leave", element))
        if element.tag == "table" and (rows := _data_rows(element)) is not None:
            yield from rows
            continue
        if element.tag == "a" and element.get("href"):
            so_far.files.append(str(element.get("href")))
        in_link = any(e.tag == "a" for e in (element, *_some_ancestors(element)))
        for child in reversed(element):
            if child.tail:
                todo.append(("text", (child.tail, in_link)))
            if isinstance(child.tag, str):
                todo.append(("enter", child))
        if element.text:
            todo.append(("text", (element.text, in_link)))
    yield so_far.block(root)


def _some_ancestors(element: Any) -> Iterator[Any]:
    """Yield the inline elements around one."""
    above = element.getparent()
    while above is not None and above.tag not in BLOCKS:
        yield above
        above = above.getparent()


def _level(element: Any) -> int:
    while element is not None and element.tag in BLOCKS:
        if len(element.tag) == 2 and element.tag[0] == "h" and element.tag[1].isdigit():
            return int(element.tag[1])
        element = element.getparent() if element.tag in ("div", "p", "center") else None
    return 0


def _centred(element: Any) -> bool:
    for _ in range(3):
        if element is None:
            return False
        style = str(element.get("style") or "")
        if element.tag == "center" or str(element.get("align")).lower() == "center" or _CENTRED.search(style):
            return True
        element = element.getparent()
    return False


def _whole_titles(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with centred ones that go on with one another put together."""
    found: list[Block] = []
    begun = False
    for block in blocks:
        last = found[-1] if found else None
        begun = begun or len(block.text) > _TITLE
        if last and not begun and _goes_on(last, block):
            text = last.text + glue(last.text, block.text) + block.text
            found[-1] = replace(last, text=text, linked=last.linked + block.linked)
        else:
            found.append(block)
    return found


def _goes_on(last: Block, block: Block) -> bool:
    if last.row or block.row or last.level != block.level:
        return False
    both = (last.centred and block.centred) or (last.level > 0 and last.element is block.element)
    short = len(last.text) < 40 and len(block.text) < 60
    return both and short and not _TITLE_ENDS.search(last.text) and not block.text.startswith(("（", "(", "第", "附"))


def is_data(table: Any) -> bool:
    """Whether a table holds figures, and does not only lay a page out."""
    return _data_rows(table) is not None


def _data_rows(table: Any) -> list[Block] | None:
    """Return the rows of a table of figures; None for a table that only lays a page out."""
    if table.xpath(".//table"):
        return None
    grid = _cells(table)
    if len(grid) < 2 or max(len(r) for r in grid) < 2:
        return None
    texts = [[t for t, _ in row] for row in grid]
    longest = max(len(t) for row in texts for t in row)
    if longest > 1500 or sum(1 for row in texts if sum(bool(t) for t in row) >= 2) < 2:
        return None
    return _rows(table, grid)


Cell = tuple[str, int]
"""Its text, and a number that is the same in all places that one merged cell covers."""


def _cells(table: Any) -> list[list[Cell]]:
    """Return the cells of a table, merged ones in each place that they cover."""
    grid: list[dict[int, Cell]] = []
    rows = table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")[: LIMITS.rows]
    count = 0
    for i, row in enumerate(rows):
        while len(grid) <= i:
            grid.append({})
        j = 0
        for cell in row.xpath("./td|./th"):
            while j in grid[i]:
                j += 1
            count += 1
            text = tidy("".join(cell.itertext()).replace("\n", " "))
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            for k in range(i, min(i + tall, len(rows))):
                while len(grid) <= k:
                    grid.append({})
                for m in range(j, j + wide):
                    grid[k].setdefault(m, (text, count))
            j += wide
    width = max((max(row) + 1 for row in grid if row), default=0)
    return [[row.get(j, ("", 0)) for j in range(width)] for row in grid if row]


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1").strip()
    return max(1, min(int(value), LIMITS.columns)) if value.isdigit() else 1


def _rows(table: Any, grid: list[list[Cell]]) -> list[Block]:
    found: list[Block] = []
    start = 0
    while start < len(grid) and len({n for _, n in grid[start]}) == 1:
        found.append(Block(grid[start][0][0], table, centred=True))
        start += 1
    for text in row_texts([grid[start + i] for i in range(len(grid) - start)]):
        found.append(Block(text, table, row=True))
    return found


def row_texts(grid: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the rows below the header, each with it."""
    depth = header_depth(grid)
    width = len(grid[0]) if grid else 0
    headings = [" ".join(dict.fromkeys(row[j][0] for row in grid[:depth] if row[j][0])) for j in range(width)]
    found: list[str] = []
    for row in grid[depth:]:
        own = [(h, text) for j, (h, (text, n)) in enumerate(zip(headings, row, strict=True)) if not _again(row, j, n)]
        filled = [text for _, text in own if text]
        if not depth and len(own) == 2 and len(filled) == 2:
            found.append(row_text(filled[:1], filled[1:]))
        elif filled:
            found.append(row_text([h for h, _ in own], [t for _, t in own]))
    return found


def _again(row: Sequence[Cell], at: int, number: int) -> bool:
    return at > 0 and number > 0 and row[at - 1][1] == number


def header_depth(grid: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows name the columns: as many as the tallest cell of the first one covers, or two below one."""
    if len(grid) < 2 or not looks_like_header(list(dict.fromkeys(t for t, _ in grid[0]))):
        return 0
    depth = 1
    while depth < min(3, len(grid) - 1) and any(a[1] and a == b for a, b in zip(grid[0], grid[depth], strict=True)):
        depth += 1
    wide = len({n for _, n in grid[0] if n}) < sum(1 for _, n in grid[0] if n)
    return 2 if depth == 1 and wide and len(grid) > 2 else depth
