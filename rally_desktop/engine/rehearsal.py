"""Rehearsal: the very same engine over a copy in memory, its clock turned from moment to moment.

Nothing of the office can change and nothing leaves the computer: the office is only read, and
there is no carrier (docs/decisions/0008).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import ColumnElement, and_, false, or_, select, update

from rally_desktop.core.clock import EPOCH, ManualClock
from rally_desktop.core.errors import NotFound, RallyError, Refused, UnknownField
from rally_desktop.engine import nodes
from rally_desktop.engine.heart import Beat, Heart
from rally_desktop.engine.nodes.base import ClockTrigger, StateTrigger
from rally_desktop.engine.problems import Problem
from rally_desktop.engine.publishing import problems_of
from rally_desktop.engine.rehearsing import backtest, copying, findings
from rally_desktop.engine.rehearsing.backtest import Past, TimeMachine
from rally_desktop.engine.rehearsing.copying import Copier, Wanted
from rally_desktop.engine.rehearsing.courier import Courier
from rally_desktop.engine.rehearsing.findings import Findings, Rehearsed, Trouble
from rally_desktop.model.changes import EnrolmentPut
from rally_desktop.model.filters import compile_filter
from rally_desktop.model.graph import Graph, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import table
from rally_desktop.model.scratch import open_scratch
from rally_desktop.model.store import Store
from rally_desktop.model.tables import workflow
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards, workflows
from rally_desktop.services.safeguards import Safeguards

BATCH = 500
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONGEST_DAYS = 366
PATIENCE = timedelta(minutes=5)
# The clock is turned by whole rounds: for one record by the minute, for many over weeks by more.
ROUND, LONG_ROUND, LONG = MINUTE, timedelta(minutes=15), 7
# Kinds of steps that ask the network; nobody answers in a rehearsal.
ASKING = ("http_request", "send_ai_brief")
BRAKES = (
    "sends_an_hour", "first_sends", "enrolments_at_once", "enrolments_a_minute", "failures",
    "send_errors_in_a_row", "bounces_percent",
)  # fmt: skip
FORWARD = "Everybody in the audience enters at the beginning, as if it had just happened to them."
BACK = "What happened since is told again in order; what this workflow did itself is left out."
ALONE = "No other workflow moves meanwhile, and nobody does anything to the records."
NO_BRAKES = (
    "Whoever is asked first lets the messages go on, and no brake pauses the workflow; the limits"
    " for each person hold."
)
TAKEN = "Every message is taken at once by its server."


class _UnhurriedHeart(Heart):
    """A heart with large batches: nobody but the rehearsal waits for this database."""

    def beat(self) -> Beat:
        """Do one batch."""
        self._batch = BATCH
        return self._attempt()


class Cancelled(RallyError):
    """The rehearsal was cancelled."""


@dataclass(frozen=True)
class Plan:
    """What to rehearse: a definition, for how many days, from when, with whom.

    With ``since`` it goes back to that moment and lets happen again what happened; ``begins``
    is the next full hour unless told otherwise. ``record_id`` is for one record alone.
    ``replies`` per cent of the messages are answered after two days, ``seed`` decides which.
    """

    graph: Graph
    workflow_id: int | None = None
    days: int = 30
    since: datetime | None = None
    begins: datetime | None = None
    record_id: int | None = None
    seed: int = 0
    replies: int = 0


class Rehearsal:
    """A rehearsal that has run: its findings, and the office in which its runs are history."""

    def __init__(self, result: Findings, store: Store) -> None:
        self.findings = result
        self.store = store

    def __enter__(self) -> Self:
        """Keep the office of the rehearsal open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of it; it is gone then."""
        self.store.close()


def rehearse(
    store: Store,
    plan: Plan,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Rehearsal:
    """Rehearse a definition on an office's records; raise Refused, NotFound or Cancelled.

    ``progress`` is told which part of the time has been turned (0 to 1); ``cancelled`` is asked
    several times a second. Where the definition has errors only these are found.
    """
    if not 1 <= plan.days <= LONGEST_DAYS:
        raise Refused(f"A rehearsal goes over 1 to {LONGEST_DAYS} days.")
    stage = _Stage(store, plan, progress or (lambda part: None), cancelled or (lambda: False))
    try:
        return Rehearsal(stage.perform(), stage.scratch)
    except BaseException:
        stage.scratch.close()
        raise


class _Stage:
    """One rehearsal while it runs."""

    def __init__(
        self,
        store: Store,
        plan: Plan,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        now = store.clock.now()
        self._office, self._plan = store, plan
        self._progress, self._cancelled = progress, cancelled
        if plan.since is not None and plan.since >= now:
            raise Refused("Going back needs a day that is over.")
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._begins = plan.since or plan.begins or (hour if hour == now else hour + HOUR)
        self._ends = self._begins + timedelta(days=plan.days)
        if plan.since is not None:
            self._ends = min(self._ends, hour)
        short = plan.days < LONG or plan.record_id is not None
        self._round = ROUND if short else LONG_ROUND
        self._clock = ManualClock(self._begins)
        self.scratch = open_scratch(self._clock)
        self._heart = _UnhurriedHeart(self.scratch)
        self._courier = Courier(self.scratch, plan.seed, plan.replies)

    def perform(self) -> Findings:
        """Copy, turn the clock, and read what came of it."""
        problems, ids, lines = self._office.read(self._copied)
        plain = Findings(
            workflow=self._plan.graph.name,
            record=self._plan.graph.record,
            begins=self._begins.isoformat(),
            ends=self._ends.isoformat(),
            backtest=self._plan.since is not None,
            seed=self._plan.seed,
            problems=tuple(Trouble(one.step or "", one.severity, one.text) for one in problems),
        )
        if any(one.severity == "error" for one in problems):
            return plain
        done, passed = self._set_up()
        if self._plan.since is None:
            self.scratch.write(self._enrol, done, ids)
        else:
            self._live_again(TimeMachine(lines))
        self._turn(self._ends)
        one_by_one = self._plan.record_id is not None
        read = self.scratch.read(findings.found, done, one_by_one=one_by_one)
        made = {**read, "considered": len(ids), "assumptions": self._assumed(passed)}
        return replace(plain, **made)

    def _assumed(self, passed: int) -> tuple[str, ...]:
        """Say what a rehearsal takes for granted."""
        back, graph = self._plan.since is not None, self._plan.graph
        said = [BACK if back else FORWARD, "" if back else ALONE, TAKEN, NO_BRAKES]
        if self._plan.replies:
            said.append(f"{self._plan.replies} % of the messages are answered after two days.")
        if passed:
            said.append("No other server is asked: those steps are passed through.")
        if any(step.kind == "approve" for step in graph.steps.values()):
            said.append("Nobody approves anything: approvals wait until their deadline.")
        if graph.settings.review:
            said.append("Every run is let through where somebody is to look at it first.")
        return tuple(filter(None, said))

    # -- reading the office ------------------------------------------------------------------

    def _copied(self, work: Work) -> tuple[list[Problem], list[int], list[Past]]:
        """Copy what is needed, all as it stood at one moment."""
        plan = self._plan
        problems = problems_of(work, plan.graph)
        if any(one.severity == "error" for one in problems):
            return problems, [], []
        ids, cast = self._wanted(work)
        wanted = Wanted(
            plan.graph.record, cast, plan.workflow_id, self._begins, past=plan.since is not None
        )
        with self.scratch.engine.connect().execution_options(rally_write=True) as target:
            with target.begin():
                people = Copier(work, target, self._breathe).copy(wanted)
        if plan.since is None:
            return problems, ids, []
        return problems, ids, backtest.since(work, people, plan.since, plan.workflow_id)

    def _wanted(self, work: Work) -> tuple[list[int], list[int]]:
        """Return who enters at the beginning, and who is to be there at all."""
        plan, kind = self._plan, self._plan.graph.record
        back = plan.since is not None
        if plan.record_id is not None:
            if not work.find(Ref(kind, plan.record_id)):
                raise NotFound(f"There is no {kind} number {plan.record_id}.")
            return [plan.record_id], [plan.record_id]
        if back:
            everybody = copying.everybody(work, kind, deleted=True)
            return everybody, everybody
        known = table(kind).c
        query = select(known.id).where(known.deleted_at.is_(None), self._matching(work))
        found = list(work.connection.execute(query.order_by(known.id)).scalars())
        by_clock = any(issubclass(_kind(one), ClockTrigger) for one in plan.graph.triggers)
        return found, copying.everybody(work, kind) if by_clock else found

    def _matching(self, work: Work) -> ColumnElement[bool]:
        """Return the condition of entering at the beginning: the audience, and what is turned."""
        graph = self._plan.graph
        events = _events(graph)
        if not events:
            return false()
        audience = _condition(work, graph, graph.audience)
        if not all(issubclass(_kind(one), StateTrigger) for one in events):
            return audience
        filters = (_condition(work, graph, one.settings.get("filter")) for one in events)
        return and_(audience, or_(*filters))

    # -- the office in memory ----------------------------------------------------------------

    def _set_up(self) -> tuple[Rehearsed, int]:
        """Publish the workflow in the copy, alone and without what would ask a person first."""
        limits = self.scratch.write(_let_go)
        graph, passed = _performable(self._plan.graph)
        number = self._plan.workflow_id or self.scratch.write(workflows.create, graph)
        self.scratch.write(workflows.put_version, number, graph)
        version_id = self.scratch.read(_version_id, number)
        return Rehearsed(graph, number, version_id, limits), passed

    def _enrol(self, work: Work, done: Rehearsed, ids: Iterable[int]) -> None:
        """Let records in as one event each would, at most so many a minute as in earnest."""
        a_minute = done.limits.enrolments_a_minute
        trigger = next((one.id for one in _events(done.graph)), "")
        for place, number in enumerate(ids):
            wait = MINUTE * (place // a_minute) if a_minute else timedelta()
            work.change(
                EnrolmentPut(
                    {
                        "id": work.new_id("enrolment"), "workflow_id": done.workflow_id,
                        "trigger": trigger, "record_kind": done.graph.record,
                        "record_id": number, "cause": f"rehearsal:{number}", "chain": "",
                        "state": "settling", "due_at": work.now + wait, "at": work.now,
                        "user_id": None,
                    }
                )
            )  # fmt: skip

    # -- turning the clock -------------------------------------------------------------------

    def _live_again(self, machine: TimeMachine) -> None:
        """Go back, then let happen what happened, with everything due in between."""
        self.scratch.write(machine.go_back)
        for at, group in machine.groups():
            if at > self._ends:
                break
            self._turn(at)
            self.scratch.write(machine.happen, group)
            self._work_off()

    def _turn(self, until: datetime) -> None:
        """Turn the clock up to a moment, by whole rounds where something is due."""
        self._work_off()
        while (due := self._next_due()) is not None and due < until:
            self._go_to(min(until, _rounded(due, self._round)))
            self._work_off()
        if self._clock.now() < until:
            self._go_to(until)
            self._work_off()

    def _go_to(self, moment: datetime) -> None:
        self._clock.advance(seconds=(moment - self._clock.now()).total_seconds())
        self._progress((moment - self._begins) / (self._ends - self._begins))

    def _work_off(self) -> None:
        """Do all that is due now."""
        self._heart.tick(self._breathe)
        if self._courier.deliver():
            self._heart.tick(self._breathe)

    def _next_due(self) -> datetime | None:
        moments = (self._heart.next_due(), self._courier.next_due())
        due = min((one for one in moments if one), default=None)
        # What is due and still there waits for room: it is asked again a little later.
        now = self._clock.now()
        return now + PATIENCE if due is not None and due <= now else due

    def _breathe(self) -> bool:
        if self._cancelled():
            raise Cancelled
        return False


def _let_go(work: Work) -> Safeguards:
    """Hold every other workflow and switch off what stops a whole one; return what was in force."""
    limits = safeguards.of(work)
    off = dict.fromkeys(BRAKES, 0)
    safeguards.save(work, msgspec.structs.replace(limits, **off))
    safeguards.stop_sending(work, stopped=False)
    work.connection.execute(update(workflow).values(state="draft", published_id=None))
    return limits


def _version_id(work: Work, number: int) -> int:
    query = select(workflow.c.published_id).where(workflow.c.id == number)
    return work.connection.execute(query).scalar_one()


def _rounded(moment: datetime, length: timedelta) -> datetime:
    """Return the first moment from this one on at which a round begins."""
    return moment + (EPOCH - moment) % length


def _kind(trigger: Trigger) -> type[Any]:
    return nodes.trigger_kinds()[trigger.kind]


def _events(graph: Graph) -> list[Trigger]:
    """Return the triggers that something happening to a record starts."""
    return [one for one in graph.triggers if not issubclass(_kind(one), ClockTrigger)]


def _condition(work: Work, graph: Graph, stored: Any) -> ColumnElement[bool]:
    """Return a filter as a condition; one that asks about the run is asked when a run begins."""
    try:
        return compile_filter(work, graph.record, stored)
    except UnknownField:
        return compile_filter(work, graph.record, None)


def _performable(graph: Graph) -> tuple[Graph, int]:
    """Return the graph without review and without what asks the network, and how many that is."""
    asking = [step for step in graph.steps.values() if step.kind in ASKING and not step.disabled]
    for step in asking:
        graph = graph.with_step(msgspec.structs.replace(step, disabled=True))
    rules = msgspec.structs.replace(graph.settings, review=False, late="run")
    return graph.with_(settings=rules), len(asking)
