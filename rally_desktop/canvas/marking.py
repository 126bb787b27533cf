"""The little markup of notes: **bold**, *italic*, lists, links; all else is text as it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

_BULLET = re.compile(r"(\s*)[-*•]\s+(.*)")
_NUMBER = re.compile(r"(\s*)(\d{1,3})[.)]\s+(.*)")
_RUNS = re.compile(
    r"\*\*(?P<bold>(?=\S).+?(?<=\S))\*\*"
    r"|(?<![\w*])\*(?P<italic>(?=[^\s*]).+?(?<=[^\s*]))\*(?![\w*])"
    r"|(?<!\w)_(?P<slanted>(?=[^\s_]).+?(?<=[^\s_]))_(?!\w)"
    r"|\[(?P<named>[^\[\]\n]+)\]\((?P<at>[^()\s]+)\)"
    r"|(?P<link>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
)
DEEPEST = 3


class Run(NamedTuple):
    """Some letters that look alike."""

    text: str
    bold: bool = False
    italic: bool = False
    link: bool = False


class Line(NamedTuple):
    """One line; ``mark`` is what stands before it in a list, ``depth`` how far it is set in."""

    runs: tuple[Run, ...]
    mark: str = ""
    depth: int = 0


def lines_of(text: str) -> list[Line]:
    """Return a note's text line by line."""
    return [_line(line) for line in text.splitlines()]


def plain(text: str) -> str:
    """Return a note's text without its markup."""
    return "\n".join(
        " ".join(filter(None, (line.mark, "".join(run.text for run in line.runs))))
        for line in lines_of(text)
    )


def _line(text: str) -> Line:
    if bullet := _BULLET.fullmatch(text):
        return Line(tuple(_runs(bullet[2])), "•", _depth(bullet[1]))
    if number := _NUMBER.fullmatch(text):
        return Line(tuple(_runs(number[3])), f"{number[2]}.", _depth(number[1]))
    return Line(tuple(_runs(text)))


def _depth(space: str) -> int:
    return min(DEEPEST, len(space.expandtabs(4)) // 2)


def _runs(text: str) -> list[Run]:
    found: list[Run] = []
    end = 0
    for match in _RUNS.finditer(text):
        if match.start() > end:
            found.append(Run(text[end : match.start()]))
        words = match.groupdict()
        slanted = words["italic"] or words["slanted"]
        if words["bold"]:
            found.append(Run(words["bold"], bold=True))
        elif slanted:
            found.append(Run(slanted, italic=True))
        elif words["named"]:
            found += [Run(words["named"], link=True), Run(f" ({words['at']})")]
        else:
            found.append(Run(words["link"], link=True))
        end = match.end()
    return [*found, Run(text[end:])] if end < len(text) else found
