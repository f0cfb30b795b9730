"""A message -> what is asked: about which place, document, year and size, and which kind of value is wanted."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from corpus.embed import Embedder
from corpus.library import Library
from corpus.spelling import Spelling
from corpus.words import Words, fold, is_clause, references

if TYPE_CHECKING:
    from assistant.tagger import Tagger

WANTED = ("money", "date", "names", "contact", "definition", "number")
_HAN = re.compile(r"[一-鿿]")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=年|年度|\D|$)(?!\])")
_ENERGY = re.compile(
    r"(?<![≥≤<>])(\d+(?:\.\d+)?)\s*(?:左右|多|余|来)?\s*tce(?!/(?!年|a|y)|以)"
    r"|(?:能耗|用能|耗能|能源消费(?:总?量)?)[^\d,。;?]{0,6}(\d+(?:\.\d+)?)吨(?!标|二|co2|的)"
)
_TONNES = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)吨(?!标|二|co2)")
_QUANTITY = re.compile(r"[\d.]+(tce|kwh|mwh|gj|kgce)?|tce|kwh|mwh|gj|kgce")
_BATCH = re.compile(r"首批|第\d批|下一批")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """What a message asks.

    Attributes:
        asked: as typed.
        spoken: the message in plain form, spelling mended, the inherited subject before it, of an English one the
            Chinese terms behind it: what the reranker reads.
        text: what is searched: spelling mended, the inherited subject added, English terms in Chinese as well.
        english: whether it was asked in English.
        provinces: provinces it is about, by the library's names.
        cities: cities it names.
        wants: kinds of value wanted, of WANTED.
        several: whether it asks for more than one thing.
        years: years named.
        energy_tce: the park's own yearly energy consumption, where the message gives it.
        words: words that carry the question, in order.
        names: proper names among them.
        unknown_documents: numbers of documents that the library has nothing on.
        follows_up: whether the subject was inherited from the conversation.
        mended: spelling mended, as "绿正→绿证".
    """

    asked: str
    text: str
    spoken: str = ""
    english: bool = False
    provinces: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    wants: frozenset[str] = frozenset()
    several: bool = False
    years: tuple[str, ...] = ()
    energy_tce: Decimal | None = None
    words: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    unknown_documents: tuple[str, ...] = ()
    follows_up: bool = False
    mended: tuple[str, ...] = ()


def domain_words() -> tuple[str, ...]:
    """Return the words of the glossary, for cutting text: they are kept whole."""
    glossary: list[dict[str, Any]] = read_yaml("corpus", "glossary.yaml")
    return tuple(dict.fromkeys(w for entry in glossary for w in (entry["term"], *entry.get("also", [])) if len(w) > 1))


def read_yaml(package: str, name: str) -> Any:
    """Return the data of a YAML file that lies beside the modules of `package`, all values as text."""
    text = (files(package) / name).read_text(encoding="utf-8")
    return YAML(typ="base").load(io.StringIO(text))  # pyright: ignore[reportUnknownMemberType]


@cache
def question_words() -> dict[str, list[str]]:
    """Return the lists of `question_words.yaml`, folded."""
    cues: dict[str, list[str]] = read_yaml("assistant", "question_words.yaml")
    return {name: [fold(word) for word in listed] for name, listed in cues.items()}


@cache
def fillers() -> frozenset[str]:
    """Return the words that carry nothing of a question or a statement."""
    return frozenset(w for name in ("fillers", "chatter", "domain_common") for w in question_words()[name])


class Reader:
    """Reads questions against one library: its words, places and documents.

    Args:
        library: what the questions are about.
        words: cuts text; knows the domain's words.
        spelling: mends typing errors.
        embedder: the embedding model, for wordings that no sign knows (`intent.understand`).
    """

    def __init__(self, library: Library, words: Words, spelling: Spelling, *, embedder: Embedder | None = None) -> None:
        self.library = library
        self.words = words
        self.spelling = spelling
        self.embedder = embedder
        self._cues = question_words()
        self._asking = re.compile("|".join(map(re.escape, self._cues["asking"])))
        self._common = frozenset(self._cues["domain_common"])
        self._places: dict[str, dict[str, list[str]]] = read_yaml("corpus", "places.yaml")
        glossary: list[dict[str, Any]] = read_yaml("corpus", "glossary.yaml")
        self.field = frozenset(fold(w) for w in words.domain) - fillers()
        self._terms = [(fold(usual), entry["term"]) for entry in glossary for usual in entry.get("also", [])]
        self._chinese_of = {fold(english): entry["term"] for entry in glossary for english in entry.get("en", [])}
        self._english_terms = re.compile(
            r"\b(" + "|".join(re.escape(t) for t in sorted(self._chinese_of, key=len, reverse=True)) + r")\b"
        )

    @cached_property
    def tagger(self) -> Tagger | None:
        """What hears the figures of a message once more (`settling.py`); None without the embedding model."""
        from assistant.tagger import tagger_over

        return tagger_over(self.embedder)

    def read(self, message: str, *, region: str = "", before: str = "") -> Question:
        """Return what `message` asks.

        Args:
            message: the words of the user.
            region: a region chosen beside the message; one named in the message goes first.
            before: the subject of the conversation so far, for a message that follows up.
        """
        folded = fold(message[:_LONGEST]).strip()
        english = bool(folded) and len(_HAN.findall(folded)) < 2 and bool(re.search(r"[a-z]{3}", folded))
        folded, mended = (folded, ()) if english else self.spelling.mend(folded, self.words)
        follows = bool(before) and self._follows_up(folded)
        text = spoken = self._inherit(before, folded) if follows else folded
        translated = self._translate(text) if english else ""
        text = f"{text} {translated}".strip()
        provinces, cities = self._placed(text)
        if not provinces and region and region != "全国":
            provinces = (region.split("/")[0],)
            cities = (region.split("/")[1],) if "/" in region else ()
        energy = [Decimal(m[1] or m[2]) for m in _ENERGY.finditer(text) if Decimal(m[1] or m[2]) >= 100]
        return Question(
            asked=message,
            spoken=f"{spoken} {translated}".strip(),
            text=self._expand(_ENERGY.sub(" 年综合能源消费量 ", text) if energy else text),
            english=english,
            provinces=provinces,
            cities=cities,
            wants=frozenset(k for k in WANTED if any(self._has_cue(folded, c) for c in self._cues[k])),
            several=len(self._asking.findall(folded)) > 1,
            years=tuple(dict.fromkeys(_YEAR.findall(re.sub(r"\[\d{4}\]|-\d{4}|\d{4}年第\d+号", "", text)))),
            energy_tce=energy[0] if energy else None,
            words=self._carrying(translated or text),
            names=frozenset(w for w, name in self.words.content(text) if name) | frozenset((*provinces, *cities)),
            unknown_documents=self._unknown_documents(text),
            follows_up=follows,
            mended=mended,
        )

    def names_province(self, folded: str) -> bool:
        """Whether a folded text names a province."""
        return any(province in folded for province in self._places)

    def names_field(self, folded: str) -> bool:
        """Whether a folded text names a park, or another term of the glossary than the commonest."""
        return "园区" in folded or any(w in self.field for w in self.words.cut(folded))

    def _has_cue(self, folded: str, cue: str) -> bool:
        return bool(re.search(rf"\b{re.escape(cue)}\b", folded)) if cue.isascii() else cue in folded

    def _carrying(self, text: str) -> tuple[str, ...]:
        content = [w for w, _ in self.words.content(text)] + _BATCH.findall(text)
        found = [w for w in content if w not in fillers()] or [w for w in content if w in self._common]
        return tuple(dict.fromkeys(w for w in found if re.search(r"[a-z一-鿿]", w) and not _QUANTITY.fullmatch(w)))

    def _expand(self, text: str) -> str:
        """The text, with the field's term for each usual expression that it holds."""
        terms = [term for usual, term in self._terms if usual in text and term not in text]
        return " ".join((text, *dict.fromkeys(terms)))

    def _placed(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        provinces: list[str] = []
        cities: list[str] = []
        cut = self.words.cut(text)
        for province, entry in self._places.items():
            named = [c for c in entry["cities"] if c in text and any(w.startswith(c) for w in cut)]
            english = [e for e in entry["en"] if re.search(rf"\b{e}\b", text)]
            if province in text or named or english:
                provinces.append(province)
                cities += named
        if "新疆兵团" in provinces and "新疆" in provinces:
            provinces.remove("新疆")
        return tuple(provinces), tuple(cities)

    def _translate(self, text: str) -> str:
        """The Chinese terms that an English text names."""
        added = [self._chinese_of[m[1]] for m in self._english_terms.finditer(text)]
        added += [p for p, entry in self._places.items() if any(re.search(rf"\b{e}\b", text) for e in entry["en"])]
        return " ".join(dict.fromkeys(added))

    def _follows_up(self, folded: str) -> bool:
        opens = any(folded.startswith(c) for c in self._cues["follow_up"])
        bare = len(self._carrying(folded)) <= 2 and folded.rstrip("?？。 ").endswith("呢")
        return (opens or bare) and len(folded) <= 40

    def _inherit(self, before: str, folded: str) -> str:
        """The earlier subject, without the places and years that the new message names itself, and the message."""
        subject = before
        new_provinces, new_cities = self._placed(folded)
        if new_provinces:
            old_provinces, old_cities = self._placed(before)
            for place in (*old_cities, *old_provinces):
                subject = subject.replace(place + "省", "").replace(place + "市", "").replace(place, "")
        if _YEAR.search(folded):
            subject = _YEAR.sub("", subject)
        common = [w for w, _ in self.words.content(subject) if w in self._common]
        kept = [*self._carrying(subject), *common, *references(subject)]
        if _ENERGY.search(subject):
            folded = _TONNES.sub(r"\1tce", folded)  # after a park's consumption another tonnage is one too: 120万吨呢
        if not _ENERGY.search(folded):
            kept += [m[0] for m in _ENERGY.finditer(subject)]
        return " ".join([*dict.fromkeys([*new_cities, *kept]), folded])

    def _unknown_documents(self, text: str) -> tuple[str, ...]:
        named = [r for r in references(text) if not is_clause(r)]
        return tuple(r for r in named if r not in self._known_references)

    @cached_property
    def _known_references(self) -> frozenset[str]:
        """Every document number that the library names anywhere."""
        found: set[str] = set()
        for document in self.library.documents.values():
            found.update(references(" ".join((document.number, document.title, *document.aliases))))
            for passage in document.passages:
                found.update(references(f"{passage.text} {passage.place}"))
        return frozenset(found)
