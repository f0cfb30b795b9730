"""A table pasted into a message -> its figures: one row a figure, cells parted by tabs, bars or commas.

figures_pasted("公共电网受入电量\\t80000\\t万kWh\\n天然气\\t1500\\t万Nm3", rules)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.said import Said, said_in
from scoring.headings import is_unit
from scoring.model import Rules

_CELLS = re.compile(r"\s*[\t|｜]\s*|\s{2,}")
_COMMAS = re.compile(r"\s*[,，;；]\s*")
_BRACKETS = re.compile(r"[（(]([^（()）]*)[)）]")
_LEAST = 2


def figures_pasted(message: str, rules: Rules) -> tuple[Said, ...]:
    """Return the figures of a pasted table; none where the message is no table.

    Each keeps the whole row as its words.
    """
    lines = [line for line in message.splitlines() if line.strip()]
    for cut in (_CELLS, _COMMAS):
        rows = [[cell for cell in cut.split(line.strip().strip("|｜")) if cell] for line in lines]
        if len(rows) >= _LEAST and all(len(row) >= _LEAST for row in rows):
            return tuple(one for line, row in zip(lines, rows, strict=True) for one in _figures(line, row, rules))
    return ()


def _figures(line: str, row: Sequence[str], rules: Rules) -> Sequence[Said]:
    """Return the figure of a row: what is named in its first cell, the amount in the next, its unit beside it."""
    named, amount, *rest = row
    inside = [one for one in _BRACKETS.findall(named) if is_unit(one)]
    unit = next((one for one in (*rest[:1], *inside) if is_unit(one)), "")
    name = _BRACKETS.sub("", named).removeprefix("其中").strip(":： ")
    found = said_in(f"{name} {amount}{'' if amount.endswith(unit) else unit}", rules)
    return [replace(one, raw=line.strip()) for one in found]
