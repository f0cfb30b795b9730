"""The words of the grading commands: the part `command` of text.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class CommandTexts(BaseModel):
    """Every Chinese sentence of the commands rules, template, grade, what-if and route, by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: str
    faults: str
    unknown_rules: str
    written: str
    exists: str
    not_xlsx: str
    own: str
    rules_sound: str
    rules_faults: str
    not_the_users: str
    imported: str
    blocks: str
    grades: str
    limit: str
    level: str
    questions: str
    next_datum: str
    missing: str
    report_written: str
    same_park: str
    against_title: str
    against_none: str
    against_same_rules: str
    moved: str
    moved_verdict: str
    set_form: str
    cost_form: str
    unknown_fact: str
    route_title: str
    route_level: str
    route_limit: str
    route_yes: str
    route_cost: str
    many_none: str
    many_reading: str
    many_done: str
    many_refused: str
    many_distribution: str
    many_levels: str
    many_quartiles: str
    many_output: str
    many_kind: str
    many_same_file: str
    one_source: str
    columns: dict[str, str]
