"""Which exercises have lost their clause: gone, changed, moved, or of another edition."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.training.model import Item, edition, fingerprint
from corpus.library import Library


def retired(items: Iterable[Item], library: Library) -> list[Item]:
    """Return the items whose clause is gone, says something else, stands elsewhere, or is of another edition."""
    return [one for one in items if not all(_stands(source.passage, one, library) for source in one.sources)]


def _stands(passage_id: str, item: Item, library: Library) -> bool:
    passage = library.passages.get(passage_id)
    source = next(one for one in item.sources if one.passage == passage_id)
    return (
        passage is not None
        and fingerprint(passage) == source.fingerprint
        and edition(library.document_of(passage)) == source.edition
    )
