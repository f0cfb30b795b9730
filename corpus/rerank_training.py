"""Trains the reranker on question-passage pairs: a plain loop, on the processor, in bfloat16."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corpus.embed import SentenceModel
from corpus.rerank import WEIGHTS_FILE, network_over, tokens_of

_BATCH = 32
_RATE = 2e-4
_LATER_RATE = 1.2e-4
_WARM_UP_SHARE = 0.06
_SEED = 7
_SURELY = 1.5
"""Log-odds from which a network trained once is taken to know better than the label."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a passage's text, how surely the one answers the other (0 to 1), and how much that counts."""

    question: str
    text: str
    label: float
    weight: float = 1.0


def train(model: SentenceModel, pairs: Sequence[Pair], *, start: Any = None, rate: float = _RATE) -> Any:
    """Return a network trained once over `pairs`, batches of like length in a fixed random order.

    Args:
        model: the embedding model under it.
        pairs: what to learn.
        start: a network to go on from; a fresh one by default.
        rate: the highest learning rate.
    """
    import torch as _torch

    torch: Any = _torch
    torch.manual_seed(_SEED)
    torch.set_num_threads(model.threads)
    network = start if start is not None else _untrained(model.transformer)
    chance = random.Random(_SEED)  # noqa: S311 # a fixed order, nothing secret
    plan = batches([len(pair.question) + len(pair.text) for pair in pairs], _BATCH, chance)
    loss_of = torch.nn.BCEWithLogitsLoss(reduction="none")

    def loss(batch: list[int]) -> Any:
        chosen = [pairs[i] for i in batch]
        inputs = tokens_of(model.tokenizer, [p.question for p in chosen], [p.text for p in chosen])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            made = network(**inputs)
        labels = torch.tensor([p.label for p in chosen])
        weights = torch.tensor([p.weight for p in chosen])
        return (loss_of(made.float(), labels) * weights).sum() / weights.sum()

    return descend(network, [{"params": network.parameters(), "lr": rate}], plan, loss)


def descend(
    network: Any, groups: list[dict[str, Any]], plan: Sequence[list[int]], loss_of: Callable[[list[int]], Any]
) -> Any:
    """Return a network trained along a plan of batches; the word embeddings that it shares stay as they are.

    Args:
        network: what to train, with its shared embeddings in `embeddings`.
        groups: its parameters with their highest learning rates, as an optimizer takes them.
        plan: the batches, in order.
        loss_of: the loss of a batch.
    """
    import torch as _torch

    torch: Any = _torch
    network.train()
    network.embeddings[0].eval()
    for parameter in network.embeddings[0].parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _rates(len(plan)))
    running = 0.0
    for number, batch in enumerate(plan):
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        running = loss.item() if number == 0 else 0.98 * running + 0.02 * loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(plan)} loss {running:.4f}", file=sys.stderr, flush=True)
    return network.eval()


def train_in_passes(
    model: SentenceModel, pairs_of_pass: Callable[[int], Sequence[Pair]], passes: int, *, start: Any = None
) -> Any:
    """Return a network trained in passes over pairs that `pairs_of_pass` draws anew for each.

    From the second on (or the first, when going on from `start`) a passage taken for wrong that the network so far
    holds for right is left out: it may well answer too.
    """
    network = start
    for number in range(passes):
        pairs = pairs_of_pass(number)
        print(f"{number + 1}/{passes}: {len(pairs)}", file=sys.stderr, flush=True)
        if network is None:
            network = train(model, pairs)
        else:
            network = train(model, _without_doubted(network, model, pairs), start=network, rate=_LATER_RATE)
    return network


def _without_doubted(network: Any, model: SentenceModel, pairs: Sequence[Pair]) -> list[Pair]:
    doubted = [n for n, p in enumerate(pairs) if p.label == 0 and p.weight == 1]
    odds = judge_all(network, model, [pairs[n].question for n in doubted], [pairs[n].text for n in doubted])
    left_out = {n for n, odd in zip(doubted, odds.tolist(), strict=True) if odd > _SURELY}
    print(f"{len(left_out)} of {len(doubted)} left out", file=sys.stderr, flush=True)
    return [p for n, p in enumerate(pairs) if n not in left_out]


def _untrained(transformer: Any) -> Any:
    """The network with the first layers of the embedding model."""
    network = network_over(transformer)
    for own, given in zip(network.layers, transformer.encoder.layer, strict=False):
        own.load_state_dict({name: tensor.float() for name, tensor in given.state_dict().items()})
    return network


def judge_all(
    network: Any, model: SentenceModel, questions: Sequence[str], texts: Sequence[str]
) -> NDArray[np.float32]:
    """Return the log-odds of many pairs, shape (len(questions),)."""
    import torch

    made = np.zeros(len(questions), np.float32)
    order = sorted(range(len(questions)), key=lambda i: len(questions[i]) + len(texts[i]))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            inputs = tokens_of(model.tokenizer, [questions[i] for i in batch], [texts[i] for i in batch])
            made[batch] = network(**inputs).float().numpy()
    return made


def write(network: Any, file: Path = WEIGHTS_FILE) -> None:
    """Write the network's own weights."""
    pack(network, file)


def pack(network: Any, file: Path, told: Mapping[str, str] | None = None) -> None:
    """Write a network's weights, matrices in 8 bits with one scale a row, and what is `told` of it beside them."""
    import torch
    from safetensors import torch as safetensors

    kept: dict[str, Any] = {}
    for name, tensor in network.state_dict().items():
        value = tensor.detach().float()
        if value.dim() == 2 and value.shape[0] > 1:
            scale = value.abs().amax(1).clamp(min=1e-8) / 127
            kept[name] = torch.round(value / scale[:, None]).to(torch.int8)
            kept[f"{name}.scale"] = scale
        else:
            kept[name] = value.contiguous()
    cast(Any, safetensors).save_file(kept, file, metadata=dict(told or {}))


def _rates(steps: int) -> Callable[[int], float]:
    """Return step -> share of the highest learning rate: a short rise, then an even fall."""
    warm_up = max(1, int(steps * _WARM_UP_SHARE))
    return lambda step: min((step + 1) / warm_up, max(0.02, (steps - step) / (steps - warm_up + 1)))


def batches(lengths: Sequence[int], size: int, chance: random.Random) -> list[list[int]]:
    """Return positions in batches of like length, the batches in random order."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    made: list[list[int]] = []
    pool = 50 * size
    for start in range(0, len(order), pool):
        part = sorted(order[start : start + pool], key=lambda i: lengths[i])
        made += [part[i : i + size] for i in range(0, len(part), size)]
    chance.shuffle(made)
    return made
