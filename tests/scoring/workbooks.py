"""Made-up parks as workbooks, and the faults planted in them, all from a seed. Each fault knows the cells it may be
named at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from scoring.cells import Given
from scoring.model import Rules
from scoring.wording import label_of

MONTHS = [f"{i}月" for i in range(1, 13)]
FACTOR_SET = "GB/T 32151 系列（2024）附录C 表C.1"
ENERGY = ["grid_power_in_mwh", "direct_green_mwh", "fuel_burned/natural_gas", "fossil_heat_in_gj"]


@dataclass
class Line:
    """One row of the main table."""

    value: Any
    unit: str = ""
    source: str = ""


@dataclass
class Made:
    """One made-up park; `lines` by fact id, ledgers as rows of cells."""

    name: str
    year: Any
    lines: dict[str, Line]
    months: dict[str, tuple[str, list[Any]]] = field(default_factory=dict)
    meters: list[list[Any]] = field(default_factory=list)
    certificates: list[list[Any]] = field(default_factory=list)


def _r(random: Random, low: float, high: float) -> float:
    return random.uniform(low, high)


def _round(value: float, digits: int = 4) -> float:
    return float(f"{value:.{digits}g}")


def _spread(random: Random, total: float, swing: float, decimals: int) -> list[float]:
    """Return twelve months that add up to about the total."""
    shares = [1 + random.uniform(-swing, swing) for _ in MONTHS]
    return [round(total * share / sum(shares), decimals) for share in shares]


def _sum(values: list[float]) -> float:
    return float(sum(Decimal(str(value)) for value in values))


def made(seed: int) -> Made:  # noqa: PLR0915 - one park, line by line
    """Return a plausible park whose figures agree with each other."""
    random = Random(seed)
    size = 10 ** _r(random, 4.6, 6.3)
    lines: dict[str, Line] = {}
    months: dict[str, tuple[str, list[Any]]] = {}
    for key in ("subject_qualified", "boundary_clear", "data_basis_sound", "no_major_accident_3y"):
        lines[key] = Line(random.choice(["是", "是", "是", "否"]))
    coefficient = random.choice(["0.3024", "0.3055", "0.2999"])
    lines["power_equivalent_tce_per_mwh"] = Line(float(coefficient), "kgce/kWh", "统计局口径")
    power = size * _r(random, 0.45, 0.85) / float(coefficient)  # MWh
    green = _r(random, 0.2, 0.7)
    grid = _spread(random, power * (1 - green) / 10, 0.2, 1)  # 万kWh
    months["grid_power_in_mwh"] = ("万kWh", grid)
    lines["grid_power_in_mwh"] = Line(_sum(grid), "万kWh", "供电公司")
    direct = _spread(random, power * green / 10, 0.3, 1)
    months["direct_green_mwh"] = ("万kWh", direct)
    lines["direct_green_mwh"] = Line(_sum(direct), "万kWh", "直连台账")
    traded = [round(value * _r(random, 0.3, 0.6), 1) for value in grid]
    if random.random() < 0.7:
        months["traded_green_mwh"] = ("万kWh", traded)
        lines["traded_green_mwh"] = Line(_sum(traded), "万kWh", "交易中心")
    gas = _spread(random, size * _r(random, 0.06, 0.2) / 13.28, 0.3, 3)  # 万Nm3
    months["fuel_burned/natural_gas"] = ("万Nm3", gas)
    lines["fuel_burned/natural_gas"] = Line(_sum(gas), "万Nm3", "燃气公司")
    diesel = round(size * _r(random, 0.005, 0.02) / 1.4571, 1)
    lines["fuel_burned/diesel"] = Line(diesel, "t", "企业台账")
    lines["fuel_oxidation_share/diesel"] = Line(98, "%", "化验")
    heat = _spread(random, size * _r(random, 0.05, 0.15) / 0.03412 / 1e4, 0.5, 4)  # 万GJ
    months["fossil_heat_in_gj"] = ("万GJ", heat)
    lines["fossil_heat_in_gj"] = Line(_sum(heat), "万GJ", "热力公司")
    total = (
        (_sum(grid) + _sum(direct)) * 10 * float(coefficient)
        + _sum(gas) * 389.31 / 29.307
        + diesel * 1.4571
        + _sum(heat) * 1e4 * 0.03412
    )
    if random.random() < 0.8:
        lines["energy_tce"] = Line(_round(total / 1e4 * _r(random, 0.985, 1.015), 5), "万吨标准煤", "统计局")
    for key in ("power", "fuel", "conversion", "heat", "process", "other_energy", "waste", "waste_energy"):
        lines[f"{key}_complete"] = Line("是")
    lines["fuel_factor_set"] = Line(FACTOR_SET)
    lines["grid_area"] = Line(random.choice(["江苏", "广东", "全国", "内蒙古"]))
    lines["grid_factor_year"] = Line(random.choice(["2023", 2023]))
    lines["feedstock_in_energy"] = Line("否", source="省发展改革委")
    lines["gas_counts_as_clean"] = Line(random.choice(["是", "否"]), source="省发展改革委")
    lines["worst_product_level"] = Line(random.choice([1, 2, 3]), "级", "节能监察")
    waste = _round(size * _r(random, 0.05, 0.8))
    lines["solid_waste_generated_t"] = Line(waste, "t", "生态环境局")
    lines["solid_waste_used_t"] = Line(_round(waste * _r(random, 0.5, 0.98), 3), "t", "生态环境局")
    available = _round(size * _r(random, 0.5, 3))
    lines["waste_heat_available_gj"] = Line(available, "GJ", "审计报告")
    lines["waste_heat_used_gj"] = Line(_round(available * _r(random, 0.2, 0.9), 3), "GJ", "审计报告")
    water = _spread(random, size * _r(random, 2, 30) / 1e4, 0.15, 3)
    months["fresh_water_m3"] = ("万m3", water)
    lines["fresh_water_m3"] = Line(_sum(water), "万m3", "水务局")
    lines["reused_water_m3"] = Line(_round(_sum(water) * _r(random, 1, 20)), "万m3", "水平衡测试")
    lines["value_added_cny"] = Line(_round(size * 10 ** _r(random, 3.6, 5) / 1e8), "亿元", "统计局")
    park = Made(f"样例园区{seed}", 2025, lines, months)
    _ledgers(park, random)
    if random.random() < 0.25:  # a park that keeps no months
        for key in random.sample(sorted(park.months), 2):
            del park.months[key]
    return park


def _ledgers(park: Made, random: Random) -> None:
    total = Decimal(str(park.lines["grid_power_in_mwh"].value))
    first = round(total * Decimal(random.choice(["0.3", "0.45", "0.6"])), 1)
    for name, billed in (("甲线", first), ("乙线", total - first)):
        metered = round(billed * Decimal(str(round(_r(random, 0.997, 1.004), 4))), 1)
        park.meters.append(["grid_power_in_mwh", name, float(metered), float(billed), "万kWh"])
    if random.random() < 0.3:
        return
    start = random.randrange(10**6, 10**7)
    count = 0
    for _ in range(random.randint(2, 6)):
        pieces = random.randrange(100, 2000)
        park.certificates.append(
            [f"GEC2025{start:08d}", f"GEC2025{start + pieces - 1:08d}", pieces, "2025", "已核销", "抵外购电"]
        )
        start += pieces + random.randrange(1, 500)
        count += pieces
    park.lines["certificate_count"] = Line(count, "张", "绿证平台")


# The workbook --------------------------------------------------------------------------------------------------------


@dataclass
class Book:
    """A workbook being made: where each figure stands."""

    rules: Rules
    random: Random
    book: Any = field(default_factory=openpyxl.Workbook)
    cells: dict[tuple[str, str], Any] = field(default_factory=dict)
    content: bytes | None = None
    name: str = "park.xlsx"

    def at(self, key: str, part: str) -> Any:
        return self.cells[key, part]

    def place(self, key: str, part: str) -> str:
        cell = self.cells[key, part]
        return f"{cell.parent.title}!{cell.coordinate}"

    def given(self) -> Given:
        if self.content is None:
            stream = io.BytesIO()
            self.book.save(stream)
            self.content = stream.getvalue()
        return Given(self.name, self.content)


HEADS = {
    "id": ["编号", "id"],
    "label": ["填报项", "项目", "指标名称"],
    "value": ["数值", "填报值"],
    "unit": ["单位", "计量单位"],
    "source": ["来源或凭证", "来源", "数据来源"],
    "note": ["备注", "备注（内部）", "说明"],
}


def laid_out(park: Made, rules: Rules, seed: int) -> Book:
    """Return the park as a workbook: any sheet names, any order of columns, ids or labels or both."""
    random = Random(seed)
    made_book = Book(rules, random)
    book = made_book.book
    sheet = book.active
    sheet.title = random.choice(["填报", "Sheet1", "2025年数据", "能耗数据 (1)"])
    parts = ["id", "label", "value", "unit", "source", "note"]
    random.shuffle(parts)
    if random.random() < 0.3:
        parts.remove(random.choice(["id", "note"]))
    row = random.choice([1, 1, 2, 3])
    if row > 1:
        sheet.cell(1, 1, "园区数据填报表（内部资料）")
    for i, part in enumerate(parts, 1):
        made_book.cells["head", part] = sheet.cell(row, i, random.choice(HEADS[part]))
    lines = list(park.lines.items())
    random.shuffle(lines)
    lines = [("name", Line(park.name)), ("year", Line(park.year)), *lines]
    for key, line in lines:
        row += 1
        label = {"name": "园区名称", "year": "核算年度"}.get(key) or label_of(key, rules)
        texts = {"id": key, "label": label, "value": line.value, "unit": line.unit, "source": line.source}
        for i, part in enumerate(parts, 1):
            made_book.cells[key, part] = sheet.cell(row, i, texts.get(part) or None)
            if part == "value" and line.value is not None:
                made_book.cells[key, part].value = line.value
    _month_sheet(park, made_book)
    _ledger_sheets(park, made_book)
    return made_book


def _month_sheet(park: Made, book: Book) -> None:
    if not park.months:
        return
    sheet = book.book.create_sheet(book.random.choice(["逐月", "月度"]))
    sheet.append(["填报项", "单位", *MONTHS])
    for row, (key, (unit, values)) in enumerate(park.months.items(), 2):
        sheet.append([label_of(key, book.rules), unit, *values])
        for i in range(12):
            book.cells[key, f"month {i}"] = sheet.cell(row, i + 3)


def _ledger_sheets(park: Made, book: Book) -> None:
    sheet = book.book.create_sheet("计量台账")
    sheet.append(["编号", "表号", "计量值", "结算值", "单位"])
    for row, meter in enumerate(park.meters, 2):
        sheet.append(meter)
        book.cells[f"meter {row - 2}", "metered"] = sheet.cell(row, 3)
        book.cells[f"meter {row - 2}", "billed"] = sheet.cell(row, 4)
    if not park.certificates:
        return
    sheet = book.book.create_sheet("绿证")
    sheet.append(["绿证编号", "终止编号", "张数", "电量生产年份", "核销状态", "用途"])
    for row, one in enumerate(park.certificates, 2):
        sheet.append(one)
        for i, part in enumerate(("serial", "serial_to", "pieces", "made", "state", "claim"), 1):
            book.cells[f"certificate {row - 2}", part] = sheet.cell(row, i)


# The faults ----------------------------------------------------------------------------------------------------------

Planted = set[str]
Plant = Callable[[Book, Made, Random], Planted | None]
UNITS = {
    "万kWh": ["kWh", "MWh", "亿kWh"],
    "万吨标准煤": ["吨标准煤"],
    "万GJ": ["GJ"],
    "万m3": ["m3", "亿m3"],
    "亿元": ["万元", "元"],
    "t": ["kg", "万t"],
    "GJ": ["万GJ", "MJ"],
    "万Nm3": ["Nm3", "亿Nm3"],
}


def _figure(park: Made, random: Random, *, big: bool = False) -> str:
    keys = [key for key, line in park.lines.items() if line.unit in UNITS and key != "energy_tce"]
    if big:
        keys = [key for key in keys if key != "fuel_burned/diesel"]
    return random.choice(sorted(keys))


def _text(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "value").value = random.choice(["约1200", "见附件", "12OO", "1.200,5", "—", "暂无", "≥300", "3千多"])
    return {book.place(key, "value")}


def _negative(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "value").value = -abs(park.lines[key].value)
    return {book.place(key, "value")}


def _percent(book: Book, park: Made, random: Random) -> Planted:
    book.at("fuel_oxidation_share/diesel", "value").value = random.choice([980, 9800, 108])
    return {book.place("fuel_oxidation_share/diesel", "value")}


def _error(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "value").value = random.choice(["#DIV/0!", "#N/A", "#REF!", "#VALUE!"])
    return {book.place(key, "value")}


def _formula(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "value").value = random.choice(["=1200*10", "=SUM(A1:A3)", "=IF(A1>0,1,2)"])
    return {book.place(key, "value")}


def _date(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "value").value = date(2025, random.randint(1, 12), 3)
    return {book.place(key, "value")}


def _merged_head(book: Book, park: Made, random: Random) -> Planted:
    cell = book.at("head", "value")
    sheet, row, column = cell.parent, cell.row, cell.column
    if column == 1:
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=1)
        return {book.place("head", "value"), book.place("name", "value")}
    sheet.merge_cells(start_row=row, end_row=row, start_column=column - 1, end_column=column)
    return {f"{sheet.title}!{get_column_letter(column - 1)}{row}", book.place("head", "value")}


def _merged_data(book: Book, park: Made, random: Random) -> Planted:
    cell = book.at(_figure(park, random), "value")
    cell.parent.merge_cells(start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column)
    return {f"{cell.parent.title}!{cell.coordinate}"}


def _shifted(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    value, unit = book.at(key, "value"), book.at(key, "unit")
    swapped = random.random() < 0.5
    value.value, unit.value = (unit.value if swapped else None), value.value
    return {book.place(key, "value")}


def _unknown_head(book: Book, park: Made, random: Random) -> Planted:
    sheet = book.at("head", "value").parent
    column = sheet.max_column + 1
    cell = sheet.cell(book.at("head", "value").row, column, random.choice(["能耗折算", "2024年数", "Column1", "校核"]))
    return {f"{sheet.title}!{cell.coordinate}"}


def _repeated_head(book: Book, park: Made, random: Random) -> Planted:
    sheet = book.at("head", "value").parent
    cell = sheet.cell(book.at("head", "value").row, sheet.max_column + 1, random.choice(["数值", "单位", "填报值"]))
    return {f"{sheet.title}!{cell.coordinate}"}


def _unknown_row(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    found: Planted = set()
    for part in ("id", "label"):
        if (key, part) in book.cells:
            book.at(key, part).value = f"{book.at(key, part).value[:-1]}x"
            found.add(book.place(key, part))
    return found


def _twice(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    cell = book.at(key, "value")
    row = cell.parent.max_row + 1
    for part in ("id", "label", "value", "unit", "source"):
        if (key, part) in book.cells:
            cell.parent.cell(row, book.at(key, part).column, book.at(key, part).value)
    return {f"{cell.parent.title}!{get_column_letter(cell.column)}{row}", book.place(key, "value")}


def _other_kind(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    other = {"万kWh": "t", "万GJ": "t", "GJ": "m3", "t": "万kWh", "万m3": "t", "亿元": "t", "万Nm3": "t"}
    book.at(key, "unit").value = other[park.lines[key].unit]
    return {book.place(key, "value"), book.place(key, "unit")}


def _no_unit(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random)
    book.at(key, "unit").value = random.choice(["万xx", "桶", "单位", "kWhh"])
    return {book.place(key, "value"), book.place(key, "unit")}


def _unit_slip(book: Book, park: Made, random: Random) -> Planted:
    key = _figure(park, random, big=True)
    book.at(key, "unit").value = random.choice(UNITS[park.lines[key].unit])
    return {book.place(key, "value"), book.place(key, "unit")}


def _total_slip(book: Book, park: Made, random: Random) -> Planted | None:
    if "energy_tce" not in park.lines:
        return None
    book.at("energy_tce", "unit").value = random.choice(["吨标准煤", "亿吨标准煤"])
    return {book.place("energy_tce", "value"), book.place("energy_tce", "unit")}


def _times(book: Book, park: Made, random: Random) -> Planted:
    key = random.choice(ENERGY)
    cell = book.at(key, "value")
    cell.value = cell.value * random.choice([10, 1000, 0.1, 0.001, 10000])
    return {book.place(key, "value")}


def _heat_unit(book: Book, park: Made, random: Random) -> Planted:
    key = random.choice(["grid_power_in_mwh", "direct_green_mwh"])
    book.at(key, "unit").value = random.choice(["GJ", "万GJ", "TJ"])
    return {book.place(key, "value"), book.place(key, "unit")}


def _month(book: Book, park: Made, random: Random, change: Callable[[Any], Any]) -> Planted | None:
    keys = sorted(set(park.months))
    if not keys:
        return None
    key, i = random.choice(keys), random.randrange(12)
    cell = book.at(key, f"month {i}")
    cell.value = change(cell.value)
    return {book.place(key, f"month {i}")}


def _month_lost(book: Book, park: Made, random: Random) -> Planted | None:
    return _month(book, park, random, lambda _: None)


def _month_text(book: Book, park: Made, random: Random) -> Planted | None:
    return _month(book, park, random, lambda _: random.choice(["停产", "约30", "n/a"]))


def _month_times(book: Book, park: Made, random: Random) -> Planted | None:
    times = random.choice([10, 1000, 0.1, 10000])
    return _month(book, park, random, lambda value: value * times)


def _year_off(book: Book, park: Made, random: Random) -> Planted | None:
    keys = sorted(set(park.months) & set(park.lines))
    if not keys:
        return None
    key = random.choice(keys)
    book.at(key, "value").value = round(park.lines[key].value * random.choice([1.07, 0.93, 1.02, 0.975]), 4)
    return {book.place(key, "value")}


def _meter(book: Book, park: Made, random: Random) -> Planted:
    i = random.randrange(len(park.meters))
    part = random.choice(["metered", "billed"])
    cell = book.at(f"meter {i}", part)
    cell.value = cell.value * random.choice([10, 0.1, 1.25, 1000])
    return {book.place(f"meter {i}", part)}


def _certificate(book: Book, park: Made, random: Random, change: Callable[[int], str]) -> Planted | None:
    if len(park.certificates) < 2:
        return None
    i = random.randrange(1, len(park.certificates))
    part = change(i)
    return {book.place(f"certificate {i}", part)}


def _same_serial(book: Book, park: Made, random: Random) -> Planted | None:
    def change(i: int) -> str:
        for part in ("serial", "serial_to", "pieces"):
            book.at(f"certificate {i}", part).value = book.at(f"certificate {i - 1}", part).value
        return "serial"

    return _certificate(book, park, random, change)


def _overlapping_serial(book: Book, park: Made, random: Random) -> Planted | None:
    def change(i: int) -> str:
        last = int(book.at(f"certificate {i - 1}", "serial_to").value[7:])
        pieces = book.at(f"certificate {i}", "pieces").value
        book.at(f"certificate {i}", "serial").value = f"GEC2025{last - 20:08d}"
        book.at(f"certificate {i}", "serial_to").value = f"GEC2025{last - 21 + pieces:08d}"
        return "serial"

    return _certificate(book, park, random, change)


def _uncancelled(book: Book, park: Made, random: Random) -> Planted | None:
    def change(i: int) -> str:
        book.at(f"certificate {i}", "state").value = "未核销"
        return "state"

    return _certificate(book, park, random, change)


def _old_power(book: Book, park: Made, random: Random) -> Planted | None:
    def change(i: int) -> str:
        book.at(f"certificate {i}", "made").value = "2023"
        return "made"

    return _certificate(book, park, random, change)


def _count_off(book: Book, park: Made, random: Random) -> Planted | None:
    if not park.certificates:
        return None
    book.at("certificate_count", "value").value += random.choice([1, 100, 5000])
    return {book.place("certificate_count", "value")}


def _traded_over(book: Book, park: Made, random: Random) -> Planted | None:
    if "traded_green_mwh" not in park.lines:
        return None
    book.at("traded_green_mwh", "value").value = park.lines["grid_power_in_mwh"].value * 1.3
    return {book.place("traded_green_mwh", "value")}


def _part_over(book: Book, park: Made, random: Random) -> Planted:
    part, whole = random.choice(
        [("waste_heat_used_gj", "waste_heat_available_gj"), ("solid_waste_used_t", "solid_waste_generated_t")]
    )
    book.at(part, "value").value = park.lines[whole].value * random.choice([1.2, 2, 5])
    return {book.place(part, "value"), book.place(whole, "value")}


def _reuse(book: Book, park: Made, random: Random) -> Planted:
    book.at("reused_water_m3", "value").value = park.lines["fresh_water_m3"].value * random.choice([500, 20000, 0.001])
    return {book.place("reused_water_m3", "value"), book.place("fresh_water_m3", "value")}


def _bad_year(book: Book, park: Made, random: Random) -> Planted:
    book.at("year", "value").value = random.choice(["去年", 25, "2025-2026", 20255])
    return {book.place("year", "value")}


def _nameless(book: Book, park: Made, random: Random) -> Planted:
    book.at("name", "value").value = None
    return {book.place("name", "value")}


def _bad_choice(book: Book, park: Made, random: Random) -> Planted:
    key, text = random.choice([("grid_area", "香港"), ("grid_factor_year", "2019"), ("fuel_factor_set", "IPCC")])
    book.at(key, "value").value = text
    return {book.place(key, "value")}


def _bad_answer(book: Book, park: Made, random: Random) -> Planted:
    key = random.choice(["subject_qualified", "boundary_clear", "heat_complete"])
    book.at(key, "value").value = random.choice(["也许", "部分", "待定", 7])
    return {book.place(key, "value")}


def _sourceless(book: Book, park: Made, random: Random) -> Planted:
    key = random.choice(["power_equivalent_tce_per_mwh", "gas_counts_as_clean"])
    book.at(key, "source").value = None
    return {book.place(key, "value"), book.place(key, "source")}


def _broken_file(book: Book, park: Made, random: Random) -> Planted:
    content = book.given().content
    assert isinstance(content, bytes)
    kind = random.choice(["macro", "cut", "locked", "old", "noise"])
    if kind == "macro":
        stream = io.BytesIO(content)
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
        book.content = stream.getvalue()
    else:
        ole = bytes.fromhex("D0CF11E0A1B11AE1")
        book.content = {
            "cut": content[: len(content) // 2],
            "locked": ole + "EncryptedPackage".encode("utf-16-le"),
            "old": ole + b"\0" * 600,
            "noise": bytes(range(256)) * 4,
        }[kind]
    return {book.name}


KINDS: dict[str, Plant] = {
    "text": _text,
    "negative": _negative,
    "percent": _percent,
    "error value": _error,
    "formula without value": _formula,
    "date": _date,
    "merged header": _merged_head,
    "merged cells": _merged_data,
    "shifted column": _shifted,
    "unknown header": _unknown_head,
    "repeated header": _repeated_head,
    "unknown row": _unknown_row,
    "row twice": _twice,
    "unit of another kind": _other_kind,
    "unknown unit": _no_unit,
    "unit slip": _unit_slip,
    "unit slip again": _unit_slip,
    "unit slip of the total": _total_slip,
    "times ten": _times,
    "heat unit": _heat_unit,
    "month lost": _month_lost,
    "month text": _month_text,
    "month times": _month_times,
    "year off": _year_off,
    "meter": _meter,
    "same serial": _same_serial,
    "overlapping serial": _overlapping_serial,
    "not cancelled": _uncancelled,
    "power of another year": _old_power,
    "count off": _count_off,
    "traded over": _traded_over,
    "part over whole": _part_over,
    "reuse": _reuse,
    "bad year": _bad_year,
    "nameless": _nameless,
    "bad choice": _bad_choice,
    "bad answer": _bad_answer,
    "no source": _sourceless,
    "broken file": _broken_file,
}


def faulty(kind: str, seed: int, rules: Rules) -> tuple[Given, Planted] | None:
    """Return a workbook with one fault of the kind, and the cells it may be named at; None where it does not fit."""
    random = Random(f"{kind} {seed}")
    park = made(random.randrange(10**9))
    book = laid_out(park, rules, random.randrange(10**9))
    cells = KINDS[kind](book, park, random)
    return None if cells is None else (book.given(), cells)


def clean(seed: int, rules: Rules) -> Given:
    """Return a workbook without a fault; some parks report only part."""
    random = Random(f"clean {seed}")
    park = made(random.randrange(10**9))
    if random.random() < 0.3:
        for key in random.sample(
            sorted(set(park.lines) - {*ENERGY, "fuel_burned/diesel", "traded_green_mwh", "certificate_count"}), 8
        ):
            del park.lines[key]
            park.months.pop(key, None)
    return laid_out(park, rules, random.randrange(10**9)).given()
