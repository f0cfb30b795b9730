"""The form of 算分: every figure a park may report, grouped, with units and help. Empty means not reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scoring.errors import ParkDataError
from scoring.formulas import ARGUMENTS
from scoring.load import answer_id
from scoring.model import FactDefinition, Family, ParkData, Rubric, Rules
from scoring.park import Entry, definition_of, read_park
from scoring.units import plain
from ui.grade_texts import GradeTexts
from ui.render import safe

FIRST_RULES = "national-2025"


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in the form: the rule set, the park, the figures as text with their sources, the excuses."""

    rules: str = FIRST_RULES
    name: str = ""
    year: str = ""
    facts: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    excuses: Mapping[str, str] = field(default_factory=dict[str, str])


def filling_of(park: ParkData, rules_id: str, rules: Rules, words: GradeTexts) -> Filling:
    """Return the form filled with a park's figures, each so written that reading it gives the same figure."""
    facts = {key: Entry(_text(key, park, rules, words), fact.source, fact.place) for key, fact in park.facts.items()}
    return Filling(rules_id, park.name, str(park.year), facts, park.excuses)


def _text(key: str, park: ParkData, rules: Rules, words: GradeTexts) -> str:
    fact = park.facts[key]
    if isinstance(fact.value, bool):
        return words.yes if fact.value else words.no
    if isinstance(fact.value, str):
        return fact.value
    definition, unit = definition_of(key, rules)
    if fact.written:
        try:
            same = read_park("", park.year, {key: Entry(fact.written, fact.source or "-")}, rules).facts[key].value
        except ParkDataError:
            same = None
        if same == fact.value:
            return fact.written
    number = f"{plain(fact.value):f}"
    return number if unit == "1" or "/" in definition.id else f"{number} {unit}"


def needed(rubric: Rubric, rules: Rules) -> frozenset[str]:
    """Return the ids of all facts that can bear on a rubric's result, without members."""
    names = [one.value or answer_id(rubric.id, one.id) for one in rubric.indicators]
    names += [name for one in rubric.indicators for case in one.limits for name in case.when]
    names += [*rubric.totals.values(), *(beside.value for beside in rubric.besides)]
    names += [name for caution in rubric.cautions for name in (caution.value, caution.above) if name]
    seen: set[str] = set()
    while names:
        name = names.pop()
        base = name if name in rules.facts else name.partition("/")[0]
        if base in seen:
            continue
        seen.add(base)
        names += _below(base, rules)
    return frozenset(seen & rules.facts.keys())


def _below(base: str, rules: Rules) -> Iterator[str]:
    yield from (argument for argument, _ in ARGUMENTS.get(base, ()))
    if (quantity := rules.quantities.get(base)) is not None:
        yield from quantity.driven_by
    if (binding := rules.bindings.get(base)) is not None:
        yield from binding.yields_to
        yield from (name for name in rules.facts if f"{{{name}}}" in binding.table + binding.key)
        if binding.per and any("{raw_coal_rank}" in one.key for one in rules.families[binding.per].members.values()):
            yield "raw_coal_rank"
    if (definition := rules.facts.get(base)) is not None and definition.zeroed_by:
        yield definition.zeroed_by


def form(filling: Filling, rules: Rules, texts: GradeTexts) -> str:
    """Return the form as HTML; its script shows what the chosen rule set needs and sends what is typed."""
    made = _Form(filling, rules, texts)
    options = "".join(
        f'<option value="{safe(one.id)}"{" selected" if one.id == filling.rules else ""}>{safe(one.title)}</option>'
        for one in _ordered(rules.rubrics.values())
    )
    accept = ".xlsx,.json,.csv"
    return (
        '<form class="park-form" autocomplete="off" novalidate>'
        f'<div class="who"><label class="wide">{safe(texts.rules_label)}<select name="rules">{options}</select></label>'
        f'<label>{safe(texts.name_label)}<input name="name" maxlength="80" value="{safe(filling.name)}"></label>'
        f'<label class="year">{safe(texts.year_label)}<input name="year" inputmode="numeric" maxlength="6"'
        f' placeholder="2025" value="{safe(filling.year)}"></label></div>'
        f'<div class="filing"><label class="upload" title="{safe(texts.upload_hint)}">'
        f'<input type="file" accept="{accept}" class="unseen"><span>{safe(texts.upload)}</span></label>'
        f'<button type="button" data-do="template">{safe(texts.template)}</button></div>'
        f'<p class="hint">{safe(texts.form_hint)}</p>'
        f"{''.join(made.sections())}"
        '<div class="actions">'
        f'<button type="submit" class="primary" data-do="grade">{safe(texts.grade)}</button>'
        f'<button type="button" data-do="try" title="{safe(texts.try_hint)}">{safe(texts.try_)}</button>'
        f'<button type="button" data-do="reset">{safe(texts.reset)}</button></div></form>'
    )


def _ordered(rubrics: Iterable[Rubric]) -> list[Rubric]:
    return sorted(rubrics, key=lambda one: (one.id != FIRST_RULES, one.source != "published", one.id))


class _Form:
    """The sections of the form for one filling."""

    def __init__(self, filling: Filling, rules: Rules, texts: GradeTexts) -> None:
        self.filling, self.rules, self.texts = filling, rules, texts
        self.uses: dict[str, list[str]] = {}
        for rubric in rules.rubrics.values():
            for name in needed(rubric, rules):
                self.uses.setdefault(name, []).append(rubric.id)

    def sections(self) -> Iterator[str]:
        """Yield the sections: those of facts.yaml, then the questions of each rubric, then the excuses."""
        facts = self.rules.facts
        for section, label in self.rules.sections.items():
            ids = [one for one in facts.values() if one.section == section and one.id in self.uses]
            yield self._section(section, label, "".join(self._fields(ids)))
        for rubric in self.rules.rubrics.values():
            for block in rubric.blocks:
                own = [
                    answer_id(rubric.id, one.id) for one in rubric.indicators if one.block == block.id and not one.value
                ]
                body = "".join(self._answer(rubric, name) for name in own if name in facts)
                if body:
                    yield self._section(f"{rubric.id}-{block.id}", block.label, body)
        for rubric in self.rules.rubrics.values():
            body = "".join(
                self._input(f"excuse:{one.id}", one.label, "", self.filling.excuses.get(one.id, ""), rubric.id)
                for one in rubric.indicators
                if one.excusable
            )
            if body:
                hint = f'<p class="hint">{safe(self.texts.excuse_hint)}</p>'
                yield self._section(f"excuse-{rubric.id}", self.texts.excuse_section, hint + body)

    def _section(self, name: str, label: str, body: str) -> str:
        return (
            f'<details class="section" data-section="{safe(name)}"><summary><span>{safe(label)}</span>'
            f'<span class="filled" data-words="{safe(self.texts.filled)}"></span></summary>'
            f'<div class="fields">{body}</div></details>'
        )

    def _fields(self, definitions: Iterable[FactDefinition]) -> Iterator[str]:
        for one in definitions:
            if one.per is None:
                yield self._field(one.id, one, one.label, one.unit)
            else:
                yield self._members(one, self.rules.families[one.per])

    def _members(self, definition: FactDefinition, family: Family) -> str:
        fields = "".join(
            self._field(f"{definition.id}/{member}", definition, kind.label, _unit(definition, kind.unit), help_="")
            for member, kind in family.members.items()
        )
        words = safe(definition.help or self.texts.members_hint)
        return (
            f'<details class="members" data-for="{self._for(definition.id)}"><summary>{safe(definition.label)}'
            f'（{safe(family.label)}）<span class="filled" data-words="{safe(self.texts.filled)}"></span></summary>'
            f'<p class="hint">{words}</p><div class="grid">{fields}</div></details>'
        )

    def _for(self, name: str) -> str:
        return safe(" ".join(self.uses.get(name, ())))

    def _field(self, key: str, one: FactDefinition, label: str, unit: str, *, help_: str | None = None) -> str:
        entry = self.filling.facts.get(key, Entry(""))
        about = one.help if help_ is None else help_
        example = self.texts.example.format(example=one.example) if one.example else ""
        options: tuple[tuple[str, str], ...] = ()
        if one.kind in ("yes_no", "declaration"):
            options = tuple((word, word) for word in (self.texts.yes, self.texts.no))
        elif one.kind == "choice":
            options = tuple((word, word) for word in one.options)
        shown = "" if options or unit == "1" else unit
        if unit == "1" and not options:
            example = self.texts.share_hint
        body = self._input(key, label, shown, entry.text, *self.uses.get(one.id, ()), options=options, hint=example)
        if one.needs_source or entry.source:
            source = self._bare(f"source:{key}", entry.source, self.texts.source_hint)
            body = body.removesuffix("</div>") + source + "</div>"
        holder = f"{self.texts.next_holder.format(holder=one.holder)}" if one.holder and help_ is None else ""
        words = self.texts.semicolon.join(part for part in (about, holder) if part)
        return body.removesuffix("</div>") + (f"<p>{safe(words)}</p>" if words else "") + "</div>"

    def _answer(self, rubric: Rubric, name: str) -> str:
        """Return the field of an indicator that asks for itself: its levels to choose from, or a figure."""
        one = rubric.indicator(name.partition("/")[2])
        definition = self.rules.facts[name]
        if one.test != "scale":
            return self._field(name, definition, one.label, definition.unit)
        options = tuple((str(i), f"{i} 级：{level.see}") for i, level in enumerate(one.levels))
        text = self.filling.facts.get(name, Entry("")).text.removesuffix("级").strip()
        asks = "；".join(f"{i} 级：{level.ask}" for i, level in enumerate(one.levels) if level.ask)
        body = self._input(name, one.label, "", text, rubric.id, options=options)
        return (
            body.removesuffix("</div>")
            + (f'<p title="{safe(asks)}">{safe(one.holder)}</p>' if one.holder else "")
            + "</div>"
        )

    def _input(
        self,
        key: str,
        label: str,
        unit: str,
        text: str,
        *uses: str,
        options: Iterable[tuple[str, str]] = (),
        hint: str = "",
    ) -> str:
        """Return a labelled box, or a list to choose from where there are options."""
        identity = safe(f"f-{key}")
        measured = f" <small>{safe(unit)}</small>" if unit else ""
        choices = list(options)
        if choices:
            given = "".join(
                f'<option value="{safe(value)}"{" selected" if value == text else ""}>{safe(word)}</option>'
                for value, word in choices
            )
            none = f'<option value="">{safe(self.texts.empty_choice)}</option>'
            box = f'<select id="{identity}" name="{safe(key)}">{none}{given}</select>'
        else:
            words = f'placeholder="{safe(hint)}" value="{safe(text)}"'
            box = f'<input id="{identity}" name="{safe(key)}" maxlength="300" {words}>'
        name = f'<label for="{identity}">{safe(label)}{measured}</label>'
        return f'<div class="field" data-for="{safe(" ".join(uses))}">{name}{box}</div>'

    def _bare(self, key: str, text: str, hint: str) -> str:
        words = f'placeholder="{safe(hint)}" aria-label="{safe(hint)}"'
        return f'<input class="source" name="{safe(key)}" maxlength="300" {words} value="{safe(text)}">'


def _unit(definition: FactDefinition, unit: str) -> str:
    return definition.unit.replace("{unit}", unit)
