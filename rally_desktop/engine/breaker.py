"""The circuit breaker: a workflow that fails too often is paused until somebody has looked.

The last fifty visits of a workflow stand in ``workflow.health``, a letter each. It is written
only when one has failed; what went well since is counted in memory, so that a workflow that
works costs nothing. An engine that starts anew knows nothing of those, which errs on the side of
care.
"""

from __future__ import annotations

from collections import Counter
from math import ceil

from sqlalchemy import select

from rally_desktop.engine.reasons import sentence
from rally_desktop.engine.visiting import FAILED, WELL, Visits
from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.model.tables import workflow
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards, users, workflows

LAST = 50


class Breaker:
    """Judges each batch; what it knows moves on only once the batch is written."""

    def __init__(self) -> None:
        self._well: Counter[int] = Counter()  # visits since the ring was written, by workflow
        self._next = self._well

    def judge(self, work: Work, visits: Visits) -> None:
        """Add a batch to the rings of its workflows, and pause the one that fails too often."""
        self._next = self._well.copy()
        for number, letters in visits.went.items():
            if number in visits.failures:
                self._judge(work, number, letters, visits.failures[number])
                self._next[number] = 0
            else:
                self._next[number] = min(LAST, self._well[number] + len(letters))

    def keep(self) -> None:
        """Remember the batch, now that it is written."""
        self._well = self._next

    def _judge(self, work: Work, number: int, letters: list[str], reasons: list[str]) -> None:
        columns = workflow.c.name, workflow.c.state, workflow.c.health
        query = select(*columns).where(workflow.c.id == number).with_for_update()
        found = work.connection.execute(query).one()
        ring = f"{found.health}{WELL * self._well[number]}{''.join(letters)}"[-LAST:]
        work.change(RowChanged("workflow", number, {"health": ring}))
        if found.state in ("published", "finishing") and _too_often(work, ring):
            why = (
                f"{ring.count(FAILED)} of its last {len(ring)} steps failed, the last one because: "
                f"{sentence(reasons[-1])} Look at its runs that need attention, then resume it."
            )
            workflows.pause(work, number, why)
            _tell_admins(work, f"‘{found.name}’ was paused. {why}")


def _too_often(work: Work, ring: str) -> bool:
    limits = safeguards.of(work)
    share = ceil(len(ring) * limits.failures_percent / 100)
    return bool(limits.failures) and ring.count(FAILED) >= max(limits.failures, share)


def _tell_admins(work: Work, text: str) -> None:
    for user in users.listed(work):
        if user.role == "admin":
            row = {"id": work.new_id("notification"), "user_id": user.id}
            work.change(RowAdded("notification", {**row, "text": text, "at": work.now}))
