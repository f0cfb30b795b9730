"""A retrieval task on disk -> a library, questions and judgments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from corpus.errors import CorpusError
from corpus.library import Library
from corpus.model import Document, Passage

_CLAUSE_AT_END = re.compile(
    r"[\s,，:：·-]*((?:第[\d零〇一二两三四五六七八九十百千]+[章节条款项](?:之[\d一二三四五六七八九十]+)?)+)$"
)
_UNTITLED = "——"


@dataclass(frozen=True, slots=True)
class RetrievalTask:
    """A task: passages to find, questions, which passages answer them, and questions that none answers.

    Attributes:
        name: the folder's name.
        library: one document a title; a clause mark at the end of a title (某法 第三条) is the passage's place.
        questions: id -> question, those that have a judgment.
        relevant: question id -> record id -> grade.
        unanswerable: questions whose answer is not in the corpus.
    """

    name: str
    library: Library
    questions: dict[str, str]
    relevant: dict[str, dict[str, int]]
    unanswerable: tuple[str, ...]

    @staticmethod
    def record_of(passage: Passage) -> str:
        """Return the id of the record in corpus.jsonl that a passage was made of."""
        return passage.id.partition("#")[2]


def read_task(folder: Path) -> RetrievalTask:
    """Return the task in a folder.

    Raises:
        CorpusError: on the first thing that is wrong: which file and line, and what to do.
    """
    if not folder.is_dir():
        raise CorpusError(f"没有评测文件夹 {str(folder)!r}，请核对路径。")
    records = dict(_texts(folder / "corpus.jsonl"))
    questions = {i: text for i, (_, text) in _texts(folder / "queries.jsonl")}
    relevant = _judgments(folder / "qrels.tsv", questions, records)
    other = folder / "queries_noanswer.jsonl"
    unanswerable = tuple(text for _, (_, text) in _texts(other)) if other.exists() else ()
    name = re.sub(r"[^\w-]", "_", folder.resolve().name) or "task"
    judged = {i: text for i, text in questions.items() if i in relevant}
    return RetrievalTask(name, _library(name, records), judged, relevant, unanswerable)


def _library(name: str, records: dict[str, tuple[str, str]]) -> Library:
    grouped: dict[str, list[tuple[str, str, str]]] = {}
    for identity, (title, text) in records.items():
        mark = _CLAUSE_AT_END.search(title)
        whole = title[: mark.start()] if mark else title
        grouped.setdefault(whole.strip(), []).append((identity, mark[1] if mark else "", text))
    return Library(_document(name, n, title, found) for n, (title, found) in enumerate(grouped.items()))


def _document(name: str, number: int, title: str, records: Iterable[tuple[str, str, str]]) -> Document:
    identity = f"record-{number}"
    return Document(
        id=identity,
        realm="national",
        title=title if len(title) > 1 else f"{title}{_UNTITLED}",
        kind="汇编",
        issuers=(name,),
        status="未查明",
        region="全国",
        url="无",
        checked="1970-01-01",
        passages=tuple(
            Passage(id=f"{identity}#{record}", document_id=identity, text=text, place=place, confidence="B")
            for record, place, text in records
        ),
    )


def _texts(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield id -> (title, text) of a JSONL file, each id once, at least one."""
    seen: set[str] = set()
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        try:
            record: object = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{where}: 不是一行 JSON（{error.msg}），请改正这一行。") from error
        if not isinstance(record, dict):
            raise CorpusError(f'{where}: 应是一个 JSON 对象，请写成 {{"id": …, "text": …}}。')
        fields = cast("dict[str, object]", record)
        identity, text, title = fields.get("id"), fields.get("text"), fields.get("title", "")
        if not isinstance(identity, str) or not identity or not isinstance(text, str) or not isinstance(title, str):
            raise CorpusError(f"{where}: 缺少 id 或 text，或者不是文字，请补上。")
        if identity in seen:
            raise CorpusError(f"{where}: id {identity!r} 重复，请让每个 id 只出现一次。")
        if not text.strip():
            raise CorpusError(f"{where}: {identity!r} 的 text 是空的，请补上正文或删去这一行。")
        seen.add(identity)
        yield identity, (title, text)
    if not seen:
        raise CorpusError(f"{path.name}: 是空文件，请放入至少一行。")


def _judgments(path: Path, questions: dict[str, str], records: dict[str, Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        parts = line.split("\t")
        graded = len(parts) == 3 and re.fullmatch(r"-?\d+", parts[2].strip())
        if number == 1 and len(parts) == 3 and not graded:
            continue  # a line of column names
        if not graded:
            raise CorpusError(f"{where}: 应是用制表符隔开的三列（问题、文档、整数等级），请改正这一行。")
        question, record = parts[0].strip(), parts[1].strip()
        if question not in questions:
            raise CorpusError(f"{where}: 问题 {question!r} 不在 queries.jsonl 里，请改正或删去。")
        if record not in records:
            raise CorpusError(f"{where}: 文档 {record!r} 不在 corpus.jsonl 里，请改正或删去。")
        found.setdefault(question, {})[record] = int(parts[2])
    answered = {q: grades for q, grades in found.items() if any(g > 0 for g in grades.values())}
    if not answered:
        raise CorpusError(f"{path.name}: 没有一条等级大于 0 的判断，无法评测，请补上。")
    return answered


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CorpusError(f"评测文件夹 {str(path.parent)!r} 里没有 {path.name}，请补上这个文件。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: 读不出来（{error}），请存成 UTF-8 的文本文件。") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")
