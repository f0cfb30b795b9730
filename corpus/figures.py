"""The figures of a text: values with unit and comparator, dates, document and standard numbers, clause marks.

Every figure comes in one normal form, so that 不高于20万吨标准煤 and ≤200000 tce are equal, and keeps its place
in the original text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from corpus.words import han_value, plain

_MATTER = {
    "CO2e": "二氧化碳当量|co2eq?(?![a-z])",
    "CO2": "二氧化碳|co2",
    "ce": "标准煤|标煤|ce",
    "CH4": "甲烷|ch4", "N2O": "n2o", "COD": "cod", "C": "c",
}  # fmt: skip
_MASS = {"t": "吨|t", "kg": "千克|公斤|kg", "mg": "毫克|mg", "g": "克|g"}
_PLAIN = {
    "kWh": "千瓦·?时|kw·?h|度(?![假])", "MWh": "兆瓦·?时|mw·?h", "GWh": "吉瓦·?时|gw·?h", "TWh": "太瓦·?时|tw·?h",
    "kW": "千瓦|kw", "MW": "兆瓦|mw", "GW": "吉瓦|gw", "kV": "千伏|kv", "W": "瓦|w",
    "GJ": "吉焦|gj", "TJ": "太焦|tj", "MJ": "兆焦|mj", "kJ": "千焦|kj", "kcal": "千卡|大卡|kcal",
    "Nm3": "标准立方米|标立方米|标方|nm3", "m3": "立方米|立方(?![公千])|方(?![面案法式向便针才位程差])|m3",
    "m2": "平方米|平米|m2", "km2": "平方公里|平方千米|km2",
    "km": "公里|千米|km", "mm": "毫米|mm", "m": "米|m", "亩": "亩", "公顷": "公顷|hm2",
    "美元": "美元|usd", "欧元": "欧元|eur", "港元": "港元|港币", "元": "元人民币|元|rmb|cny",
    "%": "%|percent", "百分点": "个?百分点", "‰": "‰", "℃": "℃|°c|摄氏度", "kPa": "千帕|kpa", "MPa": "兆帕|mpa",
    "个月": "个月", "工作日": "个?工作日", "小时": "小时|h", "分钟": "分钟", "秒": "秒", "天": "天",
    "日": "日(?!均)", "年": "年", "月": "月", "周": "周(?!边)", "世纪": "世纪",
    "部门": "部门", "方面": "个?方面", "维度": "个?维度", "阶段": "个?阶段",
    "个": "个", "家": "家", "项": "项", "类": "类", "条": "条", "座": "座", "台": "台(?![河山])", "套": "套",
    "辆": "辆", "人": "人", "户": "户", "次": "次(?!能)", "倍": "倍", "分": "分(?![之别])",
    "级": "级", "档": "档", "批": "批", "星": "星", "号": "号", "选": "选", "路": "路", "组": "组",
    "种": "种", "份": "份", "处": "处", "块": "块", "期": "期", "张": "张", "只": "只", "名": "名", "位": "位",
    "篇": "篇", "版": "版", "步": "步", "县": "县", "市": "市", "省": "省", "轮": "轮", "盏": "盏",
    "字": "字", "页": "页",
}  # fmt: skip
_EQUAL = {
    "t/tce": "tCO2/tce",  # only 单位能耗碳排放 is given so
    "tCO2/MWh": "kgCO2/kWh", "tCO2e/MWh": "kgCO2e/kWh", "kgCO2/MWh": "gCO2/kWh", "t/MWh": "kg/kWh",
}  # fmt: skip


def _closed(spellings: str) -> str:
    """Return the alternatives, with Latin ones not going on in a further letter."""
    return "|".join(f"{s}(?![a-z\\d])" if s[-1].isascii() and s[-1].isalnum() else s for s in spellings.split("|"))


_MATTERS = "|".join(_closed(s) for s in _MATTER.values())
_MASSES = "|".join(_MASS.values())
_WEIGHT = rf"(?:{_MASSES})\s*(?:{_MATTERS})|(?:{'|'.join(_closed(s) for s in _MASS.values())})"
_ATOM = rf"(?:{_WEIGHT}|{'|'.join(_closed(s) for s in _PLAIN.values())})"
UNIT = rf"{_ATOM}(?:\s*[/每]\s*(?:[十百千]?[万亿])?{_ATOM})*"
"""Pattern of a unit in normal text (half width, lower case)."""


def canonical_unit(text: str) -> str:
    """Return the one name of a unit written in normal text.

    >>> canonical_unit("吨/吨标准煤"), canonical_unit("tco2/mwh"), canonical_unit("元每度")
    ('tCO2/tce', 'kgCO2/kWh', '元/kWh')
    """
    if not text:
        return ""
    parts: list[str] = []
    for part in re.split(r"\s*[/每]\s*", text):
        scale = re.match(r"[十百千]?[万亿]", part)
        parts.append((scale[0] if scale else "") + _atom(part[scale.end() if scale else 0 :]))
    name = "/".join(parts)
    return _EQUAL.get(name, name)


@cache
def _atom(text: str) -> str:
    for name, spellings in _PLAIN.items():
        if re.fullmatch(_closed(spellings), text):
            return name
    for name, spellings in _MASS.items():
        m = re.match(spellings, text)
        if m is None:
            continue
        rest = text[m.end() :].strip()
        for matter, matters in _MATTER.items():
            if re.fullmatch(matters, rest):
                return name + matter
        if not rest:
            return name
    return text


Kind = Literal["number", "date", "document", "standard", "clause", "ordinal", "name"]
Comparator = Literal["", "ge", "gt", "le", "lt", "approx"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text.

    Attributes:
        kind: what it is.
        key: its normal form: 200000, 2025-08-22, 2026-end, [2025]910, gb/t2589-2020, 附件3, 第1批.
        text: as written, with comparator and unit.
        span: where it stands in the original text.
        value: the number, scaled (20万 is 200000); None for what is no quantity.
        unit: canonical name, or empty.
        comparator: how the value bounds; of a date, before (le) or after (ge).
        in_principle: 原则上 stands before it.
        rough: 约 stands beside another comparator (最高约2元).
        shared: its comparator is that of the list it stands in (不高于1.0、0.7).
        issuer: of a document number, the characters before the year (发改环资).
    """

    kind: Kind
    key: str
    text: str
    span: tuple[int, int]
    value: Decimal | None = None
    unit: str = ""
    comparator: Comparator = ""
    in_principle: bool = False
    rough: bool = False
    shared: bool = False
    issuer: str = ""


_HAN = "零〇一二两三四五六七八九十百千万亿"
_DIGIT = "零〇一二三四五六七八九"
_DRAWN = str.maketrans(
    "〔［【〕］】“”「」『』—–−～〜≦⩽≧⩾‐・萬億噸個為於過達約號條標準時兩項類臺錄錶種處級間從電內後無沒應網與",
    '[[[]]]""""""---~~≤≤≥≥-·万亿吨个为于过达约号条标准时两项类台录表种处级间从电内后无没应网与',
)
_WORDS: tuple[tuple[Comparator, str], ...] = (
    ("ge", "不[得应可宜能会]?(?:低|少|小|早)于|至少|达到或超过|大于(?:或)?等于|最低|最少|下限|[≥满]|>="
           "|at least|not less than"),
    ("le", "不[得应可宜能会]?(?:高|多|大|晚|迟)于|不[得应可宜能会]?超过|小于(?:或)?等于|至多|最多|最高|上限|≤|<="
           "|at most|no(?:t)? more than|up to"),
    ("lt", "不足|不到|不满|未满|未达到?|低于|少于|小于|<|less than|below"),
    ("gt", "超过|超出|高于|大于|多于|突破|超|>|more than|over|above"),
    ("approx", "大约|约为|约|大致|大概|接近|将近|近|about|around"),
)  # fmt: skip
_BEFORE = re.compile(
    rf"(?P<rule>原则上(?P<gap>[^,.。;；\d]{{0,8}}?))?(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _WORDS)})"
    r"(?:[为到达是:]|应为|控制在)?\s*$"
)
_PREFIX_LENGTH = 24
_AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    ("ge", re.compile(r"\s*[及或]?(?:以上|之上)")),
    ("le", re.compile(r"\s*[及或]?(?:以下|以内|之内)")),
    ("approx", re.compile(r"\s*(?:左右|上下)")),
)
_DATE_AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    ("approx", re.compile(r"前后|左右")),
    ("le", re.compile(r"[及或]?(?:以前|之前)|前(?![后景端列沿期述三十])")),
    ("ge", re.compile(r"[及或]?(?:以后|之后)|后(?![续期])")),
)
_YEAR = r"(?:19|20)\d\d"
_JOIN = r"\s*(?:[-~、/]|至|到|和|或|及|与)\s*"
_JOINED = re.compile(rf"^(?:{_JOIN}|\s*[/或和及与]+\s*)$")
_SCALE = r"(?:万亿|[十百千]?[万亿]|[百千](?![瓦克焦伏米分]))"
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_HAN_RUN = rf"(?:[{_DIGIT}两十]|[百千](?![瓦克焦伏米分])|[万亿])+(?:点[{_DIGIT}]+)?"
_SIGN = r"(?:(?<=[\s(:,为是])-|^-)?"
_AMOUNT = rf"{_SIGN}(?<![a-z\d.])(?<![a-z]-)(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_LEAD_IN = re.compile(r"^.*(?:依据|根据|按照|参照|替代|文号|文件|通知|[按见即为对的和与及在由以据被是把给看用照后如])")


def _number_key(text: str) -> str:
    return text if text.isascii() else plain(han_value(text) or Decimal(0))


def _two(text: str | None) -> str:
    return "" if not text else f"-{int(_number_key(text)):02d}"


def _date(m: re.Match[str]) -> str:
    year, month, day, part = (m.groupdict().get(name) for name in ("year", "month", "day", "part"))
    if year and not year.isascii():
        year = str(han_value(year))
    if _two(month) > "-12" or _two(day) > "-31":
        return ""
    ends = {"底": "-end", "末": "-end", "初": "-start", "上半年": "-h1", "下半年": "-h2"}
    return f"{year or '-'}{_two(month)}{_two(day)}{ends.get(part or '', f'-{part}' if part else '')}"


def _standard(m: re.Match[str]) -> str:
    return re.sub(r"\s+", "", f"{m['prefix']}{m['body']}{'-' + m['year'] if m['year'] else ''}")


def _clause(m: re.Match[str]) -> str:
    if m["unit"]:
        return f"第{_number_key(m['count'])}{m['unit']}"
    return f"{m['name']}{_number_key(m['mark'])}" if m["name"] else m[0].strip()


def _ordinal(m: re.Match[str]) -> str:
    return f"第{_number_key(m['count'])}{m['of'] or ''}" if m["count"] else f"第1{m[0][1:]}"


_TENS = "[一二三四五六七八九十]"
_PART = "上半年|下半年|[上中下]旬|底|末|初(?!始)"
_DAY = rf"(?:(?P<day>\d{{1,2}}|{_TENS}{{1,3}})[日号])?"
_ENUMERATED = rf"(?<![一-鿿\d]){_TENS}{{1,3}}\({_TENS}{{1,3}}\)|(?<![\d.])\d+(?:\.\d+){{2,}}"
_STANDARD = (
    r"(?<![a-z])(?P<prefix>t/[a-z]+(?:-[a-z]+)?|ceca-g|(?:gb|hj|iso|iec|iwa|pas|dl|nb|jb|yd|hg|sj|cj|jgj|qb|sy|yb"
    r"|db\d{2,6})(?:/[a-z]+)*(?:\s(?:dis|ts|tr))?)\s*(?P<body>\d{2,6}(?:\.\d+)*(?:-\d{1,2}(?!\d))?)"
    rf"(?:\s*[-:]\s*(?P<year>{_YEAR})(?!\d))?"
)
_CLAUSE = (
    rf"第(?P<count>\d+|[{_HAN}]+)(?P<unit>[章节条款项篇])"
    r"|(?P<name>附件|附录|附表|附图|专栏|(?<!代)表(?=\s*[a-z\d])|图(?=\d))\s*"
    rf"(?P<mark>[a-z]?\.?\d+(?:[.-](?:sm\.)?\d+)*|[a-z](?![a-z])|[{_HAN}]+(?![级类项批]))|{_ENUMERATED}"
)
_ORDINAL = (
    rf"第\s*(?P<count>\d+(?:\.\d+)?|[{_DIGIT}十百]+)\s*"
    r"(?P<of>阶段|季度|产业|[批次版期类轮届步名位号层档家个方年])?|首[批个家次]"
)
_PATTERNS: tuple[tuple[Kind, str, Callable[[re.Match[str]], str]], ...] = (
    ("standard", r"(?<!\d)\d{8}-[tz]-\d{3}(?!\d)", lambda m: m[0]),
    ("standard", _STANDARD, _standard),
    ("document", rf"\[(?P<year>{_YEAR})\]\s*第?(?P<serial>\d+)\s*号?", lambda m: f"[{m['year']}]{m['serial']}"),
    ("document", rf"(?P<year>{_YEAR})年第?(?P<serial>\d+)号", lambda m: f"[{m['year']}]{m['serial']}"),
    ("document", r"(?<![\d.第])(?P<serial>\d{2,4})\s*号(?![线楼机])文?", lambda m: m["serial"]),
    ("date", rf"(?<![\d.])(?P<year>{_YEAR})(?P<sep>[-/.])(?P<month>\d\d?)(?P=sep)(?P<day>\d\d?)(?!\d)", _date),
    ("date", rf"(?<![\d.])(?P<year>{_YEAR})(?={_JOIN}(?:{_YEAR}{_JOIN})*{_YEAR}\s*年)", _date),
    ("date", rf"(?<!\d)(?P<year>{_YEAR}|[一二][{_DIGIT}]{{3}})\s*年度?\s*"
             rf"(?:(?P<month>\d{{1,2}}|{_TENS}{{1,2}})月{_DAY})?(?P<part>{_PART})?", _date),
    ("date", rf"(?<![\d.-])(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])(?![\d-])", _date),
    ("date", rf"(?<![\d.])(?P<month>\d{{1,2}})月{_DAY}(?P<part>{_PART})?", _date),
    ("clause", _CLAUSE, _clause),
    ("ordinal", _ORDINAL, _ordinal),
    ("name", r"十[一二三四五六]五(?![个家项年])", lambda m: m[0]),
    ("name", rf"(?P<of>\d+|[{_HAN}]+)分之(?P<part>\d+|[{_DIGIT}两十]+)(?![\d点.])",
     lambda m: "" if m["of"] == "百" else f"{_number_key(m['part'])}/{_number_key(m['of'])}"),
)  # fmt: skip
_NAMED: tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (kind, re.compile(pattern), key_of) for kind, pattern, key_of in _PATTERNS
)
_QUANTITIES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"百分之(?P<percent>\d+(?:\.\d+)?|[{_DIGIT}两十百]+(?:点[{_DIGIT}]+)?)",
        rf"(?<![\d第])(?P<tenths>[{_DIGIT[2:]}1-9])成(?P<half>[{_DIGIT[2:]}1-9半])?(?![立为功交本果员效熟])",
        rf"{_AMOUNT}\s*(?P<scale>{_SCALE})?(?P<more>[多余](?!家庭))?\s*(?P<unit>{UNIT})?",
        rf"(?<![第数几统唯同之{_HAN}])(?P<han>{_HAN_RUN})(?P<more>[多余])?\s*(?P<unit>{UNIT})",
    )
)
_NAME = re.compile(r"(?<![a-z\d])[a-z][a-z-]*\d+[a-z\d.]*(?<!\.)")
_CHEMICAL = re.compile(r"(?:[kmg]?[tg])?(?:co2(?:e|eq)?|ch4|n2o|n?m[23]|sf6|nf3)")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"


def normal(text: str) -> tuple[str, list[int]]:
    """Return `text` in half width, lower case and simplified number words, and for each character its original place.

    >>> normal("≤８０％")[0]
    '≤80%'
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_DRAWN)):
        plainer = character if character in _CIRCLED else unicodedata.normalize("NFKC", character).lower()
        for c in plainer.translate(_DRAWN):
            characters.append(c)
            places.append(place)
    return "".join(characters), [*places, len(text)]


@lru_cache(maxsize=4096)
def read_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of `text` in reading order; a range (20万—100万吨) gives two.

    >>> [(f.key, f.unit, f.comparator) for f in read_figures("年用能二十万吨标煤以上的，≤０.２吨二氧化碳/吨标准煤")]
    [('200000', 'tce', 'ge'), ('0.2', 'tCO2/tce', 'le')]
    >>> [f.key for f in read_figures("发改环资〔2025〕910号附件3，2025年8月22日前，T/CECA-G 0344-2025")]
    ['[2025]910', '附件3', '2025-08-22', 't/ceca-g0344-2025']
    """
    folded, places = normal(text)
    found = sorted(_read(folded), key=lambda figure: figure.span)
    found = _fill_dates(folded, _share(folded, found))

    def original(figure: Figure) -> Figure:
        start, end = places[figure.span[0]], places[figure.span[1] - 1] + 1
        return replace(figure, span=(start, end), text=text[start:end])

    return tuple(original(figure) for figure in found)


def _read(folded: str) -> Iterator[Figure]:
    rest = folded  # what is read is blanked, so that no later pattern reads it again

    def blank(start: int, end: int) -> None:
        nonlocal rest
        rest = rest[:start] + "\x00" * (end - start) + rest[end:]

    for kind, pattern, key_of in _NAMED:
        for m in list(pattern.finditer(rest)):
            if key := key_of(m):
                figure = _named(kind, key, m, rest)
                blank(*figure.span)
                yield figure
    for pattern in _QUANTITIES:
        for m in list(pattern.finditer(rest)):
            figure = _quantity(m, rest)
            if figure is not None:
                blank(*figure.span)
                yield figure
    for m in _NAME.finditer(rest):
        if not _CHEMICAL.fullmatch(m[0]):
            yield Figure("name", m[0], m[0], m.span())


def _named(kind: Kind, key: str, m: re.Match[str], rest: str) -> Figure:
    start, end = m.span()
    if kind == "date":
        before = _comparator_before(rest, start)
        end, after = _comparator_after(rest, end, _DATE_AFTER)
        return Figure(kind, key, m[0], (before.start, end), comparator=after or before.comparator)
    issuer = ""
    if kind == "document" and key.startswith("[") and m[0].startswith("["):
        code = re.search(r"[一-鿿]{0,12}$", rest[:start])
        issuer = _LEAD_IN.sub("", code[0] if code else "")
    return Figure(kind, key, m[0], (start, end), issuer=issuer)


def _quantity(m: re.Match[str], rest: str) -> Figure | None:
    group = m.groupdict()
    unit = canonical_unit(group.get("unit") or "")
    if group.get("percent"):
        value, unit = _amount(group["percent"]), "%"
    elif group.get("tenths"):
        half = group["half"]
        value = _amount(group["tenths"]) * 10 + (0 if not half else 5 if half == "半" else _amount(half))
        unit = "%"
    elif group.get("han"):
        # 万元, 百个, 十分: no numeral, but part of a word
        if not re.search(rf"[{_DIGIT}两十]", group["han"]) or m[0] == "十分":
            return None
        value = _amount(group["han"])
    else:
        value = Decimal(group["digits"].replace(",", ""))
        for scale in group["scale"] or "":
            value *= _SCALES[scale]
        value = -value if m[0].startswith("-") else value
    before = _comparator_before(rest, m.start())
    end, after = _comparator_after(rest, m.end(), _AFTER)
    if group.get("more"):
        after = after or "gt"
    comparator = after if after and before.comparator in ("", "approx") else before.comparator
    return Figure(
        "number", plain(value), m[0], (before.start, end), value, unit, comparator, before.in_principle,
        rough="approx" in (before.comparator, after) or before.rough,
    )  # fmt: skip


def _amount(text: str) -> Decimal:
    return Decimal(text) if text.isascii() else han_value(text) or Decimal(0)


class _Bound(NamedTuple):
    start: int
    comparator: Comparator = ""
    in_principle: bool = False
    rough: bool = False


def _comparator_before(rest: str, start: int) -> _Bound:
    floor = max(0, start - _PREFIX_LENGTH)
    m = _BEFORE.search(rest[floor:start])
    if m is None:
        return _Bound(start)
    comparator: Comparator = next(name for name, _ in _WORDS if m[name])
    begin = floor + (m.start(comparator) if m["gap"] else m.start())
    bound = _Bound(begin, comparator, bool(m["rule"]))
    if comparator == "approx" or m[comparator].startswith(("最", "上限", "下限")):  # 最高不超过, 最高约, 约为最高
        outer = _comparator_before(rest, begin)
        return outer._replace(
            comparator=comparator
            if outer.comparator in ("", "approx") and comparator != "approx"
            else outer.comparator or comparator,
            in_principle=outer.in_principle or bound.in_principle,
            rough=outer.rough or "approx" in (comparator, outer.comparator),
        )
    return bound


def _comparator_after(
    rest: str, end: int, words: tuple[tuple[Comparator, re.Pattern[str]], ...]
) -> tuple[int, Comparator]:
    for comparator, pattern in words:
        if m := pattern.match(rest, end):
            return m.end(), comparator
    return end, ""


def _share(folded: str, found: list[Figure]) -> list[Figure]:
    """Give the members of a list or range what is written once: unit and scale at its end, comparator at its start."""
    figures = list(found)

    def joined(at: int) -> bool:
        left, right = figures[at], figures[at + 1]
        return left.kind == right.kind == "number" and bool(_JOINED.match(folded[left.span[1] : right.span[0]]))

    for at in reversed(range(len(figures) - 1)):
        left, right = figures[at], figures[at + 1]
        if not joined(at) or left.value is None:
            continue
        if not left.unit and right.unit:
            m = re.search(rf"\d\s*({_SCALE})", right.text)
            scaled = re.search(_SCALE, left.text)
            value = left.value
            for scale in m[1] if m and not scaled else "":
                value *= _SCALES[scale]
            left = replace(left, unit=right.unit, value=value, key=plain(value))
        elif left.unit == "t" and right.unit in ("tce", "tCO2"):  # 20万吨至100万吨标准煤
            left = replace(left, unit=right.unit)
        if right.comparator == "approx" and not left.comparator:
            left = replace(left, comparator="approx", shared=True)
        figures[at] = left
    for at in range(len(figures) - 1):
        left, right = figures[at], figures[at + 1]
        if joined(at) and left.comparator and not right.comparator and left.unit == right.unit:
            figures[at + 1] = replace(right, comparator=left.comparator, in_principle=left.in_principle, shared=True)
    return figures


def _fill_dates(folded: str, figures: list[Figure]) -> list[Figure]:
    """Give 9月9日 the year, and 23日 the month, of the date before it in the same range."""
    filled: list[Figure] = []
    for figure in figures:
        last = filled[-1] if filled else None
        if last is not None and last.kind == "date" and _JOINED.match(folded[last.span[1] : figure.span[0]]):
            if figure.kind == "date" and figure.key.startswith("--") and last.key[:4].isdigit():
                figure = replace(figure, key=f"{last.key[:4]}-{figure.key[2:]}")
            elif figure.unit == "日" and figure.value is not None and re.search(r"-\d\d-\d\d$", last.key):
                figure = replace(
                    figure, kind="date", key=f"{last.key[:-2]}{int(figure.value):02d}", value=None, unit=""
                )
        filled.append(figure)
    return filled
