"""Names and units typed by sound, put right before figures are read: 绿店 -> 绿电, 三千六百万渡 -> 三千六百万度.

    spelled = by_sound(names)
    heard("绿店三千六百万渡", spelled)      -> "绿电三千六百万度", as long as before

Only what is no word itself is put right, where it sounds like a name and shares a character with it; a unit of one
character only right behind a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.plain import words
from corpus.spelling import sound
from corpus.words import Words

_HAN = re.compile("[一-鿿]{2,}")
_LENGTHS = (5, 4, 3, 2)
_LEVELED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True, slots=True)
class Spelled:
    """Names as they are spelled, and those of two characters or more by their sound."""

    names: frozenset[str]
    sounds: Mapping[str, str]


@cache
def _words() -> Words:
    return Words()


@lru_cache(maxsize=10_000)
def _sound(character: str) -> str:
    """Return how a character sounds; z and zh are one."""
    said = sound(character)
    for one, other in _LEVELED:
        said = said.replace(one, other)
    return said


def _sounds_of(text: str) -> str:
    return " ".join(map(_sound, text))


def by_sound(names: Iterable[str]) -> Spelled:
    """Return names with their sounds; no sound that two names have."""
    every = frozenset((*names, *words()["heard"]))
    found: dict[str, set[str]] = {}
    for name in every:
        if _HAN.fullmatch(name) and len(name) <= _LENGTHS[0]:
            found.setdefault(_sounds_of(name), set()).add(name)
    sounds = {said: next(iter(same)) for said, same in found.items() if len(same) == 1}
    return Spelled(every | set(words()["spelled"]), sounds)


def heard(text: str, spelled: Spelled) -> str:
    """Return the text with what was typed by sound put right."""
    text = _with_units(text)
    for run in _HAN.finditer(text):
        for length in _LENGTHS:
            for start in range(run.start(), run.end() - length + 1):
                window = text[start : start + length]
                meant = spelled.sounds.get(_sounds_of(window), window)
                if meant != window and _is_mistyped(text, start, meant, spelled):
                    text = text[:start] + meant + text[start + length :]
    return text


def _is_mistyped(text: str, start: int, meant: str, spelled: Spelled) -> bool:
    """Whether no character that would be put right is of a word as it stands, and one stays."""
    wrong = [start + i for i, c in enumerate(meant) if text[start + i] != c]
    apart = not any(text[place] in words()["never_mistyped"] for place in wrong)
    return apart and len(wrong) < len(meant) and not any(_in_word(text, place, spelled) for place in wrong)


def _in_word(text: str, place: int, spelled: Spelled) -> bool:
    """Whether a character is part of a word or name of two to four characters, a unit before it apart."""
    first = max(place - 3, 0)
    counted = re.compile(words()["counted"]).search(text, max(first - 1, 0), place)
    first = counted.end() if counted else first
    spans = ((a, b) for a in range(first, place + 1) for b in range(max(place + 1, a + 2), min(a + 4, len(text)) + 1))
    pieces = (text[a:b] for a, b in spans)
    return any(_HAN.fullmatch(one) and (one in spelled.names or _words().knows(one)) for one in pieces)


def _with_units(text: str) -> str:
    """Return the text with units of one character put right behind numbers: 80顿, 三千万渡."""
    for m in re.finditer(words()["counted_by_sound"], text):
        unit = words()["units_by_sound"].get(_sound(m[0]), m[0])
        spoken = unit != m[0] and m[0] not in words()["never_mistyped"]
        following = text[m.start() : m.end() + 1]
        if spoken and not (len(following) > 1 and _words().knows(following)):
            text = text[: m.start()] + unit + text[m.end() :]
    return text
