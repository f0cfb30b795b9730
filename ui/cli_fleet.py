"""The command `advisor grade --many`: a folder or a sheet of parks into a table, and how they are distributed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ui.errors import PageError
from ui.fleet_table import Distribution, grade_fleet, open_out
from ui.grading import park_files
from ui.output import print_json, print_table
from ui.texts import read_texts

if TYPE_CHECKING:
    from scoring.model import Rubric, Rules

_TABLE_ROWS = 30
"""Up to so many parks are shown in the terminal; more are in the file."""


def grade_many(options: argparse.Namespace, rubric: Rubric, rules: Rules) -> int:
    """Grade the parks of `--many`; return 1 where some could not be graded."""
    from tqdm import tqdm

    texts = read_texts().command
    if not options.many.exists():
        raise FileNotFoundError(2, "没有这个文件或文件夹", str(options.many))
    sources = park_files(options.many)
    if not sources:
        raise PageError(texts.many_none.format(source=options.many))
    if options.output is not None and any(options.output.resolve() == one.resolve() for one in sources):
        raise PageError(texts.many_same_file.format(file=options.output))
    counts, out = Distribution(), open_out(options.output)
    rows: list[Mapping[str, Any]] = []
    try:
        for row in tqdm(
            grade_fleet(sources, rubric, rules, counts, year=options.year),
            desc=texts.many_reading,
            unit="个",
            file=sys.stderr,
        ):
            out.write(row)
            if len(rows) <= _TABLE_ROWS:
                rows.append(row)
    finally:
        out.close()
    _print_fleet(options, counts, rows)
    return 1 if counts.refused_count else 0


def _print_fleet(options: argparse.Namespace, counts: Distribution, rows: Sequence[Mapping[str, Any]]) -> None:
    texts = read_texts().command
    quartiles = [f"{value:.4f}" for value in counts.quartiles()] if counts.carbon else []
    if options.json:
        print_json(
            {
                "rules": options.rules,
                "graded": counts.graded,
                "refused": counts.refused_count,
                "asked": counts.asked,
                "verdicts": dict(sorted(counts.verdicts.items())),
                "levels": {f"{low}～{high}": count for (low, high), count in sorted(counts.levels.items())},
                "carbon_per_energy_tco2_per_tce": quartiles,
            }
        )
        return
    shown = ("park", "year", "verdict", "level_low", "carbon_per_energy_tco2_per_tce", "missing", "asked", "fault")
    if 0 < len(rows) <= _TABLE_ROWS:
        print_table([{texts.columns[name]: _cell(row.get(name)) for name in shown} for row in rows])
    total = counts.graded + counts.refused_count
    print(texts.many_done.format(total=total, graded=counts.graded, refused=counts.refused_count, asked=counts.asked))
    _print_distribution(counts, quartiles)
    if options.output is not None:
        print(texts.many_output.format(file=options.output))


def _print_distribution(counts: Distribution, quartiles: Sequence[str]) -> None:
    texts = read_texts().command
    print(texts.many_distribution)
    for name, count in counts.verdicts.most_common():
        print(f"  {name}\t{count}")
    if any(low for low, _ in counts.levels):
        print(texts.many_levels)
        for (low, high), count in counts.levels.most_common():
            print(f"  {low if low == high else f'{low}～{high}'}\t{count}")
    if quartiles:
        low, first, middle, third, high = quartiles
        print(
            texts.many_quartiles.format(
                count=len(counts.carbon), low=low, first=first, middle=middle, third=third, high=high
            )
        )
    if counts.refused:
        print(texts.many_refused)
        for name, fault in counts.refused:
            print(f"  {name}：{fault}")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, Decimal) else str(value)
