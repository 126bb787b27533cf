"""Messages in a rehearsal: taken as a server would that always says yes; nothing goes anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Coroutine
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.base import Carrier
from rally_desktop.services import messages, outbox
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.outbox import Parcel

ANSWER = "250 taken in a rehearsal"
REPLY_AFTER = timedelta(days=2)
HOLDER = "rehearsal"


class Courier(Outbox):
    """Claims messages as ever, then hands them to nobody, many in one transaction.

    ``percent`` of the messages are answered two days later; ``seed`` decides which.
    """

    def __init__(self, store: Store, seed: int, percent: int) -> None:
        super().__init__(store, _no_carrier, holder=HOLDER)
        self._seed = seed
        self._percent = percent
        self._replies: list[tuple[datetime, int, Parcel]] = []

    def deliver(self) -> bool:
        """Take every message that is due, bring every reply that is; say whether any was."""
        now = self.store.clock.now()
        due = self.next_due()
        if due is None or due > now:
            return False
        _run(self.send_due())
        while self._replies and self._replies[0][0] <= now:
            parcel = heappop(self._replies)[2]
            self.store.write_patiently(lambda work, one=parcel: _reply(work, one))
        return True

    def next_due(self) -> datetime | None:
        """Return when the next message or reply is due."""
        moments = [self.store.read(outbox.next_due)]
        moments += [moment for moment, _, _ in self._replies[:1]]
        return min((one for one in moments if one), default=None)

    async def _send_all(self, account: Account, parcels: list[Parcel]) -> int:
        self.store.write_patiently(lambda work: _taken(work, parcels))
        now = self.store.clock.now()
        for parcel in parcels:
            if self._is_answered(parcel):
                heappush(self._replies, (now + REPLY_AFTER, parcel.id, parcel))
        return len(parcels)

    def _is_answered(self, parcel: Parcel) -> bool:
        drawn = hashlib.sha256(f"{self._seed}:{parcel.row['key']}".encode()).digest()
        return int.from_bytes(drawn[:8], "big") % 100 < self._percent


def _run(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run what never waits without an event loop, which would open a socket pair."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("a rehearsal waited for something outside")


def _no_carrier(account: Account) -> Carrier:
    raise RuntimeError("a rehearsal has no carrier")


def _taken(work: Work, parcels: list[Parcel]) -> None:
    work.load(parcel.ref for parcel in parcels)
    for parcel in parcels:
        outbox.sent(work, parcel, ANSWER)


def _reply(work: Work, parcel: Parcel) -> None:
    row = parcel.row
    number = parcel.ref.id if parcel.ref.kind == "contact" else row["contact_id"]
    found = work.find(Ref("contact", number)) if number else None
    if found is not None and found["deleted_at"] is None:
        messages.receive(
            work, Ref("contact", number), sender=row["recipient"],
            subject=f"Re: {row['subject']}", text="A reply that the rehearsal made up.",
            in_reply_to=row["message_id"],
        )  # fmt: skip
