"""What a list of tasks shows that no column of theirs holds: the record's name, how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, select

from rally_desktop.model.ref import RECORD_KINDS
from rally_desktop.model.rows import table
from rally_desktop.model.tables import task
from rally_desktop.model.work import Work
from rally_desktop.services.called import full_name

OPEN, OVERDUE, DONE = "Open", "Overdue", "Done"


def _record(work: Work) -> ColumnElement[Any]:
    """Return the name of the record that a task is about, whichever kind of record that is."""
    found = []
    for kind in RECORD_KINDS:
        there = table(kind)
        name = select(full_name(there)).where(there.c.id == task.c.record_id).scalar_subquery()
        found.append((task.c.record_kind == kind, name))
    return case(*found, else_="")


def _state(work: Work) -> ColumnElement[Any]:
    done, late = task.c.done_at.is_not(None), task.c.due_at < work.now
    return case((done, DONE), (late, OVERDUE), else_=OPEN)


CELLS: Mapping[str, Callable[[Work], ColumnElement[Any]]] = {"record": _record, "state": _state}
