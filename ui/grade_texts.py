"""The words of 算分 and of its reports: the part `grade` of text.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from scoring.model import Origin, Outcome, Role, Verdict


class GradeTexts(BaseModel):
    """Every Chinese sentence of the tab 算分 and of reports, by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tab: str
    verdicts: dict[Verdict, str]
    outcomes: dict[Outcome, str]
    roles: dict[Role, str]
    origins: dict[Origin, str]
    functions: dict[str, str]
    joint: str
    semicolon: str
    yes: str
    no: str
    none: str
    own_value: str
    by_reporter: str
    confidence: str
    confidence_note: str
    maturity: str
    score_one: str
    score_span: str
    level_span: str
    park_line: str
    next_title: str
    next_holder: str
    jump: str
    edge: str
    see_step: str
    see_line: str
    radar_title: str
    radar_note: str
    waterfall_title: str
    waterfall_note: str
    gap_title: str
    gap_note: str
    gap_text: str
    bar_open: str
    no_font: str
    column_indicator: str
    column_verdict: str
    column_value: str
    column_limit: str
    column_points: str
    column_reason: str
    column_clause: str
    column_role: str
    column_block: str
    column_number: str
    column_name: str
    column_working: str
    column_result: str
    column_exact: str
    column_unit: str
    column_source: str
    column_note: str
    column_datum: str
    column_holder: str
    column_waiting: str
    column_document: str
    column_confidence: str
    column_used: str
    column_file: str
    working_note: str
    nothing_missing: str
    no_warnings: str
    rule_set: str
    factor_sets: str
    report_title: str
    report_date: str
    report_note: str
    report_file: str
    bad_report_kind: str
    sheet_result: str
    sheet_indicators: str
    sheet_working: str
    sheet_sources: str
    sheet_missing: str
    sheet_files: str
    heading_charts: str
    heading_indicators: str
    heading_warnings: str
    heading_missing: str
    heading_besides: str
    heading_working: str
    heading_sources: str
    heading_files: str
    rules_label: str
    name_label: str
    year_label: str
    upload: str
    upload_hint: str
    uploaded: str
    template: str
    template_file: str
    grade: str
    try_: str
    try_hint: str
    route: str
    reset: str
    form_hint: str
    filled: str
    source_hint: str
    empty_choice: str
    excuse_section: str
    excuse_hint: str
    members_hint: str
    member_more: str
    example: str
    share_hint: str
    asked_title: str
    remark_fix: str
    details_trace: str
    details_sources: str
    details_files: str
    details_besides: str
    details_missing: str
    details_indicators: str
    start: str
    start_more: str
    moved_title: str
    moved_none: str
    moved_row: str
    moved_score: str
    moved_back: str
    route_title: str
    route_level: str
    route_limit: str
    route_yes: str
    route_gap: str
    download: str
    download_kinds: dict[str, str]
    nothing_graded: str
    no_name: str
    bad_year: str
    bad_file_kind: str
    file_too_big: str
    faults: str
    faults_more: str
    failed: str
    unknown_rules: str
    no_reader: str
    working_wait: str
