"""All exercises of one library and seed: made once, kept as JSON under the user's home, retired with their clause."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from random import Random

from assistant.training.audit import item_faults
from assistant.training.choice import cloze, fill_in, official, rumor
from assistant.training.errors import ItemFault
from assistant.training.judging import multiple, true_false
from assistant.training.linking import (
    dated,
    evidence_pairs,
    find_clause,
    matching,
    number_pairs,
    ordering,
    value_groups,
)
from assistant.training.model import Item, read_item
from assistant.training.own import own_items, read_items
from assistant.training.reading import phrase, seeded
from assistant.training.topics import by_topic
from assistant.training.truth import Truth, alike
from assistant.training.work import work_items
from corpus.library import BUILT_IN, Library, read_library
from corpus.model import Passage

DEFAULT_SEED = 910
_ALIKE = 0.92
_PARTS, _MOST_PAIRS, _TRIES = 4, 60, 20
"""What is matched or ordered in one item; how many pairs of one table, and draws of events, are tried."""


@dataclass(frozen=True)
class Pool:
    """The exercises of one library and seed, in a fixed order."""

    items: tuple[Item, ...]
    library: str
    seed: int

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items by their id."""
        return {item.id: item for item in self.items}

    def of(self, topic: str = "", kind: str = "", difficulty: int = 0) -> list[Item]:
        """Return the items of a topic, a kind and a difficulty, whichever are given."""
        return [
            one
            for one in self.items
            if (not topic or one.topic == topic)
            and (not kind or one.kind == kind)
            and (not difficulty or one.difficulty == difficulty)
        ]

    def quiz(
        self,
        count: int,
        seed: int,
        *,
        topics: Sequence[str] = (),
        kinds: Sequence[str] = (),
        without: Iterable[str] = (),
    ) -> list[Item]:
        """Return items to practice on, the same for the same seed, topics and kinds taking turns."""
        left_out = set(without)
        groups: dict[tuple[str, str], list[Item]] = {}
        for one in self.items:
            if one.id not in left_out and (not topics or one.topic in topics) and (not kinds or one.kind in kinds):
                groups.setdefault((one.topic, one.kind), []).append(one)
        random = seeded(seed)
        order = list(groups.values())
        for group in order:
            random.shuffle(group)
        random.shuffle(order)
        turns = (group[turn] for turn in range(max(map(len, order), default=0)) for group in order if turn < len(group))
        return [one for _, one in zip(range(count), turns, strict=False)]


def library_fingerprint(own: Path | None = None, *, folder: Path = BUILT_IN) -> str:
    """Return the hash of all digests, of all that makes exercises of them, and of the trainer's own under `own`."""
    digest = hashlib.sha256()
    here = Path(str(files("assistant") / "training"))
    makers = ("statements", "truth", "choice", "judging", "linking", "work", "pool", "topics", "own", "model", "audit")
    added = sorted(own.glob("*.yaml")) if own is not None else []
    made = [here / f"{one}.py" for one in makers]
    for path in (*sorted(folder.rglob("*.md")), *sorted(here.glob("*.yaml")), *made, *added):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def open_pool(home: Path, *, seed: int = DEFAULT_SEED, read: Callable[[], Library] = read_library) -> Pool:
    """Return the exercises of the built-in library and a trainer's own, from the file under `home` if it is current.

    A file that cannot be read is made anew. Own exercises that the library does not bear out any more are left out.
    """
    own = home / "training" / "items"
    mark = library_fingerprint(own)
    path = home / "training" / f"items-{mark}-{seed}.json"
    try:
        records = json.loads(path.read_bytes())
        return Pool(tuple(read_item(one) for one in records), mark, seed)
    except (OSError, ValueError, TypeError, KeyError):
        library = read()
        added = [one for path in sorted(own.glob("*.yaml")) for one in _own(path, library)]
        pool = Pool((*build_items(library, seed), *added), mark, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps([one.record() for one in pool.items], ensure_ascii=False), encoding="utf-8")
    part.replace(path)
    for old in path.parent.glob("items-*.json"):
        if mark not in old.name:
            old.unlink()
    return pool


def add_items(home: Path, path: Path, library: Library) -> list[Item]:
    """Return a trainer's exercises, taken into their folder under `home` in place of a file of the same name.

    Raises:
        ItemFault: with all faults of the file; nothing is taken.
    """
    items = read_items(path, library)
    folder = home / "training" / "items"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.stem}.yaml").write_bytes(path.read_bytes())
    return items


def _own(path: Path, library: Library) -> list[Item]:
    try:
        return read_items(path, library)
    except ItemFault:
        return []


def build_items(library: Library, seed: int) -> tuple[Item, ...]:
    """Return every exercise that the library gives under a seed, none twice, with the hand-written ones.

    What the audit finds fault with is left out.
    """
    truth = Truth(library)
    facts = by_topic(library)
    made = [
        *own_items(library),
        *work_items(library, seeded("work", seed)),
        *_linked(facts, truth, seeded("linked", seed)),
        *(item for topic, ones in facts.items() for item in _of_topic(topic, ones, truth, seeded(topic, seed))),
    ]
    return tuple(one for one in _distinct(made) if not any(item_faults(one, truth)))


def _of_topic(topic: str, facts: Sequence[Passage], truth: Truth, random: Random) -> Iterator[Item]:
    """Yield the items of the facts of a topic: at most two of one fact, of several facts of a document one."""
    documents: dict[str, list[Passage]] = {}
    for one in facts:
        documents.setdefault(one.document_id, []).append(one)
    for ones in documents.values():
        for one in ones:
            items = [
                cloze(one, topic, truth, random, ones),
                fill_in(one, topic, truth, random),
                true_false(one, topic, truth, random),
                find_clause(one, topic, truth, random),
                rumor(one, topic, truth, random),
                official(one, topic, truth, random),
            ]
            found = [item for item in items if item is not None]
            yield from random.sample(found, min(2, len(found)))
        for _ in range(max(1, len(ones) // 6) if len(ones) >= 4 else 0):
            item = multiple(truth.library.documents[ones[0].document_id], ones, topic, truth, random)
            if item is not None:
                yield item


def _linked(facts: dict[str, list[Passage]], truth: Truth, random: Random) -> Iterator[Item]:
    library = truth.library
    every = [one for ones in facts.values() for one in ones]
    evidence = evidence_pairs(facts["evidence"])
    numbers = number_pairs([library.documents[one] for one in dict.fromkeys(p.document_id for p in every)])
    groups = [
        ("evidence", phrase("match_evidence"), evidence),
        ("which-applies", phrase("match_number"), numbers),
        *(
            ("energy" if one[2][0].passage.document_id == "coal-equivalents" else "factors",
             phrase("match_value", what=one[0], where=one[1]), one[2])
            for one in value_groups(library, list(library.passages.values()))
        ),
    ]  # fmt: skip
    for topic, stem, pairs in groups:
        random.shuffle(pairs)
        for at in range(0, min(len(pairs), _MOST_PAIRS) - _PARTS + 1, _PARTS):
            item = matching(stem, pairs[at : at + _PARTS], topic, truth, random)
            if item is not None:
                yield item
    events = dated(every)
    for _ in range(_TRIES if len(events) >= _PARTS else 0):
        item = ordering(random.sample(events, _PARTS), "zero-carbon-park", truth, random)
        if item is not None:
            yield item


def _distinct(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items that ask nothing that was asked before in nearly the same words with the same key."""
    seen: dict[tuple[str, str], list[Item]] = {}
    ids: set[str] = set()
    for one in items:
        alikes = seen.setdefault((one.kind, one.topic), [])
        if one.id in ids or any(_asks_same(one, other) for other in alikes):
            continue
        ids.add(one.id)
        alikes.append(one)
        yield one


def _asks_same(one: Item, other: Item) -> bool:
    if one.kind in ("multiple", "match", "order"):
        return set(one.options) == set(other.options)
    if one.kind == "work":
        return one.stem == other.stem
    return _key_text(one) == _key_text(other) and alike(one.stem, other.stem) > _ALIKE


def _key_text(item: Item) -> str:
    return item.figure or item.options[item.chosen[0]]
