"""Workflows as documents: drafts, published versions, who is inside.

Whether a definition is sound is the engine's to say, so publishing with its check is
``engine/publishing.py``; here is what it does once the definition is known to be good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Row, func, select

from rally_desktop.core import texts
from rally_desktop.core.errors import BadDefinition, NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.document import steps_in
from rally_desktop.model.graph import Graph
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import run, workflow, workflow_version
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import holding, protection, settings

COUNTER = "workflows_changed"  # the engine looks at it in each tick, and reloads when it moved


@dataclass(frozen=True)
class WorkflowRow:
    """A line of the list of workflows; ``state`` is draft, published, paused or finishing."""

    id: int
    name: str
    purpose: str
    record: str
    state: str
    why: str
    steps: int
    open_runs: int
    updated_at: datetime
    changed: bool


@dataclass(frozen=True)
class Draft:
    """A workflow as it is being edited, beside what is published of it."""

    id: int
    graph: Graph
    state: str
    why: str
    published: Graph | None
    published_number: int | None
    saved_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How many runs are inside a workflow at one step of one version, in one state."""

    version: int
    step: str
    title: str
    state: str
    count: int


def create(work: Work, graph: Graph) -> int:
    """Add a workflow as a draft and return its number."""
    if not graph.name.strip():
        raise Refused("A workflow needs a name.")
    number = work.new_id("workflow")
    work.change(
        RowAdded(
            "workflow",
            {
                "id": number,
                **_heading(work, graph),
                "draft_revision": 1,
                "state": "draft",
                "created_at": work.now,
            },
        )
    )
    return number


def copy(work: Work, workflow_id: int) -> int:
    """Add a draft with the same steps under a name of its own, and return its number.

    One that is protected has to be opened by its password first: the copy is not protected.
    """
    protection.require(work, workflow_id)
    graph = draft(work, workflow_id).graph
    query = select(workflow.c.name).where(workflow.c.deleted_at.is_(None))
    taken = {fold(name) for name in work.connection.execute(query).scalars()}
    tried = (f"Copy of {graph.name}{f' {n}' if n > 1 else ''}" for n in count(1))
    return create(
        work, graph.with_(id="", name=next(one for one in tried if fold(one) not in taken))
    )


def save_draft(work: Work, workflow_id: int, graph: Graph, mark: str = "") -> int:
    """Keep the draft and return its revision; what is published stays as it is.

    Whatever was there before is overwritten: a page, which must not do so to anybody else's
    work, saves by ``services/drafts.py`` and leaves its ``mark``. Raises Protected where the
    workflow has a password that was not entered.
    """
    protection.require(work, workflow_id)
    values = _next(_row(work, workflow_id), _heading(work, graph), mark)
    work.change(RowChanged("workflow", workflow_id, values))
    return values["draft_revision"]


def _next(found: Row[Any], heading: dict[str, Any], mark: str) -> dict[str, Any]:
    """Return a heading with its revision: another one where it is another document."""
    if heading["draft"] == found.draft:
        return {**heading, "draft_revision": found.draft_revision}
    return {**heading, "draft_revision": found.draft_revision + 1, "draft_from": mark}


def _heading(work: Work, graph: Graph) -> dict[str, Any]:
    name = " ".join(graph.name.split())[:200] or "Untitled workflow"
    texts.require(name=name, description=graph.description)
    document = graph.dump()
    Graph.load(document)  # what could not be opened again must not be saved
    return {
        "name": name, "purpose": graph.purpose, "record_kind": graph.record,
        "draft": to_json(document), "draft_by": work.user_id, "draft_at": work.now,
        "updated_at": work.now,
    }  # fmt: skip


def draft(work: Work, workflow_id: int) -> Draft:
    """Return a workflow for editing, or raise NotFound."""
    found = _row(work, workflow_id)
    version = None
    if found.published_id is not None:
        query = select(workflow_version).where(workflow_version.c.id == found.published_id)
        version = work.connection.execute(query).one()
    published = _readable(version.definition) if version else None
    return Draft(
        id=found.id,
        graph=read(found.draft) if found.draft else published or Graph(name=found.name),
        state=found.state,
        why=found.why,
        published=published,
        published_number=version.number if version else None,
        saved_at=found.draft_at,
    )


def _readable(stored: str) -> Graph | None:
    """Return a stored definition; None where it is damaged, so that the draft can replace it."""
    try:
        return read(stored)
    except BadDefinition:
        return None


def read(stored: str) -> Graph:
    """Return a stored definition as a graph; raise BadDefinition where it is damaged."""
    try:
        return Graph.load(msgspec.json.decode(stored))
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise BadDefinition(f"The stored workflow cannot be read: {error}.") from error


def listed(work: Work) -> list[WorkflowRow]:
    """Return the workflows by name, with how many people are inside."""
    inside = (
        select(run.c.workflow_id, func.count().label("inside"))
        .where(run.c.state.in_(OPEN_STATES))
        .group_by(run.c.workflow_id)
        .subquery()
    )
    query = (
        select(workflow, inside.c.inside, workflow_version.c.definition)
        .outerjoin(inside, inside.c.workflow_id == workflow.c.id)
        .outerjoin(workflow_version, workflow_version.c.id == workflow.c.published_id)
        .where(workflow.c.deleted_at.is_(None))
        .order_by(func.lower(workflow.c.name), workflow.c.id)
    )
    return [
        WorkflowRow(
            id=row.id, name=row.name, purpose=row.purpose, record=row.record_kind,
            state=row.state, why=row.why,
            steps=len(steps_in(row.draft or "")),
            open_runs=row.inside or 0, updated_at=row.updated_at,
            changed=row.definition is not None and row.definition != row.draft,
        )
        for row in work.connection.execute(query)
    ]  # fmt: skip


def put_version(work: Work, workflow_id: int, graph: Graph, key: int | None = None) -> int:
    """Make a definition the published version and return its number; runs inside stay on theirs.

    ``key`` is the fresh number of its row, where the caller needs to know it. Raises Protected
    where the workflow has a password that was not entered.
    """
    protection.require(work, workflow_id)
    found = _row(work, workflow_id)
    column = workflow_version.c
    last = work.connection.execute(
        select(func.max(column.number)).where(column.workflow_id == workflow_id)
    ).scalar()
    number, key = (last or 0) + 1, key or work.new_id("workflow_version")
    row = {"id": key, "workflow_id": workflow_id, "number": number, "published_at": work.now}
    text = to_json(graph.dump())
    work.change(
        RowAdded("workflow_version", {**row, "definition": text, "published_by": work.user_id})
    )
    moved = {"published_id": key, "state": "published", "why": "", "health": ""}
    _stand(work, workflow_id, {**_next(found, _heading(work, graph), ""), **moved})
    return number


def inside(work: Work, workflow_id: int) -> list[Standing]:
    """Return where those inside a workflow stand, by version, step and state."""
    columns = run.c.version_id, run.c.step, run.c.state
    query = (
        select(*columns, func.count())
        .where(run.c.workflow_id == workflow_id, run.c.state.in_(OPEN_STATES))
        .group_by(*columns)
        .order_by(*columns)
    )
    found = work.connection.execute(query).all()
    column = workflow_version.c
    versions = select(column.id, column.number, column.definition).where(
        column.id.in_({row.version_id for row in found})
    )
    known = {row.id: row for row in work.connection.execute(versions)}
    return [
        Standing(
            known[version].number, step or "", _title(known[version].definition, step), state, count
        )
        for version, step, state, count in found
    ]


def _title(definition: str, step: str | None) -> str:
    """Return what a version calls a step: its own title, or the name of its kind."""
    found = next((one for one in steps_in(definition) if one.id == step), None)
    return (found.title or found.kind.replace("_", " ").capitalize()) if found else ""


def unpublish(work: Work, workflow_id: int) -> None:
    """Enrol nobody any more and hold those inside: nothing moves until it is published again."""
    _row(work, workflow_id)
    _stand(work, workflow_id, {"state": "draft", "published_id": None, "why": ""})


def finish(work: Work, workflow_id: int) -> None:
    """Enrol nobody any more and let those inside go on; when all have left it is a draft again."""
    if _row(work, workflow_id).published_id is None:
        raise Refused("It is not published, so nobody can finish it. Publish it again first.")
    _stand(work, workflow_id, {"state": "finishing", "why": ""})


def pause(work: Work, workflow_id: int, why: str) -> None:
    """Stop a workflow from enrolling and moving, and say why; one that does neither is left."""
    state = _row(work, workflow_id).state
    if state in ("published", "finishing"):
        settings.put(work, _finishing(workflow_id), state == "finishing")
        _stand(work, workflow_id, {"state": "paused", "why": why})


def resume(work: Work, workflow_id: int) -> None:
    """Let a workflow that was paused go on as before; its failures are forgotten."""
    found = _row(work, workflow_id)
    if found.state != "paused" or found.published_id is None:
        raise Refused(f"‘{found.name}’ is not paused.")
    state = "finishing" if settings.get(work, _finishing(workflow_id)) else "published"
    _stand(work, workflow_id, {"state": state, "why": "", "health": ""})


def require(work: Work, workflow_id: int) -> None:
    """Raise NotFound where a workflow does not exist any more."""
    _row(work, workflow_id)


def states(work: Work, ids: Iterable[int]) -> dict[int, str]:
    """Return the states of some workflows."""
    query = select(workflow.c.id, workflow.c.state).where(workflow.c.id.in_(sorted(ids)))
    return {row.id: row.state for row in work.connection.execute(query)}


def _finishing(workflow_id: int) -> str:
    return f"finishing/{workflow_id}"


def _stand(work: Work, workflow_id: int, values: dict[str, object]) -> None:
    work.change(RowChanged("workflow", workflow_id, values))
    if values["state"] in ("published", "finishing"):
        holding.let_go_of_workflow(work, workflow_id)
    settings.count_up(work, COUNTER)


def delete(work: Work, workflow_id: int) -> None:
    """Put a workflow that nobody is inside into the trash."""
    protection.require(work, workflow_id)
    found = _row(work, workflow_id)
    inside = next((row.open_runs for row in listed(work) if row.id == workflow_id), 0)
    if inside or found.published_id is not None:
        raise Refused(
            f"‘{found.name}’ is published or has {inside} people inside. Unpublish it and stop "
            "its runs first."
        )
    gone = {"deleted_at": work.now, "deleted_by": work.user_id}
    work.change(RowChanged("workflow", workflow_id, gone))


def restore(work: Work, workflow_id: int) -> None:
    """Take a workflow out of the trash, as a draft."""
    work.change(RowChanged("workflow", workflow_id, {"deleted_at": None}))


def _row(work: Work, workflow_id: int) -> Row[Any]:
    query = select(workflow).where(workflow.c.id == workflow_id, workflow.c.deleted_at.is_(None))
    found = work.connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("That workflow does not exist any more.")
    return found
