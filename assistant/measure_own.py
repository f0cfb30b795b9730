"""Questions on the user's own documents: answered, and from the right clause and page.

A question file is a YAML list of {id, question, file, place, page, must}: `file` is part of the file's name, `place` a
pattern of the clause with spaces left out, `page` one or more pages joined by |, 0 where the format has none. A digest
counts where it leads to the right place of its original.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assistant.advisor import Advisor
from assistant.answer import Answer, Citation
from assistant.measure import Pattern, matches
from corpus.errors import CorpusError
from corpus.library import Library
from corpus.model import Passage
from corpus.originals import originals, spot_of
from corpus.own import OwnLibrary


class OwnQuestion(BaseModel):
    """A question, and where which document answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    file: str
    place: Pattern
    page: str = "0"
    must: tuple[Pattern, ...] = ()


@dataclass
class OwnOutcome:
    """Counts, and what went wrong.

    Attributes:
        asked: questions whose document is at hand.
        right: answered with what must be said, the right clause and page among the citations.
        first: of these, with that clause as the first citation.
        refused: refused though the document answers.
        absent: questions whose document is not in the folder.
    """

    asked: int = 0
    right: int = 0
    first: int = 0
    refused: int = 0
    absent: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        return {
            "asked": self.asked,
            "right_share": round(self.right / max(1, self.asked), 4),
            "first_share": round(self.first / max(1, self.asked), 4),
            "refused_share": round(self.refused / max(1, self.asked), 4),
            "absent": self.absent,
            "wrong": self.wrong,
        }


_ENTRIES = TypeAdapter(list[OwnQuestion])


def read_own_questions(path: Path) -> list[OwnQuestion]:
    """Return the questions of a file, or of every .yaml file of a folder.

    Raises:
        CorpusError: naming file and fault.
    """
    found: list[OwnQuestion] = []
    for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
        try:
            entries: Any = YAML(typ="base").load(io.StringIO(file.read_text(encoding="utf-8")))  # pyright: ignore[reportUnknownMemberType]
            found += _ENTRIES.validate_python(entries)
        except (OSError, UnicodeDecodeError, YAMLError, ValidationError) as error:
            raise CorpusError(f"{file}: 问题集读不出来（{str(error).splitlines()[0]}）。") from error
    return found


def evaluate_own(advisor: Advisor, own: OwnLibrary, items: Sequence[OwnQuestion]) -> OwnOutcome:
    """Ask every question whose document is in the library, and count."""
    names = {r.id: r.file_name for r in own.records()}
    pages = {identity: page for r in own.records() for identity, page in own.text(r.sha256).pages.items()}
    outcome = OwnOutcome()
    for item in items:
        if not any(item.file in name for name in names.values()):
            outcome.absent += 1
            continue
        answer = advisor.ask(item.question)
        places = [_leads_to(c, advisor.library) for c in answer.citations]
        fits = [p is not None and _fits(p, item, names, pages) for p in places]
        said = all(matches(item.must, answer.text))
        outcome.asked += 1
        outcome.refused += answer.kind == "refused"
        right = answer.kind != "refused" and said and any(fits)
        outcome.right += right
        outcome.first += right and fits[0]
        if not right:
            outcome.wrong.append(_fault(item, answer, places, said=said))
    return outcome


def on_printed_pages(items: Sequence[OwnQuestion], printed: OwnLibrary) -> list[OwnQuestion]:
    """Return the questions with the pages on which their clauses stand in print, where their format had none."""
    texts = [(r.file_name, own.passages, own.pages) for r in printed.records() for own in (printed.text(r.sha256),)]

    def pages_of(item: OwnQuestion) -> str:
        there = {
            pages[p.id]
            for name, passages, pages in texts
            for p in passages
            if item.file in name and p.id in pages and _in_place(p, item)
        }
        return "|".join(str(n) for n in sorted(there)) or item.page

    return [i if i.page != "0" else i.model_copy(update={"page": pages_of(i)}) for i in items]


def _in_place(passage: Passage, item: OwnQuestion) -> bool:
    return bool(re.search(item.place, re.sub(r"\s", "", passage.place)))


def _leads_to(citation: Citation, library: Library) -> Passage | None:
    """The passage of an original that a citation opens."""
    if citation.document.realm == "own":
        return citation.passage
    original = originals(library).get(citation.document.id)
    spot = spot_of(citation.passage, original) if original is not None else None
    return spot.passage if spot is not None else None


def _fits(passage: Passage, item: OwnQuestion, names: Mapping[str, str], pages: Mapping[str, int]) -> bool:
    in_file = item.file in names.get(passage.document_id, "")
    wanted = item.page.split("|")
    return in_file and _in_place(passage, item) and (wanted == ["0"] or str(pages.get(passage.id, 0)) in wanted)


def _fault(item: OwnQuestion, answer: Answer, places: Sequence[Passage | None], *, said: bool) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question,
        "kind": answer.kind,
        "said": said,
        "cited": [
            f"{c.passage.id}{f' → {p.place}' if p is not None else ''}"
            for c, p in zip(answer.citations, places, strict=True)
        ],
    }
