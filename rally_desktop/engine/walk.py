"""Moving runs: each from where it stands to its next wait or its end, in memory."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import late
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import (
    Again,
    Done,
    Ended,
    Event,
    Failed,
    Held,
    Outcome,
    Skipped,
    StepKind,
    Waiting,
)
from rally_desktop.engine.standpoint import Standpoint
from rally_desktop.model.changes import (
    RowChanged,
    RunAdvanced,
    RunStarted,
    RunState,
    Visited,
    WaitOver,
)
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, visit
from rally_desktop.model.work import Cause, Snapshot, Work

MAX_VISITS = 500
# A run with this for an exit comes back to the step it stands at, in the same visit.
AGAIN = ""
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
NEXT_TRY = RETRIES[0]
MOST_ATTEMPTS = 2  # a second crash at the same step is a person's to look at


class Crashed(Exception):
    """A step raised what it should not have; the run and the traceback, for the next try."""

    def __init__(self, run: RunState, trace: str) -> None:
        self.key = crash_key(run)
        self.trace = trace
        super().__init__(trace.splitlines()[-1])


def crash_key(run: RunState) -> tuple[int, Ref, str]:
    """Return what stays the same about a run over a rolled-back transaction."""
    return (run.version_id, run.ref, run.cause)


class Walk:
    """Moves the runs of one batch; ``crashes`` are the tracebacks of the tries before.

    ``begun`` are the runs that were started in this batch, ``touched`` all that it moved, and
    ``failures`` the reasons by workflow. In the ``queueing`` workflows records wait for the run
    before theirs to end.
    """

    def __init__(
        self,
        work: Work,
        crashes: Mapping[tuple[int, Ref, str], str],
        queueing: Collection[int] = (),
    ) -> None:
        self.work = work
        self.asking = Evaluator(work)
        self.begun: dict[tuple[int, Ref], RunState] = {}
        self.touched: set[int] = set()
        self.failures: dict[int, list[str]] = {}
        self.written_down: set[tuple[int, Ref, str]] = set()
        self.moved_last: tuple[int, Ref, str] | None = None
        self._crashes = crashes
        self._queueing = queueing

    # -- one run -------------------------------------------------------------------------

    def begin(self, version: Version, run: RunState) -> None:
        """Start a run and move it on; it is written once, where it comes to rest."""
        run.step = version.graph.start
        self.begun[run.workflow_id, run.ref] = run
        if version.rules.review:
            run.state, run.since = "in_review", self.work.now
        else:
            self._move(version, run, self.work.now)
        self.work.change(RunStarted(run))

    def go_on(self, version: Version, run: RunState) -> None:
        """Move a run that is due."""
        again = run.exit == AGAIN and run.step is not None
        due_at = run.due_at or self.work.now
        if not again:
            self._pass(version, run)
        self._move(version, run, due_at, again=again)
        self._advanced(run)

    def wake(self, version: Version, run: RunState, exit_: str) -> None:
        """Move a run on whose awaited event came."""
        run.exit = exit_
        self._pass(version, run)
        self._move(version, run, self.work.now)
        self._advanced(run)

    def stop(self, version: Version, run: RunState, reason: str = "stopped") -> None:
        """End a run where it stands, and do the Stop Actions."""
        with self.work.caused_by(_cause(run)):
            self._stop(version, run, reason)
        self._advanced(run)

    def cancel(self, run: RunState, reason: str) -> None:
        """End a run where it stands, without another word."""
        self._leave(run, "stopped", reason)
        self._end(run, "cancelled", reason)
        self._advanced(run)

    def put_aside(self, run: RunState, state: str, reason: str, until: datetime | None) -> None:
        """Pause a run, or leave it to a person; it keeps its place."""
        run.state, run.reason = state, reason
        run.since, run.resume_at = self.work.now, until
        self._advanced(run)

    def met(self, version: Version, run: RunState, event: Event) -> str | None:
        """Return the exit by which an event ends the waiting of a run; None where it does not."""
        kind = version.steps.get(run.step or "")
        found = self.work.find(run.ref)
        if not isinstance(kind, StepKind) or not run.awaited or found is None:
            return None
        here = self._standpoint(version, run, run.step or "", found, run.started_at)
        return kind.met(self.work, here, event)

    def _advanced(self, run: RunState) -> None:
        self.touched.add(run.id)
        if self.begun.get((run.workflow_id, run.ref)) is not run:
            self.work.change(RunAdvanced(run))

    def _pass(self, version: Version, run: RunState) -> None:
        """Leave the step where a run waited, by the exit that was open or has come open."""
        if run.exit is not None and run.step is not None:
            self.work.change(WaitOver(run.id, run.seq, exit=run.exit))
            run.step = version.graph.steps[run.step].exits.get(run.exit)
            run.exit, run.attempt = None, 0

    def _move(
        self, version: Version, run: RunState, due_at: datetime, *, again: bool = False
    ) -> None:
        run.due_at = run.awaited = None
        self.moved_last = crash_key(run)
        try:
            with self.work.caused_by(_cause(run)):
                self._steps(version, run, due_at, again)
        except RallyError:
            raise
        except Exception as error:
            # The snapshots may be half changed: the batch is rolled back and tried again.
            raise Crashed(run, traceback.format_exc(limit=-8)) from error

    def _steps(self, version: Version, run: RunState, due_at: datetime, again: bool) -> None:
        while run.state == "active":
            found = self.work.find(run.ref)
            if found is None or (found["deleted_at"] is not None and not _after_death(version)):
                self._leave(run, "stopped", "gone") if again else None
                self._end(run, "cancelled", "gone")
            elif version.stop_when is not None and self.asking.test(
                version.stop_when, run.ref, run.trigger
            ):
                self._stop(version, run, "stopped")
            elif run.step is None:
                self._end(run, "done")
            elif run.seq >= MAX_VISITS:
                self._end(run, "failed", "too_long")
            elif not self._visit(version, run, run.step, found, due_at, again=again):
                return
            due_at, again = self.work.now, False

    def _visit(
        self,
        version: Version,
        run: RunState,
        step_id: str,
        found: Snapshot,
        due_at: datetime,
        *,
        again: bool = False,
    ) -> bool:
        """Do one step; say whether the run goes on at once."""
        run.exit = None
        if not again:
            run.seq += 1
        step = version.graph.steps[step_id]
        kind = version.steps[step_id]
        if self._crashes and (trace := self._crashes.get(crash_key(run))):
            return self._crash(run, step_id, trace, again)
        if isinstance(kind, RallyError):
            outcome: Outcome = Failed("bad_settings", str(kind))
        elif step.disabled:
            exits = kind.exits()
            outcome = Skipped("disabled", "Switched off.", exits[0][0] if exits else "next")
        else:
            here = self._standpoint(version, run, step_id, found, due_at, again=again)
            outcome = late.outcome(self.work, kind, here) or self._done(kind, here)
        return self._follow(run, step_id, step.exits, outcome, again)

    def _done(self, kind: StepKind, here: Standpoint) -> Outcome:
        try:
            return kind.run(self.work, here)
        except RallyError as error:
            return Failed(_reason(error), str(error))

    def _standpoint(
        self,
        version: Version,
        run: RunState,
        step_id: str,
        found: Snapshot,
        due_at: datetime,
        *,
        again: bool = False,
    ) -> Standpoint:
        entered_at, said = self._before(run) if again else (self.work.now, {})
        return Standpoint(
            self.asking, run.id, run.workflow_id, step_id, run.seq, run.ref, found,
            version.rules, run.trigger, run.cause, run.attempt, due_at, entered_at, said,
        )  # fmt: skip

    def _before(self, run: RunState) -> tuple[datetime, Mapping[str, Any]]:
        """Return when the visit that is come back to began, and what it said then."""
        where = (visit.c.run_id == run.id, visit.c.seq == run.seq)
        found = self.work.connection.execute(select(visit.c.at, visit.c.detail).where(*where)).one()
        return found.at, msgspec.json.decode(found.detail) if found.detail else {}

    # -- what became of a step -------------------------------------------------------------

    def _follow(
        self,
        run: RunState,
        step_id: str,
        exits: Mapping[str, str],
        outcome: Outcome,
        again: bool,
    ) -> bool:
        """Write the visit down and say whether the run goes on at once."""
        if isinstance(outcome, Failed) and outcome.transient and run.attempt < len(RETRIES):
            outcome = self._next_try(run, outcome)
        run.attempt = run.attempt if isinstance(outcome, Again | Held) else 0
        match outcome:
            case Done(summary, exit_, detail):
                said = ("done", exit_, "", summary, detail)
            case Skipped(reason, summary, exit_):
                said = ("skipped", exit_, reason, summary, None)
            case Waiting(until, summary, exit_, awaits, detail):
                self._put(run, step_id, ("waiting", None, "", summary, detail), again, until)
                run.exit, run.due_at, run.awaited = exit_, until, awaits or None
                return False
            case Again(until, reason, summary, detail):
                self._put(run, step_id, ("waiting", None, reason, summary, detail), again, until)
                run.exit, run.due_at = AGAIN, until
                return False
            case Held(reason, summary):
                self._put(run, step_id, ("waiting", None, reason, summary, None), again)
                run.exit, run.due_at, run.since = AGAIN, self.work.now, self.work.now
                run.state, run.reason = "held", reason
                return False
            case Ended(summary):
                said = ("done", None, "", summary, None)
                exits = {}
            case Failed(reason, summary, detail):
                self.failures.setdefault(run.workflow_id, []).append(reason)
                said = ("failed", "failed", reason, summary, detail)
                if "failed" not in exits:
                    self._put(run, step_id, said, again)
                    self._attend(run, reason)
                    return False
        self._put(run, step_id, said, again)
        run.step = exits.get(said[1] or "")
        return True

    def _put(
        self,
        run: RunState,
        step_id: str,
        said: tuple[str, str | None, str, str, Mapping[str, Any] | None],
        again: bool,
        until: datetime | None = None,
    ) -> None:
        outcome, exit_, reason, summary, detail = said
        self.work.change(
            Visited(
                run, run.seq, step_id, outcome, exit_, reason, summary, detail or None, until, again
            )
        )

    def _next_try(self, run: RunState, failed: Failed) -> Again:
        until = self.work.now + RETRIES[run.attempt]
        run.attempt += 1
        return Again(until, failed.reason, f"{failed.summary} Tried again later.", failed.detail)

    def _attend(self, run: RunState, reason: str) -> None:
        """Leave a run to a person; it stays at the step that failed."""
        run.state, run.reason, run.since = "needs_attention", reason, self.work.now

    def _crash(self, run: RunState, step_id: str, trace: str, again: bool) -> bool:
        """Write a crash down instead of walking into it again, and try later or ask a person."""
        run.attempt += 1
        self.written_down.add(crash_key(run))
        last = trace.strip().splitlines()[-1]
        detail = {"traceback": trace}
        if run.attempt >= MOST_ATTEMPTS:
            self.failures.setdefault(run.workflow_id, []).append("error")
            self._put(run, step_id, ("failed", None, "error", last, detail), again)
            self._attend(run, "error")
        else:
            until = self.work.now + NEXT_TRY
            self._put(run, step_id, ("waiting", None, "error", last, detail), again, until)
            run.exit, run.due_at = AGAIN, until
        return False

    # -- how a run ends --------------------------------------------------------------------

    def _leave(self, run: RunState, outcome: str, reason: str) -> None:
        """Close the visit at which a run was waiting, if it was."""
        if run.exit is not None and run.step is not None:
            self.work.change(WaitOver(run.id, run.seq, outcome, reason=reason))
            run.exit = None

    def _end(self, run: RunState, state: str, reason: str = "") -> None:
        run.state, run.reason, run.ended_at = state, reason, self.work.now
        run.due_at = run.awaited = run.since = run.resume_at = None
        if run.workflow_id in self._queueing:
            self._let_in(run)

    def _let_in(self, run: RunState) -> None:
        """Let the next record in that queued for this one to end."""
        columns = enrolment.c
        queued = (
            select(columns.id)
            .where(columns.record_kind == run.ref.kind, columns.record_id == run.ref.id)
            .where(columns.workflow_id == run.workflow_id, columns.state == "queued")
            .order_by(columns.id)
            .limit(1)
        )
        if found := self.work.connection.execute(queued).scalar():
            self.work.change(RowChanged("enrolment", found, {"due_at": self.work.now}))

    def _stop(self, version: Version, run: RunState, reason: str) -> None:
        """End the run, then do the chain of Stop Actions once; a wait in it does not hold it up."""
        self._leave(run, "stopped", reason)
        run.state = "active"
        step_id = version.graph.stop_start
        while step_id is not None and run.seq < MAX_VISITS:
            run.step = None
            self._visit(version, run, step_id, self.work.record(run.ref), self.work.now)
            if run.exit is not None:
                self._hurry(version, run, step_id)
            step_id, run.exit, run.due_at = run.step, None, None
        self._end(run, "stopped", reason)

    def _hurry(self, version: Version, run: RunState, step_id: str) -> None:
        """Go on at once from a step that would wait; what it would do later it does not do."""
        exits = version.graph.steps[step_id].exits
        if run.exit == AGAIN:
            self.work.change(WaitOver(run.id, run.seq, "skipped", reason="stopped"))
            run.step = exits.get("next")
        else:
            self.work.change(WaitOver(run.id, run.seq, exit=run.exit))
            run.step = exits.get(run.exit or "")


def _cause(run: RunState) -> Cause:
    return Cause(run.id, ",".join(filter(None, (run.chain, str(run.workflow_id)))))


def _after_death(version: Version) -> bool:
    """Say whether a workflow is about records that are deleted."""
    return any(kind.key() == "record_deleted" for kind in version.triggers.values())


def _reason(error: RallyError) -> str:
    known = {"MissingValue": "missing_value", "BadTemplate": "bad_template", "NotFound": "gone"}
    return known.get(type(error).__name__, "bad_settings")
