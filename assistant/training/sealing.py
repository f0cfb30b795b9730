"""The secret key of an installation, and the seal that it puts on what was saved."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.training.errors import ProgressDamaged
from assistant.training.reading import phrase

_LENGTH = 32


def installation_key(home: Path) -> bytes:
    """Return the secret key of this installation, made at first use; readable by its owner only.

    Raises:
        ProgressDamaged: the key's file holds no key.
    """
    path = home / "training" / "key"
    if not path.exists():
        _make_key(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _LENGTH:
        raise ProgressDamaged(phrase("progress.key", file=path))
    return key


def _make_key(path: Path) -> None:
    """Write a new key in one step; where another process was quicker, its key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # for the owner alone
    with os.fdopen(descriptor, "w", encoding="ascii") as new:
        new.write(secrets.token_hex(_LENGTH))
    try:
        path.hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()


def same(one: object, other: str) -> bool:
    """Whether a seal that was read, which may be anything, is the one meant."""
    return hmac.compare_digest(str(one).encode("utf-8", "surrogatepass"), other.encode())


def seal(key: bytes, before: str, values: Sequence[object]) -> str:
    """Return the seal of values that follow what was sealed `before`."""
    text = json.dumps([before, *values], ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
