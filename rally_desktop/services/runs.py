"""Runs: who is on the way through which workflow, how far, and why a run ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, literal_column, or_, select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.document import steps_in
from rally_desktop.model.ref import RECORD_KINDS, RecordKind, Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import run, visit, workflow, workflow_version
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import records

PAGE = 200
GONE = "(deleted)"
STATES = (*OPEN_STATES, "done", "stopped", "rejected", "failed", "cancelled")
# Written out, so that the database sees that the index of those inside is enough.
IS_OPEN = run.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])


@dataclass(frozen=True)
class StepName:
    """A step as its version names it: its own title, which may be empty, and its kind."""

    title: str
    kind: str


@dataclass(frozen=True)
class RunRow:
    """One run; ``step`` is where it stands, ``reason`` a code of the engine.

    ``here_since`` is when its last visit began, ``trigger`` the id of what began it.
    """

    id: int
    ref: Ref
    record: str
    workflow_id: int
    workflow: str
    version: int
    state: str
    step: StepName | None
    reason: str
    started_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    resume_at: datetime | None = None
    attempt: int = 0
    here_since: datetime | None = None
    trigger: str = ""


@dataclass(frozen=True)
class Visit:
    """What a run did at one step, with what it saw there; ``key`` is the id of the step."""

    seq: int
    at: datetime
    key: str
    step: StepName
    outcome: str
    exit: str
    reason: str
    summary: str
    until: datetime | None
    detail: Mapping[str, Any]


@dataclass
class StepCounts:
    """How many runs came to a step, and what became of them there; ``exits`` are the ways out.

    A step that is tried again by hand is a new visit, so it counts once more.
    """

    waiting: int = 0
    done: int = 0
    skipped: int = 0
    failed: int = 0
    stopped: int = 0
    exits: dict[str, int] = field(default_factory=dict)

    @property
    def entered(self) -> int:
        """Return how many visits there were in all."""
        return self.waiting + self.done + self.skipped + self.failed + self.stopped

    def __add__(self, other: StepCounts) -> StepCounts:
        """Add up what became of visits to the same step in two versions."""
        return StepCounts(
            self.waiting + other.waiting,
            self.done + other.done,
            self.skipped + other.skipped,
            self.failed + other.failed,
            self.stopped + other.stopped,
            dict(Counter(self.exits) + Counter(other.exits)),
        )


@dataclass(frozen=True)
class RunPage:
    """The newest runs that match, and how many match in all."""

    rows: tuple[RunRow, ...]
    count: int


def listed(
    work: Work,
    *,
    states: Iterable[str] = (),
    workflow_id: int | None = None,
    text: str = "",
    at: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> RunPage:
    """Return the newest runs in some states, of one workflow, of records whose name has a text.

    ``at`` names a version of that workflow and one of its steps: only those that stand there.
    """
    found = _matching(select(), tuple(states), workflow_id, text, at)
    count = work.connection.execute(found.add_columns(func.count()).select_from(run)).scalar_one()
    newest = _columns(found).order_by(run.c.started_at.desc(), run.c.id.desc()).limit(limit)
    return RunPage(_rows(work, work.connection.execute(newest).all()), count)


def numbers(
    work: Work,
    *,
    states: Iterable[str] = (),
    workflow_id: int | None = None,
    text: str = "",
    at: tuple[int, str] | None = None,
) -> list[int]:
    """Return the numbers of all runs that ``listed`` would list, the oldest first."""
    found = _matching(select(run.c.id), tuple(states), workflow_id, text, at)
    return list(work.connection.execute(found.order_by(run.c.id)).scalars())


def counts(work: Work, version_id: int, since: datetime | None = None) -> dict[str, StepCounts]:
    """Return for each step of a version that anybody came to how the visits there went.

    With ``since`` only visits from then on. All of it is read from one index.
    """
    columns = visit.c
    query = (
        select(columns.step, columns.outcome, columns.exit, func.count())
        .where(columns.version_id == version_id)
        .group_by(columns.step, columns.outcome, columns.exit)
    )
    if since is not None:
        query = query.where(columns.at >= since)
    found: dict[str, StepCounts] = {}
    for step, outcome, exit_, count in work.connection.execute(query):
        counted = found.setdefault(step, StepCounts())
        setattr(counted, outcome, getattr(counted, outcome) + count)
        if exit_ is not None and outcome != "waiting":
            counted.exits[exit_] = counted.exits.get(exit_, 0) + count
    return found


def one(work: Work, run_id: int) -> tuple[RunRow, tuple[Visit, ...]]:
    """Return a run with its visits in order, or raise NotFound."""
    found = work.connection.execute(_columns(select()).where(run.c.id == run_id)).all()
    if not found:
        raise NotFound("That run does not exist any more.")
    visits = work.connection.execute(
        select(visit).where(visit.c.run_id == run_id).order_by(visit.c.seq)
    ).all()
    names = _steps(work, {row.version_id for row in visits})
    return _rows(work, found)[0], tuple(
        Visit(
            seq=row.seq, at=row.at, key=row.step, step=_named(names, row.version_id, row.step),
            outcome=row.outcome, exit=row.exit or "", reason=row.reason, summary=row.summary,
            until=row.until, detail=msgspec.json.decode(row.detail) if row.detail else {},
        )
        for row in visits
    )  # fmt: skip


def some(work: Work, ids: Iterable[int]) -> tuple[RunRow, ...]:
    """Return some runs, by number; those that do not exist any more are left out."""
    found = _columns(select()).where(run.c.id.in_(sorted(ids))).order_by(run.c.id)
    return _rows(work, work.connection.execute(found).all())


def _matching(
    statement: Select[Any],
    states: tuple[str, ...],
    workflow_id: int | None,
    text: str,
    at: tuple[int, str] | None,
) -> Select[Any]:
    if states:
        every = frozenset(states) == frozenset(OPEN_STATES)
        statement = statement.where(IS_OPEN if every else run.c.state.in_(states))
    if at is not None:
        column = workflow_version.c
        version = select(column.id).where(column.workflow_id == workflow_id, column.number == at[0])
        statement = statement.where(
            run.c.version_id == version.scalar_subquery(), run.c.step == at[1]
        )
    elif workflow_id is not None:
        statement = statement.where(run.c.workflow_id == workflow_id)
    for word in fold(text).split():
        statement = statement.where(or_(*(_called(kind, word) for kind in RECORD_KINDS)))
    return statement


def _called(kind: RecordKind, word: str) -> Any:
    named = table(kind)
    numbers = select(named.c.id).where(named.c.search_text.contains(word, autoescape=True))
    return and_(run.c.record_kind == kind, run.c.record_id.in_(numbers))


def _columns(statement: Select[Any]) -> Select[Any]:
    return (
        statement.add_columns(
            *run.c,
            workflow.c.name.label("workflow"),
            workflow_version.c.number.label("number"),
            visit.c.at.label("here_since"),
        )
        .select_from(run)
        .join(workflow, workflow.c.id == run.c.workflow_id)
        .join(workflow_version, workflow_version.c.id == run.c.version_id)
        .outerjoin(visit, and_(visit.c.run_id == run.c.id, visit.c.seq == run.c.seq))
    )


def _rows(work: Work, found: Iterable[Any]) -> tuple[RunRow, ...]:
    rows = list(found)
    names = _steps(work, {row.version_id for row in rows if row.step})
    called = _names(work, rows)
    return tuple(
        RunRow(
            id=row.id, ref=Ref(row.record_kind, row.record_id),
            record=called.get((row.record_kind, row.record_id), GONE),
            workflow_id=row.workflow_id, workflow=row.workflow, version=row.number,
            state=row.state, step=_named(names, row.version_id, row.step) if row.step else None,
            reason=row.reason, started_at=row.started_at, ended_at=row.ended_at,
            due_at=row.due_at, resume_at=row.resume_at, attempt=row.attempt,
            here_since=row.here_since, trigger=row.trigger,
        )
        for row in rows
    )  # fmt: skip


def _names(work: Work, rows: list[Any]) -> dict[tuple[str, int], str]:
    called: dict[tuple[str, int], str] = {}
    for kind in RECORD_KINDS:
        numbers = {row.record_id for row in rows if row.record_kind == kind}
        for number, found in (work.records(kind, numbers) if numbers else {}).items():
            called[kind, number] = records.name_of(kind, found)
    return called


def steps(work: Work, workflow_id: int, version: int) -> dict[str, StepName]:
    """Return the steps of one version of a workflow, by their ids."""
    column = workflow_version.c
    query = select(column.id).where(column.workflow_id == workflow_id, column.number == version)
    number = work.connection.execute(query).scalar_one()
    return _steps(work, {number})[number]


def _steps(work: Work, versions: set[int]) -> dict[int, dict[str, StepName]]:
    column = workflow_version.c
    query = select(column.id, column.definition).where(column.id.in_(versions))
    named: dict[int, dict[str, StepName]] = {}
    for number, definition in work.connection.execute(query):
        named[number] = {one.id: StepName(one.title, one.kind) for one in steps_in(definition)}
    return named


def _named(names: dict[int, dict[str, StepName]], version: int, step: str) -> StepName:
    return names.get(version, {}).get(step, StepName(step, ""))
