"""Whether an amount is one that the park reports: no limit, plan, price, change, nor one that is put right."""

from __future__ import annotations

import re

from assistant.amounts import Amount
from assistant.fitting import Bound
from assistant.kinds import near_words
from assistant.plain import signs, words
from assistant.reading import SENTENCE, Clause, Reading, Said


def corrected(reading: Reading, at: int, amount: Amount, before: str, after: str) -> bool:
    """Whether the amount is named as wrong, or one that was once and is no more."""
    known = signs()
    if known["wrong_before"].search(before) or known["wrong_here"].search(after):
        return True
    rest = reading.text.plain[amount.wide[1] :]
    if (known["once"].search(before) or _of_once(reading, amount)) and known["now"].search(rest):
        return True
    if known["of_old"].search(rest):
        return True
    if known["long_ago"].search(before) and known["since"].search(rest):
        return True
    if known["said_before"].search(before) and known["put_right"].search(rest):
        return True
    return at + 1 < len(reading.amounts) and bool(signs()["wrong_after"].search(rest))


def _of_once(reading: Reading, amount: Amount) -> bool:
    """Whether a clause without a name goes on with what was once: 以前烧重油，一年2000吨，现在改天然气."""
    at = reading.clause_at(amount.start)
    named = reading.names_of(reading.clauses[at])
    said = reading.text.plain[reading.clauses[max(at - 1, 0)].start : amount.wide[0]]
    return not named and bool(signs()["once_far"].search(said))


def is_change(amount: Amount, before: str, after: str) -> bool:
    """Whether the amount is a change: 同比降了5%, 再买5万张."""
    known = signs()
    if amount.points or known["change_after"].search(after):
        return True
    return bool(known["change"].search(before)) and not known["change_not"].search(before)


def not_reported(reading: Reading, amount: Amount, clause: Clause, before: str, after: str, bound: Bound) -> bool:
    """Whether the amount is a limit, a plan, an equivalence or an example rather than the park's own figure."""
    if _of_another(reading, amount, clause, before, bound):
        return True
    if reading.supposed:
        return False
    return (
        _is_limit(reading, amount, clause, before, after, bound)
        or _is_no_amount(reading, amount, clause, before, after, bound)
        or _is_asked_about(reading, amount, clause, before, bound)
    )


def _of_another(reading: Reading, amount: Amount, clause: Clause, before: str, bound: Bound) -> bool:
    """Whether the amount is of another park, of another thing (money that was spent), or of what is forbidden."""
    known = signs()
    if known["of_others"].search(reading.text.plain[amount.wide[1] : clause.end]):
        return True  # 下网2.6亿度里有3000万度是转供给居民的
    if known["baseline"].search(before) or known["theirs"].search(before) or _of_others(reading, amount):
        return True
    if known["spent"].search(before) and amount.unit in ("", "CNY") and bound.facts and bound.unit != "元":
        return True
    if not clause.own and known["of_a_kind"].search(reading.text.plain[amount.wide[1] : clause.end]):
        return True
    grades = [one for one in reading.amounts if one.unit == "grade"]
    if amount in grades[1:] + grades[:-1]:  # 合成氨2级，甲醇3级，最差的是甲醇
        return not re.search(words()["worst"], near_words(reading, amount, clause, None).more)
    return bool(known["forbidden"].search(reading.text.plain[clause.start : amount.start]))


def _is_limit(reading: Reading, amount: Amount, clause: Clause, before: str, after: str, bound: Bound) -> bool:
    """Whether the amount is a limit or a plan, or names a class of parks."""
    known = signs()
    limit = known["limit"].search(before)
    guessed = limit and amount.about and not clause.asks and limit[0].startswith("应该")
    corrects = limit and known["objects"].search(reading.text.plain)
    if (limit and not guessed and not corrects) or known["goal"].search(before) or _of_a_size(reading, amount, before):
        return True
    if known["by_plan"].search(reading.text.plain[: clause.start]):
        return True
    if known["bounded"].search(before) and known["bounded_after"].search(after):
        return True
    bounded = reading.asked and known["at_least"].fullmatch(after)
    own = clause.own or bounded or (reading.asked and bound.name is None)
    own = own or (reading.told and known["enough"].search(after))  # 下网5.3亿度、光伏自用1.2亿度够不够
    return bool(not own and known["limit_after"].search(after))


def _is_no_amount(reading: Reading, amount: Amount, clause: Clause, before: str, after: str, bound: Bound) -> bool:
    """Whether the amount is an equivalence, a price, the size of a machine, or a share of a part."""
    known = signs()
    if known["same_after"].search(after) or known["equipment"].search(after) or known["per_piece"].search(before):
        return True
    if "solid_waste_used_t" in bound.facts and known["disposed"].search(before):
        return True  # 6.9万吨，另外外运填埋了3600吨
    if "solid_waste_from_stock_t" in bound.facts and known["left_over"].search(before):
        return True  # 剩下堆存2万吨: put into store, not taken from it
    if amount.unit != "piece" and known["years_ago"].match(after):
        return True  # 3000吨是前年的
    if amount.number == 1 and re.search("折|等于|相当于|=", after):
        return True  # 按1立方天然气折1.2143千克标煤
    if bound.share and bound.name is not None and known["total"].search(reading.text.plain[: clause.start]):
        part = reading.rest[bound.name.start : bound.name.end]
        if known["portion"].search(before) and part in reading.rest[: clause.start]:
            return True  # 风电和光伏合计2370万度，风电占六成: of them, not of all power
    turned = bound.name is not None and (bound.unit == "tce" or (known["turned"].search(before) and not clause.asks))
    if known["same"].search(before) and not turned:
        return True
    return bool(known["priced_after"].search(after) or re.search(r"\d[块毛角]\s*$", before))


def _is_asked_about(reading: Reading, amount: Amount, clause: Clause, before: str, bound: Bound) -> bool:
    """Whether the amount is one that a question is about: 系数是13.3还是12.143, 1吨煤是多少吉焦."""
    known, told = signs(), clause.own or bool(reading.asked)
    if amount.number == 1 and (any(one.asks for one in reading.clauses) or known["price"].search(before)):
        return True
    behind = reading.text.plain[amount.wide[1] : clause.end]
    if known["asked_of"].search(behind) or (clause.asks and bound.name is None and known["asked_why"].search(behind)):
        return True  # 电力折标用的0.3吗; 0.3024是怎么来的
    vague = known["vague_bound"].search(reading.text.plain[: amount.start]) or "还是" in reading.words_of(clause)
    if clause.asks and not clause.own and vague:
        return True
    named = bound.name is not None and bound.name.end <= amount.start
    weak = bound.name is not None and reading.rest[bound.name.start : bound.name.end] in words()["weak"]
    return clause.asks and not told and not (named and not weak)


def _of_others(reading: Reading, amount: Amount) -> bool:
    """Whether the subject said last is another park, or a plan is gone on with: 隔壁园区用电5亿度，光伏8000万度."""
    known, said = signs(), SENTENCE.split(reading.text.plain[: amount.start])[-1]
    theirs = max((m.end() for m in known["foreign"].finditer(said)), default=0)
    if theirs and theirs > max((m.end() for m in known["ours"].finditer(said)), default=0):
        return True
    *earlier, last = re.split("[,，]", said)
    return bool(earlier and known["plan_ahead"].search(earlier[-1]) and known["planned"].search(last))


def _of_a_size(reading: Reading, amount: Amount, before: str) -> bool:
    """Whether a bound names a class of parks, which is asked about: 年能耗不足二十万吨标煤，有没有限值."""
    bound = signs()["vague_bound"].search(reading.text.plain[: amount.start])
    asking = any(one.asks for one in reading.clauses)
    return bool(bound and asking and not reading.asked and not signs()["own"].search(before))


def of_before(reading: Reading, said: Said, before: str, clause: Clause, told: list[Said]) -> bool:
    """Whether a figure is of a year before that of one just said: 一千一百吨，去年是980吨."""
    peers = [
        one for one in told if (one.fact, one.candidates) == (said.fact, said.candidates) and not (one.year or one.part)
    ]
    if reading.asked and any(one.fact == said.fact and (one.year or 0) > (said.year or 9999) for one in told):
        return True
    again = signs()["again"].search(before) or "准" in before
    return bool(peers and not again and not reading.names_of(clause) and signs()["earlier"].search(before))
