"""Faults planted in a dossier: which kinds there are, and which are put into one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.training.dossier_model import Planted
from assistant.training.dossier_park import Draft
from assistant.training.fault_kinds import KINDS, LEVELS, RAISED, fault_texts


@dataclass(frozen=True, slots=True)
class Clause:
    """A statement of the library that a fault offends, and where it stands in its source."""

    fact: str
    place: str

    @property
    def document(self) -> str:
        """The id of its document."""
        return self.fact.partition("#")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What its document is called, the number or title that is shown first."""
        return tuple(fault_texts()["documents"][self.document])

    @property
    def shown(self) -> str:
        """The document's number or title, and the place."""
        return f"{self.names[0]} {self.place}"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault as the trainee meets it: name, topic, words that name it, why it is one, what it offends."""

    id: str
    label: str
    topic: str
    words: tuple[str, ...]
    why: str
    clauses: tuple[Clause, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of fault by its id."""
    found: dict[str, Kind] = {}
    for key, one in fault_texts()["kinds"].items():
        clauses = tuple(Clause(clause["fact"], clause["place"]) for clause in one["clauses"])
        found[key] = Kind(key, one["label"], one["topic"], tuple(one["words"]), one["why"], clauses)
    return found


def settings() -> dict[str, Any]:
    """Return how many faults a difficulty has, and what may be left unreported."""
    return fault_texts()["settings"]


def balanced(planted: Sequence[Planted]) -> bool:
    """Whether none of the faults moves the energy consumption, so that a reported total would still fit."""
    return not {one.kind for one in planted} & set(settings()["moves_energy"])


def usual_count(draft: Draft) -> int:
    """Return how many faults the difficulty asks for; where items have levels, some of them are raised besides."""
    raised = int(settings()["raised"]) if LEVELS in draft.tables else 0
    return int(settings()["faults"][str(draft.difficulty)]) + raised


def plant(draft: Draft, count: int, *, only: Sequence[str] = ()) -> tuple[Planted, ...]:
    """Plant so many faults, no two of them on the same fact; `only` names the kinds to choose from."""
    found: list[Planted] = []
    taken: set[str] = set()
    names = draft.random.sample(list(only) or list(KINDS), len(only) or len(KINDS))
    raised = [RAISED] * int(settings()["raised"]) if LEVELS in draft.tables and not only else []
    for kind in [*raised, *names]:
        if len(found) == count:
            break
        if taken & set(settings()["touches"].get(kind, [])) or draft.rubric != settings()["only_in"].get(
            kind, draft.rubric
        ):
            continue
        made = KINDS[kind](draft)
        if made is None:
            continue
        facts, spots = made
        taken |= {*facts, *settings()["touches"].get(kind, [])}
        found.append(Planted(kind, facts, (*spots, *_hint(draft, kind))))
    return tuple(found)


def _hint(draft: Draft, kind: str) -> tuple[tuple[str, str], ...]:
    """Let the staff say something of it in the interview notes, as far as the difficulty allows."""
    said = fault_texts()["kinds"][kind]["hint"].get(str(draft.difficulty))
    return ((draft.add("talk", kind, text=said), ""),) if said else ()
