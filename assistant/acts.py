"""What the conversation does with a message once it is understood: answer, interview, grade, compare, show.

`Acts` holds the advisor and the rules and no conversation; what it needs of one comes in as a `Place`, what becomes of
it goes out as an `Act`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from assistant.act import Act, Place, Record, buttons, say, texts
from assistant.addressee import TO_THE_INTERVIEW, Addressee, is_question, moves_to_other_rules, names_other_rules
from assistant.advisor import Advisor
from assistant.answer import Answer
from assistant.beside import clause_shown, compared_line
from assistant.entries import Interview
from assistant.grading import words
from assistant.inquiries import TOPICS
from assistant.inquiries import say as own_say
from assistant.inquiry_answers import Inquiry
from assistant.intent import Understood
from assistant.intent import signs as intent_signs
from assistant.interview import Interviewer
from assistant.interview_reply import Progress, Reply
from assistant.next_steps import next_steps
from assistant.park_talk import park_answer
from assistant.plain import plain_text, trimmed
from assistant.rewriting import Grounded
from assistant.uploads import taken_from
from scoring.cells import Given
from scoring.errors import ScoringError
from scoring.model import Reference, Rules

_MOST_PHRASED = 8


class Acts:
    """Does what a message wants."""

    def __init__(self, advisor: Advisor, rules: Rules) -> None:
        self.advisor, self.rules = advisor, rules
        self.interviewer = Interviewer(rules)
        self._addressee = Addressee(advisor, rules)

    def act(self, heard: Understood, place: Place, files: Sequence[Given] = ()) -> Act:
        """Return what comes of a message; what cannot be done is said, and the place stays as it was."""
        try:
            if not files:
                return self._act(heard, place)
            taken = self._files(files, heard, place)
            return self._with_message(taken, heard) if heard.figures else taken
        except ScoringError as error:
            return self.aside(place, lines=(say("failed", what="".join(fault.what for fault in error.faults)),))

    def _act(self, heard: Understood, place: Place) -> Act:
        if not heard.figures and re.search(texts()["sheet_asked"], trimmed(plain_text(heard.message).plain)):
            return self.aside(place, lines=(say("sheet_how"),))
        if heard.tool in TOPICS and heard.message.strip() not in place.options:
            return self._inquired(heard, place)
        if place.interview is not None and (act := self._commanded(heard, place, place.interview)) is not None:
            return act
        if place.interview is not None and self._addressee.is_interview(heard, place):
            return self._interviewed(heard, place, place.interview)
        if heard.intent == "ask" and moves_to_other_rules(heard, place):
            return self._begun(heard, place)
        if heard.intent in ("assess", "correct") and (heard.figures or heard.intent == "assess"):
            return self._begun(heard, place)
        makers = {
            "ask": self._asked, "grade": self._graded, "what_if": self._graded, "resume": self._resumed,
            "compare_rules": self._compared, "show_clause": self._clause, "report": self._reported,
        }  # fmt: skip
        if heard.intent in makers:
            return makers[heard.intent](heard, place)
        if heard.intent in TO_THE_INTERVIEW:
            return Act(
                place, (say("nothing_to_undo" if heard.intent == "undo" else "no_interview"),), buttons=buttons("start")
            )
        between = heard.intent == "small_talk" and place.question and not place.paused
        sentence = say("small_talk_between" if between else heard.intent)
        return self.aside(place, lines=(sentence,), buttons=buttons("start"))

    # The interview ---------------------------------------------------------------------------------------------------

    def _commanded(self, heard: Understood, place: Place, interview: Interview) -> Act | None:
        """Return the act of a command about the interview as a whole: begin anew, by the rules at hand already."""
        text = trimmed(plain_text(heard.message).plain)
        if intent_signs()["restart"].fullmatch(text):
            return self._replied(*self.interviewer.restart(interview, turn=place.number), place)
        begins = heard.intent == "assess" and not heard.figures and intent_signs()["signs"]["assess"].search(text)
        if begins and not names_other_rules(heard, interview) and heard.message.strip() not in place.options:
            return self._replied(*self.interviewer.resume(interview), place)
        same = heard.compared == (interview.rules_id,) and not heard.figures and not is_question(heard)
        if same and intent_signs()["switch"].search(text):
            title = self.rules.rubric(interview.rules_id).title
            return self.aside(place, lines=(say("same_rules", title=title),))
        return None

    def _begun(self, heard: Understood, place: Place) -> Act:
        """Begin an interview, or go on with the values at hand by another rule set."""
        rules_id = heard.rules_id or self._default
        if place.interview is not None and names_other_rules(heard, place.interview):
            interview, opening = self._with_rules(rules_id, place.interview, place.number)
        else:
            interview, opening = self.interviewer.start(rules_id, year=heard.year or 0, region=heard.region)
        if not heard.figures:
            return self._replied(interview, opening, place)
        interview, reply = self.interviewer.take(replace(interview, asked=""), heard, turn=place.number)
        return self._replied(interview, replace(reply, lines=(*opening.lines, *reply.lines)), place)

    def _with_rules(self, rules_id: str, before: Interview | None, number: int) -> tuple[Interview, Reply]:
        """Return an interview by a rule set; the values of one that was begun are kept."""
        if before is None:
            return self.interviewer.start(rules_id)
        kept, title = len(before.standing()), self.rules.rubric(rules_id).title
        opening = say("other_rules" if kept else "other_rules_bare", title=title, count=kept)
        interview, reply = self.interviewer.by_other_rules(before, rules_id, turn=number)
        return interview, replace(reply, lines=(opening, *reply.lines))

    @property
    def _default(self) -> str:
        return intent_signs()["default_rubric"]

    def _interviewed(self, heard: Understood, place: Place, interview: Interview) -> Act:
        interview, reply = self.interviewer.take(interview, heard, turn=place.number)
        if heard.intent == "stop":
            act = self._replied(interview, reply, place)
            return replace(act, place=replace(act.place, paused=True, options=()), buttons=buttons("stopped"))
        return self._replied(interview, reply, place)

    def _replied(self, interview: Interview, reply: Reply, place: Place) -> Act:
        """Return the interviewer's reply as an act."""
        after = replace(place, interview=interview, question=reply.question, options=reply.options, paused=False)
        return Act(
            after,
            reply.lines,
            buttons=self._steps("done", interview) if reply.done else reply.options,
            understood=tuple(one.record() | {"label": one.label} for one in reply.understood),
            citations=tuple(self._references(reply.references)),
            progress=reply.progress,
        )

    def _steps(self, moment: Literal["graded", "done"], interview: Interview) -> tuple[str, ...]:
        return next_steps(moment, self.interviewer.assessment(interview), self.rules)

    def _references(self, references: Sequence[Reference]) -> Iterator[Record]:
        seen: set[tuple[str, str]] = set()
        for one in references:
            if one.document and (one.document, one.clause) not in seen:
                seen.add((one.document, one.clause))
                title = one.title or self.rules.titles.get(one.document, "")
                yield {"mark": 0, "document": one.document, "title": title, "place": one.clause, "quote": one.note}

    def _resumed(self, heard: Understood, place: Place) -> Act:
        if place.interview is None:
            return Act(place, (say("no_interview"),), buttons=buttons("start"))
        if place.question and not place.paused and heard.message.strip() in place.options:
            return self._interviewed(heard, place, place.interview)
        return self._replied(*self.interviewer.resume(place.interview), place)

    def _files(self, files: Sequence[Given], heard: Understood, place: Place) -> Act:
        """Take in the sheets dropped into the chat; what cannot be read is said file by file."""
        interview = place.interview
        if interview is None:
            interview, _ = self.interviewer.start(heard.rules_id or self._default, year=heard.year or 0)
        lines: list[str] = []
        values: list[Record] = []
        act = None
        for given in files:
            taken = taken_from(given, self.rules)
            if isinstance(taken, str):
                lines.append(taken)
                continue
            interview, reply = self.interviewer.take_sheet(interview, taken, file_name=given.name, turn=place.number)
            act = self._replied(interview, reply, place)
            lines += act.lines
            values += act.understood
        if act is None:
            return self.aside(place, lines=tuple(lines))
        return replace(act, lines=tuple(lines), understood=tuple(values))

    def _with_message(self, taken: Act, heard: Understood) -> Act:
        """Return the act of the files and of the figures said with them."""
        act = self._act(heard, taken.place)
        return replace(act, lines=(*taken.lines, *act.lines), understood=(*taken.understood, *act.understood))

    def edit(self, edit: tuple[str, str, str, str], place: Place) -> Act:
        """Return what comes of a change in the table of values."""
        kind, fact, text, evidence = edit
        interview = place.interview
        if kind == "begin":
            return self._replied(*self._with_rules(fact or self._default, interview, place.number), place)
        if interview is None:
            interview, _ = self.interviewer.start(self._default)
        if kind == "set":
            made = self.interviewer.set_value(interview, fact, text, evidence=evidence, turn=place.number)
        elif kind == "excuse":
            made = self.interviewer.excuse(interview, fact, text, turn=place.number)
        elif kind == "withdraw":
            made = self.interviewer.withdraw(interview, fact, turn=place.number)
        else:
            made = self.interviewer.confirm(interview, fact, turn=place.number)
        return self._replied(*made, place)

    # Beside the interview ---------------------------------------------------------------------------------------------

    def aside(self, place: Place, **act: Any) -> Act:
        """Return an act after which the interview's question still stands."""
        made = Act(place, **act)
        progress = None if place.interview is None else self._progress(place.interview)
        repeats = bool(place.question) and not place.paused
        return replace(made, buttons=place.options if repeats else made.buttons, progress=progress)

    def _progress(self, interview: Interview) -> Progress | None:
        try:
            return self.interviewer.progress(interview)
        except ScoringError:
            return None

    def _asked(self, heard: Understood, place: Place) -> Act:
        history = (Answer("", "answer", (), subject=place.subject),) if place.subject else ()
        answer = self.advisor.ask(heard.message, region=place.region, history=history)
        return self._answered(answer, replace(place, subject=answer.subject or place.subject))

    def _answered(self, answer: Answer, place: Place) -> Act:
        phrased = None
        if answer.kind != "refused":
            phrased = Grounded(f"{answer.subject} {answer.question}", answer.lines, answer.citations)
        records = tuple(one.record() for one in answer.citations)
        return self.aside(
            place, lines=answer.lines, answer=answer, phrased=phrased, notes=answer.notes, citations=records
        )

    def _clause(self, heard: Understood, place: Place) -> Act:
        """Show what the library keeps of a document at a place; without either, look it up like any question."""
        rules_id = heard.rules_id or (place.interview.rules_id if place.interview else "")
        shown = clause_shown(heard, rules_id, self.advisor.library, self.rules)
        if shown is None:
            return self._asked(heard, place)
        lines, citations = shown
        return self.aside(place, lines=lines, citations=tuple(c.record() for c in citations))

    # On the park's data -----------------------------------------------------------------------------------------------

    def _graded(self, heard: Understood, place: Place) -> Act:
        interview = place.interview
        if interview is None or not interview.known():
            return self._no_data(heard, place)
        if heard.message.strip() in place.options and not interview.pending:
            interview, _ = self.interviewer.confirm(interview, turn=place.number)  # to go on is to confirm
            place = replace(place, interview=interview, question="", options=())  # what was offered is taken
        other = names_other_rules(heard, interview)
        if heard.tool in ("", "grade") and heard.intent == "grade" and not other:
            reply = self.interviewer.result(interview)
            act = self.aside(place, lines=reply.lines, citations=tuple(self._references(reply.references)))
            return replace(act, buttons=act.buttons or self._steps("graded", interview))
        made = park_answer(heard.message, interview.park(), self.rules, rules_id=interview.rules_id)
        if made is None and heard.intent == "what_if":
            return self.aside(place, lines=(words()["say"]["not_understood"],))
        if made is None:
            return self._compared(heard, place)
        waiting = len(interview.waiting()) + len(interview.pending)
        notes = (say("only_confirmed", count=waiting),) if waiting else ()
        short = len(made.lines) <= _MOST_PHRASED and "refused" not in made.data
        phrased = Grounded(heard.message, made.lines) if short else None
        act = self.aside(place, lines=made.lines, phrased=phrased, notes=notes, working=made.trace, data=made.data)
        return replace(act, buttons=act.buttons or self._steps("graded", interview))

    def _inquired(self, heard: Understood, place: Place) -> Act:
        """Answer a question about the own assessment from the one in hand; say how to begin where there is none."""
        if place.interview is None:
            if heard.tool == "verdict":
                return self._no_data(heard, place)
            return self.aside(place, lines=(own_say("none"),), buttons=buttons("start"))
        made = Inquiry(place.interview, self.rules).answer(heard.tool, heard.indicator)
        act = self.aside(place, lines=made.lines, working=made.working)
        citations = tuple(self._references(made.references))
        return replace(act, citations=citations, progress=made.progress or act.progress)

    def _compared(self, heard: Understood, place: Place) -> Act:
        """Grade the same data by several rule sets, side by side."""
        interview = place.interview
        if interview is None or not interview.standing():
            return self._no_data(heard, place)
        named = (
            heard.compared if len(heard.compared) > 1 else tuple(dict.fromkeys((interview.rules_id, *heard.compared)))
        )
        chosen = named if len(named) > 1 else tuple(self.rules.rubrics)
        lines = [say("compared", count=len(interview.standing()), rules=len(chosen))]
        lines += [compared_line(interview.park(), self.rules.rubric(one), self.rules) for one in chosen]
        return self.aside(place, lines=tuple(lines), buttons=buttons("compared"))

    def _no_data(self, heard: Understood, place: Place) -> Act:
        """Say that nothing can be graded yet, and begin the interview where there is none."""
        if place.interview is not None:
            return self.aside(place, lines=(say("none_confirmed"),))
        act = self._begun(heard, place)
        return replace(act, lines=(say("no_data"), *act.lines))

    def _reported(self, heard: Understood, place: Place) -> Act:
        ready = place.interview is not None and bool(place.interview.standing())
        waiting = 0 if place.interview is None else len(place.interview.waiting())
        sentence = say("report_waiting", count=waiting) if waiting and not ready else None
        act = self.aside(place, lines=(sentence or say("report_ready" if ready else "report_none"),))
        return replace(act, buttons=(*buttons("report"), *act.buttons)) if ready else act
