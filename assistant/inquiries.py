"""Questions about the own assessment in hand: where it stands, what is short, emissions, why something is asked.

    inquiry("差在哪", held=True)      "gap"

`held`: a self-assessment was begun, so that a short 现在呢 or 依据哪一条 is about it; else only what speaks of the own
park, or is a typical wording, is one. Signs and typical wordings: `inquiries.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from assistant.plain import trimmed
from assistant.understand import read_yaml
from corpus.spelling import sound

TOPICS = ("why", "basis", "missing", "reported", "route", "gap", "emissions", "energy", "value", "verdict")
_LONGEST = 40


@cache
def inquiries() -> Mapping[str, Any]:
    """Return `inquiries.yaml`, its patterns compiled."""
    known = cast(dict[str, Any], read_yaml("assistant", "inquiries.yaml"))
    known["signs"] = {topic: re.compile("|".join(ways)) for topic, ways in known["signs"].items()}
    for one in ("not_own", "own", "value", "done"):
        known[one] = re.compile(known[one])
    return known


def inquiry(plain: str, *, held: bool, answered: bool = False, named: bool = False) -> str:
    """Return the topic of a question about the own assessment, empty for another message.

    Args:
        plain: the message in plain form.
        held: there is an assessment in hand.
        answered: the turn before was an answer from the library, which 现在呢 and 依据是什么 then follow up.
        named: an indicator is named.
    """
    known = inquiries()
    if len(plain) > _LONGEST or known["not_own"].search(plain):
        return ""
    own = bool(known["own"].search(plain))
    if not held and not own:
        return "" if answered else _sounding(trimmed(plain))
    if named:
        asked = known["value"].search(plain) and (own or known["done"].search(plain))
        return "value" if asked else ""
    forms = (plain.strip(), trimmed(plain))
    found = (one for one, pattern in known["signs"].items() if any(pattern.search(form) for form in forms))
    topic = next(found, "") or _sounding(forms[1])
    if answered and topic in ("basis", "verdict") and not own:
        return ""
    return topic


def _sounding(text: str) -> str:
    """Return the topic of the typical wording that a text sounds like: 能不能果, 差在那."""
    heard = sound(text.strip("?？"))
    return next((topic for said, topic in _sounds() if said == heard), "")


@cache
def _sounds() -> tuple[tuple[str, str], ...]:
    return tuple((sound(one), topic) for topic, ways in inquiries()["typical"].items() for one in ways)


def say(key: str, **values: object) -> str:
    """Return a sentence of `inquiries.yaml` with its values put in."""
    return str(inquiries()["say"][key]).format(**values)
