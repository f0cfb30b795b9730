"""The guided self-assessment: one question at a time, values said, confirmed, corrected; only confirmed ones score.

    interviewer = Interviewer(rules)
    interview, reply = interviewer.start("national-2025", year=2025)
    interview, reply = interviewer.take(interview, Heard("下网3.2亿度", "assess", figures), turn=1)
    assessment = assess(interviewer.park(interview), rules.rubric(interview.rules_id), rules)

The interviewer holds the rules and no state; an Interview is plain data (`record`, `from_record`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import localcontext
from typing import TYPE_CHECKING, Protocol

from assistant.entries import Entry, Interview
from assistant.interview_back import object_to, objects, restart, undo
from assistant.interview_doubts import doubt_question, lost, resolve
from assistant.interview_reply import Progress, Reply, progress_of, understood
from assistant.interview_result import result_reply, resume_lines, settled
from assistant.interview_sheet import excused, hear_sheet
from assistant.interview_turn import Heard, Turn
from assistant.interview_words import answers_to, buttons, echoed, joined, question, say
from assistant.interview_year import hear_year
from assistant.pasted import figures_pasted
from scoring.agenda import covered, next_ask
from scoring.assess import assess
from scoring.checks import Taken
from scoring.errors import ParkDataError
from scoring.model import Assessment, ParkData, Rules
from scoring.park import Entry as Written
from scoring.park import definition_of, read_park
from scoring.units import EXACT
from scoring.wording import label_of

if TYPE_CHECKING:
    from assistant.intent import Understood


_RESULT = "result"
"""In `told`: the result was said when nothing was left to ask."""


class Order(Protocol):
    """What to ask next of what is not closed; None when nothing is left."""

    def __call__(self, assessment: Assessment, rules: Rules, *, closed: Collection[str]) -> str | None: ...


class Interviewer:
    """Asks and takes answers by one set of rules; every step returns the interview after it and what to say.

    `order` says what to ask next: the agenda, or another order to compare it with.
    """

    def __init__(self, rules: Rules, *, order: Order = next_ask) -> None:
        self.rules = rules
        self._order = order

    # Steps -----------------------------------------------------------------------------------------------------------

    def start(self, rules_id: str, *, name: str = "", year: int = 0, region: str = "") -> tuple[Interview, Reply]:
        """Return a new interview for a rule set, with the first question.

        Raises:
            KeyError: there is no such rule set.
        """
        rubric = self.rules.rubric(rules_id)
        opening = say("start", title=rubric.title, edition=rubric.edition, notice=rubric.notice)
        turn = Turn(Interview(rules_id, name, year, region), self.rules, 0)
        turn.lines.append(opening)
        if year:
            turn.lines.append(say("year_set", year=year))
        return self._reply(turn)

    def take(self, interview: Interview, heard: Heard | Understood, *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview after a message: what it says goes into the log, what it answers is settled."""
        now = Turn(interview, self.rules, turn)
        table = figures_pasted(heard.message, self.rules)
        heard = Heard(heard.message, "assess", table) if table else heard
        if heard.intent == "undo":
            undo(now)
        elif heard.intent == "stop":
            return interview, self._stopped(interview)
        elif not heard.message.strip() and not heard.figures:
            pass  # a blank erases nothing and confirms nothing
        elif hear_year(now, heard) or (interview.pending and resolve(now, interview.pending[0], heard)):
            pass
        elif heard.intent == "correct" or objects(heard):
            object_to(now, heard)
        else:
            self._hear(now, heard)
            lost(interview, now)
        return self._answered(interview, *self._reply(now, heard), heard)

    def _hear(self, now: Turn, heard: Heard | Understood) -> None:
        """Take a message; where all was asked whether it is right, a yes is told what it confirmed."""
        before = now.interview
        waiting = () if before.asked or before.pending else before.waiting()
        if waiting and heard.intent in ("unknown_value", "skip") and not heard.figures:
            return  # "不知道" to "对吗" confirms nothing
        now.hear(heard)
        if waiting and not now.lines and not now.interview.waiting():
            now.lines.append(say("all_confirmed", count=len(waiting)))

    def take_sheet(self, interview: Interview, taken: Taken, *, file_name: str, turn: int) -> tuple[Interview, Reply]:
        """Return the interview after an uploaded file; of a file with faults nothing is taken.

        A file of an earlier year than the interview's is kept beside: its values are read out when they are asked for.
        """
        now = Turn(interview, self.rules, turn)
        hear_sheet(now, taken, file_name)
        return self._reply(now)

    # The table of values ---------------------------------------------------------------------------------------------

    def set_value(
        self, interview: Interview, fact: str, text: str, *, turn: int, evidence: str = "", origin: str = ""
    ) -> tuple[Interview, Reply]:
        """Return the interview with a value typed into the table; a blank changes nothing, a bad one is refused."""
        now = Turn(interview, self.rules, turn)
        if not text.strip():
            return self._reply(now)
        old = interview.known().get(fact)
        evidence = evidence or (old.evidence if old else "")
        try:
            value = read_park("", 0, {fact: Written(text, evidence)}, self.rules).facts[fact].value
        except ParkDataError as error:
            now.lines += [say("refused", raw=text, why=fault.what) for fault in error.faults]
            return self._reply(now)
        unit = definition_of(fact, self.rules)[1]
        entry = Entry(fact, value, unit, text.strip(), origin or f"turn {turn}", evidence, "said", turn)
        now.offer(entry, correcting=True)
        now.doubt()
        now.confirm([fact])
        return self._reply(now)

    def correct(
        self, interview: Interview, fact: str, text: str, *, turn: int, evidence: str = "", origin: str = ""
    ) -> tuple[Interview, Reply]:
        """Return the interview with a value put right: the same as typing it into the table."""
        return self.set_value(interview, fact, text, turn=turn, evidence=evidence, origin=origin)

    def confirm(self, interview: Interview, fact: str = "", *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview with one value confirmed, or all that wait for it."""
        now = Turn(interview, self.rules, turn)
        now.confirm([fact] if fact else None)
        return self._reply(now)

    def by_other_rules(self, interview: Interview, rules_id: str, *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview by another rule set: all values are kept but the doubtful ones.

        Raises:
            KeyError: there is no such rule set.
        """
        excuses = tuple(excused(dict(interview.excuses), rules_id, self.rules))
        moved = replace(interview, rules_id=rules_id, excuses=excuses, told=(), asked="")
        now = Turn(moved, self.rules, turn)
        for one in interview.pending:
            now.settle(one)
            if one.entry.fact in now.interview.waiting():
                now.drop(one.entry)
        return self._reply(now)

    def restart(self, interview: Interview, *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview with nothing in it; the log keeps what was there."""
        now = Turn(interview, self.rules, turn)
        restart(now)
        return self._reply(now)

    def withdraw(self, interview: Interview, fact: str, *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview without a value; the log keeps it."""
        now = Turn(interview, self.rules, turn)
        last = next((one for one in reversed(interview.entries) if one.fact == fact), None)
        if last is not None and last.state != "withdrawn":
            now.cleared(fact)
            now.log(replace(last, value=None, state="withdrawn"))
            now.lines.append(say("withdrawn", label=label_of(fact, self.rules)))
        return self._reply(now)

    def excuse(self, interview: Interview, indicator: str, reason: str, *, turn: int) -> tuple[Interview, Reply]:
        """Return the interview with a guiding indicator left out for a reason; an empty reason takes that back."""
        rubric = self.rules.rubric(interview.rules_id)
        if indicator in rubric and rubric.indicator(indicator).excusable:
            kept = {key: why for key, why in interview.excuses if key != indicator}
            told = {**kept, indicator: reason.strip()} if reason.strip() else kept
            interview = replace(interview, excuses=tuple(told.items()))
        return self._reply(Turn(interview, self.rules, turn))

    # What stands -----------------------------------------------------------------------------------------------------

    def park(self, interview: Interview) -> ParkData:
        """Return the park's data: confirmed values only."""
        return interview.park()

    def assessment(self, interview: Interview, *, full: bool = False) -> Assessment:
        """Return the assessment of the confirmed values; `full` with what lies near its limit and what to ask next."""
        rubric = self.rules.rubric(interview.rules_id)
        return assess(interview.park(), rubric, self.rules, edges=full, suggest=full)

    def progress(self, interview: Interview) -> Progress:
        """Return how far the interview has come: what is done, the interval so far, what is settled, what is open."""
        return progress_of(interview, self.assessment(interview), self.rules)

    def resume(self, interview: Interview) -> tuple[Interview, Reply]:
        """Return the interview that goes on, with the summary when coming back and the question that was open."""
        turn = Turn(interview, self.rules, 0)
        turn.lines += resume_lines(interview, self.rules)
        return self._reply(turn)

    def result(self, interview: Interview) -> Reply:
        """Return the outcome: verdict, gaps, the cheapest way up, the clauses, and what was not confirmed."""
        return result_reply(interview, self.assessment(interview, full=True), self.rules)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _stopped(self, interview: Interview) -> Reply:
        lines = [say("saved", done=len(interview.standing()))]
        waiting = interview.waiting()
        if waiting:
            turn = Turn(interview, self.rules, 0)
            lines.append(say("resume_waiting", values=turn.values(waiting.values())))
        return Reply(tuple(lines), progress=self.progress(interview))

    def _answered(
        self, before: Interview, after: Interview, reply: Reply, heard: Heard | Understood
    ) -> tuple[Interview, Reply]:
        """Say that the same is asked again, where a message changed nothing and nothing is said of it."""
        said = any(one.state != "confirmed" for one in after.entries[len(before.entries) :])
        stays = not said and (before.asked, before.pending) == (after.asked, after.pending)
        if stays and reply.question and heard.message.strip() and not reply.lines:
            reply = replace(reply, lines=(say("same_question"),))
        return after, reply

    def _reply(self, now: Turn, heard: Heard | Understood | None = None) -> tuple[Interview, Reply]:
        """Return the interview and the reply: what was said back, then the next question."""
        with localcontext(EXACT):
            now.doubt()
            interview = now.interview
            waiting = interview.waiting()
            new = [one for one in now.new if one.fact in waiting]
            lines = [*now.lines]
            if new:
                first = all(one.turn == now.turn for one in interview.entries)
                lines += echoed(new, self.rules, first=first)
            later = [one.entry.raw for one in interview.pending[1:] if one.entry.turn == now.turn]
            if later:
                lines.append(say("asked_later", raws=joined(say("quoted", raw=one) for one in later)))
            taken = tuple(understood(one, self.rules) for one in interview.entries if one.turn == now.turn)
            reply = Reply(tuple(lines), understood=taken)
            known = now.assessment
            interview, reply = self._asking(interview, reply, known, heard)
            confirmed = known if not waiting and not interview.pending else None
            return interview, replace(reply, progress=self._progress(interview, confirmed))

    def _progress(self, interview: Interview, assessment: Assessment | None) -> Progress | None:
        try:
            return progress_of(interview, assessment or self.assessment(interview), self.rules)
        except ParkDataError:
            return None

    def _asking(
        self, interview: Interview, reply: Reply, known: Assessment | None, heard: Heard | Understood | None
    ) -> tuple[Interview, Reply]:
        """Add the next question: about a doubt, the confirmation of a settled outcome, the next datum, or the end."""
        if interview.pending or known is None:
            first = interview.pending[0]
            text, options = doubt_question(first, interview, self.rules)
            asked = first.entry.fact
            return replace(interview, asked=asked), replace(reply, question=text, asked=asked, options=options)
        key = self._next(interview, known)
        found = None if key is None else settled(interview, known, heard, self.rules)
        if found is not None:
            interview, text = found
            options = buttons("settled_said" if interview.waiting() else "settled")
            return replace(interview, asked=""), replace(reply, question=text, options=options)
        if key is not None:
            again = heard is not None and key == interview.asked
            text = question(key, interview, self.rules, again=again)
            return replace(interview, asked=key), replace(
                reply, question=text, asked=key, options=answers_to(key, self.rules)
            )
        interview = replace(interview, asked="")
        if interview.waiting():
            return interview, replace(reply, question=say("final"), options=buttons("final"))
        if heard is not None and _RESULT in interview.told and not reply.understood:
            return interview, replace(reply, lines=(*reply.lines, say("result_same")), done=True)
        interview = replace(interview, told=tuple(dict.fromkeys((*interview.told, _RESULT))))
        result = self.result(interview)
        return interview, replace(reply, lines=(*reply.lines, *result.lines), references=result.references, done=True)

    def _next(self, interview: Interview, known: Assessment) -> str | None:
        """Return what to ask: what is not known is asked for again once, when nothing else is left."""
        for times in (1, 2):
            given_up = {key for key, count in interview.not_known().items() if count >= times}
            closed = {*interview.known(), *given_up, *(one for key in given_up for one in covered(key, self.rules))}
            key = self._order(known, self.rules, closed=closed)
            if key is not None:
                return key
        return None


__all__ = ["Entry", "Heard", "Interview", "Interviewer", "Progress", "Reply"]
