"""An exercise as a form for touch and keys, and what is shown once it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.training.marking import shown_key
from assistant.training.model import Item, Marked
from assistant.training.topics import topics
from ui.render import keyed, safe
from ui.train_html import button, said, word

_LETTERS = "ABCDEFGHIJ"
_MANY = ("multiple",)


@dataclass(frozen=True, slots=True)
class Last:
    """The exercise that was just answered, what was given, and what it is worth."""

    item: Item
    given: str | tuple[int, ...]
    marked: Marked


def topic_title(topic: str) -> str:
    """Return the title of a topic."""
    return next((one.title for one in topics() if one.id == topic), topic)


def question(item: Item, number: int, count: int, given: str | Sequence[int] = ()) -> str:
    """Return the question with its answer form; nothing of the key is in it."""
    head = said("item_head", number=number, count=count, topic=topic_title(item.topic), kind=word(f"kinds.{item.kind}"))
    level = "●" * item.difficulty + "○" * (3 - item.difficulty)
    return (
        f'<p class="item-head"><span>{head}</span><span title="{said("difficulty")}">{level}</span></p>'
        f'<p class="stem">{safe(item.stem)}</p>{keyed(f"{item.id} {number}", _fields(item, given))}'
    )


def _fields(item: Item, given: str | Sequence[int]) -> str:
    chosen = () if isinstance(given, str) else tuple(given)
    if not item.options:
        return (
            f'<label class="field">{said("how.number")}<input name="answer" maxlength="80" autocomplete="off"'
            f' placeholder="{said("number_hint")}" value="{safe(given) if isinstance(given, str) else ""}"></label>'
        )
    how = f'<p class="hint">{said("how." + ("single" if item.kind == "work" else item.kind))}</p>'
    if item.kind == "match":
        return how + "".join(
            _pair(item, text, chosen[at] if at < len(chosen) else -1) for at, text in enumerate(item.left)
        )
    if item.kind == "order":
        order = chosen if sorted(chosen) == list(range(len(item.options))) else range(len(item.options))
        return f'{how}<ol class="order">{"".join(_step(item, at) for at in order)}</ol>'
    kind = "checkbox" if item.kind in _MANY else "radio"
    rows = "".join(
        f'<label class="option"><input type="{kind}" name="answer" data-many="1" value="{at}"'
        f"{' checked' if at in chosen else ''}><b>{_LETTERS[at]}</b><span>{safe(text)}</span></label>"
        for at, text in enumerate(item.options)
    )
    return f'{how}<fieldset class="options"><legend class="unseen">{safe(item.stem)}</legend>{rows}</fieldset>'


def _pair(item: Item, left: str, chosen: int) -> str:
    options = "".join(
        f'<option value="{at}"{" selected" if at == chosen else ""}>{_LETTERS[at]}　{safe(text)}</option>'
        for at, text in enumerate(item.options)
    )
    return (
        f'<label class="pair"><span>{safe(left)}</span><select name="answer" data-many="1">'
        f'<option value="">{said("choose")}</option>{options}</select></label>'
    )


def _step(item: Item, at: int) -> str:
    text = item.options[at]
    up, down = word("up", text=text), word("down", text=text)
    return (
        f'<li data-answer="{at}"><span>{safe(text)}</span><span class="moves">'
        f'<button type="button" data-move="-1" aria-label="{safe(up)}">↑</button>'
        f'<button type="button" data-move="1" aria-label="{safe(down)}">↓</button></span></li>'
    )


def unfinished(item: Item, given: str | Sequence[int]) -> str:
    """Return what an answer lacks before it can be taken, in words; empty where nothing."""
    if isinstance(given, str):
        return "" if given else word("lacks.number")
    if not given or (item.kind != "match" and -1 in given):
        return word("lacks.choice")
    return word("lacks.pairs") if -1 in given else ""


def feedback(last: Last) -> str:
    """Return what an answer is worth, the right one, and the clause behind it."""
    item, marked = last.item, last.marked
    key = "" if marked.right else f'<p class="key">{said("right_is", key=shown_key(item))}</p>'
    lines = "".join(f"<p>{safe(line)}</p>" for line in item.explanation.splitlines() if line)
    sources = "".join(
        button("cite", word("open_clause", n=n), css="step", passage=one.passage)
        for n, one in enumerate(item.sources, 1)
    )
    fared = "right" if marked.right else "partly" if marked.points else "wrong"
    own = "" if marked.right else f'<p class="own">{said("yours", given=_words(item, last.given))}</p>'
    lead = "" if marked.says.startswith(word("fared." + fared)) else f"<b>{said('fared.' + fared)}</b> "
    return (
        f'<div class="feedback {fared}" role="status"><p class="says">{lead}{safe(marked.says)}</p>{own}{key}'
        f'<div class="clause">{lines}</div><p class="opens">{sources}</p></div>'
    )


def _words(item: Item, given: str | Sequence[int]) -> str:
    if isinstance(given, str):
        return given or word("nothing")
    texts = [item.options[at] for at in given if 0 <= at < len(item.options)]
    if item.kind == "match":
        texts = [word("pair", left=left, right=right) for left, right in zip(item.left, texts, strict=False)]
    return "；".join(texts) or word("nothing")
