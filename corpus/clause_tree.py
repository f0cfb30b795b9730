"""Lines in reading order -> the tree of marks that number them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.marks import Mark, flat, mark_of
from corpus.reading.model import Line

_RANK = {"annex": 0, "appendix": 0, "part": 1, "chapter": 2, "section": 3, "article": 4}
_ITEMS = frozenset(("han-bracket", "digit", "digit-bracket", "digit-paren", "circled", "letter"))
_ENDED = re.compile(r"[。；;：:！？!?…][”’」』）)\]】]*$")
_SENTENCE = re.compile(r"[。；;！？!?]|[：:，,]$")
_DATE_LINE = re.compile(
    r"(?:(?:19|20)\d\d|[一二][〇○零OＯ一二三四五六七八九0]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日(?:印发|发布)?"
)
_LEADERS = re.compile(r"[.…·．‥—]{4,}\s*[\dⅠ-Ⅹ]+\s*$|[.…·．‥]{6,}")
_CONTENTS = ("目录", "目次")
_CLOSES = re.compile(
    r"本(?:通知|办法|规定|意见|方案|细则|指南|规划|公告)(?:自|由|印发|有效)|特此|各(?:地|级|省|有关|部门|单位)|请各|此前|现行政策|以上"
)
_NOTE = re.compile(r"注\s*\d*\s*[:.]|(?:单位|说明|备注|数据来源|来源)\s*:")
_TITLE_LENGTH = 40
_HEADING_LENGTH = 25
_RUN_IN = 30
_LEAD_IN = 60
_SIGNERS = 14
_FULL_LINE = 15
_BRACKETED = re.compile(r"[（(].*[）)]$")
_NAMED = re.compile(r"(?:表|单|报告|体系|方法|规则|办法|标准|规范|要求|大纲|目录|说明|[）)])$")
_ASIDE = re.compile(
    r"[（(](?:主动公开|依申请公开|不予公开|此件|联系人)|抄送|主送|印送|\S{2,12}办公[厅室]\s+(?:19|20)\d\d年.*印发"
)
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


def is_title(text: str) -> bool:
    """Whether a line can be a heading: short, and no sentence."""
    text = text.strip()
    return 0 < len(text) <= _TITLE_LENGTH and not _SENTENCE.search(text)


def is_ended(text: str) -> bool:
    """Whether a paragraph is finished with its last character."""
    return bool(_ENDED.search(text.rstrip()))


def joined(one: Line, other: Line, between: str = "") -> Line:
    """Return two lines as one, with the printed places of both."""
    shift = len(one.text) + len(between)
    later = tuple((start + shift, end + shift, page, box) for start, end, page, box in places(other))
    return replace(one, text=f"{one.text}{between}{other.text}", spans=(*places(one), *later))


def places(line: Line) -> tuple[tuple[int, int, int, object], ...]:
    """Return the printed places of a line: its spans, or the whole of it in its one box."""
    if line.spans or line.box is None:
        return line.spans
    return ((0, len(line.text), line.page, line.box),)


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without a table of contents and without empty ones."""
    kept = [_stripped(line) for line in lines if line.text.strip()]
    for at, line in enumerate(kept):
        if re.sub(r"\s", "", line.text) in _CONTENTS:
            end = _end_of_contents(kept, at + 1)
            kept = [*kept[:at], *kept[end:]]
            break
    return [line for line in kept if line.kind == "row" or not _LEADERS.search(line.text)]


def _stripped(line: Line) -> Line:
    """Return the line without blanks before and behind, its printed places moved with it."""
    text = line.text.strip()
    if text == line.text:
        return line
    by = len(line.text) - len(line.text.lstrip())
    spans = tuple((max(s - by, 0), min(e - by, len(text)), page, box) for s, e, page, box in line.spans)
    return replace(line, text=text, spans=spans)


def _end_of_contents(lines: Sequence[Line], start: int) -> int:
    """Return where the table of contents ends: where its first entry comes again as a heading."""

    def entry(line: Line) -> str:
        return re.sub(r"\s", "", re.sub(r"[.…·．‥—\s]*[\dⅠ-Ⅹ]*\s*$", "", line.text))

    first = entry(lines[start]) if start < len(lines) else ""
    for at in range(start + 1, len(lines)):
        if entry(lines[at]) == first:
            return at
        if len(lines[at].text) > 2 * _TITLE_LENGTH or lines[at].text.rstrip().endswith("。"):
            break
    end = start
    while end < len(lines) and _LEADERS.search(lines[end].text):
        end += 1
    return end


class _Growing:
    """A tree while its lines are read."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.root = Node("root")
        self.here = self.root
        self.front: list[Line] = []
        self.address: list[Line] = []
        self.closing: list[Line] = []
        self.titling = False

    def grow(self) -> Tree:
        at = self._front()
        while at < len(self.lines):
            at = self._listed(at) or self._signed(at) or self._taken(at)
        return Tree(tuple(self.front), tuple(self.address), self.root, tuple(self.closing))

    # Before and behind the text ----------------------------------------------------------------------------------

    def _front(self) -> int:
        """Take the lines before the first mark or sentence; return where they end."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            text = line.text.strip()
            if line.kind in ("row", "formula") or mark_of(text) or re.search(r"[。；]", text):
                break
            if text.endswith(("：", ":")) and at:
                self.address.append(line)
                return at + 1
            if len(text) > 2 * _TITLE_LENGTH:
                break
            self.front.append(line)
            at += 1
        return at

    def _listed(self, at: int) -> int:
        """Take the list of annexes at the end of a notice; return where it ends, 0 if there is none."""
        mark = mark_of(self.lines[at].text)
        if mark is None or mark.style != "annex" or not (mark.listed or self._annexes_follow(at)):
            return 0
        end = at + 1
        while end < len(self.lines) and not self._signature(end):
            following = mark_of(self.lines[end].text)
            if following is None and not (is_title(self.lines[end].text) and not is_ended(self.lines[end - 1].text)):
                break
            if following and (following.style not in ("annex", "digit") or len(self.lines[end].text) > _LEAD_IN):
                break
            if following and following.style == "annex" and not (following.listed or self._annexes_follow(end)):
                break
            end += 1
        alone = end == at + 1 and mark.number != "附件" and not self._signature(end) and end < len(self.lines)
        if alone:  # 附件1：名单, and then the annex itself
            return 0
        self.closing += self.lines[at:end]
        return end

    def _annexes_follow(self, at: int) -> bool:
        following = mark_of(self.lines[at + 1].text) if at + 1 < len(self.lines) else None
        titled = len(self.lines[at].text.strip()) > len("附件10")
        return titled and (self._signature(at + 1) > 0 or (following is not None and following.style == "annex"))

    def _signature(self, at: int) -> int:
        """Return where the signature that begins here ends, behind its date; 0 if none begins here."""
        for end in range(at, min(at + _SIGNERS, len(self.lines))):
            line = self.lines[end]
            text = re.sub(r"\s", "", flat(line.text)).strip("()")
            if _DATE_LINE.fullmatch(text):
                return end + 1
            if line.kind in ("row", "formula") or not is_title(line.text) or mark_of(line.text):
                return 0
        return 0

    def _signed(self, at: int) -> int:
        """Take a signature with its date; return where it ends, 0 if none begins here."""
        if not self.root.items or self.titling:
            return 0
        end = self._signature(at)
        if not end and _ASIDE.match(self.lines[at].text):
            end = at + 1
        if end:
            self.closing += self.lines[at:end]
            self.here = self.root
        return end

    # The text ----------------------------------------------------------------------------------------------------

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
            if self._signature(end) or (mark is not None and mark.style == "annex"):
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
