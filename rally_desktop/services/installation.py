"""Which installation a database belongs to, so that a copy of it does not send by itself."""

from __future__ import annotations

import secrets

from sqlalchemy import select, text

from rally_desktop.core.errors import Refused
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work
from rally_desktop.services import outbox as outboxes
from rally_desktop.services import settings

EPOCH, HOME, LOCKED = "epoch", "home", "sending_locked"
COPIED = (
    "This database is a copy, or was restored: the messages that wait in it may have gone out "
    "already. Nothing is sent. If this is the office now, run «rally-desktop outbox unlock»."
)
WAITING = ("held", "ready", "retry", "claimed", "sending", "dot")


def epoch(work: Work) -> str:
    """Return what tells this office's messages from those of any other."""
    return settings.get(work, EPOCH, "")


def home(work: Work) -> str:
    """Return the mark of where this database sent from last; empty where it never did."""
    return settings.get(work, HOME, "")


def settle(work: Work, mark: str) -> None:
    """Write down where this database sends from."""
    if home(work) != mark:
        settings.put(work, HOME, mark)


def server(work: Work) -> str:
    """Return what a database server calls itself; a restored or promoted one is another."""
    found = work.connection.execute(
        text(
            "select (select system_identifier from pg_control_system()),"
            " (select oid from pg_database where datname = current_database()),"
            " (select timeline_id from pg_control_checkpoint())"
        )
    ).one()
    return "/".join(map(str, found))


def locked(work: Work) -> str:
    """Return why nothing may be sent; empty where sending is free."""
    return settings.get(work, LOCKED, "")


def lock(work: Work) -> None:
    """Keep a copy from sending until a person says that it is the office now."""
    if not locked(work):
        settings.put(work, LOCKED, COPIED)


def unlock(work: Work) -> int:
    """Let a copied database send from now on; return how many messages are in doubt by it.

    It gets an epoch of its own, so that its messages are told from those of the original.
    Whatever waited to be sent may have been sent by the original: the journal is asked for it,
    or a person. Raises Refused where nothing is locked.
    """
    if not locked(work):
        raise Refused("Sending is not locked; there is nothing to do.")
    query = select(outbox).where(outbox.c.state.in_(WAITING)).with_for_update()
    waiting = work.connection.execute(query).mappings().all()
    for row in waiting:
        outboxes.doubt(work, outboxes.parcel_of(row), COPIED.partition(". ")[0] + ".")
    settings.put(work, EPOCH, secrets.token_hex(8))
    settings.put(work, HOME, None)
    settings.put(work, LOCKED, None)
    return len(waiting)
