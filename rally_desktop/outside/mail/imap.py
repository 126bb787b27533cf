"""Connect to a mailbox by IMAP (RFC 3501), by password or token; its folders (RFC 6154)."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import unreached, untrusted
from rally_desktop.outside.mail.base import Security, Token
from rally_desktop.outside.mail.imap_client import Client, TlsClient
from rally_desktop.outside.mail.smtp import on_this_computer

# Seconds for one reply.
REPLY_SECONDS = 20.0
# What folders of sent mail are called where the server does not mark them.
SENT_NAMES = ("sent", "sent items", "sent messages", "sent mail", "gesendet", "enviados", "envoyés")
_LISTED = re.compile(rb'\((?P<marks>[^)]*)\) (?:"(?:[^"\\]|\\.)"|NIL) (?P<name>.+)')
_LONGEST = 300
TLS_PORT = 993


class LoginRefused(SendFailed):
    """The server of incoming mail does not take the login."""


@dataclass(frozen=True)
class Place:
    """A mailbox: its server and who reads it, by password or, with a ``token``, without one."""

    host: str
    port: int
    security: Security
    login: str
    password: str
    token: Token | None = None

    def __repr__(self) -> str:
        """Say all but the password."""
        return f"{type(self).__name__}({self.login}@{self.host}:{self.port}, {self.security})"


async def secret_of(place: Place, refused: str = "") -> str:
    """Return the password or a fresh token; ``refused`` is one that the server did not take."""
    return place.password if place.token is None else await place.token(refused)


def connect(
    place: Place,
    secret: str,
    *,
    tls: ssl.SSLContext | None = None,
    seconds: float | None = None,
) -> imaplib.IMAP4:
    """Return a connection that is logged in; raise SendFailed with what to do.

    It is encrypted before anything is said, or there is none: never a password in the open.
    """
    if place.security == "none" and not on_this_computer(place.host):
        raise SendFailed(
            f"The password for {place.host} would travel in the open. Choose TLS or STARTTLS.",
            permanent=True,
            account=True,
        )
    client: imaplib.IMAP4 | None = None
    seconds = seconds or REPLY_SECONDS
    try:
        client = _open(place, tls or ssl.create_default_context(), seconds)
        _log_in(client, place, secret)
        return client
    except (imaplib.IMAP4.error, OSError) as error:
        if client is not None:
            hang_up(client)
        raise _told(place, error, seconds, logging_in=client is not None) from error


async def connected(
    place: Place, secret: str, *, tls: ssl.SSLContext | None = None
) -> imaplib.IMAP4:
    """Connect on a thread; whoever stops waiting for it leaves no connection open."""
    made: list[imaplib.IMAP4] = []
    unwanted = threading.Event()

    def task() -> imaplib.IMAP4:
        made.append(connect(place, secret, tls=tls))
        if unwanted.is_set():
            hang_up(made[0])
        return made[0]

    try:
        return await asyncio.to_thread(task)
    except asyncio.CancelledError:
        unwanted.set()
        for client in made:
            hang_up(client)
        raise


def hang_up(client: imaplib.IMAP4) -> None:
    """End a connection without a word."""
    with contextlib.suppress(OSError):
        client.shutdown()


def leave(client: imaplib.IMAP4) -> None:
    """Take leave of the server."""
    with contextlib.suppress(imaplib.IMAP4.error, OSError):
        client.logout()
    hang_up(client)


def listed(client: imaplib.IMAP4) -> list[tuple[str, str]]:
    """Return the name of each folder, as the server quotes it, and its marks in small letters."""
    state, lines = client.list()
    return list(_read(lines)) if state == "OK" else []


def sent_folders(folders: Iterable[tuple[str, str]]) -> list[str]:
    """Return the folders of sent mail: those marked so, else those called so."""
    known = list(folders)
    marked = [name for name, marks in known if "\\sent" in marks]
    return marked or [name for name, _ in known if _last(name) in SENT_NAMES]


def marked(folders: Iterable[tuple[str, str]], mark: str) -> list[str]:
    r"""Return the folders with a mark, such as ``\all``."""
    return [name for name, marks in folders if mark in marks]


def _open(place: Place, context: ssl.SSLContext, seconds: float) -> imaplib.IMAP4:
    if place.security == "tls":
        return TlsClient(place.host, place.port, ssl_context=context, timeout=seconds)
    client = Client(place.host, place.port, timeout=seconds)
    if place.security == "starttls":
        try:
            if "STARTTLS" not in client.capabilities:
                raise imaplib.IMAP4.error("no STARTTLS")
            client.starttls(context)
        except (imaplib.IMAP4.error, OSError):
            hang_up(client)
            raise
    return client


def _log_in(client: imaplib.IMAP4, place: Place, secret: str) -> None:
    if place.token is None and f"{place.login}{secret}".isascii() and secret.isprintable():
        client.login(place.login, secret)
        return
    if place.token is None:
        client.authenticate("PLAIN", lambda _: f"\0{place.login}\0{secret}".encode())
        return
    said = f"user={place.login}\x01auth=Bearer {secret}\x01\x01".encode()
    answers = iter((said,))
    # A server that refuses says why first, and wants an empty line before it says NO.
    client.authenticate("XOAUTH2", lambda _: next(answers, b""))


def _told(place: Place, error: Exception, seconds: float, *, logging_in: bool) -> SendFailed:
    """Return what an error means and what to do about it."""
    host, port = place.host, place.port
    if isinstance(error, ssl.SSLError):
        text = untrusted.why(host, port, place.security, error, TLS_PORT)
    elif isinstance(error, socket.gaierror):
        return SendFailed(
            f"No server called ‘{host}’ can be found. Check its name, and that this computer is "
            "on line.",
            account=True,
        )
    elif isinstance(error, TimeoutError):
        return SendFailed(
            f"{host} did not answer within {seconds:g} seconds. Check the server’s name and port.",
            account=True,
        )
    elif isinstance(error, imaplib.IMAP4.abort | OSError):
        return SendFailed(unreached.why(host, port, error), account=True)
    elif logging_in:
        return _refused(place, str(error))
    else:
        text = (
            f"{host} offers no STARTTLS on port {port}. Choose TLS (often port 993), or ask the "
            "provider; nothing is sent without encryption."
        )
    return SendFailed(text, permanent=True, account=True)


def _refused(place: Place, said: str) -> LoginRefused:
    todo = "Sign in again." if place.token else "Enter the user name and password again."
    if said.startswith("b'"):
        said = said[2:-1]
    text = f"{place.host} did not accept the login. {todo} The server said: {said[:_LONGEST]}"
    return LoginRefused(text, permanent=True, account=True)


def _read(lines: Iterable[bytes | tuple[bytes, bytes] | None]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _LISTED.fullmatch(line) if isinstance(line, bytes) else None
        if match:
            marks = match["marks"].decode("ascii", "replace").lower()
            yield match["name"].decode("ascii", "replace").strip(), marks


def _last(name: str) -> str:
    return re.split(r"[/.]", name.strip('"'))[-1].casefold()
