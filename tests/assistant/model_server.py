"""A local server of the chat-completions protocol that says what a test tells it, well-mannered or not.

    with ModelServer(["你好。"]) as server: ...      # each answer in turn, the last one for ever after

An answer is a text (streamed in small pieces, or whole where the client does not stream), or a `Manner`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Manner:
    """How an answer is given.

    Attributes:
        text: what is said; of a status but 200 the message of the fault.
        status: the HTTP status.
        kind: `say`; `hang` says nothing; `drip` sends comments only; `garbage` breaks the JSON midway; `cut` hangs up
            midway; `html` is a proxy's page; `endless` repeats the text until the client leaves; `whole` does not
            stream although asked to.
        pause: seconds between pieces.
        piece: characters of a piece.
    """

    text: str = ""
    status: int = 200
    kind: str = "say"
    pause: float = 0.0
    piece: int = 3


class ModelServer:
    """The server; `asked` holds every request's JSON, `times` when each first piece went out."""

    def __init__(self, answers: Sequence[str | Manner] | Callable[[dict[str, Any]], str | Manner]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.times: list[float] = []
        self._answers = answers
        self._lock = threading.Lock()
        self.stopped = threading.Event()
        owner = self

        class Handler(_Handler):
            server_of_test = owner

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def answer_to(self, request: dict[str, Any]) -> Manner:
        with self._lock:
            number = len(self.asked)
            self.asked.append(request)
        if callable(self._answers):
            given = self._answers(request)
        else:
            given = self._answers[min(number, len(self._answers) - 1)]
        return given if isinstance(given, Manner) else Manner(given)


class _Handler(BaseHTTPRequestHandler):
    server_of_test: ModelServer
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        manner = self.server_of_test.answer_to(request)
        with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
            self._answer(request, manner)

    def _answer(self, request: dict[str, Any], manner: Manner) -> None:
        if manner.kind == "hang":
            self.server_of_test.stopped.wait(20)
            return
        if manner.status != 200:
            self._head(manner.status, "application/json")
            self._write(json.dumps({"error": {"message": manner.text or "no", "type": "x", "code": "x"}}))
        elif manner.kind == "html":
            self._head(200, "text/html")
            self._write("<html><body>Bad gateway</body></html>")
        elif manner.kind == "whole" or not request.get("stream"):
            self._head(200, "application/json")
            message = {"role": "assistant", "content": manner.text}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._write(json.dumps({"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]}))
        else:
            self._head(200, "text/event-stream")
            self._stream(manner)

    def _stream(self, manner: Manner) -> None:
        if manner.kind == "drip":
            while not self.server_of_test.stopped.wait(0.05):
                self._write(": still here\n\n")
            return
        size, text = manner.piece, manner.text
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        if manner.kind in ("garbage", "cut"):
            pieces = pieces[: max(1, len(pieces) // 2)]
        self.server_of_test.times.append(time.monotonic())
        while True:
            for piece in pieces:
                choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
                self._event({"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]})
                if manner.pause:
                    time.sleep(manner.pause)
            if manner.kind != "endless" or self.server_of_test.stopped.is_set():
                break
        if manner.kind == "garbage":
            self._write('data: {"id": "1", "choices": [{"delta": {"con\n\n')
        elif manner.kind != "cut":
            end = {"index": 0, "delta": {}, "finish_reason": "stop"}
            self._event({"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [end]})
            self._write("data: [DONE]\n\n")

    def _event(self, data: dict[str, Any]) -> None:
        self._write(f"data: {json.dumps(data, ensure_ascii=False)}\n\n")

    def _head(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()
