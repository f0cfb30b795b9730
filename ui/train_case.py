"""The case lab on the page: a dossier to look at, its staff to question, the answer sheet, own against key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ui.case_print import figure, share
from ui.errors import PageError
from ui.render import notice, safe
from ui.train_html import box, button, choice, said, table, word
from ui.train_room import Done, Room, Told, View

if TYPE_CHECKING:
    from assistant.training.case_key import Key, KeyLine
    from assistant.training.case_store import CaseStore
    from assistant.training.comparing import Comparison
    from assistant.training.dossier_model import Dossier, Paper
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


def _store(room: Room) -> CaseStore:
    from assistant.training.case_store import CaseStore

    return CaseStore(room.progress)


def cases(room: Room, view: View) -> str:
    """Return the choice of a new case, those handed in, and the way to reconcile with another trainee."""
    if not view.name:
        return f"<p>{said('name_first')}</p>"
    levels = [(str(n), word(f"cases.levels.{n}")) for n in (1, 2, 3)]
    series = [(one, word(f"cases.series.{one}")) for one in ("case", "ceca")]
    own = [("", word("cases.made")), *((one.stem, one.stem) for one in sorted(room.own_cases.glob("own-*.yaml")))]
    held = sorted({
        one["case"] for one in room.progress.records("case").values() if view.name in str(one["name"]).split("+")
    })  # fmt: skip
    listed = "".join(button("go", one, place="case", ref=one) for one in held)
    return (
        f'<form class="panel"><h2>{said("cases.new")}</h2><p class="hint">{said("cases.about")}</p><div class="grid">'
        f"{choice('series', word('cases.rules'), series)}{choice('difficulty', word('difficulty'), levels)}"
        f"{box('seed', word('cases.seed'), value='1', most=24)}{choice('own', word('cases.own'), own)}</div>"
        f'<p class="actions">{button("case", word("cases.open"), css="primary")}</p></form>'
        + (
            f'<section class="panel"><h2>{said("cases.held")}</h2><p class="opens">{listed}</p></section>'
            if held
            else ""
        )
    )


def open_case(_room: Room, view: View, told: Told) -> Done:
    """Open a case by series, difficulty and seed, or one of the trainer's own."""
    made = f"{told.text('series')}-{told.text('difficulty')}-{told.text('seed')}"
    return Done(replace(view, place="case", ref=told.text("own") or made))


def case(room: Room, view: View) -> str:
    """Return a case: its files and interview, and the answer sheet, or own against key once it was shown."""
    if not view.name:
        return f"<p>{said('name_first')}</p>"
    dossier, key, rules = opened(room, view.ref)
    store = _store(room)
    seen = room.progress.get("case_seen", f"{view.name}/{key.case}") is not None
    held = room.progress.get("case", f"{view.name}/{key.case}")
    parts = [
        f"<p>{button('go', word('cases.back'), css='step', place='cases')}</p>",
        f"<h2>{said('cases.title', case=dossier.id, park=dossier.park_name)}</h2>",
        f"<p>{said('cases.how', rubric=rules.rubric(key.rubric).title)}</p>",
        f'<p class="actions">{button("files", word("cases.download"), case=key.case)}</p>',
        _files(dossier, rules),
        _interview(room, view, dossier, rules),
    ]
    if seen and held is not None:
        from assistant.training.comparing import compare

        parts.append(_comparison(compare(key, store.submission(key, view.name)), rules))
    else:
        parts.append(_sheet(key, held))
    parts.append(_together(room, view, key))
    return "".join(parts)


def _files(dossier: Dossier, rules: Rules) -> str:
    shown = _park_sheet(dossier, rules) + "".join(_paper(one) for one in dossier.papers)
    return f'<section class="papers">{shown}</section>'


def _park_sheet(dossier: Dossier, rules: Rules) -> str:
    prefix = f"{dossier.sheet_name} "
    labels = _labels(dossier, rules)
    rows = [
        (safe(labels.get(_row(place), "")), safe(place.removeprefix(prefix)) + _point(place), safe(text))
        for place, text in dossier.cells(rules).items()
        if place.startswith(prefix) and text
    ]
    body = table((word("cases.item"), word("cases.place"), word("cases.content")), rows)
    return f"<details open><summary>{safe(dossier.sheet_name)}</summary>{body}</details>"


def _row(place: str) -> str:
    sheet, _, cell = place.rpartition("!")
    return f"{sheet}!{''.join(c for c in cell if c.isdigit())}"


def _labels(dossier: Dossier, rules: Rules) -> Mapping[str, str]:
    from scoring.wording import label_of

    found: dict[str, str] = {}
    for key in dossier.reported["facts"]:
        found[_row(dossier.spot(f"sheet:{key}", "value", rules).place)] = label_of(key, rules)
    for key in dossier.reported["months"]:
        found[_row(dossier.month_unit(key).place)] = label_of(key, rules)
    return found


def _point(place: str) -> str:
    return button("point", word("cases.mark"), css="point", place=place)


def _paper(paper: Paper) -> str:
    parts: list[str] = []
    for sheet in paper.sheets:
        if sheet.heads:
            rows = [
                (*(safe(cell) for cell in line.cells), _point(f"{paper.name} {sheet.title}!A{row}"))
                for row, line in enumerate(sheet.lines, 2)
            ]
            parts.append(f"<h3>{safe(sheet.title)}</h3>{table((*sheet.heads, ''), rows)}")
        else:
            parts += [
                f"<p>{said('cases.line', number=row, text=line.cells[0])}{_point(f'{paper.name} 第{row}条')}</p>"
                for row, line in enumerate(sheet.lines, 1)
            ]
    return f"<details><summary>{safe(paper.name)}</summary>{''.join(parts)}</details>"


def _interview(room: Room, view: View, dossier: Dossier, rules: Rules) -> str:
    from assistant.training.role_play import answer

    asked = _store(room).asked(dossier.id, view.name)
    lines: list[str] = []
    for at, one in enumerate(asked):
        found = answer(one, dossier, rules, asked=asked[:at])
        places = "；".join(dict.fromkeys(spot.place for part in found.statements for spot in part.read[:1]))
        read = f"<small>{said('cases.read', places=places)}</small>" if places else ""
        evaded = f"<small>{said('cases.evaded')}</small>" if found.evaded else ""
        lines.append(f'<p class="asked">{safe(one)}</p><p class="told">{safe(found.text)} {read}{evaded}</p>')
    return (
        f'<details class="talk"{" open" if asked else ""}><summary>{said("cases.interview")}</summary>{"".join(lines)}'
        f'<form class="grid">{box("question", word("cases.question"), hint=word("cases.question_hint"))}'
        f'<p class="actions">{button("talk", word("cases.ask"), css="primary", case=dossier.id)}</p></form></details>'
    )


def talk(room: Room, view: View, told: Told) -> Done:
    """Ask the park's staff a question."""
    question = told.text("question")
    if not question:
        raise PageError(word("cases.no_question"))
    _store(room).ask(told.text("case"), view.name, question)
    return Done(view)


def files(room: Room, view: View, told: Told) -> Done:
    """Give the case's files as one ZIP."""
    from ui.case_files import case_files, zipped

    dossier, key, rules = opened(room, told.text("case"))
    return Done(view, "", (f"{dossier.id}.zip", zipped(case_files(dossier, key, rules))), stay=True)


# The answer sheet ----------------------------------------------------------------------------------------------------


def _sheet(key: Key, held: Mapping[str, Any] | None, do: str = "submit", names: str = "") -> str:
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


def _submitted(told: Told, key: Key, name: str) -> Submission:
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
    submission = _submitted(told, key, view.name)
    _store(room).submit(submission)
    counts = {"judged": len(submission.verdicts), "total": len(key.lines), "marks": len(submission.marks)}
    return Done(view, notice(word("cases.received", **counts)))


def show_key(room: Room, view: View, told: Told) -> Done:
    """Show own against key; what was missed becomes cards of the review."""
    from assistant.training.case_store import people
    from assistant.training.comparing import cards, compare
    from assistant.training.records import Miss

    _, key, _ = opened(room, told.text("case"))
    store = _store(room)
    found = cards(compare(key, store.submission(key, view.name)))
    if not store.show_key(key.case, view.name):
        return Done(view)
    for one in found:
        miss = Miss(one["id"], one["topic"], one["front"], one["back"], one["source"])
        for name in people(view.name):
            room.progress.add_miss(name, miss, now=room.now())
    return Done(view, notice(word("cases.cards", count=len(found))) if found else "")


# Own against key -----------------------------------------------------------------------------------------------------


def _comparison(found: Comparison, rules: Rules) -> str:
    record, key = found.record(), found.key
    agreed = found.agreement
    tiles = "".join(
        f"<div><b>{safe(value)}</b><span>{said(f'cases.tiles.{name}')}</span></div>"
        for name, value in (
            ("exact", share(agreed.exact)), ("kappa", figure(agreed.kappa)), ("bias", figure(agreed.bias)),
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


# Two trainees --------------------------------------------------------------------------------------------------------


def _together(room: Room, view: View, key: Key) -> str:
    others = [one for one in _store(room).names(key.case) if one != view.name]
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
    found = reconcile(key, *_store(room).pair(key, (view.name, other)))
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
    sheet = f"<p>{said('cases.seen')}</p>" if seen else _sheet(key, own, "agree", names)
    return (
        f"<p>{said('cases.agreement', kappa=figure(found.agreement.kappa), alpha=figure(found.alpha))}</p>"
        f"{table((word('cases.heads.line'), *found.names), rows) if rows else said('cases.same')}<ul>{only}</ul>{sheet}"
    )


def reconcile_with(room: Room, view: View, told: Told) -> Done:
    """Show where two part, once both have handed in."""
    _, key, _ = opened(room, told.text("case"))
    _store(room).pair(key, (view.name, told.text("other")))
    return Done(replace(view, last=told.text("other")))


def agree(room: Room, view: View, told: Told) -> Done:
    """Keep what two agreed on."""
    from assistant.training.calibration import reconcile

    _, key, _ = opened(room, told.text("case"))
    names = told.text("names").split("+")
    if len(names) != 2 or view.name not in names:
        raise PageError(word("cases.nobody"))
    found = reconcile(key, *_store(room).pair(key, (names[0], names[1])))
    _store(room).agree(found, _submitted(told, key, "+".join(found.names)))
    return Done(view, notice(word("cases.agreed", names="+".join(found.names))))
