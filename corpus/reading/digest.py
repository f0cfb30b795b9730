"""Our own digests: a Markdown file of atomic facts -> Document."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corpus.errors import DigestError
from corpus.model import PASSAGE_KINDS, Document, Passage

_FACT = re.compile(r"^- \[([^\]]*)\]\s*(.*)$")
_DETAIL = re.compile(r"^\s+- (出处|可信|类型|问|网址|因子)[：:]\s*(.*)$")
_HEADING = re.compile(r"^(#{1,6}) +(.+)$")
_SHORT_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_VAGUE = re.compile(r"^(该|上述|本条|其中|此外|同时|它)")


def read_digest(path: Path) -> Document:
    """Return the document of one digest file.

    Raises:
        DigestError: with every fault of the file, each naming file, line, fault and remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DigestError([f"{path}: 读不出来（{error}）。请存为 UTF-8 文本。"]) from error
    return parse_digest(text, name=str(path), realm=path.parent.name, expected_id=path.stem)


def parse_digest(text: str, *, name: str, realm: str, expected_id: str) -> Document:
    """Return the document that the digest text describes; `name` is used in messages."""
    faults: list[str] = []
    lines = text.splitlines()
    head, body_at = _front_matter(lines, name, faults)
    passages = _facts(lines, body_at, str(head.get("id", expected_id)), name, faults)
    if head and head.get("id") != expected_id:
        faults.append(f"{name}:2: id {head.get('id')!r} 与文件名 {expected_id!r} 不同，请改成一致。")
    if head.get("url") == "无" and not head.get("url_note"):
        faults.append(f"{name}:1: url 为“无”时要写 url_note，说明去哪里找。")
    document: Document | None = None
    try:
        document = Document.model_validate({**head, "realm": realm, "passages": tuple(passages)})
    except ValidationError as error:
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"])
            faults.append(f"{name}:{_line_of(lines, key)}: 前言的 {key!r} 不合要求：{fault['msg']}。")
    if faults or document is None:
        raise DigestError(faults)
    return document


def _front_matter(lines: list[str], name: str, faults: list[str]) -> tuple[dict[str, Any], int]:
    if not lines or lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        faults.append(f"{name}:1: 缺前言。文件要以 --- 开头，写 id、title 等键，再以 --- 收尾。")
        return {}, 0
    end = next(i for i in range(1, len(lines)) if lines[i].strip() == "---")
    reader = YAML(typ="base")
    try:
        head: Any = reader.load(io.StringIO("\n".join(lines[1:end])))  # pyright: ignore[reportUnknownMemberType]
    except YAMLError as error:
        marked: Any = error if isinstance(error, MarkedYAMLError) else None
        at = marked.problem_mark.line + 2 if marked is not None and marked.problem_mark else 1
        faults.append(f"{name}:{at}: 前言不是有效的 YAML：{marked.problem if marked is not None else error}。")
        return {}, end + 1
    if not isinstance(head, dict):
        faults.append(f"{name}:1: 前言要写成“键: 值”，每行一个。")
        return {}, end + 1
    return cast("dict[str, Any]", head), end + 1


def _facts(lines: list[str], start: int, document_id: str, name: str, faults: list[str]) -> list[Passage]:
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    path: list[str] = []
    at = start
    while at < len(lines):
        line = lines[at]
        at += 1
        if heading := _HEADING.match(line):
            depth = len(heading[1])
            path = [*path[: depth - 1], heading[2].strip()]
            continue
        fact = _FACT.match(line)
        if fact is None:
            if line.strip():
                faults.append(
                    f"{name}:{at}: 看不懂这一行 {line.strip()[:40]!r}。事实写成 “- [短名] 内容”，细目缩进两格。"
                )
            continue
        first = at
        details: dict[str, list[str]] = {}
        while at < len(lines) and (detail := _DETAIL.match(lines[at])):
            details.setdefault(detail[1], []).append(detail[2].strip())
            at += 1
        short, text = fact[1].strip(), fact[2].strip()
        where = f"{name}:{first}: 事实 {short!r}"
        before = len(faults)
        if not _SHORT_NAME.match(short):
            faults.append(f"{where} 的短名要用小写英文、数字、连字符。")
        if short in seen:
            faults.append(f"{where} 与第 {seen[short]} 行重名，请改名。")
        seen[short] = first
        _check(where, text, details, faults)
        if len(faults) == before:
            passages.append(_passage(document_id, short, text, details, tuple(path), first))
    return passages


def _check(where: str, text: str, details: dict[str, list[str]], faults: list[str]) -> None:
    if len(text) < 8:
        faults.append(f"{where} 没有内容，请把一件事说完整。")
    if _VAGUE.match(text):
        faults.append(f"{where} 以“{text[:2]}”开头，单独看不懂，请写出是哪份文件、哪一项。")
    for key in ("出处", "可信", "类型", "网址", "因子"):
        if len(details.get(key, [])) > 1:
            faults.append(f"{where} 写了不止一个“{key}”，只留一个。")
    if not details.get("出处", [""])[0]:
        faults.append(f"{where} 没有出处。写明它在原文的位置。")
    confidence = details.get("可信", [""])[0]
    if confidence not in ("A", "B"):
        faults.append(f"{where} 的可信是 {confidence!r}，要写 A 或 B；C 不得写成事实。")
    kind = details.get("类型", ["规定"])[0]
    if kind not in PASSAGE_KINDS:
        faults.append(f"{where} 的类型 {kind!r} 不认识，可用：{'、'.join(PASSAGE_KINDS)}。")
    if not any(details.get("问", [])):
        faults.append(f"{where} 没有“问”。写一句工作人员会怎么问。")


def _passage(
    document_id: str, short: str, text: str, details: dict[str, list[str]], path: tuple[str, ...], line: int
) -> Passage:
    return Passage(
        id=f"{document_id}#{short}",
        document_id=document_id,
        text=text,
        place=details["出处"][0],
        confidence=cast(Any, details["可信"][0]),
        kind=cast(Any, details.get("类型", ["规定"])[0]),
        path=path,
        questions=tuple(q for q in details.get("问", []) if q),
        url=details.get("网址", [""])[0],
        factor=details.get("因子", [""])[0],
        line=line,
    )


def _line_of(lines: list[str], key: str) -> int:
    first = key.split(".")[0]
    return next((i for i, line in enumerate(lines, 1) if line.startswith(f"{first}:")), 1)
