"""One person's data: what there is of it, and its erasure, which leaves only numbers behind.

The erasure begins in one transaction, after which nothing more is sent and nobody brings the
person back; the rest is done bit by bit and can be gone on with after a crash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Table, bindparam, func, select

from rally_desktop.core.errors import NotFound
from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RecordDeleted, RowAdded, RowChanged
from rally_desktop.model.ref import Ref
from rally_desktop.model.rows import table
from rally_desktop.model.tables import deal, erasure, outbox, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import audit, forgotten, records, remains, traces
from rally_desktop.services.traces import Traces

REASON = "erased"
# What the office is told that goes, in the order in which it is said.
COUNTED: Mapping[str, tuple[str, str]] = {
    "activity": ("line of the timeline", "lines of the timeline"),
    "message": ("message with its text", "messages with their texts"),
    "note": ("note", "notes"),
    "task": ("task", "tasks"),
    "call": ("call", "calls"),
    "meeting": ("meeting", "meetings"),
    "notification": ("notification", "notifications"),
}


@dataclass(frozen=True)
class Held:
    """What the office holds of a person; ``same`` are contacts that became part of this one.

    ``open_runs`` end; ``waiting`` messages are not sent; ``in_doubt`` are not sent again;
    ``leaving`` are with a server at this moment. ``deals`` stay, without the person, and so
    does the way of all ``runs``, as numbers.
    """

    name: str
    in_trash: bool
    counts: Mapping[str, int]
    same: int
    runs: int
    open_runs: int
    waiting: int
    in_doubt: int
    leaving: int
    deals: int
    name_shared: bool


@dataclass(frozen=True)
class Erasure:
    """An erasure that is not over."""

    id: int
    contact: int
    state: str
    at: datetime


def held(work: Work, ref: Ref) -> Held:
    """Return what the office holds of a person, also of one in the trash; raise NotFound."""
    found = work.find(ref)
    if ref.kind != "contact" or found is None:
        raise NotFound("That person does not exist any more.")
    numbers = traces.same_person(work, ref.id)
    counts = {name: _count(work, table(name), numbers) for name in COUNTED}
    mine = outbox.c.contact_id.in_(numbers)
    query = select(outbox.c.state, func.count()).where(mine).group_by(outbox.c.state)
    states = {row[0]: row[1] for row in work.connection.execute(query)}
    deals = select(func.count()).select_from(deal).where(deal.c.contact_id.in_(numbers))
    return Held(
        name=records.name_of("contact", found),
        in_trash=found["deleted_at"] is not None,
        counts={name: count for name, count in counts.items() if count},
        same=len(numbers) - 1,
        runs=_count(work, run, numbers),
        open_runs=_count(work, run, numbers, run.c.state.in_(OPEN_STATES)),
        waiting=sum(
            states.get(each, 0) for each in ("held", "ready", "retry", "claimed", "sending")
        ),
        in_doubt=states.get("doubt", 0),
        leaving=states.get("dot", 0),
        deals=work.connection.execute(deals).scalar_one(),
        name_shared=traces.of(work, numbers).shared,
    )


def told(found: Held) -> str:
    """Say in a sentence what goes with a person."""
    gone = [f"{count:,} {COUNTED[name][count != 1]}" for name, count in found.counts.items()]
    return f"{', '.join(['The record of ' + found.name, *gone])}: all of it goes, for good."


def is_called(found: Held, name: str) -> bool:
    """Say whether this is the name of the person, as one types it."""
    return fold(" ".join(name.split())) == fold(" ".join(found.name.split()))


def _count(work: Work, rows: Table, numbers: Sequence[int], *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(rows).where(*where)
    query = query.where(rows.c.record_kind == "contact", rows.c.record_id.in_(numbers))
    return work.connection.execute(query).scalar_one()


# -- erasing -----------------------------------------------------------------------------------


def begin(work: Work, ref: Ref) -> Erasure:
    """Put a person into the trash, send nothing more, and know the addresses by digest alone.

    Their runs are to be stopped by whoever calls this, in the same transaction and after it.
    """
    found = work.find(ref)
    if ref.kind != "contact" or found is None:
        raise NotFound("That person does not exist any more.")
    known = _open(work, ref.id)
    if found["deleted_at"] is None:
        work.change(RecordDeleted(ref))
    numbers = traces.same_person(work, ref.id)
    remains.cancel(work, "contact", numbers, REASON)
    spread = traces.of(work, numbers)
    forgotten.remember(work, "email", spread.emails)
    forgotten.remember(work, "sms", spread.numbers)
    if known is not None:
        return known
    number = work.new_id("erasure")
    row = {"id": number, "erased_id": ref.id, "state": "begun", "at": work.now}
    work.change(RowAdded("erasure", {**row, "user_id": work.user_id}))
    return Erasure(number, ref.id, "begun", work.now)


def open_runs(work: Work, number: int) -> list[int]:
    """Return the runs of a person that have not ended."""
    own = run.c
    query = select(own.id).where(
        own.record_kind == "contact",
        own.record_id.in_(traces.same_person(work, number)),
        own.state.in_(OPEN_STATES),
    )
    return list(work.connection.execute(query).scalars())


def spread(work: Work, number: int) -> tuple[Traces, list[int]]:
    """Return what identifies a person that is being erased, and all contacts it is."""
    numbers = traces.same_person(work, number)
    return traces.of(work, numbers), numbers


def finish(work: Work, one: Erasure) -> bool:
    """Take the person's own rows away; say False while a server still takes a message over."""
    numbers = traces.same_person(work, one.contact)
    if remains.unsettled(work, "contact", numbers):
        work.change(RowChanged("erasure", one.id, {"state": "waiting"}))
        return False
    remains.cancel(work, "contact", numbers, REASON)
    counts = _own_deals(work, numbers) + remains.clear(work, "contact", numbers)
    ended = {"state": "done", "done_at": work.now, "counts": {k: n for k, n in counts.items() if n}}
    work.change(RowChanged("erasure", one.id, ended))
    audit.say(work, "person_erased", "person", one.contact)
    return True


def _own_deals(work: Work, numbers: Sequence[int]) -> Counter[str]:
    """Count the deals that go on without the person."""
    query = select(func.count()).select_from(deal).where(deal.c.contact_id.in_(numbers))
    return Counter(deals_left=work.connection.execute(query).scalar_one())


_UNFINISHED = (
    select(erasure.c.id, erasure.c.erased_id, erasure.c.state, erasure.c.at)
    .where(erasure.c.done_at.is_(None))
    .order_by(erasure.c.id)
    .limit(bindparam("most", type_=Integer))
)


def unfinished(work: Work, limit: int = 10) -> list[Erasure]:
    """Return the erasures that are not over, the oldest first."""
    return [Erasure(*row) for row in work.connection.execute(_UNFINISHED, {"most": limit})]


def _open(work: Work, number: int) -> Erasure | None:
    own = erasure.c
    query = select(own.id, own.erased_id, own.state, own.at)
    query = query.where(own.erased_id == number, own.done_at.is_(None))
    found = work.connection.execute(query).first()
    return Erasure(*found) if found else None
