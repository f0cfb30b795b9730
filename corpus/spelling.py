"""Typing errors by sound, mended from the library's own words: 绿正 -> 绿证. What it needs is kept with the index."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.library import Library
from corpus.words import Words, fold

_HAN = re.compile(r"[一-鿿]")
_FUNCTION = frozenset("那哪拿个的了么吗呢这是有在要到和与不没就都也还多少几我你他她您咱")
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """The library's words by sound, and its pairs of neighboring characters.

    Attributes:
        sounds: toneless sound -> the most frequent word of two or more characters with that sound.
        pairs: every pair of neighboring characters; a text that has others may be mistyped.
    """

    sounds: Mapping[str, str]
    pairs: frozenset[str]

    @classmethod
    def of(cls, library: Library, words: Words) -> Spelling:
        """Return the spelling of a library's facts and titles; how people ask is no model of spelling."""
        counts: Counter[str] = Counter()
        pairs: set[str] = set()
        for passage in library.passages.values():
            text = fold(f"{library.document_of(passage).title} {passage.text}")
            counts.update({w for w in words.words(text) if len(w) > 1 and all(_HAN.match(c) for c in w)})
            pairs.update(text[i : i + 2] for i in range(len(text) - 1))
        asked = Counter(
            q[i : i + 2] for p in library.passages.values() for q in map(fold, p.questions) for i in range(len(q) - 1)
        )
        common = sorted((w for w, n in counts.items() if n >= _OFTEN), key=lambda w: counts[w])
        sounds = {sound(word): word for word in common}
        # Among the ways of asking are typing errors: a pair that sounds like a word of the facts is one.
        pairs.update(pair for pair, n in asked.items() if n >= _OFTEN and sounds.get(sound(pair), pair) == pair)
        return cls(sounds, frozenset(pairs))

    @classmethod
    def read(cls, file: Path) -> Spelling:
        """Return what `write` has kept."""
        record = json.loads(file.read_text(encoding="utf-8"))
        pairs = record["pairs"]
        return cls(record["sounds"], frozenset(pairs[i : i + 2] for i in range(0, len(pairs), 2)))

    def write(self, file: Path) -> None:
        """Keep it in a file."""
        record = {"sounds": dict(self.sounds), "pairs": "".join(sorted(self.pairs))}
        file.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def mend(self, folded: str, words: Words) -> tuple[str, tuple[str, ...]]:
        """Return the text, its strange words replaced by the library's own of the same sound, and which those are."""
        mended: list[str] = []
        for length in (4, 3, 2):
            for at, window in self._windows(folded, length, words):
                meant = self.sounds.get(sound(window), "")
                same = sum(a == b for a, b in zip(meant, window, strict=False))
                if meant and meant != window and same:
                    folded = folded[:at] + meant + folded[at + length :]
                    mended.append(f"{window}→{meant}")
        return folded, tuple(mended)

    def _windows(self, folded: str, length: int, words: Words) -> list[tuple[int, str]]:
        """Runs of whole words, `length` characters long, with a pair of characters that the library does not have."""
        starts: list[int] = []
        at = 0
        for word in words.cut(folded):
            starts.append(at)
            at += len(word)
        ends = {*starts[1:], at}
        found: list[tuple[int, str]] = []
        for start in starts:
            window = folded[start : start + length]
            strange = any(window[i : i + 2] not in self.pairs for i in range(length - 1))
            plain = all(_HAN.match(c) for c in window) and not _FUNCTION.intersection(window)
            if start + length in ends and strange and plain:
                found.append((start, window))
        return found


def sound(word: str) -> str:
    """Return how a word sounds, without tones."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(word))
