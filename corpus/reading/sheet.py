"""Workbooks and CSV -> a line for each row, with the names of its columns."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from corpus.errors import Unreadable
from corpus.reading.encoding import decoded
from corpus.reading.limits import LIMITS
from corpus.reading.markup import Cell, row_texts
from corpus.reading.model import Line, PageRead
from corpus.reading.tidy import tidy

_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError, zipfile.BadZipFile)
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_UNSAVED = re.compile(
    rb"<(?:\w+:)?c [^>]*>\s*<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What a workbook holds."""

    lines: tuple[Line, ...]
    pages: tuple[PageRead, ...]
    head: Mapping[str, str]
    notes: tuple[str, ...]


def workbook_lines(path: Path, name: str) -> Sheets:
    """Return the rows of all shown sheets, with the values that the program which saved them had computed.

    Raises:
        Unreadable: when formulas have no saved value, or a sheet is too large or damaged.
    """
    import openpyxl

    macros = _values_saved(path, name)
    try:
        with path.open("rb") as file:  # openpyxl goes by the name of a path, not by what is in it
            book = openpyxl.load_workbook(file, data_only=True, keep_vba=False, keep_links=False)
    except _FAULTS as error:
        raise Unreadable(
            name, "damaged", f"{name!r} 是工作簿，但打不开。请用表格软件打开后另存为 .xlsx 再试。"
        ) from error
    lines: list[Line] = []
    pages: list[PageRead] = []
    hidden: list[str] = []
    for number, sheet in enumerate(book.worksheets, 1):
        if sheet.sheet_state != "visible":
            hidden.append(str(sheet.title))
            continue
        _not_too_large(sheet, name)
        lines += _sheet_lines(str(sheet.title), _grid(sheet), number)
        pages.append(PageRead(number, "sheet", f"工作表“{tidy(str(sheet.title))}”"))
    notes = [f"隐藏的工作表没有读：{'、'.join(hidden)}"] if hidden else []
    if macros:
        notes.append("文件里有宏，没有读也没有运行")
    about = book.properties
    head = {"title": about.title, "author": about.creator, "created": about.created, "modified": about.modified}
    book.close()
    return Sheets(tuple(lines), tuple(pages), {k: str(v)[:200] for k, v in head.items() if v}, tuple(notes))


def csv_lines(raw: bytes, name: str) -> list[Line]:
    """Return the rows of a CSV file, whatever parts its columns.

    Raises:
        Unreadable: when it has too many rows or columns.
    """
    text = decoded(raw)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    grid: list[list[Cell]] = []
    count = 0
    for row in csv.reader(io.StringIO(text.replace("\0", "")), dialect):
        cells: list[Cell] = []
        for value in row:
            count += 1
            cells.append((tidy(value.replace("\n", " ")), count))
        grid.append(cells)
        if len(grid) > LIMITS.rows or len(cells) > LIMITS.columns:
            raise _too_large(name)
    return _sheet_lines("", grid, 1)


def _values_saved(path: Path, name: str) -> bool:
    """Refuse a workbook whose formulas were never computed: their cells would look empty; say if it has macros."""
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        for member in names:
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                continue
            xml = packed.read(member)
            if _FORMULA.search(xml) and (unsaved := _UNSAVED.search(xml)):
                where = re.search(rb'r="([A-Z]+\d+)"', unsaved[0])
                cell = where[1].decode() if where else "某个单元格"
                raise Unreadable(
                    name,
                    "no-values",
                    f"{name!r} 里的公式（如 {cell}）没有存下算出的值。请用表格软件打开、保存一次再放进来。",
                )
    return any("vbaproject" in n.lower() for n in names)


def _not_too_large(sheet: Any, name: str) -> None:
    if sheet.max_row > LIMITS.rows or sheet.max_column > LIMITS.columns:
        raise _too_large(name)


def _too_large(name: str) -> Unreadable:
    return Unreadable(
        name,
        "too-large",
        f"{name!r} 的表超过 {LIMITS.rows} 行或 {LIMITS.columns} 列，没有读。请只留下要查的部分再试。",
    )


def _grid(sheet: Any) -> list[list[Cell]]:
    """Return a sheet's cells as text, a merged one's in each place that it covers."""
    grid: list[list[Cell]] = []
    for i, row in enumerate(cast("Iterator[Sequence[Any]]", sheet.iter_rows(values_only=True))):
        grid.append([(_text(v), i * LIMITS.columns + j + 1) for j, v in enumerate(row)])
    for merged in list(sheet.merged_cells.ranges):
        left, top, right, bottom = cast("tuple[int, int, int, int]", merged.bounds)
        for i in range(top - 1, min(bottom, len(grid))):
            for j in range(left - 1, min(right, len(grid[i]))):
                grid[i][j] = grid[top - 1][left - 1]
    return grid


def _text(value: Any) -> str:
    """Return a cell as a person sees it, as far as the value tells."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return format(Decimal(repr(value)).normalize(), "f") if value == value else ""
        case datetime.datetime():
            return value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
        case _:
            return tidy(str(value).replace("\n", " "))


def _sheet_lines(title: str, grid: list[list[Cell]], number: int) -> list[Line]:
    """Return a sheet's lines: its name as a heading, single cells as text, tables row by row."""
    lines = [Line(tidy(title), number, kind="heading", level=1)] if title else []
    table: list[list[Cell]] = []

    def close() -> None:
        if table:
            lines.extend(Line(text, number, kind="row") for text in row_texts(_squared(table)))
            table.clear()

    for row in grid:
        filled = {n: t for t, n in row if t}
        if not filled:
            close()
        elif len(filled) == 1 and not table:
            lines.append(Line(next(iter(filled.values())), number))
        else:
            table.append(row)
    close()
    return lines


def _squared(table: list[list[Cell]]) -> list[list[Cell]]:
    """Return a table without empty columns, all rows of one length."""
    width = max(len(row) for row in table)
    even = [[*row, *[("", 0)] * (width - len(row))] for row in table]
    used = [j for j in range(width) if any(row[j][0] for row in even)]
    return [[row[j] for j in used] for row in even]
