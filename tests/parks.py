"""Parks for the tests of report, page and tools: one with a few figures missing, one answered block by block."""

from __future__ import annotations

from scoring.assess import assess
from scoring.load import load_rules
from scoring.model import Assessment, ParkData, Rules
from scoring.park import Entry, read_park

RULES = load_rules()
ENTRIES: dict[str, Entry | str] = {
    "power_equivalent_tce_per_mwh": Entry("0.3024 kgce/kWh", "2024年全国供电标准煤耗"),
    "grid_power_in_mwh": "12.5 亿kWh",
    "traded_green_mwh": "8 亿kWh",
    "direct_green_mwh": "2 亿kWh",
    "self_green_mwh": "5000 万kWh",
    "certificate_count": "2 万张",
    "power_complete": "是",
    "fuel_burned/natural_gas": "1500",
    "fuel_burned/diesel": "3200 t",
    "fuel_complete": "是",
    "fuel_factor_set": "GB/T 32151 系列（2024）附录C 表C.1",
    "fossil_heat_in_gj": "30 万GJ",
    "heat_complete": "是",
    "conversion_complete": "是",
    "carbonate_used_t/caco3": "5000",
    "process_complete": "是",
    "feedstock_in_energy": Entry("否", "省发展改革委电话答复"),
    "gas_counts_as_clean": Entry("否", "省发展改革委电话答复"),
    "other_energy_complete": "是",
    "subject_qualified": "是",
    "boundary_clear": "是",
    "data_basis_sound": "是",
    "no_major_accident_3y": "是",
    "worst_product_level": "2",
    "solid_waste_generated_t": "12 万t",
    "solid_waste_used_t": "9.7 万t",
    "waste_complete": "是",
    "fresh_water_m3": "320 万m3",
    "grid_area": "江苏",
    "grid_factor_year": "2023",
}
CECA = "ceca-0344-2025"


def park(name: str = "临港示范园区", **changes: Entry | str) -> ParkData:
    """Return the park; water reuse and waste energy are not reported."""
    return read_park(name, 2025, {**ENTRIES, **changes}, RULES)


def answered_park() -> ParkData:
    """Return the park with every item of the eight blocks at level 3, but two that are not answered."""
    own = [key for key in RULES.facts if key.startswith(f"{CECA}/") and not key.endswith(("/claims", "/projects"))]
    return read_park("临港示范园区", 2025, {**ENTRIES, **dict.fromkeys(own, "3")}, RULES)


def national(name: str = "临港示范园区", **changes: Entry | str) -> Assessment:
    """Return the park judged by the national rule set."""
    return assess(park(name, **changes), RULES.rubric("national-2025"), RULES)


def ceca() -> Assessment:
    """Return the park judged by the eight blocks."""
    return assess(answered_park(), RULES.rubric(CECA), RULES)


__all__ = ["CECA", "ENTRIES", "RULES", "Rules", "answered_park", "ceca", "national", "park"]
