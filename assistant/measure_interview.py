"""How the interview does with made-up staff: whether it ends with the grade of their file, and after how many turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from assistant.entries import Interview
from assistant.intent import Context, Understood, understand
from assistant.interview_reply import Reply
from assistant.simulated_staff import Hear, hidden_park, interviewed
from assistant.understand import Reader
from scoring.model import Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """The interviews by one rule set.

    Attributes:
        parks, same: how many, and how many ended with the assessment of the hidden file.
        otherwise: the seeds of the others.
        turns: the median of turns to the very end.
        verdict_at, grade_at: the median of turns until the verdict, the grade was settled, where it was in both orders.
        verdict_in_order, grade_in_order: the same when the facts are asked in their order.
        verdict_saved, grade_saved: by how much fewer, as a share.
        settled: of how many parks the verdict could be settled at all.
        turn_ms, slowest_ms: the median and the 99th percentile of a turn, understanding included.
    """

    rules: str
    parks: int
    same: int
    otherwise: tuple[int, ...]
    turns: float
    settled: int
    verdict_at: float
    verdict_in_order: float
    verdict_saved: float
    grade_at: float
    grade_in_order: float
    grade_saved: float
    turn_ms: float
    slowest_ms: float

    def record(self) -> dict[str, object]:
        """Return the figures by name."""
        return asdict(self)


def hearing(rules: Rules, reader: Reader) -> Hear:
    """Return what understands a message in the run of an interview."""

    def hear(message: str, interview: Interview, reply: Reply) -> Understood:
        asked = interview.asked
        before = Context(intent="assess", rules_id=interview.rules_id, asked=asked, confirming=not reply.asked)
        return understand(message, rules=rules, reader=reader, before=before)

    return hear


def measure_interview(rules_id: str, rules: Rules, reader: Reader, *, parks: int) -> Outcome:
    """Return how the interviews of so many parks went by a rule set."""
    hear = hearing(rules, reader)
    runs = {
        seed: interviewed(hidden_park(seed, rules_id, rules), rules_id, rules, hear, seed)
        for seed in range(1, parks + 1)
    }
    verdicts = _both([(run.verdict_at, run.fixed_verdict_at) for run in runs.values()])
    grades = _both([(run.grade_at, run.fixed_grade_at) for run in runs.values()])
    seconds = [one for run in runs.values() for one in run.seconds]
    return Outcome(
        rules=rules_id,
        parks=parks,
        same=sum(run.same for run in runs.values()),
        otherwise=tuple(seed for seed, run in runs.items() if not run.same),
        turns=median(run.asked for run in runs.values()),
        settled=sum(run.verdict_at is not None for run in runs.values()),
        verdict_at=verdicts[0],
        verdict_in_order=verdicts[1],
        verdict_saved=_saved(*verdicts),
        grade_at=grades[0],
        grade_in_order=grades[1],
        grade_saved=_saved(*grades),
        turn_ms=round(median(seconds) * 1000, 1),
        slowest_ms=round(quantiles(seconds, n=100)[-1] * 1000, 1),
    )


def _both(pairs: Sequence[tuple[int | None, int | None]]) -> tuple[float, float]:
    """Return the medians of both orders over the parks where both settle."""
    found = [(own, fixed) for own, fixed in pairs if own is not None and fixed is not None]
    return (median(own for own, _ in found), median(fixed for _, fixed in found)) if found else (0, 0)


def _saved(own: float, fixed: float) -> float:
    return round(1 - own / fixed, 3) if fixed else 0
