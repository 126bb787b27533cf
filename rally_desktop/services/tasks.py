"""Everything one can do with a task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import TaskCompleted, TaskCreated
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import task
from rally_desktop.model.work import Work
from rally_desktop.services import records

PRIORITIES = ("Low", "Medium", "High")


def create(
    work: Work,
    ref: Ref,
    *,
    title: str,
    due_at: datetime | None = None,
    assignee_id: int | None = None,
    priority: str = "Medium",
    type: str = "To-do",
    description: str = "",
) -> int:
    """Give somebody something to do about a record and return the task's number."""
    work.record(ref)
    if not title.strip():
        raise Refused("A task needs a title.")
    if priority not in PRIORITIES:
        raise Refused(f"A task's priority is one of {', '.join(PRIORITIES)}.")
    texts.require(title=title, description=description)
    texts.require(40, type=type)
    records.refuse_gone(work, {"owner_id": assignee_id})
    number = work.new_id("task")
    work.change(
        TaskCreated(
            ref, number, type, title.strip()[:400], description, due_at, assignee_id, priority
        )
    )
    return number


def complete(work: Work, task_id: int) -> None:
    """Mark a task as done; one that is done already stays as it is."""
    found = work.connection.execute(select(task).where(task.c.id == task_id)).one_or_none()
    if found is None:
        raise NotFound("That task does not exist any more.")
    if found.done_at is None:
        ref = Ref(found.record_kind, found.record_id)
        work.change(TaskCompleted(ref, task_id, found.title, found.type))


def count(work: Work) -> int:
    """Return how many tasks there are, done ones included."""
    return work.connection.execute(select(func.count()).select_from(task)).scalar_one()
