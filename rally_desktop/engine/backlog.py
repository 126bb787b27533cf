"""Who is due already when a workflow is published, and who of them is to enter.

Publishing enrols nobody of them by itself: a person says none, all, some, or so many an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from rally_desktop.core.filter import EVERYTHING, parse
from rally_desktop.engine import clockwork
from rally_desktop.engine.clocks import audience
from rally_desktop.engine.definitions import load_trigger
from rally_desktop.engine.nodes.base import ClockTrigger, Scan
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.changes import EnrolmentPut
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import metadata
from rally_desktop.model.work import Work

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """A record that a trigger finds due already, and the occasion that it would enter for."""

    ref: Ref
    trigger: str
    cause: str


def stale_already(work: Work, graph: Graph, workflow_id: int = 0) -> list[Waiting]:
    """Return who of those that match the audience is due already, the longest first.

    ``workflow_id`` is the workflow whose own messages are no activity.
    """
    found: list[Waiting] = []
    matching: set[int] | None = None
    for one in graph.triggers:
        kind = load_trigger(one.kind, one.settings)
        if not isinstance(kind, ClockTrigger):
            continue
        if matching is None:
            matching = _matching(work, graph)
        zone = clockwork.office_zone(work)
        asked = Scan(work, workflow_id, one.id, graph.record, None, work.now, zone)
        found += [
            Waiting(firing.ref, one.id, firing.cause)
            for firing in kind.due(asked)
            if firing.ref.id in matching
        ]
    return list({one.ref: one for one in reversed(found)}.values())[::-1]


def enrol(
    work: Work, workflow_id: int, waiting: Sequence[Waiting], an_hour: int | None = None
) -> int:
    """Let those enter who were chosen, all now or so many an hour; return how many.

    Who is no longer due when the turn comes does not enter.
    """
    for number, one in enumerate(waiting):
        wait = HOUR * number / an_hour if an_hour else timedelta()
        work.change(
            EnrolmentPut(
                {
                    "id": work.new_id("enrolment"),
                    "workflow_id": workflow_id,
                    "trigger": one.trigger,
                    "record_kind": one.ref.kind,
                    "record_id": one.ref.id,
                    "cause": one.cause,
                    "chain": "",
                    "state": "asked",
                    "due_at": work.now + wait,
                    "at": work.now,
                    "user_id": work.user_id,
                }
            )
        )
    return len(waiting)


def _matching(work: Work, graph: Graph) -> set[int]:
    fields = run_fields(work, graph.record)
    tree = parse(graph.audience, fields) if graph.audience else EVERYTHING
    only = audience(work, graph.record, tree)
    records = metadata.tables[graph.record].c
    query = select(records.id).where(records.deleted_at.is_(None))
    if only is not None:
        query = query.where(only)
    return set(work.connection.execute(query).scalars())
