"""What is known of a figure that depends on data not yet reported: it lies between low and high.

The formulas are written for Decimal and run on intervals unchanged. Each operation is inclusion-monotone, and so is
every formula made of them: narrower inputs never give a wider result. That is why an interval of points or levels
only shrinks as data arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

ZERO = Decimal(0)
ONE = Decimal(1)
INFINITY = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from low to high, both included; an open end is infinite.

    >>> Interval(Decimal(1), Decimal(2)) / Decimal(4)
    Interval(low=Decimal('0.25'), high=Decimal('0.5'))
    """

    low: Decimal
    high: Decimal

    def __add__(self, other: Decimal | Interval) -> Interval:
        low, high = ends(other)
        return Interval(self.low + low, self.high + high)

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Decimal | Interval) -> Interval:
        low, high = ends(other)
        return Interval(self.low - high, self.high - low)

    def __rsub__(self, other: Decimal) -> Interval:
        return Interval(other - self.high, other - self.low)

    def __mul__(self, other: Decimal | Interval) -> Interval:
        low, high = ends(other)
        if self.low >= 0 and low >= 0:
            return Interval(_times(self.low, low), _times(self.high, high))
        corners = [_times(a, b) for a in (self.low, self.high) for b in (low, high)]
        return Interval(min(corners), max(corners))

    __rmul__ = __mul__

    def __truediv__(self, other: Decimal | Interval) -> Interval:
        return _quotient(self, as_interval(other))

    def __rtruediv__(self, other: Decimal) -> Interval:
        return _quotient(Interval(other, other), self)


WHOLE = Interval(-INFINITY, INFINITY)
"""Nothing is known."""

Number = Decimal | Interval


def ends(value: Number) -> tuple[Decimal, Decimal]:
    """Return the low and the high end of a value, which are one for a known figure."""
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def as_interval(value: Number) -> Interval:
    """Return the value as an interval, of no width for a known figure."""
    return value if isinstance(value, Interval) else Interval(value, value)


def narrowed(value: Number) -> Number:
    """Return the figure itself where both ends are the same."""
    return value.low if isinstance(value, Interval) and value.low == value.high else value


def least(left: Decimal, right: Decimal) -> Decimal:
    """Return the smaller of two figures; of intervals, the interval of the smaller."""
    (a, b), (c, d) = ends(left), ends(right)
    return cast(Decimal, narrowed(Interval(min(a, c), min(b, d))))


def greatest(left: Decimal, right: Decimal) -> Decimal:
    """Return the greater of two figures; of intervals, the interval of the greater."""
    (a, b), (c, d) = ends(left), ends(right)
    return cast(Decimal, narrowed(Interval(max(a, c), max(b, d))))


def _times(left: Decimal, right: Decimal) -> Decimal:
    """Return the product, where zero times an open end is zero: the end itself is never reached."""
    return left * right if left and right else ZERO


def _over(left: Decimal, right: Decimal) -> Decimal:
    return ZERO if right.is_infinite() else left / right


def _quotient(left: Interval, right: Interval) -> Interval:
    """Return all quotients; where the divisor may be zero, nothing is known but perhaps the sign."""
    if right.low <= 0 <= right.high:
        return Interval(ZERO, INFINITY) if left.low >= 0 and right.low >= 0 else WHOLE
    corners = [_over(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return Interval(min(corners), max(corners))
