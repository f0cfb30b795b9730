"""The secret key of an installation, and the seal that it puts on what was saved."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from assistant.training.errors import ProgressDamaged
from assistant.training.reading import phrase


def installation_key(home: Path) -> bytes:
    """Return the secret key of this installation, made at first use; readable by its owner only."""
    path = home / "training" / "key"
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="ascii") as new:
            path.chmod(0o600)
            new.write(secrets.token_hex(32))
        return installation_key(home)
    except ValueError as error:
        raise ProgressDamaged(phrase("progress.key", file=path)) from error


def seal(key: bytes, before: str, values: Sequence[object]) -> str:
    """Return the seal of values that follow what was sealed `before`."""
    text = json.dumps([before, *values], ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
