"""Files read: the built-in digests (`digest`), and users' documents in their own formats (`read`, `readings`)."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from pathlib import Path

from corpus.errors import CorpusError, ReadingStopped, Unreadable
from corpus.reading.model import Box, Line, PageRead, PageText, Progress, Reading, Stop

__all__ = ["Box", "Line", "PageRead", "PageText", "Reading", "ReadingStopped", "Unreadable", "read", "readings"]


def read(
    path: Path,
    *,
    name: str = "",
    progress: Progress | None = None,
    stop: Stop | None = None,
    pages: MutableMapping[int, PageText] | None = None,
) -> Reading:
    """Read one file by what it is, not by what its name says.

    Args:
        path: the file.
        name: what its user calls it, for messages; the file's own name by default.
        progress: hears of pages done and pages in all.
        stop: asked after each page.
        pages: pages of this very file (same sha256) that were read before; new ones are put in as they are read.

    Raises:
        Unreadable: with one sentence of what is wrong, where, and what to do.
        ReadingStopped: when `stop` said so.
    """
    raise CorpusError("读取文件还没有做好。")


def readings(
    path: Path, *, name: str = "", progress: Progress | None = None, stop: Stop | None = None
) -> Iterator[Reading | Unreadable]:
    """Read a file, or each file of a ZIP or of a folder, in the order of their names; what cannot be read says why."""
    raise CorpusError("读取文件还没有做好。")
