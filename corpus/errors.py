"""Faults of the library, told to the person who keeps it.

CorpusError
    DigestError      a built-in document that cannot be read
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


class IndexUnusable(CorpusError):
    """The index on disk is missing, damaged or was built by another version."""


class ModelMissing(CorpusError):
    """The embedding model cannot be had on this machine; lexical search serves alone."""
