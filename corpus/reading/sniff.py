"""What a file is by its content, whatever its name says."""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path

from corpus.errors import Unreadable
from corpus.reading.encoding import decoded
from corpus.reading.limits import LIMITS

CONVERTED = frozenset({"doc", "rtf", "odt", "xls", "ods", "wordxml"})
"""Formats that LibreOffice turns into one of ours first."""

EXTENSIONS = {
    "pdf": "pdf", "docx": "docx", "docm": "docx", "dotx": "docx", "doc": "doc", "wps": "doc", "rtf": "rtf",
    "odt": "odt", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "et": "xls", "ods": "ods", "html": "html",
    "htm": "html",
    "shtml": "html", "xhtml": "html", "mht": "mhtml", "mhtml": "mhtml", "csv": "csv", "tsv": "csv", "txt": "txt",
    "md": "md", "markdown": "md", "zip": "zip", "png": "image", "jpg": "image", "jpeg": "image", "tif": "image",
    "tiff": "image", "bmp": "image", "webp": "image", "gif": "image",
}  # fmt: skip
NAMES = {
    "pdf": "PDF", "docx": "Word 文件", "doc": "Word 97 文件", "rtf": "RTF", "odt": "ODT", "xlsx": "工作簿",
    "xls": "Excel 97 工作簿", "ods": "ODS", "html": "网页", "mhtml": "网页归档", "csv": "CSV", "txt": "纯文本",
    "md": "Markdown", "zip": "ZIP 压缩包", "image": "图片", "wordxml": "Word XML",
}  # fmt: skip
_REFUSED = (
    (b"Rar!", "RAR 压缩包", "请解开后把里面的文件放进来，或改用 ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "请解开后把里面的文件放进来，或改用 ZIP"),
    (b"\x1f\x8b", "gzip 压缩包", "请解开后把里面的文件放进来，或改用 ZIP"),
    (b"MZ", "Windows 程序", "请只放文件，不要放程序"),
    (b"\x7fELF", "程序", "请只放文件，不要放程序"),
    (b"SQLite format 3", "数据库", "请导出成 XLSX 或 CSV 再放进来"),
    (b"ID3", "音频", "请放有文字的文件"),
    (b"OggS", "音频", "请放有文字的文件"),
    (b"RIFF", "音频或视频", "请放有文字的文件"),
)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|div|table|p|article|section|h[1-6])[\s>]", re.IGNORECASE)


def format_of(path: Path, name: str) -> str:
    """Return the format of a file, one of `NAMES`.

    Raises:
        Unreadable: when it is empty, too large, locked with a password, or nothing that can be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(name, "empty", f"{name!r} 是空文件（0 字节），多半是上传或下载中断。请重新取一份。")
    if size > LIMITS.file_bytes:
        raise Unreadable(
            name,
            "too-large",
            f"{name!r} 有 {size / 1024**2:.0f} MB，一份最多 {LIMITS.file_bytes // 1024**2} MB。请拆成几份再放进来。",
        )
    with path.open("rb") as file:
        head = file.read(65536)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _packed(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(path, name)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    for mark, what, remedy in _REFUSED:
        if head.startswith(mark):
            raise _refused(name, what, remedy)
    if head[4:8] == b"ftyp":
        raise _refused(name, "音频或视频", "请放有文字的文件")
    return _text(head, name)


def misnamed(name: str, kind: str) -> str:
    """Return a note where the name says another format than the content."""
    extension = Path(name).suffix.lower().lstrip(".")
    said = EXTENSIONS.get(extension)
    if not extension or said == kind or (kind == "wordxml" and said == "doc"):
        return ""
    return f"扩展名是 .{extension}，内容是{NAMES[kind]}，按内容读"


def _refused(name: str, what: str, remedy: str) -> Unreadable:
    return Unreadable(name, "not-a-document", f"{name!r} 是{what}，读不了。{remedy}。")


def _packed(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            mime = packed.read("mimetype")[:80] if "mimetype" in names else b""
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        what = NAMES.get(EXTENSIONS.get(Path(name).suffix.lower().lstrip("."), ""), "压缩包")
        raise Unreadable(
            name, "damaged", f"{name!r} 像是{what}，但不完整或已损坏，多半是下载中断。请重新取一份完整的。"
        ) from error
    kind = _office(names, mime)
    if kind == "zip" and "[Content_Types].xml" in names:
        raise Unreadable(
            name, "damaged", f"{name!r} 像是 Office 文件，但里面缺了正文。请用原来的软件打开后另存一份再试。"
        )
    if kind in ("pptx", "xlsb", "ofd", "epub"):
        what = {"pptx": "演示文稿", "xlsb": "二进制工作簿", "ofd": "OFD 版式文件", "epub": "电子书"}[kind]
        raise _refused(name, what, f"请另存为 {'.xlsx' if kind == 'xlsb' else 'PDF'} 再放进来")
    if kind != "zip":
        unpacked = sum(m.file_size for m in members if m.filename.endswith((".xml", ".rels")))
        most = LIMITS.sheet_bytes if kind == "xlsx" else LIMITS.markup_bytes
        if unpacked > most:
            raise Unreadable(
                name,
                "bomb",
                f"{name!r} 解开后的文字部分有 {unpacked / 1024**2:.0f} MB，超过 {most // 1024**2} MB，"
                "不像正常文件，没有读。请拆成几份。",
            )
    return kind


def _office(names: set[str], mime: bytes) -> str:
    if "[Content_Types].xml" in names:
        for part, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
            if part in names:
                return kind
        if any(n.startswith("ppt/") for n in names):
            return "pptx"
    if "OFD.xml" in names:
        return "ofd"
    if b"opendocument.text" in mime:
        return "odt"
    if b"opendocument.spreadsheet" in mime:
        return "ods"
    return "epub" if b"epub" in mime else "zip"


def _compound(path: Path, name: str) -> str:
    """Tell the old formats of Office apart by the names of their streams."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise Unreadable(name, "encrypted", f"{name!r} 有打开密码。请用密码打开后另存一份没有密码的，再放进来。")
        for stream, kind in _STREAMS.items():
            if data.find((stream + "\0").encode("utf-16-le")) >= 0:
                return kind
    raise _refused(name, "旧格式的二进制文件，但不是 Word 或 Excel", "请另存为 PDF 或 .docx 再放进来")


def _text(head: bytes, name: str) -> str:
    if b"mime-version:" in head[:4096].lower() and b"multipart/related" in head[:4096].lower():
        return "mhtml"
    text = decoded(head, markup=True)
    odd = sum(1 for c in text if c == "\ufffd" or (ord(c) < 32 and c not in "\t\r\n\f"))
    if odd > max(2, 0.01 * len(text)):
        raise _refused(name, "认不出的二进制文件", "请另存为 PDF、Word、网页或文本再放进来")
    extension = Path(name).suffix.lower().lstrip(".")
    said = EXTENSIONS.get(extension, "")
    if "<w:wordDocument" in text or "wordml" in text[:2000]:
        return "wordxml"
    if said in ("md", "csv"):
        return said
    if _HTML.search(text[:20_000]) and (said == "html" or text.lstrip().startswith("<")):
        return "html"
    if extension in (
        "py",
        "js",
        "exe",
        "bat",
        "sh",
        "json",
        "xml",
        "yaml",
        "yml",
        "css",
        "c",
        "java",
        "go",
        "rs",
        "svg",
    ):
        raise _refused(name, f"程序或数据（.{extension}）", "请只放政策、标准和表格一类的文件")
    return "txt"
