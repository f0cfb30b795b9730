"""Whom a message is for once an interview was begun: the interview, another rule set, or a question beside it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.act import Place
from assistant.advisor import Advisor
from assistant.amounts import signs as said_signs
from assistant.entries import Interview
from assistant.intent import Understood
from assistant.intent import signs as intent_signs
from assistant.plain import plain_text, trimmed
from scoring.model import Rules
from scoring.park import definition_of

TO_THE_INTERVIEW = frozenset(("assess", "confirm", "correct", "undo", "skip", "unknown_value", "none_of_it", "stop"))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Tells it from the message and from where the conversation stands."""

    advisor: Advisor
    rules: Rules

    def is_interview(self, heard: Understood, place: Place) -> bool:
        """Whether a message goes on with the interview: not a question beside it."""
        assert place.interview is not None
        if heard.intent == "assess":
            return not names_other_rules(heard, place.interview)
        if heard.intent in TO_THE_INTERVIEW:
            return not place.paused or heard.intent in ("undo", "correct")
        if heard.message.strip() in place.options and heard.intent not in ("grade", "report", "resume"):
            return True
        if place.paused or not place.question or heard.intent not in ("ask", "small_talk", "off_subject"):
            return False
        if names_other_rules(heard, place.interview) or _is_courtesy(heard):
            return False
        return not is_question(heard) and (
            self._wants_words(place.interview) or (heard.intent == "ask" and not self._known(heard))
        )

    def _known(self, heard: Understood) -> bool:
        """Whether the library answers the message, so that it was a question beside the interview."""
        return self.advisor.ask(heard.message).kind != "refused"

    def _wants_words(self, interview: Interview) -> bool:
        """Whether what was asked is answered in words: an option, whose figure it is, which of two."""
        if interview.pending:
            return True
        return bool(interview.asked) and definition_of(interview.asked, self.rules)[0].kind != "number"


def _is_courtesy(heard: Understood) -> bool:
    """Whether a message greets or thanks, by its words."""
    plain = trimmed(plain_text(heard.message).plain)
    return heard.intent == "small_talk" and bool(intent_signs()["signs"]["small_talk"].search(plain))


def is_question(heard: Understood) -> bool:
    """Whether a message asks."""
    return bool(said_signs()["question"].search(heard.message)) or heard.question.follows_up


def names_other_rules(heard: Understood, interview: Interview) -> bool:
    """Whether a message names another rule set than the interview's."""
    named = heard.rules_id and "rules_id" not in heard.inherited
    return bool(named) and heard.rules_id != interview.rules_id


def moves_to_other_rules(heard: Understood, place: Place) -> bool:
    """Whether a message that is no question names another rule set than the interview's (换成国家级的来评)."""
    interview = place.interview
    return interview is not None and not is_question(heard) and names_other_rules(heard, interview)
