"""Cases from a seed and a difficulty: a park's dossier, first true, then with faults planted in it.

    dossier = make(17, difficulty=2, rules=rules)      the same for the same seed
    clean = make(17, difficulty=2, rules=rules, faults=0)

What is handed out is `reported` (the park sheet) and `papers`; `truth` and `faults` are the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, cast

from assistant.training.dossier_model import Dossier, Line, Paper, Sheet, park_of
from assistant.training.dossier_park import Draft, text, texts
from assistant.training.dossier_site import true_draft
from assistant.training.faults import balanced, plant, settings, usual_count
from scoring.interval import Number, ends
from scoring.model import Rules
from scoring.resolve import Resolver
from scoring.template import write_template

DIFFICULTIES = (1, 2, 3)


def make(
    seed: int | str,
    *,
    rules: Rules,
    difficulty: int = 1,
    faults: int | None = None,
    only: Sequence[str] = (),
    series: str = "case",
) -> Dossier:
    """Return the dossier of the seed; `faults` is how many to plant, by default as many as the difficulty asks for.

    `series` is what the id begins with and says by which rule set it is graded (`case`, `ceca`). `only` names the
    kinds to choose from, to show one kind; such a dossier is not that of its id.

    Raises:
        ValueError: the difficulty is none of the three, or there is no such series.
    """
    if difficulty not in DIFFICULTIES or series not in texts()["rubrics"]:
        raise ValueError(f"没有难度 {difficulty} 或系列 {series!r} 的案卷。")
    random = Random(f"{series}/{difficulty}/{seed}")  # noqa: S311 - made-up parks, no secret
    draft = true_draft(random, difficulty, rules, rubric=texts()["rubrics"][series])
    if random.random() < float(settings()["unreported_share"]):
        _leave_out(draft)
    count = usual_count(draft) if faults is None else faults
    planted = plant(draft, count, only=only)
    for sheet in ("gec", "products", "talk"):
        random.shuffle(draft.tables[sheet])  # what was added last must not show
    if balanced(planted) and random.random() < float(settings()["total_share"]):
        _add_total(draft, rules)
    return Dossier(
        id=f"{series}-{difficulty}-{seed}{'' if faults is None else f'-f{faults}'}",
        seed=str(seed),
        difficulty=difficulty,
        truth=draft.truth,
        reported=draft.reported,
        papers=tuple(_papers(draft)),
        sheet_name=texts()["sheet_name"],
        faults=planted,
        rubric=draft.rubric,
    )


def _leave_out(draft: Draft) -> None:
    """Leave one guiding indicator unreported: a verdict that a trainee must not guess."""
    keys: list[str] = draft.random.choice(settings()["unreported"])
    for key in keys:
        for values in (draft.truth, draft.reported):
            values["facts"].pop(key, None)
            values["months"].pop(key, None)
    for sheet in ("waste", "waste_heat", "water", "water_bill"):
        if any(key.startswith(tuple(settings()["sheet_facts"][sheet])) for key in keys):
            draft.tables.pop(sheet)


def _add_total(draft: Draft, rules: Rules) -> None:
    """Report the total energy, as the engine works it out."""
    total = ends(cast(Number, Resolver(park_of(draft.truth, rules), rules).formula_step("energy_tce").value))[0]
    given = {"value": text(total / 10000, 2), "unit": "万吨标准煤", "source": texts()["sources"]["energy_tce"]}
    for values in (draft.truth, draft.reported):
        values["facts"]["energy_tce"] = deepcopy(given)


def _papers(draft: Draft) -> Iterator[Paper]:
    for paper in texts()["papers"]:
        sheets = [_sheet(key, draft) for key in paper["sheets"] if key in draft.tables]
        if sheets:
            yield Paper(paper["name"], paper["title"], tuple(sheets))


def _sheet(key: str, draft: Draft) -> Sheet:
    shape: dict[str, Any] = texts()["sheets"][key]
    columns: dict[str, str] = shape["columns"]
    names = list(columns) or ["text"]
    lines = (Line(row["tag"], tuple(row.get(name, "") for name in names)) for row in draft.tables[key])
    return Sheet(key, shape["title"], tuple(columns.values()), tuple(lines))


def park_sheet(dossier: Dossier, rules: Rules) -> bytes:
    """Return the park sheet as reported, as the workbook of our own template."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / dossier.sheet_name
        write_template(path, rules, rubric=dossier.rubric, values=dossier.reported)
        return path.read_bytes()
