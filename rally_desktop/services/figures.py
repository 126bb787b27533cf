"""How many came through a version of a workflow, step by step, and how many stand where now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, func, select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.tables import run, visit, workflow_version
from rally_desktop.model.work import Work
from rally_desktop.services import runs
from rally_desktop.services.runs import IS_OPEN, StepCounts

IN_REVIEW = ""  # where those stand who wait to be let in


@dataclass(frozen=True)
class StepFigures:
    """How the visits to one step went, how many are there now, and what failed there last."""

    counts: StepCounts = field(default_factory=StepCounts)
    here: int = 0
    error: str = ""


@dataclass(frozen=True)
class Figures:
    """All of one version; ``triggers`` counts what began its runs.

    Those who wait to be let in are ``here`` at ``IN_REVIEW``, which is no step.
    ``elsewhere`` counts the runs that are still inside other versions, by their numbers.
    """

    version: int
    steps: Mapping[str, StepFigures]
    triggers: Mapping[str, int]
    elsewhere: Mapping[int, int]


def of_version(work: Work, workflow_id: int, number: int, since: datetime | None = None) -> Figures:
    """Count the visits of a version, all or those since a moment, and who is inside now."""
    versions = _versions(work, workflow_id)
    version_id = next((key for key, known in versions.items() if known == number), None)
    if version_id is None:
        raise NotFound(f"There is no version {number} of this workflow.")
    inside = _inside(work, versions)
    counted = runs.counts(work, version_id, since)
    here = {step: count for (key, step), count in inside.items() if key == version_id}
    elsewhere: Counter[int] = Counter()
    for (key, _), count in inside.items():
        if key != version_id:
            elsewhere[versions[key]] += count
    steps = {
        step: StepFigures(
            count := counted.get(step, StepCounts()),
            here.get(step, 0),
            _last_error(work, version_id, step) if count.failed else "",
        )
        for step in {*counted, *here}
    }
    begun = _triggers(work, workflow_id, version_id, since)
    return Figures(number, steps, begun, dict(sorted(elsewhere.items())))


def _versions(work: Work, workflow_id: int) -> dict[int, int]:
    column = workflow_version.c
    query = select(column.id, column.number).where(column.workflow_id == workflow_id)
    return {row.id: row.number for row in work.connection.execute(query)}


def _inside(work: Work, versions: Mapping[int, int]) -> dict[tuple[int, str], int]:
    """Count who is inside by version and step; those who wait to begin are at no step yet."""
    waiting = (run.c.state == "in_review") & (run.c.seq == 0)
    at = case((waiting, IN_REVIEW), else_=run.c.step).label("at")
    query = (
        select(run.c.version_id, at, func.count())
        .where(run.c.version_id.in_(sorted(versions)), IS_OPEN)
        .group_by(run.c.version_id, at)
    )
    found = work.connection.execute(query)
    return {(version, step or IN_REVIEW): count for version, step, count in found}


def _last_error(work: Work, version_id: int, step: str) -> str:
    query = (
        select(visit.c.summary)
        .where(visit.c.version_id == version_id, visit.c.step == step)
        .where(visit.c.outcome == "failed")
        .order_by(visit.c.at.desc())
        .limit(1)
    )
    return work.connection.execute(query).scalar() or ""


def _triggers(
    work: Work, workflow_id: int, version_id: int, since: datetime | None
) -> dict[str, int]:
    query = select(run.c.trigger, func.count()).where(
        run.c.workflow_id == workflow_id, run.c.version_id == version_id
    )
    if since is not None:
        query = query.where(run.c.started_at >= since)
    found = work.connection.execute(query.group_by(run.c.trigger))
    return {row[0]: row[1] for row in found}
