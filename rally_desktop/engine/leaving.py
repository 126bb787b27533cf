"""Seeing off whoever was shown out of a workflow."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from rally_desktop.engine import inside
from rally_desktop.engine.doors import LEAVING
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment
from rally_desktop.model.work import Work

_AT_ONCE = 500
_SHOWN_OUT = (
    select(enrolment.c.id, enrolment.c.workflow_id, enrolment.c.record_kind, enrolment.c.record_id)
    .where(enrolment.c.due_at <= bindparam("moment"), enrolment.c.state == LEAVING)
    .order_by(enrolment.c.id)
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)


def see_off(walk: Walk) -> int:
    """End the runs of those who were shown out; return how many were."""
    found = walk.work.connection.execute(_SHOWN_OUT, {"moment": walk.work.now}).all()
    for number, workflow_id, kind, record_id in found:
        ref = Ref(kind, record_id)
        for run in inside.open_runs(walk.work, [ref], {workflow_id}):
            if run.id not in walk.touched:
                walk.cancel(run, "removed")
        _forget(walk.work, workflow_id, ref, number)
    return len(found)


def _forget(work: Work, workflow_id: int, ref: Ref, up_to: int) -> None:
    """Take back what waited to enrol a record before it was shown out, and the row itself."""
    columns = enrolment.c
    waiting = select(columns.id).where(
        columns.record_kind == ref.kind,
        columns.record_id == ref.id,
        columns.workflow_id == workflow_id,
        columns.id <= up_to,
    )
    for number in work.connection.execute(waiting).scalars().all():
        work.change(RowRemoved("enrolment", number))
