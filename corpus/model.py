"""The nouns of the library: Document, Passage, Hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["征求意见", "试行", "现行", "废止", "在编", "未查明"]
PassageKind = Literal["规定", "未写", "无来源", "推算", "解读", "实例", "提示"]
Confidence = Literal["A", "B", "原文"]
Realm = Literal["national", "standards", "local", "accounting", "measures", "own"]
DocumentKind = Literal[
    "通知", "意见", "方案", "办法", "公告", "规划", "名单", "解读", "答复", "国家标准", "行业标准",
    "团体标准", "地方标准", "国际标准", "汇编", "其他",
]  # fmt: skip

STATUSES: tuple[str, ...] = get_args(Status)
PASSAGE_KINDS: tuple[str, ...] = get_args(PassageKind)
REALMS: tuple[str, ...] = get_args(Realm)

SILENT_KINDS: tuple[PassageKind, ...] = ("未写", "无来源")
"""Kinds of passage that say what no source says."""

PartialDate = Field(default="", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")


@dataclass(frozen=True, slots=True)
class Passage:
    """One quotable statement: an atomic fact of a digest, or a clause of a document.

    Attributes:
        id: `<document id>#<short name>`, unique in the library.
        text: the statement, complete in itself.
        place: where it stands in the source (附件3 一).
        confidence: A, two independent sources or an official text; B, one source.
            原文, the words of a document that the user brought in.
        kind: what sort of statement; `未写` and `无来源` say what no source says.
        path: the headings above it, outermost first.
        questions: how staff ask for it; searched, never shown as the source's words.
        url: its own address, where that differs from the document's.
        factor: `table/key = value` where it repeats a number of the factor tables.
        line: line in the file it was read from, for messages.
    """

    id: str
    document_id: str
    text: str
    place: str
    confidence: Confidence
    kind: PassageKind = "规定"
    path: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    url: str = ""
    factor: str = ""
    line: int = 0

    @property
    def silent(self) -> bool:
        """Whether it says that the sources do not say something."""
        return self.kind in SILENT_KINDS


class Document(BaseModel):
    """A source in the library: its facts of record and its passages, in reading order.

    `region` is 全国, 国际, a province (江苏) or a city below it (江苏/无锡). Dates are ISO, possibly
    only a year or a month; an empty one is unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    realm: Realm
    title: str = Field(min_length=2)
    number: str = ""
    kind: DocumentKind
    issuers: tuple[str, ...] = Field(min_length=1)
    issued: str = PartialDate
    published: str = PartialDate
    in_force: str = PartialDate
    status: Status
    region: str = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    url: str = Field(min_length=1)
    url_note: str = ""
    checked: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    passages: tuple[Passage, ...] = ()

    @property
    def since(self) -> str:
        """The day it counts from: in force, else issued, else published; empty where none is known."""
        return self.in_force or self.issued or self.published

    @property
    def title_in_marks(self) -> str:
        """The title between 《 》, once: one that brings its own keeps them."""
        return self.title if self.title.startswith("《") else f"《{self.title}》"

    @property
    def province(self) -> str:
        """The province part of the region: 江苏 for 江苏/无锡."""
        return self.region.split("/")[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with its document and how well it fits (higher is better)."""

    passage: Passage
    document: Document
    score: float
    lexical: float = 0.0
    dense: float = 0.0
