"""Parks in JSON or YAML: name, year, facts, perhaps excuses and confirmed; every digit stays as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from scoring.cells import Given
from scoring.errors import Fault, ParkDataError, RuleError
from scoring.filled import Filled, read_year
from scoring.park import Entry
from scoring.source import read_yaml


def read_structured(given: Given) -> Iterator[Filled]:
    """Yield each park of the file.

    Raises:
        ParkDataError: it is not JSON or YAML, or a key stands twice.
    """
    with given.open() as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
        data: Any = _json(text) if given.suffix == ".json" else read_yaml(given.name, text).data
    except UnicodeDecodeError:
        raise ParkDataError(Fault(given.name, "不是 UTF-8 文本，读不出来。请给 UTF-8 编码的 JSON 或 YAML。")) from None
    except (ValueError, RecursionError, RuleError) as error:
        raise ParkDataError(Fault(given.name, f"读不出来：{error}。请给 UTF-8 编码的 JSON 或 YAML。")) from None
    parks = cast(list[Any], data) if isinstance(data, list) else [data]
    for i, one in enumerate(parks):
        yield _from_data(given, one, f"{given.name} 第{i + 1}个园区" if isinstance(data, list) else given.name)


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise ValueError(f"键 {twice[0]!r} 重复")
        return dict(pairs)

    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=once)


def _from_data(given: Given, data: Any, where: str) -> Filled:
    filled = Filled(given.name)
    if not isinstance(data, Mapping) or not {"name", "year", "facts"} <= set(cast(Mapping[str, Any], data)):
        filled.fault(where, "要有 name、year、facts 三个键，可有 excuses、confirmed。")
        return filled
    fields = cast(Mapping[str, Any], data)
    shapes = {
        "facts": (Mapping, "一组“编号: 数”"),
        "excuses": (Mapping, "一组“编号: 原因”"),
        "confirmed": (list, "一列编号"),
    }
    for key, (shape, said) in shapes.items():
        if fields.get(key) is not None and not isinstance(fields[key], shape):
            filled.fault(f"{where} {key}", f"{key} 要写成{said}。")
    if filled.faults:
        return filled
    for key in sorted(set(fields) - {"name", "year", "facts", "excuses", "confirmed"}):
        filled.fault(f"{where} {key}", f"不认识的键 {key!r}。")
    filled.name = str(fields["name"]).strip()
    filled.year = read_year(str(fields["year"]))
    if filled.year is None:
        filled.fault(f"{where} year", f"年份 {fields['year']!r} 不是能用的四位数字。")
    filled.excuses = {str(key): str(why) for key, why in dict(fields.get("excuses") or {}).items()}
    filled.confirmed = {str(key) for key in cast(list[Any], fields.get("confirmed") or [])}
    for key, value in dict(fields["facts"] or {}).items():
        _take_data(str(key), value, f"{where} {key}", filled)
    return filled


def _take_data(key: str, value: Any, where: str, into: Filled) -> None:
    into.places[key] = where
    if isinstance(value, bool):
        into.entries[key] = Entry("是" if value else "否", place=where)
    elif isinstance(value, Mapping):
        one = cast(Mapping[str, Any], value)
        unit = str(one.get("unit", "")).strip()
        text = f"{one.get('value', '')} {unit}".strip()
        into.entries[key] = Entry(text, str(one.get("source", "")), where)
    elif value is not None:
        into.entries[key] = Entry(str(value), place=where)
