"""Faults of rule files that no single value shows: names that lead nowhere, limits that overlap, levels in disorder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from string import Formatter

from scoring.errors import Fault, ParkDataError
from scoring.formulas import ARGUMENTS
from scoring.interval import ONE
from scoring.model import Case, FactDefinition, Indicator, Range, Reference, Rubric, Rules
from scoring.source import Text
from scoring.units import convert, measures

LIMITED = ("at_most", "at_least")
IN_UNIT = (*LIMITED, "scale")
"""The tests that compare a figure in the indicator's own unit."""


def known_names(rules: Rules) -> frozenset[str]:
    """Return every name that an indicator, a limit or a formula may ask for."""
    return frozenset({*rules.facts, *rules.bindings, *ARGUMENTS})


def rules_faults(rules: Rules) -> Sequence[Fault]:
    """Return what is wrong between facts, quantities, bindings and formulas."""
    names = known_names(rules)
    faults = [Fault("quantities.yaml", f"没有公式 {name!r}") for name in rules.quantities if name not in ARGUMENTS]
    faults += [
        Fault("quantities.yaml", f"缺少公式 {name!r} 的名称和单位")
        for name in ARGUMENTS.keys() - rules.quantities.keys()
    ]
    for name, arguments in ARGUMENTS.items():
        unknown = [one for one, _ in arguments if one.partition("/")[0] not in names]
        faults += [Fault("formulas", f"公式 {name!r} 要的 {one!r} 既不是事实、参数，也不是公式") for one in unknown]
    for name, binding in rules.bindings.items():
        fixed = "{" not in binding.table + binding.key
        if fixed and binding.key not in rules.parameters.get(binding.table, {}):
            faults.append(Fault("bindings.yaml", f"{name!r}：因子表 {binding.table!r} 里没有 {binding.key!r}"))
        elif fixed:
            faults += _unit_faults("bindings.yaml", rules.parameters[binding.table][binding.key].unit, binding.unit)
        for field in _placeholders(binding.table + binding.key):
            if field not in ("member", "energy_member", "unit") and field not in rules.facts:
                faults.append(Fault("bindings.yaml", f"{name!r} 里的 {{{field}}} 不是选择项"))
    for fact in rules.facts.values():
        faults += _fact_faults(fact, rules)
    return faults


def _placeholders(template: str) -> Iterator[str]:
    return (field for _, field, _, _ in Formatter().parse(template) if field)


def _unit_faults(where: str, unit: str, to: str) -> list[Fault]:
    try:
        convert(ONE, unit, to)
    except ParkDataError as error:
        return [Fault(where, str(error))]
    return []


def _fact_faults(fact: FactDefinition, rules: Rules) -> Iterator[Fault]:
    where = f"facts.yaml {fact.id}"
    if fact.per and fact.per not in rules.families:
        yield Fault(where, f"没有品种表 {fact.per!r}")
    if fact.zeroed_by and (fact.zeroed_by not in rules.facts or rules.facts[fact.zeroed_by].kind != "declaration"):
        yield Fault(where, f"{fact.zeroed_by!r} 不是声明")
    if fact.kind == "number" and fact.high is None:
        yield Fault(where, "缺少上限 high：没有填报时，结果的区间要用到它")
    if fact.kind == "choice" and not fact.options:
        yield Fault(where, "选择项没有 options")
    if fact.kind == "number" and "{unit}" not in fact.unit:
        yield from _unit_faults(where, fact.unit, fact.unit)


def rubric_faults(rubric: Rubric, source: Text, rules: Rules) -> Sequence[Fault]:
    """Return what is wrong with a rubric that has the right shape."""
    faults: list[Fault] = []
    for kind, ids in (
        ("indicators", [one.id for one in rubric.indicators]),
        ("blocks", [one.id for one in rubric.blocks]),
        ("grades", [one.id for one in rubric.grades]),
    ):
        repeated = [one for one, count in Counter(ids).items() if count > 1]
        faults += [source.fault((kind, _last(ids, one), "id"), f"编号 {one!r} 重复") for one in repeated]
    for i, indicator in enumerate(rubric.indicators):
        spot = ("indicators", i)
        faults += [source.fault((*spot, key), what) for key, what in _indicator_faults(indicator, rubric, rules)]
        faults += _reference_faults(source, spot, _references(indicator), rubric)
    for i, grade in enumerate(rubric.grades):
        for need in grade.needs:
            unknown = [one for one in need.indicators if one not in rubric]
            unknown += [one for one in need.blocks if one not in {block.id for block in rubric.blocks}]
            faults += [source.fault(("grades", i, "needs"), f"没有 {one!r} 这一项") for one in unknown]
    faults += _name_faults(rubric, source, rules)
    faults += _reference_faults(source, (), [(("reference",), rubric.reference)], rubric)
    if rubric.source != "published" and not rubric.notice:
        faults.append(source.fault((), "不是公布的规则（source 不是 published），必须写一句 notice 说明"))
    return faults


def _last(ids: Sequence[str], wanted: str) -> int:
    return max(i for i, one in enumerate(ids) if one == wanted)


def _name_faults(rubric: Rubric, source: Text, rules: Rules) -> Iterator[Fault]:
    names = known_names(rules)
    for key, value in rubric.totals.items():
        if value not in names:
            yield source.fault(("totals", key), f"没有 {value!r} 这个量")
    for i, beside in enumerate(rubric.besides):
        if beside.value not in names:
            yield source.fault(("besides", i, "value"), f"没有 {beside.value!r} 这个量")
    for i, caution in enumerate(rubric.cautions):
        for value in (caution.value, caution.above):
            if value is not None and value.partition("/")[0] not in names:
                yield source.fault(("cautions", i), f"没有 {value!r} 这个量")


def _indicator_faults(one: Indicator, rubric: Rubric, rules: Rules) -> Iterator[tuple[str, str]]:
    if one.block not in {block.id for block in rubric.blocks}:
        yield "block", f"没有 {one.block!r} 这一部分"
    if one.value is not None and one.value.partition("/")[0] not in known_names(rules):
        yield "value", f"没有 {one.value!r} 这个量：既不是填报项，也不是公式"
    if one.excusable and one.role in ("core", "condition", "gate"):
        yield "excusable", "核心指标、基本条件和门槛项不能说明原因后不纳入"
    if one.weight is not None and one.weight <= 0:
        yield "weight", f"权重 {one.weight} 不是正数"
    if one.role == "scored" and one.weight is None:
        yield "weight", "计分项没有写权重 weight"
    if one.weight is not None and one.test not in ("scale", "points"):
        yield "weight", "只有 scale、points 两种判法可以带权重"
    if one.limits and one.test not in LIMITED:
        yield "limits", f"判法 {one.test!r} 不用限值"
    yield from _unit_faults_of(one, rules)
    yield from _level_faults(one)
    yield from _limit_faults(one, rules)


def _unit_faults_of(one: Indicator, rules: Rules) -> Iterator[tuple[str, str]]:
    have = rules.quantities.get(one.value or "") or rules.facts.get(one.value or "")
    try:
        if have is not None and one.test in IN_UNIT and measures(have.unit) != measures(one.unit):
            yield "unit", f"单位 {one.unit!r} 与 {one.value!r} 的单位 {have.unit!r} 不是同一种量"
        elif have is None:
            measures(one.unit)
    except ParkDataError as error:
        yield "unit", str(error)


def _level_faults(one: Indicator) -> Iterator[tuple[str, str]]:
    if one.test == "scale" and not one.levels:
        yield "levels", "判法 scale 要写各级 levels"
    if one.test != "scale" and one.levels:
        yield "levels", f"判法 {one.test!r} 不用 levels"
    cuts = [level.value for level in one.levels[1:]]
    if one.levels and one.value is not None and any(cut is None for cut in cuts):
        yield "levels", "按数值定级时，第 1 级起每级都要写 value"
    known = [cut for cut in cuts if cut is not None]
    if known and known != sorted(known, reverse=one.better == "at_most"):
        yield "levels", "各级的 value 次序不对：级越高应当越好"
    if one.levels and not 0 < one.met_at < len(one.levels):
        yield "met_at", f"要写第几级起算达标 met_at，在 1 到 {len(one.levels) - 1} 之间"


def _limit_faults(one: Indicator, rules: Rules) -> Iterator[tuple[str, str]]:
    names = known_names(rules)
    for case in one.limits:
        for name, span in case.when.items():
            if name.partition("/")[0] not in names:
                yield "limits", f"适用条件里的 {name!r} 不是已知的量"
            elif isinstance(span, str) and rules.facts[name].kind == "choice" and span not in rules.facts[name].options:
                yield "limits", f"{name!r} 没有 {span!r} 这个选项"
    for i, left in enumerate(one.limits):
        for right in one.limits[i + 1 :]:
            if _overlap(left, right):
                yield "limits", f"限值 {left.value} 与 {right.value} 的适用条件重叠"


def _overlap(left: Case, right: Case) -> bool:
    for name, span in left.when.items():
        other = right.when.get(name)
        if isinstance(span, str) and isinstance(other, str) and span != other:
            return False
        if isinstance(span, Range) and isinstance(other, Range) and (_before(span, other) or _before(other, span)):
            return False
    return True


def _before(left: Range, right: Range) -> bool:
    """Whether the left span ends before the right one begins."""
    end = left.up_to if left.below is None else left.below
    start = right.from_ if right.above is None else right.above
    if end is None or start is None:
        return False
    both_included = left.below is None and right.above is None
    return end < start or (end == start and not both_included)


def _references(one: Indicator) -> Iterator[tuple[tuple[str | int, ...], Reference]]:
    yield ("reference",), one.reference
    for i, case in enumerate(one.limits):
        yield ("limits", i, "reference"), case.reference
    for i, level in enumerate(one.levels):
        if level.reference is not None:
            yield ("levels", i, "reference"), level.reference


def _reference_faults(
    source: Text,
    spot: tuple[str | int, ...],
    references: Iterable[tuple[tuple[str | int, ...], Reference]],
    rubric: Rubric,
) -> Iterator[Fault]:
    for path, reference in references:
        where = (*spot, *path)
        if reference.source != "published":
            if rubric.source == "published":
                yield source.fault(where, "公布的规则里不能有本项目或用户自定的数")
            continue
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", reference.document):
            yield source.fault(where, "缺少文库里的文件编号 document")
        if not reference.clause:
            yield source.fault(where, "缺少条款位置 clause")
        if reference.confidence is None:
            yield source.fault(where, "缺少可信程度 confidence（A 或 B）")
