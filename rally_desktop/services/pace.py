"""The pace of a mail account: how many messages an hour its server is asked to take."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from rally_desktop.model.changes import RowChanged
from rally_desktop.model.tables import account_bucket, outbox
from rally_desktop.model.work import Work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_AT_ONCE = 6  # a sixth of the hour's messages may go at once, the others are spread


def take_slot(work: Work, account_id: int, hourly_limit: int) -> datetime | None:
    """Take the next place in an account's hour; return its moment, None where that is now.

    The generic cell rate algorithm (ITU-T I.371) over a moment that every computer shares: in
    no hour are more than ``hourly_limit`` places given away, 0 is no limit.
    """
    if not hourly_limit:
        return None
    at_once = max(1, hourly_limit // _AT_ONCE)
    apart = HOUR / max(1, hourly_limit - at_once)
    arrival = max(_arrival(work, account_id), work.now)
    work.memo["arrival", account_id] = arrival + apart
    work.change(RowChanged("account_bucket", account_id, {"arrival_at": arrival + apart}))
    slot = arrival - (at_once - 1) * apart
    return slot if slot > work.now else None


def _arrival(work: Work, account_id: int) -> datetime:
    key = ("arrival", account_id)
    if key not in work.memo:
        columns = account_bucket.c
        query = select(columns.arrival_at).where(columns.account_id == account_id)
        work.memo[key] = work.connection.execute(query.with_for_update()).scalar() or work.now
    return work.memo[key]


def room(work: Work, account_id: int, hourly_limit: int, daily_limit: int = 0) -> int | None:
    """Return how many messages may be handed over now; None is without limit.

    Places are given away when messages are decided; should many have waited for the account
    itself, it still gets no more than its hour's and its day's worth.
    """
    rooms = [
        max(0, limit - sent_since(work, account_id, work.now - span))
        for limit, span in ((hourly_limit, HOUR), (daily_limit, DAY))
        if limit
    ]
    return min(rooms, default=None)


def sent_since(work: Work, account_id: int, moment: datetime) -> int:
    """Return how many messages an account sent since a moment."""
    columns = outbox.c
    query = select(func.count()).where(columns.account_id == account_id, columns.sent_at > moment)
    return work.connection.execute(query).scalar_one()
