"""Triggers that go by the clock: each looks once a minute at the time since it last looked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, select

from rally_desktop.core.clock import to_micros
from rally_desktop.core.conditions import Filter
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import paths_used
from rally_desktop.engine import clockwork
from rally_desktop.engine.definitions import Definitions, Started, Version
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.nodes.base import ClockTrigger, Firing, Scan
from rally_desktop.engine.runfields import ENTERED_BY, run_fields
from rally_desktop.model.changes import EnrolmentPut
from rally_desktop.model.filters import condition
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import metadata, watermark, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards, workflows

EVERY = MINUTE = timedelta(minutes=1)
# What waits for its turn because many came due at once is late only if it was before.
LATE = timedelta(hours=1)
Key: TypeAlias = tuple[int, str]


def fired(work: Work, definitions: Definitions, limit: int) -> list[Candidate]:
    """Return a candidate for each record that a clock trigger has come due for.

    More than a batch or a minute takes are put off in the order in which they are due.
    """
    if not definitions.clocks:
        return []
    marks = _marks(work)
    found: list[Candidate] = []
    for one in definitions.clocks:
        since = marks.pop(_key(one), None) or _begin(work, one)
        if since - work.now >= EVERY:  # the clock was put back: begin there, not when it is so late
            _looked(work, [_key(one)])
        if work.now - since < EVERY or not _locked(work, one, since):
            continue
        firings = _firings(work, one, since)
        _looked(work, [_key(one)])
        found += _take(work, one, firings, max(0, limit - len(found)))
    # What is not published lets the time pass: it does not catch up when it is again.
    _looked(work, [key for key, until in marks.items() if abs(work.now - until) >= EVERY])
    return found


def next_due(work: Work, definitions: Definitions) -> datetime | None:
    """Return when a clock trigger is to look next, as far as that is known."""
    marks = _marks(work) if definitions.clocks else {}
    moments = []
    for one in definitions.clocks:
        since = marks.get(_key(one)) or _published(work, one.version)
        with suppress(RallyError):  # the next look says what is wrong
            if due := _kind(one).next_due(scan(work, one, since)):
                moments.append(max(due, since + EVERY))
    return min(moments, default=None)


def scan(
    work: Work,
    of: Started | Candidate,
    since: datetime | None,
    only: ColumnElement[bool] | None = None,
) -> Scan:
    """Return what a trigger of a version is asked, up to now."""
    number, record = of.version.workflow_id, of.version.record
    return Scan(
        work, number, of.trigger, record, since, work.now, clockwork.office_zone(work), only
    )


def audience(work: Work, record: RecordKind, tree: Filter) -> ColumnElement[bool] | None:
    """Return who may enter, as a condition; None where it asks by which trigger one enters."""
    if ENTERED_BY in paths_used(tree):
        return None
    return condition(tree, run_fields(work, record), clockwork.office_zone(work), work.now)


def holds(work: Work, one: Candidate) -> bool:
    """Say whether what a record that waited for its turn is to enter for still goes on."""
    kind = one.version.triggers.get(one.trigger)
    if not isinstance(kind, ClockTrigger) or one.by_hand:
        return True
    return kind.holds(scan(work, one, None), one.ref, one.cause)


# -- one look ------------------------------------------------------------------------------


def _firings(work: Work, one: Started, since: datetime) -> Sequence[Firing]:
    """Return whoever came due; a trigger that cannot be asked any more pauses its workflow."""
    version = one.version
    try:
        only = audience(work, version.record, version.audience)
        return list(_kind(one).due(scan(work, one, since, only)))
    except RallyError as error:
        workflows.pause(work, version.workflow_id, str(error))
        return []


def _take(work: Work, one: Started, firings: Sequence[Firing], room: int) -> list[Candidate]:
    """Return as many candidates as a minute may bring; the others are to come later.

    More than the office wants to be asked about wait until somebody has let them in.
    """
    limits = safeguards.of(work)
    a_minute = limits.enrolments_a_minute or max(1, len(firings))
    now = min(room, a_minute)
    if len(firings) > now:
        firings = _matching(work, one.version, firings)
    ask = len(firings) > now and 0 < limits.enrolments_at_once < len(firings)
    now = 0 if ask else now
    for number, firing in enumerate(firings[now:], start=now):
        _put_off(work, one, firing, None if ask else MINUTE * (number // a_minute))
    return [
        Candidate(one.version, one.trigger, firing.ref, firing.cause, due_at=firing.due_at)
        for firing in firings[:now]
    ]


def _matching(work: Work, version: Version, firings: Sequence[Firing]) -> Sequence[Firing]:
    """Return those of many firings whose record matches the audience, as far as one can tell."""
    only = audience(work, version.record, version.audience)
    if only is None:
        return firings
    number = metadata.tables[version.record].c.id
    found = set(work.connection.execute(select(number).where(only)).scalars())
    return [firing for firing in firings if firing.ref.id in found]


def _put_off(work: Work, one: Started, firing: Firing, wait: timedelta | None) -> None:
    """Let a firing come later; what is late already comes when somebody says so, if at all."""
    late = work.now - firing.due_at > LATE
    policy = one.version.rules.late or safeguards.of(work).late
    ask = wait is None or (late and policy == "ask")
    work.change(
        EnrolmentPut(
            {
                "id": work.new_id("enrolment"),
                "workflow_id": one.version.workflow_id,
                "trigger": one.trigger,
                "record_kind": firing.ref.kind,
                "record_id": firing.ref.id,
                "cause": firing.cause,
                "chain": "",
                "state": "asked" if ask else "throttled",
                "due_at": None if ask or wait is None else work.now + wait,
                "at": work.now,
                "user_id": None,
            }
        )
    )


def _kind(one: Started) -> ClockTrigger:
    assert isinstance(one.kind, ClockTrigger)
    return one.kind


def _key(one: Started) -> Key:
    return one.version.workflow_id, one.trigger


# -- up to when was looked -----------------------------------------------------------------


def _marks(work: Work) -> dict[Key, datetime]:
    columns = watermark.c
    # What begins so belongs to the filters that records start to match (turning.py).
    own = columns.trigger.not_like("=%")
    query = select(columns.workflow_id, columns.trigger, columns.until).where(own)
    return {(row[0], row[1]): row[2] for row in work.connection.execute(query)}


def _published(work: Work, version: Version) -> datetime:
    """Return since when a trigger that has never looked is to: since it was published."""
    columns = workflow_version.c
    query = select(columns.published_at).where(columns.id == version.id)
    return work.connection.execute(query).scalar_one()


def _begin(work: Work, one: Started) -> datetime:
    """Write down, and return, since when a trigger that has never looked is to look."""
    since, mark = _published(work, one.version), _mark(work)
    work.connection.exec_driver_sql(
        f'insert into watermark (workflow_id, "trigger", until) values ({mark}, {mark}, {mark})'
        " on conflict do nothing",
        (*_key(one), to_micros(since)),
    )
    return since


def _locked(work: Work, one: Started, since: datetime) -> bool:
    """Take the look for this computer; say whether no other one has had it meanwhile."""
    if work.connection.dialect.name != "postgresql":
        return True
    columns = watermark.c
    query = select(columns.until).where(
        columns.workflow_id == one.version.workflow_id, columns.trigger == one.trigger
    )
    return work.connection.execute(query.with_for_update(skip_locked=True)).scalar() == since


def _looked(work: Work, keys: Sequence[Key]) -> None:
    """Remember up to when triggers have looked, with the very transaction that enrols."""
    if not keys:
        return
    mark = _mark(work)
    work.connection.exec_driver_sql(
        f'insert into watermark (workflow_id, "trigger", until) values ({mark}, {mark}, {mark})'
        ' on conflict (workflow_id, "trigger") do update set until = excluded.until',
        [(*key, to_micros(work.now)) for key in keys],
    )


def _mark(work: Work) -> str:
    return "%s" if work.connection.dialect.name == "postgresql" else "?"
