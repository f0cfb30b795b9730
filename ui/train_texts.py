"""The words of the training commands and of the certificate: train_text.yaml, read once."""

from __future__ import annotations

from functools import cache
from typing import Any

from assistant.understand import read_yaml


@cache
def train_texts() -> dict[str, Any]:
    """Return the words of training by name."""
    return read_yaml("ui", "train_text.yaml")


def say(name: str, /, **values: object) -> str:
    """Return the sentence of that name, filled in; `a.b` is the entry b of the group a."""
    found: Any = train_texts()
    for part in name.split("."):
        found = found[part]
    return str(found).format(**values)
