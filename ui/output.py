"""How the command prints records, JSON for programs and a table for people, and reads a day and a region."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any


def print_json(data: object) -> None:
    """Print data as indented JSON, Chinese as it is."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def print_measured(record: dict[str, Any], *, as_json: bool, wrong: Callable[[Any], str] | None = None) -> None:
    """Print what was measured, a figure a line; before it a line of each item under `wrong`, where it says how."""
    if as_json:
        print_json(record)
        return
    if wrong is not None:
        for item in record.pop("wrong"):
            print(wrong(item))
    for name, value in record.items():
        print(f"{name}: {value}")


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


def region(text: str) -> str:
    """Return a region as typed on the command line (江苏, 江苏省, 苏州, 江苏/苏州, Jiangsu) as the library names it."""
    wanted = text.strip()
    if wanted in ("", "全国"):
        return ""
    from assistant.understand import read_yaml

    places: dict[str, dict[str, list[str]]] = read_yaml("corpus", "places.yaml")
    parent, _, below = wanted.partition("/")
    for province, entry in places.items():
        if wanted.lower() in entry["en"] or re.fullmatch(f"{province}(省|市|自治区|.+自治区)?", wanted):
            return province
        for city in entry["cities"]:
            if re.fullmatch(f"{city}市?", below or wanted) and (not below or re.match(province, parent)):
                return f"{province}/{city}"
    raise argparse.ArgumentTypeError(
        f"没有叫 {text!r} 的地区。可用：{'、'.join(places)}，或其中的地级市，例如 苏州、江苏/苏州；全国不用填"
    )
