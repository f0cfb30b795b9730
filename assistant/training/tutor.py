"""The tutor: why something is so, from the clauses an item or lesson cites; three hints before the solution."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer, Citation
from assistant.training.marking import shown_key
from assistant.training.model import Item
from assistant.training.reading import phrase
from assistant.training.topics import topics
from corpus.figures import read_figures
from corpus.library import Library

HINTS = 3


def why(sources: Sequence[str], library: Library, *, question: str = "") -> Answer:
    """Return the cited answer to 为什么: the facts themselves, word for word, or that the clause is gone.

    Args:
        sources: ids of passages, as items and lessons cite them.
        library: where they stand.
        question: what was asked, to be kept in the record.
    """
    found = [library.passages[one] for one in dict.fromkeys(sources) if one in library.passages]
    citations = tuple(Citation(n, one, library.document_of(one)) for n, one in enumerate(found, 1))
    asked = question or phrase("tutor.why")
    if not citations:
        return Answer(asked, "refused", (phrase("tutor.gone"),))
    lines = tuple(f"{one.passage.text}[{one.mark}]" for one in citations)
    return Answer(asked, "silent" if all(one.silent for one in found) else "answer", lines, citations)


def why_item(item: Item, library: Library) -> Answer:
    """Return why the key of an item is right: its clauses, and for a park to work out the engine's working."""
    made = why([one.passage for one in item.sources], library, question=f"{phrase('tutor.why')} {item.stem}")
    if item.recipe and made.citations:
        return Answer(made.question, made.kind, made.lines, made.citations, (item.explanation.splitlines()[0],))
    return made


def hint(item: Item, step: int, library: Library) -> str:
    """Return the hint of a step, 1 to 3; after that the solution with its clause.

    First where to look, then what to watch or one option to strike out, then the clause with its figures hidden.
    """
    passages = [library.passages[one.passage] for one in item.sources if one.passage in library.passages]
    if not passages:
        return phrase("tutor.gone")
    if step <= 1:
        document = library.document_of(passages[0])
        topic = next((one.title for one in topics() if one.id == item.topic), item.topic)
        return phrase("tutor.where", topic=topic, title=document.title_in_marks, number=document.number)
    if step == 2:
        return _second(item, passages[0].place)
    if step == HINTS:
        return phrase("tutor.masked", text=_masked(passages[0].text, item))
    return phrase("marks.why", key=shown_key(item), explanation=item.explanation)


def _second(item: Item, place: str) -> str:
    wrong = [at for at in range(len(item.options)) if at not in item.chosen]
    if item.kind in ("single", "multiple", "true_false", "clause") and wrong:
        return phrase("tutor.strike", option=item.options[wrong[-1]])
    if item.kind in ("number", "work"):
        return phrase("tutor.unit", place=place, unit=item.unit or phrase("tutor.no_unit"))
    if item.kind == "order":
        return phrase("tutor.first", option=item.options[item.chosen[0]])
    return phrase("tutor.pair", left=item.left[0], right=item.options[item.chosen[0]])


def _masked(text: str, item: Item) -> str:
    """Return the clause with its figures, or the words of the key, hidden."""
    key = item.figure or (item.options[item.chosen[0]] if len(item.chosen) == 1 else "")
    for figure in reversed(read_figures(text)):
        if figure.kind in ("number", "date"):
            start, end = figure.span
            text = text[:start] + re.sub(r"(?<![A-Za-z])\d", "□", text[start:end]) + text[end:]
    return text.replace(key, "□□") if key else text
