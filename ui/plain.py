"""Records in, plain text for the terminal out."""

from __future__ import annotations

from assistant.answer import Answer, Citation
from corpus.model import Document

_KINDS = {"answer": "答复", "silent": "来源没有写", "refused": "文库没有覆盖"}
_CONFIDENCE = {"A": "A，官方文本或两个以上独立来源", "B": "B，单一来源", "原文": "原文，您带来的文件"}


def answer_text(answer: Answer) -> str:
    """Return an answer with its sources, for reading in a terminal."""
    parts = [f"【{_KINDS[answer.kind]}】", answer.text]
    if answer.citations:
        parts += ["", "来源："] + [_citation_text(c) for c in answer.citations]
    return "\n".join(parts)


def _citation_text(citation: Citation) -> str:
    document, passage = citation.document, citation.passage
    number = f"（{document.number}）" if document.number else ""
    address = citation.url or document.url_note
    return (
        f"[{citation.mark}] {document.title_in_marks}{number} {passage.place}\n"
        f"    状态：{document.status}；可信：{_CONFIDENCE[passage.confidence]}；{address}"
    )


def document_text(document: Document) -> str:
    """Return a document with all its facts under their headings, for reading in a terminal."""
    dates = [
        f"{label} {date}"
        for label, date in (("成文", document.issued), ("公布", document.published), ("施行", document.in_force))
        if date
    ]
    lines = [
        f"{document.title_in_marks}{document.number}",
        f"{'、'.join(document.issuers)}；{document.kind}；{document.status}；{document.region}；{'，'.join(dates)}",
        document.url if document.url != "无" else document.url_note,
    ]
    path: tuple[str, ...] = ()
    for passage in document.passages:
        if passage.path != path:
            path = passage.path
            lines += ["", " › ".join(path)]
        lines.append(f"- {passage.text}（{passage.place}；{passage.confidence}；{passage.kind}）")
    return "\n".join(lines)
