"""YAML and CSV as text with line numbers: every scalar stays the text it was, a repeated key is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml

from scoring.errors import Fault, RuleError

Data = dict[str, "Data"] | list["Data"] | str
Path_ = tuple[str | int, ...]
# C when the wheel brings it; the same grammar, some twenty times as fast
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Text:
    """A file read as text: its data, and the line of each key path."""

    name: str
    data: Data
    lines: Mapping[Path_, int]

    def line(self, path: Sequence[str | int]) -> int:
        """Return the line of the path, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if (found := self.lines.get(tuple(path[:length]))) is not None:
                return found
        return 0

    def fault(self, path: Sequence[str | int], what: str) -> Fault:
        """Return the fault at that path of this file."""
        spot = ".".join(str(part) for part in path)
        return Fault(self.name, f"{spot}：{what}" if spot else what, self.line(path))


def read_yaml(name: str, text: str) -> Text:
    """Return the YAML text with all scalars as text.

    Raises:
        RuleError: it is not YAML, or a key stands twice.
    """
    try:
        node = cast(Any, yaml).compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 0
        raise RuleError(Fault(name, f"不是合法的 YAML：{fault.problem}", line)) from None
    lines: dict[Path_, int] = {}
    faults: list[Fault] = []
    data = _plain(node, (), lines, faults, name) if node is not None else ""
    if faults:
        raise RuleError(faults)
    return Text(name, data, lines)


def _plain(node: Any, path: Path_, lines: dict[Path_, int], faults: list[Fault], name: str) -> Data:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Data] = {}
        for key, value in node.value:
            spot = (*path, str(key.value))
            if key.value in found:
                faults.append(Fault(name, f"键 {key.value!r} 重复", key.start_mark.line + 1))
            lines[spot] = key.start_mark.line + 1
            found[str(key.value)] = _plain(value, spot, lines, faults, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), lines, faults, name) for i, item in enumerate(node.value)]
    return str(node.value)


def read_rows(name: str, text: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a CSV text with their line numbers.

    Raises:
        RuleError: a row has more or fewer cells than the header.
    """
    reader = csv.DictReader(io.StringIO(text))
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    for row in reader:
        if None in row or None in row.values():
            faults.append(Fault(name, "格数与表头不一致", reader.line_num))
        rows.append((reader.line_num, row))
    if faults:
        raise RuleError(faults)
    return rows
