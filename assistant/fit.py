"""Fits the relevance weights (`advisor fit`, `make fit`).

Two sources of labelled pairs. The tuning half of the question files counts in full. Questions of the library itself
(the 问 of a fact) count a little: each is left out of an index built for the purpose and asked; for some the fact is
left out too, so that nothing answers. Neither holds a question that the reranker was trained on. The reported half is
never looked at.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.advisor import Advisor, alike
from assistant.measure import Labelled, matches, read_questions, source_line
from assistant.pairs import held_out, is_near_miss, trains_reranker
from corpus.library import Library
from corpus.model import Hit, Passage

WEIGHTS_FILE = Path(__file__).parent / "relevance.yaml"
_STRENGTHS = (0.3, 1.0, 3.0)
_HITS = 20
_LEFT_OUT, _GONE = 1400, 350
_WEIGHT_ANSWERED, _WEIGHT_GONE = 0.3, 0.05
ONE_WORD_AWAY = "one-word-away"
"""Style of the near misses made from a fact by changing one word: harder than what staff ask, they count less."""
_WEIGHT_ONE_WORD_AWAY = 0.3
_REFUSED_SHARE = 0.95
"""How many of the typical questions that nothing answers are to be refused: the promise is 95%."""
BLANK = {"bias": "0", "threshold": "0.5"}
"""Weights that say nothing yet."""


@dataclass
class Pairs:
    """Labelled (question, passage) pairs; `group` numbers the question, `weight` says how much it counts.

    `refuse` says of each group whether nothing answers it, `typical` which groups are as staff ask.
    """

    rows: list[dict[str, float]]
    labels: list[bool]
    groups: list[int]
    weights: list[float]
    refuse: dict[int, bool]
    typical: set[int]

    @classmethod
    def none(cls) -> Pairs:
        """No pairs yet."""
        return cls([], [], [], [], {}, set())

    def add(
        self, advisor: Advisor, message: str, is_answer: Callable[[Hit], bool], *, refuse: bool, weight: float
    ) -> None:
        """Add the pairs of one question, unless it should be answered and nothing found answers it."""
        _, examined = advisor.examine(advisor.reader.read(message))
        examined = examined[:_HITS]
        good = [is_answer(hit) for hit, _ in examined]
        if not examined or any(good) == refuse:
            return
        group = len(self.refuse)
        self.refuse[group] = refuse
        for (_, values), label in zip(examined, good, strict=True):
            self.rows.append(values)
            self.labels.append(label)
            self.groups.append(group)
            self.weights.append(weight)


def answers(item: Labelled, hit: Hit) -> bool:
    """Whether a passage alone answers a labelled question."""
    if item.kind == "refused":
        return False
    if item.cite and not any(matches(item.cite, source_line(hit.passage, hit.document))):
        return False
    if item.kind == "silent" and not hit.passage.silent and not re.search(r"没有|未|不", hit.passage.text):
        return False
    return all(matches(item.must, hit.passage.text)) and not any(matches(item.must_not, hit.passage.text))


def fit(advise: Callable[[Library], Advisor], library: Library, items: Sequence[Labelled]) -> dict[str, str]:
    """Return the fitted weights, by feature name, with `bias` and `threshold`.

    Args:
        advise: makes an advisor of a library, with the leg that is fitted; what its own weights say does not matter.
        library: the whole library.
        items: the labelled questions of the tuning half.
    """
    from sklearn.linear_model import LogisticRegression

    asked, own = Pairs.none(), _own_pairs(library, advise)
    advisor = advise(library)
    for item in items:

        def is_answer(hit: Hit, item: Labelled = item) -> bool:
            return answers(item, hit)

        weight = _WEIGHT_ONE_WORD_AWAY if item.style == ONE_WORD_AWAY else 1.0
        groups = len(asked.refuse)
        asked.add(advisor, item.question, is_answer, refuse=item.kind == "refused", weight=weight)
        if len(asked.refuse) > groups and not is_near_miss(item):
            asked.typical.add(groups)
    names = sorted(asked.rows[0])
    matrix, labels, weights = _matrix(asked, names)
    more, more_labels, more_weights = _matrix(own, names)
    folds = np.array(asked.groups) % 5

    def train(strength: float, rows: Any) -> Any:
        model: Any = LogisticRegression(C=strength, max_iter=3000)
        return model.fit(
            np.vstack([matrix[rows], more]),
            np.concatenate([labels[rows], more_labels]),
            sample_weight=np.concatenate([weights[rows], more_weights]),
        )

    best = (-1.0, 1.0, 0.5)
    for strength in _STRENGTHS:
        held_out = np.zeros(len(labels))
        for fold in range(5):
            held_out[folds == fold] = train(strength, folds != fold).predict_proba(matrix[folds == fold])[:, 1]
        share, threshold = _best_threshold(held_out, asked)
        best = max(best, (share, strength, threshold))
        print(f"C={strength}: {share:.3f} at {threshold:.2f}", file=sys.stderr)
    model = train(best[1], slice(None))
    fitted = {n: f"{w:.4f}" for n, w in zip(names, model.coef_[0], strict=True)}
    return {"bias": f"{model.intercept_[0]:.4f}", "threshold": f"{best[2]:.4f}", **fitted}


def _own_pairs(library: Library, advise: Callable[[Library], Advisor]) -> Pairs:
    """Pairs from questions of the library that the index does not know, some of them with their fact left out."""
    chance = random.Random(5)  # noqa: S311 # a fixed choice of questions, nothing secret
    free = {p.id: [i for i, q in enumerate(p.questions) if held_out(q)] for p in library.passages.values()}
    several = [i for i, numbers in free.items() if numbers and len(library.passages[i].questions) > 1]
    chosen = {i: chance.choice(free[i]) for i in chance.sample(several, min(_LEFT_OUT, len(several)))}
    gone = set(chance.sample(sorted(chosen), min(_GONE, len(chosen) // 4)))

    def without(passage: Passage) -> Passage:
        if passage.id not in chosen:
            return passage
        left = tuple(q for i, q in enumerate(passage.questions) if i != chosen[passage.id])
        return replace(passage, questions=left)

    rest = Library(
        d.model_copy(update={"passages": tuple(without(p) for p in d.passages if p.id not in gone)})
        for d in library.documents.values()
    )
    advisor = advise(rest)
    pairs = Pairs.none()
    for identity, number in sorted(chosen.items()):
        passage = library.passages[identity]

        def says_the_same(hit: Hit, passage: Passage = passage) -> bool:
            return hit.passage.id == passage.id or alike(hit.passage.text, passage.text)

        refuse = identity in gone
        weight = _WEIGHT_GONE if refuse else _WEIGHT_ANSWERED
        pairs.add(advisor, passage.questions[number], says_the_same, refuse=refuse, weight=weight)
    return pairs


def _matrix(pairs: Pairs, names: Sequence[str]) -> tuple[Any, Any, Any]:
    return (
        np.array([[row[n] for n in names] for row in pairs.rows]),
        np.array(pairs.labels),
        np.array(pairs.weights),
    )


def _best_threshold(chances: Any, pairs: Pairs) -> tuple[float, float]:
    """The least threshold at which nearly all typical questions that nothing answers are refused, and with it the
    share of the others whose likeliest passage is right and passes."""
    groups, labels = np.array(pairs.groups), np.array(pairs.labels)
    tops: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for group in pairs.typical:
        inside = np.flatnonzero(groups == group)
        first = inside[np.argmax(chances[inside])]
        tops[pairs.refuse[group]].append((float(chances[first]), bool(labels[first])))
    grid = np.linspace(0.02, 0.9, 89)
    least = next(t for t in grid if np.mean([chance < t for chance, _ in tops[True]]) >= _REFUSED_SHARE)
    return float(np.mean([good and chance >= least for chance, good in tops[False]])), float(least)


def write_weights(fitted: dict[str, dict[str, str]], file: Path = WEIGHTS_FILE) -> None:
    """Write the weights of each leg to the file that the advisor reads."""
    lines = ["# Fitted by `make fit` on the tuning half of tests/questions; features: assistant/relevance.py."]
    for leg, weights in fitted.items():
        lines += [f"{leg}:", *(f"  {name}: {value}" for name, value in weights.items())]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def tuning_items(path: Path) -> list[Labelled]:
    """Return the questions that may be tuned on and that the reranker was not trained on."""
    return [item for item in read_questions(path) if item.half == "tune" and not trains_reranker(item)]
