"""Intake: from new lines of the timeline to runs, in the order of semantics, section 5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from sqlalchemy import delete, select

from rally_desktop.core.clock import from_micros
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import Refusal, RunState
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import activity, event_queue, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work

MAX_DEPTH = 8


@dataclass(frozen=True)
class Arrival:
    """One line that has not been looked at yet."""

    activity_id: int
    chain: str
    event: Event


@dataclass
class Before:
    """What is known of a record's earlier runs through one workflow."""

    inside: bool = False
    last: datetime | None = None


def drain(work: Work, limit: int) -> list[Arrival]:
    """Take up to ``limit`` lines out of the queue, the oldest first."""
    columns = activity.c
    wanted = (
        columns.id, columns.kind, columns.record_kind, columns.record_id, columns.chain,
        columns.detail,
    )  # fmt: skip
    query = (
        select(*wanted)
        .join(event_queue, event_queue.c.activity_id == columns.id)
        .order_by(columns.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=event_queue)
    )
    found = work.connection.execute(query).all()
    if not found:
        return []
    _forget(work, [row.id for row in found])
    return [
        Arrival(
            row.id,
            row.chain,
            Event(row.kind, Ref(row.record_kind, row.record_id), msgspec.json.decode(row.detail)),
        )
        for row in found
    ]


def _forget(work: Work, ids: list[int]) -> None:
    if work.connection.dialect.name == "postgresql":
        work.connection.execute(delete(event_queue).where(event_queue.c.activity_id.in_(ids)))
        return
    work.connection.exec_driver_sql(
        "delete from event_queue where activity_id in (select value from json_each(?))",
        (to_json(ids),),
    )


def enrol(work: Work, walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]) -> int:
    """Start a run for each line that asks for one and may have it; return how many."""
    wanted = [(one, version) for one in arrivals for version in definitions.started_by(one.event)]
    work.load(one.event.ref for one, _ in wanted)
    before = _before(work, wanted)
    started = 0
    for one, version in wanted:
        known = before.setdefault((version.workflow_id, one.event.ref), Before())
        cause = f"activity:{one.activity_id}"
        if reason := _refusal(work, walk, version, one, known):
            work.change(Refusal(version.workflow_id, one.activity_id, one.event.ref, reason))
            continue
        state = RunState(
            id=work.new_id("run"),
            workflow_id=version.workflow_id,
            version_id=version.id,
            ref=one.event.ref,
            cause=cause,
            chain=one.chain,
            started_at=work.now,
            parallel=version.graph.settings.inside == "parallel",
        )
        walk.begin(version, state)
        known.inside, known.last = state.state in OPEN_STATES, work.now
        started += 1
    return started


def _refusal(work: Work, walk: Walk, version: Version, one: Arrival, known: Before) -> str:
    """Return the reason code why a record may not enter; empty where it may."""
    found = work.find(one.event.ref)
    rules = version.graph.settings
    chain = one.chain.split(",") if one.chain else []
    if found is None or (found["deleted_at"] is not None and one.event.kind != "deleted"):
        return "gone"
    if not walk.test(version.audience, one.event.ref):
        return "audience"
    if found.get("do_not_contact"):
        return "do_not_contact"
    if reason := _again(rules.again, rules.after_days, known, work.now):
        return reason
    if known.inside and rules.inside == "ignore":
        return "already_active"
    looping = str(version.workflow_id) in chain and not rules.allow_loops
    return "loop_guard" if looping or len(chain) >= MAX_DEPTH else ""


def _again(policy: str, days: int, known: Before, now: datetime) -> str:
    if known.last is None:
        return ""
    if policy == "never":
        return "once"
    if policy == "after_days" and not known.inside and now < known.last + timedelta(days=days):
        return "cooldown"
    return ""


def _before(
    work: Work, wanted: Iterable[tuple[Arrival, Version]]
) -> dict[tuple[int, Ref], Before]:
    """Return what went before for every (workflow, record) asked for, in one statement a kind."""
    ids: dict[str, set[int]] = {}
    for one, _ in wanted:
        ids.setdefault(one.event.ref.kind, set()).add(one.event.ref.id)
    known: dict[tuple[int, Ref], Before] = {}
    names = ", ".join(f"'{state}'" for state in OPEN_STATES)
    postgres = work.connection.dialect.name == "postgresql"
    mark = "%s" if postgres else "?"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    for kind, numbers in ids.items():
        found = work.connection.exec_driver_sql(
            f"select workflow_id, record_id, max(case when state in ({names}) then 1 else 0 end),"
            f" max(started_at) from run where record_kind = {mark} and record_id {among}"
            " group by workflow_id, record_id",
            (kind, sorted(numbers) if postgres else to_json(sorted(numbers))),
        )
        for workflow_id, record_id, inside, last in found:
            ref = Ref(cast(RecordKind, kind), record_id)
            known[workflow_id, ref] = Before(bool(inside), from_micros(last))
    return known


def due(work: Work, moving: frozenset[int], limit: int) -> list[RunState]:
    """Return up to ``limit`` runs whose time has come, of workflows that move, in due order."""
    if limit <= 0 or not moving:
        return []
    columns = run.c
    query = (
        select(run)
        .where(columns.state == "active", columns.due_at <= work.now)
        .where(columns.workflow_id.in_(moving))
        .order_by(columns.due_at, columns.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = work.connection.execute(query).mappings()
    return [_state(dict(row)) for row in found]


def _state(row: dict[str, Any]) -> RunState:
    ref = Ref(row.pop("record_kind"), row.pop("record_id"))
    return RunState(ref=ref, **row)
