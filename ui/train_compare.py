"""A case when it is handed in: own against key, and two trainees side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ui.case_print import figure, share
from ui.errors import PageError
from ui.render import notice, safe
from ui.train_html import button, choice, said, table, word
from ui.train_room import Done, Room, Told, View
from ui.train_sheet import answer_sheet, opened, store_of, submitted

if TYPE_CHECKING:
    from assistant.training.case_key import Key
    from assistant.training.comparing import Comparison
    from scoring.model import Rules


def comparison(found: Comparison, rules: Rules) -> str:
    """Return own against key: agreement, line by line, and every planted fault with how it was found."""
    record, key = found.record(), found.key
    agreed = found.agreement
    counts = {"judged": sum(one["judged"] != "blank" for one in record["lines"]), "total": len(record["lines"])}
    tiles = "".join(
        f"<div><b>{safe(value)}</b><span>{said(f'cases.tiles.{name}', **counts)}</span></div>"
        for name, value in (
            ("judged", share(agreed.exact)), ("kappa", figure(agreed.kappa)), ("bias", figure(agreed.bias)),
            ("recall", share(found.recall)), ("precision", share(found.precision)),
            ("clause", share(found.clause_share)),
        )
    )  # fmt: skip
    rows = [
        (
            safe(one["label"]), safe(verdict(one["own"])), safe(verdict(one["key"])),
            f'<span class="judged {"right" if one["judged"] == "right" else "bad"}">'
            f"{said('cases.judged.' + one['judged'])}</span>", safe(one["reason"]),
        )
        for one in record["lines"]
    ]  # fmt: skip
    invented = "".join(
        f"<li>{said('cases.invented', where=m['where'], what=m['what'])}</li>" for m in record["invented"]
    )
    return (
        f'<section class="panel comparison"><h2>{said("cases.comparison")}</h2>'
        f"<p>{said('cases.grade', true=key.true_grade, reported=key.reported_grade or key.reported_refusal)}</p>"
        f'<div class="tiles">{tiles}</div>'
        f"{table([word(f'cases.heads.{n}') for n in ('line', 'own', 'key', 'judged', 'reason')], rows)}"
        f"<h3>{said('cases.planted', count=len(record['faults']))}</h3>"
        f"{''.join(_fault(one, rules) for one in record['faults'])}<ul>{invented}</ul></section>"
    )


def _fault(one: Mapping[str, Any], rules: Rules) -> str:
    from scoring.wording import label_of

    figures = "".join(
        f"<li>{said('cases.figures', label=label_of(key, rules), true=true, reported=one['reported'][key])}</li>"
        for key, true in one["true"].items()
    )
    spots = "".join(f"<li>{said('cases.spot', **spot)}</li>" for spot in one["spots"][:3])
    effects = "".join(f"<li>{safe(effect)}</li>" for effect in one["effects"])
    clauses = "".join(button("cite", c["place"], css="step", passage=c["fact"]) for c in one["clauses"])
    good = "right" if one["found"] == "found" else "bad"
    cited = said("cases.clause_right" if one["clause_right"] else "cases.clause_wrong")
    return (
        f'<div class="mark"><p><span class="judged {good}">{said("cases.found." + one["found"])}</span> '
        f"<b>{safe(one['label'])}</b>　{safe(one['why'])}</p><ul>{figures}{spots}{effects}</ul>"
        f'<p class="opens">{clauses} <span class="hint">{cited}</span></p></div>'
    )


def verdict(one: str | None) -> str:
    """Return a verdict in words."""
    from assistant.training.case_key import case_texts

    return word("cases.blank") if one is None else str(case_texts()["verdicts"][one])


def together(room: Room, view: View, key: Key) -> str:
    """Return the choice of another trainee, and where the two part once they are set side by side."""
    others = [one for one in store_of(room).names(key.case) if one != view.name]
    with_ = view.last if isinstance(view.last, str) and view.last in others else ""
    pick = choice("other", word("cases.other"), [(one, one) for one in others], value=with_)
    body = (
        f'<form class="grid">{pick}<p class="actions">{button("reconcile", word("cases.reconcile"), case=key.case)}</p>'
        "</form>"
        if others
        else f"<p>{said('cases.nobody')}</p>"
    )
    body += _apart(room, view, key, with_)
    return f"<details{' open' if with_ else ''}><summary>{said('cases.pair')}</summary>{body}</details>"


def _apart(room: Room, view: View, key: Key, other: str) -> str:
    from assistant.training.calibration import reconcile

    if not other:
        return ""
    found = reconcile(key, *store_of(room).pair(key, (view.name, other)))
    record = found.record()
    rows = [(safe(one["label"]), *(safe(verdict(v)) for v in one["verdicts"])) for one in record["apart"]]
    only = "".join(
        f"<li>{said('cases.only', name=name, **mark)}</li>"
        for name, marks in zip(found.names, record["only"], strict=True)
        for mark in marks
    )
    names = "+".join(found.names)
    seen = any(room.progress.get("case_seen", f"{one}/{key.case}") is not None for one in found.names)
    own = room.progress.get("case", f"{view.name}/{key.case}")
    sheet = f"<p>{said('cases.seen')}</p>" if seen else answer_sheet(key, own, "agree", names)
    return (
        f"<p>{said('cases.agreement', kappa=figure(found.agreement.kappa), alpha=figure(found.alpha))}</p>"
        f"{table((word('cases.heads.line'), *found.names), rows) if rows else said('cases.same')}<ul>{only}</ul>{sheet}"
    )


def reconcile_with(room: Room, view: View, told: Told) -> Done:
    """Show where two part, once both have handed in."""
    _, key, _ = opened(room, told.text("case"))
    store = store_of(room)
    store.pair(key, (view.name, told.text("other")))
    store.looked(key.case, view.name)
    return Done(replace(view, last=told.text("other")))


def agree(room: Room, view: View, told: Told) -> Done:
    """Keep what two agreed on."""
    from assistant.training.calibration import reconcile

    _, key, _ = opened(room, told.text("case"))
    names = told.text("names").split("+")
    if len(names) != 2 or view.name not in names:
        raise PageError(word("cases.nobody"))
    found = reconcile(key, *store_of(room).pair(key, (names[0], names[1])))
    store_of(room).agree(found, submitted(told, key, "+".join(found.names)))
    return Done(view, notice(word("cases.agreed", names="+".join(found.names))))
