"""What users think of the answers: one JSON object a line in a local file, never sent anywhere."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from assistant.turns import Turn

FILE = "feedback.jsonl"
LONGEST_REASON = 2000

_writing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Feedback:
    """A vote on one answer.

    Attributes:
        time: when it was given, ISO with the offset from UTC.
        question: as asked.
        region: chosen region, empty for the whole country.
        kind: answer, silent or refused; of a turn that is no answer of the library, what it was taken for.
        answer: the reply as shown.
        passages: ids of the passages cited.
        vote: up or down.
        reason: the user's words, possibly none.
    """

    time: str
    question: str
    region: str
    kind: str
    answer: str
    passages: tuple[str, ...]
    vote: Literal["up", "down"]
    reason: str = ""


def feedback_on(turn: Turn, vote: Literal["up", "down"], *, reason: str = "", now: datetime) -> Feedback:
    """Return the record of a vote on a turn; a reason is cut at 2,000 characters."""
    return Feedback(
        time=now.isoformat(timespec="seconds"),
        question=turn.user,
        region=turn.region,
        kind=turn.kind or turn.intent,
        answer=turn.text,
        passages=tuple(c["passage"] for c in turn.citations if c.get("passage")),
        vote=vote,
        reason=reason.strip()[:LONGEST_REASON],
    )


def append_feedback(folder: Path, feedback: Feedback) -> None:
    """Add a record to the folder's feedback file: the whole line in one write, or nothing.

    Raises:
        OSError: where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # A lone surrogate cannot be encoded; the record matters more than that character.
    line = json.dumps(asdict(feedback), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    with _writing, (folder / FILE).open("ab+", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            if file.read(1) != b"\n":  # a line cut off by a power failure must not swallow this one
                line = b"\n" + line
        written = file.write(line)
        if written != len(line):
            file.truncate(end)
            raise OSError(f"only {written} of {len(line)} bytes fit into {str(folder / FILE)!r}")
