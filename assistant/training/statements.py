"""A fact made wrong by one rule: digit, unit, comparator, strength, scope, edition or neighbor.

What comes out is only proposed; truth.py decides whether it is false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from assistant.training.reading import read_file
from corpus.figures import Figure, read_figures
from corpus.model import Passage

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ATTRIBUTION = re.compile(r"（(?:发改环资〔2025〕)?910号(?:附件\d)?）(?=。?$)")
_UNCOUNTED = ("号", "批", "期", "版", "页", "选", "次", "世纪")
_LONGEST_SPAN = 60
"""Years beyond this are the horizon of a quantity (100年增温潜势), not a term."""
_NEGATION = re.compile("没有|不能|不得|未|无")
_GIVES_AWAY = re.compile("只[说给写]|由各省|请示|应问|要按|属鼓励")
"""Words beside a denial that would contradict it once it is turned round."""
_INSIDE = re.compile(r"《[^》]*》|“[^”]*”|〔\d+〕|GB/T ?[\d.-]+|T/[A-Z]+[-A-Z]* ?[\d-]+|第\d+项|\d+号|附件\d[-\d]*")


@dataclass(frozen=True, slots=True)
class Altered:
    """A statement made wrong: the whole text, the rule, and the words exchanged."""

    text: str
    rule: str
    was: str
    now: str


def bare(text: str) -> str:
    """Return the statement without the attribution at its end, and without a full stop."""
    return _ATTRIBUTION.sub("", text).rstrip("。")


def asked_figures(passage: Passage) -> list[Figure]:
    """Return the figures of a fact that may be asked for: values that are not part of a name or number."""
    text = passage.text
    inside = [m.span() for m in _INSIDE.finditer(text)]
    return [
        figure
        for figure in read_figures(text)
        if figure.kind == "number"
        and figure.value is not None
        and (figure.unit or figure.comparator)
        and figure.unit not in _UNCOUNTED
        and not figure.rough
        and figure.comparator != "approx"
        and not (figure.unit == "年" and figure.value > _LONGEST_SPAN)
        and _DIGITS.search(figure.text)
        and not any(a < figure.span[1] and figure.span[0] < b for a, b in inside)
    ]


def altered(passage: Passage, random: Random) -> list[Altered]:
    """Return the fact made wrong in every way the rules offer, at most one for each rule and place.

    What says that something is not written can only be turned round: with other figures or names it may still be true.
    """
    if passage.silent or "没有" in passage.text:
        if len(_NEGATION.findall(passage.text)) > 1 or _GIVES_AWAY.search(passage.text):
            return []
        return [one for one in _words(passage.text) if one.rule == "strength"]
    found = [
        *_words(passage.text),
        *(one for f in asked_figures(passage) for one in altered_figure(passage, f, random)),
    ]
    return list(dict.fromkeys(one for one in found if one.text != passage.text))


def altered_figure(passage: Passage, figure: Figure, random: Random) -> list[Altered]:
    """Return the fact with one figure made wrong: in its digits, its unit or its comparator."""
    text, (start, end) = passage.text, figure.span
    made: list[Altered] = []
    for rule, now in (*_digits(figure.text, random), *_units(figure.text), *_comparators(figure.text)):
        made.append(Altered(f"{text[:start]}{now}{text[end:]}", rule, figure.text, now))
    return made


def with_figure(passage: Passage, figure: Figure, now: str, rule: str) -> Altered:
    """Return the fact with other words in place of a figure."""
    text, (start, end) = passage.text, figure.span
    return Altered(f"{text[:start]}{now}{text[end:]}", rule, figure.text, now)


def written_number(value: Decimal, like: str) -> str:
    """Return a number with as many decimals as another was written with."""
    decimals = len(like.partition(".")[2])
    return f"{value:.{decimals}f}" if decimals else f"{value.to_integral_value()}"


def _digits(text: str, random: Random) -> Iterator[tuple[str, str]]:
    m = _DIGITS.search(text)
    assert m is not None
    written = m[0].replace(",", "")
    value = Decimal(written)
    choices: list[str] = []
    if "." in written:
        digits = written.partition(".")[2]
        for at in range(len(digits) - 1):
            if digits[at] != digits[at + 1]:
                swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
                choices.append(f"{written.partition('.')[0]}.{swapped}")
        choices += [_shifted(written, 1), _shifted(written, -1)]
        if len(digits) == 1:
            choices += [written_number(value * 2, written), written_number(value + Decimal("0.1"), written)]
    elif value <= 12:
        choices += [str(value + step) for step in (-2, -1, 1, 2, 3) if value + step > 0]
    else:
        step = 5 if value % 5 == 0 and value < 100 else 10 ** (len(written) - 2 if len(written) > 2 else 0)
        choices += [str(value + step * n) for n in (-2, -1, 1, 2) if value + step * n > 0]
        choices += [f"{written}0"] if value < 60 or "%" not in text else []
    if "%" in text:
        choices = [one for one in choices if Decimal(one) <= 100]
    random.shuffle(choices)
    for one in dict.fromkeys(choices):
        if Decimal(one) != value:
            yield "digit", text[: m.start()] + one + text[m.end() :]


def _shifted(written: str, places: int) -> str:
    value = Decimal(written).scaleb(places)
    return f"{value.normalize():f}"


def _units(text: str) -> Iterator[tuple[str, str]]:
    units: Mapping[str, list[str]] = read_file("alterations.yaml")["units"]
    m = re.search(r"\d[\d,.]*\s*(\D+?)(?=$|以上|以下|及以上|以内)", text)
    if m is None:
        return
    for other in units.get(m[1].strip(), ()):
        yield "unit", text[: m.start(1)] + other + text[m.start(1) + len(m[1].strip()) :]


def _comparators(text: str) -> Iterator[tuple[str, str]]:
    for was, *others in read_file("alterations.yaml")["words"]["comparator"]:
        if was in text:
            for other in others:
                yield "comparator", text.replace(was, other, 1)
            return


def _words(text: str) -> Iterator[Altered]:
    settings: Mapping[str, Any] = read_file("alterations.yaml")
    for rule, lines in settings["words"].items():
        taken: list[tuple[int, int]] = []
        for was, *others in lines:
            at = text.find(was)
            span = (at, at + len(was))
            # of 原则上不得 only the whole, not 不得; words in a title or a quotation stay
            wanted = settings["needs"].get(was, "")
            if at < 0 or wanted not in text or any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if _named(text, span, rule):
                continue
            taken.append(span)
            for other in others:
                if other not in text:
                    yield Altered(text[:at] + other + text[at + len(was) :], rule, was, other)


def _named(text: str, span: tuple[int, int], rule: str) -> bool:
    if rule == "edition":
        return False
    names = re.finditer(r"《[^》]*》|国家发展改革委[、和会与]|、(?:工业和信息化部|国家能源局)|国家统计局|通用名", text)
    return any(m.start() < span[1] and span[0] < m.end() for m in names)
