"""Find a named quantity: as a fact, a parameter or a formula whose arguments are found in turn. The working is kept.

From that one recursion come the value, the trace, and what is missing. What is missing is known to lie within the
bounds of its definition, so that a result is an interval as long as something it depends on is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import cast

from scoring.errors import Fault, ParkDataError, RuleError
from scoring.formulas import FORMULAS, Formula, needs
from scoring.interval import INFINITY, ONE, WHOLE, ZERO, Interval, Number, ends, narrowed
from scoring.model import Binding, Fact, FactDefinition, Parameter, ParkData, Quantity, Reference, Rules, Step
from scoring.units import convert


class Resolver:
    """The steps of one park, each worked out once.

    `spread` widens reported figures by their meters' accuracy (share by fact id), for 临界. `known` and `changed`: the
    steps of the same park without the one fact, of which those that do not miss it still hold.
    """

    def __init__(
        self,
        park: ParkData,
        rules: Rules,
        *,
        spread: dict[str, Decimal] | None = None,
        known: Resolver | None = None,
        changed: str = "",
        formulas: Mapping[str, Formula] = FORMULAS,
    ) -> None:
        self.park = park
        self.rules = rules
        self._formulas = formulas
        self._known = known
        self._changed = changed
        self._spread = spread or {}
        self._steps: dict[str, Step] = {}
        self._open: list[str] = []

    def step(self, name: str) -> Step:
        """Return how the named quantity comes about, as `<name>` or `<name>/<member>`.

        Raises:
            RuleError: nothing has that name, or it depends on itself.
            ParkDataError: the park's figures put it beyond what it can be.
        """
        found = self._steps.get(name)
        if found is None and self._known is not None:
            before = self._known._steps.get(name)
            if before is not None and self._changed not in before.missing:
                found = self._steps[name] = before
        if found is None:
            if name in self._open:
                circle = " -> ".join([*self._open[self._open.index(name) :], name])
                raise RuleError(f"公式互相依赖，成了圈：{circle}。请拆开其中一环。")
            self._open.append(name)
            try:
                found = self._steps[name] = self._found(name)
            finally:
                self._open.pop()
        return found

    def formula_step(self, name: str) -> Step:
        """Return the quantity as its formula gives it, even where it is reported too."""
        base, _, member = name.partition("/")
        return self._worked(name, base, member)

    def _found(self, name: str) -> Step:
        base, _, member = name.partition("/")
        facts = self.rules.facts
        definition = facts.get(name) or facts.get(base)
        if name in self.park.facts and definition is not None:
            return self._reported(self.park.facts[name], definition, member)
        if definition is not None and definition.zeroed_by and self._declared(definition.zeroed_by):
            return self._zero(name, definition, member)
        if (binding := self.rules.bindings.get(base)) is not None:
            step = self._parameter(name, binding, member)
            if step is not None:
                return step
        if base in self._formulas:
            return self._worked(name, base, member)
        if definition is not None:
            return self._unreported(name, definition, member)
        raise RuleError(f"没有名为 {name!r} 的填报项、参数或公式。请检查拼写，或在 facts.yaml、formulas 里补上。")

    def label(self, definition_label: str, member: str, family: str | None) -> str:
        """Return the label with the member's name before it: 柴油 燃烧消费量."""
        if not member or family is None:
            return definition_label
        return f"{self.rules.families[family].members[member].label} {definition_label}"

    def _unit(self, unit: str, member: str, family: str | None) -> str:
        if "{unit}" not in unit or family is None or not member:
            return unit
        return unit.replace("{unit}", self.rules.families[family].members[member].unit)

    def _declared(self, declaration: str) -> bool:
        fact = self.park.facts.get(declaration)
        return fact is not None and fact.value is True

    def _reported(self, fact: Fact, definition: FactDefinition, member: str) -> Step:
        value: Number | str
        if isinstance(fact.value, bool):
            value = ONE if fact.value else ZERO
        else:
            value = fact.value
            share = self._spread.get(fact.id)
            if share is not None and isinstance(value, Decimal):
                value = narrowed(Interval(value * (ONE - share), value * (ONE + share)))
        return Step(
            fact.id,
            self.label(definition.label, member, definition.per),
            "fact",
            value,
            self._unit(definition.unit, member, definition.per),
            Reference.model_construct(source="user", title=fact.source, clause=fact.place)
            if fact.source or fact.place
            else None,
            written=fact.written,
        )

    def _zero(self, name: str, definition: FactDefinition, member: str) -> Step:
        label = self.label(definition.label, member, definition.per)
        said = self.rules.facts[cast(str, definition.zeroed_by)].label
        unit = self._unit(definition.unit, member, definition.per)
        return Step(name, label, "declared", ZERO, unit, written=self.rules.phrases["zero"].format(label=said))

    def _unreported(self, name: str, definition: FactDefinition, member: str) -> Step:
        high = ONE if definition.kind in ("yes_no", "declaration") else definition.high
        value: Number | str = "" if definition.kind == "choice" else Interval(definition.low, high or INFINITY)
        label = self.label(definition.label, member, definition.per)
        # of a long list of kinds, ask whether the list is complete, not for each kind
        asked = definition.zeroed_by if member and definition.zeroed_by else name
        return Step(
            name, label, "missing", value, self._unit(definition.unit, member, definition.per), missing=(asked,)
        )

    # Parameters ------------------------------------------------------------------------------------------------------

    def _parameter(self, name: str, binding: Binding, member: str) -> Step | None:
        """Return the published number, or None where the tables hold none and another way has to be found."""
        tail = f"/{member}" if member else ""
        if any(f"{fact}{tail}" in self.park.facts for fact in binding.yields_to):
            return None
        chosen, missing = self._filled(binding, member)
        if missing:
            unit = self._unit(binding.unit, member, binding.per)
            quantity = self.rules.facts.get(name.partition("/")[0])
            low, high = (quantity.low, quantity.high or INFINITY) if quantity else (ZERO, INFINITY)
            return Step(name, name, "missing", Interval(low, high), unit, missing=missing)
        table, key = chosen
        row = self.rules.parameters.get(table, {}).get(key)
        return None if row is None else self._published(name, row, self._unit(binding.unit, member, binding.per))

    def _published(self, name: str, row: Parameter, unit: str) -> Step:
        value = convert(row.value, row.unit, unit)
        return Step(
            name, row.label, "parameter", value, unit, reference=row.reference, written=f"{row.value} {row.unit}"
        )

    def _filled(self, binding: Binding, member: str) -> tuple[tuple[str, str], tuple[str, ...]]:
        """Return table and key with the park's choices in the braces, and the choices not made yet."""
        missing: list[str] = []

        def fill(template: str) -> str:
            start = template.find("{")
            if start < 0:
                return template
            end = template.index("}", start)
            return fill(
                template[:start]
                + self._chosen(template[start + 1 : end], binding, member, missing)
                + template[end + 1 :]
            )

        return (fill(binding.table), fill(binding.key)), tuple(missing)

    def _chosen(self, field: str, binding: Binding, member: str, missing: list[str]) -> str:
        if field in ("member", "energy_member"):
            kind = self.rules.families[cast(str, binding.per)].members[member]
            own = kind.energy_key if field == "energy_member" and kind.energy_key else kind.key
            return own or kind.label
        fact = self.park.facts.get(field)
        if fact is None:
            missing.append(field)
            return ""
        return self.rules.facts[field].options[str(fact.value)]

    # Formulas --------------------------------------------------------------------------------------------------------

    def _worked(self, name: str, base: str, member: str) -> Step:
        quantity = self.rules.quantities[base]
        inputs: list[Step] = []
        values: list[object] = []
        for argument, each in needs(self._formulas[base]):
            if each:
                parts = list(self._members(argument))
                inputs += parts
                values.append([part.value for part in parts])
            else:
                step = self.step(self._argument(argument, member))
                inputs.append(step)
                values.append(step.value)
        value, undefined = self._evaluated(base, values, quantity)
        undefined = undefined or (isinstance(value, Interval) and any(one.undefined for one in inputs))
        missing = _joined(inputs) if isinstance(value, Interval) else ()
        return Step(
            name,
            self.label(quantity.label, member, quantity.per),
            "formula",
            value,
            self._unit(quantity.unit, member, quantity.per),
            quantity.reference,
            tuple(inputs),
            missing,
            undefined=undefined,
        )

    def _argument(self, argument: str, member: str) -> str:
        """Return the name to resolve for an argument: the member's own where the argument is kept by member."""
        if not member or "/" in argument:
            return argument
        holder = (
            self.rules.facts.get(argument) or self.rules.bindings.get(argument) or self.rules.quantities.get(argument)
        )
        return f"{argument}/{member}" if holder is not None and holder.per else argument

    def _members(self, argument: str) -> Iterator[Step]:
        """Yield the steps of the members that take part, and one for all the rest while they are not declared nil."""
        quantity = self.rules.quantities[argument]
        family = self.rules.families[cast(str, quantity.per)]
        facts = self.park.facts
        reported = [
            member
            for member in family.members
            if f"{argument}/{member}" in facts or any(f"{fact}/{member}" in facts for fact in quantity.driven_by)
        ]
        for member in reported:
            yield self.step(f"{argument}/{member}")
        declarations = {self.rules.facts[fact].zeroed_by for fact in quantity.driven_by}
        open_ones = tuple(sorted(one for one in declarations if one is not None and not self._declared(one)))
        if open_ones and len(reported) < len(family.members):
            rest = Interval(-INFINITY if quantity.low is None else quantity.low, INFINITY)
            label = self.rules.facts[open_ones[0]].label
            yield Step(f"{argument}/*", label, "missing", rest, quantity.unit, missing=open_ones)

    def _evaluated(self, base: str, values: Sequence[object], quantity: Quantity) -> tuple[Number, bool]:
        try:
            value, undefined = narrowed(cast(Number, self._formulas[base](*values))), False
        except (DivisionByZero, InvalidOperation):
            value, undefined = WHOLE, True
        if quantity.low is None and quantity.high is None:
            return value, undefined
        low, high = ends(value)
        floor = -INFINITY if quantity.low is None else quantity.low
        roof = INFINITY if quantity.high is None else quantity.high
        if low >= floor and high <= roof:
            return value, undefined
        if low > roof or high < floor:
            raise ParkDataError(Fault(quantity.label, _beyond(quantity, value, self.rules)))
        return narrowed(Interval(max(low, floor), min(high, roof))), undefined


def _beyond(quantity: Quantity, value: Number, rules: Rules) -> str:
    from scoring.wording import span  # it words what is resolved here, and so imports this module

    low = -INFINITY if quantity.low is None else quantity.low
    high = INFINITY if quantity.high is None else quantity.high
    found, bounds = (span(one, quantity.unit, rules) for one in (value, Interval(low, high)))
    return f"算出来是 {found}，超出了可能的范围（{bounds}）。请核对组成它的各项填报数和单位。"


def _joined(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return what the steps miss, each once, in order."""
    return tuple(dict.fromkeys(name for step in steps for name in step.missing))


def resolve(name: str, park: ParkData, rules: Rules) -> Step:
    """Return how the named quantity comes about for the park: its value, its working, and what is missing."""
    return Resolver(park, rules).step(name)
