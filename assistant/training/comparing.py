"""A submission against the key, line by line: verdicts, points, faults found or missed or invented, clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from assistant.training.agreement import Agreement, agreement, codes, level_agreement
from assistant.training.case_key import Key, KeyFault, KeyLine, case_texts
from assistant.training.faults import Clause, Kind
from assistant.training.submission import Mark, Submission
from scoring.model import Verdict

Judged = Literal["right", "lenient", "strict", "other", "blank"]
Found = Literal["found", "misnamed", "missed"]
_CELL = re.compile(r"([A-Z]{1,3})(\d+)(?!\d)")
_ITEM = re.compile(r"第(\d+)条")
_REMARK = re.compile(r"（(?![一二三四五六七八九十]+）)[^）]*）|^910号|[《》]")
"""What stands in a place besides the place: （推算）, （全文比对）; not the （二） of 附件4 二（二）3①."""
_NUMBERED = re.compile(r"附件\d|附录|表[A-Z]|\d号|\d-\d{4}|《")
_TELLING = re.compile(r"附件\d.+|.*\d号|.*\d-\d{4}|.*报告\d{4}")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One indicator: own verdict against the key's. `lenient` is nearer to met than the key, `strict` farther."""

    line: KeyLine
    own: Verdict | None
    judged: Judged
    own_level: int | None = None
    own_points: Decimal | None = None

    @property
    def points_right(self) -> bool | None:
        """Whether the points are the key's; None where there are none to compare."""
        if self.own_points is None or self.line.points is None:
            return None
        return self.own_points == self.line.points


@dataclass(frozen=True, slots=True)
class ComparedFault:
    """One planted fault: found, seen but called something else, or missed; and whether a clause cited is right."""

    fault: KeyFault
    found: Found
    mark: Mark | None
    clause_right: bool


@dataclass(frozen=True)
class Comparison:
    """A submission against the key. `invented` are marks where no fault is, `again` marks of one found already."""

    key: Key
    submission: Submission
    lines: tuple[ComparedLine, ...]
    faults: tuple[ComparedFault, ...]
    invented: tuple[Mark, ...]
    again: tuple[Mark, ...]
    agreement: Agreement

    @property
    def recall(self) -> float | None:
        """Share of the planted faults that were found; None where none was planted."""
        return _share(sum(one.found == "found" for one in self.faults), len(self.faults))

    @property
    def precision(self) -> float | None:
        """Share of the marks that name a fault; None where nothing was marked."""
        found = sum(one.found == "found" for one in self.faults)
        return _share(found, found + sum(one.found == "misnamed" for one in self.faults) + len(self.invented))

    @property
    def clause_share(self) -> float | None:
        """Share of the faults found of which a right clause was cited."""
        found = [one for one in self.faults if one.found == "found"]
        return _share(sum(one.clause_right for one in found), len(found))

    def record(self) -> dict[str, Any]:
        """Return the comparison as JSON holds it, ready to be shown."""
        return {
            "case": self.key.case,
            "name": self.submission.name,
            "rubric": self.key.rubric,
            "grade": {"true": self.key.true_grade, "reported": self.key.reported_grade or self.key.reported_refusal},
            "lines": [_line_record(one) for one in self.lines],
            "faults": [_fault_record(one) for one in self.faults],
            "invented": [{"where": one.where, "what": one.what} for one in self.invented],
            "agreement": self.agreement.record(),
            "recall": self.recall,
            "precision": self.precision,
            "clause_share": self.clause_share,
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _line_record(one: ComparedLine) -> dict[str, Any]:
    line = one.line
    return {
        "id": line.indicator,
        "label": line.label,
        "own": one.own,
        "key": line.verdict,
        "judged": one.judged,
        "value": line.value,
        "reason": line.reason,
        "reported": line.reported,
        "reported_value": line.reported_value,
        "own_level": one.own_level,
        "key_level": line.level,
        "own_points": None if one.own_points is None else f"{one.own_points:f}",
        "key_points": None if line.points is None else f"{line.points:f}",
    }


def _fault_record(one: ComparedFault) -> dict[str, Any]:
    fault = one.fault
    return {
        "id": fault.id,
        "kind": fault.kind.id,
        "label": fault.kind.label,
        "found": one.found,
        "own": None if one.mark is None else one.mark.what,
        "clause_right": one.clause_right,
        "clauses": [{"fact": clause.fact, "place": clause.shown} for clause in fault.kind.clauses],
        "why": fault.kind.why,
        "true": dict(fault.true),
        "reported": dict(fault.reported),
        "effects": list(fault.effects),
        "spots": [{"place": spot.place, "text": spot.text} for spot in fault.spots],
    }


def compare(key: Key, submission: Submission) -> Comparison:
    """Return the submission against the key, line by line."""
    lines = tuple(_compared_line(line, submission) for line in key.lines)
    hits, invented, again = _matched(key.faults, submission.marks)
    faults = tuple(_compared_fault(fault, hits.get(i)) for i, fault in enumerate(key.faults))
    return Comparison(key, submission, lines, faults, invented, again, _agreement(key, submission))


def _agreement(key: Key, submission: Submission) -> Agreement:
    """Return how far the submission agrees with the key: on levels where it gives them, else on verdicts."""
    if submission.levels:
        levels = [(line.level, submission.levels.get(line.indicator)) for line in key.lines if line.level is not None]
        return level_agreement(levels, top=max(line.top for line in key.lines))
    judged: list[tuple[Verdict, Verdict | None]] = [
        (line.verdict, submission.verdicts.get(line.indicator)) for line in key.lines
    ]
    return agreement(judged)


def _compared_line(line: KeyLine, submission: Submission) -> ComparedLine:
    own = submission.verdicts.get(line.indicator)
    level, points = submission.levels.get(line.indicator), submission.points.get(line.indicator)
    return ComparedLine(line, own, _judged(own, line, level), level, points)


def _judged(own: Verdict | None, line: KeyLine, level: int | None) -> Judged:
    """Return how a line is judged: by its level where both give one, else by the verdict."""
    if level is not None and line.level is not None:
        above = level - line.level
    elif own is None:
        return "blank"
    else:
        above = codes()[own] - codes()[line.verdict]
        if above == 0 and own != line.verdict:
            return "other"
    return "lenient" if above > 0 else "strict" if above < 0 else "right"


def _matched(
    faults: Sequence[KeyFault], marks: Sequence[Mark]
) -> tuple[Mapping[int, Mark], tuple[Mark, ...], tuple[Mark, ...]]:
    """Return which mark hits which fault, the marks that hit none, and those that hit one that is hit already.

    Marks that name the fault at its place come first, so that one at the same place under another name cannot take
    its fault away.
    """
    hits: dict[int, Mark] = {}
    used: set[int] = set()
    again: list[Mark] = []
    for named in (True, False):
        for at, mark in enumerate(marks):
            here = [i for i, fault in enumerate(faults) if _at(mark, fault) and (not named or names(mark, fault.kind))]
            if at in used or not here:
                continue
            used.add(at)
            free = next((i for i in here if i not in hits), None)
            if free is None:
                again.append(mark)
            else:
                hits[free] = mark
    invented = tuple(mark for at, mark in enumerate(marks) if at not in used)
    return hits, invented, tuple(again)


def _compared_fault(fault: KeyFault, mark: Mark | None) -> ComparedFault:
    if mark is None:
        return ComparedFault(fault, "missed", None, False)
    found: Found = "found" if names(mark, fault.kind) else "misnamed"
    right = any(cites(cited, clause) for cited in mark.clauses for clause in fault.kind.clauses)
    return ComparedFault(fault, found, mark, right)


def names(mark: Mark, kind: Kind) -> bool:
    """Whether the mark names that kind of fault: by its id, its name, or one of its words."""
    said = _folded(mark.what)
    return said in (kind.id, _folded(kind.label)) or any(_folded(word) in said for word in kind.words)


def _at(mark: Mark, fault: KeyFault) -> bool:
    return any(same_place(mark.where, spot.place) for spot in fault.spots)


def same_place(said: str, place: str) -> bool:
    """Whether a place as a trainee writes it is the one meant: the same file or sheet, and the same row or paragraph.

    >>> same_place("月度账单 电力账单 E7", "月度账单.xlsx 电力账单!D7")
    True
    >>> same_place("访谈记录.docx 第3条", "访谈记录.docx 第13条")
    False
    """
    own, (file, _, rest) = _folded(said), place.partition(" ")
    stem = _folded(file.rpartition(".")[0])
    item, meant_item = _ITEM.search(own), _ITEM.search(place)
    if meant_item:
        return stem in own and item is not None and item.group(1) == meant_item.group(1)
    title = _folded(rest.partition("!")[0])
    cell, meant = _CELL.search(own.upper()), _CELL.search(rest.partition("!")[2])
    return title in own and meant is not None and (cell is None or cell.group(2) == meant.group(2))


def cites(cited: str, clause: Clause) -> bool:
    """Whether a citation is that clause: by the id of the fact, or by document and place.

    A place that is itself a number (GB/T 36132-2025) or a numbered part of an annex (附件1 一) says which document it
    is in; where the document has no numbered places (规则正文), its number or title is enough.
    """
    said = _folded(cited)
    if said == _folded(clause.fact):
        return True
    named = any(_folded(name) in said for name in (clause.document, *clause.names))
    compiled = not any(c.isdigit() for c in clause.names[0])
    if _NUMBERED.search(clause.place) is None:
        return named or (compiled and _folded(_REMARK.sub("", clause.place)) in said)
    return any(place in said and (named or _TELLING.fullmatch(place)) for place in _places(clause))


def _places(clause: Clause) -> list[str]:
    """Return the places of a clause, each in full: 附件4 二（一）2、二（二）1 are two."""
    first, *more = _REMARK.sub("", clause.place).split("、")
    annex = first[:3] if first.startswith("附件") else ""
    return [_folded(first), *(_folded(one if one.startswith("附件") else annex + one) for one in more)]


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def cards(comparison: Comparison) -> list[dict[str, str]]:
    """Return what was missed as plain review cards: id, kind, topic, front, back, source."""
    return [*_fault_cards(comparison), *_verdict_cards(comparison)]


def _fault_cards(comparison: Comparison) -> Iterator[dict[str, str]]:
    say = case_texts()["card"]
    for one in comparison.faults:
        if one.found == "found" and one.clause_right:
            continue
        kind, spots = one.fault.kind, one.fault.spots
        first = spots[0]
        other = next((spot for spot in spots if spot.place.partition(" ")[0] != first.place.partition(" ")[0]), None)
        text = first.text or case_texts()["unreported"]
        front = say["fault_front_alone"].format(place=first.place, text=text)
        if other is not None:
            front = say["fault_front"].format(place=first.place, text=text, other=other.place, other_text=other.text)
        clause = kind.clauses[0]
        back = say["fault_back"].format(label=kind.label, why=kind.why, clause=clause.shown)
        yield _card(f"miss:{comparison.key.case}:{one.fault.id}", kind.topic, front, back, clause.fact)


def _verdict_cards(comparison: Comparison) -> Iterator[dict[str, str]]:
    say, words = case_texts()["card"], case_texts()["verdicts"]
    for one in comparison.lines:
        if one.judged == "right":
            continue
        line = one.line
        reported = line.reported_value or (words[line.reported] if line.reported else case_texts()["unreported"])
        front = say["verdict_front"].format(case=comparison.key.case, label=line.label, reported=reported)
        back = say["verdict_back"].format(verdict=words[line.verdict], reason=line.reason)
        yield _card(f"miss:{comparison.key.case}:{line.indicator}", "indicators", front, back, line.indicator)


def _card(card_id: str, topic: str, front: str, back: str, source: str) -> dict[str, str]:
    return {"id": card_id, "kind": "miss", "topic": topic, "front": front, "back": back, "source": source}
