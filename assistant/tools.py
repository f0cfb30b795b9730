"""What the assistant can do with a park's data, as LangChain tools: typed arguments, structured records, no invention.

The park is bound to the tools and is no argument: a model can ask about it and can try figures on it, but never
report one. An unknown argument is refused in a sentence that names it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.grading import Grading, Record, words
from scoring.errors import ParkDataError
from scoring.model import ParkData, Rules

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Number = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Arguments(BaseModel):
    """Base of all arguments: no key that is not known, no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rules: Text = Field("national-2025", description="规则编号，例如 national-2025、ceca-0344-2025")


class GradePark(Arguments):
    """按一套规则给当前园区打分：逐项结论、总分区间、等级、提醒、先补哪一项。"""


class WhatIsMissing(Arguments):
    """当前园区还缺哪些数据、通常谁有、哪些指标在等。"""


class ExplainIndicator(Arguments):
    """一项指标的结论和全部计算过程，每个数都到填报项、因子或条款。"""

    indicator: Text = Field(description="指标编号或名称，例如 carbon_per_energy 或 单位能耗碳排放")


class WhatIf(Arguments):
    """试算：改动几个填报数，看哪些结论会变；不改动园区的数据。"""

    changes: dict[Text, Text | None] = Field(
        description='填报项编号 -> 带单位的数，例如 {"traded_green_mwh": "12 亿kWh"}；null 表示当作没有填报',
        min_length=1,
    )


class RouteToNextLevel(Arguments):
    """到下一级（或指定等级）最少改进哪些指标；给出各项成本时求最省的。"""

    goal: Text | None = Field(None, description="要达到的等级编号，不写就是下一级")
    costs: dict[Text, Number] | None = Field(None, description="各指标的成本或权重，数字文本；没有列出的指标不改动")


def park_tools(park: ParkData, rules: Rules) -> list[BaseTool]:
    """Return the five tools over one park's data."""
    from langchain_core.tools import StructuredTool

    grading = Grading(park, rules)
    calls: dict[str, tuple[type[Arguments], Callable[..., Record]]] = {
        "grade_park": (GradePark, grading.grade),
        "what_is_missing": (WhatIsMissing, grading.missing),
        "explain_indicator": (ExplainIndicator, grading.explain),
        "what_if": (WhatIf, grading.what_if),
        "route_to_next_level": (RouteToNextLevel, grading.route),
    }
    return [
        StructuredTool.from_function(
            func=partial(_answered, call),
            name=name,
            description=cast(str, schema.__doc__),
            args_schema=schema,
            handle_validation_error=cast(Any, partial(refusal, schema)),
        )
        for name, (schema, call) in calls.items()
    ]


def _answered(call: Callable[..., Record], **arguments: Any) -> Record:
    """Return the record, or why there is none: who called reads the sentence and asks again."""
    try:
        return call(**arguments)
    except ParkDataError as error:
        return {"refused": str(error)}


def refusal(schema: type[Arguments], error: ValidationError) -> Record:
    """Return the refusal of arguments that do not fit, naming each."""
    say = words()["refuse"]
    faults = error.errors()
    unknown = [str(one["loc"][-1]) for one in faults if one["type"] == "extra_forbidden"]
    sentences: list[str] = []
    if unknown:
        known = "、".join(schema.model_fields)
        sentences.append(say["unknown_keys"].format(keys="、".join(repr(key) for key in unknown), known=known))
    for one in faults:
        if one["type"] != "extra_forbidden":
            key = ".".join(str(part) for part in one["loc"])
            sentences.append(say["bad_value"].format(key=key, why=say["reasons"].get(one["type"], one["msg"])))
    return {"refused": "".join(sentences)}
