"""The commands for rule sets: `advisor rules list | show | check | template | import`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.errors import PageError
from ui.output import print_json

if TYPE_CHECKING:
    from scoring.model import Rubric, Rules
    from ui.settings import Settings


def add_rules(commands: Any) -> None:
    """Add the commands for rule sets to the parser of `advisor`."""
    rules = commands.add_parser("rules", help="评分规则：list、show、check、template、import")
    actions = rules.add_subparsers(required=True, metavar="动作")
    listing = actions.add_parser("list", help="列出全部规则")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出")
    listing.set_defaults(run=_list)
    show = actions.add_parser("show", help="显示一套规则的指标、限值、等级和出处")
    show.add_argument("id", help="规则编号，见 rules list")
    show.add_argument("--json", action="store_true", help="以 JSON 输出")
    show.set_defaults(run=_show)
    check = actions.add_parser("check", help="检查一个规则文件，列出全部毛病和行号")
    check.add_argument("file", type=Path, help="规则文件 .yaml")
    check.set_defaults(run=_check)
    template = actions.add_parser("template", help="把一套规则写成 Excel，供手里有标准原文的人改")
    template.add_argument("id", help="规则编号，例如 ceca-0344-2025")
    template.add_argument("output", type=Path, help="写到这个 .xlsx 文件")
    template.set_defaults(run=_template)
    take_in = actions.add_parser("import", help="读回改好的 Excel（或 .yaml），今后用它代替内置的")
    take_in.add_argument("file", type=Path, help="改好的 .xlsx 或 .yaml")
    take_in.set_defaults(run=_import)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from ui.grading import rules_in_use

    rubrics = sorted(rules_in_use(settings).rubrics.values(), key=lambda one: one.id)
    if options.json:
        print_json([_head(one) for one in rubrics])
        return 0
    for one in rubrics:
        print(f"{one.id}\t{one.region}\t{_source(one)}\t{len(one.indicators)}项\t{one.title}（{one.edition}）")
    return 0


def _source(rubric: Rubric) -> str:
    from ui.texts import read_texts

    return read_texts().command.own if rubric.source == "user" else rubric.status


def _head(rubric: Rubric) -> dict[str, object]:
    return {
        "id": rubric.id,
        "title": rubric.title,
        "edition": rubric.edition,
        "status": rubric.status,
        "region": rubric.region,
        "source": rubric.source,
        "notice": rubric.notice,
        "indicators": len(rubric.indicators),
    }


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from ui.grading import rubric_in_use, rules_in_use

    rules = rules_in_use(settings)
    rubric = rubric_in_use(rules, options.id)
    if options.json:
        import json

        print_json(json.loads(rubric.model_dump_json(by_alias=True)))
        return 0
    _print_rubric(rubric, rules)
    return 0


def _print_rubric(rubric: Rubric, rules: Rules) -> None:
    from scoring.wording import shown
    from ui.texts import read_texts

    texts = read_texts()
    print(f"{rubric.title}（{rubric.edition}，{_source(rubric)}，{rubric.region}）")
    if rubric.notice:
        print(rubric.notice)
    for block in rubric.blocks:
        print(f"\n{block.label}")
        for one in (one for one in rubric.indicators if one.block == block.id):
            weight = "" if one.weight is None else f"\t{one.weight}"
            print(f"- {one.label}（{one.id}）\t{texts.grade.roles[one.role]}{weight}\t{one.reference.clause}")
            for case in one.limits:
                print(f"  {texts.command.limit} {shown(case.value, one.unit, rules)} {case.label}".rstrip())
            for i, level in enumerate(one.levels):
                print(texts.command.level.format(i=i, see=level.see))
    if rubric.grades:
        print(f"\n{texts.command.grades}")
        for grade in rubric.grades:
            print(f"- {grade.label}（{grade.id}）")


def _check(options: argparse.Namespace, _settings: Settings) -> int:
    from scoring.load import check_rules
    from ui.texts import read_texts

    texts = read_texts().command
    faults = check_rules(options.file)
    for fault in faults:
        print(fault)
    if faults:
        print(texts.rules_faults.format(file=options.file, count=len(faults)))
        return 1
    print(texts.rules_sound.format(file=options.file))
    return 0


def _template(options: argparse.Namespace, settings: Settings) -> int:
    from scoring.rubric_sheet import write_rubric_template
    from ui.grading import rubric_in_use, rules_in_use
    from ui.start import tell
    from ui.texts import read_texts

    texts = read_texts().command
    rubric = rubric_in_use(rules_in_use(settings), options.id)
    if options.output.suffix.lower() != ".xlsx":
        raise PageError(texts.not_xlsx.format(file=options.output))
    if options.output.exists():
        raise PageError(texts.exists.format(file=options.output))
    write_rubric_template(options.output, rubric)
    tell(texts.written.format(file=options.output))
    return 0


def _import(options: argparse.Namespace, settings: Settings) -> int:
    from scoring.cells import Given
    from scoring.load import load_rules, read_rubric, rule_text
    from scoring.rubric_sheet import read_rubric_sheet, refuse_unchanged
    from ui.grading import own_rules_folder
    from ui.texts import read_texts

    rules = load_rules()
    if options.file.suffix.lower() in (".yaml", ".yml"):
        text = rule_text(options.file)
        rubric = read_rubric(options.file.name, text, rules)
        if rubric.source != "user":
            raise PageError(read_texts().command.not_the_users.format(file=options.file, source=rubric.source))
    else:
        rubric, text = read_rubric_sheet(Given.of(options.file), rules)
    refuse_unchanged(rubric, rules, file=options.file.name)
    folder = own_rules_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{rubric.id}.yaml"
    kept.write_text(text, encoding="utf-8")
    print(read_texts().command.imported.format(file=kept, rules=rubric.id))
    return 0
