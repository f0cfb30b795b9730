"""Files read: the built-in digests (`digest`), and users' documents in their own formats (`read`, `readings`)."""

from corpus.errors import ReadingStopped, Unreadable
from corpus.reading.files import read, readings
from corpus.reading.model import Box, Line, PageRead, PageText, Reading

__all__ = ["Box", "Line", "PageRead", "PageText", "Reading", "ReadingStopped", "Unreadable", "read", "readings"]
