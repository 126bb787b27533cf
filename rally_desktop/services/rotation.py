"""Round robin: whose turn it is, kept in the database so that it stays fair for good.

Every pool counts what each member was given. The next turn is for whoever of those present was
given least; of several, for who waited longest, then for who stands first in the pool. Whoever
joins, comes back or was not a member for a while goes on from the least that the others have:
nobody is handed in one go what was missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from rally_desktop.core.clock import EPOCH
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import rotation
from rally_desktop.model.work import Work
from rally_desktop.services.users import User


@dataclass(frozen=True)
class Share:
    """What one member was given so far, and when last."""

    given: int
    last_at: datetime | None


def turn(work: Work, pool: str, members: Sequence[User]) -> User | None:
    """Give the next turn of a pool to one of its members; None while nobody of them is here."""
    present = {user.id: user for user in members if not user.away(work.now)}
    if not present:
        return None
    shares = _shares(work, pool)
    least = _least(shares, present, (user.id for user in members), shares)
    for number in [one for one in present if one not in shares]:
        _put(work, pool, number, Share(least, None))
    chosen = min(present, key=lambda number: _rank(shares[number]))
    _put(work, pool, chosen, Share(shares[chosen].given + 1, work.now))
    least = min(shares[number].given for number in present)
    for number in [one for one in shares if one not in present and shares[one].given < least]:
        _put(work, pool, number, replace(shares[number], given=least))
    return present[chosen]


def _rank(share: Share) -> tuple[int, datetime]:
    return share.given, share.last_at or EPOCH


def _least(shares: Mapping[int, Share], *groups: Iterable[int]) -> int:
    """Return the least that a member of the first group known was given; 0 for a new pool."""
    for group in groups:
        known = [shares[number].given for number in group if number in shares]
        if known:
            return min(known)
    return 0


def _shares(work: Work, pool: str) -> dict[int, Share]:
    """Return what everybody in a pool was given, alone with it until the transaction ends."""
    key = ("rotation", pool)
    if key not in work.memo:
        if work.locking and work.connection.dialect.name == "postgresql":
            lock = func.pg_advisory_xact_lock(func.hashtextextended(f"rotation:{pool}", 0))
            work.connection.execute(select(lock))
        columns = rotation.c
        query = select(columns.user_id, columns.given, columns.last_at)
        found = work.connection.execute(query.where(columns.pool == pool))
        work.memo[key] = {number: Share(given, last_at) for number, given, last_at in found}
    return work.memo[key]


def _put(work: Work, pool: str, number: int, share: Share) -> None:
    _shares(work, pool)[number] = share
    row = {"pool": pool, "user_id": number, "given": share.given, "last_at": share.last_at}
    work.change(RowAdded("rotation", row))
