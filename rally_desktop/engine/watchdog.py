"""What only time does to runs: pauses end, nobody is forgotten, old refusals go (section 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from rally_desktop.engine import control, inside
from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import RunState
from rally_desktop.model.tables import outbox, run, workflow
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import outbox as outbox_service
from rally_desktop.services import verdicts, workflows

EVERY = timedelta(minutes=1)
ATTENTION = timedelta(days=7)  # a run that nobody looked after for so long has failed
MOST = 500  # of each sort in one transaction

_RUNS = select(run.c.id).limit(MOST)
_ASLEEP = _RUNS.where(run.c.state == "paused", run.c.resume_at <= bindparam("now"))
_ASIDE = _RUNS.where(run.c.state == bindparam("state"), run.c.since <= bindparam("since"))
_STRANDED = _RUNS.where(run.c.state == "active", run.c.due_at.is_(None), run.c.awaited.is_(None))
_WITHIN = select(run.c.id).where(run.c.workflow_id == workflow.c.id, run.c.state.in_(OPEN_STATES))
_TO_SEND = select(outbox.c.id).where(
    outbox.c.workflow_id == workflow.c.id,
    outbox.c.state.in_((*outbox_service.WAITING, *outbox_service.IN_HAND)),
)
_OVER = select(workflow.c.id).where(
    workflow.c.state == "finishing", ~_WITHIN.exists(), ~_TO_SEND.exists()
)


@dataclass
class Watchdog:
    """Looks after the runs that no due moment moves, once a minute and when one of them is due."""

    _looked: datetime | None = None
    _next: datetime | None = None

    def wanted(self, now: datetime) -> bool:
        """Say whether it is time to look."""
        if self._looked is None or now - self._looked >= EVERY:
            return True
        return self._next is not None and self._next <= now

    def next_due(self, work: Work) -> datetime | None:
        """Return when the next pause, or the patience with a run, ends."""
        resume = select(func.min(run.c.resume_at)).where(run.c.state == "paused")
        ends = [work.connection.execute(resume.where(run.c.resume_at.is_not(None))).scalar()]
        for state, length in (("paused", control.LONGEST_PAUSE), ("needs_attention", ATTENTION)):
            since = select(func.min(run.c.since)).where(run.c.state == state)
            found = work.connection.execute(since).scalar()
            ends.append(found and found + length)
        self._next = min((moment for moment in ends if moment), default=None)
        return self._next

    def look(self, work: Work, definitions: Definitions) -> None:
        """Do all that time has brought, up to ``MOST`` of each sort."""
        definitions.refresh(work)
        work.listened = definitions.listens
        walk = Walk(work, {}, definitions.queueing)
        asleep = _found(work, _ASLEEP, now=work.now)
        for state in asleep:
            if state.reason != control.LEAVING:
                control.wake(work, state)
        if leaving := [state for state in asleep if state.reason == control.LEAVING]:
            control.see_out(work, leaving)
        for state in _aside(work, "paused", control.LONGEST_PAUSE):
            if state.resume_at is None or state.resume_at > work.now:
                walk.cancel(state, "paused_too_long")
        for state in _aside(work, "needs_attention", ATTENTION):
            walk.cancel(state, state.reason, "failed")
        for state in _found(work, _STRANDED):
            walk.put_aside(state, "needs_attention", "stranded", None)
        _close_finished(work)
        verdicts.prune(work)
        self._looked, self._next = work.now, None


def _found(work: Work, query: Select[Any], **given: Any) -> list[RunState]:
    """Return the runs of a query, locked; one that has moved meanwhile is left out."""
    ids = list(work.connection.execute(query, given).scalars())
    if not ids:
        return []
    locked = inside.some(work, ids)
    still = set(work.connection.execute(query.where(run.c.id.in_(ids)), given).scalars())
    return [state for state in locked if state.id in still]


def _aside(work: Work, state: str, length: timedelta) -> list[RunState]:
    return _found(work, _ASIDE, state=state, since=work.now - length)


def _close_finished(work: Work) -> None:
    """Make drafts again of the workflows that nobody enters any more and all have left.

    Their last messages are out then, too: those of a draft would stay.
    """
    for number in work.connection.execute(_OVER).scalars().all():
        workflows.unpublish(work, number)
