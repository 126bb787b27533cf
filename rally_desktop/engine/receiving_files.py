"""A file that came with a message, fetched from the mailbox when somebody wants it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.engine.receiving import PlaceFor
from rally_desktop.model.store import Store
from rally_desktop.model.tables import message
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.bodies import unpacked
from rally_desktop.outside.mail.imap import Place, secret_of
from rally_desktop.outside.mail.mailbox import ImapMailbox
from rally_desktop.services import mail_accounts, receiving

LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True)
class Fetched:
    """A file’s name and what is in it."""

    name: str
    data: bytes


def fetch(store: Store, message_number: int, place: int, place_for: PlaceFor) -> Fetched:
    """Return a file of a message by its place in the list; raise RallyError with what to do."""
    digest, one = store.read(_wanted, message_number, place)
    trouble: RallyError | None = None
    for account_id, folder, validity, uid in store.read(receiving.places, digest):
        try:
            account = store.read(mail_accounts.one, account_id)
            data = _piece(place_for(account), folder, validity, uid, one)
        except RallyError as error:
            trouble = error
            continue
        if data:
            return Fetched(one["name"], unpacked(data, one["encoding"]))
    raise trouble or NotFound("The message is not in the mailbox any more, and its files with it.")


def _wanted(work: Work, number: int, place: int) -> tuple[str, dict[str, Any]]:
    own = message.c
    query = select(own.digest, own.files).where(own.id == number)
    found = work.connection.execute(query).one_or_none()
    if found is None or place >= len(found.files or ()):
        raise NotFound("That message does not exist any more.")
    return found.digest, found.files[place]


def _piece(where: Place, folder: str, validity: int, uid: int, one: dict[str, Any]) -> bytes:
    """Return a file’s bytes as they travelled; empty where another message has its number now."""
    mailbox = ImapMailbox(where, asyncio.run(secret_of(where)))
    try:
        state = mailbox.open(folder)
        if state is None or state.validity != validity:
            return b""
        end = min(one["end"], one["start"] + LARGEST)
        return mailbox.piece(uid, one["start"], end, one["section"])
    finally:
        mailbox.close()
