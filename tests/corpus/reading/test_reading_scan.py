from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from made_documents import PARAGRAPHS, chinese_font, notice_pdf, pictures_of, roughened, scanned_pdf, table_pdf
from PIL import Image
from rapidfuzz.distance import Levenshtein

from corpus.reading import read
from corpus.reading.scan import without_stamp

pytestmark = pytest.mark.skipif(not chinese_font(), reason="needs a Chinese font to draw pages with")


@pytest.fixture(scope="module")
def first_page() -> Image.Image:
    out = io.BytesIO()
    notice_pdf(out, embedded=True, head="")
    return pictures_of(out.getvalue())[0]


def _accuracy(texts: list[str]) -> float:
    """Of the first six paragraphs, which stand on the first page."""
    wanted = "".join(PARAGRAPHS[:6]).replace(" ", "")
    said = "".join(texts).replace(" ", "")
    said = said[said.index("第一条") :][: len(wanted)]
    return 1 - Levenshtein.distance(wanted, said) / len(wanted)


@pytest.mark.parametrize(
    ("degrees", "blur", "wanted"), [(0.0, 0.0, 0.98), (1.5, 1.1, 0.95)], ids=["clean", "turned, blurred, stamped"]
)
def test_scans_are_read(first_page: Image.Image, tmp_path: Path, degrees: float, blur: float, wanted: float) -> None:
    picture = roughened(first_page, degrees=degrees, blur=blur) if blur else first_page
    path = tmp_path / "扫描.pdf"
    path.write_bytes(scanned_pdf([picture]))
    reading = read(path)
    assert [p.how for p in reading.pages] == ["ocr"]
    assert _accuracy([line.text for line in reading.lines]) >= wanted
    assert sum(line.text.startswith("第") for line in reading.lines) >= 3  # paragraphs, not printed lines
    if blur:
        first = next(line for line in reading.lines if line.text.startswith("第一条"))
        assert first.box is not None
        assert 180 < first.box.top < 330  # where it stands on the turned page


def test_faint_letters_and_a_single_line_are_no_blank_page(first_page: Image.Image, tmp_path: Path) -> None:
    faint = Image.fromarray((np.asarray(first_page) // 3 + 150).astype(np.uint8))
    line = Image.new("RGB", first_page.size, "white")
    line.paste(first_page.crop((0, 600, first_page.width, 680)), (0, 200))
    path = tmp_path / "浅.pdf"
    path.write_bytes(scanned_pdf([faint, line, Image.new("RGB", first_page.size, "white")]))
    pages = read(path).pages
    assert [p.how for p in pages] == ["ocr", "ocr", "text layer"]
    assert pages[2].note == "空白页"


def test_a_photograph_is_read_as_a_page(first_page: Image.Image, tmp_path: Path) -> None:
    first_page.crop((0, 0, first_page.width, 420)).save(tmp_path / "照片.jpg", quality=80)
    reading = read(tmp_path / "照片.jpg")
    assert reading.format == "image"
    assert reading.lines[0].text == "某某市零碳园区建设试点管理办法"


def test_a_table_in_a_scan_keeps_its_cells(tmp_path: Path) -> None:
    table_pdf(tmp_path / "t.pdf")
    picture = pictures_of((tmp_path / "t.pdf").read_bytes())[0].crop((0, 0, 1190, 520))
    picture.save(tmp_path / "表.png")
    rows = [line.text for line in read(tmp_path / "表.png").lines if line.kind == "row"]
    assert rows[0].replace("<", "≤") == "指标名称：第1项指标的名称；单位：吨/吨标准煤；限值：≤1.1"
    assert len(rows) >= 2


def test_a_red_letterhead_stays() -> None:
    page = np.full((1000, 700, 3), 255, dtype=np.uint8)
    page[150:190, 150:550] = (230, 20, 20)
    page[700:800, 100:220] = (230, 20, 20)
    gray = without_stamp(page)
    assert gray[170, 300] < 120
    assert gray[750, 150] > 200


def test_a_stamp_fades_and_black_stays() -> None:
    pixels = np.array([[[220, 30, 30], [20, 20, 20], [130, 25, 25], [255, 255, 255]]], dtype=np.uint8)
    gray = without_stamp(pixels)[0].tolist()
    assert gray[0] > 200
    assert gray[1] < 40
    assert gray[2] < 140
    assert gray[3] == 255
