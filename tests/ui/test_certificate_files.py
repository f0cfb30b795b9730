"""Certificates as files: written, read back, and a changed one named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from assistant.training.certificate import Certificate, issue
from assistant.training.exam import ExamResult
from assistant.training.progress import Progress
from ui.certificate import certificate_lines, certificate_pdf, verify_file, write_certificate
from ui.errors import PageError
from ui.pictures import chinese_font

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
RESULT = ExamResult("e1", "张三", "零碳园区评估员考试", NOW, NOW, 60, 0, 36, 40, 0, {}, 0, 0, "lib")  # pyright: ignore


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[Progress]:
    with Progress(tmp_path) as held:
        yield held


@pytest.fixture
def made(progress: Progress) -> Certificate:
    from decimal import Decimal

    return issue(progress, replace(RESULT, points=Decimal(36), pass_share=Decimal("0.7")), now=NOW)


def needs_font(ending: str) -> None:
    if ending == ".pdf" and chinese_font() is None:
        pytest.skip("这台机器没有中文字体")


@pytest.mark.parametrize("ending", [".docx", ".pdf", ".json"])
def test_a_file_is_genuine_as_written_and_told_when_changed(
    progress: Progress, made: Certificate, tmp_path: Path, ending: str
) -> None:
    needs_font(ending)
    file = tmp_path / f"certificate{ending}"
    write_certificate(progress, made, file)
    found = verify_file(progress, file)
    assert (found.status, found.certificate) == ("genuine", made)
    data = file.read_bytes()
    cut = data.replace("张三".encode(), "李四".encode()) if ending == ".json" else data[:-20]
    file.write_bytes(cut)
    assert verify_file(progress, file).status in ("changed", "unknown")
    with Progress(tmp_path / "elsewhere") as elsewhere:
        file.write_bytes(data)
        assert verify_file(elsewhere, file).status == "foreign"


def test_a_name_changed_in_the_printed_text_is_named(progress: Progress, made: Certificate, tmp_path: Path) -> None:
    file = tmp_path / "certificate.docx"
    write_certificate(progress, made, file)
    document: Any = docx.Document(str(file))
    line = next(one for one in document.paragraphs if "张三" in one.text)
    line.runs[0].text = line.text.replace("张三", "李四")
    document.save(str(file))
    found = verify_file(progress, file)
    assert found.status == "changed"
    assert "张三" in found.says


def test_a_document_saved_anew_keeps_its_contents_and_says_so(
    progress: Progress, made: Certificate, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.docx"
    write_certificate(progress, made, file)
    document: Any = docx.Document(str(file))
    document.add_paragraph("")
    document.save(str(file))
    found = verify_file(progress, file)
    assert found.status == "genuine"
    assert "不完全相同" in found.says


@pytest.mark.parametrize("place", ["line", "table", "header"])
def test_anything_said_besides_in_a_document_makes_it_a_changed_one(
    progress: Progress, made: Certificate, tmp_path: Path, place: str
) -> None:
    file = tmp_path / "certificate.docx"
    write_certificate(progress, made, file)
    document: Any = docx.Document(str(file))
    if place == "table":
        document.add_table(1, 1).cell(0, 0).text = "高级评估员"
    else:
        (document if place == "line" else document.sections[0].header).add_paragraph("高级评估员")
    document.save(str(file))
    assert verify_file(progress, file).status == "changed"


def test_a_damaged_document_is_no_certificate(progress: Progress, made: Certificate, tmp_path: Path) -> None:
    file = tmp_path / "certificate.docx"
    write_certificate(progress, made, file)
    data = file.read_bytes()
    for at in range(60, 1500, 90):
        file.write_bytes(data[:at] + bytes(one ^ 255 for one in data[at : at + 3]) + data[at + 3 :])
        assert verify_file(progress, file).status in ("unknown", "changed")


def test_the_pdf_embeds_its_font_and_says_the_lines(progress: Progress, made: Certificate, tmp_path: Path) -> None:
    needs_font(".pdf")
    file = tmp_path / "certificate.pdf"
    write_certificate(progress, made, file)
    page = pypdf.PdfReader(file).pages[0]
    text = page.extract_text()
    assert all(line in text for line in certificate_lines(made))
    fonts = [one.get_object() for one in page["/Resources"]["/Font"].values()]  # pyright: ignore
    assert any("/FontFile2" in one["/FontDescriptor"] for one in fonts if "/FontDescriptor" in one)
    assert file.stat().st_size < 200_000


def test_without_a_font_the_pdf_is_refused_and_says_what_to_do(made: Certificate) -> None:
    with pytest.raises(PageError, match="字体"):
        certificate_pdf(made, fonts=[])


def test_another_ending_or_another_file_is_refused(progress: Progress, made: Certificate, tmp_path: Path) -> None:
    with pytest.raises(PageError, match="txt"):
        write_certificate(progress, made, tmp_path / "certificate.txt")
    for name, data in (("a.docx", b"no"), ("a.pdf", b"%PDF"), ("a.json", b"{"), ("b.json", json.dumps([1]).encode())):
        (tmp_path / name).write_bytes(data)
        assert verify_file(progress, tmp_path / name).status == "unknown"
