"""The commands that measure the conversation: `advisor evaluate writer`, `dialogue`, `interview`."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ui.output import print_json

if TYPE_CHECKING:
    from assistant.answer import Answer
    from ui.settings import Settings


def add_talk(kinds: Any) -> None:
    """Add the commands to those of `advisor evaluate`."""
    writer = kinds.add_parser("writer", help="语言模型改写：种下错误，看有没有漏过去的")
    writer.add_argument("--answers", type=int, default=500, help="多少个答复")
    writer.set_defaults(run=_writer)
    dialogue = kinds.add_parser("dialogue", help="对话：每轮的时间、许多对话同时进行、进程中途被杀")
    dialogue.add_argument("--conversations", type=int, default=20, help="同时多少个对话")
    dialogue.add_argument("--kills", type=int, default=50, help="杀多少次")
    dialogue.set_defaults(run=_dialogue)
    interview = kinds.add_parser("interview", help="自评谈话：模拟的园区按隐藏的数据回答，结论是否一致、问了几轮")
    interview.add_argument("--parks", type=int, default=200, help="每套规则多少个园区")
    interview.add_argument("--rules", nargs="+", default=["national-2025", "ceca-0344-2025"], help="规则编号")
    interview.set_defaults(run=_interview)
    for one in (writer, dialogue, interview):
        one.add_argument("--json", action="store_true", help="以 JSON 输出")


def _writer(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.measure_writer import measure_writer, saying
    from ui.start import open_advisor

    advisor = open_advisor(settings)
    questions = [one.questions[0] for one in advisor.library.passages.values() if one.questions]
    answers: list[Answer] = []
    for question in questions[:: max(1, len(questions) // (options.answers * 2))]:
        answer = advisor.ask(question)
        if answer.kind != "refused" and len(answers) < options.answers:
            answers.append(answer)
    return _told(measure_writer(answers, saying).record(), options)


def _dialogue(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.advisor import Advisor
    from assistant.measure_dialogue import measure_dialogue
    from corpus.index import build_index
    from ui.grading import rules_in_use
    from ui.start import library_and_words, open_advisor

    advisor, rules = open_advisor(settings), rules_in_use(settings)
    library, words = library_and_words()
    with TemporaryDirectory() as folder:  # a process that is to be killed is forked, and a forked model does not run
        plain = Advisor(build_index(Path(folder), library, None, words))
        outcome = measure_dialogue(advisor, rules, plain=plain, crowd=options.conversations, kills=options.kills)
    return _told(outcome.record(), options)


def _interview(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.measure_interview import measure_interview
    from assistant.understand import Reader
    from corpus.spelling import Spelling
    from ui.grading import rubric_in_use, rules_in_use
    from ui.start import library_and_words, open_model

    rules = rules_in_use(settings)
    asked = [rubric_in_use(rules, one).id for one in options.rules]
    library, words = library_and_words()
    reader = Reader(library, words, Spelling.of(library, words), embedder=open_model(settings))
    for rules_id in asked:
        _told(measure_interview(rules_id, rules, reader, parks=options.parks).record(), options)
    return 0


def _told(record: dict[str, object], options: argparse.Namespace) -> int:
    if options.json:
        print_json(record)
    else:
        print("\n".join(f"{name}: {value}" for name, value in record.items()))
    return 0
