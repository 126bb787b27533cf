"""Header lines of strangers as people read them: encoded words of every brokenness, raw bytes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache

from rally_desktop.core.message import Mailbox
from rally_desktop.outside.mail.charsets import decoded, one_line

LONGEST, MOST_HEADERS, MOST_ADDRESSES = 64 * 1024, 1_000, 500
# What the standard library raises of headers it did not expect.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError)
_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"=\?([\w.:*'-]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?[\w.:*'-]{1,60}\?[bBqQ]\?)")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@\x00-\x1f]{1,64}@[^\s<>()\[\]\",;:@\x00-\x1f]{1,255}")
_ID = re.compile(r"<([^<>]{1,2000})>")


def headers(data: bytes) -> Message:
    """Return the header lines of a message or part; lines that are none are left out."""
    message = Message()
    lines = _LINE_END.split(data.decode("ascii", "surrogateescape"))
    for count, (name, value) in enumerate(_joined(lines)):
        if count == MOST_HEADERS:
            break
        message.set_raw(name, value[:LONGEST])
    return message


def _joined(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each header, lines that go on joined."""
    name, value = "", list[str]()
    for line in lines:
        if line[:1] in (" ", "\t"):
            value.append(line)
            continue
        if name:
            yield name, "\n".join(value)
        name, colon, rest = line.partition(":")
        name, value = name.strip(), [rest.strip()]
        if not colon or not name or " " in name:
            name = ""
    if name:
        yield name, "\n".join(value)


def raw(message: Message, name: str) -> str:
    """Return the first header of a name as it was written, on one line; empty without one."""
    wanted = name.lower()
    for found, value in message.raw_items():
        if found.lower() == wanted:
            return " ".join(str(value).split())
    return ""


def readable(message: Message, name: str) -> str:
    """Return a header as one line of text."""
    return text_of(raw(message, name))


def text_of(value: str) -> str:
    """Return a raw value as one line of text."""
    if "=?" not in value:
        return one_line(_octets(value))
    made, end = list[str](), 0
    value = _BETWEEN.sub("", value)
    for charset, octets, (start, stop) in _words(value):
        made += [_octets(value[end:start]), decoded(octets, charset)]
        end = stop
    return one_line("".join([*made, _octets(value[end:])]))


def _words(value: str) -> Iterator[tuple[str, bytes, tuple[int, int]]]:
    """Yield runs of encoded words of one character set, which may cut a character in two."""
    charset, octets, start, end = "", b"", 0, -1
    for word in _WORD.finditer(value):
        name = word[1].partition("*")[0].lower()
        if word.start() == end and name == charset:
            octets, end = octets + _unpacked(word[2], word[3]), word.end()
            continue
        if end >= 0:
            yield charset, octets, (start, end)
        charset, octets = name, _unpacked(word[2], word[3])
        start, end = word.span()
    if end >= 0:
        yield charset, octets, (start, end)


def _unpacked(kind: str, text: str) -> bytes:
    if kind in "qQ":
        octets = text.replace("_", " ").encode("ascii", "surrogateescape")
        return binascii.a2b_qp(octets)
    text = _NOT_BASE64.sub("", text)
    # One sign too many carries no whole byte.
    text = text[: len(text) - (len(text) % 4 == 1)]
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _octets(value: str) -> str:
    return value if value.isascii() else decoded(value.encode("utf-8", "surrogateescape"))


def mailboxes(message: Message, name: str) -> tuple[Mailbox, ...]:
    """Return the people named in a header; who has no address is left out."""
    values = [
        " ".join(str(value).split())[:LONGEST]
        for found, value in message.raw_items()
        if found.lower() == name.lower()
    ]
    return _people(", ".join(values[:20])[:LONGEST]) if values else ()


@lru_cache(maxsize=64)  # the same few people stand in most of a mailbox
def _people(joined: str) -> tuple[Mailbox, ...]:
    # Comments within comments are read by recursion.
    joined = joined.replace("(", " ").replace(")", " ") if joined.count("(") > 20 else joined
    try:
        pairs = getaddresses([joined])
    except (*BROKEN, RecursionError):
        pairs = [("", found) for found in ADDRESS.findall(joined)]
    people = (_mailbox(text_of(shown), address) for shown, address in pairs[:MOST_ADDRESSES])
    return tuple(person for person in people if person.address)


def _mailbox(name: str, address: str) -> Mailbox:
    # Some put the address into the name too, or nowhere else.
    found = ADDRESS.search(one_line(_octets(address))) or ADDRESS.search(name)
    if found is None:
        return Mailbox("")
    local, _, domain = found[0].strip("'.").rpartition("@")
    named = name.strip("'\" ")
    address = f"{local}@{domain.lower()}"
    return Mailbox(address, "" if named.lower() == address.lower() else named)


def moment(message: Message, name: str = "Date") -> datetime | None:
    """Return when a message says it was written; None where that makes no sense."""
    try:
        found = parsedate_to_datetime(raw(message, name)[:200])
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except BROKEN:
        return None
    return found if 1980 <= found.year < 2200 else None


def message_ids(text: str) -> tuple[str, ...]:
    """Return the message ids of a raw value, each in ``<…>`` and without blanks."""
    text = text.encode("ascii", "ignore").decode()
    found = ["".join(bare.split()) for bare in _ID.findall(text)]
    bare = "".join(text.split())
    if not found and "@" in bare:
        found = [bare.strip("<>")]
    kept = [f"<{one}>" for one in dict.fromkeys(found) if one and len(one) <= 990]
    return tuple(kept if len(kept) <= 100 else [kept[0], *kept[-99:]])
