"""What a message probably wants (`intents.npz`), and whether a reply means yes or no (`replies.npz`).

Logistic models over a message's characters, their sounds, what was asked and its vector, fitted on labelled utterances
by `advisor fit-guesses` (`fit_guesses.py`). Where signs say nothing the likeliest decides; where they say something, a
likelier one only when it is all but certain. Without the embedding model that they were fitted with, vectors stay out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.naming import names_in
from assistant.plain import asks
from assistant.reading import Said
from corpus.errors import CorpusError
from corpus.spelling import sound
from scoring.model import Rules
from scoring.park import definition_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.embed import Embedder

INTENTS_FILE, REPLIES_FILE = "intents.npz", "replies.npz"
STEP = 40
"""Weights of characters are kept as whole numbers, this many to one."""
_HAN = re.compile("[^一-鿿]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LIKELY, _TO_BEGIN, _CERTAIN = 0.35, 0.7, 0.85
_UNLIKELY, _LIKELY_REPLY = 0.3, 0.75
_ERASE = {"confirm": 0.8, "undo": 0.8, "none_of_it": 0.9}
"""How likely what erases, says yes or makes a zero has to be."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Bias (classes,), weights of the features (features, classes) and of the vector (width, classes) or None."""

    bias: NDArray[np.float32]
    features: NDArray[np.int8]
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """What is fitted: classes, the place of each feature, the embedding model's name, weights with it and without."""

    classes: tuple[str, ...]
    places: dict[str, int]
    embedder: str
    with_vector: Weights
    alone: Weights

    def chances(self, told: Sequence[str], vector: NDArray[np.float32] | None) -> dict[str, float]:
        """Return class -> its chance, for the features and the vector of a message."""
        weights = self.alone if vector is None else self.with_vector
        scores = weights.bias.astype(np.float64)
        rows = [self.places[one] for one in set(told) if one in self.places]
        scores += weights.features[rows].sum(axis=0) / STEP
        if vector is not None and weights.vector is not None:
            scores += vector @ weights.vector
        shares = np.exp(scores - scores.max())
        return dict(zip(self.classes, (shares / shares.sum()).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a message before its intent is guessed: `held` is that a self-assessment is under way."""

    plain: str
    asked: str = ""
    held: bool = False
    figures: int = 0

    @classmethod
    def of(cls, plain: str, figures: Iterable[Said], *, asked: str, held: bool) -> Heard:
        """Return what is known of a message; a place or a year alone (2022年全国电网因子) reports nothing by itself."""
        told = [one for one in figures if one.facts and not one.change]
        return cls(plain, asked, held, sum(held or not isinstance(one.value, str) for one in told))


def guessed(heard: Heard, rules: Rules, *, signed: str, sure: bool, embedder: Embedder | None) -> str:
    """Return the intent of a message: the one that the signs say, or a likelier one.

    Args:
        heard: the message.
        rules: they name the facts.
        signed: the intent by the signs.
        sure: whether a sign says so.
        embedder: the embedding model, if there is one.
    """
    chances = _chances(INTENTS_FILE, list(features(heard, rules)), heard, embedder)
    intent = max(chances, key=lambda one: chances[one])
    if intent in _ERASE and len(heard.plain) < 2:
        return signed  # one character that no sign knows (度) says nothing
    enough = _ERASE.get(intent, _LIKELY)
    if intent == "assess" and not (heard.asked or heard.figures):
        enough = _TO_BEGIN
    return intent if chances[intent] >= (max(enough, _CERTAIN) if sure else enough) else signed


def replied(heard: Heard, rules: Rules, *, signed: bool | None, embedder: Embedder | None) -> bool | None:
    """Return what a reply to a yes-or-no question says, None for neither.

    What signs say goes unless it is unlikely; what they do not say only where it is likely.

    Args:
        heard: the reply, with what was asked.
        rules: they name the facts.
        signed: what it says by the signs.
        embedder: the embedding model, if there is one.
    """
    chances = _chances(REPLIES_FILE, list(reply_features(heard, rules)), heard, embedder)
    if signed is not None:
        return signed if chances["yes" if signed else "no"] >= _UNLIKELY else None
    value = chances["yes"] > chances["no"]
    enough = chances["yes" if value else "no"] >= _LIKELY_REPLY
    return value if enough and (value or not is_declaration(heard.asked, rules)) else None


def is_yes_or_no(asked: str, rules: Rules) -> bool:
    """Whether a fact is answered with yes or no."""
    return definition_of(asked, rules)[0].kind in ("yes_no", "declaration")


def is_declaration(asked: str, rules: Rules) -> bool:
    """Whether a fact declares that all of a kind was reported."""
    return definition_of(asked, rules)[0].kind == "declaration"


def reply_features(heard: Heard, rules: Rules) -> Iterator[str]:
    """Yield the features of a reply, each by itself and with the fact that was asked for."""
    for one in features(heard, rules):
        yield from (one, f"{heard.asked} {one}")


def features(heard: Heard, rules: Rules) -> Iterator[str]:
    """Yield the features of a message: its runs of characters with facts and numbers made one, and what was asked."""
    text = heard.plain
    for name in reversed(names_in(heard.plain, rules)):
        if name.of:
            text = f"{text[: name.start]}\N{WHITE SQUARE}{text[name.end :]}"
    text = f"^{_NUMBER.sub('0', text)}$"
    for length in (1, 2, 3):
        yield from (text[i : i + length] for i in range(len(text) - length + 1))
    yield from (f"w {word}" for word in re.findall("[a-z]+", text))
    sounds = sound(_HAN.sub(" ", text)).split()
    for length in (2, 3):
        yield from ("~" + " ".join(sounds[i : i + length]) for i in range(len(sounds) - length + 1))
    kind = definition_of(heard.asked, rules)[0].kind if heard.asked else "held" if heard.held else "nothing"
    question = "asks" if asks(heard.plain) else "tells"
    figures = f"{min(heard.figures, 2)} figures"
    yield from (
        f"# {kind}",
        f"# {question}",
        f"# {bool(heard.asked)} {question}",
        f"# {figures}",
        f"# {kind} {figures}",
    )
    yield f"# length {min(len(heard.plain) // 6, 5)}"


def _chances(file: str, told: Sequence[str], heard: Heard, embedder: Embedder | None) -> dict[str, float]:
    model = read_model(file)
    if embedder is None or embedder.name.partition("/")[0] != model.embedder or not heard.plain:
        return model.chances(told, None)
    try:
        return model.chances(told, embedder.embed_questions([heard.plain])[0])
    except CorpusError:  # the model or the file of vectors fails: said where a question needs them
        return model.chances(told, None)


@cache
def read_model(file: str) -> Model:
    """Return a fitted model of this package."""
    with as_file(files("assistant").joinpath(file)) as path, np.load(path, allow_pickle=False) as kept:
        found: dict[str, Any] = {name: kept[name] for name in kept.files}
    return Model(
        classes=tuple(str(one) for one in found["classes"]),
        places={str(one): place for place, one in enumerate(found["features"])},
        embedder=str(found["embedder"]),
        with_vector=Weights(found["bias_with_vector"], found["features_with_vector"], found["vector"]),
        alone=Weights(found["bias_alone"], found["features_alone"]),
    )
