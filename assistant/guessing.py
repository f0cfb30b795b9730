"""What a message without any sign probably wants: a logistic model over its characters (`intent_weights.json`).

Fitted on labelled utterances by `advisor fit-intents` (`fit_intents.py`). Only asked where the signs of `intents.yaml`
say nothing; what would erase, or answer a question with yes or with none, is never guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assistant.naming import names_in
from assistant.plain import asks
from scoring.model import Rules
from scoring.park import definition_of

FILE_NAME = "intent_weights.json"
SCALE = 50
"""The weights are kept as whole numbers, this many to one."""
NEVER = frozenset(("confirm", "none_of_it", "undo"))
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ENOUGH, _ENOUGH_TO_BEGIN = 0.35, 0.7
"""How likely the likeliest has to be; beginning a self-assessment that nobody asked for is worse than a question."""


@dataclass(frozen=True, slots=True)
class _Model:
    intents: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Mapping[str, int]]


def guessed(plain: str, rules: Rules, *, asked: str) -> str:
    """Return the likeliest intent of a message in plain form, empty where none is likely enough."""
    model = _model()
    scores = list(model.bias)
    for feature in set(features(plain, rules, asked=asked)):
        for place, weight in model.weights.get(feature, {}).items():
            scores[int(place)] += weight / SCALE
    top = max(scores)
    share = 1 / sum(math.exp(score - top) for score in scores)
    intent = model.intents[scores.index(top)]
    never = intent in NEVER or (intent == "assess" and asks(plain))  # a question beside the interview reports nothing
    enough = _ENOUGH_TO_BEGIN if intent == "assess" and not asked else _ENOUGH
    return "" if never or share < enough else intent


def features(plain: str, rules: Rules, *, asked: str) -> Iterator[str]:
    """Yield the features of a message: its runs of characters with facts and numbers made one, and what was asked."""
    text = plain
    for name in reversed(names_in(plain, rules)):
        if name.of:
            text = f"{text[: name.start]}\N{WHITE SQUARE}{text[name.end :]}"
    text = f"^{_NUMBER.sub('0', text)}$"
    for length in (1, 2, 3):
        yield from (text[i : i + length] for i in range(len(text) - length + 1))
    yield from (f"w {word}" for word in re.findall("[a-z]+", text))
    kind = definition_of(asked, rules)[0].kind if asked else "nothing"
    question = "asks" if asks(plain) else "tells"
    yield from (f"# {kind}", f"# {question}", f"# {bool(asked)} {question}", f"# length {min(len(plain) // 6, 5)}")


@cache
def _model() -> _Model:
    found: dict[str, Any] = json.loads(files("assistant").joinpath(FILE_NAME).read_text(encoding="utf-8"))
    return _Model(tuple(found["intents"]), tuple(one / SCALE for one in found["bias"]), found["weights"])
