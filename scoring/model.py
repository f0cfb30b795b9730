"""The nouns of scoring.

What rule files hold, checked as they are read (pydantic): Reference, Parameter, FactDefinition, Family, Quantity,
Binding, Case, Level, Indicator, Need, Grade, Rubric, and Rules, which holds them all. What a park reports: Fact,
ParkData. What comes out (plain frozen records): Step, Flip, Result, Assessment.

Numbers are Decimal. A share is 0 to 1. Yes is 1 and no is 0, so that formulas can use an answer as a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from scoring.interval import Number

Confidence = Literal["A", "B"]
Source = Literal["published", "project", "user"]
Kind = Literal["number", "yes_no", "choice", "text", "declaration"]
Role = Literal["condition", "core", "gate", "guiding", "scored", "reference"]
Test = Literal["at_most", "at_least", "holds", "scale", "points"]
Verdict = Literal["met", "not_met", "missing", "no_limit", "excused"]
Outcome = Literal["met", "not_met", "missing", "no_limit"]
Origin = Literal["fact", "declared", "parameter", "formula", "converted", "missing"]

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)?$")]


def _exact(value: object) -> object:
    """Refuse a number that has been a float: 0.1 must come as text."""
    if isinstance(value, float):
        raise ValueError("浮点数不精确，请按文本给出")
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact), Field(allow_inf_nan=False)]


class Rule(BaseModel):
    """Base of all that rule files hold: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reference(Rule):
    """Where a number or a rule comes from.

    `document` is the id of a document of the corpus; a test joins them. What the project itself sets has
    `source: project` and no document; what a user brings has `source: user`.
    """

    document: str = ""
    clause: str = ""
    confidence: Confidence | None = None
    source: Source = "published"
    title: str = ""
    note: str = ""


class Parameter(Rule):
    """One published number: a row of a factor table. `id` is `<set>/<table>/<key>`."""

    id: str
    label: str
    value: Exact
    unit: str
    since: str = ""
    reference: Reference


class Member(Rule):
    """One kind in a family: a fuel with its unit, a product. `key` is its name in factor tables,
    `energy_key` that in tables of coal equivalents, where they differ from the label."""

    label: str
    unit: str = "t"
    key: str = ""
    energy_key: str = ""


class Family(Rule):
    """A closed list of kinds (化石能源品种, 工业产品). A fact of a family is reported as `<fact>/<member>`."""

    id: Id
    label: str
    members: dict[Id, Member]


class FactDefinition(Rule):
    """A raw input that a park may report: label, unit, bounds, help, and who usually holds it (`holder`).

    Attributes:
        per: the family it is reported for, one figure for each member; `{unit}` stands for the member's unit.
        zeroed_by: the declaration that makes it zero where it is not reported.
        accuracy_share: reach of the meter or weighing, relative; used for 临界 only.
        options: of a choice: what is shown -> what factor tables call it.
        needs_source: whether the reporter must say where the figure comes from.
        derived: the rules can also work it out, so that it may be left out.
    """

    id: Id
    label: str
    section: str
    kind: Kind = "number"
    unit: str = "1"
    low: Exact = Decimal(0)
    high: Exact | None = None
    per: Id | None = None
    zeroed_by: Id | None = None
    accuracy_share: Exact = Decimal(0)
    options: dict[str, str] = {}
    needs_source: bool = False
    derived: bool = False
    example: str = ""
    help: str = ""
    holder: str = ""


class Quantity(Rule):
    """What a formula's result is called and measured in, and the clause it follows.

    `per` and `driven_by`: a formula evaluated for each member of a family, for those members that one of the facts
    in `driven_by` is reported for. `low`, `high`: what the figure cannot leave.
    """

    label: str
    unit: str
    low: Exact | None = None
    high: Exact | None = None
    per: Id | None = None
    driven_by: tuple[Id, ...] = ()
    reference: Reference


class Binding(Rule):
    """Which row of the factor tables a formula's argument means.

    `table` and `key` may hold the id of a choice in braces, and `{member}` for a member's name in the tables;
    `yields_to` names the facts that, where reported, take the parameter's place.
    """

    table: str
    key: str
    unit: str
    per: Id | None = None
    yields_to: tuple[Id, ...] = ()


class Range(Rule):
    """A span of a figure: from (included) or above (not), up_to (included) or below (not)."""

    from_: Exact | None = Field(default=None, alias="from")
    above: Exact | None = None
    up_to: Exact | None = None
    below: Exact | None = None


class Case(Rule):
    """A limit and when it applies: `when` names a figure and its span, or a choice and its value."""

    value: Exact
    when: dict[Id, Range | str] = {}
    label: str = ""
    reference: Reference


class Level(Rule):
    """One level of maturity: what an assessor must see (`see`) and the evidence to ask for (`ask`).

    `value` is the figure from which (at_least) or to which (at_most) the level is reached, where there is one.
    """

    see: str
    ask: str = ""
    value: Exact | None = None
    reference: Reference | None = None


class Indicator(Rule):
    """One line of a rubric.

    `value` names the quantity or fact that is judged; without one, an answer is asked for under `<rubric>/<id>`.
    `test`: `at_most`/`at_least` against the limits; `holds` yes or no; `scale` against the levels; `points` takes the
    figure itself as points. `met_at` is the level from which a scale is met; a scale has to name it.
    """

    id: Id
    label: str
    block: Id
    role: Role
    test: Test
    value: Id | None = None
    unit: str = "1"
    limits: tuple[Case, ...] = ()
    no_limit_reason: str = ""
    levels: tuple[Level, ...] = ()
    better: Literal["at_most", "at_least"] = "at_least"
    met_at: int = 0
    weight: Exact | None = None
    excusable: bool = False
    help: str = ""
    holder: str = ""
    reference: Reference


class Block(Rule):
    """A part of a rubric under one heading."""

    id: Id
    label: str


class Need(Rule):
    """One thing a grade asks for: verdicts of indicators (by role, block or id), or a share of the points."""

    roles: tuple[Role, ...] = ()
    blocks: tuple[Id, ...] = ()
    indicators: tuple[Id, ...] = ()
    verdicts: tuple[Verdict, ...] = ("met",)
    points_share: Exact | None = None


class Grade(Rule):
    """One outcome, from the lowest to the highest. A grade is reached with its needs and those of all below it."""

    id: Id
    label: str
    verdict: Outcome
    needs: tuple[Need, ...] = ()


class Beside(Rule):
    """A figure shown beside the result and never part of it."""

    value: Id
    note: str


class Caution(Rule):
    """A sentence to show where one figure is above another, or an answer is no."""

    value: Id
    above: Id | None = None
    text: str


class Rubric(Rule):
    """One edition of an indicator system: what is judged, against which limits, to which grades."""

    id: Id
    title: str
    edition: str
    status: str
    region: str
    source: Source = "published"
    notice: str = ""
    blocks: tuple[Block, ...]
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...] = ()
    totals: dict[str, Id] = {}
    besides: tuple[Beside, ...] = ()
    cautions: tuple[Caution, ...] = ()
    reference: Reference

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator of that id; KeyError if there is none."""
        return (
            next(one for one in self.indicators if one.id == indicator_id)
            if indicator_id in self
            else _none(indicator_id)
        )

    def __contains__(self, indicator_id: object) -> bool:
        return any(one.id == indicator_id for one in self.indicators)


def _none(name: str) -> Indicator:
    raise KeyError(name)


@dataclass(frozen=True)
class Rules:
    """All that grading needs besides the park: definitions, factors and rubrics, read once and shared."""

    facts: Mapping[str, FactDefinition]
    families: Mapping[str, Family]
    sections: Mapping[str, str]
    quantities: Mapping[str, Quantity]
    bindings: Mapping[str, Binding]
    parameters: Mapping[str, Mapping[str, Parameter]]
    rubrics: Mapping[str, Rubric]
    phrases: Mapping[str, str]
    settings: Mapping[str, Decimal]
    titles: Mapping[str, str] = field(default_factory=dict[str, str])

    def rubric(self, rubric_id: str) -> Rubric:
        """Return the rubric of that id; KeyError if there is none."""
        return self.rubrics[rubric_id]


Value = Decimal | bool | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One reported figure or answer, in the unit of its definition; `written` is what stood in the file or was said."""

    id: str
    value: Value
    written: str = ""
    source: str = ""
    place: str = ""


@dataclass(frozen=True)
class ParkData:
    """What one park reports for one calendar year, and which guiding indicators it excuses with which reason."""

    name: str
    year: int
    facts: Mapping[str, Fact]
    excuses: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How one figure came about: a fact, a zero by declaration, a published number, a formula of other steps, or
    one step in another unit.

    `value` is an Interval where something in `missing` is not reported yet. `undefined`: the formula divides by zero.
    """

    name: str
    label: str
    origin: Origin
    value: Number | str
    unit: str
    reference: Reference | None = None
    inputs: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    written: str = ""
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Flip:
    """One thing that would turn the verdict: a meter's accuracy, rounding, or another edition of a factor."""

    cause: Literal["meter", "rounding", "factor"]
    label: str
    low: Decimal
    high: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator judged.

    `possible` holds every verdict that the data still to come allow; `low`, `high`, `full` are points.
    """

    indicator: Indicator
    verdict: Verdict
    possible: frozenset[Verdict]
    step: Step | None
    limits: tuple[Case, ...]
    reason: str
    missing: tuple[str, ...]
    low: Decimal
    high: Decimal
    full: Decimal
    levels: tuple[int, int] | None = None
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """One park judged by one rubric, with all the working."""

    park: ParkData
    rubric: Rubric
    verdict: Outcome
    results: tuple[Result, ...]
    low: Decimal | None
    high: Decimal | None
    full: Decimal | None
    grades: tuple[Grade, Grade] | None
    totals: Mapping[str, Step]
    besides: tuple[tuple[Beside, Step], ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    next_datum: str | None = None

    def result(self, indicator_id: str) -> Result:
        """Return the result of that indicator; KeyError if there is none."""
        for result in self.results:
            if result.indicator.id == indicator_id:
                return result
        raise KeyError(indicator_id)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many indicators have each verdict; a total never stands without it."""
        verdicts: tuple[Verdict, ...] = ("met", "not_met", "missing", "no_limit", "excused")
        return {verdict: sum(result.verdict == verdict for result in self.results) for verdict in verdicts}
