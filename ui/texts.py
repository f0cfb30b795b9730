"""The words of the screen: text.yaml, read and checked once at the start."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Kind
from assistant.understand import read_yaml
from corpus.model import Confidence
from ui.command_texts import CommandTexts
from ui.grade_texts import GradeTexts


class Texts(BaseModel):
    """Every Chinese sentence on the screen, by name; a missing or unknown name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    tagline: str
    shelf: str
    lexical_only: str
    welcome: str
    welcome_more: str
    examples_label: str
    examples: tuple[str, ...] = Field(min_length=1)
    region_label: str
    region_any: str
    box_label: str
    keys: str
    send: str
    stop: str
    retry: str
    undo: str
    clear: str
    export: str
    you: str
    advisor: str
    thinking: str
    stopped: str
    empty_question: str
    long_question: str
    nothing_to_export: str
    failed: str
    disclaimer: str
    kinds: dict[Kind, str]
    kind_hints: dict[Kind, str]
    sources: str
    sources_near: str
    more_sources: str
    clauses: str
    open_source: str
    open_mark: str
    official: str
    confidences: dict[Confidence, str]
    copy_: str = Field(alias="copy")
    copied: str
    up: str
    down: str
    voted_up: str
    voted_down: str
    reason_label: str
    reason_hint: str
    reason_send: str
    reason_cancel: str
    vote_failed: str
    source_label: str
    close: str
    digest_note: str
    number: str
    issuers: str
    issued: str
    published: str
    in_force: str
    status: str
    region: str
    checked: str
    place: str
    cited_here: str
    export_time: str
    export_file: str
    grade: GradeTexts
    command: CommandTexts
    serving: str
    port_taken: str
    provinces: tuple[str, ...]


def read_texts() -> Texts:
    """Return the words of the screen.

    Raises:
        pydantic.ValidationError: where text.yaml lacks a sentence or has one too many.
    """
    return Texts.model_validate(read_yaml("ui", "text.yaml"))
