"""One function for each published formula. Its arguments name what it needs: a fact, a parameter or another formula.

Nothing else declares a dependency: `resolve` reads the signatures. A method of another document is another function
with another name. Label, unit and clause of each result stand in `rules/quantities.yaml`. The bodies use + - * / and
`least`, `greatest`, `sum` only, so that they also run on intervals. An argument annotated `Each` receives one figure
for every member of the family that its quantity is `per`; `a__b` asks for member b of a. Yes is 1, no is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from inspect import getmembers, isfunction, signature
from types import MappingProxyType

from scoring.formulas import emissions, energy, indicators
from scoring.formulas.each import Each

Formula = Callable[..., Decimal]


def _formulas() -> Iterator[tuple[str, Formula]]:
    """Yield the formulas of the modules with their names."""
    for module in (emissions, energy, indicators):
        for name, found in getmembers(module, isfunction):
            if found.__module__ == module.__name__:
                yield name, found


@cache
def needs(formula: Formula) -> tuple[tuple[str, bool], ...]:
    """Return what the formula needs, in order, and whether it is one figure for each member of a family."""
    arguments = signature(formula).parameters.items()
    return tuple((name.replace("__", "/"), one.annotation == "Each") for name, one in arguments)


FORMULAS: Mapping[str, Formula] = MappingProxyType(dict(_formulas()))
ARGUMENTS: Mapping[str, tuple[tuple[str, bool], ...]] = MappingProxyType(
    {name: needs(formula) for name, formula in FORMULAS.items()}
)
"""What each formula needs."""

__all__ = ["ARGUMENTS", "FORMULAS", "Each", "Formula", "needs"]
