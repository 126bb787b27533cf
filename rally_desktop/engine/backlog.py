"""Who is stale or matches already when a workflow is published, and who of them is to enter.

Publishing enrols nobody of them by itself: a person says none, all, some, or so many an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from sqlalchemy import select

from rally_desktop.core.filter import EVERYTHING, parse
from rally_desktop.engine import clockwork, turning
from rally_desktop.engine.clocks import audience
from rally_desktop.engine.definitions import load_trigger
from rally_desktop.engine.nodes.base import ClockTrigger, Scan, StateTrigger
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.changes import EnrolmentPut
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, metadata, run
from rally_desktop.model.work import Work

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """A record that a trigger finds due already, and the occasion that it would enter for."""

    ref: Ref
    trigger: str
    cause: str


def looks_back(graph: Graph) -> bool:
    """Say whether somebody may be due already by one of the triggers."""
    kinds = (load_trigger(one.kind, one.settings) for one in graph.triggers)
    return any(isinstance(kind, ClockTrigger | StateTrigger) for kind in kinds)


def due_already(
    work: Work, graph: Graph, workflow_id: int = 0, given_up: Callable[[], bool] = lambda: False
) -> list[Waiting]:
    """Return who of those that match the audience is due already, the longest silent first.

    Nobody who has entered for the same occasion, or is about to, is among them. ``workflow_id``
    is the workflow whose own messages are no activity. ``given_up`` is asked now and then; where
    it says yes, what has been found by then is returned.
    """
    if not looks_back(graph):
        return []
    matching, known = _matching(work, graph), _known(work, workflow_id)
    found: dict[Ref, Waiting] = {}
    for one in chain(_stale(work, graph, workflow_id), _turned(work, graph, workflow_id)):
        if given_up():
            break
        if one.ref.id in matching and (one.ref, one.cause) not in known:
            found.setdefault(one.ref, one)
    return list(found.values())


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


def _stale(work: Work, graph: Graph, workflow_id: int) -> Iterator[Waiting]:
    zone = clockwork.office_zone(work)
    for one in graph.triggers:
        kind = load_trigger(one.kind, one.settings)
        if isinstance(kind, ClockTrigger):
            asked = Scan(work, workflow_id, one.id, graph.record, None, work.now, zone)
            for firing in kind.due(asked):
                yield Waiting(firing.ref, one.id, firing.cause)


def _turned(work: Work, graph: Graph, workflow_id: int) -> Iterator[Waiting]:
    for trigger, number, cause in turning.matching_already(work, workflow_id, graph):
        yield Waiting(Ref(graph.record, number), trigger, cause)


def _known(work: Work, workflow_id: int) -> set[tuple[Ref, str]]:
    """Return for what occasion who has entered, or is about to."""
    found: set[tuple[Ref, str]] = set()
    for rows in (run.c, enrolment.c):
        query = select(rows.record_kind, rows.record_id, rows.cause)
        for kind, number, cause in work.connection.execute(
            query.where(rows.workflow_id == workflow_id)
        ):
            found.add((Ref(kind, number), cause))
    return found


def _matching(work: Work, graph: Graph) -> set[int]:
    fields = run_fields(work, graph.record)
    tree = parse(graph.audience, fields) if graph.audience else EVERYTHING
    only = audience(work, graph.record, tree)
    records = metadata.tables[graph.record].c
    query = select(records.id).where(records.deleted_at.is_(None))
    if only is not None:
        query = query.where(only)
    return set(work.connection.execute(query).scalars())
