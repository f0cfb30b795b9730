"""Fits the guess of an intent (`advisor fit-intents`) on labelled utterances and on the library's ways of asking.

Only the half to tune on is read; of the library every n-th 问 is a message that asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.guessing import FILE_NAME, SCALE, features
from assistant.measure_understanding import Utterance
from assistant.plain import plain_text
from corpus.library import Library
from scoring.model import Rules

_STRENGTH = 1.0
_FROM_LIBRARY = 150
_LEAST = 0.06
_FEWEST = 2


def fit_intents(items: Sequence[Utterance], library: Library, rules: Rules) -> dict[str, Any]:
    """Return the weights, fitted on the tuning half of the utterances."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    def told(text: str, asked: str) -> list[str]:
        return list(features(plain_text(text).plain.strip(), rules, asked=asked))

    tuning = [(told(one["text"], one.get("asked", "")), str(one["intent"])) for one in items if one["half"] == "tune"]
    tuning += [(told(text, ""), "ask") for text in _asked(library)]
    counting: Any = CountVectorizer
    counted: Any = counting(analyzer=list, binary=True, min_df=_FEWEST)
    table = counted.fit_transform([one for one, _ in tuning])
    model: Any = LogisticRegression(C=_STRENGTH, max_iter=500)
    model.fit(table, [intent for _, intent in tuning])
    rows: list[list[float]] = model.coef_.T.tolist()
    weights: dict[str, dict[str, int]] = {}
    columns: dict[str, int] = counted.vocabulary_
    for feature, column in sorted(columns.items()):
        kept = {str(i): round(one * SCALE) for i, one in enumerate(rows[column]) if abs(one) >= _LEAST}
        if kept:
            weights[feature] = kept
    bias = [round(float(one) * SCALE) for one in model.intercept_]
    return {"intents": [str(one) for one in model.classes_], "bias": bias, "weights": weights}


def _asked(library: Library) -> Iterator[str]:
    """Yield ways of asking, evenly from the whole library."""
    every = [text for key in sorted(library.passages) for text in library.passages[key].questions]
    yield from every[:: max(1, len(every) // _FROM_LIBRARY)]


def write_intents(weights: dict[str, Any]) -> Path:
    """Write the weights beside this module, a feature a line, and return the file."""
    path = Path(__file__).with_name(FILE_NAME)
    lines = ",\n".join(f"{_json(one)}: {_json(row)}" for one, row in weights["weights"].items())
    head = f'{{"intents": {_json(weights["intents"])},\n"bias": {_json(weights["bias"])},\n'
    path.write_text(f'{head}"weights": {{\n{lines}\n}}}}\n', encoding="utf-8")
    return path


def _json(one: object) -> str:
    return json.dumps(one, ensure_ascii=False)
