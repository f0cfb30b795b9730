"""Fits the relevance weights on the tuning half of labelled questions: `python -m assistant.fit QUESTIONS`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.advisor import Advisor
from assistant.measure import Labelled, matches, source_line
from assistant.understand import Question
from corpus.index import Found
from corpus.model import Hit

_STRENGTHS = (0.03, 0.1, 0.3, 1.0)


def answers(item: Labelled, hit: Hit) -> bool:
    """Whether a passage alone answers a labelled question."""
    if item.kind == "refused":
        return False
    source = source_line(hit.passage, hit.document)
    if item.cite and not any(matches(item.cite, source)):
        return False
    if item.kind == "silent" and not hit.passage.silent and not re.search(r"没有|未|不", hit.passage.text):
        return False
    return all(matches(item.must, hit.passage.text)) and not any(matches(item.must_not, hit.passage.text))


def fit(advisor: Advisor, items: Sequence[Labelled]) -> dict[str, str]:
    """Return the fitted weights, by feature name, with `bias` and `threshold`."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rows: list[dict[str, float]] = []
    labels: list[bool] = []
    groups: list[int] = []
    for group, item in enumerate(items):
        question, found = _searched(advisor, item)
        hits = found.hits[:20]
        good = [answers(item, hit) for hit in hits]
        if item.kind != "refused" and not any(good):
            continue
        for hit, label in zip(hits, good, strict=True):
            rows.append(advisor.relevance.features(question, hit, found))
            labels.append(label)
            groups.append(group)
    names = sorted(rows[0])
    import os, pickle
    if os.environ.get('DUMP'): pickle.dump((rows,labels,groups,[(i.id,i.kind) for i in items]),open(os.environ['DUMP']+('f' if any(r['dense'] for r in rows) else 'l'),'wb'))
    matrix = np.array([[row[n] for n in names] for row in rows])
    wanted = np.array(labels)
    folds = np.array(groups) % 5
    best: tuple[float, float, float] = (-1.0, 1.0, 0.5)
    for strength in _STRENGTHS:
        held_out = np.zeros(len(wanted))
        for fold in range(5):
            model = LogisticRegression(C=strength, max_iter=5000)
            model.fit(matrix[folds != fold], wanted[folds != fold])
            held_out[folds == fold] = model.predict_proba(matrix[folds == fold])[:, 1]
        value, threshold = _best_threshold(held_out, wanted, np.array(groups), items)
        best = max(best, (value, strength, threshold))
        print(f"C={strength}: {value:.3f} of questions right at {threshold:.2f}")  # noqa: T201
    model = LogisticRegression(C=best[1], max_iter=5000).fit(matrix, wanted)
    weights = {n: f"{w:.4f}" for n, w in zip(names, model.coef_[0], strict=True)}
    return {"bias": f"{model.intercept_[0]:.4f}", "threshold": f"{best[2]:.4f}", **weights}


def _searched(advisor: Advisor, item: Labelled) -> tuple[Question, Found]:
    question = advisor.reader.read(item.question, region=item.region)
    found, _ = advisor.weigh(question)
    return question, found


def _best_threshold(
    chances: Any, wanted: Any, groups: Any, items: Sequence[Labelled]
) -> tuple[float, float]:
    """The threshold at which most questions end right: the likeliest passage answers, or nothing passes."""
    tops: list[tuple[float, bool, bool]] = []
    for group in np.unique(groups):
        inside = np.flatnonzero(groups == group)
        first = inside[np.argmax(chances[inside])]
        tops.append((float(chances[first]), bool(wanted[first]), items[group].kind == "refused"))
    best = (0.0, 0.5)
    for threshold in np.linspace(0.02, 0.9, 89):
        covered = [right and chance >= threshold for chance, right, refuse in tops if not refuse]
        refused = [chance < threshold for chance, _, refuse in tops if refuse]
        value = (sum(covered) / max(1, len(covered)) + sum(refused) / max(1, len(refused))) / 2
        best = max(best, (value, float(threshold)))
    return best
