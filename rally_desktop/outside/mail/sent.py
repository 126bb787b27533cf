"""Ask a mailbox by IMAP whether it holds a copy of a message, or put one into its Sent folder."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import imap
from rally_desktop.outside.mail.imap import Place

Kind = Literal["sent", "bcc"]
# Seconds for all that one question takes.
QUESTION_SECONDS = 60.0
# Seconds for a copy with its files.
PUT_SECONDS = 80.0


@dataclass(frozen=True, repr=False)
class ImapPlace(Place):
    """Where copies are kept: ``sent`` by the server in a folder, ``bcc`` in the inbox."""

    kind: Kind = "sent"


class ImapJournal:
    """Looks a message up by its Message-ID, or by our own header where that was replaced."""

    def __init__(self, mailbox: ImapPlace, *, tls: ssl.SSLContext | None = None) -> None:
        """Keep where to ask; ``tls`` replaces the system's list of trusted authorities."""
        self._mailbox = mailbox
        self._tls = tls
        self._client: imaplib.IMAP4 | None = None
        self._refused = ""

    @property
    def name(self) -> str:
        """Return what people call the place."""
        return "the Sent folder" if self._mailbox.kind == "sent" else "the journal mailbox"

    async def holds(self, message_id: str) -> bool | None:
        """Say whether a copy is there; None where the server cannot be asked."""
        secret = ""
        try:
            async with asyncio.timeout(QUESTION_SECONDS):
                if self._client is None:
                    secret = await imap.secret_of(self._mailbox, self._refused)
                return await asyncio.to_thread(self._holds, message_id, secret)
        except imap.LoginRefused:
            self._refused = secret
        except (imaplib.IMAP4.error, SendFailed, OSError, TimeoutError):
            self._hang_up()
        return None

    def called(self, message_id: str) -> str:
        """Know messages by our names alone: the copy that is received tells another."""
        return ""

    async def close(self) -> None:
        """Take leave of the server."""
        client, self._client = self._client, None
        if client is not None:
            await asyncio.to_thread(imap.leave, client)

    def _holds(self, message_id: str, secret: str) -> bool | None:
        if self._client is None:
            self._client = imap.connect(self._mailbox, secret, tls=self._tls)
        client = self._client
        searched = False
        for folder in self._folders(client):
            found = holds(client, folder, message_id)
            searched = searched or found is not None
            if found:
                return True
        return False if searched else None

    def _folders(self, client: imaplib.IMAP4) -> list[str]:
        """Return the folders that copies may lie in, quoted as the server quotes them."""
        found = imap.listed(client)
        everything = imap.marked(found, "\\all")
        if self._mailbox.kind == "bcc":
            return ["INBOX", *everything]
        return [*imap.sent_folders(found), *everything]

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            imap.hang_up(client)


class SentFolder:
    """Puts messages into the folder of sent mail, each once: it is looked for before."""

    def __init__(self, place: Place, *, tls: ssl.SSLContext | None = None) -> None:
        """Keep where it is; ``tls`` replaces the system's list of trusted authorities."""
        self._place, self._tls = place, tls
        self._client: imaplib.IMAP4 | None = None

    async def put(self, message_id: str, data: bytes, at: datetime) -> None:
        """Have a message there; raise SendFailed, of the account unless it is about this one."""
        try:
            async with asyncio.timeout(PUT_SECONDS):
                if self._client is None:
                    secret = await imap.secret_of(self._place)
                    self._client = await imap.connected(self._place, secret, tls=self._tls)
                await asyncio.to_thread(self._put, self._client, message_id, data, at)
        except (imaplib.IMAP4.error, OSError, TimeoutError) as error:
            said = f"{self._place.host} took no copy for the Sent folder. ({str(error)[:200]})"
            raise SendFailed(said, account=True) from error

    async def close(self) -> None:
        """End the connection; what is under way on it fails."""
        client, self._client = self._client, None
        if client is not None:
            imap.hang_up(client)

    def _put(self, client: imaplib.IMAP4, message_id: str, data: bytes, at: datetime) -> None:
        folders = imap.sent_folders(imap.listed(client)) or _new_folder(client)
        there = [holds(client, folder, message_id) for folder in folders]
        if True in there:
            return
        if None in there:
            raise imaplib.IMAP4.error("its folder of sent mail cannot be opened")
        state, said = client.append(folders[0], r"(\Seen)", at, data)
        if state != "OK":
            raise SendFailed(f"{self._place.host} refused a copy: {said!r:.200}", permanent=True)


def _new_folder(client: imaplib.IMAP4) -> list[str]:
    """Make a folder of sent mail; some servers want every folder below the inbox."""
    for name in ("Sent", "INBOX.Sent", "INBOX/Sent"):
        if client.create(name)[0] == "OK":
            client.subscribe(name)
            return [name]
    raise imaplib.IMAP4.error("there is no folder of sent mail, and none can be made")


def holds(client: imaplib.IMAP4, folder: str, message_id: str) -> bool | None:
    """Say whether a folder has a message, by its id or our own header; None where it is closed."""
    bare = message_id.strip("<>").replace("\\", "\\\\").replace('"', '\\"')
    wanted = f'OR HEADER Message-ID "{bare}" HEADER X-Rally-Key "{bare}"'
    # Choosing the folder anew shows what came since the last question.
    if client.select(folder, readonly=True)[0] != "OK":
        return None
    state, found = client.uid("SEARCH", wanted)
    if state != "OK":
        raise imaplib.IMAP4.error("the folder cannot be searched")
    return any(part and part.strip() for part in found)
