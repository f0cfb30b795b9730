"""What a conversation keeps between its turns, from the plain data that is saved to our own nouns and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from assistant.act import Place
from assistant.entries import Interview
from assistant.grading import words
from assistant.inquiries import TOPICS
from assistant.intent import Context, Understood
from assistant.interview_reply import Progress


def open_record(place: Place) -> dict[str, Any]:
    """Return what is open at a place, as plain data."""
    return {
        "question": place.question,
        "options": list(place.options),
        "paused": place.paused,
        "subject": place.subject,
    }


def place_of(state: Mapping[str, Any]) -> Place:
    """Return where the conversation stands at the turn that begins."""
    record = state.get("interview")
    held = state.get("open", {})
    return Place(
        number=state.get("number", 0) + 1,
        interview=None if record is None else Interview.from_record(record),
        question=held.get("question", ""),
        options=tuple(held.get("options", ())),
        paused=held.get("paused", False),
        subject=held.get("subject", ""),
        region=state["region"],
    )


def context_of(state: Mapping[str, Any]) -> Context | None:
    """Return what the turn before left, None at the start."""
    record = state.get("context")
    if not record:
        return None
    size = record["energy_tce"]
    found: dict[str, Any] = {**record, "energy_tce": None if size is None else Decimal(size)}
    return Context(**found)


def left_behind(
    heard: Understood | None, place: Place, before: Context | None, *, answered: bool = False
) -> dict[str, Any]:
    """Return what the turn leaves to the next message, as plain data; `answered`: by the library."""
    interview = None if place.paused else place.interview
    asked = interview.asked if interview else ""
    confirming = bool(interview and not asked and (interview.pending or interview.waiting()))
    last = before or Context()
    made = replace(last, asked=asked, confirming=confirming)
    if heard is not None:
        made = heard.context(asked=asked, confirming=confirming)
        made = made if heard.intent in ("ask", "show_clause") else replace(made, subject=last.subject)
        if heard.tool in TOPICS:
            made = replace(made, intent="grade", subject=last.subject)
    if interview is not None and not made.rules_id:
        made = replace(made, rules_id=interview.rules_id)
    made = replace(made, held=place.interview is not None, answered=answered)
    size = made.energy_tce
    return {**asdict(made), "energy_tce": None if size is None else str(size)}


def was_said(value: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    """Whether the words of a value were said: now, or before and waiting for an answer, or in a file or the table."""
    if state["files"] or state["edit"] or value["state"] == "withdrawn" or value["raw"] in state["message"]:
        return True
    before = state.get("interview") or {"entries": (), "previous": (), "pending": ()}
    entries = (*before["entries"], *before["previous"], *(one["entry"] for one in before["pending"]))
    return any(one["raw"] == value["raw"] for one in entries)


def standing_of(progress: Progress | None) -> dict[str, Any]:
    """Return score, level and progress of the interview as plain data."""
    if progress is None:
        return {}
    low, high = progress.grades or ("", "")
    span = low
    if low != high:
        span = words()["say"]["level_span"].format(low=low, high=high)
    points = progress.points
    return {
        "score": None if points is None else dict(zip(("low", "high", "full"), points, strict=True)),
        "level": span,
        "progress": {
            "done": progress.done,
            "of": progress.of,
            "verdict": progress.verdict,
            "settled": [list(one) for one in progress.settled],
            "open": list(progress.open),
            "unconfirmed": list(progress.unconfirmed),
            "final": progress.final,
        },
    }
