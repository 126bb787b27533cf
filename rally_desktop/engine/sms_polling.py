"""Asking gateways for what came in and what became of messages, where nothing reaches us."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import RallyError, SendFailed
from rally_desktop.engine import lease
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.sms.base import Gateway
from rally_desktop.services import (
    installation,
    mail_accounts,
    receiving,
    sms_accounts,
    sms_door,
    sms_pieces,
    sms_received,
    sms_status,
)
from rally_desktop.services.mail_accounts import Account

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
BACK = timedelta(days=1)  # how far back a gateway is asked, beyond when it was asked last


@dataclass
class SmsPolling:
    """Asks every gateway that is to be asked once a minute; of several computers one does so."""

    store: Store
    gateway_for: Callable[[Account], Gateway]
    holder: str = field(default_factory=platform.node)
    _asked_at: datetime | None = None
    _task: asyncio.Task[None] | None = None

    async def follow(self) -> None:
        """Begin to ask where it is time; called again and again by the engine."""
        now = self.store.clock.now()
        if self._task is not None and not self._task.done():
            return
        if self._asked_at is not None and timedelta(0) <= now - self._asked_at < EVERY:
            return
        self._asked_at = now
        self._catch_up()
        if due := self.store.read(_due):
            self._task = asyncio.create_task(self._ask_all(due))

    async def close(self) -> None:
        """Ask nobody any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look_at_all(self) -> None:
        """Ask every gateway that is to be asked, now."""
        self._catch_up()
        await self._ask_all(self.store.read(_due))

    async def look(self, account: Account) -> int:
        """Ask one gateway now and return how much of it was news; raise RallyError."""
        gateway = self.gateway_for(account)
        since, waiting = self.store.read(_asked_for, account)
        told = await gateway.poll(since, waiting)

        def note(work: Work) -> int:
            news = sms_door.take(work, account, told, asked=True)
            receiving.opened(work, account.id, receiving.INBOX, "inbox", validity=1, top=0)
            return news

        news = self.store.write_patiently(note)
        self.store.write_patiently(lambda work: receiving.looked(work, account.id))
        return news

    def _catch_up(self) -> None:
        """Take what waited: what was told too early, long messages of which a part never came."""
        try:
            if self.store.read(sms_status.untold):
                self.store.write_patiently(sms_status.take_kept)
            for account in self.store.read(_overdue):
                take = partial(sms_received.take_incomplete, account=account)
                self.store.write_patiently(take)
        except DBAPIError as error:
            log.error("What waited of text messages could not be kept: %s", error)

    async def _ask_all(self, due: list[Account]) -> None:
        for account in due:
            try:
                if self.store.write_patiently(lambda work, a=account: self._holds(work, a)):
                    await self.look(account)
            except SendFailed as error:
                self._note(account, str(error))
            except RallyError:
                continue  # its secret is on another computer, which asks
            except DBAPIError as error:
                log.error("What a gateway told could not be kept: %s", error)

    def _holds(self, work: Work, account: Account) -> bool:
        return lease.take(work, f"sms/{account.id}", self.holder, LEASE) is not None

    def _note(self, account: Account, why: str) -> None:
        with contextlib.suppress(DBAPIError):
            self.store.write_patiently(lambda work: receiving.failed(work, account.id, why))


@dataclass
class OneAsking:
    """Asks every gateway once, before anything goes out, for an engine that stops soon."""

    polling: SmsPolling
    _over: bool = False

    async def follow(self) -> None:
        """Ask, the first time."""
        if not self._over:
            self._over = True
            await self.polling.look_at_all()

    async def close(self) -> None:
        """Let go of nothing."""


def _due(work: Work) -> list[Account]:
    """Return the gateways that are to be asked now."""
    if installation.locked(work):
        return []
    resting = {
        number
        for number, box in receiving.troubles(work).items()
        if box.due_at is not None and box.due_at > work.now
    }
    return [
        one
        for one in sms_accounts.listed(work)
        if one.gateway and not one.paused_why and one.id not in resting and _is_asked(work, one)
    ]


def _overdue(work: Work) -> list[Account]:
    """Return the gateways of which long messages are to be taken as they are."""
    if installation.locked(work):
        return []
    numbers = sms_pieces.overdue(work)
    return [one for one in mail_accounts.accounts(work) if one.id in numbers]


def _is_asked(work: Work, account: Account) -> bool:
    """Say whether a gateway is asked: for what came in, or what became of each message."""
    if sms_accounts.kind_of(account).inbox:
        return sms_accounts.rules_of(account).polls
    return bool(sms_status.waiting(work, account.id))


def _asked_for(work: Work, account: Account) -> tuple[datetime, list[str]]:
    last = receiving.looked_at(work).get(account.id)
    since = (last or work.now) - BACK
    return since, sms_status.waiting(work, account.id)
