"""The conversation: a LangGraph graph (understand -> act -> answer -> guard), its state saved after every turn.

    dialogue = Dialogue(advisor, rules, home)
    key = dialogue.new()
    turn = dialogue.turn(key, "我们园区去年用电3.2亿度，够国家级吗？")

`stream` yields the text as it grows and the Turn last. Conversations share nothing but the file that they are kept in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypedDict, cast

from langgraph.channels import UntrackedValue

from assistant.act import Act, say, texts
from assistant.acts import Acts
from assistant.advisor import Advisor
from assistant.amounts import signs as said_signs
from assistant.conversations import Conversation, Conversations
from assistant.entries import Interview
from assistant.errors import DialogueError
from assistant.guard import clean
from assistant.intent import Context, Understood, understand
from assistant.interview import Interviewer
from assistant.keeping import context_of, left_behind, open_record, place_of, standing_of, was_said
from assistant.said import said_in
from assistant.turns import Turn, markdown
from scoring.cells import Given
from scoring.model import Rules

if TYPE_CHECKING:
    from assistant.writer import Writer

LONGEST_MESSAGE = 20_000
_REMEMBERED = 3
Edit = Literal["begin", "set", "confirm", "withdraw", "excuse"]


class State(TypedDict):
    """What is kept of a conversation, and, untracked, what only the turn under way needs."""

    number: NotRequired[int]
    turn: NotRequired[dict[str, Any]]
    interview: NotRequired[dict[str, Any] | None]
    open: NotRequired[dict[str, Any]]
    context: NotRequired[dict[str, Any]]
    recent: NotRequired[list[list[str]]]
    message: Annotated[str, UntrackedValue]
    files: Annotated[Sequence[Given], UntrackedValue]
    region: Annotated[str, UntrackedValue]
    edit: Annotated[tuple[Edit, str, str, str] | None, UntrackedValue]
    left: Annotated[threading.Event, UntrackedValue]
    heard: Annotated[Understood | None, UntrackedValue]
    act: Annotated[Act, UntrackedValue]
    lines: Annotated[tuple[str, ...], UntrackedValue]
    note: Annotated[str, UntrackedValue]


class Dialogue:
    """All conversations of one home folder.

    Args:
        advisor: answers questions.
        rules: grade the parks.
        home: the folder of what the program keeps.
        writer: an optional model that phrases answers.
    """

    def __init__(self, advisor: Advisor, rules: Rules, home: Path, writer: Writer | None = None) -> None:
        self.conversations = Conversations(home)
        self.rules = rules
        self._acts = Acts(advisor, rules)
        self._writer = writer
        self._graph = self._built()

    def _built(self) -> Any:
        from langgraph.graph import END, START, StateGraph

        graph: Any = StateGraph(State)
        for node in (self._understand, self._act, self._answer, self._guard):
            graph.add_node(node.__name__.strip("_"), node)
        graph.add_conditional_edges(START, _first, ["act", "understand"])
        for one, following in (("understand", "act"), ("act", "answer"), ("answer", "guard"), ("guard", END)):
            graph.add_edge(one, following)
        return graph.compile(checkpointer=self.conversations.saver)

    # Turns -----------------------------------------------------------------------------------------------------------

    def turn(self, conversation_id: str, message: str, *, files: Sequence[Given] = (), region: str = "") -> Turn:
        """Return the turn that a message makes.

        Raises:
            DialogueError: there is no such conversation.
        """
        return _last(self.stream(conversation_id, message, files=files, region=region))

    def stream(
        self, conversation_id: str, message: str, *, files: Sequence[Given] = (), region: str = ""
    ) -> Iterator[str | Turn]:
        """Yield the reply as it grows, whole each time, and the turn at the end, when it is saved."""
        given = {"message": message, "files": tuple(files), "region": region, "edit": None}
        return self._run(conversation_id, given, message or "，".join(one.name for one in files))

    def edit(self, conversation_id: str, kind: Edit, fact: str, text: str = "", *, evidence: str = "") -> Turn:
        """Return the turn that a change in the table of values makes; `fact` is an indicator for `excuse`."""
        given = {"message": "", "files": (), "region": "", "edit": (kind, fact, text, evidence)}
        return _last(self._run(conversation_id, given, ""))

    def begin(self, conversation_id: str, rules_id: str = "") -> Turn:
        """Return the turn that begins the self-assessment by a rule set, the national one where none is named.

        Raises:
            DialogueError: there is no such conversation, or no such rule set.
        """
        if rules_id and rules_id not in self.rules.rubrics:
            raise DialogueError(say("no_rules", rules=rules_id, known="、".join(sorted(self.rules.rubrics))))
        return self.edit(conversation_id, "begin", rules_id)

    def _run(self, key: str, given: dict[str, Any], title: str) -> Iterator[str | Turn]:
        with self.conversations.at_work(key):
            self.conversations.get(key)
            config = {"configurable": {"thread_id": key}}
            left = given["left"] = threading.Event()
            events = self._graph.stream(given, config, stream_mode=["custom", "values"], durability="exit")
            turn = None
            try:
                for mode, event in events:
                    if mode == "custom":
                        yield event["text"]
                    else:
                        turn = event.get("turn")
            finally:
                left.set()  # before the graph is closed, which waits for its nodes
            self.conversations.touch(key, title)
            yield Turn.from_record(cast(dict[str, Any], turn))

    # The list ---------------------------------------------------------------------------------------------------------

    def new(self, title: str = "") -> str:
        """Return the id of a new conversation."""
        return self.conversations.new(title)

    def list(self) -> tuple[Conversation, ...]:
        """Return the conversations, the one used last first."""
        return self.conversations.all()

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self.conversations.rename(conversation_id, title)

    def delete(self, conversation_id: str) -> None:
        """Remove a conversation with all that was said in it."""
        self.conversations.delete(conversation_id)

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """Return the turns of a conversation, oldest first."""
        self.conversations.get(conversation_id)
        return tuple(Turn.from_record(one) for one in self.conversations.turns(conversation_id))

    def interview(self, conversation_id: str) -> Interview | None:
        """Return the self-assessment of a conversation as it stands, None where none was begun."""
        self.conversations.get(conversation_id)
        state = self._graph.get_state({"configurable": {"thread_id": conversation_id}}).values
        return Interview.from_record(state["interview"]) if state.get("interview") else None

    @property
    def interviewer(self) -> Interviewer:
        """What asks the questions: `park(interview)`, `progress(interview)`, `assessment(interview)`."""
        return self._acts.interviewer

    def exported(self, conversation_id: str, *, now: datetime) -> str:
        """Return a conversation as Markdown."""
        title = self.conversations.get(conversation_id).title
        return markdown(title, self.turns(conversation_id), time=f"{now:%Y-%m-%d %H:%M}")

    def close(self) -> None:
        """Close the file of the conversations."""
        self.conversations.close()

    # The graph --------------------------------------------------------------------------------------------------------

    def _understand(self, state: State) -> dict[str, Any]:
        message = state["message"]
        before = context_of(state)
        if not message.strip() or len(message) > LONGEST_MESSAGE:
            return {"heard": None}
        heard = understand(message, rules=self.rules, reader=self._acts.advisor.reader, before=before)
        return {"heard": self._guessed(heard) if self._is_unsure(heard, before) else heard}

    def _is_unsure(self, heard: Understood, before: Context | None) -> bool:
        """Whether the rules took a message for a question only for want of a sign, and the library has no answer."""
        if self._writer is None or heard.intent != "ask" or heard.figures or (before and before.asked):
            return False
        if said_signs()["question"].search(heard.message):
            return False
        return self._acts.advisor.ask(heard.message).kind == "refused"

    def _guessed(self, heard: Understood) -> Understood:
        assert self._writer is not None
        facts = {key: one.label for key, one in self.rules.facts.items() if one.kind == "number" and one.per is None}
        guess = self._writer.guess(heard.message, texts()["intents"], facts)
        if guess is None or guess.intent == heard.intent:
            return heard
        figures = [
            replace(
                figure, start=figure.start + heard.message.index(one.raw), end=figure.end + heard.message.index(one.raw)
            )
            for one in guess.figures
            for figure in said_in(one.raw, self.rules, asked=one.fact)
            if figure.fact == one.fact
        ]
        return replace(heard, intent=cast(Any, guess.intent), figures=tuple(figures))

    def _act(self, state: State) -> dict[str, Any]:
        place = place_of(state)
        files, edit, heard = state["files"], state["edit"], state.get("heard")
        if edit is not None:
            return {"act": self._acts.edit(edit, place)}
        if heard is None and files:
            heard = understand("", rules=self.rules, reader=self._acts.advisor.reader, before=context_of(state))
        if heard is None:
            length = len(state["message"])
            sentence = (
                say("too_long", length=length, most=LONGEST_MESSAGE) if length > LONGEST_MESSAGE else say("empty")
            )
            return {"act": self._acts.aside(place, lines=(sentence,))}
        return {"heard": heard, "act": self._acts.act(heard, place, files)}

    def _answer(self, state: State) -> dict[str, Any]:
        from langgraph.config import get_stream_writer

        act = state["act"]
        if self._writer is None or act.phrased is None:
            return {"lines": act.lines, "note": ""}
        tell = get_stream_writer()
        turns = [(said, reply) for said, reply in state.get("recent", [])]
        writing = self._writer.write(act.phrased, turns=turns, left=state["left"])
        while True:
            try:
                tell({"text": next(writing)})
            except StopIteration as end:
                return {"lines": end.value.lines, "note": end.value.note}

    def _guard(self, state: State) -> dict[str, Any]:
        """Check what is about to be said once more, and put the turn together."""
        act, heard = state["act"], state.get("heard")
        lines, citations = state["lines"], act.citations
        if act.answer is not None:
            answer = clean(replace(act.answer, lines=lines), question=f"{act.answer.subject} {act.answer.question}")
            lines, citations = answer.lines, tuple(one.record() for one in answer.citations)
        message = state["message"]
        intent = "edit" if state["edit"] else heard.intent if heard else "small_talk"
        number, place = act.place.number, act.place
        turn = Turn(
            number=number,
            user=message[:LONGEST_MESSAGE],
            intent=intent,
            understood=[dict(one) for one in act.understood if was_said(one, state)],
            reply="\n".join(lines),
            citations=[dict(one) for one in citations],
            question="" if place.paused else place.question,
            buttons=list(act.buttons),
            notes=[*act.notes, *([state["note"]] if state["note"] else [])],
            files=[one.name for one in state["files"]],
            working=list(act.working),
            kind=act.answer.kind if act.answer else "",
            region=(act.answer.region if act.answer else "") or state["region"],
            **standing_of(act.progress),
        )
        recent = [*state.get("recent", []), [message[:LONGEST_MESSAGE], turn.text]][-_REMEMBERED:]
        return {
            "number": number,
            "turn": turn.record(),
            "interview": None if place.interview is None else place.interview.record(),
            "open": open_record(place),
            "context": left_behind(heard, place, context_of(state), answered=act.answer is not None),
            "recent": recent,
        }


def _first(state: State) -> str:
    return "act" if state["edit"] else "understand"


def _last(events: Iterator[str | Turn]) -> Turn:
    *_, turn = events
    assert isinstance(turn, Turn)
    return turn
