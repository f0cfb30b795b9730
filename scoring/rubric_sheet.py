"""A rubric as a workbook that its user fills in from the standard in hand, and back as a rule file of their own.

The rule file is YAML like the built-in ones, with `source: user`, and is checked in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from scoring.cells import Given, Raw, Table, Unread, manner, read_tables
from scoring.errors import Fault, ParkDataError, RuleError
from scoring.headings import folded, text_of
from scoring.load import read_rubric
from scoring.model import Indicator, Rubric, Rules
from scoring.template import open_workbook
from scoring.units import plain, read_quantity

Row = Mapping[str, str]


def _words() -> Mapping[str, Any]:
    return manner()["rubric"]


# Out -----------------------------------------------------------------------------------------------------------------


def write_rubric_template(path: Path, rubric: Rubric) -> None:
    """Write the rubric as a workbook to be filled in.

    Raises:
        RuleError: it has limits that depend on size or year; a table of one row an indicator cannot hold those.
    """
    mixed = [one.label for one in rubric.indicators if len(one.limits) > 1 or any(case.when for case in one.limits)]
    if mixed:
        what = f"“{'、'.join(mixed)}”的限值随规模或年份而定，表格装不下。请照 scoring/rules/rubrics 的 YAML 写法。"
        raise RuleError(Fault(rubric.id, what))
    needs = [need for grade in rubric.grades for need in grade.needs]
    if any(need.roles or need.indicators or need.verdicts != ("met",) for need in needs):
        raise RuleError(
            Fault(rubric.id, "等级的条件不只是板块和得分率，表格装不下。请照 scoring/rules/rubrics 的 YAML 写法。")
        )
    words, book = _words(), open_workbook(path)
    head = book.add_format({"bold": True, "bg_color": manner()["colors"]["head"], "font_color": "#FFFFFF"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    width = int(manner()["widths"]["month"]) * 2
    levels = max((len(one.levels) for one in rubric.indicators), default=0)
    tables = (
        (words["sheets"]["rules"], ["项", "内容"], _rule_rows(rubric)),
        (
            words["sheets"]["indicators"],
            _heads(levels),
            [_indicator_row(one, rubric, levels) for one in rubric.indicators],
        ),
        (words["sheets"]["grades"], list(words["grades"].values()), _grade_rows(rubric)),
    )
    for title, heads, rows in tables:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, heads, head)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads), width)
        for i, row in enumerate(rows, 1):
            for j, text in enumerate(row):
                sheet.write_string(i, j, text, wrap)
    guide = book.add_worksheet(manner()["titles"]["guide"])
    guide.write_column(0, 0, words["guide"])
    book.close()


def _rule_rows(rubric: Rubric) -> list[list[str]]:
    words = _words()
    values = {name: str(getattr(rubric, name, "")) for name in words["rules"]}
    values |= {"notice": words["notice"], "status": words["status"], "document": rubric.reference.document}
    return [[label, values[name]] for name, label in words["rules"].items()]


def _heads(levels: int) -> list[str]:
    words = _words()
    parts = [words["level"][name].format(i=i) for i in range(levels) for name in ("see", "ask", "value")]
    return [*words["indicators"].values(), *parts]


def _indicator_row(one: Indicator, rubric: Rubric, levels: int) -> list[str]:
    words = _words()["words"]
    blocks = {block.id: block.label for block in rubric.blocks}
    limit = one.limits[0].value if one.limits else None
    scale = one.test == "scale"
    row = [
        one.id,
        one.block,
        blocks[one.block],
        one.label,
        words["role"][one.role],
        words["test"][one.test],
        one.value or "",
        one.unit,
        words["better"][one.better] if scale else "",
        str(one.met_at) if scale else "",
        _text(one.weight),
        _text(limit),
        words["excusable"][str(one.excusable).lower()],
        one.help,
        one.holder,
        one.reference.clause,
    ]
    for i in range(levels):
        level = one.levels[i] if i < len(one.levels) else None
        row += [level.see, level.ask, _text(level.value)] if level else ["", "", ""]
    return row


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{plain(value):f}"


def _grade_rows(rubric: Rubric) -> list[list[str]]:
    verdicts = _words()["words"]["verdict"]
    rows: list[list[str]] = []
    for grade in rubric.grades:
        gates = [block for need in grade.needs for block in need.blocks]
        shares = [need.points_share for need in grade.needs if need.points_share is not None]
        share = _text(shares[0]) if shares else ""
        rows.append([grade.id, grade.label, verdicts[grade.verdict], "、".join(gates), share])
    return rows


# Back ----------------------------------------------------------------------------------------------------------------


def read_rubric_sheet(given: Given, rules: Rules) -> tuple[Rubric, str]:
    """Return the rubric of a filled-in workbook, and its text as a rule file.

    Raises:
        ParkDataError: the file cannot be opened, or cells are empty or not understood; it names each.
        RuleError: the rubric is not sound.
    """
    words = _words()
    tables = {one.name: one for one in read_tables(given)}
    lost = [name for name in words["sheets"].values() if name not in tables]
    if lost:
        raise ParkDataError(Fault(given.name, f"缺少工作表“{'、'.join(lost)}”。请用 advisor rules template 的模板。"))
    faults: list[Fault] = []
    about = dict(_pairs(tables[words["sheets"]["rules"]]))
    head = {name: about.get(label, "") for name, label in words["rules"].items()}
    indicators = list(_rows(tables[words["sheets"]["indicators"]], faults))
    grades = list(_rows(tables[words["sheets"]["grades"]], faults))
    for name in ("id", "title", "edition"):
        if not head[name]:
            faults.append(Fault(words["sheets"]["rules"], f"没有写“{words['rules'][name]}”。"))
    data = {
        **{name: head[name] for name in ("id", "title", "edition")},
        "status": head["status"] or words["status"],
        "region": head["region"] or "全国",
        "source": "user",
        "notice": head["notice"] or words["notice"],
        "reference": {"source": "user", "document": head["document"], "title": head["edition"]},
        "blocks": _blocks(indicators),
        "indicators": [_indicator(row, places, faults) for row, places in indicators],
        "grades": [_grade(row, places, faults) for row, places in grades],
    }
    if faults:
        raise ParkDataError(faults)
    text = _yaml(data)
    return read_rubric(f"{given.name}", text, rules), text


def refuse_unchanged(rubric: Rubric, rules: Rules, *, file: str) -> None:
    """Refuse a user's rubric that says nothing else than the built-in one: it was not taken from the standard.

    Raises:
        RuleError: its indicators, levels, weights, limits and grades are those of the built-in rubric.
    """
    built_in = rules.rubrics.get(rubric.id)
    if built_in is not None and _content(rubric) == _content(built_in):
        what = f"表里的数与内置的“{rubric.id}”完全一样，没有录入标准原文，不能存为用户录入的规则。"
        raise RuleError(Fault(file, what))


def _content(rubric: Rubric) -> object:
    levels = max((len(one.levels) for one in rubric.indicators), default=0)
    limits = [[(case.value, case.when) for case in one.limits] for one in rubric.indicators]
    return [_indicator_row(one, rubric, levels) for one in rubric.indicators], limits, _grade_rows(rubric)


def _yaml(data: Mapping[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=int(manner()["widths"]["note"]) * 2)


def _pairs(table: Table) -> Iterator[tuple[str, str]]:
    for _, cells in table.rows():
        texts = [_plain(one) for one in cells]
        if len(texts) > 1 and texts[0]:
            yield texts[0], texts[1]


def _plain(raw: Raw) -> str:
    return "" if isinstance(raw, Unread) else text_of(raw)


def _rows(table: Table, faults: list[Fault]) -> Iterator[tuple[Row, Mapping[str, str]]]:
    """Yield each row by the name of its column, and the places of its cells."""
    names: dict[int, str] = {}
    known = {folded(head): head for head in [*_words()["indicators"].values(), *_words()["grades"].values()]}
    for number, cells in table.rows():
        if number == 1:
            names = {i: known.get(folded(_plain(one)), _plain(one)) for i, one in enumerate(cells) if one is not None}
            continue
        faults += [
            Fault(table.place(number, i), f"{one.what}，不能用。")
            for i, one in enumerate(cells)
            if isinstance(one, Unread)
        ]
        row = {name: _plain(cells[i]) if i < len(cells) else "" for i, name in names.items()}
        if any(row.values()):
            yield row, {name: table.place(number, i) for i, name in names.items()}


def _blocks(indicators: Sequence[tuple[Row, Mapping[str, str]]]) -> list[dict[str, str]]:
    words = _words()["indicators"]
    found: dict[str, str] = {}
    for row, _ in indicators:
        found.setdefault(row.get(words["block"], ""), row.get(words["block_label"], ""))
    return [{"id": key, "label": label} for key, label in found.items()]


def _word(kind: str, text: str, where: str, faults: list[Fault]) -> str:
    words: Mapping[str, str] = _words()["words"][kind]
    for name, word in words.items():
        if folded(text) in (folded(word), folded(name)):
            return name
    faults.append(Fault(where, f"“{text}”看不懂。请从这些里选：{'、'.join(words.values())}。"))
    return ""


def _figure(text: str, where: str, faults: list[Fault]) -> str:
    try:
        return f"{read_quantity(text, '1'):f}"
    except ParkDataError as error:
        faults.append(Fault(where, error.faults[0].what))
        return ""


def _indicator(row: Row, places: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    words = _words()["indicators"]

    def of(name: str) -> str:
        return row.get(words[name], "")

    def at(name: str) -> str:
        return places.get(words[name], next(iter(places.values())))

    reference = {"source": "user", "clause": of("clause")}
    test = _word("test", of("test"), at("test"), faults)
    data: dict[str, Any] = {
        "id": of("id"),
        "label": of("label"),
        "block": of("block"),
        "role": _word("role", of("role"), at("role"), faults),
        "test": test,
        "unit": of("unit") or "1",
        "excusable": of("excusable") != "" and _word("excusable", of("excusable"), at("excusable"), faults) == "true",
        "help": of("help"),
        "holder": of("holder"),
        "reference": reference,
    }
    for name in ("value", "met_at"):
        if of(name):
            data[name] = of(name)
    if of("better"):
        data["better"] = _word("better", of("better"), at("better"), faults)
    if of("weight"):
        data["weight"] = _figure(of("weight"), at("weight"), faults)
    if of("limit"):
        data["limits"] = [{"value": _figure(of("limit"), at("limit"), faults), "reference": reference}]
    if test == "scale":
        data["levels"] = list(_levels(row, places, reference, faults))
    return data


def _levels(row: Row, places: Mapping[str, str], reference: Any, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    words = _words()["level"]
    for i in range(len(row)):
        heads = {name: words[name].format(i=i) for name in words}
        if not row.get(heads["see"], ""):
            return
        level: dict[str, Any] = {"see": row[heads["see"]], "ask": row.get(heads["ask"], "")}
        if row.get(heads["value"], ""):
            level["value"] = _figure(row[heads["value"]], places[heads["value"]], faults)
            level["reference"] = reference
        yield level


def _grade(row: Row, places: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
    words = _words()["grades"]
    needs: list[dict[str, Any]] = []
    gates = row.get(words["gates"], "")
    if gates:
        needs.append({"blocks": [one.strip() for one in gates.replace(",", "、").replace("，", "、").split("、")]})
    share = row.get(words["points_share"], "")
    if share:
        needs.append({"points_share": _figure(share, places[words["points_share"]], faults)})
    verdict = row.get(words["verdict"], "")
    return {
        "id": row.get(words["id"], ""),
        "label": row.get(words["label"], ""),
        "verdict": _word("verdict", verdict, places.get(words["verdict"], ""), faults),
        "needs": needs,
    }
