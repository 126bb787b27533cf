"""The versions of a workflow: which there were, and what each of them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.graph import Graph
from rally_desktop.model.tables import user_account, workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import workflows


@dataclass(frozen=True)
class VersionRow:
    """One version; ``by`` is the name of whoever published it, empty where that is not known."""

    number: int
    published_at: datetime
    by: str
    current: bool


def listed(work: Work, workflow_id: int) -> tuple[VersionRow, ...]:
    """Return the versions of a workflow, the newest first."""
    column = workflow_version.c
    query = (
        select(
            column.number,
            column.published_at,
            user_account.c.name,
            (workflow.c.published_id == column.id).label("current"),
        )
        .join(workflow, workflow.c.id == column.workflow_id)
        .outerjoin(user_account, user_account.c.id == column.published_by)
        .where(column.workflow_id == workflow_id)
        .order_by(column.number.desc())
    )
    return tuple(
        VersionRow(row.number, row.published_at, row.name or "", bool(row.current))
        for row in work.connection.execute(query)
    )


def graph_of(work: Work, workflow_id: int, number: int) -> Graph:
    """Return what a version says, or raise NotFound."""
    column = workflow_version.c
    query = select(column.definition).where(
        column.workflow_id == workflow_id, column.number == number
    )
    found = work.connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no version {number} of this workflow.")
    return workflows.read(found)
