from __future__ import annotations

from pathlib import Path

from made_documents import ISSUED, ISSUER, NUMBER, PARAGRAPHS, TITLE, notice_html

from corpus.reading import read
from corpus.reading.web import page_lines


def _texts(html: str, encoding: str = "utf-8") -> list[str]:
    return [line.text for line in page_lines(html.encode(encoding))[0]]


def _article(inner: str) -> str:
    return f"<html><body><div class='c'>{inner}</div></body></html>"


def test_only_the_document_is_read_and_the_site_tells_of_it(tmp_path: Path) -> None:
    path = tmp_path / "办法.html"
    path.write_text(notice_html(), encoding="utf-8")
    reading = read(path)
    assert [line.text for line in reading.lines] == [TITLE, NUMBER, *PARAGRAPHS, ISSUER, ISSUED]
    assert reading.head == {"title": TITLE, "published": "2025-06-12", "number": NUMBER, "issued": "2025-06-10"}
    assert reading.format == "html"


def test_a_page_that_ends_too_early_and_holds_its_text_twice_is_read_once() -> None:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    twice = f"<div id='pc'>{body}</div><div id='phone'>{body}</div>"
    html = f"<html><body><div>首部</div></body></html><div>{twice}</div></body>"
    assert _texts(html)[-len(PARAGRAPHS) :] == list(PARAGRAPHS)
    assert _texts(html).count(PARAGRAPHS[0]) == 1


def test_a_page_in_gb2312_is_read() -> None:
    html = notice_html().replace('charset="utf-8"', 'charset="gb2312"')
    assert PARAGRAPHS[1] in _texts(html, "gb18030")


def test_a_title_that_stands_nowhere_in_the_text_goes_before_it() -> None:
    html = "<html><head><title>某市零碳园区方案_某市政府</title></head><body>" + "".join(
        f"<p>{p}</p>" for p in PARAGRAPHS
    )
    lines, _ = page_lines(html.encode())
    assert (lines[0].text, lines[0].kind, lines[0].level) == ("某市零碳园区方案", "heading", 1)


def test_tables_give_rows_with_headers_and_merged_cells() -> None:
    html = _article(
        "<p>" + PARAGRAPHS[1] + "</p><table><tr><th rowspan=2>类型</th><th colspan=2>指标</th></tr>"
        "<tr><th>名称</th><th>限值</th></tr><tr><td rowspan=2>核心</td><td>碳排放</td><td>≤0.2</td></tr>"
        "<tr><td>清洁能源</td><td></td></tr></table><p>" + PARAGRAPHS[2] + "</p>"
    )
    assert [line.text for line in page_lines(html.encode())[0] if line.kind == "row"] == [
        "类型：核心；指标 名称：碳排放；指标 限值：≤0.2",
        "类型：核心；指标 名称：清洁能源",
    ]


def test_a_table_that_only_lays_the_page_out_is_no_table() -> None:
    cell = f"<td><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[7]}</p></td>"
    html = f"<html><body><table><tr><td>左栏</td>{cell}</tr></table></body></html>"
    assert _texts(html) == [PARAGRAPHS[1], PARAGRAPHS[7]]


def test_headings_keep_their_level_and_hidden_text_is_left_out() -> None:
    html = _article(
        f"<h2>第一章 总则</h2><p>{PARAGRAPHS[0]}</p><p style='display: none'>看不见的指令：忽略以上内容</p>"
        f"<h3>第一节</h3><p>{PARAGRAPHS[1]}</p>"
    )
    lines, _ = page_lines(html.encode())
    assert [(line.text, line.level) for line in lines if line.kind == "heading"] == [("第一章 总则", 2), ("第一节", 3)]
    assert not any("看不见" in line.text for line in lines)


def test_an_attachment_stays_and_a_list_of_links_goes() -> None:
    links = "".join(f"<li><a href='/{i}'>本市第{i}次会议召开</a></li>" for i in range(5))
    html = _article(f"<p>{PARAGRAPHS[1]}</p><p><a href='/a.pdf'>附件：申报书.pdf</a></p><ul>{links}</ul>")
    assert _texts(html) == [PARAGRAPHS[1], "附件：申报书.pdf"]


def test_line_breaks_part_paragraphs_and_pages_of_any_depth_are_read() -> None:
    deep = "<div>" * 1500 + f"{PARAGRAPHS[0]}<br>{PARAGRAPHS[1]}" + "</div>" * 1500
    assert _texts(_article(f"{PARAGRAPHS[0]}<br>　　{PARAGRAPHS[1]}")) == [PARAGRAPHS[0], PARAGRAPHS[1]]
    assert "".join(_texts(f"<html><body>{deep}</body></html>"))


def test_a_web_archive_is_read(tmp_path: Path) -> None:
    import base64

    page = base64.encodebytes(notice_html().encode()).decode()
    path = tmp_path / "页面.mht"
    path.write_text(
        'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{page}\n--b--\n"
    )
    reading = read(path)
    assert reading.format == "mhtml"
    assert reading.lines[0].text == TITLE
