"""Intake: from new lines of the timeline to runs, in the order of semantics, section 5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec

from rally_desktop.core.clock import from_micros, to_micros
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.nodes.base import Event
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import Refusal, RunState
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.rows import readers, snapshot, to_json
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
    postgres = work.connection.dialect.name == "postgresql"
    found = work.connection.exec_driver_sql(
        "select a.id, a.kind, a.record_kind, a.record_id, a.chain, a.detail from event_queue q"
        " join activity a on a.id = q.activity_id order by q.activity_id limit "
        + ("%s for update of q skip locked" if postgres else "?"),
        (limit,),
    ).all()
    if found:
        _forget(work, [row[0] for row in found])
    return [
        Arrival(number, chain, Event(kind, Ref(record, about), msgspec.json.decode(detail)))
        for number, kind, record, about, chain, detail in found
    ]


def _forget(work: Work, ids: list[int]) -> None:
    postgres = work.connection.dialect.name == "postgresql"
    among = "= any(%s)" if postgres else "in (select value from json_each(?))"
    work.connection.exec_driver_sql(
        f"delete from event_queue where activity_id {among}", (ids if postgres else to_json(ids),)
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
    return "loop_guard" if _loops(version, one.chain) else ""


def _loops(version: Version, chain: str) -> bool:
    """Say whether a workflow caused this itself, or too many others led here."""
    led_here = chain.split(",") if chain else []
    itself = str(version.workflow_id) in led_here and not version.graph.settings.allow_loops
    return itself or len(led_here) >= MAX_DEPTH


def _again(policy: str, days: int, known: Before, now: datetime) -> str:
    if known.last is None:
        return ""
    if policy == "never":
        return "once"
    if policy == "after_days" and not known.inside and now < known.last + timedelta(days=days):
        return "cooldown"
    return ""


def _before(work: Work, wanted: Iterable[tuple[Arrival, Version]]) -> dict[tuple[int, Ref], Before]:
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
        for workflow_id, record_id, inside, last in found.all():
            ref = Ref(cast(RecordKind, kind), record_id)
            known[workflow_id, ref] = Before(bool(inside), from_micros(last))
    return known


def due(work: Work, moving: frozenset[int], limit: int) -> list[RunState]:
    """Return up to ``limit`` runs whose time has come, of workflows that move, in due order."""
    if limit <= 0 or not moving:
        return []
    postgres = work.connection.dialect.name == "postgresql"
    mark, among = ("%s", "= any(%s)") if postgres else ("?", "in (select value from json_each(?))")
    tail = " for update skip locked" if postgres else ""
    found = work.connection.exec_driver_sql(
        f"select {_RUN} from run where state = 'active' and due_at <= {mark}"
        # The plus keeps the index by moment: by workflow, all that wait would be looked at.
        f" and +workflow_id {among} order by due_at, id limit {mark}{tail}",
        (to_micros(work.now), list(moving) if postgres else to_json(list(moving)), limit),
    )
    return [_state(snapshot("run", row)) for row in found]


_RUN = ", ".join(f'"{column}"' for column, _ in readers("run"))


def _state(row: dict[str, Any]) -> RunState:
    ref = Ref(row.pop("record_kind"), row.pop("record_id"))
    return RunState(ref=ref, **row)
