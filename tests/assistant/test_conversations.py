"""Scripted conversations that staff can read and add to: tests/conversations/*.yaml, turn by turn."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant.advisor import Advisor
from assistant.dialogue import Dialogue
from assistant.entries import Entry
from assistant.turns import Turn
from scoring.cells import Given
from scoring.load import load_rules
from scoring.units import plain
from scoring.wording import label_of

FILES = sorted((Path(__file__).parents[1] / "conversations").glob("*.yaml"))
RULES = load_rules()
STEPS = {"说", "上传", "重启", "另开", "重复"}
EXPECTED = {
    *("意图", "类别", "记下", "什么也没记", "已确认", "还没确认", "不算数"),
    *("回复有", "回复没有", "问有", "问没有", "按钮有", "出处", "等级有"),
}


def read(path: Path) -> list[dict[str, Any]]:
    found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    assert set(found) == {"说明", "对话"}
    unknown = {key for step in found["对话"] for key in step} - STEPS - EXPECTED
    assert unknown == set()
    return found["对话"]


def sheet(given: dict[str, Any]) -> Given:
    """An uploaded file: a park's figures as YAML, or any other file."""
    if "文件" in given:
        return Given(given["文件"], given["内容"].encode())
    facts = "\n".join(f"  {key}: {value}" for key, value in given["数据"].items())
    text = f"name: {given['园区']}\nyear: {given['年份']}\nfacts:\n{facts}\n"
    return Given("park.yaml", text.encode())


def shown(entry: Entry) -> str:
    value = entry.value
    return f"{plain(value):f} {entry.unit}" if isinstance(value, Decimal) else f"{value} {entry.unit}"


class Talk:
    """One conversation of a script; a restart opens the file anew."""

    def __init__(self, advisor: Advisor, home: Path) -> None:
        self._advisor, self._home = advisor, home
        self.dialogue = Dialogue(advisor, RULES, home)
        self.key = self.dialogue.new()

    def step(self, step: dict[str, Any]) -> Turn | None:
        if "重启" in step:
            self.dialogue.close()
            self.dialogue = Dialogue(self._advisor, RULES, self._home)
            return None
        if "另开" in step:
            self.key = self.dialogue.new()
            return None
        files = (sheet(step["上传"]),) if "上传" in step else ()
        return self.dialogue.turn(self.key, step.get("说", "") * step.get("重复", 1), files=files)

    def values(self, *, waiting: bool) -> dict[str, str]:
        """Short label -> value of what scores, or of what was only said."""
        interview = self.dialogue.interview(self.key)
        if interview is None:
            return {}
        entries = interview.waiting() if waiting else interview.standing()
        return {label_of(key, RULES): shown(one) for key, one in entries.items()}


def has(values: dict[str, str], label: str, value: str | None = None) -> bool:
    return any(label in known and value in (None, one) for known, one in values.items())


def faults(step: dict[str, Any], turn: Turn, talk: Talk) -> list[str]:
    """What a turn does not do that the script asks of it."""
    told = {one["label"]: f"{one['value']} {one['unit']}" for one in turn.understood}
    standing, waiting = talk.values(waiting=False), talk.values(waiting=True)
    reply = "\n".join((turn.reply, *turn.notes))
    found = [f"意图是 {turn.intent}"] if step.get("意图", turn.intent) != turn.intent else []
    found += [f"类别是 {turn.kind}"] if step.get("类别", turn.kind) != turn.kind else []
    found += [f"没有记下 {k} {v}，记下的是 {told}" for k, v in step.get("记下", {}).items() if not has(told, k, v)]
    found += [f"记下了 {told}"] if "什么也没记" in step and told else []
    confirmed = step.get("已确认")
    if confirmed == {} and standing:
        found.append(f"已确认 {standing}")
    found += [f"没有确认 {k} {v}：{standing}" for k, v in (confirmed or {}).items() if not has(standing, k, v)]
    found += [f"{k} 没有在等确认" for k in step.get("还没确认", ()) if not has(waiting, k) or has(standing, k)]
    found += [f"{k} 还算数" for k in step.get("不算数", ()) if has(standing, k) or has(waiting, k)]
    found += [f"回复没有 {part!r}" for part in step.get("回复有", ()) if part not in reply]
    found += [f"回复有 {part!r}" for part in step.get("回复没有", ()) if part in turn.text]
    found += [f"没有问 {part!r}：{turn.question}" for part in step.get("问有", ()) if part not in turn.question]
    found += ["还在追问"] if step.get("问没有", "\0") in turn.question else []
    found += [f"按钮没有 {one}：{turn.buttons}" for one in step.get("按钮有", ()) if one not in turn.buttons]
    found += [f"出处 {len(turn.citations)} 条"] if len(turn.citations) < step.get("出处", 0) else []
    found += [f"等级是 {turn.level}"] if step.get("等级有", "") not in turn.level else []
    marks = {f"[{one['mark']}]" for one in turn.citations}
    found += [f"{mark} 没有出处" for mark in _marks(turn.reply) - marks]
    return found


def _marks(text: str) -> set[str]:
    return set(re.findall(r"\[\d{1,2}\]", text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scripted_conversation_goes_as_written(path: Path, advisor: Advisor, tmp_path: Path) -> None:
    talk = Talk(advisor, tmp_path)
    found: list[str] = []
    for number, step in enumerate(read(path), 1):
        turn = talk.step(step)
        if turn is not None:
            found += [f"第 {number} 步：{fault}\n    答：{turn.text[:600]}" for fault in faults(step, turn, talk)]
    talk.dialogue.close()
    assert found == [], "\n".join(found)


def test_there_are_forty_and_of_every_sort() -> None:
    assert len(FILES) >= 40
    assert {path.stem.split("-")[0] for path in FILES} == {"smooth", "messy", "resumed", "english", "hostile"}
