"""How often people were written to by workflows, and when there is room for one more message."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import outbox
from rally_desktop.model.work import Work

HOUR, LONGEST = timedelta(hours=1), timedelta(days=8)
_MEMO, _DECIDED, _HOUR, _COUNT = "written to", "decided", "hour of", "in hour"


class Limit(NamedTuple):
    """At most so many messages within a time that rolls along; 0 is no limit."""

    most: int
    within: timedelta


def room(work: Work, contact_id: int, channel: str, limits: Iterable[Limit]) -> datetime | None:
    """Return when a person may get one more message; None where that is now.

    What lies in the outbox counts as sent now: so whatever is held up there, no more than the
    limit ever reaches anybody within its time.
    """
    moments = _moments(work, contact_id, channel)
    free = [
        recent[-limit.most] + limit.within
        for limit in limits
        if limit.most
        and len(recent := [at for at in moments if at > work.now - limit.within]) >= limit.most
    ]
    return max(free, default=None)


def count(work: Work, row: Mapping[str, Any]) -> None:
    """Take a message that was decided in this very work into account."""
    insort(_moments(work, row["contact_id"], row["channel"]), row["due_at"])
    key = row["workflow_id"]
    work.memo[_DECIDED, key] = decided(work, key) + 1
    if (sent := work.memo.get((_HOUR, key))) is not None:
        insort(sent, work.now)


def decided(work: Work, workflow_id: int) -> int:
    """Return how many messages a workflow has decided in this very work."""
    return work.memo.get((_DECIDED, workflow_id), 0)


def in_hour(work: Work, workflow_id: int) -> int:
    """Return how many messages a workflow has decided within the last hour."""
    key = (_COUNT, workflow_id)
    if key not in work.memo:
        columns = outbox.c
        query = select(func.count()).where(
            columns.workflow_id == workflow_id, columns.created_at > work.now - HOUR
        )
        work.memo[key] = work.connection.execute(query).scalar_one()
    return work.memo[key] + decided(work, workflow_id)


def hour_of(work: Work, workflow_id: int) -> list[datetime]:
    """Return when a workflow decided its messages of the last hour, in order."""
    key = (_HOUR, workflow_id)
    if key not in work.memo:
        columns = outbox.c
        query = (
            select(columns.created_at)
            .where(columns.workflow_id == workflow_id, columns.created_at > work.now - HOUR)
            .order_by(columns.created_at)
        )
        found = list(work.connection.execute(query).scalars())
        work.memo[key] = [*found, *[work.now] * decided(work, workflow_id)]
    return work.memo[key]


def _moments(work: Work, contact_id: int, channel: str) -> list[datetime]:
    """Return when a person got, or will get, messages: those of the last days, in order."""
    known = work.memo.setdefault((_MEMO, channel), {})
    if contact_id not in known:
        # Whoever is in memory is about to be asked for, too: one statement for all of them.
        wanted = {contact_id, *(one["id"] for one in work.at_hand("contact"))} - known.keys()
        known |= {number: [] for number in wanted}
        _read(work, channel, wanted, known)
    return known[contact_id]


def _read(
    work: Work, channel: str, wanted: Iterable[int], known: Mapping[int, list[datetime]]
) -> None:
    postgres = work.connection.dialect.name == "postgresql"
    mark, among = ("%s", "= any(%s)") if postgres else ("?", "in (select value from json_each(?))")
    keys = sorted(wanted)
    found = work.connection.exec_driver_sql(
        "select contact_id, sent_at, due_at, expires_at from outbox"
        f" where contact_id {among} and channel = {mark} and workflow_id is not null"
        f" and state <> 'failed' and (sent_at is null or sent_at > {mark})",
        (keys if postgres else to_json(keys), channel, to_micros(work.now - LONGEST)),
    )
    now = to_micros(work.now)
    for number, sent, due, expires in found.all():
        waits = max(now, due) if expires is None or expires > now else expires
        insort(known[number], from_micros(waits if sent is None else sent))
