"""Intake: from new lines of the timeline, and from the clock, to candidates for enrolment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from rally_desktop.core.clock import to_micros
from rally_desktop.engine import doors
from rally_desktop.engine.definitions import Definitions
from rally_desktop.engine.enrolling import Candidate
from rally_desktop.engine.nodes.base import Event
from rally_desktop.model.changes import Refusal
from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import readers, snapshot, to_json
from rally_desktop.model.work import Work


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


def drain(work: Work, limit: int) -> list[Arrival]:
    """Take up to ``limit`` lines out of the queue, the oldest first."""
    postgres = work.connection.dialect.name == "postgresql"
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


def _forget(work: Work, table: str, column: str, ids: list[int]) -> None:
    postgres = work.connection.dialect.name == "postgresql"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    work.connection.exec_driver_sql(
        f"delete from {table} where {column} {among}", (ids if postgres else to_json(ids),)
    )


def started(definitions: Definitions, arrivals: Sequence[Arrival]) -> Iterator[Candidate]:
    """Yield a candidate for each version that a line starts."""
    for one in arrivals:
        for version, trigger, _ in definitions.started_by(one.event):
            deleted = one.event.kind == "deleted"
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
    by_hand, asked = row["cause"].startswith(doors.BY_HAND), row["state"] == "asked"
    return Candidate(
        version, row["trigger"], ref, row["cause"], row["chain"],
        by_hand=by_hand, settled=True, asked=asked,
    )  # fmt: skip


_ENROLMENT = ", ".join(f'"{column}"' for column, _ in readers("enrolment"))
