"""Leases with a fencing token, for work outside a transaction; time is the database's clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import lease
from rally_desktop.model.work import Work


def take(work: Work, name: str, holder: str, length: timedelta) -> int | None:
    """Take or renew a lease and return its token; None while somebody else holds it.

    A lease that passes to another holder gets a higher token, so that whatever the old holder
    still does can be told apart and refused. One that ends later than any would is from a clock
    that was put back, and may be taken.
    """
    found = work.connection.execute(
        select(lease).where(lease.c.name == name).with_for_update()
    ).one_or_none()
    until = work.now + length
    if found is None:
        row = {"name": name, "holder": holder, "token": 1, "until": until}
        work.change(RowAdded("lease", row))
        return 1
    if found.holder != holder and work.now < found.until <= until:
        return None
    token = found.token if found.holder == holder else found.token + 1
    row = {"holder": holder, "token": token, "until": until}
    work.change(RowChanged("lease", name, row))
    return token


def give_back(work: Work, name: str, holder: str) -> None:
    """End a lease early, so that the next holder need not wait for it to run out."""
    found = work.connection.execute(select(lease).where(lease.c.name == name)).one_or_none()
    if found is not None and found.holder == holder:
        work.change(RowChanged("lease", name, {"until": work.now}))
