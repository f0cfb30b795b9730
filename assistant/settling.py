"""What the rules heard and what the tagger hears -> the figures: where it is likely enough, the tagger's word counts.

It takes a figure away, adds one, moves one to another fact, makes one clear or open, or one of a part. The values are
those of the amounts; a fact whose unit does not fit an amount is none of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.amounts import Amount
from assistant.fitting import Bound, fit
from assistant.reading import Reading, Said
from assistant.tagger import Tag, Tagger, Tags, facts_named, is_zero_of, of_amounts
from assistant.turning import figure_of
from corpus.errors import CorpusError
from scoring.park import definition_of

_DROP, _ADD, _MOVE, _CLEAR, _OPEN, _PART = 0.5, 0.6, 0.8, 0.8, 0.6, 0.8
_NO_ZERO, _ZERO, _REPLY, _STATED = 0.97, 0.7, 0.7, 0.8
"""How likely each has to be; chosen on messages of four writers that the network had not seen."""
_HALF = 0.5
_FITS = 0.1
"""Where what fits the unit is less likely than this, the tagger has nothing to say of an amount."""


def settled(reading: Reading, heard: Sequence[Said], tagger: Tagger) -> list[Said]:
    """Return the figures of a message.

    Args:
        reading: the message.
        heard: what the rules heard.
        tagger: hears it once more; of facts that it does not know the rules decide.
    """
    known = tagger.known
    strange = {fact for one in heard for fact in one.facts if not one.every} - known
    if (reading.asked and reading.asked not in known) or strange or not _worth_it(reading):
        return list(heard)
    try:
        tags = tagger.tags(reading, heard)
    except CorpusError:  # the embedding model fails: said where a question needs it
        return list(heard)
    mine = of_amounts(reading, heard)
    others = [one for one in heard if not any(one is other for other in mine)]
    found: list[Said] = []
    for amount, one, tag in zip(reading.amounts, mine, tags.amounts, strict=True):
        kept = one if tag is None or (one is not None and one.change) else _amount(reading, amount, one, tag)
        found += [kept] if kept is not None else []
    found += _names(reading, others, tags, {fact for one in found for fact in one.facts})
    return [*found, *_replies(reading, found, tags), *_stated(reading, found, tags)]


def _worth_it(reading: Reading) -> bool:
    return bool(reading.text.plain.strip() and (reading.amounts or reading.asked or facts_named(reading)))


def _amount(reading: Reading, amount: Amount, heard: Said | None, tag: Tag) -> Said | None:
    """Return what an amount says."""
    fitting = {fact: bound for fact in tag.facts if (bound := fit(reading, (fact,), amount, None)) is not None}
    whole = tag.none + sum(tag.facts[fact] for fact in fitting)
    if whole < _FITS:
        return heard
    chances = {fact: tag.facts[fact] / whole for fact in fitting}
    best = max(chances, key=lambda fact: chances[fact], default="")
    chance = chances.get(best, 0.0)
    if heard is None or not heard.facts:
        return _figure(reading, amount, fitting[best], tag) if chance > _ADD else heard
    if tag.none / whole > _DROP:
        return None
    if best and best not in heard.facts and chance > _MOVE:
        moved = _figure(reading, amount, fitting[best], tag)
        return replace(moved, part=heard.part or moved.part, year=heard.year)
    if not heard.fact and heard.unit != "1" and chance * tag.clear > _CLEAR:
        made = _figure(reading, amount, replace(fitting[best], loose=False), tag)
        return replace(made, part=heard.part or made.part) if made.fact else heard
    if heard.fact == best and heard.fact != reading.asked and 1 - tag.clear > _OPEN:
        heard = replace(heard, fact="", candidates=(best,))
    return replace(heard, part=_part(reading, amount)) if not heard.part and tag.part > _PART else heard


def _figure(reading: Reading, amount: Amount, bound: Bound, tag: Tag) -> Said:
    loose = bound.loose or tag.clear < _HALF
    clause = reading.clauses[reading.clause_at(amount.start)]
    made = figure_of(reading, amount, replace(bound, loose=loose), clause)
    return replace(made, part=_part(reading, amount)) if not made.part and tag.part > _PART else made


def _part(reading: Reading, amount: Amount) -> str:
    """Return the words that tell a part of the year or the park: those before the amount in its clause."""
    clause = reading.clauses[reading.clause_at(amount.start)]
    start = max([clause.start, *(one.wide[1] for one in reading.amounts if one.wide[1] <= amount.wide[0])])
    lead = reading.text.plain[start : amount.wide[0]]
    return reading.text.raw(start, amount.wide[0])[0] if lead.strip() else reading.text.raw(*amount.wide)[0]


def _names(reading: Reading, others: Sequence[Said], tags: Tags, some: set[str]) -> Iterator[Said]:
    """Yield the figures without an amount, and zeros of what a name says there is none of; `some`: what there is."""
    gone: list[Said] = []
    for name, tag in zip(facts_named(reading), tags.names, strict=True):
        if tag is None:
            continue
        zeros = [one for one in others if is_zero_of(name, one, reading)]
        if zeros:
            gone += zeros if tag.none > _NO_ZERO else []
            continue
        own = {fact: chance for fact, chance in tag.facts.items() if reading.may_be_zero(fact)}
        best = max(own, key=lambda fact: own[fact], default="")
        if best and own[best] > _ZERO and best not in some:
            every = tag.every > _HALF and len(name.of) > 1
            said = reading.text.raw(name.start, name.end)
            facts = name.of if every else ()
            yield Said("" if every else best, facts, Decimal(0), reading.unit_of(best), *said, every=every)
    yield from (one for one in others if not any(one is other for other in gone))


def _replies(reading: Reading, found: Sequence[Said], tags: Tags) -> Iterator[Said]:
    """Yield what the whole message says of what was asked, where nothing else is said."""
    if not reading.asked or found:
        return
    definition, unit = definition_of(reading.asked, reading.rules)
    values = {"zero": Decimal(0)} if definition.kind == "number" else {"yes": True, "no": False}
    for reply, value in values.items():
        if tags.reply[reply] > _REPLY and (reply != "zero" or reading.may_be_zero(reading.asked)):
            yield Said(reading.asked, (), value, unit, *reading.text.raw(0, len(reading.text.plain)))


def _stated(reading: Reading, found: Sequence[Said], tags: Tags) -> Iterator[Said]:
    """Yield the yes and no that the message says of what was not asked."""
    told = {one.fact for one in found}
    for fact, chances in tags.stated.items():
        if fact not in told and fact != reading.asked and fact in reading.rules.facts and max(chances) > _STATED:
            value = chances[1] > chances[0]
            yield Said(fact, (), value, reading.unit_of(fact), *reading.text.raw(0, len(reading.text.plain)))


__all__ = ["settled"]
