"""The Excel template made from `rules/facts.yaml`: labels, units, drop-downs, help, and an example park.

    write_template(Path("填报.xlsx"), rules)                  empty, with the example on sheets of its own
    write_template(Path("示例.xlsx"), rules, filled=True)     the example as if it were a park's own data
    write_wide_template(Path("多园区.xlsx"), rules)           one row a park

What is written is read back by `sheet.read_filled`. The manner (colors, widths, words) stands in `rules/sheet.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from scoring.cells import RULES, manner
from scoring.model import FactDefinition, Rules
from scoring.source import read_yaml
from scoring.wording import label_of

Example = Mapping[str, Any]


@cache
def example() -> Example:
    """Return the made-up park of the example: `rules/example.yaml`, read once."""
    text = (RULES / "example.yaml").read_text(encoding="utf-8")
    return cast(Example, read_yaml("example.yaml", text).data)


def open_workbook(path: Path) -> Any:
    """Return a new workbook in which no text becomes a formula or a link: a park's own text may begin with =."""
    import xlsxwriter  # heavy: only when a workbook is written

    path.touch()  # where it cannot be written, say so before anything is worked out
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return cast(Any, xlsxwriter).Workbook(str(path), options)


class _Pen:
    """Writes the sheets of one workbook in one manner."""

    def __init__(self, book: Any, rules: Rules) -> None:
        self.book, self.rules = book, rules
        base = {"font_name": manner()["font"], "font_size": int(manner()["font_size"]), "valign": "vcenter"}
        colors = manner()["colors"]
        line = {"border": 1, "border_color": colors["line"]}
        self.head = book.add_format(
            {**base, **line, "bold": True, "bg_color": colors["head"], "font_color": colors["head_text"]}
        )
        self.fixed = book.add_format({**base, **line, "bg_color": colors["fixed"], "text_wrap": True})
        self.entry = book.add_format({**base, **line, "bg_color": colors["entry"]})
        self.muted = book.add_format({**base, **line, "font_color": colors["muted"], "text_wrap": True})
        self.text = book.add_format({**base, "text_wrap": True})
        self.lists: dict[tuple[str, ...], str] = {}
        self.options = book.add_worksheet(manner()["titles"]["options"])
        self.options.hide()

    def sheet(self, title: str, columns: Sequence[str], widths: Sequence[str]) -> Any:
        """Return a new sheet with a header row that stays in sight."""
        sheet = self.book.add_worksheet(title)
        sheet.write_row(0, 0, list(columns), self.head)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, 0, len(columns) - 1)
        for i, width in enumerate(widths):
            sheet.set_column(i, i, int(manner()["widths"][width]))
        return sheet

    def choose(self, sheet: Any, row: int, column: int, choices: Sequence[str], *, last: int | None = None) -> None:
        """Put a drop-down on cells; its choices stand on the hidden sheet, for a list in the cell itself is short."""
        key = tuple(choices)
        if key not in self.lists:
            at = len(self.lists)
            self.options.write_column(0, at, list(choices))
            from xlsxwriter.utility import xl_range_abs

            span = cast(Any, xl_range_abs)(0, at, len(choices) - 1, at)
            self.lists[key] = f"='{manner()['titles']['options']}'!{span}"
        rule = {"validate": "list", "source": self.lists[key], "error_type": "warning"}
        sheet.data_validation(row, column, last if last is not None else row, column, rule)


def write_template(
    path: Path, rules: Rules, *, rubric: str = "", filled: bool = False, values: Example | None = None
) -> None:
    """Write the template for one park; `rubric` adds what that rubric asks for itself.

    `filled` puts the example in, to be graded as it is; `values` another park in the example's shape.
    """
    book = open_workbook(path)
    pen = _Pen(book, rules)
    _guide(pen)
    given = example() if filled else values
    _one_park(pen, "", rubric, given)
    if given is None:
        _one_park(pen, f"{manner()['titles']['example']}-", "", example())
    book.close()


def _guide(pen: _Pen) -> None:
    titles = manner()["titles"]
    sheet = pen.book.add_worksheet(titles["guide"])
    sheet.set_column(0, 0, int(manner()["widths"]["note"]) + int(manner()["widths"]["label"]))
    for i, line in enumerate(manner()["guide"]):
        sheet.write_string(i, 0, line, pen.text)
    sheet.activate()


def _one_park(pen: _Pen, prefix: str, rubric: str, values: Example | None) -> None:
    titles = manner()["titles"]
    _main(pen, f"{prefix}{titles['main']}", rubric, values)
    _members(pen, f"{prefix}{titles['members']}", values)
    _months(pen, f"{prefix}{titles['months']}", values)
    _meters(pen, f"{prefix}{titles['meters']}", values)
    _certificates(pen, f"{prefix}{titles['certificates']}", values)
    if not prefix:
        _excuses(pen, titles["excuses"])


def _words(*names: str) -> list[str]:
    return [manner()["columns"][name][0] for name in names]


def _main(pen: _Pen, title: str, rubric: str, values: Example | None) -> None:
    rules = pen.rules
    heads = ["类别", *_words("id", "label", "value", "unit", "source", "confirmed"), "说明", "通常谁手里有", "示例"]
    widths = ["section", "id", "label", "value", "unit", "source", "confirmed", "note", "holder", "example"]
    sheet = pen.sheet(title, heads, widths)
    for i, (name, word) in enumerate((("name", "park"), ("year", "year"))):
        sheet.write_row(i + 1, 0, ["", manner()["columns"][word][-1], manner()["columns"][word][0]], pen.fixed)
        text = str(values[name]) if values else ""
        sheet.write_string(i + 1, _MAIN["value"], text, pen.entry)
    row = 2
    for key, definition in _single_facts(rules, rubric):
        row += 1
        section = rules.sections.get(definition.section) or rules.rubrics[definition.section].title
        sheet.write_row(row, 0, [section, key, definition.label], pen.fixed)
        value, unit, source = _given(values, key, definition.unit)
        _value_cells(pen, sheet, row, definition, (value, unit, source), _MAIN)
        sheet.write_row(row, _MAIN["note"], [_note(definition), definition.holder, definition.example], pen.muted)


_MAIN = {name: i for i, name in enumerate(("section", "id", "label", "value", "unit", "source", "confirmed", "note"))}
_MEMBERS = {
    name: i for i, name in enumerate(("section", "id", "label", "member", "value", "unit", "source", "confirmed"))
}


def cell_of(key: str, part: str, rules: Rules, *, rubric: str = "") -> str:
    """Return where the template keeps a part (value, unit, source) of a figure: 填报!D7."""
    from scoring.cells import letters

    titles = manner()["titles"]
    if "/" in key and key not in rules.facts:
        listed = [
            f"{family}/{member}"
            for family in manner()["listed_families"]
            for member in rules.families[rules.facts[family].per or ""].members
        ]
        return f"{titles['members']}!{letters(_MEMBERS[part])}{listed.index(key) + 2}"
    singles = ["name", "year", *(one for one, _ in _single_facts(rules, rubric))]
    return f"{titles['main']}!{letters(_MAIN[part])}{singles.index(key) + 2}"


def _single_facts(rules: Rules, rubric: str) -> Iterator[tuple[str, FactDefinition]]:
    for key, definition in rules.facts.items():
        if definition.per is None and (definition.section in rules.sections or definition.section == rubric):
            yield key, definition


def _given(values: Example | None, key: str, unit: str) -> tuple[str, str, str]:
    one = values["facts"].get(key) if values else None
    if one is None:
        return "", "" if unit == "1" else unit, ""
    if isinstance(one, str):
        return one, "", ""
    fields = cast(Mapping[str, str], one)
    return fields["value"], fields.get("unit", ""), fields.get("source", "")


def _value_cells(
    pen: _Pen, sheet: Any, row: int, definition: FactDefinition, given: tuple[str, str, str], at: Mapping[str, int]
) -> None:
    value, unit, source = given
    number = definition.kind == "number"
    if number and value:
        sheet.write_number(row, at["value"], float(value), pen.entry)
    else:
        sheet.write_string(row, at["value"], value, pen.entry)
    sheet.write_string(row, at["unit"], unit if number else "", pen.entry)
    sheet.write_string(row, at["source"], source, pen.entry)
    sheet.write_string(row, at["confirmed"], "", pen.entry)
    if definition.kind in ("yes_no", "declaration"):
        pen.choose(sheet, row, at["value"], manner()["yes_no"])
    elif definition.kind == "choice":
        pen.choose(sheet, row, at["value"], list(definition.options))
    if number and (units := manner()["unit_choices"].get(definition.unit)):
        pen.choose(sheet, row, at["unit"], units)


def _note(definition: FactDefinition) -> str:
    notes = manner()["notes"]
    parts = [definition.help] if definition.help else []
    if definition.kind == "number" and definition.unit != "1":
        parts.append(notes["unit"].format(unit=definition.unit))
    parts += [notes[name] for name in ("needs_source", "derived") if getattr(definition, name)]
    if definition.zeroed_by:
        parts.append(notes["zeroed"])
    return "。".join(parts)


def _members(pen: _Pen, title: str, values: Example | None) -> None:
    rules = pen.rules
    heads = ["类别", *_words("id", "label", "member", "value", "unit", "source", "confirmed"), "说明"]
    widths = ["section", "id", "label", "member", "value", "unit", "source", "confirmed", "note"]
    sheet = pen.sheet(title, heads, widths)
    row = 0
    families = {key: one for key, one in rules.facts.items() if one.per is not None}
    for key in manner()["listed_families"]:
        definition = families[key]
        for member, kind in rules.families[definition.per or ""].members.items():
            row += 1
            unit = definition.unit.replace("{unit}", kind.unit)
            sheet.write_row(
                row, 0, [rules.sections[definition.section], f"{key}/{member}", definition.label, kind.label], pen.fixed
            )
            given = _given(values, f"{key}/{member}", unit)
            _value_cells(pen, sheet, row, definition.model_copy(update={"unit": unit}), given, _MEMBERS)
            sheet.write_string(row, len(_MEMBERS), definition.help, pen.muted)
    start, end = row + 1, row + int(manner()["blank_rows"])
    for blank in range(start, end + 1):
        sheet.write_row(blank, 0, [""] * len(heads), pen.entry)
    labels = [one.label for one in families.values()]
    kinds = [kind.label for family in rules.families.values() for kind in family.members.values()]
    pen.choose(sheet, start, _MEMBERS["label"], labels, last=end)
    pen.choose(sheet, start, _MEMBERS["member"], kinds, last=end)


def _months(pen: _Pen, title: str, values: Example | None) -> None:
    months = manner()["months"]
    heads = [*_words("id", "label", "unit"), *months]
    sheet = pen.sheet(title, heads, ["id", "label", "unit", *(["month"] * len(months))])
    given: Mapping[str, Any] = values["months"] if values else {}
    for row, key in enumerate(dict.fromkeys([*manner()["monthly"], *given]), 1):
        definition = pen.rules.facts[key.partition("/")[0]]
        member = key.partition("/")[2]
        unit = definition.unit
        if member:
            unit = unit.replace("{unit}", pen.rules.families[definition.per or ""].members[member].unit)
        one = given.get(key)
        sheet.write_row(row, 0, [key, label_of(key, pen.rules)], pen.fixed)
        sheet.write_string(row, 2, one["unit"] if one else unit, pen.entry)
        if units := manner()["unit_choices"].get(unit):
            pen.choose(sheet, row, 2, units)
        for i, _ in enumerate(months):
            if one:
                sheet.write_number(row, i + 1 + 2, float(one["values"][i]), pen.entry)
            else:
                sheet.write_blank(row, i + 1 + 2, None, pen.entry)


def _rows(pen: _Pen, sheet: Any, rows: Iterable[Sequence[str]], numbers: Sequence[int], count: int) -> None:
    width = 0
    row = 0
    for row, cells in enumerate(rows, 1):
        width = len(cells)
        for i, text in enumerate(cells):
            if i in numbers and text:
                sheet.write_number(row, i, float(text), pen.entry)
            else:
                sheet.write_string(row, i, text, pen.entry)
    for blank in range(row + 1, count + 1):
        sheet.write_row(blank, 0, [""] * width, pen.entry)


def _meters(pen: _Pen, title: str, values: Example | None) -> None:
    heads = _words("id", "label", "meter", "metered", "billed", "unit")
    sheet = pen.sheet(title, heads, ["id", "label", "member", "value", "value", "unit"])
    given: Sequence[Mapping[str, str]] = values["meters"] if values else []
    rows = [
        [one["key"], label_of(one["key"], pen.rules), one["meter"], one["metered"], one["billed"], one["unit"]]
        for one in given
    ]
    numbers = [heads.index(word) for word in _words("metered", "billed")]
    count = int(manner()["meter_rows"])
    _rows(pen, sheet, rows, numbers, count)
    pen.choose(sheet, 1, 0, list(manner()["metered"]), last=count)


def _certificates(pen: _Pen, title: str, values: Example | None) -> None:
    names = ("serial", "serial_to", "pieces", "made", "state", "claim")
    heads = _words(*names)
    sheet = pen.sheet(title, heads, ["label", "label", "value", "value", "value", "member"])
    given: Sequence[Mapping[str, str]] = values["certificates"] if values else []
    count = int(manner()["certificate_rows"])
    _rows(pen, sheet, [[one[name] for name in names] for one in given], [names.index("pieces")], count)
    states = [manner()["cancelled_words"][0], manner()["uncancelled_words"][0]]
    pen.choose(sheet, 1, names.index("state"), states, last=count)
    claims = [word for words in manner()["claims"].values() for word in words]
    pen.choose(sheet, 1, names.index("claim"), claims, last=count)


def _excuses(pen: _Pen, title: str) -> None:
    heads = _words("id", "label", "reason")
    sheet = pen.sheet(title, heads, ["id", "label", "note"])
    seen: dict[str, str] = {}
    for rubric in pen.rules.rubrics.values():
        for one in rubric.indicators:
            if one.excusable:
                seen.setdefault(one.id, one.label)
    for row, (key, label) in enumerate(seen.items(), 1):
        sheet.write_row(row, 0, [key, label], pen.fixed)
        sheet.write_string(row, 2, "", pen.entry)


def write_wide_template(path: Path, rules: Rules, *, rubric: str = "") -> None:
    """Write the template for many parks: one row a park, units in the second row, the example on a sheet of its own."""
    book = open_workbook(path)
    pen = _Pen(book, rules)
    _guide(pen)
    values = example()
    keys = [key for key, _ in _single_facts(rules, rubric)]
    keys += [key for key in values["facts"] if "/" in key and key not in keys]
    columns = list(_wide_columns(keys, rules))
    heads = [*_words("park", "year"), *(head for head, _, _ in columns)]
    units: list[str] = [manner()["unit_row"][0], ""]
    row: list[str] = [values["name"], values["year"]]
    for _, key, part in columns:
        value, unit, source = _given(values, key, _unit_of(key, rules))
        units.append(unit if part == "value" else "")
        row.append(value if part == "value" else source)
    titles = manner()["titles"]
    widths = ["label", "unit", *(["value"] * len(columns))]
    for title, cells in ((titles["many"], [""] * len(row)), (f"{titles['example']}-{titles['many']}", row)):
        sheet = pen.sheet(title, heads, widths)
        sheet.write_row(1, 0, units, pen.muted)
        for i, text in enumerate(cells):
            sheet.write_string(2, i, text, pen.entry)
    book.close()


def _unit_of(key: str, rules: Rules) -> str:
    from scoring.park import definition_of

    return definition_of(key, rules)[1]


def _wide_columns(keys: Sequence[str], rules: Rules) -> Iterator[tuple[str, str, str]]:
    for key in keys:
        yield label_of(key, rules), key, "value"
        if rules.facts[key if key in rules.facts else key.partition("/")[0]].needs_source:
            yield f"{label_of(key, rules)}{manner()['columns']['source'][1]}", key, "source"
