"""A document says its title, number, issuers, dates and status, and what it replaces; each with where it was found."""

from __future__ import annotations

import pytest

from corpus.document_facts import DocumentFacts, Found, facts_of
from corpus.fact_signs import kind_of, number_in, status_in, superseded_in, titled
from corpus.reading.model import Line, Reading


def facts(text: str, *, name: str = "x.txt", **head: str) -> DocumentFacts:
    lines = tuple(Line(line, page=at // 10 + 1) for at, line in enumerate(text.split("\n")))
    return facts_of(Reading(name, "txt", lines, (), "0", head))


NOTICE = """样板省发展和改革委员会文件
样发改环资〔2025〕18 号
样板省发展和改革委员会 样板省能源局关于
开展零碳园区建设的通知
各市发展改革委：
为推进园区建设，现通知如下。
一、总体要求
坚持节约优先。
附件：1.申报表
样板省发展和改革委员会
样 板 省 能 源 局
2025年6月30日"""


def test_a_notice_says_who_what_and_when() -> None:
    found = facts(NOTICE)
    assert (found.title, found.number, found.kind) == ("关于开展零碳园区建设的通知", "样发改环资〔2025〕18号", "通知")
    assert found.issuers == ("样板省发展和改革委员会", "样板省能源局")
    assert (found.issued, found.published, found.in_force, found.status) == ("2025-06-30", "", "", "现行")
    assert found.found["number"] == Found("text", "样发改环资〔2025〕18 号", 1)
    assert found.found["issued"] == Found("text", "2025年6月30日", 2)
    assert found.found["title"].quote.startswith("样板省发展和改革委员会 样板省能源局关于\n开展")


STANDARD = """ICS 13.020.10
CCS Z 00
团 体 标 准
T/ABCD-G 0123—2025
零碳园区评价技术规范
2025-03-18 发布 2025-04-01 实施
样板节能协会 发布
1 范围
本标准代替T/ABCD-G 0123—2020，与其相比主要变化如下。"""


def test_the_cover_of_a_standard() -> None:
    found = facts(STANDARD)
    assert (found.title, found.number, found.kind) == ("零碳园区评价技术规范", "T/ABCD-G 0123-2025", "团体标准")
    assert (found.published, found.in_force) == ("2025-03-18", "2025-04-01")
    assert found.supersedes == ("T/ABCD-G 0123—2020",)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("样板园区管理办法（征求意见稿）\n第一条 制定本办法。", "征求意见"),
        ("关于公开征求《样板园区管理办法》意见的通知\n一、征求意见的范围如下。", "征求意见"),
        ("样板园区管理办法（试行）\n第一条 制定本办法。", "试行"),
        ("样板园区管理暂行办法\n第一条 制定本办法。", "试行"),
        ("效力状态：已废止\n样板园区管理办法\n第一条 制定本办法。", "废止"),
        ("样板园区管理办法\n样发〔2025〕1号\n第一条 起草时公开征求意见。\n样板省政府\n2025年1月2日", "现行"),
        ("样板园区管理办法\n第一条 制定本办法。", "未查明"),
    ],
)
def test_the_status_is_what_title_and_record_say(text: str, status: str) -> None:
    assert facts(text).status == status


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("本办法自2026年1月1日起施行。", "2026-01-01"),
        ("本办法自2026年1月1日起实施，有效期五年。", "2026-01-01"),
        ("本标准从2026-04-01起执行。", "2026-04-01"),
        ("2026年1月1日前建成。", ""),
        ("本办法自发布之日起施行。", ""),
    ],
)
def test_the_day_from_which_a_text_applies(sentence: str, day: str) -> None:
    assert facts(f"样板园区管理办法\n第一条 {sentence}").in_force == day


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("《甲办法》（样发〔2019〕5号）、《乙规定》同时废止。", ("《甲办法》（样发〔2019〕5号）", "《乙规定》")),
        ("原样发〔2018〕7号文件同时废止。", ("样发〔2018〕7号",)),
        ("本标准代替GB/T 2589—2008。", ("GB/T 2589—2008",)),
        ("园区应当有序退出，可再生能源替代化石能源。", ()),
        ("《甲办法》不废止。", ()),
        ("按《甲办法》执行。", ()),
    ],
)
def test_what_is_repealed_or_replaced(sentence: str, names: tuple[str, ...]) -> None:
    assert superseded_in(sentence) == names


@pytest.mark.parametrize(
    ("line", "alone", "number"),
    [
        ("样发改〔2025〕18号", True, "样发改〔2025〕18号"),
        ("样发改［２０２５］１８号", True, "样发改〔2025〕18号"),
        ("公告2025年第47号", True, "公告2025年第47号"),
        ("（样发改〔2025〕18号）", True, "样发改〔2025〕18号"),
        ("根据样发改〔2024〕3号的要求，园区应当编制方案。", True, ""),
        ("DB32/T 1234-2025", True, "DB32/T 1234-2025"),
        ("2025年18号机组", True, ""),
    ],
)
def test_a_number_on_its_own_line_is_the_documents(line: str, alone: bool, number: str) -> None:
    assert number_in(line, alone=alone) == number


def test_a_number_that_the_text_cites_is_not_its_own() -> None:
    assert facts("关于园区建设的通知\n各市：\n根据样发改〔2024〕3号，现通知如下。").number == ""


@pytest.mark.parametrize(
    ("title", "issuers", "bare"),
    [
        ("国家能源局综合司关于组织开展氢能试点的通知", ("国家能源局综合司",), "关于组织开展氢能试点的通知"),
        ("国家发展改革委等部门关于大力实施替代行动的指导意见", (), "关于大力实施替代行动的指导意见"),
        ("关于开展建设的通知(样发改〔2025〕18号)", (), "关于开展建设的通知"),
        ("氢能产业发展中长期规划（2021-2035 年）", (), "氢能产业发展中长期规划（2021-2035年）"),
        ("【关于深化改革 促进发展的通知】-国家发展和改革委员会", (), "关于深化改革 促进发展的通知"),
    ],
)
def test_a_title_without_what_is_put_around_it(title: str, issuers: tuple[str, ...], bare: str) -> None:
    assert titled(title) == (issuers, bare)


@pytest.mark.parametrize(
    ("title", "number", "kind"),
    [
        ("关于印发《样板园区建设方案》的通知", "", "通知"),
        ("样板园区实施细则", "", "办法"),
        ("零碳园区评价技术规范", "DB32/T 1-2025", "地方标准"),
        ("综合能耗计算通则", "GB/T 2589-2020", "国家标准"),
        ("国家生态工业示范园区标准", "HJ 274-2015", "行业标准"),
        ("一篇文章", "", ""),
    ],
)
def test_the_kind_of_document(title: str, number: str, kind: str) -> None:
    assert kind_of(title, number) == kind


def test_the_region_is_that_of_the_issuers() -> None:
    signed = "江苏省发展和改革委员会\n2025年1月2日"
    assert facts(f"关于园区建设的通知\n各市：\n现通知如下。\n{signed}").region == "江苏"
    assert facts("关于园区建设的通知\n各市：\n现通知如下。\n无锡市人民政府办公室\n2025年1月2日").region == "江苏/无锡"
    assert facts("关于园区建设的通知\n各地：\n现通知如下。\n国家能源局\n2025年1月2日").region == "全国"
    assert facts("某园区的通知\n第一条 现通知如下。").region == ""


def test_the_file_serves_where_the_text_is_silent() -> None:
    found = facts(
        "第一条 园区应当编制方案。",
        name="样发改〔2025〕18号-园区.docx",
        Title="样板园区管理办法",
        PubDate="2025-02-09 08:50",
    )
    assert (found.title, found.published, found.number) == ("样板园区管理办法", "2025-02-09", "样发改〔2025〕18号")
    assert [found.found[name].where for name in ("title", "published", "number")] == ["head", "head", "name"]
    assert facts("第一条 园区应当编制方案。", name="园区方案.docx").title == "园区方案"


def test_an_annex_alone_has_its_own_title_and_status() -> None:
    found = facts("附件 3\n样板园区指标体系（试行）\n一、说明\n指标分为两类。")
    assert (found.title, found.status) == ("样板园区指标体系（试行）", "试行")


def test_a_person_has_the_last_word() -> None:
    found = facts(NOTICE).corrected(status="废止", issuers=("样板省能源局",))
    assert (found.status, found.issuers) == ("废止", ("样板省能源局",))
    assert found.found["status"] == Found("person")
    assert found.found["title"].where == "text"
    with pytest.raises(KeyError):
        found.corrected(color="red")


def test_an_empty_file_has_only_its_name() -> None:
    found = facts_of(Reading("空.pdf", "pdf", (), (), "0"))
    assert (found.title, found.status, found.number, found.issuers) == ("空", "未查明", "", ())


def test_status_words() -> None:
    assert [status_in(t) for t in ("某办法（征求意见稿）", "某办法（暂行）", "已失效", "某办法")] == [
        "征求意见",
        "试行",
        "废止",
        "",
    ]
