"""What a message left in the mailbox, fetched when somebody wants it: files, pictures, the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Row, select

from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.engine.receiving import PlaceFor
from rally_desktop.model.store import Store
from rally_desktop.model.tables import message
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import arrived
from rally_desktop.outside.mail.bodies import unpacked
from rally_desktop.outside.mail.imap import secret_of
from rally_desktop.outside.mail.mailbox import ImapMailbox, Told
from rally_desktop.services import mail_accounts, received, receiving

LARGEST = 50 * 1024 * 1024
# Pictures within a text are fetched without being asked for: so many, and so much together.
MOST_PICTURES, MOST_OF_PICTURES = 30, 10 * 1024 * 1024
GONE = "That message does not exist any more."
Found = TypeVar("Found")


@dataclass(frozen=True)
class Fetched:
    """A file’s name and what is in it."""

    name: str
    data: bytes


def _silently(done: int) -> None:
    """Hear how far it is, and tell nobody."""


def fetch(
    store: Store, message_number: int, place: int, place_for: PlaceFor, told: Told = _silently
) -> Fetched:
    """Return a file of a message by its place in the list; raise RallyError with what to do.

    ``told`` hears how many bytes have come; what it raises ends the fetching.
    """
    row = store.read(_row, message_number)
    if place >= len(row.files or ()):
        raise NotFound(GONE)
    one = row.files[place]
    return Fetched(one["name"], _anywhere(store, row, place_for, lambda box: _file(box, one, told)))


def pictures(
    store: Store, message_number: int, wanted: Collection[str], place_for: PlaceFor, told: Told
) -> Mapping[str, bytes]:
    """Return the pictures that a message shows within its text, by their names there."""
    row, size = store.read(_row, message_number), 0
    shown = list[dict[str, Any]]()
    for one in row.files or ():
        size += one["size"]
        drawn = one["content_id"] in wanted and one["type"].startswith("image/")
        if drawn and size <= MOST_OF_PICTURES and len(shown) < MOST_PICTURES:
            shown.append(one)
    if not shown:
        return {}
    return _anywhere(
        store, row, place_for,
        lambda box: {f"cid:{one['content_id']}": _file(box, one, told) for one in shown},
    )  # fmt: skip


def whole(store: Store, message_number: int, place_for: PlaceFor, told: Told = _silently) -> None:
    """Read what is missing of a message of which only the beginning was read."""
    row = store.read(_row, message_number)
    if row.size is None:
        return
    end = min(row.size, arrived.LARGEST)
    data = _anywhere(store, row, place_for, lambda box: box.piece(0, end, "", told))
    store.write(received.complete, row.digest, arrived.read(data, size=row.size))


@dataclass(frozen=True)
class _Box:
    """One message in an open mailbox."""

    mailbox: ImapMailbox
    uid: int

    def piece(self, start: int, end: int, section: str, told: Told) -> bytes:
        """Return a stretch of it; empty where it is gone."""
        return self.mailbox.piece(self.uid, start, end, section, told)


def _row(work: Work, number: int) -> Row[Any]:
    own = message.c
    query: Any = select(own.digest, own.files, own.size).where(own.id == number)
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return found


def _anywhere(
    store: Store, row: Row[Any], place_for: PlaceFor, take: Callable[[_Box], Found]
) -> Found:
    """Take something of a message from the first mailbox that still has it."""
    trouble: RallyError | None = None
    for account_id, folder, validity, uid in store.read(receiving.places, row.digest):
        try:
            with _opened(store, place_for, account_id) as mailbox:
                state = mailbox.open(folder)
                # Where it was numbered anew, another message has its number now.
                known = state is not None and state.validity == validity
                if known and (found := take(_Box(mailbox, uid))):
                    return found
        except RallyError as error:
            trouble = error
    raise trouble or NotFound("The message is not in the mailbox any more, and its files with it.")


@contextmanager
def _opened(store: Store, place_for: PlaceFor, account_id: int) -> Iterator[ImapMailbox]:
    where = place_for(store.read(mail_accounts.one, account_id))
    mailbox = ImapMailbox(where, asyncio.run(secret_of(where)))
    try:
        yield mailbox
    finally:
        mailbox.close()


def _file(box: _Box, one: Mapping[str, Any], told: Told) -> bytes:
    end = min(one["end"], one["start"] + LARGEST)
    return unpacked(box.piece(one["start"], end, one["section"], told), one["encoding"])
