"""How the command prints records: JSON for programs, a table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence


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
