"""What a document says of itself: title, number, issuers, dates, status, and what it replaces.

Everything is read from the text, from what the file says of itself, or from its name, and says where it was found, so
that a person can confirm or correct it before the document is taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePath
from typing import Any, Literal, cast

from corpus import fact_signs as signs
from corpus.clause_tree import Node, Tree, tree_of
from corpus.marks import flat, mark_of
from corpus.reading.model import Line, Reading

Where = Literal["text", "head", "name", "inferred", "person"]
Value = str | tuple[str, ...]

_META = re.compile(r"^\s*([一-鿿](?:\s*[一-鿿]){1,5})\s*[:：]\s*(\S.*)$")
_SENTENCE = re.compile(r"[^。；;！？]*[。；;！？]?")
_TOP = 20
_TITLE_LINES = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Where a fact was found.

    Attributes:
        where: in the text; in what the file says of itself (head); in its name; inferred from other facts; or said by
            a person.
        quote: the words it was read from.
        page: the page they stand on; 0 where they stand on none.
    """

    where: Where
    quote: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The facts of record of one document, in the form that `Document` takes; an empty one was not found.

    Attributes:
        title: without the issuers before it.
        number: 发改环资〔2025〕910号, 公告2025年第47号, GB/T 2589-2020.
        kind: a `DocumentKind`.
        issuers: in the order of the signature.
        issued: ISO date of 成文; `published`: of 公布; `in_force`: of 施行.
        status: a `Status`; 未查明 where the text is no draft and has neither number nor date.
        region: 全国, or a province, or a province and a city (江苏/无锡).
        supersedes: what the text says it repeals or replaces, as named there.
        found: field -> where it was found.
    """

    title: str = ""
    number: str = ""
    kind: str = ""
    issuers: tuple[str, ...] = ()
    issued: str = ""
    published: str = ""
    in_force: str = ""
    status: str = ""
    region: str = ""
    supersedes: tuple[str, ...] = ()
    found: Mapping[str, Found] = field(default_factory=dict[str, Found])

    def corrected(self, **changes: Value) -> DocumentFacts:
        """Return the facts with what a person said in place of what was found.

        Raises:
            KeyError: there is no such fact.
        """
        known = {f.name for f in fields(self)} - {"found"}
        for name in changes:
            if name not in known:
                raise KeyError(name)
        said = {**self.found, **{name: Found("person") for name in changes}}
        return replace(self, **cast(Any, changes), found=said)


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    value: Value
    found: Found


def facts_of(reading: Reading) -> DocumentFacts:
    """Return what the document says of itself: the text goes before the file's head, and that before its name."""
    tree = tree_of(reading.lines)
    known: dict[str, _Fact] = {}
    for fact in (*_of_text(reading, tree), *_of_head(reading), *_of_name(reading)):
        if fact.value:
            known.setdefault(fact.name, fact)
    if "title" not in known:
        known["title"] = _Fact("title", PurePath(reading.name).stem, Found("name", reading.name))
    for fact in _inferred(known):
        if fact.value:
            known.setdefault(fact.name, fact)
    values: Any = {name: fact.value for name, fact in known.items()}
    return DocumentFacts(**values, found={name: fact.found for name, fact in known.items()})


def _said(name: str, value: Value, line: Line, quote: str = "") -> _Fact:
    return _Fact(name, value, Found("text", quote or line.text.strip(), line.page))


# The text ------------------------------------------------------------------------------------------------------------


def _of_text(reading: Reading, tree: Tree) -> Iterator[_Fact]:
    top = reading.lines[:_TOP]
    for line in top:
        yield from _of_meta(line)
    yield from _number(top)
    yield from _signature(tree.closing)
    yield from _title(tree)
    for line in (*top[: len(tree.front)], *tree.front):
        for name, day in signs.printed_days(line.text):
            yield _said(name, day, line)
    for line in reading.lines:
        day, _, quote = signs.force_in(line.text)
        if day:
            yield _said("in_force", day, line, quote)
    yield from _status(tree)
    yield from _supersedes(reading.lines)


def _of_meta(line: Line) -> Iterator[_Fact]:
    """Yield what a line `键：值` of a page's record says: 发文字号：发改能源规〔2021〕280号."""
    m = _META.match(flat(line.text))
    name = signs.META_KEYS.get(re.sub(r"\s", "", m[1])) if m else None
    if m is None or name is None:
        return
    value: Value = m[2].strip()
    if name in ("issued", "published", "in_force"):
        value = signs.day_in(m[2])
    elif name == "issuers":
        value = signs.issuers_in(m[2])
    elif name == "number":
        value = signs.number_in(m[2])
    elif name == "status":
        value = signs.status_in(m[2])
    elif name == "title":
        issuers, value = signs.titled(m[2])
        yield _said("issuers", issuers, line)
    yield _said(name, value, line)


def _number(top: Sequence[Line]) -> Iterator[_Fact]:
    """Yield the number that stands on a line of its own, or else behind the title in brackets."""
    for line in top:
        if number := signs.number_in(line.text, alone=True):
            yield _said("number", number, line)
    for line in top:
        if signs.without_number(line.text) != signs.squeezed(line.text) and "。" not in line.text:
            yield _said("number", signs.number_in(line.text), line)


def _signature(closing: Sequence[Line]) -> Iterator[_Fact]:
    """Yield issuers and date of the signature."""
    issuers: list[str] = []
    first: Line | None = None
    for line in closing:
        names = signs.issuers_in(line.text)
        if names:
            issuers += names
            first = first or line
        elif (day := signs.day_in(line.text)) and not mark_of(line.text):
            yield _said("issued", day, line)
            break
    if first is not None:
        yield _said("issuers", tuple(dict.fromkeys(issuers)), first)


def _title(tree: Tree) -> Iterator[_Fact]:
    """Yield the title that the first lines make, and the issuers that it begins with; or that of the annex."""
    front = list(tree.front)
    ends = [at for at, line in enumerate(front) if signs.is_title_end(line.text)]
    if ends:
        start = end = ends[-1]
        while start > 0 and end - start < _TITLE_LINES and _goes_into_title(front[start - 1]):
            start -= 1
        lines = front[start : end + 1]
        issuers, title = signs.titled(_run_together(lines))
        yield _said("title", title, lines[0], "\n".join(line.text.strip() for line in lines))
        yield _said("issuers", issuers, lines[0])
    elif first := next((line for line in front if not _is_record(line) and len(line.text.strip()) > 4), None):
        yield _said("title", signs.without_number(first.text), first)
    if not front and (annex := _first_annex(tree)):
        title = annex.label.removeprefix(annex.number).strip()
        yield _said("title", title, next((line for line in annex.lines if line.text in title), annex.lines[0]))


def _first_annex(tree: Tree) -> Node | None:
    """Return the annex that the text begins with, if it does."""
    first = tree.root.items[0] if tree.root.items else None
    return first if isinstance(first, Node) and first.style in ("annex", "appendix") else None


def _is_record(line: Line) -> bool:
    """Whether a line above the text is a number, a date, a letterhead or the like."""
    text = line.text.strip()
    return bool(
        signs.number_in(text, alone=True)
        or signs.printed_days(text)
        or (signs.day_in(text) and len(text) <= 14)
        or re.search(r"文件$|[>＞|]|^ICS|^CCS|^附件|^目\s*[录次]$|^\W*\[|^[\W\dA-Za-z]+$", text)
        or mark_of(text)
    )


def _goes_into_title(line: Line) -> bool:
    """Whether a line above the end of a title belongs to it."""
    return not (_is_record(line) or signs.is_title_end(line.text) or re.search("[:：]", line.text))


def _run_together(lines: Sequence[Line]) -> str:
    """Return the lines of a title as one; a blank stays only between issuers."""
    whole = ""
    for line in lines:
        text = line.text.strip()
        whole += (" " if whole and signs.issuers_in(whole.split(" ")[-1]) and signs.issuers_in(text) else "") + text
    return whole


def _status(tree: Tree) -> Iterator[_Fact]:
    annex = _first_annex(tree)
    for line in tree.front or (annex.lines if annex else ()):
        if status := signs.status_in(signs.without_number(line.text)):
            yield _said("status", status, line)


def _supersedes(lines: Sequence[Line]) -> Iterator[_Fact]:
    named: list[str] = []
    where: Line | None = None
    for line in lines:
        for sentence in _SENTENCE.findall(line.text):
            if found := signs.superseded_in(sentence):
                named += found
                where = where or line
    if where is not None:
        yield _said("supersedes", tuple(dict.fromkeys(named)), where)


# The file's own head, and what follows from the rest -----------------------------------------------------------------


def _of_head(reading: Reading) -> Iterator[_Fact]:
    for key, text in reading.head.items():
        name = signs.HEAD_KEYS.get(key.strip().lower())
        found = Found("head", f"{key}: {text}")
        if name == "title" and text.strip():
            issuers, title = signs.titled(text)
            yield _Fact("title", title, found)
            yield _Fact("issuers", issuers, found)
            yield _Fact("number", signs.number_in(text), found)
        elif name == "published":
            yield _Fact("published", signs.day_in(text), found)


def _of_name(reading: Reading) -> Iterator[_Fact]:
    yield _Fact("number", signs.number_in(reading.name), Found("name", reading.name))


def _inferred(known: Mapping[str, _Fact]) -> Iterator[_Fact]:
    def text(name: str) -> str:
        return str(known[name].value) if name in known else ""

    issuers = cast("tuple[str, ...]", known["issuers"].value) if "issuers" in known else ()
    title = text("title")
    of = Found("inferred", title)
    yield _Fact("kind", signs.kind_of(title, text("number")), of)
    yield _Fact("region", signs.region_of(issuers, title), Found("inferred", "、".join(issuers) or title))
    standing = signs.status_in(title) or (
        "现行" if text("number") and (text("issued") or text("published")) else "未查明"
    )
    yield _Fact("status", standing, of)
