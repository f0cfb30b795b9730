"""The optional language model: it phrases a grounded answer; it never decides, computes or adds.

    writer = open_writer("http://127.0.0.1:8080/v1", "qwen3", api_key="", timeout=30)
    for text in writing: ...        # writing = writer.write(grounded, turns=...)

Any server of the chat-completions protocol will do. Whatever goes wrong with it (no server, time-out, refusal, 429,
broken, empty or endless output) the grounded answer stands and a note says so. What it writes is checked by
`assistant.rewriting` as it comes.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.rewriting import Grounded, Rewriting, signs, without_instructions

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_MOST_TURNS = 3
_LOOK_SECONDS = 0.1  # how often to see whether anybody still waits
_MOST_OF_A_TURN = 400
_LONGEST = 600  # characters beyond twice the grounded answer: then the model has lost itself


@dataclass(frozen=True, slots=True)
class Written:
    """The wording of an answer.

    Attributes:
        lines: its sentences, checked.
        note: why the model's words were not used; empty where they were.
    """

    lines: tuple[str, ...]
    note: str = ""


class Heard(BaseModel):
    """One figure that the model heard in a message: the words that say it, for our own reading."""

    model_config = ConfigDict(extra="ignore", strict=True)

    fact: str
    raw: str


class Guess(BaseModel):
    """What the model takes a message for; a guess, checked against the words of the message."""

    model_config = ConfigDict(extra="ignore", strict=True)

    intent: str
    figures: list[Heard] = []


class _ModelFault(Exception):
    """The model's service gave nothing that can be used; `kind` names the note."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def open_writer(base_url: str, model: str, *, api_key: str = "", timeout: float = 30) -> Writer:
    """Return the writer that asks the model `model` of the server at `base_url` (with its /v1)."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    chat = ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=SecretStr(api_key or "none"),
        timeout=timeout,
        max_retries=0,
        temperature=0,
        stream_usage=False,
        use_responses_api=False,
    )
    return Writer(chat, timeout=timeout)


class Writer:
    """Phrases answers with one chat model; holds no state of any conversation.

    Args:
        model: any LangChain chat model.
        timeout: seconds after which the grounded answer stands.
    """

    def __init__(self, model: BaseChatModel, *, timeout: float = 30) -> None:
        self._model = model
        self._timeout = timeout

    def write(
        self, grounded: Grounded, *, turns: Sequence[tuple[str, str]] = (), left: threading.Event | None = None
    ) -> Generator[str, None, Written]:
        """Yield the text that may be shown, whole each time it has grown; return the wording.

        Args:
            grounded: what is to be said.
            turns: the last turns of the conversation, (user, reply).
            left: set when nobody waits for the answer any more.
        """
        rewriting = Rewriting(grounded)
        if not rewriting.lines:
            return Written(grounded.lines, signs()["notes"]["unsupported"])
        most = 2 * sum(map(len, grounded.lines)) + _LONGEST
        shown = ""
        try:
            for piece in self._pieces(_prompt("rewrite"), _data(grounded, rewriting, turns), left=left):
                rewriting.feed(piece)
                if rewriting.length > most:
                    raise _ModelFault("endless")
                if (text := rewriting.text) != shown:
                    shown = text
                    yield shown
            if not rewriting.length:
                raise _ModelFault("empty")
        except _ModelFault as fault:
            return Written(grounded.lines, signs()["notes"][fault.kind])
        lines = rewriting.finish()
        if not rewriting.own:
            return Written(grounded.lines, signs()["notes"]["unsupported"])
        return Written(lines)

    def guess(self, message: str, intents: Mapping[str, str], facts: Mapping[str, str]) -> Guess | None:
        """Return what the model takes a message for, None where it says nothing that can be used.

        Only a known intent, known facts and words of the message itself get through; what figure the words say is
        read by our own rules afterwards.
        """
        data = json.dumps({"message": message, "intents": dict(intents), "facts": dict(facts)}, ensure_ascii=False)
        try:
            text = "".join(self._pieces(_prompt("intent"), data, most=4000))
            guess = Guess.model_validate_json(text[text.find("{") : text.rfind("}") + 1])
        except (_ModelFault, ValidationError):
            return None
        if guess.intent not in intents:
            return None
        heard = [one for one in guess.figures if one.fact in facts and one.raw.strip() and one.raw in message]
        return Guess(intent=guess.intent, figures=heard)

    def _pieces(self, system: str, user: str, *, most: int = 0, left: threading.Event | None = None) -> Iterator[str]:
        """Yield the model's text as it comes.

        Raises:
            _ModelFault: the service fails, takes longer than the time-out in all, or is not waited for any more.
        """
        box: queue.SimpleQueue[str | _ModelFault | None] = queue.SimpleQueue()
        done = threading.Event()
        threading.Thread(target=self._listen, args=(system, user, box, done), daemon=True).start()
        until = time.monotonic() + self._timeout
        length = 0
        try:
            while time.monotonic() < until and not (left and left.is_set()):
                try:
                    piece = box.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, _ModelFault):
                    raise piece
                length += len(piece)
                if most and length > most:
                    raise _ModelFault("endless")
                yield piece
            raise _ModelFault("timeout")
        finally:
            done.set()

    def _listen(self, system: str, user: str, box: queue.SimpleQueue[Any], done: threading.Event) -> None:
        """Put the pieces into the box, then None or the fault; a thread of its own, since a server may drip forever."""
        try:
            for chunk in self._model.stream([("system", system), ("human", user)]):
                if done.is_set():
                    return
                if isinstance(chunk.content, str) and chunk.content:
                    box.put(chunk.content)
            box.put(None)
        except Exception as error:  # noqa: BLE001 - a foreign service: whatever it does, the grounded answer stands
            box.put(_ModelFault(_kind(error)))


def _kind(error: Exception) -> str:
    """Return which note fits what the client raised."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return "timeout"
    if isinstance(error, openai.BadRequestError) and "context" in str(error).lower():
        return "long"
    if isinstance(error, openai.APIStatusError):
        return "busy" if error.status_code in (429, 500, 502, 503, 504) else "refused"
    return "unreachable" if isinstance(error, openai.APIConnectionError) else "broken"


def _prompt(name: str) -> str:
    return (files("assistant") / "prompts" / f"{name}.md").read_text(encoding="utf-8")


def _data(grounded: Grounded, rewriting: Rewriting, turns: Sequence[tuple[str, str]]) -> str:
    """Return all that the model sees, as JSON: no text can step out of its place."""
    spoken = "\n".join(rewriting.lines)
    others = {mark: one.passage.text for mark, one in rewriting.evidence.items() if one.passage.text not in spoken}
    return json.dumps(
        {
            "turns": [[said[:_MOST_OF_A_TURN], reply[:_MOST_OF_A_TURN]] for said, reply in turns[-_MOST_TURNS:]],
            "question": without_instructions(grounded.question) or "",
            "facts": others,  # mostly none: the answer quotes its facts word for word
            "answer": list(rewriting.lines),
        },
        ensure_ascii=False,
    )
