"""Exercises written by hand: the ones that come with the program, and a trainer's own; checked before use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from assistant.answer import Citation
from assistant.guard import check
from assistant.training.errors import ItemFault
from assistant.training.model import Item, ItemKind, Maker, item_id, source_of
from assistant.training.reading import phrase, read_file, read_text
from assistant.training.topics import topics
from corpus.figures import read_figures
from corpus.library import Library

_KINDS = ("single", "multiple", "true_false", "number", "match", "order")
_FIELDS = {"kind", "topic", "difficulty", "stem", "right", "wrong", "pairs", "order", "figure", "why", "sources"}


def own_items(library: Library) -> list[Item]:
    """Return the exercises that come with the program, as far as the library bears them out."""
    found: list[Item] = []
    for record in read_file("hand_items.yaml"):
        try:
            found += checked_items([record], library, made_by="hand", name="hand_items.yaml")
        except ItemFault:  # its clause is gone or changed: it is retired
            continue
    return found


def read_items(path: Path, library: Library) -> list[Item]:
    """Return a trainer's exercises from a YAML file.

    Raises:
        ItemFault: with all faults of the file; nothing is taken.
    """
    try:
        data = read_text(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ItemFault([phrase("own.encoding", file=path.name)]) from error
    except Exception as error:
        raise ItemFault([phrase("own.yaml", file=path.name, why=str(error).splitlines()[0])]) from error
    return checked_items(data, library, made_by="user", name=path.name)


def checked_items(data: object, library: Library, *, made_by: Maker, name: str) -> list[Item]:
    """Return the items of the records of a file, each checked against the facts that it cites."""
    if not isinstance(data, list):
        raise ItemFault([phrase("own.list", file=name)])
    faults: list[str] = []
    items: list[Item] = []
    for number, record in enumerate(cast("list[Any]", data), 1):
        where = phrase("own.where", file=name, number=number)
        found = list(_faults(record, library))
        faults += [f"{where}{fault}" for fault in found]
        if not found:
            item = _item(record, library, made_by)
            faults += [f"{where}{fault}" for fault in _unproved(record, library)]
            if any(item.id == other.id for other in items):
                faults.append(where + phrase("own.twice"))
            items.append(item)
    if faults:
        raise ItemFault(faults)
    return items


def _faults(record: Any, library: Library) -> Iterator[str]:
    if not isinstance(record, Mapping):
        yield phrase("own.mapping")
        return
    given = cast("Mapping[str, Any]", record)
    for key in set(given) - _FIELDS:
        yield phrase("own.unknown", key=key)
    if given.get("kind") not in _KINDS:
        yield phrase("own.kind", kind=given.get("kind"), kinds=phrase("marks.join").join(_KINDS))
    if given.get("topic") not in [topic.id for topic in topics()]:
        yield phrase("own.topic", topic=given.get("topic"), topics=phrase("marks.join").join(t.id for t in topics()))
    if given.get("difficulty") not in ("1", "2", "3"):
        yield phrase("own.difficulty", given=given.get("difficulty"))
    for key in ("stem", "why"):
        if not str(given.get(key, "")).strip():
            yield phrase("own.empty", key=key)
    if not given.get("sources"):
        yield phrase("own.sources")
    for source in given.get("sources", ()):
        if source not in library.passages:
            yield phrase("own.no_source", source=source)
    yield from _option_faults(given)


def _option_faults(given: Mapping[str, Any]) -> Iterator[str]:
    kind = given.get("kind")
    right, wrong = list(given.get("right", ())), list(given.get("wrong", ()))
    if kind in ("single", "true_false") and (len(right) != 1 or not wrong):
        yield phrase("own.one_right")
    if kind == "multiple" and (len(right) < 2 or not wrong):
        yield phrase("own.several_right")
    if kind == "match" and len(given.get("pairs", {})) < 2:
        yield phrase("own.pairs")
    if kind == "order" and len(given.get("order", ())) < 3:
        yield phrase("own.order")
    if kind == "number" and not any(f.kind == "number" and f.unit for f in read_figures(str(given.get("figure", "")))):
        yield phrase("own.figure", figure=given.get("figure"))
    texts = [*right, *wrong, *given.get("pairs", {}).values(), *given.get("order", ())]
    if len(set(texts)) < len(texts):
        yield phrase("own.repeated")


def _item(record: Mapping[str, Any], library: Library, made_by: Maker) -> Item:
    kind = cast(ItemKind, record["kind"])
    right, wrong = list(record.get("right", ())), list(record.get("wrong", ()))
    options: Sequence[str] = sorted([*right, *wrong], key=_shuffled)
    left: tuple[str, ...] = ()
    key: tuple[int, ...] | str = tuple(at for at, text in enumerate(options) if text in right)
    if kind == "number":
        key = record["figure"]
    elif kind == "match":
        left, options = tuple(record["pairs"]), sorted(record["pairs"].values(), key=_shuffled)
        key = tuple(options.index(record["pairs"][one]) for one in left)
    elif kind == "order":
        options = sorted(record["order"], key=_shuffled)
        key = tuple(options.index(one) for one in record["order"])
    elif kind == "true_false":
        options = [phrase("right"), *(one for one in options if one != phrase("right"))]
        key = (options.index(right[0]),)
    passages = [library.passages[one] for one in record["sources"]]
    clauses = [
        phrase("explanation", title=d.title_in_marks, number=d.number, place=p.place, text=p.text)
        for p in passages
        for d in (library.document_of(p),)
    ]
    figures = [f for f in read_figures(str(record.get("figure", ""))) if f.kind == "number"]
    return Item(
        item_id(kind, record["stem"], tuple(sorted(options)), record.get("figure", right)), kind, record["topic"],
        int(record["difficulty"]), record["stem"], tuple(options), key, "\n".join([record["why"], *clauses]),
        tuple(source_of(one, library.document_of(one)) for one in passages), made_by, left,
        figures[0].unit if figures else "",
        tuple("" if text in right else "hand" for text in options) if right else (),
    )  # fmt: skip


def _shuffled(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def _unproved(record: Mapping[str, Any], library: Library) -> Iterator[str]:
    """Yield what of the right answer and of the reason its sources do not bear out."""
    evidence = {
        n: Citation(n, library.passages[one], library.document_of(library.passages[one]))
        for n, one in enumerate(record["sources"], 1)
    }
    marks = "".join(f"[{n}]" for n in evidence)
    pairs = [f"{a}：{b}" for a, b in record.get("pairs", {}).items()]
    said = [record["why"], *record.get("right", ()), *record.get("order", ()), *pairs, record.get("figure", "")]
    for text in said:
        for fault in check((f"{text}{marks}",), evidence, question=record["stem"]):
            if fault.kind not in ("肯定与否定", "引语") and fault.found not in record["stem"]:
                yield phrase("own.unproved", fault=fault.message)
