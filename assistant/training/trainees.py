"""Simulated trainees on cases: each answers in its own manner, from the key and a seed.

They show that agreement, bias and recall measure what they should: the lenient one comes out lenient, the one who is
blind to units misses just those faults and grades as if they were true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from assistant.training.case_key import Key, KeyFault, key_of
from assistant.training.comparing import Comparison, compare
from assistant.training.dossier_model import Dossier
from assistant.training.fault_kinds import fault_texts
from assistant.training.faults import kinds
from assistant.training.submission import Mark, Submission
from scoring.model import Rules, Verdict


@dataclass(frozen=True)
class Seat:
    """A trainee before a case: the key, the rules, the case's number in the row, and chance."""

    dossier: Dossier
    key: Key
    rules: Rules
    number: int
    random: Random


Manner = Callable[[Seat], tuple[Mapping[str, Verdict], Sequence[Mark]]]


def _true(seat: Seat) -> dict[str, Verdict]:
    return {line.indicator: line.verdict for line in seat.key.lines}


def _marked(fault: KeyFault, *, clause: bool = True) -> Mark:
    return Mark(fault.spots[0].place, fault.kind.id, (fault.kind.clauses[0].fact,) if clause else ())


def _chance(seat: Seat, name: str) -> bool:
    return seat.random.random() < float(fault_texts()["trainees"][name])


def _perfect(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    return _true(seat), [_marked(fault) for fault in seat.key.faults]


def _leaning(seat: Seat, to: Verdict) -> dict[str, Verdict]:
    return {one: to if _chance(seat, "leans") else verdict for one, verdict in _true(seat).items()}


def _lenient(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    verdicts = _leaning(seat, "met")
    return verdicts, [_marked(fault) for fault in seat.key.faults if _chance(seat, "lenient_finds")]


def _strict(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    verdicts = _leaning(seat, "not_met")
    sheet = seat.dossier.sheet_name
    invented = [Mark(f"{sheet} 填报!D{seat.random.randint(100, 999)}", _any_kind(seat)) for _ in range(2)]
    return verdicts, [*(_marked(fault) for fault in seat.key.faults), *invented]


def _any_kind(seat: Seat) -> str:
    return seat.random.choice(list(kinds()))


def _at_random(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    verdicts: dict[str, Verdict] = {
        line.indicator: seat.random.choice(("met", "not_met", "missing")) for line in seat.key.lines
    }
    cells = list(seat.dossier.cells(seat.rules))
    return verdicts, [Mark(seat.random.choice(cells), _any_kind(seat)) for _ in range(3)]


def _unit_blind(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    """Grade the park as if the faults of unit and conversion were true; find all others."""
    blind = set(fault_texts()["trainees"]["unit_kinds"])
    missed = {fact for one in seat.dossier.faults if one.kind in blind for fact in one.facts}
    facts = dict(seat.dossier.truth["facts"])
    facts.update({key: seat.dossier.reported["facts"][key] for key in missed})
    seen = replace(seat.dossier, truth={**seat.dossier.truth, "facts": facts}, faults=())
    verdicts: dict[str, Verdict] = {line.indicator: line.verdict for line in key_of(seen, seat.rules).lines}
    return verdicts, [_marked(fault) for fault in seat.key.faults if fault.kind.id not in blind]


def _learning(seat: Seat) -> tuple[Mapping[str, Verdict], Sequence[Mark]]:
    """Judge and find at random at first, ever surer with each case."""
    sure = seat.number / (seat.number + float(fault_texts()["trainees"]["halfway"]))
    guesses, _ = _at_random(seat)
    verdicts: dict[str, Verdict] = {
        one: verdict if seat.random.random() < sure else guesses[one] for one, verdict in _true(seat).items()
    }
    found = [
        _marked(fault, clause=seat.random.random() < sure) for fault in seat.key.faults if seat.random.random() < sure
    ]
    return verdicts, found


MANNERS: dict[str, Manner] = {
    "perfect": _perfect,
    "lenient": _lenient,
    "strict": _strict,
    "random": _at_random,
    "unit_blind": _unit_blind,
    "learning": _learning,
}


def simulated(manner: str, dossier: Dossier, key: Key, rules: Rules, *, number: int = 0, seed: int = 0) -> Comparison:
    """Return how a trainee of that manner does on a case; `number` is how many cases it has done before."""
    random = Random(f"{manner}/{key.case}/{seed}")  # noqa: S311 - chance of a simulation
    verdicts, marks = MANNERS[manner](Seat(dossier, key, rules, number, random))
    return compare(key, Submission(key.case, manner, key.fingerprint, verdicts, tuple(marks)))


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of what is defined; None where nothing is."""
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None
