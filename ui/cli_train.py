"""The commands of training: `advisor train lesson | quiz | exam | review | report | verify | audit | ...`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli_case import add_case
from ui.cli_desk import add_desk
from ui.errors import PageError
from ui.output import print_json
from ui.train_texts import say

if TYPE_CHECKING:
    from assistant.training.exam import Exam
    from assistant.training.progress import Progress
    from corpus.library import Library
    from ui.asking import Sitting
    from ui.settings import Settings

_NAME = "本人"


def add_training(commands: Any) -> None:
    """Add `train` to the commands of `advisor`."""
    train = commands.add_parser("train", help="评估员培训：上课、练习、考试、复习、案例")
    actions = train.add_subparsers(required=True, metavar="动作")

    lesson = actions.add_parser("lesson", help="列出各课，或读一课")
    lesson.add_argument("lesson", nargs="?", help="课的编号或名字")
    lesson.add_argument("--why", type=int, default=0, metavar="句", help="问这一课第几句为什么")
    lesson.add_argument("--json", action="store_true", help="以 JSON 输出")
    lesson.set_defaults(run=_lesson)

    quiz = actions.add_parser("quiz", help="做练习，每答一题就保存")
    quiz.add_argument("--count", type=int, default=20, help="几道题，默认 20")
    quiz.add_argument("--topic", action="append", default=[], metavar="课", help="只出这一课的题，可重复")
    quiz.add_argument("--kind", action="append", default=[], metavar="题型", help="只出这种题型，可重复")
    quiz.add_argument("--seed", type=int, default=None, help="种子：同一个种子同一套题；不写按时间")
    quiz.add_argument("--json", action="store_true", help="只输出题目和答案，不作答")
    _who(quiz)
    quiz.set_defaults(run=_quiz)

    exam = actions.add_parser("exam", help="考试；没有交卷的接着考")
    exam.add_argument("--plan", default="assessor", help="考试方案：assessor（40题）或 quick（20题）")
    exam.add_argument("--seed", type=int, default=1, help="考场的种子；每名考生的题不同")
    exam.add_argument(
        "--certificate", type=Path, default=None, metavar="文件", help="及格后把证书写到 .docx、.pdf 或 .json"
    )
    _who(exam)
    exam.set_defaults(run=_exam)

    review = actions.add_parser("review", help="今天该复习的题和漏掉过的毛病")
    review.add_argument("--limit", type=int, default=20, help="最多几项")
    review.add_argument("--cards", type=Path, default=None, metavar="文件", help="收下案例对照写出的复习卡（JSON）")
    _who(review)
    review.set_defaults(run=_review)

    verify = actions.add_parser("verify", help="核验证书：文件，或证书上的编码（离线）")
    verify.add_argument("what", help="证书文件，或核验编码")
    verify.add_argument("--json", action="store_true", help="以 JSON 输出")
    verify.set_defaults(run=_verify)

    add_desk(actions)
    add_case(actions)


def _who(parser: Any) -> None:
    parser.add_argument("--name", default=_NAME, help="姓名，只存在本机；默认“本人”")


def _library() -> Library:
    from corpus.library import read_library

    return read_library()


def _progress(settings: Settings) -> Progress:
    from assistant.training.progress import Progress

    return Progress(settings.home)


def _now() -> datetime:
    return datetime.now(UTC)


# Lessons -------------------------------------------------------------------------------------------------------------


def _lesson(options: argparse.Namespace, _settings: Settings) -> int:
    from assistant.training.lessons import lesson, lessons, why_line

    if options.lesson is None:
        rows = [{"number": x.number, "id": x.id, "title": x.title, "length": x.length, "sources": len(x.sources)}
                for x in lessons()]  # fmt: skip
        if options.json:
            print_json(rows)
        else:
            print("\n".join(say("lessons", **row) for row in rows))
        return 0
    one, library = lesson(options.lesson), _library()
    if options.why:
        if not 0 < options.why <= len(one.lines):
            raise PageError(say("why_line", given=options.why, count=len(one.lines)))
        answer = why_line(one, options.why - 1, library)
        print_json(answer.record()) if options.json else print(_cited(answer.text, answer.citations))
        return 0
    if options.json:
        print_json({"id": one.id, "title": one.title, "goal": one.goal, "lines": one.numbered(),
                    "citations": [c.record() for c in one.citations(library)]})  # fmt: skip
        return 0
    print(say("lesson_title", number=one.number, title=one.title), say("lesson_goal", goal=one.goal), sep="\n")
    heading = ""
    for under, text in one.numbered():
        if under != heading:
            heading = under
            print("\n" + say("lesson_heading", heading=heading))
        print(text)
    print("\n" + _cited(say("lesson_sources"), one.citations(library)))
    print(say("lesson_exercises", id=one.id))
    return 0


def _cited(text: str, citations: Any) -> str:
    lines = [
        say("lesson_source", mark=c.mark, title=c.document.title_in_marks, number=c.document.number,
            place=c.passage.place)
        for c in citations
    ]  # fmt: skip
    return "\n".join([text, *lines])


# Exercises -----------------------------------------------------------------------------------------------------------


def _quiz(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.pool import open_pool

    pool = open_pool(settings.home)
    seed = int(_now().timestamp()) if options.seed is None else options.seed
    items = pool.quiz(options.count, seed, topics=options.topic, kinds=options.kind)
    if options.json:
        print_json([one.record() for one in items])
        return 0
    if not items:
        raise PageError(say("quiz_none"))
    sitting = f"lesson:{options.topic[0]}" if len(options.topic) == 1 else "quiz"
    with _progress(settings) as progress:
        closed = progress.being_examined(options.name)
        _sit(_sitting(progress, options.name, sitting), [one for one in items if one.id not in closed])
    return 0


def _sitting(progress: Progress, name: str, sitting: str) -> Sitting:
    from ui.asking import Sitting

    return Sitting(progress, name, sitting, _library, _now)


def _sit(sitting: Sitting, items: Any) -> None:
    done = sitting.practice(items)
    if done < len(items):
        print(say("stopped"))
    print(say("quiz_done", count=done, points=f"{sitting.points.normalize():f}"))


def _review(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.pool import open_pool

    with _progress(settings) as progress:
        if options.cards is not None:
            _take_cards(progress, options.name, options.cards)
            return 0
        now = _now()
        pool = open_pool(settings.home)
        due = progress.due_items(options.name, now, limit=1000)
        items = [pool.by_id[one] for one in due if one in pool.by_id]
        if len(items) < len(due):
            print(say("review_retired", count=len(due) - len(items)))
        items = items[: options.limit]
        misses = progress.due_misses(options.name, now, limit=options.limit - len(items))
        if not items and not misses:
            following = progress.next_due(options.name)
            shown = following.astimezone().strftime("%Y-%m-%d %H:%M") if following else ""
            print(say("review_none", next=shown) if following else say("review_never"))
            return 0
        sitting = _sitting(progress, options.name, "review")
        _sit(sitting, items)
        sitting.misses(misses)
    return 0


def _take_cards(progress: Progress, name: str, path: Path) -> None:
    from assistant.training.records import Miss

    fields = ("id", "topic", "front", "back", "source")
    try:
        found = [Miss(*(str(record[one]) for one in fields)) for record in json.loads(path.read_bytes())]
    except (ValueError, TypeError, KeyError) as error:
        raise PageError(say("cards_shape", file=path)) from error
    for one in found:
        progress.add_miss(name, one, now=_now())
    print(say("cards_taken", count=len(found)))


# Exam ----------------------------------------------------------------------------------------------------------------


def _exam(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.blueprint import blueprint
    from assistant.training.desk import pass_mark
    from assistant.training.exam import answered, begin, finish, open_exam
    from assistant.training.pool import open_pool

    with _progress(settings) as progress:
        exam = open_exam(progress, options.name)
        if exam is None:
            plan = blueprint(options.plan)
            exam = begin(
                progress, open_pool(settings.home), options.name, plan, seed=options.seed, now=_now(),
                pass_share=pass_mark(progress, options.name, plan.id),
            )  # fmt: skip
            print(say("exam_begun", id=exam.id, count=len(exam.sheet), minutes=exam.minutes, deadline=_clock(exam),
                      needed=f"{exam.pass_share:.0%}"))  # fmt: skip
        else:
            left = len(exam.sheet) - len(answered(progress, exam))
            print(say("exam_resumed", id=exam.id, left=left, deadline=_clock(exam)))
        if not _sitting(progress, exam.trainee, "exam").examine(exam):
            print(say("exam_paused", deadline=_clock(exam)))
            return 0
        result = finish(progress, exam, now=_now())
        _print_result(result)
        if options.certificate is not None and result.passed:
            _certify(progress, result, options.certificate)
    return 0


def _certify(progress: Progress, result: Any, path: Path) -> None:
    from assistant.training.certificate import issue
    from ui.certificate import write_certificate

    made = issue(progress, result, now=_now())
    write_certificate(progress, made, path)
    print(say("certificate_written", path=path, code=made.code))


def _print_result(result: Any) -> None:
    from assistant.training.topics import topics

    print(
        say("exam_result", title=result.title, name=result.trainee, points=f"{result.points.normalize():f}",
            full=result.full, share=f"{result.share:.1%}", needed=f"{result.pass_share:.0%}",
            outcome=say("passed" if result.passed else "failed"))
    )  # fmt: skip
    for topic in topics():
        if topic.id in result.by_topic:
            points, full = result.by_topic[topic.id]
            print(say("exam_topic", topic=topic.title, points=f"{points.normalize():f}", full=full))
    if result.unanswered or result.late:
        print(say("exam_left", unanswered=result.unanswered, late=result.late))


def _clock(exam: Exam) -> str:
    return exam.deadline.astimezone().strftime("%H:%M")


# Certificates --------------------------------------------------------------------------------------------------------


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.training.certificate import verify_code
    from ui.certificate import verify_file

    path = Path(options.what)
    with _progress(settings) as progress:
        if path.is_file():
            found = verify_file(progress, path)
        elif len("".join(one for one in options.what if one.isalnum())) == 24:
            found = verify_code(progress, options.what)
        else:
            raise PageError(say("verify_what", given=options.what))
    if options.json:
        held = found.certificate.record() if found.certificate else None
        print_json({"status": found.status, "says": found.says, "certificate": held})
    else:
        print(say("verified", says=found.says))
        if found.certificate is not None:
            print(say("verified_content", **found.certificate.record()))
    return 0 if found.status == "genuine" else 1
