"""Energy consumption of a park (综合能源消费量): annex 3, 二1, power at equivalent value."""

from __future__ import annotations

from decimal import Decimal

from scoring.formulas.each import Each
from scoring.interval import ZERO, greatest


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
