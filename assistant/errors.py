"""Errors that a person at the conversation can mend."""

from __future__ import annotations


class DialogueError(Exception):
    """A conversation cannot be used as asked: there is none of that name, or its file cannot be read."""
