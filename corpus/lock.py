"""One writer at a time: a lock file that the system lets go when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import CorpusError

_STEP = 0.1


@contextmanager
def alone(file: Path, *, patience: float | None = None, busy: str = "") -> Generator[None]:
    """Hold the lock `file`, waiting for it up to `patience` seconds (for ever by default).

    Raises:
        CorpusError: with the sentence `busy` where another one holds it for longer.
        OSError: where the folder cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lock:
        if patience is None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        else:
            _wait(lock.fileno(), patience, busy)
        yield


def _wait(lock: int, patience: float, busy: str) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise CorpusError(busy) from None
            time.sleep(_STEP)
        else:
            return
