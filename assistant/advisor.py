"""One question in, one answer out: search, weigh, compose, guard."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.answer import Answer, Citation
from assistant.guard import clean
from assistant.judging import judge_hits
from assistant.relevance import Leg, Relevance, only_negated, size_fit
from assistant.understand import Question, Reader, read_yaml
from assistant.workings import working
from corpus.editions import Standing, standing
from corpus.figures import read_figures
from corpus.index import Filters, Found, Index
from corpus.library import Library
from corpus.model import Document, Hit
from corpus.rerank import Reranker
from corpus.words import fold, is_clause, plain, references

LONGEST_QUESTION = 2000
_CANDIDATES = 30
_JUDGED = 5
_SUPPORTING = 3
_SUPPORT_SHARE = 0.25
_SUPPORT_SHARE_SEVERAL = 0.08
"""How nearly as likely as the first a supporting fact is; of the same document half of that will do."""
_OTHER_SIZE = 0.05
_OTHER_PLACE = 0.5
_OTHERS = 0.05
_OTHER_YEAR = 0.1
_YEAR_OF_ID = re.compile(r"20[0-4]\d")
_EVERYDAY = frozenset("我你您他她们咱有能要给把被让得了着过的吗呢吧啊几哪啥么多少没不就都也还又再一个这那啦哦去来")


class Advisor:
    """Answers from one library; holds no state of any conversation.

    Args:
        index: the opened index; its library is what may be cited.
        relevance: weighs passages; the fitted one by default.
        reranker: reads the likeliest passages once more; without one their words and vectors decide.
    """

    def __init__(self, index: Index, relevance: Relevance | None = None, *, reranker: Reranker | None = None) -> None:
        self.index = index
        self.reranker = reranker
        self.reader = Reader(index.library, index.words, index.spelling, embedder=index.embedder)
        self.relevance = relevance or Relevance(index)
        self._phrases: dict[str, Any] = read_yaml("assistant", "phrases.yaml")
        self._newest = newest_of_series(self.library.passages, before=f"{date.today().year + 1}")
        self._succeeded = {old for d in self.index.library.documents.values() for old in d.supersedes}

    @property
    def library(self) -> Library:
        """The documents that answers may cite."""
        return self.index.library

    def ask(self, question: str, *, region: str = "", history: Sequence[Answer] = (), on: str = "") -> Answer:
        """Return the answer to `question`.

        Args:
            question: the words of the user, data and never instruction.
            region: the region chosen beside the question, for one that names none.
            history: the answers of this conversation, oldest first; a follow-up inherits the last subject.
            on: an ISO day; the answer is from what was in force then. Now, without one.
        """
        started = time.perf_counter()
        question = question.encode("utf-8", "replace").decode()  # a command line may hold bytes that are no UTF-8
        bare = "".join(c for c in question if c >= " " or c in "\n\t").strip()
        if not re.search(r"\w", bare):
            made = self._refuse(question, self._phrases["empty"])
        elif len(bare) > LONGEST_QUESTION:
            made = self._refuse(question, self._say("too_long", length=len(bare), most=LONGEST_QUESTION))
        else:
            last = next((a for a in reversed(history) if a.subject), None)
            before = last.subject if last is not None else ""
            asked = self.reader.read(bare, region=region, before=before)
            made = self._answer(asked, on)
            if asked.follows_up and made.kind == "refused" and self.reader.names_field(fold(bare)):
                made = self._standing_alone(bare, region or (last.region if last is not None else ""), on) or made
            made = clean(replace(made, question=question), question=f"{before} {bare}")
        return replace(made, seconds=time.perf_counter() - started)

    def _standing_alone(self, message: str, region: str, on: str) -> Answer | None:
        """The answer to a message that names a subject of its own, without the one before it; None where refused."""
        made = self._answer(self.reader.read(message, region=region), on)
        return None if made.kind == "refused" else made

    @property
    def leg(self) -> Leg:
        """What decides: the reranker, or words and vectors, or words alone."""
        return "judged" if self.reranker is not None else "fused" if self.index.legs == "fused" else "lexical"

    def weigh(self, question: Question, *, on: str = "") -> tuple[Found, list[tuple[float, Hit]]]:
        """Return what was found for a question, and the hits with their probabilities, likeliest first.

        A statement about one province stands behind others when the question names none, and before those that do not
        answer. Of one value year by year the newest goes first, unless the question names a year.
        """
        found, examined = self.examine(question, on=on)
        weighed = [(self._chance(question, hit, self.leg, values), hit) for hit, values in examined]
        threshold = self.relevance.threshold(self.leg)

        def rank(pair: tuple[float, Hit]) -> tuple[bool, float]:
            return pair[0] < threshold, -pair[0] * self._share(question, pair[1])

        ranked = sorted(weighed, key=rank)
        asked_so = bool(question.years or on or (ranked and ranked[0][1].passage.id in found.named))
        return found, ranked if asked_so else self._newest_first(ranked)

    def _newest_first(self, ranked: Sequence[tuple[float, Hit]]) -> list[tuple[float, Hit]]:
        """The hits; before the first of them the newest value of its series, where it is not the newest itself."""
        first = ranked[0][1].passage.id if ranked else ""
        newest = self._newest.get(_YEAR_OF_ID.sub("", first), first)
        if newest == first:
            return list(ranked)
        passage = self.library.passages[newest]
        known = {hit.passage.id: hit for _, hit in ranked}
        hit = known.get(newest) or Hit(passage, self.library.document_of(passage), ranked[0][1].score)
        return [(ranked[0][0], hit), *(pair for pair in ranked if pair[1].passage.id != newest)]

    def examine(self, question: Question, *, on: str = "") -> tuple[Found, list[tuple[Hit, dict[str, float]]]]:
        """Return what was found, and the hits worth weighing with what is known of each, by name of feature.

        What another text has superseded is left out, unless the question names it or nothing else is found.
        """
        found = self.index.search(question.text, filters=self._filters(question, on), limit=_CANDIDATES)
        hits = [h for h in found.hits if h.passage.id in found.named or not self._is_superseded(h.document, on)]
        examined = [(hit, self.relevance.features(question, hit, found)) for hit in hits or found.hits]
        if self.reranker is None or not examined:
            return found, examined
        examined.sort(
            key=lambda pair: -self._chance(question, pair[0], "fused", pair[1]) * self._share(question, pair[0])
        )
        examined = examined[:_JUDGED]
        odds = judge_hits(self.reranker, question.spoken, [hit for hit, _ in examined])
        best = float(odds.max())
        for (_, values), odd in zip(examined, odds.tolist(), strict=True):
            values["judged"] = odd
            values["judged_gap"] = best - odd
            values["judged_english"] = odd if question.english else 0.0
        return found, examined

    def _chance(self, question: Question, hit: Hit, leg: Leg, values: Mapping[str, float]) -> float:
        """How likely the hit answers; hardly at all when it is about other places, or parks of another size."""
        chance = self.relevance.probability(leg, values)
        if self._is_of_others(question, hit):
            chance *= _OTHERS
        if self._is_of_another_year(question, hit):
            chance *= _OTHER_YEAR
        plain_text = self.relevance.texts.plain(hit.passage)
        if any(only_negated(w, plain_text) and not only_negated(w, question.text) for w in question.words):
            chance *= _OTHERS
        if question.energy_tce is None:
            return chance
        fit = size_fit(question.energy_tce, plain_text)
        return chance * _OTHER_SIZE if fit < 0 else chance

    def _is_of_others(self, question: Question, hit: Hit) -> bool:
        """Whether the question is about one province, and the statement names others only."""
        text = self.relevance.texts.plain(hit.passage)
        asked = any(place in text for place in (*question.provinces, *question.cities))
        return bool(question.provinces) and not asked and self.reader.names_province(text)

    def _is_of_another_year(self, question: Question, hit: Hit) -> bool:
        """Whether the question names a year, and the hit is the value of another one of a yearly series."""
        of = _YEAR_OF_ID.findall(hit.passage.id)
        yearly = _YEAR_OF_ID.sub("", hit.passage.id) in self._newest
        return bool(question.years) and yearly and not set(of) & set(question.years)

    def _share(self, question: Question, hit: Hit) -> float:
        """How much of its chance a hit keeps beside others: half when it is about a place that nobody named."""
        return _OTHER_PLACE if self._is_elsewhere(question, hit) else 1.0

    def _is_elsewhere(self, question: Question, hit: Hit) -> bool:
        """Whether a statement is about one province, and the question about none and about nothing named in it."""
        text = self.relevance.texts.plain(hit.passage)
        named = any(name in text for name in question.names)
        return not question.provinces and not named and self.reader.names_province(text)

    def _standing(self, document: Document, on: str = "") -> Standing:
        return standing(document, self.library.documents.values(), on)

    def _is_superseded(self, document: Document, on: str) -> bool:
        return document.id in self._succeeded and self._standing(document, on).why == "superseded"

    def _filters(self, question: Question, on: str) -> Filters:
        if not question.provinces:
            return Filters(on=on)
        wanted = {"全国", "国际"}
        for document in self.library.documents.values():
            if document.province in question.provinces:
                wanted.add(document.region)
        return Filters(regions=frozenset(wanted), on=on)

    def _answer(self, question: Question, on: str) -> Answer:
        found, weighed = self.weigh(question, on=on)
        unlikely = not weighed or weighed[0][0] < self.relevance.threshold(self.leg)
        if unlikely and not (weighed and self._computes(question, weighed[0][1])):
            return self._decline(question, found, weighed)
        chosen = self._choose(question, weighed)
        citations = tuple(Citation(i, hit.passage, hit.document) for i, hit in enumerate(chosen, 1))
        lines = [f"{c.passage.text}[{c.mark}]" for c in citations]
        kind = "silent" if chosen[0].passage.silent else "answer"
        opening = self._opening(question, kind, chosen[0])
        if opening:
            lines[0] = f"{opening}{lines[0]}"
        made = working(question.asked, citations)
        if made is not None:
            lines.insert(0, self._say("working", own=made.own, chain=made.chain, mark=f"[{made.mark}]"))
        if not (stands := self._standing(chosen[0].document, on)).in_force:
            warning = self._say(f"first_{stands.why}", question.english, status=chosen[0].document.status)
            lines[0] = f"{warning}{lines[0]}"
        return Answer(
            question=question.asked,
            kind=kind,
            lines=tuple(lines),
            citations=citations,
            notes=tuple(self._notes(question, chosen, on)),
            subject=_subject(question),
            region=question.provinces[0] if question.provinces else "",
        )

    def _computes(self, question: Question, hit: Hit) -> bool:
        """Whether a statement lacks no word of the question, and the figure asked for follows from it."""
        lacking = self.relevance.missing_words(question, hit) or self._is_of_others(question, hit)
        elsewhere = bool(question.provinces) and hit.document.province not in question.provinces
        cited = (Citation(1, hit.passage, hit.document),)
        return not lacking and not elsewhere and working(question.asked, cited) is not None

    def _choose(self, question: Question, weighed: Sequence[tuple[float, Hit]]) -> list[Hit]:
        """The answering hit, and those that support it: nearly as likely, and of another content."""
        best, first = weighed[0]
        share = _SUPPORT_SHARE_SEVERAL if question.several else _SUPPORT_SHARE
        chosen = [first]
        for probability, hit in weighed[1:]:
            same = hit.document.id == first.document.id
            least = best * share / 2 if same else max(self.relevance.threshold(self.leg), best * share)
            if probability >= least and not any(_adds_nothing(hit.passage.text, o.passage.text) for o in chosen):
                chosen.append(hit)
        return chosen[: _SUPPORTING + 1]

    def _opening(self, question: Question, kind: str, first: Hit) -> str:
        size = question.energy_tce
        fits = size is not None and self.relevance.features(question, first, Found((first,), 0.0))["size_right"]
        if fits and size is not None:
            shown = f"{plain(size / 10000)}万吨标准煤"
            return self._say("own_size", question.english, size=shown)
        if question.english:
            return self._phrases["english_silent" if kind == "silent" else "english_answer"] + " "
        return ""

    def _notes(self, question: Question, chosen: Sequence[Hit], on: str) -> list[str]:
        first, english = chosen[0], question.english
        notes: list[str] = []
        if on and (undated := [h.document.title_in_marks for h in chosen if not h.document.since]):
            notes.append(self._say("undated", english, titles="、".join(dict.fromkeys(undated)), on=on))
        for document in (hit.document for hit in chosen):
            stands = self._standing(document, on)
            if not stands.in_force:
                by = self.library.documents[stands.by].title_in_marks if stands.by else ""
                said = {"title": document.title_in_marks, "status": document.status, "since": document.since}
                notes.append(self._say(stands.why, english, by=by, **said))
        national = first.document.region == "全国"
        spoken = fold(first.passage.text)
        if national and question.provinces and not any(p in spoken for p in question.provinces):
            notes.append(self._say("province_has_none", english, place="、".join(question.provinces)))
        elif national and not question.provinces and first.document.realm == "national" and not first.passage.silent:
            notes.append(self._say("province_may_add", english))
        for city in question.cities:
            if not any(city in self.relevance.texts.whole(h.passage, h.document) for h in chosen):
                notes.append(self._say("city_has_none", english, city=city, province=question.provinces[0]))
        notes += [
            self._say("mended", **{"from": pair.split("→")[0], "to": pair.split("→")[1]}) for pair in question.mended
        ]
        return list(dict.fromkeys(notes))

    def _decline(self, question: Question, found: Found, weighed: Sequence[tuple[float, Hit]]) -> Answer:
        lines: list[str] = []
        if question.english:
            lines.append(self._phrases["english_refused"])
        english = question.english
        words = self._joined(question.text, question.words) or list(question.words)
        if question.unknown_documents:
            lines.append(
                self._say(
                    "unknown_document",
                    english,
                    document="、".join(_shown(r, question.asked) for r in question.unknown_documents),
                )
            )
        elif found.missing_document:
            lines.append(self._say("missing_document", english))
        elif found.missing_clause and found.hits:
            clauses = [r for r in references(question.text) if is_clause(r)]
            lines.append(
                self._say(
                    "missing_clause",
                    english,
                    title=found.hits[0].document.title_in_marks,
                    clause="、".join(clauses),
                )
            )
        elif not weighed or self._off_subject(question, weighed) or not (words or question.energy_tce):
            lines.append(self._say("off_subject", english))
            return self._refuse(question.asked, *lines)
        else:
            places = [p for p in question.provinces if not any(p in w for w in words)]
            lines.append(self._say("looked_for", english, what="、".join((*places, *words)) or question.asked))
        nearest = weighed[0][1] if weighed else None
        citations: tuple[Citation, ...] = ()
        if nearest is not None:
            citations = (Citation(1, nearest.passage, nearest.document),)
            lines.append(self._say("nearest", english, text=nearest.passage.text, mark="[1]"))
            lines.append(self._why_not(question, nearest))
        lines.append(self._say("who_knows", english, who=self._who(question)))
        region = question.provinces[0] if question.provinces else ""
        return Answer(question.asked, "refused", tuple(lines), citations, subject=question.text, region=region)

    def _off_subject(self, question: Question, weighed: Sequence[tuple[float, Hit]]) -> bool:
        if question.energy_tce is not None or self.reader.names_field(question.text):
            return False
        hit = weighed[0][1]
        return self.relevance.features(question, hit, Found((hit,), 0.0))["covered"] < 0.35 and weighed[0][0] < 0.1

    def _why_not(self, question: Question, nearest: Hit) -> str:
        features = self.relevance.features(question, nearest, Found((nearest,), 0.0))
        english = question.english
        missing = self._joined(question.text, self.relevance.missing_words(question, nearest))[:3]
        if missing:
            return self._say("nearest_why_words", english, words="、".join(missing))
        if features["place_wrong"]:
            return self._say("nearest_why_place", english, place=nearest.document.region)
        lacking = [v for k, v in self._phrases["values"].items() if features.get(f"{k}_lacking")]
        if lacking and not english:
            return self._say("nearest_why_value", value=lacking[0])
        return self._say("nearest_why_other", english)

    def _joined(self, text: str, words: Sequence[str]) -> list[str]:
        """The words as the question has them: side by side they are one (磷酸铁锂 for 磷酸 and 铁锂), in its order.

        Latin words, single characters, and fragments that the cutter makes of everyday speech (我装, 有数) are left
        out.
        """
        covered = [False] * len(text)
        for word in words:
            if not word.isascii() and (word in self.reader.field or not _EVERYDAY.intersection(word)):
                for at in re.finditer(re.escape(word), text):
                    covered[at.start() : at.end()] = [True] * len(word)
        runs = "".join(c if kept else " " for c, kept in zip(text, covered, strict=True)).split()
        return list(dict.fromkeys(run for run in runs if len(run) > 1))

    def _who(self, question: Question) -> str:
        text, who = fold(question.text), "english" if question.english else "who"
        for entry in self._phrases["who"]:
            if any(fold(w) in text for w in entry["words"]):
                return entry[who]
        return self._say("who_default", question.english)

    def _say(self, name: str, english: bool = False, /, **values: object) -> str:
        return self._phrases[f"{name}_english" if english else name].format(**values)

    def _refuse(self, question: str, *lines: str) -> Answer:
        return Answer(question, "refused", tuple(lines))


def newest_of_series(identities: Iterable[str], *, before: str) -> dict[str, str]:
    """Return of each value that is given year by year (ids that differ by the year alone) the id of the newest.

    Targets of years to come, `before` or later, are no such series: each is as good as the next.

    >>> newest_of_series(["grid-2021#hebei-2021", "grid-2023#hebei-2023", "plan#goal-2030"], before="2027")
    {'grid-#hebei-': 'grid-2023#hebei-2023'}
    """
    series: dict[str, list[str]] = {}
    for identity in identities:
        if _YEAR_OF_ID.search(identity):
            series.setdefault(_YEAR_OF_ID.sub("", identity), []).append(identity)
    newest = {stem: max(some, key=lambda one: max(_YEAR_OF_ID.findall(one))) for stem, some in series.items()}
    return {
        stem: one for stem, one in newest.items() if max(_YEAR_OF_ID.findall(one)) < before and len(series[stem]) > 1
    }


def _shown(reference: str, asked: str) -> str:
    """A document number as the question writes it, or else as people write it: 〔2025〕910号 for [2025]910."""
    year, _, number = reference.removeprefix("[").partition("]")
    said = re.search(rf"[一-鿿]{{0,8}}[〔\[［]\s*{year}\s*[〕\]］]\s*{number}\s*号?", asked) if number else None
    return said[0] if said else re.sub(r"^\[(\d+)\](\d+)$", r"〔\1〕\2号", reference).upper()


def _subject(question: Question) -> str:
    """What a follow-up may inherit: the question and the size of the park."""
    size = "" if question.energy_tce is None else f" {plain(question.energy_tce)}tce"
    return f"{question.text}{size}"


def _adds_nothing(text: str, said: str) -> bool:
    """Whether a statement says nearly the same as one that is said, and no figure besides."""
    return alike(text, said) and {f.key for f in read_figures(text)} <= {f.key for f in read_figures(said)}


def alike(one: str, other: str) -> bool:
    """Whether two statements say nearly the same: most character pairs in common."""
    pairs = [{t[i : i + 2] for i in range(len(t) - 1)} for t in (fold(one), fold(other))]
    return len(pairs[0] & pairs[1]) > 0.75 * min(len(pairs[0]), len(pairs[1]))
