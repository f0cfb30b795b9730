"""Fits the guesses of `guessing.py` (`advisor fit-guesses`) on labelled utterances and the library's ways of asking.

Only the half to tune on is read; of the library every n-th 问 is a message that asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.guessing import STEP, Heard, features, is_declaration, is_yes_or_no, reply_features
from assistant.measure_understanding import Utterance
from assistant.plain import plain_text
from assistant.said import said_in
from corpus.library import Library
from scoring.model import Rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus.embed import Embedder

_STRENGTH = 2.0
_VECTOR_SCALE = 0.25
"""The share of a vector's spread beside that of a feature; chosen by folds over the tuning half."""
_FROM_LIBRARY = 150
_FEWEST = 2
_BESIDE = 40
"""So many messages on other things are added for each yes-or-no question: they answer it neither way."""


def heard_of(item: Utterance, rules: Rules) -> Heard:
    """Return what is known of a labelled utterance before its intent is guessed."""
    asked = item.get("asked", "")
    figures = said_in(item["text"], rules, asked=asked)
    return Heard.of(plain_text(item["text"]).plain.strip(), figures, asked=asked, held="held" in item or bool(asked))


def fit_intents(items: Sequence[Utterance], library: Library, rules: Rules, embedder: Embedder) -> dict[str, Any]:
    """Return the arrays of the model of intents."""
    mine = (one for one in items if one["half"] == "tune" and "only" not in one)
    tuning = [(heard_of(one, rules), str(one["intent"])) for one in mine]
    tuning += [(Heard(plain_text(text).plain.strip()), "ask") for text in _asked(library)]
    told = [list(features(heard, rules)) for heard, _ in tuning]
    return _with_vectors(told, tuning, embedder)


def fit_replies(items: Sequence[Utterance], rules: Rules, embedder: Embedder) -> dict[str, Any]:
    """Return the arrays of the model of replies: those to a yes-or-no question whose figures are labelled."""
    tuning: list[tuple[Heard, str]] = []
    for one in items:
        asked = one.get("asked", "")
        if one["half"] != "tune" or "figures" not in one or not asked or not is_yes_or_no(asked, rules):
            continue
        value = next((each["value"] for each in one["figures"] if each["fact"] == asked), "")
        tuning.append((heard_of(one, rules), {"true": "yes", "false": "no"}.get(value, "neither")))
    tuning += [(heard, "neither") for heard in _beside(items, rules)]
    told = [list(reply_features(heard, rules)) for heard, _ in tuning]
    return _with_vectors(told, tuning, embedder)


def _beside(items: Sequence[Utterance], rules: Rules) -> Iterator[Heard]:
    """Yield what is said of other things while a yes-or-no question waits, in turn for each of them."""
    waiting = {one["asked"] for one in items if one.get("asked") and is_yes_or_no(one["asked"], rules)}
    asked = sorted(one for one in waiting if not is_declaration(one, rules))  # 其他都没有 stands beside figures
    free = [one for one in items if one["half"] == "tune" and one.get("figures") and not one.get("asked")]
    other = [one for one in free if not any(is_yes_or_no(each["fact"], rules) for each in one["figures"])]
    for number, one in enumerate(other[:: max(1, len(other) // (_BESIDE * len(asked)))]):
        yield heard_of({**one, "asked": asked[number % len(asked)]}, rules)


def _with_vectors(told: Sequence[list[str]], tuning: Sequence[tuple[Heard, str]], embedder: Embedder) -> dict[str, Any]:
    vectors = embedder.embed_questions([heard.plain for heard, _ in tuning])
    made = fitted(told, vectors, [label for _, label in tuning])
    return made | {"embedder": np.array(embedder.name.partition("/")[0])}


def fitted(told: Sequence[list[str]], vectors: NDArray[np.float32], labels: Sequence[str]) -> dict[str, Any]:
    """Return the arrays of a model for the features, vectors (messages, width) and labels of messages."""
    import scipy.sparse
    from sklearn.feature_extraction.text import CountVectorizer

    sparse: Any = scipy.sparse
    counting: Any = CountVectorizer
    counted: Any = counting(analyzer=list, binary=True, min_df=_FEWEST)
    table: Any = counted.fit_transform(told)
    names: list[str] = counted.get_feature_names_out().tolist()
    middle, spread = vectors.mean(axis=0), float(vectors.std(axis=0).mean()) / _VECTOR_SCALE
    both: Any = sparse.hstack([table, sparse.csr_matrix((vectors - middle) / spread)]).tocsr()
    kinds, bias, weights = _logistic(both, labels)
    _, bias_alone, weights_alone = _logistic(table, labels)
    of_vector = weights[len(names) :] / spread
    return {
        "classes": np.array(kinds),
        "features": np.array(names),
        "bias_with_vector": (bias - middle @ of_vector).astype(np.float32),
        "features_with_vector": _whole(weights[: len(names)]),
        "vector": of_vector.astype(np.float32),
        "bias_alone": bias_alone.astype(np.float32),
        "features_alone": _whole(weights_alone),
    }


def _logistic(table: Any, labels: Sequence[str]) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=_STRENGTH, max_iter=2000)
    model.fit(table, labels)
    return [str(one) for one in model.classes_], model.intercept_, model.coef_.T


def _whole(weights: NDArray[np.float64]) -> NDArray[np.int8]:
    return np.clip(np.round(weights * STEP), -127, 127).astype(np.int8)


def _asked(library: Library) -> Iterator[str]:
    """Yield ways of asking, evenly from the whole library."""
    every = [text for key in sorted(library.passages) for text in library.passages[key].questions]
    yield from every[:: max(1, len(every) // _FROM_LIBRARY)]


def write_model(arrays: dict[str, Any], file: str) -> Path:
    """Write a model beside this module and return the file."""
    path = Path(__file__).with_name(file)
    np.savez_compressed(path, **arrays)
    return path
