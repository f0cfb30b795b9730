"""The user's library to take away: a ZIP of the files with their records, a sheet of the list."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.own import OwnLibrary, Record
from ui.library_texts import LibraryTexts
from ui.workings import clean

_LONGEST_CELL = 32_000


def write_zip(path: Path, own: OwnLibrary, texts: LibraryTexts) -> int:
    """Write every file under its own name, records.json, the list as a sheet; return how many files there are."""
    records = own.records()
    beside = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for record in records:
                original = own.original(record)
                if not original.is_file():
                    raise CorpusError(f"《{record.document.title}》的原件缺失，没有导出。请先把它重新加入。")
                archive.write(original, f"{texts.export_files}/{record.id}/{_member(record)}")
            facts = [r.model_dump(mode="json") for r in records]
            archive.writestr("records.json", json.dumps(facts, ensure_ascii=False, indent=1))
            archive.writestr(f"{texts.export_list}.xlsx", sheet(records, own, texts))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return len(records)


def sheet(records: Sequence[Record], own: OwnLibrary, texts: LibraryTexts) -> bytes:
    """Return the list as XLSX; every cell is text, so that nothing in a document becomes a formula."""
    import io

    import xlsxwriter

    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(kept, options)
    page = book.add_worksheet(texts.export_list)
    head = book.add_format({"bold": True})
    for column, name in enumerate(texts.export_columns):
        page.write_string(0, column, name, head)
    for row, record in enumerate(records, 1):
        for column, value in enumerate(_cells(record, len(own.text(record.sha256).passages))):
            page.write_string(row, column, clean(value)[:_LONGEST_CELL])
    page.set_column(0, 0, 46)
    page.set_column(1, len(texts.export_columns) - 1, 18)
    page.freeze_panes(1, 0)
    book.close()
    return kept.getvalue()


def _cells(record: Record, passages: int) -> tuple[str, ...]:
    d = record.document
    return (
        d.title, d.number, d.kind, "、".join(d.issuers), d.issued, d.published, d.in_force, d.status, d.region,
        str(passages), record.file_name, record.added, record.sha256, record.fetched_from, d.id,
    )  # fmt: skip


def _member(record: Record) -> str:
    """The file's name without anything that could lead out of the folder that the ZIP is unpacked into."""
    name = clean(record.file_name).replace("\\", "/").rsplit("/", 1)[-1].strip(". ")
    return name or f"{record.id}.{record.format}"
