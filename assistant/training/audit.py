"""The audit of items: keys verified by engine or clause, no distractor true, no item twice, no clause missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.guard import check
from assistant.training.judging import RULES
from assistant.training.marking import ALL, mark
from assistant.training.model import ITEM_KINDS, Item
from assistant.training.reading import phrase, quoted
from assistant.training.retire import retired
from assistant.training.statements import Altered
from assistant.training.truth import Truth, alike
from assistant.training.work import engine_key
from corpus.library import Library
from corpus.model import Passage

_BLANK_KINDS = ("single", "number")
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit of one pool found: how many items, of which kinds, and every fault."""

    items: int
    kinds: Mapping[str, int]
    faults: tuple[str, ...]


def audit(items: Iterable[Item], library: Library) -> Audit:
    """Return the audit of items against the library and the scoring engine."""
    truth = Truth(library)
    pool = list(items)
    faults = [f"{one.id}：{fault}" for one in pool for fault in item_faults(one, truth)]
    faults += [f"{one.id}：{phrase('audit.retired')}" for one in retired(pool, library)]
    for name, values in (("id", [one.id for one in pool]), ("stem", [_asked(one) for one in pool])):
        faults += [f"{value}：{phrase(f'audit.twice_{name}')}" for value, count in Counter(values).items() if count > 1]
    return Audit(len(pool), {kind: sum(one.kind == kind for one in pool) for kind in ITEM_KINDS}, tuple(faults))


def _asked(item: Item) -> str:
    return "\n".join((item.stem, *item.left, *sorted(item.options))) if item.options else item.stem


def item_faults(item: Item, truth: Truth) -> Iterator[str]:
    """Yield what is wrong with an item, in words."""
    passages = truth.library.passages
    for source in item.sources:
        passage = passages.get(source.passage)
        if passage is None or passage.confidence not in ("A", "B") or not passage.place:
            yield phrase("audit.no_clause", source=source.passage)
    if not item.sources:
        yield phrase("audit.no_clause", source="")
    if len(set(item.options)) < len(item.options):
        yield phrase("audit.repeated")
    answer = item.figure or item.chosen
    if mark(item, answer).points != ALL:
        yield phrase("audit.key_unmarked")
    if item.recipe:
        yield from _engine_faults(item)
    elif item.made_by == "library":
        yield from _clause_faults(item, truth)


def _engine_faults(item: Item) -> Iterator[str]:
    key, _ = engine_key(item.recipe)
    verdicts = json.loads(item.recipe).get("verdicts", {})
    given = item.figure or item.options[item.chosen[0]]
    if given != verdicts.get(key, key):
        yield phrase("audit.engine", key=verdicts.get(key, key), given=given)


def _clause_faults(item: Item, truth: Truth) -> Iterator[str]:
    """Yield where the statement with the key is not borne out by its clause, or a distractor is."""
    own = truth.library.passages[item.sources[0].passage]
    if item.kind in _BLANK_KINDS and phrase("blank") in item.stem:
        key = item.figure or item.options[item.chosen[0]]
        text = item.stem.partition("：")[2].replace(phrase("blank"), key)
        for fault in check((f"{text}[1]",), {1: Citation(1, own, truth.library.document_of(own))}):
            if fault.kind != "肯定与否定":
                yield phrase("audit.key", fault=fault.message)
        for option, rule in zip(item.options, item.rules, strict=False):
            made = Altered(
                item.stem.partition("：")[2].replace(phrase("blank"), option), _figure_rule(rule), key, option
            )
            if rule and not truth.is_false(made, own):
                yield phrase("audit.true", option=option)
    elif item.kind == "single" and _quotation(item) not in quoted(own.text):
        yield phrase("audit.untrue", option=_quotation(item))
    if item.kind == "true_false":
        yield from _statement_faults(item, own, truth)
    if item.kind == "multiple":
        yield from _option_faults(item, truth)
    if item.kind == "clause":
        yield from _place_faults(item, own, truth)
    if item.kind == "match":
        for at, (left, right) in enumerate(zip(item.left, (item.options[k] for k in item.chosen), strict=True)):
            passage = truth.library.passages[item.sources[at].passage]
            said = (passage.text, truth.library.document_of(passage).title_in_marks)
            names_left = passage.factor or any(left.strip("《》") in text for text in said)
            if right not in passage.text or not names_left:
                yield phrase("audit.pair", left=left, right=right)


def _quotation(item: Item) -> str:
    return item.stem[item.stem.index("“") + 1 : item.stem.rindex("”")]


def _statement_faults(item: Item, own: Passage, truth: Truth) -> Iterator[str]:
    """Yield where a statement to judge is not what its key says: the clause's own words, or surely false."""
    text = _quotation(item)
    rule = item.rules[0]
    if not rule:
        if text not in quoted(own.text):
            yield phrase("audit.untrue", option=text)
    elif (
        text in quoted(own.text)
        or truth.borne_out_by(_difference(quoted(own.text), text, _rule_of(item)), own) is not None
    ):
        yield phrase("audit.true", option=text)


def _rule_of(item: Item) -> str:
    """Return the rule that made a statement wrong: the one that no reason on offer names."""
    shown = {one for one in item.rules if one not in ("", "right")}
    right = item.options[item.chosen[0]]
    return next(one for one in RULES if one not in shown and phrase(f"rules.{one}") in right)


def _difference(own: str, text: str, rule: str) -> Altered:
    """Return what was exchanged in a statement: the words between what both begin and end with."""
    left = next((n for n, (a, b) in enumerate(zip(own, text, strict=False)) if a != b), min(len(own), len(text)))
    tails = zip(own[left:].rstrip("。")[::-1], text[left:][::-1], strict=False)
    right = next((n for n, (a, b) in enumerate(tails) if a != b), 0)
    edge = max(0, left - 2)
    return Altered(text, rule, own[edge : len(own.rstrip("。")) - right], text[edge : len(text) - right])


def _place_faults(item: Item, own: Passage, truth: Truth) -> Iterator[str]:
    """Yield where the place of the key is not the clause's, or another place on offer says as much."""
    if not item.options[item.chosen[0]].endswith(own.place):
        yield phrase("audit.untrue", option=item.options[item.chosen[0]])
    text = _quotation(item)
    for at, option in enumerate(item.options):
        others = truth.at_place.get(option, ()) if at not in item.chosen else ()
        if any(alike(one.text, text) >= _ALIKE for one in others):
            yield phrase("audit.true", option=option)


def _option_faults(item: Item, truth: Truth) -> Iterator[str]:
    for at, (option, rule) in enumerate(zip(item.options, item.rules, strict=True)):
        passage = truth.library.passages[item.sources[at].passage]
        stands = option in passage.text
        if stands == bool(rule) or bool(rule) == (at in item.chosen):
            yield phrase("audit.true" if rule else "audit.untrue", option=option)


def _figure_rule(rule: str) -> str:
    return f"{rule}_figure" if rule in ("neighbour", "edition") else rule
