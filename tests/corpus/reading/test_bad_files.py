"""A hundred files that cannot be read: each says so in a clear sentence, and nothing else is lost."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdf
import pytest
from made_documents import PARAGRAPHS, notice_docx, notice_pdf, zipped
from PIL import Image

from corpus.reading import Reading, Unreadable, read, readings

GOOD = "\n".join(PARAGRAPHS).encode()
Bad = tuple[str, bytes, str]


def _noise(size: int, seed: int) -> bytes:
    import random

    return random.Random(seed).randbytes(size)


def _docx(tmp_path: Path) -> bytes:
    notice_docx(tmp_path / "good.docx")
    return (tmp_path / "good.docx").read_bytes()


def _xlsx(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _changed(packed: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as source:
        members = {n: source.read(n) for n in source.namelist()}
    members[name] = data
    return zipped(members)


def _claims(packed: bytes, name: str, size: int) -> bytes:
    """A ZIP whose directory says that a member is so large."""
    data = bytearray(packed)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length].decode() == name:
            struct.pack_into("<I", data, at + 24, size)
        at += 4
    return bytes(data)


def _flagged(packed: bytes) -> bytes:
    """A ZIP whose members say that they are encrypted."""
    data = bytearray(packed)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    return bytes(data)


def _pdf() -> bytes:
    out = io.BytesIO()
    notice_pdf(out)
    return out.getvalue()


def _locked_pdf(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt(user_password="秘密", owner_password="主人", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pages(count: int) -> bytes:
    kids = " ".join(f"{i + 3} 0 R" for i in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    parts.append(f"2 0 obj<</Type/Pages/Count {count}/Kids[{kids}]>>endobj\n".encode())
    parts += [f"{i + 3} 0 obj".encode() + page + b"endobj\n" for i in range(count)]
    places: list[int] = []
    at = 0
    for i, part in enumerate(parts):
        places.append(at if i else len(b"%PDF-1.4\n"))
        at += len(part)
    table = b"".join(f"{p:010} 00000 n \n".encode() for p in places)
    tail = f"trailer<</Size {count + 3}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n".encode()
    return b"".join(parts) + f"xref\n0 {count + 3}\n".encode() + b"0000000000 65535 f \n" + table + tail


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + (stream + "\0").encode("utf-16-le") + bytes(600)


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(out, kind)
    return out.getvalue()


def _broken_off(tmp_path: Path) -> Iterator[Bad]:
    pdf, docx, xlsx = _pdf(), _docx(tmp_path), _xlsx([["指标", "限值"], ["碳排放", "≤0.2"]])
    for suffix in ("pdf", "docx", "doc", "xlsx", "html", "txt", "csv", "zip", "png", "md"):
        yield f"空的.{suffix}", b"", "empty"
    for i in range(1, 11):
        yield f"断了{i}.pdf", pdf[: len(pdf) * i // 11], "truncated"
    for i in range(1, 9):
        yield f"断了{i}.docx", docx[: len(docx) * i // 9], "damaged"
        yield f"断了{i}.xlsx", xlsx[: len(xlsx) * i // 9], "damaged"
    for kind in ("PNG", "JPEG", "TIFF"):
        whole = _picture(kind)
        yield f"断了.{kind.lower()}", whole[: len(whole) // 2], "damaged"
        yield f"只有头.{kind.lower()}", whole[:12], "damaged"


def _not_documents() -> Iterator[Bad]:
    for i, suffix in enumerate(("pdf", "docx", "xlsx", "html", "txt", "doc", "csv", "md", "png", "zip")):
        yield f"乱的.{suffix}", _noise(5000, i), "not-a-document"
    marks = {
        "rar": b"Rar!\x1a\x07\x01\0", "7z": b"7z\xbc\xaf\x27\x1c", "gz": b"\x1f\x8b\x08", "exe": b"MZ\x90\0",
        "bin": b"\x7fELF\x02", "db": b"SQLite format 3\0", "mp3": b"ID3\x03", "ogg": b"OggS",
        "avi": b"RIFF\0\0\0\0AVI ",
        "mp4": b"\0\0\0\x18ftypmp42",
    }  # fmt: skip
    for suffix, mark in marks.items():
        yield f"别的.{suffix}", mark + bytes(200), "not-a-document"
        yield f"改名的{suffix}.pdf", mark + bytes(200), "not-a-document"
    for suffix in ("py", "js", "json", "sh", "svg", "xml"):
        yield f"程序.{suffix}", b"a = 1 # \xe9\x9b\xb6\xe7\xa2\xb3\n", "not-a-document"
    types = {"[Content_Types].xml": b"<Types/>"}
    yield "演示.pptx", zipped({**types, "ppt/presentation.xml": b"<p/>"}), "not-a-document"
    yield "二进制.xlsb", zipped({**types, "xl/workbook.bin": b"x"}), "not-a-document"
    yield "版式.ofd", zipped({"OFD.xml": b"<o/>"}), "not-a-document"
    yield "书.epub", zipped({"mimetype": b"application/epub+zip"}), "not-a-document"
    yield "演示.ppt", _ole("PowerPoint Document"), "not-a-document"
    yield "缺正文.docx", zipped({**types, "word/styles.xml": b"<w/>"}), "damaged"


def _locked_or_hostile(tmp_path: Path) -> Iterator[Bad]:
    docx = _docx(tmp_path)
    yield "有密码.pdf", _locked_pdf(_pdf()), "encrypted"
    yield "有密码.docx", _ole("EncryptedPackage"), "encrypted"
    yield "有密码.xlsx", _ole("EncryptedPackage"), "encrypted"
    yield "密码.zip", _flagged(zipped({"内.txt": GOOD})), "encrypted"
    for i, name in enumerate(("../外面.txt", "/etc/外面.txt", "C:\\外面.txt", "内/../../外面.txt", "..\\外面.txt")):
        yield f"出界{i}.zip", zipped({name: GOOD}), "path"
    yield "炸弹.zip", zipped({"零.txt": bytes(12 * 1024 * 1024)}), "bomb"
    yield "大炸弹.zip", _claims(zipped({"零.txt": b"x", "一.txt": b"y"}), "零.txt", 0xF0000000), "bomb"
    yield "炸弹.docx", _claims(docx, "word/document.xml", 0x7FFFFFFF), "bomb"
    yield "炸弹.xlsx", _claims(_xlsx([["a"]]), "xl/worksheets/sheet1.xml", 0x7FFFFFFF), "bomb"
    entities = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>'
    yield "实体.docx", _changed(docx, "word/document.xml", entities), "damaged"
    yield "坏正文.docx", _changed(docx, "word/document.xml", b"<w:document><w:body>"), "damaged"
    yield "坏表.xlsx", _changed(_xlsx([["a"]]), "xl/workbook.xml", b"<workbook><sheets>"), "damaged"
    yield "空.zip", zipped({}), "empty"
    yield "太多.zip", zipped({f"{i}.txt": b"x" for i in range(2001)}), "too-many-files"
    yield "套着.zip", zipped({"内.zip": zipped({"a.txt": GOOD})}), "archive"
    broken = bytearray(zipped({"坏.txt": GOOD * 4}))
    broken[60:90] = bytes(30)
    yield "坏成员.zip", bytes(broken), "damaged"


def _without_text() -> Iterator[Bad]:
    yield "只有脚本.html", "<html><body><script>alert('零碳园区')</script></body></html>".encode(), "no-text"
    yield "空网页.html", b"<html><head><title></title></head><body></body></html>", "no-text"
    yield "框架.html", b"<html><frameset><frame src='a.html'></frameset></html>", "no-text"
    yield "只有图.html", b"<html><body><img src='a.png'></body></html>", "no-text"
    yield "空白.txt", b"  \n\n \t\n", "no-text"
    yield "逗号.csv", b",,,\n,,,\n", "no-text"
    yield "空白.pdf", _pages(1), "no-text"
    yield "没有页.pdf", _pages(0), "damaged"
    yield "只有头.pdf", b"%PDF-1.4\n%%EOF\n", "damaged"
    yield "一万页.pdf", _pages(10_000), "too-many-pages"
    yield "公式.xlsx", _xlsx([["项", "值"], ["合计", "=1+1"]]), "no-values"
    yield "太宽.xlsx", _xlsx([[f"列{i}" for i in range(600)]]), "too-large"
    yield "太宽.csv", ",".join(f"列{i}" for i in range(600)).encode(), "too-large"
    yield "没有网页.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n", "no-text"
    big = io.BytesIO()
    Image.new("1", (9000, 9000)).save(big, "PNG")
    yield "太大.png", big.getvalue(), "too-large"


def test_each_bad_file_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    bad = [*_broken_off(tmp_path), *_not_documents(), *_locked_or_hostile(tmp_path), *_without_text()]
    assert len(bad) >= 100
    wrong: list[str] = []
    for name, data, reason in bad:
        path = tmp_path / f"{len(wrong)}.upload"
        path.write_bytes(data)
        found = [r for r in readings(path, name=name) if isinstance(r, Unreadable)]
        if [f.reason for f in found] != [reason] and not (name == "大炸弹.zip" and found):
            wrong.append(f"{name}: 应为 {reason}，得到 {[(f.reason, str(f)) for f in found]}")
            continue
        sentence = str(found[0])
        if not ("请" in sentence and 15 <= len(sentence) <= 160 and ".upload" not in sentence):
            wrong.append(f"{name}: {sentence}")
        if repr(name) not in sentence and "压缩包里的" not in sentence and not found[0].name.startswith(name):
            wrong.append(f"{name}: 没有说是哪一份：{sentence}")
    assert not wrong, "\n".join(wrong)


def test_a_file_of_two_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "两个G.pdf"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    with pytest.raises(Unreadable, match="2048 MB") as refused:
        read(path)
    assert refused.value.reason == "too-large"


@pytest.mark.parametrize("stream", ["WordDocument", "Workbook"])
def test_old_formats_without_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "旧").write_bytes(_ole(stream))
    with pytest.raises(Unreadable, match="LibreOffice") as refused:
        read(tmp_path / "旧")
    assert refused.value.reason == "needs-libreoffice"


def test_good_files_beside_bad_ones_are_read(tmp_path: Path) -> None:
    members = {
        "好的.txt": GOOD, "../外面.txt": GOOD, "空.pdf": b"", "内/也好.md": b"# \xe5\x8a\x9e\xe6\xb3\x95\n",
        "__MACOSX/._好的.txt": b"x", "~$办法.docx": b"x", ".DS_Store": b"x",
    }  # fmt: skip
    (tmp_path / "包.zip").write_bytes(zipped(members))
    found = list(readings(tmp_path / "包.zip"))
    assert sorted(r.name for r in found if isinstance(r, Reading)) == ["包.zip/内/也好.md", "包.zip/好的.txt"]
    assert sorted(r.reason for r in found if isinstance(r, Unreadable)) == ["empty", "path"]
    assert not (tmp_path.parent / "外面.txt").exists()


def test_chinese_names_of_windows_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("XXXX.txt", GOOD)
    (tmp_path / "w.zip").write_bytes(out.getvalue().replace(b"XXXX", "通知".encode("gb18030")))
    assert [r.name for r in readings(tmp_path / "w.zip")] == ["w.zip/通知.txt"]


def test_a_folder_is_read_without_links_and_what_browsers_save_beside_pages(tmp_path: Path) -> None:
    folder = tmp_path / "文件"
    (folder / "页_files").mkdir(parents=True)
    (folder / "页.html").write_text(f"<html><body><p>{PARAGRAPHS[1]}</p></body></html>", encoding="utf-8")
    (folder / "页_files" / "style.txt").write_text("不是文件", encoding="utf-8")
    (folder / "链接.txt").symlink_to("/etc/hostname")
    found = {r.name: r for r in readings(folder)}
    assert set(found) == {"页.html", "链接.txt"}
    assert isinstance(found["链接.txt"], Unreadable)


@pytest.mark.parametrize(("name", "kind"), [("其实是文本.pdf", "txt"), ("其实是网页.doc", "html")])
def test_a_wrong_extension_is_read_by_content_and_said(tmp_path: Path, name: str, kind: str) -> None:
    text = GOOD if kind == "txt" else f"<html><body><p>{PARAGRAPHS[1]}</p></body></html>".encode()
    (tmp_path / name).write_bytes(text)
    reading = read(tmp_path / name)
    assert reading.format == kind
    assert "按内容读" in reading.notes[0]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"没有 '没有的\.pdf' 这个文件"):
        read(tmp_path / "没有的.pdf")
