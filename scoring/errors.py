"""What can be wrong with a rule file or a park's figures, split by who must act.

    ScoringError
        RuleError       the author of a rule file
        ParkDataError   who reports a figure

Each carries every fault found at once, so that a file is mended in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where (file, line, key or cell), what, and what to do."""

    where: str
    what: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.where} 第{self.line}行" if self.line else self.where
        return f"{place}：{self.what}" if place else self.what


class ScoringError(Exception):
    """Something that has to be mended before anything can be graded."""

    def __init__(self, faults: Fault | str | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = Fault("", faults)
        self.faults: Sequence[Fault] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RuleError(ScoringError):
    """A rule file cannot be used; its author must mend it."""


class ParkDataError(ScoringError):
    """A reported figure cannot be used; who reports it must mend it."""
