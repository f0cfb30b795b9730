"""An assessment as text and as JSON: the same input gives the same bytes.

JSON numbers are written out in full as decimals, never through a float. A figure that is not known is null where one
number is expected, and an end that is open is null.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from inspect import getsource
from textwrap import dedent
from typing import Any, cast

from scoring.formulas import FORMULAS
from scoring.interval import Interval, Number, ends
from scoring.model import Assessment, Case, Reference, Result, Rules, Step
from scoring.units import plain
from scoring.wording import label_of, limit_text, span

WORKED = ("formula", "converted")
"""The origins of a step that has steps below it to show."""
Json = Mapping[str, "Json"] | Sequence["Json"] | str | Decimal | int | bool | None


def to_json(assessment: Assessment, rules: Rules, *, trace: bool = True) -> str:
    """Return the assessment as JSON text with the keys of the interface; without `trace`, a summary."""
    return json_text(as_data(assessment, rules, trace=trace))


def json_text(data: Json) -> str:
    """Return plain data as JSON text with exact decimals."""
    return "".join(_json(data, ""))


def as_data(assessment: Assessment, rules: Rules, *, trace: bool = True) -> dict[str, Json]:
    """Return the assessment as plain data: rules, park, year, verdict, score, level, indicators, totals and more."""
    rubric = assessment.rubric
    grades = assessment.grades
    return {
        "rules": rubric.id,
        "rules_title": rubric.title,
        "rules_edition": rubric.edition,
        "rules_status": rubric.status,
        "rules_source": rubric.source,
        "notice": rubric.notice,
        "park": assessment.park.name,
        "year": assessment.park.year,
        "verdict": assessment.verdict,
        "score": {"low": assessment.low, "high": assessment.high, "max": assessment.full},
        "level": {"low": grades[0].label if grades else None, "high": grades[1].label if grades else None},
        "counts": {str(verdict): count for verdict, count in assessment.counts.items()},
        "indicators": [_indicator(result, rules, trace=trace) for result in assessment.results],
        "totals": {key: _known(step) for key, step in assessment.totals.items()},
        "besides": [
            {"id": beside.value, "label": step.label, "note": beside.note, "value": _value(step)}
            for beside, step in assessment.besides
        ],
        "missing": [
            {"id": name, "label": label_of(name, rules), "holder": _holder(name, rules)} for name in assessment.missing
        ],
        "next_datum": None
        if assessment.next_datum is None
        else {
            "id": assessment.next_datum,
            "label": label_of(assessment.next_datum, rules),
            "holder": _holder(assessment.next_datum, rules),
        },
        "warnings": list(assessment.warnings),
    }


def _holder(name: str, rules: Rules) -> str:
    definition = rules.facts.get(name) or rules.facts.get(name.partition("/")[0])
    return definition.holder if definition is not None else ""


def _indicator(result: Result, rules: Rules, *, trace: bool) -> dict[str, Json]:
    one = result.indicator
    data: dict[str, Json] = {
        "id": one.id,
        "label": one.label,
        "block": one.block,
        "role": one.role,
        "verdict": result.verdict,
        "possible": sorted(result.possible),
        "value": None if result.step is None else _value(result.step, one.unit),
        "limit": _limit(result, rules),
        "reason": result.reason,
        "missing": list(result.missing),
        "reference": _reference(one.reference, rules),
    }
    if one.weight is not None:
        data["points"] = {"low": result.low, "high": result.high, "max": result.full}
    if result.levels is not None:
        data["maturity"] = {"low": result.levels[0], "high": result.levels[1], "max": len(one.levels) - 1}
    data["edge"] = [
        {"cause": flip.cause, "label": flip.label, "low": flip.low, "high": flip.high, "text": flip.text}
        for flip in result.flips
    ]
    if trace:
        data["trace"] = None if result.step is None else step_data(result.step, rules)
    return data


def _limit(result: Result, rules: Rules) -> Json:
    one = result.indicator
    if one.test not in ("at_most", "at_least") or not result.limits:
        return None
    return {
        "compare": one.test,
        "unit": one.unit,
        "text": limit_text(one, result.limits, rules),
        "values": [_case(case, rules) for case in result.limits],
    }


def _case(case: Case, rules: Rules) -> Json:
    return {"value": case.value, "label": case.label, "reference": _reference(case.reference, rules)}


def _reference(reference: Reference | None, rules: Rules) -> Json:
    if reference is None:
        return None
    return {
        "document": reference.document,
        "title": reference.title or rules.titles.get(reference.document, ""),
        "clause": reference.clause,
        "confidence": reference.confidence,
        "source": reference.source,
        "note": reference.note,
    }


def _value(step: Step, unit: str = "") -> Json:
    if isinstance(step.value, str):
        return {"low": step.value or None, "high": step.value or None, "unit": ""}
    low, high = ends(step.value)
    return {"low": _finite(low), "high": _finite(high), "unit": unit or step.unit}


def _finite(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _known(step: Step) -> Json:
    return step.value if isinstance(step.value, Decimal) else None


def step_data(step: Step, rules: Rules) -> dict[str, Json]:
    """Return the working of a step as data: origin, value, source, formula with figures, and the steps below."""
    data: dict[str, Json] = {
        "id": step.name,
        "label": step.label,
        "origin": step.origin,
        "value": _value(step),
        "written": step.written,
        "reference": _reference(step.reference, rules),
    }
    if step.origin == "formula":
        data["formula"] = formula_text(step)
    if step.origin in WORKED:
        data["working"] = working(step)
        data["inputs"] = [step_data(one, rules) for one in step.inputs]
    if step.missing:
        data["missing"] = list(step.missing)
    return data


def trace_text(step: Step, rules: Rules, depth: int = 0) -> str:
    """Return the working of a step as indented lines that can be redone with a pocket calculator."""
    return "\n".join(_lines(step, rules, depth, set()))


def _lines(step: Step, rules: Rules, depth: int, seen: set[str]) -> Iterator[str]:
    head = f"{'  ' * depth}{step.label} = {span(step.value, step.unit, rules)}"
    again = step.origin in WORKED and step.name in seen
    yield head + _tail(step, rules, again=again)
    if step.origin in WORKED and not again:
        seen.add(step.name)
        yield f"{'  ' * depth}  {working(step)}"
        for one in step.inputs:
            yield from _lines(one, rules, depth + 1, seen)


def _tail(step: Step, rules: Rules, *, again: bool) -> str:
    where = ""
    if step.reference is not None:
        title = step.reference.title or rules.titles.get(step.reference.document, step.reference.document)
        where = " ".join(part for part in (title, step.reference.clause, step.reference.confidence or "") if part)
    if step.origin == "missing":
        return "（没有填报）"
    parts = [part for part in (step.written, where, "见上" if again else "") if part]
    return f"（{'；'.join(parts)}）" if parts else ""


@cache
def _expression(name: str) -> ast.expr:
    """Return what the formula returns, with local names put in: the expression to redo."""
    function = cast(ast.FunctionDef, ast.parse(dedent(getsource(FORMULAS[name]))).body[0])
    local: dict[str, ast.expr] = {}
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            local[statement.targets[0].id] = _Put(local).visit(statement.value)
    result = next(statement for statement in function.body if isinstance(statement, ast.Return))
    return cast(ast.expr, _Put(local).visit(cast(ast.expr, result.value)))


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.names.get(node.id, node)


def formula_text(step: Step) -> str:
    """Return the formula of a step, in the names of its arguments."""
    return ast.unparse(_expression(step.name.partition("/")[0]))


def working(step: Step) -> str:
    """Return the formula of a step with the figures in the place of the names, and the result."""
    if step.origin == "converted":
        (one,) = step.inputs
        return f"{figure(one.value)} {one.unit} = {figure(step.value)} {step.unit}"
    by_base: dict[str, list[Step]] = {}
    for one in step.inputs:
        by_base.setdefault(one.name.partition("/")[0], []).append(one)
    names: dict[str, ast.expr] = {}
    for node in ast.walk(_expression(step.name.partition("/")[0])):
        if isinstance(node, ast.Name):
            base, _, member = node.id.partition("__")
            found = [one for one in by_base.get(base, []) if not member or one.name == f"{base}/{member}"]
            if found:
                figures = [figure(one.value) for one in found]
                names[node.id] = ast.Name(figures[0] if len(found) == 1 else f"[{', '.join(figures)}]")
            elif node.id == "ZERO":
                names[node.id] = ast.Name("0")
            elif node.id not in ("sum", "greatest", "least"):
                names[node.id] = ast.Name("[]")  # a family of which nothing is reported
    # the tree is shared: put figures into a copy
    expression = _Put(names).visit(ast.parse(ast.unparse(_expression(step.name.partition("/")[0])), mode="eval").body)
    return f"{ast.unparse(expression)} = {figure(step.value)}"


def figure(value: Number | str) -> str:
    """Return the exact figure as a plain decimal; an interval as [low, high]."""
    if isinstance(value, str):
        return value
    if isinstance(value, Interval):
        return f"[{figure(value.low)}, {figure(value.high)}]"
    return "∞" if value == Decimal("Infinity") else "-∞" if value.is_infinite() else f"{plain(value):f}"


def to_text(assessment: Assessment, rules: Rules) -> str:
    """Return the assessment as plain text: the outcome, each line with its reason, warnings and sources."""
    rubric = assessment.rubric
    lines = [f"{assessment.park.name} {assessment.park.year}年　{rubric.title}（{rubric.edition}，{rubric.status}）"]
    if rubric.notice:
        lines.append(rubric.notice)
    if assessment.grades:
        low, high = assessment.grades
        lines.append(low.label if low.id == high.id else f"{low.label} ～ {high.label}")
    if assessment.low is not None and assessment.high is not None and assessment.full is not None:
        score = Interval(assessment.low, assessment.high) if assessment.low != assessment.high else assessment.low
        lines.append(f"{span(score, '', rules)} / {figure(assessment.full)}")
    for result in assessment.results:
        verdict = rules.phrases[f"verdict_{result.verdict}"]
        lines.append(f"[{verdict}] {result.indicator.label}：{result.reason}")
        lines += [f"    {flip.text}" for flip in result.flips]
    return "\n".join([*lines, *assessment.warnings])


def _json(data: Json, indent: str) -> Iterator[str]:
    """Yield JSON with Decimal written as a plain number; json.dumps knows only floats."""
    inner = indent + "  "
    if isinstance(data, Decimal):
        yield f"{plain(data):f}"
    elif isinstance(data, Mapping):
        items = cast(Mapping[str, Any], data)
        yield "{" + ("\n" if items else "")
        for i, (key, value) in enumerate(items.items()):
            yield (",\n" if i else "") + inner + json.dumps(key, ensure_ascii=False) + ": "
            yield from _json(value, inner)
        yield f"\n{indent}}}" if items else "}"
    elif isinstance(data, Sequence) and not isinstance(data, str):
        yield "[" + ("\n" if data else "")
        for i, value in enumerate(data):
            yield (",\n" if i else "") + inner
            yield from _json(value, inner)
        yield f"\n{indent}]" if data else "]"
    else:
        yield json.dumps(data, ensure_ascii=False)
