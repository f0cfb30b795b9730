"""Certificates as DOCX, PDF or JSON, each with the data that checks it; and the checking of such a file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from assistant.training.certificate import Certificate, Verified, verify_record
from assistant.training.progress import Progress
from ui.errors import PageError
from ui.report_docx import timeless
from ui.train_texts import say

_DATA = re.compile(rb"ZCPA1[A-Za-z0-9_=-]+ZCPA1")
_MARK = "ZCPA1"
_LINES = ("name", "body", "day", "library", "issuer", "code", "check")


def certificate_lines(certificate: Certificate) -> list[str]:
    """Return what a certificate says, a line each, heading first."""
    said = certificate.record()
    return [say("certificate.heading"), *(say(f"certificate.{one}", **said) for one in _LINES)]


def write_certificate(progress: Progress, certificate: Certificate, path: Path) -> None:
    """Write the certificate as its ending says.

    Raises:
        PageError: another ending, or no font for a PDF.
    """
    path.write_bytes(certificate_file(progress, certificate, path.suffix.lower()))


def certificate_file(progress: Progress, certificate: Certificate, ending: str) -> bytes:
    """Return the certificate as a file of that ending; its hash is kept, so that a changed file shows."""
    writers = {".docx": certificate_docx, ".pdf": certificate_pdf, ".json": certificate_json}
    if ending not in writers:
        raise PageError(say("certificate_ending", ending=ending))
    data = writers[ending](certificate)
    progress.put("certificate-file", hashlib.sha256(data).hexdigest(), {"code": certificate.code})
    return data


def certificate_json(certificate: Certificate) -> bytes:
    """Return the certificate's record."""
    return json.dumps(certificate.record(), ensure_ascii=False, indent=2).encode()


def certificate_docx(certificate: Certificate) -> bytes:
    """Return the certificate as DOCX, its data in small print at the end."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document: Any = docx.Document()
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    heading, *lines = certificate_lines(certificate)
    for text, size in ((heading, 28), *((line, 12) for line in lines), (_packed(certificate), 5)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).font.size = Pt(size)
    held = io.BytesIO()
    document.save(held)
    return timeless(held.getvalue())


def certificate_pdf(certificate: Certificate, fonts: Iterable[Path] | None = None) -> bytes:
    """Return the certificate as PDF with an embedded Chinese font, its data among the file's properties.

    `fonts` are the font files to look through; those of this machine where not given.

    Raises:
        PageError: no font can be embedded.
    """
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    font = embeddable_font(fonts)
    cast(Any, pdfmetrics).registerFont(font)
    held = io.BytesIO()
    width, height = landscape(A4)
    canvas: Any = Canvas(held, pagesize=(width, height), invariant=1)
    heading, *lines = certificate_lines(certificate)
    canvas.setTitle(f"{heading} {certificate.name}")
    canvas.setKeywords(_packed(certificate))
    canvas.setLineWidth(2)
    canvas.rect(36, 36, width - 72, height - 72)
    canvas.setFont(font.fontName, 34)
    canvas.drawCentredString(width / 2, height - 130, heading)
    canvas.setFont(font.fontName, 15)
    for at, line in enumerate(lines):
        canvas.drawCentredString(width / 2, height - 200 - 36 * at, line)
    canvas.save()
    return held.getvalue()


def embeddable_font(fonts: Iterable[Path] | None) -> Any:
    """Return a font that reportlab can embed: one with Chinese and TrueType outlines."""
    from matplotlib import font_manager
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    from ui.pictures import chinese_font

    left = [Path(one) for one in cast(Any, font_manager).findSystemFonts()] if fonts is None else list(fonts)
    while (path := chinese_font(left)) is not None:
        try:
            return TTFont(f"certificate-{path.stem}", str(path))
        except TTFError:  # PostScript outlines
            left.remove(path)
    raise PageError(say("certificate.no_font"))


def verify_file(progress: Progress, path: Path) -> Verified:
    """Return whether a certificate's file is genuine: its data, its printed lines, and the very file."""
    data = path.read_bytes()
    record = _record(data, path.suffix.lower())
    if record is None:
        return Verified("unknown", say("verify_no_record", file=path.name))
    found = verify_record(record, progress.key)
    if found.certificate is None or found.status != "genuine":
        return found
    if path.suffix.lower() == ".docx":
        printed = _docx_text(data)
        wanted = [*certificate_lines(found.certificate), _packed(found.certificate)]
        if missing := [line for line in wanted if line not in printed]:
            return replace(found, status="changed", says=say("verify_text", missing=missing[0]))
        if _bare(printed) != _bare("".join(wanted)):
            return replace(found, status="changed", says=say("verify_more"))
    if path.suffix.lower() != ".json" and progress.get("certificate-file", hashlib.sha256(data).hexdigest()) is None:
        status = "changed" if path.suffix.lower() == ".pdf" else "genuine"
        return replace(found, status=status, says=say("verify_file"))
    return found


def _record(data: bytes, ending: str) -> object | None:
    if ending == ".json":
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return None
    held = _docx_text(data).encode() if ending == ".docx" else data
    m = _DATA.search(held)
    if m is None:
        return None
    try:
        packed = m[0].decode().removeprefix(_MARK).removesuffix(_MARK)
        return json.loads(base64.urlsafe_b64decode(packed))
    except (ValueError, binascii.Error):
        return None


def _docx_text(data: bytes) -> str:
    """Return all that is printed in a DOCX, in tables, boxes, headers and footers too; nothing where it is none."""
    import zipfile
    import zlib

    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.oxml.ns import qn

    damaged = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
    try:
        document: Any = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, *damaged, KeyError, ValueError, SyntaxError):  # SyntaxError: no XML
        return ""
    parts = [getattr(part, "element", None) for part in document.part.package.iter_parts()]
    return "".join(one.text or "" for part in parts if part is not None for one in part.iter(qn("w:t")))


def _bare(text: str) -> str:
    return "".join(text.split())


def _packed(certificate: Certificate) -> str:
    text = json.dumps(certificate.record(), ensure_ascii=False)
    return f"{_MARK}{base64.urlsafe_b64encode(text.encode()).decode()}{_MARK}"
