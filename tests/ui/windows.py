"""Windows of a real browser, and what every one of them is held to: no request to another host, no error."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
BOX = "#question textarea"
Visit = Callable[..., Any]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_windows(browser: Any, *, console: bool = True) -> Iterator[Visit]:
    """Yield what opens an address in a context of its own; at the end each window is held to the rules.

    Args:
        browser: the browser.
        console: whether an error on the console is a fault; a server that is shut makes some.
    """
    contexts: list[Any] = []
    hosts: set[str] = set()
    faults: list[str] = []

    def open_one(address: str, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda r: hosts.add(urlsplit(r.url).hostname or urlsplit(r.url).scheme))
        page.on("console", lambda m: faults.append(m.text) if console and m.type == "error" else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(address)
        page.wait_for_selector(".welcome")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert hosts <= {"127.0.0.1", "data", "blob"}
    assert not faults


def ask(page: Any, question: str) -> Any:
    """Send a message and return its turn when the whole reply is there."""
    number = page.locator(".turn").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    return replied(page, number)


def replied(page: Any, number: int) -> Any:
    """Return the turn at a place, counted from 0, when its whole reply is there."""
    turn = page.locator(".turn").nth(number)
    turn.locator(".after, .problem").wait_for()
    return turn
