"""What the scoring tests share: the built-in rules and a maker of parks."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from full_park import FULL, Park

from scoring.load import load_rules
from scoring.model import ParkData, Rules
from scoring.park import Entry, read_park


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="session")
def park(rules: Rules) -> Park:
    """Make a park: `full=True` starts from the complete one, None takes a figure away."""

    def make(
        figures: Mapping[str, Entry | str | None] | None = None,
        *,
        full: bool = False,
        year: int = 2025,
        excuses: Mapping[str, str] | None = None,
    ) -> ParkData:
        entries = {**(FULL if full else {}), **(figures or {})}
        return read_park(
            "试园", year, {key: value for key, value in entries.items() if value is not None}, rules, excuses=excuses
        )

    return make
