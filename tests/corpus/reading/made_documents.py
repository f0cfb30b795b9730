"""Small documents of our own making, in every format that is read."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

TITLE = "某某市零碳园区建设试点管理办法"
NUMBER = "某发改环资〔2025〕18号"
PARAGRAPHS = (
    "第一条 为规范零碳园区试点建设，明确申报、建设、评估和退出的要求，根据有关规定，结合本市实际，制定本办法。",
    "第二条 本办法所称零碳园区，是指在核算边界内，通过节能降碳、清洁能源替代和资源循环利用，使单位能耗碳排放"
    "达到规定限值的工业园区。园中园应当单独划定核算边界，不得与所在园区重复计算。",
    "第三条 申报园区应当符合下列条件：",
    "（一）年综合能源消费量不少于5万吨标准煤；",
    "（二）清洁能源消费占比不低于35%，其中通过直接供应取得的绿色电力不少于三成；",
    "（三）建有能源和碳排放管理平台，能够按月报送能源消费数据。",
    "第四条 试点园区每年3月底前向市发展改革委报送上一年度的核算报告。核算报告应当附原始台账，台账保存"
    "期限不少于5年。没有按期报送的，由市发展改革委书面提醒；连续两年没有报送的，取消试点资格。",
    "第五条 评估分为自评、现场核查和综合评定三个环节。自评得分低于60分的，不进入现场核查。现场核查由"
    "不少于3名评估员进行，评估员不得与申报园区存在利益关系。综合评定结果在市发展改革委网站公示，公示期不少于7天。",
    "第六条 园区的余热余冷余压综合利用率以三类能源利用率的加权平均值计算，权重为各类能源的可利用量。"
    "利用率低于50%的园区，应当在评估报告中说明原因，并提出改进措施和完成时限。",
    "第七条 绿色电力证书以核销为准。同一度电不得既计入直接供应，又计入证书。"
    "已经出售的证书对应的电量，不计入园区的清洁能源。",
    "第八条 本办法自2025年7月1日起施行，有效期3年。",
)
ISSUER, ISSUED = "某某市发展和改革委员会", "2025年6月10日"
HEADER = ("指标名称", "单位", "限值")
ROWS = tuple((f"第{i}项指标的名称", "吨/吨标准煤" if i % 2 else "%", f"≤{i}.{i}") for i in range(1, 31))


def chinese_font() -> str:
    """The file of a Chinese font on this machine; empty where there is none."""
    if shutil.which("fc-match") is None:
        return ""
    found = subprocess.run(
        ["fc-match", "-f", "%{file}|%{lang}", ":lang=zh-cn"], capture_output=True, text=True, check=True
    )
    file, _, languages = found.stdout.partition("|")
    return file if "zh-cn" in languages and file.endswith((".ttf", ".ttc")) else ""


def _font(embedded: bool) -> str:
    if embedded:
        pdfmetrics.registerFont(TTFont("Han", chinese_font(), subfontIndex=0))
        return "Han"
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


class Sheet:
    """Writes pages line by line, with a running head and a page number."""

    LEFT, TOP, SIZE, PITCH, ACROSS, LINES = 80, 110, 16, 29, 27, 22

    def __init__(
        self, path: Path | io.BytesIO, *, head: str = "", numbered: bool = True, embedded: bool = False
    ) -> None:
        self.canvas = Canvas(str(path) if isinstance(path, Path) else path, pagesize=A4)
        self.head, self.numbered, self.font = head, numbered, _font(embedded)
        self.page, self.line = 1, 0
        self._furniture()

    def _furniture(self) -> None:
        if self.head:
            self.at(self.LEFT, 50, self.head, 10)
        if self.numbered:
            self.at(285, 790, f"— {self.page} —", 12)

    def at(self, x: float, y: float, text: str, size: float) -> None:
        self.canvas.setFont(self.font, size)
        self.canvas.drawString(x, A4[1] - y - size, text)

    def next_line(self) -> float:
        if self.line == self.LINES:
            self.break_page()
        self.line += 1
        return self.TOP + (self.line - 1) * self.PITCH

    def break_page(self) -> None:
        self.canvas.showPage()
        self.page, self.line = self.page + 1, 0
        self._furniture()

    def centred(self, text: str, size: float = 22) -> None:
        y = self.next_line()
        self.at((A4[0] - size * len(text)) / 2, y, text, size)

    def right(self, text: str) -> None:
        width = sum(self.SIZE / 2 if c.isascii() else self.SIZE for c in text)
        self.at(A4[0] - self.LEFT - width - 30, self.next_line(), text, self.SIZE)

    def paragraph(self, text: str) -> None:
        across = self.ACROSS * self.SIZE
        y, x = self.next_line(), 2.0 * self.SIZE
        for character in text:
            width = pdfmetrics.stringWidth(character, self.font, self.SIZE)
            if x + width > across + 0.5 and character not in "，。；：、）":
                y, x = self.next_line(), 0.0
            self.at(self.LEFT + x, y, character, self.SIZE)
            x += width

    def table(self, rows: Sequence[Sequence[str]], y: float, widths: Sequence[float] = (200, 120, 110)) -> float:
        for row in rows:
            x = self.LEFT
            for text, width in zip(row, widths, strict=True):
                self.canvas.rect(x, A4[1] - y - 24, width, 24)
                self.at(x + 5, y + 5, text, 12)
                x += width
            y += 24
        return y

    def save(self) -> None:
        self.canvas.save()


def notice_pdf(path: Path | io.BytesIO, *, embedded: bool = False, head: str = "某某市规范性文件汇编") -> None:
    sheet = Sheet(path, head=head, embedded=embedded)
    sheet.centred("某某市零碳园区建设")
    sheet.centred("试点管理办法")
    sheet.centred(NUMBER, 16)
    for paragraph in PARAGRAPHS:
        sheet.paragraph(paragraph)
    sheet.right(ISSUER)
    sheet.right(ISSUED)
    sheet.save()


def table_pdf(path: Path) -> None:
    """A table that goes over two pages, its header printed again on the second."""
    sheet = Sheet(path, head="")
    sheet.centred("表1 指标限值")
    sheet.table([HEADER, *ROWS[:22]], 160)
    sheet.break_page()
    y = sheet.table([HEADER, *ROWS[22:]], 100)
    sheet.at(sheet.LEFT, y + 20, "注：限值按年度核算。", 16)
    sheet.save()


def formula_pdf(path: Path) -> None:
    """A fraction and a sum, shattered as text layers do."""
    sheet = Sheet(path, numbered=False)
    sheet.paragraph("综合利用率按下式计算：")
    sheet.at(150, 160, "η=", 16)
    sheet.at(190, 148, "Q1+Q2", 12)
    sheet.at(205, 174, "Q", 12)
    sheet.at(245, 160, "×100%", 16)
    sheet.at(80, 200, "式中：", 16)
    sheet.at(112, 230, "Q为可利用量。", 16)
    sheet.at(150, 280, "E=∑(ADi×EFi)", 16)
    sheet.save()


def old_encoding_pdf(text: str) -> bytes:
    """One line in a font of an old Windows program: in bytes of GBK, by a table that pypdf does not know."""
    drawn = f"BT /F1 16 Tf 80 700 Td <{text.encode('gbk').hex()}> Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBKp-EUC-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        "/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>",
        "<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800"
        "/Descent -200/CapHeight 700/StemV 80>>",
    )
    body, places = "%PDF-1.4\n", list[int]()
    for number, thing in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{thing}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}{tail}".encode()


def notice_docx(path: Path) -> None:
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = docx.Document()
    document.core_properties.title = TITLE
    document.sections[0].header.paragraphs[0].text = "某某市规范性文件汇编"
    for text in (TITLE, NUMBER):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in (*PARAGRAPHS, ISSUER, ISSUED):
        document.add_paragraph(text)
    document.save(str(path))


def notice_html() -> str:
    body = "".join(f"<p>　　{p}</p>" for p in PARAGRAPHS)
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{TITLE}_某某市发展和改革委员会</title>
<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2025-06-12">
<script>document.write("脚本写的字不是正文")</script></head><body>
<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li></ul></div>
<div class="path">您当前位置：<a href="/">首页</a> &gt; <a href="/tz">通知</a></div>
<table class="info"><tr><td>发文字号：</td><td>{NUMBER}</td></tr><tr><td>成文日期：</td><td>2025-06-10</td></tr></table>
<div class="share">分享到：<a href="#">微信</a> <a href="#">微博</a></div>
<div class="content"><div style="text-align:center"><strong>某某市零碳园区建设</strong></div>
<div style="text-align:center"><strong>试点管理办法</strong></div><p align="center">{NUMBER}</p>
{body}<p align="right">{ISSUER}<br>{ISSUED}</p><p>【打印】【关闭】</p></div>
<div class="related"><h3>相关新闻</h3><ul><li><a href="/1">某区召开零碳园区推进会，部署下一阶段工作。</a></li>
<li><a href="/2">全市绿色电力交易再创新高</a></li></ul></div>
<div class="footer">版权所有 某某市发展和改革委员会 备案号 000000</div></body></html>"""


def notice_texts() -> list[str]:
    """What every format of the notice says, line by line."""
    return [TITLE, NUMBER, *PARAGRAPHS, ISSUER, ISSUED]


def pictures_of(pdf: bytes, *, scale: float = 2.0) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=scale).to_pil().convert("RGB") for page in document]


def roughened(picture: Image.Image, *, degrees: float, blur: float, seed: int = 1) -> Image.Image:
    """A page as a scanner gives it: turned, blurred, noisy, with a red stamp over the text."""
    stamped = picture.copy()
    drawing = ImageDraw.Draw(stamped, "RGBA")
    for inset in range(8):
        drawing.ellipse((300 + inset, 900 + inset, 620 - inset, 1220 - inset), outline=(215, 30, 30, 150))
    drawing.rectangle((380, 1040, 540, 1075), fill=(215, 30, 30, 110))
    turned = stamped.rotate(degrees, expand=False, fillcolor=(250, 250, 248), resample=Image.Resampling.BICUBIC)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(blur))).astype(np.float64)
    noise = np.random.default_rng(seed).normal(0, 10, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def scanned_pdf(pictures: Sequence[Image.Image]) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=list(pictures[1:]), resolution=144)
    return out.getvalue()


def zipped(members: dict[str, bytes], **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()
