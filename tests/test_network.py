"""Nothing leaves the machine: no address but this machine's own is looked up or connected to."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

ROOT = Path(__file__).parents[1]
LOCAL = ("127.", "::1", "localhost")
WATCHED = """
import json, sys
seen = []
WATCH = {"connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "bind"}

def watch(event, arguments):
    if event.startswith("socket.") and event[7:] in WATCH:
        address = arguments[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else arguments[1]
        host = address[0] if isinstance(address, tuple) else address
        seen.append([event, host.decode() if isinstance(host, bytes) else host])

sys.addaudithook(watch)
"""
WORK = """
from pathlib import Path
from fakes import FakeEmbedder
from assistant.advisor import Advisor
from assistant.understand import domain_words
from corpus.embed import KeptEmbedder
from corpus.index import ensure_index
from corpus.library import Library, read_library
from corpus.words import Words

home = Path(sys.argv[1])
whole = read_library()
library = Library(d for d in whole.documents.values() if d.realm == "national")
kept = KeptEmbedder(FakeEmbedder(), home / "embeddings.sqlite")
for _ in range(2):
    index = ensure_index(home / "index", library, kept, Words(domain_words()))
assert index.legs == "fused"
assert index.search("零碳园区", limit=5).hits
advisor = Advisor(index)
assert advisor.ask("我们园区一年用能35万吨标煤，碳强度要压到多少").citations
advisor.ask("What is the deadline?")
print(json.dumps(seen))
"""
PROBE = """
import socket
for kind, address in ((socket.SOCK_STREAM, ("127.0.0.1", 9)), (socket.SOCK_DGRAM, ("192.0.2.1", 9))):
    with socket.socket(socket.AF_INET, kind) as door:
        door.connect_ex(address)
print(json.dumps(seen))
"""


def seen_in(script: str, *arguments: str) -> list[tuple[str, str | None]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-c", WATCHED + script, *arguments],
        capture_output=True, text=True, env=environment, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [(event, host) for event, host in json.loads(done.stdout.splitlines()[-1])]


def outside(seen: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    def own(host: str | None) -> bool:
        return host is None or host == "" or host.startswith((*LOCAL, "/", "\0"))  # a path or \0 is a unix socket

    return [(event, host) for event, host in seen if not own(host)]


def test_the_watch_sees_an_address_outside() -> None:
    assert outside(seen_in(PROBE)) == [("socket.connect", "192.0.2.1")]


def test_building_searching_and_asking_contact_nothing_outside(tmp_path: Path) -> None:
    assert outside(seen_in(WORK, str(tmp_path))) == []


def test_the_tests_themselves_cannot_reach_the_network() -> None:
    with socket.socket() as door, pytest.warns(UserWarning, match="192"), pytest.raises(SocketConnectBlockedError):
        door.connect(("192.0.2.1", 9))
