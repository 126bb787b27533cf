"""Why somebody did not enter a workflow: each refusal with its reason, kept for half a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select

from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import verdict, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import timeline

KEPT = timedelta(days=180)
SHOWN = 50


@dataclass(frozen=True)
class Verdict:
    """One refusal: which workflow, when, the code why, and the words of what had asked."""

    at: datetime
    workflow_id: int
    workflow: str
    reason: str
    cause: str


def about(
    work: Work, ref: Ref, workflow_id: int | None = None, limit: int = SHOWN
) -> list[Verdict]:
    """Return why a record did not enter one workflow, or any, the newest first."""
    columns = verdict.c
    found = work.connection.execute(
        select(columns.cause, columns.refusals, columns.at)
        .where(columns.record_kind == ref.kind, columns.record_id == ref.id)
        .order_by(columns.at.desc(), columns.cause.desc())
    )
    said: list[tuple[datetime, int, str, str]] = []
    for cause, refusals, at in found:
        for reason, numbers in msgspec.json.decode(refusals).items():
            said += [(at, n, reason, cause) for n in numbers if workflow_id in (None, n)]
        if len(said) >= limit:
            break
    names = _names(work, {number for _, number, _, _ in said})
    return [
        Verdict(at, number, names.get(number, ""), reason, cause_in_words(work, ref, cause))
        for at, number, reason, cause in said[:limit]
    ]


def cause_in_words(work: Work, ref: Ref, cause: str) -> str:
    """Say what it was that asked: a line of the timeline, a person, the clock."""
    line = line_of(work, ref, cause)
    if line is not None:
        return line.text
    return {"user": "Enrolled by hand", "clock": "The clock"}.get(cause.partition(":")[0], "")


def line_of(work: Work, ref: Ref, cause: str) -> timeline.Line | None:
    """Return the line of the timeline that a cause names; None where it is something else."""
    kind, _, number = cause.partition(":")
    if kind != "activity" or not number.isdecimal():
        return None
    found = timeline.lines(work, ref, before=int(number) + 1, limit=1)
    return found[0] if found and found[0].id == int(number) else None


def prune(work: Work) -> None:
    """Forget the refusals that are older than half a year."""
    work.connection.execute(delete(verdict).where(verdict.c.at < work.now - KEPT))


def _names(work: Work, numbers: set[int]) -> dict[int, str]:
    query = select(workflow.c.id, workflow.c.name).where(workflow.c.id.in_(numbers))
    return {row.id: row.name for row in work.connection.execute(query)}
