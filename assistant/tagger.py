"""What each figure of a message is, by a small network: the second hearing of what the rules of `said.py` heard.

    tagger = tagger_over(embedder)                  None without the embedding model
    tags = tagger.tags(reading, figures)            for each amount, each name, and what was asked

Six layers over the word embeddings of the embedding model (multilingual-e5-small), kept in `tagger.safetensors` beside
this module and fitted by `advisor fit-tagger` (`fit_tagger.py`). It reads the name of what was asked and the message;
each amount and each name of a fact is marked with what the rules made of it. It decides which fact and whether at all,
never a value: numbers and units are read by `amounts.py` alone.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from assistant.naming import Name
from assistant.reading import Reading, Said
from corpus.embed import KeptEmbedder, SentenceModel, compute_in_int8
from corpus.rerank import layers_of, run_layers, unpacked
from scoring.model import Rules
from scoring.park import definition_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.embed import Embedder

WEIGHTS_FILE = Path(__file__).parent / "tagger.safetensors"
MARKS = ("", "amount", "amount none", "amount clear", "amount open", "amount part", "name", "name none", "name zero",
         "asked", "asked none", "asked zero", "asked yes", "asked no")  # fmt: skip
"""How a token is marked: what it is of, and what the rules made of that (nothing behind it: not told)."""
REPLIES = ("", "zero", "yes", "no")
STANDINGS = ("clear", "open", "every")
LONGEST = 160
"""Tokens of name and message together; what is longer is cut at the end."""
_LIKELIEST = 8
_FEW = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a message that is tagged: an amount or a name, its mark and the facts that the rules see in it."""

    start: int
    end: int
    mark: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A message as the network reads it: what was asked by name, how that is marked, the plain text, its mentions."""

    asked: str
    asked_mark: str
    text: str
    mentions: tuple[Mention, ...]


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
    """

    amounts: Sequence[Tag | None]
    names: Sequence[Tag | None]
    reply: Mapping[str, float]
    stated: Mapping[str, tuple[float, float]]


class Tagger:
    """The fitted network.

    Args:
        model: the embedding model whose word embeddings and vocabulary it shares.
        weights: the file of its layers.
    """

    def __init__(self, model: SentenceModel, weights: Path = WEIGHTS_FILE) -> None:
        self.model = model
        self.weights = weights
        self._loading = threading.Lock()

    @property
    def _network(self) -> Any:
        with self._loading:  # two messages at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        import torch

        network = fitted_network(self.model.transformer, self.weights)
        if self.model.precision == "int8":
            compute_in_int8(network.layers, every=True)
        elif self.model.precision == "bf16":
            network.to(torch.bfloat16)
        return network

    @cached_property
    def known(self) -> frozenset[str]:
        """The facts that it was fitted on."""
        return frozenset(facts_in(self.weights)[0])

    def tags(self, reading: Reading, figures: Sequence[Said]) -> Tags:
        """Return the tags of a message in which the rules heard these figures."""
        import torch

        network = self._network
        marked = marked_message(reading, figures)
        with torch.inference_mode():
            inputs, places = encoded(self.model.tokenizer, [marked], network.facts)
            reply, stated, facts, standings = network(**inputs)
        tags: list[Tag | None] = [None] * len(marked.mentions)
        if places:
            chances = torch.softmax(facts.float(), 1).numpy()
            standing = torch.softmax(standings[:, :3].float(), 1).numpy()
            part = torch.sigmoid(standings[:, 3].float()).numpy()
            for row, (_, place) in enumerate(places):
                tags[place] = _tag(network.facts, chances[row], standing[row], float(part[row]))
        amounts = len(reading.amounts)
        denied = torch.sigmoid(stated[0].float()).numpy().reshape(-1, 2).tolist()
        replies = torch.softmax(reply[0].float(), 0).tolist()
        return Tags(
            tags[:amounts],
            tags[amounts:],
            dict(zip(REPLIES, replies, strict=True)),
            {fact: (no, yes) for fact, (no, yes) in zip(network.stated, denied, strict=True)},
        )


def _tag(facts: Sequence[str], chances: NDArray[np.float32], standing: NDArray[np.float32], part: float) -> Tag:
    likeliest = [int(i) for i in np.argsort(-chances)[:_LIKELIEST] if facts[i]]
    clear, open_, every = standing.tolist()
    return Tag(
        {facts[i]: float(chances[i]) for i in likeliest}, float(chances[0]), clear / (clear + open_), every, part
    )


def tagger_over(embedder: Embedder | None) -> Tagger | None:
    """Return the tagger that shares the model inside an embedder; None where that is not the built-in one."""
    shared = embedder.embedder if isinstance(embedder, KeptEmbedder) else embedder
    if not isinstance(shared, SentenceModel) or not WEIGHTS_FILE.is_file():
        return None
    return Tagger(shared) if shared.name.partition("/")[0] == facts_in(WEIGHTS_FILE)[2] else None


# What the network reads ----------------------------------------------------------------------------------------------


def facts_named(reading: Reading) -> list[Name]:
    """Return the names of a message that are of facts."""
    return [one for one in reading.names if one.of]


def of_amounts(reading: Reading, figures: Iterable[Said]) -> list[Said | None]:
    """Return for each amount of a message the figure that the rules made of it: the one whose words end beside it."""
    places = reading.text.places
    spans = [(places[one.wide[0]], places[one.wide[1] - 1] + 1) for one in reading.amounts]
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


def is_zero_of(name: Name, one: Said, reading: Reading) -> bool:
    """Whether a figure is a zero that the rules hear of a name."""
    start, end = reading.text.places[name.start], reading.text.places[name.end - 1] + 1
    zero = one.value == 0 and not isinstance(one.value, bool)
    return zero and bool(one.facts & set(name.of)) and one.start < end and start < one.end


def marked_message(reading: Reading, figures: Sequence[Said], *, told: bool = True) -> Marked:
    """Return a message as the network reads it; `told`: with what the rules made of it."""
    mine = of_amounts(reading, figures)
    others = [one for one in figures if not any(one is other for other in mine)]
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


def encoded(
    tokenizer: Any, messages: Sequence[Marked], facts: Sequence[str]
) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """Return what the network takes, and for each of its mentions the message and the mention that it is.

    Tensors: ids, mask and marks (messages, tokens); seen (messages, tokens, facts), the facts that the rules see at a
    token in equal shares; spans, a list of (message, first token, last token + 1).
    """
    import torch

    made = tokenizer(
        [one.asked for one in messages],
        [one.text for one in messages],
        truncation="only_second",
        max_length=LONGEST,
        padding=True,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    ids = made["input_ids"]
    marks = torch.zeros_like(ids)
    seen = torch.zeros(*ids.shape, len(facts))
    number = {fact: at for at, fact in enumerate(facts)}
    spans: list[tuple[int, int, int]] = []
    places: list[tuple[int, int]] = []
    for row, message in enumerate(messages):
        parts = made.sequence_ids(row)
        offsets = made["offset_mapping"][row].tolist()
        if message.asked_mark:
            marks[row, [at for at, part in enumerate(parts) if part == 0]] = MARKS.index(message.asked_mark)
        tokens = [(at, *offsets[at]) for at, part in enumerate(parts) if part == 1]
        for place, one in enumerate(message.mentions):
            mine = [at for at, start, end in tokens if start < one.end and one.start < end]
            if not mine:
                continue
            columns = [number[fact] for fact in one.facts if fact in number]
            for at in mine:
                if one.mark.startswith("amount") or not marks[row, at]:  # a token of both is the amount's
                    marks[row, at] = MARKS.index(one.mark)
                    seen[row, at] = 0
                    seen[row, at, columns] = 1 / max(len(columns), 1)
            spans.append((row, mine[0], mine[-1] + 1))
            places.append((row, place))
    inputs = {"ids": ids, "mask": made["attention_mask"], "marks": marks, "seen": seen, "spans": spans}
    return inputs, places


# The network ---------------------------------------------------------------------------------------------------------


def network_over(transformer: Any, facts: Sequence[str], stated: Sequence[str], labels: Any) -> Any:
    """Return the network with weights of no meaning.

    Args:
        transformer: whose embeddings it shares and whose layers its own are like.
        facts: what a mention may be of; the first is none.
        stated: the yes-or-no facts.
        labels: vectors of the facts' names, shape (facts, width).
    """
    import torch

    width = int(transformer.config.hidden_size)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embeddings = [transformer.embeddings]  # in a list: shared, not part of what is kept
            self.facts, self.stated = tuple(facts), tuple(stated)
            self.layers = layers_of(transformer)
            self.marks = torch.nn.Embedding(len(MARKS), width)
            self.register_buffer("labels", labels)
            self.seen = torch.nn.Linear(width, width)
            self.keys = torch.nn.Linear(width, width)
            self.own_keys = torch.nn.Embedding(len(facts), width)
            self.bias = torch.nn.Parameter(torch.zeros(len(facts)))
            self.mention = torch.nn.Linear(3 * width, width)
            self.drop = torch.nn.Dropout(0.1)
            self.standing = torch.nn.Linear(width, len(STANDINGS) + 1)
            self.reply = torch.nn.Linear(2 * width, len(REPLIES))
            self.of_stated = torch.nn.Linear(2 * width, 2 * len(stated))

        def forward(self, ids: Any, mask: Any, marks: Any, seen: Any, spans: Any) -> Any:
            names: Any = self.labels
            hidden: Any = self.embeddings[0](input_ids=ids)
            hidden = hidden.to(names.dtype) + self.marks(marks) + seen.to(names.dtype) @ self.seen(names)
            hidden, mean = run_layers(self.layers, hidden, mask)
            whole = torch.cat([hidden[:, 0], mean], 1)
            reply, stated_ = self.reply(whole), self.of_stated(whole)
            if not spans:
                return reply, stated_, None, None
            mentions = torch.stack(
                [torch.cat([hidden[row, a:b].mean(0), hidden[row, 0], mean[row]]) for row, a, b in spans]
            )
            mentions = self.drop(torch.nn.functional.gelu(self.mention(mentions)))
            keys = self.keys(names) + self.own_keys.weight
            return reply, stated_, mentions @ keys.T + self.bias, self.standing(mentions)

    return Network()


def facts_in(weights: Path) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Return the facts, the yes-or-no facts and the name of the embedding model of a file of weights."""
    from safetensors import safe_open

    with cast(Any, safe_open)(weights, framework="np") as kept:
        told = cast("dict[str, str]", kept.metadata())
    return tuple(json.loads(told["facts"])), tuple(json.loads(told["stated"])), told["embedder"]


def fitted_network(transformer: Any, weights: Path = WEIGHTS_FILE) -> Any:
    """Return the network with the weights kept in a file, in float32."""
    import torch

    facts, stated, _ = facts_in(weights)
    state = unpacked(weights)
    network = network_over(transformer, facts, stated, torch.zeros_like(state["labels"]))
    network.load_state_dict(state)
    return network.eval()
