"""Carbon emissions of a park (园区碳排放): 发改环资〔2025〕910号 annex 4, and the figures shown beside it."""

from __future__ import annotations

from decimal import Decimal

from scoring.formulas.each import Each
from scoring.interval import ZERO, greatest, least

# Fuels: annex 4, 二（二）1 and 2 -----------------------------------------------------------------------


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


# Power and heat: annex 4, 二（二）3 --------------------------------------------------------------------


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
    """CO2 of power received less sent out (E电), in tCO2. Green power, in or out, has factor 0 (附件4 二（二）3①)."""
    return (other_power_in_mwh - fossil_power_out_mwh) * other_power_factor_910_tco2_per_mwh


def heat_910_tco2(
    fossil_heat_in_gj: Decimal, fossil_heat_out_gj: Decimal, fossil_heat_factor_tco2_per_gj: Decimal
) -> Decimal:
    """CO2 of heat received less sent out (E热), in tCO2. Heat not of fossil origin has factor 0 (附件4 二（二）3②)."""
    return (fossil_heat_in_gj - fossil_heat_out_gj) * fossil_heat_factor_tco2_per_gj


# Processes: annex 4, 三 -----------------------------------------------------------------------------


def product_co2_tco2(product_output_t: Decimal, product_factor_tco2_per_t: Decimal) -> Decimal:
    """Process CO2 of one product (分产品过程排放), in tCO2: output × factor."""
    return product_output_t * product_factor_tco2_per_t


def carbonate_co2_tco2(carbonate_used_t: Decimal, carbonate_factor_tco2_per_t: Decimal) -> Decimal:
    """CO2 from the decomposition of one carbonate (碳酸盐分解排放), in tCO2, on pure carbonate."""
    return carbonate_used_t * carbonate_factor_tco2_per_t


def process_tco2(product_co2_tco2: Each, carbonate_co2_tco2: Each, mass_balance_tco2: Decimal) -> Decimal:
    """Process emissions (E工业过程), in tCO2."""
    return sum(product_co2_tco2, ZERO) + sum(carbonate_co2_tco2, ZERO) + mass_balance_tco2


# Totals --------------------------------------------------------------------------------------------


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
