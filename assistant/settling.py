"""What the rules heard and what the tagger hears -> the figures: where it is likely enough, the tagger's word counts.

It takes a figure away, adds one, moves one to another fact, makes one clear or open, or one of a part; it hears that
there is none of something, and yes or no. Numbers are those of the amounts alone, and a fact whose unit does not fit
an amount is none of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.amounts import Amount
from assistant.fitting import Bound, fit
from assistant.kinds import kind_of
from assistant.plain import signs, words
from assistant.reading import Reading, Said
from assistant.tagger import Tag, Tagger, Tags, facts_named, is_zero_of, of_amounts, without
from assistant.turning import OF_OTHER_YEARS, figure_of
from corpus.errors import CorpusError
from scoring.park import definition_of

_DROP, _ADD, _MOVE = 0.5, 0.6, 0.8
"""How likely it has to be that an amount is none, that it is one of a fact, that it is of another fact."""
_CLEAR, _OPEN, _PART = 0.8, 0.6, 0.8
"""How likely that it is clear, that it is not, that it is of a part."""
_NO_ZERO, _ZERO, _REPLY, _STATED = 0.97, 0.7, 0.7, 0.8
"""How likely that a zero is none, that there is none of a name, that a message replies, that it says yes or no.

All were chosen on messages of four writers that the network had not seen then.
"""
_HALF = 0.5
_FITS = 0.5
"""Where what fits the unit is less likely than this, the tagger has nothing to say of an amount."""


def settled(reading: Reading, heard: Sequence[Said], tagger: Tagger) -> list[Said]:
    """Return the figures of a message.

    Args:
        reading: the message.
        heard: what the rules heard.
        tagger: hears it once more; of facts that it does not know, and where it fails, the rules decide.
    """
    something = reading.text.plain.strip() and (reading.amounts or reading.asked or facts_named(reading))
    if not something or (reading.asked and reading.asked not in tagger.known):
        return list(heard)
    try:
        return _settled(reading, heard, tagger)
    except CorpusError:  # the embedding model fails: said where a question needs it
        return list(heard)


def _settled(reading: Reading, heard: Sequence[Said], tagger: Tagger) -> list[Said]:
    # Of amounts and names a yes-or-no question that was asked says nothing.
    yes_or_no = bool(reading.asked) and not reading.is_number(reading.asked)
    apart = yes_or_no and bool(reading.amounts or facts_named(reading))
    tags = tagger.tags(reading.unasked() if apart else reading, heard)
    mine = of_amounts(reading, heard)
    others = without(heard, mine)
    found: list[Said] = []
    for amount, one, tag in zip(reading.amounts, mine, tags.amounts, strict=True):
        left = tag is None or not _is_open_to(reading, amount, one, tagger.known)
        kept = one if left or tag is None else _amount(reading, amount, one, tag, tagger.known)
        found += [kept] if kept is not None else []
        if one is not None and kept is None:  # 汽油柴油各30吨: one amount, two figures
            others = [each for each in others if not _of_same(reading, amount, each)]
    found = [_alone(one, mine, found) for one in found]
    found += _names(reading, others, tags, {fact for one in found for fact in one.facts})
    if reading.asked and not any(one.facts for one in (*heard, *found)):
        found += _replies(reading, tagger.tags(reading, heard) if apart else tags)
    return [*found, *_stated(reading, found, tags)]


def _alone(one: Said, before: Sequence[Said | None], found: Sequence[Said]) -> Said:
    """Return a figure, clear where it was open only beside others of its fact, which are gone.

    发了2000万度，自用1500万度: when the first is none, the second is all there is.
    """
    if one.fact or len(one.candidates) != 1 or not one.several or one.bare:
        return one
    peers = [other for other in before if other is not None and other is not one and one.facts & other.facts]
    left = [other for other in found if other is not one and one.facts & other.facts]
    return replace(one, fact=one.candidates[0], candidates=(), several=False) if peers and not left else one


def _is_open_to(reading: Reading, amount: Amount, heard: Said | None, known: frozenset[str]) -> bool:
    """Whether the tagger is heard of an amount: no change, nothing that was put right, and of facts that it knows."""
    if amount.points or (amount.number is None and amount.low is None):
        return False
    if heard is None:
        return amount not in reading.put_right
    return not heard.change and heard.facts <= known


def _of_same(reading: Reading, amount: Amount, one: Said) -> bool:
    """Whether a figure without an amount of its own is of this amount too."""
    _, start, end = reading.text.raw(*amount.wide)
    return isinstance(one.value, Decimal) and bool(one.value) and one.start <= start and end <= one.end


def _amount(reading: Reading, amount: Amount, heard: Said | None, tag: Tag, known: frozenset[str]) -> Said | None:
    """Return what an amount says."""
    fitting: dict[str, Bound] = {}
    for fact in tag.facts:
        bound = fit(reading, (fact,), amount, None) if fact in known and reading.knows(fact) else None
        if bound is not None and fact in bound.facts:
            fitting[fact] = bound
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
    named = heard.fact and best == reading.asked and not kind_of((best, heard.fact))  # 固废12万吨, asked for energy
    if best and best not in heard.facts and chance > _MOVE and not named:
        bound = fitting[best]
        moved = _figure(reading, amount, replace(bound, loose=bound.loose or heard.doubted), tag)
        return replace(moved, part=moved.part or ("" if best == OF_OTHER_YEARS else heard.part), doubted=heard.doubted)
    doubtful = heard.bare or heard.doubted or heard.several or heard.unit == "1"
    if not heard.fact and not doubtful and chance * tag.clear > _CLEAR and not fitting[best].loose:
        made = _figure(reading, amount, fitting[best], tag)
        return replace(made, part=heard.part or made.part)
    if not heard.part and tag.part > _PART:
        return replace(heard, part=_part(reading, amount))
    if heard.fact == best and heard.fact != reading.asked and not heard.part and 1 - tag.clear > _OPEN:
        return replace(heard, fact="", candidates=(best,))
    return heard


def _figure(reading: Reading, amount: Amount, bound: Bound, tag: Tag) -> Said:
    clause = reading.clauses[reading.clause_at(amount.start)]
    part = tag.part > _PART
    loose = bound.loose or (tag.clear < _HALF and not part)
    made = figure_of(reading, amount, replace(bound, loose=loose), clause)
    return replace(made, part=_part(reading, amount)) if part and not made.part else made


def _part(reading: Reading, amount: Amount) -> str:
    """Return the words before an amount in its clause that name a part of the year or the park, or that it is one."""
    clause = reading.clauses[reading.clause_at(amount.start)]
    lead = reading.text.plain[clause.start : amount.wide[0]]
    named = [m for one in ("part", "share_of_park", "company") if (m := signs()[one].search(lead)) is not None]
    if not named:
        return words()["some_part"]
    return reading.text.raw(clause.start + named[0].start(), clause.start + named[0].end())[0]


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
        own = {one: tag.facts.get(one, 0.0) for one in name.of if one not in some and reading.may_be_zero(one)}
        best = max(own, key=lambda fact: own[fact], default="")
        if best and own[best] > _ZERO:
            every = tag.every > _HALF and len(own) > 1
            said = reading.text.raw(name.start, name.end)
            facts = tuple(own) if every else ()
            yield Said("" if every else best, facts, Decimal(0), reading.unit_of(best), *said, every=every)
    yield from without(others, gone)


def _replies(reading: Reading, tags: Tags) -> Iterator[Said]:
    """Yield what the whole of a message that says nothing else says of what was asked."""
    if not tags.whole or any(one.asks for one in reading.clauses):
        return
    definition, unit = definition_of(reading.asked, reading.rules)
    none = {"zero": Decimal(0)} if reading.may_be_zero(reading.asked) else {}
    values = {"number": none, "yes_no": {"yes": True, "no": False}, "declaration": {"yes": True}}
    for reply, value in values.get(definition.kind, {}).items():
        if tags.reply[reply] > _REPLY:
            yield Said(reading.asked, (), value, unit, *reading.text.raw(0, len(reading.text.plain)))


def _stated(reading: Reading, found: Sequence[Said], tags: Tags) -> Iterator[Said]:
    """Yield the yes and no that a message without a question says of its own accord."""
    if reading.asked or not tags.whole or any(one.asks or reading.taken_back(one) for one in reading.clauses):
        return
    told = {one.fact for one in found}
    for fact, chances in tags.stated.items():
        mine = fact not in told and reading.knows(fact) and fact not in words()["only_asked"]
        if mine and max(chances) > _STATED and definition_of(fact, reading.rules)[0].kind == "yes_no":
            said = reading.text.raw(0, len(reading.text.plain))
            yield Said(fact, (), chances[1] > chances[0], reading.unit_of(fact), *said)
