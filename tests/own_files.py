"""A small notice of our own making, as people hold it: a text file, a web page, a PDF with a text layer."""

from __future__ import annotations

from pathlib import Path

TITLE = "某某市零碳园区试点管理办法"
NUMBER = "某发改环资〔2025〕18号"
CLAUSES = (
    "第一条 为规范零碳园区试点建设，结合本市实际，制定本办法。",
    "第二条 申报园区应当建有能源和碳排放管理平台，能够按月报送能源消费数据。清洁能源消费占比不低于35%。",
    "第三条 试点园区每年3月底前报送上一年度的核算报告。核算报告应当附原始台账，台账保存期限不少于5年。",
    "第四条 现场核查由不少于3名评估员进行，评估员不得与申报园区存在利益关系。评定结果公示期不少于7天。",
    "第五条 本办法自2025年7月1日起施行。",
)
SIGNED = ("某某市发展和改革委员会", "2025年6月10日")
LEDGER = "台账保存期限不少于5年"


def notice_text(*, years: int = 5, number: str = NUMBER, more: str = "") -> str:
    clauses = "\n".join(CLAUSES).replace("不少于5年", f"不少于{years}年")
    signed = "\n".join(SIGNED)
    return f"{TITLE}\n{number}\n{clauses}\n{more}{signed}\n"


def write_text(path: Path, **changes: object) -> Path:
    path.write_text(notice_text(**changes), encoding="utf-8")  # type: ignore[arg-type]
    return path


def write_pdf(path: Path, *, pages: int = 1) -> Path:
    """Write the notice as PDF, its third article on the last page."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4)
    height = A4[1]
    y = 90.0

    def line(text: str, x: float, size: float) -> None:
        nonlocal y
        canvas.setFont("STSong-Light", size)
        canvas.drawString(x, height - y, text)
        y += size * 1.8

    line(TITLE, 140, 22)
    line(NUMBER, 210, 16)
    for at, clause in enumerate(CLAUSES):
        if pages > 1 and at == 2:
            for _ in range(pages - 1):
                canvas.showPage()
            y = 90.0
        text = f"　　{clause}"
        for start in range(0, len(text), 27):
            line(text[start : start + 27], 80, 16)
    for text in SIGNED:
        line(text, 300, 16)
    canvas.save()
    return path
