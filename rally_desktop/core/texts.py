"""What a text may hold, so that every database can keep it exactly and every letter carry it."""

from __future__ import annotations

import re

from rally_desktop.core.errors import BadSettings

# PostgreSQL has no NUL, and half a surrogate pair has no bytes in UTF-8.
_UNKEPT = re.compile("[\0\ud800-\udfff]")


def unfit(text: str, longest: int | None = None) -> str | None:
    """Say why a text cannot be kept, or None; ``longest`` is in characters."""
    if longest is not None and len(text) > longest:
        return f"is longer than {longest:,} characters"
    if "\0" in text if text.isascii() else _UNKEPT.search(text):
        return "has a character that cannot be kept: type it anew instead of pasting it"
    return None


def require(longest: int | None = None, **texts: str) -> None:
    """Raise BadSettings, by the texts' names, where one of them cannot be kept."""
    problems = {
        name.replace("_", " ").capitalize(): problem
        for name, text in texts.items()
        if (problem := unfit(text, longest))
    }
    if problems:
        raise BadSettings(problems)


def mended(text: str) -> str:
    """Return a text from outside with a mark in the place of what cannot be kept."""
    return _UNKEPT.sub("\ufffd", text)
