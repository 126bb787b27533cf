"""What a part holds, unpacked: its bytes, its text, and files somebody wrote into the text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from rally_desktop.outside.mail.charsets import decoded
from rally_desktop.outside.mail.mime import Part

LONGEST_TEXT, LONGEST_HTML = 200_000, 512 * 1024
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UUENCODED = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_UU_LINE = re.compile(rb"[ -`]{1,90}\r?\n")
_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]+: .*\n)*\n?")
_SIGNATURE = re.compile(
    r"\n?-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)", re.S
)


def unpacked(data: bytes, encoding: str) -> bytes:
    """Return bytes as they were before they were packed; what is broken stays as it is."""
    if encoding == "base64":
        data = _NOT_BASE64.sub(b"", data.partition(b"=")[0])
        data = data[: len(data) - (len(data) % 4 == 1)]
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        begin = _UUENCODED.search(data)
        return _from_uu(data[begin.end() :] if begin else data)
    return data


def size(data: bytes, part: Part) -> int:
    """Return how many bytes a part holds, without unpacking a large one."""
    if part.encoding != "base64":
        return part.end - part.start
    packed = data[part.start : part.end].translate(None, b"\r\n\t =")
    return len(packed) * 3 // 4


def held(octets: int, encoding: str) -> int:
    """Return how many bytes so many hold, as far as can be told without them."""
    # Lines of base64 are 76 long, and two signs end each.
    return octets * 57 // 78 if encoding == "base64" else octets


def text(data: bytes, part: Part, most: int) -> tuple[str, bool]:
    """Return a part’s text with plain line ends, and whether it was cut."""
    # What is packed is at most three times as long as what it holds.
    octets = unpacked(data[part.start : min(part.end, part.start + 3 * most)], part.encoding)
    cut = len(octets) > most or part.end - part.start > 3 * most
    made = _LINE_END.sub("\n", decoded(octets[:most], part.parameter("charset")))
    if part.kind == "text/plain" and part.parameter("format").lower() == "flowed":
        made = flowed(made, part.parameter("delsp").lower() == "yes")
    return made, cut


def flowed(text: str, without_space: bool = False) -> str:
    """Return text whose paragraphs were cut into lines with a blank at the end (RFC 3676)."""
    made: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        quoted, content = _parted(line)
        depth = quoted.count(">")
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        kept = content[:-1] if flows and without_space else content
        if depth == open_depth and content != "-- ":
            made[-1].append(kept)
        else:
            made.append([">" * depth + " " if depth else "", kept])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in made)


def _parted(line: str) -> tuple[str, str]:
    depth = len(line) - len(line.lstrip(">"))
    return line[:depth], line[depth:]


def in_the_clear(text: str) -> str:
    """Return text without the lines that sign it (OpenPGP)."""
    if "-----BEGIN PGP SIGNED MESSAGE-----" not in text:
        return text
    return _SIGNATURE.sub("", _SIGNED.sub("", text)).replace("\n- -", "\n-")


def uuencoded(data: bytes, part: Part) -> Iterator[tuple[str, int, int]]:
    """Yield name and place of each file that was written into a part’s text."""
    if part.encoding in ("base64", "quoted-printable"):
        return
    place = part.start
    while begin := _UUENCODED.search(data, place, part.end):
        end = _UU_END.search(data, begin.end(), part.end)
        if end is None:
            return
        place = end.end()
        if _UU_LINE.match(data, begin.end(), part.end):
            yield decoded(begin[1]), begin.start(), place


def _from_uu(data: bytes) -> bytes:
    made = bytearray()
    for line in data.splitlines():
        if line.strip() == b"end":
            break
        try:
            made += binascii.a2b_uu(line)
        except binascii.Error:
            # Some programs count a line’s signs wrongly: what the count says is there is taken.
            made += _miscounted(line)
    return bytes(made)


def _miscounted(line: bytes) -> bytes:
    needed = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
    try:
        return binascii.a2b_uu(line[: needed + 1].ljust(needed + 1))
    except binascii.Error:
        return b""
