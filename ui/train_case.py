"""The case lab on the page: a dossier to look at and its staff to question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.errors import PageError
from ui.render import safe
from ui.train_compare import comparison, together
from ui.train_html import box, button, choice, said, table, word
from ui.train_room import Done, Room, Told, View
from ui.train_sheet import answer_sheet, opened, store_of

if TYPE_CHECKING:
    from assistant.training.dossier_model import Dossier, Paper
    from scoring.model import Rules


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
    store = store_of(room)
    seen = room.progress.get("case_seen", f"{view.name}/{key.case}") is not None
    held = room.progress.get("case", f"{view.name}/{key.case}")
    judged = ""
    if seen and held is not None:
        from assistant.training.comparing import compare

        judged = comparison(compare(key, store.submission(key, view.name)), rules)
    return "".join((
        f"<p>{button('go', word('cases.back'), css='step', place='cases')}</p>",
        f"<h2>{said('cases.title', case=dossier.id, park=dossier.park_name)}</h2>",
        judged or f"<p>{said('cases.how', rubric=rules.rubric(key.rubric).title)}</p>",
        f'<p class="actions">{button("files", word("cases.download"), case=key.case)}</p>',
        _files(dossier, rules),
        _interview(room, view, dossier, rules),
        "" if judged else answer_sheet(key, held),
        together(room, view, key),
    ))  # fmt: skip


def _files(dossier: Dossier, rules: Rules) -> str:
    shown = _park_sheet(dossier, rules) + "".join(_paper(one) for one in dossier.papers)
    return f'<section class="papers">{shown}</section>'


def _park_sheet(dossier: Dossier, rules: Rules) -> str:
    """Return the park sheet, one line for a row that says something: every cell with its mark."""
    prefix = f"{dossier.sheet_name} "
    labels = _labels(dossier, rules)
    rows: dict[str, list[str]] = {}
    for place, text in dossier.cells(rules).items():
        if place.startswith(prefix) and text:
            rows.setdefault(_row(place), []).append(f"<span>{safe(text)}{_point(place)}</span>")
    lines = [
        (safe(labels.get(row, "")), safe(row.removeprefix(prefix).replace("!", " ")), " ".join(cells))
        for row, cells in rows.items()
    ]
    body = table((word("cases.item"), word("cases.row"), word("cases.content")), lines, css="cells")
    return f"<details open><summary>{safe(dossier.sheet_name)}</summary>{body}</details>"


def _row(place: str) -> str:
    sheet, _, cell = place.rpartition("!")
    return f"{sheet}!{''.join(c for c in cell if c.isdigit())}"


def _labels(dossier: Dossier, rules: Rules) -> Mapping[str, str]:
    from scoring.wording import label_of

    named = {key: word(f"cases.{key}") for key in ("name", "year")}
    named |= {key: label_of(key, rules) for key in dossier.reported["facts"]}
    found = {_row(dossier.spot(f"sheet:{key}", "value", rules).place): label for key, label in named.items()}
    return found | {_row(dossier.month_unit(key).place): label_of(key, rules) for key in dossier.reported["months"]}


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

    asked = store_of(room).asked(dossier.id, view.name)
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
    store_of(room).ask(told.text("case"), view.name, question)
    return Done(view)


def files(room: Room, view: View, told: Told) -> Done:
    """Give the case's files as one ZIP."""
    from ui.case_files import case_files, zipped

    dossier, key, rules = opened(room, told.text("case"))
    return Done(view, "", (f"{dossier.id}.zip", zipped(case_files(dossier, key, rules))), stay=True)
