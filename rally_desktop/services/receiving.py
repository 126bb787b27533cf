"""How far each mailbox was read, what was seen in it, and what is in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import mail_seen, mailbox
from rally_desktop.model.work import Work
from rally_desktop.services import receiving_rules
from rally_desktop.services.mail_accounts import Account

INBOX = "INBOX"
# From one look to the next while something is in the way, the longer the more often it was.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))


@dataclass(frozen=True)
class Box:
    """One folder of an account, as the table ``mailbox`` has it."""

    id: int
    account_id: int
    folder: str
    role: str
    validity: int
    last: int
    back: int | None
    since: datetime
    began_at: datetime
    looked_at: datetime | None
    trouble: str
    tries: int
    due_at: datetime | None
    owed: Sequence[tuple[int, int]] | None = None


def boxes(work: Work, account_id: int) -> list[Box]:
    """Return the folders of an account that were ever read."""
    return [box for box in every(work) if box.account_id == account_id]


def every(work: Work) -> list[Box]:
    """Return the folders of all accounts."""
    found = work.connection.execute(select(mailbox).order_by(mailbox.c.id))
    return [Box(*row) for row in found]


def opened(work: Work, account_id: int, folder: str, role: str, *, validity: int, top: int) -> Box:
    """Return a folder as it is to be read on.

    What lies in it when it is opened for the first time is history, and read backwards. That it
    numbers its messages anew makes it history again, but what was seen in it before is known.
    """
    known = {box.folder: box for box in boxes(work, account_id)}.get(folder)
    fresh = {"validity": validity, "last": top, "back": top + 1, "owed": None}
    if known is None:
        row = {"id": work.new_id("mailbox"), "account_id": account_id, "folder": folder}
        since = work.now - timedelta(days=receiving_rules.of(work).days)
        row |= {"role": role, **fresh, "since": since, "began_at": work.now}
        work.change(RowAdded("mailbox", row))
        return Box(**row, looked_at=None, trouble="", tries=0, due_at=None)
    if known.validity == validity:
        return known
    work.change(RowChanged("mailbox", known.id, fresh))
    return Box(**{**vars(known), **fresh})


def read_on(work: Work, box: Box, **place: Any) -> None:
    """Write down up to where a folder was read, ``last`` upwards or ``back`` downwards.

    ``again`` moves neither. ``owed`` is what the server named on the way and did not give, by its
    number with how often.
    """
    place.pop("again", None)
    if place:
        work.change(RowChanged("mailbox", box.id, place))


# -- what was seen -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What is known of messages: seen in this very folder, or taken from any."""

    here: frozenset[str]
    taken: frozenset[str]


def seen(work: Work, box: Box, digests: Collection[str]) -> Seen:
    """Return which of some messages were seen before."""
    own = mail_seen.c
    query = select(own.digest, own.mailbox_id, own.taken).where(own.digest.in_(sorted(digests)))
    found = work.connection.execute(query).all()
    here = frozenset(row.digest for row in found if row.mailbox_id == box.id)
    return Seen(here, frozenset(row.digest for row in found if row.taken))


def note_seen(work: Work, box: Box, messages: Iterable[tuple[str, int, bool]]) -> None:
    """Write down (digest, number, taken) of messages that were seen in a folder."""
    for digest, uid, taken in messages:
        row = {"digest": digest, "mailbox_id": box.id, "uid": uid, "taken": taken}
        work.change(RowAdded("mail_seen", row))


def places(work: Work, digest: str) -> list[tuple[int, str, int, int]]:
    """Return where a message lies: (account, folder, its validity, number)."""
    query = (
        select(mailbox.c.account_id, mailbox.c.folder, mailbox.c.validity, mail_seen.c.uid)
        .join(mail_seen, mail_seen.c.mailbox_id == mailbox.c.id)
        .where(mail_seen.c.digest == digest)
        .order_by(mail_seen.c.taken.desc(), mailbox.c.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in work.connection.execute(query)]


# -- how it goes -------------------------------------------------------------------------------


def looked(work: Work, account_id: int) -> None:
    """Write down that all that an account holds by now was read."""
    well = {"looked_at": work.now, "trouble": "", "tries": 0, "due_at": None}
    work.connection.execute(update(mailbox).where(mailbox.c.account_id == account_id).values(well))
    work.touched.add("mailbox")


def failed(work: Work, account_id: int, why: str) -> datetime:
    """Write down what is in the way, and return when it is tried again."""
    inbox = {box.folder: box for box in boxes(work, account_id)}.get(INBOX)
    inbox = inbox or opened(work, account_id, INBOX, "inbox", validity=0, top=0)
    tries = inbox.tries + 1
    due_at = work.now + PAUSES[min(tries, len(PAUSES)) - 1]
    values = {"trouble": why[:2_000], "tries": tries, "due_at": due_at}
    work.change(RowChanged("mailbox", inbox.id, values))
    return due_at


def troubles(work: Work) -> Mapping[int, Box]:
    """Return the accounts whose mail cannot be read, by number, with why."""
    return {box.account_id: box for box in every(work) if box.trouble}


def looked_at(work: Work) -> Mapping[int, datetime]:
    """Return when each account was last read to the end."""
    own = mailbox.c
    query = select(own.account_id, func.min(own.looked_at)).group_by(own.account_id)
    return {number: at for number, at in work.connection.execute(query) if at is not None}


def stale(work: Work, accounts: Sequence[Account], minutes: int) -> frozenset[int]:
    """Return those of some accounts that receive, and were not read for so many minutes."""
    seen_at, oldest = looked_at(work), work.now - timedelta(minutes=minutes)
    return frozenset(
        one.id
        for one in accounts
        if one.receives and (one.id not in seen_at or seen_at[one.id] < oldest)
    )
