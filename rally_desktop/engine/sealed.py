"""Secrets in the texts of a request: named there, known to nobody before it is handed over.

A text with secrets is split at them before its merge fields are filled in, so what a contact's
name or answer says can never become one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

SECRET = r"\{\{\s*secret\.([A-Za-z][A-Za-z0-9_]{0,63})\s*\}\}"
_FIND = re.compile(SECRET)

# Plain text, or {"secret": name} where one stands.
Parts = list[Any]


def without_secrets(source: str) -> str:
    """Return a text without the secrets in it."""
    return _FIND.sub("", source)


def parts_of(source: str, fill: Callable[[str], str]) -> Parts:
    """Return a text as parts: what stands between the secrets filled in, the secrets named."""
    pieces = _FIND.split(source)
    parts: Parts = []
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append({"secret": piece})
        elif piece:
            parts.append(fill(piece))
    return parts


def names_in(made: Any) -> set[str]:
    """Return the secrets that a request made of parts names, however deep."""
    if isinstance(made, dict):
        if set(made) == {"secret"}:
            return {made["secret"]}
        return set().union(*map(names_in, made.values()))
    return set().union(*map(names_in, made)) if isinstance(made, list) else set()


def revealed(parts: Sequence[Any], known: dict[str, str]) -> str:
    """Return the whole text, its secrets in their places."""
    return "".join(part if isinstance(part, str) else known[part["secret"]] for part in parts)
