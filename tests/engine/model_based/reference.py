"""The semantics, step by step: slow, plain, and without a line of the engine in it.

Only what a definition is made of (graphs, steps, triggers, rules) is shared with the engine. All
state is lists and sets of Python; there are no batches, no database and no transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rally_desktop.model.graph import Graph, Step

OPEN = ("active", "held", "needs_attention")
LATE = timedelta(hours=24)
ATTENTION = timedelta(days=7)
MOST_VISITS, MOST_DEPTH, MOST_QUEUED, AN_HOUR, A_DAY = 500, 8, 10, 10, 3
OFFICE = ZoneInfo("Europe/London")


@dataclass
class Person:
    """A contact."""

    id: int
    city: str
    zone: str
    tags: dict[str, str]  # by its folded name, as it is written
    department: str = ""
    barred: bool = False
    deleted: bool = False


@dataclass
class Visit:
    """What a run did at one step."""

    step: str
    outcome: str
    exit: str | None = None
    reason: str = ""


@dataclass
class Run:
    """One way through one workflow."""

    id: int
    workflow: int
    person: Person
    cause: int
    chain: tuple[int, ...]
    started: datetime
    state: str = "active"
    reason: str = ""
    step: str | None = None
    waits_for: str | None = None  # the exit by which it will leave the step it waits at
    comes_back: bool = False
    due: datetime | None = None
    since: datetime | None = None
    visits: list[Visit] = field(default_factory=list)


@dataclass
class Line:
    """Something that happened to somebody."""

    id: int
    person: Person
    kind: str
    value: str = ""
    old: str = ""
    run: int | None = None
    chain: tuple[int, ...] = ()


@dataclass
class Waiting:
    """Somebody who is to enter once the run before theirs has ended."""

    workflow: int
    line: Line
    due: datetime | None = None


class Reference:
    """An office of contacts and workflows, moved one thing after the other."""

    def __init__(self, now: datetime, graphs: dict[int, Graph]) -> None:
        self.now = now
        self.graphs = graphs
        self.people: list[Person] = []
        self.runs: list[Run] = []
        self.queue: list[Line] = []
        self.waiting: list[Waiting] = []
        self.refused: set[tuple[int, int, int, str]] = set()
        self._lines = 0
        self._by: Run | None = None

    # -- what people do ----------------------------------------------------------------------

    def create(self, city: str, zone: str, tags: tuple[str, ...]) -> None:
        """Add a contact."""
        person = Person(len(self.people) + 1, city, zone, {})
        self.people.append(person)
        self._say(person, "created")
        for tag in tags:
            self.tag(person, tag)

    def set(self, person: Person, name: str, value: str) -> bool:
        """Set a field; say whether it moved."""
        old = getattr(person, name)
        if old == value:
            return False
        setattr(person, name, value)
        self._say(person, f"updated {name}", value, old)
        return True

    def tag(self, person: Person, tag: str) -> bool:
        """Put a tag on; case does not matter."""
        if _fold(tag) in person.tags:
            return False
        person.tags[_fold(tag)] = " ".join(tag.split())
        self._say(person, "tagged", tag)
        return True

    def untag(self, person: Person, tag: str) -> bool:
        """Take a tag off."""
        if person.tags.pop(_fold(tag), None) is None:
            return False
        self._say(person, "untagged", tag)
        return True

    def delete(self, person: Person) -> None:
        """Put a contact into the trash."""
        person.deleted = True
        self._say(person, "deleted")

    def bar(self, person: Person) -> None:
        """Mark a contact «do not contact»."""
        person.barred = True
        self._say(person, "updated do_not_contact")

    def _say(self, person: Person, kind: str, value: str = "", old: str = "") -> None:
        self._lines += 1
        run = self._by
        chain = (*run.chain, run.workflow) if run else ()
        self.queue.append(
            Line(self._lines, person, kind, value, old, run.id if run else None, chain)
        )

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
        moving = [(run.due, run.id, run) for run in self.runs if run.state == "active" and run.due]
        ready = [
            run for due_at, _, run in sorted(moving, key=lambda one: one[:2]) if due_at <= self.now
        ]
        inside = [run for run in self.runs if run.state in OPEN]
        for line in lines:
            for run in inside:
                self._watch(run, line)
        for line in lines:
            for workflow in self._started_by(line):
                self._enrol(workflow, line)
        for one in due:
            self.waiting.remove(one)
            self._enrol(one.workflow, one.line)
        for run in ready:
            if run.state == "active" and run.due is not None and run.due <= self.now:
                self._go_on(run)
        return bool(lines or due or ready)

    # -- who is watched, who enters -------------------------------------------------------------

    def _watch(self, run: Run, line: Line) -> None:
        """End a run where something happened that it stops on, or what it stops when is so."""
        graph = self.graphs[run.workflow]
        if run.person is not line.person or run.state not in OPEN or run.id == line.run:
            return
        stops = any(_fits(trigger.kind, trigger.settings, line) for trigger in graph.stop_on)
        if stops or (not run.person.deleted and self._to_stop(run)):
            self._stop(run)

    def _started_by(self, line: Line) -> Iterator[int]:
        for number, graph in sorted(self.graphs.items()):
            if any(_fits(trigger.kind, trigger.settings, line) for trigger in graph.triggers):
                yield number

    def _enrol(self, workflow: int, line: Line) -> None:
        rules, person = self.graphs[workflow].settings, line.person
        before = [one for one in self.runs if (one.workflow, one.person) == (workflow, person)]
        if any(one.cause == line.id for one in before):
            return
        inside = [one for one in before if one.state in OPEN]
        if reason := self._refusal(workflow, line, before, inside):
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

    def _refusal(self, workflow: int, line: Line, before: list[Run], inside: list[Run]) -> str:
        """Return why somebody may not enter, in the order of the semantics."""
        graph, person = self.graphs[workflow], line.person
        rules = graph.settings
        if person.deleted:
            return "gone"
        if not _matches(graph.audience, person):
            return "audience"
        if person.barred:
            return "do_not_contact"
        if before and rules.again == "never":
            return "once"
        last = max((one.started for one in before), default=None)
        recent = last is not None and self.now < last + timedelta(days=rules.after_days)
        if rules.again == "after_days" and not inside and recent:
            return "cooldown"
        if inside and rules.inside == "ignore":
            return "already_active"
        if rules.exclusive and self._elsewhere(workflow, person):
            return "exclusive"
        return "loop_guard" if self._loops(workflow, line, before) else ""

    def _elsewhere(self, workflow: int, person: Person) -> bool:
        """Say whether somebody is in another exclusive workflow."""
        return any(
            run.person is person
            and run.state in OPEN
            and run.workflow != workflow
            and self.graphs[run.workflow].settings.exclusive
            for run in self.runs
        )

    def _loops(self, workflow: int, line: Line, before: list[Run]) -> bool:
        itself = workflow in line.chain
        if len(line.chain) >= MOST_DEPTH:
            return True
        if itself and not self.graphs[workflow].settings.allow_loops:
            return True
        a_day = [one for one in before if one.started > self.now - timedelta(days=1)]
        an_hour = [one for one in before if one.started > self.now - timedelta(hours=1)]
        return (itself and len(a_day) >= A_DAY) or len(an_hour) >= AN_HOUR

    # -- how a run goes ------------------------------------------------------------------------

    def _go_on(self, run: Run) -> None:
        """Leave the step where it waited, and walk on."""
        due = run.due or self.now
        if run.waits_for is not None and run.step is not None:
            run.visits[-1].outcome, run.visits[-1].exit = "done", run.waits_for
            run.step = self._step(run, run.step).exits.get(run.waits_for)
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
        return wanted is not None and _matches(wanted, run.person)

    def _visit(self, run: Run, due: datetime) -> None:
        """Do the step at which a run stands."""
        assert run.step is not None
        step, late = self._step(run, run.step), self.graphs[run.workflow].settings.late or "ask"
        if step.disabled:
            self._leave(run, Visit(step.id, "skipped", _first_exit(step), "disabled"))
        elif self.now - due > LATE and late == "ask":
            run.visits.append(Visit(step.id, "waiting", None, "late"))
            run.state, run.reason, run.due, run.comes_back = "held", "late", self.now, True
        elif self.now - due > LATE and late == "skip":
            self._leave(run, Visit(step.id, "skipped", "next", "late"))
        elif step.kind == "wait":
            run.visits.append(Visit(step.id, "waiting"))
            run.waits_for, run.due = "next", self._until(step.settings, run.person)
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
                exit_ = _path(step, run.person)
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
        run.step = self._step(run, visit.step).exits.get(visit.exit or "")

    def _fail(self, run: Run, visit: Visit, step: Step) -> None:
        """Take the way for failures, or ask a person."""
        if "failed" in step.exits:
            self._leave(run, visit)
            return
        run.visits.append(visit)
        run.state, run.reason, run.since = "needs_attention", visit.reason, self.now

    def _until(self, settings: dict[str, Any], person: Person) -> datetime:
        """Return when a wait is over: elapsed time, or the same time of day some days on."""
        amount, unit = settings["amount"], settings["unit"]
        if unit in ("minutes", "hours"):
            return self.now + timedelta(**{unit: amount})
        zone = ZoneInfo(person.zone) if person.zone else OFFICE
        wall = self.now.astimezone(zone).replace(tzinfo=None, fold=0)
        wall += timedelta(days=amount * (7 if unit == "weeks" else 1))
        while not _exists(wall, zone):
            wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return wall.replace(tzinfo=zone).astimezone(UTC)

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
                run.step = self._step(run, step).exits.get(run.waits_for)
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

    def _step(self, run: Run, key: str) -> Step:
        return self.graphs[run.workflow].steps[key]


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    there = wall.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == wall


def _fits(kind: str, settings: dict[str, Any], line: Line) -> bool:
    match kind:
        case "record_created":
            return line.kind == "created"
        case "tag_added":
            return line.kind == "tagged" and _fold(line.value) in map(_fold, settings["tags"])
        case "record_updated":
            return line.kind == f"updated {settings['fields'][0]}"
    raise NotImplementedError(kind)


def _matches(wanted: dict[str, Any] | None, person: Person) -> bool:
    """Say whether somebody matches a filter."""
    if not wanted:
        return True
    if "all" in wanted:
        return all(_matches(part, person) for part in wanted["all"])
    if "any" in wanted:
        return any(_matches(part, person) for part in wanted["any"])
    if "not" in wanted:
        return not _matches(wanted["not"], person)
    if wanted["field"] == "tags":
        return any(_fold(tag) in person.tags for tag in wanted["value"])
    held = _fold(getattr(person, wanted["field"]))
    return held != "" and held == _fold(wanted["value"])


def _path(step: Step, person: Person) -> str:
    for path in step.settings["paths"]:
        if _matches(path["filter"], person):
            return path["exit"]
    return "else"


def _first_exit(step: Step) -> str:
    if step.kind == "branch":
        return step.settings["paths"][0]["exit"]
    return "next"
