"""The nouns of exercises: Source, Item, Marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from corpus.model import Document, Passage

ItemKind = Literal["single", "multiple", "true_false", "number", "match", "order", "clause", "work"]
Maker = Literal["library", "engine", "hand", "user"]
ITEM_KINDS: tuple[ItemKind, ...] = get_args(ItemKind)


@dataclass(frozen=True, slots=True)
class Source:
    """The passage that an item rests on, as it was when the item was made.

    Attributes:
        passage: id in the library.
        fingerprint: hash of text, place, confidence and kind.
        edition: number, date and status of its document.
    """

    passage: str
    fingerprint: str
    edition: str


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise.

    Attributes:
        id: kind and hash of what it asks and what is right.
        topic: id of the lesson that it belongs to.
        difficulty: 1 to 3.
        stem: what is asked.
        options: what to choose from, order or match to; empty for a figure.
        key: indexes of the right options: one, several, one for each of `left`, or the order; or the figure's text.
        explanation: the clause, word for word, and what was worked out.
        sources: what it rests on; the first is shown as its clause.
        left: what is matched to options.
        unit: unit of a figure, canonical.
        rules: by option, the rule that made it wrong; empty where it is right.
        recipe: what the engine is asked again to verify a worked key.
    """

    id: str
    kind: ItemKind
    topic: str
    difficulty: int
    stem: str
    options: tuple[str, ...]
    key: tuple[int, ...] | str
    explanation: str
    sources: tuple[Source, ...]
    made_by: Maker = "library"
    left: tuple[str, ...] = ()
    unit: str = ""
    rules: tuple[str, ...] = ()
    recipe: str = ""

    @property
    def chosen(self) -> tuple[int, ...]:
        """The key as indexes; empty for a figure."""
        return () if isinstance(self.key, str) else self.key

    @property
    def figure(self) -> str:
        """The key as a figure; empty where it is indexes."""
        return self.key if isinstance(self.key, str) else ""

    @property
    def measured(self) -> bool:
        """Whether it asks for a quantity of mass or energy, whose unit can be mistaken."""
        return bool(self.figure) and self.unit.startswith(("t", "k", "M", "G"))

    def record(self) -> dict[str, Any]:
        """Return the item as JSON holds it."""
        return asdict(self)

    def asked(self) -> dict[str, Any]:
        """Return what a candidate may see: nothing of the key."""
        shown = ("id", "kind", "topic", "difficulty", "stem", "options", "left")
        return {name: value for name, value in asdict(self).items() if name in shown}


@dataclass(frozen=True, slots=True)
class Marked:
    """What an answer is worth: points 0 to 1, how it fared, and a sentence for the trainee."""

    points: Decimal
    fared: Literal["right", "partly", "wrong", "blank", "unit", "unreadable"]
    says: str

    @property
    def right(self) -> bool:
        """Whether nothing is missing."""
        return self.fared == "right"


def fingerprint(passage: Passage) -> str:
    """Return the hash of what a passage says and where."""
    return _hash(passage.text, passage.place, passage.confidence, passage.kind)


def edition(document: Document) -> str:
    """Return number, date and status of a document in one line."""
    return "|".join((document.number or document.id, document.since, document.status))


def source_of(passage: Passage, document: Document) -> Source:
    """Return the passage as the source of an item."""
    return Source(passage.id, fingerprint(passage), edition(document))


def item_id(kind: str, stem: str, options: tuple[str, ...], key: object) -> str:
    """Return the id of an item: the same for the same exercise, whatever the seed."""
    return f"{kind}-{_hash(kind, stem, json.dumps([options, key], ensure_ascii=False))[:12]}"


def read_item(record: Mapping[str, Any]) -> Item:
    """Return the item of a record."""
    key = record["key"]
    sources = tuple(Source(**cast("dict[str, str]", one)) for one in record["sources"])
    texts = {name: tuple(record[name]) for name in ("options", "left", "rules")}
    fields: dict[str, Any] = {**record, **texts, "sources": sources}
    fields["key"] = key if isinstance(key, str) else tuple(key)
    return Item(**fields)


def _hash(*texts: str) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:20]
