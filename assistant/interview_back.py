"""Going back: an objection to what was said, and taking back the last turn. The log keeps everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from assistant.entries import Entry, Interview
from assistant.interview_turn import Heard, Turn
from assistant.interview_words import folded, joined, name_of, question, say, texts, value_text
from assistant.naming import names_in
from assistant.plain import plain_text
from assistant.said import Said, said_in
from scoring.wording import label_of

if TYPE_CHECKING:
    from assistant.intent import Understood

_MOST_GONE = 3
_SHORTEST_PIECE = 2


def object_to(now: Turn, heard: Heard | Understood) -> None:
    """Take an objection: with the right figure, or ask for it; a figure to be struck out is."""
    if remove(now, heard):
        return
    said = list(now.interview.waiting().values())
    asked = now.interview.asked
    answers = bool(asked) and not objects(heard) and _takes_a_no(asked, heard, now)
    if (before := _of_the_one_before(heard, now)) is not None:
        now.hear(replace(heard, figures=(before,)), correcting=True)
        return
    told = [one for one in heard.figures if one.value is not None and one.facts]
    if answers or (not said and told) or any(one.fact != asked or not isinstance(one.value, bool) for one in told):
        now.hear(heard, correcting=True)
        return
    chosen = _named(heard.message, now) or said
    if not told and (right := _right_figure(heard, now)) is not None:
        now.hear(replace(heard, figures=(right,)), correcting=True)
        return
    if not chosen:
        now.lines.append(say("correct_what"))
    elif len(chosen) == 1:
        now.pend("again", chosen[0])
    else:
        several = replace(chosen[0], fact="", value=None)
        now.pend("again", several, candidates=tuple(one.fact for one in chosen))


def _named(message: str, now: Turn) -> list[Entry]:
    """Return the values that an objection names, by a name of theirs or else by the longest piece of their label."""
    known = now.interview.known()
    names = names_in(plain_text(message).plain, now.rules)
    named = [entry for key, entry in known.items() if any(key in one.of for one in names)]
    if named:
        return named
    pieces = {key: _shared(message, label_of(key, now.rules)) for key in known}
    longest = max(pieces.values(), default=0)
    return [known[key] for key, length in pieces.items() if length == longest >= _SHORTEST_PIECE]


def _shared(message: str, label: str) -> int:
    """Return the length of the longest piece that two texts share."""
    return SequenceMatcher(None, message, label, autojunk=False).find_longest_match().size


def _of_the_one_before(heard: Heard | Understood, now: Turn) -> Said | None:
    """Return the figure of 改成3 and 上一题改成3 as one of the value said last, where it names nothing itself."""
    if re.search(texts()["changing"], folded(heard.message)) is None or said_in(heard.message, now.rules):
        return None
    said = [one for one in now.interview.known().values() if one.said_in is not None]
    last = max(said, key=now.interview.entries.index, default=None)
    found = () if last is None else said_in(heard.message, now.rules, asked=last.fact)
    return found[0] if last and len(found) == 1 and found[0].fact == last.fact and found[0].value is not None else None


def _right_figure(heard: Heard | Understood, now: Turn) -> Said | None:
    """Return the figure of an objection that names nothing (不对，是130吨), where it is of the one figure said last."""
    said: dict[int, list[str]] = {}
    for fact, one in now.interview.known().items():
        if isinstance(one.value, Decimal) and one.said_in is not None:
            said.setdefault(one.said_in, []).append(fact)
    latest = said[max(said)] if said else []
    if len(latest) != 1:
        return None
    fact = latest[0]
    figures = [one for one in said_in(heard.message, now.rules, asked=fact) if not isinstance(one.value, bool)]
    fits = len(figures) == 1 and figures[0].fact == fact and figures[0].value is not None and not figures[0].bare
    return figures[0] if fits else None


def remove(now: Turn, heard: Heard | Understood) -> bool:
    """Strike out the values that a message without figures names (删掉汽油); return whether it does."""
    if heard.figures or re.search(texts()["removing"], folded(heard.message)) is None:
        return False
    text = plain_text(heard.message).plain
    names = [one for one in names_in(text, now.rules) if one.of]
    known = now.interview.known()
    for name in names:
        kept = [one for one in name.of if one in known]
        for key in kept:
            now.cleared(key)
            now.log(replace(known[key], value=None, state="withdrawn"))
            now.lines.append(say("withdrawn", label=name_of(key, now.rules)))
        if not kept:
            now.lines.append(say("removed_none", raw=text[name.start : name.end]))
    return bool(names)


def restart(now: Turn) -> None:
    """Begin anew: every value is withdrawn, the log keeps them, and 撤回 brings them back."""
    now.confirm()
    known = now.interview.known()
    now.log(*(replace(one, value=None, state="withdrawn") for one in known.values()))
    now.interview = replace(now.interview, pending=(), skipped=(), sound=(), excuses=(), told=(), asked="")
    now.lines.append(say("restarted", count=len(known)) if known else say("restarted_empty"))


def _takes_a_no(asked: str, heard: Heard | Understood, now: Turn) -> bool:
    """Whether a no answers what is asked: 对吗, or yes or no with nothing but 不是."""
    if say("is_it") in question(asked, now.interview, now.rules):
        return True
    said_no = any(one.fact == asked and one.value is False for one in heard.figures)
    return said_no and re.match(texts()["plain_no"], folded(heard.message)) is not None


def objects(heard: Heard | Understood) -> bool:
    """Whether a message says that a figure was wrong and gives another: no answer to "对吗"."""
    return re.match(texts()["objecting"], folded(heard.message)) is not None


def undo(now: Turn) -> None:
    """Take back the last turn that said something; the log keeps both."""
    before = now.interview
    done = [one.turn for one in before.entries if one.state != "confirmed"] + [turn for _, turn in before.skipped]
    done += [one.entry.turn for one in before.pending]
    left = [turn for turn in done if turn not in before.undone]
    if not left:
        now.lines.append(say("nothing_to_undo"))
        return
    last = max(left)
    told = list(_restored_all(now, _touched(before, last), last))
    again = dict.fromkeys(key for key, turn in before.skipped if turn == last)
    told += [say("undone_skip", label=name_of(key, now.rules)) for key in again]
    for one in now.interview.pending:
        if one.entry.turn == last:
            now.settle(one)
            told.append(say("undone_raw", raw=one.entry.raw))
    skipped = tuple(one for one in before.skipped if one[1] != last)
    now.interview = replace(now.interview, skipped=skipped, undone=(*before.undone, last, now.turn))
    now.lines.append(say("undone", what=joined(told)))


def _restored_all(now: Turn, keys: Sequence[str], last: int) -> Iterator[str]:
    """Put values back to what they were before a turn, and say so; what is gone is counted where it is much."""
    known = [_restored(now, key, last) for key in keys]
    gone = [name_of(key, now.rules) for key in keys if key not in now.interview.known()]
    if len(gone) <= _MOST_GONE:
        yield from known
        return
    yield from (one for one, key in zip(known, keys, strict=True) if key in now.interview.known())
    yield say("undone_many", labels=joined(gone[:_MOST_GONE]), count=len(gone))


def _restored(now: Turn, key: str, last: int) -> str:
    """Put a value back to what it was before a turn, and say so."""
    now.cleared(key)
    kept = (one for one in now.interview.entries if one.turn < last or (one.turn == last and one.state == "confirmed"))
    old = Interview("", entries=tuple(kept)).standing().get(key)
    label = name_of(key, now.rules)
    if old is None:
        now.log(Entry(key, None, "", "", f"turn {now.turn}", "", "withdrawn", now.turn))
        return say("undone_gone", label=label)
    now.log(replace(old, state="confirmed"))
    return say("undone_set", label=label, value=value_text(key, old.value, now.rules))


def _touched(interview: Interview, turn: int) -> list[str]:
    """Return the facts that a turn said, corrected or withdrew."""
    return list(dict.fromkeys(one.fact for one in interview.entries if one.turn == turn and one.state != "confirmed"))
