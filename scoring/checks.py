"""What a file says -> a park's data, or one report of everything wrong with it; and what has to be asked back.

one = taken(filled, rules)
one.park        ParkData, or None: of a file with faults nothing is taken
one.faults      what must be mended, each with its cell
one.questions   values that smell wrong, each with its cell; they stay as they are until confirmed or corrected
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.cells import Given, manner
from scoring.errors import Fault, ParkDataError
from scoring.evidence import certificate_faults, ledger_faults, ledger_questions
from scoring.filled import Filled, Written
from scoring.headings import Names
from scoring.interval import ZERO
from scoring.model import ParkData, Rubric, Rules
from scoring.park import Entry, definition_of, read_park
from scoring.sheet import read_filled
from scoring.smells import Question, broken_bands, questions, smells
from scoring.units import plain
from scoring.wording import label_of, shown


@dataclass(frozen=True)
class Taken:
    """One park of a file: its data where nothing is wrong, the faults where something is, and what to ask back."""

    file: str
    name: str
    park: ParkData | None
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()

    def data(self) -> ParkData:
        """Return the park's data.

        Raises:
            ParkDataError: there are faults.
        """
        if self.park is None:
            raise ParkDataError(self.faults)
        return self.park


def take(given: Given, rules: Rules, *, year: int | None = None, search: bool = True) -> Iterator[Taken]:
    """Yield each park of the file, checked; a file that cannot be read at all yields its faults once.

    `year` is the accounting year of a table that has no such column.
    """
    try:
        for filled in read_filled(given, rules, Names(rules)):
            yield taken(filled, rules, year=year, search=search)
    except ParkDataError as error:
        yield Taken(given.name, "", None, tuple(error.faults))


def take_one(given: Given, rules: Rules, *, year: int | None = None) -> Taken:
    """Return the only park of the file.

    Raises:
        ParkDataError: there is none or several, or the file has faults; it names them all.
    """
    found: list[Taken] = []
    for one in take(given, rules, year=year):
        found.append(one)
        if len(found) > 1:
            raise ParkDataError(Fault(given.name, "里面有多个园区。请用 advisor grade --many，或只留一个园区。"))
    if not found:
        raise ParkDataError(Fault(given.name, "里面没有园区。请在填报表里填好园区名称、核算年度和数据。"))
    found[0].data()
    return found[0]


def taken(filled: Filled, rules: Rules, *, year: int | None = None, search: bool = True) -> Taken:
    """Return the park with all that is wrong and all that has to be asked back."""
    faults = list(filled.faults)
    faults += _identity_faults(filled, year)
    known = filled.year or year or 0
    park, bad = _readable(filled, known, rules)
    faults += bad
    faults += part_faults(park, rules, filled.places)
    faults += ledger_faults(park, filled, rules)
    faults += certificate_faults(park, filled, rules)
    if faults:
        return Taken(filled.file, filled.name, None, _once(faults))
    asked = [*questions(park, rules, search=search), *ledger_questions(park, filled, rules)]
    asked = [replace(one, where=filled.places.get(one.key, one.where)) for one in asked]
    return Taken(filled.file, filled.name, park, (), tuple(one for one in asked if one.key not in filled.confirmed))


def _once(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the faults, one for a cell: the first is the nearest to the cause."""
    found: dict[str, Fault] = {}
    for fault in faults:
        found.setdefault(fault.where, fault)
    ones, most = tuple(found.values()), int(manner()["largest_faults"])
    if len(ones) <= most:
        return ones
    return (*ones[:most], Fault("", f"另有 {len(ones) - most} 处，改完上面的再交一次会列出来。"))


def _identity_faults(filled: Filled, year: int | None) -> Iterator[Fault]:
    said = " ".join(fault.what for fault in filled.faults)
    if not filled.name and "园区名称" not in said:
        yield Fault(filled.file, "没有写园区名称。")
    if filled.year is None and year is None and "核算年度" not in said and "年份" not in said:
        yield Fault(filled.file, "没有写核算年度。请写四位数字，或在命令里用 --year 指定。")
    if filled.year is not None and year is not None and filled.year != year:
        yield Fault(filled.file, f"文件里的核算年度是 {filled.year}，命令里写的是 {year}。请核对是不是这一年的数据。")
    if not filled.entries and not filled.faults:
        yield Fault(filled.file, "还没有填任何数。")


def _readable(filled: Filled, year: int, rules: Rules) -> tuple[ParkData, list[Fault]]:
    """Return the park made of what can be read, and the faults of the rest."""
    entries: dict[str, Written] = dict(filled.entries)
    faults: list[Fault] = []
    try:
        return read_park(filled.name, year, entries, rules, excuses=filled.excuses), []
    except ParkDataError as error:
        for fault in error.faults:
            faults.append(Fault(filled.places.get(fault.where, fault.where), fault.what))
    spots = {fault.where for fault in faults}
    places = {
        key: (one.place if isinstance(one, Entry) else "") or filled.places.get(key, key)
        for key, one in entries.items()
    }
    kept = {key: one for key, one in entries.items() if not {places[key], key} & spots}
    try:
        return read_park(filled.name, year, kept, rules), faults
    except ParkDataError:
        return ParkData(filled.name, year, {}), faults


def part_faults(park: ParkData, rules: Rules, places: Mapping[str, str]) -> Iterator[Fault]:
    """Yield the parts that are greater than their wholes, each named at its place."""
    for rule in smells()["parts"]:
        reported: list[str] = [key for key in rule["part"] if key in park.facts]
        if not reported or rule["whole"][0] not in park.facts:
            continue
        part, whole = (sum((_value(park, key) for key in keys), ZERO) for keys in (rule["part"], rule["whole"]))
        if part > whole:
            worst: str = max(reported, key=lambda key: _value(park, key))
            pair = (worst, str(rule["whole"][0]))
            _, unit = definition_of(worst, rules)
            names = [f"“{label_of(key, rules)}”（{places.get(key, key)}）" for key in pair]
            sums = [shown(plain(sum_), unit, rules) for sum_ in (part, whole)]
            what = f"{names[0]}合计 {sums[0]}，大于{names[1]}{sums[1]}：{rule['reason']}。请核对两个数的单位和口径。"
            worst = _odd_one(pair, park, rules)
            yield Fault(places.get(worst, worst), what)


def _odd_one(pair: tuple[str, str], park: ParkData, rules: Rules) -> str:
    """Return which of a part and its whole is odd beside the park's size; the part where neither or both are."""
    with_size = [one.band.value for one in broken_bands(park, rules) if one.band.per not in pair]
    odd = [key for key in pair if key in with_size]
    return odd[0] if len(odd) == 1 else pair[0]


def _value(park: ParkData, key: str) -> Decimal:
    fact = park.facts.get(key)
    return fact.value if fact is not None and isinstance(fact.value, Decimal) else ZERO


def excuses_apart(park: ParkData, rubric: Rubric) -> tuple[ParkData, tuple[str, ...]]:
    """Return the park with the excuses that concern the rubric, and a sentence on each of the others.

    A file is filled in once and graded by several rubrics; what one of them excuses another may not know.
    """
    mine = {key: why for key, why in park.excuses.items() if key in rubric}
    others = [key for key in park.excuses if key not in mine]
    notes = [f"说明原因的“{key}”不是《{rubric.title}》的指标，没有用到。" for key in others]
    return replace(park, excuses=mine), tuple(notes)


def year_on_year(before: ParkData, after: ParkData, rules: Rules) -> list[Question]:
    """Return questions on figures that have changed more from one year to the next than a park's usually do."""
    low, high = (Decimal(smells()["years"][end]) for end in ("low", "high"))
    found: list[Question] = []
    for key, fact in after.facts.items():
        old, new = _value(before, key), _value(after, key)
        if old <= 0 or new <= 0 or low <= new / old <= high:
            continue
        _, unit = definition_of(key, rules)
        years = f"{before.year}年 {shown(old, unit, rules)}，{after.year}年 {shown(new, unit, rules)}"
        what = f"“{label_of(key, rules)}”{years}，相差 {shown(new / old, '', rules).strip()} 倍。请核对单位。"
        found.append(Question(key, fact.place or key, what))
    return found
