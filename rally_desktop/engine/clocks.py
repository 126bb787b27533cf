"""Triggers that go by the clock: each looks once a minute at the time since it last looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from rally_desktop.core.clock import to_micros
from rally_desktop.engine import clockwork
from rally_desktop.engine.definitions import Definitions, Started
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.nodes.base import ClockTrigger, Scan
from rally_desktop.model.tables import watermark
from rally_desktop.model.work import Work

EVERY = timedelta(minutes=1)


def fired(work: Work, definitions: Definitions, limit: int) -> Iterator[Candidate]:
    """Yield a candidate for each record that a clock trigger has come due for."""
    for one in definitions.clocks:
        since = _looked_until(work, one)
        if since is None or work.now - since >= EVERY:
            yield from _look(work, one, since)


def _looked_until(work: Work, one: Started) -> datetime | None:
    columns = watermark.c
    query = select(columns.until).where(
        columns.workflow_id == one.version.workflow_id, columns.trigger == one.trigger
    )
    return work.connection.execute(query).scalar()


def _look(work: Work, one: Started, since: datetime | None) -> Iterator[Candidate]:
    assert isinstance(one.kind, ClockTrigger)
    version = one.version
    scan = Scan(
        work, version.workflow_id, one.trigger, version.record, since, work.now,
        clockwork.office_zone(work),
    )  # fmt: skip
    for firing in one.kind.due(scan):
        yield Candidate(version, one.trigger, firing.ref, firing.cause)
    _looked(work, one)


def _looked(work: Work, one: Started) -> None:
    """Remember up to when a trigger has looked, with the very transaction that enrols."""
    postgres = work.connection.dialect.name == "postgresql"
    marks = "%s, %s, %s" if postgres else "?, ?, ?"
    work.connection.exec_driver_sql(
        f'insert into watermark (workflow_id, "trigger", until) values ({marks})'
        ' on conflict (workflow_id, "trigger") do update set until = excluded.until',
        (one.version.workflow_id, one.trigger, to_micros(work.now)),
    )
