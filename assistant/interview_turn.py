"""One turn of an interview: what a message, a sheet or the table says goes into the log, and what is doubtful stands
apart until an explicit answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from assistant.entries import Doubt, Entry, Interview, Pending, Value
from assistant.interview_answers import answer
from assistant.interview_parts import take_part
from assistant.interview_unit import lacks_unit
from assistant.interview_unknown import not_known_by_name, open_in
from assistant.interview_words import (
    echoes,
    folded,
    holds_one_of,
    joined,
    name_of,
    say,
    texts,
    value_text,
)
from assistant.interview_year import hear_years, is_of_another_year
from assistant.said import Said
from scoring.assess import assess
from scoring.checks import part_faults
from scoring.errors import ParkDataError
from scoring.model import Assessment, FactDefinition, Rules
from scoring.park import checked, definition_of
from scoring.smells import questions

if TYPE_CHECKING:
    from assistant.intent import Understood

_LONGEST_EVIDENCE = 80
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it was understood, in short; an `Understood` does as well."""

    message: str
    intent: str
    figures: Sequence[Said] = ()


class Turn:
    """The interview while one turn is taken.

    `lines` is what there is to say about it, `new` what was said in it, `assessment` that of all values that are known.
    """

    def __init__(self, interview: Interview, rules: Rules, turn: int) -> None:
        self.interview = interview
        self.rules = rules
        self.turn = turn
        self.lines: list[str] = []
        self.new: list[Entry] = []
        self.changed: set[str] = set()
        self.assessment: Assessment | None = None

    # The log ---------------------------------------------------------------------------------------------------------

    def log(self, *entries: Entry) -> None:
        """Add events to the log."""
        self.interview = self.interview.logged(replace(entry, turn=self.turn) for entry in entries)

    def confirm(self, keys: Iterable[str] | None = None) -> None:
        """Confirm what waits for it, but for what this turn itself has said."""
        waiting = self.interview.waiting()
        for key in waiting if keys is None else [key for key in keys if key in waiting]:
            standing = self.interview.standing().get(key)
            moved = standing is not None and standing.value != waiting[key].value
            self.log(replace(waiting[key], state="corrected" if moved else "confirmed"))

    def pend(self, kind: Doubt, entry: Entry, **more: object) -> None:
        """Set a value apart until it is answered for; an earlier doubt about the same fact is over with it."""
        self.cleared(entry.fact)
        doubt = Pending(kind, entry, **more)  # type: ignore[arg-type]
        self.interview = replace(self.interview, pending=(*self.interview.pending, doubt))

    def cleared(self, fact: str) -> None:
        """Take every doubt about a fact off the list."""
        kept = tuple(one for one in self.interview.pending if not fact or one.entry.fact != fact)
        self.interview = replace(self.interview, pending=kept)

    def settle(self, pending: Pending) -> None:
        """Take a doubt off the list."""
        kept = tuple(one for one in self.interview.pending if one != pending)
        self.interview = replace(self.interview, pending=kept)

    def drop(self, entry: Entry) -> None:
        """Take back what was only said: what stood before it stands again."""
        before = self.interview.standing().get(entry.fact)
        self.log(replace(before, state="confirmed") if before else replace(entry, value=None, state="withdrawn"))

    def skip(self, key: str, *, times: int = 1) -> None:
        """Note that a fact is not known."""
        self.interview = replace(self.interview, skipped=(*self.interview.skipped, *((key, self.turn),) * times))

    # What a message says ---------------------------------------------------------------------------------------------

    def hear(self, heard: Heard | Understood, *, correcting: bool = False) -> None:
        """Take what a message says: its figures, and the answer to what was asked."""
        asked = "" if self.interview.pending else self.interview.asked
        figures = [one for one in heard.figures if self._counts(one, asked, heard)]
        named = {one.fact for one in figures if one.value is not None}
        waiting = [key for key in self.interview.waiting() if key not in named]
        if not correcting:
            self.confirm(waiting)
        hear_years(self, figures)
        for figure in figures:
            self.take(figure, heard.message, correcting=correcting)
        elsewhere = not_known_by_name(self, heard, asked=asked, named=named)
        if asked and asked not in named and not elsewhere and not self._speaks_of_another(asked, heard):
            answer(self, asked, heard)
        elif not figures and not asked and not waiting and heard.intent not in ("confirm", "resume", "assess"):
            self.lines.append(say("not_understood"))

    def _speaks_of_another(self, asked: str, heard: Heard | Understood) -> bool:
        """Whether a yes or no is not of what is asked: 不对，26万, or, of another section, 别的燃料没有."""
        if re.match(texts()["objecting"], folded(heard.message)):
            return True
        kinds = {one.fact: definition_of(one.fact, self.rules)[0].kind for one in heard.figures if one.fact}
        rest = definition_of(asked, self.rules)[0].kind == "declaration"
        return rest and any(kind == "declaration" and fact != asked for fact, kind in kinds.items())

    def _counts(self, figure: Said, asked: str, heard: Heard | Understood) -> bool:
        """Whether a figure counts: not the number in a report's title, not the "没有" of "没有，不知道"."""
        if figure.bare and holds_one_of(figure.raw, "evidence"):
            return False
        if not asked or figure.fact != asked:
            return True
        if isinstance(figure.value, bool) and self._speaks_of_another(asked, heard):
            return False
        if definition_of(asked, self.rules)[0].kind == "yes_no" and isinstance(figure.value, bool):
            first = figure.start + len(re.split(r"[,，。;；\s]", figure.raw)[0])
            others = (one.start for one in heard.figures if one.fact != asked and not isinstance(one.value, bool))
            if any(figure.start <= start < first for start in others):  # 全年用电3亿度 is no yes
                return False
        return heard.intent not in ("unknown_value", "skip") or figure.value not in (False, _NOTHING)

    def take(self, figure: Said, text: str, *, correcting: bool = False) -> None:
        """Take one figure, or say why it is not taken."""
        if figure.change:
            self.lines.append(say("change", raw=figure.raw))
            return
        origin = f"turn {self.turn}"
        only = figure.candidates[0] if figure.bare and len(figure.candidates) == 1 else ""
        entry = Entry(figure.fact or only, figure.value, figure.unit, figure.raw, origin, "", "said", self.turn)
        if figure.bare and not figure.part and not is_of_another_year(self, figure) and lacks_unit(self, entry):
            return
        entry = replace(entry, fact=figure.fact)
        if not figure.fact:
            self._unclear(figure, entry, text, correcting=correcting)
        elif is_of_another_year(self, figure):
            self.lines.append(say("other_year", raw=figure.raw, said=figure.year, year=self.interview.year))
        elif figure.part:
            take_part(self, entry, figure, correcting=correcting)
        elif figure.value is None:
            self.pend("range" if figure.low is not None else "again", entry)
        else:
            self.offer(entry, text, about=figure.about, correcting=correcting)

    def _unclear(self, figure: Said, entry: Entry, text: str, *, correcting: bool = False) -> None:
        """Ask which fact a figure belongs to; nothing of each kind is taken as said of each."""
        if figure.every:
            for key in figure.candidates:
                self.offer(replace(entry, fact=key), text)
        elif (key := self._named_kind(figure.raw)) and figure.value is not None and not figure.part:
            self.offer(replace(entry, fact=key), text, about=figure.about)
        elif figure.candidates and figure.value is not None:
            units = {definition_of(key, self.rules)[1] for key in figure.candidates}
            if figure.unit == "1" and "1" not in units:
                labels = joined(name_of(key, self.rules) for key in figure.candidates)
                self.lines.append(say("share", raw=figure.raw, labels=labels))
                return
            asked = self.interview.asked
            fits = bool(asked) and definition_of(asked, self.rules)[1] in units and asked not in figure.candidates
            candidates = (asked, *figure.candidates) if fits else figure.candidates
            for one in self.interview.pending if correcting else ():
                if one.kind == "choice" and set(one.candidates) & set(candidates):
                    self.settle(one)  # put right before it was clear whose it is
            self.pend("choice", entry, candidates=candidates, text=text, part=figure.part)
        elif not holds_one_of(figure.raw, "evidence"):
            self.lines.append(say("not_sure_which", raw=figure.raw))

    def _named_kind(self, raw: str) -> str:
        """Return the fact whose label and whose kind both stand in the words: 柴油的碳氧化率."""
        found = [
            (len(kind.label) + len(one.label), f"{one.id}/{member}")
            for one in self.rules.facts.values()
            if one.per and one.label in raw
            for member, kind in self.rules.families[one.per].members.items()
            if kind.label in raw
        ]
        return max(found)[1] if found else ""

    def offer(self, entry: Entry, text: str = "", *, about: bool = False, correcting: bool = False) -> bool:
        """Put a value into the log as said, set it apart where it is doubtful, or say why it cannot be used."""
        definition, unit = definition_of(entry.fact, self.rules)
        entry = replace(entry, unit=unit, evidence=entry.evidence or _evidence(text))
        if definition.derived and entry.value == _NOTHING < definition.low:
            self.not_available(entry.fact)
            return True
        if definition.kind == "declaration" and entry.value is True and (left := open_in(self, entry.fact)):
            self.skip(entry.fact)
            labels = joined(dict.fromkeys(name_of(one, self.rules) for one in left))
            self.lines.append(say("rest_open", labels=labels, label=name_of(entry.fact, self.rules)))
            return False
        try:
            assert entry.value is not None
            entry = replace(entry, value=checked(entry.value, definition, entry.fact))
        except ParkDataError as error:
            self.lines.append(say("refused", raw=entry.raw, why=error.faults[0].what))
            return False
        old = self.interview.known().get(entry.fact)
        if old is not None and old.value == entry.value:
            self.confirm([entry.fact])
            self.lines.append(
                say("same", label=name_of(entry.fact, self.rules), value=self.shown(entry.fact, entry.value))
            )
            return True
        self._put(entry, old, definition, about=about, correcting=correcting)
        return True

    def _put(
        self, entry: Entry, old: Entry | None, definition: FactDefinition, *, about: bool, correcting: bool
    ) -> None:
        self.changed.add(entry.fact)
        self.cleared(entry.fact)
        if old is not None and correcting and not about and not self._impossible(entry):
            self.log(replace(entry, state="corrected", evidence=entry.evidence or old.evidence))
            ends = (self.shown(entry.fact, one) for one in (old.value, entry.value))
            label = name_of(entry.fact, self.rules)
            self.lines.append(say("corrected", label=label, old=next(ends), new=next(ends)))
            sound = tuple(key for key in self.interview.sound if key != entry.fact)
            self.interview = replace(self.interview, sound=sound)
            return
        self.log(entry)
        if definition.needs_source and not entry.evidence:
            self.pend("evidence", entry)
        elif old is not None and not correcting:
            self.pend("conflict", entry, other=old.value)
        elif about:
            self.pend("about", entry)
        else:
            self.new.append(entry)

    def _impossible(self, entry: Entry) -> str:
        return tried(self.interview, {**self.interview.known(), entry.fact: entry}, self.rules)[1]

    def not_available(self, key: str) -> None:
        """Note that there is no total: it is not asked for again."""
        self.skip(key, times=2)
        self.lines.append(say("not_available", label=name_of(key, self.rules)))

    def shown(self, key: str, value: Value | None) -> str:
        """Return a value as it is said back."""
        return value_text(key, value, self.rules)

    def values(self, entries: Iterable[Entry]) -> str:
        """Return values as they are said back."""
        return echoes(entries, self.rules)

    # Doubts about the whole -----------------------------------------------------------------------------------------

    def doubt(self) -> None:
        """Set apart what cannot be true together, and ask about what smells wrong."""
        known = self.interview.known()
        self.assessment, what = tried(self.interview, known, self.rules)
        if what:
            newest = max(known.values(), key=self.interview.entries.index)
            self.pend("impossible", newest, text=what)
        if what or not self.changed:
            return
        for one in questions(self.interview.park(known), self.rules):
            entry = known.get(one.key)
            if entry is None or one.key in self.interview.sound:
                continue
            other = None if one.times is None else cast(Decimal, entry.value) * one.times
            self.pend("smell", entry, other=other, text=one.what)


def _evidence(text: str) -> str:
    """Return the words of a message that says whose figure it is; nothing where it does not."""
    return text.strip()[:_LONGEST_EVIDENCE] if holds_one_of(text, "evidence") else ""


def tried(interview: Interview, entries: dict[str, Entry], rules: Rules) -> tuple[Assessment | None, str]:
    """Return the assessment of the values, and what cannot be true together among them; nothing where they can."""
    park = interview.park(entries)
    faults = [fault.what for fault in part_faults(park, rules, {key: one.raw for key, one in entries.items()})]
    try:
        found = assess(park, rules.rubric(interview.rules_id), rules, edges=False, suggest=False)
    except ParkDataError as error:
        return None, "".join([*faults, *(str(fault) for fault in error.faults)])
    return found, "".join(faults)
