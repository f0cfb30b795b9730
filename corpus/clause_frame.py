"""What stands around a text: its contents, its title lines, the list of annexes, signature and date; and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.marks import flat, mark_of
from corpus.reading.model import Line

TITLE_LENGTH = 40
_LEAD_IN = 60
_SIGNERS = 14
_ENDED = re.compile(r"[。；;：:！？!?…][”’」』）)\]】]*$")
_SENTENCE = re.compile(r"[。；;！？!?]|[：:，,]$")
_DATE_LINE = re.compile(
    r"(?:(?:19|20)\d\d|[一二][〇○零OＯ一二三四五六七八九0]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日(?:印发|发布)?"
)
_LEADERS = re.compile(r"[.…·．‥—]{4,}\s*[\dⅠ-Ⅹ]+\s*$|[.…·．‥]{6,}")
_CONTENTS = ("目录", "目次")
_ASIDE = re.compile(
    r"[（(](?:主动公开|依申请公开|不予公开|此件|联系人)|抄送|主送|印送|\S{2,20}?\s*(?:19|20)\d\d年\d+月\d+日印发$"
)


def is_title(text: str) -> bool:
    """Whether a line can be a heading: short, and no sentence."""
    text = text.strip()
    return 0 < len(text) <= TITLE_LENGTH and not _SENTENCE.search(text)


def is_ended(text: str) -> bool:
    """Whether a paragraph is finished with its last character."""
    return bool(_ENDED.search(text.rstrip()))


def joined(one: Line, other: Line, between: str = "") -> Line:
    """Return two lines as one, with the printed places of both."""
    shift = len(one.text) + len(between)
    later = tuple((start + shift, end + shift, page, box) for start, end, page, box in places(other))
    return replace(one, text=f"{one.text}{between}{other.text}", spans=(*places(one), *later))


def places(line: Line) -> tuple[tuple[int, int, int, object], ...]:
    """Return the printed places of a line: its spans, or the whole of it in its one box."""
    if line.spans or line.box is None:
        return line.spans
    return ((0, len(line.text), line.page, line.box),)


def without_contents(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without a table of contents and without empty ones."""
    kept = [_stripped(line) for line in lines if line.text.strip()]
    for at, line in enumerate(kept):
        if re.sub(r"\s", "", line.text) in _CONTENTS:
            end = _end_of_contents(kept, at + 1)
            kept = [*kept[:at], *kept[end:]]
            break
    return [line for line in kept if line.kind == "row" or not _LEADERS.search(line.text)]


def _stripped(line: Line) -> Line:
    """Return the line without blanks before and behind, its printed places moved with it."""
    text = line.text.strip()
    if text == line.text:
        return line
    by = len(line.text) - len(line.text.lstrip())
    spans = tuple((max(s - by, 0), min(e - by, len(text)), page, box) for s, e, page, box in line.spans)
    return replace(line, text=text, spans=spans)


def _end_of_contents(lines: Sequence[Line], start: int) -> int:
    """Return where the table of contents ends: where its first entry comes again as a heading."""

    def entry(line: Line) -> str:
        return re.sub(r"\s", "", re.sub(r"[.…·．‥—\s]*[\dⅠ-Ⅹ]*\s*$", "", line.text))

    first = entry(lines[start]) if start < len(lines) else ""
    for at in range(start + 1, len(lines)):
        if entry(lines[at]) == first:
            return at
        if len(lines[at].text) > 2 * TITLE_LENGTH or lines[at].text.rstrip().endswith("。"):
            break
    end = start
    while end < len(lines) and _LEADERS.search(lines[end].text):
        end += 1
    return end


def front_end(lines: Sequence[Line]) -> tuple[int, int]:
    """Return where the lines before the first mark or sentence end, and where the addressee behind them does."""
    for at, line in enumerate(lines):
        text = line.text
        if line.kind in ("row", "formula") or mark_of(text) or re.search(r"[。；]", text):
            return at, at
        if text.endswith(("：", ":")) and at:
            return at, at + 1
        if len(text) > 2 * TITLE_LENGTH:
            return at, at
    return len(lines), len(lines)


def list_end(lines: Sequence[Line], at: int) -> int:
    """Return where the list of annexes that begins here ends, 0 if none begins here."""
    mark = mark_of(lines[at].text)
    if mark is None or mark.style != "annex" or not (mark.listed or _annexes_follow(lines, at)):
        return 0
    end = at + 1
    while end < len(lines) and not signature_end(lines, end):
        following = mark_of(lines[end].text)
        if following is None and not (is_title(lines[end].text) and not is_ended(lines[end - 1].text)):
            break
        if following and (following.style not in ("annex", "digit") or len(lines[end].text) > _LEAD_IN):
            break
        if following and following.style == "annex" and not (following.listed or _annexes_follow(lines, end)):
            break
        end += 1
    alone = end == at + 1 and mark.number != "附件" and not signature_end(lines, end) and end < len(lines)
    return 0 if alone else end  # alone: 附件1：名单, and then the annex itself


def _annexes_follow(lines: Sequence[Line], at: int) -> bool:
    following = mark_of(lines[at + 1].text) if at + 1 < len(lines) else None
    titled = len(lines[at].text) > len("附件10")
    return titled and (signature_end(lines, at + 1) > 0 or (following is not None and following.style == "annex"))


def signature_end(lines: Sequence[Line], at: int) -> int:
    """Return where the signature that begins here ends, behind its date; 0 if none begins here."""
    for end in range(at, min(at + _SIGNERS, len(lines))):
        line = lines[end]
        text = re.sub(r"\s", "", flat(line.text)).strip("()")
        if _DATE_LINE.fullmatch(text):
            return end + 1
        if line.kind in ("row", "formula") or not is_title(line.text) or mark_of(line.text):
            return 0
    return 0


def is_aside(line: Line) -> bool:
    """Whether a line belongs to the printing of a notice: 主动公开, 抄送, 印发."""
    return bool(_ASIDE.match(line.text))
