"""Read what a domain publishes about its mail servers, in the form that Thunderbird reads.

It comes from strangers: no entities, no document types, a cap on size, encrypted servers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

from rally_desktop.outside.mail.base import Security
from rally_desktop.outside.mail.providers import Server

LARGEST = 64 * 1024
MOST_ELEMENTS = 1_000
_DECLARED = re.compile(r"<!\s*(?:doctype|entity|element|attlist)", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63})+", re.I)
_SECURITY: Mapping[str, Security] = {"SSL": "tls", "STARTTLS": "starttls"}
_PASSWORDS = ("password-cleartext", "password-encrypted", "plain", "oauth2", "")


class Unreadable(Exception):
    """That is nothing a mail program should read."""


class Published(NamedTuple):
    """What a domain says about its mail."""

    smtp: Server
    imap: Server | None
    login: str


def read(data: bytes, address: str) -> Published:
    """Return the first encrypted servers, or raise Unreadable."""
    root = _tree(data)
    outgoing = _first(root, "outgoingServer", "smtp", address)
    incoming = _first(root, "incomingServer", "imap", address)
    if outgoing is None:
        raise Unreadable("it names no server for outgoing mail that is encrypted")
    return Published(outgoing[0], incoming[0] if incoming else None, outgoing[1])


def is_host(text: str) -> bool:
    """Say whether a text can be a server's name."""
    return _HOST.fullmatch(text) is not None


def _tree(data: bytes) -> ElementTree.Element:
    if len(data) > LARGEST:
        raise Unreadable("it is too large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not written in UTF-8") from error
    if _DECLARED.search(text):
        # Entities grow without bounds and read files; no mail provider needs any.
        raise Unreadable("it declares entities")
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ElementTree.ParseError as error:
        raise Unreadable("it is no XML") from error
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Unreadable("it is too large")
    return root


def _first(
    root: ElementTree.Element, tag: str, kind: str, address: str
) -> tuple[Server, str] | None:
    return next(_servers(root, tag, kind, address), None)


def _servers(
    root: ElementTree.Element, tag: str, kind: str, address: str
) -> Iterator[tuple[Server, str]]:
    for one in root.iterfind(f".//{tag}"):
        host = _filled(one.findtext("hostname", ""), address)
        security = _SECURITY.get(one.findtext("socketType", "").strip().upper())
        port = one.findtext("port", "").strip()
        ways = [(way.text or "").strip().lower() for way in one.iterfind("authentication")]
        fits = one.get("type", "").lower() == kind and is_host(host) and _is_port(port)
        if security is not None and fits and (not ways or set(ways) & set(_PASSWORDS)):
            login = _filled(one.findtext("username", ""), address) or address
            yield Server(host.lower(), int(port), security), login[:320]


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65_536


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    values = {"%EMAILADDRESS%": address, "%EMAILLOCALPART%": local, "%EMAILDOMAIN%": domain}
    for name, value in values.items():
        text = text.replace(name, value)
    return text.strip()
