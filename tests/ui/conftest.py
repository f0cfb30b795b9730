"""A stand-in advisor over the real library: quick, and its answers stay put while the real one is tuned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from windows import ARGUMENTS, CHROMIUM

from assistant.answer import Answer, Citation, Kind
from assistant.understand import Reader, domain_words
from corpus.index import Found
from corpus.library import Library, read_library
from corpus.spelling import Spelling
from corpus.words import Words

LIMIT = "ndrc-2025-910#purpose"
NO_SUBSIDY = "ndrc-2025-910#no-fixed-subsidy"
HOSTILE = (
    '<img src=x onerror="window.hit=1"><script>window.hit=1</script> $$x$$ =1+1 |a|b| ${window.hit=1} {{value}} **b**'
)


@cache
def _reader() -> Reader:
    library, words = read_library(), Words(domain_words())
    return Reader(library, words, Spelling.of(library, words))


@dataclass
class FakeAdvisor:
    """Answers by the words of the question: 补贴 -> silent, 天气 -> refused, 坏 -> an exception, else two sentences."""

    library: Library
    legs: str = "lexical"
    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def index(self) -> SimpleNamespace:
        return SimpleNamespace(legs=self.legs, search=lambda *_, **__: Found((), 0.0))

    @property
    def reader(self) -> Reader:
        return _reader()

    def refresh(self, report: object = None) -> None:
        """Its library never changes."""

    def ask(self, question: str, *, region: str = "", history: Sequence[Answer] = ()) -> Answer:
        self.asked.append((question, region, tuple(a.question for a in history)))
        if "坏" in question:
            raise RuntimeError("broken on purpose")
        if "天气" in question:
            return Answer(question, "refused", ("文库没有覆盖天气。",))
        if "补贴" in question:
            return self.cite(question, "silent", NO_SUBSIDY)
        return self.cite(question, "answer", LIMIT, NO_SUBSIDY, notes=("所在省份可能另有补充。",))

    def cite(self, question: str, kind: Kind, *passages: str, notes: tuple[str, ...] = ()) -> Answer:
        found = [self.library.passages[i] for i in passages]
        citations = tuple(Citation(n, p, self.library.document_of(p)) for n, p in enumerate(found, 1))
        lines = tuple(f"{p.text}[{n}]" for n, p in enumerate(found, 1))
        return Answer(question, kind, lines, citations, notes=notes, subject=question)


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def advisor(library: Library) -> FakeAdvisor:
    return FakeAdvisor(library)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (apt-get install chromium)")
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
