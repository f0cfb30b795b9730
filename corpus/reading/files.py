"""Any file -> its reading, by what it is; a ZIP or a folder -> the reading of each file in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import ReadingStopped, Unreadable
from corpus.reading.limits import LIMITS
from corpus.reading.model import Line, PageRead, PageText, Progress, Reading, Stop
from corpus.reading.sniff import CONVERTED, NAMES, format_of, misnamed

Pages = MutableMapping[int, PageText]


def read(
    path: Path,
    *,
    name: str = "",
    progress: Progress | None = None,
    stop: Stop | None = None,
    pages: Pages | None = None,
) -> Reading:
    """Read one file by what it is, not by what its name says.

    Args:
        path: the file.
        name: what its user calls it, for messages; the file's own name by default.
        progress: hears of pages done and pages in all.
        stop: asked after each page.
        pages: pages of this very file (same sha256) that were read before; new ones are put in as they are read.

    Raises:
        Unreadable: with one sentence of what is wrong, where, and what to do.
        ReadingStopped: when `stop` said so.
    """
    name = name or path.name
    if not path.is_file():
        raise Unreadable(name, "missing", f"没有 {name!r} 这个文件。请检查路径。")
    kind = format_of(path, name)
    if kind == "zip":
        raise Unreadable(name, "archive", f"{name!r} 是压缩包，不能当一份文件读。请解开后放进来，或整包导入。")
    reading = _read(path, name, kind, progress, stop, {} if pages is None else pages)
    return _checked(replace(reading, sha256=sha256_of(path)), misnamed(name, kind))


def readings(
    path: Path, *, name: str = "", progress: Progress | None = None, stop: Stop | None = None
) -> Iterator[Reading | Unreadable]:
    """Read a file, or each file of a ZIP or of a folder, in the order of their names; what cannot be read says why."""
    from corpus.reading.archive import files_of_folder, files_of_zip

    name = name or path.name
    try:
        if path.is_dir():
            found = files_of_folder(path)
        elif path.is_file() and format_of(path, name) == "zip":
            found = files_of_zip(path, name)
        else:
            found = iter([(name, path)])
        for item in found:
            yield item if isinstance(item, Unreadable) else _one(item[0], item[1], progress, stop)
    except Unreadable as error:
        yield error


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one(name: str, path: Path, progress: Progress | None, stop: Stop | None) -> Reading | Unreadable:
    try:
        return read(path, name=name, progress=progress, stop=stop)
    except Unreadable as error:
        return error


def _read(path: Path, name: str, kind: str, progress: Progress | None, stop: Stop | None, pages: Pages) -> Reading:
    if kind == "pdf":
        return _pdf(path, name, progress, stop, pages)
    if kind == "image":
        return _image(path, name, progress, stop, pages)
    if kind in CONVERTED:
        from corpus.reading.convert import converted

        with converted(path, kind, name) as (made, target):
            reading = _read(made, name, target, progress, stop, pages)
        return replace(reading, format=kind, notes=(*reading.notes, f"{NAMES[kind]}，经 LibreOffice 转换后读"))
    reading = _whole(path, name, kind)
    if progress is not None:
        progress(len(reading.pages), len(reading.pages))
    return reading


def _whole(path: Path, name: str, kind: str) -> Reading:
    """Read a format that has no pages to be read one by one."""
    if kind == "docx":
        from corpus.reading.office import word_lines

        written = word_lines(path, name)
        return Reading(name, kind, written.lines, (PageRead(1, "markup"),), "", written.head, written.notes)
    if kind == "xlsx":
        from corpus.reading.sheet import workbook_lines

        sheets = workbook_lines(path, name)
        return Reading(name, kind, sheets.lines, sheets.pages, "", sheets.head, sheets.notes)
    if path.stat().st_size > LIMITS.markup_bytes:
        size = LIMITS.markup_bytes // 1024**2
        raise Unreadable(name, "too-large", f"{name!r} 是{NAMES[kind]}，超过 {size} MB，没有读。请拆成几份再放进来。")
    raw = path.read_bytes()
    head: Mapping[str, str] = {}
    match kind:
        case "html" | "mhtml":
            from corpus.reading.web import archived_page, page_lines

            lines, head = page_lines(archived_page(raw, name) if kind == "mhtml" else raw)
        case "csv":
            from corpus.reading.sheet import csv_lines

            lines = csv_lines(raw, name)
        case "md":
            from corpus.reading.text import markdown_lines

            lines = markdown_lines(raw)
        case _:
            from corpus.reading.text import text_lines

            lines = text_lines(raw)
    numbers = sorted({line.page for line in lines}) or [1]
    how = "sheet" if kind == "csv" else "markup"
    return Reading(name, kind, tuple(lines), tuple(PageRead(n, how) for n in numbers), "", head)


def _pdf(path: Path, name: str, progress: Progress | None, stop: Stop | None, pages: Pages) -> Reading:
    from corpus.reading.paragraphs import assembled
    from corpus.reading.pdf import PdfFile

    file = PdfFile(path, name)
    try:
        for number in range(1, file.count + 1):
            if number not in pages:
                pages[number] = file.page(number)
            _after(number, file.count, progress, stop)
        head = file.head
    finally:
        file.close()
    read_pages = [pages[n] for n in range(1, file.count + 1)]
    return Reading(name, "pdf", assembled(read_pages), _told(read_pages), "", head)


def _image(path: Path, name: str, progress: Progress | None, stop: Stop | None, pages: Pages) -> Reading:
    from corpus.reading.paragraphs import assembled
    from corpus.reading.pictures import Pictures

    pictures = Pictures(path, name)
    for number in range(1, pictures.count + 1):
        if number not in pages:
            pages[number] = pictures.page(number)
        _after(number, pictures.count, progress, stop)
    read_pages = [pages[n] for n in range(1, pictures.count + 1)]
    return Reading(name, "image", assembled(read_pages), _told(read_pages), "")


def _after(number: int, count: int, progress: Progress | None, stop: Stop | None) -> None:
    if progress is not None:
        progress(number, count)
    if stop is not None and stop():
        raise ReadingStopped(f"已停在第 {number} 页，共 {count} 页；读过的页已经留下，可以接着读。")


def _told(pages: Sequence[PageText]) -> tuple[PageRead, ...]:
    return tuple(PageRead(p.number, p.how, p.note) for p in pages)


def _checked(reading: Reading, note: str) -> Reading:
    """Return a reading that holds text, and not too much of it."""
    name = reading.name
    size = sum(len(line.text) for line in reading.lines)
    if size > LIMITS.text_characters:
        raise Unreadable(
            name, "too-large", f"{name!r} 有 {size} 个字，一份最多 {LIMITS.text_characters} 个。请拆成几份再放进来。"
        )
    if not any(_says_something(line) for line in reading.lines):
        why = next((p.note for p in reading.pages if p.note), "")
        raise Unreadable(
            name,
            "no-text",
            f"{name!r} 里没有读到文字{f'（{why}）' if why else ''}。如果是扫描件，请换一份清楚的；"
            "如果是要联网才显示的网页，请在浏览器里打开后另存。",
        )
    return replace(reading, notes=(note, *reading.notes)) if note else reading


def _says_something(line: Line) -> bool:
    return any(c.isalnum() for c in line.text)
