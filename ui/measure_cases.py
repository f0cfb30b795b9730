"""Measures the case lab: clean dossiers grade clean, faults show in the files, staff invent nothing, trainees land."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from assistant.training.case_key import Key, key_of
from assistant.training.dossier import DIFFICULTIES, make, park_sheet
from assistant.training.dossier_model import Dossier, park_of
from assistant.training.role_play import answer, play_texts, untraced
from assistant.training.trainees import MANNERS, mean, simulated
from scoring.assess import assess
from scoring.cells import Given
from scoring.checks import take
from scoring.model import Rules
from ui.case_files import case_files

_ITEM = re.compile(r"^第(\d+)条　(.*)$", re.DOTALL)
Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Measured:
    """What was measured; the lists name what does not hold."""

    clean: int
    clean_alarms: list[str]
    faults: int
    kinds: dict[str, int]
    not_seen: list[str]
    without_effect: list[str]
    interviews: int
    answers: int
    evasions: int
    untraced: list[str]
    trainees: dict[str, dict[str, float | None]]
    slowest_processor_seconds: float

    def record(self) -> dict[str, Any]:
        """Return it by name."""
        return asdict(self)


def measure(rules: Rules, *, dossiers: int, interviews: int, cases: int, report: Report) -> Measured:
    """Return the measures over so many clean and faulty dossiers, interviews, and cases of simulated trainees."""
    alarms: list[str] = []
    slowest = 0.0
    for seed in range(dossiers):
        started = time.process_time()
        dossier = make(seed, rules=rules, difficulty=_level(seed), faults=0, series=_series(seed))
        sheet = park_sheet(dossier, rules)
        slowest = max(slowest, time.process_time() - started)
        alarms += alarms_of(dossier, sheet, rules)
        report("clean", seed + 1, dossiers)
    kinds: Counter[str] = Counter()
    not_seen: list[str] = []
    without: list[str] = []
    for seed in range(dossiers):
        dossier = make(seed, rules=rules, difficulty=_level(seed), series=_series(seed))
        key = key_of(dossier, rules)
        kinds.update(fault.kind.id for fault in key.faults)
        not_seen += unseen(key, case_files(dossier, key, rules))
        without += [f"{key.case} {fault.kind.id}" for fault in key.faults if not fault.effects]
        report("faults", seed + 1, dossiers)
    spoken = [interview(seed, rules) for seed in range(interviews)]
    return Measured(
        clean=dossiers,
        clean_alarms=alarms,
        faults=kinds.total(),
        kinds=dict(sorted(kinds.items())),
        not_seen=not_seen,
        without_effect=without,
        interviews=interviews,
        answers=sum(one[0] for one in spoken),
        evasions=sum(one[1] for one in spoken),
        untraced=[fault for one in spoken for fault in one[2]],
        trainees=trainees(rules, cases),
        slowest_processor_seconds=round(slowest, 3),
    )


def _level(seed: int) -> int:
    return DIFFICULTIES[seed % len(DIFFICULTIES)]


def _series(seed: int) -> str:
    """Return the rule set's series: each is measured, the national one most."""
    return ("case", "case", "case", "ceca")[seed % 4]


def alarms_of(dossier: Dossier, sheet: bytes, rules: Rules) -> list[str]:
    """Return what a sheet raises besides figures: faults, questions, other data than the truth, totals that differ."""
    found: list[str] = []
    true = park_of(dossier.truth, rules)
    for one in take(Given(dossier.sheet_name, sheet), rules):
        found += [f"{dossier.id} {alarm}" for alarm in (*one.faults, *one.questions)]
        if one.park is None:
            continue
        read = {key: fact.value for key, fact in one.park.facts.items()}
        if read != {key: fact.value for key, fact in true.facts.items()}:
            found.append(f"{dossier.id} {sorted(set(read) ^ set(true.facts))}")
        cautions = {caution.text for caution in rules.rubric(dossier.rubric).cautions}
        warned = assess(one.park, rules.rubric(dossier.rubric), rules, edges=False, suggest=False).warnings
        found += [f"{dossier.id} {warning}" for warning in warned if warning not in cautions]
    return found


def unseen(key: Key, files: Mapping[str, bytes]) -> list[str]:
    """Return the spots of the key that do not stand in the files as they are handed out."""
    told = dict(read_back(files))
    return [
        f"{key.case} {fault.kind.id} {spot.place}"
        for fault in key.faults
        for spot in fault.spots
        if not _same(told.get(spot.place, ""), spot.text)
    ]


def read_back(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield every cell and paragraph of the files, as another program reads them."""
    import docx
    import openpyxl

    for name, content in files.items():
        if name.endswith(".xlsx"):
            book: Any = cast(Any, openpyxl.load_workbook(io.BytesIO(content), data_only=True))
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        yield f"{name} {sheet.title}!{cell.coordinate}", "" if cell.value is None else str(cell.value)
            continue
        lines = content.decode().splitlines() if name.endswith(".md") else []
        if name.endswith(".docx"):
            document: Any = docx.Document(io.BytesIO(content))
            lines = [paragraph.text for paragraph in document.paragraphs]
        for found in filter(None, map(_ITEM.match, lines)):
            yield f"{name} 第{found.group(1)}条", found.group(2)


def _same(read: str, text: str) -> bool:
    try:
        return Decimal(read) == Decimal(text)
    except InvalidOperation:
        return read == text


def interview(seed: int, rules: Rules) -> tuple[int, int, list[str]]:
    """Return how many questions of an interview were answered, how many evaded, and what could not be traced."""
    dossier = make(f"talk{seed}", rules=rules, difficulty=_level(seed))
    cells, say = dossier.cells(rules), play_texts()
    asked: list[str] = []
    found: list[str] = []
    answered = evaded = 0
    for topic in say["topics"]:
        word = topic["words"][seed % len(topic["words"])]
        for ask in say["asks"]:
            question = ask.format(word=word)
            reply = answer(question, dossier, rules, asked=asked)
            asked.append(question)
            answered, evaded = answered + bool(reply.statements), evaded + reply.evaded
            found += [f"{dossier.id} {question} {one}" for one in untraced(reply, cells, rules)]
    for question in say["strays"]:
        reply = answer(question, dossier, rules, asked=asked)
        found += [f"{dossier.id} {question} {reply.text}"] if reply.known else []
    return answered, evaded, found


def trainees(rules: Rules, cases: int) -> dict[str, dict[str, float | None]]:
    """Return the means of each simulated trainee over so many cases; the learning one's first and last third too."""
    made = [make(f"trainee{seed}", rules=rules, difficulty=_level(seed)) for seed in range(cases)]
    known = [(dossier, key_of(dossier, rules)) for dossier in made]
    found: dict[str, dict[str, float | None]] = {}
    for manner in MANNERS:
        ones = [simulated(manner, dossier, key, rules, number=i) for i, (dossier, key) in enumerate(known)]
        third = max(1, len(ones) // 3)
        found[manner] = {
            "kappa": mean([one.agreement.kappa for one in ones]),
            "bias": mean([one.agreement.bias for one in ones]),
            "recall": mean([one.recall for one in ones]),
            "precision": mean([one.precision for one in ones]),
            "recall_first_third": mean([one.recall for one in ones[:third]]),
            "recall_last_third": mean([one.recall for one in ones[-third:]]),
        }
    return found
