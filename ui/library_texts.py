"""The words of the tab 资料库 and of the library commands, by name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from assistant.understand import read_yaml


class LibraryTexts(BaseModel):
    """Every Chinese sentence of the tab; a missing or unknown name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tab: str
    drop: str
    drop_more: str
    choose: str
    sending: str
    reading: str
    reading_pages: str
    indexing: str
    stop: str
    stopped: str
    nothing_read: str
    recognized: str
    recognized_more: str
    found_in: str
    not_found: str
    take: str
    take_all: str
    leave: str
    taken: str
    taken_supersedes: str
    said_to_replace: str
    is_replaced: str
    left: str
    supersede: str
    supersede_none: str
    fields: dict[str, str]
    hints: dict[str, str]
    list_title: str
    list_empty: str
    filter_all: str
    filter_label: str
    search_label: str
    search_hint: str
    search: str
    search_none: str
    search_found: str
    count: str
    passages: str
    not_yet_searchable: str
    pages: str
    hows: dict[str, str]
    notes: str
    open: str
    fix: str
    save: str
    saved: str
    cancel: str
    remove: str
    removed: str
    undo: str
    restored: str
    differences: str
    differences_more: str
    difference: str
    differences_none: str
    is_original_of: str
    page_of: str
    page_alt: str
    previous_page: str
    next_page: str
    original_note: str
    digest_note: str
    show_digest: str
    show_original: str
    superseded_by: str
    gone: str
    failed: str
    unsent: str
    foreign_file: str
    export_files: str
    export_list: str
    export_columns: tuple[str, ...]
    added: str
    exported: str
    nothing_changed: str
    compare_none: str
    compare_head: str
    changes: dict[str, str]


def read_library_texts() -> LibraryTexts:
    """Return the words of the tab.

    Raises:
        pydantic.ValidationError: where library.yaml lacks a sentence or has one too many.
    """
    return LibraryTexts.model_validate(read_yaml("ui", "library.yaml"))
