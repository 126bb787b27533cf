"""What a rehearsal found, read from the runs that it made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from rally_desktop.engine import clockwork
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.tables import message, outbox, run, verdict, visit
from rally_desktop.model.work import Work
from rally_desktop.services import records
from rally_desktop.services.safeguards import Safeguards

UNFILLED = ("missing_value", "bad_template")
OUTCOMES = ("waiting", "done", "skipped", "failed", "stopped")
WORST = 10
MOST_LISTED = 1_000


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with the definition, and where."""

    step: str
    severity: str
    text: str


@dataclass(frozen=True)
class StepCount:
    """What became of the visits to one step, and how many left it by each exit.

    ``entered`` is always the sum of ``outcomes``.
    """

    step: str
    title: str
    kind: str
    entered: int
    outcomes: dict[str, int]
    exits: dict[str, int]
    reasons: dict[str, int]


@dataclass(frozen=True)
class Addressee:
    """Somebody, and how many messages they would get."""

    name: str
    messages: int


@dataclass(frozen=True)
class Unfilled:
    """A message that cannot be made: for whom, at which step, for want of which field."""

    record: str
    record_id: int
    step: str
    reason: str
    field: str
    said: str


@dataclass(frozen=True)
class SimulatedVisit:
    """One step of a simulated run."""

    at: str
    step: str
    outcome: str
    exit: str
    reason: str
    summary: str


@dataclass(frozen=True)
class SimulatedRun:
    """One simulated run as history."""

    id: int
    record: str
    record_id: int
    state: str
    reason: str
    started_at: str
    visits: tuple[SimulatedVisit, ...]


@dataclass(frozen=True)
class Findings:
    """What the workflow would do; ``runs`` are told one by one where one record was asked for."""

    workflow: str
    record: RecordKind
    begins: str
    ends: str
    backtest: bool
    seed: int
    problems: tuple[Trouble, ...] = ()
    assumptions: tuple[str, ...] = ()
    considered: int = 0
    entered: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[StepCount, ...] = ()
    sends: Mapping[str, int] = field(default_factory=dict)
    messages: int = 0
    most_messages: int = 0
    people_by_messages: Mapping[str, int] = field(default_factory=dict)
    worst: tuple[Addressee, ...] = ()
    unfilled: tuple[Unfilled, ...] = ()
    unfilled_in_all: int = 0
    warnings: tuple[str, ...] = ()
    runs: tuple[SimulatedRun, ...] = ()


@dataclass(frozen=True)
class Rehearsed:
    """The version that was rehearsed, and the limits that the office has in earnest."""

    graph: Graph
    workflow_id: int
    version_id: int
    limits: Safeguards


def found(work: Work, done: Rehearsed, *, one_by_one: bool) -> dict[str, Any]:
    """Return what the runs of a version say, as the fields of ``Findings``."""
    graph, version_id = done.graph, done.version_id
    states = select(run.c.state, func.count()).where(run.c.version_id == version_id)
    counted = work.connection.execute(states.group_by(run.c.state))
    by_state = {row[0]: row[1] for row in counted}
    sent, hours = _sent(work, version_id)
    people = Counter(recipient for recipient, _ in sent)
    unfilled = _unfilled(work, version_id, graph.record)
    return {
        "entered": sum(by_state.values()),
        "states": dict(sorted(by_state.items())),
        "refused": _refused(work, done.workflow_id),
        "steps": tuple(_steps(work, version_id, graph)),
        "sends": dict(sorted(Counter(day for _, day in sent).items())),
        "messages": len(sent),
        "most_messages": max(people.values(), default=0),
        "people_by_messages": {
            str(count): people for count, people in sorted(Counter(people.values()).items())
        },
        "worst": tuple(_worst(people)),
        "unfilled": tuple(unfilled[:MOST_LISTED]),
        "unfilled_in_all": len(unfilled),
        "warnings": tuple(_warnings(work, done.limits, hours, len(unfilled))),
        "runs": tuple(_runs(work, version_id, graph.record)) if one_by_one else (),
    }


def _refused(work: Work, workflow_id: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (said,) in work.connection.execute(select(verdict.c.refusals)):
        refusals: dict[str, list[int]] = msgspec.json.decode(said)
        counts.update(reason for reason, ids in refusals.items() if workflow_id in ids)
    return dict(sorted(counts.items()))


def _steps(work: Work, version_id: int, graph: Graph) -> Iterator[StepCount]:
    """Yield what happened at each step, in the order in which one comes to them."""
    columns = visit.c.step, visit.c.outcome, visit.c.exit, visit.c.reason
    query = select(*columns, func.count()).where(visit.c.version_id == version_id)
    counts: defaultdict[str, list[Any]] = defaultdict(list)
    for step, *rest in work.connection.execute(query.group_by(*columns).order_by(*columns)):
        counts[step].append(rest)
    order = {**graph.reachable(graph.start), **graph.reachable(graph.stop_start)}
    for key in order:
        outcomes, exits, reasons = Counter(), Counter(), Counter()
        for outcome, exit_, reason, count in counts[key]:
            outcomes[outcome] += count
            if exit_ and outcome not in ("waiting", "stopped"):
                exits[exit_] += count
            if reason:
                reasons[reason] += count
        step = graph.steps[key]
        yield StepCount(
            key, step.title, step.kind, outcomes.total(),
            {name: outcomes[name] for name in OUTCOMES}, dict(exits), dict(reasons),
        )  # fmt: skip


def _sent(work: Work, version_id: int) -> tuple[list[tuple[str, str]], Counter[datetime]]:
    """Return (to whom, on which day) of every message, and how many went out in each hour."""
    zone = clockwork.office_zone(work)
    query = (
        select(outbox.c.recipient, message.c.at)
        .join(message, message.c.outbox_id == outbox.c.id)
        .join(run, run.c.id == outbox.c.run_id)
        .where(run.c.version_id == version_id, message.c.direction == "out")
        .order_by(message.c.at, outbox.c.id)
    )
    hours: Counter[datetime] = Counter()
    sent: list[tuple[str, str]] = []
    for recipient, at in work.connection.execute(query):
        local = at.astimezone(zone)
        hours[at.replace(minute=0, second=0, microsecond=0)] += 1
        sent.append((recipient, f"{local:%Y-%m-%d}"))
    return sent, hours


def _worst(people: Mapping[str, int]) -> Iterator[Addressee]:
    for name, count in sorted(people.items(), key=lambda item: (-item[1], item[0]))[:WORST]:
        yield Addressee(name, count)


def _unfilled(work: Work, version_id: int, kind: RecordKind) -> list[Unfilled]:
    query = (
        select(run.c.record_id, visit.c.step, visit.c.reason, visit.c.summary, visit.c.detail)
        .join(run, run.c.id == visit.c.run_id)
        .where(visit.c.version_id == version_id, visit.c.reason.in_(UNFILLED))
        .order_by(visit.c.run_id, visit.c.seq)
    )
    rows = work.connection.execute(query).all()
    known = work.records(kind, {row.record_id for row in rows})
    return [
        Unfilled(
            _name(kind, known, row.record_id), row.record_id, row.step, row.reason,
            msgspec.json.decode(row.detail).get("field", "") if row.detail else "", row.summary,
        )
        for row in rows
    ]  # fmt: skip


def _warnings(
    work: Work, limits: Safeguards, hours: Mapping[datetime, int], unfilled: int
) -> Iterator[str]:
    """Say which brakes would have pulled in earnest; in a rehearsal they are off."""
    zone, most = clockwork.office_zone(work), limits.sends_an_hour
    over = [hour for hour, count in hours.items() if count > most > 0]
    if over:
        first = min(over)
        yield (
            f"{hours[first]} messages go out in the hour from {first.astimezone(zone):%d %B %H:%M}:"
            f" more than the {most} that pause a workflow."
        )
    if unfilled >= limits.failures > 0:
        yield f"{unfilled} messages cannot be made: in earnest that pauses the workflow."


def _runs(work: Work, version_id: int, kind: RecordKind) -> Iterator[SimulatedRun]:
    rows = work.connection.execute(
        select(run).where(run.c.version_id == version_id).order_by(run.c.id)
    ).all()
    known = work.records(kind, {row.record_id for row in rows})
    for row in rows:
        visits = work.connection.execute(
            select(visit).where(visit.c.run_id == row.id).order_by(visit.c.seq)
        )
        yield SimulatedRun(
            row.id, _name(kind, known, row.record_id), row.record_id, row.state, row.reason,
            row.started_at.isoformat(),
            tuple(
                SimulatedVisit(
                    one.at.isoformat(), one.step, one.outcome, one.exit or "", one.reason,
                    one.summary,
                )
                for one in visits
            ),
        )  # fmt: skip


def _name(kind: RecordKind, known: Mapping[int, Mapping[str, Any]], number: int) -> str:
    return records.name_of(kind, known[number]) if number in known else "(deleted)"
