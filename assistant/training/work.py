"""Small parks to work out: figures are drawn, the scoring engine gives the key and the working."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from random import Random
from typing import Any

from assistant.training.model import Item, item_id, source_of
from assistant.training.reading import phrase, read_file
from corpus.library import Library
from scoring.assess import assess
from scoring.load import load_rules
from scoring.model import ParkData, Rules, Step
from scoring.park import Entry, read_park
from scoring.resolve import Resolver
from scoring.units import convert, plain

_RULES = "national-2025"
_SOURCE = "given"
_YEAR = 2025


@cache
def rules_at_hand() -> Rules:
    """Return the built-in rules, read once."""
    return load_rules()


def work_items(library: Library, random: Random, *, each: int = 3) -> Iterator[Item]:
    """Yield `each` items of every template whose sources are in the library."""
    for template in read_file("work.yaml"):
        if not all(one in library.passages for one in template["sources"]):
            continue
        seen: set[str] = set()
        for _ in range(each * 4):
            drawn = {name: _drawn(bounds, random) for name, bounds in template["draw"].items()}
            item = work_item(template, drawn, library, random)
            if item.id not in seen:
                seen.add(item.id)
                yield item
            if len(seen) == each:
                break


def work_item(template: Mapping[str, Any], drawn: Mapping[str, str], library: Library, random: Random) -> Item:
    """Return the item of a template with the figures drawn."""
    facts = {key: text.format(**drawn) for key, text in template["facts"].items()}
    recipe = {name: template[name] for name in ("ask", "unit", "decimals", "judge", "verdicts") if name in template}
    recipe_text = json.dumps({"facts": facts, **recipe}, ensure_ascii=False, sort_keys=True)
    passages = [library.passages[one] for one in template["sources"]]
    key, working = engine_key(recipe_text)
    item = Item(
        "", "work", template["topic"], int(template.get("difficulty", 2)), template["stem"].format(**drawn), (), key,
        "\n".join([working, *_clauses(passages, library)]),
        tuple(source_of(one, library.document_of(one)) for one in passages),
        made_by="engine", unit=template.get("unit", ""), recipe=recipe_text,
    )  # fmt: skip
    if "judge" in template:
        texts = list(template["verdicts"].values())
        random.shuffle(texts)
        right = template["verdicts"][key]
        rules = tuple("" if text == right else "scope" for text in texts)
        item = replace(item, options=tuple(texts), key=(texts.index(right),), rules=rules)
    return replace(item, id=item_id("work", item.stem, (), key))


def engine_key(recipe: str) -> tuple[str, str]:
    """Return what the engine answers to a recipe, and its working: a figure with unit, or a verdict."""
    made = json.loads(recipe)
    park = _park(made["facts"])
    if "judge" in made:
        result = assess(park, rules_at_hand().rubric(_RULES), rules_at_hand(), edges=False, suggest=False)
        found = result.result(made["judge"])
        return found.verdict, phrase("work_given", working=found.reason)
    step = Resolver(park, rules_at_hand()).step(made["ask"])
    assert isinstance(step.value, Decimal), step
    value = step.value * 100 if made["unit"] == "%" else convert(step.value, step.unit, made["unit"])
    shown = _rounded(value, int(made["decimals"]))
    return f"{shown}{'' if made['unit'] == '%' else ' '}{made['unit']}", phrase("work_given", working=_working(step))


def _park(facts: Mapping[str, str]) -> ParkData:
    entries = {key: Entry(text, _SOURCE) for key, text in facts.items()}
    return read_park("", _YEAR, entries, rules_at_hand())


def _drawn(bounds: list[str], random: Random) -> str:
    low, high, step = (int(one) for one in bounds)
    return str(random.randrange(low, high + step, step))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return plain(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN))


def _working(step: Step) -> str:
    """Return the steps that lead to a value, inputs first, each once."""
    lines: list[str] = []

    def tell(one: Step) -> None:
        for inner in one.inputs:
            tell(inner)
        if isinstance(one.value, Decimal) and (one.value or one.origin == "formula"):
            lines.append(phrase("working_step", label=one.label, value=f"{_short(one.value)} {one.unit}"))

    tell(step)
    return "；".join(dict.fromkeys(lines))


def _short(value: Decimal) -> str:
    return f"{plain(_rounded(value, 6)):f}"


def _clauses(passages: list[Any], library: Library) -> Iterator[str]:
    for one in passages:
        document = library.document_of(one)
        yield phrase(
            "explanation", title=document.title_in_marks, number=document.number, place=one.place, text=one.text
        )
