"""The figures of a family that take part in a formula."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

Each = Sequence[Decimal]
"""One figure for each member of a family that takes part."""
