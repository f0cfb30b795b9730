"""The signs by which a document tells its number, dates, status, issuers and kind."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any, cast

from corpus.figures import read_figures
from corpus.marks import flat

KINDS = {
    "通知": "通知", "意见": "意见", "方案": "方案", "办法": "办法", "细则": "办法", "规定": "办法", "条例": "办法",
    "公告": "公告", "通告": "公告", "规划": "规划", "计划": "规划", "纲要": "规划", "名单": "名单", "清单": "名单",
    "解读": "解读", "问答": "解读", "答复": "答复", "批复": "答复", "复函": "答复",
}  # fmt: skip
_ENDINGS = "|".join(
    (
        *KINDS,
        "体系",
        "方法",
        "规范",
        "标准",
        "指南",
        "导则",
        "规程",
        "规则",
        "通则",
        "决定",
        "函",
        "报告",
        "目录",
        "准则",
    )
)
_STANDARD_KINDS = (
    ("gb", "国家标准"), ("t/", "团体标准"), ("db", "地方标准"), ("iso", "国际标准"), ("iec", "国际标准"),
)  # fmt: skip
META_KEYS = {
    "标题": "title", "文件名称": "title", "公开事项名称": "title",
    "发文机关": "issuers", "发布机构": "issuers", "发文单位": "issuers", "主办单位": "issuers", "制发机关": "issuers",
    "发文字号": "number", "文号": "number", "标准号": "number",
    "成文日期": "issued", "制发日期": "issued", "生成日期": "issued", "印发日期": "issued", "发文日期": "issued",
    "发布日期": "published", "发布时间": "published", "公布日期": "published",
    "施行日期": "in_force", "实施日期": "in_force", "生效日期": "in_force",
    "效力状态": "status", "有效性": "status", "时效性": "status",
}  # fmt: skip
"""What a line `键：值` at the top of a page tells."""
HEAD_KEYS = {
    "articletitle": "title", "dc.title": "title", "og:title": "title", "title": "title", "/title": "title",
    "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "firstpublishedtime": "published", "published": "published",
}  # fmt: skip
"""What a key of a file's own head tells."""

_DAY = (
    r"(?:(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_NUMBER = re.compile(
    r"(?P<code>[一-鿿]{2,16})\s*[\[〔［【(]\s*(?P<year>(?:19|20)\d\d)\s*[\]〕］】)]\s*第?\s*(?P<serial>\d+)\s*号"
)
_ANNOUNCED = re.compile(r"(?:(?P<code>公告|令|通告)\s*)?(?P<year>(?:19|20)\d\d)\s*年\s*第\s*(?P<serial>\d+)\s*号")
_STANDARD = re.compile(
    r"(?<![A-Za-z/])(?:GB(?:/[TZ])?|DB\s?\d{2,6}(?:/T)?|HJ(?:/T)?|T/[A-Z]+(?:-[A-Z]+)?|ISO(?:/[A-Z]+)?"
    r"|(?:DL|NB|JB|YD|HG|SY|YB|JGJ|QB)(?:/T)?)\s*\d+(?:\.\d+)*(?:\s*[-—–]\s*(?:19|20)\d\d)?"
)
_TITLE_END = re.compile(rf"(?:{_ENDINGS})[》”]?(?:[（(〔][^）)〕]*[）)〕])*$")
_OWN_NUMBER = re.compile(r"\s*[（(【]?\s*[一-鿿]{2,16}\s*[〔\[［]\d{4}[〕\]］]\s*\d+\s*号\s*[）)】]?\s*$")
_SITE = re.compile(r"\s*[-_—|｜]\s*(?:[^-_—|｜]*(?:网|委员会|政府|委|部|局|厅|文件|平台|频道|门户)[^-_—|｜]*)$")
_PREFIX = re.compile(r"^(?P<issuers>[^《》]{2,80}?)(?P<title>关于\s*\S.*)$")
_ISSUER_END = re.compile(
    r"(?:委员会|改革委|[委部局厅院会府办室司署]|中心|集团|公司|大学|联盟)(?:办公[厅室]|综合司|办公室)?$"
)
_FORCE = re.compile(rf"(?:自|从)\s*(?P<date>{_DAY})\s*(?:起|开始)\s*(?:正式)?(?:施行|实施|执行|生效)")
_FORCE_AT_ONCE = re.compile(r"自(?P<of>发布|公布|印发|发文)之日起(?:正式)?(?:施行|实施|执行|生效)")
_PRINTED = re.compile(rf"(?P<date>{_DAY})\s*(?P<what>发布|实施|施行|印发)")
_DRAFT = re.compile(r"征求意见|征求.*意见的|送审稿|报批稿|草案|讨论稿")
_TRIAL = re.compile(r"[（(](?:试行|暂行)[）)]|(?:试行|暂行)(?:办法|规定|方案|指南|细则)?$")
_NO_LONGER = re.compile(r"(?:已|全文)?(?:废止|失效)$|^(?:废止|失效)|已被(?:替代|代替)")
_REPEALS = re.compile(r"同时废止|予以废止|即行废止|(?<!不)废止|停止执行|不再执行")
_REPLACES = re.compile(r"代替|替代(?=\s*[A-Z《])|取代")
_NAMED = re.compile(r"《[^》]+》(?:\s*[（(][^（()）]*号[）)])?")


def squeezed(text: str) -> str:
    """Return the text without the blanks that printing puts between characters: 国 家 能 源 局, 2035 年."""
    text = re.sub(r"(?<![一-鿿])(?:[一-鿿]\s+)+[一-鿿](?![一-鿿])", lambda m: re.sub(r"\s", "", m[0]), text.strip())
    return re.sub(r"(?<=[〔〕（）《》])\s+|\s+(?=[〔〕（）《》])|(?<=\d)\s+(?=[一-鿿])|(?<=[一-鿿])\s+(?=\d)", "", text)


def number_in(text: str, *, alone: bool = False) -> str:
    """Return the document or standard number of a line; `alone`: only when the line is nothing else.

    >>> number_in("国能综通科技〔2025〕91 号"), number_in("公告 2025年 第47号"), number_in("T/CECA-G 0344-2025")
    ('国能综通科技〔2025〕91号', '公告2025年第47号', 'T/CECA-G 0344-2025')
    """
    flatter = flat(text).strip()
    for pattern in (_NUMBER, _ANNOUNCED, _STANDARD):
        m = pattern.search(flatter)
        if m is None or (alone and len(m[0]) < len(flatter.strip("()【】 ")) - 2):
            continue
        if pattern is _NUMBER:
            return f"{m['code']}〔{m['year']}〕{m['serial']}号"
        if pattern is _ANNOUNCED:
            return f"{m['code'] or ''}{m['year']}年第{m['serial']}号"
        return re.sub(r"\s*[—–-]\s*(?=(?:19|20)\d\d$)", "-", m[0])
    return ""


def kind_of(title: str, number: str) -> str:
    """Return the kind of document by its number if it is a standard, else by how its title ends; empty if unknown."""
    if _STANDARD.fullmatch(number):
        return next((kind for prefix, kind in _STANDARD_KINDS if number.lower().startswith(prefix)), "行业标准")
    ends = [(title.rfind(word) + len(word), kind) for word, kind in KINDS.items() if word in title]
    return max(ends)[1] if ends else ""


def day_in(text: str) -> str:
    """Return the first day of a text as an ISO date, or nothing.

    >>> day_in("二〇二五年六月三十日"), day_in("2025/02/09")
    ('2025-06-30', '2025-02-09')
    """
    text = re.sub(r"(?<=\d)\s+(?=[年月日])|(?<=[年月])\s+(?=\d)", "", text.replace("○", "〇"))
    for figure in read_figures(text):
        if figure.kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", figure.key):
            return figure.key
    return ""


def is_title_end(text: str) -> bool:
    """Whether a line ends as titles do."""
    return bool(_TITLE_END.search(without_number(text)))


def without_number(title: str) -> str:
    """Return a title without the document number behind it, and without the name of a site or brackets around it."""
    title = title.strip()
    while (bare := _SITE.sub("", title)) != title:
        title = bare
    title = squeezed(title)
    title = title[1:-1] if title.startswith("【") and title.endswith("】") else title
    return _OWN_NUMBER.sub("", title).strip()


def titled(text: str) -> tuple[tuple[str, ...], str]:
    """Return the issuers that a title begins with, and the title: 国家能源局综合司关于…的通知.

    >>> titled("国家发展改革委 国家能源局关于有序推动绿电直连发展有关事项的通知")
    (('国家发展改革委', '国家能源局'), '关于有序推动绿电直连发展有关事项的通知')
    """
    text = without_number(text)
    m = _PREFIX.match(text)
    if m is None:
        return (), text
    names = issuers_in(m["issuers"])
    return (names, m["title"]) if names or "等" in m["issuers"] else ((), text)


def issuers_in(text: str) -> tuple[str, ...]:
    """Return the issuers that a line names, if it names nothing else."""
    names = [n for n in re.split(r"[、，,;；\s]+", squeezed(text)) if n]
    return tuple(names) if names and all(_ISSUER_END.search(n) and len(n) <= 30 for n in names) else ()


def region_of(issuers: tuple[str, ...], title: str) -> str:
    """Return the province that the issuers or, without any, the title name; 全国 for national ones; empty if unsure."""
    for text in (*issuers, title):
        for province, cities in _places().items():
            if text.startswith(province):
                return province
            if city := next((c for c in cities if text.startswith(c)), ""):
                return province if city == province else f"{province}/{city}"
    national = re.compile(r"国家|国务院|中华人民共和国|中共中央|工业和信息化部|生态环境部|[^省市区]{2,8}部$|中国")
    return "全国" if any(national.match(i) for i in issuers) or title.startswith("国家") else ""


@cache
def _places() -> dict[str, list[str]]:
    from ruamel.yaml import YAML

    data: Any = cast(Any, YAML(typ="safe")).load((files("corpus") / "places.yaml").read_text(encoding="utf-8"))
    return {province: list(entry["cities"]) for province, entry in data.items()}


def force_in(text: str) -> tuple[str, str, str]:
    """Return the day from which a sentence says that the text applies, the event that stands for it, and the words."""
    if m := _FORCE.search(text):
        return day_in(m["date"]), "", m[0]
    if m := _FORCE_AT_ONCE.search(text):
        return "", "published" if m["of"] in ("发布", "公布") else "issued", m[0]
    return "", "", ""


def printed_days(text: str) -> list[tuple[str, str]]:
    """Return (field, ISO day) of what a standard's cover says: 2025-03-18发布 2025-04-01实施."""
    names = {"发布": "published", "实施": "in_force", "施行": "in_force", "印发": "issued"}
    return [(names[m["what"]], day_in(m["date"])) for m in _PRINTED.finditer(text)]


def status_in(text: str) -> str:
    """Return the status that a title or a page's line of facts says, or nothing."""
    if _DRAFT.search(text):
        return "征求意见"
    if _NO_LONGER.search(text):
        return "废止"
    return "试行" if _TRIAL.search(text) else ""


def superseded_in(sentence: str) -> tuple[str, ...]:
    """Return what a sentence says is repealed or replaced: 《…》（…号） or a standard's number.

    >>> superseded_in("本办法自2025年1月1日起施行，《园区管理办法》（某发〔2019〕5号）同时废止。")
    ('《园区管理办法》（某发〔2019〕5号）',)
    """
    if m := _REPLACES.search(sentence):
        return tuple(dict.fromkeys(s[0] for s in _STANDARD.finditer(flat(sentence)[m.end() :])))
    m = _REPEALS.search(sentence)
    if m is None:
        return ()
    named = [n[0] for n in _NAMED.finditer(sentence[: m.start()])]
    return tuple(
        named
        or (f"{n['code'].removeprefix('原')}〔{n['year']}〕{n['serial']}号" for n in _NUMBER.finditer(flat(sentence)))
    )
