"""Intake: from new lines of the timeline, and from the clock, to candidates for enrolment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select, update

from rally_desktop.core.clock import to_micros
from rally_desktop.engine import clocks, doors
from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.changes import Refusal
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import readers, snapshot, to_json
from rally_desktop.model.tables import enrolment, event_later
from rally_desktop.model.work import Work

# The lines that say that somebody is still at work on a record.
EDITS = frozenset({"updated", "tag_added", "tag_removed", "stage_moved"})
# Whoever waits like this was let in by a person already, or was not one of too many.
LET_IN = ("asked", "throttled", "queued")
_AROUND: tuple[RecordKind, ...] = ("contact", "company")


@dataclass(frozen=True)
class Arrival:
    """One line that has not been looked at yet; ``run_id`` is the run behind it, if one is."""

    activity_id: int
    chain: str
    event: Event
    run_id: int | None = None

    @property
    def cause(self) -> str:
        """Return what a run that it starts is caused by."""
        return f"activity:{self.activity_id}"


def drain(work: Work, limit: int, *, later: bool = True) -> list[Arrival]:
    """Take up to ``limit`` lines out of the queue, the oldest first.

    With ``later`` those join it that were to wait for their hour, and whose hour has come.
    """
    postgres = work.connection.dialect.name == "postgresql"
    if later:
        _queue_what_is_due(work, limit)
    found = work.connection.exec_driver_sql(
        "select a.id, a.kind, a.record_kind, a.record_id, a.chain, a.detail, a.run_id"
        " from event_queue q join activity a on a.id = q.activity_id order by q.activity_id limit "
        + ("%s for update of q skip locked" if postgres else "?"),
        (limit,),
    ).all()
    if found:
        _forget(work, "event_queue", "activity_id", [row[0] for row in found])
    return [
        Arrival(number, chain, Event(kind, Ref(record, about), msgspec.json.decode(detail)), run)
        for number, kind, record, about, chain, detail, run in found
    ]


def _queue_what_is_due(work: Work, limit: int) -> None:
    """Put lines of an import into the queue that were to wait for their hour."""
    postgres = work.connection.dialect.name == "postgresql"
    mark, tail = ("%s", " for update skip locked") if postgres else ("?", "")
    found = work.connection.exec_driver_sql(
        f"select activity_id from event_later where due_at <= {mark} order by due_at, activity_id"
        f" limit {mark}{tail}",
        (to_micros(work.now), limit),
    ).all()
    if found:
        numbers = [(row[0],) for row in found]
        work.connection.exec_driver_sql(
            f"insert into event_queue (activity_id) values ({mark})", numbers
        )
        _forget(work, "event_later", "activity_id", [row[0] for row in found])


def next_due(work: Work) -> datetime | None:
    """Return when the next line of an import, or enrolment that was put off, comes due."""
    moments = (
        work.connection.execute(
            select(func.min(one.c.due_at)).where(one.c.due_at.is_not(None))
        ).scalar()
        for one in (event_later, enrolment)
    )
    return min((moment for moment in moments if moment), default=None)


def concerned(work: Work, arrivals: Sequence[Arrival]) -> list[tuple[Arrival, list[Ref]]]:
    """Return with each line the records that it is about.

    A line about a deal is about its contact and its company too, and about those it left.
    """
    work.load(one.event.ref for one in arrivals if one.event.ref.kind == "deal")
    return [(one, [one.event.ref, *_around(work, one.event)]) for one in arrivals]


def _around(work: Work, event: Event) -> Iterator[Ref]:
    found = work.find(event.ref) if event.ref.kind == "deal" else None
    if found is None:
        return
    moved = event.detail.get("fields", {})
    for kind in _AROUND:
        numbers = {found[f"{kind}_id"], *moved.get(f"{kind}_id", ())} - {None}
        yield from (Ref(kind, number) for number in sorted(numbers))


def settle_again(work: Work, definitions: Definitions, arrivals: Sequence[Arrival]) -> None:
    """Let whoever is being edited settle anew: each edit restarts the time."""
    ids: dict[RecordKind, set[int]] = {}
    for one in arrivals:
        if one.event.kind in EDITS and one.event.ref.kind in definitions.settling:
            ids.setdefault(one.event.ref.kind, set()).add(one.event.ref.id)
    columns = enrolment.c
    for kind, numbers in ids.items():
        query = select(columns.id, columns.workflow_id).where(
            columns.record_kind == kind, columns.record_id.in_(numbers), columns.state == "settling"
        )
        later: dict[datetime, list[int]] = {}
        for number, workflow_id in work.connection.execute(query).all():
            if version := definitions.published(workflow_id):
                due = work.now + timedelta(minutes=version.rules.settle_minutes)
                later.setdefault(due, []).append(number)
        for due, rows in later.items():
            moved = update(enrolment).where(columns.id.in_(rows)).values(due_at=due)
            work.connection.execute(moved)


def _forget(work: Work, table: str, column: str, ids: list[int]) -> None:
    postgres = work.connection.dialect.name == "postgresql"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    work.connection.exec_driver_sql(
        f"delete from {table} where {column} {among}", (ids if postgres else to_json(ids),)
    )


def started(definitions: Definitions, arrivals: Sequence[Arrival]) -> Iterator[Candidate]:
    """Yield a candidate for each version that a line starts."""
    for one in arrivals:
        for version, trigger, kind in definitions.started_by(one.event):
            deleted = kind.key() == "record_deleted"
            yield Candidate(version, trigger, one.event.ref, one.cause, one.chain, deleted=deleted)


def put_off(work: Work, definitions: Definitions, limit: int) -> list[Candidate]:
    """Take up to ``limit`` enrolments that were put off and are due now."""
    postgres = work.connection.dialect.name == "postgresql"
    mark, tail = ("%s", " for update skip locked") if postgres else ("?", "")
    found = work.connection.exec_driver_sql(
        f"select {_ENROLMENT} from enrolment where due_at <= {mark} and state <> '{doors.LEAVING}'"
        f" order by due_at, id limit {mark}{tail}",
        (to_micros(work.now), limit),
    ).all()
    rows = [snapshot("enrolment", row) for row in found]
    if rows:
        _forget(work, "enrolment", "id", [row["id"] for row in rows])
    return [one for row in rows if (one := _candidate(work, definitions, row))]


def _candidate(work: Work, definitions: Definitions, row: dict[str, Any]) -> Candidate | None:
    """Return a stored enrolment as a candidate; a workflow that enrols no more refuses it."""
    ref = Ref(row["record_kind"], row["record_id"])
    version = definitions.published(row["workflow_id"])
    if version is None:
        work.change(Refusal(row["workflow_id"], row["cause"], ref, "not_published"))
        return None
    by_hand, asked = row["cause"].startswith(doors.BY_HAND), row["state"] in LET_IN
    kind = version.triggers.get(row["trigger"])
    made = Candidate(
        version, row["trigger"], ref, row["cause"], row["chain"], by_hand=by_hand, settled=True,
        asked=asked, deleted=kind is not None and kind.key() == "record_deleted",
    )  # fmt: skip
    if not clocks.holds(work, made):
        work.change(Refusal(row["workflow_id"], row["cause"], ref, "episode_over"))
        return None
    return made


_ENROLMENT = ", ".join(f'"{column}"' for column, _ in readers("enrolment"))
