"""Publishing: the one way from a draft to a version that may touch people, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, func, or_, select, update

from rally_desktop.core.errors import RallyError, Refused
from rally_desktop.engine import control, turning
from rally_desktop.engine.problems import Problem, check, office_of
from rally_desktop.model.graph import Graph
from rally_desktop.model.tables import run, visit, workflow_version
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import runs, workflows

Inside = Literal["stay", "move", "end"]
_Who: TypeAlias = ColumnElement[bool]


class Published(int):
    """The number of a new version; beside it, how many of those inside went which way."""

    stayed: int = 0
    moved: int = 0
    ended: int = 0


def publish(work: Work, workflow_id: int, inside: Inside = "stay") -> Published:
    """Publish a workflow's draft and return the version's number.

    Those inside stay on their version, move to the same step of the new one, or end with their
    Stop Actions; one whose step is not in the new version stays. Raises Refused while a problem
    of severity error stands.
    """
    draft = workflows.draft(work, workflow_id)
    errors = [problem for problem in problems_of(work, draft.graph) if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise Refused(f"‘{draft.graph.name}’ cannot be published: {errors[0].text}{more}")
    within = runs.numbers(work, states=OPEN_STATES, workflow_id=workflow_id)
    key = work.new_id("workflow_version")
    done = Published(workflows.put_version(work, workflow_id, draft.graph, key))
    turning.begin(work, workflow_id, draft.graph)
    if inside == "move":
        done.moved = _move(work, workflow_id, draft.graph, key)
    elif inside == "end":
        done.ended = control.stop(work, within, "new_version").done
    done.stayed = len(within) - done.moved - done.ended
    return done


def unpublish(
    work: Work, workflow_id: int, inside: Literal["hold", "finish", "stop"] = "hold"
) -> int:
    """Enrol nobody any more; return how many were inside.

    They are held where they stand, go on to their end, or stop with their Stop Actions.
    """
    within = runs.numbers(work, states=OPEN_STATES, workflow_id=workflow_id)
    if inside == "finish":
        workflows.finish(work, workflow_id)
        return len(within)
    workflows.unpublish(work, workflow_id)
    if inside == "stop":
        control.stop(work, within, "unpublished")
    return len(within)


def movable(work: Work, workflow_id: int, graph: Graph) -> int:
    """Return how many of those inside stand at a step that a definition still has."""
    count = 0
    for places in _places(work, workflow_id, graph):
        query = select(func.count()).select_from(run).where(or_(*places))
        count += work.connection.execute(query).scalar_one()
    return count


def problems_of(work: Work, graph: Graph) -> list[Problem]:
    """Return what is wrong with a definition, as this office stands."""
    return check(graph, office_of(work))


def _move(work: Work, workflow_id: int, graph: Graph, newest: int) -> int:
    """Put everybody inside whose step is still there on the newest version; return how many."""
    count = 0
    for begins, stands in _places(work, workflow_id, graph):
        anew = update(run).where(begins).values(version_id=newest, step=graph.start)
        same = update(run).where(stands).values(version_id=newest)
        count += work.connection.execute(anew).rowcount + work.connection.execute(same).rowcount
        moved = select(run.c.id).where(run.c.version_id == newest)
        work.connection.execute(
            update(visit)
            .where(visit.c.run_id.in_(moved), visit.c.outcome == "waiting")
            .values(version_id=newest)
        )
    return count


def _places(work: Work, workflow_id: int, graph: Graph) -> Iterator[tuple[_Who, _Who]]:
    """Yield for each version who has not begun, and who stands at a step that is still there."""
    for version, old in _inhabited(work, workflow_id):
        if old.record != graph.record:
            continue
        here = (run.c.version_id == version) & run.c.state.in_(OPEN_STATES)
        kept = [key for key, step in old.steps.items() if _same(graph, key, step.kind)]
        waiting = (run.c.state == "in_review") & (run.c.seq == 0)
        yield here & waiting, here & run.c.step.in_(kept)


def _inhabited(work: Work, workflow_id: int) -> Iterator[tuple[int, Graph]]:
    """Yield the versions of a workflow that somebody is inside, as far as they can be read."""
    within = select(run.c.id).where(
        run.c.version_id == workflow_version.c.id, run.c.state.in_(OPEN_STATES)
    )
    query = select(workflow_version.c.id, workflow_version.c.definition).where(
        workflow_version.c.workflow_id == workflow_id, within.exists()
    )
    for number, definition in work.connection.execute(query).all():
        try:
            yield number, workflows.read(definition)
        except RallyError:
            continue


def _same(graph: Graph, key: str, kind: str) -> bool:
    return key in graph.steps and graph.steps[key].kind == kind
