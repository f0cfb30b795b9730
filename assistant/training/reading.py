"""The files that lie beside the modules of training, read once."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from ruamel.yaml import YAML

FOLDER = files("assistant") / "training"


@cache
def read_file(name: str) -> Any:
    """Return the data of a YAML file of this folder, all values as text."""
    return read_text((FOLDER / name).read_text(encoding="utf-8"))


def read_text(text: str) -> Any:
    """Return the data of a YAML text, all values as text."""
    return YAML(typ="base").load(io.StringIO(text))  # pyright: ignore[reportUnknownMemberType]


def phrase(name: str, /, **values: object) -> str:
    """Return the sentence of that name, filled in; `a.b` is the entry b of the group a."""
    found: Any = read_file("phrases.yaml")
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)


def quoted(text: str) -> str:
    """Return a text as it stands between quotation marks: its own ones are the inner ones."""
    return text.replace("“", "‘").replace("”", "’")


def seeded(*parts: object) -> Random:
    """Return the chance that a seed gives: the same for the same parts."""
    return Random(" ".join(map(str, parts)))  # noqa: S311 - it chooses exercises, no secrets
