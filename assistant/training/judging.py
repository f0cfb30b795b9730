"""True or false with the reason, and multiple choice, from statements and statements made wrong."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from assistant.training.choice import UNKNOWN, askable, explanation, sources
from assistant.training.model import Item, item_id, source_of
from assistant.training.reading import phrase, quoted
from assistant.training.statements import Altered, altered, bare
from assistant.training.truth import Truth, alike
from corpus.model import Document, Passage

RULES = ("digit", "unit", "comparator", "strength", "scope", "edition", "neighbour")
_CONFUSED = {
    "digit": ("neighbour", "unit", "scope", "edition"),
    "unit": ("digit",),
    "comparator": ("strength", "scope"),
    "strength": ("comparator", "scope"),
    "scope": ("neighbour", "digit", "comparator", "edition"),
    "edition": ("digit", "neighbour", "scope"),
    "neighbour": ("digit", "scope", "edition"),
}
"""Reasons that could be argued as well as the rule's own; not offered beside it."""
_LONGEST = 110
_LONGEST_OPTION = 75


def wrong_form(passage: Passage, truth: Truth, random: Random, avoid: Sequence[str] = ()) -> Altered | None:
    """Return the fact made wrong in one way that is surely false; None where no rule does it."""
    proposed = altered(passage, random)
    random.shuffle(proposed)
    # the rarer rules first, so that not all wrong statements are wrong in their digits
    proposed.sort(key=lambda one: (one.rule in avoid, one.rule == "digit"))
    for one in proposed:
        if truth.is_false(one, passage) and bare(one.text) != bare(passage.text):
            return one
    return None


def true_false(passage: Passage, topic: str, truth: Truth, random: Random) -> Item | None:
    """Return a statement to judge, right or made wrong; wrong ones ask for the reason too."""
    if len(passage.text) > _LONGEST or not (askable(passage) or _silent(passage)):
        return None
    made = wrong_form(passage, truth, random) if random.random() < 0.7 else None
    if made is None and random.random() < 0.6:
        return None
    text, rule = (made.text, made.rule) if made is not None else (passage.text, "")
    others = [one for one in RULES if one != rule and one not in _CONFUSED.get(rule, ())]
    reasons = random.sample(others, min(len(others), 3 if rule else 4)) + ([rule] if rule else [])
    shown = ["", *sorted(reasons, key=RULES.index)]
    options = tuple(
        phrase("right") if not one else phrase("wrong_statement", rule=phrase(f"rules.{one}")) for one in shown
    )
    stem = phrase("true_false", text=quoted(text.rstrip("。")))
    return Item(
        item_id("true_false", stem, (), rule), "true_false", topic, 2 if made else 1, stem, options,
        (shown.index(rule),), explanation(passage, truth), sources(passage, truth),
        rules=tuple("" if one == rule else one or "right" for one in shown),
    )  # fmt: skip


def multiple(document: Document, facts: Sequence[Passage], topic: str, truth: Truth, random: Random) -> Item | None:
    """Return a multiple choice over the facts of one document: two or three right of four or five."""
    usable = [p for p in facts if len(p.text) <= _LONGEST_OPTION and (askable(p) or _silent(p))]
    random.shuffle(usable)
    chosen: list[Passage] = []
    for one in usable:
        if all(alike(one.text, other.text) < 0.5 for other in chosen):
            chosen.append(one)
    if len(chosen) < 4:
        return None
    count = min(len(chosen), random.choice((4, 5)))
    wanted_wrong = 2 if count == 5 else random.choice((1, 2))
    statements: list[tuple[str, str, Passage]] = []
    avoid: list[str] = []
    for one in chosen:
        wrong = sum(bool(rule) for _, rule, _ in statements)
        if wrong < wanted_wrong and (made := wrong_form(one, truth, random, avoid)) is not None:
            statements.append((bare(made.text), made.rule, one))
            avoid.append(made.rule)
        elif len(statements) - wrong < count - wanted_wrong:
            statements.append((bare(one.text), "", one))
        if len(statements) == count:
            break
    if len(statements) < count:
        return None
    random.shuffle(statements)
    stem = phrase("multiple", subject=_subject(document))
    options = tuple(text for text, _, _ in statements)
    key = tuple(at for at, (_, rule, _) in enumerate(statements) if not rule)
    return Item(
        item_id("multiple", stem, tuple(sorted(options)), key and sorted(options[at] for at in key)), "multiple", topic,
        3, stem, options, key, "\n".join(explanation(one, truth) for _, _, one in statements),
        tuple(source_of(one, document) for _, _, one in statements), rules=tuple(rule for _, rule, _ in statements),
    )  # fmt: skip


def _silent(passage: Passage) -> bool:
    """Whether a fact says that its document, read whole, does not write something."""
    return passage.kind == "未写" and "全文比对" in passage.place and not UNKNOWN.search(passage.text)


def _subject(document: Document) -> str:
    if document.kind == "汇编":
        return phrase("subject_compiled", title=document.title)
    return f"{document.title_in_marks}{f'（{document.number}）' if document.number else ''}"
