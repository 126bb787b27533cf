"""What came due while the engine was away: shown first, then asked, skipped or run (section 12).

``Waking`` tells that the computer slept: its clock and its counter have drifted apart, or a nap
was far longer than it was meant to be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from rally_desktop.core.clock import Clock
from rally_desktop.engine.nodes.base import Held, Here, Outcome, Skipped, StepKind
from rally_desktop.model.tables import run, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards

NOTABLE = timedelta(minutes=1)  # what is due for less came due by itself, not by an absence
LEAST_SLEEP = 30.0  # seconds


@dataclass(frozen=True)
class CameDue:
    """What came due while nobody was there: how many runs, since when, and of which workflows."""

    count: int
    oldest: datetime
    by_workflow: Mapping[str, int]

    def says(self) -> str:
        """Say it in a sentence."""
        runs = f"{self.count:,} run{'s' * (self.count != 1)}"
        names = ", ".join(f"‘{name}’ ({count:,})" for name, count in self.by_workflow.items())
        since = self.oldest.astimezone()
        when = f"{since.day} {since:%B %H:%M}"
        return f"{runs} came due since {when}, while nobody was there: {names}."


class Waking:
    """Tells whether the computer slept between two looks."""

    def __init__(self, clock: Clock, counter: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._counter = clock, counter
        self._seen = clock.now(), counter()

    def slept(self, meant: float | None = None) -> bool:
        """Say whether it slept since the last look; ``meant`` is how long a nap was to take."""
        wall, counted = self._seen
        self._seen = self._clock.now(), self._counter()
        passed = self._seen[1] - counted
        drift = abs((self._seen[0] - wall).total_seconds() - passed)
        return drift > LEAST_SLEEP or (meant is not None and passed - meant > LEAST_SLEEP)


def outcome(work: Work, kind: StepKind, here: Here, reason: str = "late") -> Outcome | None:
    """Return what becomes of a step that is late; None where it is in time or runs all the same.

    What runs all the same keeps to the windows: it goes out when the next one opens.
    """
    if work.now - here.due_at <= kind.late_after:
        return None
    policy = here.rules.late or safeguards.of(work).late
    due = f"It was due on {here.due_at.astimezone(here.zone):%d %B %Y at %H:%M}."
    if policy == "ask":
        return Held(reason, due)
    return Skipped(reason, due) if policy == "skip" else None


def came_due(work: Work) -> CameDue | None:
    """Return what has been due for a while in workflows that move; None where nothing has."""
    query = (
        select(workflow.c.name, func.count(), func.min(run.c.due_at))
        .join(workflow, workflow.c.id == run.c.workflow_id)
        .where(run.c.state == "active", run.c.due_at <= work.now - NOTABLE)
        .where(workflow.c.state.in_(("published", "finishing")), workflow.c.deleted_at.is_(None))
        .group_by(workflow.c.id, workflow.c.name)
        .order_by(func.count().desc(), workflow.c.name)
    )
    found = work.connection.execute(query).all()
    if not found:
        return None
    counts = {name: count for name, count, _ in found}
    return CameDue(sum(count for _, count, _ in found), min(row[2] for row in found), counts)
