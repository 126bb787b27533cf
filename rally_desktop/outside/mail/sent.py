"""Ask a mailbox by IMAP whether it holds a copy of a message (RFC 3501, folders by RFC 6154)."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rally_desktop.outside.mail.base import Security
from rally_desktop.outside.mail.smtp import on_this_computer

Kind = Literal["sent", "bcc"]
# Seconds for one reply, and for all that one question takes.
REPLY_SECONDS = 20.0
QUESTION_SECONDS = 60.0
LARGEST_REPLY = 1024 * 1024
# What folders of sent mail are called where the server does not mark them.
SENT_NAMES = ("sent", "sent items", "sent messages", "sent mail", "gesendet", "enviados", "envoyés")
_LISTED = re.compile(rb'\((?P<marks>[^)]*)\) (?:"(?:[^"\\]|\\.)"|NIL) (?P<name>.+)')


@dataclass(frozen=True)
class ImapPlace:
    """Where copies are kept: ``sent`` by the server in a folder, ``bcc`` in the inbox."""

    host: str
    port: int
    security: Security
    login: str
    password: str
    kind: Kind

    def __repr__(self) -> str:
        """Say all but the password."""
        return f"ImapPlace({self.login}@{self.host}:{self.port}, {self.security}, {self.kind})"


class ImapJournal:
    """Looks a message up by its Message-ID, or by our own header where that was replaced."""

    def __init__(self, mailbox: ImapPlace, *, tls: ssl.SSLContext | None = None) -> None:
        """Keep where to ask; ``tls`` replaces the system's list of trusted authorities."""
        self._mailbox = mailbox
        self._tls = tls
        self._client: imaplib.IMAP4 | None = None

    @property
    def name(self) -> str:
        """Return what people call the place."""
        return "the Sent folder" if self._mailbox.kind == "sent" else "the journal mailbox"

    async def holds(self, message_id: str) -> bool | None:
        """Say whether a copy is there; None where the server cannot be asked."""
        asking = asyncio.to_thread(self._holds, message_id)
        try:
            async with asyncio.timeout(QUESTION_SECONDS):
                return await asking
        except (imaplib.IMAP4.error, OSError, TimeoutError):
            self._hang_up()
            return None

    async def close(self) -> None:
        """Take leave of the server."""
        await asyncio.to_thread(self._leave)

    def _holds(self, message_id: str) -> bool | None:
        client = self._client or self._connect()
        bare = message_id.strip("<>").replace("\\", "\\\\").replace('"', '\\"')
        wanted = f'OR HEADER Message-ID "{bare}" HEADER X-Rally-Key "{bare}"'
        searched = False
        for folder in self._folders(client):
            # Choosing the folder anew shows what came since the last question.
            if client.select(folder, readonly=True)[0] != "OK":
                continue
            state, found = client.uid("SEARCH", wanted)
            if state != "OK":
                return None
            searched = True
            if any(part and part.strip() for part in found):
                return True
        return False if searched else None

    def _connect(self) -> imaplib.IMAP4:
        box = self._mailbox
        if box.security == "none" and not on_this_computer(box.host):
            raise imaplib.IMAP4.error("a password would travel in the open")
        context = self._tls or ssl.create_default_context()
        if box.security == "tls":
            client: imaplib.IMAP4 = _TlsClient(
                box.host, box.port, ssl_context=context, timeout=REPLY_SECONDS
            )
        else:
            client = _Client(box.host, box.port, timeout=REPLY_SECONDS)
        self._client = client
        if box.security == "starttls":
            client.starttls(context)
        client.login(box.login, box.password)
        return client

    def _folders(self, client: imaplib.IMAP4) -> list[str]:
        """Return the folders that copies may lie in, quoted as the server quotes them."""
        state, lines = client.list()
        if state != "OK":
            return []
        found = list(_listed(lines))
        everything = [name for name, marks in found if "\\all" in marks]
        if self._mailbox.kind == "bcc":
            return ["INBOX", *everything]
        marked = [name for name, marks in found if "\\sent" in marks]
        return [*(marked or _called_sent(name for name, _ in found)), *everything]

    def _leave(self) -> None:
        if self._client is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                self._client.logout()
        self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown()


class _Bounded:
    """Refuses to read more of one reply than an honest server says."""

    def read(self, size: int) -> bytes:
        """Read a literal, if it is of a sane size."""
        if size > LARGEST_REPLY:
            raise imaplib.IMAP4.abort("the server’s reply is too large")
        return super().read(size)  # pyright: ignore[reportAttributeAccessIssue]


class _Client(_Bounded, imaplib.IMAP4):
    """A connection that is in the open, or not yet encrypted."""


class _TlsClient(_Bounded, imaplib.IMAP4_SSL):
    """A connection that is encrypted from the start."""


def _listed(lines: Iterable[bytes | tuple[bytes, bytes] | None]) -> Iterator[tuple[str, str]]:
    """Yield the name of each folder, as it was quoted, and its marks in small letters."""
    for line in lines:
        match = _LISTED.fullmatch(line) if isinstance(line, bytes) else None
        if match:
            marks = match["marks"].decode("ascii", "replace").lower()
            yield match["name"].decode("ascii", "replace").strip(), marks


def _called_sent(names: Iterable[str]) -> list[str]:
    def last(name: str) -> str:
        return re.split(r"[/.]", name.strip('"'))[-1].casefold()

    return [name for name in names if last(name) in SENT_NAMES]
