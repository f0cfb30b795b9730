"""Evidence that does not add up: months against the year, meters against bills, certificates against claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from scoring.errors import Fault
from scoring.interval import ONE, ZERO
from scoring.ledgers import Certificate, Meter, Months
from scoring.model import ParkData, Rules
from scoring.park import definition_of
from scoring.resolve import Resolver
from scoring.smells import Question, smells, suggestion
from scoring.units import plain
from scoring.wording import label_of, shown

if TYPE_CHECKING:
    from scoring.filled import Filled


def _near(left: Decimal, right: Decimal, share: Decimal) -> bool:
    return abs(left - right) <= share * max(abs(left), abs(right))


def _tolerance(part: str, name: str = "tolerance_share") -> Decimal:
    return Decimal(smells()[part][name])


def _amount(value: Decimal, key: str, rules: Rules) -> str:
    return f"{plain(value):f} {definition_of(key, rules)[1]}"


def _annual(park: ParkData, key: str) -> Decimal | None:
    fact = park.facts.get(key)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else None


def ledger_faults(park: ParkData, filled: Filled, rules: Rules) -> Iterator[Fault]:
    """Yield where months, meters and bills contradict the year's figure or each other."""
    seen: dict[str, str] = {}
    for one in filled.months:
        if one.key in seen:
            yield Fault(
                one.places[0],
                f"“{label_of(one.key, rules)}”的逐月数填了两行，另一行从 {seen[one.key]} 起。请只留一行。",
            )
            continue
        seen[one.key] = one.places[0]
        if one.usable:
            bills = [meter.billed for meter in filled.meters if meter.key == one.key and meter.billed is not None]
            yield from _months_faults(one, sum(bills, ZERO) if bills else None, park, filled, rules)
    for key in dict.fromkeys(meter.key for meter in filled.meters):
        yield from _meter_faults(key, [one for one in filled.meters if one.key == key], park, filled, rules)


def _months_faults(
    one: Months, billed: Decimal | None, park: ParkData, filled: Filled, rules: Rules
) -> Iterator[Fault]:
    values = [value for value in one.values if value is not None]
    total, share = sum(values, ZERO), _tolerance("months")
    name = label_of(one.key, rules)
    annual = _annual(park, one.key)
    if one.annual is not None and annual is not None and not _near(one.annual, annual, share):
        if _near(total, annual, share):
            what = (
                f"“{name}”逐月表的全年合计 {_amount(one.annual, one.key, rules)} 与十二个月之和、全年数都不符。请核对。"
            )
            yield Fault(one.annual_place, what)
            return
        if _near(total, one.annual, share):
            yield _annual_fault(one, total, annual, park, filled, rules)
            return
    if annual is None or _near(total, annual, share):
        if annual is None and one.annual is not None and not _near(total, one.annual, share):
            yield _month_or_total(one, total, one.annual, one.annual_place, rules)
        return
    if billed is not None and _near(billed, total, _tolerance("meters")):
        yield _annual_fault(one, total, annual, park, filled, rules)
        return
    yield _month_or_total(one, total, annual, filled.places.get(one.key, one.key), rules, park)


def _annual_fault(one: Months, total: Decimal, annual: Decimal, park: ParkData, filled: Filled, rules: Rules) -> Fault:
    times = _slip_between(annual, total)
    hint = f"{suggestion(park.facts[one.key], times, rules)}" if times else "请核对。"
    what = (
        f"“{label_of(one.key, rules)}”全年数 {_amount(annual, one.key, rules)} 与十二个月之和 "
        f"{_amount(total, one.key, rules)} 不符。{hint}"
    )
    return Fault(filled.places.get(one.key, one.key), what)


def _slip_between(wrong: Decimal, right: Decimal) -> Decimal | None:
    """Return the usual slip that turns one figure into the other, None where none does."""
    if wrong <= 0 or right <= 0:
        return None
    share = _tolerance("meters")
    usual = [Decimal(one) for one in smells()["times"]] + [ONE / Decimal(one) for one in smells()["inverse_times"]]
    return next((times for times in usual if _near(wrong * times, right, share)), None)


def _month_or_total(
    one: Months, total: Decimal, annual: Decimal, annual_place: str, rules: Rules, park: ParkData | None = None
) -> Fault:
    """Return the fault of one month that a usual slip explains, else of the year's figure."""
    name = label_of(one.key, rules)
    for value, place in zip(one.values, one.places, strict=True):
        assert value is not None
        needed = annual - (total - value)
        others = [other for other in one.values if other is not None and other is not value]
        usual = median(others) if others else ZERO
        times = _slip_between(value, needed)
        off = value > 0 and usual > 0 and (value / usual > 1 + 1 or usual / value > 1 + 1)
        if off and (times is not None or (needed > 0 and _near(needed, usual, ONE / (ONE + ONE)))):
            should = _amount(plain(value * times) if times else plain(needed), one.key, rules)
            what = (
                f"“{name}”这个月是 {_amount(value, one.key, rules)}，与其余各月和全年数 "
                f"{_amount(annual, one.key, rules)} 对不上。是否应为 {should}？"
            )
            return Fault(place, what)
    times = _slip_between(annual, total)
    fact = park.facts.get(one.key) if park else None
    hint = (
        suggestion(fact, times, rules)
        if times and fact
        else f"相差 {shown(abs(annual - total), definition_of(one.key, rules)[1], rules)}，请核对。"
    )
    what = (
        f"“{name}”全年数 {_amount(annual, one.key, rules)} 与十二个月之和 {_amount(total, one.key, rules)} 不符"
        f"（各月在 {one.places[0]} 起）。{hint}"
    )
    return Fault(annual_place, what)


def _meter_faults(key: str, meters: Sequence[Meter], park: ParkData, filled: Filled, rules: Rules) -> Iterator[Fault]:
    share, whole = _tolerance("meters"), _tolerance("meters", "sum_tolerance_share")
    billed = sum((one.billed or ZERO for one in meters), ZERO)
    annual = _annual(park, key)
    odd = [one for one in meters if not _near(one.metered or ZERO, one.billed or ZERO, share)]
    for one in odd:
        right, wrong = one.metered or ZERO, one.billed or ZERO
        put_right = billed - wrong + right
        bill_is_wrong = annual is not None and _near(put_right, annual, share) and not _near(billed, annual, whole)
        what = (
            f"“{label_of(key, rules)}”计量值 {_amount(right, key, rules)} 与结算值 {_amount(wrong, key, rules)} 不符"
            "（容许 {}）。请核对倍率、单位和抄表期。".format(shown(share, "1", rules))
        )
        yield Fault(one.billed_place if bill_is_wrong else one.place, what)
    if odd or annual is None or _near(billed, annual, whole):
        return
    months = [one for one in filled.months if one.key == key and one.usable]
    total = sum((value for one in months for value in one.values if value is not None), ZERO)
    if months and not _near(total, annual, whole):
        return  # the months say the same of the year's figure
    where = meters[0].billed_place if months else filled.places.get(key, key)
    sums = f"全年数 {_amount(annual, key, rules)} 与各户结算值之和 {_amount(billed, key, rules)} 不符"
    what = f"“{label_of(key, rules)}”{sums}。请核对是否漏户或单位有误。"
    yield Fault(where, what)


def ledger_questions(park: ParkData, filled: Filled, rules: Rules) -> Iterator[Question]:
    """Yield what the ledgers leave open: a year's figure not given, a month unlike the others."""
    for one in filled.months:
        values = [value for value in one.values if value is not None]
        name = label_of(one.key, rules)
        if one.key not in park.facts:
            total = _amount(sum(values, ZERO), one.key, rules)
            what = f"“{name}”填了逐月数，合计 {total}，但没有填全年数；没有采用。是否就是全年数？请填到填报表。"
            yield Question(one.key, one.places[0], what)
        spread = smells()["months"]["spread"].get(one.key)
        if spread is None:
            continue
        for i, (value, place) in enumerate(zip(one.values, one.places, strict=True)):
            usual = median(values[:i] + values[i + 1 :])
            if value is not None and value > 0 and usual > 0 and max(value / usual, usual / value) > Decimal(spread):
                figures = [_amount(figure, one.key, rules) for figure in (value, usual)]
                what = f"“{name}”这个月是 {figures[0]}，其余各月中位数是 {figures[1]}。请核对单位。"
                yield Question(f"{one.key} {place}", place, what)


# Certificates --------------------------------------------------------------------------------------------------------


def certificate_faults(park: ParkData, filled: Filled, rules: Rules) -> Iterator[Fault]:
    """Yield certificates claimed twice, or that cannot count and that the declared counts do not own up to."""
    ledger = filled.certificates
    if not ledger:
        return
    clean: list[Certificate] = []
    for one in ledger:
        fault = _serial_fault(one, clean)
        if fault is not None:
            yield fault
        else:
            clean.append(one)
    offset = [one for one in clean if one.claimed_as == "offset"]
    year = str(park.year) if park.year else ""
    groups = (
        ("certificate_uncancelled_count", "state", [one for one in offset if not one.cancelled], "尚未核销"),
        (
            "certificate_other_year_count",
            "made",
            [one for one in offset if year and year not in one.year],
            "电量生产年份不是核算年度",
        ),
    )
    for key, column, ones, why in groups:
        said = _annual(park, key) or ZERO
        if _count(ones) > said:
            for one in ones:
                filled_in = f"“{label_of(key, rules)}”只填了 {plain(said):f} 张"
                what = f"这些绿证{why}，不能抵，而{filled_in}。请改填报数或从台账去掉。"
                yield Fault(one.places[column], what)
    yield from _totals(clean, offset, park, filled, rules)


def _serial_fault(one: Certificate, before: Sequence[Certificate]) -> Fault | None:
    span = one.span
    if one.last and (span is None or span[1] > span[-1]):
        return Fault(one.places["serial_to"], f"起止编号 {one.serial} 到 {one.last} 不成一段。请核对。")
    if one.last and span is not None and one.pieces is not None and span[-1] - span[1] + 1 != one.pieces:
        return Fault(
            one.places["pieces"], f"起止编号之间是 {span[-1] - span[1] + 1} 张，这里写 {one.pieces} 张。请核对。"
        )
    for other in before:
        theirs = other.span
        same = one.serial == other.serial or (
            span is not None
            and theirs is not None
            and span[0] == theirs[0]
            and span[1] <= theirs[-1]
            and theirs[1] <= span[-1]
        )
        if same:
            what = f"绿证编号 {one.serial} 与 {other.places['serial']} 重复。同一张绿证（1 MWh）只能主张一次。"
            return Fault(one.places["serial"], what)
    return None


def _count(ones: Sequence[Certificate]) -> Decimal:
    return sum((one.pieces or ZERO for one in ones), ZERO)


def _totals(
    clean: Sequence[Certificate], offset: Sequence[Certificate], park: ParkData, filled: Filled, rules: Rules
) -> Iterator[Fault]:
    declared = _annual(park, "certificate_count")
    listed = _count(offset)
    if declared is not None and len(clean) == len(filled.certificates) and declared != listed:
        name = label_of("certificate_count", rules)
        what = f"“{name}”填的是 {plain(declared):f} 张，台账里用途为抵外购电的共 {plain(listed):f} 张。请核对。"
        yield Fault(filled.places.get("certificate_count", "certificate_count"), what)
    traded = [one for one in clean if one.claimed_as == "traded"]
    green = _annual(park, "traded_green_mwh")
    per_piece = Resolver(park, rules).step("certificate_mwh_per_piece").value
    if not traded or green is None or not isinstance(per_piece, Decimal):
        return
    backed = _count(traded) * per_piece
    if not _near(backed, green, _tolerance("certificates", "traded_tolerance_share")):
        name = label_of("traded_green_mwh", rules)
        what = (
            f"“{name}”填的是 {_amount(green, 'traded_green_mwh', rules)}，台账里绿电交易自带的绿证只对应 "
            f"{_amount(backed, 'traded_green_mwh', rules)}。请核对。"
        )
        yield Fault(filled.places.get("traded_green_mwh", "traded_green_mwh"), what)
