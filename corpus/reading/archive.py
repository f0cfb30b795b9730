"""ZIP files and folders -> the files in them, each in a safe place of its own."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from corpus.errors import Unreadable
from corpus.reading.limits import LIMITS

_SKIPPED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_CHUNK = 1024 * 1024

Found = tuple[str, Path] | Unreadable


def files_of_folder(folder: Path) -> Iterator[Found]:
    """Give the files of a folder by name; what belongs to saved pages, and links out of the folder, are left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if _ignored(name) or _of_a_saved_page(path, folder):
            continue
        if path.is_symlink():
            yield Unreadable(name, "link", f"{name!r} 是链接，没有跟过去读。请把文件本身放进来。")
        elif path.is_file():
            yield name, path


def files_of_zip(path: Path, name: str) -> Iterator[Found]:
    """Give the files of a ZIP one after the other; each is gone when the next is asked for.

    Names in it are only shown, never used as paths.

    Raises:
        Unreadable: when the whole ZIP cannot be taken: too many files, too large unpacked, or damaged.
    """
    with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        members = [m for m in packed.infolist() if not m.is_dir()]
        _not_too_much(members, name)
        saved = {_shown(m)[: -len(PurePosixPath(_shown(m)).suffix)] for m in members if _is_page(_shown(m))}
        for number, member in enumerate(sorted(members, key=_shown)):
            shown = _shown(member)
            inner = f"{name}/{shown}"
            if _ignored(shown) or any(shown.startswith((f"{s}_files/", f"{s}.files/")) for s in saved):
                continue
            if fault := _fault(member, shown, inner):
                yield fault
                continue
            place = Path(folder) / f"{number}{PurePosixPath(shown).suffix[:10]}"
            try:
                _unpack(packed, member, place)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
                yield Unreadable(inner, "damaged", f"压缩包里的 {shown!r} 已损坏，解不开。请重新打包再试。")
                continue
            yield inner, place
            place.unlink()


def _not_too_much(members: list[zipfile.ZipInfo], name: str) -> None:
    if not members:
        raise Unreadable(name, "empty", f"{name!r} 是空的压缩包，里面没有文件。请重新打包。")
    if len(members) > LIMITS.archive_files:
        raise Unreadable(
            name,
            "too-many-files",
            f"{name!r} 里有 {len(members)} 个文件，一包最多 {LIMITS.archive_files} 个。请分几包放进来。",
        )
    total = sum(m.file_size for m in members)
    if total > LIMITS.archive_bytes:
        raise Unreadable(
            name,
            "bomb",
            f"{name!r} 解开有 {total / 1024**3:.1f} GB，超过 {LIMITS.archive_bytes / 1024**3:.0f} GB，没有解。"
            "请分几包放进来。",
        )


def _fault(member: zipfile.ZipInfo, shown: str, inner: str) -> Unreadable | None:
    parts = PurePosixPath(shown).parts
    if ".." in parts or shown.startswith("/") or (parts and ":" in parts[0]):
        return Unreadable(inner, "path", f"压缩包里的 {shown!r} 的路径指到包外，可能是恶意文件，没有解。请重新打包。")
    if member.flag_bits & 1:
        return Unreadable(inner, "encrypted", f"压缩包里的 {shown!r} 加了密码。请解开后再放进来。")
    if (member.external_attr >> 16) & 0o170000 == 0o120000:
        return Unreadable(inner, "link", f"压缩包里的 {shown!r} 是链接，没有解。请把文件本身放进来。")
    ratio = member.file_size / max(1, member.compress_size)
    if member.file_size > LIMITS.archive_free_bytes and ratio > LIMITS.archive_ratio:
        return Unreadable(
            inner, "bomb", f"压缩包里的 {shown!r} 解开会大 {ratio:.0f} 倍，像是压缩炸弹，没有解。请核对来源。"
        )
    if member.file_size > LIMITS.file_bytes:
        size = member.file_size / 1024**2
        return Unreadable(
            inner,
            "too-large",
            f"压缩包里的 {shown!r} 有 {size:.0f} MB，一份最多 {LIMITS.file_bytes // 1024**2} MB，没有解。请拆成几份。",
        )
    return None


def _unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path) -> None:
    """Write a member; one that is larger than it says is a fault."""
    written = 0
    with packed.open(member) as source, place.open("wb") as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > member.file_size:
                raise zipfile.BadZipFile("larger than it says")
            target.write(chunk)


def _shown(member: zipfile.ZipInfo) -> str:
    """Return a member's name; Windows writes Chinese names in GBK without saying so."""
    name = member.orig_filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = member.filename
    return name.replace("\\", "/").replace("\0", "")


def _ignored(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith(_SKIPPED) or any(p in _SKIPPED or (p.startswith((".", "~$")) and p != "..") for p in parts)


def _is_page(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in (".html", ".htm")


def _of_a_saved_page(path: Path, folder: Path) -> bool:
    """Whether a file lies in the folder of pictures and scripts that a browser saves beside a page."""
    for above in path.parents:
        if above == folder:
            return False
        stem = above.name.removesuffix("_files").removesuffix(".files")
        if stem != above.name and any((above.parent / f"{stem}{s}").is_file() for s in (".html", ".htm")):
            return True
    return False
