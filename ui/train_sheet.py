"""The answer sheet of a case: filled in, handed in, handed in anew, and the key shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ui.render import notice, safe
from ui.train_html import button, choice, said, word
from ui.train_room import Done, Room, Told, View

if TYPE_CHECKING:
    from assistant.training.case_key import Key, KeyLine
    from assistant.training.case_store import CaseStore
    from assistant.training.dossier_model import Dossier
    from assistant.training.submission import Submission
    from scoring.model import Rules

_MARKS = 8


def opened(room: Room, case: str) -> tuple[Dossier, Key, Rules]:
    """Return a case with its key."""
    from assistant.training.case_key import key_of
    from assistant.training.case_store import dossier_of

    rules = room.rules()
    dossier = dossier_of(case, rules, own=room.own_cases)
    return dossier, key_of(dossier, rules), rules


def store_of(room: Room) -> CaseStore:
    """Return what was handed in and asked in this installation's cases."""
    from assistant.training.case_store import CaseStore

    return CaseStore(room.progress)


def answer_sheet(key: Key, held: Mapping[str, Any] | None, do: str = "submit", names: str = "") -> str:
    """Return the answer sheet with what was given before; two who agree hand in with `do` and their names."""
    from assistant.training.faults import kinds

    given: Mapping[str, Any] = held or {"verdicts": {}, "levels": {}, "marks": []}
    kinds_of = [("", word("choose")), *((one.id, one.label) for one in kinds().values())]
    marks = "".join(
        _mark(n, kinds_of, given["marks"][n] if n < len(given["marks"]) else {})
        for n in range(max(_MARKS, len(given["marks"])))
    )
    lines = "".join(_line(one, given) for one in key.lines)
    compare = (
        f"{button('compare', word('cases.compare'), case=key.case)}" if held is not None and do == "submit" else ""
    )
    state = f'<p class="notice">{said("cases.handed_in")}</p>' if compare else ""
    return (
        f'<form class="panel sheet"><h2>{said("cases.sheet")}</h2>{state}<div class="grid">{lines}</div>'
        f'<h3>{said("cases.faults")}</h3><p class="hint">{said("cases.faults_hint")}</p>{marks}'
        f'<p class="actions">{button(do, word("cases.submit"), css="primary", case=key.case, names=names)}'
        f"{compare}</p></form>"
    )


def _line(line: KeyLine, given: Mapping[str, Any]) -> str:
    from assistant.training.case_key import case_texts

    verdicts = [("", word("choose")), *case_texts()["verdicts"].items()]
    made = choice(f"v:{line.indicator}", line.label, verdicts, value=given["verdicts"].get(line.indicator, ""))
    if line.top:
        levels = [("", word("choose")), *((str(n), word("cases.level", n=n)) for n in range(line.top + 1))]
        value = str(given["levels"].get(line.indicator, ""))
        made += choice(f"l:{line.indicator}", word("cases.level_of", label=line.label), levels, value=value)
    return made


def _mark(n: int, kinds_of: list[tuple[str, str]], given: Mapping[str, Any]) -> str:
    clauses = "；".join(given.get("clauses", ()))

    def one(name: str, hint: str, value: str) -> str:
        return (
            f'<input name="{name}" data-many="1" maxlength="200" aria-label="{safe(hint)} {n + 1}"'
            f' placeholder="{safe(hint)}" value="{safe(value)}">'
        )

    options = "".join(
        f'<option value="{safe(id_)}"{" selected" if id_ == given.get("what") else ""}>{safe(label)}</option>'
        for id_, label in kinds_of
    )
    what = f'<select name="what" data-many="1" aria-label="{said("cases.what")} {n + 1}">{options}</select>'
    return (
        f'<div class="grid mark">{one("where", word("cases.where"), given.get("where", ""))}{what}'
        f"{one('clauses', word('cases.clauses'), clauses)}</div>"
    )


def submitted(told: Told, key: Key, name: str) -> Submission:
    """Return the answer sheet that was filled in on the page, read by the same rules as a file."""
    from assistant.training.submission import read_submission

    verdicts = {line.indicator: told.text(f"v:{line.indicator}") for line in key.lines}
    levels = {line.indicator: told.text(f"l:{line.indicator}") for line in key.lines if line.top}
    marks = [
        {
            "where": where,
            "what": what,
            "clauses": [c.strip() for c in clauses.replace("；", ";").split(";") if c.strip()],
        }
        for where, what, clauses in zip(told.many("where"), told.many("what"), told.many("clauses"), strict=False)
        if where or what
    ]
    data = {"case": key.case, "verdicts": verdicts, "levels": levels, "faults": marks}
    return read_submission(json.dumps(data, ensure_ascii=False), key, name=name)


def submit(room: Room, view: View, told: Told) -> Done:
    """Hand in the answer sheet; it may be handed in anew until the key was shown."""
    _, key, _ = opened(room, told.text("case"))
    submission = submitted(told, key, view.name)
    store_of(room).submit(submission)
    counts = {"judged": len(submission.verdicts), "total": len(key.lines), "marks": len(submission.marks)}
    return Done(view, notice(word("cases.received", **counts)))


def show_key(room: Room, view: View, told: Told) -> Done:
    """Show own against key; what was missed becomes cards of the review."""
    from assistant.training.case_store import people
    from assistant.training.comparing import cards, compare
    from assistant.training.records import Miss

    _, key, _ = opened(room, told.text("case"))
    store = store_of(room)
    found = cards(compare(key, store.submission(key, view.name)))
    if not store.show_key(key.case, view.name):
        return Done(view)
    for one in found:
        miss = Miss(one["id"], one["topic"], one["front"], one["back"], one["source"])
        for name in people(view.name):
            room.progress.add_miss(name, miss, now=room.now())
    return Done(view, notice(word("cases.cards", count=len(found))) if found else "")
