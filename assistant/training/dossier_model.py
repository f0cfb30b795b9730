"""The nouns of the case lab: Line, Sheet, Paper, Spot, Planted, Dossier.

A dossier is a made-up park's file as an assessor gets it: the park sheet as reported, and the papers behind it. The
true figures and the planted faults are hidden in the same record; what is handed out shows neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from scoring.cells import letters, manner
from scoring.model import ParkData, Rules
from scoring.park import Entry, read_park
from scoring.template import cell_of

Values = Mapping[str, Any]
"""A park in the shape of `scoring/rules/example.yaml`: name, year, facts, months, meters, certificates."""
SHEET = "sheet"
"""The tag of the park sheet: `sheet:<fact>`, `sheet:month:<fact>:<month>`, `sheet:certificate:<row>`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, or one paragraph; `tag` names it for faults and for the key."""

    tag: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its heads, or running text where there are none."""

    key: str
    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of the dossier besides the park sheet."""

    name: str
    title: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place in the files, and what stands there: 月度账单.xlsx 电力账单!E7."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted fault: its kind, the facts that it makes wrong, and where it can be seen, the first where it is made.

    `spots` are (tag, column); the column is a head of the table, or value, unit, source of the park sheet.
    """

    kind: str
    facts: tuple[str, ...]
    spots: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Dossier:
    """One case: what is handed out (reported, papers) and what is hidden (truth, faults)."""

    id: str
    seed: str
    difficulty: int
    truth: Values
    reported: Values
    papers: tuple[Paper, ...]
    sheet_name: str
    faults: tuple[Planted, ...] = ()
    rubric: str = "national-2025"

    @property
    def park_name(self) -> str:
        """The made-up park's name."""
        return str(self.reported["name"])

    def spot(self, tag: str, column: str, rules: Rules) -> Spot:
        """Return the place of a tagged cell and what stands there.

        Raises:
            KeyError: the dossier has no such cell.
        """
        if tag.startswith(f"{SHEET}:"):
            return self._sheet_spot(tag.split(":", 1)[1], column, rules)
        for paper in self.papers:
            for sheet in paper.sheets:
                for row, line in enumerate(sheet.lines):
                    if line.tag == tag:
                        return _paper_spot(paper, sheet, row, column)
        raise KeyError(tag)

    def _sheet_spot(self, key: str, column: str, rules: Rules) -> Spot:
        kind, _, rest = key.partition(":")
        if kind == "certificate":
            names = ("serial", "serial_to", "pieces", "made", "state", "claim")
            at = f"{manner()['titles']['certificates']}!{letters(names.index(column))}{int(rest) + 2}"
            return Spot(f"{self.sheet_name} {at}", str(self.reported["certificates"][int(rest)][column]))
        if kind == "month":
            fact, _, month = rest.rpartition(":")
            place = self._month_place(fact, int(month) + 3)
            return Spot(place, str(self.reported["months"][fact]["values"][int(month)]))
        given = self.reported[key] if key in ("name", "year") else self.reported["facts"].get(key, "")
        text = (given if column == "value" else "") if isinstance(given, str) else str(given.get(column, ""))
        return Spot(f"{self.sheet_name} {cell_of(key, column, rules, rubric=self.rubric)}", text)

    def month_unit(self, fact: str) -> Spot:
        """Return the unit that the months of a figure are in."""
        place = self._month_place(fact, 2)
        return Spot(place, str(self.reported["months"][fact]["unit"]))

    def month_head(self, month: int) -> Spot:
        """Return the head of a month's column."""
        at = f"{manner()['titles']['months']}!{letters(month + 2)}1"
        return Spot(f"{self.sheet_name} {at}", manner()["months"][month - 1])

    def _month_place(self, fact: str, column: int) -> str:
        row = list(dict.fromkeys([*manner()["monthly"], *self.reported["months"]])).index(fact)
        return f"{self.sheet_name} {manner()['titles']['months']}!{letters(column)}{row + 2}"

    def row_spots(self, paper: Paper, sheet: Sheet, row: int) -> tuple[Spot, ...]:
        """Return every cell of a row of a paper; of running text its one paragraph."""
        if not sheet.heads:
            return (_paper_spot(paper, sheet, row, ""),)
        return tuple(_paper_spot(paper, sheet, row, head) for head in sheet.heads)

    def cells(self, rules: Rules) -> dict[str, str]:
        """Return all that the files say, by place."""
        found = [self.spot(f"{SHEET}:{key}", "value", rules) for key in ("name", "year")]
        listed = [
            key for key, one in rules.facts.items() if one.per is None and one.section in {*rules.sections, self.rubric}
        ]
        for key in dict.fromkeys([*listed, *self.reported["facts"]]):
            found += [self.spot(f"{SHEET}:{key}", part, rules) for part in ("value", "unit", "source")]
        found += [self.month_head(month) for month in range(1, len(manner()["months"]) + 1)]
        for key, given in self.reported["months"].items():
            found += [self.month_unit(key)]
            found += [self.spot(f"{SHEET}:month:{key}:{i}", "", rules) for i in range(len(given["values"]))]
        for row, one in enumerate(self.reported["certificates"]):
            found += [self.spot(f"{SHEET}:certificate:{row}", name, rules) for name in one]
        for paper in self.papers:
            for sheet in paper.sheets:
                for row in range(len(sheet.lines)):
                    found += self.row_spots(paper, sheet, row)
        return {spot.place: spot.text for spot in found}


def _paper_spot(paper: Paper, sheet: Sheet, row: int, column: str) -> Spot:
    line = sheet.lines[row]
    if not sheet.heads:
        return Spot(f"{paper.name} 第{row + 1}条", line.cells[0])
    at = sheet.heads.index(column)
    return Spot(f"{paper.name} {sheet.title}!{letters(at)}{row + 2}", line.cells[at])


def entry_of(given: str | Mapping[str, str]) -> Entry:
    """Return a figure of `Values` as it is read from a file: value with its unit, and the source."""
    if isinstance(given, str):
        return Entry(given)
    return Entry(f"{given['value']} {given.get('unit', '')}".strip(), given.get("source", ""))


def park_of(values: Values, rules: Rules, *, changes: Mapping[str, Any] | None = None) -> ParkData:
    """Return the park's data without asking whether its ledgers agree; a change of None takes a figure away."""
    given = {**cast(Mapping[str, Any], values["facts"]), **(changes or {})}
    entries = {key: entry_of(one) for key, one in given.items() if one is not None}
    return read_park(str(values["name"]), int(values["year"]), entries, rules)


def changes_of(dossier: Dossier, facts: Sequence[str]) -> Mapping[str, Any]:
    """Return what the park sheet says of these facts; None where it leaves out what is true."""
    return {key: dossier.reported["facts"].get(key) for key in facts}
