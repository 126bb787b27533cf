"""One visit: a step is done, and what became of it is written down (semantics, section 14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import late, runfacts
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import (
    Again,
    ClockTrigger,
    Done,
    Ended,
    Failed,
    Held,
    Outcome,
    Skipped,
    StepKind,
    Waiting,
)
from rally_desktop.engine.standpoint import Standpoint
from rally_desktop.model.changes import RunState, Visited
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import visit
from rally_desktop.model.work import Snapshot, Work

# A run with this for an exit comes back to the step it stands at, in the same visit.
AGAIN = ""
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
MOST_ATTEMPTS = 2  # a second crash at the same step is a person's to look at

WELL, FAILED = ".", "x"

CrashKey = tuple[int, Ref, str]


def crash_key(run: RunState) -> CrashKey:
    """Return what stays the same about a run over a rolled-back transaction."""
    return (run.version_id, run.ref, run.cause)


@dataclass(slots=True)
class At:
    """A run that has come to a step; ``again`` where it comes back in the same visit.

    ``stopping`` where the step is one of its Stop Actions.
    """

    version: Version
    run: RunState
    step_id: str
    found: Snapshot
    due_at: datetime
    again: bool = False
    stopping: bool = False

    @property
    def exits(self) -> Mapping[str, str]:
        """Return where each exit of the step leads."""
        return self.version.graph.steps[self.step_id].exits


class Visits:
    """Makes the visits of one batch; ``crashes`` are the tracebacks of the tries before.

    ``failures`` are the reasons by workflow, ``went`` a letter for each visit that is over
    (engine/breaker.py), ``written_down`` the crashes that are no news now.
    """

    def __init__(self, work: Work, asking: Evaluator, crashes: Mapping[CrashKey, str]) -> None:
        self.work = work
        self.asking = asking
        self.failures: dict[int, list[str]] = {}
        self.went: defaultdict[int, list[str]] = defaultdict(list)
        self.written_down: set[CrashKey] = set()
        self._crashes = crashes
        self._follow: Mapping[type[Outcome], Callable[[At, Any], bool]] = {
            Done: self._done,
            Skipped: self._skipped,
            Waiting: self._waiting,
            Again: self._again,
            Held: self._held,
            Ended: self._ended,
            Failed: self._failed,
        }

    def make(self, at: At) -> bool:
        """Do one step; say whether the run goes on at once."""
        run = at.run
        run.exit = None
        if not at.again:
            run.seq += 1
        if self._crashes and (trace := self._crashes.get(crash_key(run))):
            return self._crashed(at, trace)
        outcome = self._outcome(at)
        attempt, run.attempt = run.attempt, 0
        if isinstance(outcome, Failed) and outcome.transient and attempt < len(RETRIES):
            said = f"{outcome.summary} It is tried again."
            outcome = Again(self.work.now + RETRIES[attempt], outcome.reason, said, outcome.detail)
            run.attempt = attempt + 1
        return self._follow[type(outcome)](at, outcome)

    def standpoint(self, at: At) -> Standpoint:
        """Return what a step may know of where it stands."""
        run = at.run
        entered_at, said = self._before(run) if at.again else (self.work.now, {})
        return Standpoint(
            self.asking, run.id, run.workflow_id, at.step_id, run.seq, run.ref, at.found,
            at.version.rules, run.trigger, run.cause, run.attempt, at.due_at, entered_at, said,
            run.awaited or "", at.stopping,
            about=partial(runfacts.about, self.work, at.version.graph, run.trigger, at.found),
        )  # fmt: skip

    def _outcome(self, at: At) -> Outcome:
        kind = at.version.steps[at.step_id]
        if isinstance(kind, RallyError):
            return Failed("bad_settings", str(kind))
        if at.version.graph.steps[at.step_id].disabled:
            exits = kind.exits()
            return Skipped("disabled", "Switched off.", exits[0][0] if exits else "next")
        here = self.standpoint(at)
        return late.outcome(self.work, kind, here, self._why_late(at)) or self._run(kind, here)

    def _why_late(self, at: At) -> str:
        """Return the reason code should the step be late: also the first one of a lost occasion."""
        kind = at.version.triggers.get(at.run.trigger) if at.run.seq == 1 else None
        lost = isinstance(kind, ClockTrigger) and kind.missed(self.work.now - at.due_at)
        return "missed_window" if lost else "late"

    def _run(self, kind: StepKind, here: Standpoint) -> Outcome:
        try:
            return kind.run(self.work, here)
        except RallyError as error:
            return Failed(_reason(error), str(error))

    def _before(self, run: RunState) -> tuple[datetime, Mapping[str, Any]]:
        """Return when the visit that is come back to began, and what it said then."""
        where = (visit.c.run_id == run.id, visit.c.seq == run.seq)
        found = self.work.connection.execute(select(visit.c.at, visit.c.detail).where(*where)).one()
        return found.at, msgspec.json.decode(found.detail) if found.detail else {}

    # -- what became of it -----------------------------------------------------------------

    def _done(self, at: At, outcome: Done) -> bool:
        said = ("done", outcome.exit, "", outcome.summary, outcome.detail)
        return self._leave(at, said)

    def _skipped(self, at: At, outcome: Skipped) -> bool:
        return self._leave(at, ("skipped", outcome.exit, outcome.reason, outcome.summary, None))

    def _ended(self, at: At, outcome: Ended) -> bool:
        self._put(at, ("done", None, "", outcome.summary, None))
        at.run.step = None
        return True

    def _waiting(self, at: At, outcome: Waiting) -> bool:
        self._put(at, ("waiting", None, "", outcome.summary, outcome.detail), outcome.until)
        at.run.exit, at.run.due_at = outcome.exit, outcome.until
        at.run.awaited = outcome.awaits or None
        return False

    def _again(self, at: At, outcome: Again) -> bool:
        said = ("waiting", None, outcome.reason, outcome.summary, outcome.detail)
        self._put(at, said, outcome.until)
        at.run.exit, at.run.due_at = AGAIN, outcome.until
        at.run.awaited = outcome.awaits or None
        return False

    def _held(self, at: At, outcome: Held) -> bool:
        self._put(at, ("waiting", None, outcome.reason, outcome.summary, None))
        at.run.exit, at.run.due_at = AGAIN, self.work.now
        self._set_aside(at.run, "held", outcome.reason)
        return False

    def _failed(self, at: At, outcome: Failed) -> bool:
        self.failures.setdefault(at.run.workflow_id, []).append(outcome.reason)
        said = ("failed", "failed", outcome.reason, outcome.summary, outcome.detail)
        if "failed" in at.exits:
            return self._leave(at, said)
        self._put(at, said)
        self._set_aside(at.run, "needs_attention", outcome.reason)
        return False

    def _crashed(self, at: At, trace: str) -> bool:
        """Write a crash down instead of walking into it again, and try later or ask a person."""
        run = at.run
        run.attempt += 1
        self.written_down.add(crash_key(run))
        last, detail = trace.strip().splitlines()[-1], {"traceback": trace}
        if run.attempt < MOST_ATTEMPTS:
            return self._again(at, Again(self.work.now + RETRIES[0], "error", last, detail))
        self.failures.setdefault(run.workflow_id, []).append("error")
        self._put(at, ("failed", None, "error", last, detail))
        self._set_aside(run, "needs_attention", "error")
        return False

    def _leave(self, at: At, said: Said) -> bool:
        self._put(at, said)
        at.run.step = at.exits.get(said[1] or "")
        return True

    def _put(self, at: At, said: Said, until: datetime | None = None) -> None:
        run, (outcome, exit_, reason, summary, detail) = at.run, said
        step, detail = at.step_id, detail or None
        if outcome != "waiting":
            self.went[run.workflow_id].append(FAILED if outcome == "failed" else WELL)
        self.work.change(
            Visited(run, run.seq, step, outcome, exit_, reason, summary, detail, until, at.again)
        )

    def _set_aside(self, run: RunState, state: str, reason: str) -> None:
        """Leave a run to a person; it stays at the step."""
        run.state, run.reason, run.since = state, reason, self.work.now


# Outcome, exit, reason code, summary and detail of a visit.
Said = tuple[str, str | None, str, str, Mapping[str, Any] | None]


def _reason(error: RallyError) -> str:
    known = {
        "MissingValue": "missing_value", "BadTemplate": "bad_template", "NotFound": "gone",
        "NoUser": "no_user", "SameName": "same_name",
    }  # fmt: skip
    return known.get(type(error).__name__, "bad_settings")
