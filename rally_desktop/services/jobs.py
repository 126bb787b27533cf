"""Jobs: what steps ask of the network, done outside the transaction that moved their run.

A job is ready → claimed → done | retry | failed | doubt. What was claimed by a computer that
stopped may have been done: it is asked again only where that is safe.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import and_, func, or_, select, update

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import job, run, visit
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards

CLAIM = timedelta(minutes=10)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
LONGEST_WAIT = timedelta(hours=48)
ENDED = ("done", "failed", "doubt")


@dataclass(frozen=True)
class Job:
    """One thing to ask: ``request`` is how, ``answer`` what came of it, both as plain data."""

    id: int
    run_id: int
    step: str
    seq: int
    state: str
    token: str
    attempt: int
    request: dict[str, Any]
    answer: dict[str, Any]
    created_at: datetime


def put(work: Work, kind: str, place: tuple[int, str, int], request: dict[str, Any]) -> int:
    """Write down what a visit (run, step, seq) asks and return the job's number."""
    number = work.new_id("job")
    run_id, step, seq = place
    work.change(
        RowAdded(
            "job",
            {
                "id": number, "kind": kind, "run_id": run_id, "step": step, "seq": seq,
                "request": to_json(request), "state": "ready", "attempt": 0,
                "due_at": work.now, "created_at": work.now,
            },
        )
    )  # fmt: skip
    return number


def of_visit(work: Work, run_id: int, seq: int) -> Job | None:
    """Return what a visit asked; None where it has not asked yet."""
    query = select(job).where(job.c.run_id == run_id, job.c.seq == seq)
    found = work.connection.execute(query).mappings().one_or_none()
    return _read(found) if found else None


def claim(work: Work, token: str, limit: int, moving: Iterable[int]) -> list[Job]:
    """Take jobs that are due for this token alone; none while all sending is stopped.

    Only the runs of workflows that move are served, and Stop Actions, whose run has ended. What
    a run was waiting for when it was ended otherwise is not asked any more.
    """
    if safeguards.sending_stopped(work):
        return []
    _drop(work)
    goes_on = and_(run.c.state == "active", run.c.workflow_id.in_(list(moving)))
    query = (
        select(job)
        .join(run, run.c.id == job.c.run_id)
        .where(job.c.state.in_(("ready", "retry")), job.c.due_at <= work.now)
        .where(or_(goes_on, run.c.state == "stopped"))
        .order_by(job.c.due_at, job.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=job)
    )
    made = []
    for row in work.connection.execute(query).mappings().all():
        claimed = {"state": "claimed", "token": token, "claimed_until": work.now + CLAIM}
        work.change(RowChanged("job", row["id"], claimed))
        made.append(_read({**row, **claimed}))
    return made


def _drop(work: Work) -> None:
    """Give up what runs were waiting for that have been ended since."""
    left = select(visit.c.run_id).where(
        visit.c.run_id == job.c.run_id, visit.c.seq == job.c.seq, visit.c.outcome == "stopped"
    )
    waiting = job.c.state.in_(("ready", "retry"))
    work.connection.execute(update(job).where(waiting, left.exists()).values(state="failed"))


def overdue(work: Work) -> list[Job]:
    """Return what was claimed by a computer that has not been heard of since."""
    query = select(job).where(job.c.state == "claimed", job.c.claimed_until < work.now)
    return [_read(row) for row in work.connection.execute(query).mappings().all()]


def again(work: Work, one: Job, answer: dict[str, Any]) -> bool:
    """Ask once more later; say False where it has been asked often enough."""
    if one.attempt >= len(RETRIES):
        return False
    due = work.now + RETRIES[one.attempt]
    values = {"attempt": one.attempt + 1, "due_at": due, "token": None, "claimed_until": None}
    work.change(RowChanged("job", one.id, {"state": "retry", "answer": to_json(answer), **values}))
    return True


def hand_back(work: Work, one: Job, answer: dict[str, Any]) -> bool:
    """Leave a job to a computer that can do it; say False where none came for two days.

    No try is used up: nothing was asked.
    """
    if work.now - one.created_at > LONGEST_WAIT:
        return False
    values = {"due_at": work.now + RETRIES[0], "token": None, "claimed_until": None}
    work.change(RowChanged("job", one.id, {"state": "ready", "answer": to_json(answer), **values}))
    return True


def end(work: Work, one: Job, state: str, answer: dict[str, Any]) -> None:
    """Write down what came of it: done, failed or doubt."""
    values = {"state": state, "answer": to_json(answer), "claimed_until": None}
    work.change(RowChanged("job", one.id, values))


def is_ours(work: Work, one: Job) -> bool:
    """Say whether no other computer has taken the job over since we claimed it."""
    query = select(job.c.token).where(job.c.id == one.id).with_for_update()
    return work.connection.execute(query).scalar() == one.token


def next_due(work: Work) -> datetime | None:
    """Return when the next job may be asked, or the next claim runs out."""
    ready = select(func.min(job.c.due_at)).where(job.c.state.in_(("ready", "retry")))
    taken = select(func.min(job.c.claimed_until)).where(job.c.state == "claimed")
    found = [work.connection.execute(query).scalar() for query in (ready, taken)]
    return min((moment for moment in found if moment), default=None)


def _read(row: Any) -> Job:
    return Job(
        row["id"], row["run_id"], row["step"], row["seq"], row["state"], row["token"] or "",
        row["attempt"], msgspec.json.decode(row["request"]),
        msgspec.json.decode(row["answer"]) if row["answer"] else {}, row["created_at"],
    )  # fmt: skip
