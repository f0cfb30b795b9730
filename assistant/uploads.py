"""A file dropped into the chat -> the one park in it, or why there is none."""

from __future__ import annotations

from assistant.act import say
from scoring.cells import Given
from scoring.checks import Taken, take
from scoring.errors import ScoringError
from scoring.model import Rules

_TABLES = (".xlsx", ".csv", ".json", ".yaml", ".yml")
_LARGEST_FILE = 20 << 20


def taken_from(given: Given, rules: Rules) -> Taken | str:
    """Return the one park of a file, or why there is none."""
    if given.suffix not in _TABLES:
        return say("file_kind", file=given.name)
    size = len(given.content) if isinstance(given.content, bytes) else given.content.stat().st_size
    if size > _LARGEST_FILE:
        return say("file_large", file=given.name)
    try:
        parks = [one for one, _ in zip(take(given, rules), range(2), strict=False)]
    except ScoringError as error:
        return say("file_unreadable", file=given.name, why="".join(str(fault) for fault in error.faults))
    if len(parks) != 1:
        return say("file_several", file=given.name, count="两个以上" if parks else "0")
    return parks[0]
