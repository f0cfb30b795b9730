"""What the screen is made of, without a browser: HTML and the session."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from conftest import HOSTILE, LIMIT, NO_SUBSIDY, FakeAdvisor
from pydantic import ValidationError

from assistant.answer import Answer, Citation
from assistant.conversations import Conversation
from assistant.entries import Entry, Interview, Pending
from assistant.turns import Turn
from corpus.library import Library
from scoring.load import load_rules
from ui.render import header, link, notice, source
from ui.session import Session
from ui.talk_html import TalkView, plain
from ui.talk_list import TalkList
from ui.talk_side import SideView
from ui.talk_texts import read_talk_texts
from ui.texts import Texts, read_texts

TEXTS = read_texts()
VIEW = TalkView(TEXTS, read_talk_texts())
NOW = "2026-11-22T09:30:00+00:00"
PROGRESS = {
    "done": 1, "of": 3, "verdict": "missing", "settled": [[HOSTILE, "met"]], "open": [HOSTILE], "unconfirmed": [],
    "final": False,
}  # fmt: skip
KEY_TAG = re.compile(r"of-[0-9a-f]{12}")  # fields in a tag of their own key: nothing typed is in it
PLAIN_TAGS = {
    "article", "header", "section", "div", "span", "p", "b", "h1", "h2", "h3", "h4", "h5", "button", "a", "mark", "dl",
    "dt", "dd", "details", "summary", "svg", "path", "i", "label", "textarea", "ul", "li", "form", "input", "progress",
    "aside", "time",
}  # fmt: skip


class Seen(HTMLParser):
    """The tags, the text and the text inside one kind of tag of an HTML string."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.inside: dict[str, str] = {}
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag in set(self._open):
            self.inside[tag] = self.inside.get(tag, "") + data

    def all(self, tag: str, css: str = "") -> list[dict[str, str]]:
        return [a for t, a in self.tags if t == tag and css in [*a.get("class", "").split(), ""]]


def turn_of(answer: Answer) -> Turn:
    cited = [one.record() for one in answer.citations]
    reply = "\n".join(answer.lines)
    return Turn(
        1, answer.question, "ask", reply=reply, citations=cited, notes=answer.notes, kind=answer.kind,
        region=answer.region,
    )  # fmt: skip


def shown(answer: Answer, lines: int | None = None) -> Session:
    return Session().asking("key", answer.question).told(turn_of(answer), shown=lines)


def hostile_answer(library: Library) -> Answer:
    passage = replace(library.passages[LIMIT], text=HOSTILE, place=HOSTILE)
    document = library.document_of(library.passages[LIMIT]).model_copy(
        update={"title": HOSTILE, "number": HOSTILE, "url": "javascript:alert(1)", "passages": (passage,)}
    )
    return Answer(
        HOSTILE, "answer", (f"{HOSTILE}[1]",), (Citation(1, passage, document),), notes=(HOSTILE,), region=HOSTILE
    )


def assert_harmless(markup: str) -> None:
    seen = Seen(markup)
    assert {t for t, _ in seen.tags if not KEY_TAG.fullmatch(t)} <= PLAIN_TAGS
    assert not [a for _, attributes in seen.tags for a in attributes if a.startswith("on")]
    assert not re.search(r"[{}$`\\]", markup), "the page's template engine would read these signs"
    assert "javascript:" not in "".join(a.get("href", "") for _, a in seen.tags)


def test_hostile_text_of_users_and_library_is_shown_as_text(library: Library) -> None:
    answer = hostile_answer(library)
    markup = VIEW.page(shown(answer))
    assert_harmless(markup)
    assert Seen(markup).text.count(HOSTILE) >= 5  # question, region, line, note, card


def test_hostile_text_of_a_source_is_shown_as_text(library: Library) -> None:
    citation = hostile_answer(library).citations[0]
    markup = source(citation.document, citation.passage, TEXTS)
    assert_harmless(markup)
    assert Seen(markup).inside["mark"] == HOSTILE


def test_a_hostile_remark_is_shown_as_text() -> None:
    assert_harmless(notice(HOSTILE))
    assert Seen(notice(HOSTILE)).text == HOSTILE


def test_every_document_of_the_library_opens_whole_at_each_end(library: Library) -> None:
    faults: list[str] = []
    for document in library.documents.values():
        for cited in {document.passages[0].id, document.passages[-1].id}:
            markup = source(document, library.passages[cited], TEXTS)
            seen = Seen(markup)
            if seen.inside.get("mark") != library.passages[cited].text:
                faults.append(f"{cited}: the mark is not the passage")
            faults += [f"{p.id}: not shown" for p in document.passages if p.text not in seen.text]
            if len(seen.all("mark")) != 1:
                faults.append(f"{cited}: {len(seen.all('mark'))} marks")
            if re.search(r"[{}$`\\]", markup):
                faults.append(f"{cited}: template signs")
    assert not faults


def test_a_source_shows_each_heading_once_where_it_begins(library: Library) -> None:
    document = library.documents["ndrc-2025-910"]
    seen = Seen(source(document, document.passages[0], TEXTS))
    headings = list(dict.fromkeys(p.path[0] for p in document.passages))
    assert seen.inside["h3"] == "".join(headings)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.ndrc.gov.cn/a?b=1&c=2", "https://www.ndrc.gov.cn/a?b=1&c=2"),
        ("http://x.gov.cn/", "http://x.gov.cn/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//evil.example/", ""),
        ("https://", ""),
        ("http://[broken", ""),
        ("无", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(address: str, expected: str) -> None:
    assert link(address) == expected


def test_links_leave_without_saying_where_from(advisor: FakeAdvisor) -> None:
    links = Seen(VIEW.page(shown(advisor.ask("限值")))).all("a")
    assert links
    assert all(a["rel"] == "noopener noreferrer" and a["target"] == "_blank" for a in links)


def test_each_mark_of_a_citation_opens_its_passage_and_other_brackets_stay_text(advisor: FakeAdvisor) -> None:
    answer = advisor.ask("限值")
    answer = replace(answer, lines=(*answer.lines, "没有这个来源[7]。"))
    seen = Seen(VIEW.page(shown(answer)))
    assert [b["data-passage"] for b in seen.all("button", "cite")] == [LIMIT, NO_SUBSIDY]
    assert "没有这个来源[7]。" in seen.text


def test_a_source_card_says_title_number_place_status_and_confidence(advisor: FakeAdvisor) -> None:
    answer = advisor.ask("限值")
    text = Seen(VIEW.page(shown(answer))).text
    for citation in answer.citations:
        for part in (
            citation.document.title,
            citation.document.number,
            citation.passage.place,
            citation.document.status,
        ):
            assert part in text
    assert TEXTS.confidences["A"] in text


@pytest.mark.parametrize(("question", "word"), [("限值", "答复"), ("补贴", "来源没有写"), ("天气", "文库没有覆盖")])
def test_the_kind_of_an_answer_is_said_in_words(advisor: FakeAdvisor, question: str, word: str) -> None:
    assert word in Seen(VIEW.page(shown(advisor.ask(question)))).text


def test_a_refusal_does_not_pass_its_nearest_passages_off_as_sources(advisor: FakeAdvisor) -> None:
    answer = replace(advisor.ask("补贴"), kind="refused")
    assert TEXTS.sources_near in Seen(VIEW.page(shown(answer))).inside["h3"]


def test_many_sources_are_folded_but_all_there(library: Library) -> None:
    passages = list(library.documents["ndrc-2025-910"].passages[:7])
    citations = tuple(Citation(n, p, library.document_of(p)) for n, p in enumerate(passages, 1))
    seen = Seen(VIEW.page(shown(Answer("问", "answer", ("答[1]",), citations))))
    assert len(seen.all("button", "open")) == 7
    assert TEXTS.more_sources.format(count=3) in seen.text


def test_an_answer_on_its_way_shows_its_first_sentence_and_no_sources_yet(advisor: FakeAdvisor) -> None:
    answer = advisor.ask("限值")
    text = Seen(VIEW.page(shown(answer, 1))).text
    assert answer.citations[0].passage.text in text
    assert answer.citations[1].passage.text not in text
    assert TEXTS.copy_ not in text


def test_a_stopped_answer_keeps_what_was_said_and_says_that_it_was_cut(advisor: FakeAdvisor) -> None:
    seen = Seen(VIEW.page(shown(advisor.ask("限值"), 1).stopped()))
    assert TEXTS.stopped in seen.text
    assert advisor.library.passages[LIMIT].text in seen.text
    assert "所在省份可能另有补充。" not in seen.text


def test_the_first_screen_offers_every_example(library: Library) -> None:
    seen = Seen(VIEW.page(Session()))
    assert [b["data-text"] for b in seen.all("button", "example")] == list(TEXTS.examples)


def test_the_head_says_how_large_the_library_is(library: Library) -> None:
    assert f"{len(library.passages):,}" in Seen(header(library, TEXTS)).text


def test_a_copied_answer_carries_its_sources_and_addresses(advisor: FakeAdvisor) -> None:
    copied = plain(turn_of(advisor.ask("限值")), TEXTS)
    assert "[2]" in copied
    assert "发改环资〔2025〕910号" in copied
    assert "https://www.ndrc.gov.cn/" in copied


def test_hostile_values_files_and_titles_beside_the_talk_are_shown_as_text() -> None:
    side = SideView(load_rules(), TEXTS, read_talk_texts())
    entry = Entry("grid_power_in_mwh", Decimal(5), "MWh", HOSTILE, HOSTILE, HOSTILE, "said", 1)
    doubt = Pending("smell", replace(entry, fact="fuel_burned/diesel"), text=HOSTILE)
    interview = Interview("national-2025", HOSTILE, 2025, entries=(entry,), pending=(doubt,))
    done = Turn(1, "", "edit", question=HOSTILE, files=[HOSTILE], buttons=[HOSTILE], progress=PROGRESS, level=HOSTILE)
    listed = TalkList(read_talk_texts()).shelf([Conversation("key", HOSTILE, NOW, NOW)], "key")
    for markup in (side.interview(interview, [done]), listed, VIEW.page(Session("key", (done,), resumed=(HOSTILE,)))):
        assert_harmless(markup)
        assert HOSTILE in Seen(markup).text


def test_a_missing_sentence_of_the_screen_is_refused() -> None:
    known = TEXTS.model_dump(by_alias=True)
    del known["send"]
    with pytest.raises(ValidationError, match="send"):
        Texts.model_validate(known)
