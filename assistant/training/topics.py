"""Which facts of the library belong to which topic of the syllabus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from assistant.training.reading import read_file
from corpus.library import Library
from corpus.model import Passage


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: the same id as its lesson."""

    id: str
    title: str


def topics() -> tuple[Topic, ...]:
    """Return the topics in the order of the syllabus."""
    return tuple(Topic(one["id"], one["title"]) for one in read_file("topics.yaml")["topics"])


def topic_of(passage: Passage) -> str:
    """Return the topic of a fact; empty where it belongs to none."""
    rules: list[Mapping[str, Any]] = read_file("topics.yaml")["rules"]
    for rule in rules:
        if "documents" in rule and not any(fnmatchcase(passage.document_id, one) for one in rule["documents"]):
            continue
        if "words" in rule and not any(word in passage.text for word in rule["words"]):
            continue
        return str(rule["topic"])
    return ""


def by_topic(library: Library) -> dict[str, list[Passage]]:
    """Return topic -> the facts that may become exercises, in the order of the library, no document too often."""
    settings = read_file("topics.yaml")
    found: dict[str, list[Passage]] = {topic.id: [] for topic in topics()}
    for document in library.documents.values():
        tables = settings["per_table"]
        most = int(next((tables[one] for one in tables if fnmatchcase(document.id, one)), settings["per_document"]))
        usable = [(topic, one) for one in document.passages if (topic := topic_of(one))]
        step = max(1, -(-len(usable) // most))
        for topic, passage in usable[::step]:
            found[topic].append(passage)
    return found
