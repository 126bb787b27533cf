"""Where a template is used: in which workflows, as they are drafted or published."""

from __future__ import annotations

from sqlalchemy import select

from rally_desktop.core.errors import BadDefinition
from rally_desktop.engine.exchange import templates_of
from rally_desktop.model.tables import workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import workflows


def used_in(work: Work, name: str) -> list[str]:
    """Return the workflows of which a step or trigger names the template, by name."""
    query = (
        select(workflow.c.name, workflow.c.draft, workflow_version.c.definition)
        .outerjoin(workflow_version, workflow_version.c.id == workflow.c.published_id)
        .where(workflow.c.deleted_at.is_(None))
        .order_by(workflow.c.name)
    )
    return [
        row.name
        for row in work.connection.execute(query)
        if _names(row.draft, name) or _names(row.definition, name)
    ]


def _names(definition: str | None, name: str) -> bool:
    try:
        return bool(definition) and name in templates_of(workflows.read(definition or ""))
    except BadDefinition:
        return False
