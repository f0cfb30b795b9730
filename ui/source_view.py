"""The source panel: a digest as before; an original at page and sentence, the PDF's page as a picture."""

from __future__ import annotations

import base64

from corpus.errors import CorpusError
from corpus.library import Library
from corpus.model import Document, Passage
from corpus.originals import originals, sentence_in, spot_of
from corpus.own import OwnLibrary, Record
from corpus.own_text import OwnText
from corpus.page_image import PAGED, page_image
from ui.library_texts import LibraryTexts
from ui.render import safe, source, source_head, source_passage
from ui.texts import Texts

_AROUND = 40
_SHORT = 120
_LONGEST_SAID = 2000


class SourceView:
    """Shows the source of a passage.

    Args:
        own: where the originals lie.
        texts: the words of the page; `more` those of the library.
    """

    def __init__(self, own: OwnLibrary, texts: Texts, more: LibraryTexts) -> None:
        self.own = own
        self.texts = texts
        self.more = more

    def open(self, library: Library, event: object) -> str:
        """Return the panel that a button of the page asks for; a browser may send anything."""
        page = getattr(event, "page", 0)
        return self.show(
            library,
            str(getattr(event, "passage", "")),
            said=str(getattr(event, "said", "") or "")[:_LONGEST_SAID],
            page=page if isinstance(page, int) else 0,
            digest=getattr(event, "digest", False) is True,
        )

    def show(self, library: Library, passage: str, *, said: str = "", page: int = 0, digest: bool = False) -> str:
        """Return the panel for a passage, or nothing where the library has none of that id.

        Args:
            library: the documents at hand.
            passage: the id of what is cited.
            said: the words that it is cited for; they choose the sentence to be marked.
            page: a page to turn to, where it is not the cited one.
            digest: show the digest even where its original is at hand.
        """
        cited = library.passages.get(passage)
        if cited is None:
            return self._gone(passage)
        document = library.document_of(cited)
        if document.realm == "own":
            short = len(cited.text) <= _SHORT or not said
            start, end = (0, len(cited.text)) if short else sentence_in(said, cited.text)
            return self._original(library, document, cited, start, end, page=page, said=said)
        original = originals(library).get(document.id)
        spot = spot_of(cited, original) if original is not None else None
        if original is None or spot is None:
            return source(document, cited, self.texts)
        if digest:
            return source(document, cited, self.texts, above=self._switch(cited, self.more.show_original))
        return self._original(library, original, spot.passage, spot.start, spot.end, page=page, of=cited)

    def _gone(self, passage: str) -> str:
        """Return a remark where the passage is of a document that was removed since it was cited."""
        identity = passage.split("#")[0]
        gone = next((r for r in self.own.removed() if r.id == identity), None)
        if gone is None:
            return ""
        note = f'<p class="note">{safe(self.more.gone.format(title=gone.document.title))}</p>'
        head = source_head(gone.document, self.texts, note=note)
        return f'<article class="source" aria-label="{safe(self.texts.source_label)}">{head}</article>'

    def _switch(self, cited: Passage, word: str, *, digest: bool = False) -> str:
        return (
            f'<p class="note"><button type="button" class="link" data-do="cite" data-passage="{safe(cited.id)}"'
            f' data-digest="{int(digest)}">{safe(word)}</button></p>'
        )

    def _original(
        self,
        library: Library,
        document: Document,
        cited: Passage,
        start: int,
        end: int,
        *,
        page: int = 0,
        said: str = "",
        of: Passage | None = None,
    ) -> str:
        """Return an original: its facts, the cited sentence marked, and its page, or the text around it."""
        try:
            record = self.own.record(document.id)
            text = self.own.text(record.sha256)
        except CorpusError as error:
            return f'<article class="source"><p class="note">{safe(str(error))}</p></article>'
        more = self.more
        notes = [f'<p class="note">{safe(more.original_note.format(file=record.file_name))}</p>']
        later = next((d for d in library.documents.values() if document.id in d.supersedes), None)
        if later is not None:
            remark = more.superseded_by.format(title=f"{later.title_in_marks}{later.number}")
            notes.append(f'<p class="note">{safe(remark)}</p>')
        if of is not None:
            notes += [f'<p class="note">{safe(more.digest_note)}</p>', self._switch(of, more.show_digest, digest=True)]
        opener = f'data-passage="{safe(of.id if of is not None else cited.id)}" data-said="{safe(said)}"'
        body = source_passage(cited, self.texts, cited=(start, end))
        if record.format in PAGED:
            body += self._sheet(record, text, cited, start, end, page, opener)
        else:
            body = self._around(document, cited, start, end)
        return (
            f'<article class="source original" aria-label="{safe(self.texts.source_label)}">'
            f"{source_head(document, self.texts, note=''.join(notes))}{body}</article>"
        )

    def _sheet(
        self, record: Record, text: OwnText, cited: Passage, start: int, end: int, page: int, opener: str
    ) -> str:
        boxes = text.boxes(cited.id, start, end)
        first = min(boxes, default=text.pages.get(cited.id, 1))
        last = sum(record.pages.values())
        at = page if 1 <= page <= last else first
        try:
            picture = base64.b64encode(page_image(self.own.original(record), at, boxes.get(at, []))).decode("ascii")
        except CorpusError as error:
            return f'<p class="note">{safe(str(error))}</p>'
        more = self.more

        def turn(to: int, word: str) -> str:
            off = "" if 1 <= to <= last else " disabled"
            return f'<button type="button" data-do="turn" {opener} data-page="{to}"{off}>{safe(word)}</button>'

        boxed = " boxed" if at in boxes else ""
        where = safe(more.page_of.format(page=at, pages=last))
        return (
            f'<figure class="sheet{boxed}" data-page="{at}"><figcaption>{turn(at - 1, more.previous_page)}'
            f"<span>{where}</span>{turn(at + 1, more.next_page)}</figcaption>"
            f'<img src="data:image/png;base64,{picture}" alt="{safe(more.page_alt.format(page=at))}"></figure>'
        )

    def _around(self, document: Document, cited: Passage, start: int, end: int) -> str:
        """Return the passages before and after the cited one, under their headings."""
        at = next(i for i, p in enumerate(document.passages) if p.id == cited.id)
        parts: list[str] = []
        path: tuple[str, ...] = ()
        for passage in document.passages[max(0, at - _AROUND) : at + _AROUND + 1]:
            parts += [
                f"<h{3 + depth}>{safe(heading)}</h{3 + depth}>"
                for depth, heading in enumerate(passage.path[:3])
                if passage.path[: depth + 1] != path[: depth + 1]
            ]
            path = passage.path
            parts.append(source_passage(passage, self.texts, cited=(start, end) if passage.id == cited.id else None))
        return "".join(parts)
