"""Cases in YAML that a domain expert can read and add to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from full_park import Park

from scoring.assess import assess
from scoring.model import Rules
from scoring.park import Entry
from scoring.source import read_yaml

FOLDER = Path(__file__).parents[1] / "cases" / "scoring"
GREEN = ("direct_green_mwh", "self_green_mwh", "traded_green_mwh", "nonfossil_heat_in_gj", "certificate_count")


def cases() -> list[Any]:
    found: list[Any] = []
    for path in sorted(FOLDER.glob("*-*.yaml")):
        for case in cast(list[dict[str, Any]], read_yaml(path.name, path.read_text(encoding="utf-8")).data):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}"))
    return found


@pytest.mark.parametrize(("rubric_id", "case"), cases())
def test_the_case_comes_out_as_written(rubric_id: str, case: dict[str, Any], rules: Rules, park: Park) -> None:
    sources = case.get("sources", {})
    figures: dict[str, Entry | str | None] = (
        dict.fromkeys((*GREEN, "certificate_uncancelled_count")) if "strip" in case else {}
    )
    figures |= {name: Entry(text, sources.get(name, "")) if text else None for name, text in case["figures"].items()}
    assessment = assess(park(figures, full=True), rules.rubric(rubric_id), rules)

    assert {name: assessment.result(name).verdict for name in case["verdicts"]} == case["verdicts"]
