"""The people in a sequence: where each stands, what comes next and when, and why one rests."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select

from rally_desktop.core.errors import BadDefinition
from rally_desktop.core.fold import fold
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.rows import table
from rally_desktop.model.tables import run, workflow, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import runs, workflows
from rally_desktop.services.runs import IS_OPEN, RunRow

Group = Literal["inside", "under_way", "resting", "asking", "ended"]
# Which states of a run make up a group; «inside» is every run that has not ended.
GROUPS: Mapping[Group, tuple[str, ...]] = MappingProxyType(
    {
        "inside": (),
        "under_way": ("active",),
        "resting": ("paused",),
        "asking": ("in_review", "held", "needs_attention"),
        "ended": ("done", "stopped", "rejected", "failed", "cancelled"),
    }
)
AT_ONCE = 5_000  # numbers in one question to the database


@dataclass(frozen=True)
class Wanted:
    """Whom to list: of a group, at a step, with a reason, whose name has a text."""

    group: Group = "inside"
    step: str = ""
    reason: str = ""
    text: str = ""


@dataclass(frozen=True)
class Person:
    """One run through a sequence: the step where it stands, and the one that comes next.

    Both are None where it has ended or is at its end. ``waits_for`` says what goes on first:
    ``time``, a ``task``, or another ``event``.
    """

    run: RunRow
    here: Step | None
    next: Step | None
    waits_for: Literal["time", "task", "event"]


@dataclass(frozen=True)
class Standing:
    """How many stand at a step in a state, for a reason."""

    state: str
    step: str
    reason: str
    count: int


@dataclass(frozen=True)
class About:
    """A sequence: its name, whom it is for, whether it takes people in."""

    name: str = ""
    record: RecordKind = "contact"
    takes_in: bool = True


def numbers(work: Work, workflow_id: int, wanted: Wanted) -> array[int]:
    """Return the runs of whom is wanted, who goes on next at the head; the ended ones newest."""
    own = run.c
    ended = wanted.group == "ended"
    order = (own.ended_at.desc(), own.id.desc()) if ended else (own.due_at.nulls_last(), own.id)
    query = select(own.id).where(own.workflow_id == workflow_id, *_only(wanted)).order_by(*order)
    return array("q", work.connection.execute(query).scalars())


def people(work: Work, ids: Sequence[int]) -> list[Person]:
    """Return some of them, in the order of their numbers as given; those gone are left out."""
    own = run.c
    found = work.connection.execute(
        select(own.id, own.version_id, own.step, own.exit, own.awaited).where(own.id.in_(ids))
    ).all()
    graphs = _graphs(work, {row.version_id for row in found})
    stands = {row.id: _stands(graphs.get(row.version_id), row) for row in found}
    rows = {one.id: one for one in runs.some(work, ids)}
    return [Person(rows[id_], *stands[id_]) for id_ in ids if id_ in rows and id_ in stands]


def standing(work: Work, workflow_id: int) -> list[Standing]:
    """Return how many of those inside stand where, in which state, and why."""
    own = run.c
    by = (own.state, own.step, own.reason)
    query = select(*by, func.count()).where(own.workflow_id == workflow_id, IS_OPEN).group_by(*by)
    found = work.connection.execute(query)
    return [Standing(state, step or "", reason, count) for state, step, reason, count in found]


def steps(work: Work, workflow_id: int, version: int | None = None) -> dict[str, Step]:
    """Return the steps of a version in the order in which people come to them.

    Without a version those that only older ones have stand after those of the newest.
    """
    own = workflow_version.c
    query = select(own.id).where(own.workflow_id == workflow_id)
    if version is not None:
        query = query.where(own.number == version)
    graphs = _graphs(work, list(work.connection.execute(query).scalars()))
    made: dict[str, Step] = {}
    for graph in reversed(graphs.values()):
        ordered = [*graph.reachable(graph.start), *graph.reachable(graph.stop_start)]
        made |= {key: graph.steps[key] for key in ordered if key not in made}
    return made


def about(work: Work, workflow_id: int) -> About:
    """Return what a sequence is called, whom it is for, and whether anybody may enter."""
    own = workflow.c
    query = select(own.name, own.record_kind, own.state).where(own.id == workflow_id)
    name, record, state = work.connection.execute(query).one()
    return About(name, record, state == "published")


def _only(wanted: Wanted) -> list[ColumnElement[bool]]:
    own = run.c
    states = GROUPS[wanted.group]
    asked: list[ColumnElement[bool]] = [own.state.in_(states) if states else IS_OPEN]
    if wanted.step:
        asked.append(own.step == wanted.step)
    if wanted.reason:
        asked.append(own.reason == wanted.reason)
    for word in fold(wanted.text).split():
        asked.append(or_(*(_called(kind, word) for kind in RECORD_KINDS)))
    return asked


def _called(kind: Any, word: str) -> ColumnElement[bool]:
    named = table(kind)
    matching = select(named.c.id).where(named.c.search_text.contains(word, autoescape=True))
    return and_(run.c.record_kind == kind, run.c.record_id.in_(matching))


def _graphs(work: Work, versions: Iterable[int]) -> dict[int, Graph]:
    """Return versions as graphs, in the order of their numbers; damaged ones are left out."""
    own = workflow_version.c
    query = select(own.id, own.definition).where(own.id.in_(sorted(versions))).order_by(own.number)
    made: dict[int, Graph] = {}
    for number, definition in work.connection.execute(query):
        try:
            made[number] = workflows.read(definition)
        except BadDefinition:
            continue
    return made


def _stands(
    graph: Graph | None, row: Any
) -> tuple[Step | None, Step | None, Literal["time", "task", "event"]]:
    """Return where a run stands and what comes next; one that comes back does the same again."""
    awaited = (row.awaited or "").partition(":")[0]
    waits_for = "time" if not awaited else "task" if awaited in ("task", "approval") else "event"
    here = graph.steps.get(row.step) if graph and row.step else None
    if graph is None or here is None:
        return None, None, waits_for
    if row.exit is None or (row.exit == "" and not awaited):
        return here, here, waits_for
    return here, graph.steps.get(here.exits.get(row.exit or "next", "")), waits_for
