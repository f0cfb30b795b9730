"""How fast many parks are graded: a sheet of made-up parks, read, checked, graded and written out, timed."""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from scoring.model import Rubric, Rules


@dataclass(frozen=True, slots=True)
class Speed:
    """What grading a sheet took: processor and wall time in seconds, the most memory in MB at three moments."""

    parks: int
    graded: int
    refused: int
    asked: int
    processor_s: float
    wall_s: float
    parks_per_s: float
    memory_start_mb: float
    memory_tenth_mb: float
    memory_end_mb: float

    def record(self) -> dict[str, object]:
        """Return the figures by name."""
        return asdict(self)


def write_fleet(path: Path, parks: int, rules: Rules, seed: int = 1) -> None:
    """Write a sheet of made-up parks, one row each: the example park in other sizes, each figure a little different."""
    from scoring.template import example, open_workbook
    from scoring.wording import label_of

    random = Random(seed)  # noqa: S311 - made-up figures, no secret
    book = open_workbook(path)
    sheet = book.add_worksheet()
    facts: dict[str, Mapping[str, str]] = {
        key: cast(Mapping[str, str], one if isinstance(one, Mapping) else {"value": one})
        for key, one in cast(Mapping[str, object], example()["facts"]).items()
    }
    sourced = [key for key in facts if rules.facts[key.partition("/")[0]].needs_source]
    units = {key: f"（{one['unit']}）" if "unit" in one else "" for key, one in facts.items()}
    heads = [f"{label_of(key, rules)}{unit}" for key, unit in units.items()]
    sheet.write_row(0, 0, ["园区名称", "核算年度", *heads, *(f"{label_of(key, rules)}来源" for key in sourced)])
    for row in range(1, parks + 1):
        size = random.uniform(0.2, 3)
        sheet.write_string(row, 0, f"园区{row:05d}")
        sheet.write_number(row, 1, 2025)
        for column, (key, one) in enumerate(facts.items(), 2):
            if "unit" not in one or key in ("worst_product_level", "power_equivalent_tce_per_mwh"):
                sheet.write_string(row, column, one["value"])
            else:
                wobble = 1 if key == "energy_tce" else random.uniform(0.97, 1.03)
                sheet.write_number(row, column, round(float(one["value"]) * size * wobble, 4))
        for i, key in enumerate(sourced):
            sheet.write_string(row, 2 + len(facts) + i, facts[key].get("source", ""))
    book.close()


def _memory_mb() -> float:
    """Return the most memory the process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(parks: int, rubric: Rubric, rules: Rules) -> Speed:
    """Return what it took to grade that many parks of one sheet, with the table of results written as CSV."""
    from ui.fleet_table import Distribution, grade_fleet, open_out

    with TemporaryDirectory() as folder:
        sheet = Path(folder) / "parks.xlsx"
        write_fleet(sheet, parks, rules)
        counts, out = Distribution(), open_out(Path(folder) / "results.csv")
        start, tenth = _memory_mb(), 0.0
        clock, wall = time.process_time(), time.perf_counter()
        for number, row in enumerate(grade_fleet([sheet], rubric, rules, counts), 1):
            out.write(row)
            if number == max(parks // 10, 1):
                tenth = _memory_mb()
        out.close()
        spent, passed = time.process_time() - clock, time.perf_counter() - wall
    return Speed(
        parks,
        counts.graded,
        counts.refused_count,
        counts.asked,
        round(spent, 2),
        round(passed, 2),
        round(parks / spent, 1),
        round(start, 1),
        round(tenth, 1),
        round(_memory_mb(), 1),
    )
