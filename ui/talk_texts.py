"""The words of the tab 问顾问, by name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from assistant.understand import read_yaml


class TalkTexts(BaseModel):
    """Every Chinese sentence of the tab beyond those of an answer; a missing or unknown name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tab: str
    edited: str
    edited_one: str
    edited_more: str
    to_side: str
    dropped: str
    next_steps: str
    working: str
    again: str
    resumed: str
    box_hint: str
    attach: str
    attach_hint: str
    sending: str
    unsent: str
    offer: str
    offer_take: str
    offer_leave: str
    interview: str
    interview_none: str
    interview_none_hint: str
    begin: str
    rules: str
    so_far: str
    final: str
    done: str
    done_waiting: str
    progress_label: str
    grade: str
    points: str
    points_one: str
    points_span: str
    verdict: str
    verdicts: dict[str, str]
    asked: str
    settled: str
    open: str
    values: str
    values_none: str
    confirm_all: str
    states: dict[str, str]
    origin: str
    origin_turn: str
    raw: str
    evidence: str
    value: str
    value_hint: str
    change: str
    confirm: str
    withdraw: str
    report: str
    report_none: str
    report_failed: str
    list_: str
    list_hint: str
    list_none: str
    list_more: str
    more: str
    rename: str
    title_label: str
    delete: str
    delete_sure: str
    deleted: str
    word: str
    markdown: str


def read_talk_texts() -> TalkTexts:
    """Return the words of the tab.

    Raises:
        pydantic.ValidationError: where talk.yaml lacks a sentence or has one too many.
    """
    return TalkTexts.model_validate(read_yaml("ui", "talk.yaml"))
