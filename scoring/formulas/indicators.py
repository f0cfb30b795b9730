"""Indicators of rubrics (指标): ratios of emissions, energy, power, waste and water."""

from __future__ import annotations

from decimal import Decimal


def carbon_per_energy_910_tco2_per_tce(park_910_tco2: Decimal, energy_tce: Decimal) -> Decimal:
    """Carbon emissions per unit of energy consumption (单位能耗碳排放), in tCO2/tce; CO2 only (附件3 二2)."""
    return park_910_tco2 / energy_tce


def carbon_per_energy_2023_factor_tco2_per_tce(park_fossil_factor_2023_tco2: Decimal, energy_tce: Decimal) -> Decimal:
    """The indicator with the fossil-power factor of 2023 (敏感性), in tCO2/tce."""
    return park_fossil_factor_2023_tco2 / energy_tce


def carbon_per_energy_calorific_tco2_per_tce(park_910_tco2: Decimal, energy_calorific_tce: Decimal) -> Decimal:
    """The indicator with power at calorific value (当量值), in tCO2/tce: not the annex basis."""
    return park_910_tco2 / energy_calorific_tce


def clean_energy_tce(
    direct_green_mwh: Decimal,
    self_green_mwh: Decimal,
    traded_green_mwh: Decimal,
    certificate_mwh: Decimal,
    power_equivalent_tce_per_mwh: Decimal,
    nonfossil_heat_in_gj: Decimal,
    nonfossil_heat_out_gj: Decimal,
    heat_tce_per_gj: Decimal,
    renewable_energy_tce: Decimal,
) -> Decimal:
    """Clean energy consumed, natural gas not in it (清洁能源消费量，不含天然气), in tce."""
    green_mwh = direct_green_mwh + self_green_mwh + traded_green_mwh + certificate_mwh
    heat_gj = nonfossil_heat_in_gj - nonfossil_heat_out_gj
    return green_mwh * power_equivalent_tce_per_mwh + heat_gj * heat_tce_per_gj + renewable_energy_tce


def natural_gas_tce(fuel_energy_tce__natural_gas: Decimal, fuel_energy_tce__lng: Decimal) -> Decimal:
    """Energy of natural gas burned, gaseous and liquid (天然气能耗), in tce."""
    return fuel_energy_tce__natural_gas + fuel_energy_tce__lng


def clean_share_without_gas(clean_energy_tce: Decimal, energy_tce: Decimal) -> Decimal:
    """Clean energy share of energy consumption, natural gas not in it (清洁能源消费占比，不含天然气), 0 to 1."""
    return clean_energy_tce / energy_tce


def clean_share_with_gas(clean_energy_tce: Decimal, natural_gas_tce: Decimal, energy_tce: Decimal) -> Decimal:
    """Clean energy share of energy consumption, natural gas in it (清洁能源消费占比，含天然气), 0 to 1."""
    return (clean_energy_tce + natural_gas_tce) / energy_tce


def clean_energy_share(
    clean_energy_tce: Decimal, natural_gas_tce: Decimal, gas_counts_as_clean: Decimal, energy_tce: Decimal
) -> Decimal:
    """Clean energy share of energy consumption (清洁能源消费占比), 0 to 1, gas as the authority answered."""
    return (clean_energy_tce + natural_gas_tce * gas_counts_as_clean) / energy_tce


def power_consumed_mwh(
    grid_power_in_mwh: Decimal, direct_green_mwh: Decimal, self_green_mwh: Decimal, self_fossil_mwh: Decimal
) -> Decimal:
    """Power consumed in the park from all sources (园区用电量), in MWh."""
    return grid_power_in_mwh + direct_green_mwh + self_green_mwh + self_fossil_mwh


def direct_supply_share(direct_green_mwh: Decimal, self_green_mwh: Decimal, power_consumed_mwh: Decimal) -> Decimal:
    """Share of power supplied directly from green sources (绿电直接供应比例), 0 to 1; in principle 50 % or more."""
    return (direct_green_mwh + self_green_mwh) / power_consumed_mwh


def green_power_share(
    direct_green_mwh: Decimal,
    self_green_mwh: Decimal,
    traded_green_mwh: Decimal,
    certificate_mwh: Decimal,
    power_consumed_mwh: Decimal,
) -> Decimal:
    """Share of power that is green by any way, certificates included (绿电消费占比，含绿证), 0 to 1."""
    return (direct_green_mwh + self_green_mwh + traded_green_mwh + certificate_mwh) / power_consumed_mwh


def solid_waste_utilization_share(
    solid_waste_used_t: Decimal, solid_waste_generated_t: Decimal, solid_waste_from_stock_t: Decimal
) -> Decimal:
    """Industrial solid waste utilization (工业固体废弃物综合利用率), 0 to 1: used ÷ (generated + used from stock)."""
    return solid_waste_used_t / (solid_waste_generated_t + solid_waste_from_stock_t)


def waste_heat_utilization_share(waste_heat_used_gj: Decimal, waste_heat_available_gj: Decimal) -> Decimal:
    """Waste heat utilization (余热利用率), 0 to 1."""
    return waste_heat_used_gj / waste_heat_available_gj


def waste_cold_utilization_share(waste_cold_used_gj: Decimal, waste_cold_available_gj: Decimal) -> Decimal:
    """Waste cold utilization (余冷利用率), 0 to 1."""
    return waste_cold_used_gj / waste_cold_available_gj


def waste_pressure_utilization_share(waste_pressure_used_gj: Decimal, waste_pressure_available_gj: Decimal) -> Decimal:
    """Waste pressure utilization (余压利用率), 0 to 1."""
    return waste_pressure_used_gj / waste_pressure_available_gj


def waste_energy_utilization_share(
    waste_heat_used_gj: Decimal,
    waste_cold_used_gj: Decimal,
    waste_pressure_used_gj: Decimal,
    waste_heat_available_gj: Decimal,
    waste_cold_available_gj: Decimal,
    waste_pressure_available_gj: Decimal,
) -> Decimal:
    """Waste heat, cold and pressure utilization (余热/余冷/余压综合利用率), 0 to 1.

    Annex 3 asks for the weighted mean of the three and prints no weights: weighed by available energy, which makes
    it used ÷ available over all three.
    """
    used_gj = waste_heat_used_gj + waste_cold_used_gj + waste_pressure_used_gj
    return used_gj / (waste_heat_available_gj + waste_cold_available_gj + waste_pressure_available_gj)


def water_reuse_share(reused_water_m3: Decimal, fresh_water_m3: Decimal) -> Decimal:
    """Industrial water reuse (工业用水重复利用率), 0 to 1: reused ÷ (fresh intake + reused)."""
    return reused_water_m3 / (fresh_water_m3 + reused_water_m3)


def energy_calorific_per_value_added_tce_per_cny(energy_calorific_tce: Decimal, value_added_cny: Decimal) -> Decimal:
    """Energy per industrial value added, power at calorific value (单位工业增加值综合能耗，当量值), in tce/CNY."""
    return energy_calorific_tce / value_added_cny
