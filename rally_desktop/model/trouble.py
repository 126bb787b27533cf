"""What a database's own error means for whoever sits at the screen, and whether to try again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, OperationalError

from rally_desktop.core.errors import DatabaseUnusable, RallyError

# Serialisation failure, deadlock, lock not available (PostgreSQL, appendix A): another desktop
# was in the way, nothing was written, and the same transaction will pass a moment later.
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
# Classes of errors that are the server's own, whatever was written: no connection, conflicts, no
# room, locks, and that somebody ended the statement or the server.
_PASSING = ("08", "40", "53", "55", "57")
_SAID: Mapping[str, str] = {
    "database is locked": "Another program is writing to the office's file and does not let go."
    " Close it and try again; nothing was changed.",
    "readonly database": "The office's file may only be read. Make it writable, or open another;"
    " nothing was changed.",
    "disk is full": "The disk is full. Free some space and try again; nothing was changed.",
    "disk i/o error": "The disk could not be read or written. Check it before you go on working;"
    " nothing was changed.",
    "malformed": "The office's file is damaged. Restore the newest backup.",
}


def is_conflict(error: DBAPIError) -> bool:
    """Say whether another desktop was in the way, so that trying again is right."""
    return getattr(error.orig, "sqlstate", None) in _CONFLICTS


def passes(error: DBAPIError) -> bool:
    """Say whether the same may well be written later: nothing was wrong with what was written."""
    state = getattr(error.orig, "sqlstate", None)
    return state[:2] in _PASSING if state else isinstance(error, OperationalError)


def in_words(error: DBAPIError) -> RallyError | None:
    """Return an error of the database as one that says what to do; None where it is a bug."""
    text = str(error.orig).lower()
    for sign, said in _SAID.items():
        if sign in text:
            return DatabaseUnusable(said)
    lost = error.connection_invalidated or "connection failed" in text
    if isinstance(error, OperationalError) and lost:
        return DatabaseUnusable(
            "The connection to the office's server was lost. Check the network and try again;"
            " what was not confirmed was not saved."
        )
    return None
