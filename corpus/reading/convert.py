"""Old formats -> ours, through LibreOffice where the machine has it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import Unreadable
from corpus.reading.limits import LIMITS
from corpus.reading.sniff import NAMES

_TARGETS = {"doc": "docx", "rtf": "docx", "odt": "docx", "wordxml": "docx", "xls": "xlsx", "ods": "xlsx"}
_SUFFIXES = {"wordxml": "xml"}


@contextmanager
def converted(path: Path, kind: str, name: str) -> Generator[tuple[Path, str]]:
    """Give the file as .docx or .xlsx, in a folder that is gone afterwards, and which it is.

    Macros are not run: LibreOffice asks before it would, and nobody is there to say yes.

    Raises:
        Unreadable: when there is no LibreOffice, or it cannot convert the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    target = _TARGETS[kind]
    if program is None:
        raise Unreadable(
            name,
            "needs-libreoffice",
            f"{name!r} 是{NAMES[kind]}，读它要用 LibreOffice，这台机器上没有。请另存为 .{target} 或 PDF 再放进来。",
        )
    with tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        given = Path(folder) / f"in.{_SUFFIXES.get(kind, kind)}"
        shutil.copyfile(path, given)
        made = Path(folder) / "out" / f"in.{target}"
        if not _run(program, given, target, Path(folder)) or not made.is_file():
            raise Unreadable(
                name, "damaged", f"{name!r} 是{NAMES[kind]}，LibreOffice 打不开它。请另存为 .{target} 或 PDF 再试。"
            )
        yield made, target


def _run(program: str, given: Path, target: str, folder: Path) -> bool:
    command = [
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", target, "--outdir", str(folder / "out"), str(given),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - the program found on PATH, no shell, our own arguments
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(LIMITS.convert_seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
