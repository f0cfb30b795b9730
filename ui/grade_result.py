"""The result side of 算分: what was found, what a trial moved, the way to the next level; as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.rule_clauses import clause_of
from scoring.errors import Fault
from scoring.model import Assessment, Result, Rubric, Rules
from scoring.routes import Improvement, Route, moved
from scoring.wording import label_of, limit_text, shown, span
from ui import grade_html as part
from ui.findings import Figure, File, Findings, findings, score
from ui.grade_texts import GradeTexts
from ui.render import safe
from ui.report import KINDS

_SHOWN_FAULTS = 8


@dataclass(frozen=True, slots=True)
class Graded:
    """One visitor's last result: what it was made from, the values to check, the trial, the way up."""

    assessment: Assessment
    inputs: tuple[File, ...] = ()
    questions: tuple[str, ...] = ()
    trial: Assessment | None = None
    way: Route | str | None = None


def result(graded: Graded | None, rules: Rules, texts: GradeTexts) -> str:
    """Return the result as HTML; before the first one, what to do."""
    if graded is None:
        return f'<div class="start"><h2>{safe(texts.start)}</h2><p>{safe(texts.start_more)}</p></div>'
    found = findings(graded.assessment, rules, texts, inputs=graded.inputs)
    return (
        '<div class="graded">'
        + _moved(graded, rules, texts)
        + part.head(found, texts)
        + _asked(graded.questions, texts)
        + part.next_step(found.next_datum, texts, jump=True)
        + _warned(found, texts)
        + _tools(graded, texts)
        + _way(graded.way, graded.assessment.rubric, rules, texts)
        + part.charts(found, texts)
        + _chapters(found, _opens(graded.assessment), texts)
        + "</div>"
    )


def _opens(assessment: Assessment) -> dict[str, str]:
    found = {one.indicator.id: clause_of(one, assessment.rubric.id) for one in assessment.results}
    return {indicator: passage for indicator, passage in found.items() if passage}


def _chapters(found: Findings, opens: Mapping[str, str], texts: GradeTexts) -> str:
    chapters = [
        (texts.details_indicators, part.indicators(found.lines, texts, opens), True),
        (texts.details_missing.format(count=len(found.lacks)), part.missing(found.lacks, texts), False),
        (texts.details_besides, part.figures(found.besides, texts) if found.besides else "", False),
        (texts.details_trace, part.workings(found.workings, texts), False),
        (texts.details_sources, part.sources(found, texts), False),
        (texts.details_files, part.edition(found, texts), False),
    ]
    return "".join(
        f'<details class="chapter"{" open" if opened else ""}><summary>{safe(name)}</summary>{body}</details>'
        for name, body, opened in chapters
        if body
    )


def _warned(found: Findings, texts: GradeTexts) -> str:
    if not found.warnings and not any(line.edges for line in found.lines):
        return ""
    return f'<section class="warned"><h3>{safe(texts.heading_warnings)}</h3>{part.warnings(found, texts)}</section>'


def _asked(questions: Sequence[str], texts: GradeTexts) -> str:
    if not questions:
        return ""
    items = "".join(f"<li>{safe(one)}</li>" for one in questions)
    return f'<section class="warned asked-back"><h3>{safe(texts.asked_title)}</h3><ul>{items}</ul></section>'


def _tools(graded: Graded, texts: GradeTexts) -> str:
    kinds = "".join(
        f'<button type="button" data-do="report" data-kind="{kind}">{safe(texts.download_kinds[kind])}</button>'
        for kind in (*KINDS, "json")
    )
    route = (
        f'<button type="button" data-do="route">{safe(texts.route)}</button>' if graded.assessment.rubric.grades else ""
    )
    return f'<div class="after-result"><span>{safe(texts.download)}</span>{kinds}{route}</div>'


def remark(faults: Sequence[Fault], rules: Rules, texts: GradeTexts) -> str:
    """Return what is wrong with the input, each with the way to its field; one fault is one sentence."""
    if not faults:
        return ""
    if len(faults) == 1:
        return f'<p class="notice" role="alert">{_fault(faults[0], rules, texts)}</p>'
    items = "".join(f"<li>{_fault(one, rules, texts)}</li>" for one in faults[:_SHOWN_FAULTS])
    if len(faults) > _SHOWN_FAULTS:
        items += f"<li>{safe(texts.faults_more.format(count=len(faults) - _SHOWN_FAULTS))}</li>"
    title = texts.faults.format(count=len(faults))
    return f'<div class="notice" role="alert"><p>{safe(title)}</p><ul>{items}</ul></div>'


def _fault(fault: Fault, rules: Rules, texts: GradeTexts) -> str:
    base = fault.where if fault.where in rules.facts else fault.where.partition("/")[0]
    if base not in rules.facts:
        return safe(str(fault))
    label = label_of(fault.where, rules)
    button = f' <button type="button" data-do="jump" data-field="{safe(fault.where)}">{safe(texts.remark_fix)}</button>'
    what = fault.what if label in fault.what else f"{label}：{fault.what}"
    return safe(what) + button


# The trial -----------------------------------------------------------------------------------------------------------


def _moved(graded: Graded, rules: Rules, texts: GradeTexts) -> str:
    after, before = graded.trial, graded.assessment
    if after is None:
        return ""
    pairs = moved(before, after)
    rows = [_pair(old, new, rules, texts) for old, new in pairs]
    told = {new.step.name for _, new in pairs if new.step is not None}
    for key, step in after.totals.items():
        old = before.totals.get(key)
        if old is not None and old.value != step.value and step.name not in told:
            rows.append(
                _row(step.label, span(old.value, old.unit, rules), span(step.value, step.unit, rules), "", texts)
            )
    if (before.low, before.high) != (after.low, after.high):
        rows.append(_row(texts.moved_score, score(before, texts), score(after, texts), "", texts))
    was, now = (findings_level(one, texts) for one in (before, after))
    if was != now:
        rows.insert(0, _row(texts.column_verdict, was, now, "", texts))
    body = "".join(rows) or f"<li>{safe(texts.moved_none)}</li>"
    return f'<section class="moved"><h3>{safe(texts.moved_title)}</h3><ul>{body}</ul></section>'


def findings_level(assessment: Assessment, texts: GradeTexts) -> str:
    """Return the verdict and the level of an assessment in words."""
    word = texts.outcomes[assessment.verdict]
    if assessment.grades is None:
        return word
    low, high = assessment.grades
    level = low.label if low.id == high.id else texts.level_span.format(low=low.label, high=high.label)
    return f"{word}：{level}"


def _pair(old: Result, new: Result, rules: Rules, texts: GradeTexts) -> str:
    one = new.indicator
    values = [
        "" if r.step is None else span(r.step.value, r.step.unit if one.test == "scale" else one.unit, rules)
        for r in (old, new)
    ]
    chips = ""
    if old.verdict != new.verdict:
        chips = (
            f"{part.verdict_chip(old.verdict, texts.verdicts[old.verdict])} → "
            f"{part.verdict_chip(new.verdict, texts.verdicts[new.verdict])}"
        )
    else:
        chips = part.verdict_chip(new.verdict, texts.verdicts[new.verdict])
    return _row(one.label, values[0], values[1], chips, texts)


def _row(label: str, before: str, after: str, chips: str, texts: GradeTexts) -> str:
    change = texts.moved_row.format(before=before, after=after)
    return f"<li><b>{safe(label)}</b> <span>{safe(change)}</span> {chips}</li>"


# The way up ----------------------------------------------------------------------------------------------------------


def _way(way: Route | str | None, rubric: Rubric, rules: Rules, texts: GradeTexts) -> str:
    if way is None:
        return ""
    if isinstance(way, str):
        return f'<section class="way"><p>{safe(way)}</p></section>'
    title = texts.route_title.format(start=way.start.label, goal=way.goal.label, count=len(way.improvements))
    items = "".join(
        f"<li><b>{safe(one.label)}</b> {safe(improvement_text(one, rubric, rules, texts))}</li>"
        for one in way.improvements
    )
    return f'<section class="way"><h3>{safe(title)}</h3><ol>{items}</ol></section>'


def improvement_text(one: Improvement, rubric: Rubric, rules: Rules, texts: GradeTexts) -> str:
    """Return what one indicator has to be brought to."""
    home = rubric.indicator(one.indicator)
    if one.level is not None:
        return texts.route_level.format(level=one.level, see=home.levels[one.level].see)
    if one.case is None:
        return texts.route_yes
    words = texts.route_limit.format(limit=limit_text(home, (one.case,), rules))
    if one.gap:
        words += f"，{texts.route_gap.format(gap=shown(one.gap, home.unit, rules))}"
    return words


__all__ = ["Figure", "Graded", "improvement_text", "remark", "result"]
