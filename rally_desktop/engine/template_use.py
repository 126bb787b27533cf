"""Where a template is used: in which workflows, as they are drafted or published."""

from __future__ import annotations

from sqlalchemy import select

from rally_desktop.core.errors import BadDefinition, Refused
from rally_desktop.engine.exchange import templates_of
from rally_desktop.model.tables import workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import templates, workflows
from rally_desktop.services.templates import Template


def used_in(work: Work, name: str) -> list[str]:
    """Return the workflows of which a step or trigger names the template, by name."""
    return uses(work).get(name, [])


def uses(work: Work) -> dict[str, list[str]]:
    """Return, for each template that something names, the workflows that do, by name."""
    query = (
        select(workflow.c.name, workflow.c.draft, workflow_version.c.definition)
        .outerjoin(workflow_version, workflow_version.c.id == workflow.c.published_id)
        .where(workflow.c.deleted_at.is_(None))
        .order_by(workflow.c.name)
    )
    found: dict[str, list[str]] = {}
    for row in work.connection.execute(query):
        for name in sorted(_named(row.draft) | _named(row.definition)):
            found.setdefault(name, []).append(row.name)
    return found


def keep(work: Work, made: Template) -> int:
    """Save a template; raise Refused where it would get another name and workflows use it."""
    if made.id and (name := templates.of(work, made.id).name) != made.name:
        if used := used_in(work, name):
            raise Refused(f"‘{used[0]}’ knows it as ‘{name}’: save it as a new one instead.")
    return templates.keep(work, made)


def _named(definition: str | None) -> set[str]:
    try:
        return set(templates_of(workflows.read(definition))) if definition else set()
    except BadDefinition:
        return set()
