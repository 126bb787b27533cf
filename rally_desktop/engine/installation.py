"""Recognising a copied or restored database before anything is sent from it."""

from __future__ import annotations

import secrets
from functools import partial

from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.marks import Marks
from rally_desktop.services import installation


def recognise(store: Store, marks: Marks) -> None:
    """Lock sending where this database is not the one that this computer sent from last.

    A file's mark changes each time, here and in the database, so that an older copy of the same
    file shows too. The new mark is kept beside the old one until the database has it: a crash
    between the two is not taken for a copy. A server knows by itself which one it is.
    """
    epoch, home = store.read(installation.epoch), store.read(installation.home)
    if store.engine.dialect.name == "postgresql":
        here = store.read(installation.server)
        copied = home not in ("", here)
        store.write_patiently(partial(_take_in, copied=copied, mark=here))
        return
    known = marks.read(epoch)
    fresh = secrets.token_hex(8)
    copied = home not in known and bool(home or known)
    if not copied:
        marks.write(epoch, [home, fresh])
    store.write_patiently(partial(_take_in, copied=copied, mark=fresh))
    if not copied:
        marks.write(epoch, [fresh])


def _take_in(work: Work, *, copied: bool, mark: str) -> None:
    if copied:
        installation.lock(work)
    else:
        installation.settle(work, mark)
