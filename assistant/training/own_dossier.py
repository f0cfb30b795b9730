"""A trainer's own dossiers: a YAML file with the park as reported, what is true, the papers, and the faults.

    text = own_text(make(1, rules=rules))          a file to start from
    dossier = read_own("案卷.yaml", text, rules)    checked, with everything wrong told at once

The engine grades it as it does a made-up one. Its text is data: shown, never run, never an instruction.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from ruamel.yaml import YAML

from assistant.training.case_key import case_texts, key_of
from assistant.training.dossier import DIFFICULTIES
from assistant.training.dossier_model import SHEET, Dossier, Line, Paper, Planted, Sheet, Values, park_of
from assistant.training.dossier_park import texts
from assistant.training.errors import TrainingError
from assistant.training.fault_kinds import KINDS
from scoring.errors import RuleError, ScoringError
from scoring.model import Rules
from scoring.source import read_yaml

_ID = re.compile(r"own-[0-9A-Za-z]{1,24}")
_FILE = re.compile(r"[\w \-（）]{1,60}\.(xlsx|docx|md)")
_TITLE = re.compile(r"[^\[\]:*?/\\\n]{1,31}")  # what a worksheet may be called
_LONGEST, _MOST = 2000, 3000


class DossierFault(TrainingError):
    """A dossier of one's own cannot be used; the message lists everything that is wrong, one a line."""


def own_text(dossier: Dossier, *, name: str = "own-1") -> str:
    """Return a dossier as the file of an own one: a start for writing another."""
    changed = {key for one in dossier.faults for key in one.facts}
    data: dict[str, Any] = {
        "id": name,
        "difficulty": str(dossier.difficulty),
        "rubric": dossier.rubric,
        "reported": dict(dossier.reported),
        "true": {key: dossier.truth["facts"].get(key) for key in sorted(changed)},
        "papers": [{"name": paper.name, "title": paper.title, "sheets": _sheets(paper)} for paper in dossier.papers],
        "faults": [
            {"kind": one.kind, "facts": list(one.facts), "spots": [list(spot) for spot in one.spots]}
            for one in dossier.faults
        ],
    }
    yaml = YAML()
    yaml.allow_unicode = True
    yaml.width = 4096
    stream = io.StringIO()
    cast(Any, yaml).dump(data, stream)
    return f"{case_texts()['own']['head']}\n{stream.getvalue()}"


def _sheets(paper: Paper) -> list[dict[str, Any]]:
    return [
        {
            "key": sheet.key,
            "title": sheet.title,
            "heads": list(sheet.heads),
            "rows": [{"tag": line.tag, "cells": list(line.cells)} for line in sheet.lines],
        }
        for sheet in paper.sheets
    ]


def read_own(file: str, text: str, rules: Rules) -> Dossier:
    """Return the dossier of a file of one's own.

    Raises:
        DossierFault: something in it cannot be used; the message names all of it.
    """
    reading = _Reading(file, rules, [])
    try:
        data = reading.mapping(read_yaml(file, text).data, file)
    except RuleError as error:
        raise DossierFault(str(error)) from None
    dossier = reading.dossier(data)
    if dossier is None or reading.faults:
        raise DossierFault("\n".join(dict.fromkeys(reading.faults)))
    return dossier


@dataclass
class _Reading:
    """One file being read, and what is wrong with it so far."""

    file: str
    rules: Rules
    faults: list[str]

    def wrong(self, sentence: str, /, **given: object) -> None:
        self.faults.append(str(case_texts()["own"][sentence]).format(file=self.file, **given))

    def mapping(self, given: object, where: str) -> Mapping[str, Any]:
        if isinstance(given, Mapping):
            return cast("Mapping[str, Any]", given)
        self.wrong("shape", where=where)
        return {}

    def listed(self, given: object, where: str) -> Sequence[Any]:
        if given in (None, ""):
            return []
        if isinstance(given, list) and len(cast("list[Any]", given)) <= _MOST:
            return cast("list[Any]", given)
        self.wrong("shape", where=where)
        return []

    def words(self, given: object, where: str) -> tuple[str, ...]:
        found = [one for one in self.listed(given, where) if isinstance(one, str) and len(one) <= _LONGEST]
        if len(found) != len(self.listed(given, where)):
            self.wrong("cell", where=where, most=_LONGEST)
        return tuple(found)

    def dossier(self, data: Mapping[str, Any]) -> Dossier | None:
        wanted = {"id", "difficulty", "rubric", "reported", "true", "papers", "faults"}
        if set(data) != wanted:
            self.wrong("keys", keys="、".join(sorted(wanted)))
            return None
        if _ID.fullmatch(str(data["id"])) is None:
            self.wrong("id", given=data["id"])
        if data["difficulty"] not in map(str, DIFFICULTIES):
            self.wrong("difficulty", given=data["difficulty"])
        if data["rubric"] not in texts()["rubrics"].values():
            self.wrong("rubric", given=data["rubric"], known="、".join(texts()["rubrics"].values()))
        reported, truth = self.values(data["reported"], self.mapping(data["true"] or {}, "true"))
        papers = tuple(self.papers(data["papers"]))
        planted = tuple(self.planted(data["faults"]))
        if self.faults:
            return None
        seed, difficulty = str(data["id"]).partition("-")[2], int(data["difficulty"])
        name, rubric = str(texts()["sheet_name"]), str(data["rubric"])
        dossier = Dossier(str(data["id"]), seed, difficulty, truth, reported, papers, name, planted, rubric)
        self.check(dossier)
        return dossier

    def values(self, given: object, true: Mapping[str, Any]) -> tuple[Values, Values]:
        """Return the park as reported and as it is; what is true is given where it differs, and null is left out."""
        data = self.mapping(given, "reported")
        kinds = {"facts": dict, "months": dict, "meters": list, "certificates": list}
        if not {"name", "year", "facts"} <= set(data) <= {"name", "year", *kinds}:
            self.wrong("park")
            return {}, {}
        reported: dict[str, Any] = {"name": data["name"], "year": data["year"]}
        for part, kind in kinds.items():
            reported[part] = data.get(part) or kind()
            if not isinstance(reported[part], kind):
                self.wrong("shape", where=f"reported.{part}")
                reported[part] = kind()
        facts = {**reported["facts"], **true}
        truth = {**reported, "facts": {key: one for key, one in facts.items() if one not in (None, "")}}
        for part, values in (("reported", reported), ("true", truth)):
            try:
                park_of(values, self.rules)
            except (ScoringError, ValueError, AttributeError, KeyError) as error:
                self.wrong("figures", where=part, why=error)
        return reported, truth

    def papers(self, given: object) -> Iterator[Paper]:
        seen = {str(texts()["sheet_name"])}
        for i, one in enumerate(self.listed(given, "papers"), 1):
            data = self.mapping(one, f"papers {i}")
            name = str(data.get("name", ""))
            if _FILE.fullmatch(name) is None or set(data) != {"name", "title", "sheets"}:
                self.wrong("paper", i=i, name=name)
                continue
            sheets = [self.sheet(sheet, name) for sheet in self.listed(data["sheets"], name)]
            if len({sheet.title for sheet in sheets}) < len(sheets) or name in seen:
                self.wrong("twice", name=name)
            seen.add(name)
            if any(bool(sheet.heads) != name.endswith(".xlsx") for sheet in sheets):
                self.wrong("heads", name=name)
            yield Paper(name, str(data["title"]), tuple(sheets))

    def sheet(self, given: object, paper: str) -> Sheet:
        data = self.mapping(given, paper)
        heads = self.words(data.get("heads"), f"{paper} heads")
        key, title = str(data.get("key", "")), str(data.get("title", ""))
        if not key or _TITLE.fullmatch(title) is None:
            self.wrong("sheet", paper=paper)
        lines: list[Line] = []
        for i, one in enumerate(self.listed(data.get("rows"), f"{paper} {title}"), 1):
            row = self.mapping(one, f"{paper} {title} {i}")
            cells = self.words(row.get("cells"), f"{paper} {title} {i}")
            if len(cells) != (len(heads) or 1):
                self.wrong("row", paper=paper, title=title, i=i)
            lines.append(Line(str(row.get("tag") or f"{key}:{i}"), cells))
        return Sheet(key, title, heads, tuple(lines))

    def planted(self, given: object) -> Iterator[Planted]:
        for i, one in enumerate(self.listed(given, "faults"), 1):
            data = self.mapping(one, f"faults {i}")
            spots = [self.words(spot, f"faults {i}") for spot in self.listed(data.get("spots"), f"faults {i}")]
            facts = self.words(data.get("facts"), f"faults {i}")
            if data.get("kind") not in KINDS or not facts or any(len(spot) != len(("tag", "column")) for spot in spots):
                self.wrong("fault", i=i, known="、".join(KINDS))
                continue
            yield Planted(str(data["kind"]), facts, tuple((tag, column) for tag, column in spots))

    def check(self, dossier: Dossier) -> None:
        """Check what only the whole shows: spots that exist, figures that differ just where a fault says so."""
        reported, true = dossier.reported["facts"], dossier.truth["facts"]
        differing = {key for key in {*reported, *true} if reported.get(key) != true.get(key)}
        named = [key for one in dossier.faults for key in one.facts]
        for key in sorted(differing ^ set(named)):
            self.wrong("differ" if key in differing else "same", key=key)
        sound: list[Planted] = []
        for i, one in enumerate(dossier.faults, 1):
            before = len(self.faults)
            for tag, column in one.spots:
                try:
                    dossier.spot(tag, column, self.rules)
                except (KeyError, ValueError, IndexError):
                    self.wrong("spot", i=i, tag=tag, column=column)
            if not any(not tag.startswith(f"{SHEET}:") for tag, _ in one.spots):
                self.wrong("unseen", i=i, kind=one.kind)
            if len(self.faults) == before:
                sound.append(one)
        if not self.faults:
            for fault in key_of(replace(dossier, faults=tuple(sound)), self.rules).faults:
                if not fault.effects:
                    self.wrong("effect", kind=fault.id)
