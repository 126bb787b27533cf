"""Prove that an account works: send one message to oneself and find it again, step by step.

On the way it is learnt whether the server keeps our Message-ID, whether it puts what was sent into
the Sent folder by itself, and after how many seconds.
"""

from __future__ import annotations

import asyncio
import imaplib
import secrets
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Letter, Mailbox
from rally_desktop.outside.mail import imap
from rally_desktop.outside.mail.base import Carrier
from rally_desktop.outside.mail.imap import Place

T = TypeVar("T")
State = Literal["waits", "runs", "well", "warns", "failed"]
# Seconds that a message to oneself may take, and between two looks.
INBOX_SECONDS, SENT_SECONDS, PAUSE = 90.0, 30.0, 2.0
STEPS = {
    "out": "Log in to send",
    "into": "Log in to receive",
    "send": "Send a message to yourself",
    "inbox": "Find it in the inbox",
    "sent": "Find it in the Sent folder",
}
OWN_ID = "The server gives messages an id of its own."
SUBJECT = "Rally Desktop: this mailbox works"
TEXT = """This message was sent by Rally Desktop to find out whether this mailbox works.

You can delete it.
"""


@dataclass(frozen=True)
class Step:
    """How one step of the proof stands, and what to do where it failed."""

    key: str
    state: State = "waits"
    said: str = ""

    @property
    def title(self) -> str:
        """Return what the step does."""
        return STEPS[self.key]


@dataclass(frozen=True)
class Learnt:
    """What the proof taught; None where that is not known."""

    works: bool = False
    keeps_id: bool | None = None
    stores_sent: bool | None = None
    sent_lag: int | None = None


Tell = Callable[[Step], object]


@dataclass
class Proof:
    """One try with one account; ``tell`` hears how each step stands.

    ``place`` is where mail is read, None where the account only sends. ``tls`` replaces the
    system's list of trusted authorities.
    """

    carrier: Carrier
    place: Place | None
    address: str
    now: Callable[[], datetime]
    tell: Tell
    tls: ssl.SSLContext | None = None
    pause: float = PAUSE
    inbox_seconds: float = INBOX_SECONDS
    sent_seconds: float = SENT_SECONDS

    async def run(self) -> Learnt:
        """Go through the steps until one fails; return what was learnt."""
        learnt = Learnt()
        client: imaplib.IMAP4 | None = None
        try:
            await self._step("out", self.carrier.check())
            if self.place is not None:
                client = await self._step("into", self._connect(self.place))
            key = f"proof.{secrets.token_hex(12)}@{self.address.rpartition('@')[2]}"
            await self._step("send", self._send(key))
            learnt = Learnt(works=True)
            if client is None:
                return learnt
            kept = await self._step("inbox", self._arrives(client, key))
            self.tell(Step("inbox", "well", "" if kept else OWN_ID))
            learnt = replace(learnt, keeps_id=kept)
            return await self._look_at_sent(client, key, learnt)
        except _Failed:
            return replace(learnt, works=learnt.works and learnt.keeps_id is not None)
        finally:
            await self.carrier.close()
            if client is not None:
                await asyncio.to_thread(imap.leave, client)

    async def _step(self, key: str, doing: Coroutine[Any, Any, T]) -> T:
        self.tell(Step(key, "runs"))
        try:
            found = await doing
        except SendFailed as error:
            self.tell(Step(key, "failed", str(error)))
            raise _Failed from error
        except (imaplib.IMAP4.error, OSError) as error:
            self.tell(Step(key, "failed", f"The connection broke: {str(error)[:200]}. Try again."))
            raise _Failed from error
        self.tell(Step(key, "well"))
        return found

    async def _connect(self, place: Place) -> imaplib.IMAP4:
        secret = await imap.secret_of(place)
        try:
            return await imap.connected(place, secret, tls=self.tls)
        except imap.LoginRefused:
            if place.token is None:
                raise
        secret = await imap.secret_of(place, secret)
        return await imap.connected(place, secret, tls=self.tls)

    async def _send(self, key: str) -> None:
        own = Mailbox(self.address)
        headers = (("X-Rally-Key", key), ("Auto-Submitted", "auto-generated"))
        letter = Letter(f"<{key}>", own, own, SUBJECT, TEXT, self.now(), headers=headers)

        async def nothing() -> None:
            """Nothing is written down before the dot."""

        await self.carrier.hand_over(letter, nothing)

    async def _arrives(self, client: imaplib.IMAP4, key: str) -> bool:
        """Wait for the message in the inbox; say whether it kept its id."""
        folders = await asyncio.to_thread(imap.listed, client)
        places = ["INBOX", *imap.marked(folders, "\\all"), *imap.marked(folders, "\\junk")]
        found = await self._patiently(client, places, key, self.inbox_seconds)
        if found is None:
            raise SendFailed(
                f"It was sent and did not arrive within {self.inbox_seconds:g} seconds. Look into "
                "the mailbox; if it comes later, try again. It may lie in a folder that a rule "
                "chose."
            )
        return found == "Message-ID"

    async def _look_at_sent(self, client: imaplib.IMAP4, key: str, learnt: Learnt) -> Learnt:
        """Look whether the server keeps what was sent, and after how long."""
        self.tell(Step("sent", "runs"))
        try:
            folders = imap.sent_folders(await asyncio.to_thread(imap.listed, client))
            began = _seconds()
            found = await self._patiently(client, folders, key, self.sent_seconds)
        except (imaplib.IMAP4.error, OSError) as error:
            self.tell(Step("sent", "failed", f"The connection broke: {str(error)[:200]}."))
            return learnt
        if found is None:
            why = "has no Sent folder" if not folders else "does not put there what goes out"
            self.tell(
                Step("sent", "warns", f"The server {why}: Rally puts copies there. Where an answer "
                     "is lost, you are asked whether a message went out.")
            )  # fmt: skip
            return replace(learnt, stores_sent=False)
        lag = round(_seconds() - began)
        self.tell(Step("sent", "well", f"It was there after {lag} s." if lag else ""))
        kept = learnt.keeps_id and found == "Message-ID"
        return replace(learnt, stores_sent=True, sent_lag=lag, keeps_id=kept)

    async def _patiently(
        self, client: imaplib.IMAP4, folders: list[str], key: str, seconds: float
    ) -> str | None:
        """Look into folders again and again for a while."""
        ends = _seconds() + seconds
        while folders:
            if found := await asyncio.to_thread(_found, client, folders, key):
                return found
            if _seconds() >= ends:
                break
            await asyncio.sleep(self.pause)
        return None


def _seconds() -> float:
    return asyncio.get_running_loop().time()


class _Failed(Exception):
    """A step failed, and it was told why."""


def _found(client: imaplib.IMAP4, folders: list[str], key: str) -> str | None:
    """Return by which header a message is found in one of the folders; None where it is not."""
    for folder in folders:
        # Choosing the folder anew shows what came meanwhile; nothing is marked as seen.
        if client.select(folder, readonly=True)[0] != "OK":
            continue
        for header in ("Message-ID", "X-Rally-Key"):
            state, found = client.uid("SEARCH", f'HEADER {header} "{key}"')
            if state == "OK" and any(part and part.strip() for part in found):
                return header
    return None
