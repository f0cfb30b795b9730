"""Rules of the house that no other tool checks: imports, numbers and data files, all offenders at once."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PACKAGES = ("assistant", "corpus", "scoring", "ui")
DOORS = {
    "chromadb": {"corpus/store.py", "corpus/plain.py"},
    "sentence_transformers": {"corpus/embed.py", "corpus/plain.py", "corpus/e5.py"},
    "gradio": {"ui"},
    "langchain": {"assistant"},
    "langchain_core": {"assistant"},
    "langgraph": {"assistant"},
}
FACTORS = sorted((ROOT / "scoring" / "rules" / "factors").glob("*/*.csv"))
PLAIN_NUMBERS = (0, 1, -1, 2)


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    for table in FACTORS:
        with table.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                yield f"{table.parent.name}/{table.name}:{number}", row


@pytest.mark.parametrize("library", DOORS)
def test_a_heavy_library_is_imported_behind_its_own_door_only(library: str) -> None:
    allowed = DOORS[library]
    offenders = [
        name
        for name, tree in modules(*PACKAGES)
        if library in imported(tree) and name not in allowed and name.split("/")[0] not in allowed
    ]
    assert offenders == []


def test_scoring_and_corpus_import_nothing_of_ours_but_themselves() -> None:
    offenders = [
        (name, other)
        for name, tree in modules("scoring", "corpus")
        for other in imported(tree) & set(PACKAGES)
        if other != name.split("/")[0]
    ]
    assert offenders == []


def test_no_rule_has_a_threshold_or_factor_in_its_code() -> None:
    offenders = [
        f"{name}:{node.lineno}: {node.value}"
        for name, tree in modules("scoring")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN_NUMBERS
    ]
    assert offenders == []


@pytest.mark.parametrize("path", sorted(p for k in PACKAGES for p in (ROOT / k).rglob("*.yaml")), ids=lambda p: p.name)
def test_every_yaml_file_loads_and_repeats_no_key(path: Path) -> None:
    assert YAML(typ="base").load(io.StringIO(path.read_text(encoding="utf-8")))


def test_the_yaml_reader_refuses_a_repeated_key() -> None:
    with pytest.raises(Exception, match="duplicate key"):
        YAML(typ="base").load(io.StringIO("a: 1\na: 2\n"))


def test_there_are_factor_tables() -> None:
    assert len(FACTORS) >= 10


def test_every_published_number_is_an_exact_decimal() -> None:
    offenders: list[str] = []
    for where, row in rows():
        try:
            exact = Decimal(row["value"]).is_finite()
        except InvalidOperation:
            exact = False
        if not exact or row["value"] != row["value"].strip():
            offenders.append(f"{where}: {row['value']!r}")
    assert offenders == []


@pytest.mark.parametrize("column", ["key", "label", "unit", "document", "checked"])
def test_every_published_number_has(column: str) -> None:
    assert [where for where, row in rows() if not (row.get(column) or "").strip()] == []


def test_every_published_number_names_its_clause_or_says_why_not() -> None:
    assert [where for where, row in rows() if not (row["clause"].strip() or row["note"].strip())] == []


def test_a_number_without_a_clause_is_never_sure() -> None:
    assert [where for where, row in rows() if not row["clause"].strip() and row["confidence"] != "B"] == []


def test_every_published_number_has_a_confidence() -> None:
    assert [where for where, row in rows() if row["confidence"] not in ("A", "B")] == []


def test_no_table_has_a_key_twice() -> None:
    seen: set[tuple[str, str]] = set()
    offenders: list[str] = []
    for where, row in rows():
        key = (where.rpartition(":")[0], row["key"])
        if key in seen:
            offenders.append(f"{where}: {row['key']}")
        seen.add(key)
    assert offenders == []
