"""Two editions of a document, clause by clause through renumbering; and which documents are in force on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from corpus.limits import Move, moves
from corpus.marks import mark_of
from corpus.model import Document
from corpus.words import fold

Change = Literal[
    "unchanged", "renumbered", "moved", "reworded", "tightened", "loosened", "added", "deleted", "split", "merged"
]
CHANGES: tuple[Change, ...] = get_args(Change)

_ALIKE = 0.55
_WITHIN = 0.8
_GAIN = 0.04
_SHORTEST_PIECE = 8
_SAME_PLACE = 0.08
_SAME_PATH = 0.04


class Quoted(Protocol):
    """What is compared: a passage, or a clause that can be quoted."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of one clause, or of the clauses that were split or merged.

    Attributes:
        kinds: what happened, the weightiest first; only `unchanged` stands alone by rule.
        old: the clauses before; empty for an added one.
        new: the clauses after; empty for a deleted one.
        moves: the figures that differ.
        similarity: 0 to 1, of the wordings without their marks.
    """

    kinds: tuple[Change, ...]
    old: tuple[Quoted, ...]
    new: tuple[Quoted, ...]
    moves: tuple[Move, ...] = ()
    similarity: float = 1.0

    @property
    def changed(self) -> bool:
        """Whether what the clause says is another than before: not merely its number or place."""
        return not set(self.kinds) <= {"unchanged", "renumbered", "moved"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions side by side: what is new in the order of the new one, what is gone where it stood."""

    changes: tuple[ClauseChange, ...]

    @property
    def counts(self) -> Mapping[Change, int]:
        """How many changes are of each kind; one may be of several."""
        return {kind: sum(kind in c.kinds for c in self.changes) for kind in CHANGES}


def compare(old: Sequence[Quoted], new: Sequence[Quoted]) -> Comparison:
    """Return what became of each clause of the old edition in the new one; give passages or quotable clauses."""
    return _Comparing(old, new).done()


def body_of(clause: Quoted) -> str:
    """Return what a clause says, folded, without its own mark and without blanks."""
    text = clause.text.strip()
    mark = mark_of(text)
    text = text[mark.end :] if mark else text
    return re.sub(r"[\s,.;:、()]+", "", fold(text))


class _Comparing:
    """A comparison while it is made."""

    def __init__(self, old: Sequence[Quoted], new: Sequence[Quoted]) -> None:
        self.old, self.new = old, new
        self.was = [body_of(c) for c in old]
        self.now = [body_of(c) for c in new]
        self.groups: list[tuple[list[int], list[int]]] = []

    def done(self) -> Comparison:
        pairs = self._same()
        pairs += self._alike({i for i, _ in pairs}, {j for _, j in pairs})
        self.groups = [([i], [j]) for i, j in pairs]
        self._gather(split=True)
        self._gather(split=False)
        taken_old = {i for was, _ in self.groups for i in was}
        taken_new = {j for _, now in self.groups for j in now}
        self.groups += [([i], []) for i in range(len(self.old)) if i not in taken_old]
        self.groups += [([], [j]) for j in range(len(self.new)) if j not in taken_new]
        return Comparison(tuple(self._change(was, now) for was, now in self._in_order()))

    # Which belongs to which -----------------------------------------------------------------------------------------

    def _same(self) -> list[tuple[int, int]]:
        """Pair the clauses that say the same, those of the same place first."""
        waiting: dict[str, list[int]] = {}
        for i, body in enumerate(self.was):
            waiting.setdefault(body, []).append(i)
        paired: dict[int, int] = {}
        for by_place in (True, False):
            for j, body in enumerate(self.now):
                fits = [i for i in waiting.get(body, ()) if not by_place or self.old[i].place == self.new[j].place]
                if fits and j not in paired:
                    waiting[body].remove(fits[0])
                    paired[j] = fits[0]
        return [(i, j) for j, i in paired.items()]

    def _alike(self, taken_old: set[int], taken_new: set[int]) -> list[tuple[int, int]]:
        """Pair the others by likeness, the likest first; the same place or headings count for a little."""
        import numpy as np
        from rapidfuzz import fuzz, process

        olds = [i for i in range(len(self.old)) if i not in taken_old]
        news = [j for j in range(len(self.new)) if j not in taken_new]
        likeness = process.cdist([self.was[i] for i in olds], [self.now[j] for j in news], scorer=fuzz.ratio) / 100
        ranked: list[tuple[float, int, int]] = []
        for a, b in np.argwhere(likeness >= _ALIKE).tolist():
            i, j = olds[a], news[b]
            near = _SAME_PLACE * (self.old[i].place == self.new[j].place)
            near += _SAME_PATH * (_bare_path(self.old[i]) == _bare_path(self.new[j]))
            ranked.append((float(likeness[a, b]) + near, i, j))
        pairs: list[tuple[int, int]] = []
        for _, i, j in sorted(ranked, key=lambda one: (-one[0], one[1], one[2])):
            if i not in taken_old and j not in taken_new:
                pairs.append((i, j))
                taken_old.add(i)
                taken_new.add(j)
        return pairs

    def _gather(self, *, split: bool) -> None:
        """Add to each clause the pieces that it was split into, or the clauses that were merged into it."""
        wholes, pieces = (self.was, self.now) if split else (self.now, self.was)
        taken = {k for was, now in self.groups for k in (now if split else was)}
        free = [k for k in range(len(pieces)) if k not in taken and len(pieces[k]) >= _SHORTEST_PIECE]
        held: dict[int, list[int]] = {}
        for k in free:
            fits = [(_part_ratio(pieces[k], whole), w) for w, whole in enumerate(wholes) if len(whole) > len(pieces[k])]
            best = max(fits, default=(0.0, 0))
            if best[0] >= _WITHIN:
                held.setdefault(best[1], []).append(k)
        for w, parts in held.items():
            self._join(w, parts, split=split)

    def _join(self, whole: int, parts: list[int], *, split: bool) -> None:
        """Make one group of a whole and its parts, where together they are liker to it than before."""
        wholes, pieces = (self.was, self.now) if split else (self.now, self.was)
        group = next((g for g in self.groups if (g[0] if split else g[1]) == [whole]), None)
        before = [] if group is None else group[1] if split else group[0]
        together = sorted([*before, *parts])
        likeness = _ratio(wholes[whole], "".join(pieces[k] for k in together))
        alone = _ratio(wholes[whole], "".join(pieces[k] for k in before)) if before else 0.0
        if len(together) < 2 or likeness < max(_ALIKE, alone + _GAIN):
            return
        if group is not None:
            self.groups.remove(group)
        self.groups.append(([whole], together) if split else (together, [whole]))

    def _in_order(self) -> list[tuple[list[int], list[int]]]:
        """Order by the new edition; what is gone comes behind what stood before it."""
        at = {i: min(now) for was, now in self.groups for i in was if now}

        def place(group: tuple[list[int], list[int]]) -> tuple[float, int]:
            was, now = group
            if now:
                return float(min(now)), -1
            first = was[0]
            before = [at[i] for i in range(first) if i in at]
            return (before[-1] + 0.5 if before else -1.0), first

        return sorted(self.groups, key=place)

    # What happened ---------------------------------------------------------------------------------------------------

    def _change(self, was: list[int], now: list[int]) -> ClauseChange:
        old, new = tuple(self.old[i] for i in was), tuple(self.new[j] for j in now)
        if not old or not new:
            return ClauseChange(("deleted" if old else "added",), old, new, similarity=0.0)
        before, after = "".join(self.was[i] for i in was), "".join(self.now[j] for j in now)
        moved = () if before == after else moves("\n".join(_said(c) for c in old), "\n".join(_said(c) for c in new))
        kinds: list[Change] = [way for way in ("tightened", "loosened") if any(m.direction == way for m in moved)]
        if len(new) > 1 or len(old) > 1:
            kinds.insert(0, "split" if len(new) > 1 else "merged")
        if before != after and not {"tightened", "loosened"} & set(kinds):
            kinds.append("reworded")
        if len(was) == len(now) == 1:
            kinds += _shift(self.old[was[0]], self.new[now[0]])
        return ClauseChange(tuple(kinds) or ("unchanged",), old, new, moved, _ratio(before, after))


def _shift(old: Quoted, new: Quoted) -> list[Change]:
    """Whether a clause stands under other headings, or only under another number."""
    if _bare_path(old) != _bare_path(new):
        return ["moved"]
    return ["renumbered"] if old.place != new.place else []


def _said(clause: Quoted) -> str:
    mark = mark_of(clause.text.strip())
    return clause.text.strip()[mark.end :] if mark else clause.text


def _bare_path(clause: Quoted) -> tuple[str, ...]:
    """Return the headings above a clause without their numbers."""
    bare: list[str] = []
    for heading in clause.path:
        mark = mark_of(heading)
        bare.append(re.sub(r"\s+", "", heading[mark.end :] if mark else heading))
    return tuple(name for name in bare if name)


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(one, other) / 100


def _part_ratio(piece: str, whole: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.partial_ratio(piece, whole) / 100


# In force on a day ---------------------------------------------------------------------------------------------------

Why = Literal["in_force", "draft", "not_yet", "superseded", "repealed", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document is in force on a day, and why not.

    Attributes:
        why: in_force; draft; not_yet; superseded, by another that is in force; repealed; unknown, what the library
            does not know.
        by: the id of the document that superseded it.
    """

    why: Why
    by: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it binds on that day; one of unknown standing is not denied."""
        return self.why in ("in_force", "unknown")


def standing(document: Document, documents: Iterable[Document], on: str = "") -> Standing:
    """Return the standing of a document among the documents at hand, on an ISO day or, without one, as last checked.

    Without a day a document is judged by the day it was checked, not by a clock: what was to come into force later is
    not in force yet. A repealed document was in force until the one that supersedes it, where that one is at hand.
    """
    if document.status in ("征求意见", "在编"):
        return Standing("draft")
    if document.since > (on or document.checked):
        return Standing("not_yet")
    later = [d for d in documents if document.id in d.supersedes and d.status not in ("征求意见", "在编")]
    for one in later:
        if one.since <= (on or one.checked):
            return Standing("superseded", one.id)
    if document.status == "废止" and not (on and later):
        return Standing("repealed")
    return Standing("unknown" if document.status == "未查明" else "in_force")


def in_force(documents: Iterable[Document], on: str = "") -> tuple[Document, ...]:
    """Return the documents in force on an ISO day, or as last checked; drafts and superseded ones are left out."""
    at_hand = list(documents)
    return tuple(d for d in at_hand if standing(d, at_hand, on).in_force)
