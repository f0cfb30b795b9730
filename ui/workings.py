"""The working of every figure as numbered lines that a pocket calculator can follow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scoring.model import Assessment, Reference, Rules, Step
from scoring.write import WORKED, figure
from scoring.write import working as worked
from ui.grade_texts import GradeTexts

_LONG = re.compile(r"\d+\.\d+")
_DIGITS = 12
_SUM = re.compile(r"sum\((\[[^\[\]]*\]|[\d.]+), 0\)")
_BRACKETS = re.compile(r"(?<!\w)\((-?[\d.]+)\)")
_SIGNS = ((" * ", " × "), (" / ", " ÷ "), (" - ", " − "))


@dataclass(frozen=True, slots=True)
class Working:
    """One line of the working. `see` is the number of the line where the same figure is worked out, else 0."""

    number: int
    depth: int
    label: str
    working: str
    exact: str
    unit: str
    origin: str
    source: str
    see: int = 0


def clean(text: str) -> str:
    """Return the text without characters that no document can hold: controls and halves of pairs."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cn"))


def readable(text: str) -> str:
    """Return a figure or a working to be redone by hand: × and ÷, and of long figures twelve digits with … after."""
    for sign, shown in _SIGNS:
        text = text.replace(sign, shown)
    return _LONG.sub(_shortened, text)


def _shortened(match: re.Match[str]) -> str:
    written = match[0]
    leading = len(written.replace(".", "").lstrip("0"))
    extra = leading - _DIGITS
    if extra <= 0:
        return written
    whole, _, places = written.partition(".")
    kept = places[: max(len(places) - extra, 0)]
    return f"{whole}.{kept}…" if kept else f"{whole}.…"


def workings_of(
    assessment: Assessment, rules: Rules, texts: GradeTexts
) -> tuple[tuple[Working, ...], Mapping[str, int]]:
    """Return the lines of the working, and the line of each quantity; a figure is worked out once, then referred to."""
    rows: list[Working] = []
    numbers: dict[str, int] = {}
    roots = [
        *assessment.totals.values(),
        *(one.step for one in assessment.results if one.step is not None),
        *(step for _, step in assessment.besides),
    ]
    for root in roots:
        if root.name not in numbers:
            _descend(root, 0, rows, numbers, rules, texts)
    return tuple(rows), numbers


def _descend(
    step: Step, depth: int, rows: list[Working], numbers: dict[str, int], rules: Rules, texts: GradeTexts
) -> None:
    seen = numbers.get(step.name, 0)
    number = len(rows) + 1
    if not seen:
        numbers[step.name] = number
    formula = step.origin in WORKED and not seen
    value = "" if step.origin == "missing" and not step.inputs else figure(step.value)
    rows.append(
        Working(
            number,
            depth,
            step.label,
            spoken(worked(step), texts) if formula else "",
            value,
            "" if step.unit == "1" or not value else step.unit,
            texts.origins[step.origin],
            _source_of(step, rules, texts),
            seen,
        )
    )
    if formula:
        for one in step.inputs:
            _descend(one, depth + 1, rows, numbers, rules, texts)


def spoken(working: str, texts: GradeTexts) -> str:
    """Return a working as it is keyed into a calculator: sums written out, the other functions named in Chinese."""
    left, _, result = working.rpartition(" = ")
    whole = _SUM.fullmatch(left)
    left = _added(whole) if whole else _SUM.sub(lambda match: f"({_added(match)})", left)
    left = _BRACKETS.sub(r"\1", left)
    for name, word in texts.functions.items():
        left = re.sub(rf"\b{name}\(", f"{word}(", left)
    return f"{left} = {result}"


def _added(match: re.Match[str]) -> str:
    return " + ".join(part for part in match[1].strip("[]").split(", ") if part) or "0"


def _source_of(step: Step, rules: Rules, texts: GradeTexts) -> str:
    written = clean(step.written)
    parts = [written.removesuffix(" 1") if step.origin == "parameter" else written]
    if step.reference is not None:
        parts.append(place_of(step.reference, rules, texts))
    return texts.semicolon.join(part for part in parts if part)


def place_of(reference: Reference, rules: Rules, texts: GradeTexts) -> str:
    """Return where a number or rule stands: document, clause, confidence."""
    if reference.source == "project":
        return texts.own_value
    title = reference.title or rules.titles.get(reference.document, reference.document)
    confidence = texts.confidence.format(confidence=reference.confidence) if reference.confidence else ""
    return clean(" ".join(part for part in (title, reference.clause, confidence) if part))


def roots_of(assessment: Assessment) -> list[Step]:
    """Return the figures that the working is of."""
    steps = [one.step for one in assessment.results if one.step is not None]
    return [*steps, *assessment.totals.values(), *(step for _, step in assessment.besides)]


def every_step(roots: Iterable[Step]) -> Iterator[Step]:
    """Yield every step of the working once, from the top."""
    seen: set[str] = set()
    stack = list(reversed(list(roots)))
    while stack:
        step = stack.pop()
        if step.name not in seen:
            seen.add(step.name)
            yield step
            stack += reversed(step.inputs)
