from __future__ import annotations

from pathlib import Path

import pytest
from made_documents import PARAGRAPHS, TITLE, notice_docx, notice_html, notice_pdf, notice_texts

from corpus.reading import read
from corpus.reading.encoding import decoded
from corpus.reading.text import joined, markdown_lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_text_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "办法.txt"
    path.write_bytes("\n".join([TITLE, *PARAGRAPHS]).encode(encoding))
    assert [line.text for line in read(path).lines] == [TITLE, *PARAGRAPHS]


def test_lines_broken_at_a_width_are_joined() -> None:
    printed: list[str] = []
    for paragraph in PARAGRAPHS:
        text = "　　" + paragraph
        printed += [text[i : i + 30] for i in range(0, len(text), 30)]
    assert joined(printed) == list(PARAGRAPHS)


def test_lines_that_were_not_broken_stay_apart() -> None:
    assert joined(["第一项", "第二项", "第三项的内容稍微长一点"]) == ["第一项", "第二项", "第三项的内容稍微长一点"]


def test_a_form_feed_is_a_page_and_page_numbers_go(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text("第一页的话。\n- 1 -\f第二页的话。\n— 2 —\n", encoding="utf-8")
    assert [(line.text, line.page) for line in read(path).lines] == [("第一页的话。", 1), ("第二页的话。", 2)]


def test_markdown_keeps_headings_tables_and_no_html() -> None:
    table = "| 指标 | 限值 |\n|---|---|\n| 碳排放 | ≤0.2 |\n| 水 | ≥80% |"
    text = f"# 办法\n\n第一条 适用。\n\n{table}\n\n<script>x</script>\n"
    assert [(line.text, line.kind) for line in markdown_lines(text.encode())] == [
        ("办法", "heading"),
        ("第一条 适用。", "text"),
        ("指标：碳排放；限值：≤0.2", "row"),
        ("指标：水；限值：≥80%", "row"),
        ("<script>x</script>", "text"),
    ]


def test_bytes_that_fit_no_encoding_are_shown_as_such() -> None:
    assert "\ufffd" in decoded(b"\xff\x00\x81abc\xff\xff\x80")


def test_the_same_text_is_the_same_in_every_format(tmp_path: Path) -> None:
    notice_pdf(tmp_path / "a.pdf")
    notice_docx(tmp_path / "a.docx")
    (tmp_path / "a.html").write_text(notice_html(), encoding="utf-8")
    (tmp_path / "a.txt").write_text("\n".join(notice_texts()), encoding="utf-8")
    for name in ("a.pdf", "a.docx", "a.html", "a.txt"):
        assert [line.text for line in read(tmp_path / name).lines] == notice_texts(), name


def test_columns_set_apart_by_spaces_are_a_table_as_far_as_the_text_says(tmp_path: Path) -> None:
    text = """附件1

       园区指标体系

指标类型         指标名称              目标要求
                           ≤0.4 吨/吨标准煤
                         （规模 20~100 万吨

                             标准煤的园区）
核心指标       单位能耗碳排放
                           ≤0.6 吨/吨标准煤
                         （规模≥100 万吨标准煤的园区）

          清洁能源占比              ≥70%
引导指标     固体废弃物综合利用率           ≥75%
          用水重复利用率             ≥85%

  一、指标说明
  核心指标必须达到。
"""
    path = tmp_path / "附件1.txt"
    path.write_text(text, encoding="utf-8")
    assert [(line.text, line.kind) for line in read(path).lines] == [
        ("附件1", "text"),
        ("园区指标体系", "text"),
        (
            "指标类型：核心指标；指标名称：单位能耗碳排放；目标要求：≤0.4吨/吨标准煤（规模20~100万吨标准煤的园区），"
            "≤0.6吨/吨标准煤（规模≥100万吨标准煤的园区）",
            "row",
        ),
        ("指标名称：清洁能源占比；目标要求：≥70%", "row"),
        ("指标类型：引导指标；指标名称：固体废弃物综合利用率；目标要求：≥75%", "row"),
        ("指标名称：用水重复利用率；目标要求：≥85%", "row"),
        ("一、指标说明", "text"),
        ("核心指标必须达到。", "text"),
    ]


def test_a_site_s_other_news_after_a_copied_article_is_left_out(tmp_path: Path) -> None:
    article = "\n".join(PARAGRAPHS[:7])
    path = tmp_path / "文章.txt"
    path.write_text(f"{article}\n来源:某协会\n标签:\n相关信息\nMORE >>-\n另一条新闻\n别处的事。\n", encoding="utf-8")
    assert [line.text for line in read(path).lines] == list(PARAGRAPHS[:7])


def test_a_signature_after_a_full_line_stays_a_line_of_its_own() -> None:
    clause = "第四条 本办法自2025年5月1日起施行，《某某园区建设管理办法》同时废止。"
    assert joined(["某某园区建设管理办法", clause, "某某市人民政府", "2025年4月10日"])[1:] == [
        clause,
        "某某市人民政府",
        "2025年4月10日",
    ]
