from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from made_documents import (
    HEADER,
    ISSUED,
    ISSUER,
    NUMBER,
    PARAGRAPHS,
    ROWS,
    TITLE,
    Sheet,
    chinese_font,
    formula_pdf,
    notice_pdf,
    old_encoding_pdf,
    table_pdf,
)

from corpus.reading import PageText, ReadingStopped, Unreadable, read
from corpus.reading.garble import agreement, fault_of

needs_font = pytest.mark.skipif(not chinese_font(), reason="needs a Chinese font to draw pages with")


def test_lines_are_joined_over_breaks_and_pages_and_furniture_is_gone(tmp_path: Path) -> None:
    notice_pdf(tmp_path / "办法.pdf")
    reading = read(tmp_path / "办法.pdf")
    assert [line.text for line in reading.lines] == [TITLE, NUMBER, *PARAGRAPHS, ISSUER, ISSUED]
    assert [(p.number, p.how) for p in reading.pages] == [(1, "text layer"), (2, "text layer")]
    assert len(reading.sha256) == 64


def test_every_printed_line_of_a_paragraph_has_its_place(tmp_path: Path) -> None:
    notice_pdf(tmp_path / "a.pdf")
    reading = read(tmp_path / "a.pdf")
    over_pages = [line for line in reading.lines if len({page for _, _, page, _ in line.spans}) == 2]
    assert len(over_pages) == 1
    for line in reading.lines:
        assert line.box is not None
        assert line.spans[0][0] == 0
        assert line.spans[-1][1] == len(line.text)
        for before, after in zip(line.spans, line.spans[1:], strict=False):
            assert before[1] == after[0]
            assert before[2] < after[2] or before[3].bottom <= after[3].top + 1
    first = next(line for line in reading.lines if line.text.startswith("第一条"))
    start, end, page, box = first.spans[0]
    assert (start, page) == (0, 1)
    assert 75 < box.left < 120  # indented by two characters from 80 points
    assert abs((box.right - box.left) - Sheet.SIZE * (end - 0.5)) < Sheet.SIZE * 1.5


def test_a_table_over_two_pages_keeps_its_header_in_every_row(tmp_path: Path) -> None:
    table_pdf(tmp_path / "表.pdf")
    reading = read(tmp_path / "表.pdf")
    rows = [line for line in reading.lines if line.kind == "row"]
    assert [r.text for r in rows] == ["；".join(f"{h}：{v}" for h, v in zip(HEADER, row, strict=True)) for row in ROWS]
    assert {r.page for r in rows} == {1, 2}
    assert reading.lines[0].text == "表1指标限值"
    assert reading.lines[-1].text == "注：限值按年度核算。"
    start, end, _, box = rows[0].spans[2]
    assert rows[0].text[start:end] == "限值：≤1.1"
    assert box.left == pytest.approx(400, abs=1)


def test_a_shattered_formula_is_one_line(tmp_path: Path) -> None:
    formula_pdf(tmp_path / "式.pdf")
    lines = read(tmp_path / "式.pdf").lines
    formulas = [line.text.replace(" ", "") for line in lines if line.kind == "formula"]
    assert formulas == ["η=(Q1+Q2)/Q×100%", "E=∑(ADi×EFi)"]
    assert [line.text for line in lines if line.kind == "text"] == ["综合利用率按下式计算：", "式中：", "Q为可利用量。"]


def test_merged_cells_stand_in_each_row_that_they_cover(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "m.pdf", numbered=False)
    sheet.table([("类型", "指标", "限值")], 100)
    sheet.canvas.rect(80, 842 - 124 - 48, 200, 48)
    sheet.at(85, 140, "核心", 12)
    sheet.canvas.rect(280, 842 - 124 - 24, 120, 24)
    sheet.canvas.rect(280, 842 - 124 - 48, 120, 24)
    sheet.canvas.rect(400, 842 - 124 - 24, 110, 24)
    sheet.canvas.rect(400, 842 - 124 - 48, 110, 24)
    for y, name, value in ((129, "碳排放", "≤0.2"), (153, "清洁能源", "≥90%")):
        sheet.at(285, y, name, 12)
        sheet.at(405, y, value, 12)
    sheet.save()
    assert [line.text for line in read(tmp_path / "m.pdf").lines] == [
        "类型：核心；指标：碳排放；限值：≤0.2",
        "类型：核心；指标：清洁能源；限值：≥90%",
    ]


def test_a_table_ruled_only_across_is_a_table_and_an_imprint_is_none(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "o.pdf", numbered=False)
    rows = (("能源", "单位", "系数"), ("原煤", "千克标准煤/千克", "0.7143"), ("柴油", "千克标准煤/千克", "1.4571"))
    for y in (110, 140, 230):
        sheet.canvas.line(80, 842 - y, 515, 842 - y)
    for y, row in zip((116, 150, 190), rows, strict=True):
        for x, text in zip((90, 220, 420), row, strict=True):
            sheet.at(x, y, text, 12)
    sheet.at(220, 207, "（低位发热量）", 12)
    for y in (600, 630, 660):
        sheet.canvas.line(80, 842 - y, 515, 842 - y)
    sheet.at(90, 607, "抄送：各县发展改革局。", 12)
    sheet.at(90, 637, "某某市发展改革委办公室", 12)
    sheet.at(380, 637, "2025年6月11日印发", 12)
    sheet.save()
    assert [(line.text, line.kind) for line in read(tmp_path / "o.pdf").lines] == [
        ("能源：原煤；单位：千克标准煤/千克；系数：0.7143", "row"),
        ("能源：柴油；单位：千克标准煤/千克（低位发热量）；系数：1.4571", "row"),
        ("抄送：各县发展改革局。", "text"),
        ("某某市发展改革委办公室 2025年6月11日印发", "text"),
    ]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "c.pdf")
    sheet.centred("目次")
    for i, title in enumerate(("范围", "术语和定义", "评价要求")):
        sheet.at(80, 200 + 30 * i, f"{i + 1} {title} ......................................... {i + 1}", 12)
    sheet.break_page()
    sheet.at(80, 110, "1 范围", 16)
    sheet.paragraph("")
    sheet.paragraph("本文件规定了评价的要求。")
    sheet.save()
    assert [line.text for line in read(tmp_path / "c.pdf").lines] == ["1 范围", "本文件规定了评价的要求。"]


def test_where_pypdf_reads_garbage_pdfium_is_asked_and_the_page_says_so(tmp_path: Path) -> None:
    path = tmp_path / "旧字库.pdf"
    path.write_bytes(old_encoding_pdf(PARAGRAPHS[2]))
    fault = fault_of(pypdf.PdfReader(path).pages[0].extract_text())
    assert fault
    reading = read(path)
    assert [line.text for line in reading.lines] == [PARAGRAPHS[2]]
    assert reading.pages[0].how == "pdfium"
    assert reading.pages[0].note == f"第一种读法{fault}，改用第二种读法"


@needs_font
def test_a_text_layer_without_meaning_is_read_by_ocr_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "乱码.pdf"
    notice_pdf(path, embedded=True)
    writer = pypdf.PdfWriter(clone_from=str(path))
    for thing in writer._objects:
        if isinstance(thing, pypdf.generic.DictionaryObject) and "/ToUnicode" in thing:
            del thing["/ToUnicode"]
    for page in list(writer.pages)[1:]:
        writer.remove_page(page)
    writer.write(str(path))
    reading = read(path)
    assert reading.pages[0].how == "ocr"
    assert "改用文字识别" in reading.pages[0].note
    assert TITLE in [line.text for line in reading.lines]


def test_a_page_shown_sideways_has_its_boxes_as_shown(tmp_path: Path) -> None:
    plain = io.BytesIO()
    notice_pdf(plain)
    writer = pypdf.PdfWriter(clone_from=plain)
    for page in writer.pages:
        page.rotate(90)
    writer.write(str(tmp_path / "r.pdf"))
    reading = read(tmp_path / "r.pdf")
    boxes = [line.box for line in reading.lines if line.box]
    assert all(0 <= b.left < b.right <= 843 and 0 <= b.top < b.bottom <= 596 for b in boxes)


def test_a_long_file_can_be_stopped_and_gone_on_with(tmp_path: Path) -> None:
    notice_pdf(tmp_path / "a.pdf")
    kept: dict[int, PageText] = {}
    told: list[tuple[int, int]] = []
    with pytest.raises(ReadingStopped, match="第 1 页，共 2 页"):
        read(tmp_path / "a.pdf", pages=kept, stop=lambda: True)
    assert list(kept) == [1]
    first = kept[1]
    reading = read(tmp_path / "a.pdf", pages=kept, progress=lambda done, total: told.append((done, total)))
    assert kept[1] is first
    assert told == [(1, 2), (2, 2)]
    assert reading == read(tmp_path / "a.pdf")


def test_a_password_refuses_and_a_mere_lock_on_copying_does_not(tmp_path: Path) -> None:
    plain = io.BytesIO()
    notice_pdf(plain)
    for name, password in (("locked.pdf", "secret"), ("restricted.pdf", "")):
        writer = pypdf.PdfWriter(clone_from=plain)
        writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
        writer.write(str(tmp_path / name))
    assert read(tmp_path / "restricted.pdf").lines[0].text == TITLE
    with pytest.raises(Unreadable, match="有打开密码") as refused:
        read(tmp_path / "locked.pdf")
    assert refused.value.reason == "encrypted"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("(cid:101)(cid:44)(cid:9)", "字形没有对应的文字"),
        ("\ue001\ue002\ue003\ue004\ue005\ue006", "文字编码损坏"),
        ("ÁãÌ¼Ô°ÇøÆÀ¼Û¼¼Êõ¹æ·¶", "文字是乱码"),
        ("쇣첼풰쟸뗄뫋쯣뇟뷧펦떱냼삨풰쟸쓚", "文字是乱码"),
        ("鞣彘韪嶙蚩矬鼐檗齄黻氍馐魑鬏蟋艉缜隰瓿觯砉耱硌芨羼埯舁钏瘛馘挹" * 3, "文字不成句"),
        ("零碳园区的核算边界应当包括园区内全部能源活动和工业生产过程。", ""),
        ("□是 □否 见附表", ""),
        ("Energy consumption per unit of product shall not exceed the limit.", ""),
        ("", ""),
    ],
)
def test_garbage_is_told_from_text(text: str, fault: str) -> None:
    assert fault_of(text) == fault


def test_two_readings_agree_whatever_their_order() -> None:
    assert agreement("指标 限值", "限值指标") == 1.0
    assert agreement("指标限值", "□□□□") == 0.0
