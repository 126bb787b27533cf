"""Moving runs: each from where it stands to its next wait or its end, in memory."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from rally_desktop.core import filter as language
from rally_desktop.core import merge
from rally_desktop.core.conditions import Filter
from rally_desktop.core.errors import RallyError
from rally_desktop.engine import clockwork
from rally_desktop.engine.definitions import Version
from rally_desktop.engine.nodes.base import Done, Ended, Failed, Outcome, Skipped, Waiting
from rally_desktop.model.changes import (
    RunAdvanced,
    RunStarted,
    RunState,
    Visited,
    WaitOver,
)
from rally_desktop.model.fields import fields_of
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Cause, Snapshot, Work
from rally_desktop.services import merging

Answer = TypeVar("Answer")

MAX_VISITS = 500
NEXT_TRY = timedelta(minutes=1)
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


@dataclass(slots=True)
class Standpoint:
    """Where a step stands: the run, the record, and what the step may ask for (``Here``)."""

    walk: Walk
    run_id: int
    workflow_id: int
    step_id: str
    seq: int
    ref: Ref
    record: Snapshot

    def merge(self, source: str, *, html: bool = False) -> str:
        """Fill the merge fields of a text; raise MissingValue where one is empty."""
        return self.walk.merge(source, self.ref, html=html)

    def test(self, stored: Mapping[str, Any] | None) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a filter on the record; return the result and each clause as seen."""
        return self.walk.explain(stored, self.ref)


class Walk:
    """Moves the runs of one batch; ``crashes`` are the tracebacks of the tries before."""

    def __init__(self, work: Work, crashes: Mapping[tuple[int, Ref, str], str]) -> None:
        self.work = work
        self._crashes = crashes
        self.written_down: set[tuple[int, Ref, str]] = set()
        self.moved_last: tuple[int, Ref, str] | None = None
        self._templates: dict[tuple[str, bool], merge.Template] = {}
        self._trees: dict[int, tuple[Any, Filter]] = {}
        self._paths: dict[int, Collection[str]] = {}
        self._tests: dict[tuple[Any, int, str], Callable[[Snapshot], Any]] = {}

    # -- one run -------------------------------------------------------------------------

    def begin(self, version: Version, run: RunState) -> None:
        """Start a run and move it on; it is written once, where it comes to rest."""
        run.step = version.graph.start
        self._move(version, run)
        self.work.change(RunStarted(run))

    def go_on(self, version: Version, run: RunState) -> None:
        """Move a run that is due."""
        if run.exit is not None and run.step is not None:
            self.work.change(WaitOver(run.id, run.seq))
            run.step = version.graph.steps[run.step].exits.get(run.exit)
            run.exit = None
        self._move(version, run)
        self.work.change(RunAdvanced(run))

    def _move(self, version: Version, run: RunState) -> None:
        run.due_at = None
        self.moved_last = crash_key(run)
        chain = ",".join(filter(None, (run.chain, str(run.workflow_id))))
        try:
            with self.work.caused_by(Cause(run.id, chain)):
                self._steps(version, run)
        except RallyError:
            raise
        except Exception as error:
            # The snapshots may be half changed: the batch is rolled back and tried again.
            raise Crashed(run, traceback.format_exc(limit=-8)) from error

    def _steps(self, version: Version, run: RunState) -> None:
        while run.state == "active":
            found = self.work.find(run.ref)
            if found is None or found["deleted_at"] is not None:
                self._end(run, "cancelled", "gone")
            elif version.stop_when is not None and self.test(version.stop_when, run.ref):
                self._stop(version, run)
            elif run.step is None:
                self._end(run, "done")
            elif run.seq >= MAX_VISITS:
                self._end(run, "failed", "too_long")
            elif not self._visit(version, run, run.step, found):
                return

    def _visit(self, version: Version, run: RunState, step_id: str, found: Snapshot) -> bool:
        """Do one step; say whether the run goes on at once."""
        run.seq += 1
        step = version.graph.steps[step_id]
        kind = version.steps[step_id]
        if self._crashes and (trace := self._crashes.get(crash_key(run))):
            return self._crash(run, step_id, trace)
        if isinstance(kind, RallyError):
            outcome: Outcome = Failed("bad_settings", str(kind))
        elif step.disabled:
            exits = kind.exits()
            outcome = Skipped("disabled", "Switched off.", exits[0][0] if exits else "next")
        else:
            here = Standpoint(self, run.id, run.workflow_id, step_id, run.seq, run.ref, found)
            try:
                outcome = kind.run(self.work, here)
            except RallyError as error:
                outcome = Failed(_reason(error), str(error))
        return self._follow(run, step_id, step.exits, outcome)

    def _follow(
        self, run: RunState, step_id: str, exits: Mapping[str, str], outcome: Outcome
    ) -> bool:
        match outcome:
            case Done(summary, exit_, detail):
                self._write(run, step_id, "done", summary, exit_, detail=detail or None)
                run.step = exits.get(exit_)
            case Skipped(reason, summary, exit_):
                self._write(run, step_id, "skipped", summary, exit_, reason)
                run.step = exits.get(exit_)
            case Waiting(until, summary, exit_):
                self.work.change(
                    Visited(run, run.seq, step_id, "waiting", exit_, "", summary, until=until)
                )
                run.exit, run.due_at = exit_, until
                return False
            case Ended(summary):
                self._write(run, step_id, "done", summary)
                run.step = None
            case Failed(reason, summary, detail):
                self._write(run, step_id, "failed", summary, "failed", reason, detail or None)
                if "failed" not in exits:
                    run.state, run.reason = "needs_attention", reason
                    return False
                run.step = exits["failed"]
        return True

    def _write(
        self,
        run: RunState,
        step: str,
        outcome: str,
        summary: str,
        exit_: str | None = None,
        reason: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        self.work.change(Visited(run, run.seq, step, outcome, exit_, reason, summary, detail))

    def _crash(self, run: RunState, step_id: str, trace: str) -> bool:
        """Write a crash down instead of walking into it again, and try later or ask a person."""
        run.attempt += 1
        self.written_down.add(crash_key(run))
        last = trace.strip().splitlines()[-1]
        self._write(run, step_id, "failed", last, None, "error", {"traceback": trace})
        if run.attempt >= MOST_ATTEMPTS:
            run.state, run.reason = "needs_attention", "error"
        else:
            run.due_at = self.work.now + NEXT_TRY
        return False

    def _end(self, run: RunState, state: str, reason: str = "") -> None:
        run.state, run.reason, run.ended_at = state, reason, self.work.now

    def _stop(self, version: Version, run: RunState) -> None:
        """End the run, then do the chain of Stop Actions once; a wait in it does not hold it up."""
        step_id = version.graph.stop_start
        while step_id is not None and run.seq < MAX_VISITS:
            found = self.work.record(run.ref)
            run.step = None
            self._visit(version, run, step_id, found)
            if run.exit is not None:
                self.work.change(WaitOver(run.id, run.seq))
                run.step = version.graph.steps[step_id].exits.get(run.exit)
            step_id, run.exit, run.due_at = run.step, None, None
        self._end(run, "stopped", "stopped")

    # -- what steps may ask for ------------------------------------------------------------

    def merge(self, source: str, ref: Ref, *, html: bool) -> str:
        """Fill a text's merge fields from a record and what belongs to it."""
        if "{" not in source:
            return source
        template = self._templates.get((source, html))
        if template is None:
            template = merge.compile_template(source, html=html)
            self._templates[source, html] = template
        return template.render(merging.data(self.work, ref, template.fields))

    def explain(
        self, stored: Mapping[str, Any] | None, ref: Ref
    ) -> tuple[bool, list[dict[str, Any]]]:
        """Evaluate a stored filter; return the result and each clause with the value seen."""
        # The stored filter is kept beside its tree, so that its id stays its own.
        if id(stored) not in self._trees:
            self._trees[id(stored)] = (stored, language.parse(stored, fields_of(ref.kind)))
        tree = self._trees[id(stored)][1]
        record = self.values(ref, tree)
        return self._compiled(language.compile_explanation, tree, ref, record)(record)

    def test(self, tree: Filter, ref: Ref) -> bool:
        """Say whether a record matches."""
        if tree == language.EVERYTHING:
            return True
        record = self.values(ref, tree)
        return self._compiled(language.compile_test, tree, ref, record)(record)

    def _compiled(
        self, how: Callable[..., Callable[[Snapshot], Answer]], tree: Filter, ref: Ref, at: Snapshot
    ) -> Callable[[Snapshot], Answer]:
        """Compile a filter once for all records of this batch that live in the same zone."""
        zone = clockwork.zone_of(self.work, at)
        key = (how, id(tree), zone.key)
        if key not in self._tests:
            self._tests[key] = how(tree, fields_of(ref.kind), zone, self.work.now)
        return self._tests[key]

    def values(self, ref: Ref, tree: Filter) -> Snapshot:
        """Return a record with every field that a filter names, related ones included."""
        if id(tree) not in self._paths:
            self._paths[id(tree)] = language.paths_used(tree)
        return merging.with_paths(self.work, ref, self._paths[id(tree)])


def _reason(error: RallyError) -> str:
    known = {"MissingValue": "missing_value", "BadTemplate": "bad_template", "NotFound": "gone"}
    return known.get(type(error).__name__, "bad_settings")
