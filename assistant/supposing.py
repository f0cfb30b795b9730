"""A supposition (如果绿电交易电量改成12亿kWh) -> fact id and amount as written, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assistant.grading import words
from scoring.model import ParkData, Rules
from scoring.park import definition_of
from scoring.units import plain

_CUT = re.compile(r"[，,；;。？?！!]|并且|同时|而且")
_ENOUGH = 0.6


def parts(question: str) -> list[str]:
    """Return the parts of a question that may each suppose one figure."""
    return _CUT.split(question)


def change(known: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the pattern of one supposition: what is changed, and to which amount with all of its unit.

    A unit that no rule knows (1000 亩) is kept, so that it is refused and not dropped.
    """
    verbs = "|".join(map(re.escape, sorted(known["changed_to"], key=len, reverse=True)))
    ends = "|".join(map(re.escape, known["after_amount"]))
    return re.compile(rf"(.+?)(?:{verbs})\s*([+-]?[\d.,]*\d\s*(?:(?!{ends})[^\s，,；;。？?！!、)])*)")


def shift(known: Mapping[str, Any]) -> re.Pattern[str]:
    """Return the pattern of a supposition by percent: what is changed, more or less, by how much."""
    signs = ("|".join(map(re.escape, sorted(known[sign], key=len, reverse=True))) for sign in ("more", "less"))
    return re.compile(r"(.+?)(?:({})|({}))\s*([\d.]*\d)\s*%".format(*signs))


def supposes(question: str) -> bool:
    """Whether the question puts a figure in the place of another."""
    patterns = change(words()), shift(words())
    return any(pattern.search(part) for part in parts(question) for pattern in patterns)


def changes_of(question: str, rules: Rules, known: Mapping[str, Any], park: ParkData | None = None) -> dict[str, str]:
    """Return the figures that a question supposes, fact id -> amount as written; nothing is guessed.

    So many percent more or less (增加 10%) is of what the park reported; of what it did not, nothing is supposed.
    """
    found: dict[str, str] = {}
    exact, relative = change(known), shift(known)
    for part in parts(question):
        if match := relative.search(part):
            key = fact_of(match[1], rules, known)
            fact = park.facts.get(key) if park is not None and key else None
            if key and fact is not None and isinstance(fact.value, Decimal):
                percent = Decimal(match[4]) if match[2] else -Decimal(match[4])
                amount = plain(fact.value * (100 + percent) / 100)
                found[key] = f"{amount:f} {definition_of(key, rules)[1]}".removesuffix(" 1")
        elif (match := exact.search(part)) and (key := fact_of(match[1], rules, known)):
            found[key] = match[2].strip()
    return found


def shifted(question: str, rules: Rules, known: Mapping[str, Any]) -> str | None:
    """Return the figure that a question would change by percent; None where it names none."""
    found = (match for part in parts(question) if (match := shift(known).search(part)))
    return next((key for match in found if (key := fact_of(match[1], rules, known))), None)


def fact_of(text: str, rules: Rules, known: Mapping[str, Any]) -> str | None:
    """Return the figure that a text names: by another name, by label, or by the name of a fuel or product."""
    for key, names in known["aliases"].items():
        if key in rules.facts and any(name in text for name in names):
            return str(key)
    scores: list[tuple[float, int, str]] = []
    for key, definition in rules.facts.items():
        name = core(definition.label)
        if definition.kind == "number" and definition.per is None:
            scores.append((_share(name, text), len(name), key))
    best = max(scores, default=(0.0, 0, ""))
    if best[0] >= _ENOUGH:
        return best[2]
    fuels = [(len(kind.label), member) for member, kind in rules.families["fuel"].members.items() if kind.label in text]
    return f"fuel_burned/{max(fuels)[1]}" if fuels else None


def core(label: str) -> str:
    """Return the label without what stands in brackets or before 其中."""
    return re.sub(r"[（(].*?[)）]", "", unicodedata.normalize("NFKC", label)).removeprefix("其中:").strip()


def _share(core: str, text: str) -> float:
    pairs: Sequence[str] = [core[i : i + 2] for i in range(len(core) - 1)]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
