"""How the command prints records, JSON for programs and a table for people, and reads a day."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date


def print_json(data: object) -> None:
    """Print data as indented JSON, Chinese as it is."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_table(records: Sequence[Mapping[str, object]]) -> None:
    """Print records of the same keys as a table with a header."""
    names = list(records[0])
    widths = [max(len(n), *(len(str(r[n])) for r in records)) for n in names]
    print("  ".join(n.ljust(w) for n, w in zip(names, widths, strict=True)))
    for record in records:
        print("  ".join(str(record[n]).ljust(w) for n, w in zip(names, widths, strict=True)))


def iso_day(text: str) -> str:
    """Return an ISO day as typed on the command line."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期写成 2025-12-31 这样，不能是 {text!r}") from error
