"""What may be found, and what was: the two ends of a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corpus.model import Hit
from corpus.store import day


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found at all. Empty means everything.

    Attributes:
        regions: regions whose documents may be found (全国 is not implied).
        realms: realms of the library.
        statuses: 现行, 试行 ...
        on: ISO date; documents that came into force later are left out.
    """

    regions: frozenset[str] = frozenset()
    realms: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    on: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search: hits, best first, and how well the library supports the question.

    Attributes:
        hits: passages, best first.
        support: 0 to 1, how sure it is that some passage answers; comparable between questions of one library.
        named: ids of the passages that the question names by document number, title or clause.
        missing_clause: whether the question names a clause of a document at hand that is not there.
        missing_document: whether it names a clause of a document that is not at hand.
    """

    hits: tuple[Hit, ...]
    support: float
    named: frozenset[str] = field(default_factory=frozenset[str])
    missing_clause: bool = False
    missing_document: bool = False


def where(filters: Filters) -> dict[str, Any] | None:
    """Return the filters as the vector store takes them."""
    terms: list[dict[str, Any]] = []
    for key, values in (("region", filters.regions), ("realm", filters.realms), ("status", filters.statuses)):
        if values:
            terms.append({key: {"$in": sorted(values)}})
    if filters.on:
        terms.append({"since": {"$lte": day(filters.on)}})
    return None if not terms else terms[0] if len(terms) == 1 else {"$and": terms}
