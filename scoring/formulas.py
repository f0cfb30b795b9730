"""One function for each published formula. Its arguments name what it needs: a fact, a parameter or another formula.

Nothing else declares a dependency: `resolve` reads the signatures. A method of another document is another function
with another name. Label, unit and clause of each result stand in `rules/quantities.yaml`. The bodies use + - * / and
`least`, `greatest`, `sum` only, so that they also run on intervals. An argument annotated `Each` receives one figure
for every member of the family that its quantity is `per`; `a__b` asks for member b of a. Yes is 1, no is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from inspect import getmembers, isfunction, signature
from types import MappingProxyType

from scoring.interval import ZERO, greatest, least

Each = Sequence[Decimal]
"""One figure for each member of a family that takes part."""


# Fuels: annex 4, 二（二）1 and 2 --------------------------------------------------------------------------------------


def fuel_co2_tco2(
    fuel_burned: Decimal,
    fuel_ncv_gj_per_unit: Decimal,
    fuel_carbon_tc_per_gj: Decimal,
    fuel_oxidation_share: Decimal,
    co2_molar_mass_g_per_mol: Decimal,
    carbon_molar_mass_g_per_mol: Decimal,
) -> Decimal:
    """CO2 from burning one fuel (分品种燃烧排放), in tCO2: quantity × NCV × carbon content × oxidation × 44/12."""
    return (
        fuel_burned
        * fuel_ncv_gj_per_unit
        * fuel_carbon_tc_per_gj
        * fuel_oxidation_share
        * co2_molar_mass_g_per_mol
        / carbon_molar_mass_g_per_mol
    )


def fuel_tco2(fuel_co2_tco2: Each) -> Decimal:
    """CO2 from all fuels burned (E用作燃料), in tCO2; fuel used as raw material is not in it."""
    return sum(fuel_co2_tco2, ZERO)


def conversion_co2_tco2(
    conversion_input: Decimal,
    conversion_output: Decimal,
    fuel_ncv_gj_per_unit: Decimal,
    fuel_carbon_tc_per_gj: Decimal,
    co2_molar_mass_g_per_mol: Decimal,
    carbon_molar_mass_g_per_mol: Decimal,
) -> Decimal:
    """Carbon of one fuel into conversion less that out of it, in tCO2; oxidation is 1 by annex 4 二（二）2."""
    return (
        (conversion_input - conversion_output)
        * fuel_ncv_gj_per_unit
        * fuel_carbon_tc_per_gj
        * co2_molar_mass_g_per_mol
        / carbon_molar_mass_g_per_mol
    )


def conversion_tco2(conversion_co2_tco2: Each) -> Decimal:
    """Carbon lost in conversion (E加工转换), in tCO2. Never below zero: conversion makes no carbon."""
    return greatest(sum(conversion_co2_tco2, ZERO), ZERO)


# Power and heat: annex 4, 二（二）3 -----------------------------------------------------------------------------------


def valid_certificate_mwh(
    certificate_count: Decimal,
    certificate_uncancelled_count: Decimal,
    certificate_other_year_count: Decimal,
    certificate_double_count: Decimal,
    certificate_mwh_per_piece: Decimal,
) -> Decimal:
    """Power of the certificates that may be claimed (有效绿证电量), in MWh: cancelled, of the year, claimed once."""
    valid_count = (
        certificate_count - certificate_uncancelled_count - certificate_other_year_count - certificate_double_count
    )
    return greatest(valid_count, ZERO) * certificate_mwh_per_piece


def certificate_room_mwh(grid_power_in_mwh: Decimal, traded_green_mwh: Decimal) -> Decimal:
    """Grid power that certificates can still cover (可用绿证抵的下网电量), in MWh: off-take less green power trade."""
    return greatest(grid_power_in_mwh - traded_green_mwh, ZERO)


def certificate_mwh(valid_certificate_mwh: Decimal, certificate_room_mwh: Decimal) -> Decimal:
    """Grid power counted as green by certificates (绿证认定电量), in MWh; never above the off-take left."""
    return least(valid_certificate_mwh, certificate_room_mwh)


def other_power_in_mwh(certificate_room_mwh: Decimal, valid_certificate_mwh: Decimal) -> Decimal:
    """Grid power that is neither traded green nor covered by certificates (其余受入电量), in MWh."""
    return greatest(certificate_room_mwh - valid_certificate_mwh, ZERO)


def power_910_tco2(
    other_power_in_mwh: Decimal, fossil_power_out_mwh: Decimal, other_power_factor_910_tco2_per_mwh: Decimal
) -> Decimal:
    """CO2 of power received less sent out (E电), in tCO2. Green power, in or out, has factor 0 (附件4 二3①)."""
    return (other_power_in_mwh - fossil_power_out_mwh) * other_power_factor_910_tco2_per_mwh


def heat_910_tco2(
    fossil_heat_in_gj: Decimal, fossil_heat_out_gj: Decimal, fossil_heat_factor_tco2_per_gj: Decimal
) -> Decimal:
    """CO2 of heat received less sent out (E热), in tCO2. Heat not of fossil origin has factor 0 (附件4 二3②)."""
    return (fossil_heat_in_gj - fossil_heat_out_gj) * fossil_heat_factor_tco2_per_gj


# Processes: annex 4, 三 ----------------------------------------------------------------------------------------------


def product_co2_tco2(product_output_t: Decimal, product_factor_tco2_per_t: Decimal) -> Decimal:
    """Process CO2 of one product (分产品过程排放), in tCO2: output × factor."""
    return product_output_t * product_factor_tco2_per_t


def carbonate_co2_tco2(carbonate_used_t: Decimal, carbonate_factor_tco2_per_t: Decimal) -> Decimal:
    """CO2 from the decomposition of one carbonate (碳酸盐分解排放), in tCO2, on pure carbonate."""
    return carbonate_used_t * carbonate_factor_tco2_per_t


def process_tco2(product_co2_tco2: Each, carbonate_co2_tco2: Each, mass_balance_tco2: Decimal) -> Decimal:
    """Process emissions (E工业过程), in tCO2."""
    return sum(product_co2_tco2, ZERO) + sum(carbonate_co2_tco2, ZERO) + mass_balance_tco2


# Totals --------------------------------------------------------------------------------------------------------------


def park_910_tco2(
    fuel_tco2: Decimal,
    conversion_tco2: Decimal,
    power_910_tco2: Decimal,
    heat_910_tco2: Decimal,
    process_tco2: Decimal,
) -> Decimal:
    """Carbon emissions of the park by annex 4 (园区碳排放量), in tCO2; no offset is taken off."""
    return fuel_tco2 + conversion_tco2 + power_910_tco2 + heat_910_tco2 + process_tco2


def park_fossil_factor_2023_tco2(
    fuel_tco2: Decimal,
    conversion_tco2: Decimal,
    other_power_in_mwh: Decimal,
    fossil_power_out_mwh: Decimal,
    fossil_power_factor_2023_tco2_per_mwh: Decimal,
    heat_910_tco2: Decimal,
    process_tco2: Decimal,
) -> Decimal:
    """The same total with the fossil-power factor of 2023 (敏感性), in tCO2; annex 4 prints that of 2022."""
    power_tco2 = (other_power_in_mwh - fossil_power_out_mwh) * fossil_power_factor_2023_tco2_per_mwh
    return fuel_tco2 + conversion_tco2 + power_tco2 + heat_910_tco2 + process_tco2


def location_based_tco2(
    fuel_tco2: Decimal,
    conversion_tco2: Decimal,
    grid_power_in_mwh: Decimal,
    fossil_power_out_mwh: Decimal,
    grid_factor_tco2_per_mwh: Decimal,
    heat_910_tco2: Decimal,
    process_tco2: Decimal,
) -> Decimal:
    """Total with all net grid power at the grid's average factor (位置法), in tCO2. Never mixed with annex 4."""
    power_tco2 = (grid_power_in_mwh - fossil_power_out_mwh) * grid_factor_tco2_per_mwh
    return fuel_tco2 + conversion_tco2 + power_tco2 + heat_910_tco2 + process_tco2


def after_offsets_tco2(park_910_tco2: Decimal, offsets_tco2: Decimal) -> Decimal:
    """Emissions less offsets (抵消后的量), in tCO2: a line of its own, never the indicator."""
    return park_910_tco2 - offsets_tco2


# Energy: annex 3, 二1 ------------------------------------------------------------------------------------------------


def fuel_tce_per_unit(fuel_ncv_gj_per_unit: Decimal, standard_coal_gj_per_tce: Decimal) -> Decimal:
    """Coal equivalent of one fuel where the standard prints no single value (折标准煤系数), in tce per unit."""
    return fuel_ncv_gj_per_unit / standard_coal_gj_per_tce


def fuel_energy_tce(fuel_burned: Decimal, fuel_tce_per_unit: Decimal) -> Decimal:
    """Energy of one fuel burned (分品种能耗), in tce."""
    return fuel_burned * fuel_tce_per_unit


def conversion_energy_tce(conversion_input: Decimal, conversion_output: Decimal, fuel_tce_per_unit: Decimal) -> Decimal:
    """Energy of one fuel into conversion less that out of it (加工转换损失), in tce."""
    return (conversion_input - conversion_output) * fuel_tce_per_unit


def conversion_loss_tce(conversion_energy_tce: Each) -> Decimal:
    """Energy lost in conversion (加工转换损失合计), in tce. Never below zero: conversion makes no energy."""
    return greatest(sum(conversion_energy_tce, ZERO), ZERO)


def power_used_mwh(
    grid_power_in_mwh: Decimal, direct_green_mwh: Decimal, self_green_mwh: Decimal, fossil_power_out_mwh: Decimal
) -> Decimal:
    """Power that enters energy consumption (计入能耗的电量), in MWh.

    Power made on site from fossil fuel is not in it, for its fuel is; what of it is sent out is taken off.
    """
    return grid_power_in_mwh + direct_green_mwh + self_green_mwh - fossil_power_out_mwh


def heat_net_gj(
    fossil_heat_in_gj: Decimal,
    nonfossil_heat_in_gj: Decimal,
    fossil_heat_out_gj: Decimal,
    nonfossil_heat_out_gj: Decimal,
) -> Decimal:
    """Heat received less sent out (净受入热力), in GJ."""
    return fossil_heat_in_gj + nonfossil_heat_in_gj - fossil_heat_out_gj - nonfossil_heat_out_gj


def feedstock_counted_tce(feedstock_tce: Decimal, feedstock_in_energy: Decimal) -> Decimal:
    """Feedstock use that enters energy consumption (计入能耗的原料用能), in tce, as the authority answered."""
    return feedstock_tce * feedstock_in_energy


def energy_besides_power_tce(
    fuel_energy_tce: Each,
    conversion_loss_tce: Decimal,
    heat_net_gj: Decimal,
    heat_tce_per_gj: Decimal,
    renewable_energy_tce: Decimal,
    other_energy_tce: Decimal,
    feedstock_counted_tce: Decimal,
) -> Decimal:
    """Energy consumption besides power (电力以外的能耗), in tce."""
    return (
        sum(fuel_energy_tce, ZERO)
        + conversion_loss_tce
        + heat_net_gj * heat_tce_per_gj
        + renewable_energy_tce
        + other_energy_tce
        + feedstock_counted_tce
    )


def energy_tce(
    energy_besides_power_tce: Decimal, power_used_mwh: Decimal, power_equivalent_tce_per_mwh: Decimal
) -> Decimal:
    """Total energy consumption, power at equivalent value (年综合能源消费量，等价值), in tce (附件3 二1)."""
    return energy_besides_power_tce + power_used_mwh * power_equivalent_tce_per_mwh


def energy_calorific_tce(
    energy_besides_power_tce: Decimal, power_used_mwh: Decimal, power_calorific_tce_per_mwh: Decimal
) -> Decimal:
    """Total energy consumption, power at calorific value (当量值), in tce: not the annex basis."""
    return energy_besides_power_tce + power_used_mwh * power_calorific_tce_per_mwh


# Indicators ----------------------------------------------------------------------------------------------------------


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


Formula = Callable[..., Decimal]


def _formulas() -> Mapping[str, Formula]:
    """Return the formulas of this module by name."""
    import sys

    module = sys.modules[__name__]
    found = dict(getmembers(module, lambda one: isfunction(one) and one.__module__ == __name__))
    return MappingProxyType({name: one for name, one in found.items() if not name.startswith("_")})


FORMULAS: Mapping[str, Formula] = _formulas()
ARGUMENTS: Mapping[str, tuple[tuple[str, bool], ...]] = MappingProxyType(
    {
        name: tuple(
            (one.replace("__", "/"), kind.annotation == "Each") for one, kind in signature(of).parameters.items()
        )
        for name, of in FORMULAS.items()
    }
)
"""What each formula needs, in order, and whether it is one figure for each member of a family."""

__all__ = ["ARGUMENTS", "FORMULAS", "Each", "Formula"]
