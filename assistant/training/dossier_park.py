"""A made-up true park from a seed, and the papers behind it: answers, power and certificates.

Figures agree with each other to the last digit. Spans and words stand in `dossier.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, cast

from assistant.training.dossier_model import park_of
from assistant.understand import read_yaml
from scoring.interval import Number, ends
from scoring.model import Rules
from scoring.resolve import Resolver

TEN = Decimal(10)
Row = dict[str, str]


@cache
def texts() -> dict[str, Any]:
    """Return the words of dossiers: `dossier.yaml`, read once."""
    return cast(dict[str, Any], read_yaml("assistant.training", "dossier.yaml"))


@dataclass
class Draft:
    """A dossier in the making. `tables` holds the papers' rows by sheet, each with its tag under the key `tag`."""

    random: Random
    difficulty: int
    truth: dict[str, Any]
    rules: Rules
    rubric: str
    reported: dict[str, Any] = field(default_factory=dict[str, Any])
    tables: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])

    def add(self, sheet: str, tag: str, **cells: str) -> str:
        """Add a row to a paper's sheet; return its tag."""
        self.tables.setdefault(sheet, []).append({"tag": f"{sheet}:{tag}", **cells})
        return f"{sheet}:{tag}"

    def row(self, tag: str) -> Row:
        """Return the row of that tag."""
        return next(row for row in self.tables[tag.partition(":")[0]] if row["tag"] == tag)

    def fact(self, key: str) -> Decimal:
        """Return a true figure as it is written, in the unit it is written in."""
        return Decimal(self.truth["facts"][key]["value"])

    def span(self, name: str) -> Decimal:
        """Return a figure drawn from the span of that name."""
        return between(self.random, *texts()["spans"][name])

    def number(self, name: str) -> Decimal:
        """Return a fixed number of the making."""
        return Decimal(texts()["numbers"][name])

    def equivalent(self, name: str) -> Decimal:
        """Return a coefficient of the rules, as the park's choices have it."""
        return ends(cast(Number, Resolver(park_of(self.truth, self.rules), self.rules).step(name).value))[0]

    def report(self, key: str, value: str, **others: str) -> None:
        """Write a figure into the park sheet, in place of the true one."""
        kept = self.reported["facts"].get(key, {})
        self.reported["facts"][key] = {**(kept if isinstance(kept, dict) else {}), "value": value, **others}


def text(value: Decimal, places: int = 0) -> str:
    """Return the figure to so many places, in plain digits."""
    return f"{value.quantize(TEN**-places):f}"


def between(random: Random, low: str, high: str, places: int = 4) -> Decimal:
    """Return a figure between the two, drawn as a decimal."""
    scale = 10**places
    return Decimal(random.randint(int(Decimal(low) * scale), int(Decimal(high) * scale))) / scale


def rounded(value: Decimal, digits: int = 4) -> Decimal:
    """Return the figure to so many significant digits."""
    return value.quantize(TEN ** (value.adjusted() - digits + 1)) if value else value


def months(draft: Draft, total: Decimal, swing: str, places: int) -> list[Decimal]:
    """Return twelve months that add up to about the total; `swing` names how far they go up and down."""
    share = str(draft.number(swing))
    shares = [1 + between(draft.random, f"-{share}", share) for _ in range(12)]
    return [(total * share / sum(shares)).quantize(TEN**-places) for share in shares]


def powered_draft(random: Random, difficulty: int, rules: Rules, rubric: str) -> tuple[Draft, Decimal]:
    """Return a park with its answers, power and certificates, and its size in tce."""
    names = texts()["names"]
    name = f"{random.choice(names['first'])}{random.choice(names['second'])}{names['suffix']}"
    truth: dict[str, Any] = {"name": name, "year": "2025", "facts": {}, "months": {}, "meters": [], "certificates": []}
    draft = Draft(random, difficulty, truth, rules, rubric)
    size = TEN ** between(random, *random.choice(texts()["sizes"]))
    _answers(draft)
    _power(draft, size)
    _certificates(draft)
    return draft, size


def put(draft: Draft, key: str, value: str, unit: str) -> None:
    """Report a true figure with its unit and where it comes from."""
    draft.truth["facts"][key] = {"value": value, "unit": unit, "source": texts()["sources"].get(key, "")}


def _answers(draft: Draft) -> None:
    facts, random = draft.truth["facts"], draft.random
    yes, no, sources = texts()["yes"], texts()["no"], texts()["sources"]
    for key in ("subject_qualified", "boundary_clear", "data_basis_sound", "no_major_accident_3y"):
        facts[key] = yes
    for part in ("power", "fuel", "conversion", "heat", "process", "other_energy", "waste", "waste_energy"):
        facts[f"{part}_complete"] = yes
    chosen = texts()["coefficients"]["2024"]
    facts["power_equivalent_tce_per_mwh"] = {**chosen, "unit": "kgce/kWh"}
    facts["grid_area"] = random.choice(texts()["grid_areas"])
    facts["grid_factor_year"] = "2023"
    facts["fuel_factor_set"] = texts()["fuel_factor_set"]
    for key in ("feedstock_in_energy", "gas_counts_as_clean"):
        facts[key] = {"value": no, "source": sources[key]}
    level = random.choice(["1", "2", "2", "2", "3"])
    put(draft, "worst_product_level", level, "级")
    levels = [level, *(str(random.randint(1, int(level))) for _ in range(2))]
    for i, (product, one) in enumerate(zip(random.sample(texts()["products"], 3), levels, strict=True)):
        draft.add("products", str(i), product=product, level=one, unit="级", by=texts()["words"]["inspector"])


def _power(draft: Draft, size: Decimal) -> None:
    random, unit = draft.random, texts()["power_unit"]
    coefficient = Decimal(draft.truth["facts"]["power_equivalent_tce_per_mwh"]["value"])
    power = size * draft.span("power_share_of_energy") / coefficient / TEN  # 万kWh
    share, split = draft.span("grid_share_of_power"), draft.span("first_line_share")
    lines, firms = random.sample(texts()["lines"], 2), random.sample(texts()["firms"], 2)
    first = months(draft, power * share * split, "swing", 1)
    second = months(draft, power * share * (1 - split), "swing", 1)
    _line(draft, 1, lines[0], firms[0], first)
    _line(draft, 2, lines[1], firms[1], second)
    grid = [a + b for a, b in zip(first, second, strict=True)]
    draft.add("power", "total", month=texts()["words"]["total"], amount=text(sum(grid, Decimal(0)), 1), unit=unit)
    monthly(draft, "grid_power_in_mwh", grid, 1, unit)
    _green(draft, grid, power * (1 - share))


def _line(draft: Draft, number: int, line: str, firm: str, values: list[Decimal]) -> None:
    """Add the bills and the meter of one line from the grid."""
    unit = texts()["power_unit"]
    for month, one in enumerate(values, 1):
        cells = {"account": f"0{number}", "firm": firm, "amount": text(one, 1), "unit": unit}
        draft.add("power", f"{number}:{month}", month=f"{month}月", **cells)
    billed = sum(values, Decimal(0))
    metered = text(billed * draft.span("metered_to_billed"), 1)
    sides = {"metered": metered, "billed": text(billed, 1), "unit": unit}
    draft.truth["meters"].append({"key": "grid_power_in_mwh", "meter": line, **sides})
    meter(draft, f"grid{number}", texts()["words"]["grid_meter"], line, metered, unit)


def _green(draft: Draft, grid: list[Decimal], rest: Decimal) -> None:
    """Add the power traded green within that of the grid, and the rest, supplied directly and made on site."""
    words, unit = texts()["words"], texts()["power_unit"]
    part = draft.span("traded_share_of_grid")
    traded = [(one * part * draft.span("traded_by_month")).quantize(Decimal("0.1")) for one in grid]
    monthly(draft, "traded_green_mwh", traded, 1, unit)
    bills(draft, "trade", traded, 1, unit, way=words["via_grid"])
    for key, item in (("direct_green_mwh", "direct"), ("self_green_mwh", "self")):
        value = text(rest * draft.number(f"{item}_share"), 1)
        put(draft, key, value, unit)
        draft.add("green", item, item=words[f"{item}_item"], amount=value, unit=unit, way=words[item])


def monthly(draft: Draft, key: str, values: list[Decimal], places: int, unit: str) -> None:
    """Report a figure month by month, and their sum for the year."""
    draft.truth["months"][key] = {"unit": unit, "values": [text(one, places) for one in values]}
    put(draft, key, text(sum(values, Decimal(0)), places), unit)


def bills(draft: Draft, sheet: str, values: list[Decimal], places: int, unit: str, **cells: str) -> None:
    """Add the twelve bills of a sheet and their total."""
    for month, one in enumerate(values, 1):
        draft.add(sheet, str(month), month=f"{month}月", amount=text(one, places), unit=unit, **cells)
    total = text(sum(values, Decimal(0)), places)
    draft.add(sheet, "total", month=texts()["words"]["total"], amount=total, unit=unit)


def meter(draft: Draft, tag: str, measures: str, at: str, reading: str, unit: str) -> None:
    """List a meter within the boundary, with its number and the month that its check is good to."""
    number = f"{texts()['meters'][tag.rstrip('0123456789')]}-{draft.random.randint(1000, 9999)}"
    cells = {"class": texts()["meters"]["class"], "valid": f"2026-{draft.random.randint(6, 12):02d}"}
    told = {"measures": measures, "at": at, "boundary": texts()["words"]["inside"], "reading": reading, "unit": unit}
    draft.add("meters", tag, meter=number, **told, **cells)


def _certificates(draft: Draft) -> None:
    """Add certificates bought alone, which offset, and those that came with the trade.

    In a hard case the platform also lists some that are not cancelled and that the park does not claim: no fault.
    """
    random, truth, words = draft.random, draft.truth, texts()["words"]
    traded = int(draft.fact("traded_green_mwh") * TEN)
    room = int(draft.fact("grid_power_in_mwh") * TEN) - traded
    start = random.randint(10**6, 10**7)
    bought = [max(1, int(room * draft.span("certificate_share_of_rest"))) for _ in range(2)]
    first = int(traded * draft.span("first_certificate_share"))
    for pieces, claim, origin in (
        *((one, words["offset"], words["alone"]) for one in bought),
        *((one, words["traded"], words["with_trade"]) for one in (first, traded - first)),
    ):
        month = random.randint(1, 12)
        made = f"2025-{month:02d}"
        certificate(draft, truth["certificates"], start, pieces, claim=claim, made=made, origin=origin)
        start += pieces + random.randint(1, 5000)
    put(draft, "certificate_count", str(sum(bought)), "张")
    if draft.difficulty > 2:
        unclaimed = {"origin": words["alone"], "state": words["uncancelled"], "cancelled": ""}
        certificate(draft, [], start // 10, random.randint(100, 900), claim="", made="2025-11", **unclaimed)


def certificate(
    draft: Draft, ledger: list[dict[str, str]], start: int, pieces: int, *, claim: str, made: str, **others: str
) -> str:
    """Add a certificate to a ledger of the park sheet and to the platform's list; return its tag there.

    The ledger says that it is of the accounting year and cancelled; `others` is what the platform says instead.
    """
    words, year = texts()["words"], str(draft.truth["year"])
    serials = {"serial": f"GEC{start:011d}", "serial_to": f"GEC{start + pieces - 1:011d}", "pieces": str(pieces)}
    ledger.append({**serials, "made": year, "state": words["cancelled"], "claim": claim})
    first, month = (int(part) for part in made.split("-"))
    valid = f"{first + 2}-{month - 1:02d}" if month > 1 else f"{first + 1}-12"
    valid = max(valid, str(texts()["oldest_valid"]))  # power before 2024: extended to the end of 2025
    cells = {"state": words["cancelled"], "cancelled": "2026-01-15", "holder": str(draft.truth["name"]), **others}
    return draft.add("gec", serials["serial"], **serials, made=made, valid=valid, **cells)
