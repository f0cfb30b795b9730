"""What can go wrong with the page."""

from __future__ import annotations


class PageError(RuntimeError):
    """The page cannot be opened; the message says why and what to do, for the user."""
