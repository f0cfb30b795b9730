"""A question about one park's data -> an answer made of what a tool says of it, without any language model.

    answer = park_answer("把这个园区按国家级指标打分", park, rules)

None where the question is not about the park's data: then the library answers it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.grading import Grading, Record, words
from assistant.intent import park_intent as intent_of
from assistant.intent import rules_named, signs
from assistant.supposing import changes_of, core, shifted
from assistant.tools import park_tools
from scoring.model import Assessment, ParkData, Rubric, Rules, Step
from scoring.wording import label_of
from scoring.write import trace_text


@dataclass(frozen=True, slots=True)
class ParkAnswer:
    """What is said to a question about a park's data.

    Attributes:
        question: as asked.
        tool: which of the tools answered it.
        lines: the answer, the direct one first.
        trace: the working, to be redone by hand.
        data: the record that the tool gave; every figure of the lines is in it.
    """

    question: str
    tool: str
    lines: tuple[str, ...]
    trace: tuple[str, ...]
    data: Record

    @property
    def text(self) -> str:
        """The answer with its working as plain text."""
        say = words()["say"]
        return "\n".join((*self.lines, *(("", f"{say['trace']}：", *self.trace) if self.trace else ())))

    def record(self) -> dict[str, object]:
        """Return the answer as the command prints it in JSON."""
        return {
            "question": self.question,
            "kind": "park",
            "tool": self.tool,
            "answer": "\n".join(self.lines),
            "trace": list(self.trace),
            "data": self.data,
        }


def park_answer(question: str, park: ParkData, rules: Rules, *, rules_id: str = "") -> ParkAnswer | None:
    """Return the answer from the park's assessment, or None where the question asks for something else.

    `rules_id` is the rule set spoken of, for a question that names none.
    """
    asked = unicodedata.normalize("NFKC", question)
    intent = intent_of(asked)
    if intent is None:
        return None
    talk = _Talk(asked, park, rules, rules_id)
    try:
        lines, trace, data = talk.answer(intent)
    except _RefusedError as refused:
        lines, trace, data = str(refused).split("\n"), [], {"refused": str(refused)}
    return ParkAnswer(question, _TOOLS[intent], tuple(talk.opening() + lines), tuple(trace), data)


_TOOLS = {
    "grade": "grade_park",
    "missing": "what_is_missing",
    "explain": "explain_indicator",
    "what_if": "what_if",
    "route": "route_to_next_level",
}


class _RefusedError(Exception):
    """There is no record to answer from; the sentence says why."""


class _Talk:
    """One question about one park."""

    def __init__(self, question: str, park: ParkData, rules: Rules, rules_id: str = "") -> None:
        self.question, self.park, self.rules = question, park, rules
        self.words = words()
        self.say: Mapping[str, str] = self.words["say"]
        self.named = next(iter(rules_named(question, rules)), rules_id) or None
        self.rules_id: str = self.named or signs()["default_rubric"]
        self.rubric: Rubric = self.rules.rubric(self.rules_id)

    def opening(self) -> list[str]:
        """Return the remark that no rule set was named, where none was."""
        return [] if self.named else [f"（{self.say['default_rules']}）"]

    def _told(self, intent: str, **arguments: object) -> Record:
        """Return the record that the tool of that intent gives."""
        tool = next(one for one in park_tools(self.park, self.rules) if one.name == _TOOLS[intent])
        record: Record = tool.invoke({"rules": self.rules_id, **arguments})
        if "refused" in record:
            raise _RefusedError(record["refused"])
        return record

    def answer(self, intent: str) -> tuple[list[str], list[str], Record]:
        """Return lines, working and record."""
        if intent == "explain" and (indicator := self._indicator()) is not None:
            return self._explained(indicator)
        makers = {"missing": self._missing, "what_if": self._what_if, "route": self._route}
        return makers.get(intent, self._graded)()

    def _graded(self) -> tuple[list[str], list[str], Record]:
        data = self._told("grade")
        steps = _outermost(Grading(self.park, self.rules).assessment(self.rules_id))
        trace = [line for step in steps for line in trace_text(step, self.rules).split("\n")]
        return list(self._result(data)), trace, data

    def _result(self, data: Record) -> Iterator[str]:
        say, verdicts, levels, score = self.say, self.words["verdicts"], data["level"], data["score"]
        yield say["head"].format(
            park=data["park"],
            year=data["year"],
            title=data["rules_title"],
            edition=data["rules_edition"],
            outcome=self.words["outcomes"][data["verdict"]],
        )
        if levels["low"] is not None:
            span = levels["low"] if levels["low"] == levels["high"] else say["level_span"].format(**levels)
            yield say["level"].format(level=span)
        if score["max"] is not None:
            form = say["score_one"] if score["low"] == score["high"] else say["score_span"]
            yield form.format(low=score["low"], high=score["high"], full=score["max"])
        counts = [say["count"].format(word=verdicts[one], count=n) for one, n in data["counts"].items() if n]
        yield say["counts"].format(counts=say["comma"].join(counts))
        if data["notice"]:
            yield data["notice"]
        for one in data["indicators"]:
            yield say["line"].format(word=verdicts[one["verdict"]], label=one["label"], reason=one["reason"])
            yield from (say["edge"].format(text=flip["text"]) for flip in one["edge"])
        yield from data["warnings"]
        yield from self._next(data["next_datum"])

    def _next(self, datum: Record | None) -> Iterator[str]:
        if datum is not None:
            yield self.say["next" if datum["holder"] else "next_bare"].format(**datum)

    def _missing(self) -> tuple[list[str], list[str], Record]:
        data = self._told("missing")
        if not data["missing"]:
            return [self.say["nothing_missing"]], [], data
        lines = [self.say["missing_head"].format(count=len(data["missing"]))]
        for one in data["missing"]:
            form = self.say["missing_line" if one["holder"] else "missing_line_bare"]
            lines.append(
                form.format(label=one["label"], holder=one["holder"], waiting=self.say["joint"].join(one["waiting"]))
            )
        return [*lines, *self._next(data["next_datum"])], [], data

    def _explained(self, indicator: str) -> tuple[list[str], list[str], Record]:
        data = self._told("explain", indicator=indicator)
        lines = [self.say["explain_head"].format(label=data["label"], reason=data["reason"])]
        where = data["reference"]
        if where["title"]:
            lines.append(self.say["basis"].format(document=where["title"], clause=where["clause"]))
        return lines, data["working"].split("\n") if data["working"] else [], data

    def _indicator(self) -> str | None:
        """Return the indicator that the question names: the longest of the labels found in it."""
        found = [one for one in self.rubric.indicators if core(one.label) in self.question or one.id in self.question]
        return max(found, key=lambda one: len(one.label)).id if found else None

    def _route(self) -> tuple[list[str], list[str], Record]:
        data = self._told("route")
        head = self.say["route_head"].format(
            start=data["start"]["label"], goal=data["goal"]["label"], count=len(data["improvements"])
        )
        return [head, *(self._improvement(one) for one in data["improvements"])], [], data

    def _improvement(self, one: Record) -> str:
        if one["level"] is not None:
            return self.say["route_level"].format(**one)
        if not one["limit"]:
            return self.say["route_yes"].format(**one)
        return self.say["route_limit"].format(**one) + (self.say["route_gap"].format(**one) if one["gap"] else "")

    def _what_if(self) -> tuple[list[str], list[str], Record]:
        changes = changes_of(self.question, self.rules, self.words, self.park)
        if not changes:
            key = shifted(self.question, self.rules, self.words)
            label = label_of(key, self.rules) if key else ""
            raise _RefusedError(self.say["not_reported" if key else "not_understood"].format(label=label))
        data = self._told("what_if", changes=changes)
        told = [self.say["change"].format(label=one["label"], text=one["to"]) for one in data["changes"]]
        lines = [self.say["assumed"].format(changes=self.say["comma"].join(told))]
        outcomes = {
            end: self.words["outcomes"][data["verdict"][end]]
            + (f"（{data['level'][end]}）" if data["level"][end] else "")
            for end in ("before", "after")
        }
        lines.append(self.say["moved_outcome"].format(**outcomes))
        for one in data["moved"]:
            ends = {end: self._end(one, end) for end in ("before", "after")}
            lines.append(self.say["moved_line"].format(label=one["label"], **ends))
        shown = {one["label"] for one in data["moved"]}
        for one in data["totals"].values():
            if one["before"] != one["after"] and one["label"] not in shown:
                lines.append(self.say["moved_line"].format(**one))
        return [*lines, *([] if data["moved"] else [self.say["moved_none"]])], [], data

    def _end(self, one: Record, end: str) -> str:
        return f"{one['value'][end]}（{self.words['verdicts'][one['verdict'][end]]}）"


def _outermost(assessment: Assessment) -> list[Step]:
    """Return the totals that are not part of another total's working."""
    totals = list(assessment.totals.values())
    inside = {step.name for total in totals for step in _below(total)}
    return [total for total in totals if total.name not in inside]


def _below(step: Step) -> Iterator[Step]:
    for one in step.inputs:
        yield one
        yield from _below(one)
