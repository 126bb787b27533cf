"""HTML as somebody writes it: its tags, comments and texts with their lines, in one pass.

A parser that mends says nothing of what it mended. Whoever writes HTML is to be told which tag
is not closed, and a hostile text must not take longer than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "open", "close", "comment", "other", "raw"]
EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noscript"})
# Tags that HTML closes by itself.
_LOOSE = frozenset("p li td th tr dd dt tbody thead tfoot html body head option colgroup".split())
_BEGINS = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z])")
_STOP = re.compile(r"[>\"']")
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>`]+)))?")


@dataclass(frozen=True)
class Piece:
    """One piece of a source; ``raw`` is the inside of a style, a script or a title."""

    kind: Kind
    text: str
    line: int
    name: str = ""

    def attributes(self) -> dict[str, str]:
        """Return the attributes of a tag."""
        start = len(self.name) + 1
        found = _ATTRIBUTE.finditer(self.text.rstrip(">/"), start)
        return {one[1].lower(): one[2] or one[3] or one[4] or "" for one in found}


@dataclass(frozen=True)
class Remark:
    """What is to be known of a line: something wrong, or something that was taken out."""

    line: int
    text: str


def pieces(source: str) -> Iterator[Piece]:
    """Yield a source piece by piece; put together again they are the source."""
    at, line = 0, 1
    while at < len(source):
        found = _BEGINS.search(source, at)
        start = found.start() if found else len(source)
        if start > at:
            yield Piece("text", source[at:start], line)
            line += source.count("\n", at, start)
        if found is None:
            return
        at = _end(source, start)
        made = _piece(source[start:at], line)
        yield made
        line += made.text.count("\n")
        if made.kind == "open" and made.name in _RAW:
            end = _end_of_raw(source, at, made.name)
            if end > at:
                yield Piece("raw", source[at:end], line, made.name)
                line += source.count("\n", at, end)
            at = end


def mistakes(source: str) -> list[Remark]:
    """Return the tags that are never closed, or closed without having been opened."""
    open_: list[Piece] = []
    found: list[Remark] = []
    for piece in pieces(source):
        if piece.kind in ("open", "close") and not piece.text.endswith(">"):
            found.append(Remark(piece.line, f"The tag ‘{piece.name}’ has no ‘>’ at its end."))
        elif piece.kind == "open" and piece.name not in EMPTY and not piece.text.endswith("/>"):
            open_.append(piece)
        elif piece.kind == "close" and piece.name not in EMPTY:
            found += _closed(open_, piece)
    found += [_never_closed(one) for one in open_ if one.name not in _LOOSE]
    return sorted(found, key=lambda one: one.line)


def _closed(open_: list[Piece], piece: Piece) -> list[Remark]:
    """Take what a tag closes off the open ones; tell of those within that nobody closed."""
    if all(one.name != piece.name for one in open_[-200:]):
        said = f"‘</{piece.name}>’ closes what was not opened."
        return [Remark(piece.line, said)]
    found: list[Remark] = []
    while (one := open_.pop()).name != piece.name:
        if one.name not in _LOOSE:
            found.append(_never_closed(one))
    return found


def _never_closed(one: Piece) -> Remark:
    return Remark(one.line, f"‘<{one.name}>’ is not closed.")


def _piece(text: str, line: int) -> Piece:
    if text.startswith("<!--"):
        return Piece("comment", text, line)
    named = _NAME.match(text)
    if named is None:
        return Piece("other", text, line)
    return Piece("close" if text[1] == "/" else "open", text, line, named[1].lower())


def _end(source: str, start: int) -> int:
    """Return where a tag or comment ends; one that does not goes to the end of the source."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return end + 3 if end >= 0 else len(source)
    at = start + 1
    while found := _STOP.search(source, at):
        if found[0] == ">":
            return found.end()
        closing = source.find(found[0], found.end())
        if closing < 0:
            break
        at = closing + 1
    end = source.find(">", start)
    return end + 1 if end >= 0 and found is None else len(source)


def _end_of_raw(source: str, at: int, name: str) -> int:
    found = re.compile(rf"</{re.escape(name)}[\s/>]", re.IGNORECASE).search(source, at)
    return found.start() if found else len(source)
