"""What the interview's tests share: someone who talks to the interviewer, a message a turn."""

from __future__ import annotations

import json
from decimal import Decimal

from assistant.entries import Interview, Value
from assistant.interview import Heard, Interviewer
from assistant.interview_reply import Reply
from assistant.said import said_in
from scoring.checks import Taken
from scoring.load import load_rules

RULES = load_rules()
INTERVIEWER = Interviewer(RULES)
CONDITIONS = ("subject_qualified", "boundary_clear", "data_basis_sound", "no_major_accident_3y")
WANTS = {
    "不知道": "unknown_value",
    "不清楚": "unknown_value",
    "跳过": "skip",
    "没有": "none_of_it",
    "对": "confirm",
    "行": "confirm",
    "是": "confirm",
    "撤回": "undo",
    "继续": "resume",
    "先到这里": "stop",
}


class Talk:
    """One conversation with the interviewer; what is wanted is read from a list of a dozen words."""

    def __init__(self, rules_id: str = "national-2025", *, year: int = 2025) -> None:
        self.turn = 0
        self.interview, self.reply = INTERVIEWER.start(rules_id, name="试园", year=year)

    def say(self, *messages: str) -> Reply:
        """Say one message after the other; return the last reply."""
        for message in messages:
            self.turn += 1
            wrong = message.startswith(("不对", "说错了"))
            intent = "correct" if wrong else WANTS.get(message, "assess")
            figures = said_in(message, RULES, asked=self.interview.asked)
            heard = Heard(message, intent, figures)
            self._now(INTERVIEWER.take(self.interview, heard, turn=self.turn))
        return self.reply

    def upload(self, taken: Taken, name: str = "park.xlsx") -> Reply:
        """Hand over a file."""
        self.turn += 1
        self._now(INTERVIEWER.take_sheet(self.interview, taken, file_name=name, turn=self.turn))
        return self.reply

    def set(self, fact: str, text: str, evidence: str = "") -> Reply:
        """Type a value into the table."""
        self.turn += 1
        self._now(INTERVIEWER.set_value(self.interview, fact, text, turn=self.turn, evidence=evidence))
        return self.reply

    def _now(self, found: tuple[Interview, Reply]) -> None:
        before = self.interview.entries
        self.interview, self.reply = found
        assert self.interview.entries[: len(before)] == before, "the log is only ever added to"
        record = json.loads(json.dumps(self.interview.record()))
        assert Interview.from_record(record) == self.interview, "the interview goes through JSON unchanged"

    def eligible(self) -> Talk:
        """Answer the four conditions."""
        self.say("是", "是", "有", "没有发生过")
        return self

    def scored(self) -> dict[str, Value]:
        """Return the values that score."""
        return {key: fact.value for key, fact in INTERVIEWER.park(self.interview).facts.items()}

    def known(self, fact: str) -> Value | None:
        """Return a value as it was said last, confirmed or waiting."""
        entry = self.interview.known().get(fact)
        return None if entry is None else entry.value


def number(text: str) -> Decimal:
    """Return the figure, exact."""
    return Decimal(text)
