"""What the tests pass in for the heavy parts: a quick embedder and a library of a handful of facts."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.library import Library
from corpus.model import Document, Passage

WIDTH = 64


class FakeEmbedder:
    """Unit vectors from character pairs: the same text gives the same vector, like texts give near ones.

    Attributes:
        asked: every text that it was asked to embed, in order.
    """

    def __init__(self, name: str = "fake/pairs") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        return self._embed(texts, progress)

    def embed_questions(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        return self._embed(texts, progress)

    def _embed(self, texts: Sequence[str], progress: Callable[[int, int], None] | None) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.01  # a text without a pair has a direction too
            for i in range(len(text) - 1):
                vectors[row, zlib.crc32(text[i : i + 2].encode()) % WIDTH] += 1
        if progress is not None:
            progress(len(texts), len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def document(identity: str, facts: Iterable[tuple[str, str]], **record: object) -> Document:
    """Return a document with facts of (place, text)."""
    passages = tuple(
        Passage(f"{identity}#fact-{n}", identity, text, place, "A", questions=(f"{text[:8]}怎么规定",))
        for n, (place, text) in enumerate(facts, 1)
    )
    kept: dict[str, object] = {
        "realm": "national",
        "title": f"关于{identity}的通知",
        "kind": "通知",
        "issuers": ("国家发展改革委",),
        "status": "现行",
        "region": "全国",
        "url": "https://example.invalid/",
        "checked": "2026-11-22",
        **record,
    }
    return Document.model_validate({"id": identity, "passages": passages, **kept})


def small_documents() -> list[Document]:
    """Return four documents that differ in region, status, realm and date."""
    return [
        document(
            "park-notice",
            [
                ("附件3 一", "园区单位能耗碳排放不高于0.2吨二氧化碳每吨标准煤，由主管部门验收。"),
                ("附件3 二", "园区清洁能源消费占比不低于90%，由主管部门验收。"),
            ],
            title="关于建设样板园区的通知",
            number="国样〔2025〕910号",
            aliases=("910号文",),
            in_force="2025-06-30",
            status="试行",
        ),
        document(
            "saving-law",
            [
                ("第三十三条", "重点用能单位每年报送能源利用状况报告。"),
                ("第五条", "国家鼓励园区节约能源并开展节能诊断。"),
            ],
            title="样板节能管理办法",
            number="国样〔2018〕5号",
            kind="办法",
            in_force="2018-01-01",
        ),
        document(
            "jiangsu-plan",
            [("二", "江苏省园区建成后给予一次性奖励，补贴标准另行公布。")],
            realm="local",
            region="江苏",
            in_force="2026-01-01",
        ),
        document(
            "zhejiang-draft",
            [("三", "浙江省园区补贴按照投资额的一定比例安排。")],
            realm="local",
            region="浙江",
            status="征求意见",
            issued="2026-05-01",
        ),
    ]


def small_library(*more: Document) -> Library:
    """Return the four documents, and others."""
    return Library([*small_documents(), *more])


class FakeReranker:
    """Log-odds by a word: a text that has it answers, any other does not.

    Attributes:
        asked: the questions it was given, in order.
    """

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[str] = []

    def judge(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(question)
        return np.array([4.0 if self.word in text else -4.0 for text in texts], np.float32)
