"""A digest beside its original: which belongs to which, where a fact stands, what differs; a page with its boxes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fakes import document, small_library
from own_files import CLAUSES, LEDGER, NUMBER, TITLE, write_pdf
from PIL import Image, ImageChops

from corpus.errors import CorpusError
from corpus.intake import bring_in
from corpus.library import Library
from corpus.model import Document
from corpus.originals import differences, is_original, originals, sentence_in, spot_of
from corpus.own import OwnLibrary
from corpus.page_image import page_image
from corpus.reading.model import Box

NOTICE, N910, METHOD = "关于开展零碳园区建设的通知", "发改环资〔2025〕910号", "零碳园区碳排放核算方法（试行）"
ORIGINAL = document(
    "own-1", [(f"第{n}条", text) for n, text in zip("一二三四五", CLAUSES, strict=True)],
    realm="own", title=TITLE, number=NUMBER, issued="2025-06-10",
)  # fmt: skip


def digest(*facts: tuple[str, str], **record: object) -> Document:
    return document("park-rules", facts, **{"title": TITLE, "number": NUMBER, **record})


@pytest.mark.parametrize(
    ("own", "of", "same"),
    [
        ((TITLE, NUMBER), (TITLE, NUMBER), True),
        ((TITLE, ""), (TITLE, NUMBER), True),
        ((TITLE, "某发改环资〔2024〕18号"), (TITLE, NUMBER), False),
        ((NOTICE, N910), (NOTICE, N910), True),
        ((METHOD, ""), (f"《{NOTICE}》附件4：{METHOD}", N910), True),
        ((f"附件3 {METHOD}", ""), (f"《{NOTICE}》附件4：{METHOD}", ""), False),
        ((NOTICE, N910), (f"《{NOTICE}》附件4：{METHOD}", N910), False),
        (("管理办法", ""), ("管理办法", ""), False),
    ],
)  # fmt: skip
def test_an_original_is_known_by_number_title_and_annex(own: tuple[str, str], of: tuple[str, str], same: bool) -> None:
    mine = document("own-1", [("一", "正文。")], realm="own", title=own[0], number=own[1])
    theirs = document("digest", [("一", "正文。")], title=of[0], number=of[1])
    assert is_original(mine, theirs) is same


def test_a_fact_is_found_in_its_original_clause_and_sentence() -> None:
    library = small_library(digest(("第三条", f"{NUMBER}要求试点园区的原始台账保存期限不少于5年。")), ORIGINAL)
    assert originals(library) == {"park-rules": ORIGINAL}
    spot = spot_of(library.passages["park-rules#fact-1"], ORIGINAL)
    assert spot is not None
    assert spot.passage.place == "第三条"
    assert spot.passage.text[spot.start : spot.end] == f"核算报告应当附原始台账，{LEDGER}。"


def test_what_the_original_does_not_say_has_no_place_in_it() -> None:
    fact = digest(("一", "园区给予一次性奖励五百万元，由市财政分两年拨付到位。")).passages[0]
    assert spot_of(fact, ORIGINAL) is None


def test_the_whole_stands_where_no_sentence_does() -> None:
    assert sentence_in("余热", "园区应当报送报告") == (0, 8)
    assert sentence_in("公示期", CLAUSES[3]) == (CLAUSES[3].index("评定结果"), len(CLAUSES[3]))


def test_every_figure_that_the_original_does_not_have_is_listed() -> None:
    library = Library(
        [
            digest(
                ("第三条", "台账保存期限不少于6年，每年3月底前报送核算报告。"),
                ("第二条", "清洁能源消费占比不低于35%。"),
                ("第四条", "公示期不少于7天，评估员不少于3名，共两个环节。"),
                ("财政部公告", "奖励资金不超过500万元。"),
            ),
            ORIGINAL,
        ]
    )
    found = differences(library)
    assert [(d.fact.id, d.figure) for d in found] == [("park-rules#fact-1", "不少于6年")]
    assert found[0].nearest is not None
    assert found[0].nearest.place == "第三条"


def test_without_the_original_nothing_is_compared() -> None:
    assert differences(small_library()) == []


def test_a_page_is_drawn_with_its_boxes(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "办法.pdf", pages=2)
    plain, boxed = (
        Image.open(io.BytesIO(page_image(path, 1, boxes, width=400))).convert("RGB")
        for boxes in ((), (Box(100, 100, 300, 130),))
    )
    assert plain.size == boxed.size == (400, round(400 * 841.89 / 595.28))
    scale = 400 / 595.28
    difference = ImageChops.difference(plain, boxed).convert("L").point(lambda v: 255 if v > 24 else 0)
    changed = [(x, y) for x in range(400) for y in range(boxed.height) if difference.getpixel((x, y))]
    inside = [(x, y) for x, y in changed if 90 * scale < x < 310 * scale and 90 * scale < y < 140 * scale]
    assert len(inside) > 1000
    assert len(inside) > 0.98 * len(changed), "beside the box the page is as it was"


def test_the_box_of_a_scanned_sentence_lies_on_its_ink(tmp_path: Path) -> None:
    page = Image.open(io.BytesIO(page_image(write_pdf(tmp_path / "办法.pdf"), 1, width=1300)))
    page.save(tmp_path / "扫描.png")
    own = OwnLibrary(tmp_path)
    record = own.take(bring_in(tmp_path / "扫描.png", own))
    text = own.text(record.sha256)
    third = next(p for p in text.passages if "台账" in p.text)
    start = third.text.index("台账")
    [box] = text.boxes(third.id, start, start + 1)[1]
    scale = 1300 / 595.0
    inside = page.convert("L").crop(tuple(round(v * scale) for v in (box.left, box.top, box.right, box.bottom)))
    above = page.convert("L").crop((0, 0, 1300, 80))
    assert sum(inside.histogram()[:128]) > 500
    assert sum(above.histogram()[:128]) == 0
    shown = Image.open(io.BytesIO(page_image(own.original(record), 1, [box], width=650))).convert("RGB")
    middle = round((box.left + box.right) / 2 * 650 / 595.0)
    edge = [shown.getpixel((middle, y)) for y in range(shown.height)]
    tinted = [y for y, (red, green, blue) in enumerate(edge) if red > blue + 60 and green < 180]
    assert abs(tinted[0] - box.top * 650 / 595.0) < 8, "the frame begins where the line does"


def test_a_page_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "办法.pdf")
    with pytest.raises(CorpusError, match="没有第 9 页"):
        page_image(path, 9)
    with pytest.raises(CorpusError, match="打不开"):
        page_image(tmp_path / "无.pdf", 1)
