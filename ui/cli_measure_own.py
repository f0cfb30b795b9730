"""The commands that measure on files: `advisor evaluate own | adding | reading`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ui.output import print_json, print_measured, print_table
from ui.settings import Settings


def add_own_measuring(kinds: Any) -> None:
    """Add these to the parser of `advisor evaluate`."""
    own = kinds.add_parser("own", help="在自己的文件上测量：答对，而且引到对的条文和页")
    own.add_argument("folder", type=Path, help="装有文件的文件夹")
    own.add_argument("file", type=Path, help="问题集 .yaml，或装有它们的文件夹")
    own.add_argument("--scans", choices=["clean", "rough"], help="先做成扫描件：清楚的，或歪斜、模糊、盖章的")
    own.add_argument("--json", action="store_true", help="以 JSON 输出")
    own.set_defaults(run=_evaluate_own)
    adding = kinds.add_parser("adding", help="一份长标准从文件到最后一个向量要多久")
    adding.add_argument("--pages", type=int, default=500, help="约多少页，默认 500")
    adding.add_argument("--json", action="store_true", help="以 JSON 输出")
    adding.set_defaults(run=_evaluate_adding)
    reading = kinds.add_parser("reading", help="读文件的速度（与 pypdf 单独读比）和识别扫描件的字准率")
    reading.add_argument("path", type=Path, help="文件，或装有文件的文件夹")
    reading.add_argument("--scans", type=int, default=0, metavar="页数", help="每份 PDF 做几页扫描件来识别，默认不做")
    reading.add_argument("--json", action="store_true", help="以 JSON 输出")
    reading.set_defaults(run=_evaluate_reading)


def _evaluate_own(options: argparse.Namespace, settings: Settings) -> int:
    from ui.measure_own import measure

    outcome = measure(options.folder, options.file, settings, scans=options.scans)

    def line(item: dict[str, Any]) -> str:
        return f"{item['id']}\t{item['question']}\t{item['kind']}\t{' '.join(item['cited'])}"

    print_measured(outcome.record(), as_json=options.json, wrong=line)
    return 0


def _evaluate_adding(options: argparse.Namespace, settings: Settings) -> int:
    from ui.measure_adding import measure_adding

    record = measure_adding(options.pages, settings).record()
    if options.json:
        print_json(record)
    else:
        print_table([record])
    return 0


def _evaluate_reading(options: argparse.Namespace, settings: Settings) -> int:
    from corpus.measure_reading import measured_files, measured_scans, peak_memory_mb

    files = [m.record() for m in measured_files(options.path)]
    pdfs = [options.path] if options.path.is_file() else sorted(options.path.rglob("*.pdf"))
    scans = [m.record() for p in pdfs if options.scans for m in measured_scans(p, most=options.scans)]
    record = {"files": files, "scans": scans, "peak_memory_mb": round(peak_memory_mb())}
    if options.json:
        print_json(record)
    else:
        print_table(files)
        if scans:
            print_table(scans)
        print(f"内存峰值 {record['peak_memory_mb']} MB")
    return 0
