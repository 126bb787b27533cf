"""Header lines that hold what they should and nothing else.

A contact's *name* can smuggle a Bcc into a message on more than one mail library, so text is
refused before it is encoded, and what was built is read back before it is sent.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache

import idna

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Mailbox

# C0, DEL and C1 controls, the Unicode line and paragraph separators, lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=^_`{|}~ -]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
# RFC 5322, 2.1.1: 998 characters a line; a name before the colon needs room too.
_LONGEST = 900
# 39 bytes make 52 of base64 and 64 with the frame: «Subject: » and it stay within 76.
_PIECE = 39


def clean_header(value: str, what: str = "text") -> str:
    """Return a header's text unchanged, or raise SendFailed where it holds a control character.

    ``what`` names the place for the person who must repair it, as «subject».
    """
    found = _FORBIDDEN.search(value)
    if found is None:
        return value
    raise SendFailed(
        f"The {what} holds an invisible control character (U+{ord(found[0]):04X}) at position "
        f"{found.start() + 1}. Type it again by hand; pasted text often carries such characters.",
        permanent=True,
    )


def encoded(value: str) -> str:
    """Return clean text as the body of an unstructured header, folded (RFC 2047)."""
    if value.isascii() and "=?" not in value and len(value) <= _LONGEST:
        return value
    return "\r\n ".join(_words(value))


def written(mailbox: Mailbox, what: str) -> str:
    """Return a mailbox as the body of a From or To header, folded."""
    address = deliverable(mailbox.address, what)
    name = clean_header(mailbox.name, f"{what}’s name").strip()
    if not name:
        return address
    if not name.isascii() or "=?" in name or len(name) > 200:
        words = list(_words(name))
        return "\r\n ".join([*words, f"<{address}>"])
    if _PLAIN_NAME.fullmatch(name):
        return f"{name} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


@lru_cache(maxsize=4096)
def deliverable(address: str, what: str) -> str:
    """Return an address as mail servers take it (a domain in letters of its own as «xn--…»)."""
    clean_header(address, f"{what}’s address")
    local, at, domain = address.rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or "=?" in local:
        raise _undeliverable(address, what)
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise _undeliverable(address, what) from error
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise _undeliverable(address, what)
    return f"{local}@{domain}"


def _undeliverable(address: str, what: str) -> SendFailed:
    return SendFailed(
        f"‘{address[:80]}’ is not an address that mail can be sent to. Correct the {what}’s "
        f"e-mail address.",
        permanent=True,
    )


def _words(text: str) -> Iterator[str]:
    """Cut text into encoded words, never inside a character."""
    piece = b""
    for character in text:
        octets = character.encode("utf-8")
        if len(piece) + len(octets) > _PIECE:
            yield _word(piece)
            piece = b""
        piece += octets
    yield _word(piece)


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{b64encode(octets).decode('ascii')}?="
