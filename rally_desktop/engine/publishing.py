"""Publishing: the one way from a draft to a version that may touch people."""

from __future__ import annotations

from rally_desktop.core.errors import Refused
from rally_desktop.engine.problems import Problem, check, office_of
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import workflows


def publish(work: Work, workflow_id: int) -> int:
    """Publish a workflow's draft and return the version's number.

    Raises Refused while a problem of severity error stands.
    """
    draft = workflows.draft(work, workflow_id)
    errors = [problem for problem in problems_of(work, draft.graph) if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise Refused(f"‘{draft.graph.name}’ cannot be published: {errors[0].text}{more}")
    return workflows.put_version(work, workflow_id, draft.graph)


def problems_of(work: Work, graph: Graph) -> list[Problem]:
    """Return what is wrong with a definition, as this office stands."""
    return check(graph, office_of(work))
