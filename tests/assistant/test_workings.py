"""The user's own figure times a cited coefficient: computed in full, or left alone."""

from __future__ import annotations

import pytest
from fakes import document

from assistant.answer import Citation
from assistant.guard import check
from assistant.workings import working

GAS = "天然气热值389.31 GJ/万Nm3，含碳量0.0153 tC/GJ，由此推得21.6219 tCO2/万Nm3。"
DIESEL = "柴油折标准煤系数为1.4571 kgce/kg。"
GRID = "国家级零碳园区按0.8325千克二氧化碳/千瓦时计算没有绿证的网电。"
CERTIFICATE = "1个绿证对应1000千瓦时可再生能源电量。"
EXPORT = "上网电量占总可用发电量的上限一般不超过20%。"
SUBSIDY = "分布式光伏一次性补800元/kW。"


def cited(text: str) -> Citation:
    made = document("source", [("一", text)])
    return Citation(1, made.passages[0], made)


@pytest.mark.parametrize(
    ("asked", "fact", "chain"),
    [
        ("今年用了100吨柴油，折标煤多少", DIESEL, "100t × 1.4571kgce/kg = 145710kgce = 145.71tce"),
        ("烧了250公斤柴油折多少标煤", DIESEL, "250kg × 1.4571kgce/kg = 364.275kgce"),
        ("两千万度网电排多少吨", GRID, "20000000kWh × 0.8325kgCO2/kWh = 16650000kgCO2 = 16650tCO2"),
        ("买了二十万度绿电，对应几张绿证", CERTIFICATE, "200000kWh ÷ 1000kWh = 200个"),
        ("烧10万方天然气排多少CO2", GAS, "100000m3 × 21.6219tCO2/万Nm3 = 216.219tCO2"),
        ("一年可发电一亿度，最多能上网几度", EXPORT, "100000000kWh × 不超过20% = 不超过20000000kWh = 不超过2000万kWh"),
        ("装2MW光伏能补多少钱", SUBSIDY, "2MW × 800元/kW = 1600000元 = 160万元"),
    ],
)
def test_every_step_from_the_users_figure_to_the_result_is_shown(asked: str, fact: str, chain: str) -> None:
    made = working(asked, [cited(fact)])
    assert made is not None
    assert made.chain == chain


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("柴油折标煤系数多少", DIESEL),
        ("装一千瓦光伏补多少钱", SUBSIDY),
        ("100吨柴油和200吨汽油折标煤多少", DIESEL),
        ("我们用了100吨柴油，要报统计局吗", DIESEL),
        ("100吨柴油排多少二氧化碳", DIESEL),
        ("100GJ蒸汽折标煤多少", DIESEL),
        ("装2MW光伏能补多少钱", "分布式光伏最高补800元/kW。"),
        ("我们用电一亿度，绿电占比要多少", EXPORT),
        ("一年可发电一亿度，最多能上网几度", "自用不低于60%，上网不超过20%。"),
    ],
)
def test_nothing_is_computed_without_one_figure_and_one_fitting_coefficient(asked: str, fact: str) -> None:
    assert working(asked, [cited(fact)]) is None


@pytest.mark.parametrize(
    ("chain", "faulty"),
    [
        ("100t × 1.4571kgce/kg = 145710kgce = 145.71tce", ""),
        ("100t × 1.4571kgce/kg = 145711kgce = 145.71tce", "145711"),
        ("100t × 1.4571kgce/kg = 145710kgce = 14.571tce", "14.571"),
        ("100t × 1.4517kgce/kg = 145170kgce = 145.17tce", "1.4517"),
        ("101t × 1.4571kgce/kg = 147167.1kgce", "101"),
        ("100t × 1.4571kgce/kg = 145710kg", "145710"),
    ],
)
def test_the_guard_walks_the_chain_again(chain: str, faulty: str) -> None:
    faults = check([f"按您说的100吨计算：{chain}[1]"], {1: cited(DIESEL)}, question="今年用了100吨柴油，折标煤多少")
    assert any(faulty in fault.found for fault in faults) if faulty else not faults
