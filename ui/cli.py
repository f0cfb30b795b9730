"""The `advisor` command."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli_chat import add_chat
from ui.cli_editions import add_limits
from ui.cli_grade import add_grading
from ui.cli_library import add_library
from ui.cli_measure import add_measuring
from ui.cli_rules import add_rules
from ui.cli_train import add_training
from ui.output import iso_day, print_json, region

if TYPE_CHECKING:
    from assistant.answer import Answer
    from ui.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0 done, 1 a fault that the message explains, 2 wrong usage."""
    # langchain would send runs to a service if the user's environment asks for it; nothing leaves this machine.
    os.environ.update(LANGSMITH_TRACING="false", LANGCHAIN_TRACING_V2="false")
    options = _parser().parse_args(arguments)
    from pydantic import ValidationError

    from assistant.training.errors import TrainingError
    from corpus.errors import CorpusError
    from scoring.errors import ScoringError
    from ui.errors import PageError
    from ui.settings import Settings

    run: Callable[[argparse.Namespace, Settings], int] = options.run
    try:
        return run(options, Settings())
    except ValidationError as error:
        names = "、".join(f"ADVISOR_{'_'.join(str(p) for p in f['loc']).upper()}" for f in error.errors())
        print(f"错误：环境变量 {names} 的值不能用，请改正或去掉。", file=sys.stderr)
        return 2
    except ScoringError as error:
        from ui.grading import fault_lines

        print("\n".join(fault_lines(error)), file=sys.stderr)
        return 1
    except (CorpusError, PageError, TrainingError) as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, head for instance, has seen enough
        sys.stderr.close()
        return 1
    except OSError as error:
        why = "没有这个文件或文件夹" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        print(f"错误：{error.filename or ''} 读写失败（{why}）。请检查路径、磁盘空间和权限。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="advisor", description="零碳园区顾问：有据可查的政策问答")
    commands = parser.add_subparsers(required=True, metavar="命令")

    ask = commands.add_parser("ask", help="问一个问题，或用 --batch 问一批")
    ask.add_argument("question", nargs="?", help="问题")
    ask.add_argument("--region", default="", type=region, help="所在地区，例如 江苏")
    ask.add_argument("--on", default=None, type=iso_day, metavar="日期", help="按这一天有效的文件作答，例如 2024-06-30")
    ask.add_argument("--json", action="store_true", help="以 JSON 输出")
    ask.add_argument("--park", type=Path, metavar="文件", help="填好的园区数据，打分、缺什么、试算都按它回答")
    ask.add_argument("--batch", type=Path, metavar="文件", help="每行一个问题的文本文件")
    ask.add_argument("--output", type=Path, metavar="文件", help="批量结果写到这里，每行一个 JSON")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", help="在文库里检索")
    search.add_argument("words", help="检索词")
    search.add_argument("--region", default="", help="只查这个地区和全国的文件")
    search.add_argument("--realm", action="append", default=[], help="只查这个领域，可重复")
    search.add_argument("--status", action="append", default=[], help="只查这种状态，可重复")
    search.add_argument(
        "--on", default=None, type=iso_day, metavar="日期", help="只查这一天已经施行的文件，例如 2025-12-31"
    )
    search.add_argument("--limit", type=_count, default=10, help="最多几条")
    search.add_argument("--json", action="store_true", help="以 JSON 输出")
    search.set_defaults(run=_search)

    add_library(commands)
    add_limits(commands)

    prepare = commands.add_parser("prepare", help="生成向量模型和索引（缺什么做什么）")
    prepare.set_defaults(run=_prepare)

    serve = commands.add_parser("serve", help="打开网页")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只限本机")
    serve.add_argument("--port", type=int, default=7860, help="端口，默认 7860")
    serve.set_defaults(run=_serve)

    add_chat(commands)
    add_grading(commands)
    add_rules(commands)
    add_measuring(commands)
    add_training(commands)
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"要写大于 0 的整数，不能是 {text!r}")
    return int(text)


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from ui.plain import answer_text
    from ui.start import open_advisor, tell

    if (options.batch is None) == (options.question is None):
        tell("错误：请给一个问题，或用 --batch 给一个问题文件，二者选一。")
        return 2
    if options.batch is not None:
        return _ask_batch(options, settings)
    if options.park is not None and (status := _ask_about_park(options, settings)) is not None:
        return status
    answer: Answer = open_advisor(settings).ask(options.question, region=options.region, on=options.on or "")
    if options.json:
        print_json(answer.record())
    else:
        print(answer_text(answer))
    return 0


def _ask_about_park(options: argparse.Namespace, settings: Settings) -> int | None:
    """Answer from the park's assessment; None where the question is not about its data."""
    from assistant.park_talk import intent_of, park_answer
    from scoring.errors import ScoringError
    from ui.grading import fault_lines, read_park_file, rules_in_use
    from ui.start import tell

    if intent_of(options.question) is None:
        return None
    try:
        rules = rules_in_use(settings)
        taken = read_park_file(options.park, rules)
    except ScoringError as error:
        tell("\n".join(fault_lines(error)))
        return 1
    answer = park_answer(options.question, taken.data(), rules)
    assert answer is not None
    for question in taken.questions:
        tell(str(question))
    if options.json:
        print_json(answer.record())
    else:
        print(answer.text)
    return 0


def _ask_batch(options: argparse.Namespace, settings: Settings) -> int:
    from ui.start import Progress, open_advisor, tell

    try:
        text = options.batch.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        tell(f"错误：{options.batch} 不是 UTF-8 文本，请另存为 UTF-8 后再试。")
        return 1
    questions = [line for line in text.splitlines() if line.strip()]
    if options.output is not None and options.output.resolve() == options.batch.resolve():
        tell("错误：--output 与 --batch 是同一个文件，会盖掉问题。请换一个输出文件。")
        return 2
    advisor = open_advisor(settings)
    progress = Progress()
    output = options.output.open("w", encoding="utf-8") if options.output else sys.stdout
    try:
        for done, question in enumerate(questions, 1):
            record = advisor.ask(question, region=options.region, on=options.on or "").record()
            output.write(json.dumps(record, ensure_ascii=False) + "\n")
            output.flush()
            if options.output:
                progress("作答", done, len(questions))
    finally:
        if options.output:
            output.close()
    return 0


def _named_region(typed: str) -> str:
    """Return the library's name of a region as typed; as it stands, where it is none of the usual ones."""
    try:
        return region(typed) or typed
    except argparse.ArgumentTypeError:
        return typed


def _search(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.index import Filters
    from corpus.model import REALMS, STATUSES
    from ui.start import open_library_index

    for name, given, known in (("--realm", options.realm, REALMS), ("--status", options.status, STATUSES)):
        strange = [value for value in given if value not in known]
        if strange:
            print(f"错误：{name} 没有 {strange[0]!r}，可用：{'、'.join(known)}。", file=sys.stderr)
            return 2
    index = open_library_index(settings)
    regions: set[str] = set()
    if options.region:
        wanted = _named_region(options.region)
        regions = {d.region for d in index.library.documents.values() if wanted in (d.region, d.province)}
        if not regions:
            print(f"错误：文库里没有地区 {wanted!r} 的文件。可用的地区见 advisor library list。", file=sys.stderr)
            return 1
        regions.add("全国")
    filters = Filters(frozenset(regions), frozenset(options.realm), frozenset(options.status), options.on or "")
    hits = index.search(options.words, filters=filters, limit=options.limit).hits
    rows = [
        {
            "passage": h.passage.id,
            "title": h.document.title,
            "number": h.document.number,
            "place": h.passage.place,
            "text": h.passage.text,
            "status": h.document.status,
            "region": h.document.region,
            "confidence": h.passage.confidence,
            "score": round(h.score, 4),
        }
        for h in hits
    ]
    if options.json:
        print_json(rows)
        return 0
    for i, hit in enumerate(hits, 1):
        d = hit.document
        print(f"{i}. {hit.passage.text}")
        print(f"   {d.title_in_marks}{d.number} {hit.passage.place}（{d.status}，{d.region}）")
    if not rows:
        print("没有找到。")
    return 0


def _prepare(_options: argparse.Namespace, settings: Settings) -> int:
    from ui.start import open_library_index, tell

    index = open_library_index(settings)
    tell("已就绪：字词检索与向量检索。" if index.legs == "fused" else "已就绪：只有字词检索。")
    return 0


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from ui.app import serve
    from ui.start import open_live_advisor, open_writer

    writer = open_writer(settings)
    serve(open_live_advisor(settings), host=options.host, port=options.port, home=settings.home, writer=writer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
