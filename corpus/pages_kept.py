"""Pages of a file that is being read, kept one by one, so that a long file is gone on with where it was left."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from pathlib import Path

from pydantic import TypeAdapter

from corpus.reading.model import PageText

_PAGE = TypeAdapter(PageText)


class KeptPages(MutableMapping[int, PageText]):
    """Page number -> page, in memory and in a file of one page a line; a line cut off by a kill is read again.

    Args:
        file: kept beside the library, named by the content of what is read.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._pages: dict[int, PageText] = {}
        if file.is_file():
            for line in file.read_bytes().splitlines():
                try:
                    page = _PAGE.validate_json(line)
                except ValueError:
                    continue
                self._pages[page.number] = page

    def __getitem__(self, number: int) -> PageText:
        return self._pages[number]

    def __setitem__(self, number: int, page: PageText) -> None:
        self._pages[number] = page
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as file:
            file.write(b"\n" + _PAGE.dump_json(page) + b"\n")

    def __delitem__(self, number: int) -> None:
        del self._pages[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._pages)

    def __len__(self) -> int:
        return len(self._pages)
