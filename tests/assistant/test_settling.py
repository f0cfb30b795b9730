"""What the tagger says of a figure counts where it is likely enough, and never makes a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from assistant.naming import as_heard
from assistant.plain import plain_text
from assistant.reading import Reading, Said
from assistant.said import said_in
from assistant.tagger import REPLIES, Tag, Tagger, Tags, facts_named, marked_message
from scoring.load import load_rules

RULES = load_rules()
GAS, DIESEL, GRID, SELF = "fuel_burned/natural_gas", "fuel_burned/diesel", "grid_power_in_mwh", "self_green_mwh"


def tag(*, none: float = 0.0, clear: float = 1.0, every: float = 0.0, part: float = 0.0, **facts: float) -> Tag:
    of = {"gas": GAS, "diesel": DIESEL, "grid": GRID, "own": SELF, "anthracite": "fuel_burned/anthracite"}
    return Tag({of[name]: chance for name, chance in facts.items()}, none, clear, every, part)


@dataclass
class FakeTagger:
    """Says of the amounts and the names, in order, what it was told to; of more of them nothing."""

    amounts: Sequence[Tag] = ()
    names: Sequence[Tag] = ()
    reply: str = ""
    stated: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    known: frozenset[str] = frozenset((GAS, DIESEL, GRID, SELF, "fuel_burned/anthracite", "traded_green_mwh",
                                       "direct_green_mwh", "boundary_clear", "data_basis_sound"))  # fmt: skip
    asked: int = 0

    def tags(self, reading: Reading, figures: Sequence[Said]) -> Tags:
        self.asked += 1

        def filled(some: Sequence[Tag], length: int) -> list[Tag | None]:
            return [*some, *[None] * (length - len(some))]

        reply = {one: float(one == self.reply) for one in REPLIES}
        amounts = filled(self.amounts, len(reading.amounts))
        return Tags(amounts, filled(self.names, len(facts_named(reading))), reply, self.stated)


def heard(message: str, asked: str = "", **told: Any) -> list[tuple[str, Any, str]]:
    found = said_in(message, RULES, asked=asked, tagger=cast(Tagger, FakeTagger(**told)))
    return [(one.fact or ",".join(one.candidates), one.value, one.part) for one in found]


def test_a_figure_that_is_none_is_taken_away() -> None:
    assert heard("天然气1040万方", amounts=[tag(none=0.9, gas=0.1)]) == []
    assert heard("天然气1040万方", amounts=[tag(none=0.5, gas=0.5)]) == [(GAS, Decimal(1040), "")]


def test_a_figure_that_the_rules_did_not_hear_is_added_in_the_unit_of_its_fact() -> None:
    message = "NG差不多380万方"
    assert not [one for one in said_in(message, RULES) if one.fact]
    assert heard(message, amounts=[tag(gas=0.9, none=0.1)]) == [(GAS, Decimal(380), "")]


def test_a_fact_whose_unit_does_not_fit_is_never_taken() -> None:
    assert heard("天然气1040万方", amounts=[tag(grid=0.99)]) == [(GAS, Decimal(1040), "")]


def test_a_figure_is_moved_to_the_fact_that_is_likelier() -> None:
    assert heard("柴油300吨", amounts=[tag(anthracite=0.9)]) == [("fuel_burned/anthracite", Decimal(300), "")]
    assert heard("柴油300吨", amounts=[tag(anthracite=0.5, diesel=0.5)]) == [(DIESEL, Decimal(300), "")]


def test_one_of_several_candidates_is_made_clear_and_a_clear_one_open() -> None:
    assert heard("用电3亿度", amounts=[tag(grid=0.95)]) == [(GRID, Decimal(300000), "")]
    (open_,) = said_in("下网3亿度", RULES, tagger=cast(Tagger, FakeTagger([tag(grid=0.95, clear=0.1)])))
    assert (open_.fact, open_.candidates) == ("", (GRID,))


def test_what_was_asked_for_stays_clear() -> None:
    assert heard("3亿度", asked=GRID, amounts=[tag(grid=0.95, clear=0.1)]) == [(GRID, Decimal(300000), "")]


def test_a_figure_of_a_part_is_called_by_the_words_before_it() -> None:
    assert heard("北区下网3亿度", amounts=[tag(grid=0.95, part=0.9)]) == [(GRID, Decimal(300000), "北区")]
    assert heard("那块下网3亿度", amounts=[tag(grid=0.95, part=0.9)]) == [(GRID, Decimal(300000), "其中一部分")]


def test_a_zero_is_added_for_a_name_and_for_every_fact_of_it() -> None:
    assert heard("柴油叉车全换电的啦", names=[tag(diesel=0.9)]) == [(DIESEL, Decimal(0), "")]
    (zero,) = said_in("煤早就成历史", RULES, tagger=cast(Tagger, FakeTagger(names=[tag(anthracite=0.9, every=0.9)])))
    assert zero.every
    assert zero.value == 0
    assert "fuel_burned/lignite" in zero.candidates


def test_what_there_is_some_of_is_not_made_zero() -> None:
    assert heard("柴油300吨", amounts=[tag(diesel=0.9)], names=[tag(diesel=0.9)]) == [(DIESEL, Decimal(300), "")]


def test_a_reply_is_heard_only_where_it_fits_the_question() -> None:
    assert heard("叉车换完电瓶啰", asked=DIESEL, reply="zero") == [(DIESEL, Decimal(0), "")]
    assert heard("叉车换完电瓶啰", asked=DIESEL, reply="yes") == []
    assert heard("搞得蛮清爽", asked="boundary_clear", reply="yes") == [("boundary_clear", True, "")]


def test_a_yes_or_no_is_stated_without_being_asked_for() -> None:
    found = heard("四至图都批下来，柴油300吨", stated={"boundary_clear": (0.0, 0.95), "data_basis_sound": (0.4, 0.5)})
    assert ("boundary_clear", True, "") in found
    assert not [one for one in found if one[0] == "data_basis_sound"]


def test_of_facts_that_it_was_not_fitted_on_the_rules_decide() -> None:
    tagger = FakeTagger([tag(none=1.0)])
    fact = "ceca-0344-2025/platform"
    before = said_in("80分", RULES, asked=fact)
    assert said_in("80分", RULES, asked=fact, tagger=cast(Tagger, tagger)) == before
    assert tagger.asked == 0


def test_a_doubt_that_the_message_itself_raises_stays() -> None:
    for message in ("综合能耗35万吨", "柴油还没核，300吨"):
        own = "energy_tce" if "能耗" in message else DIESEL
        of = Tag({own: 0.95}, 0.05, 1.0, 0.0, 0.0)
        known = FakeTagger.known | {"energy_tce"}
        (one,) = said_in(message, RULES, tagger=cast(Tagger, FakeTagger([of], known=known)))
        assert not one.fact
        assert own in one.candidates
    (moved,) = said_in("柴油还没核，300吨", RULES, tagger=cast(Tagger, FakeTagger([tag(anthracite=0.9)])))
    assert not moved.fact


def test_what_was_open_beside_another_of_its_fact_is_clear_when_that_is_none() -> None:
    message = "光伏发了2000万度，自发自用1500万度"
    open_ = [one for one in said_in(message, RULES) if one.value == 15000]
    found = heard(message, amounts=[tag(none=0.9), tag(own=0.95)])
    assert open_
    assert found == [(SELF, Decimal(15000), "")]
    both = heard("自来水210万方，地下水30万方", amounts=[], known=FakeTagger.known | {"fresh_water_m3"})
    assert both == [("fresh_water_m3", Decimal(2100000), ""), ("fresh_water_m3", Decimal(300000), "")]
    assert not [one for one in said_in("自来水210万方，地下水30万方", RULES) if one.fact]


def test_what_mostly_does_not_fit_the_unit_decides_nothing() -> None:
    assert heard("天然气1040万方", amounts=[tag(grid=0.89, gas=0.05, none=0.06)]) == [(GAS, Decimal(1040), "")]
    assert heard("NG差不多380万方", amounts=[tag(grid=0.86, gas=0.09, none=0.05)])[0][0] == ""


def test_a_coefficient_of_another_unit_does_not_stand_for_its_fuel() -> None:
    of = Tag({"fuel_ncv_gj_per_unit/diesel": 0.95}, 0.05, 1.0, 0.0, 0.0)
    known = FakeTagger.known | {"fuel_ncv_gj_per_unit/diesel", "fuel_burned/gasoline"}
    (one,) = said_in("汽油20吨", RULES, tagger=cast(Tagger, FakeTagger([of], known=known)))
    assert one.fact == "fuel_burned/gasoline"


def test_what_was_put_right_does_not_come_back() -> None:
    tags = [tag(grid=0.95), tag(grid=0.95)]
    assert heard("不是3亿度，下网是3.2亿度", amounts=tags) == [(GRID, Decimal(320000), "")]


def test_points_of_percent_are_never_a_value() -> None:
    assert not [one for one in heard("今年提高了5个百分点", amounts=[tag(own=0.95)]) if one[0]]


def test_one_amount_of_two_facts_goes_whole() -> None:
    known = FakeTagger.known | {"fuel_burned/gasoline"}
    assert heard("汽油柴油各30吨", amounts=[tag(none=0.99)], known=known) == []


def test_a_zero_is_only_of_what_the_name_names() -> None:
    assert heard("柴油叉车全换电的啦", names=[tag(anthracite=0.9)]) == []


def test_a_zero_of_every_kind_leaves_out_what_there_is_some_of() -> None:
    message = "无烟煤5万吨，别的煤早就成历史"
    of = {"无烟煤": tag(none=1.0), "煤": Tag({"fuel_burned/lignite": 0.9}, 0.1, 1.0, 0.9, 0.0)}
    reading = Reading(as_heard(plain_text(message), RULES), RULES)
    names = [of[reading.rest[one.start : one.end]] for one in facts_named(reading)]
    tagger = FakeTagger([tag(anthracite=0.95)], names, known=FakeTagger.known | {"fuel_burned/lignite"})
    (zero,) = [one for one in said_in(message, RULES, tagger=cast(Tagger, tagger)) if one.value == 0]
    assert "fuel_burned/lignite" in zero.facts
    assert "fuel_burned/anthracite" not in zero.facts


def test_that_all_is_reported_is_never_heard_unasked() -> None:
    stated = {"fuel_complete": (0.0, 0.95)}
    assert heard("柴油300吨，别的你们看着办", stated=stated) == [(DIESEL, Decimal(300), "")]
    assert heard("边界清楚是什么意思？", stated={"boundary_clear": (0.0, 0.95)}) == []


def test_a_change_stays_a_change() -> None:
    (change,) = said_in("下网同比降了5%", RULES, tagger=cast(Tagger, FakeTagger([tag(grid=0.99)])))
    assert change.change


def test_a_message_is_marked_with_what_the_rules_heard() -> None:
    message = "下网3亿度，产值80亿元，柴油没有"
    reading = Reading(as_heard(plain_text(message), RULES), RULES, GAS)
    marked = marked_message(reading, said_in(message, RULES, asked=GAS))
    marks = [(marked.text[one.start : one.end], one.mark) for one in marked.mentions]
    assert ("3亿度", "amount clear") in marks
    assert ("80亿元", "amount none") in marks
    assert ("柴油", "name zero") in marks
    assert (marked.head, marked.head_mark) == ("天然气 燃烧消费量", "asked none")
    bare = marked_message(reading, said_in(message, RULES, asked=GAS), told=False)
    assert {one.mark for one in bare.mentions} == {"amount", "name"}
    assert bare.head_mark == "asked"
    assert not [one for one in bare.mentions if one.classes]
