"""Figures of made-up parks for the scoring tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scoring.model import ParkData
from scoring.park import Entry

C1 = "GB/T 32151 系列（2024）附录C 表C.1"
FULL: Mapping[str, Entry | str] = {
    "subject_qualified": "是",
    "boundary_clear": "是",
    "data_basis_sound": "是",
    "no_major_accident_3y": "是",
    "power_equivalent_tce_per_mwh": Entry("0.3024 kgce/kWh", "中电联《中国电力行业年度发展报告2025》"),
    "grid_power_in_mwh": "8 亿kWh",
    "traded_green_mwh": "6 亿kWh",
    "direct_green_mwh": "9 亿kWh",
    "self_green_mwh": "1.2 亿kWh",
    "certificate_count": "18 万张",
    "certificate_uncancelled_count": "1 万张",
    "grid_area": "江苏",
    "grid_factor_year": "2023",
    "power_complete": "是",
    "fuel_burned/diesel": "1,200 t",
    "fuel_burned/natural_gas": "800 万m³",
    "fuel_factor_set": C1,
    "fuel_complete": "是",
    "conversion_complete": "是",
    "fossil_heat_in_gj": "12 万GJ",
    "nonfossil_heat_in_gj": "40 万GJ",
    "heat_complete": "是",
    "carbonate_used_t/caco3": "3000 t",
    "process_complete": "是",
    "gas_counts_as_clean": Entry("否", "省发展改革委答复"),
    "other_energy_complete": "是",
    "worst_product_level": "2",
    "solid_waste_generated_t": "10 万t",
    "solid_waste_used_t": "8.5 万t",
    "waste_complete": "是",
    "waste_heat_available_gj": "50000 GJ",
    "waste_heat_used_gj": "40000 GJ",
    "waste_energy_complete": "是",
    "fresh_water_m3": "40 万m³",
    "reused_water_m3": "200 万m³",
}
Park = Callable[..., ParkData]
