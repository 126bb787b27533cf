"""Copies of what was sent, for the Sent folder of accounts whose server puts none there.

They prove nothing where an answer was lost: they are ours, made once the server has taken a
message. So they are never asked, and a folder that has them is not trusted for having them.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, func, insert, or_, select, update

from rally_desktop.model.tables import mail_account, outbox, sent_copy
from rally_desktop.model.work import Work
from rally_desktop.services import installation, mail_accounts
from rally_desktop.services import outbox as outboxes
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.outbox import Parcel

JOURNAL = "own"  # what such an account has in the place of a journal
REST = timedelta(minutes=1)  # until then the server may have put one there itself
TRIED_FOR = timedelta(days=3)
# Until the next try; the first is also how long one computer has a copy for itself.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 120, 360))
AT_ONCE = 10
_WHOLE = outbox.c.message_id != ""  # of a person who was erased nothing is left to be copied


def due(work: Work) -> list[Account]:
    """Return the accounts of which a copy is to be put into the Sent folder now."""
    own = [
        one
        for one in mail_accounts.accounts(work)
        if one.channel == "email" and one.journal == JOURNAL and one.receives
    ]
    if not own or installation.locked(work):
        return []
    return [one for one in own if work.connection.execute(_due(work, one, 1)).first()]


def claim(work: Work, account: Account) -> list[Parcel]:
    """Take some of an account's messages to be copied; nobody else does so for a while."""
    number = mail_account.c.id
    work.connection.execute(select(number).where(number == account.id).with_for_update())
    rows = work.connection.execute(_due(work, account, AT_ONCE)).mappings().all()
    own = sent_copy.c
    tried = select(own.outbox_id, own.tries).where(own.outbox_id.in_([row["id"] for row in rows]))
    known = {row.outbox_id: row.tries for row in work.connection.execute(tried)}
    for row in rows:
        tries = known.get(row["id"], 0)
        values = {"tries": tries + 1, "due_at": work.now + PAUSES[min(tries, len(PAUSES) - 1)]}
        if tries:
            again = update(sent_copy).where(own.outbox_id == row["id"])
            work.connection.execute(again.values(values))
        else:
            work.connection.execute(insert(sent_copy).values(outbox_id=row["id"], **values))
    return [outboxes.parcel_of(row) for row in rows]


def missing(work: Work, account: Account) -> int:
    """Return how many copies could not be put there up to now."""
    if account.journal != JOURNAL:
        return 0
    own, copy = outbox.c, sent_copy.c
    query = select(func.count()).join(outbox, own.id == copy.outbox_id)
    query = query.where(copy.due_at.is_not(None), own.account_id == account.id, _WHOLE)
    return work.connection.execute(query).scalar_one()


def is_whole(work: Work, outbox_id: int) -> bool:
    """Say whether a message still says what was sent: whoever got it may be erased meanwhile."""
    query = select(outbox.c.id).where(outbox.c.id == outbox_id, _WHOLE)
    return work.connection.execute(query).first() is not None


def settled(work: Work, outbox_id: int) -> None:
    """Write down that a copy is there, or that there can be none."""
    work.connection.execute(
        update(sent_copy).where(sent_copy.c.outbox_id == outbox_id).values(due_at=None)
    )


def _due(work: Work, account: Account, limit: int) -> Select:
    own, copy = outbox.c, sent_copy.c
    return (
        select(outbox)
        .join(sent_copy, copy.outbox_id == own.id, isouter=True)
        .where(own.account_id == account.id, own.state == "sent", _WHOLE)
        .where(own.sent_at > work.now - TRIED_FOR, own.sent_at <= work.now - REST)
        .where(or_(copy.outbox_id.is_(None), copy.due_at <= work.now))
        .order_by(own.sent_at, own.id)
        .limit(limit)
    )
