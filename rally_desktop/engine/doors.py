"""The doors that a step, a person or a program uses: into a workflow, and out of it.

Whoever is let in is put down beside those who wait, and passes the same checks as anybody; whoever
is shown out leaves at the next beat, before anybody enters (``leaving.py``). Both are rows that
commit with whatever asked for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import EnrolmentPut
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.tables import workflow
from rally_desktop.model.work import Work

LEAVING = "leaving"
# How the cause of whoever a person enrols begins, and of whom a program outside does.
BY_HAND, PROGRAM = "user:", "program:"


@dataclass(frozen=True)
class Door:
    """A workflow as those outside it know it."""

    id: int
    name: str
    record: RecordKind


def named(work: Work, name: str, *, published: bool = False) -> Door:
    """Return the workflow of that name; raise NotFound, or Refused where there are several."""
    columns = workflow.c
    query = select(columns.id, columns.name, columns.record_kind)
    query = query.where(columns.name == name.strip(), columns.deleted_at.is_(None))
    if published:
        query = query.where(columns.state == "published")
    found = work.connection.execute(query).all()
    if not found:
        state = "published workflow" if published else "workflow"
        raise NotFound(f"There is no {state} called ‘{name}’.")
    if len(found) > 1:
        raise Refused(f"Several workflows are called ‘{name}’: give them names of their own.")
    return Door(*found[0])


def let_in(
    work: Work,
    workflow_id: int,
    ref: Ref,
    cause: str,
    state: Literal["by_hand", "by_step", "by_program"],
    *,
    trigger: str = "",
    chain: str = "",
) -> None:
    """Have a record enrolled at the next beat."""
    _put(work, workflow_id, ref, cause, state=state, trigger=trigger, chain=chain)


def show_out(work: Work, workflow_id: int, ref: Ref, cause: str) -> None:
    """Have a record's run ended at the next beat, and what waits to enrol it forgotten."""
    _put(work, workflow_id, ref, cause, state=LEAVING, trigger="", chain="")


def _put(work: Work, workflow_id: int, ref: Ref, cause: str, **how: str) -> None:
    row = {
        "id": work.new_id("enrolment"), "workflow_id": workflow_id, "record_kind": ref.kind,
        "record_id": ref.id, "cause": cause, "due_at": work.now, "at": work.now,
        "user_id": work.user_id, **how,
    }  # fmt: skip
    work.change(EnrolmentPut(row))
