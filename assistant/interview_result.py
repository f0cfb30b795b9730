"""What is said when the outcome is settled, at the end of an interview, and on coming back to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.entries import Interview
from assistant.grading import Grading, Record, words
from assistant.interview_reply import Reply, progress_of
from assistant.interview_turn import Heard
from assistant.interview_words import echoes, is_one_of, joined, name_of, say
from scoring.agenda import is_settled
from scoring.errors import ParkDataError
from scoring.model import Assessment, Reference, Result, Rules
from scoring.wording import label_of

if TYPE_CHECKING:
    from assistant.intent import Understood

_RECENT = 5
_MOST_MISSING = 4
_MOST_LINES = 10


def outcome_of(assessment: Assessment, rules: Rules) -> dict[str, str]:
    """Return the outcome in words, and the grade or the two that it lies between."""
    grades = assessment.grades
    grade = "" if grades is None else grades[0].label
    if grades is not None and grades[0].id != grades[1].id:
        grade = words()["say"]["level_span"].format(low=grades[0].label, high=grades[1].label)
    return {"outcome": words()["outcomes"][assessment.verdict], "grade": grade}


def settled(
    interview: Interview, known: Assessment, heard: Heard | Understood | None, rules: Rules
) -> tuple[Interview, str] | None:
    """Return the sentence that the outcome is settled, the first time that it is; going on passes it over."""
    outcomes = [] if known.verdict == "missing" else [f"verdict {known.verdict}"]
    if is_settled(known) and known.grades is not None:
        outcomes.append(f"grade {known.grades[0].id}")
    new = [one for one in outcomes if one not in interview.told]
    if not new:
        return None
    said = {f"said {one}" for one in new}
    heard_of = said <= set(interview.told)
    going_on = heard is not None and not (heard.intent == "confirm" or is_one_of(heard.message, "yes"))
    if heard_of and going_on:
        return None
    waiting = bool(interview.waiting())
    told = said if waiting else new
    interview = replace(interview, told=(*interview.told, *(one for one in told if one not in interview.told)))
    words = outcome_of(known, rules)
    if waiting:
        return interview, say("settled_said", **words)
    return interview, say("settled_sure" if heard_of else "settled", **words) + say("go_on")


def result_reply(interview: Interview, assessment: Assessment, rules: Rules) -> Reply:
    """Return the outcome: verdict, gaps with their clauses, the cheapest way up, and what was left out and why."""
    gaps = [one for one in assessment.results if one.verdict in ("not_met", "missing", "no_limit")]
    references = tuple(one.indicator.reference for one in assessment.results)
    return Reply(
        tuple(_lines(interview, assessment, gaps, rules)),
        references=references,
        progress=progress_of(interview, assessment, rules),
        done=True,
    )


def _lines(interview: Interview, assessment: Assessment, gaps: list[Result], rules: Rules) -> Iterator[str]:
    rubric = assessment.rubric
    told = outcome_of(assessment, rules)
    yield say(
        "result_head",
        name=interview.name or say("no_name"),
        year=say("this_year", year=interview.year) if interview.year else "",
        title=rubric.title,
        edition=rubric.edition,
        outcome=told["outcome"],
    )
    if told["grade"]:
        yield say("result_grade", grade=told["grade"])
    progress = progress_of(interview, assessment, rules)
    if progress.points is not None:
        low, high, full = progress.points
        yield say("interval_points_one" if low == high else "interval_points", low=low, high=high, full=full)
    if rubric.notice:
        yield rubric.notice
    missing = [one for one in gaps if one.verdict == "missing"]
    unsaid = missing[_MOST_LINES:] if len(missing) > _MOST_LINES + 1 else []
    for one in gaps:
        if one in unsaid:
            continue
        verdict = words()["verdicts"][one.verdict]
        clause = clause_of(one.indicator.reference, rules)
        yield say("result_line", verdict=verdict, label=one.indicator.label, reason=_reason(one, rules), clause=clause)
    if unsaid:
        yield say("result_more", count=len(unsaid), labels=joined(one.indicator.label for one in unsaid))
    met = [one.indicator.label for one in assessment.results if one.verdict == "met"]
    if met:
        yield say("result_met", labels=joined(met))
    yield from _route(assessment, rules)
    yield from assessment.warnings
    yield from _left_out(interview, rules)


def _reason(one: Result, rules: Rules) -> str:
    """Return why a line is judged as it is; of much that it lacks the first, and how much it is."""
    if one.verdict != "missing" or len(one.missing) <= _MOST_MISSING:
        return one.reason
    labels = joined(name_of(key, rules) for key in one.missing[:_MOST_MISSING])
    return say("result_missing", labels=labels, count=len(one.missing))


def clause_of(reference: Reference, rules: Rules) -> str:
    """Return document and clause of a reference, or that the project wrote it."""
    title = reference.title or rules.titles.get(reference.document, "")
    return f"{title} {reference.clause}".strip() or say("own_work")


def _route(assessment: Assessment, rules: Rules) -> Iterator[str]:
    """Yield the cheapest way to the next grade; why there is none, where there is none."""
    try:
        way = Grading(assessment.park, rules).route(assessment.rubric.id)
    except ParkDataError as error:
        yield "".join(fault.what for fault in error.faults)
        return
    steps = joined(step_text(one) for one in way["improvements"])
    yield say("result_route", goal=way["goal"]["label"], count=len(way["improvements"]), steps=steps)


def step_text(one: Record) -> str:
    """Return one improvement of a route in words."""
    if one["level"] is not None:
        return say("result_level", label=one["label"], level=one["level"], see=one["see"])
    if not one["limit"]:
        return say("result_yes", label=one["label"])
    gap = say("result_gap", gap=one["gap"]) if one["gap"] else ""
    return say("result_limit", label=one["label"], limit=one["limit"]) + gap


def _left_out(interview: Interview, rules: Rules) -> Iterator[str]:
    said = [*interview.waiting().values(), *(one.entry for one in interview.pending if one.entry.value is not None)]
    if said:
        told = [echoes([one for one in said if one.fact], rules), *(one.raw for one in said if not one.fact)]
        yield say("result_unconfirmed", values=joined(one for one in told if one))
    unknown = [name_of(key, rules) for key in interview.not_known()]
    if unknown:
        yield say("result_unknown", labels=joined(unknown))
    about = [label_of(key, rules) for key, one in interview.standing().items() if say("about_note") in one.evidence]
    if about:
        yield say("result_about", labels=joined(about))
    if not interview.year:
        yield say("result_no_year")


def resume_lines(interview: Interview, rules: Rules) -> Iterator[str]:
    """Yield what was reached so far, for someone who comes back after days."""
    standing = interview.standing()
    year = say("this_year", year=interview.year) if interview.year else say("no_year")
    title = rules.rubric(interview.rules_id).title
    yield say("resume", name=interview.name, title=title, year=year, done=len(standing))
    recent = sorted(standing.values(), key=interview.entries.index)[-_RECENT:]
    if recent:
        yield say("resume_values", values=echoes(recent, rules))
    waiting = interview.waiting()
    if waiting:
        yield say("resume_waiting", values=echoes(waiting.values(), rules))
    unknown = interview.not_known()
    if unknown:
        yield say("resume_skipped", labels=joined(name_of(key, rules) for key in unknown))
