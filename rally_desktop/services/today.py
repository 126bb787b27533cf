"""What somebody has to look at today: tasks by when they are due, decisions, replies, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from rally_desktop.model.changes import RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import notification
from rally_desktop.model.work import Work
from rally_desktop.services import replies, runs, tasks
from rally_desktop.services.replies import Reply
from rally_desktop.services.runs import RunRow
from rally_desktop.services.tasks import Task

MOST, MOST_TASKS = 200, 2_000
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Notice:
    """What somebody was told, about which record if about any."""

    id: int
    ref: Ref | None
    text: str
    at: datetime


@dataclass(frozen=True)
class Day:
    """One person's day; ``tasks`` are in groups, each with its heading, none of them empty."""

    tasks: tuple[tuple[str, tuple[Task, ...]], ...] = ()
    reviews: tuple[RunRow, ...] = ()
    replies: tuple[Reply, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to do."""
        return any((self.tasks, self.reviews, self.replies, self.notices))


def of(work: Work, user_id: int | None, midnight: datetime) -> Day:
    """Return somebody's day, or everybody's; ``midnight`` is when today ends where they are.

    What nobody has been given yet stands in the day of all, so that somebody takes it.
    """
    found = tasks.listed(work, assignee_id=user_id, or_nobodys=True, limit=MOST_TASKS)
    return Day(
        tasks=_grouped(found, work.now, midnight),
        reviews=runs.listed(work, states=("in_review",), limit=MOST).rows,
        replies=replies.waiting(work, user_id),
        notices=_notices(work, user_id),
    )


def see(work: Work, notice_id: int) -> None:
    """Put a notice away."""
    work.change(RowChanged("notification", notice_id, {"seen_at": work.now}))


def _grouped(
    found: Sequence[Task], now: datetime, midnight: datetime
) -> tuple[tuple[str, tuple[Task, ...]], ...]:
    groups: dict[str, list[Task]] = {
        name: [] for name in ("Overdue", "Today", "Next 7 days", "Later", "Without a date")
    }
    for one in found:
        groups[_when(one.due_at, now, midnight)].append(one)
    return tuple((name, tuple(some)) for name, some in groups.items() if some)


def _when(due: datetime | None, now: datetime, midnight: datetime) -> str:
    if due is None:
        return "Without a date"
    if due < now:
        return "Overdue"
    if due < midnight:
        return "Today"
    return "Next 7 days" if due < midnight + WEEK else "Later"


def _notices(work: Work, user_id: int | None) -> tuple[Notice, ...]:
    own = notification.c
    query = select(own.id, own.record_kind, own.record_id, own.text, own.at)
    query = query.where(own.seen_at.is_(None)).order_by(own.id.desc()).limit(MOST)
    if user_id is not None:
        query = query.where(own.user_id == user_id)
    found: Any = work.connection.execute(query)
    return tuple(
        Notice(number, Ref(kind, record) if kind and record else None, text, at)
        for number, kind, record, text, at in found
    )
