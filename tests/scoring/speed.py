"""How fast grading is, measured: `python tests/scoring/speed.py [parks]`. Not a test: machines differ."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from full_park import FULL

from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.load import load_rules
from scoring.model import Fact, ParkData, Rubric, Rules
from scoring.park import read_park
from scoring.write import to_json


def fleet(count: int, rules: Rules) -> Iterator[ParkData]:
    """Yield parks read from text, each with other figures; one in four misses some."""
    chance = random.Random(0)
    for number in range(count):
        entries = dict(FULL)
        entries["grid_power_in_mwh"] = f"{chance.randint(6, 40)} 亿kWh"
        entries["fuel_burned/diesel"] = f"{chance.randint(0, 90000)} t"
        entries["fuel_burned/bituminous"] = f"{chance.randint(0, 90)} 万吨"
        entries["reused_water_m3"] = f"{chance.randint(0, 400)} 万m³"
        if number % 4 == 0:
            del entries["grid_power_in_mwh"], entries["fuel_complete"]
        yield read_park(f"园区{number}", 2025, entries, rules)


def _verdict(park: ParkData, rubric: Rubric, rules: Rules) -> str:
    try:
        return assess(park, rubric, rules, edges=False, suggest=False).verdict
    except ParkDataError:
        return "refused"


def main() -> None:
    """Measure one park warm and many parks in a row."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    began = time.perf_counter()
    rules = load_rules()
    print(f"rules read in {time.perf_counter() - began:.2f} s")
    full = read_park("试园", 2025, FULL, rules)
    bare = ParkData("空园", 2025, {"energy_tce": Fact("energy_tce", Decimal(500_000))})
    for rubric in rules.rubrics.values():
        for name, park in (("complete", full), ("almost empty", bare)):
            times = []
            for _ in range(15):
                began = time.perf_counter()
                assess(park, rubric, rules)
                times.append(time.perf_counter() - began)
            print(f"{rubric.id} {name}: median {sorted(times)[7] * 1000:.1f} ms")
    for name in ("national-2025", "ceca-0344-2025"):
        began = time.perf_counter()
        verdicts = Counter(_verdict(park, rules.rubric(name), rules) for park in fleet(count, rules))
        seconds = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {count} parks read and graded in {seconds:.1f} s, peak {memory:.0f} MB, {dict(verdicts)}")
    began = time.perf_counter()
    size = len(to_json(assess(full, rules.rubric("national-2025"), rules), rules))
    print(f"JSON with trace: {size} characters in {(time.perf_counter() - began) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
