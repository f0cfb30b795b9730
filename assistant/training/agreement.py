"""How far verdicts agree: weighted kappa with the key, Krippendorff's alpha within a group, leniency bias.

Verdicts are put on an ordered scale (`cases.yaml`: not met, undecided, met). What cannot be said is None, never 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from assistant.training.case_key import case_texts
from scoring.model import Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@cache
def codes() -> Mapping[str, int]:
    """Return the place of each verdict on the ordered scale."""
    return {verdict: int(code) for verdict, code in case_texts()["scale"].items()}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One trainee with the key, or two with each other.

    Attributes:
        exact: share of the lines judged with the very same verdict.
        kappa: weighted kappa (linear), None where one of the two never varies.
        bias: mean distance on the scale as a share of it, above 0 lenient, below 0 strict.
        count: lines that both have judged.
    """

    exact: float | None
    kappa: float | None
    bias: float | None
    count: int

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def agreement(judged: Sequence[tuple[Verdict, Verdict | None]]) -> Agreement:
    """Return how far the second of each pair agrees with the first; blanks are left out and not counted."""
    pairs = [(one, other) for one, other in judged if other is not None]
    exact = [one == other for one, other in pairs]
    return _agreed([(codes()[one], codes()[other]) for one, other in pairs], exact, max(codes().values()))


def level_agreement(judged: Sequence[tuple[int, int | None]], *, top: int) -> Agreement:
    """Return how far the second level of each pair agrees with the first, on a scale from 0 to `top`."""
    pairs = [(one, other) for one, other in judged if other is not None]
    return _agreed(pairs, [one == other for one, other in pairs], top)


def _agreed(pairs: Sequence[tuple[int, int]], exact: Sequence[bool], top: int) -> Agreement:
    if not pairs:
        return Agreement(None, None, None, 0)
    left, right = zip(*pairs, strict=True)
    bias = sum(b - a for a, b in pairs) / len(pairs) / top
    return Agreement(sum(exact) / len(pairs), weighted_kappa(left, right, top=top), bias, len(pairs))


def weighted_kappa(left: Sequence[int], right: Sequence[int], *, top: int) -> float | None:
    """Return Cohen's kappa with linear weights on the scale from 0 to `top`; None where it is not defined."""
    from sklearn import metrics  # heavy: only when something is compared

    if len({*left, *right}) < 1 + 1:
        return None
    labels = list(range(top + 1))
    return float(cast(Any, metrics).cohen_kappa_score(left, right, labels=labels, weights="linear"))


def alpha(ratings: Sequence[Sequence[int | None]]) -> float | None:
    """Return Krippendorff's alpha for ordered values: a row a rater, a column a line, None where not rated.

    None where no line is rated twice or all ratings are the same (Krippendorff, Content Analysis, chapter 12).
    """
    import numpy as np

    values = sorted({one for row in ratings for one in row if one is not None})
    count = np.array(
        [[sum(one == value for one in column) for value in values] for column in zip(*ratings, strict=True)]
    )
    count = count[count.sum(axis=1) > 1].astype(np.float64) if count.size else np.zeros((0, 0))
    if not count.size or (count.sum(axis=0) > 0).sum() < 1 + 1:
        return None
    pairable = count.sum(axis=1)
    seen = ((count[:, :, None] * count[:, None, :] - _diagonals(count)) / (pairable - 1)[:, None, None]).sum(axis=0)
    of_value = seen.sum(axis=0)
    distance = _ordinal_distances(of_value)
    expected = (np.outer(of_value, of_value) * distance).sum()
    return float(1 - (of_value.sum() - 1) * (seen * distance).sum() / expected)


def _diagonals(count: Floats) -> Floats:
    import numpy as np

    return count[:, :, None] * np.eye(count.shape[1])[None, :, :]


def _ordinal_distances(of_value: Floats) -> Floats:
    """Return the squared distance of each pair of ranks: how many ratings lie between them."""
    import numpy as np

    size = len(of_value)
    distance = np.zeros((size, size))
    for low in range(size):
        for high in range(low + 1, size):
            between = of_value[low : high + 1].sum() - (of_value[low] + of_value[high]) / 2
            distance[low, high] = distance[high, low] = between**2
    return distance
