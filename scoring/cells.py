"""Files -> tables of raw cells: the door to openpyxl for reading, and to CSV. Nothing is interpreted here.

A workbook is read row by row, so that memory does not grow with it. What cannot be read as a value is an `Unread`:
an error value, a date, a formula that was saved without its result.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, cast

from scoring.errors import Fault, ParkDataError
from scoring.source import read_yaml
from scoring.units import plain

RULES = files("scoring") / "rules"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_P = rb"(?:\w+:)?"
_MERGED = re.compile(rb"<" + _P + rb'mergeCell\s+ref="([A-Z]+\d+:[A-Z]+\d+)"')
_UNCALCULATED = re.compile(
    rb"<" + _P + rb'c\s[^>]*?r="([A-Z]+\d+)"[^>]*>\s*'
    rb"<" + _P + rb"f(?:\s[^>]*)?(?:/>|>[^<]*</" + _P + rb"f>)\s*"
    rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v></" + _P + rb"v>)?\s*</" + _P + rb"c>"
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that holds no value that can be taken, and what it holds instead."""

    what: str


Raw = Decimal | str | bool | Unread | None
Row = tuple[int, Sequence[Raw]]


@cache
def manner() -> Mapping[str, Any]:
    """Return how sheets are recognized and written: `rules/sheet.yaml`, read once."""
    text = (RULES / "sheet.yaml").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], read_yaml("sheet.yaml", text).data)


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was given: its name and its bytes, on disk or in memory."""

    name: str
    content: bytes | Path

    @classmethod
    def of(cls, path: Path) -> Given:
        """Return the file at the path."""
        return cls(path.name, path)

    def open(self) -> IO[bytes]:
        """Open the bytes."""
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    @property
    def suffix(self) -> str:
        """The ending of the name, in small letters."""
        return Path(self.name).suffix.lower()


@dataclass(frozen=True)
class Table:
    """One worksheet, or one CSV file: its rows, read anew at each call, and the merged spans as (r1, c1, r2, c2)."""

    name: str
    rows: Callable[[], Iterator[Row]]
    merged: Sequence[tuple[int, int, int, int]] = ()

    def place(self, row: int, column: int) -> str:
        """Return the address of a cell, row from 1, column from 0: 填报!C7."""
        return f"{self.name}!{letters(column)}{row}"


@cache
def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B ... AA."""
    from openpyxl.utils import get_column_letter

    return cast(Any, get_column_letter)(column + 1)


def read_tables(given: Given) -> list[Table]:
    """Return the tables of an .xlsx or .csv file.

    Raises:
        ParkDataError: it is another kind of file, broken, protected by a password, or has macros.
    """
    if given.suffix in (".csv", ".tsv", ".txt"):
        return [_csv_table(given)]
    if given.suffix not in (".xlsx", ".xlsm", ".xls", ".xltx"):
        raise ParkDataError(Fault(given.name, "不是能读的填报文件。请用 .xlsx、.csv、.json 或 .yaml。"))
    _refuse_unusable(given)
    return _sheets(given)


def _refuse_unusable(given: Given) -> None:
    with given.open() as stream:
        head = stream.read(len(_OLE))
        if head == _OLE:
            locked = "EncryptedPackage".encode("utf-16-le") in stream.read()
            what = (
                "有密码保护，打不开。请在 Excel 里去掉密码（文件→信息→保护工作簿），另存为 .xlsx 再交。"
                if locked
                else "是旧版 .xls 文件。请在 Excel 里另存为 .xlsx 再交。"
            )
            raise ParkDataError(Fault(given.name, what))
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as archive:
                names, size = set(archive.namelist()), sum(one.file_size for one in archive.infolist())
                kinds = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
            raise ParkDataError(
                Fault(given.name, "文件损坏，或不是真正的 Excel 文件。请在 Excel 里重新另存为 .xlsx。")
            ) from None
    if any(name.endswith("vbaProject.bin") for name in names) or b"macroEnabled" in kinds:
        raise ParkDataError(Fault(given.name, "带有宏。为了安全不打开；请另存为不带宏的 .xlsx 再交。"))
    if "xl/workbook.xml" not in names:
        raise ParkDataError(Fault(given.name, "里面没有工作簿，不是 Excel 文件。请在 Excel 里另存为 .xlsx。"))
    if size > int(manner()["largest_bytes"]):
        raise ParkDataError(Fault(given.name, "展开后太大，不打开。请去掉无关的工作表和图片，或分成几个文件。"))


def _sheets(given: Given) -> list[Table]:
    import openpyxl  # heavy: only when a workbook is read

    try:
        with given.open() as stream:
            book = cast(Any, openpyxl.load_workbook(stream, read_only=True, data_only=True))
            found = [_sheet(given, book, sheet) for sheet in book.worksheets]
            book.close()
    except Exception as error:
        raise ParkDataError(
            Fault(given.name, f"文件损坏，读不出来（{type(error).__name__}）。请在 Excel 里重新另存为 .xlsx。")
        ) from error
    return found


def _sheet(given: Given, book: Any, sheet: Any) -> Table:
    from openpyxl.utils.cell import range_boundaries

    title, path = str(sheet.title), str(sheet._worksheet_path)
    merged, uncalculated = _scan(given, path)
    spans = [cast(Any, range_boundaries)(one) for one in merged]
    spans = [(r1, c1 - 1, r2, c2 - 1) for c1, r1, c2, r2 in spans]
    if book._archive.getinfo(path.lstrip("/")).file_size <= int(manner()["chunk_bytes"]):
        kept = list(_sheet_rows(book, sheet, uncalculated))  # small: not to be parsed anew at each reading
        return Table(title, lambda: iter(kept), spans)
    return Table(title, lambda: _stream(given, title, uncalculated), spans)


def _scan(given: Given, path: str) -> tuple[list[str], frozenset[str]]:
    """Return the merged ranges, and the cells with a formula but no saved result, which a stream does not show."""
    chunk, overlap = int(manner()["chunk_bytes"]), int(manner()["overlap_bytes"])
    merged: dict[str, None] = {}
    uncalculated: set[str] = set()
    with given.open() as stream, zipfile.ZipFile(stream) as archive, archive.open(path.lstrip("/")) as xml:
        tail = b""
        while block := xml.read(chunk):
            text = tail + block
            merged.update(dict.fromkeys(one.decode() for one in _MERGED.findall(text)))
            if b"<f" in text or b":f" in text:
                uncalculated |= {one.decode() for one in _UNCALCULATED.findall(text)}
            tail = text[-overlap:]
    return list(merged), frozenset(uncalculated)


def _stream(given: Given, title: str, uncalculated: frozenset[str]) -> Iterator[Row]:
    """Yield the rows of a large sheet, opened anew, so that no more than one is in memory."""
    import openpyxl

    with given.open() as stream:
        book = cast(Any, openpyxl.load_workbook(stream, read_only=True, data_only=True))
        try:
            yield from _sheet_rows(book, book[title], uncalculated)
        finally:
            book.close()


def _sheet_rows(book: Any, sheet: Any, uncalculated: frozenset[str]) -> Iterator[Row]:
    sheet.reset_dimensions()
    percents = _percent_styles(book)
    digits = f".{manner()['number_digits']}g"
    lost = {int(re.sub(r"\D", "", one)) for one in uncalculated}
    number = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [_raw(cell, percents, digits) for cell in cells]
        yield number, _marked(row, number, uncalculated) if number in lost else row
    # rows at the end of which nothing but a formula without result is there
    for late in sorted(one for one in lost if one > number):
        yield late, _marked([], late, uncalculated)


def _marked(row: list[Raw], number: int, uncalculated: frozenset[str]) -> list[Raw]:
    width = max([len(row), *(_column(one) + 1 for one in uncalculated if one.endswith(str(number)))])
    row = [*row, *([None] * (width - len(row)))]
    return [
        Unread("公式没有算出的值") if value is None and f"{letters(i)}{number}" in uncalculated else value
        for i, value in enumerate(row)
    ]


def _column(address: str) -> int:
    from openpyxl.utils import column_index_from_string

    return cast(Any, column_index_from_string)(re.sub(r"\d", "", address)) - 1


def _percent_styles(book: Any) -> frozenset[int]:
    """Return the ids of the styles that show a share as percent: what is seen there is 85%, what is stored 0.85."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    found: set[int] = set()
    for i, style in enumerate(book._cell_styles):
        code = style.numFmtId
        known = BUILTIN_FORMATS.get(code, "") if code < BUILTIN_FORMATS_MAX_SIZE else ""
        shown = known or (book._number_formats[code - BUILTIN_FORMATS_MAX_SIZE] if known == "" and code else "")
        if "%" in shown:
            found.add(i)
    return frozenset(found)


def _raw(cell: Any, percents: frozenset[int], digits: str) -> Raw:
    value = cell.value
    if value is None:
        return None
    kind = cast(Any, type(value))
    if kind is str:
        if cell.data_type == "e":
            return Unread(f"错误值 {value}")
        return value if value.strip() else None
    if kind is bool:
        return value
    if kind is int or kind is float:
        number = Decimal(value) if kind is int else Decimal(format(value, digits))
        if cell._style_id in percents:
            return f"{plain(number.scaleb(2)):f}%"
        return number if kind is int else plain(number) if number.is_finite() else Unread(f"错误值 {value}")
    if isinstance(value, datetime | date | time | timedelta):
        return Unread(f"日期或时间 {value}")
    return Unread(f"内容 {value!r}")


def _csv_table(given: Given) -> Table:
    with given.open() as stream:
        content = stream.read(int(manner()["overlap_bytes"]))
    if content[: len(_OLE)] == _OLE or content.startswith(b"PK"):
        raise ParkDataError(Fault(given.name, "文件名是 .csv，里面却是 Excel 文件。请把扩展名改回 .xlsx。"))
    if b"\0" in content:
        raise ParkDataError(Fault(given.name, "不是文本文件，读不出来。请另存为 UTF-8 编码的 CSV。"))
    encoding = _encoding(given)
    first = content.decode(encoding, errors="ignore").splitlines()[:1]
    separator = max(",\t;", key=first[0].count) if first else ","
    return Table(Path(given.name).stem, lambda: _csv_rows(given, encoding, separator))


def _encoding(given: Given) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with given.open() as stream, io.TextIOWrapper(stream, encoding=encoding) as text:
                for _ in text:
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    raise ParkDataError(Fault(given.name, "文字编码认不出来。请另存为 UTF-8 编码的 CSV。"))


def _csv_rows(given: Given, encoding: str, separator: str) -> Iterator[Row]:
    with given.open() as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        for number, row in enumerate(csv.reader(text, delimiter=separator), 1):
            yield number, [_csv_raw(cell) for cell in row]


def _csv_raw(text: str) -> Raw:
    text = text.strip()
    if text.startswith("#") and text.rstrip("!?").isascii() and text.strip("#!?/0").isalpha() and text.isupper():
        return Unread(f"错误值 {text}")
    return text or None


def first_rows(rows: Iterable[Row], count: int) -> list[Row]:
    """Return the first rows of a table."""
    found: list[Row] = []
    for row in rows:
        if len(found) >= count:
            break
        found.append(row)
    return found
