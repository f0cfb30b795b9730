"""A small network that reads a text with marked places and says what each of them is of: the torch side of a tagger.

    network = SpanNetwork(model, weights)
    said = network.read(marked)            chances for each mention, and for the text as a whole

Six layers over the word embeddings of the embedding model (multilingual-e5-small), its own weights in one file with
the names of what it knows (`Kinds`). What the names mean is the business of who marks the text (assistant/tagger.py).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corpus.embed import SentenceModel, compute_as
from corpus.errors import CorpusError
from corpus.rerank import layers_of, run_layers, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMES = ("classes", "standings", "flags", "replies", "stated", "marks", "seldom")
LONGEST = 160
"""Tokens of head and text together; what is longer is cut at the end."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The names of what a network tells apart.

    Attributes:
        classes: what a mention may be of; the first is none.
        standings: how it stands, one of them; and `flags`, each by itself.
        replies: what the whole text may reply, one of them.
        stated: what the whole text may deny or affirm.
        marks: how places may be marked; the first is not at all.
        seldom: classes of which too few examples were seen to trust what it says of them.
        embedder: the embedding model under it.
    """

    classes: tuple[str, ...]
    standings: tuple[str, ...]
    flags: tuple[str, ...]
    replies: tuple[str, ...]
    stated: tuple[str, ...]
    marks: tuple[str, ...]
    seldom: tuple[str, ...]
    embedder: str

    def written(self) -> dict[str, str]:
        """Return the names as they are kept beside the weights."""
        return {"kinds": json.dumps(asdict(self), ensure_ascii=False)}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of a text: its span, its mark, and the classes that are already seen in it."""

    start: int
    end: int
    mark: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its mentions, and the words before it (what was asked) with their mark."""

    head: str
    head_mark: str
    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What the network says of a text.

    Attributes:
        classes: for each mention the chance of each class, shape (mentions, classes); zeros for one past the end.
        standings: for each mention the chance of each, of one that stands somehow, shape (mentions, standings).
        flags: for each mention the chance of each by itself, shape (mentions, flags).
        replies: chances, shape (replies,).
        stated: chance that it is denied and that it is affirmed, shape (stated, 2).
        whole: whether the text was read to its end.
    """

    classes: NDArray[np.float32]
    standings: NDArray[np.float32]
    flags: NDArray[np.float32]
    replies: NDArray[np.float32]
    stated: NDArray[np.float32]
    whole: bool


class SpanNetwork:
    """A fitted network.

    Args:
        model: the embedding model whose word embeddings and vocabulary it shares.
        weights: the file of its layers.
    """

    def __init__(self, model: SentenceModel, weights: Path) -> None:
        self.model = model
        self.weights = weights
        self._loading = threading.Lock()

    @cached_property
    def kinds(self) -> Kinds:
        """What it tells apart."""
        return kinds_in(self.weights)

    @property
    def _network(self) -> Any:
        with self._loading:  # two texts at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        from safetensors import SafetensorError

        try:
            network = fitted_network(self.model.transformer, self.weights)
        except (OSError, KeyError, RuntimeError, SafetensorError) as error:
            raise CorpusError(f"权重文件 {str(self.weights)!r} 读不出来（{error}）。请重新安装本程序。") from error
        return compute_as(network, self.model.precision, part=network.layers)

    def read(self, marked: Marked) -> Read:
        """Return what the network says of a text.

        Raises:
            CorpusError: the weights or the embedding model cannot be read.
        """
        import torch

        network, kinds, length = self._network, self.kinds, len(marked.mentions)
        with self.model.tokenizing:
            inputs, places = encoded(self.model.tokenizer, [marked], kinds)
        with torch.inference_mode():
            replies, stated, classes, standings = network(**inputs)
        several = len(kinds.standings)
        read = Read(
            np.zeros((length, len(kinds.classes)), np.float32),
            np.zeros((length, several), np.float32),
            np.zeros((length, len(kinds.flags)), np.float32),
            _array(torch.softmax(replies[0].float(), 0)),
            _array(torch.sigmoid(stated[0].float())).reshape(-1, 2),
            inputs["ids"].shape[1] < LONGEST,
        )
        if places:
            rows = [place for _, place in places]
            read.classes[rows] = _array(torch.softmax(classes.float(), 1))
            read.standings[rows] = _array(torch.softmax(standings[:, :several].float(), 1))
            read.flags[rows] = _array(torch.sigmoid(standings[:, several:].float()))
        return read


def _array(tensor: Any) -> NDArray[np.float32]:
    return cast("NDArray[np.float32]", tensor.numpy())


def encoded(tokenizer: Any, texts: Sequence[Marked], kinds: Kinds) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """Return what the network takes, and for each of its mentions the text and the mention that it is.

    Tensors: ids, mask and marks (texts, tokens); seen (texts, tokens, classes), the classes already seen at a token in
    equal shares; spans, a list of (text, first token, last token + 1).
    """
    import torch

    made = tokenizer(
        [one.head for one in texts],
        [one.text for one in texts],
        truncation="only_second",
        max_length=LONGEST,
        padding=True,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    ids = made["input_ids"]
    marks = torch.zeros_like(ids)
    seen = torch.zeros(*ids.shape, len(kinds.classes))
    number = {one: at for at, one in enumerate(kinds.classes)}
    spans: list[tuple[int, int, int]] = []
    places: list[tuple[int, int]] = []
    for row, text in enumerate(texts):
        parts = made.sequence_ids(row)
        offsets = made["offset_mapping"][row].tolist()
        if text.head_mark:
            marks[row, [at for at, part in enumerate(parts) if part == 0]] = kinds.marks.index(text.head_mark)
        tokens = [(at, *offsets[at]) for at, part in enumerate(parts) if part == 1]
        taken: set[int] = set()
        for place, one in enumerate(text.mentions):
            mine = [at for at, start, end in tokens if start < one.end and one.start < end]
            if not mine or tokens[-1][2] < one.end:  # past the end, or cut in two
                continue
            columns = [number[each] for each in one.classes if each in number]
            for at in mine:
                if at not in taken:  # a token of two is the first one's
                    taken.add(at)
                    marks[row, at] = kinds.marks.index(one.mark)
                    seen[row, at, columns] = 1 / max(len(columns), 1)
            spans.append((row, mine[0], mine[-1] + 1))
            places.append((row, place))
    return {"ids": ids, "mask": made["attention_mask"], "marks": marks, "seen": seen, "spans": spans}, places


def network_over(transformer: Any, kinds: Kinds, labels: Any) -> Any:
    """Return the network with weights of no meaning.

    Args:
        transformer: whose embeddings it shares and whose layers its own are like.
        kinds: what it tells apart.
        labels: vectors of the classes' names, shape (classes, width).
    """
    import torch

    width = int(transformer.config.hidden_size)

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embeddings = [transformer.embeddings]  # in a list: shared, not part of what is kept
            self.layers = layers_of(transformer)
            self.marks = torch.nn.Embedding(len(kinds.marks), width)
            self.register_buffer("labels", labels)
            self.seen = torch.nn.Linear(width, width)
            self.keys = torch.nn.Linear(width, width)
            self.own_keys = torch.nn.Embedding(len(kinds.classes), width)
            self.bias = torch.nn.Parameter(torch.zeros(len(kinds.classes)))
            self.mention = torch.nn.Linear(3 * width, width)
            self.drop = torch.nn.Dropout(0.1)
            self.standing = torch.nn.Linear(width, len(kinds.standings) + len(kinds.flags))
            self.reply = torch.nn.Linear(2 * width, len(kinds.replies))
            self.of_stated = torch.nn.Linear(2 * width, 2 * len(kinds.stated))

        def forward(self, ids: Any, mask: Any, marks: Any, seen: Any, spans: Any) -> Any:
            names: Any = self.labels
            hidden: Any = self.embeddings[0](input_ids=ids)
            hidden = hidden.to(names.dtype) + self.marks(marks) + seen.to(names.dtype) @ self.seen(names)
            hidden, mean = run_layers(self.layers, hidden, mask)
            whole = torch.cat([hidden[:, 0], mean], 1)
            replies, stated = self.reply(whole), self.of_stated(whole)
            if not spans:
                return replies, stated, None, None
            found = torch.stack(
                [torch.cat([hidden[row, a:b].mean(0), hidden[row, 0], mean[row]]) for row, a, b in spans]
            )
            found = self.drop(torch.nn.functional.gelu(self.mention(found)))
            keys = self.keys(names) + self.own_keys.weight
            return replies, stated, found @ keys.T + self.bias, self.standing(found)

    return Network()


def kinds_in(weights: Path) -> Kinds:
    """Return what the network of a file tells apart."""
    from safetensors import safe_open

    with cast(Any, safe_open)(weights, framework="np") as kept:
        told = json.loads(cast("dict[str, str]", kept.metadata())["kinds"])
    names = {name: tuple(told[name]) for name in _NAMES}
    return Kinds(**names, embedder=str(told["embedder"]))


def fitted_network(transformer: Any, weights: Path) -> Any:
    """Return the network with the weights kept in a file, in float32."""
    import torch

    state = unpacked(weights)
    network = network_over(transformer, kinds_in(weights), torch.zeros_like(state["labels"]))
    network.load_state_dict(state)
    return network.eval()
