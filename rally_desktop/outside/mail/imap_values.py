"""What a server answers to FETCH (RFC 3501, 9): names with texts, numbers and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# A text, an atom in capitals as far as it names something, nothing, or a list.
Value = bytes | None | list["Value"]
_TOKEN = re.compile(
    rb"\s*(?:(?P<open>\()|(?P<close>\))"
    rb'|"(?P<quoted>(?:[^"\\]|\\.)*)"'
    rb"|\{(?P<literal>\d+)\+?\}"
    rb'|(?P<atom>(?:\[[^\]]*\]|[^\s()"{\[])+))'
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def answers(said: Iterable[object]) -> Iterator[dict[bytes, Value]]:
    """Yield what each FETCH answer tells, by names such as ``UID`` and ``BODY[1]``."""
    for values in _lists(said):
        pairs = zip(values[::2], values[1::2], strict=False)
        yield {_name(name): value for name, value in pairs if isinstance(name, bytes)}


def _name(name: bytes) -> bytes:
    """Return a name in capitals, without the place that a part of a text began at."""
    return name.upper().partition(b"<")[0]


def _lists(said: Iterable[object]) -> Iterator[list[Value]]:
    """Yield the outermost lists of an answer, as imaplib cuts it: (line, literal) or line."""
    open_: list[list[Value]] = []
    for line, literal in _lines(said):
        for token in _TOKEN.finditer(line):
            kind = token.lastgroup
            if kind == "open":
                open_.append([])
            elif kind == "close" and open_:
                made = open_.pop()
                if open_:
                    open_[-1].append(made)
                else:
                    yield made
            elif open_ and (kind != "literal" or literal is not None):
                open_[-1].append(literal if kind == "literal" else _text(token))


def _lines(said: Iterable[object]) -> Iterator[tuple[bytes, bytes | None]]:
    for one in said:
        if isinstance(one, tuple):
            yield bytes(one[0]), bytes(one[1])
        elif isinstance(one, bytes):
            yield one, None


def _text(token: re.Match[bytes]) -> bytes | None:
    if token["quoted"] is not None:
        return _ESCAPED.sub(rb"\1", token["quoted"])
    return None if token["atom"].upper() == b"NIL" else token["atom"]
