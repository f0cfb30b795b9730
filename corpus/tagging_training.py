"""Fits the network of `tagging.py`: a plain loop, on the processor, in bfloat16."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.embed import SentenceModel
from corpus.rerank import trained_network
from corpus.rerank_training import batches, descend
from corpus.tagging import Kinds, Marked, encoded, network_over

_EPOCHS = 8
_RATE, _OWN_RATE = 3e-4, 9e-4
"""The highest learning rates: of the layers, which come from the reranker, and of what is new."""
_BATCH = 32
_TOLD = 0.75
"""In this share of the texts that have one, the mark that tells more is shown."""
_SMOOTHING = 0.02
_SEED = 7


@dataclass(frozen=True, slots=True)
class Right:
    """What is right of a mention: its class, its standing (empty where that does not count), its flags (None: same)."""

    of: str = ""
    standing: str = ""
    flags: tuple[bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what is right.

    Attributes:
        bare: with marks that say no more than what stands there.
        told: with marks that say what is already seen; None where that may not be shown.
        mentions: what is right of each mention.
        reply: what the whole replies; counted only where something was asked.
        stated: (what, whether it is affirmed).
    """

    bare: Marked
    told: Marked | None
    mentions: tuple[Right, ...]
    reply: str = ""
    stated: tuple[tuple[str, bool], ...] = ()


def trained(model: SentenceModel, examples: Sequence[Example], kinds: Kinds, names: Sequence[str]) -> Any:
    """Return a network fitted on examples; it begins with the layers of the reranker.

    Args:
        model: the embedding model under it.
        examples: what to learn.
        kinds: what is told apart.
        names: the classes in words, by whose vectors they are known.
    """
    import torch as _torch

    torch: Any = _torch
    torch.manual_seed(_SEED)
    torch.set_num_threads(model.threads)
    network = _begun(torch, model, kinds, names)
    own = [parameter for name, parameter in network.named_parameters() if not name.startswith("layers")]
    groups = [{"params": network.layers.parameters(), "lr": _RATE}, {"params": own, "lr": _OWN_RATE}]
    chance = random.Random(_SEED)  # noqa: S311 # a fixed order, nothing secret
    lengths = [len(one.bare.text) for one in examples]
    plan = [batch for _ in range(_EPOCHS) for batch in batches(lengths, _BATCH, chance)]

    def loss(batch: list[int]) -> Any:
        chosen = [examples[at] for at in batch]
        read = [one.told if one.told is not None and chance.random() < _TOLD else one.bare for one in chosen]
        inputs, places = encoded(model.tokenizer, read, kinds)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = network(**inputs)
        return _loss(torch, made, chosen, places, kinds)

    return descend(network, groups, plan, loss)


def _begun(torch: Any, model: SentenceModel, kinds: Kinds, names: Sequence[str]) -> Any:
    """Return the network to begin with: layers of the reranker, classes known by the vectors of their names."""
    vectors = torch.from_numpy(model.embed_questions(names))
    labels = torch.nn.functional.normalize(vectors - vectors.mean(0), dim=1)
    network = network_over(model.transformer, kinds, labels)
    for own, given in zip(network.layers, trained_network(model.transformer).layers, strict=True):
        own.load_state_dict(given.state_dict())
    torch.nn.init.normal_(network.marks.weight, std=0.02)
    torch.nn.init.normal_(network.seen.weight, std=0.01)
    torch.nn.init.zeros_(network.seen.bias)
    torch.nn.init.zeros_(network.own_keys.weight)
    return network


def _loss(torch: Any, made: Any, chosen: Sequence[Example], places: Sequence[tuple[int, int]], kinds: Kinds) -> Any:
    """Return the loss of a batch: of classes twice, of standings, flags, replies and what is stated."""
    one_of, each_of = torch.nn.functional.cross_entropy, torch.nn.functional.binary_cross_entropy_with_logits
    replies, of_stated = made[0].float(), made[1].float()
    wanted = torch.zeros_like(of_stated)
    for row, one in enumerate(chosen):
        for what, affirmed in one.stated:
            wanted[row, 2 * kinds.stated.index(what) + affirmed] = 1
    loss = each_of(of_stated, wanted, reduction="sum") / len(chosen)
    asked = [row for row, one in enumerate(chosen) if one.bare.head_mark]
    if asked:
        loss = loss + one_of(replies[asked], torch.tensor([kinds.replies.index(chosen[row].reply) for row in asked]))
    right = [chosen[row].mentions[place] for row, place in places]
    if not right:
        return loss
    classes, standings = made[2].float(), made[3].float()
    of = torch.tensor([kinds.classes.index(one.of) for one in right])
    loss = loss + 2 * one_of(classes, of, label_smoothing=_SMOOTHING)
    several = len(kinds.standings)
    if rows := [row for row, one in enumerate(right) if one.standing]:
        told = torch.tensor([kinds.standings.index(right[row].standing) for row in rows])
        loss = loss + one_of(standings[rows, :several], told)
    if rows := [row for row, one in enumerate(right) if one.flags is not None]:
        flags = torch.tensor([right[row].flags for row in rows]).float()
        loss = loss + each_of(standings[rows, several:], flags)
    return loss
