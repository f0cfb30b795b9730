"""How well messages are understood: intent accuracy, and precision and recall of figures, on labelled utterances."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from assistant.intent import Context, Understood, understand
from assistant.said import Said
from assistant.understand import Reader
from scoring.model import Rules

Utterance = dict[str, Any]


def read_utterances(path: Path) -> list[Utterance]:
    """Return the labelled utterances of a YAML file, or of all in a folder."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    loader = YAML(typ="base")
    texts = (io.StringIO(one.read_text(encoding="utf-8")) for one in files)
    return [item for text in texts for item in cast(list[Utterance], loader.load(text))]  # pyright: ignore[reportUnknownMemberType]


@dataclass
class Understanding:
    """What was measured.

    Attributes:
        messages: how many.
        intents: how many intents were right.
        right: how many labelled figures were found with fact and value.
        labelled: how many there are.
        found: how many were found at all.
        invented: figures found whose value no label of the message has.
        named, named_right: regions and rule sets labelled, and right.
        times: seconds a message.
        wrong: what went wrong, a line each.
    """

    messages: int = 0
    intents: int = 0
    right: int = 0
    labelled: int = 0
    found: int = 0
    invented: int = 0
    named: int = 0
    named_right: int = 0
    times: list[float] = field(default_factory=list[float])
    wrong: list[str] = field(default_factory=list[str])

    def record(self) -> dict[str, Any]:
        """Return the figures by name."""
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.labelled if self.labelled else 1.0
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "messages": self.messages,
            "intent_accuracy": round(self.intents / max(self.messages, 1), 4),
            "figures": self.labelled,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(both, 4),
            "invented": self.invented,
            "regions_and_rules": f"{self.named_right}/{self.named}",
            "median_ms": round(1000 * statistics.median(self.times or [0.0]), 2),
            "slowest_ms": round(1000 * max(self.times, default=0.0), 2),
        }


def evaluate_understanding(items: Sequence[Utterance], *, rules: Rules, reader: Reader, half: str) -> Understanding:
    """Return how well the utterances of one half ("tune", "report" or "all") are understood.

    What went wrong is told of the half to tune on alone.
    """
    outcome = Understanding()
    understand("热身用的一句话", rules=rules, reader=reader, before=None)  # what is read once is not counted
    for item in items:
        if half not in ("all", item["half"]):
            continue
        start = time.perf_counter()
        before = Context(asked=item.get("asked", ""), held="held" in item)
        understood = understand(item["text"], rules=rules, reader=reader, before=before)
        outcome.times.append(time.perf_counter() - start)
        faults = _judge(item, understood, outcome)
        if item["half"] == "tune":
            outcome.wrong += [f"{item['id']}\t{item['text']}\t{fault}" for fault in faults]
    return outcome


def _judge(item: Utterance, understood: Understood, outcome: Understanding) -> list[str]:
    """Count one utterance and return what was wrong with it."""
    faults: list[str] = []
    outcome.messages += 1
    right = understood.intent in (item["intent"], item.get("also"))
    outcome.intents += right
    faults += [f"intent {understood.intent}, not {item['intent']}"] * (not right)
    rules = set(understood.compared) if isinstance(item.get("rules"), list) else understood.rules_id
    city = "/" in item.get("region", "")
    region = understood.region if city else understood.region.partition("/")[0]
    for key, found in (("region", region), ("rules", rules)):
        if key in item:
            named = set(item[key]) if isinstance(item[key], list) else item[key]
            outcome.named += 1
            outcome.named_right += found == named
            faults += [f"{key} {found!r}, not {item[key]!r}"] * (found != named)
    if "figures" not in item:
        return faults
    labels = list(item["figures"])
    named_facts = {label["fact"] for label in labels}
    reported = [
        one
        for one in understood.figures
        if not one.change and one.facts and (one.value is not None or one.low is not None)
        if not isinstance(one.value, str) or one.fact in named_facts  # choices are seldom labelled
    ]
    values = [{exact(label[key]) for key in ("value", "low", "high") if key in label} for label in labels]
    outcome.labelled += len(labels)
    outcome.found += len(reported)
    for one in reported:
        match = next((label for label in labels if agrees(one, label)), None)
        if match is not None:
            labels.remove(match)
            outcome.right += 1
            continue
        outcome.invented += not any({exact(one.value), exact(one.low), exact(one.high)} & each for each in values)
        faults.append(f"found {one}")
    return [*faults, *(f"missed {label}" for label in labels)]


def exact(value: Any) -> Decimal | str | None:
    """Return a value as labelled or found in one form: a number exactly, true and false in small letters."""
    if value is None or isinstance(value, Decimal):
        return value
    text = str(value).lower()
    return Decimal(text) if text.replace(".", "", 1).isdigit() else text


def agrees(said: Said, label: dict[str, str]) -> bool:
    """Whether a figure is the labelled one: fact or candidate, value or range, whole year or part."""
    way = label.get("as", "")
    if bool(label.get("part")) != bool(said.part):
        return False
    if "low" in label:
        if (said.low, said.high) != (exact(label["low"]), exact(label["high"])):
            return False
    elif exact(said.value) != exact(label["value"]):
        return False
    if not way:
        return said.fact == label["fact"]
    if way == "either" and said.fact == label["fact"]:
        return True
    kind = "every" if said.every else "share" if said.unit == "1" else "candidate"
    return not said.fact and label["fact"] in said.candidates and way in (kind, "either")
