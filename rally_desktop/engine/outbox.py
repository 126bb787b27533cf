"""Handing messages over: one at a time a connection, each state committed before the next.

An account has as many connections at once as it is allowed, and none before its first message
has shown that all is well; what goes to one person goes on one of them, in its order.
"""

from __future__ import annotations

import asyncio
import contextlib
import platform
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError

from rally_desktop.core.errors import NotFound, RallyError, SendFailed
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Attached, Copy, Letter, Mailbox
from rally_desktop.engine import brakes, guards, lease
from rally_desktop.engine.journal import Asking, JournalFor
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import Carrier, Receipt
from rally_desktop.services import (
    ancestry,
    attachments,
    installation,
    mail_accounts,
    mail_links,
    outbox,
    pace,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.outbox import Claimed, Parcel

AT_ONCE = 50
WORTH_IT = 5  # messages that another connection is opened for
MOST_FILES = 8  # kept in memory from one message to the next
LEASE = timedelta(minutes=2)
# Half a claim; before it is over, the carrier has long given up.
LONGEST_HAND_OVER = timedelta(minutes=5)

CarrierFor = Callable[[Account], Carrier]
Tailor = Callable[[Work, Sequence[Parcel]], list[Parcel]]


class _NotOurs(Exception):
    """Another computer has taken the message over; nothing was handed over here."""


class _Paused(Exception):
    """The account was paused over this very message."""


@dataclass
class Outbox:
    """Sends what is due; ``carrier_for`` opens an account's connection, which is kept.

    ``journal_for`` opens the place that is asked for messages in doubt; without it, people are.
    ``dress`` gives messages the links and headers that they go out with.

    Of several computers one at a time works for an account, so that its server sees no more
    connections than it allows; ``holder`` is this one. That no message goes out twice does not
    rest on it.
    """

    store: Store
    carrier_for: CarrierFor
    journal_for: JournalFor | None = None
    dress: Tailor = mail_links.dress_plainly
    holder: str = field(default_factory=platform.node)
    _carriers: dict[tuple[Account, int], Carrier] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)
    _unrefused: set[int] = field(default_factory=set)
    _begun: dict[int, bool] = field(default_factory=dict)
    _files: dict[tuple[str, str], Attached] = field(default_factory=dict)

    async def send_due(self) -> int:
        """Hand over everything that is due and return how many messages were sent."""
        if self.store.read(installation.locked):
            return 0
        self.store.write_patiently(outbox.recover)
        if self.journal_for is not None:
            await Asking(self.store, self.journal_for).ask_due()
        count = 0
        while (claimed := self._claimed()).looked_at:
            accounts = {one.id: one for one in self.store.read(mail_accounts.accounts)}
            await self._leave_former(accounts)
            by_account: dict[int, list[Parcel]] = {}
            for parcel in claimed.parcels:
                by_account.setdefault(parcel.row["account_id"], []).append(parcel)
            for number, own in by_account.items():
                count += await self._send_all(accounts[number], own)
        return count

    async def close(self) -> None:
        """Take leave of every server, and let other computers have the accounts at once."""
        carriers, self._carriers = self._carriers, {}
        for carrier in carriers.values():
            await carrier.close()
        if self._held:
            # Where the database does not answer any more, the leases run out by themselves.
            with contextlib.suppress(RallyError, DBAPIError):
                self.store.write_patiently(self._give_back)

    async def _leave_former(self, accounts: Mapping[int, Account]) -> None:
        """Hang up what belongs to an account as it was before, or is one more than it may have."""
        for account, lane in list(self._carriers):
            now = accounts.get(account.id)
            if now is None or now != account or lane >= now.connections:
                await self._carriers.pop((account, lane)).close()

    def _give_back(self, work: Work) -> None:
        for name in self._held:
            lease.give_back(work, name, self.holder)

    def _claimed(self) -> Claimed:
        token = secrets.token_hex(16)

        def claim(work: Work) -> Claimed:
            waiting = set(outbox.waiting_accounts(work))
            ours = [
                account
                for account in mail_accounts.accounts(work)
                if account.id in waiting and self._takes(work, account.id)
            ]
            found = [self._share(work, token, account, len(ours)) for account in ours]
            parcels = self.dress(work, [parcel for one in found for parcel in one.parcels])
            return Claimed(parcels, sum(one.looked_at for one in found))

        return self.store.write_patiently(claim)

    def _share(self, work: Work, token: str, account: Account, among: int) -> Claimed:
        """Claim an account's share of what is sent at once, as far as its hour has room."""
        room = pace.room(work, account.id, account.hourly_limit, account.daily_limit)
        if room == 0:
            outbox.keep_fresh(work, account.id)
        share = max(1, AT_ONCE // among)
        most = share if room is None else min(share, room)
        return outbox.claim(work, token, most, account.id, guards.at_hand_over)

    def _takes(self, work: Work, account_id: int) -> bool:
        name = f"mail/{account_id}"
        if lease.take(work, name, self.holder, LEASE) is None:
            return False
        self._held.add(name)
        return True

    async def _send_all(self, account: Account, parcels: list[Parcel]) -> int:
        """Send an account's messages: the first by itself, the others on its connections."""
        self._begun.clear()
        trouble: list[SendFailed] = []
        lanes = _lanes(parcels, account.connections)
        alone = len(parcels) if len(lanes) == 1 else 1
        count = await self._send_in_turn(account, 0, lanes[0][:alone], trouble)
        lanes[0] = lanes[0][alone:]
        others = [
            self._send_in_turn(account, number, lane, trouble)
            for number, lane in enumerate(lanes)
            if lane
        ]
        for sent in await asyncio.gather(*others, return_exceptions=True):
            if isinstance(sent, BaseException):
                raise sent  # once all connections are at rest
            count += sent
        return count

    async def _send_in_turn(
        self, account: Account, lane: int, parcels: list[Parcel], trouble: list[SendFailed]
    ) -> int:
        """Send messages on one connection, until any of the account's meets trouble."""
        count = 0
        for place, parcel in enumerate(parcels):
            if trouble:
                self._note_account(parcels[place:], account, trouble[0])
                break
            try:
                following = parcels[place + 1] if place + 1 < len(parcels) else None
                count += await self._send(self._carrier(account, lane), parcel, following)
            except SendFailed as error:
                # The account's own trouble: nothing is wrong with the people written to.
                trouble.append(error)
                self._note_account(parcels[place:], account, error)
                break
            except _Paused:
                trouble.append(SendFailed("The account was paused.", account=True))
                self._note_account(parcels[place + 1 :], account, trouble[-1])
                break
        return count

    def _carrier(self, account: Account, lane: int) -> Carrier:
        if (account, lane) not in self._carriers:
            self._carriers[account, lane] = self.carrier_for(account)
        return self._carriers[account, lane]

    async def _send(self, carrier: Carrier, parcel: Parcel, following: Parcel | None) -> bool:
        if not self._begin(parcel):
            return False

        began = self.store.clock.now()

        async def before_dot() -> None:
            marked = self._advance(parcel, "sending", "dot")
            # A computer that slept on the way here may have lost the message meanwhile.
            if not marked or self.store.clock.now() - began > LONGEST_HAND_OVER:
                raise _NotOurs

        try:
            answer = await carrier.hand_over(self._letter(parcel), before_dot)
        except _NotOurs:
            return False
        except SendFailed as error:
            if error.account and not error.after_dot:
                raise
            if self._note_failure(parcel, error):
                raise _Paused from error
            return False
        self._note_success(parcel, answer, following)
        return True

    def _letter(self, parcel: Parcel) -> Letter:
        """Return a message with its files; raise SendFailed where one is not there any more."""
        try:
            files = tuple(map(self._attached, parcel.row["files"] or ()))
        except NotFound as error:
            raise SendFailed(str(error), permanent=True) from error
        before = parcel.row["in_reply_to"]
        chain = self.store.read(ancestry.references, before) if before else ()
        return letter_of(parcel, files, chain)

    def _attached(self, stored: Mapping[str, Any]) -> Attached:
        key = (stored["digest"], stored["name"])
        if key not in self._files:
            if len(self._files) >= MOST_FILES:
                self._files.clear()
            content = self.store.read(attachments.content, stored["digest"])
            self._files[key] = Attached(stored["name"], stored["kind"], content)
        return self._files[key]

    def _begin(self, parcel: Parcel) -> bool:
        """Mark a message as being sent, unless that was done with the one before it."""
        if parcel.id in self._begun:
            return self._begun.pop(parcel.id)
        return self._advance(parcel, "claimed", "sending")

    def _advance(self, parcel: Parcel, before: str, after: str) -> bool:
        return self.store.write_patiently(lambda work: outbox.advance(work, parcel, before, after))

    def _note_success(self, parcel: Parcel, answer: str, following: Parcel | None) -> None:
        """Write down that a message is out, and begin the next one in the same transaction."""
        account_id = parcel.row["account_id"]

        def note(work: Work) -> bool:
            name = answer.id if isinstance(answer, Receipt) else ""
            outbox.sent(work, parcel, str(answer), name)
            if account_id not in self._unrefused:
                brakes.accepted(work, account_id)
            return following is not None and outbox.advance(work, following, "claimed", "sending")

        begun = self.store.write_patiently(note)
        if following is not None:
            self._begun[following.id] = begun
        self._unrefused.add(account_id)

    def _note_failure(self, parcel: Parcel, error: SendFailed) -> bool:
        """Write a failure down; say whether its account was paused over it."""

        def note(work: Work) -> bool:
            if error.after_dot and not error.permanent:
                outbox.doubt(work, parcel, str(error))
            else:
                outbox.failed(work, parcel, str(error), permanent=error.permanent)
            return error.permanent and brakes.refused(work, parcel)

        if error.permanent:
            self._unrefused.discard(parcel.row["account_id"])
        return self.store.write_patiently(note)

    def _note_account(self, parcels: list[Parcel], account: Account, error: SendFailed) -> None:
        def note(work: Work) -> None:
            outbox.hand_back(
                work, parcels, account.id, str(error), permanent=error.permanent, wait=error.wait
            )

        self.store.write_patiently(note)


def _lanes(parcels: Sequence[Parcel], most: int) -> list[list[Parcel]]:
    """Deal messages out to as many connections as are worth it, a person's to the same one."""
    lanes: list[list[Parcel]] = [[] for _ in range(max(1, min(most, len(parcels) // WORTH_IT)))]
    whose: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        lane = whose.setdefault(fold(parcel.row["address"]), min(lanes, key=len))
        lane.append(parcel)
    return lanes


def letter_of(parcel: Parcel, files: tuple[Attached, ...], chain: Sequence[str]) -> Letter:
    """Return a claimed message as a letter, dated when it was decided.

    ``chain`` names the messages before it, up to the one that it answers.
    """
    row, dress = parcel.row, parcel.dress
    return Letter(
        message_id=row["message_id"],
        sender=Mailbox.read(row["sender"]),
        recipient=Mailbox.read(row["recipient"]),
        subject=row["subject"],
        text=dress.text if dress else row["text"],
        html=dress.html if dress else row["html"],
        date=row["created_at"],
        headers=_headers(row, chain) + (dress.headers if dress else ()),
        files=files,
        copies=tuple(Copy(line, Mailbox.read(who)) for line, who in row["copies"] or ()),
    )


def _headers(row: Mapping[str, Any], chain: Sequence[str]) -> tuple[tuple[str, str], ...]:
    # Once more: some providers put a Message-ID of their own in the place of ours.
    given = [("X-Rally-Key", row["message_id"].strip("<>"))]
    if row["reply_to"]:
        given.append(("Reply-To", row["reply_to"]))
    if before := row["in_reply_to"]:
        given += [("In-Reply-To", before), ("References", " ".join(chain or (before,)))]
    return tuple(given)
