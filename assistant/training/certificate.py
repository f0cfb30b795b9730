"""Certificates: a record of a passed exam with a code that this installation can check offline."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from assistant.training.errors import TrainingError
from assistant.training.exam import ExamResult
from assistant.training.progress import Progress
from assistant.training.reading import phrase
from assistant.training.sealing import same

_CODE_BYTES = 15


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says; all values as they are printed.

    Attributes:
        library: fingerprint of the library that the exam was drawn from.
        issuer: which installation issued it: a hash of its key.
        digest: hash of the contents, which anyone can check.
        code: what only the issuer could make and check.
    """

    name: str
    title: str
    exam: str
    day: str
    score: str
    needed: str
    items: int
    library: str
    issuer: str
    digest: str = ""
    code: str = ""

    def record(self) -> dict[str, Any]:
        """Return the certificate as JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of checking a certificate; `certificate` is what it says, None where it cannot be read."""

    status: Literal["genuine", "changed", "foreign", "unknown"]
    says: str
    certificate: Certificate | None = None


def issue(progress: Progress, result: ExamResult, *, now: datetime) -> Certificate:
    """Return the certificate of a passed exam, kept with the progress; the same again for the same exam.

    Raises:
        TrainingError: the exam was not passed.
    """
    if not result.passed:
        raise TrainingError(
            phrase("exam.failed", share=f"{result.share * 100:.1f}%", needed=f"{result.pass_share * 100:.0f}%")
        )
    for kept in progress.records("certificate").values():
        if kept["exam"] == result.exam:
            return _read(kept)
    bare = Certificate(
        result.trainee,
        result.title,
        result.exam,
        f"{now.astimezone():%Y-%m-%d}",
        f"{result.share * 100:.1f}%",
        f"{result.pass_share * 100:.0f}%",
        result.full,
        result.library,
        issuer_of(progress.key),
    )
    made = replace(bare, digest=_digest(bare), code=_code(bare, progress.key))
    progress.put("certificate", made.code, made.record())
    return made


def verify_record(record: object, key: bytes) -> Verified:
    """Return whether a certificate's record is genuine, changed, or another installation's."""
    try:
        found = _read(cast("Mapping[str, Any]", record))
        sound = same(found.digest, _digest(found))
    except (TypeError, KeyError, ValueError):
        return Verified("unknown", phrase("certificate.shape"))
    if found.issuer != issuer_of(key):
        name = "certificate.foreign" if sound else "certificate.foreign_changed"
        return Verified("foreign" if sound else "changed", phrase(name, issuer=found.issuer), found)
    if not sound or not same(found.code, _code(found, key)):
        return Verified("changed", phrase("certificate.changed"), found)
    return Verified("genuine", phrase("certificate.genuine"), found)


def verify_code(progress: Progress, code: str) -> Verified:
    """Return what this installation certified under a code, however it is spaced and cased."""
    plain = "".join(one for one in code.upper() if one.isalnum())
    shown = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    kept = progress.get("certificate", shown)
    if kept is None:
        return Verified("unknown", phrase("certificate.no_code", code=shown))
    return verify_record(kept, progress.key)


def issuer_of(key: bytes) -> str:
    """Return the public name of an installation: a hash of its key."""
    return hashlib.sha256(b"issuer" + key).hexdigest()[:12]


def _canonical(certificate: Certificate) -> bytes:
    said = {name: value for name, value in asdict(certificate).items() if name not in ("digest", "code")}
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def _digest(certificate: Certificate) -> str:
    return hashlib.sha256(_canonical(certificate)).hexdigest()[:24]


def _code(certificate: Certificate, key: bytes) -> str:
    made = hmac.new(key, _canonical(certificate), hashlib.sha256).digest()[:_CODE_BYTES]
    text = base64.b32encode(made).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _read(record: Mapping[str, Any]) -> Certificate:
    found = Certificate(**record)
    if not all(isinstance(value, str) for name, value in asdict(found).items() if name != "items"):
        raise TypeError
    return found
