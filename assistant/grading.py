"""What can be asked of one park's data, as plain records: grade, missing, explain, what if, route.

Every figure comes from an assessment; nothing is computed here. Numbers are exact decimals as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast

from assistant.understand import read_yaml
from scoring.assess import assess
from scoring.errors import ParkDataError
from scoring.model import Assessment, ParkData, Result, Rubric, Rules
from scoring.park import Entry
from scoring.routes import Improvement, moved, route, what_if
from scoring.units import plain
from scoring.wording import label_of, limit_text, names_of, shown, span
from scoring.write import as_data, trace_text

Record = dict[str, Any]


@cache
def words() -> dict[str, Any]:
    """Return the words of this module: `park_words.yaml`."""
    return cast(dict[str, Any], read_yaml("assistant", "park_words.yaml"))


@dataclass(frozen=True)
class Grading:
    """One park's data and the rules; each method answers one kind of question.

    Raises (all methods):
        ParkDataError: an argument cannot be used; the message is for who asked.
    """

    park: ParkData
    rules: Rules

    def grade(self, rules: str) -> Record:
        """Return the result of every indicator, verdict, score as an interval, totals, warnings, next datum."""
        return exact(as_data(self.assessment(rules), self.rules, trace=False))

    def missing(self, rules: str) -> Record:
        """Return what is not reported, who usually holds it, what waits for it, and what to get first."""
        assessment = self.assessment(rules)
        data = exact(as_data(assessment, self.rules, trace=False))
        for one in data["missing"]:
            one["waiting"] = [r.indicator.label for r in assessment.results if one["id"] in r.missing]
        return {key: data[key] for key in ("rules", "park", "year", "missing", "next_datum")}

    def explain(self, rules: str, indicator: str) -> Record:
        """Return one indicator with its whole working, as data and as lines to redo by hand."""
        rubric = self.rubric(rules)
        found = self.indicator(rubric, indicator)
        assessment = self.assessment(rules)
        data = exact(as_data(assessment, self.rules))
        record = next(one for one in data["indicators"] if one["id"] == found)
        step = assessment.result(found).step
        record["working"] = trace_text(step, self.rules) if step is not None else ""
        return {"rules": rubric.id, "park": self.park.name, "year": self.park.year, **record}

    def what_if(self, rules: str, changes: Mapping[str, str | None]) -> Record:
        """Return what moves when figures are changed; None takes a figure away. The park itself stays as it is."""
        if not changes:
            raise ParkDataError(words()["refuse"]["no_change"])
        rubric = self.rubric(rules)
        said = words()["say"]["assumed_source"]
        entries = {key: None if text is None else Entry(text, said) for key, text in changes.items()}
        before = self.assessment(rules)
        changed = what_if(self.park, entries, self.rules)
        after = assess(changed, rubric, self.rules, edges=False, suggest=False)
        return {
            "rules": rubric.id,
            "park": self.park.name,
            "year": self.park.year,
            "changes": [{"id": key, "label": label_of(key, self.rules), "to": text} for key, text in changes.items()],
            "verdict": {"before": before.verdict, "after": after.verdict},
            "level": {"before": level(before), "after": level(after)},
            "score": {"before": _score(before), "after": _score(after)},
            "totals": {
                key: {"label": step.label, "before": self._shown(before, key), "after": self._shown(after, key)}
                for key, step in after.totals.items()
            },
            "moved": [self._moved(old, new) for old, new in moved(before, after)],
        }

    def route(self, rules: str, goal: str | None = None, costs: Mapping[str, str] | None = None) -> Record:
        """Return the fewest improvements, or the cheapest by `costs`, that lead to the goal or the next level."""
        rubric = self.rubric(rules)
        prices = None if costs is None else {key: Decimal(cost) for key, cost in costs.items()}
        way = route(self.park, rubric, self.rules, goal=goal, costs=prices)
        return {
            "rules": rubric.id,
            "park": self.park.name,
            "year": self.park.year,
            "start": {"id": way.start.id, "label": way.start.label},
            "goal": {"id": way.goal.id, "label": way.goal.label},
            "cost": _plain(way.cost),
            "improvements": [self._improvement(one, rubric) for one in way.improvements],
        }

    def rubric(self, rules_id: str) -> Rubric:
        """Return the rule set of that id."""
        if rules_id not in self.rules.rubrics:
            known = "、".join(self.rules.rubrics)
            raise ParkDataError(words()["refuse"]["unknown_rules"].format(rules=rules_id, known=known))
        return self.rules.rubric(rules_id)

    def indicator(self, rubric: Rubric, named: str) -> str:
        """Return the id of the indicator of that id or label."""
        for one in rubric.indicators:
            if named in (one.id, one.label):
                return one.id
        known = "、".join(f"{one.id}（{one.label}）" for one in rubric.indicators)
        raise ParkDataError(
            words()["refuse"]["unknown_indicator"].format(title=rubric.title, indicator=named, known=known)
        )

    def assessment(self, rules_id: str) -> Assessment:
        """Return the park's assessment by that rule set."""
        return assess(self.park, self.rubric(rules_id), self.rules)

    def _shown(self, assessment: Assessment, key: str) -> str:
        step = assessment.totals[key]
        return span(step.value, step.unit, self.rules)

    def _moved(self, old: Result, new: Result) -> Record:
        def value(result: Result) -> str:
            one, step = result.indicator, result.step
            return "" if step is None else span(step.value, step.unit if one.test == "scale" else one.unit, self.rules)

        record: Record = {
            "id": new.indicator.id,
            "label": new.indicator.label,
            "verdict": {"before": old.verdict, "after": new.verdict},
            "value": {"before": value(old), "after": value(new)},
        }
        if new.indicator.weight is not None:
            record["points"] = {
                "before": [_plain(old.low), _plain(old.high)],
                "after": [_plain(new.low), _plain(new.high)],
            }
        return record

    def _improvement(self, one: Improvement, rubric: Rubric) -> Record:
        home = rubric.indicator(one.indicator)
        return {
            "id": one.indicator,
            "label": one.label,
            "level": one.level,
            "see": "" if one.level is None else home.levels[one.level].see,
            "limit": "" if one.case is None else limit_text(home, (one.case,), self.rules),
            "gap": "" if not one.gap else shown(one.gap, home.unit, self.rules),
            "cost": _plain(one.cost),
        }


def level(assessment: Assessment) -> str:
    """Return the grade, or the two that it lies between."""
    if assessment.grades is None:
        return ""
    low, high = assessment.grades
    say = words()["say"]
    return low.label if low.id == high.id else say["level_span"].format(low=low.label, high=high.label)


def _score(assessment: Assessment) -> list[str] | None:
    if assessment.low is None or assessment.high is None:
        return None
    return [_plain(assessment.low), _plain(assessment.high)]


def _plain(number: Decimal) -> str:
    return f"{plain(number):f}"


def exact(data: object) -> Any:
    """Return the data with every decimal as text, so that no float comes between."""
    if isinstance(data, Decimal):
        return _plain(data)
    if isinstance(data, Mapping):
        return {str(key): exact(value) for key, value in cast(Mapping[str, object], data).items()}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [exact(one) for one in cast(Sequence[object], data)]
    return data


__all__ = ["Grading", "Record", "exact", "level", "names_of", "words"]
