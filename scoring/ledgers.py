"""What stands behind a year's figure: twelve months, meters with their bills, certificates one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.cells import Raw, Row, Table, Unread, manner
from scoring.errors import Fault, ParkDataError
from scoring.headings import Header, amount_text, folded, text_of
from scoring.model import Rules
from scoring.park import definition_of
from scoring.units import read_quantity
from scoring.wording import label_of

_SERIAL = re.compile(r"^(.*?)(\d+)$")


@dataclass(frozen=True)
class Months:
    """The months of one figure, in the unit of its definition; None where a month is not reported."""

    key: str
    values: Sequence[Decimal | None]
    places: Sequence[str]
    annual: Decimal | None
    annual_place: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter's reading and its bill over the year, in the unit of the figure's definition."""

    key: str
    metered: Decimal | None
    billed: Decimal | None
    place: str
    billed_place: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """One line of the certificate ledger (绿证台账): serial numbers, pieces, year of the power, state, claim."""

    serial: str
    last: str
    pieces: Decimal | None
    year: str
    state: str
    claim: str
    places: Mapping[str, str]

    @property
    def span(self) -> tuple[str, int, int] | None:
        """The serial numbers as stem, first and last; None where they do not end in digits."""
        first, last = _SERIAL.match(self.serial), _SERIAL.match(self.last or self.serial)
        if first is None or last is None or first.group(1) != last.group(1):
            return None
        return first.group(1), int(first.group(2)), int(last.group(2))

    @property
    def claimed_as(self) -> str:
        """What the certificate is used for: offset, traded or other; empty where it says nothing known."""
        named = manner()["claims"].items()
        return next((kind for kind, words in named if folded(self.claim) in map(folded, words)), "")

    @property
    def cancelled(self) -> bool | None:
        """Whether it is cancelled; None where the state says nothing known."""
        state = folded(self.state)
        if state in map(folded, manner()["cancelled_words"]):
            return True
        return False if state in map(folded, manner()["uncancelled_words"]) else None


def _number(raw: Raw, unit: str, key: str, where: str, rules: Rules, faults: list[Fault]) -> Decimal | None:
    if raw is None:
        return None
    name = label_of(key, rules)
    if isinstance(raw, Unread):
        faults.append(Fault(where, f"“{name}”的这一格是{raw.what}，不能用。请填实际的数。"))
        return None
    try:
        value = read_quantity(amount_text(raw, unit), definition_of(key, rules)[1])
    except ParkDataError as error:
        faults.append(Fault(where, error.faults[0].what))
        return None
    if value < 0:
        faults.append(Fault(where, f"“{name}”的这一格是负数 {value}。请核对。"))
        return None
    return value


def months_of(key: str, table: Table, header: Header, row: Row, unit: str, rules: Rules, faults: list[Fault]) -> Months:
    """Return the months of a row; what cannot be read is noted."""
    number, cells = row
    order = sorted(header.months, key=lambda i: header.months[i])
    places = [table.place(number, i) for i in order]
    before = len(faults)
    raws = [cells[i] if i < len(cells) else None for i in order]
    values = [_number(raw, unit, key, place, rules, faults) for raw, place in zip(raws, places, strict=True)]
    empty = [place for raw, place in zip(raws, places, strict=True) if raw is None]
    for place in empty:
        faults.append(Fault(place, f"“{label_of(key, rules)}”缺这个月的数。确实为零请写 0；只有全年数请整行空着。"))
    if len(order) < len(manner()["months"]):
        faults.append(Fault(table.place(header.row, order[-1]), "十二个月的列不全。请补上缺的月份列。"))
    at = header.columns.get("annual")
    annual_place = table.place(number, at) if at is not None else ""
    raw = cells[at] if at is not None and at < len(cells) else None
    annual = _number(raw, unit, key, annual_place, rules, faults)
    return Months(key, values, places, annual, annual_place, len(faults) == before)


def meter_of(key: str, table: Table, header: Header, row: Row, rules: Rules, faults: list[Fault]) -> Meter | None:
    """Return the meter of a row; what cannot be read, or has no other side, is noted."""
    number, cells = row
    found: dict[str, Decimal | None] = {}
    unit_at = header.columns.get("unit")
    unit = text_of(cells[unit_at]) if unit_at is not None and unit_at < len(cells) else ""
    before = len(faults)
    for side in ("metered", "billed"):
        at = header.columns[side]
        raw = cells[at] if at < len(cells) else None
        place = table.place(number, at)
        if raw is None:
            faults.append(Fault(place, f"“{label_of(key, rules)}”的计量值和结算值要都填，这一格是空的。"))
        found[side] = _number(raw, unit, key, place, rules, faults)
    if len(faults) > before:
        return None
    places = [table.place(number, header.columns[side]) for side in ("metered", "billed")]
    return Meter(key, found["metered"], found["billed"], *places)


def certificate_of(table: Table, header: Header, row: Row, faults: list[Fault]) -> Certificate | None:
    """Return the certificate of a row; what cannot be read is noted."""
    number, cells = row
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    for name in ("serial", "serial_to", "pieces", "made", "state", "claim"):
        at = header.columns.get(name)
        raw = cells[at] if at is not None and at < len(cells) else None
        texts[name] = text_of(raw)
        places[name] = table.place(number, at if at is not None else 0)
        if isinstance(raw, Unread):
            if name == "made" and raw.what.startswith("日期"):
                texts[name] = raw.what.split()[1]
                continue
            faults.append(Fault(places[name], f"这一格是{raw.what}，不能用。"))
            return None
    if not any(texts.values()):
        return None
    one = Certificate(texts["serial"], texts["serial_to"], None, texts["made"], texts["state"], texts["claim"], places)
    return _complete(one, texts["pieces"], faults)


def _complete(one: Certificate, pieces: str, faults: list[Fault]) -> Certificate | None:
    before = len(faults)
    wanted = {"serial": "绿证编号", "made": "电量生产年份", "state": "核销状态", "claim": "用途"}
    texts = {"serial": one.serial, "made": one.year, "state": one.state, "claim": one.claim}
    for name, label in wanted.items():
        if not texts[name]:
            faults.append(Fault(one.places[name], f"没有写{label}。"))
    if one.state and one.cancelled is None:
        faults.append(Fault(one.places["state"], f"核销状态“{one.state}”看不懂。请写 已核销 或 未核销。"))
    if one.claim and not one.claimed_as:
        known = "、".join(words[0] for words in manner()["claims"].values())
        faults.append(Fault(one.places["claim"], f"用途“{one.claim}”看不懂。请从这些里选：{known}。"))
    count: Decimal | None = None
    try:
        count = read_quantity(pieces, "张") if pieces else None
    except ParkDataError as error:
        faults.append(Fault(one.places["pieces"], error.faults[0].what))
    if not pieces:
        faults.append(Fault(one.places["pieces"], "没有写张数。"))
    elif count is not None and (count <= 0 or count != count.to_integral_value()):
        faults.append(Fault(one.places["pieces"], f"张数 {count} 不是正整数。"))
    if len(faults) > before:
        return None
    return Certificate(one.serial, one.last, count, one.year, one.state, one.claim, one.places)
