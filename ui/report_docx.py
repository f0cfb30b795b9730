"""The report as DOCX: real tables and headings, charts as pictures, the same bytes for the same result."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from ui.findings import Findings
from ui.grade_texts import GradeTexts
from ui.pictures import Picture
from ui.workings import readable

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_SHADES = {"met": "DFF1EA", "not_met": "FBE7DC", "missing": "E8EAEC", "no_limit": "E8EAEC", "excused": "E2ECF6"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def report_docx(found: Findings, texts: GradeTexts, charts: Sequence[Picture], *, font_note: str) -> bytes:
    """Return the report as a DOCX file; `font_note` says where the charts could not be labelled in Chinese."""
    made = _Document(found, texts)
    made.opening()
    made.charts(charts, font_note)
    made.indicators()
    made.lists()
    made.workings()
    made.sources()
    return made.saved()


class _Document:
    """A DOCX while it is written."""

    def __init__(self, found: Findings, texts: GradeTexts) -> None:
        import docx
        from docx.shared import Cm, Pt

        self.found, self.texts = found, texts
        self.document: Any = docx.Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
        for name, size in (("Normal", 10), ("Title", 20), ("Heading 1", 14), ("Heading 2", 11.5), ("List Bullet", 10)):
            self._style(name, Pt(size))

    def _style(self, name: str, size: Any) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        style = self.document.styles[name]
        style.font.name, style.font.size = _LATIN, size
        style.font.color.rgb = RGBColor(0x1D, 0x27, 0x24)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), _LATIN)
        fonts.set(qn("w:hAnsi"), _LATIN)
        fonts.set(qn("w:eastAsia"), _CHINESE)
        style.paragraph_format.space_after = Pt(4)

    def opening(self) -> None:
        """Write the result first."""
        found, texts = self.found, self.texts
        self.document.add_paragraph(texts.report_title, style="Title")
        self._small(texts.park_line.format(park=found.park, year=found.year))
        self._small(f"{found.title}（{found.edition}，{found.status}）")
        date = f"{texts.report_date.format(on=found.on)}　" if found.on else ""
        self._small(f"{date}{texts.report_note}")
        outcome = self.document.add_paragraph()
        self._shaded(outcome.add_run(f" {found.word} "), found.verdict, size=15)
        for part in (found.level, found.score):
            if part:
                self._bold(outcome.add_run(f"　{part}"), 13)
        counts = self.document.add_paragraph()
        for verdict, word, count in found.counts:
            if count:
                self._shaded(counts.add_run(f" {word} {count} "), verdict, size=10)
                counts.add_run(" ")
        for one in found.totals:
            line = self.document.add_paragraph(f"{one.label}：")
            line.add_run(one.value).bold = True
        if found.notice:
            self._small(found.notice)
        if found.next_datum is not None:
            line = self.document.add_paragraph()
            line.add_run(texts.next_title).bold = True
            who = texts.next_holder.format(holder=found.next_datum.holder) if found.next_datum.holder else ""
            line.add_run(f"{found.next_datum.label}　{who}")

    def charts(self, charts: Sequence[Picture], font_note: str) -> None:
        """Write the pictures, each with its title and how to read it."""
        from docx.shared import Cm

        if not charts:
            return
        self.document.add_heading(self.texts.heading_charts, 1)
        if font_note:
            self._small(font_note)
        for chart in charts:
            heading = self.document.add_heading(chart.title, 2)
            heading.paragraph_format.keep_with_next = True
            width = Cm(13) if chart.name == "radar" else Cm(16.5)
            self.document.add_picture(io.BytesIO(chart.png), width=width)
            picture = self.document.paragraphs[-1]
            picture.paragraph_format.keep_with_next = True
            self.document.inline_shapes[-1]._inline.docPr.set("descr", chart.title)
            self._small(chart.note)

    def indicators(self) -> None:
        """Write the table of indicators, a heading for each block."""
        found, texts = self.found, self.texts
        self.document.add_heading(texts.heading_indicators, 1)
        scored, limited = any(line.points for line in found.lines), any(line.limit for line in found.lines)
        names = [texts.column_indicator, texts.column_verdict, texts.column_value]
        names += [texts.column_limit] if limited else []
        names += [texts.column_points] if scored else []
        names += [texts.column_reason]
        widths = [3.5, 1.9, 2.6, *([3.2] if limited else []), *([1.9] if scored else [])]
        widths.append(17 - sum(widths))
        for block in dict.fromkeys(line.block for line in found.lines):
            self.document.add_heading(block, 2)
            lines = [line for line in found.lines if line.block == block]
            rows: list[list[str]] = []
            for line in lines:
                more = [f"{texts.edge}：{edge}" for edge in line.edges]
                where = [line.clause, texts.see_step.format(number=line.step) if line.step else ""]
                tail = [line.reason, *more, texts.semicolon.join(part for part in where if part)]
                row = [f"{line.label}（{line.role}）", line.word, line.value]
                row += [line.limit] if limited else []
                row += [line.points] if scored else []
                rows.append([*row, "\n".join(tail)])
            table = self._table(names, rows, widths)
            for row, line in zip(table.rows[1:], lines, strict=True):
                self._fill(row.cells[1], _SHADES[line.verdict])

    def lists(self) -> None:
        """Write warnings, what is missing, and the figures beside the result."""
        found, texts = self.found, self.texts
        self.document.add_heading(texts.heading_warnings, 1)
        edges = [f"{texts.edge}　{line.label}：{edge}" for line in found.lines for edge in line.edges]
        for warning in (*edges, *found.warnings):
            self.document.add_paragraph(warning, style="List Bullet")
        if not edges and not found.warnings:
            self._small(texts.no_warnings)
        self.document.add_heading(texts.heading_missing, 1)
        if found.lacks:
            rows = [[one.label, one.holder, one.waiting] for one in found.lacks]
            self._table([texts.column_datum, texts.column_holder, texts.column_waiting], rows, [6.5, 4.5, 6])
        else:
            self._small(texts.nothing_missing)
        if found.besides:
            self.document.add_heading(texts.heading_besides, 1)
            rows = [[one.label, one.value, one.note] for one in found.besides]
            self._table([texts.column_name, texts.column_value, texts.column_note], rows, [6, 4.5, 6.5])

    def workings(self) -> None:
        """Write the working of every figure."""
        texts = self.texts
        self.document.add_heading(texts.heading_working, 1)
        self._small(texts.working_note)
        names = [texts.column_number, texts.column_name, texts.column_working, texts.column_result, texts.column_source]
        rows: list[list[str]] = []
        for row in self.found.workings:
            source = texts.see_line.format(number=row.see) if row.see else f"{row.origin}　{row.source}".strip("　")
            result = f"{readable(row.exact)} {row.unit}".strip()
            indent = "　" * min(row.depth, 5)
            rows.append([str(row.number), f"{indent}{row.label}", readable(row.working), result, source])
        self._table(names, rows, [1.1, 4.2, 4.4, 2.8, 4.5], size=8)

    def sources(self) -> None:
        """Write sources, edition, factor sets and hashes."""
        found, texts = self.found, self.texts
        self.document.add_heading(texts.heading_sources, 1)
        names = [texts.column_document, texts.column_clause, texts.column_confidence, texts.column_used]
        rows = [[one.document, one.clause, one.confidence, one.used] for one in found.sources]
        self._table(names, rows, [6.2, 3.8, 1.8, 5.2], size=8.5)
        self._small(texts.confidence_note)
        self.document.add_heading(texts.heading_files, 1)
        self.document.add_paragraph(f"{texts.rule_set}：{found.title}（{found.edition}，{found.status}）")
        self.document.add_paragraph(f"{texts.factor_sets}：{texts.joint.join(found.factor_sets) or texts.none}")
        self._table([texts.column_file, "SHA-256"], [[f.name, f.sha256] for f in found.files], [7, 10], size=8)

    def saved(self) -> bytes:
        """Return the file, with no time in it but the day of the report."""
        properties = self.document.core_properties
        day = datetime.fromisoformat(self.found.on) if self.found.on else datetime(*_EPOCH[:3])
        properties.created = properties.modified = day
        properties.title = self.texts.report_title
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.language = "zh-CN"
        held = io.BytesIO()
        self.document.save(held)
        return timeless(held.getvalue())

    def _small(self, text: str) -> None:
        from docx.shared import Pt, RGBColor

        run = self.document.add_paragraph().add_run(text)
        run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x55, 0x63, 0x5D)

    def _bold(self, run: Any, size: float) -> None:
        from docx.shared import Pt

        run.bold, run.font.size = True, Pt(size)

    def _shaded(self, run: Any, verdict: str, *, size: float) -> None:
        self._bold(run, size)
        run._element.get_or_add_rPr().append(_shade(_SHADES[verdict]))

    def _fill(self, cell: Any, color: str) -> None:
        cell._tc.get_or_add_tcPr().append(_shade(color))

    def _table(
        self, names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *, size: float = 9
    ) -> Any:
        """Add a table of fixed widths whose header comes again on each page and whose rows stay whole."""
        from docx.shared import Cm

        table = self.document.add_table(rows=0, cols=len(names), style="Table Grid")
        table.autofit = False
        table._tbl.tblPr.append(_borders())
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for number, texts in enumerate((names, *rows)):
            row = table.add_row()
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
            if number == 0:
                row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Cm(width)
                self._cell(cell, text, size, head=number == 0)
        self.document.add_paragraph()
        return table

    def _cell(self, cell: Any, text: str, size: float, *, head: bool) -> None:
        from docx.shared import Pt

        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(size), head
        if head:
            self._fill(cell, "EEF2EE")


def _element(name: str, **attributes: str) -> Any:
    """Return an element of the file format, with attributes of its namespace."""
    from docx import oxml
    from docx.oxml.ns import qn

    element = cast(Any, oxml).OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _borders() -> Any:
    """Return thin gray lines between rows and none between columns."""
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        kind = "single" if side in ("top", "bottom", "insideH") else "nil"
        borders.append(_element(f"w:{side}", val=kind, sz="4", space="0", color="C9D1CB"))
    return borders


def _shade(color: str) -> Any:
    return _element("w:shd", val="clear", color="auto", fill=color)


def timeless(package: bytes) -> bytes:
    """Return the zip with the same entries and no clock time in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, _EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            new.writestr(fixed, old.read(entry.filename))
    return held.getvalue()
