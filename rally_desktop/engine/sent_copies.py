"""Puts copies of what was sent into the Sent folder of accounts whose server does not do so."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import NotFound, RallyError, SendFailed
from rally_desktop.core.message import Attached
from rally_desktop.engine.outbox import letter_of
from rally_desktop.engine.receiving import PlaceFor
from rally_desktop.model.store import Store
from rally_desktop.outside.mail.base import Envelope
from rally_desktop.outside.mail.letter import build
from rally_desktop.outside.mail.sent import SentFolder
from rally_desktop.services import ancestry, attachments, sent_copies
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.outbox import Parcel

log = logging.getLogger(__name__)

EVERY = 20.0  # seconds


@dataclass
class SentCopies:
    """Looks for every copy by its Message-ID before it is put there: it is there once."""

    store: Store
    place_for: PlaceFor
    _again_at: float = 0.0
    _task: asyncio.Task[int] | None = field(default=None)

    async def follow(self) -> None:
        """Begin with what is due; called again and again by the engine."""
        now = asyncio.get_running_loop().time()
        if now < self._again_at or (self._task is not None and not self._task.done()):
            return
        self._again_at = now + EVERY
        if self.store.read(sent_copies.due):
            self._task = asyncio.create_task(self.put_due())

    async def close(self) -> None:
        """Leave the rest for the next time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def put_due(self) -> int:
        """Put every copy that is due where it belongs and return how many are settled."""
        count = 0
        try:
            for account in self.store.read(sent_copies.due):
                count += await self._put(account)
        except DBAPIError as error:
            log.error("What was copied could not be written down: %s", error)
        return count

    async def _put(self, account: Account) -> int:
        try:
            folder = SentFolder(self.place_for(account))
        except RallyError:
            return 0  # its password is on another computer, which does it
        count = 0
        try:
            claim = partial(sent_copies.claim, account=account)
            while parcels := self.store.write_patiently(claim):
                for parcel in parcels:
                    count += await self._put_one(folder, parcel)
        except SendFailed:
            log.info("Copies are put into the Sent folder later.")
        finally:
            await folder.close()
        return count

    async def _put_one(self, folder: SentFolder, parcel: Parcel) -> bool:
        """Put one there and say so; one that the server refuses is in nobody's way."""
        if not self.store.read(sent_copies.is_whole, parcel.id):
            return False
        try:
            made = self._made(parcel)
            await folder.put(parcel.row["message_id"], made.data, parcel.row["sent_at"])
        except SendFailed as error:
            if error.account:
                raise
            log.info("A server refused a copy for the Sent folder.")
            return False
        except NotFound:
            log.info("A file of a message is gone: there is no copy in the Sent folder.")
        self.store.write_patiently(partial(sent_copies.settled, outbox_id=parcel.id))
        return True

    def _made(self, parcel: Parcel) -> Envelope:
        """Return a message as it is kept, without what only its recipients get."""
        row, read = parcel.row, self.store.read
        files = tuple(
            Attached(one["name"], one["kind"], read(attachments.content, one["digest"]))
            for one in row["files"] or ()
        )
        before = row["in_reply_to"]
        chain = read(ancestry.references, before) if before else ()
        return build(letter_of(parcel, files, chain))


@dataclass
class OneCopying:
    """Puts copies there once, for an engine that stops soon: those of the last time, mostly."""

    copies: SentCopies
    _over: bool = False

    async def follow(self) -> None:
        """Put them there, the first time."""
        if not self._over:
            self._over = True
            await self.copies.put_due()

    async def close(self) -> None:
        """Let go of nothing."""
