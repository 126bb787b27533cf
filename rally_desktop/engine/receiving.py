"""Receiving mail: every account’s mailbox is looked into when its doorbell rings, or it is time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import RallyError, SendFailed
from rally_desktop.engine import lease
from rally_desktop.engine.receiving_look import Look, NotOurs
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.doorbell import Doorbell, NoBell
from rally_desktop.outside.mail.imap import LoginRefused, Place, secret_of
from rally_desktop.outside.mail.mailbox import ImapMailbox, MailboxAway
from rally_desktop.services import installation, mail_accounts, receiving, receiving_rules
from rally_desktop.services.mail_accounts import Account

log = logging.getLogger(__name__)
T = TypeVar("T")

PlaceFor = Callable[[Account], Place]
LEASE = timedelta(minutes=15)
# Seconds between two looks, where a bell says when there is news and where none does.
WITH_BELL, WITHOUT_BELL = 300.0, 60.0
MOST_AT_ONCE = 64
# Until another computer’s mailbox, and what accounts there are, is looked at again.
NOT_OURS, ACCOUNTS = 60.0, 5.0


@dataclass(frozen=True)
class Round:
    """What came of one look into every mailbox: messages read, and which cannot be, and why."""

    read: int = 0
    troubles: tuple[str, ...] = ()


@dataclass
class Receiving:
    """Keeps a task for every account whose mail is read; of several computers one does so."""

    store: Store
    place_for: PlaceFor
    holder: str = field(default_factory=platform.node)
    _keepers: dict[Account, tuple[_Keeper, asyncio.Task[None]]] = field(default_factory=dict)
    _again_at: float = 0.0
    # Of our own: mailboxes that are slow take no thread from anybody else.
    _threads: Executor = field(default_factory=lambda: ThreadPoolExecutor(MOST_AT_ONCE, "mailbox"))

    async def follow(self) -> None:
        """Receive for the accounts that there are now; called again and again by the engine."""
        now = asyncio.get_running_loop().time()
        if now < self._again_at:
            return
        self._again_at = now + ACCOUNTS
        await self._see_to(self.store.read(_receiving))

    async def close(self) -> None:
        """Finish the batches in hand, take leave of every server, and let go of the threads."""
        await self._see_to([])
        self._threads.shutdown(wait=False)

    async def look(self, account: Account) -> int:
        """Look into one mailbox now and return how many messages were read. Raises SendFailed."""
        keeper = self._keeper(account)
        try:
            return await keeper.look()
        finally:
            await keeper.close()

    async def look_into_all(self) -> Round:
        """Look into every mailbox once; what another computer reads is left to it."""
        accounts = self.store.read(_receiving)
        read = sum(await asyncio.gather(*(self._looked(account) for account in accounts)))
        known = self.store.read(receiving.troubles)
        own = [one for one in accounts if one.id in known]
        return Round(read, tuple(f"{one.address}: {known[one.id].trouble}" for one in own))

    async def _looked(self, account: Account) -> int:
        keeper = self._keeper(account)
        try:
            return await keeper.look()
        except (NotOurs, RallyError) as error:
            keeper.note(error)
            return 0
        finally:
            await keeper.close()

    def _keeper(self, account: Account) -> _Keeper:
        return _Keeper(self.store, account, self.place_for, self.holder, self._threads)

    async def _see_to(self, accounts: list[Account]) -> None:
        """Begin with new accounts, and end with those that are gone or were changed."""
        broken = {account for account, (_, task) in self._keepers.items() if task.done()}
        for account in (self._keepers.keys() - set(accounts)) | broken:
            keeper, task = self._keepers.pop(account)
            if account in broken:
                log.error("Receiving broke off.", exc_info=task.exception())
            keeper.stopping.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await keeper.close()
        for account in accounts:
            if account not in self._keepers:
                keeper = self._keeper(account)
                self._keepers[account] = keeper, asyncio.create_task(keeper.keep())


@dataclass
class OneRound:
    """Reads every mailbox once, before anything goes out, for an engine that stops soon."""

    receiving: Receiving
    came: Round = Round()
    _over: bool = False

    async def follow(self) -> None:
        """Look into every mailbox, the first time."""
        if not self._over:
            self._over = True
            self.came = await self.receiving.look_into_all()

    async def close(self) -> None:
        """Let go of the threads: every mailbox was left when it was read."""
        await self.receiving.close()


def _receiving(work: Work) -> list[Account]:
    """Return the accounts whose mail is read here and now."""
    if installation.locked(work):
        return []
    return [
        one
        for one in mail_accounts.accounts(work)
        if one.channel == "email" and one.receives and not one.paused_why
    ]


class _Keeper:
    """Reads one account’s mail, one look at a time, on a connection that is kept."""

    def __init__(
        self,
        store: Store,
        account: Account,
        place_for: PlaceFor,
        holder: str,
        threads: Executor,
    ) -> None:
        self.stopping = threading.Event()
        self._store, self._account, self._place_for = store, account, place_for
        self._holder, self._threads = holder, threads
        self._name = f"mailbox/{account.id}"
        self._mailbox: ImapMailbox | None = None
        self._heads_only = False
        self._rung = asyncio.Event()
        self._bell: asyncio.Task[None] | None = None
        self._looking: asyncio.Future[int] | None = None

    def ring(self) -> None:
        """Look soon."""
        self._rung.set()

    async def keep(self) -> None:
        """Look again and again."""
        while True:
            self._rung.clear()
            seconds = await self._once()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._rung.wait()

    async def _once(self) -> float:
        """Look once and return how many seconds later to look again."""
        try:
            await self.look()
        except (NotOurs, RallyError) as error:
            return self.note(error)
        except DBAPIError as error:
            log.error("Mail could not be kept: %s", error)
            return NOT_OURS
        return self._patience()

    def note(self, error: Exception) -> float:
        """Write down what is in the way of reading, where that is the account’s own trouble.

        Return how many seconds later to look again.
        """
        if isinstance(error, NotOurs):
            return NOT_OURS
        at = self._store.read(receiving.looked_at).get(self._account.id)
        elsewhere = at is not None and self._store.clock.now() - at < LEASE
        if elsewhere and not isinstance(error, SendFailed):
            return NOT_OURS  # another computer has the password
        failed = partial(_failed, account_id=self._account.id, why=str(error))
        return self._store.write_patiently(failed)

    def _patience(self) -> float:
        ringing = self._bell is not None and not self._bell.done()
        seconds = WITH_BELL if ringing else WITHOUT_BELL
        oldest = self._store.read(receiving_rules.of).oldest
        return min(seconds, oldest * 30.0) if oldest else seconds

    async def look(self) -> int:
        """Look once; raise NotOurs, SendFailed, or RallyError where the password is not here."""
        place = self._place_for(self._account)
        if not self._store.write_patiently(self._holds):
            raise NotOurs
        kept = self._mailbox is not None
        try:
            read = await self._read(place)
        except MailboxAway:
            if self._mailbox is not None:
                self._heads_only = self._mailbox.heads_only
                self._mailbox.hang_up()
                self._mailbox = None
            if not kept:
                raise
            read = await self._read(place)  # the connection slept, or its time was over
        self._listen(place)
        return read

    async def _read(self, place: Place) -> int:
        mailbox = self._mailbox or await self._connected(place)
        look = Look(self._store, self._account, mailbox, self._holds, self.stopping.is_set)
        self._looking = self._run(look.through)
        return await asyncio.shield(self._looking)

    def _holds(self, work: Work) -> bool:
        return lease.take(work, self._name, self._holder, LEASE) is not None

    async def _connected(self, place: Place) -> ImapMailbox:
        secret = await secret_of(place)
        try:
            return await self._run(partial(self._connect, place, secret))
        except LoginRefused:
            if place.token is None:
                raise
            fresh = await place.token(secret)
            return await self._run(partial(self._connect, place, fresh))

    def _run(self, task: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, task)

    def _connect(self, place: Place, secret: str) -> ImapMailbox:
        """Connect, on a thread; where nobody waits for it any more, hang up at once."""
        self._mailbox = made = ImapMailbox(place, secret, heads_only=self._heads_only)
        if self.stopping.is_set():
            made.hang_up()
        return made

    def _listen(self, place: Place) -> None:
        """Hang up a doorbell where none hangs; a server without one is asked more often."""
        if self._bell is None or (self._bell.done() and not self._has_none()):
            bell = Doorbell(place, self.ring)
            self._bell = asyncio.create_task(_listening(bell, partial(secret_of, place)))

    def _has_none(self) -> bool:
        return self._bell is not None and isinstance(self._bell.exception(), NoBell)

    async def close(self) -> None:
        """Finish the batch in hand, take leave, and let another computer read at once."""
        self.stopping.set()
        if self._bell is not None:
            self._bell.cancel()
            await asyncio.gather(self._bell, return_exceptions=True)
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._mailbox is not None:
            await self._run(self._mailbox.close)
            self._mailbox = None
        with contextlib.suppress(RallyError, DBAPIError):
            give_back = partial(lease.give_back, name=self._name, holder=self._holder)
            self._store.write_patiently(give_back)


async def _listening(bell: Doorbell, secret: Callable[[], Awaitable[str]]) -> None:
    """Listen as long as that works; the next look hangs the bell up again."""
    with contextlib.suppress(OSError, TimeoutError, RallyError):
        await bell.listen(await secret())


def _failed(work: Work, account_id: int, why: str) -> float:
    due_at = receiving.failed(work, account_id, why)
    return (due_at - work.now).total_seconds()
