"""What a merge means for workflows: nobody gets the same message twice because of it.

Of several runs through one workflow that cannot both be one person's, only the one that came
furthest goes on. The others end where they stand, and what they had decided and nobody has handed
over yet is taken back. All of it is noted, so that parting the two lets them go on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, Table, delete, insert, select, update

from rally_desktop.core.errors import BadDefinition
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowChanged, WaitOver
from rally_desktop.model.graph import Rules
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import (
    activity,
    enrolment,
    event_later,
    event_queue,
    matching,
    outbox,
    run,
    task,
    visit,
    workflow,
    workflow_version,
)
from rally_desktop.model.tables.base import Instant
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import tasks, workflows
from rally_desktop.services.outbox import WAITING

MERGED = "merged"
INSIDE = "Both are in this workflow: the one that came further goes on."
BEFORE = "The other has been through this workflow already, and it lets nobody in twice."
_SAID = "The person it was for was merged with another record."
_GONE_OUT = ("claimed", "sending", "dot", "sent", "doubt")
TWICE = timedelta(days=30)  # the same step to the same address within it is the same message
Notes = dict[str, Any]


@dataclass(frozen=True)
class Ending:
    """A run that a merge ends: whose, through which workflow, and why."""

    run_id: int
    ref: Ref
    workflow: str
    why: str


def endings(work: Work, kept: Ref, gone: Ref) -> list[Ending]:
    """Return the runs of either that end when the two become one."""
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    about = (run.c.record_kind == kept.kind, run.c.record_id.in_((kept.id, gone.id)))
    for row in work.connection.execute(select(run).where(*about).order_by(run.c.id)):
        found[row.workflow_id].append(row)
    made = []
    for number, some in found.items():
        for one, why in _over(work, some, kept):
            named = select(workflow.c.name).where(workflow.c.id == number)
            name = work.connection.execute(named).scalar() or ""
            made.append(Ending(one.id, Ref(kept.kind, one.record_id), name, why))
    return made


def _over(work: Work, some: Sequence[Row[Any]], kept: Ref) -> Iterator[tuple[Row[Any], str]]:
    def far(one: Row[Any]) -> tuple[int, timedelta, bool]:
        return one.seq, work.now - one.started_at, one.record_id == kept.id

    for one in some:
        if one.state not in OPEN_STATES:
            continue
        further = [o for o in some if o.record_id != one.record_id and far(o) > far(one)]
        if any(other.state in OPEN_STATES for other in further):
            yield one, INSIDE
        elif further and _bars(_rules(work, one.version_id), one, further):
            yield one, BEFORE


def _bars(rules: Rules, one: Row[Any], others: Sequence[Row[Any]]) -> bool:
    """Say whether a workflow would not have let in somebody who was through it so lately."""
    if rules.again == "never":
        return True
    near = timedelta(days=rules.after_days)
    lately = any(abs(one.started_at - other.started_at) < near for other in others)
    return rules.again == "after_days" and lately


def _rules(work: Work, version_id: int) -> Rules:
    own = workflow_version.c
    found = work.connection.execute(select(own.definition).where(own.id == version_id)).scalar()
    try:
        return workflows.read(found or "").settings
    except BadDefinition:
        return Rules(again="never")  # what cannot be read sends nothing either


# -- doing it ----------------------------------------------------------------------------------


def settle(work: Work, kept: Ref, gone: Ref) -> Notes:
    """End what must not go on; return what takes it back."""
    over = {one.run_id: one for one in endings(work, kept, gone)}
    notes: Notes = {"runs": [], "messages": {}, "enrolments": [], "matching": []}
    if over:
        query = select(run).where(run.c.id.in_(over)).with_for_update()
        for row in work.connection.execute(query).all():
            notes["runs"].append(_end(work, row, over[row.id].ref))
    _take_back_messages(work, kept, gone, set(over), notes)
    _drop_waiting(work, kept, gone, notes)
    _drop_unread(work, kept, gone)
    _match(work, kept, gone, notes)
    return msgspec.to_builtins(notes)


_ENDED = ("id", "state", "exit", "due_at", "awaited", "reason", "ended_at", "since", "resume_at")


def _end(work: Work, row: Row[Any], ref: Ref) -> Notes:
    """End a run where it stands, at once: only one may be inside when the other's are moved."""
    note: Notes = {"run": {name: getattr(row, name) for name in _ENDED}, "visit": None, "tasks": []}
    at = (visit.c.run_id == row.id, visit.c.seq == row.seq)
    here = work.connection.execute(select(visit).where(*at)).one_or_none()
    if here is not None and here.outcome == "waiting":
        note["visit"] = {"seq": here.seq, "exit": here.exit, "reason": here.reason}
        work.change(WaitOver(row.id, here.seq, "stopped", reason=MERGED))
    asked = (task.c.run_id == row.id, task.c.done_at.is_(None))
    note["tasks"] = list(work.connection.execute(select(task.c.id).where(*asked)).scalars())
    tasks.take_back(work, ref, row.id)
    over = {"state": "cancelled", "reason": MERGED, "ended_at": work.now}
    none = dict.fromkeys(("exit", "due_at", "awaited", "since", "resume_at"))
    work.connection.execute(update(run).where(run.c.id == row.id).values(**over, **none))
    return note


def _take_back_messages(work: Work, kept: Ref, gone: Ref, over: set[int], notes: Notes) -> None:
    """Take back what the ended runs decided, and what the other got, or is to get, as well."""
    own = outbox.c
    columns = (own.id, own.run_id, own.workflow_id, own.step, own.channel, own.address,
               own.state, own.reason, own.answer, own.record_id, own.created_at)  # fmt: skip
    about = (own.record_kind == kept.kind, own.record_id.in_((kept.id, gone.id)))
    live = own.state.in_((*WAITING, *_GONE_OUT))
    same: defaultdict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    query: Any = select(*columns).where(*about, live).order_by(own.id)
    for row in work.connection.execute(query):
        same[row.workflow_id, row.step, row.channel, fold(row.address)].append(row)
    for (workflow_id, *_), some in same.items():
        some.sort(key=lambda row: (row.state in WAITING, row.record_id != kept.id, row.id))
        for place, row in enumerate(some):
            doubled = workflow_id is not None and any(_same(row, one) for one in some[:place])
            if row.state in WAITING and (row.run_id in over or doubled):
                was = {"state": row.state, "reason": row.reason, "answer": row.answer}
                notes["messages"][str(row.id)] = was
                now = {"state": "failed", "reason": MERGED, "answer": _SAID}
                work.change(RowChanged("outbox", row.id, now))


def _same(one: Row[Any], other: Row[Any]) -> bool:
    apart = abs(one.created_at - other.created_at)
    return one.record_id != other.record_id and apart < TWICE


def _drop_waiting(work: Work, kept: Ref, gone: Ref, notes: Notes) -> None:
    """Let nobody wait to enter a workflow as the other, who is in it or waits for it as well."""
    own, inside = enrolment.c, run.c
    waits = select(own.workflow_id).where(own.record_kind == kept.kind, own.record_id == kept.id)
    is_in = select(inside.workflow_id).where(
        inside.record_kind == kept.kind,
        inside.record_id == kept.id,
        inside.state.in_(OPEN_STATES),
    )
    numbers = set(work.connection.execute(waits.union(is_in)).scalars())
    mine = (own.record_kind == gone.kind, own.record_id == gone.id, own.workflow_id.in_(numbers))
    for row in work.connection.execute(select(enrolment).where(*mine)).mappings().all():
        notes["enrolments"].append(dict(row))
    work.connection.execute(delete(enrolment).where(*mine))


def _drop_unread(work: Work, kept: Ref, gone: Ref) -> None:
    """Let the engine hear once what was said of both, and not that the other came to be."""
    for queue in (event_queue, event_later):
        own = activity.c
        query = select(own.id, own.record_id, own.kind, own.detail).join(
            queue, queue.c.activity_id == own.id
        )
        about = (own.record_kind == kept.kind, own.record_id.in_((kept.id, gone.id)))
        found = work.connection.execute(query.where(*about)).all()
        heard = {(row.kind, row.detail) for row in found if row.record_id == kept.id}
        again = [
            row.id
            for row in found
            if row.record_id == gone.id
            and (row.kind == "created" or (row.kind, row.detail) in heard)
        ]
        work.connection.execute(delete(queue).where(queue.c.activity_id.in_(again)))


def _match(work: Work, kept: Ref, gone: Ref, notes: Notes) -> None:
    """Remember that the one that is kept matches what the other matched: it is no news."""
    own = matching.c
    of_kind = select(workflow.c.id).where(workflow.c.record_kind == kept.kind)
    keys = select(own.workflow_id, own.trigger).where(own.workflow_id.in_(of_kind))
    theirs, mine = (
        {(row.workflow_id, row.trigger) for row in work.connection.execute(keys.where(who))}
        for who in (own.record_id == gone.id, own.record_id == kept.id)
    )
    for number, trigger in sorted(theirs - mine):
        row = {"workflow_id": number, "trigger": trigger, "record_id": kept.id}
        work.connection.execute(insert(matching).values(row))
        notes["matching"].append(row)


# -- taking it back ----------------------------------------------------------------------------


def reopen(work: Work, notes: Mapping[str, Any]) -> None:
    """Let what a merge ended go on where it stood, unless something has happened to it since."""
    for note in notes.get("runs", ()):
        _reopen(work, note)
    for number, was in notes.get("messages", {}).items():
        ours = (outbox.c.id == int(number), outbox.c.reason == MERGED)
        work.connection.execute(update(outbox).where(*ours).values(**was))
    for row in notes.get("enrolments", ()):
        known = select(enrolment.c.id).where(enrolment.c.id == row["id"])
        if work.connection.execute(known).first() is None:
            work.connection.execute(insert(enrolment).values(_thawed(enrolment, row)))
    for row in notes.get("matching", ()):
        same = (matching.c[name] == value for name, value in row.items())
        work.connection.execute(delete(matching).where(*same))


def _reopen(work: Work, note: Mapping[str, Any]) -> None:
    was = _thawed(run, note["run"])
    found = work.connection.execute(select(run).where(run.c.id == was["id"])).one_or_none()
    if found is None or (found.state, found.reason) != ("cancelled", MERGED):
        return
    if not found.parallel and _inside(work, found):
        return  # the record has come in again since
    work.connection.execute(update(run).where(run.c.id == found.id).values(**was))
    if at := note["visit"]:
        here = (visit.c.run_id == found.id, visit.c.seq == at["seq"])
        again = {"outcome": "waiting", "exit": at["exit"], "reason": at["reason"]}
        work.connection.execute(update(visit).where(*here).values(**again))
    taken_back = (task.c.id.in_(note["tasks"]), task.c.answer == "withdrawn")
    work.connection.execute(update(task).where(*taken_back).values(done_at=None, answer=""))


def _inside(work: Work, one: Row[Any]) -> bool:
    own = run.c
    same = (own.workflow_id == one.workflow_id, own.record_kind == one.record_kind,
            own.record_id == one.record_id, own.state.in_(OPEN_STATES), ~own.parallel)  # fmt: skip
    return work.connection.execute(select(own.id).where(*same).limit(1)).first() is not None


def _thawed(rows: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a noted row with its moments as moments again."""
    return {
        name: datetime.fromisoformat(value)
        if value is not None and isinstance(rows.c[name].type, Instant)
        else value
        for name, value in values.items()
    }
