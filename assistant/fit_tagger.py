"""Fits the network of `tagger.py` (`advisor fit-tagger`) on labelled utterances: a plain loop, in bfloat16.

What the rules made of a message is shown to the network only where the rules were not written after it (in three of
four messages): of messages that the rules know, it would learn to trust them blindly.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.amounts import Amount
from assistant.fitting import fit
from assistant.measure_understanding import Utterance, exact
from assistant.naming import as_heard
from assistant.plain import plain_text, words
from assistant.reading import Reading
from assistant.said import said_in
from assistant.tagger import REPLIES, WEIGHTS_FILE, Marked, encoded, facts_named, label_of, marked_message, network_over
from corpus.embed import SentenceModel
from corpus.rerank import trained_network
from corpus.rerank_training import batches, pack, rates
from scoring.errors import ParkDataError
from scoring.model import Rules
from scoring.units import convert, plain

_EPOCHS = 8
_RATE, _OWN_RATE = 3e-4, 9e-4
"""The highest learning rates: of the layers, which come from the reranker, and of what is new."""
_BATCH = 32
_TOLD = 0.75
_SMOOTHING = 0.02
_SEED = 7
_NONE = "不是填报的数"

Label = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled utterance as the network reads it.

    Attributes:
        bare: without what the rules made of it.
        told: with that; None where the rules were written after it.
        labels: for each mention its label, or None.
        reply: what it says of what was asked, one of `REPLIES`.
        stated: the yes-or-no facts that it states, with true or false.
    """

    bare: Marked
    told: Marked | None
    labels: tuple[Label | None, ...]
    reply: str
    stated: tuple[tuple[str, str], ...]


def example(item: Utterance, rules: Rules, *, known_to_rules: bool) -> Example:
    """Return a labelled utterance as an example; `known_to_rules`: the rules were written after it."""
    asked = item.get("asked", "")
    reading = Reading(as_heard(plain_text(item["text"], mended=words()["mistyped"]), rules), rules, asked)
    heard = said_in(item["text"], rules, asked=asked)
    told = marked_message(reading, heard)
    seen = [mention.facts for mention in told.mentions]
    amounts, left = _of_amounts(reading, item["figures"], seen)
    names, reply, stated = _of_others(reading, left)
    bare = marked_message(reading, heard, told=False)
    return Example(bare, None if known_to_rules else told, (*amounts, *names), reply, stated)


def _of_amounts(
    reading: Reading, figures: Sequence[Label], seen: Sequence[Sequence[str]]
) -> tuple[list[Label | None], list[Label]]:
    """Return the label of each amount, and the labels that are of none: of like amounts the one that the rules see."""
    taken: dict[int, Label] = {}
    left: list[Label] = []
    for label in figures:
        free = [(at, _says(reading, one, label)) for at, one in enumerate(reading.amounts) if at not in taken]
        likely = max((degree for _, degree in free), default=0)
        same = [at for at, degree in free if degree == likely] if likely else []
        if same:
            taken[next((at for at in same if label["fact"] in seen[at]), same[0])] = label
        else:
            left.append(label)
    return [taken.get(at) for at in range(len(reading.amounts))], left


def _says(reading: Reading, amount: Amount, label: Label) -> int:
    """Return how well an amount says what is labelled: 2 the value, 1 its digits, 0 not."""
    if "low" in label:
        ends = (amount.low, amount.high)
        same = None not in ends and [_digits(one) for one in ends] == [_digits(label[end]) for end in ("low", "high")]
        return 2 * same
    value = exact(label["value"])
    if amount.number is None or not isinstance(value, Decimal):
        return 0
    bound = fit(reading, (label["fact"],), amount, None)
    if bound is not None:
        unit = "" if bound.bare or bound.share else bound.taken or amount.unit
        try:
            turned = convert(amount.number, unit, bound.unit) if unit else plain(amount.number)
        except ParkDataError:
            turned = None
        if turned == value:
            return 2
    return int(value != 0 and _digits(amount.number) == _digits(label["value"]))


def _digits(number: object) -> str:
    text = format(number, "f") if isinstance(number, Decimal) else str(number)
    return text.replace(".", "").strip("0")


def _of_others(reading: Reading, left: Sequence[Label]) -> tuple[list[Label | None], str, tuple[tuple[str, str], ...]]:
    """Return the zeros of the names, what is replied, and what is stated."""
    named = facts_named(reading)
    zeros: dict[int, Label] = {}
    reply = ""
    stated: list[tuple[str, str]] = []
    for label in left:
        value, mine = label.get("value", ""), label["fact"] == reading.asked
        if value in ("true", "false"):
            stated.append((label["fact"], value))
            reply = ("yes" if value == "true" else "no") if mine else reply
        elif value == "0":
            free = [at for at, name in enumerate(named) if label["fact"] in name.of and at not in zeros]
            zeros |= {free[0]: label} if free else {}
            reply = "zero" if mine and not free else reply
    return [zeros.get(at) for at in range(len(named))], reply, tuple(stated)


# Training ------------------------------------------------------------------------------------------------------------


def trained(model: SentenceModel, examples: Sequence[Example], rules: Rules) -> Any:
    """Return a network fitted on examples; it begins with the layers of the reranker."""
    import torch as _torch

    torch: Any = _torch
    torch.manual_seed(_SEED)
    torch.set_num_threads(model.threads)
    facts = ("", *sorted({label["fact"] for one in examples for label in one.labels if label is not None}))
    stated = tuple(sorted({fact for one in examples for fact, _ in one.stated}))
    network = network_over(model.transformer, facts, stated, _label_vectors(model, facts, rules))
    for own, given in zip(network.layers, trained_network(model.transformer).layers, strict=True):
        own.load_state_dict(given.state_dict())
    torch.nn.init.normal_(network.marks.weight, std=0.02)
    torch.nn.init.normal_(network.seen.weight, std=0.01)
    torch.nn.init.zeros_(network.seen.bias)
    torch.nn.init.zeros_(network.own_keys.weight)
    network.train()
    network.embeddings[0].eval()
    for parameter in network.embeddings[0].parameters():
        parameter.requires_grad = False
    own = [parameter for name, parameter in network.named_parameters() if not name.startswith("layers")]
    optimizer = torch.optim.AdamW(
        [{"params": network.layers.parameters(), "lr": _RATE}, {"params": own, "lr": _OWN_RATE}], weight_decay=0.01
    )
    chance = random.Random(_SEED)  # noqa: S311 # a fixed order, nothing secret
    lengths = [len(one.bare.text) for one in examples]
    plan = [batch for _ in range(_EPOCHS) for batch in batches(lengths, _BATCH, chance)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rates(len(plan)))
    running = 0.0
    for number, batch in enumerate(plan):
        chosen = [examples[at] for at in batch]
        read = [one.told if one.told is not None and chance.random() < _TOLD else one.bare for one in chosen]
        inputs, places = encoded(model.tokenizer, read, facts)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = network(**inputs)
        loss = _loss(made, chosen, places, facts, stated)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        running = loss.item() if number == 0 else 0.98 * running + 0.02 * loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(plan)} loss {running:.4f}", file=sys.stderr, flush=True)
    return network.eval()


def _label_vectors(model: SentenceModel, facts: Sequence[str], rules: Rules) -> Any:
    """Return the vectors of the facts' names, shape (facts, width), without what all have in common."""
    import torch

    vectors = torch.from_numpy(model.embed_questions([label_of(fact, rules) or _NONE for fact in facts]))
    return torch.nn.functional.normalize(vectors - vectors.mean(0), dim=1)


def _loss(
    made: Any, chosen: Sequence[Example], places: Sequence[tuple[int, int]], facts: Sequence[str], stated: Sequence[str]
) -> Any:
    """Return the loss of a batch: of facts twice, of standings, parts, replies and what is stated."""
    import torch

    of_classes: Any = torch.nn.functional.cross_entropy
    of_chances: Any = torch.nn.functional.binary_cross_entropy_with_logits
    replies, of_stated, mentions, standings = (one.float() if one is not None else None for one in made)
    wanted = torch.zeros_like(of_stated)
    for row, one in enumerate(chosen):
        for fact, value in one.stated:
            wanted[row, 2 * stated.index(fact) + (value == "true")] = 1
    loss = of_chances(of_stated, wanted, reduction="sum") / len(chosen)
    asked = [row for row, one in enumerate(chosen) if one.bare.asked_mark]
    if asked:
        loss = loss + of_classes(replies[asked], torch.tensor([REPLIES.index(chosen[row].reply) for row in asked]))
    if not places:
        return loss
    labels = [chosen[row].labels[place] for row, place in places]
    right = torch.tensor([facts.index(one["fact"]) if one is not None else 0 for one in labels])
    loss = loss + 2 * of_classes(mentions, right, label_smoothing=_SMOOTHING)
    told = list(_standings(chosen, places))
    if told:
        rows = [row for row, _ in told]
        loss = loss + of_classes(standings[rows, :3], torch.tensor([standing for _, standing in told]))
    parts = [
        (row, bool(one.get("part")))
        for row, one in enumerate(labels)
        if one is not None and _is_amount(chosen, places[row])
    ]
    if parts:
        rows = [row for row, _ in parts]
        loss = loss + of_chances(standings[rows, 3], torch.tensor([float(part) for _, part in parts]))
    return loss


def _is_amount(chosen: Sequence[Example], place: tuple[int, int]) -> bool:
    return chosen[place[0]].bare.mentions[place[1]].mark == "amount"


def _standings(chosen: Sequence[Example], places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the row of a mention and its standing: clear, open, or (of a name) every; of shares and either none."""
    for row, place in enumerate(places):
        label = chosen[place[0]].labels[place[1]]
        way = label.get("as", "") if label is not None else "either"
        if way in ("", "candidate", "every"):
            open_ = way == "candidate" or (way == "every" and _is_amount(chosen, place))
            yield row, 1 if open_ else 2 if way == "every" else 0


def write(network: Any, embedder: str, file: Path = WEIGHTS_FILE) -> Path:
    """Write a network beside its module, with the facts that it knows and the embedding model under it."""
    import json

    told = {"facts": json.dumps(network.facts), "stated": json.dumps(network.stated), "embedder": embedder}
    pack(network, file, told)
    return file
