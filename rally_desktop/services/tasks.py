"""Everything one can do with a task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, func, select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import (
    RowChanged,
    TaskCompleted,
    TaskCreated,
    TaskReopened,
    TaskWithdrawn,
)
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import task, user_account
from rally_desktop.model.work import Work
from rally_desktop.services import records

APPROVAL = "Approval"  # the type of a task that asks for a decision
ANSWERS = ("approved", "rejected")
WITHDRAWN = "withdrawn"
_MADE = "tasks made"


class Details(TypedDict, total=False):
    """What else a task may say; type and priority are values of the office's own lists.

    ``run_id`` is the run that waits for it.
    """

    due_at: datetime | None
    assignee_id: int | None
    priority: str
    type: str
    description: str
    run_id: int | None


@dataclass(frozen=True)
class Task:
    """One task, the name of its record and of whoever is to do it; ``run_id`` waits for it."""

    ref: Ref
    record: str
    id: int
    type: str
    title: str
    description: str
    priority: str
    assignee_id: int | None
    assignee: str | None
    due_at: datetime | None
    done_at: datetime | None
    answer: str
    run_id: int | None

    @property
    def asks(self) -> bool:
        """Say whether it is done by a decision."""
        return self.type == APPROVAL


_COLUMNS = tuple(name for name in Task.__dataclass_fields__ if name not in ("ref", "record"))


def create(work: Work, ref: Ref, *, title: str, **details: Unpack[Details]) -> int:
    """Give somebody something to do about a record and return the task's number."""
    work.record(ref)
    type_, description = details.get("type", "To-do"), details.get("description", "")
    priority, assignee = details.get("priority", "Medium"), details.get("assignee_id")
    if not title.strip():
        raise Refused("A task needs a title.")
    texts.require(title=title, description=description)
    texts.require(40, type=type_, priority=priority)
    records.refuse_gone(work, {"owner_id": assignee})
    number = work.new_id("task")
    work.memo.setdefault(_MADE, set()).add((ref, type_))
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
            details.get("run_id"),
        )
    )
    return number


def complete(work: Work, task_id: int, answer: str = "") -> bool:
    """Mark a task as done; one that is done already stays as it is. Say whether it changed.

    One that asks for a decision is done by ``answer``: approved or rejected. The first answer
    counts, and the others who were asked need to decide no more.
    """
    found = _row(work, task_id)
    if found.done_at is not None:
        return False
    if found.type == APPROVAL and answer not in ANSWERS:
        raise Refused("This task asks for a decision: approve or reject it.")
    if found.type != APPROVAL and answer:
        raise Refused("This task asks for no decision: it is done, or not.")
    texts.require(40, answer=answer)
    ref = Ref(found.record_kind, found.record_id)
    work.change(TaskCompleted(ref, task_id, found.title, found.type, answer))
    if found.type == APPROVAL and found.run_id is not None:
        withdraw(work, ref, found.run_id, but=task_id)
    return True


def postpone(work: Work, task_id: int, due_at: datetime | None) -> datetime | None:
    """Let a task be due at another time, or at none; return when it was."""
    found = _row(work, task_id)
    if found.done_at is not None:
        raise Refused("That task is done already. Add another one.")
    work.change(RowChanged("task", task_id, {"due_at": due_at}))
    return found.due_at


def edit(work: Work, task_id: int, title: str, **details: Unpack[Details]) -> dict[str, Any]:
    """Let an open task say something else; return what it said."""
    found = _row(work, task_id)
    if found.done_at is not None:
        raise Refused("That task is done already. Add another one.")
    if not title.strip():
        raise Refused("A task needs a title.")
    texts.require(title=title, description=details.get("description", ""))
    texts.require(40, type=details.get("type", ""), priority=details.get("priority", ""))
    if details.get("assignee_id") != found.assignee_id:
        records.refuse_gone(work, {"owner_id": details.get("assignee_id")})
    values = {"title": title.strip()[:400], **details}
    work.change(RowChanged("task", task_id, values))
    return {name: getattr(found, name) for name in values}


def drop(work: Work, task_id: int) -> None:
    """Put an open task into the trash; one that a workflow waits for has to be done."""
    found = _row(work, task_id)
    if found.run_id is not None:
        raise Refused("A workflow waits for this task: say that it is done, or end its run.")
    if found.done_at is None:
        ref = Ref(found.record_kind, found.record_id)
        work.change(TaskWithdrawn(ref, task_id, found.title, deleted=True))


def reopen(work: Work, task_id: int) -> Ref:
    """Let a task be done after all, also one in the trash; return the record that it is about.

    One that a workflow went on from stays as it is.
    """
    found = _row(work, task_id)
    if found.run_id is not None:
        raise Refused("A workflow went on when this task was done. Add another task.")
    ref = Ref(found.record_kind, found.record_id)
    if found.done_at is not None:
        work.change(TaskReopened(ref, task_id, found.title))
    return ref


def _row(work: Work, task_id: int) -> Row[Any]:
    found = work.connection.execute(select(task).where(task.c.id == task_id)).one_or_none()
    if found is None:
        raise NotFound("That task does not exist any more.")
    return found


def withdraw(work: Work, ref: Ref, run_id: int, but: int | None = None) -> None:
    """Take back the decisions that a run asked for about a record, once one is made."""
    for number, _, type_ in _open(work, ref, run_id):
        if type_ == APPROVAL and number != but:
            work.change(RowChanged("task", number, {"done_at": work.now, "answer": WITHDRAWN}))


def take_back(work: Work, ref: Ref, run_id: int, task_id: int | None = None) -> None:
    """Take back what a run asked for and needs no more, one task or all; say so on the timeline."""
    for number, title, _ in _open(work, ref, run_id):
        if task_id in (None, number):
            work.change(TaskWithdrawn(ref, number, title))


def ask_again(work: Work, ref: Ref, task_ids: Iterable[int]) -> None:
    """Ask again for what was taken back because a run did not need it, now that it does."""
    columns = task.c
    query = select(columns.id, columns.title).where(
        columns.id.in_(list(task_ids)), columns.answer == WITHDRAWN, columns.deleted_at.is_(None)
    )
    for number, title in work.connection.execute(query.order_by(columns.id)):
        work.change(TaskReopened(ref, number, title))


def _open(work: Work, ref: Ref, run_id: int) -> Sequence[Row[int, str, str]]:
    """Return what a run asked for about its record and nobody has done: number, title, type."""
    columns = task.c
    query = select(columns.id, columns.title, columns.type).where(
        columns.record_kind == ref.kind,
        columns.record_id == ref.id,
        columns.run_id == run_id,
        columns.done_at.is_(None),
    )
    return work.connection.execute(query.order_by(columns.id)).all()


def run_of(work: Work, task_id: int) -> int | None:
    """Return the run that waits for a task."""
    return work.connection.execute(select(task.c.run_id).where(task.c.id == task_id)).scalar()


def answer_of(work: Work, task_ids: Iterable[int]) -> str | None:
    """Return the answer of the first of some tasks that was done; None while none is.

    It is empty where no decision was asked for.
    """
    columns = task.c
    query = select(columns.answer).where(
        columns.id.in_(list(task_ids)),
        columns.done_at.is_not(None),
        columns.answer != WITHDRAWN,
    )
    return work.connection.execute(query.order_by(columns.done_at).limit(1)).scalar()


def listed(
    work: Work,
    *,
    ref: Ref | None = None,
    run_id: int | None = None,
    assignee_id: int | None = None,
    or_nobodys: bool = False,
    done: bool = False,
    limit: int = 200,
) -> tuple[Task, ...]:
    """Return the tasks that are to be done, the most urgent first; with ``done`` the others too.

    They may be narrowed to a record, to the run that waits for them, and to whose they are,
    with ``or_nobodys`` to those that nobody has, too.
    """
    columns, wanted = task.c, {"run_id": run_id}
    wanted |= {"record_kind": ref.kind, "record_id": ref.id} if ref else {}
    query = select(task, user_account.c.name.label("assignee")).join(
        user_account, user_account.c.id == columns.assignee_id, isouter=True
    )
    for name, value in wanted.items():
        query = query if value is None else query.where(columns[name] == value)
    if assignee_id is not None:
        whose = columns.assignee_id == assignee_id
        query = query.where(whose | columns.assignee_id.is_(None) if or_nobodys else whose)
    query = query.where(columns.deleted_at.is_(None) if done else columns.done_at.is_(None))
    order = (columns.done_at.is_not(None), columns.due_at.is_(None), columns.due_at, columns.id)
    found = work.connection.execute(query.order_by(*order).limit(limit)).all()
    work.load(Ref(row.record_kind, row.record_id) for row in found)
    return tuple(_task(work, row) for row in found)


def one(work: Work, number: int) -> Task:
    """Return a task, done or not; raise NotFound."""
    query = select(task, user_account.c.name.label("assignee")).join(
        user_account, user_account.c.id == task.c.assignee_id, isouter=True
    )
    found = work.connection.execute(query.where(task.c.id == number)).one_or_none()
    if found is None:
        raise NotFound("That task does not exist any more.")
    return _task(work, found)


def _task(work: Work, row: Row[Any]) -> Task:
    ref = Ref(row.record_kind, row.record_id)
    known = work.find(ref)
    name = records.name_of(ref.kind, known) if known else ""
    return Task(ref, name, **{field: getattr(row, field) for field in _COLUMNS})


def is_open(work: Work, ref: Ref, type_: str) -> bool:
    """Say whether a record has a task of a type that is still to be done."""
    if (ref, type_) in work.memo.get(_MADE, ()):
        return True
    columns = task.c
    query = select(columns.id).where(
        columns.record_kind == ref.kind,
        columns.record_id == ref.id,
        columns.type == type_,
        columns.done_at.is_(None),
    )
    return work.connection.execute(query.limit(1)).scalar() is not None


def count(work: Work) -> int:
    """Return how many tasks there are, done ones included."""
    query = select(func.count()).where(task.c.deleted_at.is_(None))
    return work.connection.execute(query).scalar_one()
