"""Meetings with the people of records: planned, held or cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import (
    MeetingCancelled,
    MeetingCompleted,
    MeetingPlanned,
    RowChanged,
)
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import meeting
from rally_desktop.model.work import Work


@dataclass(frozen=True)
class Meeting:
    """One meeting that is planned."""

    id: int
    type: str
    title: str
    starts_at: datetime
    ends_at: datetime | None


def plan(
    work: Work,
    ref: Ref,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    type: str = "Meeting",
) -> int:
    """Book a meeting and return its number."""
    work.record(ref)
    if not title.strip():
        raise Refused("A meeting needs a title.")
    if ends_at is not None and ends_at < starts_at:
        raise Refused("A meeting cannot end before it begins. Change one of the times.")
    texts.require(400, title=title.strip())
    texts.require(40, type=type)
    number = work.new_id("meeting")
    work.change(MeetingPlanned(ref, number, type, title.strip(), starts_at, ends_at))
    return number


def planned(work: Work, ref: Ref, limit: int = 50) -> tuple[Meeting, ...]:
    """Return a record's meetings that were neither held nor called off, the soonest first."""
    own = meeting.c
    found: Any = work.connection.execute(
        select(own.id, own.type, own.title, own.starts_at, own.ends_at)
        .where(own.record_kind == ref.kind, own.record_id == ref.id)
        .where(own.done_at.is_(None), own.cancelled.is_(False))
        .order_by(own.starts_at, own.id)
        .limit(limit)
    )
    return tuple(Meeting(*row) for row in found)


def move(work: Work, meeting_id: int, starts_at: datetime) -> datetime:
    """Let a meeting begin at another time, as long as it was to be; return when it was to."""
    found = _row(work, meeting_id)
    if found.done_at is not None or found.cancelled:
        raise Refused("That meeting is over, or was cancelled. Plan another one.")
    ends_at = found.ends_at and starts_at + (found.ends_at - found.starts_at)
    values = {"starts_at": starts_at, "ends_at": ends_at}
    work.change(RowChanged("meeting", meeting_id, values))
    return found.starts_at


def plan_again(work: Work, meeting_id: int) -> int:
    """Plan what was called off once more and return the new meeting's number."""
    found = _row(work, meeting_id)
    ref, times = _told(found)[0], {"starts_at": found.starts_at, "ends_at": found.ends_at}
    return plan(work, ref, title=found.title, type=found.type, **times)


def complete(work: Work, meeting_id: int) -> None:
    """Write down that a meeting took place; one that did already stays as it is."""
    found = _row(work, meeting_id)
    if found.cancelled:
        raise Refused("That meeting was cancelled. Plan another one.")
    if found.done_at is None:
        work.change(MeetingCompleted(*_told(found)))


def cancel(work: Work, meeting_id: int) -> None:
    """Call a meeting off; one that was held or called off already stays as it is."""
    found = _row(work, meeting_id)
    if found.done_at is None and not found.cancelled:
        work.change(MeetingCancelled(*_told(found)))


def _told(found: Row[Any]) -> tuple[Ref, int, str, str]:
    return Ref(found.record_kind, found.record_id), found.id, found.type, found.title


def _row(work: Work, meeting_id: int) -> Row[Any]:
    found = work.connection.execute(select(meeting).where(meeting.c.id == meeting_id)).one_or_none()
    if found is None:
        raise NotFound("That meeting does not exist any more.")
    return found
