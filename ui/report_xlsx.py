"""The report as XLSX: every text is written as text, so that nothing a reporter typed becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ui.findings import Findings
from ui.grade_texts import GradeTexts
from ui.pictures import Picture
from ui.report_docx import timeless

_SHADES = {"met": "#DFF1EA", "not_met": "#FBE7DC", "missing": "#E8EAEC", "no_limit": "#E8EAEC", "excused": "#E2ECF6"}
_LONGEST = 32_767
"""What a cell can hold."""


def report_xlsx(found: Findings, texts: GradeTexts, charts: Sequence[Picture], *, font_note: str) -> bytes:
    """Return the report as an XLSX file; figures stand both as numbers to reckon with and in full as text."""
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(held, options)
    day = datetime.fromisoformat(found.on) if found.on else datetime(1980, 1, 1)
    book.set_properties({"title": texts.report_title, "created": day})
    made = _Book(book, found, texts)
    made.result(charts, font_note)
    made.indicators()
    made.workings()
    made.lists()
    book.close()
    return timeless(held.getvalue())


class _Book:
    """An XLSX while it is written."""

    def __init__(self, book: Any, found: Findings, texts: GradeTexts) -> None:
        self.book, self.found, self.texts = book, found, texts
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        self.plain = book.add_format({**base, "text_wrap": True})
        self.bold = book.add_format({**base, "bold": True})
        self.big = book.add_format({**base, "bold": True, "font_size": 16})
        self.head = book.add_format({**base, "bold": True, "bg_color": "#EEF2EE", "bottom": 1, "text_wrap": True})
        self.soft = book.add_format({**base, "font_color": "#55635D", "text_wrap": True})
        self.shades = {
            verdict: book.add_format({**base, "bold": True, "bg_color": shade}) for verdict, shade in _SHADES.items()
        }

    def result(self, charts: Sequence[Picture], font_note: str) -> None:
        """Write the first sheet: verdict, score, counts, totals, next datum, charts."""
        found, texts = self.found, self.texts
        sheet = self._sheet(texts.sheet_result, (34, 30, 34, 30))
        self._write(sheet, 0, 0, texts.report_title, self.big)
        self._write(sheet, 1, 0, texts.park_line.format(park=found.park, year=found.year), self.bold)
        self._merged(sheet, 2, f"{found.title}（{found.edition}，{found.status}）", 18)
        date = f"{texts.report_date.format(on=found.on)}　" if found.on else ""
        self._merged(sheet, 3, f"{date}{texts.report_note}", 18)
        self._write(sheet, 5, 0, texts.column_verdict, self.head)
        self._write(sheet, 5, 1, found.word, self.shades[found.verdict])
        self._write(sheet, 5, 2, found.level, self.bold)
        self._write(sheet, 5, 3, found.score, self.plain)
        row = 6
        for verdict, word, count in found.counts:
            self._write(sheet, row, 0, word, self.shades[verdict])
            sheet.write_number(row, 1, count, self.plain)
            row += 1
        row = self._figures(
            sheet, row + 1, (texts.column_name, texts.column_value, texts.column_exact, texts.column_note), found.totals
        )
        if found.next_datum is not None:
            one = found.next_datum
            who = texts.next_holder.format(holder=one.holder) if one.holder else ""
            self._merged(sheet, row + 1, f"{texts.next_title}{one.label}　{who}", 32)
            row += 2
        if found.notice:
            self._merged(sheet, row + 1, found.notice, 48)
            row += 2
        if font_note and charts:
            self._merged(sheet, row + 1, font_note, 18)
            row += 2
        for chart in charts:
            self._write(sheet, row + 1, 0, chart.title, self.bold)
            placed = {"image_data": io.BytesIO(chart.png), "x_scale": 0.75, "y_scale": 0.75, "description": chart.title}
            sheet.insert_image(row + 2, 0, f"{chart.name}.png", placed)
            row += 2 + int(_png_height(chart.png) * 0.75 * 96 / 160 / 18) + 2
            self._merged(sheet, row, chart.note, 32)

    def indicators(self) -> None:
        """Write the table of indicators."""
        texts = self.texts
        names = (texts.column_block, texts.column_indicator, texts.column_role, texts.column_verdict,
                 texts.column_value, texts.column_limit, texts.column_points, texts.column_reason, texts.edge,
                 texts.column_clause, texts.see_line.format(number=""))  # fmt: skip
        sheet = self._sheet(texts.sheet_indicators, (18, 30, 9, 12, 20, 24, 14, 50, 40, 36, 10))
        self._header(sheet, names)
        for row, line in enumerate(self.found.lines, 1):
            cells = (line.block, line.label, line.role, line.word, line.value, line.limit, line.points, line.reason,
                     "\n".join(line.edges), line.clause, str(line.step or ""))  # fmt: skip
            for column, text in enumerate(cells):
                self._write(sheet, row, column, text, self.shades[line.verdict] if column == 3 else self.plain)

    def workings(self) -> None:
        """Write the working of every figure, in full."""
        texts = self.texts
        names = (texts.column_number, texts.column_name, texts.column_working, texts.column_result, texts.column_exact,
                 texts.column_unit, texts.column_note, texts.column_source)  # fmt: skip
        sheet = self._sheet(texts.sheet_working, (6, 44, 52, 20, 32, 12, 12, 60))
        self._header(sheet, names)
        for at, row in enumerate(self.found.workings, 1):
            sheet.write_number(at, 0, row.number, self.plain)
            self._write(sheet, at, 1, "　" * min(row.depth, 6) + row.label, self.plain)
            self._write(sheet, at, 2, row.working, self.plain)
            self._number(sheet, at, 3, row.exact)
            self._write(sheet, at, 4, row.exact, self.plain)
            self._write(sheet, at, 5, row.unit, self.plain)
            self._write(sheet, at, 6, texts.see_line.format(number=row.see) if row.see else row.origin, self.plain)
            self._write(sheet, at, 7, row.source, self.plain)

    def lists(self) -> None:
        """Write what is missing, warnings, sources, files."""
        found, texts = self.found, self.texts
        sheet = self._sheet(texts.sheet_missing, (44, 34, 60))
        self._header(sheet, (texts.column_datum, texts.column_holder, texts.column_waiting))
        rows: list[Sequence[str]] = [(one.label, one.holder, one.waiting) for one in found.lacks]
        rows += [("", "", ""), (texts.heading_warnings, "", "")]
        rows += [(texts.edge, line.label, edge) for line in found.lines for edge in line.edges]
        rows += [("", "", warning) for warning in found.warnings]
        self._rows(sheet, 1, rows)
        sheet = self._sheet(texts.sheet_sources, (60, 34, 12, 70))
        self._header(sheet, (texts.column_document, texts.column_clause, texts.column_confidence, texts.column_used))
        self._rows(sheet, 1, ((one.document, one.clause, one.confidence, one.used) for one in found.sources))
        sheet = self._sheet(texts.sheet_files, (46, 76))
        self._header(sheet, (texts.column_file, "SHA-256"))
        self._rows(sheet, 1, ((one.name, one.sha256) for one in found.files))
        row = len(found.files) + 2
        more = ((texts.rule_set, f"{found.title}（{found.edition}，{found.status}）"),
                (texts.factor_sets, texts.joint.join(found.factor_sets) or texts.none))  # fmt: skip
        self._rows(sheet, row, more)

    def _figures(self, sheet: Any, row: int, names: Sequence[str], figures: Sequence[Any]) -> int:
        rows = [*figures, *self.found.besides]
        for column, name in enumerate(names):
            self._write(sheet, row, column, name, self.head)
        for one in rows:
            row += 1
            for column, text in enumerate((one.label, one.value, one.exact, one.note)):
                self._write(sheet, row, column, text, self.plain)
        return row

    def _sheet(self, name: str, widths: Sequence[int]) -> Any:
        sheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _header(self, sheet: Any, names: Sequence[str]) -> None:
        for column, name in enumerate(names):
            self._write(sheet, 0, column, name, self.head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def _rows(self, sheet: Any, start: int, rows: Iterable[Sequence[str]]) -> None:
        for row, cells in enumerate(rows, start):
            for column, text in enumerate(cells):
                self._write(sheet, row, column, text, self.plain)

    def _merged(self, sheet: Any, row: int, text: str, height: int) -> None:
        sheet.merge_range(row, 0, row, 3, "", self.soft)
        self._write(sheet, row, 0, text, self.soft)
        sheet.set_row(row, height)

    def _write(self, sheet: Any, row: int, column: int, text: str, form: Any) -> None:
        """Write text as text: never as a formula, an address or a number."""
        if text:
            sheet.write_string(row, column, text[:_LONGEST], form)
        else:
            sheet.write_blank(row, column, None, form)

    def _number(self, sheet: Any, row: int, column: int, exact: str) -> None:
        try:
            sheet.write_number(row, column, float(exact), self.plain)
        except (ValueError, TypeError):  # an interval, or nothing
            self._write(sheet, row, column, "", self.plain)


def _png_height(png: bytes) -> int:
    """Return the height of a PNG in dots, from its header."""
    return int.from_bytes(png[20:24], "big")
