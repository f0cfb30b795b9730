"""Every figure, quote, citation and denial of an answer must stand in the passages that its line cites.

The guard knows no subject and asks no model: it compares the normal forms of corpus.figures. A figure is held to the
figure that stands in the same words of the passage; where no words agree, to any figure of the passage or of the
document's record. It cannot tell a false sentence made of true figures in wholly new words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from assistant.answer import Answer, Citation
from assistant.workings import proven
from corpus.figures import Figure, normal, read_figures

FaultKind = Literal["数字", "日期", "文号", "标准号", "条款", "序次", "名称", "标记", "引语", "肯定与否定"]

_KINDS: dict[str, FaultKind] = {
    "number": "数字", "date": "日期", "document": "文号", "standard": "标准号", "clause": "条款",
    "ordinal": "序次", "name": "名称",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot stand in an answer.

    Attributes:
        line: index of the line, from 0.
        kind: what is wrong.
        found: the words at fault, as the answer has them.
        message: what, where and why, for the reader.
    """

    line: int
    kind: FaultKind
    found: str
    message: str


_MARK = re.compile(r"[\[［【](\d{1,3})[\]］】]")
_LIST_NUMBER = re.compile(r"^\s*(?:[(（]\d{1,2}[)）]|\d{1,2}[.、)）](?!\d))\s*")
_QUOTE = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』")
_OWN = re.compile(
    r"(?:[您你]们?|贵)(?:的)?(?:园区|单位|公司|这边|方)?(?:所|刚才|之前|上面)?(?:说|讲|提|给|问|报|填|输|写|告)|所问|问题[里中]"
    r"|\b[Yy]ou (?:gave|said|asked|named|wrote)\b"
)
_HOLD = "\ue000"
_SAME_WORDS = 8
_ARTICLE = re.compile(r"^[一两]\D")
_INTERCHANGEABLE = ({"个", "家"},)
_POLAR: tuple[tuple[str, str], ...] = (
    ("否定", "没有|没|未|不|无|别|勿|并非|严禁|禁止"),
    ("以上", "以上"), ("以下", "以下"), ("以内", "以内"), ("以前", "以前|之前"), ("以后", "以后|之后"),
    ("高于", "高于|大于|超过|多于|超出"), ("低于", "低于|小于|少于"),
    ("上升", "上升|增长|增加|提高|上涨|提升|上调"), ("下降", "下降|减少|降低|下调|下跌"),
    ("原则上", "原则上"), ("约", "约(?=[为占])"),
    ("最高", "最高|最多|上限"), ("最低", "最低|最少|下限"),
)  # fmt: skip
_POLAR_WORD = re.compile("|".join(f"(?P<p{n}>{words})" for n, (_, words) in enumerate(_POLAR)))
_NEARLY = 0.88
_SHORTEST_CLAUSE = 4


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its figures, and the text around each, in normal form without spaces."""

    figures: tuple[Figure, ...]
    around: tuple[tuple[str, str], ...]
    masked: str


def check_answer(answer: Answer, *, question: str = "") -> tuple[Fault, ...]:
    """Return the faults of an answer; the user's own figures may be repeated where a line says so.

    Args:
        answer: what is about to be said.
        question: what the user said, when that is more than the answer's own question and subject.
    """
    evidence = {citation.mark: citation for citation in answer.citations}
    asked = question or f"{answer.question}\n{answer.subject}"
    return check(answer.lines, evidence, question=asked)


def check(lines: Sequence[str], evidence: Mapping[int, Citation], *, question: str = "") -> tuple[Fault, ...]:
    """Return the faults of lines against the citations that their marks name."""
    return tuple(fault for at, line in enumerate(lines) for fault in _check_line(at, line, evidence, question))


def clean(answer: Answer, *, question: str = "") -> Answer:
    """Return the answer without its faults.

    A mark that has no citation is taken out; a line with any other fault gives way to the text of the facts it cites,
    or is dropped when it cites none. Citations that no line names any more are dropped. An answer that loses its last
    line and has no citation left has no lines: the caller must refuse.
    """
    if not check_answer(answer, question=question):
        return answer
    evidence = {citation.mark: citation for citation in answer.citations}
    asked = question or f"{answer.question}\n{answer.subject}"
    lines: list[str] = []
    for line in answer.lines:
        without = _without_phantoms(line, evidence)
        if not check((without,), evidence, question=asked):
            lines.append(without)
            continue
        lines += [f"{evidence[mark].passage.text} [{mark}]" for mark in _marks(without)]
    lines = list(dict.fromkeys(line for line in lines if line.strip()))
    if not lines:
        lines = [f"{citation.passage.text} [{citation.mark}]" for citation in answer.citations]
    named = {mark for line in (*lines, *answer.notes) for mark in _marks(line)}
    return replace(
        answer,
        lines=tuple(lines),
        notes=tuple(_without_phantoms(note, evidence) for note in answer.notes),
        citations=tuple(citation for citation in answer.citations if citation.mark in named),
    )


def _marks(line: str) -> list[int]:
    return list(dict.fromkeys(int(m[1]) for m in _MARK.finditer(line)))


def _without_phantoms(line: str, evidence: Mapping[int, Citation]) -> str:
    return _MARK.sub(lambda m: m[0] if int(m[1]) in evidence else "", line).rstrip()


def _check_line(at: int, line: str, evidence: Mapping[int, Citation], question: str) -> Iterator[Fault]:
    where = f"第{at + 1}句"
    cited = [evidence[mark] for mark in _marks(line) if mark in evidence]
    for mark in _marks(line):
        if mark not in evidence:
            yield Fault(at, "标记", f"[{mark}]", f"{where}：[{mark}] 没有对应的出处，请去掉标记或补上出处。")
    said = _LIST_NUMBER.sub("", _MARK.sub("", line)).strip()
    own = question if _OWN.search(said) else ""
    yield from _figure_faults(at, said, cited, own)
    for m in _QUOTE.finditer(said):
        quote = m[1] or m[2] or m[3]
        if not any(_tight(quote) in _tight(text) for text in (*_texts(cited), own)):
            yield Fault(at, "引语", quote, f"{where}：引号里的“{quote}”不是所引原文的原话，请改成原话或去掉引号。")
    yield from _polarity_faults(at, said, cited)


def _figure_faults(at: int, said: str, cited: list[Citation], own: str) -> Iterator[Fault]:
    reading = _read(said)
    passages = [_read(citation.passage.text) for citation in cited]
    record = [figure for text in _texts(cited) for figure in read_figures(text)]
    owned = read_figures(own)

    def given(figure: Figure) -> bool:
        return any(_agrees(figure, other, bound=False) for other in (*owned, *record))

    computed = proven(said, given)
    for figure, around in zip(reading.figures, reading.around, strict=True):
        if figure.span in computed:
            continue
        if any(_agrees(figure, other, bound=False) for other in owned):
            continue
        rival = _rival(figure, around, passages)
        if rival is None and (any(_agrees(figure, other) for other in record) or _ARTICLE.match(figure.text)):
            continue
        marks = "".join(f"[{citation.mark}]" for citation in cited)
        why = _reason(figure, [rival] if rival else record, marks)
        yield Fault(
            at, _KINDS[figure.kind], figure.text, f"第{at + 1}句：“{figure.text}”{why}，请照引文改正或另引出处。"
        )


def _rival(figure: Figure, around: tuple[str, str], passages: Iterable[_Reading]) -> Figure | None:
    """Return the other figure that the same words give in a passage, None when `figure` itself may stand there.

    A figure that agrees is passed over only when another has more of the same words both before and after it: so
    0.2 and 0.3 changed for each other are seen, and clauses told in another order are not blamed.
    """
    before, after = around
    scored = [
        (_common(before[::-1], left[::-1]), _common(after, right), other)
        for passage in passages
        for other, (left, right) in zip(passage.figures, passage.around, strict=True)
    ]
    if not scored:
        return None
    left, right, best = max(scored, key=lambda entry: entry[0] + entry[1])
    if left + right < _SAME_WORDS or not (left and right) or _agrees(figure, best):
        return None
    if any(_agrees(figure, other) and (x >= left or y >= right) for x, y, other in scored):
        return None
    return best


def _common(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _agrees(figure: Figure, other: Figure, *, bound: bool = True) -> bool:
    """Whether the evidence's `other` bears out `figure`; without `bound`, whatever their comparators."""
    if figure.kind != other.kind:
        return _agrees_across(figure, other)
    if bound and not _same_bound(figure, other):
        return False
    if figure.kind == "number":
        return figure.value == other.value and _same_unit(figure.unit, other.unit)
    if figure.kind == "date":
        if figure.key.startswith("--"):
            return figure.key[1:] in other.key
        return other.key == figure.key or other.key.startswith(figure.key + "-")
    if figure.kind == "document":
        same_issuer = figure.issuer.endswith(other.issuer) or other.issuer.endswith(figure.issuer)
        return same_issuer and (figure.key == other.key or other.key.endswith(f"]{figure.key}"))
    if figure.kind == "standard":
        mine, theirs = figure.key.removeprefix("t/"), other.key.removeprefix("t/")
        return theirs == mine or re.fullmatch(re.escape(mine) + r"-(?:19|20)\d\d", theirs) is not None
    return figure.key == other.key


def _agrees_across(figure: Figure, other: Figure) -> bool:
    if figure.kind != "number" or figure.unit or figure.comparator:
        return False
    if other.kind == "date":  # 指南（2013）
        return figure.key == other.key[:4]
    # 0344标准
    return other.kind == "standard" and re.search(rf"[a-z]{re.escape(figure.text)}(?:-|$)", other.key) is not None


def _same_bound(figure: Figure, other: Figure) -> bool:
    mine = (figure.comparator, figure.in_principle, figure.rough)
    if mine == (other.comparator, other.in_principle, other.rough):
        return True
    # Which members of a list its one comparator governs is a matter of reading.
    return (figure.shared or other.shared) and (not figure.comparator or not other.comparator or figure.shared)


def _same_unit(unit: str, other: str) -> bool:
    return unit == other or any({unit, other} <= group for group in _INTERCHANGEABLE)


def _reason(figure: Figure, others: Iterable[Figure | None], marks: str) -> str:
    if not marks:
        return "没有标出处"
    given = [other for other in others if other is not None and other.kind == figure.kind]
    for other in given:
        if figure.kind in ("number", "date") and figure.key == other.key and not _same_bound(figure, other):
            rule = "原则上" if other.in_principle and "原则上" not in other.text else ""
            return f"与{marks}的比较方式不同：引文写“{rule}{other.text}”"
        if figure.value is not None and figure.value == other.value and not _same_unit(figure.unit, other.unit):
            return f"与{marks}的单位不同：引文写“{other.text}”"
    if len(given) == 1:
        return f"与{marks}不一致：引文写“{given[0].text}”"
    return f"在{marks}里没有"


def _polarity_faults(at: int, said: str, cited: list[Citation]) -> Iterator[Fault]:
    masked, theirs = _read(said).masked, [_read(c.passage.text).masked for c in cited]
    if cited and all(c.passage.silent for c in cited) and not _polarity(masked)["否定"]:
        source = max((s for text in theirs for s in re.split(r"[;。]", text)), key=lambda s: _share_in(masked, s))
        if _polarity(source)["否定"]:
            why = "引文说的是没有规定、没有查到或没有可靠来源，这一句却当成了事实"
            yield Fault(at, "肯定与否定", said, f"第{at + 1}句：{why}，请写明没有。")
            return
    clauses = [clause for text in theirs for clause in _clauses(text)]
    for part, others in [(masked, theirs), *((clause, clauses) for clause in _clauses(masked))]:
        nearest = _nearest(part, others)
        if nearest is not None and _is_turned(part, nearest):
            mine, other = (words.replace(_HOLD, "…") for words in (part, nearest))
            why = f"“{mine}”与引文“{other}”意思相反或程度不同"
            yield Fault(at, "肯定与否定", mine, f"第{at + 1}句：{why}，请照引文改正。")
            return


def _share_in(masked: str, sentence: str) -> float:
    """Return how much of a sentence a line repeats, 0 to 1, by character pairs."""
    pairs = {sentence[n : n + 2] for n in range(len(sentence) - 1)}
    return sum(pair in masked for pair in pairs) / len(pairs) if pairs else 0


def _is_turned(part: str, other: str) -> bool:
    """Whether a word of polarity was put in, left out or exchanged, with hardly anything else beside it."""
    if _polarity(part) == _polarity(other):
        return False
    mine, theirs = _polar_tokens(part), _polar_tokens(other)
    for action, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        put, left_out = mine[a:b], theirs[c:d]
        beside = sum(not kind and word.isalnum() for word, kind in put + left_out)
        turned = Counter(kind for _, kind in put if kind) != Counter(kind for _, kind in left_out if kind)
        if turned and beside <= (3 if action == "replace" else 1):
            return True
    return False


def _polar_tokens(masked: str) -> list[tuple[str, str]]:
    """Return characters, and words of polarity with what they say."""
    return [
        (m[0], _POLAR[int(m.lastgroup[1:])][0] if m.lastgroup else "")
        for m in re.finditer(_POLAR_WORD.pattern + "|.", masked)
    ]


def _clauses(masked: str) -> list[str]:
    return [part for part in re.split(r"[,.;:。]", masked) if part]


@lru_cache(maxsize=4096)
def _polarity(masked: str) -> Counter[str]:
    return Counter(kind for _, kind in _polar_tokens(masked) if kind)


def _nearest(part: str, others: list[str]) -> str | None:
    """Return the one of the others that has the same words but for those of polarity; None when none is near."""
    if part in others:
        return part
    bare = _POLAR_WORD.sub("", part)
    if len(bare) < _SHORTEST_CLAUSE:
        return None
    best, near = None, _NEARLY
    for other in others:
        matcher = SequenceMatcher(None, bare, _POLAR_WORD.sub("", other), autojunk=False)
        if matcher.real_quick_ratio() >= near and matcher.quick_ratio() >= near and (ratio := matcher.ratio()) >= near:
            best, near = other, ratio
    return best


@lru_cache(maxsize=4096)
def _read(text: str) -> _Reading:
    figures = read_figures(text)
    pieces: list[str] = []
    last = 0
    for figure in figures:
        pieces.append(_tight(text[last : figure.span[0]]))
        last = figure.span[1]
    pieces.append(_tight(text[last:]).rstrip(".。"))
    around = tuple(("^" + _HOLD.join(pieces[: n + 1]), _HOLD.join(pieces[n + 1 :]) + "$") for n in range(len(figures)))
    return _Reading(figures, around, _HOLD.join(pieces))


@lru_cache(maxsize=8192)
def _tight(text: str) -> str:
    return re.sub(r"\s+", "", normal(text)[0])


def _texts(cited: Iterable[Citation]) -> list[str]:
    """Return the texts of the citations that a line may draw on: the passages and the records of their documents."""
    return [
        text
        for c in cited
        for text in (c.passage.text, c.passage.place, *c.passage.path, c.document.title, c.document.number,
                     *c.document.aliases, c.document.issued, c.document.published, c.document.in_force,
                     c.document.checked)
        if text
    ]  # fmt: skip
