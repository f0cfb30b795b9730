"""A document's text -> its clause tree -> passages.

A clause is the smallest whole numbered part (条, （一）, 1., 4.1.2 …) with the headings above it; it keeps all its
paragraphs and formulas, and is split only when it is long: at paragraphs, then at sentences, each part with the path.
A row of a table is a clause of its own, because it carries its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from corpus.clause_frame import is_title, joined, places
from corpus.clause_tree import Node, tree_of
from corpus.model import Passage
from corpus.reading.model import Box, Line, Reading

ClauseKind = Literal["front", "address", "heading", "clause", "text", "row", "closing"]
QUOTABLE: tuple[ClauseKind, ...] = ("clause", "text", "row")
"""Kinds that become passages; the others are the frame: title, addressee, bare headings, signature."""

LONGEST = 400
"""Characters of the longest clause that stays whole."""
_STANDS_APART = 60
_EMPTY_ROW = 8
_SENTENCE = re.compile(r"(?<=[。！？])(?![”’」』）)])|(?<=[。！？][”’」』）)])")
_PART_SENTENCE = re.compile(r"(?<=[；;])")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a document.

    Attributes:
        key: its name within the document (c12), in reading order; a passage is `<document id>#<key>`.
        number: its own mark as cited: 第三条, 一, （二）, 3, ①, 4.1.2, 附件3, 附录A, 表1; empty where it has none.
        path: the headings above it, outermost first; for a part of a split clause also its own.
        text: its paragraphs, one a line, word for word.
        page: where it begins.
        spans: (start, end, page, box): text[start:end] is printed in that box.
        kind: front (title, number), address, heading (bare), clause, text (unnumbered), row, closing (signature).
        place: where it stands, as one cites it: 附件3 二（一）1, 第三条（二）, 4.1.2.
        part: 0, or of a split clause which part, from 1.
    """

    key: str
    number: str
    path: tuple[str, ...]
    text: str
    page: int
    spans: tuple[tuple[int, int, int, Box], ...]
    kind: ClauseKind
    place: str
    part: int = 0


def clauses_of(reading: Reading) -> tuple[Clause, ...]:
    """Return the clauses of a document in reading order; the same text in another format gives the same ones."""
    tree = tree_of(reading.lines)
    drafts = [_Draft("front", one) for one in tree.front]
    drafts += [_Draft("address", one) for one in tree.address]
    drafts += _of_root(tree.root)
    drafts += [_Draft("closing", one) for one in tree.closing]
    return tuple(
        Clause(
            f"c{i}",
            one.number,
            one.path,
            one.line.text,
            one.line.page,
            cast("tuple[tuple[int, int, int, Box], ...]", places(one.line)),
            one.kind,
            one.place,
            one.part,
        )
        for i, one in enumerate(drafts, 1)
    )


def passages_of(document_id: str, clauses: Sequence[Clause]) -> tuple[Passage, ...]:
    """Return the quotable clauses as passages of that document.

    Their confidence is 原文: the words are the document's own, whatever its standing. Rows of a form without an entry
    are left out.
    """
    return tuple(
        Passage(f"{document_id}#{one.key}", document_id, one.text, one.place, "原文", path=one.path)
        for one in clauses
        if one.kind in QUOTABLE and not (one.kind == "row" and len(one.text) < _EMPTY_ROW)
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: ClauseKind
    line: Line
    number: str = ""
    path: tuple[str, ...] = ()
    place: str = ""
    part: int = 0


def _of_root(root: Node) -> Iterator[_Draft]:
    """Yield the clauses of the tree; a paragraph outside every mark is one of its own."""
    paragraphs = rows = 0
    for item in root.items:
        if isinstance(item, Node):
            yield from _of_node(item, ())
        elif item.kind == "row":
            rows += 1
            yield _Draft("row", item, f"第{rows}行", (), f"表第{rows}行")
        else:
            paragraphs += 1
            pieces = _pieces([item])
            for part, piece in enumerate(pieces, 1):
                yield _Draft("text", piece, "", (), f"正文第{paragraphs}段", part if len(pieces) > 1 else 0)


def _of_node(node: Node, path: tuple[str, ...]) -> Iterator[_Draft]:
    place = _place(node)
    rows = paragraphs = said = 0
    begun = False
    for run in _runs(node):
        if isinstance(run, Node):
            yield from _of_node(run, (*path, node.label))
            continue
        if run[0].kind == "row":
            for line in run:
                rows += 1
                spot = f"{place} 第{rows}行" if node.style == "table" else f"{place} 表第{rows}行".strip()
                yield _Draft("row", line, f"第{rows}行", (*path, node.label), spot)
            continue
        bare = 0 if begun else _headlines(node, run)
        if bare:
            yield _Draft("heading", _merged(run[:bare]), node.number, path, place)
        if run[bare:]:
            behind = (said, paragraphs)
            made = list(_clause(node, run[bare:], behind, (*path, node.label) if bare or begun else path))
            said += len(made)
            yield from made
        begun = True
        paragraphs += len(run) - bare


def _clause(node: Node, run: Sequence[Line], behind: tuple[int, int], path: tuple[str, ...]) -> Iterator[_Draft]:
    """Yield one run of a node's paragraphs, in parts where it is long; `behind`: parts and paragraphs before it."""
    place = _place(node)
    pieces = _pieces(run, LONGEST if node.number else 0)
    of_part = path if node.label in path else (*path, node.label)
    said, paragraphs = behind
    for part, piece in enumerate(pieces, 1):
        spot = place
        if said + part > 1 and node.style == "article":
            spot = f"{place}第{_han(paragraphs + _paragraph_of(run, pieces[: part - 1]) + 1)}款"
        elif said + part > 1:
            spot = f"{place} 第{said + part}段"
        whole = len(pieces) == 1
        yield _Draft("clause", piece, node.number, path if part == 1 else of_part, spot, 0 if whole else part)


def _paragraph_of(run: Sequence[Line], pieces: Sequence[Line]) -> int:
    """Return which paragraph of the run, from 0, what comes after the pieces belongs to."""
    done = sum(len(p.text.replace("\n", "")) for p in pieces)
    for at, line in enumerate(run):
        done -= len(line.text.replace("\n", ""))
        if done < 0:
            return at
    return len(run) - 1


def _runs(node: Node) -> Iterator[Node | list[Line]]:
    """Yield the children of a node, and between them its own lines that stand together: rows apart from text."""
    run: list[Line] = []
    for item in node.items:
        if isinstance(item, Node):
            if run:
                yield run
            run = []
            yield item
        elif run and (run[-1].kind == "row") != (item.kind == "row"):
            yield run
            run = [item]
        else:
            run.append(item)
    if run:
        yield run


def _headlines(node: Node, run: Sequence[Line]) -> int:
    """Return how many of a node's first lines are a heading that stands without text of its own."""
    if node.style in ("annex", "appendix"):
        return min(node.heads, len(run))
    return int(len(run) == 1 and is_title(run[0].text) and len(node.items) > 1)


def _merged(lines: Sequence[Line]) -> Line:
    whole = lines[0]
    for line in lines[1:]:
        whole = joined(whole, line, "\n")
    return whole


def _pieces(run: Sequence[Line], together: int = LONGEST) -> list[Line]:
    """Return the paragraphs in parts of whole paragraphs, or of whole sentences where one is long.

    `together`: up to how many characters paragraphs stay in one part.
    """
    pieces: list[Line] = []
    for line in run:
        chunks = [line] if len(line.text) <= LONGEST or line.kind == "formula" else _sentences(line)
        last = pieces[-1] if pieces else None
        if last is not None and _holds_together(last, chunks[0], together):
            pieces[-1] = joined(last, chunks[0], "\n")
            chunks = chunks[1:]
        pieces += chunks
    return pieces


def _holds_together(last: Line, following: Line, together: int) -> bool:
    """Whether two paragraphs stay together: short ones, and what announces with what it announces."""
    end = last.text.rstrip()
    length = len(end) + len(following.text)
    if following.kind == "formula" or (is_title(end) and "\n" not in end):
        return True
    announces = end.endswith(("：", ":", "；", ";")) or "=" in end.rsplit("\n", 1)[-1]
    return length <= (2 * LONGEST if announces else together)


def _sentences(line: Line) -> list[Line]:
    """Return a long paragraph in parts of whole sentences; a sentence that is itself too long is parted at ；."""
    parts: list[str] = []
    for sentence in _SENTENCE.split(line.text):
        for piece in [sentence] if len(sentence) <= LONGEST else _PART_SENTENCE.split(sentence):
            if parts and len(parts[-1]) + len(piece) <= LONGEST:
                parts[-1] += piece
            elif piece:
                parts.append(piece)
    if len(parts) > 1 and len(parts[-1]) < _STANDS_APART:
        parts[-2:] = ["".join(parts[-2:])]
    found: list[Line] = []
    start = 0
    for part in parts:
        found.append(_slice(line, start, start + len(part)))
        start += len(part)
    return found


def _slice(line: Line, start: int, end: int) -> Line:
    inside = tuple(
        (max(first, start) - start, min(last, end) - start, page, box)
        for first, last, page, box in line.spans
        if first < end and last > start
    )
    page, box = (inside[0][2], inside[0][3]) if inside else (line.page, line.box)
    return Line(line.text[start:end], page, box, line.kind, line.level, inside)


# How one cites a place -------------------------------------------------------------------------------------------


def _place(node: Node) -> str:
    """Return where a node stands as one cites it: 附件3 二（一）1; 第三条（二）; A.1.2; 表1."""
    chain = list(node.above())[::-1]
    in_article = any(n.style == "article" for n in chain)
    decimals = [n for n in chain if n.style == "decimal"]
    said = ""
    for at, one in enumerate(chain):
        if one.style in ("part", "chapter", "section") and in_article:
            continue
        if one.style == "decimal" and one is not decimals[-1]:
            continue
        if one.style == "appendix" and decimals and decimals[-1].parts[0].isalpha():
            continue
        apart = one.style in ("annex", "appendix", "plain", "table", "decimal") or (
            at == 1 and chain[0].style in ("annex", "appendix")
        )
        said = f"{said}{' ' if apart else ''}{one.number or one.label}"
    return said.strip()


def _han(number: int) -> str:
    digits = "零一二三四五六七八九十"
    if number <= 10:
        return digits[number]
    return f"{'' if number < 20 else digits[number // 10]}十{'' if number % 10 == 0 else digits[number % 10]}"
