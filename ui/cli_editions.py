"""What the command says of a new edition and the rules, and `advisor limits`: each text's limit for one indicator."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ui.output import iso_day, print_json, region

if TYPE_CHECKING:
    from corpus.editions import Comparison
    from corpus.library import Library
    from corpus.model import Document
    from ui.settings import Settings

Record = Mapping[str, Any]


@cache
def _texts() -> Mapping[str, str]:
    from ruamel.yaml import YAML

    text = (files("ui") / "editions.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, str]", cast(Any, YAML(typ="safe")).load(text))


# A new edition and the rules ----------------------------------------------------------------------------------------


def add_edition_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `advisor library compare` that concern the rules."""
    parser.add_argument("--park", type=Path, metavar="文件", help="填好的园区数据：看它按新版限值会怎样")
    parser.add_argument(
        "--rules", default="national-2025", metavar="规则集", help="--park 按哪套规则，默认 national-2025"
    )


def rules_record(
    made: Comparison, old: Document, library: Library, options: argparse.Namespace, settings: Settings
) -> dict[str, Any]:
    """Return which rules refer to changed clauses and, with a park, what its assessment would become.

    Raises:
        ScoringError: the park's file or the rules cannot be used.
    """
    from assistant.edition_records import concern_records, impact_record
    from assistant.editions import concerns, impact, same_text
    from ui.grading import read_park_file, rubric_in_use, rules_in_use

    rules = rules_in_use(settings)
    found = concerns(made, rules, same_text(old, library))
    record: dict[str, Any] = {"concerned": concern_records(found)}
    if options.park is not None:
        rubric = rubric_in_use(rules, options.rules)
        record["impact"] = impact_record(
            impact(read_park_file(options.park, rules).data(), rubric, rules, found), rules
        )
    return record


def rules_lines(record: Record) -> Iterator[str]:
    """Yield what `rules_record` found, to be read by people."""
    say = _texts()
    concerned = cast("list[Record]", record["concerned"])
    yield say["rules_head"] if concerned else say["rules_none"]
    for one in concerned:
        yield say["rule"].format(**{**one, "kinds": "、".join(one["kinds"]), "clauses": "、".join(one["clauses"])})
    if "impact" in record:
        yield from _impact_lines(record["impact"])


def _impact_lines(record: Record) -> Iterator[str]:
    say = _texts()
    yield say["impact_head"].format(**record)
    for one in record["applied"]:
        yield say["applied_scope" if one["scope"] else "applied"].format(**one)
    if record["left"]:
        yield say["left"].format(labels="、".join(record["left"]))
    yield say["outcome"].format(**record["outcome"])
    if record["level"]["before"]:
        yield say["level"].format(**record["level"])
    for one in record["moved"]:
        yield say["moved"].format(**one)
    if not record["moved"]:
        yield say["moved_none"]


def review_records(library: Library, settings: Settings) -> list[Record]:
    """Return the indicators that await review because their clauses are not what they were."""
    from dataclasses import asdict

    from assistant.rule_clauses import awaiting_review
    from ui.grading import rules_in_use

    rules = rules_in_use(settings)
    return [{**asdict(one), "title": rules.rubric(one.rules).title} for one in awaiting_review(library, rules)]


def review_lines(records: list[Record]) -> Iterator[str]:
    """Yield what awaits review, to be read by people."""
    say = _texts()
    for one in records:
        yield say[f"review_{one['why']}"].format(**one)


# Each text's limit --------------------------------------------------------------------------------------------------


def add_limits(commands: Any) -> None:
    """Add `advisor limits` to the parser of `advisor`."""
    limits: argparse.ArgumentParser = commands.add_parser(
        "limits", help="同一指标在各份文件里的限值，哪一个适用于本园区"
    )
    limits.add_argument("indicator", metavar="指标", help="例如 单位能耗碳排放")
    limits.add_argument("--region", default="", type=region, metavar="地区", help="园区所在地，例如 江苏 或 江苏/无锡")
    limits.add_argument("--energy", default="", metavar="用能", help="年综合能源消费量，例如 35万tce")
    limits.add_argument("--level", default="", metavar="级别", help="申报哪一级：国家级、省级、市级、团体标准")
    limits.add_argument("--on", default=None, type=iso_day, metavar="日期", help="按这一天有效的文件，例如 2024-06-30")
    limits.add_argument("--json", action="store_true", help="以 JSON 输出")
    limits.set_defaults(run=_limits)


def _limits(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.conflicts import Applicant, limits_of, table_record, words
    from corpus.library import read_library
    from ui.start import tell, with_own_documents

    tiers = {name: tier for tier, name in words()["tiers"].items()}
    if options.level and options.level not in tiers:
        tell(_texts()["unknown_level"].format(known="、".join(tiers), level=options.level))
        return 2
    park = Applicant(options.region, _energy(options.energy), tiers.get(options.level))
    library = with_own_documents(read_library(), settings)
    record = table_record(limits_of(options.indicator, library, park, on=options.on or ""))
    if options.json:
        print_json(record)
        return 0
    for line in limits_lines(record):
        print(line)
    return 0


def _energy(text: str) -> Decimal | None:
    from scoring.units import read_quantity

    return read_quantity(text, "tce") if text else None


def limits_lines(record: Record) -> Iterator[str]:
    """Yield the table of limits, to be read by people."""
    say = _texts()
    rows = cast("list[Record]", record["rows"])
    yield say["limits_head" if rows else "limits_none"].format(indicator=record["indicator"])
    if record["conflict"]:
        yield say["limits_differ"]
    for row in rows:
        since = say["since"].format(day=row["since"]) if row["since"] else ""
        yield say["limit_row"].format(**{**row, "since": since})
        yield say["limit_why"].format(why=row["why"])
