"""The exercises of the built-in library, made once for all tests of training."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from assistant.training.model import Item
from assistant.training.pool import Pool, open_pool
from corpus.library import Library, read_library

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@cache
def library_at_hand() -> Library:
    return read_library()


@cache
def small_library() -> Library:
    """A few documents of the library, for tests that make exercises more than once."""
    wanted = ("ndrc-2025-910", "coal-equivalents", "heat-factors", "offsets-certificates")
    return Library([one for one in library_at_hand().documents.values() if one.id.startswith(wanted)])


@cache
def home_at_hand() -> Path:
    """A user's folder that the pool was written to; only to be read."""
    return Path(tempfile.mkdtemp(prefix="advisor-training-"))


@cache
def pool_at_hand() -> Pool:
    return open_pool(home_at_hand(), read=library_at_hand)


def item(**changes: object) -> Item:
    """Return a small item of one's own making."""
    made = Item("x", "single", "energy", 1, "问", ("甲", "乙", "丙"), (1,), "因为", ())
    return replace(made, **changes)  # pyright: ignore[reportArgumentType]
