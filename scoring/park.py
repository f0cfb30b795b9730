"""What a park reports -> ParkData: ids known, units converted, bounds kept, all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from scoring.errors import Fault, ParkDataError
from scoring.model import Fact, FactDefinition, ParkData, Rules, Value
from scoring.source import read_yaml
from scoring.units import plain, read_quantity, read_yes_no


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as it was given: the text with its unit, where it comes from (evidence), and where it stood (cell)."""

    text: str
    source: str = ""
    place: str = ""


def read_park(
    name: str,
    year: int,
    entries: Mapping[str, Entry | str | Decimal | bool],
    rules: Rules,
    *,
    excuses: Mapping[str, str] | None = None,
) -> ParkData:
    """Return the park's data from figures as written; a Decimal or bool is taken as it is, in the definition's unit.

    Raises:
        ParkDataError: some figures cannot be used; it names each, with the reason and what to do.
    """
    facts: dict[str, Fact] = {}
    faults: list[Fault] = []
    for key, given in entries.items():
        entry = given if isinstance(given, Entry) else Entry("" if isinstance(given, Decimal | bool) else given)
        where = entry.place or key
        try:
            definition, unit = definition_of(key, rules)
            value = given if isinstance(given, Decimal | bool) else _value(entry.text, definition, unit)
            facts[key] = Fact(key, checked(value, definition, key), entry.text, entry.source, entry.place)
            if definition.needs_source and not entry.source.strip():
                what = f"{definition.label} 要写明来源：标准没有印出这个数，用的是谁给的数必须可查。请在来源一栏补上。"
                faults.append(Fault(where, what))
        except ParkDataError as error:
            faults += [Fault(where, fault.what) for fault in error.faults]
    faults += [
        Fault(key, "没有写原因。说明原因后才能不纳入验收。") for key, why in (excuses or {}).items() if not why.strip()
    ]
    if faults:
        raise ParkDataError(faults)
    ordered = {key: facts[key] for key in sorted(facts)}
    return ParkData(name, year, ordered, dict(excuses or {}))


def load_park(path: Path, rules: Rules) -> ParkData:
    """Return the park of a YAML file with name, year, facts and excuses; a fact is a text or {value, source}.

    Raises:
        ParkDataError: some figures cannot be used.
        RuleError: the file is not YAML.
    """
    source = read_yaml(path.name, path.read_text(encoding="utf-8"))
    data = cast(Mapping[str, Any], source.data)
    unknown = set(data) - {"name", "year", "facts", "excuses"}
    if unknown or not {"name", "year", "facts"} <= set(data):
        raise ParkDataError(Fault(path.name, "文件要有 name、year、facts，可有 excuses，没有别的键。"))
    if not str(data["year"]).isdigit():
        raise ParkDataError(source.fault(("year",), f"年份 {data['year']!r} 不是四位数字。"))
    entries = {key: _entry(given, source.line(("facts", key)), path.name) for key, given in data["facts"].items()}
    return read_park(str(data["name"]), int(data["year"]), entries, rules, excuses=data.get("excuses"))


def _entry(given: Any, line: int, name: str) -> Entry:
    place = f"{name} 第{line}行"
    if isinstance(given, Mapping):
        fields = cast(Mapping[str, str], given)
        return Entry(str(fields.get("value", "")), str(fields.get("source", "")), place)
    return Entry(str(given), place=place)


def definition_of(key: str, rules: Rules) -> tuple[FactDefinition, str]:
    """Return the definition of a fact id and its unit, the member's where it is reported by member.

    Raises:
        ParkDataError: nothing of that id can be reported; it names the nearest.
    """
    base, _, member = key.partition("/")
    definition = rules.facts.get(key) or rules.facts.get(base)
    if definition is None or (definition.per is None and member and key not in rules.facts):
        near = get_close_matches(key, rules.facts, n=1)
        raise ParkDataError(f"没有 {key!r} 这一项{f'，是不是 {near[0]!r}？' if near else '。'}请对照填报模板。")
    if definition.per is None:
        return definition, definition.unit
    members = rules.families[definition.per].members
    if member not in members:
        near = get_close_matches(member, members, n=1)
        hint = f"，是不是 {base}/{near[0]}？" if near else f"，请从这些里选：{'、'.join(members)}。"
        raise ParkDataError(f"{definition.label} 没有品种 {member!r}{hint}")
    return definition, definition.unit.replace("{unit}", members[member].unit)


def _value(text: str, definition: FactDefinition, unit: str) -> Value:
    if not text.strip():
        raise ParkDataError("是空的。没有数据就不要填这一项；确实为零请写 0。")
    if definition.kind in ("yes_no", "declaration"):
        return read_yes_no(text)
    if definition.kind in ("choice", "text"):
        return text.strip()
    return read_quantity(text, unit)


def checked(value: Value, definition: FactDefinition, key: str) -> Value:
    """Return the value if its definition accepts it.

    Raises:
        ParkDataError: it is of the wrong kind, not finite, beyond its bounds, or no option.
    """
    wanted = {"yes_no": bool, "declaration": bool, "choice": str, "text": str, "number": Decimal}[definition.kind]
    if type(value) is not wanted:
        raise ParkDataError(f"{definition.label} 不能用 {value!r}：这一项要的是{_kinds(definition)}。")
    if definition.kind == "choice" and value not in definition.options:
        near = get_close_matches(str(value), definition.options, n=1)
        hint = f"是不是 {near[0]!r}？" if near else ""
        raise ParkDataError(
            f"{definition.label} 没有 {value!r} 这个选项。{hint}可选：{'、'.join(definition.options)}。"
        )
    if not isinstance(value, Decimal):
        return value
    if not value.is_finite():
        raise ParkDataError(f"{definition.label} 是 {value}，不是一个数。请填实际数，没有就空着。")
    high = definition.high
    if value < definition.low or (high is not None and value > high):
        unit = "" if definition.unit == "1" else f" {definition_of_unit(definition)}"
        raise ParkDataError(
            f"{definition.label} 是 {plain(value)}{unit}，超出可接受的范围（{definition.low} 到 {high}）。"
            f"请核对单位：万、亿是否漏写或多写，百分数是否写了 %。（{key}）"
        )
    return plain(value)


def definition_of_unit(definition: FactDefinition) -> str:
    """Return the unit as it is shown; that of a family's fact depends on the member."""
    return definition.unit.replace("{unit}", "单位")


def _kinds(definition: FactDefinition) -> str:
    return {"yes_no": "是或否", "declaration": "是或否", "choice": "一个选项", "text": "文字"}.get(
        definition.kind, "一个数"
    )
