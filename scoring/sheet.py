"""A filled file -> what it says of each park: figures as written with their cells, ledgers, and all that is wrong.

    for filled in read_filled(Given.of(path), rules): ...

Tables are recognized by their headers, whatever the sheet's name and the order of columns. Nothing is judged here;
`checks.taken` makes ParkData of it, or a report of faults.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scoring.cells import Given, Raw, Row, Table, Unread, first_rows, manner, read_tables
from scoring.errors import Fault, ParkDataError
from scoring.filled import Filled, cell, note, read_year
from scoring.headings import Header, Heading, Names, folded, header_of, is_unit, text_of
from scoring.interval import ONE
from scoring.ledgers import certificate_of, meter_of, months_of
from scoring.model import Rules
from scoring.park import definition_of
from scoring.structured import read_structured
from scoring.units import convert
from scoring.wide import read_wide
from scoring.wording import label_of


def read_filled(given: Given, rules: Rules, names: Names | None = None) -> Iterator[Filled]:
    """Yield what the file says of each park in it; a table of many parks is read row by row.

    `names` are those of the rules, to be shared when many files are read.

    Raises:
        ParkDataError: the file as a whole cannot be used: broken, of another kind, or with headers that are wrong.
    """
    if given.suffix in (".json", ".yaml", ".yml"):
        yield from read_structured(given)
        return
    names = names or Names(rules)
    tables = [one for one in read_tables(given) if not one.name.startswith(tuple(manner()["skipped_sheets"]))]
    headed = [(one, header) for one in tables if (header := _header(one, names)) is not None]
    faults = [fault for one in tables if one not in [table for table, _ in headed] for fault in _hidden(one, names)]
    if not headed and not faults:
        raise ParkDataError(
            Fault(
                given.name,
                "没有找到填报的表：要有一行表头，例如 编号、填报项、数值、单位。请用 advisor template 的模板。",
            )
        )
    faults += [fault for one, header in headed for fault in _header_faults(one, header, names)]
    if faults:
        raise ParkDataError(faults)
    wide = [(one, header) for one, header in headed if header.kind == "wide"]
    rest = [(one, header) for one, header in headed if header.kind != "wide"]
    single = Filled(given.name)
    for table, header in rest:
        _read(table, header, single, names)
    if _anything(single) or not wide:
        yield single
    for table, header in wide:
        yield from read_wide(given, table, header, names)


def _anything(filled: Filled) -> bool:
    return bool(filled.entries or filled.faults or filled.months or filled.meters or filled.certificates)


# Headers -------------------------------------------------------------------------------------------------------------


def _header(table: Table, names: Names) -> Header | None:
    """Return the header row: the one of the first rows that means most; None where no row is one."""
    best: Header | None = None
    most = 0
    for number, cells in first_rows(table.rows(), int(manner()["header_rows"])):
        header = header_of(number, cells, names)
        if header.kind and header.meanings > most:
            best, most = header, header.meanings
    return best


def _hidden(table: Table, names: Names) -> Iterator[Fault]:
    """Yield the merged cells that hide a header, in a sheet of which no row is a whole one."""
    for number, cells in first_rows(table.rows(), int(manner()["header_rows"])):
        header = header_of(number, cells, names)
        if header.meanings > 1:
            for row1, column1, row2, _ in table.merged:
                if row1 <= number <= row2:
                    yield Fault(table.place(row1, column1), _MERGED)
            return


_MERGED = "表头是合并的单元格，看不出每一列是什么。请取消合并，每列写一个表头。"


def _header_faults(table: Table, header: Header, names: Names) -> Iterator[Fault]:
    cells = next(cells for number, cells in table.rows() if number == header.row)
    for row1, column1, row2, column2 in table.merged:
        if row1 <= header.row <= row2 and (row2 > row1 or column2 > column1) and _means(header, column1):
            yield Fault(table.place(row1, column1), _MERGED)
        elif row1 > header.row and _means(header, column1):
            yield Fault(table.place(row1, column1), "数据格是合并的，看不出哪一格有数。请取消合并，每格各填各的。")
    for column in header.unknown:
        text = text_of(cells[column])
        hint = names.near(text) if header.kind == "wide" else ""
        what = f"不认识的表头“{text}”。{hint}如果只是说明，请把表头改成“备注”开头。"
        yield Fault(table.place(header.row, column), what)
    for first, second in header.repeated:
        what = f"表头“{text_of(cells[second])}”与 {table.place(header.row, first)} 重复。请只留一列。"
        yield Fault(table.place(header.row, second), what)
    for column, heading in header.facts.items():
        if heading.unit and header.kind == "wide":
            yield from _unit_fault(heading, names.rules, table.place(header.row, column))


def _means(header: Header, column: int) -> bool:
    return column in (*header.columns.values(), *header.facts, *header.months)


def _unit_fault(heading: Heading, rules: Rules, where: str) -> Iterator[Fault]:
    try:
        _, unit = definition_of(heading.key, rules)
        convert(ONE, heading.unit, unit)
    except ParkDataError as error:
        yield Fault(where, error.faults[0].what)


# Tables of one park --------------------------------------------------------------------------------------------------


def _read(table: Table, header: Header, into: Filled, names: Names) -> None:
    reader = {"long": _long, "excuses": _excuse, "months": _months, "meters": _meter, "certificates": _certificate}
    for number, cells in table.rows():
        if number > header.row and any(cell is not None for cell in cells):
            reader[header.kind](table, header, (number, cells), into, names)


def _key(table: Table, header: Header, row: Row, into: Filled, names: Names) -> str | None:
    """Return the fact that a row is about; a row that names one nobody knows is a fault."""
    number, cells = row
    by_id, by_label = text_of(cell(header, "id", cells)), text_of(cell(header, "label", cells))
    key = names.fact(by_id) if by_id else None
    if key is None and by_label:
        key = names.fact(by_label)
    if key is None:
        column = "label" if by_label or not by_id else "id"
        at = header.columns.get(column, header.columns.get("id", 0))
        text = by_label or by_id
        what = f"不认识填报项“{text}”。{names.near(text)}请对照填报模板。" if text else "这一行没有写填报项。"
        into.fault(table.place(number, at), what)
        return None
    member = text_of(cell(header, "member", cells))
    if not member or names.rules.facts[key.partition("/")[0] if key not in names.rules.facts else key].per is None:
        return key
    found = names.member(key.partition("/")[0], member)
    if found is None:
        into.fault(table.place(number, header.columns["member"]), f"{label_of(key, names.rules)} 没有品种“{member}”。")
        return None
    return f"{key.partition('/')[0]}/{found}"


def _long(table: Table, header: Header, row: Row, into: Filled, names: Names) -> None:
    number, cells = row
    at = header.columns["value"]
    value, unit = cell(header, "value", cells), cell(header, "unit", cells)
    head = folded(text_of(cell(header, "id", cells)) or text_of(cell(header, "label", cells)))
    where = table.place(number, at)
    meaning = _park_or_year(head)
    if meaning:
        _identify(meaning, value, where, into)
        return
    if value is None:
        if isinstance(unit, Decimal):
            into.fault(where, f"数值是空的，单位一栏却是 {text_of(unit)}，像是错了一列。请把数移回数值一栏。")
        elif header.columns.get("id") is None and not text_of(cell(header, "label", cells)):
            _stray(table, row, header, into)
        return
    key = _key(table, header, row, into, names)
    if key is None:
        return
    if isinstance(unit, Decimal) or (isinstance(value, str) and is_unit(value)):
        shown = f"数值一栏是“{text_of(value)}”，单位一栏是“{text_of(unit)}”"
        into.fault(where, f"{shown}，像是错了一列。请各归各栏。")
        return
    note(key, value, text_of(unit), where, into, names.rules, text_of(cell(header, "source", cells)))
    if folded(text_of(cell(header, "confirmed", cells))) in [folded(word) for word in manner()["confirmed_words"]]:
        into.confirmed.add(key)


def _stray(table: Table, row: Row, header: Header, into: Filled) -> None:
    number, cells = row
    column = next(i for i, one in enumerate(cells) if one is not None)
    if isinstance(cells[column], Decimal) and column not in header.columns.values():
        into.fault(
            table.place(number, column), f"表外有一个数 {text_of(cells[column])}，不知道是哪一项。请移回或删去。"
        )


def _park_or_year(head: str) -> str:
    for meaning in ("park", "year"):
        if head in [folded(word) for word in manner()["columns"][meaning]]:
            return meaning
    return ""


def _identify(meaning: str, value: Raw, where: str, into: Filled) -> None:
    if meaning == "park":
        if into.name and text_of(value) and text_of(value) != into.name:
            into.fault(where, f"园区名称“{text_of(value)}”与前面的“{into.name}”不同。一个文件只填一个园区。")
        into.name = into.name or ("" if isinstance(value, Unread) else text_of(value))
        if not into.name:
            into.fault(where, "没有写园区名称。")
        return
    year = read_year(value)
    if year is None:
        into.fault(where, f"核算年度“{text_of(value)}”不是一个能用的年份。请写四位数字，例如 2025。")
    into.year = year


def _excuse(table: Table, header: Header, row: Row, into: Filled, names: Names) -> None:
    number, cells = row
    reason = text_of(cell(header, "reason", cells))
    if not reason:
        return
    head = text_of(cell(header, "id", cells)) or text_of(cell(header, "label", cells))
    found = names.indicator(head)
    if found is None:
        at = header.columns.get("id", header.columns.get("label", 0))
        into.fault(table.place(number, at), f"没有可以说明原因的指标“{head}”。只有引导指标可以。")
        return
    into.excuses[found] = reason
    into.places[found] = table.place(number, header.columns["reason"])


def _months(table: Table, header: Header, row: Row, into: Filled, names: Names) -> None:
    _, cells = row
    if all(i >= len(cells) or cells[i] is None for i in header.months):
        return
    key = _key(table, header, row, into, names)
    if key is not None:
        unit = text_of(cell(header, "unit", cells))
        into.months.append(months_of(key, table, header, row, unit, names.rules, into.faults))


def _meter(table: Table, header: Header, row: Row, into: Filled, names: Names) -> None:
    _, cells = row
    if cell(header, "metered", cells) is None and cell(header, "billed", cells) is None:
        return
    key = _key(table, header, row, into, names)
    if key is not None and (one := meter_of(key, table, header, row, names.rules, into.faults)) is not None:
        into.meters.append(one)


def _certificate(table: Table, header: Header, row: Row, into: Filled, names: Names) -> None:
    if (one := certificate_of(table, header, row, into.faults)) is not None:
        into.certificates.append(one)
