"""Text -> model: rule files and factor tables, all faults of a file in one report, each with its line.

rules = load_rules()                      the built-in rules, read once
rules = load_rules([Path("mine.yaml")])   ... and the user's own rubrics, in the built-in ones' place
faults = check_rules(Path("mine.yaml"))   what is wrong with a rule file, without raising
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from scoring.errors import Fault, RuleError
from scoring.interval import ONE, ZERO
from scoring.model import (
    Binding,
    FactDefinition,
    Family,
    Indicator,
    Parameter,
    Quantity,
    Reference,
    Rubric,
    Rules,
)
from scoring.soundness import rubric_faults, rules_faults
from scoring.source import Text, read_rows, read_yaml

RULES = files("scoring") / "rules"
Model = TypeVar("Model", bound=BaseModel)
_SHAPES = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识的键，请检查拼写",
    "literal_error": "应是 {expected} 之一",
    "decimal_parsing": "应是一个数",
    "decimal_type": "应是一个数",
    "int_parsing": "应是一个整数",
    "bool_parsing": "应是 true 或 false",
    "string_type": "应是一段文字",
    "string_pattern_mismatch": "编号只能用小写字母、数字和 _ . -，以字母或数字开头",
    "model_type": "应是一组“键: 值”",
    "dict_type": "应是一组“键: 值”",
    "list_type": "应是一个列表",
    "tuple_type": "应是一个列表",
}
"""What a value of the wrong shape should be."""


@cache
def _built_in() -> Rules:
    sections: dict[str, str] = {}
    facts_text = _text(RULES / "facts.yaml")
    facts, families = _facts(facts_text, sections)
    rules = Rules(
        facts=facts,
        families=families,
        sections=sections,
        quantities=_mapping(_text(RULES / "quantities.yaml"), Quantity),
        bindings=_mapping(_text(RULES / "bindings.yaml"), Binding),
        parameters=dict(_tables()),
        rubrics={},
        phrases=cast(Mapping[str, str], _text(RULES / "phrases.yaml").data),
        settings=_settings(_text(RULES / "settings.yaml")),
        titles=cast(Mapping[str, str], _text(RULES / "documents.yaml").data),
    )
    faults = rules_faults(rules)
    if faults:
        raise RuleError(faults)
    return _with_rubrics(rules, sorted((RULES / "rubrics").iterdir(), key=lambda one: one.name))


def load_rules(rubrics: Iterable[Path] = ()) -> Rules:
    """Return the built-in rules, with the user's own rubric files added or put in the place of those of the same id.

    Raises:
        RuleError: a file cannot be used; it names every fault with its line.
    """
    own = list(rubrics)
    return _with_rubrics(_built_in(), own) if own else _built_in()


def _with_rubrics(rules: Rules, paths: Sequence[Traversable | Path]) -> Rules:
    found = dict(rules.rubrics)
    for path in paths:
        if path.name.endswith(".yaml"):
            rubric = read_rubric(path.name, rule_text(path), rules)
            found[rubric.id] = rubric
    own = answers(found.values(), rules.settings["answer_high"])
    return replace(rules, rubrics=found, facts={**rules.facts, **own})


def read_rubric(name: str, text: str, rules: Rules) -> Rubric:
    """Return the rubric that the YAML text holds.

    Raises:
        RuleError: it cannot be used; it names every fault with its line.
    """
    source = read_yaml(name, text)
    rubric = _one(source, (), source.data, Rubric)
    faults = rubric_faults(rubric, source, rules)
    if faults:
        raise RuleError(faults)
    return rubric


def check_rules(path: Path) -> Sequence[Fault]:
    """Return all that is wrong with a rubric file; nothing if it can be used."""
    try:
        read_rubric(path.name, rule_text(path), _built_in())
    except RuleError as error:
        return error.faults
    return []


def rule_text(path: Traversable | Path) -> str:
    """Return the text of a rule file.

    Raises:
        RuleError: there is no such file, or it holds no text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RuleError(Fault(path.name, "没有这个文件。请检查路径。")) from None
    except (OSError, UnicodeDecodeError):
        raise RuleError(Fault(path.name, "读不出来。请给一个 UTF-8 编码的 YAML 文件。")) from None


def answers(rubrics: Iterable[Rubric], highest: Decimal) -> Mapping[str, FactDefinition]:
    """Return the definitions of the facts that rubrics ask for themselves: indicators that name no value.

    Such a fact is reported as `<rubric>/<indicator>`: a level, yes or no, points, or a figure in the indicator's unit.
    """
    found: dict[str, FactDefinition] = {}
    for rubric in rubrics:
        for one in rubric.indicators:
            if one.value is None:
                name = answer_id(rubric.id, one.id)
                found[name] = _answer(name, rubric, one, highest)
    return found


def _answer(name: str, rubric: Rubric, one: Indicator, highest: Decimal) -> FactDefinition:
    high = {"scale": Decimal(len(one.levels) - 1), "points": one.weight}.get(one.test)
    if high is None:
        high = ONE if one.unit == "1" else highest
    return FactDefinition.model_construct(
        id=name,
        label=one.label,
        section=rubric.id,
        kind="yes_no" if one.test == "holds" else "number",
        unit={"scale": "级", "points": "分"}.get(one.test, one.unit),
        low=ZERO,
        high=high,
        help="\n".join(f"{i} 级：{level.see}" for i, level in enumerate(one.levels)) or one.help,
        holder=one.holder,
    )


def answer_id(rubric_id: str, indicator_id: str) -> str:
    """Return the id under which an indicator without a value of its own is answered."""
    return f"{rubric_id}/{indicator_id}"


def _text(path: Traversable) -> Text:
    return read_yaml(path.name, path.read_text(encoding="utf-8"))


def _one(source: Text, path: tuple[str | int, ...], data: Any, model: type[Model]) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = [_fault(source, path, one) for one in error.errors()]
        raise RuleError(sorted(found, key=lambda fault: fault.line or 0)) from None


def _fault(source: Text, path: tuple[str | int, ...], error: Any) -> Fault:
    spot = tuple(part for part in (*path, *error["loc"]) if part not in ("Range", "str"))
    said = _SHAPES.get(str(error["type"]), str(error["msg"])).format(expected=_either(error))
    what = said if error["type"] in ("missing", "extra_forbidden") else f"{said}（写的是 {error['input']!r}）"
    return source.fault(spot, what)


def _either(error: Any) -> str:
    """Return the words that may stand where another stands."""
    return str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace(", ", "、")


def _mapping(source: Text, model: type[Model]) -> dict[str, Model]:
    faults: list[Fault] = []
    found: dict[str, Model] = {}
    for key, data in cast(dict[str, Any], source.data).items():
        try:
            found[key] = _one(source, (key,), data, model)
        except RuleError as error:
            faults += error.faults
    if faults:
        raise RuleError(faults)
    return found


def _facts(source: Text, sections: dict[str, str]) -> tuple[dict[str, FactDefinition], dict[str, Family]]:
    data = cast(dict[str, Any], source.data)
    faults: list[Fault] = []
    families: dict[str, Family] = {}
    found: dict[str, FactDefinition] = {}
    for i, family in enumerate(data["families"]):
        families[family["id"]] = _one(source, ("families", i), family, Family)
    for i, section in enumerate(data["sections"]):
        sections[section["id"]] = section["label"]
        for j, fact in enumerate(section["facts"]):
            spot = ("sections", i, "facts", j)
            try:
                definition = _one(source, spot, {**fact, "section": section["id"]}, FactDefinition)
            except RuleError as error:
                faults += error.faults
                continue
            if definition.id in found:
                faults.append(source.fault(spot, f"编号 {definition.id!r} 重复"))
            found[definition.id] = definition
    if faults:
        raise RuleError(faults)
    return found, families


def _settings(source: Text) -> Mapping[str, Decimal]:
    return {name: Decimal(text) for name, text in cast(Mapping[str, str], source.data).items()}


def _tables() -> Iterator[tuple[str, Mapping[str, Parameter]]]:
    for folder in sorted((RULES / "factors").iterdir(), key=lambda one: one.name):
        for table in sorted(folder.iterdir(), key=lambda one: one.name):
            if table.name.endswith(".csv"):
                name = f"{folder.name}/{table.name.removesuffix('.csv')}"
                yield name, _table(name, table.read_text(encoding="utf-8"))


def _table(name: str, text: str) -> Mapping[str, Parameter]:
    found: dict[str, Parameter] = {}
    faults: list[Fault] = []
    for line, row in read_rows(name, text):
        try:
            found[row["key"]] = Parameter(
                id=f"{name}/{row['key']}",
                label=row["label"],
                value=cast(Any, row["value"]),
                unit=row["unit"],
                since=row["since"],
                reference=Reference(
                    document=row["document_id"],
                    clause=row["clause"],
                    confidence=cast(Any, row["confidence"]),
                    title=row["document"],
                    note=row["note"],
                ),
            )
        except (ValidationError, KeyError) as error:
            faults.append(Fault(name, str(error), line))
    if faults:
        raise RuleError(faults)
    return found
