"""A case as files: the park sheet and tables as XLSX, running text as DOCX or Markdown, and the empty answer sheet.

No cell becomes a formula or a link, whatever stands in it; figures are numbers, so that they can be added up.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.training.case_key import Key
from assistant.training.dossier import park_sheet
from assistant.training.dossier_model import Dossier, Paper
from assistant.training.submission import form_text
from scoring.cells import manner
from scoring.model import Rules
from scoring.template import open_workbook
from ui.case_texts import case_words
from ui.errors import PageError

_FIGURE = re.compile(r"(0|[1-9]\d{0,14})(\.\d+)?")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def case_files(dossier: Dossier, key: Key, rules: Rules) -> dict[str, bytes]:
    """Return the files of a case by name; nothing of the key is in them."""
    words = case_words()
    found = {dossier.sheet_name: park_sheet(dossier, rules)}
    for paper in dossier.papers:
        found[paper.name] = _paper(paper)
    told = {"case": dossier.id, "park": dossier.park_name, "difficulty": dossier.difficulty, "rubric": key.rubric}
    found[words.readme] = words.readme_text.format(**told).encode()
    found[words.answer_sheet] = form_text(key).encode()
    return found


def _paper(paper: Paper) -> bytes:
    if paper.name.endswith(".xlsx"):
        return _workbook(paper)
    lines = [case_words().line.format(number=i, text=text) for i, text in enumerate(paragraphs(paper), 1)]
    if paper.name.endswith(".docx"):
        return _document(paper.title, lines)
    return "\n\n".join([f"# {paper.title}", *lines, ""]).encode()


def paragraphs(paper: Paper) -> list[str]:
    """Return the paragraphs of a paper of running text."""
    return [line.cells[0] for sheet in paper.sheets for line in sheet.lines]


def _workbook(paper: Paper) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.xlsx"
        book = open_workbook(path)
        head = book.add_format({"bold": True, "font_name": manner()["font"], "bottom": 1})
        for sheet in paper.sheets:
            page = book.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.heads) - 1, int(manner()["widths"]["value"]))
            for column, text in enumerate(sheet.heads):
                page.write_string(0, column, text, head)
            for row, line in enumerate(sheet.lines, 1):
                for column, text in enumerate(line.cells):
                    if _FIGURE.fullmatch(text):
                        page.write_number(row, column, float(text))
                    else:
                        page.write_string(row, column, text)
        book.close()
        return path.read_bytes()


def _document(title: str, lines: list[str]) -> bytes:
    import docx  # heavy: only when a document is written
    from docx.oxml.ns import qn

    document: Any = docx.Document()
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), manner()["font"])
    document.add_heading(title, level=1)
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def write_case(files: Mapping[str, bytes], path: Path) -> None:
    """Write the files into a new folder, or into a ZIP where the path ends so.

    Raises:
        PageError: something is there already.
    """
    if path.exists():
        raise PageError(case_words().exists.format(path=path))
    if path.suffix.lower() == ".zip":
        path.write_bytes(zipped(files))
        return
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).write_bytes(content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as one ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return stream.getvalue()
