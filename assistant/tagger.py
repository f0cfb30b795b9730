"""What each figure of a message is, by a small network: the second hearing of what the rules of `said.py` heard.

    tagger = tagger_over(embedder)                  None without the embedding model
    tags = tagger.tags(reading, figures)            for each amount, each name, and what was asked

The network (`corpus/tagging.py`) is kept in `tagger.safetensors` beside this module and fitted by
`advisor fit-tagger` (`fit_tagger.py`). It reads the name of what was asked and the message; each amount and each name
of a fact is marked with what the rules made of it. It says which fact and whether at all; the numbers and
units of amounts are read by `amounts.py` alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.naming import Name
from assistant.reading import Reading, Said
from corpus.embed import KeptEmbedder, SentenceModel
from corpus.tagging import Marked, Mention, Read, SpanNetwork, kinds_in
from scoring.model import Rules
from scoring.park import definition_of

if TYPE_CHECKING:
    from corpus.embed import Embedder

_log = logging.getLogger(__name__)
WEIGHTS_FILE = Path(__file__).parent / "tagger.safetensors"
MARKS = ("", "amount", "amount none", "amount clear", "amount open", "amount part", "name", "name none", "name zero",
         "asked", "asked none", "asked zero", "asked yes", "asked no")  # fmt: skip
"""How a token is marked: what it is of, and what the rules made of that (nothing behind it: not told)."""
REPLIES = ("", "zero", "yes", "no")
STANDINGS, FLAGS = ("clear", "open", "every"), ("part",)
_LIKELIEST = 8
_LEAST = 1e-6
_FEW = 6


@dataclass(frozen=True, slots=True)
class Tag:
    """What a mention is.

    Attributes:
        facts: the likeliest facts with their chances, likeliest first.
        none: the chance that it is of no fact.
        clear: the chance that the fact is clear, of those that it is clear or open.
        every: the chance that a zero is of every fact of its name.
        part: the chance that it is of a part of the year or of the park.
    """

    facts: Mapping[str, float]
    none: float
    clear: float
    every: float
    part: float


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a message: of its amounts and of its names, None for one past the end; chances of replies and yes/no.

    Attributes:
        amounts: as `Reading.amounts`.
        names: as `facts_named`.
        reply: chance of each of `REPLIES`.
        stated: yes-or-no fact -> chance that it is denied, chance that it is affirmed.
        whole: whether the message was read to its end.
    """

    amounts: Sequence[Tag | None]
    names: Sequence[Tag | None]
    reply: Mapping[str, float]
    stated: Mapping[str, tuple[float, float]]
    whole: bool = True


class Tagger:
    """The fitted network over an embedding model, and what it says of a message."""

    def __init__(self, model: SentenceModel, weights: Path = WEIGHTS_FILE) -> None:
        self.network = SpanNetwork(model, weights)

    @cached_property
    def known(self) -> frozenset[str]:
        """The facts that it was fitted on well enough."""
        kinds = self.network.kinds
        return frozenset((*kinds.classes, *kinds.stated)) - frozenset(kinds.seldom)

    def tags(self, reading: Reading, figures: Sequence[Said]) -> Tags:
        """Return the tags of a message in which the rules heard these figures.

        Raises:
            CorpusError: the network or the embedding model cannot be read.
        """
        read = self.network.read(marked_message(reading, figures))
        tags = [self._tag(read, at) for at in range(len(read.classes))]
        amounts = len(reading.amounts)
        stated = zip(self.network.kinds.stated, read.stated, strict=True)
        return Tags(
            tags[:amounts],
            tags[amounts:],
            {reply: float(chance) for reply, chance in zip(REPLIES, read.replies, strict=True)},
            {fact: (float(no), float(yes)) for fact, (no, yes) in stated},
            read.whole,
        )

    def _tag(self, read: Read, at: int) -> Tag | None:
        chances, (clear, open_, every) = read.classes[at], (float(one) for one in read.standings[at])
        if not chances.any():
            return None
        facts = self.network.kinds.classes
        likeliest = [int(one) for one in np.argsort(-chances)[:_LIKELIEST] if facts[one]]
        told = {facts[one]: float(chances[one]) for one in likeliest}
        return Tag(told, float(chances[0]), clear / max(clear + open_, _LEAST), every, float(read.flags[at, 0]))


def tagger_over(embedder: Embedder | None) -> Tagger | None:
    """Return the tagger that shares the model inside an embedder.

    None without a model or weights, with another embedding model, and with weights that are damaged or of another
    edition of the program: the rules decide then.
    """
    shared = embedder.embedder if isinstance(embedder, KeptEmbedder) else embedder
    return _over(shared) if isinstance(shared, SentenceModel) and WEIGHTS_FILE.is_file() else None


@lru_cache(maxsize=2)
def _over(model: SentenceModel) -> Tagger | None:
    try:
        kinds = kinds_in(WEIGHTS_FILE)
    except Exception:  # noqa: BLE001 - a torn file makes its library raise its own
        _log.warning("%s cannot be read", WEIGHTS_FILE, exc_info=True)
        return None
    same = (kinds.marks, kinds.replies, kinds.standings, kinds.flags) == (MARKS, REPLIES, STANDINGS, FLAGS)
    return Tagger(model) if same and model.name.partition("/")[0] == kinds.embedder else None


# What the network reads ----------------------------------------------------------------------------------------------


def facts_named(reading: Reading) -> list[Name]:
    """Return the names of a message that are of facts."""
    return [one for one in reading.names if one.of]


def of_amounts(reading: Reading, figures: Iterable[Said]) -> list[Said | None]:
    """Return for each amount of a message the figure that the rules made of it: the one whose words end beside it."""
    spans = [reading.text.raw(*one.wide)[1:] for one in reading.amounts]
    found: list[Said | None] = [None] * len(spans)
    for one in figures:
        if isinstance(one.value, bool | str) or (one.value is None and one.low is None):
            continue
        inside = [
            (min(abs(one.end - end), abs(one.start - start)), -at)
            for at, (start, end) in enumerate(spans)
            if found[at] is None and one.start <= start and end <= one.end
        ]
        if inside:
            found[-min(inside)[1]] = one
    return found


def without(figures: Iterable[Said], some: Sequence[Said | None]) -> list[Said]:
    """Return the figures that are none of some, each taken for itself alone."""
    return [one for one in figures if not any(one is other for other in some)]


def is_zero_of(name: Name, one: Said, reading: Reading) -> bool:
    """Whether a figure is a zero that the rules hear of a name."""
    start, end = reading.text.places[name.start], reading.text.places[name.end - 1] + 1
    zero = one.value == 0 and not isinstance(one.value, bool)
    return zero and bool(one.facts & set(name.of)) and one.start < end and start < one.end


def marked_message(reading: Reading, figures: Sequence[Said], *, told: bool = True) -> Marked:
    """Return a message as the network reads it; `told`: with what the rules made of it."""
    mine = of_amounts(reading, figures)
    others = without(figures, mine)
    mentions = [
        Mention(*amount.wide, *(_mark_of(one) if told else ("amount", ())))
        for amount, one in zip(reading.amounts, mine, strict=True)
    ]
    for name in facts_named(reading):
        zero = any(is_zero_of(name, one, reading) for one in others)
        mark = ("name zero" if zero else "name none") if told else "name"
        mentions.append(Mention(name.start, name.end, mark, name.of[:_FEW] if told else ()))
    reply = next((_reply(one) for one in others if one.fact == reading.asked and reading.asked and _reply(one)), "none")
    mark = ("asked " + reply if told else "asked") if reading.asked else ""
    return Marked(label_of(reading.asked, reading.rules), mark, reading.text.plain, tuple(mentions))


def _mark_of(one: Said | None) -> tuple[str, tuple[str, ...]]:
    if one is None or not one.facts:
        return "amount none", ()
    facts = (one.fact,) if one.fact else one.candidates[:_FEW]
    return ("amount part" if one.part else "amount clear" if one.fact else "amount open"), facts


def _reply(one: Said) -> str:
    if isinstance(one.value, bool):
        return "yes" if one.value else "no"
    return "zero" if one.value == 0 else ""


def label_of(fact: str, rules: Rules) -> str:
    """Return a fact by name, with its member before it: 柴油 燃烧消费量."""
    if not fact:
        return ""
    definition, _ = definition_of(fact, rules)
    member = fact.partition("/")[2]
    family = rules.families[definition.per].members if definition.per is not None else {}
    return f"{family[member].label} {definition.label}" if member in family else definition.label
