"""Everything one can do with a task."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import func, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import TaskCompleted, TaskCreated
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import task
from rally_desktop.model.work import Work
from rally_desktop.services import records

PRIORITIES = ("Low", "Medium", "High")


class Details(TypedDict, total=False):
    """What else a task may say; a priority is Low, Medium (unless said otherwise) or High."""

    due_at: datetime | None
    assignee_id: int | None
    priority: str
    type: str
    description: str


def create(work: Work, ref: Ref, *, title: str, **details: Unpack[Details]) -> int:
    """Give somebody something to do about a record and return the task's number."""
    work.record(ref)
    type_, description = details.get("type", "To-do"), details.get("description", "")
    priority, assignee = details.get("priority", "Medium"), details.get("assignee_id")
    if not title.strip():
        raise Refused("A task needs a title.")
    if priority not in PRIORITIES:
        raise Refused(f"A task's priority is one of {', '.join(PRIORITIES)}.")
    texts.require(title=title, description=description)
    texts.require(40, type=type_)
    records.refuse_gone(work, {"owner_id": assignee})
    number = work.new_id("task")
    work.change(
        TaskCreated(
            ref,
            number,
            type_,
            title.strip()[:400],
            description,
            details.get("due_at"),
            assignee,
            priority,
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
