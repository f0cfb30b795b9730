"""A digest with faults is refused with every fault, each by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import CorpusError, DigestError
from corpus.reading.digest import parse_digest, read_digest

HEAD = """---
id: sample
title: 关于样板园区的通知
kind: 通知
issuers: [国家发展改革委]
issued: 2025-06-30
status: 现行
region: 全国
url: https://example.invalid/
checked: 2026-11-22
---
"""
FACT = """
# 指标

- [limit] 园区单位能耗碳排放不高于0.2吨二氧化碳/吨标准煤。
  - 出处：附件3 一
  - 可信：A
  - 问：红线是多少
"""
FACT_LINE = 15


def faults(text: str) -> list[str]:
    with pytest.raises(DigestError) as caught:
        parse_digest(text, name="national/sample.md", realm="national", expected_id="sample")
    return caught.value.faults


def test_a_right_digest_keeps_every_part_of_a_fact() -> None:
    details = "  - 类型：推算\n  - 网址：https://example.invalid/3\n  - 因子：grid/a/b = 0.2\n  - 问：压到多少\n"
    made = parse_digest(HEAD + FACT + details, name="sample.md", realm="national", expected_id="sample")
    (passage,) = made.passages
    assert passage.id == "sample#limit"
    assert passage.document_id == made.id == "sample"
    assert passage.text == "园区单位能耗碳排放不高于0.2吨二氧化碳/吨标准煤。"
    assert (passage.place, passage.confidence, passage.kind) == ("附件3 一", "A", "推算")
    assert passage.path == ("指标",)
    assert passage.questions == ("红线是多少", "压到多少")
    assert (passage.url, passage.factor, passage.line) == ("https://example.invalid/3", "grid/a/b = 0.2", FACT_LINE)


def test_a_heading_of_the_same_depth_replaces_the_one_before() -> None:
    second = FACT.replace("# 指标", "# 验收\n\n## 程序").replace("[limit]", "[steps]")
    made = parse_digest(HEAD + FACT + second, name="sample.md", realm="national", expected_id="sample")
    assert [p.path for p in made.passages] == [("指标",), ("验收", "程序")]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[limit]", "[Limit!]", FACT_LINE, "短名"),
        ("园区单位能耗碳排放不高于0.2吨二氧化碳/吨标准煤。", "不高于", FACT_LINE, "没有内容"),
        ("] 园区单位", "] 该园区单位", FACT_LINE, "单独看不懂"),
        ("  - 出处：附件3 一\n", "", FACT_LINE, "没有出处"),
        ("出处：附件3 一", "出处：", FACT_LINE, "没有出处"),
        ("  - 可信：A\n", "", FACT_LINE, "可信"),
        ("可信：A", "可信：C", FACT_LINE, "C 不得写成事实"),
        ("  - 可信：A\n", "  - 可信：A\n  - 可信：B\n", FACT_LINE, "不止一个“可信”"),
        ("  - 可信：A\n", "  - 可信：A\n  - 类型：传闻\n", FACT_LINE, "类型 '传闻' 不认识"),
        ("  - 问：红线是多少\n", "", FACT_LINE, "没有“问”"),
        ("# 指标\n", "# 指标\n随手写的一行\n", 14, "看不懂这一行"),
        ("  - 可信：A\n", "  - 备注：无\n  - 可信：A\n", FACT_LINE + 2, "看不懂这一行"),
        ("id: sample", "id: other", 2, "与文件名 'sample' 不同"),
        ("id: sample", "id: Sample", 2, "'id' 不合要求"),
        ("title: 关于样板园区的通知\n", "", 1, "'title' 不合要求"),
        ("kind: 通知", "kind: 微博", 4, "'kind' 不合要求"),
        ("issuers: [国家发展改革委]", "issuers: []", 5, "'issuers' 不合要求"),
        ("issued: 2025-06-30", "issued: 2025年6月", 6, "'issued' 不合要求"),
        ("status: 现行", "status: 有效", 7, "'status' 不合要求"),
        ("region: 全国", "region: 全国\nauthor: 我", 9, "'author' 不合要求"),
        ("checked: 2026-11-22", "checked: 昨天", 10, "'checked' 不合要求"),
        ("url: https://example.invalid/", "url: 无", 1, "url_note"),
        ("region: 全国", "region: 全国\nstatus: 试行", 9, "YAML"),
        ("issuers: [国家发展改革委]", "issuers: [国家发展改革委", 6, "YAML"),
    ],
)
def test_a_fault_is_named_with_file_and_line(old: str, new: str, line: int, said: str) -> None:
    text = HEAD + FACT
    assert old in text
    found = faults(text.replace(old, new, 1))
    assert any(f.startswith(f"national/sample.md:{line}:") and said in f for f in found), found


@pytest.mark.parametrize("text", ["", FACT, HEAD.rstrip().removesuffix("---"), "---\n- 一\n- 二\n---\n" + FACT])
def test_a_digest_without_a_front_matter_of_keys_is_refused(text: str) -> None:
    assert any(f.startswith("national/sample.md:1:") and "前言" in f for f in faults(text))


def test_a_repeated_short_name_is_named_with_both_lines() -> None:
    again = FACT_LINE + FACT.count("\n")
    (fault,) = faults(HEAD + FACT + FACT)
    assert fault.startswith(f"national/sample.md:{again}:")
    assert f"第 {FACT_LINE} 行" in fault


def test_all_faults_are_reported_at_once() -> None:
    text = HEAD.replace("status: 现行", "status: 有效") + FACT.replace("可信：A", "可信：C").replace("[limit]", "[ ]")
    said = "\n".join(faults(text + "不是事实的一行\n"))
    assert all(part in said for part in ("'status'", "可信是 'C'", "短名", "看不懂这一行")), said


def test_a_file_that_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "national" / "sample.md"
    path.parent.mkdir()
    path.write_bytes((HEAD + FACT).encode("gb18030"))
    with pytest.raises(CorpusError, match=r"sample\.md.*UTF-8"):
        read_digest(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DigestError, match=r"none\.md"):
        read_digest(tmp_path / "none.md")
