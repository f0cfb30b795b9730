"""An assessment as the words and rows that a reader sees; page, DOCX, XLSX and HTML all show these and add nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from scoring.model import Assessment, Reference, Result, Rules, Step, Verdict
from scoring.wording import label_of, leaves, limit_text, span
from scoring.write import figure
from ui.charts import Gap, Spoke, Waterfall, gaps, radar, waterfall
from ui.grade_texts import GradeTexts
from ui.workings import Working, clean, every_step, place_of, roots_of, workings_of

_RULE_FILES = ("facts.yaml", "quantities.yaml", "bindings.yaml", "settings.yaml")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as it is shown."""

    id: str
    block: str
    role: str
    label: str
    verdict: Verdict
    word: str
    value: str
    limit: str
    points: str
    reason: str
    edges: tuple[str, ...]
    clause: str
    step: int


@dataclass(frozen=True, slots=True)
class Source:
    """One place in a document that the result rests on."""

    document: str
    clause: str
    confidence: str
    used: str


@dataclass(frozen=True, slots=True)
class Lack:
    """One figure not reported, who usually holds it, and the indicators that wait for it."""

    id: str
    label: str
    holder: str
    waiting: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that the result was made from, by its hash."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A total, or a figure shown beside the result."""

    label: str
    value: str
    exact: str
    note: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All that a reader sees of one assessment."""

    park: str
    year: int
    on: str
    title: str
    edition: str
    status: str
    notice: str
    verdict: Verdict
    word: str
    level: str
    score: str
    counts: tuple[tuple[Verdict, str, int], ...]
    lines: tuple[Line, ...]
    totals: tuple[Figure, ...]
    besides: tuple[Figure, ...]
    workings: tuple[Working, ...]
    sources: tuple[Source, ...]
    lacks: tuple[Lack, ...]
    next_datum: Lack | None
    warnings: tuple[str, ...]
    factor_sets: tuple[str, ...]
    files: tuple[File, ...]
    spokes: tuple[Spoke, ...]
    waterfall: Waterfall | None
    gaps: tuple[Gap, ...]


def findings(
    assessment: Assessment, rules: Rules, texts: GradeTexts, *, on: str = "", inputs: Sequence[File] = ()
) -> Findings:
    """Return what a reader sees of the assessment; `on` is the day of the report, `inputs` the files reported in."""
    rubric = assessment.rubric
    workings, numbers = workings_of(assessment, rules, texts)
    tables = _tables(assessment, rules)
    lacks = {one.id: one for one in _lacks(assessment, rules)}
    return Findings(
        park=clean(assessment.park.name),
        year=assessment.park.year,
        on=on,
        title=rubric.title,
        edition=rubric.edition,
        status=rubric.status,
        notice=rubric.notice,
        verdict=assessment.verdict,
        word=texts.outcomes[assessment.verdict],
        level=_level(assessment, texts),
        score=score(assessment, texts),
        counts=tuple((verdict, texts.verdicts[verdict], count) for verdict, count in assessment.counts.items()),
        lines=tuple(_line(one, assessment, rules, texts, numbers) for one in assessment.results),
        totals=tuple(_figure(step, "", rules) for step in assessment.totals.values()),
        besides=tuple(_figure(step, beside.note, rules) for beside, step in assessment.besides),
        workings=workings,
        sources=tuple(_sources(assessment, rules, texts)),
        lacks=tuple(lacks.values()),
        next_datum=lacks.get(assessment.next_datum or ""),
        warnings=tuple(clean(one) for one in assessment.warnings),
        factor_sets=tables,
        files=(*(File(clean(one.name), one.sha256) for one in inputs), *_rule_files(assessment, tables)),
        spokes=radar(assessment),
        waterfall=waterfall(assessment, rules),
        gaps=gaps(assessment, rules),
    )


def score(assessment: Assessment, texts: GradeTexts) -> str:
    """Return the points as one figure or as the span they lie in, of the full mark; nothing without points."""
    low, high, full = assessment.low, assessment.high, assessment.full
    if low is None or high is None or full is None:
        return ""
    if low == high:
        return texts.score_one.format(low=figure(low), full=figure(full))
    return texts.score_span.format(low=figure(low), high=figure(high), full=figure(full))


def _level(assessment: Assessment, texts: GradeTexts) -> str:
    if assessment.grades is None:
        return ""
    low, high = assessment.grades
    return low.label if low.id == high.id else texts.level_span.format(low=low.label, high=high.label)


def _line(one: Result, assessment: Assessment, rules: Rules, texts: GradeTexts, numbers: Mapping[str, int]) -> Line:
    indicator, step = one.indicator, one.step
    block = next((b.label for b in assessment.rubric.blocks if b.id == indicator.block), "")
    points = ""
    if indicator.weight is not None and one.verdict != "excused":
        span_of = figure(one.low) if one.low == one.high else f"{figure(one.low)}～{figure(one.high)}"
        points = f"{span_of} / {figure(one.full)}"
    limit = limit_text(indicator, one.limits, rules) if indicator.test in ("at_most", "at_least") else ""
    value = "" if step is None else _value(one, step, rules, texts)
    return Line(
        indicator.id,
        block,
        texts.roles[indicator.role],
        indicator.label,
        one.verdict,
        texts.verdicts[one.verdict],
        value,
        limit,
        points,
        clean(one.reason),
        tuple(flip.text for flip in one.flips),
        place_of(indicator.reference, rules, texts),
        0 if step is None else numbers.get(step.name, 0),
    )


def _value(one: Result, step: Step, rules: Rules, texts: GradeTexts) -> str:
    if one.indicator.test == "holds":
        return "" if one.missing else texts.yes if step.value == 1 else texts.no
    if one.levels is not None and one.indicator.value is None:
        low, high = one.levels
        return texts.maturity.format(level=low if low == high else f"{low}～{high}")
    return span(step.value, one.indicator.unit if one.indicator.test != "scale" else step.unit, rules)


def _figure(step: Step, note: str, rules: Rules) -> Figure:
    exact = "" if step.missing or isinstance(step.value, str) else f"{figure(step.value)}"
    return Figure(step.label, span(step.value, step.unit, rules), exact, note)


# Sources, what is missing, files -------------------------------------------------------------------------------------


def _sources(assessment: Assessment, rules: Rules, texts: GradeTexts) -> Iterator[Source]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for reference, used in _references(assessment):
        if reference.source == "project":
            key = (texts.own_value, "", "")
        else:
            title = reference.title or rules.titles.get(reference.document, reference.document)
            confidence = reference.confidence or (texts.by_reporter if reference.source == "user" else "")
            key = (clean(title) or texts.by_reporter, clean(reference.clause), confidence)
        labels = found.setdefault(key, [])
        if used not in labels:
            labels.append(used)
    for (document, clause, confidence), labels in found.items():
        yield Source(document, clause, confidence, texts.joint.join(labels))


def _references(assessment: Assessment) -> Iterator[tuple[Reference, str]]:
    yield assessment.rubric.reference, assessment.rubric.title
    for result in assessment.results:
        yield result.indicator.reference, result.indicator.label
        for case in result.limits:
            yield case.reference, result.indicator.label
    for step in every_step(roots_of(assessment)):
        if step.reference is not None:
            yield step.reference, step.label


def _lacks(assessment: Assessment, rules: Rules) -> Iterator[Lack]:
    for name in assessment.missing:
        definition = rules.facts.get(name) or rules.facts.get(name.partition("/")[0])
        waiting = [one.indicator.label for one in assessment.results if name in one.missing]
        yield Lack(
            name, label_of(name, rules), definition.holder if definition else "", rules.phrases["joint"].join(waiting)
        )


def _tables(assessment: Assessment, rules: Rules) -> tuple[str, ...]:
    """Return the factor tables that published numbers of this result were taken from."""
    homes = {id(row.reference): table for table, rows in rules.parameters.items() for row in rows.values()}
    used = {homes[id(leaf.reference)] for leaf in leaves(roots_of(assessment)) if id(leaf.reference) in homes}
    return tuple(sorted(used))


def _rule_files(assessment: Assessment, tables: Sequence[str]) -> Iterator[File]:
    rubric = assessment.rubric
    home = files("scoring")
    names = [] if rubric.source == "user" else [f"rules/rubrics/{rubric.id}.yaml"]
    names += [f"rules/factors/{table}.csv" for table in tables]
    names += [f"rules/{name}" for name in _RULE_FILES]
    names += sorted(f"formulas/{one.name}" for one in home.joinpath("formulas").iterdir() if one.name.endswith(".py"))
    for name in names:
        path = home.joinpath(name)
        if path.is_file():
            yield File(f"scoring/{name}", sha256(path.read_bytes()).hexdigest())
