"""Moving runs: each from where it stands to its next wait or its end, in memory."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import brakes
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.evaluator import Evaluator
from rally_desktop.engine.nodes.base import Event, StepKind
from rally_desktop.engine.visiting import AGAIN, At, CrashKey, Visits, crash_key
from rally_desktop.model.changes import (
    EnrolmentPut,
    Refusal,
    RowChanged,
    RunAdvanced,
    RunStarted,
    RunState,
    WaitOver,
)
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, visit
from rally_desktop.model.work import Cause, Work
from rally_desktop.services import tasks

MAX_VISITS = 500
STOP = "stop:"  # what a run awaits that is to stop, with the reason, as soon as it may move


class Crashed(Exception):
    """A step raised what it should not have; the run and the traceback, for the next try."""

    def __init__(self, run: RunState, trace: str) -> None:
        self.key = crash_key(run)
        self.trace = trace
        super().__init__(trace.splitlines()[-1])


class Walk:
    """Moves the runs of one batch; ``crashes`` are the tracebacks of the tries before.

    ``begun`` are the runs that were started in this batch, ``touched`` all that it moved,
    ``ended`` those that it ended, which the database still has as open. In the ``queueing``
    workflows records wait for the run before theirs to end; runs ``given_up`` are left to a
    person. While ``holding``, what would stop or wake a run is written down for afterwards.
    """

    def __init__(
        self,
        work: Work,
        crashes: Mapping[CrashKey, str],
        queueing: Collection[int] = (),
        given_up: Collection[CrashKey] = (),
    ) -> None:
        self.work = work
        self.asking = Evaluator(work)
        self.visits = Visits(work, self.asking, crashes)
        self.begun: dict[tuple[int, Ref], RunState] = {}
        self.touched: set[int] = set()
        self.ended: dict[int, RunState] = {}
        self.moved_last: CrashKey | None = None
        self.holding = False
        self._queueing = queueing
        self._given_up = given_up

    # -- what may happen to a run ----------------------------------------------------------

    def begin(self, version: Version, run: RunState, due_at: datetime | None = None) -> None:
        """Start a run, due now or before, and move it on; it is written where it comes to rest."""
        if self._gives_up(run):
            self.work.change(Refusal(run.workflow_id, run.cause, run.ref, "error"))
            return
        run.step = version.graph.start
        self.begun[run.workflow_id, run.ref] = run
        if version.rules.review:
            run.state, run.since = "in_review", self.work.now
        else:
            self._move(version, run, due_at or self.work.now)
        self.work.change(RunStarted(run))

    def go_on(self, version: Version, run: RunState) -> None:
        """Move a run that is due."""
        if self._gives_up(run):
            run.due_at = None
            self.put_aside(run, "needs_attention", "error", None)
            return
        if run.awaited and run.awaited.startswith(STOP):
            self.stop(version, run, run.awaited.removeprefix(STOP))
            return
        again = run.exit == AGAIN and run.step is not None
        due_at = run.due_at or self.work.now
        if not again:
            self._pass(version, run)
        self._move(version, run, due_at, again=again)
        self._advanced(run)

    def wake(self, version: Version, run: RunState, exit_: str) -> None:
        """Move a run on whose awaited event came; a paused or held one goes on afterwards."""
        run.exit = exit_
        if run.state == "paused" or self.holding:
            run.due_at, run.awaited = self.work.now, None
        else:
            self._pass(version, run)
            self._move(version, run, self.work.now)
        self._advanced(run)

    def stop(self, version: Version, run: RunState, reason: str = "stopped") -> None:
        """End a run where it stands, and do the Stop Actions; a held one does so afterwards."""
        if self.holding:
            run.due_at, run.awaited = self.work.now, f"{STOP}{reason}"
            self._advanced(run)
            return
        with self.work.caused_by(cause_of(run)):
            self._stop(version, run, reason)
        self._advanced(run)

    def cancel(self, run: RunState, reason: str, state: str = "cancelled") -> None:
        """End a run where it stands, without another word."""
        with self.work.caused_by(cause_of(run)):
            self._leave(run, "stopped", reason)
        self._end(run, state, reason)
        self._advanced(run)

    def put_aside(self, run: RunState, state: str, reason: str, until: datetime | None) -> None:
        """Pause a run, or leave it to a person; it keeps its place."""
        run.state, run.reason = state, reason
        run.since, run.resume_at = self.work.now, until
        self._advanced(run)

    def postpone(self, run: RunState, until: datetime) -> None:
        """Let a run wait longer where it waits."""
        run.due_at = until
        where = (visit.c.run_id == run.id, visit.c.seq == run.seq)
        self.work.connection.execute(update(visit).where(*where).values(until=until))
        self._advanced(run)

    def met(self, version: Version, run: RunState, event: Event) -> str | None:
        """Return the exit by which an event ends the waiting of a run; None where it does not."""
        kind, found = version.steps.get(run.step or ""), self.work.find(run.ref)
        if not isinstance(kind, StepKind) or not run.awaited or found is None or not run.step:
            return None
        at = At(version, run, run.step, found, self.work.now)
        return kind.met(self.work, self.visits.standpoint(at), event)

    def _gives_up(self, run: RunState) -> bool:
        """Say whether the database refuses whatever this run does, so that others can go on."""
        key = crash_key(run)
        if key not in self._given_up:
            return False
        self.visits.written_down.add(key)
        return True

    def _advanced(self, run: RunState) -> None:
        self.touched.add(run.id)
        if self.begun.get((run.workflow_id, run.ref)) is not run:
            self.work.change(RunAdvanced(run))

    # -- step by step ----------------------------------------------------------------------

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
            with self.work.caused_by(cause_of(run)):
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
                self._leave(run, "stopped", "gone")
                self._end(run, "cancelled", "gone")
            elif version.stop_when is not None and self.asking.test(
                version.stop_when, run.ref, run.trigger
            ):
                self._stop(version, run, "stopped")
            elif run.step is None:
                self._end(run, "done")
            elif run.seq >= MAX_VISITS:
                self._end(run, "failed", "too_long")
                brakes.circling(self.work, run.workflow_id, run.ref, "too_long")
            elif not self.visits.make(At(version, run, run.step, found, due_at, again)):
                return
            again = False

    # -- how a run ends --------------------------------------------------------------------

    def _leave(self, run: RunState, outcome: str, reason: str) -> None:
        """Close the visit at which a run was waiting, if it was; what it asked for is over."""
        if run.exit is not None and run.step is not None:
            self.work.change(WaitOver(run.id, run.seq, outcome, reason=reason))
            if run.exit == AGAIN:
                tasks.take_back(self.work, run.ref, run.id)
            run.exit = None

    def _end(self, run: RunState, state: str, reason: str = "") -> None:
        run.state, run.reason, run.ended_at = state, reason, self.work.now
        run.due_at = run.awaited = run.since = run.resume_at = None
        self.ended[run.id] = run
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
        elif row := self._just_queued(run):
            again = {"id": self.work.new_id("enrolment"), "due_at": self.work.now}
            self.work.change(EnrolmentPut({**row, **again}))

    def _just_queued(self, run: RunState) -> Mapping[str, Any] | None:
        """Return what this very batch put into the queue behind a run; no row has it yet."""
        where = (run.workflow_id, *run.ref, "queued")
        names = ("workflow_id", "record_kind", "record_id", "state")
        put = (one.change.row for one in self.work.recorded if isinstance(one.change, EnrolmentPut))
        return next((row for row in put if tuple(row[name] for name in names) == where), None)

    def _stop(self, version: Version, run: RunState, reason: str) -> None:
        """End the run, then do the chain of Stop Actions once; a wait in it does not hold it up."""
        self._leave(run, "stopped", reason)
        run.state = "active"
        step_id, now = version.graph.stop_start, self.work.now
        while step_id is not None and run.seq < MAX_VISITS:
            run.step, found = None, self.work.find(run.ref)
            if found is None or (found["deleted_at"] is not None and not _after_death(version)):
                break
            self.visits.make(At(version, run, step_id, found, now, stopping=True))
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


def cause_of(run: RunState) -> Cause:
    """Return what stands behind the changes that are made on behalf of a run."""
    return Cause(run.id, ",".join(filter(None, (run.chain, str(run.workflow_id)))))


def _after_death(version: Version) -> bool:
    """Say whether a workflow is about records that are deleted."""
    return any(kind.key() == "record_deleted" for kind in version.triggers.values())
