"""Labelled utterances as examples for the network of `tagger.py` (`advisor fit-tagger`).

What the rules made of a message is shown to the network only where the rules were not written after it: of messages
that the rules know, it would learn to trust them blindly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from assistant.amounts import Amount
from assistant.fitting import fit
from assistant.measure_understanding import Utterance, exact
from assistant.naming import as_heard
from assistant.plain import plain_text, words
from assistant.reading import Reading
from assistant.said import said_in
from assistant.tagger import FLAGS, MARKS, REPLIES, STANDINGS, WEIGHTS_FILE, facts_named, label_of, marked_message
from assistant.turning import in_unit
from corpus.embed import SentenceModel
from corpus.rerank_training import pack
from corpus.tagging import Kinds
from corpus.tagging_training import Example, Right, trained
from scoring.model import Rules

_NONE = "不是填报的数"
_FEWEST = 5
"""With fewer examples of a fact the rules decide about it alone."""

Label = Mapping[str, str]


def fit_tagger(model: SentenceModel, examples: Sequence[Example], rules: Rules, file: Path = WEIGHTS_FILE) -> Path:
    """Fit the network on examples, write it and return the file."""
    seen = Counter(right.of for one in examples for right in one.mentions)
    facts = ("", *sorted(seen.keys() - {""}))
    seldom = tuple(fact for fact in facts if seen[fact] < _FEWEST)
    stated = tuple(sorted({fact for one in examples for fact, _ in one.stated}))
    kinds = Kinds(facts, STANDINGS, FLAGS, REPLIES, stated, MARKS, seldom, Path(model.folder).name)
    network = trained(model, examples, kinds, [label_of(fact, rules) or _NONE for fact in facts])
    pack(network, file, kinds.written())
    return file


def example(item: Utterance, rules: Rules, *, known_to_rules: bool) -> Example:
    """Return a labelled utterance as an example; `known_to_rules`: the rules were written after it."""
    asked = item.get("asked", "")
    reading = Reading(as_heard(plain_text(item["text"], mended=words()["mistyped"]), rules), rules, asked)
    heard = said_in(item["text"], rules, asked=asked)
    told = marked_message(reading, heard)
    seen = [mention.classes for mention in told.mentions]
    amounts, left = _of_amounts(reading, item["figures"], seen)
    names, reply, stated = _of_others(reading, left)
    right = [_right(one, amount=True) for one in amounts] + [_right(one, amount=False) for one in names]
    bare = marked_message(reading, heard, told=False)
    return Example(bare, None if known_to_rules else told, tuple(right), reply, stated)


def _of_amounts(
    reading: Reading, figures: Sequence[Label], seen: Sequence[Sequence[str]]
) -> tuple[list[Label | None], list[Label]]:
    """Return the label of each amount, and the labels that are of none: of like amounts the one that the rules see."""
    taken: dict[int, Label] = {}
    left: list[Label] = []
    for label in figures:
        free = [(at, _says(reading, one, label)) for at, one in enumerate(reading.amounts) if at not in taken]
        likely = max((degree for _, degree in free), default=0)
        same = [at for at, degree in free if degree == likely] if likely else []
        if same:
            taken[next((at for at in same if label["fact"] in seen[at]), same[0])] = label
        else:
            left.append(label)
    return [taken.get(at) for at in range(len(reading.amounts))], left


def _says(reading: Reading, amount: Amount, label: Label) -> int:
    """Return how well an amount says what is labelled: 2 the value, 1 its digits, 0 not."""
    if "low" in label:
        ends = (amount.low, amount.high)
        same = None not in ends and [_digits(one) for one in ends] == [_digits(label[end]) for end in ("low", "high")]
        return 2 * same
    value = exact(label["value"])
    if amount.number is None or not isinstance(value, Decimal):
        return 0
    bound = fit(reading, (label["fact"],), amount, None)
    if bound is not None and in_unit(amount.number, amount, bound, bound.unit) == value:
        return 2
    return int(value != 0 and _digits(amount.number) == _digits(label["value"]))


def _digits(number: object) -> str:
    text = format(number, "f") if isinstance(number, Decimal) else str(number)
    return text.replace(".", "").strip("0")


def _of_others(reading: Reading, left: Sequence[Label]) -> tuple[list[Label | None], str, tuple[tuple[str, bool], ...]]:
    """Return the zeros of the names, what is replied, and what is stated."""
    named = facts_named(reading)
    zeros: dict[int, Label] = {}
    reply = ""
    stated: list[tuple[str, bool]] = []
    for label in left:
        value, mine = label.get("value", ""), label["fact"] == reading.asked
        if value in ("true", "false"):
            stated.append((label["fact"], value == "true"))
            reply = ("yes" if value == "true" else "no") if mine else reply
        elif value == "0":
            free = [at for at, name in enumerate(named) if label["fact"] in name.of and at not in zeros]
            zeros |= {free[0]: label} if free else {}
            reply = "zero" if mine and not free else reply
    return [zeros.get(at) for at in range(len(named))], reply, tuple(stated)


def _right(label: Label | None, *, amount: bool) -> Right:
    """Return what is right of a mention; shares and what may be clear or open have no standing."""
    if label is None:
        return Right()
    way = label.get("as", "")
    open_ = way == "candidate" or (way == "every" and amount)
    standing = "open" if open_ else "every" if way == "every" else "" if way else "clear"
    return Right(label["fact"], standing, (bool(label.get("part")),) if amount else None)
