"""The trainer's record as XLSX: people, topics, exams, items; every text written as text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from assistant.training.desk import ItemStatistics, MemberProgress
from assistant.training.model import Item
from assistant.training.topics import topics
from ui.report_docx import timeless
from ui.train_texts import say, train_texts


def training_xlsx(
    people: Sequence[MemberProgress], statistics: Sequence[ItemStatistics], items: Sequence[Item]
) -> bytes:
    """Return the record of a group as an XLSX file."""
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(held, options)
    titles = {one.id: one.title for one in topics()}
    by_id = {one.id: one for one in items}
    _sheet(
        book, "people", [[one.name, one.answers, float(one.points) if one.answers else "", one.due] for one in people]
    )
    _sheet(
        book,
        "topics",
        [
            [one.name, titles.get(m.topic, m.topic), m.answers, float(m.points), round(m.share, 3)]
            for one in people
            for m in one.mastery
        ],
    )
    _sheet(
        book,
        "exams",
        [
            [
                one.name, r.title, f"{r.began.astimezone():%Y-%m-%d}", float(r.points), r.full, float(r.share),
                say("passed" if r.passed else "failed"),
            ]
            for one in people
            for r in one.exams
        ],
    )  # fmt: skip
    _sheet(book, "items", [_item_row(one, by_id[one.item], titles) for one in statistics if one.item in by_id])
    book.close()
    return timeless(held.getvalue())


def _item_row(one: ItemStatistics, item: Item, titles: dict[str, str]) -> list[str | float]:
    chosen = "\n".join(f"{option}: {count}" for option, count in one.chosen.items())
    discrimination = "" if one.discrimination is None else round(one.discrimination, 3)
    topic = titles.get(item.topic, item.topic)
    flags = "\n".join(one.flags)
    return [
        one.item, item.kind, topic, item.stem, one.answers, round(one.difficulty, 3), discrimination, chosen, flags
    ]  # fmt: skip


def _sheet(book: Any, name: str, rows: Sequence[Sequence[str | float]]) -> None:
    texts = train_texts()["sheets"]
    sheet = book.add_worksheet(texts[name])
    head = book.add_format({"bold": True, "bg_color": "#EEF2EE", "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for column, title in enumerate(texts["columns"][name]):
        sheet.set_column(column, column, 40 if len(title) > 4 else 16)
        sheet.write_string(0, column, title, head)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value, plain)
            else:
                sheet.write_number(at, column, value, plain)
