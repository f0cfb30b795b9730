"""Values that smell wrong: beyond what the park's size and its other entries allow. Asked about, never changed.

The bands stand in `rules/smells.yaml`. Where some are broken, every single entry is tried at the usual slips (×10,
×1000, ×10⁴, kWh for GJ): the one that puts all bands right is the one to ask about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from functools import cache
from typing import Any, cast

from scoring.assess import EXACT
from scoring.cells import RULES, manner
from scoring.errors import ParkDataError
from scoring.interval import ONE, ZERO, ends
from scoring.model import Fact, FactDefinition, ParkData, Rules, Step
from scoring.park import definition_of
from scoring.resolve import Resolver
from scoring.source import read_yaml
from scoring.units import convert, measures, plain, read_amount
from scoring.wording import label_of, shown


@dataclass(frozen=True, slots=True)
class Question:
    """One value to be asked back: which fact, where it stands, and what is asked. Confirming it silences it.

    `times` is what the value would have to be multiplied by, where that is known.
    """

    key: str
    where: str
    what: str
    times: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


@dataclass(frozen=True, slots=True)
class Band:
    """A ratio of two figures and the span it should be in; `per` empty for the figure itself."""

    value: str
    per: str
    by_formula: bool
    low: Decimal
    high: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A band that does not hold: the ratio, and the facts that it rests on."""

    band: Band
    ratio: Decimal
    facts: tuple[str, ...]


@cache
def smells() -> Mapping[str, Any]:
    """Return the bands and tolerances of `rules/smells.yaml`, read once."""
    text = (RULES / "smells.yaml").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], read_yaml("smells.yaml", text).data)


@cache
def _bands() -> tuple[Band, ...]:
    return tuple(
        Band(
            one["value"],
            one["per"],
            one.get("by") == "formula",
            Decimal(one["low"]),
            Decimal(one["high"]),
            one["reason"],
        )
        for one in smells()["ratios"]
    )


@cache
def _times() -> tuple[Decimal, ...]:
    return (
        *(Decimal(one) for one in smells()["times"]),
        *(ONE / Decimal(one) for one in smells()["inverse_times"]),
    )


def questions(park: ParkData, rules: Rules, *, search: bool = True) -> list[Question]:
    """Return what has to be asked back about the park's figures.

    `search` looks for the one entry whose slip explains what is odd; without it only the odd ratio is named.
    """
    with localcontext(EXACT):
        found = [*_odd_units(park, rules), *_measured(park, rules)]
        asked = {one.key for one in found}
        for _ in range(int(smells()["rounds"])):
            broken = broken_bands(park, rules)
            if not broken:
                break
            slips = _slips(park, rules, broken) if search else []
            if not slips:
                found += [one for one in _unexplained(park, rules, broken) if one.key not in asked]
                break
            if slips[0].key not in asked:
                found.append(_ask(park, rules, slips, broken))
                asked.add(slips[0].key)
            park = _scaled(park, slips[0].key, slips[0].times)
    return found


def broken_bands(park: ParkData, rules: Rules) -> list[Broken]:
    """Return the bands that the park's figures break."""
    resolver = Resolver(park, rules)
    return [one for band in _bands() if (one := _broken(band, resolver)) is not None]


def _broken(band: Band, resolver: Resolver) -> Broken | None:
    facts = resolver.park.facts
    if band.by_formula and band.per not in facts:
        return None
    # a band on a plain fact that is not reported says nothing: spare the resolving
    if band.value not in facts and band.value in resolver.rules.facts and band.value not in resolver.rules.quantities:
        return None
    try:
        above = resolver.step(band.value)
        if band.per == "":
            below = None
        else:
            below = resolver.formula_step(band.per) if band.by_formula else resolver.step(band.per)
    except ParkDataError:
        return None
    bottom = None if below is None else below.value
    if isinstance(above.value, str) or isinstance(bottom, str):
        return None
    low, high = ends(above.value)
    least, most = (ONE, ONE) if bottom is None else ends(bottom)
    if (low == 0 and high == 0) or least <= 0:
        return None
    found = ZERO
    if high < band.low * least:
        found = high / least
    elif not most.is_infinite() and low > band.high * most:
        found = low / most
    else:
        return None
    steps = [above] if below is None else [above, below]
    return Broken(band, found, tuple(dict.fromkeys(name for one in steps for name in _facts_under(one))))


def _facts_under(step: Step) -> Iterator[str]:
    if step.origin == "fact":
        yield step.name
    for one in step.inputs:
        yield from _facts_under(one)


def _scaled(park: ParkData, key: str, times: Decimal) -> ParkData:
    fact = park.facts[key]
    assert isinstance(fact.value, Decimal)
    return replace(park, facts={**park.facts, key: replace(fact, value=plain(fact.value * times))})


@dataclass(frozen=True, slots=True)
class Slip:
    """An entry and what it may have to be multiplied by; the less the score, the better it explains what is odd.

    The score is: bands still broken, steps of the energy balance still off, whether the entry is itself out of its
    band, how far the balance is off, and how usual the slip is.
    """

    key: str
    times: Decimal
    score: tuple[Decimal, ...]


def _slips(park: ParkData, rules: Rules, broken: Sequence[Broken]) -> list[Slip]:
    """Return the slips that explain what is broken equally well, the likeliest first; one of an entry."""
    found: list[Slip] = []
    for key in dict.fromkeys(name for one in broken for name in one.facts):
        value = park.facts[key].value
        if not isinstance(value, Decimal) or value == 0 or definition_of(key, rules)[0].needs_source:
            continue
        direct = ZERO if any(key == one.band.value for one in broken) else ONE
        counted = measures(definition_of(key, rules)[1]) == measures("张")
        for rank, times in enumerate(_times()):
            if counted and value * times != (value * times).to_integral_value():
                continue
            left, off = _left(_scaled(park, key, times), rules, broken)
            steps = (off / rules.settings["total_tolerance_share"]).to_integral_value()
            # where the parts still do not add up it is another slip
            if left < len(broken) and steps <= ONE + ONE:
                found.append(Slip(key, times, (Decimal(left), steps, direct, off, Decimal(rank))))
    found.sort(key=lambda slip: slip.score)
    best = [slip for slip in found if slip.score[: 1 + 2] == found[0].score[: 1 + 2]]
    return list({slip.key: slip for slip in reversed(best)}.values())[::-1]


def _left(park: ParkData, rules: Rules, broken: Sequence[Broken]) -> tuple[int, Decimal]:
    """Return how many bands are broken after a slip is put right, and how far the energy balance is then off."""
    now = Resolver(park, rules)
    left = sum(_broken(band, now) is not None for band in _bands())
    off = ZERO
    balance = next((one for one in broken if one.band.by_formula), None)
    if balance is not None:
        low, high = ends(cast(Decimal, now.formula_step(balance.band.per).value))
        reported = ends(cast(Decimal, now.step(balance.band.per).value))[0]
        middle = low if high.is_infinite() else (low + high) / (ONE + ONE)
        if middle > 0 and reported > 0:
            off = max(middle / reported, reported / middle) - ONE
    return left, off


def _ask(park: ParkData, rules: Rules, slips: Sequence[Slip], broken: Sequence[Broken]) -> Question:
    key, times = slips[0].key, slips[0].times
    fact = park.facts[key]
    why = "；".join(dict.fromkeys(_why(one, rules) for one in broken if key in one.facts))
    what = (
        f"“{label_of(key, rules)}”填的是 {_written(fact, rules)}，看起来不对：{why}。{suggestion(fact, times, rules)}"
    )
    for other in slips[1:]:
        second = park.facts[other.key]
        where = f"“{label_of(other.key, rules)}”（{second.place or other.key}）"
        what += f"也可能是{where}：{suggestion(second, other.times, rules)}"
    return Question(key, fact.place or key, what, times)


def _why(one: Broken, rules: Rules) -> str:
    band = one.band
    name = label_of(band.value, rules)
    if band.per:
        base = "各分项折算之和" if band.by_formula else label_of(band.per, rules)
        name = f"{name}÷{base}"
    ratio = shown(one.ratio, "", rules).strip()
    return f"{name}是 {ratio}，一般在 {band.low} 到 {band.high} 之间（{band.reason}）"


def _written(fact: Fact, rules: Rules) -> str:
    _, unit = definition_of(fact.id, rules)
    assert isinstance(fact.value, Decimal)
    own = f"{plain(fact.value):f} {unit}"
    try:
        amount = read_amount(fact.written) if fact.written else None
    except ParkDataError:
        amount = None
    same = amount is None or not amount.unit or own == f"{plain(amount.number):f} {amount.unit}"
    return own if same else f"{fact.written}（{own}）"


def suggestion(fact: Fact, times: Decimal, rules: Rules) -> str:
    """Return the question back: 是否应为 1200 万kWh？ The unit that makes the slip good is named where there is one."""
    _, unit = definition_of(fact.id, rules)
    try:
        amount = read_amount(fact.written)
        written, number = amount.unit or unit, amount.number
    except ParkDataError:
        written, number = unit, cast(Decimal, fact.value)
    for other in _units_like(unit):
        try:
            if convert(ONE, other, unit) == convert(ONE, written, unit) * times:
                return f"是否应为 {plain(number):f} {other}？"
        except ParkDataError:
            continue
    assert isinstance(fact.value, Decimal)
    right = plain(fact.value * times)
    exact = right if len(right.as_tuple().digits) <= int(manner()["number_digits"]) else round(right, 2)
    return f"是否应为 {plain(exact):f} {unit}？"


def _units_like(unit: str) -> Iterable[str]:
    return manner()["unit_choices"].get(unit, ())


def _unexplained(park: ParkData, rules: Rules, broken: Iterable[Broken]) -> Iterator[Question]:
    for one in broken:
        key = one.band.value if one.band.value in park.facts else next(iter(one.facts), one.band.value)
        fact = park.facts.get(key)
        where = (fact.place if fact else "") or key
        yield Question(key, where, f"{_why(one, rules)}。请核对“{label_of(key, rules)}”的数和单位。")


def is_odd_unit(definition: FactDefinition, unit: str) -> bool:
    """Whether the unit measures the right thing but is not what such a figure is written in: power in GJ."""
    return any(definition.section in rule["sections"] and unit in rule["units"] for rule in smells()["odd_units"])


def _odd_units(park: ParkData, rules: Rules) -> Iterator[Question]:
    for rule in smells()["odd_units"]:
        for key, fact in park.facts.items():
            definition = rules.facts.get(key)
            if definition is None or definition.section not in rule["sections"] or not fact.written:
                continue
            if definition.kind != "number" or not fact.written[-1:].isalpha():
                continue
            unit = read_amount(fact.written).unit
            if unit in rule["units"]:
                what = f"“{definition.label}”填的是 {fact.written}：{rule['reason']}。是否应为 MWh 或 万kWh？"
                yield Question(key, fact.place or key, what)


def _measured(park: ParkData, rules: Rules) -> Iterator[Question]:
    """Yield questions on measured factors that are far from the table's."""
    for rule in smells()["measured"]:
        for key, fact in park.facts.items():
            if not key.startswith(f"{rule['value']}/") or not isinstance(fact.value, Decimal):
                continue
            rest = {name: one for name, one in park.facts.items() if name != key}
            default = Resolver(replace(park, facts=rest), rules).step(key)
            if default.origin != "parameter" or not isinstance(default.value, Decimal) or default.value == 0:
                continue
            ratio = fact.value / default.value
            if not Decimal(rule["low"]) <= ratio <= Decimal(rule["high"]):
                usual = shown(default.value, default.unit, rules)
                what = (
                    f"“{label_of(key, rules)}”是 {_written(fact, rules)}，缺省值是 {usual}：{rule['reason']}。请核对。"
                )
                yield Question(key, fact.place or key, what)
