"""One indicator, several texts: which limit each gives, and which of them applies to this park, and why.

National, provincial and association texts may ask for different values of the same indicator. Every text of the library
is shown with its scope, status and date; a draft or a text that is no longer in force is never binding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast

from assistant.relevance import size_fit
from assistant.understand import read_yaml
from corpus.editions import Standing, standing
from corpus.figures import Figure, read_figures
from corpus.library import Library
from corpus.limits import says_to_whom
from corpus.model import Document, Passage
from corpus.words import fold

Tier = Literal["national", "province", "city", "association", "industry"]
State = Literal[
    "applies", "undecided", "draft", "not_in_force", "superseded", "other_place", "other_size", "other_level", "older"
]
GREYED: tuple[State, ...] = ("draft", "not_in_force", "superseded")
"""States of texts that bind nobody."""

_BOUNDS = ("ge", "gt", "le", "lt")
_COUNTERS = ("项", "条", "类")
"""What indicators themselves are counted in: 10项引导指标 bounds nothing."""
_LISTED = re.compile(r"[\s、，,或和及~～—\-至到/]*")
_STATED = re.compile(r"[\s为是应达到要求：:；目标值、或和~～—\-至]*")
_BLANK = re.compile(r"[\s/、]")
_NO_SOURCE = ("汇编", "解读", "答复")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What decides which limit applies; an empty one is not known.

    Attributes:
        region: of the park: 江苏, or 江苏/无锡.
        energy_tce: its energy consumption of a year.
        tier: whose title it applies for: national, province, city; association for a standard's own certificate.
    """

    region: str = ""
    energy_tce: Decimal | None = None
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The limit that one passage gives for the indicator.

    Attributes:
        passage: where it stands; `document` the text.
        tier: whose text it is.
        limits: the figures, more than one where the text names steps (2027、2030年分别…).
        condition: the words of the sentence, which hold size and year.
        state: whether it applies, and why not.
        why: a sentence for the reader.
    """

    passage: Passage
    document: Document
    tier: Tier
    limits: tuple[Figure, ...]
    condition: str
    state: State = "undecided"
    why: str = ""

    @property
    def greyed(self) -> bool:
        """Whether it binds nobody: a draft, or not in force."""
        return self.state in GREYED


@dataclass(frozen=True, slots=True)
class Table:
    """All limits of one indicator, those that apply first.

    Attributes:
        indicator: as asked.
        rows: one a passage.
        conflict: whether texts in force for the park's place and size give different limits.
    """

    indicator: str
    rows: tuple[Row, ...]
    conflict: bool

    @property
    def applies(self) -> tuple[Row, ...]:
        """The rows that apply to the park."""
        return tuple(row for row in self.rows if row.state == "applies")


def limits_of(indicator: str, library: Library, applicant: Applicant | None = None, *, on: str = "") -> Table:
    """Return every limit that the library gives for an indicator, and which applies to the applicant.

    Args:
        indicator: its name, or how people call it.
        library: the texts at hand.
        applicant: the park; what is not known of it leaves rows undecided.
        on: an ISO day; today's standing without one.
    """
    park = applicant or Applicant()
    names = _names(indicator)
    rows = [row for p in library.passages.values() if (row := _row(p, library.document_of(p), names)) is not None]
    rows = _without_repeats(rows)
    documents = list(library.documents.values())
    judged = [_judged(row, park, standing(row.document, documents, on), documents) for row in rows]
    judged = _newest_applies(judged)
    differing = {_values(row) for row in judged if row.state in ("applies", "undecided", "other_level", "older")}
    order = {state: at for at, state in enumerate(("applies", "undecided", "other_size", "older", "other_level"))}
    judged.sort(key=lambda row: (order.get(row.state, 8 + row.greyed), row.document.id))
    return Table(indicator, tuple(judged), len(differing) > 1)


@cache
def words() -> Mapping[str, Any]:
    """Return the words of the table: `conflict_words.yaml`."""
    return cast("Mapping[str, Any]", read_yaml("assistant", "conflict_words.yaml"))


def table_record(table: Table) -> dict[str, object]:
    """Return the table as it is printed."""
    said = words()
    return {
        "indicator": table.indicator,
        "conflict": table.conflict,
        "rows": [
            {
                "limit": "、".join(figure.text for figure in row.limits),
                "scope": said["tiers"][row.tier],
                "region": row.document.region,
                "status": row.document.status,
                "since": row.document.since,
                "title": row.document.title,
                "number": row.document.number,
                "place": row.passage.place,
                "quote": row.passage.text,
                "passage": row.passage.id,
                "state": said["states"][row.state],
                "greyed": row.greyed,
                "why": row.why,
            }
            for row in table.rows
        ],
    }


# Which passages give a limit ----------------------------------------------------------------------------------------


@cache
def _names(indicator: str) -> tuple[str, ...]:
    """Return the folded name of an indicator with what else it is called."""
    asked = _bare(indicator)
    found = [asked]
    for entry in cast("list[dict[str, Any]]", read_yaml("corpus", "glossary.yaml")):
        also = [_bare(name) for name in (entry["term"], *entry.get("also", []))]
        if asked in also:
            found += also
    return tuple(dict.fromkeys(found))


def _bare(text: str) -> str:
    return _BLANK.sub("", re.sub(r"\(.*?\)", "", fold(text)))


def _row(passage: Passage, document: Document, names: Sequence[str]) -> Row | None:
    """Return the limit that a passage gives for the indicator; None where it gives none, or only repeats another's."""
    if passage.kind != "规定" or document.kind in _NO_SOURCE:
        return None
    bare = _BLANK.sub("", passage.text).lower()
    if not any(name in bare for name in names):
        return None
    for sentence in re.split(r"(?<=[。；;\n])", passage.text):
        if document.region not in ("全国", "国际") and "国家级" in sentence:
            continue
        limits = _limits(sentence, names)
        if limits:
            return Row(passage, document, _tier(document), limits, sentence.strip())
    return None


def _limits(sentence: str, names: Sequence[str]) -> tuple[Figure, ...]:
    """Return the bounds that stand behind the indicator's name, up to where the next is named."""
    begin = next((at for name in names if (at := _behind(sentence, name)) is not None), None)
    if begin is None:
        return ()
    found: list[Figure] = []
    for figure in read_figures(sentence):
        start, end = figure.span
        if start < begin or figure.kind != "number":
            continue
        between = sentence[found[-1].span[1] if found else begin : start]
        if found and not _LISTED.fullmatch(between):
            break
        counted = sentence[start:end].endswith(_COUNTERS) or sentence.startswith(_COUNTERS, end)
        stated = figure.comparator in _BOUNDS or (_STATED.fullmatch(between) and not counted)
        if stated and not says_to_whom(sentence, end):
            found.append(figure)
        elif found:
            break
    return tuple(found)


def _behind(sentence: str, name: str) -> int | None:
    """Return where an indicator's name ends in a sentence, whatever blanks and strokes stand in it."""
    m = re.search(r"[\s/、]*".join(re.escape(c) for c in name), _folded(sentence))
    return m.end() if m else None


def _folded(text: str) -> str:
    """Return the text in half width and lower case, of the same length."""
    return "".join(f if len(f := fold(c)) == 1 else c for c in text)


def _tier(document: Document) -> Tier:
    if document.kind == "团体标准":
        return "association"
    if document.kind in ("行业标准", "国际标准"):
        return "industry"
    if document.region in ("全国", "国际"):
        return "national"
    return "city" if "/" in document.region else "province"


def _values(row: Row) -> tuple[tuple[str, str, str], ...]:
    return tuple((figure.key, figure.unit, figure.comparator) for figure in row.limits)


def _sized(row: Row) -> bool:
    return any(size_fit(Decimal(size), fold(row.condition)) for size in (1, 10**7))


def _without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Leave out a row without a size whose figures other rows of its document give: a summary, or the same again."""
    kept: list[Row] = []
    for row in sorted(rows, key=lambda r: (not _sized(r), len(r.condition))):
        said = {figure.key for other in kept if other.document.id == row.document.id for figure in other.limits}
        if _sized(row) or not {figure.key for figure in row.limits} <= said:
            kept.append(row)
    return kept


# Which applies ------------------------------------------------------------------------------------------------------


def _judged(row: Row, park: Applicant, stands: Standing, documents: Iterable[Document]) -> Row:
    """Return the row with whether it applies to the park, and why."""
    state: State
    about: dict[str, str] = {"status": row.document.status, "region": row.document.region}
    size = size_fit(park.energy_tce, fold(row.condition)) if park.energy_tce is not None else 0
    if stands.why == "draft":
        state = "draft"
    elif stands.why == "superseded":
        state = "superseded"
        about["by"] = next((d.title_in_marks for d in documents if d.id == stands.by), "")
    elif not stands.in_force:
        state = "not_in_force"
    elif not _covers(row.document.region, park.region):
        state = "other_place"
    elif size < 0:
        state = "other_size"
    elif park.tier is not None and row.tier != park.tier:
        state = "other_level"
    elif _unknown(row, park):
        state = "undecided"
    else:
        state = "applies"
    return replace(row, state=state, why=_why(row, state, park, stands, about))


def _covers(region: str, own: str) -> bool:
    """Whether a text of a region may hold in the park's: what is not known of the park's denies nothing."""
    if region in ("全国", "国际") or not own:
        return True
    return own == region or own.startswith(f"{region}/") or ("/" not in own and region.startswith(f"{own}/"))


def _unknown(row: Row, park: Applicant) -> list[str]:
    """Return what has to be known of the park before the row can be decided."""
    local = row.document.region not in ("全国", "国际")
    unknown = {
        "tier": park.tier is None,
        "region": local and (not park.region or (row.tier == "city" and "/" not in park.region)),
        "size": park.energy_tce is None and _sized(row),
    }
    return [name for name, is_unknown in unknown.items() if is_unknown]


def _why(row: Row, state: State, park: Applicant, stands: Standing, about: Mapping[str, str]) -> str:
    said = words()["why"]
    if state == "undecided":
        return said["undecided"].format(what="、".join(words()["asked"][name] for name in _unknown(row, park)))
    if state == "not_in_force":
        return said[stands.why].format(since=row.document.since, **about)
    if state == "other_level" and park.tier is not None:
        return said["other_level"].format(level=words()["tiers"][row.tier], asked=words()["tiers"][park.tier])
    reason = said[state].format(level=words()["tiers"][row.tier], **about)
    if state == "applies" and row.document.status in ("试行", "未查明"):
        reason += said[row.document.status]
    return reason


def _newest_applies(rows: Sequence[Row]) -> list[Row]:
    """Of texts that would apply for the same place, only the newest does."""
    made: list[Row] = []
    for row in rows:
        rivals = [r for r in rows if r.state == "applies" and r.document.region == row.document.region]
        newest = max((r.document.since for r in rivals), default="")
        if row.state == "applies" and row.document.since < newest:
            later = next(r.document for r in rivals if r.document.since == newest)
            row = replace(row, state="older", why=words()["why"]["older"].format(by=later.title_in_marks))
        made.append(row)
    return made
