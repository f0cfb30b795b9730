"""write_report(assessment, rules, path, on="2026-11-25"): one assessment as DOCX, XLSX or self-contained HTML.

All three show the same findings. The same assessment, day and font give the same bytes; no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

from scoring.model import Assessment, Rules
from ui.errors import PageError
from ui.findings import File, findings
from ui.grade_texts import GradeTexts
from ui.texts import read_texts

Kind = Literal["docx", "xlsx", "html"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def write_report(
    assessment: Assessment,
    rules: Rules,
    path: Path,
    *,
    on: str = "",
    inputs: Sequence[File] = (),
    fonts: Iterable[Path] | None = None,
) -> None:
    """Write the report of the assessment; the path's suffix says which kind.

    Args:
        assessment: what was found.
        rules: what it was graded by.
        path: the file to write, .docx, .xlsx or .html.
        on: the day of the report, 2026-11-25; none is printed where it is not given.
        inputs: the files that the figures were reported in, by their hash, and a user's own rule file.
        fonts: font files to look for Chinese in; this machine's where not given.

    Raises:
        PageError: the suffix is none of these.
    """
    kind = path.suffix.removeprefix(".").lower()
    texts = read_texts().grade
    if kind not in KINDS:
        raise PageError(texts.bad_report_kind.format(file=path.name))
    path.write_bytes(report_bytes(assessment, rules, kind, texts=texts, on=on, inputs=inputs, fonts=fonts))


def report_bytes(
    assessment: Assessment,
    rules: Rules,
    kind: Kind,
    *,
    texts: GradeTexts | None = None,
    on: str = "",
    inputs: Sequence[File] = (),
    fonts: Iterable[Path] | None = None,
) -> bytes:
    """Return the report as the bytes of a file of that kind."""
    texts = texts or read_texts().grade
    found = findings(assessment, rules, texts, on=on, inputs=inputs)
    if kind == "html":
        from ui.report_html import report_html

        return report_html(found, texts).encode("utf-8")
    from ui.pictures import chinese_font, pictures

    font = chinese_font(fonts)
    charts = pictures(found, texts, font=font)
    font_note = "" if font else texts.no_font
    if kind == "docx":
        from ui.report_docx import report_docx

        return report_docx(found, texts, charts, font_note=font_note)
    from ui.report_xlsx import report_xlsx

    return report_xlsx(found, texts, charts, font_note=font_note)
