"""What is shown beside the interview: clauses of a document, and one park's data under several rule sets."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.act import say
from assistant.answer import Citation
from assistant.grading import level, words
from assistant.intent import Understood
from corpus.library import Library
from corpus.model import Document, Passage
from corpus.words import fold
from scoring.assess import assess
from scoring.model import ParkData, Rubric, Rules
from scoring.units import plain

_MOST_SHOWN = 5


def clause_shown(
    heard: Understood, rules_id: str, library: Library, rules: Rules
) -> tuple[tuple[str, ...], tuple[Citation, ...]] | None:
    """Return what the library keeps at the place that a message names, and the sources; None where it names none.

    Args:
        rules_id: the rule set spoken of: its documents are meant where the message names none.
    """
    documents = list(_meant(heard, rules_id, library, rules))
    if not documents or not (heard.document or heard.clause):
        return None
    found = next(((one, passages) for one in documents if (passages := _at(one, heard.clause))), None)
    document, passages = found or (documents[0], list(documents[0].passages))
    citations = tuple(Citation(i, p, document) for i, p in enumerate(passages[:_MOST_SHOWN], 1))
    head = say("clause_of" if found else "clause_none", title=document.title_in_marks, clause=heard.clause)
    lines = [head, *(f"{c.passage.text}（{c.passage.place}）[{c.mark}]" for c in citations)]
    if len(passages) > _MOST_SHOWN:
        lines.append(say("clause_more", count=len(passages) - _MOST_SHOWN))
    return tuple(lines), citations


def _meant(heard: Understood, rules_id: str, library: Library, rules: Rules) -> Iterator[Document]:
    """Yield the documents that may be meant: the one named and its annexes, or those that the rules rest on."""
    named = [heard.document] if heard.document else []
    if not named and rules_id:
        rubric = rules.rubric(rules_id)
        named = [one.document for one in (rubric.reference, *(i.reference for i in rubric.indicators)) if one.document]
    numbers = {one.number for key in named if (one := library.documents.get(key)) and one.number}
    yield from (one for one in library.documents.values() if one.id in named or one.number in numbers)


def _at(document: Document, clause: str) -> list[Passage]:
    return [p for p in document.passages if not clause or fold(p.place).startswith(fold(clause))]


def compared_line(park: ParkData, rubric: Rubric, rules: Rules) -> str:
    """Return the outcome of a park under one rule set, in a line."""
    found = assess(park, rubric, rules, edges=False, suggest=False)
    points = ""
    if found.low is not None and found.high is not None and found.full is not None:
        ends = {"low": f"{plain(found.low):f}", "high": f"{plain(found.high):f}", "full": f"{plain(found.full):f}"}
        points = say("compared_point" if found.low == found.high else "compared_points", **ends)
    grade, known = level(found), words()
    counts = {one: sum(r.verdict == one for r in found.results) for one in known["verdicts"]}
    told = [known["say"]["count"].format(word=known["verdicts"][k], count=n) for k, n in counts.items() if n]
    return say(
        "compared_line",
        title=rubric.title,
        edition=rubric.edition,
        outcome=known["outcomes"][found.verdict],
        level=say("compared_level", level=grade) if grade else "",
        points=points,
        counts=known["say"]["comma"].join(told),
    )
