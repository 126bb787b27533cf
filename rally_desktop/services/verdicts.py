"""Why something happened, and why somebody did not enter: two questions, one answer each.

Refusals are kept for half a year, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select

from rally_desktop.core.errors import NotFound
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import (
    activity,
    api_key,
    outbox,
    run,
    user_account,
    verdict,
    workflow,
)
from rally_desktop.model.work import Work
from rally_desktop.services import runs, timeline
from rally_desktop.services.runs import RunRow, Visit

KEPT = timedelta(days=180)
_OLD = delete(verdict).where(verdict.c.at < bindparam("moment"))
SHOWN = 50


@dataclass(frozen=True)
class Verdict:
    """One refusal: which workflow, when, the code why, and the words of what had asked."""

    at: datetime
    workflow_id: int
    workflow: str
    reason: str
    cause: str


@dataclass(frozen=True)
class Why:
    """Why a line is on a timeline; without ``run`` it was a person, or came from outside.

    ``cause`` says what began the run, ``approved_by`` who let it begin.
    """

    line: timeline.Line
    ref: Ref
    run: RunRow | None = None
    visit: Visit | None = None
    cause: str = ""
    approved_by: str = ""


def why(work: Work, activity_id: int) -> Why:
    """Return why a line is on a timeline, or raise NotFound."""
    found = work.connection.execute(
        select(activity).where(activity.c.id == activity_id)
    ).one_or_none()
    if found is None:
        raise NotFound("That line does not exist.")
    ref, detail = Ref(found.record_kind, found.record_id), msgspec.json.decode(found.detail)
    line = timeline.one(work, ref, activity_id)
    if line is None:
        raise NotFound("That line does not exist.")
    run_id, seq = found.run_id or detail.get("run"), None
    if (number := detail.get("outbox")) is not None:
        run_id, seq = _written_by(work, number)
    if run_id is None:
        return Why(line, ref)
    row, visits = runs.one(work, run_id)
    began = work.connection.execute(select(run.c.cause).where(run.c.id == run_id)).scalar_one()
    return Why(
        line, ref, row, _visit(visits, found, detail, seq),
        cause_in_words(work, row.ref, began), _approved_by(work, row),
    )  # fmt: skip


def _written_by(work: Work, number: int) -> tuple[int | None, int | None]:
    """Return the run that decided a message, and at which of its visits."""
    query = select(outbox.c.run_id, outbox.c.key).where(outbox.c.id == number)
    found = work.connection.execute(query).one_or_none()
    if found is None or found.run_id is None:
        return None, None
    _, _, rest = found.key.partition(f":{found.run_id}:")
    seq = next((part for part in rest.split(":")[1:2] if part.isdecimal()), None)
    return found.run_id, None if seq is None else int(seq)


def _visit(visits: tuple[Visit, ...], found: Any, detail: Any, seq: int | None) -> Visit | None:
    """Return the visit that wrote a line: of those at that moment the one that names the same."""
    if seq is not None:
        return next((visit for visit in visits if visit.seq == seq), None)
    if found.kind == "run_handled":
        return None
    before = [visit for visit in visits if visit.at <= found.at]
    then = [visit for visit in before if visit.at == before[-1].at]
    named = [str(value) for value in detail.values() if isinstance(value, str) and value]
    words = {word for word in found.kind.split("_") if len(word) > 2}
    scored = [
        (sum(name in visit.summary for name in named) + _kin(visit, words), visit.seq, visit)
        for visit in then
    ]
    return max(scored, key=lambda one: one[:2])[2] if scored else None


def _kin(visit: Visit, words: set[str]) -> int:
    """Say how much the kind of a step sounds like a line: «add_tag» like «tag_added»."""
    return sum(any(part[:4] == word[:4] for word in words) for part in visit.step.kind.split("_"))


def _approved_by(work: Work, row: RunRow) -> str:
    columns = activity.c
    found = work.connection.execute(
        select(columns.detail, user_account.c.name)
        .join(user_account, user_account.c.id == columns.user_id, isouter=True)
        .where(columns.record_kind == row.ref.kind, columns.record_id == row.ref.id)
        .where(columns.kind == "run_handled")
    )
    for stored, name in found:
        detail = msgspec.json.decode(stored)
        if (detail["run"], detail["what"]) == (row.id, "approved"):
            return name or "somebody"
    return ""


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
    """Say what it was that asked: a line of the timeline, a person, a program, the clock."""
    line = line_of(work, ref, cause)
    if line is not None:
        return line.text
    kind, _, rest = cause.partition(":")
    if kind == "program":
        return _program(work, rest.partition(":")[0])
    return {"user": "Enrolled by hand", "clock": "The clock"}.get(kind, "")


def _program(work: Work, number: str) -> str:
    query = select(api_key.c.name).where(api_key.c.id == int(number))
    return f"Enrolled by the program ‘{work.connection.execute(query).scalar_one()}’"


def line_of(work: Work, ref: Ref, cause: str) -> timeline.Line | None:
    """Return the line of the timeline that a cause names; None where it is something else."""
    kind, _, number = cause.partition(":")
    if kind != "activity" or not number.isdecimal():
        return None
    return timeline.one(work, ref, int(number))


def prune(work: Work) -> None:
    """Forget the refusals that are older than half a year."""
    work.connection.execute(_OLD, {"moment": work.now - KEPT})


def _names(work: Work, numbers: set[int]) -> dict[int, str]:
    query = select(workflow.c.id, workflow.c.name).where(workflow.c.id.in_(numbers))
    return {row.id: row.name for row in work.connection.execute(query)}
