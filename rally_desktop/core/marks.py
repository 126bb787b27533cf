"""Where the merge fields and conditions of a text stand, found in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable

_OPENS = re.compile(r"\{[{%#]")
_CLOSES = {"{{": "}}", "{%": "%}", "{#": "#}"}


def parted(source: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, in order, each with whether it is a merge field or condition."""
    made: list[tuple[str, bool]] = []
    end = at = 0
    open_for_ever: set[str] = set()
    while found := _OPENS.search(source, at):
        closes = -1
        if found[0] not in open_for_ever:
            closes = source.find(_CLOSES[found[0]], found.end())
        if closes < 0:
            open_for_ever.add(found[0])
            at = found.end()
            continue
        if found.start() > end:
            made.append((source[end : found.start()], False))
        end = at = closes + 2
        made.append((source[found.start() : end], True))
    if end < len(source):
        made.append((source[end:], False))
    return made


def around(source: str, write: Callable[[str], str]) -> str:
    """Return a text with everything but its merge fields and conditions written anew."""
    return "".join(text if mark else write(text) for text, mark in parted(source))
