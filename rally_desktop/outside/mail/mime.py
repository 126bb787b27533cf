"""The parts of a message and where they lie in its bytes; nothing is copied or unpacked.

The standard library reads parts by recursion and looks at each line once for every level it
lies in: 5,000 levels end it, and few are enough to keep it busy for minutes. Here each level is
searched for its own boundary alone, and what goes too far is left as it is and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from rally_desktop.outside.mail.header_text import BROKEN, headers, raw

LARGEST = 25 * 1024 * 1024
MOST_PARTS, DEEPEST = 1_000, 50
LONGEST_HEAD = 256 * 1024
# How much may be searched for boundaries in all: some levels of the largest message.
MOST_SEARCHED = 6 * LARGEST
_HEAD_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_FENCE_END = re.compile(rb"(--)?[ \t]*(?=\r?\n|\Z)")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_SNIFFED = re.compile(rb"\s*--([^\r\n]{1,70}?)[ \t]*\r?\n")
# Values with parameters are read by a method that squares with their length.
_LONGEST_PARAMETERS = 4_096


@dataclass(frozen=True)
class Part:
    """One part: its kind, its headers, and its body’s place in the message’s bytes.

    ``within`` counts the messages it lies in, itself not; ``parent`` is the kind around it.
    """

    kind: str
    head: Message
    start: int
    end: int
    depth: int = 0
    within: int = 0
    parent: str = ""

    @property
    def encoding(self) -> str:
        """Return how the body is packed for the way, in small letters."""
        return raw(self.head, "Content-Transfer-Encoding").strip("'\" ;").lower()

    @property
    def disposition(self) -> str:
        """Return ``inline``, ``attachment`` or nothing."""
        return raw(self.head, "Content-Disposition").partition(";")[0].strip().lower()

    def parameter(self, name: str, header: str = "Content-Type") -> str:
        """Return a parameter of a header, as ``boundary``; empty without one."""
        written = raw(self.head, header)
        if name not in written.lower() or len(written) > _LONGEST_PARAMETERS:
            return ""
        try:
            found = self.head.get_param(name, "", header)
            if isinstance(found, tuple):
                octets = found[2].encode("latin-1", "surrogateescape")
                return octets.decode(found[0] or "utf-8", "replace")
        except BROKEN:
            return ""
        return str(found)


@dataclass(frozen=True)
class Leaf:
    """A part whose bytes lie elsewhere: ``octets`` of them in a section of the mailbox’s message.

    ``start`` and ``end`` say what stands for it in the bytes that were fetched.
    """

    start: int
    end: int
    section: str
    octets: int


@dataclass
class Parts:
    """All parts in their order, the whole message first, and what was wrong with them."""

    found: list[Part] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    searched: int = 0

    def flaw(self, words: str) -> None:
        """Say something once."""
        if words not in self.flaws:
            self.flaws.append(words)


def walk(data: bytes) -> Parts:
    """Return the parts of a message."""
    parts = Parts()
    start = _after_envelope(data)
    waiting = [_message(data, start, len(data), Part("", Message(), 0, 0, -1, -1))]
    while waiting:
        part = waiting.pop()
        parts.found.append(part)
        if len(parts.found) >= MOST_PARTS:
            parts.flaw("It has more parts than are read; the first 1,000 are shown.")
            break
        waiting += reversed(_inside(data, part, parts))
    return parts


def head_of(data: bytes) -> Message:
    """Return the headers at the beginning of bytes, as a returned message is quoted."""
    return headers(data[: _split(data, 0, len(data))[0]])


def _inside(data: bytes, part: Part, parts: Parts) -> list[Part]:
    multipart = part.kind.startswith("multipart/")
    if not multipart and part.kind not in ("message/rfc822", "message/global"):
        return []
    if part.depth >= DEEPEST:
        parts.flaw("Its parts are nested too deeply to be read.")
        return []
    if multipart:
        return _pieces(data, part, parts)
    packed = part.encoding in ("base64", "quoted-printable")
    return [] if packed else [_message(data, part.start, part.end, part)]


def _pieces(data: bytes, part: Part, parts: Parts) -> list[Part]:
    """Cut a multipart at its boundaries; what was not closed ends with what it lies in."""
    parts.searched += part.end - part.start
    if parts.searched > MOST_SEARCHED:
        parts.flaw("Its parts are nested too deeply to be read.")
        return []
    boundary = part.parameter("boundary").rstrip().encode("utf-8", "replace")[:200]
    if not boundary and (sniffed := _SNIFFED.match(data, part.start, part.end)):
        boundary = sniffed[1]
    made: list[Part] = []
    opened = -1
    # Where a body begins there was a line end before it, but for a message without headers.
    for place, end, last in _fences(data, boundary, max(part.start - 1, 0), part.end):
        if opened >= 0:
            made.append(_piece(data, opened, place, part))
        opened = -1 if last else min(data.find(b"\n", end) + 1 or part.end, part.end)
        if last or len(made) >= MOST_PARTS:
            break
    if opened >= 0:
        made.append(_piece(data, opened, part.end, part))
    if not made:
        parts.flaw("Its parts could not be told apart; it is shown as text.")
        made.append(
            Part("text/plain", part.head, part.start, part.end, part.depth + 1, part.within)
        )
    return made


def _fences(data: bytes, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield where each boundary begins and ends, and whether it is the last.

    An expression made for each would take longer to make than all the searching.
    """
    fence = b"\n--" + boundary
    place = data.find(fence, start, end)
    while place >= 0:
        if found := _FENCE_END.match(data, place + len(fence), end):
            yield place, found.end(), bool(found[1])
        place = data.find(fence, place + 1, end)


def _piece(data: bytes, start: int, end: int, parent: Part) -> Part:
    if data[end - 1 : end] == b"\r":
        end -= 1
    default = "message/rfc822" if parent.kind == "multipart/digest" else "text/plain"
    return _part(data, start, max(start, end), parent, default)


def _message(data: bytes, start: int, end: int, parent: Part) -> Part:
    part = _part(data, start, end, parent, "text/plain")
    return Part(
        part.kind, part.head, part.start, part.end, part.depth, parent.within + 1, parent.kind
    )


def _part(data: bytes, start: int, end: int, parent: Part, default: str) -> Part:
    head_end, body = _split(data, start, end)
    head = headers(data[start:head_end])
    kind = raw(head, "Content-Type").partition(";")[0].strip().lower()
    if kind.count("/") != 1 or " " in kind:
        kind = "text/plain" if kind else default
    return Part(kind, head, body, end, parent.depth + 1, parent.within, parent.kind)


def _split(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the headers end and where the body begins."""
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":
        return start, min(data.find(b"\n", start) + 1, end)
    found = _HEAD_END.search(data, start, min(end, start + LONGEST_HEAD))
    if _HEADER.match(data, start, end) is None and not _has_header(data, start, found, end):
        return start, start
    if found is None:
        cut = min(end, start + LONGEST_HEAD)
        return cut, cut
    return found.start(), found.end()


def _has_header(data: bytes, start: int, found: re.Match[bytes] | None, end: int) -> bool:
    """Say whether lines before the first empty one are headers though the first is none."""
    stop = found.start() if found else min(end, start + LONGEST_HEAD)
    names = (b"\nfrom:", b"\ncontent-type:", b"\nsubject:", b"\nmessage-id:")
    head = data[start:stop].lower()
    return any(name in head for name in names)


def _after_envelope(data: bytes) -> int:
    """Return where a message begins: after a mailbox file’s «From » line and empty lines."""
    start = len(data) - len(data.lstrip(b"\r\n\x00")) if data[:1] in (b"\r", b"\n", b"\0") else 0
    if data.startswith((b"From ", b">From "), start):
        return data.find(b"\n", start) + 1 or len(data)
    return start
