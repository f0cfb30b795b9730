"""The commands of the case lab: `advisor train case new | show | submit | compare | reconcile | group | talk`."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.case_texts import case_words
from ui.errors import PageError
from ui.output import print_json, print_measured

if TYPE_CHECKING:
    from assistant.training.case_key import Key
    from assistant.training.case_store import CaseStore
    from assistant.training.dossier_model import Dossier
    from assistant.training.progress import Progress
    from scoring.model import Rules
    from ui.settings import Settings


_NAME = "本人"


def add_case(actions: Any) -> None:
    """Add `case` to the actions of `advisor train`."""
    case = actions.add_parser("case", help="案卷实训：new、show、submit、compare、reconcile、group、talk")
    kinds = case.add_subparsers(required=True, metavar="动作")
    new = kinds.add_parser("new", help="生成一份练习案卷，写到文件夹或 .zip")
    new.add_argument("output", type=Path, help="新文件夹，或 .zip 文件")
    new.add_argument("--case", default="", help="写出这个编号的案卷（例如自编的 own-1），不另生成")
    new.add_argument("--seed", default="1", help="种子：数字或字母，同一个种子同一份案卷")
    new.add_argument("--rules", choices=("national", "ceca"), default="national", help="按哪套规则判，默认国家级")
    new.add_argument("--difficulty", type=int, choices=(1, 2, 3), default=1, help="难度，默认 1")
    new.add_argument("--faults", type=int, default=None, help="种几处毛病；0 是干净的案卷；不写按难度")
    new.set_defaults(run=_new)
    template = kinds.add_parser("template", help="写出一份自编案卷的样子（YAML），供讲师改")
    template.add_argument("output", type=Path, help="写到这个 .yaml 文件")
    template.set_defaults(run=_template)
    add = kinds.add_parser("add", help="检查并收下自编案卷")
    add.add_argument("file", type=Path, help="改好的 .yaml")
    add.set_defaults(run=_add)
    show = _action(kinds, "show", "列出案卷的文件，或显示其中一份", _show, json=True)
    show.add_argument("--paper", default="", help="显示这份文件的内容")
    submit = _action(kinds, "submit", "交答卷", _submit, name=True)
    submit.add_argument("file", type=Path, help="填好的答卷 .yaml 或 .json")
    _action(kinds, "compare", "与答案逐行对照，漏掉的放进复习；看过以后不能再交", _compare, name=True, json=True)
    both = _action(kinds, "reconcile", "两人都交了以后，看分歧、商定一份", _reconcile, json=True)
    both.add_argument("first", help="一人的姓名")
    both.add_argument("second", help="另一人的姓名")
    both.add_argument("--decide", type=Path, default=None, metavar="文件", help="商定的答卷")
    group = _action(kinds, "group", "一组人在这份案卷上的一致度", _group, json=True)
    group.add_argument("--group", default="", help="只算这个小组的人（见 train group）；不写算全部交了的")
    talk = _action(kinds, "talk", "访谈：向园区人员提一个问题", _talk, name=True, json=True)
    talk.add_argument("question", help="问题")


def add_case_measuring(kinds: Any) -> None:
    """Add `cases` to what `advisor evaluate` measures."""
    cases = kinds.add_parser("cases", help="案卷实训：干净案卷、种下的毛病、访谈、模拟学员")
    cases.add_argument("--dossiers", type=int, default=300, help="多少份案卷，默认 300")
    cases.add_argument("--interviews", type=int, default=100, help="多少次访谈，默认 100")
    cases.add_argument("--cases", type=int, default=60, help="模拟学员做多少份，默认 60")
    cases.add_argument("--json", action="store_true", help="以 JSON 输出")
    cases.set_defaults(run=_measure)


def _action(kinds: Any, verb: str, told: str, run: Any, *, name: bool = False, json: bool = False) -> Any:
    parser = kinds.add_parser(verb, help=told)
    parser.add_argument("case", help="案卷编号，例如 case-2-17")
    if name:
        parser.add_argument("--name", default=_NAME, help="姓名，只存在本机；默认“本人”")
    if json:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)
    return parser


@contextmanager
def _store(settings: Settings) -> Generator[CaseStore]:
    from assistant.training.case_store import CaseStore
    from assistant.training.progress import Progress

    with Progress(settings.home) as progress:
        yield CaseStore(progress)


def _own(settings: Settings) -> Path:
    return settings.home / "training" / "own_cases"


def _opened(case: str, settings: Settings) -> tuple[Dossier, Key, Rules]:
    from assistant.training.case_key import key_of
    from assistant.training.case_store import dossier_of
    from scoring.load import load_rules

    rules = load_rules()
    dossier = dossier_of(case, rules, own=_own(settings))
    return dossier, key_of(dossier, rules), rules


def _new(options: argparse.Namespace, settings: Settings) -> int:
    from ui.case_files import case_files, write_case

    tail = "" if options.faults is None else f"-f{options.faults}"
    series = "ceca" if options.rules == "ceca" else "case"
    made = f"{series}-{options.difficulty}-{options.seed}{tail}"
    dossier, key, rules = _opened(options.case or made, settings)
    files = case_files(dossier, key, rules)
    write_case(files, options.output)
    words = case_words()
    print(words.made.format(path=options.output, count=len(files), case=dossier.id))
    print(words.no_faults_told)
    return 0


def _template(options: argparse.Namespace, _settings: Settings) -> int:
    from assistant.training.case_key import case_texts
    from assistant.training.dossier import make
    from assistant.training.own_dossier import own_text
    from scoring.load import load_rules

    if options.output.exists():
        raise PageError(case_words().exists.format(path=options.output))
    options.output.write_text(own_text(make(1, rules=load_rules())), encoding="utf-8")
    print(case_texts()["own"]["template"].format(path=options.output))
    return 0


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.case_key import case_texts
    from assistant.training.case_store import keep_dossier
    from scoring.load import load_rules

    dossier = keep_dossier(_read(options.file), load_rules(), own=_own(settings), file=options.file.name)
    told = {"case": dossier.id, "park": dossier.park_name, "faults": len(dossier.faults)}
    print(case_texts()["own"]["kept"].format(**told))
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    dossier, _, _ = _opened(options.case, settings)
    words = case_words()
    names = [dossier.sheet_name, *(paper.name for paper in dossier.papers)]
    if options.json:
        print_json({"case": dossier.id, "park": dossier.park_name, "difficulty": dossier.difficulty, "papers": names})
        return 0
    if not options.paper:
        print(words.papers.format(case=dossier.id, park=dossier.park_name, count=len(names)))
        for name in names:
            print(words.paper.format(name=name))
        return 0
    paper = next((one for one in dossier.papers if one.name == options.paper), None)
    if paper is None:
        known = "、".join(one.name for one in dossier.papers)
        raise PageError(words.no_paper.format(case=dossier.id, name=options.paper, known=known))
    for sheet in paper.sheets:
        if sheet.heads:
            print(sheet.title, "\t".join(sheet.heads), sep="\n")
        for row, line in enumerate(sheet.lines, 1):
            print("\t".join(line.cells) if sheet.heads else words.line.format(number=row, text=line.cells[0]))
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PageError(case_words().unreadable.format(file=path)) from None


def _submit(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.submission import read_submission

    _, key, _ = _opened(options.case, settings)
    submission = read_submission(_read(options.file), key, name=options.name, file=options.file.name)
    with _store(settings) as store:
        store.submit(submission)
    counts = {"judged": len(submission.verdicts), "total": len(key.lines), "marks": len(submission.marks)}
    print(case_words().submitted.format(name=options.name, case=key.case, **counts))
    return 0


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.case_store import people
    from assistant.training.comparing import cards, compare
    from ui.case_print import comparison_lines

    dossier, key, rules = _opened(options.case, settings)
    with _store(settings) as store:
        comparison = compare(key, store.submission(key, options.name))
        found = cards(comparison)
        first = store.show_key(key.case, options.name)
        if first:
            for name in people(options.name):
                _keep_cards(store.progress, name, found)
    if options.json:
        print_json({**comparison.record(), "cards": found})
        return 0
    print("\n".join(comparison_lines(comparison, dossier.park_name, rules)))
    if first and found:
        print(case_words().cards.format(count=len(found)))
    return 0


def _keep_cards(progress: Progress, name: str, found: list[dict[str, str]]) -> None:
    """Put what was missed among the cards that the trainee reviews."""
    from datetime import UTC, datetime

    from assistant.training.records import Miss

    now = datetime.now(UTC)
    for card in found:
        miss = Miss(card["id"], card["topic"], card["front"], card["back"], card["source"])
        progress.add_miss(name, miss, now=now)


def _reconcile(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.calibration import reconcile
    from assistant.training.submission import read_submission
    from ui.case_print import reconciliation_lines

    _, key, _ = _opened(options.case, settings)
    with _store(settings) as store:
        found = reconcile(key, *store.pair(key, (options.first, options.second)))
        for one in found.names:
            store.looked(key.case, one)
        if options.decide is not None:
            name = "+".join(found.names)
            joint = read_submission(_read(options.decide), key, name=name, file=options.decide.name)
            store.agree(found, joint)
    if options.decide is not None:
        print(case_words().reconcile.decided.format(name="+".join(found.names)))
    elif options.json:
        print_json(found.record())
    else:
        print("\n".join(reconciliation_lines(found)))
    return 0


def _group(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.calibration import calibrate
    from assistant.training.desk import groups
    from ui.case_print import calibration_lines

    _, key, _ = _opened(options.case, settings)
    with _store(settings) as store:
        names = store.names(key.case)
        if options.group:
            held = groups(store.progress).get(options.group)
            names = [name for name in names if held is not None and name in held.members]
        submissions = [store.submission(key, name) for name in names]
    if not submissions:
        raise PageError(case_words().group.none.format(case=key.case))
    found = calibrate(key, submissions)
    if options.json:
        print_json(found.record())
    else:
        print("\n".join(calibration_lines(found)))
    return 0


def _talk(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.role_play import answer

    dossier, _, rules = _opened(options.case, settings)
    with _store(settings) as store:
        reply = answer(options.question, dossier, rules, asked=store.asked(dossier.id, options.name))
        store.ask(dossier.id, options.name, options.question)
    if options.json:
        print_json(reply.record())
        return 0
    words = case_words().talk
    print(reply.text)
    places = [
        one.read[0].place
        if len(one.read) == 1
        else words.span.format(first=one.read[0].place, last=one.read[-1].place.rpartition("!")[2])
        for one in reply.statements
        if one.read
    ]
    if places:
        print(words.read.format(places="；".join(places)))
    if reply.evaded:
        print(words.evaded)
    return 0


def _measure(options: argparse.Namespace, _settings: Settings) -> int:
    from scoring.load import load_rules
    from ui.measure_cases import measure
    from ui.start import Progress

    counts = {"dossiers": options.dossiers, "interviews": options.interviews, "cases": options.cases}
    record = measure(load_rules(), **counts, report=Progress()).record()
    print_measured(record, as_json=options.json)
    return 0
