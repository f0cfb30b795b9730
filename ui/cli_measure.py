"""The commands that measure and fit: `advisor evaluate ...`, `advisor fit`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli_case import add_case_measuring
from ui.cli_desk import add_training_measuring
from ui.cli_measure_own import add_own_measuring
from ui.measure_talk import add_talk
from ui.output import print_json, print_measured, print_table

if TYPE_CHECKING:
    from assistant.advisor import Advisor
    from corpus.library import Library
    from ui.settings import Settings


def add_measuring(commands: Any) -> None:
    """Add the measuring commands to the parser of `advisor`."""
    fit = commands.add_parser("fit", help="用带标注问题集的调参一半重新拟合相关性权重")
    fit.add_argument("file", type=Path, help="问题集 .yaml，或装有它们的文件夹")
    fit.set_defaults(run=_fit)

    train = commands.add_parser("fit-reranker", help="用文库的问法重新训练复核模型（两核上一遍约四十分钟）")
    train.add_argument("file", type=Path, help="问题集 .yaml，或装有它们的文件夹；取其中用于训练的近似问题")
    train.add_argument("--passes", type=int, default=2, help="把训练对过几遍，默认 2")
    train.add_argument("--go-on", action="store_true", help="从现有的权重接着训练，不从头开始")
    train.set_defaults(run=_train)

    guesses = commands.add_parser("fit-guesses", help="用带标注的话的调参一半重新拟合意图和是非答话的猜测")
    guesses.add_argument("file", type=Path, help="带标注的话 .yaml，或装有它们的文件夹")
    guesses.set_defaults(run=_fit_guesses)

    tagger = commands.add_parser("fit-tagger", help="用带标注的话的调参一半重新训练认数的网络（两核上约三十分钟）")
    tagger.add_argument("file", type=Path, help="装有带标注的话的文件夹；其中 figures/ 里的是规则没有照着写过的")
    tagger.set_defaults(run=_fit_tagger)

    evaluate = commands.add_parser("evaluate", help="测量检索、答复和建索引的速度")
    kinds = evaluate.add_subparsers(required=True, metavar="对象")
    retrieval = kinds.add_parser("retrieval", help="在检索任务文件夹上测量")
    retrieval.add_argument("folder", type=Path, help="装有 corpus.jsonl、queries.jsonl、qrels.tsv 的文件夹")
    retrieval.add_argument("--legs", default="lexical,dense,fused", help="比较哪些：lexical、dense、fused，用逗号分开")
    retrieval.add_argument("--json", action="store_true", help="以 JSON 输出")
    retrieval.set_defaults(run=_evaluate_retrieval)
    answers = kinds.add_parser("answers", help="在带标注的问题集上测量")
    answers.add_argument("file", type=Path, help="问题集 .yaml，或装有它们的文件夹")
    answers.add_argument("--half", choices=["tune", "report", "all"], default="report", help="用哪一半，默认 report")
    answers.add_argument("--json", action="store_true", help="以 JSON 输出")
    answers.set_defaults(run=_evaluate_answers)
    understanding = kinds.add_parser("understanding", help="在带标注的话上测量意图和数的理解")
    understanding.add_argument("file", type=Path, help="带标注的话 .yaml，或装有它们的文件夹")
    understanding.add_argument("--half", choices=["tune", "report", "all"], default="report", help="用哪一半")
    understanding.add_argument("--json", action="store_true", help="以 JSON 输出")
    understanding.set_defaults(run=_evaluate_understanding)
    indexing = kinds.add_parser("indexing", help="建索引的速度，与 LangChain + Chroma 的朴素写法并排比较")
    indexing.add_argument("--passages", type=int, default=400, help="用多少条文")
    indexing.add_argument("--json", action="store_true", help="以 JSON 输出")
    indexing.set_defaults(run=_evaluate_indexing)
    add_own_measuring(kinds)
    add_talk(kinds)
    grading = kinds.add_parser("grading", help="一张表里许多园区评分的速度和内存")
    grading.add_argument("--parks", type=int, default=10_000, help="多少个园区")
    grading.add_argument("--rules", default="national-2025", help="规则编号，见 advisor rules list")
    grading.add_argument("--json", action="store_true", help="以 JSON 输出")
    grading.set_defaults(run=_evaluate_grading)
    add_case_measuring(kinds)
    add_training_measuring(kinds)


def _fit(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.advisor import Advisor
    from assistant.fit import BLANK, fit, tuning_items, write_weights
    from assistant.relevance import Relevance
    from corpus.index import build_index
    from ui.start import library_and_words, open_model, open_reranker, tell

    library, words = library_and_words()
    items = tuning_items(options.file)
    embedder, reranker = open_model(settings), open_reranker(settings)
    if embedder is None or reranker is None:
        tell("错误：没有向量模型，不能拟合。")
        return 1
    fitted: dict[str, dict[str, str]] = dict.fromkeys(("lexical", "fused", "judged"), BLANK)
    for leg in fitted:

        def advise(library: Library, leg: str = leg) -> Advisor:
            folder = settings.home / "fit" / leg / str(len(library.passages))
            index = build_index(folder, library, None if leg == "lexical" else embedder, words)
            return Advisor(index, Relevance(index, fitted), reranker=reranker if leg == "judged" else None)

        fitted[leg] = fit(advise, library, items)
        write_weights(fitted)
    return 0


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.measure import read_questions
    from assistant.pairs import pairs_of, training_questions
    from corpus.embed import SentenceModel
    from corpus.rerank import trained_network
    from corpus.rerank_training import Pair, train_in_passes, write
    from ui.start import built_in_model, open_library_index, tell

    index = open_library_index(settings, own=False)
    embedder = index.embedder
    if embedder is None:
        tell("错误：没有向量模型，不能训练。")
        return 1
    asked = training_questions(index, read_questions(options.file))
    model = SentenceModel(str(built_in_model(settings)), threads=settings.threads or None, precision="fp32")
    start = trained_network(model.transformer) if options.go_on else None

    def pairs_of_pass(number: int) -> list[Pair]:
        return pairs_of(index, embedder, asked, draw=number + options.go_on)

    write(train_in_passes(model, pairs_of_pass, options.passes, start=start))
    return 0


def _evaluate_retrieval(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.evaluate import evaluate_retrieval
    from ui.start import Progress, open_model

    legs = [leg.strip() for leg in options.legs.split(",")]
    results = evaluate_retrieval(
        options.folder, home=settings.home, embedder=open_model(settings), legs=legs, report=Progress()
    )
    records = [r.record() for r in results]
    if options.json:
        print_json(records)
    else:
        print_table(records)
    return 0


def _evaluate_answers(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.guard import check_answer
    from assistant.measure import evaluate_answers, read_questions
    from ui.start import open_advisor

    items = read_questions(options.file)
    advisor = open_advisor(settings)
    outcome = evaluate_answers(
        advisor, items, half=options.half, faults=lambda a: len(check_answer(a, question=a.question))
    )
    line = "{id}\t{question}\t{fault}".format_map
    print_measured(outcome.record(), as_json=options.json, wrong=line)
    return 0


def _fit_guesses(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.fit_guesses import fit_intents, fit_replies, write_model
    from assistant.guessing import INTENTS_FILE, REPLIES_FILE
    from assistant.measure_understanding import read_utterances
    from ui.grading import rules_in_use
    from ui.start import library_and_words, open_model

    library, _ = library_and_words()
    embedder, rules = open_model(settings), rules_in_use(settings)
    if embedder is None:
        return 1
    items = read_utterances(options.file)
    print(write_model(fit_intents(items, library, rules, embedder), INTENTS_FILE))
    more = read_utterances(options.file / "figures") if (options.file / "figures").is_dir() else []
    print(write_model(fit_replies([*items, *more], rules, embedder), REPLIES_FILE))
    return 0


def _fit_tagger(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.fit_tagger import example, fit_tagger
    from assistant.measure_understanding import read_utterances
    from corpus.embed import SentenceModel
    from ui.grading import rules_in_use
    from ui.start import built_in_model, tell

    folder, rules = built_in_model(settings), rules_in_use(settings)
    if not folder.is_dir():
        tell("错误：没有向量模型，不能训练。请先运行 make prepare。")
        return 1
    items = [(one, True) for one in read_utterances(options.file)]
    items += [(one, False) for one in read_utterances(options.file / "figures")]
    mine = [(one, known) for one, known in items if one["half"] == "tune" and "figures" in one and "only" not in one]
    examples = [example(one, rules, known_to_rules=known) for one, known in mine]
    print(fit_tagger(SentenceModel(str(folder), precision="fp32"), examples, rules))
    return 0


def _evaluate_understanding(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.measure_understanding import evaluate_understanding, read_utterances
    from assistant.understand import Reader
    from corpus.spelling import Spelling
    from ui.grading import rules_in_use
    from ui.start import library_and_words, open_model

    library, words = library_and_words()
    reader = Reader(library, words, Spelling.of(library, words), embedder=open_model(settings))
    items = read_utterances(options.file)
    outcome = evaluate_understanding(items, rules=rules_in_use(settings), reader=reader, half=options.half)
    if options.json:
        print_json({**outcome.record(), "wrong": outcome.wrong})
        return 0
    for line in outcome.wrong:
        print(line)
    print_table([outcome.record()])
    return 0


def _evaluate_indexing(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.indexing import compare_indexing
    from corpus.library import read_library
    from ui.start import built_in_model, open_model, tell

    if open_model(settings) is None:
        tell("错误：没有向量模型，无法比较。")
        return 1
    texts = [p.text for p in read_library().passages.values()][: options.passages]
    model = Path(settings.embedding_model) if settings.embedding_model else built_in_model(settings)
    record = compare_indexing(texts, model, threads=settings.threads or None).record()
    if options.json:
        print_json(record)
    else:
        print_table([record])
    return 0


def _evaluate_grading(options: argparse.Namespace, settings: Settings) -> int:
    from ui.grading import rubric_in_use, rules_in_use
    from ui.measure_grading import measure

    rules = rules_in_use(settings)
    record = measure(options.parks, rubric_in_use(rules, options.rules), rules).record()
    if options.json:
        print_json(record)
    else:
        print_table([record])
    return 0
