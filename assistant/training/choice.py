"""Single choice and figures to fill in, from a fact with its figure blanked; and claims without a source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from assistant.training.model import Item, Source, item_id, source_of
from assistant.training.reading import phrase, quoted, read_file
from assistant.training.statements import Altered, altered_figure, asked_figures, bare, with_figure
from assistant.training.truth import Truth, alike
from corpus.figures import Figure
from corpus.model import Passage

_QUOTED = re.compile(r"没有可靠来源支持(?:把)?“([^“”]+)”(?:是官方规定|的说法|这一说法)")
_CORE = re.compile(r"\d.*?(?=及以上|以上|以下|以内|之间|左右|内|前|$)")
_ASKED = ("规定", "解读")
UNKNOWN = re.compile("没有查到|未查到|没有取得|没有核到|未查明|没有见到|不能采用")
"""Words of facts that only tell what was not found."""
_LIST_AFTER = re.compile(r"或|、|—|～|~|至|和|）")
_LIST_BEFORE = re.compile(r"(?:或|、|—|～|~|至|和|×|（) ?$")
_COUNTS = ("个", "家", "项", "类", "条", "方面", "组")
_NO_COUNTS = ("which-applies",)
"""Topics where numbers of indicators and lists of provinces would be learning by heart."""
_LONGEST = 130
_OFFICIAL_SHARE = 0.1
"""Of how many fitting facts a claim is made, about as many as there are claims without a source."""


@dataclass(frozen=True, slots=True)
class Blanked:
    """A fact with one of its figures left out: what stands before and after, and the figure."""

    before: str
    figure: Figure
    after: str

    def stem(self, left: str = "") -> str:
        """Return the text with a blank; `left` are words of the figure that stay before it."""
        return f"{self.before}{left}{phrase('blank')}{self.after}"


def askable(passage: Passage) -> bool:
    """Whether a fact may be the key of an item: said by its source, not worked out, advised, or merely not found."""
    return passage.kind in _ASKED and not UNKNOWN.search(passage.text)


def explanation(passage: Passage, truth: Truth) -> str:
    """Return the clause of a fact, word for word, with its place."""
    document = truth.library.document_of(passage)
    return phrase(
        "explanation",
        title=document.title_in_marks,
        number=document.number,
        place=passage.place,
        text=passage.text,
    )


def sources(passage: Passage, truth: Truth) -> tuple[Source, ...]:
    """Return the fact as the only source of an item."""
    return (source_of(passage, truth.library.document_of(passage)),)


def blanked(passage: Passage, random: Random, *, counts: bool = True) -> Blanked | None:
    """Return the fact with a figure left out that the rest does not give away; None where there is none.

    Without `counts`, not how many there are of something.
    """
    text = passage.text
    figures = [one for one in asked_figures(passage) if counts or one.unit not in _COUNTS]
    random.shuffle(figures)
    figures.sort(key=lambda figure: (not figure.comparator, figure.unit in (*_COUNTS, "年")))
    for figure in figures:
        before, after = text[: figure.span[0]], text[figure.span[1] :]
        if _digits_of(figure) in before or _LIST_AFTER.match(after) or _LIST_BEFORE.search(before):
            continue
        while _digits_of(figure) in after:
            cut = max(after.rfind(mark) for mark in "，；、")
            if cut < 0:
                break
            after = after[:cut] + "。"
        if _digits_of(figure) in after or len(before + after) > _LONGEST or len(before) + len(after) < 12:
            continue
        return Blanked(before, figure, after)
    return None


def _digits_of(figure: Figure) -> str:
    m = re.search(r"\d[\d,]*(?:\.\d+)?", figure.text)
    return m[0].rstrip("0") if m and "." in m[0] else m[0] if m else figure.text


def cloze(passage: Passage, topic: str, truth: Truth, random: Random, neighbours: list[Passage]) -> Item | None:
    """Return a single choice: which figure, with unit and comparator, stands in the fact; None where it cannot be."""
    found = blanked(passage, random, counts=topic not in _NO_COUNTS) if askable(passage) else None
    if found is None:
        return None
    figure = found.figure
    wrong: dict[str, Altered] = {}
    proposed = [*_neighbouring(passage, figure, neighbours), *altered_figure(passage, figure, random)]
    for rule in ("neighbour_figure", "edition_figure", "comparator", "unit", "digit", "digit", "digit"):
        for one in proposed:
            asked = replace(one, text=f"{found.before}{one.now}{found.after}")
            if one.rule == rule and one.now not in {**wrong, figure.text: one} and truth.is_false(asked, passage):
                wrong[one.now] = one
                break
    if len(wrong) < 3:
        return None
    chosen = random.sample(list(wrong.values()), 3)
    options = [(figure.text, "")] + [(one.now, one.rule.removesuffix("_figure")) for one in chosen]
    random.shuffle(options)
    stem = phrase("cloze", text=found.stem())
    texts = tuple(text for text, _ in options)
    key = (texts.index(figure.text),)
    return Item(
        item_id("single", stem, tuple(sorted(texts)), figure.text), "single", topic, 1 if figure.comparator else 2,
        stem, texts, key, explanation(passage, truth), sources(passage, truth),
        rules=tuple(rule for _, rule in options),
    )  # fmt: skip


def _neighbouring(passage: Passage, figure: Figure, neighbours: list[Passage]) -> Iterator[Altered]:
    """Yield the fact with the figure of a like fact: of the same document a neighbor's, of another an edition's."""
    for other in neighbours:
        if other.id == passage.id or alike(passage.text, other.text) < 0.45:
            continue
        for theirs in asked_figures(other):
            alike_bound = bool(theirs.comparator) == bool(figure.comparator)
            if theirs.unit == figure.unit and theirs.value != figure.value and alike_bound:
                rule = "neighbour_figure" if other.document_id == passage.document_id else "edition_figure"
                yield with_figure(passage, figure, theirs.text, rule)


def fill_in(passage: Passage, topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item that asks for the figure of a fact with its unit; None where it cannot be asked."""
    found = blanked(passage, random, counts=topic not in _NO_COUNTS) if askable(passage) else None
    if found is None or not found.figure.unit or found.figure.shared:
        return None
    if found.figure.unit in _COUNTS and (found.figure.value or 0) < 3:
        return None
    core = _CORE.search(found.figure.text)
    if core is None or not core[0].strip():
        return None
    left, right = found.figure.text[: core.start()], found.figure.text[core.end() :]
    shown = f"{found.before}{left}{phrase('blank')}{right}{found.after}"
    stem = phrase("number", text=shown)
    key = core[0].strip()
    return Item(
        item_id("number", stem, (), key), "number", topic, 2, stem, (), key, explanation(passage, truth),
        sources(passage, truth), unit=found.figure.unit,
    )  # fmt: skip


def rumor(passage: Passage, topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item about a claim that no reliable source supports; the stem says that somebody claims it."""
    found = _QUOTED.search(passage.text)
    if passage.kind != "无来源" or found is None or len(found[1]) < 8:
        return None
    return _claim(found[1], 0, passage, topic, truth, random)


def official(passage: Passage, topic: str, truth: Truth, random: Random) -> Item | None:
    """Return an item about a claim that a document in force makes, so that not every claim is without a source."""
    document = truth.library.document_of(passage)
    text = bare(passage.text)
    if document.status != "现行" or document.kind == "汇编" or passage.kind != "规定" or passage.confidence != "A":
        return None
    if document.number not in passage.text or not 20 <= len(text) <= 70 or random.random() > _OFFICIAL_SHARE:
        return None
    return _claim(quoted(text), 1, passage, topic, truth, random)


def _claim(text: str, key: int, passage: Passage, topic: str, truth: Truth, random: Random) -> Item:
    """Return an item that asks how to treat what a park's papers claim."""
    texts: list[str] = list(read_file("phrases.yaml")["rumor_options"])
    right = texts[key]
    random.shuffle(texts)
    stem = phrase("rumor", text=text)
    rules = tuple("" if one == right else "strength" for one in texts)
    return Item(
        item_id("single", stem, tuple(sorted(texts)), right), "single", topic, 1, stem, tuple(texts),
        (texts.index(right),), explanation(passage, truth), sources(passage, truth), rules=rules,
    )  # fmt: skip
