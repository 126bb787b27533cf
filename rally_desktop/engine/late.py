"""What came due while the engine was away: ask, skip, or run (semantics, section 12)."""

from __future__ import annotations

from rally_desktop.engine.nodes.base import Held, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards


def outcome(work: Work, kind: StepKind, here: Here) -> Outcome | None:
    """Return what becomes of a step that is late; None where it is in time or runs all the same."""
    if work.now - here.due_at <= kind.late_after:
        return None
    policy = here.rules.late or safeguards.of(work).late
    due = f"It was due on {here.due_at.astimezone(here.zone):%d %B %Y at %H:%M}."
    if policy == "ask":
        return Held("late", due)
    return Skipped("late", due) if policy == "skip" else None
