"""Every figure of a message with its fact, and no figure that was not said."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.amounts import amounts_in
from assistant.plain import plain_text, without_names
from assistant.said import Said, said_in
from scoring.load import load_rules

RULES = load_rules()
GRID, GAS, DIESEL = "grid_power_in_mwh", "fuel_burned/natural_gas", "fuel_burned/diesel"
COAL = "fuel_burned/anthracite"


def one(message: str, asked: str = "") -> Said:
    found = said_in(message, RULES, asked=asked)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("3.2亿度", "320000000", "kWh"),
        ("３．２億度", "320000000", "kWh"),
        ("三亿二千万度", "320000000", "kWh"),
        ("三亿二", "320000000", ""),
        ("3亿2千6百万kWh", "326000000", "kWh"),
        ("两千三百五十万千瓦时", "23500000", "kWh"),
        ("12.5万kWh", "125000", "kWh"),
        ("1.86×10^8 kWh", "186000000", "kWh"),
        ("1,234,567 t", "1234567", "t"),
        ("两个亿", "200000000", ""),
        ("15 million m3", "15000000", "m3"),
        ("0.3024 kgce/kWh", "0.3024", "kgce/kWh"),
        ("十二点五亿千瓦时", "1250000000", "kWh"),
        ("八成五", "85", "percent"),
        ("百分之三十", "30", "percent"),
        ("四分之三", "75", "percent"),
        ("一半", "50", "percent"),
        ("（万吨） 12", "120000", "t"),
        ("30百万千焦", "30", "GJ"),
        ("八千3百万度", "83000000", "kWh"),
        ("八三零零万度", "83000000", "kWh"),
        ("3千多万度", "30000000", "kWh"),
        ("六吨半", "6.5", "t"),
        ("12万标立", "120000", "Nm3"),
        ("1000亩", "1000", "亩"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, number: str, unit: str) -> None:
    rest, _ = without_names(plain_text(text).plain)
    found = amounts_in(rest)
    assert [(amount.number, amount.unit) for amount in found] == [(Decimal(number), unit)]


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("去年下网3.2亿度", GRID, "320000"),
        ("關口表全年三億二千萬度", GRID, "320000"),
        ("绿电交易1.1亿千瓦时", "traded_green_mwh", "110000"),
        ("直连的风电1.8亿度", "direct_green_mwh", "180000"),
        ("屋顶光伏自己用了5000万度", "self_green_mwh", "50000"),
        ("2万张绿证", "certificate_count", "20000"),
        ("天然气一千五百万方", GAS, "1500"),
        ("diesel 1,000 tonnes", DIESEL, "1000"),
        ("柴油1200000公斤", DIESEL, "1200"),
        ("柴油热值42.65GJ/t", "fuel_ncv_gj_per_unit/diesel", "42.65"),
        ("综合能耗45.35万吨标准煤", "energy_tce", "453500"),
        ("等价值系数0.3024千克标煤每千瓦时", "power_equivalent_tce_per_mwh", "0.3024"),
        ("固废产生量12万吨", "solid_waste_generated_t", "120000"),
        ("重复用水3800万方", "reused_water_m3", "38000000"),
        ("工业增加值160亿元", "value_added_cny", "16000000000"),
        ("最差的产品是二级", "worst_product_level", "2"),
        ("电石产量20万吨", "product_output_t/calcium_carbide", "200000"),
        ("没买绿证", "certificate_count", "0"),
        ("天然气早就不用了", GAS, "0"),
        ("we don't burn diesel", DIESEL, "0"),
    ],
)
def test_a_figure_is_of_the_fact_it_names(message: str, fact: str, value: str) -> None:
    found = one(message)
    assert (found.fact, found.value) == (fact, Decimal(value))
    assert message[found.start : found.end] == found.raw


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("三年里没出过安全事故", "no_major_accident_3y", True),
        ("前年出过一次重大安全事故", "no_major_accident_3y", False),
        ("我们是国家级经开区", "subject_qualified", True),
        ("四至边界不太清楚", "boundary_clear", False),
        ("小事故有过，没发生过重大事故", "no_major_accident_3y", True),
        ("没有加工转换", "conversion_complete", True),
        ("没有别的燃料", "fuel_complete", True),
        ("原煤是烟煤", "raw_coal_rank", "烟煤"),
    ],
)
def test_yes_no_and_choices_are_read_from_statements(message: str, fact: str, value: object) -> None:
    found = one(message)
    assert (found.fact, found.value) == (fact, value)


@pytest.mark.parametrize(
    ("message", "candidate", "value"),
    [
        ("用电3.2亿度", GRID, "320000"),
        ("煤三万吨", COAL, "30000"),
        ("绿电3亿度", "traded_green_mwh", "300000"),
        ("外购蒸汽20万GJ", "nonfossil_heat_in_gj", "200000"),
        ("能耗三十五万吨", "energy_tce", "350000"),
        ("下网三亿二", GRID, "320000000"),
    ],
)
def test_what_is_not_clear_has_candidates_and_no_fact(message: str, candidate: str, value: str) -> None:
    found = one(message)
    assert found.fact == ""
    assert candidate in found.candidates
    assert found.value == Decimal(value)


def test_none_of_a_family_is_zero_for_every_member() -> None:
    found = one("煤已经没有了")
    assert (found.fact, found.value, found.every) == ("", Decimal(0), True)
    assert COAL in found.candidates
    assert len(found.candidates) == 10


def test_a_share_is_never_multiplied() -> None:
    total, share = said_in("用电3.2亿度，八成五是绿电", RULES)
    assert total.value == Decimal(320000)
    assert (share.fact, share.value, share.unit) == ("", Decimal("0.85"), "1")
    assert "traded_green_mwh" in share.candidates


@pytest.mark.parametrize(
    ("message", "asked", "value", "bare"),
    [
        ("3.2亿度", GRID, "320000", False),
        ("3.2亿", GRID, "320000000", True),
        ("两万", "certificate_count", "20000", True),
        ("没有", "self_fossil_mwh", "0", False),
        ("二级", "worst_product_level", "2", False),
        ("42%", "jiangsu-2024/electrification_share", "0.42", False),
        ("绿电有2.7亿度", "traded_green_mwh", "270000", False),
        ("3", "ceca-0344-2025/platform", "3", True),
    ],
)
def test_a_reply_is_of_the_fact_asked_for(message: str, asked: str, value: str, bare: bool) -> None:
    found = one(message, asked)
    assert (found.fact, found.value, found.bare) == (asked, Decimal(value), bare)


@pytest.mark.parametrize(
    ("message", "asked", "value"),
    [
        ("是的", "subject_qualified", True),
        ("还在划", "boundary_clear", False),
        ("没有", "no_major_accident_3y", True),
        ("有一起", "no_major_accident_3y", False),
        ("省里说不算", "gas_counts_as_clean", False),
        ("没有别的了", "power_complete", True),
        ("华东吧", "grid_area", "华东"),
        ("钢铁那套", "fuel_factor_set", "钢铁企业核算指南（2013）"),
    ],
)
def test_a_reply_to_a_question_of_another_kind(message: str, asked: str, value: object) -> None:
    assert one(message, asked).value == value


@pytest.mark.parametrize("asked", ["boundary_clear", "power_complete", GRID, "worst_product_level"])
@pytest.mark.parametrize("message", ["不知道", "不清楚", "得问问", ""])
def test_not_knowing_is_no_figure(message: str, asked: str) -> None:
    assert said_in(message, RULES, asked=asked) == ()


def test_a_bare_no_to_a_declaration_may_mean_either() -> None:
    assert said_in("没有", RULES, asked="power_complete") == ()


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("一季度下网8000万度", "一季度"),
        ("1-6月下网1.6亿度", "1-6月"),
        ("平均每天下网90万度", "每天"),
        ("下网90万度/天", "/天"),
        ("2024年上半年下网1.5亿度", "上半年"),
    ],
)
def test_a_part_of_a_year_is_told(message: str, part: str) -> None:
    found = one(message)
    assert part in found.part


def test_the_whole_year_after_a_part_is_the_whole_year() -> None:
    parts = [found.part for found in said_in("一季度下网8000万度，全年3.2亿度", RULES)]
    assert parts == ["一季度", ""]


def test_each_figure_has_its_year() -> None:
    found = said_in("2024年下网3亿度，2025年3.2亿度", RULES)
    assert [(said.fact, said.value, said.year) for said in found] == [
        (GRID, Decimal(300000), 2024),
        (GRID, Decimal(320000), 2025),
    ]


@pytest.mark.parametrize(
    ("message", "about", "low", "high"),
    [
        ("柴油大概1000吨", True, None, None),
        ("柴油1000吨左右", True, None, None),
        ("柴油三千多吨", True, None, None),
        ("柴油800到900吨", True, "800", "900"),
        ("柴油七八百吨", True, "700", "800"),
        ("柴油1000吨", False, None, None),
    ],
)
def test_a_guess_and_a_range_are_told(message: str, about: bool, low: str | None, high: str | None) -> None:
    found = one(message)
    assert found.about == about
    assert (found.low, found.high) == (low and Decimal(low), high and Decimal(high))


@pytest.mark.parametrize("message", ["用电量同比降了5%", "柴油比去年少用了300吨", "绿证再买5万张", "降了2个百分点"])
def test_a_change_is_never_a_value(message: str) -> None:
    assert all(said.change and not said.fact for said in said_in(message, RULES))


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("下网不是3.2亿度，是2.3亿度", ["230000"]),
        ("下网3.2亿度，哦不，2.3亿度", ["230000"]),
        ("柴油从1500吨降到1000吨了", ["1000"]),
        ("绿电占比从60%提高到85%", ["0.85"]),
    ],
)
def test_a_correction_leaves_the_second_alone(message: str, values: list[str]) -> None:
    assert [said.value for said in said_in(message, RULES)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    "message",
    [
        "发改环资〔2025〕910号附件3第5条",
        "GB/T 2589-2020、T/CECA-G 0344-2025",
        "2025年8月22日",
        "电话13812345678",
        "单位能耗碳排放要降到0.2吗",
        "清洁能源占比要达到90%吗",
        "用能20万吨标准煤以上的园区限值是多少",
        "国家要求绿电不低于50%",
        "一张绿证等于1000度电吗",
        "计划2027年绿电到5亿度",
        "没有煤的园区怎么填",
        "有没有天然气",
        "热力那个数多写了个零",
        "绿证没有核销",
        "柴油的数据没有",
    ],
)
def test_what_is_not_reported_is_no_figure(message: str) -> None:
    assert [said for said in said_in(message, RULES) if said.fact or said.candidates] == []


@pytest.mark.parametrize("message", ["投资3亿元", "装机50兆瓦", "占地1000亩"])
def test_a_figure_of_something_else_has_no_fact_and_no_candidate(message: str) -> None:
    found = one(message)
    assert (found.fact, found.candidates) == ("", ())


def test_spelling_mended_by_the_reader_is_read_and_raw_stays_as_typed() -> None:
    (found,) = said_in("绿正买了3万张", RULES, mended=("绿正→绿证",))
    assert (found.fact, found.value) == ("certificate_count", Decimal(30000))
    assert found.raw == "绿正买了3万张"


WORDS = (
    "下网 绿证 煤 天然气 柴油 绿电 没有 不用 大概 同比降了 一季度 2024年 不是 是 ， 。 吗 ? 3.2 85 1,200 0 "
    "三亿二千万 八成五 一半 几百 3到4 亿 万 度 kWh 吨 方 张 % GJ 吨标煤 元 910号 附件3 GB/T（ ） =1+1 ① ㎥ 十 两 -"
)
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\x00"])
ASKED = st.sampled_from(["", GRID, GAS, "worst_product_level", "subject_qualified", "power_complete", "grid_area", "x"])
NUMERALS = dict(zip("一二两三四五六七八九半壹贰叁肆伍陆柒捌玖", "12234567895123456789", strict=True))


def digits_said(raw: str) -> str:
    """The digits above zero that some words say, in order; 十 without a digit before it says 1."""
    plain = re.sub(r"(?<![一二两三四五六七八九壹贰叁肆伍陆柒捌玖])[十拾]", "一", plain_text(raw).plain)
    return "".join(NUMERALS.get(c, c) for c in plain if c in NUMERALS or c in "123456789")


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40), ASKED)
def test_no_figure_is_said_that_the_message_does_not_hold(message: str, asked: str) -> None:
    for said in said_in(message, RULES, asked=asked):
        assert message[said.start : said.end] == said.raw != ""
        for number in (said.value, said.low, said.high):
            if isinstance(number, Decimal):
                assert re.sub("[^1-9]", "", format(number, "f")) in digits_said(said.raw)


def test_the_total_of_several_companies_is_the_figure() -> None:
    for message in ("A企业天然气300万方，B企业500万方，合计800万方", "天然气一共800万方，一期300万方，二期500万方"):
        assert [(one.fact, one.value) for one in said_in(message, RULES)] == [(GAS, Decimal(800))]


def test_figures_of_companies_without_a_total_are_of_a_part() -> None:
    found = said_in("A企业天然气300万方，B企业500万方", RULES)
    assert [(one.fact, one.value, one.part) for one in found] == [
        (GAS, Decimal(300), "A企业"),
        (GAS, Decimal(500), "B企业"),
    ]


def test_an_accident_of_unknown_weight_is_no_major_one() -> None:
    assert said_in("出过一次安全事故", RULES) == ()
    assert said_in("出过一次安全事故", RULES, asked="no_major_accident_3y") == ()
    assert [one.value for one in said_in("出过一次", RULES, asked="no_major_accident_3y")] == [False]


def test_some_tens_are_no_ten() -> None:
    assert [one.value for one in said_in("柴油几十吨", RULES)] == [None]
    assert [one.value for one in said_in("柴油三万吨半", RULES)] == [None]


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("我们够不够", "subject_qualified"),
        ("能不能过", "boundary_clear"),
        ("能耗35万吨", "data_basis_sound"),
        ("全年用电大概多少", "data_basis_sound"),
        ("已经报了哪些", "power_complete"),
        ("不填这个行吗", "subject_qualified"),
    ],
)
def test_a_question_or_another_report_is_no_yes(message: str, asked: str) -> None:
    assert not [figure for figure in said_in(message, RULES, asked=asked) if figure.fact == asked]


@pytest.mark.parametrize(
    "message",
    [
        "近三年取水分别是310万方、305万方、298万方",
        "LNG和管道气加起来1300万方",
        "绿证先买了3万张，后来又补了5000张",
        "柴、汽油分别是86吨和12吨",
    ],
)
def test_one_of_several_figures_of_a_name_is_not_taken_for_its_total(message: str) -> None:
    found = said_in(message, RULES)
    assert found
    assert not [figure for figure in found if figure.fact and not figure.part]
    assert all(figure.facts for figure in found)


@pytest.mark.parametrize(
    ("message", "fact", "value"),
    [
        ("余热可利用30万GJ，实际回收22万GJ", "waste_heat_used_gj", "220000"),
        ("送出绿电800万度", "green_power_out_mwh", "8000"),
        ("外购电1.2e8度", "grid_power_in_mwh", "120000"),
        ("网购电量 176 432 MWh", "grid_power_in_mwh", "176432"),
        ("氢气外购300吨，折标1200tce", "other_energy_tce", "1200"),
        ("去年堆存的固废用了5000吨", "solid_waste_from_stock_t", "5000"),
        ("绿电交易一度也没做成", "traded_green_mwh", "0"),
        ("有600张绿证跟绿电交易重复了", "certificate_double_count", "600"),
    ],
)
def test_the_last_figure_is_of_what_its_words_say(message: str, fact: str, value: str) -> None:
    last = said_in(message, RULES)[-1]
    assert (last.fact, last.value) == (fact, Decimal(value))


@pytest.mark.parametrize(
    "message", ["how much CO2 do we emit", "天然气3块2一方", "电力因子取0", "GB/T 2589里柴油是1.4571"]
)
def test_names_of_gases_prices_and_factors_are_no_reported_figures(message: str) -> None:
    assert not [figure for figure in said_in(message, RULES) if figure.fact or figure.candidates]


def test_company_counts_and_output_value_are_heard_as_no_fact_of_ours() -> None:
    for message in ("企业120家", "产值300亿"):
        assert one(message).fact == ""
        assert one(message).candidates == ()
