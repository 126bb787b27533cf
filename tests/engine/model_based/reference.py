"""The semantics, step by step: slow, plain, and without a line of the engine in it.

Only what a definition is made of (graphs, steps, triggers, rules) is shared with the engine. All
state is lists and sets of Python; there are no batches, no database and no transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from rally_desktop.model.graph import Step
from tests.engine.model_based.asking import first_exit, fits, matches, path_of, until
from tests.engine.model_based.entering import refusal
from tests.engine.model_based.office import OPEN, Line, Office, Run, Visit, Waiting

LATE = timedelta(hours=24)
ATTENTION = timedelta(days=7)
MOST_VISITS, MOST_QUEUED = 500, 10


class Reference(Office):
    """An office moved one thing after the other."""

    # -- what time does ----------------------------------------------------------------------

    def tick(self) -> None:
        """Do everything that is due now."""
        for run in self.runs:
            if run.state == "needs_attention" and run.since and self.now >= run.since + ATTENTION:
                self._close(run, "stopped", run.reason)
                self._end(run, "failed", run.reason)
        while self.beat():
            pass

    def next_due(self) -> datetime | None:
        """Return when the next run goes on."""
        moments = [run.due for run in self.runs if run.state == "active" and run.due]
        return min(moments, default=None)

    def beat(self) -> bool:
        """Take what has happened so far; say whether there was anything to do."""
        lines, self.queue = self.queue, []
        due = [one for one in self.waiting if one.due is not None and one.due <= self.now]
        ready = self._ready()
        inside = [run for run in self.runs if run.state in OPEN]
        self._watch_all(inside, lines)
        self._let_in(lines, due)
        self._watch_all([run for run in self.runs if run not in inside], lines, begun=True)
        for run in ready:
            if run in self._ready():
                self._go_on(run)
        return bool(lines or due or ready)

    def _ready(self) -> list[Run]:
        """Return the runs that are due, in due order."""
        due = [run for run in self.runs if run.state == "active" and run.due is not None]
        ready = [(run.due, run.id, run) for run in due if run.due and run.due <= self.now]
        return [run for _, _, run in sorted(ready, key=lambda one: one[:2])]

    def _let_in(self, lines: list[Line], due: list[Waiting]) -> None:
        """Enrol whomever these lines start, then who waited for their turn."""
        for line in lines:
            for workflow in self._started_by(line):
                self._enrol(workflow, line)
        for one in due:
            self.waiting.remove(one)
            self._enrol(one.workflow, one.line)

    def _watch_all(self, runs: list[Run], lines: list[Line], *, begun: bool = False) -> None:
        """Let lines act upon runs; those just begun heed only what came after their cause."""
        for line in lines:
            for run in runs:
                if not begun or run.cause < line.id:
                    self._watch(run, line)

    def _watch(self, run: Run, line: Line) -> None:
        """End a run where something happened that it stops on, or what it stops when is so."""
        graph = self.graphs[run.workflow]
        if run.person is not line.person or run.state not in OPEN or run.id == line.run:
            return
        stops = any(fits(trigger.kind, trigger.settings, line) for trigger in graph.stop_on)
        if stops or (not run.person.deleted and self._to_stop(run)):
            self._stop(run)

    def _started_by(self, line: Line) -> Iterator[int]:
        for number, graph in sorted(self.graphs.items()):
            if any(fits(trigger.kind, trigger.settings, line) for trigger in graph.triggers):
                yield number

    def _enrol(self, workflow: int, line: Line) -> None:
        rules, person = self.graphs[workflow].settings, line.person
        before = [one for one in self.runs if (one.workflow, one.person) == (workflow, person)]
        if any(one.cause == line.id for one in before):
            return
        inside = [one for one in before if one.state in OPEN]
        if reason := refusal(self, workflow, line, before):
            self.refused.add((workflow, person.id, line.id, reason))
        elif inside and rules.inside == "queue":
            queued = [o for o in self.waiting if (o.workflow, o.line.person) == (workflow, person)]
            if len(queued) >= MOST_QUEUED:
                self.refused.add((workflow, person.id, line.id, "queue_full"))
            else:
                self.waiting.append(Waiting(workflow, line))
        else:
            for one in inside if rules.inside == "restart" else ():
                self._close(one, "stopped", "restarted")
                self._end(one, "cancelled", "restarted")
            run = Run(len(self.runs) + 1, workflow, person, line.id, line.chain, self.now)
            self.runs.append(run)
            run.step = self.graphs[workflow].start
            self._walk(run, self.now)

    # -- how a run goes ------------------------------------------------------------------------

    def _go_on(self, run: Run) -> None:
        """Leave the step where it waited, and walk on."""
        due = run.due or self.now
        if run.waits_for is not None and run.step is not None:
            run.visits[-1].outcome, run.visits[-1].exit = "done", run.waits_for
            run.step = self.step(run, run.step).exits.get(run.waits_for)
            run.waits_for = None
        self._walk(run, due)

    def _walk(self, run: Run, due: datetime) -> None:
        run.due = None
        while run.state == "active" and run.due is None:
            if run.person.deleted:
                self._end(run, "cancelled", "gone")
            elif self._to_stop(run):
                self._stop(run)
            elif run.step is None:
                self._end(run, "done")
            elif len(run.visits) >= MOST_VISITS:
                self._end(run, "failed", "too_long")
            else:
                self._visit(run, due)

    def _to_stop(self, run: Run) -> bool:
        wanted = self.graphs[run.workflow].stop_when
        return wanted is not None and matches(wanted, run.person)

    def _visit(self, run: Run, due: datetime) -> None:
        """Do the step at which a run stands."""
        assert run.step is not None
        step, late = self.step(run, run.step), self.graphs[run.workflow].settings.late or "ask"
        if step.disabled:
            self._leave(run, Visit(step.id, "skipped", first_exit(step), "disabled"))
        elif self.now - due > LATE and late == "ask":
            run.visits.append(Visit(step.id, "waiting", None, "late"))
            run.state, run.reason, run.due, run.comes_back = "held", "late", self.now, True
        elif self.now - due > LATE and late == "skip":
            self._leave(run, Visit(step.id, "skipped", "next", "late"))
        elif step.kind == "wait":
            run.visits.append(Visit(step.id, "waiting"))
            run.waits_for, run.due = "next", until(self.now, step.settings, run.person)
        else:
            self._act(run, step)

    def _act(self, run: Run, step: Step) -> None:
        """Do a step that does not wait, and leave it."""
        self._by = run
        done, exit_ = True, "next"
        match step.kind:
            case "add_tag":
                done = self.tag(run.person, step.settings["tag"])
            case "remove_tag":
                done = self.untag(run.person, step.settings["tag"])
            case "update_field":
                done = self.set(run.person, step.settings["field"], step.settings["value"])
            case "branch":
                exit_ = path_of(step, run.person)
            case "notify":
                self._by = None
                self._fail(run, Visit(step.id, "failed", "failed", "no_owner"), step)
                return
            case "end":
                self._by = None
                run.visits.append(Visit(step.id, "done"))
                run.step = None
                return
        self._by = None
        outcome, reason = ("done", "") if done else ("skipped", "unchanged")
        self._leave(run, Visit(step.id, outcome, exit_, reason))

    def _leave(self, run: Run, visit: Visit) -> None:
        run.visits.append(visit)
        run.step = self.step(run, visit.step).exits.get(visit.exit or "")

    def _fail(self, run: Run, visit: Visit, step: Step) -> None:
        """Take the way for failures, or ask a person."""
        if "failed" in step.exits:
            self._leave(run, visit)
            return
        run.visits.append(visit)
        run.state, run.reason, run.since = "needs_attention", visit.reason, self.now

    # -- how a run ends ------------------------------------------------------------------------

    def _stop(self, run: Run) -> None:
        """End a run where it stands, then do the Stop Actions, once and without waiting."""
        self._close(run, "stopped", "stopped")
        step = self.graphs[run.workflow].stop_start
        run.state = "active"
        while step is not None and run.state == "active" and not run.person.deleted:
            run.step = step
            self._visit(run, self.now)
            if run.waits_for is not None:
                run.visits[-1].outcome, run.visits[-1].exit = "done", run.waits_for
                run.step = self.step(run, step).exits.get(run.waits_for)
                run.waits_for = None
            step = run.step
        self._end(run, "stopped", "stopped")

    def _close(self, run: Run, outcome: str, reason: str) -> None:
        """Close the visit at which a run waits, if it does."""
        if run.waits_for is not None or run.comes_back:
            run.visits[-1].outcome, run.visits[-1].reason = outcome, reason
            run.waits_for, run.comes_back = None, False

    def _end(self, run: Run, state: str, reason: str = "") -> None:
        run.state, run.reason, run.due, run.since = state, reason, None, None
        mine = (run.workflow, run.person)
        queued = (one for one in self.waiting if (one.workflow, one.line.person) == mine)
        if first := next((one for one in queued if one.due is None), None):
            first.due = self.now
