"""A filled file -> what it says of each park: figures as written with their cells, ledgers, and all that is wrong.

    for filled in read_filled(Given.of(path), rules): ...

Tables are recognized by their headers, whatever the sheet's name and the order of columns. Nothing is judged here;
`checks.taken` makes ParkData of it, or a report of faults.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, cast

from scoring.cells import Given, Raw, Row, Table, Unread, first_rows, manner, read_tables
from scoring.errors import Fault, ParkDataError, RuleError
from scoring.headings import Header, Heading, Names, amount_text, folded, header_of, is_unit, text_of
from scoring.interval import ONE
from scoring.ledgers import Certificate, Meter, Months, certificate_of, meter_of, months_of
from scoring.model import Rules
from scoring.park import Entry, definition_of
from scoring.smells import is_odd_unit
from scoring.source import read_yaml
from scoring.units import convert
from scoring.wording import label_of

Written = Entry | str | Decimal | bool


@dataclass
class Filled:
    """What a file says of one park, before anything is checked. `places` is the cell of each figure."""

    file: str
    name: str = ""
    year: int | None = None
    entries: dict[str, Written] = field(default_factory=dict[str, Written])
    places: dict[str, str] = field(default_factory=dict[str, str])
    excuses: dict[str, str] = field(default_factory=dict[str, str])
    confirmed: set[str] = field(default_factory=set[str])
    months: list[Months] = field(default_factory=list[Months])
    meters: list[Meter] = field(default_factory=list[Meter])
    certificates: list[Certificate] = field(default_factory=list[Certificate])
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, where: str, what: str) -> None:
        """Note something wrong at a cell."""
        self.faults.append(Fault(where, what))


def read_filled(given: Given, rules: Rules, names: Names | None = None) -> Iterator[Filled]:
    """Yield what the file says of each park in it; a table of many parks is read row by row.

    `names` are those of the rules, to be shared when many files are read.

    Raises:
        ParkDataError: the file as a whole cannot be used: broken, of another kind, or with headers that are wrong.
    """
    if given.suffix in (".json", ".yaml", ".yml"):
        yield from _structured(given)
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
        yield from _wide(given, table, header, names)


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
        convert(Decimal(1), heading.unit, unit)
    except ParkDataError as error:
        yield Fault(where, error.faults[0].what)


# Tables of one park --------------------------------------------------------------------------------------------------


def _read(table: Table, header: Header, into: Filled, names: Names) -> None:
    reader = {"long": _long, "excuses": _excuse, "months": _months, "meters": _meter, "certificates": _certificate}
    for number, cells in table.rows():
        if number > header.row and any(cell is not None for cell in cells):
            reader[header.kind](table, header, (number, cells), into, names)


def cell(header: Header, column: str, cells: Any) -> Raw:
    """Return the cell of a named column, None where the table or the row has none."""
    at = header.columns.get(column)
    return cells[at] if at is not None and at < len(cells) else None


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
    _take(key, value, text_of(unit), where, into, names.rules, text_of(cell(header, "source", cells)))
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


def read_year(value: Raw) -> int | None:
    """Return the calendar year that a cell holds; None where it holds none that can be."""
    text = text_of(value).removesuffix("年度").removesuffix("年").removesuffix(".0")
    if not text.isdigit():
        return None
    year = int(text)
    return year if int(manner()["first_year"]) <= year <= int(manner()["last_year"]) else None


def _take(key: str, value: Raw, unit: str, where: str, into: Filled, rules: Rules, source: str = "") -> None:
    """Note a figure with its unit and its cell; a figure given twice is a fault."""
    if key in into.places:
        into.fault(where, f"“{label_of(key, rules)}”填了两次，另一处在 {into.places[key]}。请只留一处。")
        return
    into.places[key] = where
    if isinstance(value, Unread):
        into.fault(where, f"“{label_of(key, rules)}”是{value.what}，不能用。{_remedy(value)}")
        return
    into.entries[key] = Entry(amount_text(value, unit), source, where)


def _remedy(value: Unread) -> str:
    if value.what.startswith("公式"):
        return "请在 Excel 里打开、重算并保存后再交，或直接填数。"
    return "请填实际的数；没有就空着。"


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


# Tables of many parks ------------------------------------------------------------------------------------------------


def _wide(given: Given, table: Table, header: Header, names: Names) -> Iterator[Filled]:
    units: dict[int, str] = {}
    columns = [one for one in sorted(header.facts.items()) if not one[1].is_source]
    told = [one for one in header.facts.items() if one[1].is_source]
    ends = max([*header.facts, *header.columns.values()]) + 1
    exact = _exact(columns, units, names.rules)
    seen: dict[tuple[str, int | None], int] = {}
    for number, cells in islice(table.rows(), header.row, None):
        if all(one is None for one in cells):
            continue
        who = cell(header, "park", cells)
        park = "" if isinstance(who, Unread) else text_of(who)
        if folded(park) in manner()["unit_row"]:
            units = {i: text_of(cells[i]) for i in header.facts if i < len(cells) and cells[i] is not None}
            exact = _exact(columns, units, names.rules)
            continue
        filled = Filled(given.name, park)
        _who(table, header, number, cells, filled)
        first = seen.setdefault((filled.name, filled.year), number)
        if first != number and filled.name:
            where = table.place(number, header.columns["park"])
            filled.fault(where, f"“{park}”同一年度的数据在第 {first} 行已有一份。请只留一份。")
        sources = {heading.key: text_of(cells[i]) for i, heading in told if i < len(cells)}
        for column, heading in columns:
            if column < len(cells) and (raw := cells[column]) is not None:
                where = table.place(number, column)
                if column in exact and isinstance(raw, Decimal):
                    filled.entries[heading.key] = raw * exact[column]
                    filled.places[heading.key] = where
                    continue
                unit = heading.unit or units.get(column, "")
                _take(heading.key, raw, unit, where, filled, names.rules, sources.get(heading.key, ""))
        for column in range(ends, len(cells)):
            if cells[column] is not None:
                filled.fault(table.place(number, column), "这一格在表头之外，像是错了一列。请各归各栏。")
        yield filled


def _exact(columns: Iterable[tuple[int, Heading]], units: Mapping[int, str], rules: Rules) -> Mapping[int, Decimal]:
    """Return what a bare number of a column is to be multiplied by, where that is exact: the common case, made fast.

    A column whose unit is odd for its figure, or whose figure needs a source, is read like any other text.
    """
    found: dict[int, Decimal] = {}
    for column, heading in columns:
        definition, target = definition_of(heading.key, rules)
        unit = heading.unit or units.get(column, "") or target
        if definition.kind != "number" or definition.needs_source or is_odd_unit(definition, unit):
            continue
        try:
            times = convert(ONE, unit, target)
            if times * convert(ONE, target, unit) == ONE:
                found[column] = times
        except ParkDataError:
            continue
    return found


def _who(table: Table, header: Header, number: int, cells: Any, into: Filled) -> None:
    if "park" not in header.columns:
        into.name = f"{into.file} 第{number}行"
    elif not into.name or isinstance(cell(header, "park", cells), Decimal):
        into.fault(table.place(number, header.columns["park"]), "没有写园区名称。如果整行错了一列，请移回。")
    if "year" in header.columns:
        into.year = read_year(cell(header, "year", cells))
        if into.year is None:
            text = text_of(cell(header, "year", cells))
            into.fault(
                table.place(number, header.columns["year"]), f"核算年度“{text}”不是一个能用的年份。请写四位数字。"
            )


# JSON and YAML -------------------------------------------------------------------------------------------------------


def _structured(given: Given) -> Iterator[Filled]:
    with given.open() as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
        data: Any = _json(text) if given.suffix == ".json" else read_yaml(given.name, text).data
    except (UnicodeDecodeError, ValueError, RecursionError, RuleError) as error:
        raise ParkDataError(Fault(given.name, f"读不出来：{error}。请给 UTF-8 编码的 JSON 或 YAML。")) from None
    parks = cast(list[Any], data) if isinstance(data, list) else [data]
    for i, one in enumerate(parks):
        yield _from_data(given, one, f"{given.name} 第{i + 1}个园区" if isinstance(data, list) else given.name)


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise ValueError(f"键 {twice[0]!r} 重复")
        return dict(pairs)

    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=once)


def _from_data(given: Given, data: Any, where: str) -> Filled:
    filled = Filled(given.name)
    if not isinstance(data, Mapping) or not {"name", "year", "facts"} <= set(cast(Mapping[str, Any], data)):
        filled.fault(where, "要有 name、year、facts 三个键，可有 excuses、confirmed。")
        return filled
    fields = cast(Mapping[str, Any], data)
    for key in sorted(set(fields) - {"name", "year", "facts", "excuses", "confirmed"}):
        filled.fault(f"{where} {key}", f"不认识的键 {key!r}。")
    filled.name = str(fields["name"]).strip()
    filled.year = read_year(str(fields["year"]))
    if filled.year is None:
        filled.fault(f"{where} year", f"年份 {fields['year']!r} 不是能用的四位数字。")
    filled.excuses = {str(key): str(why) for key, why in dict(fields.get("excuses") or {}).items()}
    filled.confirmed = {str(key) for key in cast(list[Any], fields.get("confirmed") or [])}
    for key, value in dict(fields["facts"]).items():
        _take_data(str(key), value, f"{where} {key}", filled)
    return filled


def _take_data(key: str, value: Any, where: str, into: Filled) -> None:
    into.places[key] = where
    if isinstance(value, bool):
        into.entries[key] = Entry("是" if value else "否", place=where)
    elif isinstance(value, Mapping):
        one = cast(Mapping[str, Any], value)
        unit = str(one.get("unit", "")).strip()
        text = f"{one.get('value', '')} {unit}".strip()
        into.entries[key] = Entry(text, str(one.get("source", "")), where)
    elif value is not None:
        into.entries[key] = Entry(str(value), place=where)
