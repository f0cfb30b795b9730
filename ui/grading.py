"""What the grading commands share: the rules in use, a park read from its file, its assessment with questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ui.errors import PageError
from ui.settings import Settings
from ui.texts import read_texts

if TYPE_CHECKING:
    from assistant.rule_clauses import Review
    from corpus.library import Library
    from scoring.checks import Taken
    from scoring.errors import ScoringError
    from scoring.model import Assessment, Rubric, Rules

PARK_FILES = (".xlsx", ".csv", ".json", ".yaml", ".yml")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def own_rules_folder(settings: Settings) -> Path:
    """Return the folder of the user's own rule files."""
    return settings.home / "rules"


def own_rules(home: Path) -> tuple[Path, ...]:
    """Return the user's own rule files under the folder of what the program keeps."""
    return tuple(sorted((home / "rules").glob("*.yaml")))


def rules_in_use(settings: Settings) -> Rules:
    """Return the built-in rules with the user's own in place of those of the same id."""
    from scoring.load import load_rules

    return load_rules(sorted(own_rules_folder(settings).glob("*.yaml")))


def rubric_in_use(rules: Rules, rubric_id: str) -> Rubric:
    """Return the rubric of that id.

    Raises:
        PageError: there is none.
    """
    if rubric_id not in rules.rubrics:
        raise PageError(
            read_texts().command.unknown_rules.format(rules=rubric_id, known="、".join(sorted(rules.rubrics)))
        )
    return rules.rubric(rubric_id)


def read_park_file(path: Path, rules: Rules, year: int | None = None) -> Taken:
    """Return the only park of the file, checked.

    Raises:
        ParkDataError: the file has faults; it names them all.
    """
    from scoring.cells import Given
    from scoring.checks import take_one

    return take_one(Given.of(path), rules, year=year)


def graded(taken: Taken, rubric: Rubric, rules: Rules) -> Assessment:
    """Return the assessment of a park; what has to be asked back stands first among the warnings.

    Raises:
        ParkDataError: the figures contradict what is possible; what smells wrong among them is named with it.
    """
    from scoring.assess import assess
    from scoring.checks import excuses_apart
    from scoring.errors import Fault, ParkDataError

    park, notes = excuses_apart(taken.data(), rubric)
    try:
        assessment = assess(park, rubric, rules)
    except ParkDataError as error:
        asked = (Fault(one.where, one.what) for one in taken.questions)
        raise ParkDataError([*error.faults, *asked]) from None
    return with_questions(assessment, taken, notes)


def reviews_of(library: Library, rules: Rules) -> tuple[Review, ...]:
    """Return the indicators that await review; only documents of the user's own can make any."""
    from assistant.rule_clauses import awaiting_review
    from corpus.originals import is_own

    return awaiting_review(library, rules) if any(map(is_own, library.documents.values())) else ()


def own_reviews(settings: Settings, rules: Rules) -> tuple[Review, ...]:
    """Return the indicators that await review because of the user's own library; where that is empty, at once."""
    from corpus.library import read_library
    from corpus.own import OwnLibrary
    from ui.start import with_own_documents

    if not OwnLibrary(settings.home).stamp:
        return ()
    return reviews_of(with_own_documents(read_library(), settings), rules)


def with_questions(assessment: Assessment, taken: Taken, notes: Sequence[str] = ()) -> Assessment:
    """Return the assessment with the questions on the park's figures before its warnings, and notes behind them."""
    asked = tuple(str(question) for question in taken.questions)
    return replace(assessment, warnings=(*asked, *assessment.warnings, *notes))


def park_files(source: Path) -> Sequence[Path]:
    """Return the files of parks: those of a folder in order of name, or the one file itself."""
    if source.is_dir():
        found = [one for one in sorted(source.iterdir()) if one.suffix.lower() in PARK_FILES]
        return [one for one in found if not one.name.startswith(("~$", "."))]
    return [source]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fault_lines(error: ScoringError) -> Iterator[str]:
    """Yield a sentence that says how many faults there are, and each fault on a line of its own."""
    if len(error.faults) == 1 and not error.faults[0].where:
        yield read_texts().command.error.format(what=error.faults[0].what)
        return
    yield read_texts().command.faults.format(count=len(error.faults))
    for fault in error.faults:
        yield f"  {fault}"


def plain_cell(text: str) -> str:
    """Return the text as a spreadsheet takes it for text: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
