"""Several hundred wordings of park staff: each figure is found with its fact, and none that was not said."""

from __future__ import annotations

from pathlib import Path

from assistant.measure_understanding import Utterance, agrees, read_utterances
from assistant.said import Said, said_in
from scoring.load import load_rules

RULES = load_rules()
WORDINGS = read_utterances(Path(__file__).with_name("figure_wordings.yaml"))


def reported(item: Utterance) -> list[Said]:
    found = said_in(item["text"], RULES, asked=item.get("asked", ""))
    named = [one for one in found if not one.change and (one.fact or one.candidates)]
    return [one for one in named if one.value is not None or one.low is not None]


def faults(item: Utterance) -> list[str]:
    left, wrong = list(item["figures"]), list[str]()
    for one in reported(item):
        label = next((label for label in left if agrees(one, label)), None)
        if label is None:
            wrong.append(f"{item['text']}: found {one}")
        else:
            left.remove(label)
    return [*wrong, *(f"{item['text']}: missed {dict(label)}" for label in left)]


def test_every_wording_is_heard_as_labelled() -> None:
    assert len(WORDINGS) > 400
    assert not [fault for item in WORDINGS for fault in faults(item)]
