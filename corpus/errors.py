"""Faults of the library, told to the person who keeps it.

CorpusError
    DigestError      a built-in document that cannot be read
    Unreadable       a user's file that cannot be read
    ReadingStopped   the reading of a file was stopped by its user
    Duplicate        a file whose content is in the library already
    IndexUnusable    an index that is missing, damaged or of another make
    ModelMissing     the embedding model cannot be had here
"""


class CorpusError(Exception):
    """The keeper of the documents has to act."""


class DigestError(CorpusError):
    """A digest has faults; the message lists all of them, one a line: file, line, fault, remedy."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Unreadable(CorpusError):
    """A file cannot be read; the message says which, why and what to do.

    Attributes:
        name: the file, as the user knows it.
        reason: a short code: empty, too-large, encrypted, damaged, macros, not-a-document ...
    """

    def __init__(self, name: str, reason: str, message: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(message)


class ReadingStopped(CorpusError):
    """The reading was stopped; the pages read so far are kept where the caller keeps them."""


class Duplicate(CorpusError):
    """A file has the very content of one that is in the library; nothing was added."""

    def __init__(self, name: str, there: str, title: str) -> None:
        same = "" if there == name else f"（文件名 {there}）"
        super().__init__(f"{name} 与资料库里的《{title}》{same}内容相同，没有重复加入。")


class IndexUnusable(CorpusError):
    """The index on disk is missing, damaged or was built by another version."""


class ModelMissing(CorpusError):
    """The embedding model cannot be had on this machine; lexical search serves alone."""
