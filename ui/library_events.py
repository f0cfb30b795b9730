"""What the buttons of the tab 资料库 bring along: a browser may send anything, so only what fits is taken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import gradio as gr
from gradio.utils import get_upload_folder

from corpus.intake import UNKNOWN
from ui.workings import clean

MOST_FILES = 200
_LONGEST = 300
_FIXED = ("title", "number", "kind", "issued", "published", "in_force", "status", "region")


def uploads(event: gr.EventData) -> dict[Path, str]:
    """Return the uploaded files and their names; a browser may send anything, so only what was uploaded counts."""
    home = Path(get_upload_folder()).resolve()
    found: dict[Path, str] = {}
    for one in list_of(event, "files")[:MOST_FILES]:
        given = mapping(one)
        path = Path(str(given.get("path", ""))).resolve()
        if path.is_relative_to(home) and path.is_file():
            name = clean(str(given.get("name", "")))[:_LONGEST].replace("\\", "/").split("/")[-1]
            found[path] = name or path.name
    return found


def changes_of(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return the facts of record that a form holds, as the library takes them."""
    made: dict[str, Any] = {n: clean(str(facts[n])).strip()[:_LONGEST] for n in _FIXED if n in facts}
    if "issuers" in facts:
        parts = clean(str(facts["issuers"]))[:_LONGEST].split("、")
        made["issuers"] = tuple(p.strip() for p in parts if p.strip()) or (UNKNOWN,)
    if "supersedes" in facts:
        old = str(facts["supersedes"]).strip()
        made["supersedes"] = (old,) if old else ()
    return made


def text_of(event: gr.EventData, name: str) -> str:
    """Return a short text that the browser sent, or nothing."""
    return str(getattr(event, name, "") or "").strip()[:_LONGEST]


def list_of(event: gr.EventData, name: str) -> list[Any]:
    """Return a list that the browser sent, or an empty one."""
    given = getattr(event, name, None)
    return cast("list[Any]", given) if isinstance(given, list) else []


def mapping(given: object) -> Mapping[str, object]:
    """Return what was given if it is a mapping, else an empty one."""
    return cast("Mapping[str, object]", given) if isinstance(given, Mapping) else {}
