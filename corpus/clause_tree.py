"""Lines in reading order -> the tree of marks that number them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.clause_frame import (
    front_end,
    is_aside,
    is_ended,
    is_title,
    joined,
    list_end,
    signature_end,
    without_contents,
)
from corpus.marks import Mark, flat, mark_of
from corpus.reading.model import Line

_RANK = {"annex": 0, "appendix": 0, "part": 1, "chapter": 2, "section": 3, "article": 4}
_ITEMS = frozenset(("han-bracket", "digit", "digit-bracket", "digit-paren", "circled", "letter"))
_CLOSES = re.compile(
    r"本(?:通知|办法|规定|意见|方案|细则|指南|规划|公告)(?:自|由|印发|有效)|特此|各(?:地|级|省|有关|部门|单位)|请各|此前|现行政策|以上"
)
_NOTE = re.compile(r"注\s*\d*\s*[:.]|(?:单位|说明|备注|数据来源|来源)\s*:")
_HEADING_LENGTH = 25
_RUN_IN = 30
_LEAD_IN = 60
_FULL_LINE = 15
_BRACKETED = re.compile(r"[（(].*[）)]$")
_NAMED = re.compile(r"(?:表|单|报告|体系|方法|规则|办法|标准|规范|要求|大纲|目录|说明|[）)])$")
_GAP = 6
_LAST_PARAGRAPHS = 3


@dataclass(slots=True)
class Node:
    """One mark of a text with what stands under it, in reading order; the root has no mark.

    `heads` says how many of its first lines make its heading: an annex has its title on lines of its own.
    """

    style: str
    number: str = ""
    order: int = 0
    parts: tuple[str, ...] = ()
    label: str = ""
    parent: Node | None = None
    items: list[Line | Node] = field(default_factory=list["Line | Node"])
    heads: int = 1

    @property
    def lines(self) -> list[Line]:
        """Its own lines, without those of its children."""
        return [one for one in self.items if isinstance(one, Line)]

    @property
    def last(self) -> Line | None:
        """Its own last line, if nothing else comes after it."""
        return self.items[-1] if self.items and isinstance(self.items[-1], Line) else None

    def above(self) -> Iterator[Node]:
        """The node itself and those above it, innermost first, without the root."""
        node = self
        while node.parent is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class Tree:
    """A text in parts: what stands before it, the tree, and signatures and lists of annexes (with their place).

    Attributes:
        front: the lines before the first sentence: title, number, issuer.
        address: whom it is sent to.
        root: everything else.
        closing: the lines of signature and date, and the lists of annexes.
    """

    front: tuple[Line, ...]
    address: tuple[Line, ...]
    root: Node
    closing: tuple[Line, ...]


def tree_of(lines: Sequence[Line]) -> Tree:
    """Return the tree of the lines."""
    return _Growing(without_contents(lines)).grow()


class _Growing:
    """A tree while its lines are read."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.root = Node("root")
        self.here = self.root
        self.closing: list[Line] = []
        self.titling = False

    def grow(self) -> Tree:
        front, at = front_end(self.lines)
        address = self.lines[front:at]
        while at < len(self.lines):
            at = self._framed(at) or self._taken(at)
        return Tree(tuple(self.lines[:front]), tuple(address), self.root, tuple(self.closing))

    def _framed(self, at: int) -> int:
        """Take a list of annexes, or a signature with its date; return where it ends, 0 if none begins here."""
        end = list_end(self.lines, at)
        if not end and self.root.items and not self.titling:
            end = signature_end(self.lines, at) or (at + 1 if is_aside(self.lines[at]) else 0)
            if end:
                self.here = self.root
        self.closing += self.lines[at:end]
        return end

    def _taken(self, at: int) -> int:
        line = self.lines[at]
        mark = None if line.kind in ("row", "formula") else mark_of(line.text)
        if mark is not None and self._accepts(mark):
            self._open(mark, line)
        elif self.titling and line.kind in ("text", "heading") and self._goes_into_title(line):
            self.here.label = f"{self.here.label} {line.text}"
            self.here.items.append(line)
            self.here.heads += 1
            return at + 1
        elif line.kind in ("row", "formula"):
            self.here.items.append(line)
        elif self._is_heading(at):
            self._open_plain(line)
        else:
            self._add(line, at)
        self.titling = mark is not None and mark.style in ("annex", "appendix") and self.here.number == mark.number
        return at + 1

    def _goes_into_title(self, line: Line) -> bool:
        if not is_title(line.text) or re.search(r"\S\s{3,}\S", line.text):
            return False
        last = self.here.lines[-1].text
        untitled = self.here.heads == 1 or _BRACKETED.match(last)
        return bool(untitled or _BRACKETED.match(line.text) or (len(last) >= _FULL_LINE and not _NAMED.search(last)))

    def _accepts(self, mark: Mark) -> bool:
        """Whether a mark is one where it stands: next in its sequence, or behind a finished paragraph."""
        last = self.here.last
        cut = last is not None and last.kind == "text" and not is_ended(last.text) and len(last.text) > _HEADING_LENGTH
        return not cut or self._is_next(mark)

    def _is_next(self, mark: Mark) -> bool:
        if mark.style == "decimal":
            known = [n.parts for n in self.here.above() if n.style == "decimal"]
            return any(
                mark.parts == (*parts, "1")
                or (mark.parts[:-1] == parts[: len(mark.parts) - 1] and _follows(mark, parts))
                for parts in known
            )
        before = next((n.order for n in self.here.above() if n.style == mark.style), 0)
        return mark.order == before + 1 or (mark.style in _RANK and mark.order > before)

    def _open(self, mark: Mark, line: Line) -> None:
        parent = self._parent(mark)
        if mark.style == "table":
            before = [n for n in parent.items if isinstance(n, Node) and n.style == "table" and n.number == mark.number]
            if before:  # 续表: the heading is printed again, the table goes on
                self.here = before[-1]
                return
        node = Node(mark.style, mark.number, mark.order, mark.parts, _label(line.text, mark), parent, [line])
        parent.items.append(node)
        self.here = node

    def _parent(self, mark: Mark) -> Node:
        chain = list(self.here.above())
        if mark.style in _RANK:
            rank = _RANK[mark.style]
            return next((n for n in chain if _RANK.get(n.style, 9) < rank), self.root)
        if mark.style == "decimal":
            for node in chain:
                if node.style == "decimal" and mark.parts[: len(node.parts)] == node.parts != mark.parts:
                    return node
                if node.style in ("annex", "appendix"):
                    return node
            return self.root
        if mark.style == "table":
            return next((n for n in chain if n.style != "table"), self.root)
        like = next((n for n in chain if n.style == mark.style), None)
        if like is not None and like.parent is not None:
            return like.parent
        return next((n for n in chain if n.style != "table"), self.root)

    def _open_plain(self, line: Line) -> None:
        """Open a heading without a mark, beside one of its level or under what is open."""
        level = line.level or 1
        parent = next((n for n in self.here.above() if n.style == "plain" and n.order <= level), None)
        if parent is not None and parent.order == level and parent.parent is not None:
            parent = parent.parent
        if parent is None:
            parent = next((n for n in self.here.above() if n.style not in ("table", "plain", *_ITEMS)), self.root)
        node = Node("plain", "", level, (), line.text.strip(), parent, [line])
        parent.items.append(node)
        self.here = node

    def _is_heading(self, at: int) -> bool:
        line = self.lines[at]
        if line.kind == "heading":
            return True
        text = line.text.strip()
        last = self.here.last
        if len(text) > _HEADING_LENGTH or not is_title(text) or re.search(r"[=＝:：≤≥<>%％]|\S\s{2,}\S|\d{4}年", text):
            return False
        if not re.match(r"[一-鿿“]", text) or (
            last is not None and not is_ended(last.text) and not is_title(last.text)
        ):
            return False
        if len(re.findall("[（(]", text)) != len(re.findall("[）)]", text)):
            return False
        following = self.lines[at + 1] if at + 1 < len(self.lines) else None
        return following is not None and following.kind != "formula" and len(following.text) > _HEADING_LENGTH

    def _add(self, line: Line, at: int) -> None:
        """Add a paragraph without a mark to what it belongs to."""
        if self.here.style == "table" and self.here.parent is not None and not _belongs_to_table(self.here, line):
            self.here = self.here.parent
        last = self.here.last
        if last is not None and last.kind == line.kind == "text" and _goes_on(last.text):
            self.here.items[-1] = joined(last, line)
            return
        if self._ends_list():
            assert self.here.parent is not None
            self.here = self.here.parent
        elif self._closes(line, at):
            self.here = self.root
        self.here.items.append(line)

    def _ends_list(self) -> bool:
        """Whether the list that is open ended with the last item: …：（一）…；（二）…。"""
        here = self.here
        if here.style not in _ITEMS or here.parent is None or here.last is None or not here.last.text.endswith("。"):
            return False
        before = [n for n in here.parent.items if isinstance(n, Node) and n is not here]
        return bool(before) and before[-1].items != [] and _text_of(before[-1]).endswith(("；", ";"))

    def _closes(self, line: Line, at: int) -> bool:
        """Whether the paragraph speaks for the whole text again, behind its last numbered item."""
        if self.here.style not in _ITEMS or not _CLOSES.match(line.text.strip()):
            return False
        if any(n.style in ("article", "annex", "appendix") for n in self.here.above()):
            return False
        for end in range(at, min(at + _LAST_PARAGRAPHS + 1, len(self.lines))):
            mark = mark_of(self.lines[end].text)
            if signature_end(self.lines, end) or (mark is not None and mark.style == "annex"):
                return True
            if mark is not None:
                return False
        return at + _LAST_PARAGRAPHS >= len(self.lines)


def _follows(mark: Mark, parts: tuple[str, ...]) -> bool:
    """Whether a decimal number comes after its sibling, or after the sibling above `parts`."""
    at = len(mark.parts) - 1
    same = len(parts) > at and parts[:at] == mark.parts[:-1] and parts[at].isdigit()
    return same and 0 < mark.order - int(parts[at]) < _GAP


def _goes_on(text: str) -> bool:
    """Whether a paragraph breaks off in the middle of a sentence."""
    return len(text.strip()) > _HEADING_LENGTH and not is_ended(text) and "=" not in flat(text) and not is_title(text)


def _belongs_to_table(table: Node, line: Line) -> bool:
    begun = any(one.kind == "row" for one in table.lines)
    return bool(_NOTE.match(flat(line.text).strip())) or (not begun and len(line.text) <= _HEADING_LENGTH)


def _text_of(node: Node) -> str:
    last = node.items[-1]
    return last.text.rstrip() if isinstance(last, Line) else _text_of(last)


def _label(text: str, mark: Mark) -> str:
    """Return what a node is called in the path of those below it: its heading, or its mark with its run-in title."""
    text = text.strip()
    if mark.style in ("annex", "appendix"):
        return f"{mark.number} {flat(text)[mark.end :].strip(' :')}".strip()
    if is_title(text):
        return text
    run_in = re.match(r"[^。：:；;，,！？]+(?=[。：:])", text[mark.end :])
    if run_in and len(run_in[0]) <= _RUN_IN:
        return text[: mark.end + run_in.end()]
    if text.endswith(("：", ":")) and len(text) <= _LEAD_IN:
        return text[:-1]
    return text[: mark.end].strip()
