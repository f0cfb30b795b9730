"""Originals are fetched from official hosts only; a server on this machine plays them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from fakes import document

from corpus import fetching
from corpus.errors import CorpusError
from corpus.fetching import Fetched, fetch, official_hosts
from corpus.library import read_library
from corpus.model import Document

HOST = "www.example.gov.cn"
PAGE = b"<html><body>" + "零碳园区".encode() * 100 + b"</body></html>"
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/a.html": (200, {"content-type": "text/html; charset=utf-8"}, PAGE),
    "/%E9%99%84%E4%BB%B63.pdf": (200, {"content-type": "application/pdf"}, b"%PDF-1.4 ..."),
    "/moved": (302, {"location": "/a.html"}, b""),
    "/round": (302, {"location": "/round"}, b""),
    "/away": (302, {"location": "https://evil.example.com/a.html"}, b""),
    "/down": (302, {"location": f"http://{HOST}/a.html"}, b""),
    "/program": (200, {"content-type": "application/x-msdownload"}, b"MZ"),
    "/gone": (404, {"content-type": "text/html"}, b"gone"),
    "/huge": (200, {"content-type": "application/pdf", "content-length": str(10**10)}, b"%PDF"),
    "/cut": (200, {"content-type": "application/pdf", "content-length": "4000"}, b"%PDF-1.4"),
}


class Plays(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in headers:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class ToThisMachine(httpx.BaseTransport):
    """Leads every https request to the local server, and remembers the hosts that were asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return self.inner.handle_request(request)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Plays)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


Get = Callable[[str], Fetched]


@pytest.fixture
def transport(port: int) -> ToThisMachine:
    return ToThisMachine(port)


@pytest.fixture
def get(transport: ToThisMachine, tmp_path: Path) -> Get:
    def get(address: str) -> Fetched:
        with httpx.Client(transport=transport) as client:
            return fetch(digest(address), frozenset({HOST}), tmp_path / "in", client=client)

    return get


def digest(address: str) -> Document:
    return document("digest", [("一", "正文。")], url=address)


@pytest.mark.parametrize(
    ("path", "name"), [("a.html", "a.html"), ("moved", "a.html"), ("%E9%99%84%E4%BB%B63.pdf", "附件3.pdf")]
)
def test_an_official_file_is_fetched_with_its_hash(get: Get, path: str, name: str) -> None:
    fetched = get(f"https://{HOST}/{path}")
    content = fetched.path.read_bytes()
    assert (fetched.name, fetched.sha256) == (name, hashlib.sha256(content).hexdigest())
    assert content in (PAGE, b"%PDF-1.4 ...")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"http://{HOST}/a.html", "https"),
        ("https://evil.example.com/a.html", "不在摘编里的官方网站"),
        (f"https://{HOST}:8443/a.html", "不在摘编里的官方网站"),
        (f"https://user@{HOST}/a.html", "不在摘编里的官方网站"),
        ("无", "https"),
        ("file:///etc/passwd", "https"),
    ],
)
def test_other_addresses_are_refused_before_anything_is_asked(
    get: Get, transport: ToThisMachine, address: str, said: str
) -> None:
    with pytest.raises(CorpusError, match=said):
        get(address)
    assert transport.asked == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("away", "不在摘编里的官方网站"), ("down", "https"), ("round", "转来转去"), ("program", "不是文件"),
        ("gone", "HTTP 404"), ("huge", "超过 100 MB"), ("cut", "一部分|下载不下来"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_one_sentence_and_leaves_nothing(
    get: Get, transport: ToThisMachine, tmp_path: Path, path: str, said: str
) -> None:
    with pytest.raises(CorpusError, match=said) as caught:
        get(f"https://{HOST}/{path}")
    assert "\n" not in str(caught.value)
    assert set(transport.asked) == {HOST}
    assert not list((tmp_path / "in").glob("*"))


def test_a_file_that_says_no_size_is_cut_off_at_the_limit(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100)
    with pytest.raises(CorpusError, match="没有下载"):
        get(f"https://{HOST}/a.html")


def test_only_authorities_of_the_digests_are_official() -> None:
    hosts = official_hosts(read_library().documents.values())
    assert {"www.ndrc.gov.cn", "www.nea.gov.cn", "www.gov.cn"} <= hosts
    assert all(host.endswith(".gov.cn") for host in hosts)
    mine = document("own-1", [("一", "正文。")], realm="own", url="https://www.elsewhere.gov.cn/")
    assert official_hosts([mine]) == frozenset()
