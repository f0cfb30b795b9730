"""The guard: what it lets stand, what it takes out, and how much of planted errors it finds in the real library."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

import pytest

from assistant.answer import Answer, Citation
from assistant.guard import Fault, check, check_answer, clean
from corpus.figures import read_figures
from corpus.library import Library, read_library
from corpus.model import Document, Passage
from corpus.words import plain

SAMPLE = 600

LIMIT = Passage(
    "ndrc-2025-910#limit", "ndrc-2025-910",
    "年综合能源消费量20万吨标准煤以上、不足100万吨标准煤的园区，单位能耗碳排放应不高于0.2吨二氧化碳/吨标准煤，"
    "100万吨标准煤及以上的不高于0.3吨二氧化碳/吨标准煤。",
    "附件3 一", "A",
)  # fmt: skip
DIRECT = Passage(
    "ndrc-2025-910#direct",
    "ndrc-2025-910",
    "园区绿色电力直接供应比例原则上不低于50%，不足部分可以交易。",
    "附件4 二",
    "A",
)
RUMOR = Passage(
    "ndrc-2025-910#rumor", "ndrc-2025-910",
    "没有可靠来源支持“发改环资〔2026〕1360号启动第二批申报”的说法，不能采用。", "资料检索", "B", "无来源",
)  # fmt: skip
NOTICE = Document(
    id="ndrc-2025-910", realm="national", title="关于开展零碳园区建设的通知", number="发改环资〔2025〕910号",
    kind="通知", issuers=("国家发展改革委",), issued="2025-06-30", published="2025-07-08", status="现行", region="全国",
    aliases=("910号文",), url="无", checked="2026-11-22",
)  # fmt: skip
CITATIONS = tuple(Citation(mark, passage, NOTICE) for mark, passage in enumerate((LIMIT, DIRECT, RUMOR), 1))


def answer(*lines: str, question: str = "") -> Answer:
    return Answer(question, "answer", lines, CITATIONS)


def faults(*lines: str, question: str = "") -> tuple[Fault, ...]:
    return check_answer(answer(*lines, question=question))


@pytest.mark.parametrize(
    "line",
    [
        "单位能耗碳排放应≤0.20 tCO2/tce。[1]",
        "用能二十万吨标煤以上、＜100万吨标煤的园区，碳强度≤０.２吨/吨标准煤[1]。",
        "按发改环资[2025]910号（2025年6月30日印发）附件3，不低于1000000吨标准煤的园区不高于0.3吨/吨标准煤。[1]",
        "910号文附件三：限值不高于0.2吨二氧化碳/吨标准煤。[1]",
        "绿电直供比例原则上≥50%，限值不高于0.2吨二氧化碳/吨标准煤。[1][2]",
        "1. 绿色电力直接供应比例原则上不低于百分之五十。[2]",
        "原话是“原则上不低于50％”。[2]",
        "请向省级发展改革部门确认。",
    ],
)
def test_a_line_that_says_what_its_source_says_stands(line: str) -> None:
    assert faults(line) == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("单位能耗碳排放不高于0.25吨二氧化碳/吨标准煤。[1]", "数字"),
        ("单位能耗碳排放不低于0.2吨二氧化碳/吨标准煤。[1]", "数字"),
        ("单位能耗碳排放为0.2吨二氧化碳/吨标准煤。[1]", "数字"),
        ("单位能耗碳排放不高于0.2千克二氧化碳/吨标准煤。[1]", "数字"),
        ("绿色电力直接供应比例不低于50%。[2]", "数字"),
        ("绿色电力直接供应比例原则上不低于50%。[1]", "数字"),
        ("绿色电力直接供应比例原则上不低于50%。", "数字"),
        ("2025年6月20日印发。[1]", "日期"),
        ("2027年起执行。[1]", "日期"),
        ("依据发改环资〔2025〕911号。[1]", "文号"),
        ("依据发改能源〔2025〕910号。[1]", "文号"),
        ("依据T/CECA-G 0344-2025。[1]", "标准号"),
        ("见附件2。[1]", "条款"),
        ("第一批园区已公布。[3]", "序次"),
        ("请以通知为准。[7]", "标记"),
        ("原话是“一律不低于五成”。[2]", "引语"),
        ("园区绿色电力直接供应不足部分不可以交易。[2]", "肯定与否定"),
        ("发改环资〔2026〕1360号启动第二批申报。[3]", "肯定与否定"),
    ],
)
def test_a_line_that_departs_from_its_source_is_a_fault(line: str, kind: str) -> None:
    assert kind in {fault.kind for fault in faults(line)}


def test_two_limits_changed_for_each_other_are_a_fault() -> None:
    swapped = LIMIT.text.replace("0.2吨", "0.x吨").replace("0.3吨", "0.2吨").replace("0.x吨", "0.3吨")
    assert len(faults(f"{swapped}[1]")) == 2


def test_the_fault_says_where_what_and_why() -> None:
    (fault,) = faults("好的。", "绿色电力直接供应比例原则上不高于50%。[2]")
    assert fault.line == 1
    assert fault.message == (
        "第2句：“原则上不高于50%”与[2]的比较方式不同：引文写“原则上不低于50%”，请照引文改正或另引出处。"
    )


def test_the_users_own_figure_may_be_repeated_where_the_line_says_so() -> None:
    question = "我们园区用能35万吨标准煤，要求多少？"
    assert faults("您说的35万吨标准煤在这一档，限值不高于0.2吨二氧化碳/吨标准煤。[1]", question=question) == ()
    assert faults("按您提供的350000tce看。", question=question) == ()
    assert faults("用能35万吨标准煤的园区在这一档。[1]", question=question) != ()
    assert faults("您说的36万吨标准煤在这一档。[1]", question=question) != ()


def test_an_answer_without_faults_is_cleaned_to_itself() -> None:
    sound = answer("限值不高于0.2吨二氧化碳/吨标准煤。[1]")
    assert clean(sound) is sound


def test_a_faulty_line_gives_way_to_the_fact_that_it_cites() -> None:
    cleaned = clean(answer("比例要达到60%。[2]", "限值不高于0.2吨二氧化碳/吨标准煤。[1]"))
    assert cleaned.lines == (f"{DIRECT.text} [2]", "限值不高于0.2吨二氧化碳/吨标准煤。[1]")
    assert [citation.mark for citation in cleaned.citations] == [1, 2]
    assert check_answer(cleaned) == ()


def test_a_phantom_mark_is_taken_out_and_its_line_stays() -> None:
    assert clean(answer("限值不高于0.2吨二氧化碳/吨标准煤。[1][9]")).lines == ("限值不高于0.2吨二氧化碳/吨标准煤。[1]",)


def test_a_faulty_line_without_citation_is_dropped_with_the_citations_no_line_names() -> None:
    cleaned = clean(answer("补助1亿元。", "限值不高于0.2吨二氧化碳/吨标准煤。[1]"))
    assert cleaned.lines == ("限值不高于0.2吨二氧化碳/吨标准煤。[1]",)
    assert [citation.mark for citation in cleaned.citations] == [1]


# The real library: each sampled passage as its own correct answer, then with one planted error.

UNITS = {
    "吨二氧化碳": "千克二氧化碳", "吨标准煤": "吨二氧化碳", "tCO2": "kgCO2", "kgCO2": "tCO2",
    "万元": "亿元", "亿元": "万元",
    "亿千瓦时": "万千瓦时", "千瓦时": "兆瓦时", "万千瓦": "千瓦", "兆瓦": "千瓦", "kWh": "MWh", "GJ": "MJ",
    "万吨": "吨", "吨": "千克", "小时": "天", "%": "‰", "个": "%", "家": "项", "项": "%",
}  # fmt: skip
COMPARATORS = {
    "不低于": "不高于", "不高于": "不低于", "不少于": "不超过", "不超过": "不少于", "以上": "以下", "以下": "以上",
    "≥": "≤", "不足": "超过", "最高": "最低", "至少": "至多", "以内": "以上", "左右": "", "原则上不": "不",
}  # fmt: skip


def changed(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def digits(text: str, chance: random.Random) -> Iterator[str]:
    places = [m.start() for m in re.finditer(r"\d", text)]
    for at in chance.sample(places, min(3, len(places))):
        yield changed(text, at, at + 1, str((int(text[at]) + chance.randint(1, 9)) % 10))


def units(text: str, _: random.Random) -> Iterator[str]:
    for unit, other in UNITS.items():
        for m in re.finditer(rf"(?<=\d)\s*{unit}(?!庭)", text):
            yield changed(text, m.end() - len(unit), m.end(), other)


def comparators(text: str, _: random.Random) -> Iterator[str]:
    for word, other in COMPARATORS.items():
        for m in re.finditer(word, text):
            yield changed(text, *m.span(), other)
    for m in re.finditer(r"约(?=\d)|(?:不低于|不高于|(?<!不)超过)(?=\d)", text):
        yield changed(text, *m.span(), "")


def years(text: str, chance: random.Random) -> Iterator[str]:
    for m in re.finditer(r"(?:19|20)\d\d(?=年|—|-|〕)", text):
        yield changed(text, *m.span(), str(int(m[0]) + chance.choice((-1, 1, 2))))


def document_numbers(text: str, chance: random.Random) -> Iterator[str]:
    for m in re.finditer(r"(?<=〕)\d+(?=号)|\d{2,4}(?=号(?:附件|文|通知|要求))", text):
        yield changed(text, *m.span(), str(int(m[0]) + chance.choice((1, 10, 100))))
    for m in re.finditer(r"环资(?=〔)", text):
        yield changed(text, *m.span(), "价格")


def clauses(text: str, _: random.Random) -> Iterator[str]:
    for m in re.finditer(r"(?<=附件)\d|第[一二](?=批)", text):
        yield changed(text, *m.span(), "第三" if m[0].startswith("第") else str(int(m[0]) % 9 + 1))


def denials(text: str, _: random.Random) -> Iterator[str]:
    for m in re.finditer(r"没有|不(?=[能得可])|未(?=[查公规])", text):
        yield changed(text, *m.span(), "")


def exchanges(text: str, _: random.Random) -> Iterator[str]:
    figures = [f for f in read_figures(text) if f.kind in ("number", "date")]
    for one, other in pairwise(figures):
        if one.kind == other.kind and one.unit == other.unit and one.key != other.key:
            between = text[one.span[1] : other.span[0]]
            yield changed(text, one.span[0], other.span[1], other.text + between + one.text)


def half_width(text: str) -> str:
    return text.translate(str.maketrans("（），：〔〕", "(),:[]"))


def full_width(text: str) -> str:
    return text.translate(str.maketrans("0123456789%()", "０１２３４５６７８９％（）"))


def scaled_out(text: str) -> str:
    """20万 -> 200000, outside of quotes: those are word for word."""
    parts = re.split(r"(“[^”]*”)", text)
    out = [
        p if p.startswith("“") else re.sub(r"(?<![\d.])(\d+(?:\.\d+)?)万", lambda m: plain(Decimal(m[1]) * 10000), p)
        for p in parts
    ]
    return "".join(out)


def in_other_order(text: str) -> str:
    return text if "“" in text else "，".join(reversed(re.split("[，；]", text.rstrip("。"))))


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.fixture(scope="module")
def sample(library: Library) -> list[Passage]:
    with_figures = [library.passages[i] for i in sorted(library.passages) if read_figures(library.passages[i].text)]
    assert len(with_figures) >= SAMPLE
    return random.Random(20260822).sample(with_figures, SAMPLE)


def found(passage: Passage, text: str, library: Library) -> tuple[Fault, ...]:
    return check((f"{text} [1]",), {1: Citation(1, passage, library.document_of(passage))})


@pytest.mark.parametrize("phrase", [str, half_width, full_width, scaled_out, in_other_order])
def test_a_correct_line_of_the_library_raises_no_alarm(
    phrase: Callable[[str], str], library: Library, sample: list[Passage]
) -> None:
    alarms = [f.message for p in sample for f in found(p, phrase(p.text), library)]
    print(f"{phrase.__name__}: {len(alarms)} false alarms in {len(sample)} lines")
    assert alarms == []


def test_a_single_sentence_with_the_name_of_its_document_raises_no_alarm(
    library: Library, sample: list[Passage]
) -> None:
    alarms: list[str] = []
    for passage in sample:
        document = library.document_of(passage)
        for sentence in re.split("[；。]", passage.text):
            if sentence and sentence.count("“") == sentence.count("”"):
                line = f"《{document.title}》（{document.number}，{passage.place}）：{sentence}。"
                alarms += [f.message for f in found(passage, line, library)]
    assert alarms == []


@pytest.mark.parametrize(
    ("plant", "at_least"),
    [
        (digits, 1000), (units, 100), (comparators, 80), (years, 300), (document_numbers, 150), (clauses, 60),
        (denials, 100), (exchanges, 80),
    ],
)  # fmt: skip
def test_every_planted_error_is_found(
    plant: Callable[[str, random.Random], Iterator[str]], at_least: int, library: Library, sample: list[Passage]
) -> None:
    chance = random.Random(910)
    counts: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    for passage in sample:
        for text in plant(passage.text, chance):
            caught = bool(found(passage, text, library))
            counts["caught" if caught else "missed"] += 1
            if not caught:
                missed.append((passage.text, text))
    print(f"{plant.__name__}: {counts['caught']} caught, {counts['missed']} missed")
    assert missed == []
    assert counts["caught"] >= at_least  # the sample must have held enough of them
