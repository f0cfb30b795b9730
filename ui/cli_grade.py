"""The commands that grade parks: `advisor template`, `grade`, `what-if`, `route`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.errors import PageError

if TYPE_CHECKING:
    from scoring.checks import Taken
    from scoring.model import Assessment, Result, Rules
    from ui.settings import Settings

DEFAULT_RULES = "national-2025"


def add_grading(commands: Any) -> None:
    """Add the grading commands to the parser of `advisor`."""
    template = commands.add_parser("template", help="写出 Excel 填报模板")
    template.add_argument("output", type=Path, help="写到这个 .xlsx 文件")
    template.add_argument("--rules", default="", help="加上这套规则自己要问的项，例如 ceca-0344-2025")
    template.add_argument("--example", action="store_true", help="填好示例园区的数，可以直接拿来评分")
    template.add_argument("--many", action="store_true", help="一行一个园区的表")
    template.set_defaults(run=_template)

    grade = commands.add_parser("grade", help="按一套规则给园区评分")
    grade.add_argument("file", type=Path, nargs="?", help="填好的 .xlsx、.csv、.json 或 .yaml")
    grade.add_argument("--many", type=Path, metavar="文件夹或表", help="一批园区：一个文件夹，或一行一个园区的表")
    grade.add_argument("--against", type=Path, metavar="文件", help="与这个文件（例如上一年）比较")
    grade.add_argument("--report", type=Path, metavar="文件", help="报告写到这里：.docx、.xlsx 或 .html")
    grade.add_argument("--output", type=Path, metavar="文件", help="与 --many 一起用，明细写到 .csv 或 .xlsx")
    _common(grade)
    grade.set_defaults(run=_grade)

    what_if = commands.add_parser("what-if", help="改几个数，看结论怎样变")
    what_if.add_argument("file", type=Path, help="填好的文件")
    what_if.add_argument(
        "--set", action="append", default=[], required=True, metavar="编号=数", help="要改的数，可重复"
    )
    _common(what_if)
    what_if.set_defaults(run=_what_if)

    route = commands.add_parser("route", help="到下一级最少要改进哪些，或怎样改进最省")
    route.add_argument("file", type=Path, help="填好的文件")
    route.add_argument("--goal", default=None, metavar="等级", help="目标等级的编号；不写就是下一级")
    route.add_argument(
        "--cost", action="append", default=[], metavar="指标=数", help="各指标的成本，可重复；按成本最省"
    )
    _common(route)
    route.set_defaults(run=_route)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rules", default=DEFAULT_RULES, help=f"规则编号，见 advisor rules list；默认 {DEFAULT_RULES}")
    parser.add_argument("--year", type=int, default=None, help="核算年度，表里没有写时用")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def _template(options: argparse.Namespace, settings: Settings) -> int:
    from scoring.template import write_template, write_wide_template
    from ui.grading import rubric_in_use, rules_in_use
    from ui.start import tell
    from ui.texts import read_texts

    texts = read_texts().command
    if options.output.suffix.lower() != ".xlsx":
        raise PageError(texts.not_xlsx.format(file=options.output))
    if options.output.exists():
        raise PageError(texts.exists.format(file=options.output))
    rules = rules_in_use(settings)
    if options.rules:
        rubric_in_use(rules, options.rules)
    if options.many:
        write_wide_template(options.output, rules, rubric=options.rules)
    else:
        write_template(options.output, rules, rubric=options.rules, filled=options.example)
    tell(texts.written.format(file=options.output))
    return 0


# One park ------------------------------------------------------------------------------------------------------------


def _grade(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.rule_clauses import reviewed
    from ui.grading import graded, own_reviews, read_park_file, rubric_in_use, rules_in_use
    from ui.texts import read_texts

    if (options.file is None) == (options.many is None):
        raise PageError(read_texts().command.one_source)
    if options.report is not None:
        _check_kind(options.report)
    rules = rules_in_use(settings)
    rubric = rubric_in_use(rules, options.rules)
    if options.many is not None:
        from ui.cli_fleet import grade_many

        return grade_many(options, rubric, rules)
    taken = read_park_file(options.file, rules, options.year)
    assessment = reviewed(graded(taken, rubric, rules), own_reviews(settings, rules))
    before = read_park_file(options.against, rules, options.year) if options.against else None
    old = graded(before, rubric, rules) if before is not None else None
    if options.json:
        _print_json(assessment, rules, old)
    else:
        _print(assessment, taken, rules)
        if old is not None and before is not None:
            _print_against(old, assessment, before, taken, rules)
    if options.report is not None:
        _report(assessment, rules, options)
    return 0


def _print_json(assessment: Assessment, rules: Rules, old: Assessment | None = None) -> None:
    from scoring.write import as_data, json_text

    data = dict(as_data(assessment, rules))
    if old is not None:
        data["against"] = as_data(old, rules, trace=False)
    print(json_text(data))


def _print(assessment: Assessment, taken: Taken, rules: Rules) -> None:
    from dataclasses import replace

    from scoring.wording import label_of, names_of
    from scoring.write import to_text
    from ui.texts import read_texts

    texts = read_texts().command
    asked = taken.questions
    print(to_text(replace(assessment, warnings=assessment.warnings[len(asked) :]), rules))
    if asked:
        print(texts.questions.format(count=len(asked)))
        for question in asked:
            print(f"  {question}")
    if assessment.missing:
        print(texts.missing.format(count=len(assessment.missing), labels=names_of(assessment.missing, rules)))
    if assessment.next_datum is not None:
        definition = rules.facts.get(assessment.next_datum) or rules.facts[assessment.next_datum.partition("/")[0]]
        print(texts.next_datum.format(label=label_of(assessment.next_datum, rules), holder=definition.holder))


def _print_against(old: Assessment, new: Assessment, before: Taken, after: Taken, rules: Rules) -> None:
    from scoring.checks import year_on_year
    from scoring.routes import moved
    from ui.start import tell
    from ui.texts import read_texts

    texts = read_texts().command
    if before.name != after.name:
        tell(texts.same_park.format(before=before.name, after=after.name))
    print(texts.against_title.format(year=old.park.year))
    _print_moved(moved(old, new), rules)
    questions = year_on_year(before.data(), after.data(), rules)
    if questions:
        print(texts.questions.format(count=len(questions)))
        for question in questions:
            print(f"  {question}")


def _print_moved(pairs: Sequence[tuple[Result, Result]], rules: Rules) -> None:
    from ui.texts import read_texts

    texts = read_texts().command
    for left, right in pairs:
        print(texts.moved.format(label=right.indicator.label, before=_state(left, rules), after=_state(right, rules)))
    if not pairs:
        print(texts.against_none)


def _state(result: Result, rules: Rules) -> str:
    from scoring.wording import span
    from ui.texts import read_texts

    texts = read_texts()
    value = "" if result.step is None else span(result.step.value, result.indicator.unit, rules).strip()
    return texts.command.moved_verdict.format(verdict=texts.grade.verdicts[result.verdict], value=value)


def _check_kind(path: Path) -> None:
    """Refuse a report of a kind that there is not, before anything is graded."""
    from ui.report import KINDS
    from ui.texts import read_texts

    if path.suffix.removeprefix(".").lower() not in KINDS:
        raise PageError(read_texts().grade.bad_report_kind.format(file=path.name))


def _report(assessment: Assessment, rules: Rules, options: argparse.Namespace) -> None:
    from datetime import date

    from ui.findings import File
    from ui.grading import file_hash
    from ui.report import write_report
    from ui.start import tell
    from ui.texts import read_texts

    inputs = [File(one.name, file_hash(one)) for one in (options.file, options.against) if one is not None]
    write_report(assessment, rules, options.report, on=date.today().isoformat(), inputs=inputs)
    tell(read_texts().command.report_written.format(file=options.report))


def _what_if(options: argparse.Namespace, settings: Settings) -> int:
    from scoring.routes import moved, what_if
    from ui.grading import graded, read_park_file, rubric_in_use, rules_in_use

    rules = rules_in_use(settings)
    rubric = rubric_in_use(rules, options.rules)
    taken = read_park_file(options.file, rules, options.year)
    before = graded(taken, rubric, rules)
    park = what_if(taken.data(), _changes(options.set, rules), rules)
    from scoring.assess import assess

    after = assess(park, rubric, rules)
    if options.json:
        _print_json(after, rules, before)
    else:
        from scoring.write import to_text

        print(to_text(after, rules))
        _print_moved(moved(before, after), rules)
    return 0


def _changes(given: Sequence[str], rules: Rules) -> dict[str, Any]:
    """Return what --set asks for: an id or a Chinese label, and the figure with its unit; None takes it away."""
    from scoring.headings import Names
    from scoring.park import Entry
    from ui.texts import read_texts

    texts, names = read_texts().command, Names(rules)
    found: dict[str, Entry | None] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise PageError(texts.set_form.format(text=text))
        key = names.fact(name)
        if key is None:
            raise PageError(texts.unknown_fact.format(text=name, near=names.near(name)))
        found[key] = Entry(value.strip(), source="--set", place=text) if value.strip() else None
    return found


def _route(options: argparse.Namespace, settings: Settings) -> int:
    from scoring.routes import route
    from scoring.wording import shown
    from ui.grading import read_park_file, rubric_in_use, rules_in_use
    from ui.output import print_json
    from ui.texts import read_texts

    rules = rules_in_use(settings)
    rubric = rubric_in_use(rules, options.rules)
    park = read_park_file(options.file, rules, options.year).data()
    found = route(park, rubric, rules, goal=options.goal, costs=_costs(options.cost) or None)
    if options.json:
        print_json(_route_data(found))
        return 0
    texts = read_texts().command
    print(texts.route_title.format(start=found.start.label, goal=found.goal.label, count=len(found.improvements)))
    for one in found.improvements:
        if one.level is not None:
            print(texts.route_level.format(label=one.label, level=one.level))
        elif one.case is not None and one.gap is not None:
            unit = rubric.indicator(one.indicator).unit
            limit, gap = (shown(value, unit, rules) for value in (one.case.value, one.gap))
            print(texts.route_limit.format(label=one.label, limit=limit, gap=gap))
        else:
            print(texts.route_yes.format(label=one.label))
    if options.cost:
        print(texts.route_cost.format(cost=f"{found.cost:f}"))
    return 0


def _costs(given: Sequence[str]) -> Mapping[str, Decimal]:
    from ui.texts import read_texts

    found: dict[str, Decimal] = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = Decimal(number.strip())
        except InvalidOperation:
            raise PageError(read_texts().command.cost_form.format(text=text)) from None
        if not found[name.strip()].is_finite():
            raise PageError(read_texts().command.cost_form.format(text=text))
    return found


def _route_data(found: Any) -> dict[str, object]:
    return {
        "start": {"id": found.start.id, "label": found.start.label},
        "goal": {"id": found.goal.id, "label": found.goal.label},
        "cost": f"{found.cost:f}",
        "improvements": [
            {
                "indicator": one.indicator,
                "label": one.label,
                "level": one.level,
                "limit": None if one.case is None else f"{one.case.value:f}",
                "gap": None if one.gap is None else f"{one.gap:f}",
                "cost": f"{one.cost:f}",
            }
            for one in found.improvements
        ],
    }
