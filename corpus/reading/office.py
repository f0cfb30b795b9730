"""Word files -> paragraphs, headings, rows and formulas, with the numbers that Word counts for itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corpus.errors import Unreadable
from corpus.reading.formula import is_formula
from corpus.reading.markup import Cell, row_texts
from corpus.reading.model import Line
from corpus.reading.numbering import Numbering
from corpus.reading.tidy import tidy

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAINS = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled(?:Template)?"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml"
)
_CONTENTS = re.compile(r"^(?:TOC|目录)\s*\d", re.IGNORECASE)
_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class Written:
    """What a Word file holds."""

    lines: tuple[Line, ...]
    head: Mapping[str, str]
    notes: tuple[str, ...]


def word_lines(path: Path, name: str) -> Written:
    """Return the text of a .docx, .docm or .dotx: inserted text in, deleted and hidden text, heads and feet out.

    Raises:
        Unreadable: when it is damaged.
    """
    import docx

    content, notes = _without_macros(path)
    try:
        document: Any = cast(Any, docx).Document(content)
        numbering = Numbering(document)
        lines = [line for line in _body(document, document.element.body, numbering) if line.text]
        lines += [Line(f"注：{text}") for text in _notes(document)]
        about = document.core_properties
        head = {
            "title": about.title, "author": about.author, "subject": about.subject,
            "created": str(about.created or "")[:10], "modified": str(about.modified or "")[:10],
        }  # fmt: skip
    except _FAULTS as error:
        raise Unreadable(
            name, "damaged", f"{name!r} 是 Word 文件，但打不开。请用文字软件打开后另存为 .docx 再试。"
        ) from error
    body = document.element.body
    if next(body.iter(f"{_W}del"), None) is not None or next(body.iter(f"{_W}ins"), None) is not None:
        notes = (*notes, "文件里有修订痕迹：按接受全部修订后的文字读")
    if next(body.iter(f"{_W}drawing"), None) is not None:
        notes = (*notes, "文件里有图片或图形，其中的文字没有读")
    return Written(tuple(lines), {k: v.strip() for k, v in head.items() if v and v.strip()}, notes)


def _without_macros(path: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the file, or a copy in memory that is a plain document: macros and templates are read as text only."""
    with zipfile.ZipFile(path) as packed:
        types = packed.read("[Content_Types].xml")
        macros = any("vbaproject" in n.lower() for n in packed.namelist())
        if not _OTHER_MAINS.search(types):
            return str(path), ("文件里有宏，没有读也没有运行",) if macros else ()
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as plain:
            for member in packed.infolist():
                data = packed.read(member)
                plain.writestr(
                    member.filename,
                    _OTHER_MAINS.sub(_MAIN.encode(), data) if member.filename == "[Content_Types].xml" else data,
                )
    copy.seek(0)
    return copy, ("文件里有宏，没有读也没有运行",) if macros else ()


def _body(document: Any, parent: Any, numbering: Numbering) -> Iterator[Line]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield from _paragraph(document, element, numbering)
        elif element.tag == f"{_W}tbl":
            yield from _table(element)
        elif element.tag == f"{_W}sdt":
            yield from _body(document, element.find(f"{_W}sdtContent"), numbering)


def _paragraph(document: Any, element: Any, numbering: Numbering) -> Iterator[Line]:
    from docx.text.paragraph import Paragraph

    paragraph = Paragraph(element, document)
    style = str(paragraph.style.name or "") if paragraph.style is not None else ""
    number = numbering.number_of(paragraph)
    if _CONTENTS.match(style):
        return
    for at, part in enumerate(_text(element).split("\n")):
        text = tidy(part)
        if not text:
            continue
        if at == 0 and number:
            text = tidy(f"{number} {text}")
        level = _level(paragraph, style)
        if level:
            yield Line(text, kind="heading", level=level)
        else:
            alone = element.find(f"{_M}oMathPara") is not None or element.find(f".//{_M}oMath") is not None
            yield Line(text, kind="formula" if is_formula(text) or (alone and "=" in text[:60]) else "text")
    for box in element.iter(f"{_W}txbxContent"):
        if box.getparent().tag.endswith("}textbox"):  # the copy for old programs; the new one has the same text
            continue
        yield from _body(document, box, numbering)


def _level(paragraph: Any, style: str) -> int:
    """Return the level of a heading by its style or outline level; 0 for text."""
    named = re.match(r"(?:heading|标题)\s*(\d)", style, re.IGNORECASE)
    if named:
        return int(named[1])
    if style.lower() == "title":
        return 1
    properties = paragraph._p.pPr
    outline = properties.find(f"{_W}outlineLvl") if properties is not None else None
    if outline is not None and outline.get(f"{_W}val", "9").isdigit() and int(outline.get(f"{_W}val")) < 9:
        return int(outline.get(f"{_W}val")) + 1
    return 0


def _text(element: Any) -> str:
    """Return what is shown of a paragraph: no deleted or hidden text, no instructions of fields."""
    parts: list[str] = []
    todo: list[Any] = list(reversed(element))
    while todo:
        node = todo.pop()
        tag = node.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _hidden(node):
            continue
        if tag in (f"{_W}t", f"{_M}t"):
            parts.append(node.text or "")
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append(" ")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}sym":
            parts.append(chr(int(node.get(f"{_W}char", "20"), 16)))
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{_M}f":
            parts.append(_fraction(node))
        elif tag == f"{_M}nary":
            parts.append(_repeated(node))
        else:
            todo.extend(reversed(node))
    return "".join(parts)


_SKIPPED = frozenset(
    f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "drawing", "pict", "object")
)


def _hidden(node: Any) -> bool:
    if node.tag != f"{_W}r":
        return False
    properties = node.find(f"{_W}rPr")
    vanish = properties.find(f"{_W}vanish") if properties is not None else None
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false")


def _fraction(node: Any) -> str:
    upper, lower = (_text(node.find(f"{_M}{part}")) for part in ("num", "den"))
    return "/".join(f"({p})" if len(p) > 1 else p for p in (upper, lower))


def _repeated(node: Any) -> str:
    """Return a sum with its bounds."""
    sign = node.find(f"{_M}naryPr/{_M}chr")
    lower, upper = (_text(found) if (found := node.find(f"{_M}{p}")) is not None else "" for p in ("sub", "sup"))
    bounds = (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper else "")
    return (sign.get(f"{_M}val") if sign is not None else "∫") + bounds + _text(node.find(f"{_M}e"))


def _table(table: Any) -> Iterator[Line]:
    grid = _cells(table)
    start = 0
    while start < len(grid) and len({n for _, n in grid[start]}) == 1:
        yield Line(grid[start][0][0])
        start += 1
    for text in row_texts(grid[start:]):
        yield Line(text, kind="row")


def _cells(table: Any) -> list[list[Cell]]:
    """Return a table's cells, merged ones in each place that they cover; what nests inside is run together."""
    grid: list[list[Cell]] = []
    count = 0
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[Cell] = []
        skipped = row.find(f"{_W}trPr/{_W}gridBefore")
        cells += [("", 0)] * _number(skipped, 0)
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tbl")) is not table:
                continue
            properties = cell.find(f"{_W}tcPr")
            merged = properties.find(f"{_W}vMerge") if properties is not None else None
            wide = _number(properties.find(f"{_W}gridSpan") if properties is not None else None, 1)
            at = len(cells)
            if merged is not None and merged.get(f"{_W}val") != "restart" and grid and at < len(grid[-1]):
                cells += grid[-1][at : at + wide]
            else:
                count += 1
                text = tidy(" ".join(_text(p).replace("\n", " ") for p in cell.iter(f"{_W}p")))
                cells += [(text, count)] * wide
        grid.append(cells)
    width = max((len(row) for row in grid), default=0)
    return [[*row, *[("", 0)] * (width - len(row))] for row in grid if row]


def _number(element: Any, default: int) -> int:
    value = str(element.get(f"{_W}val")) if element is not None else ""
    return min(int(value), 500) if value.isdigit() else default


def _notes(document: Any) -> Iterator[str]:
    """Yield footnotes and endnotes."""
    from importlib import import_module

    etree: Any = import_module("lxml.etree")
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(("/footnotes", "/endnotes")):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(relation.target_part.blob, parser)
        for note in root:
            if note.get(f"{_W}type") in (None, "normal"):
                text = tidy(" ".join(_text(p) for p in note.iter(f"{_W}p")))
                if text:
                    yield text
