"""The second look: a small cross-encoder reads question and passage together and says how surely one answers the other.

It stands on the word embeddings of the embedding model (multilingual-e5-small) and brings its own layers, kept in
`reranker.safetensors` beside this module: matrices in 8 bits with one scale a row, everything else in float32. It was
trained on the library's own questions (`advisor fit-reranker`, corpus/rerank_training.py).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from corpus.embed import SentenceModel, compute_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS_FILE = Path(__file__).parent / "reranker.safetensors"
LAYERS = 6
LONGEST = 160
"""Tokens of question and passage together; what is longer is cut at the end of the passage."""
_FAR_BELOW = -1e30


class Reranker(Protocol):
    """Says how surely passages answer a question. A fake with these members serves in tests."""

    def judge(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text the log-odds that it answers the question, shape (len(texts),)."""
        ...


class CrossEncoder:
    """The trained reranker.

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
        with self._loading:  # two questions at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        return compute_as(trained_network(self.model.transformer, self.weights), self.model.precision)

    def judge(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text the log-odds that it answers the question, shape (len(texts),)."""
        import torch

        if not texts:
            return np.zeros(0, np.float32)
        network = self._network
        with self.model.tokenizing:
            tokens = tokens_of(self.model.tokenizer, [question] * len(texts), list(texts))
        with torch.inference_mode():
            made = network(**tokens)
        return made.float().numpy()


def trained_network(transformer: Any, weights: Path = WEIGHTS_FILE) -> Any:
    """Return the network with the weights kept in a file, in float32, its embeddings those of `transformer`."""
    network = network_over(transformer)
    network.load_state_dict(unpacked(weights))
    return network.eval()


def unpacked(weights: Path) -> dict[str, Any]:
    """Return the weights of a file in float32: matrices are kept in 8 bits with one scale a row."""
    from safetensors import torch as safetensors

    kept = cast("dict[str, Any]", cast(Any, safetensors).load_file(weights))
    state: dict[str, Any] = {}
    for name, tensor in kept.items():
        if not name.endswith(".scale"):
            scale = kept.get(f"{name}.scale")
            state[name] = tensor.float() if scale is None else tensor.float() * scale[:, None]
    return state


def network_over(transformer: Any) -> Any:
    """Return the network with weights of no meaning: layers as in `transformer`, its embeddings shared, and a head."""
    import torch

    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embeddings = [transformer.embeddings]  # in a list: shared, not part of what is kept
            self.layers = layers_of(transformer)
            self.head = torch.nn.Linear(2 * transformer.config.hidden_size, 1)

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden, mean = run_layers(self.layers, self.embeddings[0](input_ids=input_ids), attention_mask)
            return self.head(torch.cat([hidden[:, 0], mean], dim=1))[:, 0]

    return Network()


def layers_of(transformer: Any) -> Any:
    """Return layers of no meaning, like those of `transformer`."""
    import torch

    layer: Any = cast(Any, type)(transformer.encoder.layer[0])
    return torch.nn.ModuleList(layer(transformer.config) for _ in range(LAYERS))


def run_layers(layers: Any, hidden: Any, mask: Any) -> tuple[Any, Any]:
    """Return the states of the last layer (texts, tokens, width), and their mean over each text's tokens."""
    import torch

    if torch.is_autocast_enabled("cpu"):  # in training: mask and states of one type, or attention is slow
        hidden = hidden.to(torch.get_autocast_dtype("cpu"))
    ignored = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * _FAR_BELOW
    for each in layers:
        hidden = _first(each(hidden, attention_mask=ignored))
    counted = mask[:, :, None].to(hidden.dtype)
    return hidden, (hidden * counted).sum(1) / counted.sum(1)


def _first(made: Any) -> Any:
    """The hidden states: older versions of transformers return them in a tuple."""
    return cast(Any, made)[0] if isinstance(made, tuple) else made


def tokens_of(tokenizer: Any, questions: list[str], texts: list[str]) -> dict[str, Any]:
    """Return the padded token ids and mask of question-passage pairs."""
    made = tokenizer(questions, texts, truncation="only_second", max_length=LONGEST, padding=True, return_tensors="pt")
    return {"input_ids": made["input_ids"], "attention_mask": made["attention_mask"]}
