"""The conversation in the terminal: `advisor chat`, `advisor assess`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ui.errors import PageError
from ui.output import region

if TYPE_CHECKING:
    from assistant.dialogue import Dialogue
    from assistant.turns import Turn
    from ui.settings import Settings

KEYS = ("user", "intent", "understood", "reply", "citations", "question", "score", "level")
VALUE_KEYS = ("fact", "value", "unit", "raw", "state")
_SUMMED = 200


def add_chat(commands: Any) -> None:
    """Add the commands of the conversation to the parser of `advisor`."""
    chat = commands.add_parser("chat", help="在终端里对话：提问、自评、试算，都在一处")
    chat.add_argument("--list", action="store_true", help="列出已有的对话")
    chat.add_argument("--region", default="", type=region, help="所在地区，例如 江苏")
    chat.set_defaults(run=_chat, begins=False, rules="", report=None)
    assess = commands.add_parser("assess", help="按一套规则一问一答地自评")
    assess.add_argument("--rules", default="", metavar="规则", help="规则编号，见 advisor rules list；默认国家级")
    assess.add_argument("--report", type=Path, metavar="文件", help="结束时把报告写到这里（docx、xlsx、html）")
    assess.set_defaults(run=_chat, begins=True, list=False, region="")
    for one in (chat, assess):
        one.add_argument("--resume", default="", metavar="编号", help="接着一个已有的对话")
        one.add_argument("--script", type=Path, metavar="文件", help="一行一句，代替键盘；@文件名 的一行是交上数据表")
        one.add_argument("--json", action="store_true", help="每一轮输出一个 JSON 对象")


@cache
def _texts() -> dict[str, str]:
    import yaml

    return cast(dict[str, str], yaml.safe_load((files("ui") / "cli_chat.yaml").read_text(encoding="utf-8")))


def _say(name: str, **values: object) -> str:
    return _texts()[name].format(**values)


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.errors import DialogueError
    from ui.start import open_advisor, open_conversations, open_dialogue
    from ui.warming import warm

    if options.list:
        found = open_conversations(settings).all()
        told = [_say("listed", id=one.id, changed=one.changed[:16].replace("T", " "), title=one.title) for one in found]
        print("\n".join(told) or _say("none_listed"))
        return 0
    if options.resume and options.rules:
        raise PageError(_say("resume_and_rules"))
    lines = _script(options.script) if options.script is not None else None
    advisor = open_advisor(settings)
    dialogue = open_dialogue(settings, advisor)
    try:
        if options.resume:
            dialogue.conversations.get(options.resume)
        key = options.resume or dialogue.new()
        talk = _Talk(dialogue, key, region=options.region, as_json=options.json)
        talk.opening(options)
        if lines is None and sys.stdin.isatty():  # the greeting is being read
            warm(advisor)
        talk.run(_typed() if lines is None else lines)
        return _report(options, dialogue, key)
    except DialogueError as error:
        raise PageError(str(error)) from error
    finally:
        dialogue.close()


def _script(path: Path) -> list[str]:
    if not path.is_file():
        raise PageError(_say("no_script", file=path))
    return path.read_text(encoding="utf-8-sig").splitlines()


def _typed() -> Iterator[str]:
    """Yield what is typed, until the end of the input."""
    while True:
        try:
            yield input(_texts()["prompt"] if sys.stdin.isatty() else "")
        except EOFError:
            return


def _report(options: argparse.Namespace, dialogue: Dialogue, key: str) -> int:
    if options.report is None:
        return 0
    interview = dialogue.interview(key)
    if interview is None or not interview.standing():
        print(_say("report_empty"), file=sys.stderr)
        return 1
    from ui.report import write_report

    write_report(dialogue.interviewer.assessment(interview, full=True), dialogue.rules, options.report)
    print(_say("exported", file=options.report), file=sys.stderr)
    return 0


class _Talk:
    """One conversation at the terminal."""

    def __init__(self, dialogue: Dialogue, key: str, *, region: str, as_json: bool) -> None:
        self._dialogue, self._key = dialogue, key
        self._region, self._json = region, as_json

    def opening(self, options: argparse.Namespace) -> None:
        """Say which conversation it is; begin the assessment, or go on with it."""
        if not self._json:
            print(_say("opening", id=self._key), file=sys.stderr)
        if options.resume and self._dialogue.interview(self._key) is not None:
            self._take("继续")
        elif options.begins:
            self._shown(self._dialogue.begin(self._key, options.rules))

    def run(self, lines: Iterable[str]) -> None:
        """Take the lines, one turn each, until the last or until the user leaves."""
        for line in lines:
            text = line.strip()
            if text in (":退出", ":quit", ":q"):
                break
            if text.startswith(":"):
                self._command(text)
            elif text:
                self._take(text)
        if not self._json:
            print(_say("bye", id=self._key), file=sys.stderr)

    def _command(self, text: str) -> None:
        name, _, rest = text[1:].partition(" ")
        out = sys.stderr if self._json else sys.stdout
        if name in ("列表", "list"):
            for one in self._dialogue.list():
                print(_say("listed", id=one.id, changed=one.changed[:16].replace("T", " "), title=one.title), file=out)
        elif name in ("导出", "export") and rest.strip():
            path = Path(rest.strip())
            path.write_text(self._dialogue.exported(self._key, now=datetime.now()), encoding="utf-8")
            print(_say("exported", file=path), file=out)
        elif name in ("改名", "rename") and rest.strip():
            self._dialogue.rename(self._key, rest)
        elif name in ("帮助", "help"):
            print(_texts()["help"], file=out)
        else:
            print(_say("no_command", text=text), file=out)

    def _take(self, text: str) -> None:
        from assistant.turns import Turn
        from scoring.cells import Given

        given: tuple[Given, ...] = ()
        if text.startswith("@"):
            path = Path(text[1:].strip()).expanduser()
            if not path.is_file():
                print(_say("no_script", file=path), file=sys.stderr)
                return
            given, text = (Given.of(path),), ""
        printed = ""
        for event in self._dialogue.stream(self._key, text, files=given, region=self._region):
            if isinstance(event, Turn):
                self._shown(event, printed)
            elif not self._json and event.startswith(printed) and event != printed:
                print(event[len(printed) :], end="", flush=True)
                printed = event

    def _shown(self, turn: Turn, printed: str = "") -> None:
        if self._json:
            print(json.dumps(turn_record(turn), ensure_ascii=False), flush=True)
            return
        if printed and turn.reply.startswith(printed):
            print(turn.reply[len(printed) :])
        elif turn.reply:  # what was shown on the way was taken back: say it again, as it stands
            print(f"\n{turn.reply}" if printed else turn.reply)
        for note in turn.notes:
            print(f"（{note}）")
        if turn.citations:
            print(_texts()["sources"])
        for one in turn.citations:
            print(_say("source", mark=one["mark"] or "·", title=one["title"], place=one["place"])[:_SUMMED])
        if turn.question:
            print(f"\n{turn.question}" if turn.reply else turn.question)


def turn_record(turn: Turn) -> dict[str, Any]:
    """Return a turn as `--json` prints it; remarks stand at the end of the reply."""
    record = turn.record()
    record["reply"] = "\n".join(part for part in (turn.reply, *turn.notes) if part)
    record["understood"] = [{key: one[key] for key in VALUE_KEYS} for one in record["understood"]]
    return {key: record[key] for key in KEYS}
