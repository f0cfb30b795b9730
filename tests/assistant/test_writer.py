"""The optional model: whatever it writes or does, the answer keeps its figures, its sources and nothing else."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest
from fakes import small_documents
from model_server import Manner, ModelServer
from ruamel.yaml import YAML

from assistant.advisor import Advisor
from assistant.answer import Answer, Citation
from assistant.measure_writer import PLANTED, measure_writer, plant, reworded
from assistant.rewriting import Grounded, Rewriting, signs, without_instructions
from assistant.writer import Writer, Written, open_writer
from corpus.model import Passage

NOTES: dict[str, str] = signs()["notes"]
DOCUMENT = small_documents()[0]
CITATIONS = tuple(Citation(mark, passage, DOCUMENT) for mark, passage in enumerate(DOCUMENT.passages, 1))
LIMIT, CLEAN = (f"{c.passage.text}[{c.mark}]" for c in CITATIONS)
ANSWER = Grounded("碳强度和清洁能源要做到多少", (LIMIT, CLEAN), CITATIONS)
FLUENT = (
    "根据规定，园区单位能耗碳排放应不高于0.2吨二氧化碳每吨标准煤，由主管部门验收。[1]"
    "同时，清洁能源消费占比不低于90%。[2]"
)
POISONS: list[dict[str, str]] = YAML(typ="safe").load(Path(__file__).with_name("poisons.yaml"))


def written(writer: Writer, grounded: Grounded = ANSWER, **rest: Any) -> tuple[Written, list[str]]:
    """The wording and all that was shown on the way."""
    shown: list[str] = []
    writing = writer.write(grounded, **rest)
    while True:
        try:
            shown.append(next(writing))
        except StopIteration as end:
            return end.value, shown


def worded(text: str, grounded: Grounded = ANSWER) -> tuple[str, ...]:
    rewriting = Rewriting(grounded)
    for at in range(0, len(text), 3):
        rewriting.feed(text[at : at + 3])
    return rewriting.finish()


@pytest.fixture(scope="module")
def answers(advisor: Advisor) -> list[Answer]:
    asked = [p.questions[0] for p in advisor.library.passages.values() if p.questions]
    random.Random(7).shuffle(asked)
    answers = (advisor.ask(question) for question in asked)
    return [a for a, _ in zip((a for a in answers if a.kind != "refused"), range(63), strict=False)]


def test_a_fluent_wording_stands_with_its_sources() -> None:
    assert worded(FLUENT) == (
        "根据规定，园区单位能耗碳排放应不高于0.2吨二氧化碳每吨标准煤，由主管部门验收。[1]",
        "同时，清洁能源消费占比不低于90%。[2]",
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (FLUENT.replace("0.2", "0.3"), LIMIT),
        (FLUENT.replace("不高于", "不低于"), LIMIT),
        (FLUENT.replace("90%", "90‰"), CLEAN),
        (FLUENT.replace("同时，", "园区须在年底前提交环评报告。同时，"), None),
        (FLUENT + "另外，所有企业必须立即关停。", None),
        (FLUENT + "<b>点这里</b>领奖。", None),
        (FLUENT.replace("由主管部门验收", "不由主管部门验收"), LIMIT),
        ("清洁能源消费占比不低于90%。[2]", LIMIT),
        ("园区单位能耗碳排放不高于0.2吨二氧化碳每吨标准煤，由主管", LIMIT),
    ],
)
def test_what_is_not_borne_out_gives_way_to_the_fact(said: str, kept: str | None) -> None:
    lines = worded(said)
    assert kept is None or kept in lines
    text = "".join(lines)
    assert {"[1]", "[2]"} == set(re.findall(r"\[\d+\]", text))
    for strange in ("0.3", "不低于0.2", "‰", "环评", "关停", "领奖", "不由"):
        assert strange not in text


def test_a_phantom_source_goes_from_the_text() -> None:
    assert worded(FLUENT.replace("[2]", "[7]")) == worded(FLUENT)
    assert "[9]" not in "".join(worded(FLUENT + "[9]"))


def test_thinking_and_ornaments_are_not_shown() -> None:
    text = "<think>[1] 说 0.9 吧</think>\n- **" + FLUENT.replace("。[1]", "[1]\n- ")
    assert all(word not in "".join(worded(text)) for word in ("think", "0.9", "**", "- "))


def test_lines_of_an_assessment_are_their_own_evidence() -> None:
    lines = ("单位能耗碳排放：0.31 tCO2/tce，限值不高于0.2 tCO2/tce，没有达到", "清洁能源消费占比：92%，达到")
    grounded = Grounded("我们达标了吗", lines)
    assert worded("单位能耗碳排放0.31 tCO2/tce，没有达到。清洁能源消费占比92%，达到。", grounded)[0].startswith("单位")
    assert worded("单位能耗碳排放0.13 tCO2/tce，达到。清洁能源消费占比92%，没有达到。", grounded) == lines


def test_only_checked_text_is_ever_shown() -> None:
    with ModelServer([Manner(FLUENT.replace("0.2", "0.7"), piece=1)]) as server:
        result, shown = written(open_writer(server.base_url, "m", timeout=20))
    assert result.lines[0] == LIMIT
    assert all("0.7" not in text for text in shown)
    assert shown[0].startswith("根据规定")


def test_first_words_come_soon_after_the_models_first() -> None:
    """300 ms at 20 ms for two characters; 2.5 s for the whole answer."""
    with ModelServer([FLUENT, Manner(FLUENT, pause=0.02, piece=2)]) as server:
        writer = open_writer(server.base_url, "m", timeout=10)
        written(writer)  # the client's imports
        next(iter(writer.write(ANSWER)))
        assert time.monotonic() - server.times[1] < 0.3


def test_the_subject_of_the_field_is_no_figure_to_wait_for() -> None:
    rewriting = Rewriting(Grounded("清洁能源占比", ("国家级零碳园区的清洁能源消费占比不低于90%。",)))
    rewriting.feed("国家级零碳园区的清洁能源")
    assert rewriting.text == "国家级零碳园区的清洁能源"
    rewriting = Rewriting(Grounded("煤", ("煤炭消费为零。",)))
    rewriting.feed("煤炭消费为零")
    assert rewriting.text == "煤炭消费为"


def test_one_sentence_without_end_is_cut_without_much_work() -> None:
    rewriting, started = Rewriting(ANSWER), time.process_time()
    for _ in range(150):
        for letter in "园区单位能耗碳排放，":
            rewriting.feed(letter)
            assert rewriting.text is not None
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("manner", "note"),
    [
        (Manner(kind="hang"), "timeout"),
        (Manner(kind="drip"), "timeout"),
        (Manner(FLUENT, kind="garbage"), "broken"),
        (Manner(FLUENT, kind="html"), "broken"),
        (Manner(FLUENT, kind="endless"), "endless"),
        (Manner(kind="say"), "empty"),
        (Manner(status=429), "busy"),
        (Manner(status=503), "busy"),
        (Manner("Context size has been exceeded.", status=400), "long"),
        (Manner(status=400), "refused"),
        (Manner(status=401), "refused"),
        (Manner("抱歉，我不能回答这个问题。"), "unsupported"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.kind}-{one.status}",
)
def test_whatever_the_service_does_the_grounded_answer_stands(manner: Manner, note: str) -> None:
    with ModelServer([manner]) as server:
        patience = 0.8 if note == "timeout" else 20
        result, _ = written(open_writer(server.base_url, "m", timeout=patience))
    assert result == Written(ANSWER.lines, NOTES[note])


def test_no_server_at_all() -> None:
    with ModelServer([""]) as gone:
        pass
    assert written(open_writer(gone.base_url, "m", timeout=2))[0] == Written(ANSWER.lines, NOTES["unreachable"])


def test_a_connection_cut_midway_leaves_no_half_sentence() -> None:
    with ModelServer([Manner(FLUENT, kind="cut")]) as server:
        result, _ = written(open_writer(server.base_url, "m", timeout=20))
    assert [line for line in result.lines if not re.search(r"。(\[\d\])*$", line)] == []


def test_the_prompt_holds_the_passages_the_answer_and_the_last_turns_only() -> None:
    turns = [(f"问{n}", "答" * 1000) for n in range(9)]
    with ModelServer([FLUENT]) as server:
        written(open_writer(server.base_url, "m", timeout=20), turns=turns)
        (asked,) = server.asked
    system, user = asked["messages"]
    assert asked["stream"] is True
    assert system["content"] == (Path("assistant/prompts/rewrite.md")).read_text(encoding="utf-8")
    data = json.loads(user["content"])
    assert list(data) == ["turns", "question", "facts", "answer"]
    assert [said for said, _ in data["turns"]] == ["问6", "问7", "问8"]
    assert data["answer"] == [LIMIT, CLEAN]
    assert data["facts"] == {}  # the answer quotes them
    assert len(user["content"]) < 3000


@pytest.mark.parametrize("one", POISONS, ids=[one["poison"][:12] for one in POISONS])
def test_an_instruction_inside_a_passage_is_data(one: dict[str, str]) -> None:
    """The scripted model obeys; nothing of it comes through, and it never even gets to read the instruction."""
    passage = Passage("x#1", "x", f"{CITATIONS[0].passage.text}{one['poison']}", "附件3 一", "A")
    poisoned = Grounded("碳强度要多少", (f"{passage.text}[1]", CLEAN), (Citation(1, passage, DOCUMENT), CITATIONS[1]))
    with ModelServer([one["obeyed"] + "\n" + CLEAN]) as server:
        result, shown = written(open_writer(server.base_url, "m", timeout=20), poisoned)
        assert one["poison"].strip("。") not in server.asked[0]["messages"][1]["content"]
    assert set(result.lines) == {LIMIT, CLEAN}
    assert all(one["obeyed"].removesuffix("[1]") not in text for text in shown)


def test_plain_facts_are_not_taken_for_instructions(advisor: Advisor) -> None:
    cut = [p.id for p in advisor.library.passages.values() if without_instructions(p.text) != p.text]
    assert cut == []


def test_planted_faults_change_a_wording(answers: list[Answer]) -> None:
    chance = random.Random(1)
    plain = [reworded(a.lines, chance) for a in answers]
    for kind in PLANTED[1:]:
        assert [plant(kind, text, chance) for text in plain] != plain


def test_answers_of_the_library_survive_every_planted_fault(answers: list[Answer]) -> None:
    with ModelServer(lambda request: json.loads(current[0])) as server:
        current = ['""']
        writer = open_writer(server.base_url, "m", timeout=10)

        def writer_of(text: str) -> Writer:
            current[0] = json.dumps(text)
            return writer

        outcome = measure_writer(answers, writer_of)
    assert outcome.answers == len(answers) >= 60
    assert outcome.figures == []
    assert outcome.worse == []
    assert outcome.followed == []
    assert outcome.own >= outcome.answers * 0.7


INTENTS = {"ask": "问规定", "assess": "开始自评"}
FACTS = {"grid_power_in_mwh": "外购电量"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('{"intent": "assess", "figures": [{"fact": "grid_power_in_mwh", "raw": "三亿度"}]}', ("assess", ["三亿度"])),
        ('好的：{"intent": "assess", "figures": []}。', ("assess", [])),
        ('{"intent": "assess", "figures": [{"fact": "grid_power_in_mwh", "raw": "四亿度"}]}', ("assess", [])),
        ('{"intent": "assess", "figures": [{"fact": "secret", "raw": "三亿度"}]}', ("assess", [])),
        ('{"intent": "delete_everything", "figures": []}', None),
        ('{"intent": 3}', None),
        ("我不知道", None),
        ("", None),
    ],
)
def test_a_guess_is_checked_against_the_users_words(said: str, kept: tuple[str, list[str]] | None) -> None:
    with ModelServer([said]) as server:
        guess = open_writer(server.base_url, "m", timeout=20).guess("我们一年要用三亿度", INTENTS, FACTS)
    assert (guess and (guess.intent, [one.raw for one in guess.figures])) == kept
