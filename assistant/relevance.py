"""How likely a passage answers a question: features that a person can read, weighed by a fitted logistic model.

Similarity alone cannot tell an unanswerable question of the field from an answerable one; the features look at the
words that carry the question, the place, document, year, size and kind of value asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from assistant.understand import Question, fillers, read_yaml
from corpus.index import Found, Index
from corpus.model import Document, Hit, Passage
from corpus.words import Words, fold

_MONEY = re.compile(r"\d(?:\.\d+)?[万亿]?(?:美)?元|元/|\d%")
_DATE = re.compile(r"\d{4}年|\d{4}-\d{2}|\d+月\d+日|\d+年")
_NUMBER = re.compile(r"\d")
_YEAR = re.compile(r"20\d\d(?=年|-|\D)")
_CONTACT = re.compile(r"\d{3,4}-\d{7,8}|@|https?:")
_VALUE = {"money": _MONEY, "date": _DATE, "number": _NUMBER, "contact": _CONTACT}
_LOWER = re.compile(r"(?:≥|>=|不低于|不少于|达到|超过)(\d+(?:\.\d+)?)tce|(\d+(?:\.\d+)?)tce(?:及)?以上")
_UPPER = re.compile(r"(?:不足|低于|小于|<|少于)(\d+(?:\.\d+)?)tce|(\d+(?:\.\d+)?)tce以下")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(?:tce)?(?:-|—|~|至|到)(\d+(?:\.\d+)?)tce")


_DOCUMENT_NUMBER = re.compile(r"\[\d{4}\]\d+号?")
_WORDY = re.compile(r"[a-z一-鿿]")
_SYNONYM_SHARE = 0.9

Leg = Literal["lexical", "fused", "judged"]
"""What is known of a hit: its words; its words and its meaning; and what the reranker says of it as well."""


class Texts:
    """The folded text of passages, kept: what a word of the question is looked for in."""

    def __init__(self) -> None:
        self._whole: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        self._questions: dict[str, tuple[str, ...]] = {}
        self._said: dict[str, tuple[str, ...]] = {}
        self._same: dict[str, list[str]] = {}
        groups: list[list[str]] = read_yaml("assistant", "synonyms.yaml")
        groups += [[e["term"], *e.get("also", [])] for e in read_yaml("corpus", "glossary.yaml")]
        for group in groups:
            for word in group:
                self._same.setdefault(fold(word), []).extend(fold(other) for other in group)

    def share(self, word: str, text: str) -> float:
        """How much of a word, or of one that means the same, stands in a text, 0 to 1."""
        own = share_of(word, text)
        if own == 1 or not any(other in text for other in self._same.get(word, ())):
            return own
        return max(own, _SYNONYM_SHARE)

    def whole(self, passage: Passage, document: Document) -> str:
        """Everything that belongs to a passage: document, headings, place, text and usual questions."""
        if passage.id not in self._whole:
            parts = (document.title, document.number, *document.aliases, *document.issuers, document.region,
                     *passage.path, passage.place, passage.text)  # fmt: skip
            self._whole[passage.id] = " ".join((fold(" ".join(parts)), *self.questions(passage)))
        return self._whole[passage.id]

    def questions(self, passage: Passage) -> tuple[str, ...]:
        """How people ask for the passage."""
        if passage.id not in self._questions:
            self._questions[passage.id] = tuple(fold(q) for q in passage.questions)
        return self._questions[passage.id]

    def said(self, passage: Passage, words: Words) -> tuple[str, ...]:
        """The words that carry the statement of a passage, document numbers left out."""
        if passage.id not in self._said:
            bare = _DOCUMENT_NUMBER.sub("", self.plain(passage))
            carrying = (w for w, _ in words.content(bare) if w not in fillers() and _WORDY.search(w))
            self._said[passage.id] = tuple(dict.fromkeys(carrying))
        return self._said[passage.id]

    def plain(self, passage: Passage) -> str:
        """The text of the passage alone."""
        if passage.id not in self._plain:
            self._plain[passage.id] = fold(passage.text)
        return self._plain[passage.id]


def share_of(word: str, text: str) -> float:
    """How much of a word stands in a text: 1, or the share of its character pairs.

    >>> share_of("绿化率", "园区绿化面积"), share_of("绿证", "绿证")
    (0.5, 1.0)
    """
    if word in text:
        return 1.0
    if word.isascii() or len(word) < 3:
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return sum(p in text for p in pairs) / len(pairs)


def only_negated(word: str, text: str) -> bool:
    """Whether a word stands in a text as its opposite alone.

    >>> only_negated("烟煤", "无烟煤的缺省值"), only_negated("烟煤", "无烟煤和烟煤")
    (True, False)
    """
    return word in text and word not in text.replace(f"无{word}", "").replace(f"非{word}", "")


def judged_text(passage: Passage, document: Document) -> str:
    """Return what the reranker reads of a passage: title and statement, folded."""
    return fold(f"{document.title}\n{passage.text}")


def size_fit(energy_tce: Decimal, folded: str) -> int:
    """1 when the sizes that a folded text names include the park's, -1 when they exclude it, 0 when it names none.

    >>> size_fit(Decimal(350000), "200000tce以上、不足1000000tce"), size_fit(Decimal(80000), "200000-1000000tce")
    (1, -1)
    """
    lows = [Decimal(a or b) for a, b in _LOWER.findall(folded)]
    highs = [Decimal(a or b) for a, b in _UPPER.findall(folded)]
    for low, high in _SPAN.findall(folded):
        lows.append(Decimal(low))
        highs.append(Decimal(high))
    if not lows and not highs:
        return 0
    inside = all(energy_tce >= low for low in lows) and all(energy_tce < high for high in highs)
    return 1 if inside else -1


class Relevance:
    """Weighs passages for questions.

    Args:
        index: tells how rare a word is.
        weights: leg -> feature -> weight, with "bias" and "threshold"; the fitted ones by default.
    """

    def __init__(self, index: Index, weights: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.index = index
        self.texts = Texts()
        self._last_rarity = ("", 1.0)
        table: Any = weights if weights is not None else read_yaml("assistant", "relevance.yaml")
        self._weights = {leg: {name: float(value) for name, value in entry.items()} for leg, entry in table.items()}

    def threshold(self, leg: Leg) -> float:
        """The least probability at which a passage counts as an answer."""
        return self._weights[leg]["threshold"]

    def probability(self, leg: Leg, values: Mapping[str, float]) -> float:
        """Return how likely a hit with these features answers the question, 0 to 1."""
        weights = self._weights[leg]
        total = weights["bias"] + sum(weights.get(name, 0.0) * v for name, v in values.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def weight_of(self, word: str) -> float:
        """How much a word of the question says: rare ones say more; one the library lacks says most."""
        return self.index.inverse_frequency(word if word.isascii() else f"w{word}")

    def missing_words(self, question: Question, hit: Hit) -> list[str]:
        """Return the carrying words of the question that the passage lacks, the weightiest first."""
        text = self.texts.whole(hit.passage, hit.document)
        absent = [w for w in question.words if self.texts.share(w, text) < 0.5]
        return sorted(absent, key=lambda w: -self.weight_of(w))

    def features(self, question: Question, hit: Hit, found: Found) -> dict[str, float]:
        """Return what the model weighs, by name."""
        passage, document = hit.passage, hit.document
        whole, plain = self.texts.whole(passage, document), self.texts.plain(passage)
        top = found.hits[0]
        best_lexical = max(h.lexical for h in found.hits) or 1.0
        best_dense = max(h.dense for h in found.hits)
        return {
            "dense": (hit.dense - 0.85) * 10 if hit.dense else 0.0,
            "dense_gap": (best_dense - hit.dense) * 10,
            "lexical_share": hit.lexical / best_lexical,
            "score": hit.score,
            "score_gap": top.score - hit.score,
            **self._word_features(question, hit, whole, plain),
            **self._statement_features(question, passage),
            **_place_features(question, document, whole),
            **_document_features(question, hit, found),
            **_value_features(question, passage, plain),
            "silent": float(passage.silent),
            "advice": float(passage.kind in ("提示", "实例")),
        }

    def _word_features(self, question: Question, hit: Hit, whole: str, plain: str) -> dict[str, float]:
        weights = {w: self.weight_of(w) for w in question.words}
        total = sum(weights.values()) or 1.0
        covered = {w: self.texts.share(w, whole) for w in weights}
        in_text = {w: self.texts.share(w, plain) for w in weights}
        things = [w for w in weights if w not in question.names]
        missing = [weights[w] * (1 - covered[w]) for w in weights]
        unknown = sum(v for w, v in weights.items() if not self._known(w))
        scale = 1.0 if not question.english or len(question.words) > 2 else 0.0
        idf = self._rarity(question.text)
        return {
            "covered": scale * sum(weights[w] * covered[w] for w in weights) / total,
            "covered_plain": scale * sum(weights[w] * in_text[w] for w in weights) / total,
            "things_covered": scale
            * sum(weights[w] * covered[w] for w in things)
            / (sum(weights[w] for w in things) or 1),
            "things_in_text": scale
            * sum(weights[w] * in_text[w] for w in things)
            / (sum(weights[w] for w in things) or 1),
            "thingless": float(not things),
            "missing_most": scale * max(missing, default=0.0) / 8,
            "missing_all": scale * sum(missing) / 16,
            "unknown": scale * unknown / total,
            "unknown_weight": scale * unknown / 8,
            "lexical": hit.lexical / idf,
            "characters": scale * _character_share(question, whole),
            "best_question": scale
            * max((_pair_share(question.text, q) for q in self.texts.questions(hit.passage)), default=0.0),
            "pairs": scale * _pair_share(question.text, plain),
            "english": float(question.english),
            "english_dense": (hit.dense - 0.85) * 10 if question.english and hit.dense else 0.0,
            "english_names": _ascii_share(question, whole) if question.english else 0.0,
            "wordless": float(not question.words),
            "short": float(len(question.words) <= 2),
        }

    def _statement_features(self, question: Question, passage: Passage) -> dict[str, float]:
        """How much of what the statement says was asked for, and how much it says besides.

        A statement that something is not written answers only who asked for that something.
        """
        weights = {w: self.weight_of(w) for w in self.texts.said(passage, self.index.words)}
        asked = sum(weight * self.texts.share(w, question.text) for w, weight in weights.items())
        total = sum(weights.values()) or 1.0
        silent = float(passage.silent)
        return {
            "asked_for": asked / total,
            "asked_for_silent": silent * asked / total,
            "besides": (total - asked) / 50,
            "besides_silent": silent * (total - asked) / 50,
            "length": len(passage.text) / 100,
        }

    def _rarity(self, text: str) -> float:
        """The rarity of all tokens of a text together; kept for the hits that follow of the same question."""
        kept_text, kept = self._last_rarity
        if kept_text != text:
            kept = sum(self.index.inverse_frequency(t) for t in self.index.words.tokens(text)) or 1.0
            self._last_rarity = (text, kept)
        return kept

    def _known(self, word: str) -> bool:
        if self.index.knows(word if word.isascii() else f"w{word}"):
            return True
        return not word.isascii() and all(self.index.knows(word[i : i + 2]) for i in range(len(word) - 1))


def _character_share(question: Question, whole: str) -> float:
    """The share of the characters of the carrying words that stand in the passage."""
    characters = set("".join(question.words))
    return sum(c in whole for c in characters) / len(characters) if characters else 0.0


def _pair_share(asked: str, text: str) -> float:
    """How alike two short texts are: common character pairs against those of both (Dice)."""
    one = {asked[i : i + 2] for i in range(len(asked) - 1)}
    other = {text[i : i + 2] for i in range(len(text) - 1)}
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _ascii_share(question: Question, whole: str) -> float:
    """How many of the numbers and names in Latin script of an English question stand in the passage."""
    names = [w for w in re.findall(r"[a-z]*\d[\d.]*|\b[A-Z][A-Za-z0-9]+\b", question.asked) if len(w) > 1]
    return sum(fold(n) in whole for n in names) / len(names) if names else 0.0


def _place_features(question: Question, document: Document, whole: str) -> dict[str, float]:
    local = document.region not in ("全国", "国际")
    named = bool(question.provinces)
    in_place = document.province in question.provinces or any(p in whole for p in question.provinces)
    cities_named = [c for c in question.cities if c in whole]
    return {
        "place_right": float(named and in_place),
        "place_wide": float(named and not in_place and not local),
        "place_wrong": float(named and not in_place and local),
        "place_unasked": float(local and not named),
        "city_right": float(bool(cities_named)),
        "city_missing": float(bool(question.cities) and not cities_named),
        "city_unasked": float("/" in document.region and not question.cities),
        "foreign": float(document.region == "国际"),
    }


def _document_features(question: Question, hit: Hit, found: Found) -> dict[str, float]:
    named = bool(found.named)
    return {
        "document_right": float(named and hit.passage.id in found.named),
        "document_other": float(named and hit.passage.id not in found.named),
        "document_unknown": float(bool(question.unknown_documents)),
        "clause_missing": float(found.missing_clause or found.missing_document),
    }


def _value_features(question: Question, passage: Passage, plain: str) -> dict[str, float]:
    made: dict[str, float] = {}
    for kind, pattern in _VALUE.items():
        wanted, there = kind in question.wants, bool(pattern.search(plain))
        made[f"{kind}_there"] = float(wanted and there)
        made[f"{kind}_lacking"] = float(wanted and not there and not passage.silent)
    years = [y for y in question.years if y in plain]
    made["year_right"] = float(bool(years))
    made["year_missing"] = float(bool(question.years) and not years and bool(_YEAR.search(plain)))
    fit = size_fit(question.energy_tce, plain) if question.energy_tce is not None else 0
    made["size_right"] = float(fit > 0)
    made["size_wrong"] = float(fit < 0)
    return made
