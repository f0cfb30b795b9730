"""The commands for the library: `advisor library list | show | check | add | remove | restore | fix | ...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ui.cli_editions import add_edition_options, review_lines, review_records, rules_lines, rules_record
from ui.output import print_json

if TYPE_CHECKING:
    from corpus.editions import ClauseChange
    from corpus.library import Library
    from corpus.model import Document
    from corpus.own import OwnLibrary, Record
    from ui.library_texts import LibraryTexts
    from ui.settings import Settings

_FACTS = ("title", "number", "kind", "issuers", "issued", "published", "in_force", "status", "region", "url")


def add_library(commands: Any) -> None:
    """Add the commands for the library to the parser of `advisor`."""
    library = commands.add_parser(
        "library", help="文库：list、show、check；自有文件：add、remove、restore、fix、compare、fetch、export"
    )
    actions = library.add_subparsers(required=True, metavar="动作")

    def action(name: str, run: Any, told: str, *, json: bool = True) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=told)
        made.set_defaults(run=run)
        if json:
            made.add_argument("--json", action="store_true", help="以 JSON 输出")
        return made

    action("list", _list, "列出文件").add_argument("--own", action="store_true", help="只列自有文件")
    action("show", _show, "显示一份文件的全部事实或条文").add_argument("id", help="文件 id，见 library list")
    action("check", _check, "检查文库和因子表，并把摘编里的数与自有原件核对")
    add = action("add", _add, "加入文件、文件夹或 ZIP")
    add.add_argument("paths", nargs="+", type=Path, metavar="文件", help="要加入的文件、文件夹或 ZIP")
    _add_facts(add)
    action("remove", _remove, "移除自有文件").add_argument("ids", nargs="+", metavar="id", help="文件 id")
    action("restore", _restore, "恢复移除的自有文件").add_argument("id", nargs="?", default="", help="默认最近移除的")
    fix = action("fix", _fix, "改正一份自有文件的信息")
    fix.add_argument("id", help="文件 id")
    _add_facts(fix)
    compare = action("compare", _compare, "逐条比较两个版本，旧的在前")
    compare.add_argument("old", help="旧版的 id")
    compare.add_argument("new", help="新版的 id")
    add_edition_options(compare)
    fetch = action("fetch", _fetch, "按摘编里的官方地址下载原件并加入（要联网，只用 https 和政府网站）")
    fetch.add_argument("id", help="摘编的 id")
    export = action("export", _export, "导出自有文件", json=False)
    export.add_argument("output", type=Path, help="写到这个 .zip（文件和记录）或 .xlsx（清单）")


def _add_facts(parser: argparse.ArgumentParser) -> None:
    for name, told in (
        ("title", "标题"),
        ("number", "文号"),
        ("kind", "种类，例如 通知"),
        ("issuers", "发文单位，几个用、分开"),
        ("issued", "成文日期，例如 2025-06-30"),
        ("published", "公布日期"),
        ("in-force", "施行日期"),
        ("status", "状态，例如 现行"),
        ("region", "地区：全国，或省名"),
        ("url", "网址"),
    ):
        parser.add_argument(f"--{name}", help=told)
    parser.add_argument("--supersedes", action="append", metavar="id", help="它替代的文件，可重复")


def _whole(settings: Settings) -> Library:
    from corpus.library import read_library
    from ui.start import with_own_documents

    return with_own_documents(read_library(), settings)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    documents = [d for d in _whole(settings).documents.values() if d.realm == "own" or not options.own]
    if options.json:
        print_json([{**d.model_dump(exclude={"passages"}), "facts": len(d.passages)} for d in documents])
        return 0
    for d in documents:
        print(f"{d.id}\t{d.realm}\t{d.region}\t{d.status}\t{len(d.passages)}条\t{d.title_in_marks}{d.number}")
    print(f"共 {len(documents)} 份，{sum(len(d.passages) for d in documents)} 条。", file=sys.stderr)
    return 0


def _show(options: argparse.Namespace, settings: Settings) -> int:
    from ui.plain import document_text

    document = _whole(settings).documents.get(options.id)
    if document is None:
        print(f"错误：文库里没有 id 为 {options.id!r} 的文件。advisor library list 列出全部。", file=sys.stderr)
        return 1
    if options.json:
        print_json(document.model_dump())
    else:
        print(document_text(document))
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.originals import differences
    from ui.library_texts import read_library_texts
    from ui.start import check_library

    library, faults = check_library()
    whole = _whole(settings)
    found = differences(whole)
    reviews = review_records(whole, settings)
    if options.json:
        rows = [
            {
                "fact": d.fact.id,
                "figure": d.figure,
                "original": d.original.id,
                "nearest": d.nearest.id if d.nearest else None,
                "nearest_text": d.nearest.text if d.nearest else None,
            }
            for d in found
        ]
        print_json({"faults": faults, "differences": rows, "reviews": reviews})
        return 1 if faults else 0
    for fault in faults:
        print(fault)
    texts = read_library_texts()
    for one in found:
        print(texts.difference.format(fact=one.fact.id, figure=one.figure, original=one.original.title))
    print(f"{len(library.documents)} 份文件，{len(library.passages)} 条事实，{len(faults)} 处毛病。")
    if found:
        print(f"与自有原件不一致的数 {len(found)} 处。")
    for line in review_lines(reviews):
        print(line)
    return 1 if faults else 0


def _add(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.errors import CorpusError
    from corpus.intake import bring_in, incoming
    from ui.start import Progress, own_library, tell

    own, changes = own_library(settings), _changes(options)
    taken: list[Record] = []
    failed = 0
    for one in incoming(options.paths):
        progress = Progress()
        try:
            if isinstance(one, CorpusError):
                raise one
            name = one.name
            record = bring_in(one.path, own, name=name, progress=lambda d, t, p=progress, n=name: p(n, d, t))
            taken.append(_take(own, record, changes))
        except CorpusError as error:
            failed += 1
            tell(f"错误：{error}")
    _tell_records(taken, own, json=options.json)
    _supersede(own, taken, settings)
    if taken:
        _index(settings)
    return 1 if failed or not taken else 0


def _supersede(own: OwnLibrary, taken: list[Record], settings: Settings) -> None:
    """Keep what the taken ones replace by their own words, and say so."""
    from corpus.intake import supersede
    from ui.library_texts import read_library_texts
    from ui.start import tell

    if not any(r.replaces for r in own.records()):
        return
    documents = list(_whole(settings).documents.values())
    for record in taken:
        found = supersede(own, record, documents)
        for by in {r.id: r for r, _ in found}.values():
            old = "、".join(_named(d) for r, d in found if r.id == by.id)
            tell(read_library_texts().said_to_replace.format(by=_named(by.document), old=old, id=by.id))


def _named(document: Document) -> str:
    return document.title_in_marks + document.number


def _take(own: OwnLibrary, record: Record, changes: dict[str, Any]) -> Record:
    from corpus.own import corrected

    return own.take(corrected(record, changes) if changes else record)


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    from ui.start import own_library

    own = own_library(settings)
    _tell_records([own.remove(i) for i in options.ids], own, json=options.json)
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from ui.start import own_library

    own = own_library(settings)
    _tell_records([own.restore(options.id)], own, json=options.json)
    return 0


def _fix(options: argparse.Namespace, settings: Settings) -> int:
    from ui.library_texts import read_library_texts
    from ui.start import own_library, tell

    changes = _changes(options)
    if not changes:
        tell(f"错误：{read_library_texts().nothing_changed}")
        return 2
    own = own_library(settings)
    _tell_records([own.fix(options.id, changes)], own, json=options.json)
    return 0


def _fetch(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.errors import CorpusError
    from corpus.fetching import fetch, official_hosts
    from corpus.intake import bring_in
    from corpus.library import read_library
    from ui.start import Progress, own_library, tell

    library, own = read_library(), own_library(settings)
    digest = library.documents.get(options.id)
    if digest is None:
        raise CorpusError(f"文库里没有 id 为 {options.id!r} 的摘编。advisor library list 列出全部。")
    progress = Progress()
    with TemporaryDirectory() as scratch:
        fetched = fetch(
            digest,
            official_hosts(library.documents.values()),
            Path(scratch),
            progress=lambda done, total: progress("下载", done, total),
        )
        tell(f"SHA-256 {fetched.sha256}")
        record = bring_in(fetched.path, own, name=fetched.name, fetched_from=fetched.address)
        _tell_records([own.take(_with_url(record, fetched.address))], own, json=options.json)
    _index(settings)
    return 0


def _with_url(record: Record, address: str) -> Record:
    return record.model_copy(update={"document": record.document.model_copy(update={"url": address})})


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from ui.library_texts import read_library_texts
    from ui.own_export import sheet, write_zip
    from ui.start import own_library, tell

    own, texts = own_library(settings), read_library_texts()
    if options.output.suffix.lower() == ".zip":
        count = write_zip(options.output, own, texts)
    elif options.output.suffix.lower() == ".xlsx":
        records = own.records()
        options.output.write_bytes(sheet(records, own, texts))
        count = len(records)
    else:
        tell(f"错误：{options.output} 要以 .zip 或 .xlsx 结尾。")
        return 2
    tell(texts.exported.format(count=count, path=options.output))
    return 0


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.editions import compare
    from corpus.errors import CorpusError
    from ui.library_texts import read_library_texts

    library = _whole(settings)
    known = library.documents
    for identity in (options.old, options.new):
        if identity not in known:
            raise CorpusError(f"文库里没有 id 为 {identity!r} 的文件。advisor library list 列出全部。")
    old, new = known[options.old], known[options.new]
    made = compare(old.passages, new.passages)
    concerned = rules_record(made, old, library, options, settings)
    texts = read_library_texts()
    if options.json:
        changes = [_change_record(c) for c in made.changes]
        print_json({"counts": dict(made.counts), "changes": changes, "rules": concerned})
        return 0
    print(texts.compare_head.format(old=_named(old), new=_named(new)))
    shown = [c for c in made.changes if c.kinds != ("unchanged",)]
    for change in shown:
        print(change_text(change, texts))
    if not shown:
        print(texts.compare_none)
    for line in rules_lines(concerned):
        print(line)
    return 0


def _change_record(change: ClauseChange) -> dict[str, Any]:
    from assistant.edition_records import move_records

    return {
        "kinds": change.kinds,
        "old": [{"place": q.place, "text": q.text} for q in change.old],
        "new": [{"place": q.place, "text": q.text} for q in change.new],
        "similarity": round(change.similarity, 3),
        "limits": move_records(change),
    }


def change_text(change: ClauseChange, texts: LibraryTexts) -> str:
    """Return one change in lines: what happened, where it stood and stands, both wordings, the figures that moved."""
    from assistant.edition_records import move_records

    kinds = "、".join(texts.changes[kind] for kind in change.kinds)
    places = [" ".join(q.place for q in side) or "—" for side in (change.old, change.new)]
    lines = [f"【{kinds}】{places[0]} → {places[1]}"]
    if change.changed:
        lines += [f"  - {q.text}" for q in change.old] + [f"  + {q.text}" for q in change.new]
        lines += [f"  {m['direction']}：{m['before'] or '—'} → {m['after'] or '—'}" for m in move_records(change)]
    return "\n".join(lines)


def _changes(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {n: getattr(options, n) for n in _FACTS if getattr(options, n) is not None}
    if "issuers" in found:
        found["issuers"] = tuple(part.strip() for part in found["issuers"].split("、") if part.strip())
    if options.supersedes is not None:
        found["supersedes"] = tuple(options.supersedes)
    return found


def _tell_records(records: list[Record], own: OwnLibrary, *, json: bool) -> None:
    from ui.library_texts import read_library_texts

    if json:
        print_json([r.model_dump(mode="json") for r in records])
        return
    texts = read_library_texts()
    for record in records:
        d = record.document
        count = len(own.text(record.sha256).passages)
        line = texts.added.format(
            id=d.id, title=d.title, number=d.number, status=d.status, count=count, file=record.file_name
        )
        print(line)


def _index(settings: Settings) -> None:
    """Bring the index up to date now, so that the next question need not wait."""
    from ui.start import open_library_index

    open_library_index(settings)
