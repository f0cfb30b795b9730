"""What a file says of one park, before anything is checked: figures as written with their cells, ledgers, faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.cells import Raw, Unread, manner
from scoring.errors import Fault
from scoring.headings import Header, amount_text, text_of
from scoring.ledgers import Certificate, Meter, Months
from scoring.model import Rules
from scoring.park import Entry
from scoring.wording import label_of

Written = Entry | str | Decimal | bool


@dataclass
class Filled:
    """What a file says of one park, before anything is checked. `places` is the cell of each figure."""

    file: str
    name: str = ""
    year: int | None = None
    entries: dict[str, Written] = field(default_factory=dict[str, Written])
    places: dict[str, str] = field(default_factory=dict[str, str])
    excuses: dict[str, str] = field(default_factory=dict[str, str])
    confirmed: set[str] = field(default_factory=set[str])
    months: list[Months] = field(default_factory=list[Months])
    meters: list[Meter] = field(default_factory=list[Meter])
    certificates: list[Certificate] = field(default_factory=list[Certificate])
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, where: str, what: str) -> None:
        """Note something wrong at a cell."""
        self.faults.append(Fault(where, what))


def cell(header: Header, column: str, cells: Sequence[Raw]) -> Raw:
    """Return the cell of a named column, None where the table or the row has none."""
    at = header.columns.get(column)
    return cells[at] if at is not None and at < len(cells) else None


def read_year(value: Raw) -> int | None:
    """Return the calendar year that a cell holds; None where it holds none that can be."""
    text = text_of(value).removesuffix("年度").removesuffix("年").removesuffix(".0")
    if not text.isdigit():
        return None
    year = int(text)
    return year if int(manner()["first_year"]) <= year <= int(manner()["last_year"]) else None


def note(key: str, value: Raw, unit: str, where: str, into: Filled, rules: Rules, source: str = "") -> None:
    """Note a figure with its unit and its cell; a figure given twice is a fault."""
    if key in into.places:
        into.fault(where, f"“{label_of(key, rules)}”填了两次，另一处在 {into.places[key]}。请只留一处。")
        return
    into.places[key] = where
    if isinstance(value, Unread):
        into.fault(where, f"“{label_of(key, rules)}”是{value.what}，不能用。{_remedy(value)}")
        return
    into.entries[key] = Entry(amount_text(value, unit), source, where)


def _remedy(value: Unread) -> str:
    if value.what.startswith("公式"):
        return "请在 Excel 里打开、重算并保存后再交，或直接填数。"
    return "请填实际的数；没有就空着。"
