"""A table with one row a park, read row by row, so that ten thousand parks take no more memory than ten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from scoring.cells import Given, Raw, Table, Unread, manner
from scoring.errors import ParkDataError
from scoring.filled import Filled, cell, note, read_year
from scoring.headings import Header, Heading, Names, folded, text_of
from scoring.interval import ONE
from scoring.model import Rules
from scoring.park import definition_of
from scoring.smells import is_odd_unit
from scoring.units import convert


def read_wide(given: Given, table: Table, header: Header, names: Names) -> Iterator[Filled]:
    """Yield each park of the table; a second row named 单位 gives the units of its columns."""
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
                note(heading.key, raw, unit, where, filled, names.rules, sources.get(heading.key, ""))
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


def _who(table: Table, header: Header, number: int, cells: Sequence[Raw], into: Filled) -> None:
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
