"""The numbers that Word counts for itself: 第一条, 4.1.2, （三）, which stand in no paragraph's text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    ["chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "chineseLegalSimplified"]
)
_DIGITS = frozenset({"decimal", "decimalFullWidth", "decimalHalfWidth"})


class Numbering:
    """Counts through a document's numbered paragraphs; ask it about each paragraph once, in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        part = _part(document)
        if part is None:
            return
        for abstract in part.iterchildren(f"{_W}abstractNum"):
            identity = abstract.get(f"{_W}abstractNumId")
            self._levels[identity] = {int(v.get(f"{_W}ilvl")): _level(v) for v in abstract.iterchildren(f"{_W}lvl")}
        for number in part.iterchildren(f"{_W}num"):
            self._abstract[number.get(f"{_W}numId")] = number.find(f"{_W}abstractNumId").get(f"{_W}val")

    def number_of(self, paragraph: Any) -> str:
        """Return what Word shows before a paragraph; empty for none and for bullets."""
        identity, depth = _wanted(paragraph)
        abstract = self._abstract.get(identity, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts[abstract]
        counts[depth] = counts.get(depth, levels[depth][2] - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        kind, pattern, _ = levels[depth]
        if kind == "bullet":
            return ""

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            start = levels[at][2] if at in levels else 1
            form = levels[at][0] if at in levels else "decimal"
            return written(counts.get(at, start), "decimal" if at != depth and kind in _DIGITS else form)

        return re.sub(r"%(\d)", shown, pattern)


def written(number: int, form: str) -> str:
    """Return a number as a form of Word writes it.

    >>> written(12, "chineseCountingThousand"), written(3, "decimalEnclosedCircle"), written(2, "lowerLetter")
    ('十二', '③', 'b')
    """
    if form in _CHINESE:
        import cn2an

        text = str(cn2an.an2cn(number))
        return text.removeprefix("一") if 10 <= number < 20 else text
    if form == "decimalEnclosedCircle" or form == "decimalEnclosedCircleChinese":
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((ord("a") if form == "lowerLetter" else ord("A")) + number - 1)
    if form in ("lowerRoman", "upperRoman"):
        text = _roman(number)
        return text.lower() if form == "lowerRoman" else text
    return "" if form == "none" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, sign in ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text, number = text + sign, number - value
    return text


def _part(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return None


def _level(element: Any) -> tuple[str, str, int]:
    def value(name: str, default: str) -> str:
        found = element.find(f"{_W}{name}")
        return str(found.get(f"{_W}val", default)) if found is not None else default

    start = value("start", "1")
    return value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdigit() else 1


def _wanted(paragraph: Any) -> tuple[str, int]:
    """Return the list and level of a paragraph, its own or its style's."""
    identity, depth = _stated(paragraph._p.pPr)
    style = paragraph.style
    for _ in range(10):
        if identity or style is None:
            break
        identity, of_style = _stated(style.element.pPr)
        depth = of_style if depth is None else depth
        style = style.base_style
    return identity or "", depth or 0


def _stated(properties: Any) -> tuple[str, int | None]:
    found = properties.find(f"{_W}numPr") if properties is not None else None
    if found is None:
        return "", None
    number, level = found.find(f"{_W}numId"), found.find(f"{_W}ilvl")
    depth = str(level.get(f"{_W}val")) if level is not None else ""
    return (str(number.get(f"{_W}val")) if number is not None else ""), int(depth) if depth.isdigit() else None
