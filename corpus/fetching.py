"""An official original downloaded from the address in its digest: the one place that goes to the network, when asked.

Only https, only hosts that stand in the digests' addresses and belong to an authority, only documents, only so large;
a redirect is followed under the same rules.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urljoin, urlsplit

from corpus.errors import CorpusError
from corpus.model import Document

if TYPE_CHECKING:
    import httpx

LARGEST = 100 * 1024 * 1024
_OFFICIAL = re.compile(r"(?:^|\.)gov\.cn$")
_REDIRECTS = 5
_SECONDS = 60.0
_FORMATS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A downloaded file.

    Attributes:
        path: where it lies for now.
        name: its name, from the address.
        address: where it came from in the end, after redirects.
        sha256: of its content.
    """

    path: Path
    name: str
    address: str
    sha256: str


def official_hosts(documents: Iterable[Document]) -> frozenset[str]:
    """Return the authorities' hosts that occur in the addresses of the digests."""
    hosts = {urlsplit(d.url).hostname or "" for d in documents if d.realm != "own"}
    return frozenset(host for host in hosts if _OFFICIAL.search(host))


def fetch(
    document: Document,
    hosts: frozenset[str],
    folder: Path,
    *,
    client: httpx.Client | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Download the original of a digest into `folder`.

    Args:
        document: the digest; its address is where the original is looked for.
        hosts: the only hosts that may be asked.
        folder: a folder for the file.
        client: the connection; made here by default. Tests bring one that leads to this machine.
        progress: hears of bytes done and bytes in all (0 where the host does not say).

    Raises:
        CorpusError: saying what was refused or failed; nothing is left behind.
    """
    import httpx

    address = document.url
    made = client or httpx.Client(timeout=_SECONDS, follow_redirects=False, headers={"user-agent": "zero-carbon-park"})
    try:
        for _ in range(_REDIRECTS + 1):
            _check_address(address, hosts)
            with made.stream("GET", address, follow_redirects=False) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    continue
                if answer.status_code != int(httpx.codes.OK):
                    raise CorpusError(f"{address} 没有给出文件（HTTP {answer.status_code}）。请用浏览器打开核对地址。")
                return _save(answer, address, folder, progress)
        raise CorpusError(f"{document.url} 转来转去没有给出文件。请用浏览器下载后再加入。")
    except httpx.HTTPError as error:
        raise CorpusError(
            f"{address} 下载不下来（{type(error).__name__}）。请检查网络，或用浏览器下载后再加入。"
        ) from error
    finally:
        if client is None:
            made.close()


def _check_address(address: str, hosts: frozenset[str]) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise CorpusError(f"只从 https 地址下载，{address!r} 不是。请用浏览器下载后再加入。")
    if parts.hostname not in hosts or parts.port not in (None, 443) or parts.username:
        raise CorpusError(f"{parts.hostname!r} 不在摘编里的官方网站之列，不下载。请用浏览器下载后再加入。")


def _save(answer: Any, address: str, folder: Path, progress: Callable[[int, int], None] | None) -> Fetched:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _FORMATS:
        raise CorpusError(f"{address} 给的不是文件而是 {kind or '未说明的内容'}，没有下载。")
    said = answer.headers.get("content-length", "")
    size = int(said) if said.isdigit() else 0
    done = 0
    digest = hashlib.sha256()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=f".{_FORMATS[kind]}", delete=False) as file:
        path = Path(file.name)
        try:
            for part in cast("Iterable[bytes]", answer.iter_bytes()):
                done += len(part)
                if max(done, size) > LARGEST:
                    raise CorpusError(f"{address} 超过 {LARGEST >> 20} MB，没有下载。")
                digest.update(part)
                file.write(part)
                if progress is not None:
                    progress(done, max(size, done))
            if size and done != size and not answer.headers.get("content-encoding"):
                raise CorpusError(f"{address} 只传来一部分（{done}/{size} 字节），没有采用。请再试一次。")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    stem = Path(unquote(urlsplit(address).path)).stem or urlsplit(address).hostname or "original"
    return Fetched(path, f"{stem}.{_FORMATS[kind]}", address, digest.hexdigest())
