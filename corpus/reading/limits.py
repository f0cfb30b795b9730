"""How large a file may be before it is refused, in one record."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; beyond it a file is refused with a sentence, never cut short in silence.

    Attributes:
        file_bytes: of one file.
        pages: of one PDF, or pictures in one image file.
        text_characters: of one document's text.
        markup_bytes: of a web page or of the text parts of an office file, unpacked.
        sheet_bytes: of a workbook's sheets, unpacked; in memory they take fifty times as much.
        rows: of one sheet; `columns` likewise.
        archive_files, archive_bytes: in one ZIP, unpacked.
        archive_ratio: unpacked over packed, for members beyond `archive_free_bytes`.
        picture_pixels: of one picture or rendered page.
        convert_seconds: for LibreOffice to convert one file.
        ocr_width, ocr_scale: a page is given to OCR at `ocr_scale` pixels a point, `ocr_width` of it across.
    """

    file_bytes: int = 500 * _MIB
    pages: int = 5000
    text_characters: int = 20_000_000
    markup_bytes: int = 64 * _MIB
    sheet_bytes: int = 40 * _MIB
    rows: int = 200_000
    columns: int = 500
    archive_files: int = 2000
    archive_bytes: int = 2048 * _MIB
    archive_ratio: int = 200
    archive_free_bytes: int = 10 * _MIB
    picture_pixels: int = 60_000_000
    convert_seconds: int = 180
    ocr_scale: float = 2.0
    ocr_width: float = 0.65


LIMITS = Limits()
