"""Answers to questions about the own assessment in hand; every figure comes from an assessment, the working with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.entries import Interview, Value
from assistant.grading import Grading
from assistant.inquiries import inquiries, say
from assistant.interview_reply import Progress, progress_of
from assistant.interview_result import clause_of, outcome_of, step_text
from assistant.interview_turn import tried
from assistant.interview_words import echoes, joined, name_of, shortened, value_text
from scoring.agenda import covered
from scoring.errors import ParkDataError
from scoring.interval import Interval
from scoring.model import Assessment, Reference, Result, Rules, Step
from scoring.park import definition_of
from scoring.wording import span
from scoring.write import trace_text

_MOST = 6


@dataclass(frozen=True, slots=True)
class Answered:
    """What is said to a question about the assessment: the lines, the working behind them, the clauses."""

    lines: tuple[str, ...]
    working: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    progress: Progress | None = None


class Inquiry:
    """One question about one interview, by what was said so far; what is not confirmed is named as such."""

    def __init__(self, interview: Interview, rules: Rules) -> None:
        self.interview, self.rules = interview, rules
        self.rubric = rules.rubric(interview.rules_id)
        found, _ = tried(interview, interview.known(), rules)
        self.with_waiting = found is not None
        self.park = interview.park(interview.known() if found is not None else None)
        self.assessment: Assessment = found or Grading(self.park, rules).assessment(interview.rules_id)

    def answer(self, topic: str, indicator: str = "") -> Answered:
        """Return the answer to a question of a topic; `indicator` names the line that `value` asks for."""
        if topic == "reported":
            return Answered(tuple(self._reported()))
        if topic in ("why", "basis"):
            return self._why() if topic == "why" else self._basis()
        if not self.interview.known():
            return Answered((say("nothing"),))
        if topic in inquiries()["totals"]:
            return self._total(topic)
        if topic == "value":
            return self._value(indicator)
        makers = {"gap": self._gap, "route": self._route, "missing": self._wanting}
        lines = [*makers.get(topic, self._verdict)(), *self._unconfirmed()]
        references = tuple(one.indicator.reference for one in self._of("not_met"))
        return Answered(tuple(lines), references=references, progress=self._progress())

    def _progress(self) -> Progress:
        confirmed = Grading(self.interview.park(), self.rules).assessment(self.interview.rules_id)
        return progress_of(self.interview, confirmed, self.rules)

    def _of(self, *verdicts: str) -> list[Result]:
        return [one for one in self.assessment.results if one.verdict in verdicts]

    # Where it stands -------------------------------------------------------------------------------------------------

    def _verdict(self) -> Iterator[str]:
        told, found = outcome_of(self.assessment, self.rules), self.assessment
        grade = say("grade", grade=told["grade"]) if told["grade"] else ""
        yield say("so_far", title=self.rubric.title, outcome=told["outcome"], grade=grade)
        if found.low is not None and found.high is not None and found.full is not None:
            low, high, full = (span(one, "", self.rules).strip() for one in (found.low, found.high, found.full))
            yield say("points_one" if low == high else "points", low=low, high=high, full=full)
        yield from self._not_met()
        met = [one.indicator.label for one in self._of("met")]
        if met:
            yield say("met", count=len(met), labels=joined(met))
        yield from self._missing()

    def _not_met(self) -> Iterator[str]:
        failed = self._of("not_met")
        if failed:
            yield say("not_met", count=len(failed))
        for one in failed:
            clause = clause_of(one.indicator.reference, self.rules)
            yield say("line", label=one.indicator.label, reason=one.reason, clause=clause)

    def _missing(self) -> Iterator[str]:
        open_ = [one.indicator.label for one in self._of("missing")]
        left = [name for name in self.assessment.missing if name not in self.interview.known()]
        if not open_:
            yield say("all_known")
            return
        form = "waiting" if len(open_) <= _MOST else "waiting_many"
        yield say(form, count=len(open_), labels=joined(open_[:_MOST]), left=len(left))

    def _wanting(self) -> Iterator[str]:
        yield from self._missing()
        if left := [name for name in self.assessment.missing if name not in self.interview.known()]:
            yield self._lacks(left)

    def _gap(self) -> Iterator[str]:
        yield from self._not_met()
        if not self._of("not_met"):
            yield say("gap_none" if self._of("met") else "gap_open")
        bare = [one.indicator.label for one in self._of("no_limit")]
        if bare:
            yield say("no_limit", count=len(bare), labels=joined(bare[:_MOST]))
        yield from self._missing()

    def _route(self) -> Iterator[str]:
        try:
            way = Grading(self.park, self.rules).route(self.rubric.id)
        except ParkDataError as error:
            yield from (fault.what for fault in error.faults)
            yield from self._gap()
            return
        steps = joined(step_text(one) for one in way["improvements"])
        yield say("route", goal=way["goal"]["label"], count=len(way["improvements"]), steps=steps)
        if self._of("missing"):
            yield say("route_missing")
        yield say("route_costs")

    def _unconfirmed(self) -> Iterator[str]:
        waiting = self.interview.waiting() if self.with_waiting else {}
        if waiting:
            ordered = sorted(waiting.items(), key=lambda one: one[1].value == 0)  # nothing of something comes last
            told = [self._told(key, one.value) for key, one in ordered]
            yield say("unconfirmed", values=shortened(told, _MOST))
        raws = [one.entry.raw for one in self.interview.pending if one.kind != "smell"]
        if raws:
            yield say("pending", values=joined(f"“{raw}”" for raw in raws))

    def _told(self, key: str, value: Value | None) -> str:
        return say("one", label=name_of(key, self.rules), value=value_text(key, value, self.rules))

    # Figures ---------------------------------------------------------------------------------------------------------

    def _total(self, topic: str) -> Answered:
        name = inquiries()["totals"][topic]
        step = self.assessment.totals.get(name)
        label = inquiries()["names"][topic]
        if step is None:
            return Answered((say("total_no", title=self.rubric.title, label=label),))
        lines, working = list(self._figure(step, label)), trace_text(step, self.rules).split("\n")
        if step.missing:
            parts = [say("part", label=one.label, value=self._span(one)) for one in _finished(step, step.unit)]
            lines += [say("parts", parts="；".join(parts))] if parts else []
        return Answered((*lines, *self._unconfirmed()), tuple(working), progress=self._progress())

    def _value(self, indicator: str) -> Answered:
        found = [one for one in self.assessment.results if one.indicator.id == indicator]
        if not found:
            return Answered((say("indicator_unknown", title=self.rubric.title),))
        one = found[0]
        clause = clause_of(one.indicator.reference, self.rules)
        reason = self._lacks(one.missing).removesuffix("。") if one.missing else one.reason
        lines = [say("line", label=one.indicator.label, reason=reason, clause=clause)]
        working = trace_text(one.step, self.rules).split("\n") if one.step is not None else []
        references = (one.indicator.reference,)
        return Answered((*lines, *self._unconfirmed()), tuple(working), references, self._progress())

    def _figure(self, step: Step, label: str) -> Iterator[str]:
        open_ended = isinstance(step.value, Interval) and not (step.value.low >= 0 and step.value.high.is_finite())
        form = "total" if not step.missing else "total_unknown" if open_ended else "total_open"
        yield say(form, label=label, value=self._span(step))
        if step.missing:
            yield self._lacks(step.missing)

    def _span(self, step: Step) -> str:
        return span(step.value, step.unit, self.rules)

    def _lacks(self, names: Sequence[str]) -> str:
        labels = list(dict.fromkeys(name_of(one, self.rules) for one in names))
        form = "lacks" if len(labels) <= _MOST else "lacks_more"
        return say(form, names=joined(labels[:_MOST]), count=len(labels))

    # What is asked ---------------------------------------------------------------------------------------------------

    def _why(self) -> Answered:
        interview = self.interview
        if interview.pending:
            return Answered((say("why_doubt", raw=interview.pending[0].entry.raw),))
        if not interview.asked:
            return Answered((say("why_confirm" if interview.waiting() else "none_asked"),))
        label, results = name_of(interview.asked, self.rules), self._served()
        lines: list[str] = []
        if results:
            lines.append(say("why", label=label, lines=joined(self._line(one) for one in results[:_MOST])))
        else:
            totals = [step.label for step in self.assessment.totals.values() if self._serves(step.missing)]
            beside = [step.label for _, step in self.assessment.besides if self._serves(step.missing)]
            names = list(dict.fromkeys((*totals, *beside))) or [label]
            lines.append(say("why_totals", label=label, totals=joined(names)))
        references = tuple(one.indicator.reference for one in results)
        return Answered((*lines, say("why_order")), references=references)

    def _basis(self) -> Answered:
        asked = self.interview.pending[0].entry.fact if self.interview.pending else self.interview.asked
        if not asked:
            return Answered((say("none_asked"),))
        label, results = name_of(asked, self.rules), self._served()
        kept = [one for one in results if one.indicator.reference.document]
        lines = [say("basis", label=label)] if results else [say("basis_none", label=label)]
        for one in results[:_MOST]:
            where = one.indicator.reference
            title = where.title or self.rules.titles.get(where.document, "")
            form = "basis_line" if one in kept else "basis_own"
            lines.append(say(form, title=title, clause=where.clause, label=one.indicator.label))
        return Answered(tuple(lines), references=tuple(one.indicator.reference for one in kept))

    def _line(self, one: Result) -> str:
        return say("line_clause", label=one.indicator.label, clause=clause_of(one.indicator.reference, self.rules))

    def _served(self) -> list[Result]:
        """Return the lines that wait for what is asked."""
        return [one for one in self.assessment.results if self._serves(one.missing)]

    def _serves(self, missing: Sequence[str]) -> bool:
        pending = self.interview.pending
        asked = pending[0].entry.fact if pending else self.interview.asked
        definition, _ = definition_of(asked, self.rules)
        wanted = {asked, asked.partition("/")[0]}
        if definition.kind == "declaration":
            wanted |= covered(asked, self.rules)
        if definition.derived:
            wanted |= {one.id for one in self.rules.facts.values() if one.section == definition.section}
        return any(name in wanted or name.partition("/")[0] in wanted for name in missing)

    def _reported(self) -> Iterator[str]:
        standing, waiting = self.interview.standing(), self.interview.waiting()
        kept = sorted(standing.values(), key=self.interview.entries.index)
        if standing:
            yield say("reported", count=len(standing), values=echoes(kept, self.rules))
        else:
            yield say("reported_none")
        if waiting:
            yield say("reported_waiting", values=echoes(waiting.values(), self.rules))
        raws = [one.entry.raw for one in self.interview.pending]
        if raws:
            yield say("pending", values=joined(f"“{raw}”" for raw in raws))
        unknown = [name_of(key, self.rules) for key in self.interview.not_known()]
        if unknown:
            yield say("reported_unknown", labels=joined(unknown))


def _finished(step: Step, unit: str) -> Iterator[Step]:
    """Yield the outermost parts of a total that are computed already, in its unit, and are not nothing."""
    for one in step.inputs:
        if one.unit == unit and not one.missing and one.origin == "formula":
            yield from () if one.value == 0 else (one,)
        else:
            yield from _finished(one, unit)
