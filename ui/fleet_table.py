"""Many parks graded into one table: a row a park, written as it comes, and how the outcomes are distributed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from ui.errors import PageError
from ui.grading import plain_cell
from ui.texts import read_texts

if TYPE_CHECKING:
    from scoring.checks import Taken
    from scoring.model import Assessment, Outcome, Rubric, Rules

Cell = str | int | Decimal | None
TOTALS = ("emissions_tco2", "energy_tce", "carbon_per_energy_tco2_per_tce")
CARBON = TOTALS[-1]


@dataclass
class Distribution:
    """How many parks came out how; it grows by one figure a park."""

    verdicts: Counter[str] = field(default_factory=Counter[str])
    levels: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    carbon: list[Decimal] = field(default_factory=list[Decimal])
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    refused_count: int = 0
    asked: int = 0

    @property
    def graded(self) -> int:
        """How many parks were graded."""
        return sum(self.verdicts.values())

    def quartiles(self) -> tuple[Decimal, ...]:
        """Return the least, the three quartiles and the greatest of the carbon intensity that is known."""
        ones = sorted(self.carbon)
        last = len(ones) - 1
        return tuple(ones[(last * i + 2) // 4] for i in range(5))


def grade_fleet(
    sources: Sequence[Path], rubric: Rubric, rules: Rules, counts: Distribution, *, year: int | None = None
) -> Iterator[Mapping[str, Cell]]:
    """Yield a row for each park of the files; one that cannot be graded is a row with the reason, and stops nothing."""
    from scoring.assess import assess
    from scoring.cells import Given
    from scoring.checks import excuses_apart, take
    from scoring.errors import ParkDataError

    words = read_texts().grade.outcomes
    for path in sources:
        for taken in take(Given.of(path), rules, year=year, search=False):
            try:
                park, _ = excuses_apart(taken.data(), rubric)
                assessment = assess(park, rubric, rules, edges=False, suggest=False)
            except ParkDataError as error:
                yield _refused(taken, [str(fault) for fault in error.faults], counts)
            else:
                yield _row(taken, assessment, counts, words)


def _refused(taken: Taken, faults: Sequence[str], counts: Distribution) -> Mapping[str, Cell]:
    counts.refused_count += 1
    if len(counts.refused) < 20:
        counts.refused.append((taken.name or taken.file, faults[0]))
    return {"file": taken.file, "park": taken.name, "fault": "；".join(faults[:5])}


def _row(
    taken: Taken, assessment: Assessment, counts: Distribution, words: Mapping[Outcome, str]
) -> Mapping[str, Cell]:
    grades = assessment.grades
    levels = (grades[0].label, grades[1].label) if grades else ("", "")
    counts.verdicts[words[assessment.verdict]] += 1
    counts.levels[levels] += 1
    counts.asked += bool(taken.questions)
    row: dict[str, Cell] = {
        "file": taken.file,
        "park": taken.name,
        "year": assessment.park.year,
        "verdict": words[assessment.verdict],
        "level_low": levels[0],
        "level_high": levels[1],
        "score_low": assessment.low,
        "score_high": assessment.high,
        "score_max": assessment.full,
        "asked": "；".join(str(one) for one in taken.questions),
    }
    row |= {str(verdict): count for verdict, count in assessment.counts.items()}
    for name in TOTALS:
        step = assessment.totals.get(name)
        row[name] = step.value if step is not None and isinstance(step.value, Decimal) else None
    carbon = row[CARBON]
    if isinstance(carbon, Decimal):
        counts.carbon.append(carbon)
    return row


class Out(Protocol):
    """Where rows go."""

    def write(self, row: Mapping[str, Cell]) -> None:
        """Take one row."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class _Nowhere:
    def write(self, row: Mapping[str, Cell]) -> None: ...

    def close(self) -> None: ...


class _Csv:
    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self.columns = columns
        self.stream: IO[str] = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.stream)
        self.writer.writerow(columns.values())

    def write(self, row: Mapping[str, Cell]) -> None:
        self.writer.writerow([_shown(row.get(name)) for name in self.columns])

    def close(self) -> None:
        self.stream.close()


class _Xlsx:
    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        from scoring.template import open_workbook

        self.columns, self.number = columns, 0
        self.book = open_workbook(path)
        self.sheet = self.book.add_worksheet()
        self.sheet.write_row(0, 0, list(columns.values()), self.book.add_format({"bold": True}))
        self.sheet.freeze_panes(1, 0)

    def write(self, row: Mapping[str, Cell]) -> None:
        self.number += 1
        for i, name in enumerate(self.columns):
            value = row.get(name)
            if isinstance(value, Decimal | int):
                self.sheet.write_number(self.number, i, value)
            elif value:
                self.sheet.write_string(self.number, i, value)

    def close(self) -> None:
        self.book.close()


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    return plain_cell(value) if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def open_out(path: Path | None) -> Out:
    """Return where the rows go: a CSV or XLSX file, or nowhere.

    Raises:
        PageError: the file's ending is neither.
    """
    if path is None:
        return _Nowhere()
    texts = read_texts().command
    kinds = {".csv": _Csv, ".xlsx": _Xlsx}
    if path.suffix.lower() not in kinds:
        raise PageError(texts.many_kind.format(file=path.name))
    return kinds[path.suffix.lower()](path, texts.columns)
